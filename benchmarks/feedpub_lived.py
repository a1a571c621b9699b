"""feedpub itself through a dump, on the simulated clock, with nobody at hand or with an operator on workdays."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from simulation.council import KYIV, Setup, Story
from simulation.dumped import Dump, read
from simulation.network import Answer, Network, Request, Trouble
from simulation.replay import Replay
from simulation.world import SOURCE, Ran, World

FEED = "rss.xml"
CODE = re.compile(r"--accept ([a-z2-7]{10})")
OFFICE, HOURS = 9, 8  # from nine o'clock on, in the council's time


class Served:
    """The replay's answers under the council's own names, without sockets. A proxy for HTTPS would do the same."""

    def __init__(self, replay: Replay) -> None:
        self.replay = replay

    def trouble(self, scheme: str, host: str) -> Trouble | None:
        found = self.replay.dump.answer(f"{scheme}://{host}", "/robots.txt", self.replay.at).get("trouble")
        trouble = Trouble(found) if found else None
        return trouble if trouble not in (Trouble.SILENT, Trouble.TRICKLING) else None

    def answer(self, request: Request) -> Answer | Trouble:
        answer = self.replay.answer(f"{request.scheme}://{request.host}", request.target)
        if "trouble" in answer:
            return Trouble(answer["trouble"])
        headers: Mapping[str, str] = answer["headers"]
        known = tuple(headers.items())
        if "ETag" in headers and request.headers.get("if-none-match") == headers["ETag"]:
            return Answer(304, known)
        return Answer(answer["status"], known, self.replay.dump.body(answer), answer["seconds"])


class Feedpub:
    """feedpub in a folder of its own. Each poll is a run by cron; the first one is ``backfill``, as the manual says."""

    has_memory = True

    def __init__(self, replay: Replay, folder: Path, *, is_attended: bool) -> None:
        self.name = "feedpub, an operator on workdays" if is_attended else "feedpub"
        home = urlsplit(replay.dump.index["home"])
        setup = Setup(scheme=home.scheme, host=home.netloc)
        self.world = World(folder, Story(0, setup, (), replay.dump.end, begin=replay.dump.beginning))
        self.world.network = Network(self.world.clock, Served(replay))
        self.said: list[tuple[datetime, str]] = []
        self._desk = Desk(replay.dump) if is_attended else None
        self._is_first = True

    def poll(self, at: datetime) -> bytes | None:
        if at < self.world.clock.now:
            return None  # the run before is still at work
        self.world.pass_to(at)
        self._hear(self.world.run(is_backfill=self._is_first))
        self._is_first = False
        if self._desk and self._desk.is_open(at):
            self._work(at)
        feed = self.world.public / SOURCE / FEED
        return feed.read_bytes() if feed.exists() else None

    def _hear(self, ran: Ran) -> None:
        self.said += [(ran.begun, line) for line in ran.lines]

    def _work(self, at: datetime) -> None:
        assert self._desk
        home = self._desk.home(at)
        if home.host != self.world.wants.host:
            self.world.wants.formerly = (*self.world.wants.formerly, self.world.wants.host)
            self.world.wants.host, self.world.wants.scheme = home.host, home.scheme
            self.world.configure()
        lines = [line for said, line in self.said if (at - said).total_seconds() < 24 * 3600]
        codes = frozenset(code for line in lines for code in CODE.findall(line))
        if codes and self._desk.is_well(at):
            self._hear(self.world.run(accept=codes))


class Desk:
    """What an operator knows who looks at the site: its address, and whether it is the council's and well."""

    def __init__(self, dump: Dump) -> None:
        self.dump = dump
        self._worked: object = None  # the last day at the office

    def is_open(self, at: datetime) -> bool:
        """Whether the operator comes to the office: once on a workday."""
        local = at.astimezone(KYIV)
        is_open = local.date() != self._worked and OFFICE <= local.hour < OFFICE + HOURS and local.weekday() < 5
        self._worked = local.date() if is_open else self._worked
        return is_open

    def home(self, at: datetime) -> Setup:
        value = [one for one in self.dump.truth["setups"] if read(one["since"]) <= at][-1]
        return Setup(scheme=value["scheme"], host=value["host"])

    def is_well(self, at: datetime) -> bool:
        return not any(_is_trouble(event, at) for event in self.dump.truth["events"])


def _is_trouble(event: Mapping[str, Any], at: datetime) -> bool:
    return "until" in event and read(event["at"]) <= at < read(event["until"])
