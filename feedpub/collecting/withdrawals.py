"""Withdraw items: those that the council has taken down, and those that a person takes out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from feedpub import address
from feedpub.collecting import batches
from feedpub.collecting.dedupe import schedule
from feedpub.collecting.run import Run
from feedpub.content import By, Gone, Stored
from feedpub.council import Council
from feedpub.errors import SourceError
from feedpub.model import Outcome, Verdict, Visit


def take_out(council: Council, item: Stored, reason: str, now: datetime) -> None:
    """Take an item out for good, together with its words. No page that is read later brings it back."""
    council.state.take_out(item.id, Gone(now, By.OPERATOR, reason))
    council.state.store.db.vacuum()


def withdraw_missing(run: Run) -> Iterator[Outcome]:
    """Withdraw the items whose pages are gone, unless they have another page or a listing still names them.

    Before that, read the listings once more, even those that are "not modified".
    """
    gone = _gone_items(run) if run.is_site_well else []
    named = _named_now(run) if gone else None
    if named is None:
        return
    batches.look_back(run)
    for item, visits in gone:
        if any(v.url in named for v in visits):
            continue
        since = min(v.gone_since for v in visits if v.gone_since)
        reason = f"{visits[0].error} since {since:%Y-%m-%d}"
        gone_now = Gone(run.now, By.COUNCIL, reason)
        run.state.items.withdraw(item.id, gone_now)
        run.findings.withdrawn += 1
        run.findings.gone.add(item.id)
        url = item.article.url
        note = f"{item.id} is withdrawn: {url} {reason}"
        yield Outcome(url, Verdict.WITHDRAWN, note=note)


def _gone_items(run: Run) -> list[tuple[Stored, list[Visit]]]:
    """Return the items that this run has found to be gone once more. An item with another page moves to that page."""
    gone = []
    for item_id, visits in run.state.visits.missing().items():
        lost = [v for v in visits if v.gone_since]
        there = [v for v in visits if not v.gone_since]
        item = run.state.items.get(item_id)
        is_lost = all(schedule.is_gone(visit, run.now) for visit in lost)
        if item is None or not is_lost:
            continue
        if there:
            _follow(run, item, there)
        elif any(v.asked == run.now for v in lost):
            gone.append((item, lost))
    return gone


def _named_now(run: Run) -> set[str] | None:
    """Return the articles that the listings name now. None: a listing cannot be read."""
    from feedpub.collecting import listed  # see the package: most runs withdraw nothing

    named = set(run.named)
    for url in run.source.listings:
        try:
            listing = listed.by_layout(run, run.pages.page(url))
        except SourceError:
            return None
        named |= {link.url for link in listing.links}
    return named


def _follow(run: Run, item: Stored, there: list[Visit]) -> None:
    """If an item's own page is gone and another of its addresses is not, make the latter its page."""
    own = set(map(address.key, item.article.all_addresses))
    has_own_page = any(address.key(visit.url) in own for visit in there)
    living = [visit for visit in there if visit.error is None]
    if has_own_page or not living:
        return
    newest = max(living, key=lambda v: (v.asked is not None, v.asked, v.url))
    article = replace(item.article, url=newest.url, addresses=(newest.url,))
    items = run.state.items
    keys = [run.council.key_of(newest.url)]
    items.put(replace(item, article=article), keys, items.read_by(item.id))
    run.state.visits.look_now(newest.url, item.id)
