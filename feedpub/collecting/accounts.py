"""Everything that a listing names is in the feeds, or on a list with the reason why it is not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from feedpub.collecting.dedupe import schedule
from feedpub.collecting.run import Run
from feedpub.content import Listing, Stored
from feedpub.council import Council
from feedpub.model import Named, Outcome, Verdict, Visit
from feedpub.store.visits import LEFT_OUT


@dataclass(frozen=True, slots=True)
class Absent:
    """Something that a listing names, and that no feed has as an item of its own."""

    name: str  # its address; of a line of the listing its words
    title: str  # as the listing has it; "" where it has none
    reason: str
    is_known: bool = True  # no: nothing says why, which is a fault of feedpub
    is_meant: bool = False  # it is to be in no feed: withdrawn, a repost, in another language


# ------------------------------------------------------------ noting what is named


def note_named(run: Run, url: str, listing: Listing, left_out: Iterable[str] = ()) -> Iterator[Outcome]:
    """Remember what a listing names now, and say once of each line that it cannot be read.

    ``left_out`` are the lines that are left out for their language, as ``rows.keep_rows`` gives them.
    """
    facts = run.council.facts
    before = facts.named.get(url, Named(()))
    now = Named(tuple(link.url for link in listing.links), (*listing.unread, *left_out))
    if now != before:
        others = {listing: facts.named[listing] for listing in run.source.listings if listing in facts.named}
        run.state.put_facts(replace(facts, named=others | {url: now}))  # a listing of before the site moved is none
        for missing in _missing_amid(before.pages, now.pages):
            run.state.visits.look_soon(missing, run.now)
        for named in now.pages:
            if named not in before.pages:
                _look_if_it_was_gone(run, named)
    for words in listing.unread:
        if words not in before.unread:
            message = f"{url}: {words!r} stands among the news and is left out: it has no title, or no date and no link"
            yield Outcome(url, Verdict.UNCHANGED, message)


def _look_if_it_was_gone(run: Run, url: str) -> None:
    """Ask at once for a page that was gone and that a listing names again: the council may have put it back."""
    visit = run.state.visits.get(url)
    if visit and visit.item and schedule.is_gone_page(visit):
        run.state.visits.look_now(url, visit.item)


def _missing_amid(before: Sequence[str], now: Sequence[str]) -> list[str]:
    """Return what a listing named and names no more, though it still names what was below: it may be taken down."""
    last = max((n for n, url in enumerate(before) if url in now), default=0)
    return [url for url in before[:last] if url not in now]


# ------------------------------------------------------------ the account


def absent(council: Council) -> list[Absent]:
    """Return what the council's listings name now and no feed has as an item of its own, with the reasons."""
    found: list[Absent] = []
    for listing in council.source.listings:
        named = council.facts.named.get(listing)
        if named is None:
            continue
        present = council.state.store.overview.pages_of_items(council.id, named.pages)  # nearly all are
        found += filter(None, (absence(council, url) for url in named.pages if url not in present))
        found += map(_absent_line, named.unread)
    return list(dict.fromkeys(found))


def _absent_line(words: str) -> Absent:
    if not words.startswith(LEFT_OUT):
        return Absent(words, "", "it has no title, or no date and no link")
    language, _, title = words.removeprefix(LEFT_OUT).partition(": ")
    return Absent(title, "", _not_published(language), is_meant=True)


def unaccounted(run: Run) -> Iterator[Outcome]:
    """Yield an outcome for each article that is in no feed though nothing says why."""
    for one in absent(run.council):
        if not one.is_known:
            message = (
                f"{one.name}: a listing names it, no feed has it, and nothing is known against it; this is a fault of"
                f" feedpub, please report it; `feedpub inspect {one.name}` shows what was read there"
            )
            yield Outcome(one.name, None, message)


def absence(council: Council, url: str) -> Absent | None:
    """Return why an article that a listing names is no item; None where it is one."""
    visit = council.state.visits.get(url)
    item = _item_of(council, url, visit)
    title = visit.title if visit else ""
    if item is None:
        return _absent_page(council, url, visit)
    if item.gone:
        reason = f"it was withdrawn: {item.gone.reason or 'its page was gone'}"
        return Absent(url, title, reason, is_meant=True)
    if not item.is_read:
        return Absent(url, title, "its page is still to be read again, since the state was lost")
    if council.key_of(url) in map(council.key_of, item.article.all_addresses):
        return None
    return Absent(url, title, f"it is a repost of {item.article.url}", is_meant=True)


def item_at(council: Council, url: str) -> Stored | None:
    """Return the item that an address which a listing names leads to, as far as the state knows."""
    return _item_of(council, url, council.state.visits.get(url))


def _item_of(council: Council, url: str, visit: Visit | None) -> Stored | None:
    items = council.state.items
    if visit and visit.item:
        return items.get(visit.item)
    return next(iter(items.at([council.key_of(url)])), None)


def _absent_page(council: Council, url: str, visit: Visit | None) -> Absent:
    """Return why there is no item of a page."""
    if visit is None:
        return Absent(url, "", "it is not known", is_known=False)
    title = visit.title
    if visit.error:
        reason = f"its page could not be read {visit.failures} times: {visit.error}"
        return Absent(url, title, reason, is_meant=visit.gone_since is not None)
    if visit.asked is None:
        return Absent(url, title, "the brake holds it back" if council.is_held else "its page waits to be read")
    if visit.words and visit.words.startswith(LEFT_OUT):
        return Absent(url, title, _not_published(visit.words.removeprefix(LEFT_OUT)), is_meant=True)
    return Absent(url, title, "its page was read, and nothing was kept", is_known=False)


def _not_published(language: str) -> str:
    return f"it is in {language}, which this source does not publish"
