"""Tell a clock that is wrong, by the state and by the site's own clock; mend what a clock that was ahead has dated."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from feedpub.collecting.run import Run
from feedpub.consent import code_of
from feedpub.content import Page
from feedpub.dating import AHEAD, CLOCKS_DIFFER
from feedpub.errors import Held
from feedpub.model import Outcome, Verdict

AGREE = timedelta(days=1)  # between two clocks that are both right, at most: some sites name the wrong time zone
ZONES = timedelta(hours=15)  # that a site's clock may be off by naming the wrong time zone: these reach to 14
LEAP = timedelta(days=30)  # that this clock may gain on the site's; a leap of years is a dead battery
LEAPT = "a leap of the clock"  # the objection to it
MENDED = timedelta(hours=1)  # into the future, from where on an instant is mended


def turn_back(run: Run) -> None:
    """If the state has instants of the future, make its pages due now, and remember that a clock is wrong.

    The state remembers it as well. A clock that was set back soon passes these instants, perhaps before the site can be
    reached, and nothing would contradict it any more.
    """
    facts = run.council.facts
    if facts.brake:
        run.behind = timedelta(seconds=facts.brake.behind)
    known = (facts.last_look, run.state.items.latest_change(), run.state.runs.last())
    instants = [instant for instant in known if instant and instant - run.now > MENDED]
    if instants:
        run.future_look = max(instants)
        run.state.turn_back(run.now)
        if facts.set_back is None:
            run.state.put_facts(replace(facts, set_back=run.future_look))


def is_in_doubt(run: Run) -> bool:
    """Whether this clock may be wrong, and no listing was read that could tell. No article is to be dated by it."""
    return is_suspect(run) and not run.is_site_well


def is_suspect(run: Run) -> bool:
    """Whether this clock was set back or found to be behind, and no site's clock has agreed with it since."""
    return bool(run.behind or run.council.facts.set_back)


def require_right(run: Run, page: Page) -> None:
    """Raise Held if this machine's clock is wrong, as the state and the site's clock both say.

    News would keep a wrong date for good. If the clock is behind, they would seem to come from the future. If it is
    ahead, they and all edits would lie in the future. A clock that was set back, or was found to be behind, stays so
    until the two agree: by itself it soon passes the last look. After that, as after a long rest, the site's clock may
    be the wrong one. So a person can let it through.
    """
    facts, is_past = run.council.facts, run.future_look is not None
    known = run.future_look or facts.set_back or facts.last_look
    if run.behind and known is None:  # the state was lost since, and is known by its items
        known = run.state.items.latest_change()
    is_behind = page.served is not None and page.served - run.now > ZONES
    if not is_behind:
        run.behind = timedelta(0)
        if not is_past:
            _trust(run)
    if known is None or page.served is None:
        return
    named = [known.isoformat()]
    is_wrong = is_behind and (is_past or is_suspect(run))
    if not is_wrong and not _has_leapt(run, page.served):
        return
    if run.is_consented(LEAPT, named):
        _trust(run)
        return
    if is_wrong:
        run.behind = page.served - run.now
    raise Held(
        page.url,
        f"this machine's clock says {run.now:%Y-%m-%d %H:%M} UTC, the site's {page.served:%Y-%m-%d %H:%M}, and the"
        f" state is of {known:%Y-%m-%d %H:%M}: set the clock right",
        "" if is_past else code_of(run.source.id, LEAPT, named),
    )


def _trust(run: Run) -> None:
    """Note that nothing speaks against this clock any more."""
    if run.council.facts.set_back:
        run.state.put_facts(replace(run.state.facts, set_back=None))


def note(run: Run, page: Page) -> None:
    """Note how far the site's clock is ahead of this one: a date that it has reached does not lie in the future.

    By some hours either of them may be wrong. Then the site, which dated its article, is believed.
    """
    ahead = (page.served or run.now) - run.now
    if timedelta(0) < ahead <= ZONES:
        run.leeway = CLOCKS_DIFFER + ahead


def _has_leapt(run: Run, served: datetime) -> bool:
    """Whether this clock has leapt ahead since the last look, and the site's clock has not."""
    last = run.council.facts.last_look
    if last is None or run.future_look:
        return False
    return run.now - last > LEAP and run.now - served > LEAP and served > last - AGREE


def mend(run: Run, page: Page) -> Outcome | None:
    """Date by now what a clock that was ahead has dated into the future, if this clock is right. None: there is none.

    The site's clock says whether it is. Where the site names no time, most of the last runs must lie before now.
    """
    if run.future_look is None or not _is_right(run, page.served):
        return None
    run.future_look = None
    _trust(run)
    ids = [item.id for item in run.state.items.every()]
    mended = [item for item in ids if _mend_item(run, item)]
    _mend_facts(run)
    if not mended:
        return None
    items = "1 item" if len(mended) == 1 else f"{len(mended)} items"
    message = f"this machine's clock was ahead and is right now: of {items}, dates in the future became today's"
    return Outcome(page.asked, Verdict.UNCHANGED, message)


def _is_right(run: Run, served: datetime | None) -> bool:
    if served is not None:
        return abs(served - run.now) <= AGREE
    before, after = run.state.runs.count_around(run.now)
    return before > after


def _mend_item(run: Run, item_id: str) -> bool:
    """Return whether an item had an instant in the future."""
    items, now = run.state.items, run.now
    item = items.get(item_id)
    if item is None:
        return False
    article, gone = item.article, item.gone
    if article.published and article.published - now > AGREE:
        article = replace(article, published=None, doubt=f"{AHEAD}: {article.published:%Y-%m-%d}")
    if gone:
        gone = replace(gone, when=_past(gone.when, run))
    first_seen, updated = _past(item.first_seen, run), _past(item.updated, run)
    mended = replace(item, article=article, gone=gone, first_seen=first_seen, updated=updated)
    if mended == item:
        return False
    items.put(mended, (), items.read_by(item.id))
    return True


def _mend_facts(run: Run) -> None:
    facts = run.state.facts
    brake = facts.brake
    if brake:
        brake = replace(brake, since=_past(brake.since, run), asked=_past(brake.asked, run))
    mended = replace(
        facts,
        brake=brake,
        succeeded=facts.succeeded and _past(facts.succeeded, run),
        looked=facts.looked and _past(facts.looked, run),
        accepted=facts.accepted and _past(facts.accepted, run),
        searched=facts.searched and _past(facts.searched, run),
    )
    run.state.put_facts(mended)
    run.state.runs.forget_traffic_after(run.now)


def _past(instant: datetime, run: Run) -> datetime:
    """Return an instant, or now if it lies in the future by the site's clock as well."""
    return run.now if instant - run.now > max(MENDED, run.leeway) else instant
