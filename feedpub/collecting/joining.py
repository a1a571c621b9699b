"""An article of several pages → all of it: its further pages are asked for, and their texts joined to the first."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from feedpub import address
from feedpub.collecting.scrape import Place
from feedpub.content import Page, Part, Scraped
from feedpub.errors import FetchError, Resting, SourceError
from feedpub.model import Validators

MOST_PAGES = 15  # beyond the first
LONGEST = 1_000_000  # characters of HTML of them all
LONG_LINE = 20  # characters; a shorter one may be on any page
REPEATED = 0.5  # of a page's text: then it is the same page again, with other comments under it
BETWEEN_LINES = re.compile(r"<[^<>]*>|\n")


@dataclass(frozen=True, slots=True)
class Joined:
    """An article with the pages that could be read."""

    scraped: Scraped
    validators: Validators  # with which the first page may be asked for again
    rest: str | None = None  # where it goes on, and why that is missing; None: it is whole


def read_on(
    first: Page, scraped: Scraped, ask: Callable[[str], Page], read: Callable[[Page, Place], Scraped]
) -> Joined:
    """Return an article with the texts of its further pages, as far as they can be read.

    Raises Resting if one of them is not to be asked for now: the article is read by a later run, whole.
    """
    last, whole = scraped, scraped
    pages = [first]
    lines = _lines(scraped.body)
    rest = None
    while last.next_page and last.number is not None:
        if len(pages) > MOST_PAGES or sum(map(len, lines)) > LONGEST:
            rest = f"{last.next_page}, beyond its first {len(pages)} pages"
            break
        place = Place(scraped.own, last.number)
        try:
            page = ask(last.next_page)
            _require_same_host(page, first)
            last = read(page, place)
        except Resting:
            raise
        except SourceError as error:
            rest = f"{last.next_page}, which cannot be read: {error.reason}"
            break
        further = _lines(last.body)
        if _is_repeated(further, lines):
            break
        lines |= further
        pages.append(page)
        whole = _with_page(whole, last)
    return Joined(whole, _validators_of(pages, is_whole=rest is None), rest)


def _require_same_host(page: Page, first: Page) -> None:
    if address.site(page.url) != address.site(first.url):
        raise FetchError(page.asked, f"leads to another site: {page.url}")


def _with_page(whole: Scraped, last: Scraped) -> Scraped:
    return replace(
        whole,
        further=(*whole.further, Part(last.body, last.base)),
        pictures=tuple(dict.fromkeys((*whole.pictures, *last.pictures))),
        files=tuple(dict.fromkeys((*whole.files, *last.files))),
    )


def _lines(html: str) -> set[str]:
    lines = (" ".join(line.split()) for line in BETWEEN_LINES.split(html))
    return {line for line in lines if len(line) >= LONG_LINE}


def _is_repeated(further: set[str], lines: set[str]) -> bool:
    """Whether a page says what earlier ones have said. One without lines of its own does not."""
    total = sum(map(len, further))
    return total > 0 and sum(map(len, further & lines)) > REPEATED * total


def _validators_of(pages: list[Page], *, is_whole: bool) -> Validators:
    """Return the first page's validators, if "not modified" means that no page of the article has changed.

    It does where the server dates all pages alike: then it dates the article. Else a change on the second page
    would never be seen, and an article that is not whole would stay so.
    """
    dates = {page.validators.last_modified for page in pages}
    if is_whole and (len(pages) == 1 or (len(dates) == 1 and None not in dates)):
        return pages[0].validators
    return Validators()
