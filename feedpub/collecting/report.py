"""What is said of a run, and whether all is well: messages as values, from where they arise to whoever says them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum

from feedpub import address
from feedpub.collecting.dedupe import schedule
from feedpub.council import Council
from feedpub.model import Outcome, Rest, Visit

SUCCESS_RECORDED = timedelta(hours=1)  # a run that found nothing new writes no more often than this


class Level(Enum):
    ERROR = "error"  # always said: cron mails it
    NOTE = "note"  # for a person who is watching
    DETAIL = "detail"  # a line for every page


@dataclass(frozen=True, slots=True)
class Message:
    level: Level
    text: str


class Report:
    """Listens to the outcomes of one source's run.

    A failure of a page is said at the end, with how often it has failed: the
    run may still have read the page by then.
    """

    def __init__(self, council: Council, now: datetime) -> None:
        self.council = council
        self.now = now
        self.is_well = True  # nothing failed: the exit code
        self._failed: dict[str, Visit] = {}  # by address

    def hear(self, outcome: Outcome) -> Iterator[Message]:
        """Yield what is to be said of an outcome at once."""
        if outcome.note:
            yield self._message(Level.NOTE, outcome.note)
        if outcome.verdict:
            self._failed.pop(outcome.url, None)
            yield self._message(Level.DETAIL, f"{outcome.verdict.value}: {outcome.url}")
            if outcome.message:
                yield self._message(Level.ERROR, outcome.message)
        elif outcome.failed:
            self._failed[outcome.url] = outcome.failed
        else:
            self.is_well = False
            yield self._message(Level.NOTE if outcome.is_said else Level.ERROR, outcome.message or "")

    def close(self, rests: Mapping[str, Rest]) -> Iterator[Message]:
        """Yield what is to be said at the end, given the hosts that are left in peace.

        The run is well only if nothing is left that failed, whenever that was.
        """
        state = self.council.state
        if self.council.is_recovering:
            self.is_well = False
            left = len(state.visits.unread())
            yield self._message(
                Level.ERROR,
                f"{left} published items could not be read again since the state was lost; until they are, the"
                " feeds stay as they are; `feedpub run --accept` goes on without them",
            )
        if any(not self._is_given_up(v) for v in state.visits.failures(self.council.source.listings)):
            self.is_well = False
        for visit in sorted(self._failed.values(), key=lambda v: (not self._is_listing(v), v.url)):
            if not self._is_given_up(visit) and not (self._is_listing(visit) and schedule.is_said_already(visit)):
                yield self._message(Level.ERROR, self._failure_line(visit, rests))

    def misled(self) -> list[str]:
        """Return the addresses whose remembered redirects may be wrong: their pages failed, or were not kept."""
        listings = self.council.source.listings
        failures = [v.url for v in self.council.state.visits.failures(listings)]
        return [*failures, *(listings if self.council.is_held else ())]

    def _message(self, level: Level, text: str) -> Message:
        return Message(level, f"{self.council.id}: {text}")

    def _is_listing(self, visit: Visit) -> bool:
        return visit.url in self.council.source.listings

    def _is_given_up(self, visit: Visit) -> bool:
        """Whether nobody needs to mend it. A listing is never given up: without it, nobody would know of news."""
        return not self._is_listing(visit) and schedule.is_given_up(visit)

    def _failure_line(self, visit: Visit, rests: Mapping[str, Rest]) -> str:
        times = f" ({visit.failures} times in a row)" if visit.failures > 1 else ""
        return f"{visit.url}: {visit.error}{times}; it will be asked for again{self._later(visit, rests)}"

    def _later(self, visit: Visit, rests: Mapping[str, Rest]) -> str:
        """Return when the page is asked for again, if not by the next run: until then nothing is said of it."""
        rest = rests.get(address.host(visit.url))
        times = (rest.until if rest else None, schedule.not_before(visit, self.now))
        latest = max((t for t in times if t and t > self.now), default=None)
        return f" after {latest:%Y-%m-%d %H:%M} UTC" if latest else ""


def note_success(council: Council, now: datetime) -> None:
    """Write down that the source is well, but not at every run: to find nothing new must cost next to nothing."""
    facts = council.facts
    if facts.succeeded is None or now - facts.succeeded >= SUCCESS_RECORDED:
        council.state.put_facts(replace(facts, succeeded=now))
