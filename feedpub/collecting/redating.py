"""Read the dates of known items again, after the configuration read them in a wrong way. Their ids stay.

The state keeps instants, and not what a page showed. So each page is asked for once more, in full: politely, and over
several runs if one has no time for all. An item's page is read as of the day on which it was first seen, so a date
without a year stays in its year. When no page is left, items whose pages are gone get what the others show beyond doubt
(see ``dedupe.shifts``). Until then the state has how far it came.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from feedpub.collecting import reading
from feedpub.collecting.dedupe import schedule, shifts
from feedpub.collecting.dedupe.decision import Decision, dated_again
from feedpub.collecting.run import Run
from feedpub.content import Stored
from feedpub.council import Council
from feedpub.dating import Redating
from feedpub.model import Outcome, Verdict, Visit

MOST_NAMED = 3  # items in a line


def begin(council: Council, now: datetime) -> None:
    """Have the dates of all items read again from now on. What was begun by the same configuration goes on.

    A run that was stopped since dates had shifted is no reason to wait any more.
    """
    state, facts = council.state, council.facts
    with state.transaction():
        if facts.redating is None or facts.redating.manner != manner_of(council):
            facts = replace(facts, redating=Redating(now, manner_of(council)))
            state.visits.ask_in_full(state.items.count())
        if facts.brake:
            facts = replace(facts, brake=replace(facts.brake, configured=""))
        state.put_facts(facts)


def manner_of(council: Council) -> str:
    """Return a fingerprint of what the configuration says of dates."""
    described = f"{council.source.timezone} {council.given.described}"
    return hashlib.sha256(described.encode()).hexdigest()[:16]


def follow(run: Run) -> None:
    """Begin again if the configuration has changed since the reading was begun."""
    redating = run.council.facts.redating
    if redating and redating.manner != manner_of(run.council):
        begin(run.council, run.now)


def pages_left(council: Council) -> int:
    """Return how many pages of items are still to be read again."""
    return len(_waiting(council))


def _waiting(council: Council) -> list[Visit]:
    known = [visit for _, visit in council.state.visits.pending() if visit.item]
    return [visit for visit in known if visit.asked is None or not schedule.is_given_up(visit)]


# ------------------------------------------------------------ while pages are read


def note(run: Run, visit: Visit | None, decision: Decision) -> None:
    """Note how the date of an item that was read again has moved. ``visit`` None: it is a line of a listing."""
    redating, change = run.council.facts.redating, decision.change
    if redating is None or change is None or change.known is None:
        return
    item, before = decision.item, decision.dated
    if visit is None:
        redating = replace(redating, rows=(*redating.rows, item.id))
    if not decision.has_date and item.article.published:
        redating = replace(redating, undated=tuple(dict.fromkeys((*redating.undated, item.id))))
    else:
        redating = _counted(run, redating, item, before)
        redating = _with_listed(run, redating, visit, item)
    run.state.put_facts(replace(run.council.facts, redating=redating))


def _counted(run: Run, redating: Redating, item: Stored, before: datetime | None) -> Redating:
    redating = replace(redating, read=redating.read + 1)
    after = item.article.published
    if before and after:
        redating = replace(redating, moves=shifts.with_move(redating.moves, before, after, run.council.zone))
    if after is None or before == after:
        return redating
    example = redating.example or (item.article.url, before or item.first_seen, after)
    return replace(redating, changed=redating.changed + 1, example=example)


def _with_listed(run: Run, redating: Redating, visit: Visit | None, item: Stored) -> Redating:
    """Return the evidence of whether the listing shows the same dates as the pages."""
    listed = reading.listed_date(run.council, visit.date) if visit else None
    if listed is None or item.article.published is None:
        return redating
    moves = redating.moves
    if listed == item.article.published:
        moves = replace(moves, listed_right=moves.listed_right + 1)
    else:
        moves = replace(moves, listed_wrong=moves.listed_wrong + 1)
    return replace(redating, moves=moves)


# ------------------------------------------------------------ at the end


@dataclass(slots=True)
class _Left:
    """The items whose pages could not be read."""

    moved: int = 0
    kept: list[str] = field(default_factory=list)  # addresses
    example: tuple[str, datetime, datetime] | None = None  # as that of Redating


def finished(run: Run) -> Iterator[Outcome]:
    """End the reading if no page is left, and yield an outcome that says what has changed."""
    council = run.council
    redating = council.facts.redating
    if redating is None or not (run.is_site_well and run.is_served) or _waiting(council):
        return
    left = _Left()
    with run.state.transaction():
        for item, visits in _unread(council, redating):
            _date_unread(run, redating, item, visits, left)
        run.state.put_facts(replace(council.facts, redating=None))
    yield Outcome(run.source.home, Verdict.UNCHANGED, _said(run, redating, left))


def _unread(council: Council, redating: Redating) -> list[tuple[Stored, list[Visit]]]:
    """Return the items that nobody could read again, each with the visits of its pages."""
    visits = council.state.visits.by_item()
    unread = []
    for item in council.state.items.every():
        own = [v for v in visits.get(item.id, ()) if council.key_of(v.url) in council.keys_of(item.article)]
        is_read = item.id in redating.rows or any(v.asked and v.error is None for v in own)
        if not item.is_out_for_good and (item.id in redating.undated or not (is_read and item.gone is None)):
            unread.append((item, own))
    return unread


def _date_unread(run: Run, redating: Redating, item: Stored, visits: list[Visit], left: _Left) -> None:
    """Date an item that could not be read by what its listing showed, or as the others have moved."""
    before, zone = item.article.published, run.council.zone
    after = _as_listed(run, redating, visits)
    if after is None and before:
        after = shifts.moved(before, redating.moves, zone)
    if after is None or after > run.now:
        if before and item.gone is None:
            left.kept.append(item.article.url)
        return
    if after == before:
        return
    dated = dated_again(item, replace(item, article=replace(item.article, published=after, doubt=None)))
    run.state.items.put(dated, (), run.state.items.read_by(item.id))
    left.moved += item.gone is None
    left.example = left.example or (item.article.url, item.date, after)


def _as_listed(run: Run, redating: Redating, visits: list[Visit]) -> datetime | None:
    """Return the date that the listing showed, if listings are right, or the item was made of the listing's line."""
    moves = redating.moves
    is_right = moves.listed_right >= shifts.ENOUGH and not moves.listed_wrong
    shown = [v.date for v in visits if v.date and (is_right or v.words is None)]
    return next(filter(None, (reading.listed_date(run.council, date) for date in shown)), None)


def _said(run: Run, redating: Redating, left: _Left) -> str:
    """Return in one line what has changed, and what could not be read."""
    counted = "1 date was read again" if redating.read == 1 else f"{redating.read} dates were read again"
    changed = redating.changed + left.moved
    if not changed:
        said = f"{counted} and did not change"
    else:
        example = _example(run, redating.example or left.example)
        said = f"{counted}, {redating.changed} of them changed{example}; all ids stay"
    if left.moved:
        said += f"; {left.moved} whose pages are not to be read moved like the others"
    if left.kept:
        named = ", ".join(left.kept[:MOST_NAMED])
        more = f" and {len(left.kept) - MOST_NAMED} more" if len(left.kept) > MOST_NAMED else ""
        said += f"; {len(left.kept)} stay as they were, since their pages cannot be read: {named}{more}"
    return said


def _example(run: Run, example: tuple[str, datetime, datetime] | None) -> str:
    if example is None:
        return ""
    url, *instants = example
    before, after = (f"{instant.astimezone(run.council.zone):%Y-%m-%d %H:%M}" for instant in instants)
    return f", such as {url}: {before} → {after}"
