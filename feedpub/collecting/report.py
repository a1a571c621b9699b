"""Turn the outcomes of a run into messages, and tell whether all is well. The commands print the messages."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum

from feedpub import address
from feedpub.collecting.dedupe import schedule
from feedpub.council import Council
from feedpub.model import Outcome, Rest, Visit

FEW = 5  # articles that fail alike, of which each has a line of its own
SUCCESS_RECORDED = timedelta(hours=1)  # a run that found nothing new writes no more often than this


class Level(Enum):
    ERROR = "error"  # always said: cron mails it
    NOTE = "note"  # for a person who is watching
    DETAIL = "detail"  # a line for every page


@dataclass(frozen=True, slots=True)
class Message:
    level: Level
    text: str
    is_lasting: bool = False  # it is so until somebody mends it, and not worth a line at every run


class Report:
    """Turns the outcomes of one source's run into messages.

    A page's failure is reported at the end, with the number of its failures: the run may have read the page by then.
    """

    def __init__(self, council: Council, now: datetime) -> None:
        self.council = council
        self.now = now
        self.is_well = True  # nothing failed: the exit code
        self.is_cut_short = False  # there was no time for all pages
        self._failed: dict[str, Visit] = {}  # by address

    def hear(self, outcome: Outcome) -> Iterator[Message]:
        """Yield the messages about an outcome that are reported at once."""
        if outcome.note:
            yield self._message(Level.NOTE, outcome.note)
        if outcome.verdict:
            self._failed.pop(outcome.url, None)
            verdict = outcome.verdict.value
            yield self._message(Level.DETAIL, f"{verdict}: {outcome.url}")
            if outcome.message:
                yield self._message(Level.ERROR, outcome.message)
        elif outcome.failed:
            self._failed[outcome.url] = outcome.failed
        elif outcome.is_out_of_time:
            self.is_cut_short = True
            yield self._message(Level.NOTE, outcome.message or "")
        else:
            self.is_well = False
            is_said = outcome.is_said or (outcome.is_unserved and any(map(self._is_listing, self._failed.values())))
            level = Level.NOTE if is_said else Level.ERROR
            message = self._message(level, outcome.message or "")
            yield replace(message, is_lasting=outcome.is_unserved or self.council.is_held)

    def close(self, rests: Mapping[str, Rest]) -> Iterator[Message]:
        """Yield the messages at the end of the run, given the hosts that are left in peace.

        The run is well only if no failure is left, not even one of an earlier run.
        """
        state = self.council.state
        if self.council.is_recovering:
            self.is_well = False
            yield replace(self._waiting(), is_lasting=True)
        failures = state.visits.failures(self.council.source.listings)
        if not all(map(self._is_given_up, failures)):
            self.is_well = False
        of_site = {visit.status for visit in failures if self._is_listing(visit)}
        failed = sorted(self._failed.values(), key=self._place)
        yield from self._failure_messages([v for v in failed if self._is_to_be_said(v, of_site)], rests)
        for visit in failed:
            if not self._is_to_be_said(visit, of_site):
                yield self._message(Level.NOTE, self._failure_line(visit, rests))

    def _failure_messages(self, visits: Iterable[Visit], rests: Mapping[str, Rest]) -> Iterator[Message]:
        """Yield what is to be said of failures. Of many articles that fail alike, one line names the first."""
        groups: dict[object, list[Visit]] = {}
        for visit in visits:
            alike = visit.url if self._is_listing(visit) else (self._what_failed(visit), self._later(visit, rests))
            groups.setdefault(alike, []).append(visit)
        for first, *others in groups.values():
            is_of_many = len(others) >= FEW
            line = self._line_of_many(first, len(others), rests) if is_of_many else self._failure_line(first, rests)
            yield replace(self._message(Level.ERROR, line), is_lasting=self._is_listing(first))
            level = Level.NOTE if is_of_many else Level.ERROR
            for visit in others:
                yield self._message(level, self._failure_line(visit, rests))

    def _waiting(self) -> Message:
        """Return what to say of published items that wait to be read again. That the site does not answer is said."""
        count, code = len(self.council.lost), self.council.loss_code
        stay = "since the state was lost; the feeds stay as they are until"
        if code is None:
            return self._message(Level.NOTE, f"{count} published items wait {stay} the site can be read")
        return self._message(
            Level.ERROR,
            f"{count} published items could not be read again {stay} then; to go on without these items:"
            f" `feedpub run --accept {code}`",
        )

    def misled(self) -> list[str]:
        """Return the addresses whose remembered redirects may be wrong: their pages failed, or were not kept."""
        listings = self.council.source.listings
        urls = [visit.url for visit in self.council.state.visits.failures(listings)]
        if self.council.is_held:
            urls += listings
        return urls

    def _message(self, level: Level, text: str) -> Message:
        return Message(level, f"{self.council.id}: {text}")

    def _place(self, visit: Visit) -> tuple[bool, str]:
        """Return a failure's place in the report: listings first, then by address."""
        return (not self._is_listing(visit), visit.url)

    def _is_listing(self, visit: Visit) -> bool:
        return visit.url in self.council.source.listings

    def _is_given_up(self, visit: Visit) -> bool:
        """Whether nobody needs to mend it. A listing is never given up: news would stay unnoticed without it."""
        return not self._is_listing(visit) and schedule.is_given_up(visit)

    def _is_to_be_said(self, visit: Visit, of_site: Collection[int | None]) -> bool:
        """Whether a failure is said. That of an article is not if a listing fails in the same way: one line is enough.

        ``of_site`` are the statuses with which listings fail.
        """
        return self._is_listing(visit) or (schedule.is_to_be_said(visit) and visit.status not in of_site)

    def _failure_line(self, visit: Visit, rests: Mapping[str, Rest]) -> str:
        return f"{visit.url}: {self._what_failed(visit)}; it will be asked for again{self._later(visit, rests)}"

    def _line_of_many(self, first: Visit, others: int, rests: Mapping[str, Rest]) -> str:
        what, later = self._what_failed(first), self._later(first, rests)
        each = f"`feedpub status --source {self.council.id}` names each"
        return f"{first.url}: {what}; so it is with {others} more; they will be asked for again{later}; {each}"

    @staticmethod
    def _what_failed(visit: Visit) -> str:
        times = f" ({visit.failures} times in a row)" if visit.failures > 1 else ""
        return f"{visit.error}{times}"

    def _later(self, visit: Visit, rests: Mapping[str, Rest]) -> str:
        """Return when the page is asked for again, unless the next run does it. Until then it is not reported."""
        rest = rests.get(address.host(visit.url))
        times = (rest.until if rest else None, schedule.not_before(visit, self.now))
        later = [time for time in times if time and time > self.now]
        return f" after {max(later):%Y-%m-%d %H:%M} UTC" if later else ""


def is_success_due(council: Council, now: datetime) -> bool:
    """Whether it is to be recorded that the source is well: not at every run, for one that finds nothing is cheap."""
    succeeded = council.facts.succeeded
    return succeeded is None or now - succeeded >= SUCCESS_RECORDED


def note_success(council: Council, now: datetime) -> None:
    council.state.put_facts(replace(council.facts, succeeded=now))
