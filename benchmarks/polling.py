"""A dump's life, poll by poll: what a tool published after each, as files for ``simulation.score``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from simulation.dumped import Dump
from simulation.feeds import name_of
from simulation.replay import Replay

EVERY = timedelta(hours=3)  # between two polls


class Tool(Protocol):
    """A program that makes a feed of a site."""

    name: str
    has_memory: bool  # no: the same site gives the same feed, so it need not be asked while nothing changes

    def poll(self, at: datetime) -> bytes | None:
        """Return the feed that it publishes now. None: it failed, and what it published before stays."""


def live(tool: Tool, replay: Replay, feeds: Path, every: timedelta = EVERY) -> int:
    """Let a tool poll through a dump. Write what it publishes whenever that differs. Return the number of polls."""
    feeds.mkdir(parents=True, exist_ok=True)
    before, count, last = b"", 0, None
    for at in hours(replay.dump, every):
        replay.at = at
        count += 1
        picture = state_of(replay.dump, at)
        if not tool.has_memory and picture == last:
            continue
        last = picture if replay.dump.flaky(at) is None else None
        feed = tool.poll(at)
        if feed and feed != before:
            (feeds / name_of(at, ending_of(feed))).write_bytes(feed)
            before = feed
    return count


def hours(dump: Dump, every: timedelta) -> Iterator[datetime]:
    at = dump.beginning
    while at < dump.end:
        yield at
        at += every


def state_of(dump: Dump, at: datetime) -> int:
    """Return how many times the site has changed until an instant."""
    return sum(moment <= at for moment in dump.moments)


def ending_of(feed: bytes) -> str:
    return "json" if feed.lstrip()[:1] == b"{" else "xml"
