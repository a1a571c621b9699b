"""Visit the pages of articles one after the other: ask for each, read it, tell it apart, keep it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from feedpub import address
from feedpub.collecting import batches, claims, clocks, fitting, keeping, reading, redating, renaming, rows
from feedpub.collecting.dedupe import schedule
from feedpub.collecting.failures import failed_outcome
from feedpub.collecting.run import Before, Run
from feedpub.collecting.wanted import Foreign
from feedpub.content import NotModified, Page, Stored
from feedpub.edges import expect
from feedpub.errors import FetchError, Held, LayoutError, Missing, Resting, SourceError, Unproven
from feedpub.model import Outcome, Reading, Verdict, Visit

SEVERAL = 3  # articles with another layout, and none with the known one, mean that the site was rebuilt
UNSERVED = 2  # pages in a row without an answer, after which the rest is left for the next run
MOST_NAMED = 10  # articles in one line
IN_DOUBT = "whether the known layout still fits cannot be told while pages do not answer"
FAILING = 5  # pages in a row answered with 401, 403 or 5xx, after which the rest is left for the next run


def visit_each(run: Run, visits: Sequence[Visit]) -> Iterator[Outcome]:
    """Visit these pages. If the server does not answer at all, leave the rest for the next run."""
    expect(run.pages, [(v.url, v.validators) for v in visits if v.url not in run.spares])
    try:
        yield from _visit_in_turn(run, visits)
    finally:
        expect(run.pages, ())
    yield from run.relearnt
    run.relearnt.clear()
    if run.left_out:
        yield _left_out_outcome(run)


def _visit_in_turn(run: Run, visits: Sequence[Visit]) -> Iterator[Outcome]:
    home = run.source.home
    streak = _Streak()
    for n, visit in enumerate(run.track(visits, run.source, "pages"), 1):
        if run.is_in_doubt:  # since earlier pages of this run
            return
        if run.is_layout_seen and visit.url in run.spares:
            continue
        known = run.state.visits.get(visit.url) if streak.is_searched else None  # by a new layout, it is dated anew
        try:
            outcome, is_strange = _visit(run, known or visit)
        except Resting as error:
            message = f"{error}; {1 + _count_left(run, visits[n:])} pages are left for a later run"
            is_out_of_time = error.is_out_of_time
            yield Outcome(home, None, message, is_unserved=True, is_said=error.is_said, is_out_of_time=is_out_of_time)
            return
        batches.note_tried(run, visit.url, outcome.verdict)
        yield outcome
        yield from _read_again(run)
        streak.add(run, outcome, is_strange=is_strange)
        reason = IN_DOUBT if run.is_in_doubt else streak.why_to_stop
        left = _count_left(run, visits[n:]) if reason else 0
        if left:
            message = f"{home}: {reason}; {left} more pages are left for the next run"
            yield Outcome(home, None, message, is_unserved=True)
            return
        if streak.looks_rebuilt(is_last=n == len(visits)):
            yield from _visit_again(run, visits[:n])


def _count_left(run: Run, visits: Sequence[Visit]) -> int:
    return sum(visit.url not in run.spares for visit in visits)


class _Streak:
    """How the pages of a run went so far."""

    def __init__(self) -> None:
        self.unserved = self.failing = 0  # in a row
        self.read = self.strange = 0  # in all
        self.is_searched = False  # whether a new layout was looked for

    def add(self, run: Run, outcome: Outcome, *, is_strange: bool) -> None:
        self.read += outcome.verdict is not None
        self.strange += is_strange
        self.unserved = self.unserved + 1 if outcome.is_unserved else 0
        is_failing = outcome.is_rejected and not run.is_accepted
        self.failing = self.failing + 1 if is_failing else 0

    @property
    def why_to_stop(self) -> str | None:
        if self.unserved == UNSERVED:
            return "the server does not answer"
        if self.failing == FAILING:
            return "the server answers one page after another with an error"
        return None

    def looks_rebuilt(self, *, is_last: bool) -> bool:
        """Whether to look for a new layout now, once in a run: several pages are strange, and none could be read."""
        if self.read or self.is_searched:
            return False
        is_enough = self.strange == SEVERAL or (self.strange and is_last)
        if not is_enough:
            return False
        self.is_searched = True
        return True


def _visit_again(run: Run, visits: Sequence[Visit]) -> Iterator[Outcome]:
    """Look for a new layout, and visit these pages once more by it."""
    from feedpub.collecting import learning  # hardly any run needs it

    outcome = learning.learn_from_articles(run, visits[-1])
    if outcome is None:
        return
    yield outcome
    if outcome.verdict is not None:
        yield from _again(run, visits)


def _read_again(run: Run) -> Iterator[Outcome]:
    """Read once more what this run has read by a layout that has proved not to fit. That reading was no edit."""
    misread, run.misread = run.misread, []
    for before in misread:
        if before.item:
            run.state.items.put(before.item, (), before.read_by)
    yield from _again(run, [before.visit for before in misread])


def _again(run: Run, visits: Sequence[Visit]) -> Iterator[Outcome]:
    """Visit pages once more, by the layout that was learnt since."""
    for visit in visits:
        known = run.state.visits.get(visit.url) or visit
        again, _ = _visit(run, known)
        batches.note_tried(run, visit.url, again.verdict)
        yield again


def _visit(run: Run, visit: Visit) -> tuple[Outcome, bool]:
    """Ask for one article's page, read it and keep it. Return the outcome, and whether its layout is strange.

    Raises Resting if the page was not asked for.
    """
    try:
        page = run.pages.page_if_changed(visit.url, visit.validators)
        read = None if isinstance(page, NotModified) else _read_fitting(run, page, visit)
    except (Resting, Held):
        raise
    except SourceError as error:
        run.is_in_doubt |= isinstance(error, Unproven)
        return _note_failure(run, visit, error), isinstance(error, LayoutError)
    if isinstance(page, NotModified) or read is None:
        _note_unmodified(run, visit)
        return Outcome(visit.url, Verdict.UNCHANGED), False
    if read.foreign:
        return _leave_out(run, visit, read.foreign), False
    read_at = _read_at(page, visit)
    believed = claims.weighed(run, visit, read.article, read_at)
    article = believed.article
    arrival = keeping.Arrival(visit, article, read_at, believed.moved, believed.stays, believed.strangers)
    if arrival.moved is None:
        try:
            arrival = replace(arrival, moved=renaming.predecessor(run, arrival))
        except Unproven as error:
            return _note_failure(run, visit, error), False
    before = run.state.items.get(visit.item) if visit.item else None
    read_by = run.state.items.read_by(before.id) if before else None
    with run.state.transaction():
        decision = keeping.keep_article(run, arrival)
        due = _next_look(decision.item, decision.verdict, run.now)
        reading_of_it = Reading(read.validators, decision.item.id, due, article.text_key)
        run.state.visits.arrived(visit.url, run.now, reading_of_it)
        redating.note(run, visit, decision)
    run.looked_at.add(visit.url)
    run.read.append(Before(visit, page, before, read_by))
    return Outcome(visit.url, decision.verdict, _doubt(run, visit, read, decision.verdict, believed.doubt)), False


def _leave_out(run: Run, visit: Visit, foreign: Foreign) -> Outcome:
    """Remember that an article is in a language that the source does not publish. It is not asked for again."""
    run.state.visits.leave_out(visit.url, run.now, foreign.language)
    run.left_out.append(f"{visit.url} ({foreign.language}: {foreign.why})")
    return Outcome(visit.url, Verdict.UNCHANGED)


def _left_out_outcome(run: Run) -> Outcome:
    """Return an outcome that names what is left out for its language. Each article is named once, not at every run."""
    count = len(run.left_out)
    named = "; ".join(run.left_out[:MOST_NAMED])
    more = f"; and {count - MOST_NAMED} more" if count > MOST_NAMED else ""
    subject = "1 article is" if count == 1 else f"{count} articles are"
    languages = ", ".join(run.source.languages)
    run.left_out.clear()
    message = f"{subject} left out, since this source publishes {languages} alone (languages): {named}{more}"
    return Outcome(run.source.home, Verdict.UNCHANGED, message)


def _doubt(run: Run, visit: Visit, read: reading.Read, verdict: Verdict, claim: str | None) -> str | None:
    """Return what a person is told about an article that was kept: that it has no date, or that there is more of it.

    ``claim`` is what its page claims and is not believed.
    """
    doubts: list[str] = []
    if claim and verdict in (Verdict.NEW, Verdict.CHANGED):
        doubts.append(claim)
    is_news_to_say = run.council.layout.shows_dates  # else it was said of all articles, once: see ``learning``
    if read.article.doubt and verdict is Verdict.NEW and is_news_to_say:
        doubts.append(f"{read.article.doubt}; it is dated by when it was first seen")
    if read.rest and verdict in (Verdict.NEW, Verdict.CHANGED):
        doubts.append(f"there is more of it at {read.rest}; it is published with the text before that")
    return f"{visit.url}: {'; '.join(doubts)}" if doubts else None


def _read_at(page: Page, visit: Visit) -> str:
    """Return where a page was read, after redirects. One that only adds a parameter, such as a session, is none."""
    url = address.without_fragment(address.absolute(page.url, page.url) or page.url)
    added = address.parameters(url).keys() - address.parameters(visit.url).keys()
    return visit.url if address.without(url, added) == visit.url else url


def _read_own(run: Run, page: Page, visit: Visit) -> reading.Read:
    """Return the article on a page that was visited. Raises Missing if the address leads to another item's page."""
    clocks.note(run, page)  # the listing may have failed
    read = reading.read_visited(run, page, visit)
    if keeping.other_item_at(run, visit, page, read.article):
        raise Missing(page.asked, f"is not there: it leads to another item, {page.url}")
    if keeping.is_other_news_at(run, visit, page, read.article):
        raise Missing(page.asked, f"is not there: it leads to another article, {page.url}")
    return read


def _read_fitting(run: Run, page: Page, visit: Visit) -> reading.Read:
    """Return the article on a page, by a new layout if it shows that the known one does not fit any more.

    What this run has read by that one is read once more then.
    """
    read = _read_own(run, page, visit)
    outcome = fitting.relearnt(run, page, visit, read.article) if visit.item else None
    if outcome is None:
        return read
    run.relearnt.append(outcome)
    run.misread = list(run.read)
    run.read.clear()
    return _read_own(run, page, visit)


def _note_failure(run: Run, visit: Visit, error: SourceError) -> Outcome:
    is_gone = run.is_site_well and _says_gone(error)
    run.state.visits.failed(visit.url, run.now, error, is_gone=is_gone)
    failed = failed_outcome(run, visit.url, error)
    if failed.is_unserved or failed.failed is None or not schedule.is_to_be_stood_in_for(failed.failed):
        return failed
    if _is_taken_down(run, failed.failed):
        return failed
    return rows.stand_in(run, failed.failed) or failed


def _is_taken_down(run: Run, visit: Visit) -> bool:
    """Whether a page was not there and no listing names it any more: there is no such article now.

    Another owner's site may have named it. As an item it would be that owner's words, under the council's name. That
    the page fails in another way by now, as all pages do, says nothing.
    """
    return visit.gone_since is not None and run.council.key_of(visit.url) not in renaming.named_keys(run)


def _says_gone(error: SourceError) -> bool:
    """Whether the server, or the page itself, says that there is no such page."""
    if isinstance(error, FetchError):
        return error.status in schedule.GONE
    return isinstance(error, Missing)


def _note_unmodified(run: Run, visit: Visit) -> None:
    """Note that a page has not changed. If its item was withdrawn because the page was gone, publish it again."""
    run.findings.unmodified += 1
    run.is_layout_seen |= visit.item is not None
    items = run.state.items
    item = items.get(visit.item) if visit.item else None
    if item and item.gone and not item.gone.is_final:
        items.put(replace(item, gone=None), (), items.read_by(item.id))
    due = _next_look(item, Verdict.UNCHANGED, run.now) if item else None
    run.state.visits.arrived(visit.url, run.now, Reading(due=due))
    run.looked_at.add(visit.url)


def _next_look(item: Stored, verdict: Verdict, now: datetime) -> datetime | None:
    return None if verdict is Verdict.WITHDRAWN else schedule.next_look(item.date, now)
