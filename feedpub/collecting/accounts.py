"""Everything that a listing names is in the feeds, or on a list with the reason why it is not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

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


# ------------------------------------------------------------ noting what is named


def note_named(run: Run, url: str, listing: Listing, left_out: Iterable[str] = ()) -> Iterator[Outcome]:
    """Remember what a listing names now, and say once of each line that it cannot be read.

    ``left_out`` are the lines that are left out for their language, as ``rows.keep_rows`` gives them.
    """
    facts = run.council.facts
    before = facts.named.get(url, Named(()))
    now = Named(tuple(link.url for link in listing.links), (*listing.unread, *left_out))
    if now != before:
        run.state.put_facts(replace(facts, named={**facts.named, url: now}))
        for missing in _missing_amid(before.pages, now.pages):
            run.state.visits.look_soon(missing, run.now)
    for words in listing.unread:
        if words not in before.unread:
            message = f"{url}: {words!r} stands among the news and is left out: it has no title, or no date and no link"
            yield Outcome(url, Verdict.UNCHANGED, message)


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
        found += filter(None, (_absence(council, url) for url in named.pages if url not in present))
        found += map(_absent_line, named.unread)
    return list(dict.fromkeys(found))


def _absent_line(words: str) -> Absent:
    if not words.startswith(LEFT_OUT):
        return Absent(words, "", "it has no title, or no date and no link")
    language, _, title = words.removeprefix(LEFT_OUT).partition(": ")
    return Absent(title, "", _not_published(language))


def unaccounted(run: Run) -> Iterator[Outcome]:
    """Yield an outcome for each article that is in no feed though nothing says why."""
    for one in absent(run.council):
        if not one.is_known:
            message = (
                f"{one.name}: a listing names it, no feed has it, and nothing is known against it; this is a fault of"
                f" feedpub, please report it; `feedpub inspect {one.name}` shows what was read there"
            )
            yield Outcome(one.name, None, message)


def _absence(council: Council, url: str) -> Absent | None:
    """Return why an article that a listing names is no item; None where it is one."""
    visit = council.state.visits.get(url)
    item = _item_of(council, url, visit)
    title = visit.title if visit else ""
    if item is None:
        return Absent(url, title, *_why_no_item(council, visit))
    if item.gone:
        return Absent(url, title, f"it was withdrawn: {item.gone.reason or 'its page was gone'}")
    if not item.is_read:
        return Absent(url, title, "its page is still to be read again, since the state was lost")
    is_its_page = council.key_of(url) in map(council.key_of, item.article.all_addresses)
    return None if is_its_page else Absent(url, title, f"it is a repost of {item.article.url}")


def _item_of(council: Council, url: str, visit: Visit | None) -> Stored | None:
    items = council.state.items
    if visit and visit.item:
        return items.get(visit.item)
    return next(iter(items.at([council.key_of(url)])), None)


def _why_no_item(council: Council, visit: Visit | None) -> tuple[str, bool]:
    """Return why there is no item of a page, and whether that is known."""
    if visit is None:
        return "it is not known", False
    if visit.error:
        return f"its page could not be read {visit.failures} times: {visit.error}", True
    if visit.asked is None:
        why = "the brake holds it back" if council.is_held else "its page waits to be read"
        return why, True
    if visit.words and visit.words.startswith(LEFT_OUT):
        return _not_published(visit.words.removeprefix(LEFT_OUT)), True
    return "its page was read, and nothing was kept", False


def _not_published(language: str) -> str:
    return f"it is in {language}, which this source does not publish"
