"""Parts of addresses that are new at each look, such as a session's token: they are no part of an address.

A parameter is one of these if that is proven. At least three links of a listing had it, no two of them differ in it
alone, and a run read each at its new value and found the very item that was at an earlier one. From then on a link is
known by its other parts. Where the site answers without the parameter, it is left out for good.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from feedpub import address
from feedpub.collecting import reading
from feedpub.collecting.dedupe import decision
from feedpub.collecting.run import Run
from feedpub.content import Link, Listing
from feedpub.errors import SourceError

PROOFS = 3  # links with a new value and a known item
NEEDED = "!"  # after a parameter's name: the site does not answer without it


def settled(run: Run, listing: Listing) -> Listing:
    """Return the listing with the addresses under which its articles are visited, without what is new at each look."""
    fleeting = run.council.facts.fleeting
    if not fleeting:
        return listing
    needed = [name.removesuffix(NEEDED) for name in fleeting if name.endswith(NEEDED)]
    dropped = [name for name in fleeting if not name.endswith(NEEDED)]
    if needed:
        _follow_tokens(run, listing.links, needed)
    links = {link.url: link for link in (_without(link, dropped) for link in reversed(listing.links))}
    return replace(listing, links=tuple(reversed(links.values())))


def _without(link: Link, names: Sequence[str]) -> Link:
    return replace(link, url=address.without(link.url, names))


def _follow_tokens(run: Run, links: Iterable[Link], names: Sequence[str]) -> None:
    """Visit each known article at the address of today, as the site needs one that it has just given out."""
    visited = {address.without(url, names): url for url in run.state.visits.urls_with(names)}
    for link in links:
        before = visited.get(address.without(link.url, names))
        if before and before != link.url:
            run.state.visits.readdress(before, link.url)


def prove(run: Run) -> None:
    """Find the parameters that are new at each look among the links that this run has named and read."""
    fresh = [url for url in run.first_named if address.parameters(url)]
    if len(fresh) < PROOFS or run.is_first:
        return
    names = {name for url in fresh for name in address.parameters(url)}
    for name in sorted(names):
        if _is_fleeting(run, fresh, name):
            _take_out(run, name)


def _is_fleeting(run: Run, fresh: Sequence[str], name: str) -> bool:
    carriers = [url for url in run.named if name in address.parameters(url)]
    bases = {address.without(url, [name]) for url in carriers}
    if len(bases) < len(carriers):
        return False  # it tells articles apart
    earlier = _earlier_items(run, name)
    proofs = 0
    for url in carriers:
        before = earlier.get(address.without(url, [name]))
        visit = run.state.visits.get(url)
        if url not in fresh or visit is None or visit.item is None:
            return False
        if before is None:
            continue  # an article that is new
        if visit.item not in before:
            return False
        proofs += 1
    return proofs >= PROOFS


def _earlier_items(run: Run, name: str) -> Mapping[str, set[str | None]]:
    """Return the items at addresses with a parameter that earlier runs visited, by what is left of the address."""
    earlier: dict[str, set[str | None]] = {}
    for url in run.state.visits.urls_with([name]):
        visit = run.state.visits.get(url)
        if visit and url not in run.named:
            earlier.setdefault(address.without(url, [name]), set()).add(visit.item)
    return earlier


def _take_out(run: Run, name: str) -> None:
    """Remember that a parameter is no part of an address, and bring the visits of each article together."""
    facts, visits = run.council.facts, run.state.visits
    is_needed = not _answers_without(run, name)
    for url in visits.urls_with([name]):
        base, visit = address.without(url, [name]), visits.get(url)
        if visit is None or visit.item is None:
            continue
        run.state.items.name(visit.item, [run.council.key_of(base)])
        if url not in run.named:
            visits.forget(url)
        elif not is_needed:
            visits.readdress(url, base)
    run.state.put_facts(replace(facts, fleeting=(*facts.fleeting, name + NEEDED * is_needed)))


def _answers_without(run: Run, name: str) -> bool:
    """Whether the site shows the same article at an address without the parameter. One is asked for."""
    url = next(url for url in sorted(run.named) if name in address.parameters(url) and run.state.visits.get(url))
    visit = run.state.visits.get(url)
    item = run.state.items.get(visit.item) if visit and visit.item else None
    if visit is None or item is None:
        return False
    try:
        article = reading.read_visited(run, run.pages.page(address.without(url, [name])), visit).article
    except SourceError:
        return False
    return decision.reads_the_same(article, item)
