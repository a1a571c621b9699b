"""Items that are published no more: taken down by the council, or taken out by hand."""

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
    """Take an item out for good, its words too: no page that is read later brings it back."""
    council.state.take_out(item.id, Gone(now, By.OPERATOR, reason))
    council.state.store.db.vacuum()


def withdraw_missing(run: Run) -> Iterator[Outcome]:
    """Withdraw the items whose pages are gone, each only when it has no other page and no listing names it.

    Before any is withdrawn the listings are read once more, even those that are
    "not modified".
    """
    gone = _gone(run) if run.is_site_well else []
    named = _named_now(run) if gone else None
    if named is None:
        return
    batches.look_back(run)
    for item, visits in gone:
        if any(v.url in named for v in visits):
            continue
        since = min(v.gone_since for v in visits if v.gone_since)
        reason = f"{visits[0].error} since {since:%Y-%m-%d}"
        run.state.items.withdraw(item.id, Gone(run.now, By.COUNCIL, reason))
        run.findings.withdrawn += 1
        url = item.article.url
        yield Outcome(url, Verdict.WITHDRAWN, note=f"{item.id} is withdrawn: {url} {reason}")


def _gone(run: Run) -> list[tuple[Stored, list[Visit]]]:
    """Return the items of which this run heard once more that they are gone. One that lives on elsewhere goes there."""
    gone = []
    for item_id, visits in run.state.visits.missing().items():
        lost = [v for v in visits if v.gone_since]
        there = [v for v in visits if not v.gone_since]
        item = run.state.items.get(item_id)
        if item is None or not all(schedule.is_gone(v, run.now) for v in lost):
            continue
        if there:
            _follow(run, item, there)
        elif any(v.asked == run.now for v in lost):
            gone.append((item, lost))
    return gone


def _named_now(run: Run) -> set[str] | None:
    """Return the articles that the listings name now; None where one of them cannot be read."""
    from feedpub.collecting import scrape  # see the package: most runs withdraw nothing

    named = set(run.named)
    for url in run.source.listings:
        try:
            listing = scrape.read_listing(run.pages.page(url), run.council.layout)
        except SourceError:
            return None
        named |= {link.url for link in listing.links}
    return named


def _follow(run: Run, item: Stored, there: list[Visit]) -> None:
    """Where an item's own page is gone and another of its addresses is not, make that one its page."""
    own = {address.key(u) for u in (*item.article.addresses, item.article.url)}
    living = [v for v in there if v.error is None]
    if not living or any(address.key(v.url) in own for v in there):
        return
    newest = max(living, key=lambda v: (v.asked is not None, v.asked, v.url))
    article = replace(item.article, url=newest.url, addresses=(newest.url,))
    items = run.state.items
    items.put(replace(item, article=article), [run.council.key_of(newest.url)], items.read_by(item.id))
    run.state.visits.look_now(newest.url, item.id)
