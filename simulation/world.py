"""One life: the council, its server, feedpub beside it, and the hours that pass. All of feedpub is the real one."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from feedpub import collecting, config
from feedpub.cli.machine import Machine
from feedpub.cli.speech import Speech
from feedpub.cli.updating import Order
from feedpub.cli.wishes import Wish, carry_out
from feedpub.collecting import Reach, Run
from feedpub.config import Config
from feedpub.errors import FeedpubError
from feedpub.model import Outcome
from feedpub.store.backup import copies_of
from simulation.clock import Clock
from simulation.council import Council, Event, Story
from simulation.editions import of_edition
from simulation.network import Asked, Network
from simulation.site import Site

SOURCE = "zrazkiv"
DELAY = 1.0  # seconds between two requests, as configured
HOUR, YEAR = timedelta(hours=1), timedelta(days=365)
CONFIG = """
[publish]
to = "public"
base_url = "https://feeds.example.org/"
items = {items}
thumbnails = 0
email = "operator@example.org"

[fetch]
contact = "https://feeds.example.org/about/"
delay = {delay:g}

[[source]]
id = "zrazkiv"
title = "Зразківська міська рада"
home = "{scheme}://{host}/"
listings = ["{scheme}://{host}/"]
language = "uk"
timezone = "Europe/Kyiv"
{more}"""
TOPIC, TOPIC_WORDS = "substydii", ("субсиді*", "освітлен*")
TOPICS = f"""
[[source.feed]]
id = "{TOPIC}"
title = "Субсидії та освітлення"
keywords = {json.dumps(TOPIC_WORDS, ensure_ascii=False)}
"""


@dataclass(frozen=True, slots=True)
class Heard(Speech):
    """What feedpub says, kept instead of printed."""

    lines: list[str] = field(default_factory=list)

    def _line(self, level: str, message: str) -> None:
        if level == "error":
            self.lines.append(message)


@dataclass(frozen=True, slots=True)
class Ran:
    """A run: when, what it said, and what it asked for."""

    begun: datetime
    code: int
    lines: Sequence[str]
    asked: Sequence[Asked]

    @property
    def is_cut(self) -> bool:
        """Whether it ended in the middle of its work: each file is whole then, and they may be of two editions."""
        return self.code < 0 or any("full" in line or "No space" in line for line in self.lines)


@dataclass(slots=True)
class Wants:
    """What the operator has configured."""

    scheme: str
    host: str
    items: int = 50
    formerly: tuple[str, ...] = ()
    has_topics: bool = False

    def text(self) -> str:
        more = f"formerly = {json.dumps(self.formerly)}\n" if self.formerly else ""
        more += TOPICS if self.has_topics else ""
        return CONFIG.format(items=self.items, delay=DELAY, scheme=self.scheme, host=self.host, more=more)


class World:
    """A council and feedpub in one folder, at one moment of simulated time."""

    def __init__(self, folder: Path, story: Story) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.folder = folder
        self.begin = story.begin
        self.clock = Clock(story.begin)
        self.council = Council(story.setup)
        self.network = Network(self.clock, Site(self.council, self.clock))
        self.wants = Wants(story.setup.scheme, story.setup.host)
        self.happened: list[Event] = []
        self.lost = self.grown = (
            story.begin - YEAR
        )  # when the state was last lost with its copies; the feed made longer
        self.edition = 0  # of feedpub
        self._coming = list(reversed(story.events))
        self._dates: set[int] = set()  # that copies of the state were given
        self.settings = self.configure()

    @property
    def public(self) -> Path:
        return self.folder / "public"

    @property
    def state(self) -> Path:
        return self.folder / "feedpub.db"

    @property
    def machine(self) -> Machine:
        clock = self.clock
        return Machine(clock.shown, clock.monotonic, clock.sleep, lambda: 1.0, self.network.dial)

    def configure(self) -> Config:
        """Write what the operator wants, and read it as feedpub does."""
        path = self.folder / "config.toml"
        path.write_text(self.wants.text(), encoding="utf-8")
        self.settings = config.load(path)
        return self.settings

    def pass_to(self, instant: datetime) -> None:
        """Let the time pass, and all that happens until then."""
        self.clock.wait_until(instant)
        while self._coming and self._coming[-1].at <= self.clock.now:
            event = self._coming.pop()
            self.council.apply(event)
            self.happened.append(event)

    def run(self, *, accept: frozenset[str] = frozenset(), is_backfill: bool = False) -> Ran:
        """Let feedpub do one run, as cron or a person would."""
        begun, log, speech = self.clock.now, len(self.network.log), Heard()
        collect = _backfill if is_backfill else collecting.collect
        order = Order("backfill" if is_backfill else "run", collect, accept)
        try:
            with of_edition(self.edition):
                code = carry_out(self.settings, speech, Wish(self.settings.sources, order), self.machine)
        except FeedpubError as error:
            speech.error(str(error))
            code = 1
        self.date_copies()
        return Ran(begun, code, speech.lines, self.network.log[log:])

    def date_copies(self) -> None:
        """Give copies of the state the simulated time, by which feedpub tells their age. The disk has the real one."""
        for copy in copies_of(self.state):
            if copy.exists() and copy.stat().st_mtime_ns not in self._dates:
                seconds = int(self.clock.now.timestamp())
                os.utime(copy, (seconds, seconds))
                self._dates.add(copy.stat().st_mtime_ns)

    def hours(self, end: datetime, every: timedelta = HOUR) -> Iterator[datetime]:
        """Yield the instants at which cron calls feedpub, after what happened until then."""
        hour = self.begin
        while hour < end:
            self.pass_to(hour)
            yield hour
            hour += every
            while hour < self.clock.now:  # a run may take longer: then cron finds it at work
                hour += every


def _backfill(run: Run) -> Iterator[Outcome]:
    return collecting.backfill(run, Reach())
