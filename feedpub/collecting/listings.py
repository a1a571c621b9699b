"""Ask for each listing, conditionally if that is enough. A run that finds nothing new ends here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from feedpub import address
from feedpub.collecting import clocks
from feedpub.collecting.dedupe import schedule
from feedpub.collecting.failures import failed_outcome, is_refused
from feedpub.collecting.run import Run
from feedpub.consent import HOST, code_of
from feedpub.content import NotModified
from feedpub.errors import Held, LedAway, Resting, SourceError
from feedpub.model import Outcome, Reading, Validators, Verdict, Visit

if TYPE_CHECKING:
    from feedpub.content import Page

READ_WHOLE = timedelta(days=1)  # then a listing is asked for in full: some caches say "not modified" for ever


@dataclass(frozen=True, slots=True)
class Known:
    """The facts about a listing before a run looks at it."""

    visit: Visit | None
    pages_left: int  # pages that an earlier run could not turn back
    is_fresh: bool  # it was asked for within a day
    is_first_look: bool  # nobody has read it yet: all its articles are new, and none of them is news
    is_first_of_day: bool  # it was read before, and not on this day (UTC)


def look_at(run: Run, url: str) -> Iterator[Outcome]:
    """Look at one listing, remember its articles, and turn back its pages after a pause."""
    known = _known(run, url)
    postponed = _postponed(run, url, known.visit)
    if postponed:
        yield postponed
        return
    try:
        page = _ask_if_changed(run, url, _validators(run, known))
        if isinstance(page, NotModified):
            yield _unchanged(run, url, known.visit)
            return
        clocks.require_right(run, page)
        clocks.note(run, page)
        mended = clocks.mend(run, page)
        if mended:
            yield mended
        from feedpub.collecting import listed, naming  # see the package: only a page that has changed needs them

        listing, outcomes = listed.read_listing(run, page)
        yield from outcomes
        if HOST in run.consented:
            yield _said_host(run, url)
    except Held:
        raise
    except SourceError as error:
        yield _note_listing_failure(run, url, error, known)
        return
    yield from naming.take(run, page, listing, known)


def ask(run: Run, url: str) -> Page:
    """Return a listing's page. Raises Held if it leads to a host that is not known as the council's own."""
    try:
        page = run.pages.page(url)
    except LedAway as error:
        raise _led_away(run, url, error.reason, error.host) from error
    _require_home(run, url, page)
    return page


def _ask_if_changed(run: Run, url: str, validators: Validators) -> Page | NotModified:
    try:
        page = run.pages.page_if_changed(url, validators)
    except LedAway as error:
        raise _led_away(run, url, error.reason, error.host) from error
    if not isinstance(page, NotModified):
        _require_home(run, url, page)
    return page


def _require_home(run: Run, url: str, page: Page) -> None:
    host = address.site(page.url)
    if host in run.council.own_hosts:
        return
    if not run.is_consented(HOST, [host]):
        raise _led_away(run, url, f"leads to another site: {page.url}", host)
    run.state.put_facts(replace(run.council.facts, led_to=host))


def _said_host(run: Run, url: str) -> Outcome:
    """Return an outcome that names the host that is believed from now on. It is said aloud, and once."""
    run.consented.discard(HOST)
    host = run.council.facts.led_to
    message = (
        f"{url}: {host} is believed as the council's own from now on; to undo it: `feedpub run --source"
        f" {run.source.id} --forget {host}`"
    )
    return Outcome(url, Verdict.CHANGED, message)


def _led_away(run: Run, url: str, reason: str, host: str) -> Held:
    return Held(
        url,
        f"{reason}; if the council has moved, set home and listings to its new address and"
        f" formerly = [{address.site(url)!r}] in its [[source]]",
        code_of(run.source.id, HOST, [host]),
    )


def _known(run: Run, url: str) -> Known:
    visits = run.state.visits
    visit = visits.get(url)
    is_fresh = visit is not None and _is_fresh(visit, run.now)
    is_unread = visit is None or visit.words is None
    is_first_look = is_unread and not _is_after_loss(run)
    asked = visit.asked if visit else None
    is_first_of_day = asked is not None and asked.date() != run.now.date() and not is_first_look
    return Known(visit, visits.pages_behind(url), is_fresh, is_first_look, is_first_of_day)


def _is_after_loss(run: Run) -> bool:
    """Whether items are known, and no listing was read before this run: the state was lost."""
    if run.is_after_loss is None:
        run.is_after_loss = not (run.is_first or run.state.visits.has_read_listing())
    return run.is_after_loss


def _is_fresh(visit: Visit, now: datetime) -> bool:
    return visit.asked is not None and timedelta(0) <= now - visit.asked < READ_WHOLE


def _postponed(run: Run, url: str, visit: Visit | None) -> Outcome | None:
    """Return the outcome of a listing that failed and is not due to be asked for again. None: it is due."""
    if visit is None or run.is_accepted:
        return None
    later = schedule.not_before(visit, run.now)
    if later is None:
        return None
    run.is_refused |= visit.status in schedule.REFUSED
    until = f"{later:%Y-%m-%d %H:%M} UTC"
    message = f"{url}: {visit.error}; it is not asked for before {until}"
    return Outcome(url, None, message, is_unserved=True, is_said=True)


def _validators(run: Run, known: Known) -> Validators:
    """Return the validators to ask with. There are none if the page is needed even though it has not changed."""
    is_enough = run.council.is_layout_known and not known.pages_left and not run.is_accepted and known.is_fresh
    is_enough = is_enough and not clocks.is_suspect(run)  # only a page tells the site's clock
    return known.visit.validators if known.visit and is_enough else Validators()


def _unchanged(run: Run, url: str, visit: Visit | None) -> Outcome:
    if visit and visit.error:
        run.state.visits.arrived(url, run.now, Reading(), is_listing=True)
    run.is_site_well = True
    return Outcome(url, Verdict.UNCHANGED)


def _note_listing_failure(run: Run, url: str, error: SourceError, known: Known) -> Outcome:
    if isinstance(error, Resting):
        has_failed = known.visit is not None and known.visit.error is not None
        is_said = error.is_said or has_failed
        return Outcome(url, None, str(error), is_unserved=True, is_said=is_said, is_out_of_time=error.is_out_of_time)
    run.is_refused |= is_refused(error)
    run.state.visits.failed(url, run.now, error, is_listing=True)
    return failed_outcome(run, url, error)
