"""A listing and some of its articles → what else ``feedpub learn`` proposes: the languages, and further hosts."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from html import unescape

from feedpub import address
from feedpub.collecting import scrape
from feedpub.content import Listing, Page
from feedpub.edges import Fetch
from feedpub.errors import FetchError, ScrapeError
from feedpub.html import tongue, tree
from feedpub.layout import Layout

TAG = re.compile(r"<[^>]*>")
FEW = 2  # articles that are there twice, or on another host; one may be anything


def languages_beside(urls: Sequence[str], pages: Iterable[Page]) -> str | None:
    """Return what shows that a listing has the same news in several languages; None where nothing does.

    ``urls`` are the articles that it names, ``pages`` those of them that were read.
    """
    twins = list(_twins(urls))
    if len(twins) >= FEW:
        one, other = twins[0]
        return f"it names the same news in several languages, such as {one} and {other}"
    pairs = list(_named_pairs(urls, pages))
    if pairs:
        one, other = pairs[0]
        return f"it names the same news in several languages: {one} says that {other} is its translation"
    return None


def hosts_beside(listing: Listing, url: str, layout: Layout, fetch: Fetch) -> dict[str, Page]:
    """Return further hosts of the council to which some lines of a listing lead, each with an article there.

    ``url`` is the listing's address. A host counts if its name is kin to the listing's, several lines lead there, and
    the layout reads the first page of these.
    """
    own = address.host(url)
    targets = [row.target for row in listing.rows if row.target and not address.is_file(row.target)]
    found: dict[str, Page] = {}
    for host, count in Counter(map(address.host, targets)).items():
        if count < FEW or not (address.are_kin(host, own) or _differ_in_language(host, own)):
            continue
        with suppress(FetchError, ScrapeError):
            page = fetch.page(next(target for target in targets if address.host(target) == host))
            scrape.read_article(page, layout)
            found[host] = page
    return found


def _differ_in_language(host: str, other: str) -> bool:
    """Whether two hosts' names differ only in the code of a language with which each begins."""
    one, another = (tongue.language_in(f"https://{name}/") for name in (host, other))
    return bool(one[0] and another[0]) and one[0] != another[0] and one[1] == another[1]


def language_by_words(named: str, pages: Iterable[Page], layout: Layout) -> str:
    """Return the language of most articles on these pages as their words show it; ``named`` where they do not.

    Many a theme calls every page English, whatever is on it.
    """
    counts: Counter[str] = Counter()
    for page in pages:
        with suppress(ScrapeError):
            scraped = scrape.read_article(page, layout)
            language = tongue.language_of_words(f"{scraped.title} {unescape(TAG.sub(' ', scraped.body))}")
            counts.update([language] if language else [])
    most = max(counts.values(), default=0)
    if counts[named] == most:
        return named
    return next(language for language, count in counts.most_common() if count == most)


def _twins(urls: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield pairs of addresses that differ only in the code of a language, which one of them may lack."""
    alike: dict[str, dict[str, str]] = defaultdict(dict)
    for url in urls:
        language, rest = tongue.language_in(url)
        alike[rest].setdefault(language, url)
    for by_language in alike.values():
        if len(by_language) > 1:
            one, other, *_ = by_language.values()
            yield one, other


def _named_pairs(urls: Sequence[str], pages: Iterable[Page]) -> Iterator[tuple[str, str]]:
    """Yield pairs of listed articles of which one page names the other as its translation (``hreflang``)."""
    listed = {address.key(url): url for url in urls}
    for page in pages:
        own = address.key(page.url)
        others = {address.key(other) for _, other in tongue.alternates(tree.document(page), page.url)}
        for key in others - {own}:
            if own in listed and key in listed:
                yield listed[own], listed[key]
