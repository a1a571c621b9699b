"""A listing and some of its articles → whether it lists the same news in several languages, for ``feedpub learn``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from feedpub import address
from feedpub.content import Page
from feedpub.html import tongue, tree

FEW = 2  # articles that are there twice; one may be anything


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
