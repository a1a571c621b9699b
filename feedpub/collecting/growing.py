"""Tell what a site adds within the text of every article from what the council adds to one.

A site gets a counter, a line for sharing or a list of what to read next, and puts it where its texts are. By the layout
that is known, it is text. It would be published as the council's words, in all new articles, and as an edit of all
others. But each known item shows it: its page has all that was read there before, and more. Others have the same more.
Then the layout is learnt anew, and has to leave it out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from feedpub import address
from feedpub.collecting.proving import article_by, listed_title_of
from feedpub.collecting.run import Run
from feedpub.consent import code_of
from feedpub.content import Article, Page, Stored
from feedpub.errors import FetchError, Held, LayoutError, ScrapeError
from feedpub.model import Outcome, Verdict, Visit

GROWN = "lines that many articles have"  # the objection to them
AMONG, COMPARED, TRIED = 20, 2, 4  # newest items; of these, others that must have the same; pages asked for, at most
SHOWN = 60  # characters of a line that is named
NUMBER = re.compile(r"\d+")


def relearnt(run: Run, page: Page, visit: Visit, article: Article) -> Outcome | None:
    """Learn the layout anew if the site has put more into its texts. None: it has not, as far as this article tells.

    Raises Held if it has, and no layout can be learnt that leaves it out.
    """
    item = run.state.items.get(visit.item) if visit.item else None
    shared = _more(item, article) if item and not run.council.is_layout_configured else None
    if not shared:
        return None
    pages = [page]
    for other, more in islice(_others(run, visit), COMPARED):
        shared = _shared(shared, more)
        if not shared:
            return None
        pages.append(other)
    named = [_key(shared[0])]
    if len(pages) <= COMPARED or run.is_consented(GROWN, named):
        return None
    lines = "; ".join(f"«{line[:SHOWN]}»" for line in shared)
    cause = LayoutError(page.url, f"its text has lines that other articles have as well, and had not before: {lines}")
    try:
        return _learnt_without(run, pages, shared, cause)
    except (ScrapeError, FetchError) as error:
        why = f"{cause}; no layout could be learnt that leaves them out: {error.reason}"
        raise Held(run.source.home, why, code_of(run.source.id, GROWN, named)) from error


def _learnt_without(run: Run, pages: Sequence[Page], lines: Sequence[str], cause: LayoutError) -> Outcome:
    """Learn a layout that leaves these lines out of these pages. Raises ScrapeError and FetchError if there is none."""
    from feedpub.collecting import learning  # hardly any run needs it
    from feedpub.collecting.listed import may_search

    if not may_search(run):
        raise LayoutError(cause.url, "one was looked for in vain a while ago")
    before = run.council.facts
    listing = run.front or run.pages.page(run.source.listings[0])
    learning.learn_again(run, listing, cause)
    keys = set(map(_key, lines))
    for page in pages:
        read = article_by(run, page, run.council.layout, listed_title_of(run, page))
        if not keys.isdisjoint(map(_key, read.text.splitlines())):
            run.state.put_facts(before)
            raise LayoutError(page.url, "what was learnt reads them as well")
    return Outcome(listing.url, Verdict.UNCHANGED, f"{cause}; a layout that leaves them out was learnt")


def _others(run: Run, visit: Visit) -> Iterator[tuple[Page, list[str]]]:
    """Yield the pages of other known items that have all that was read there before, each with what it has more.

    The older ones come first: they are hardly edited any more. All are asked for anew.
    """
    urls = [item.article.url for item in reversed(run.state.items.newest(AMONG)) if item.id != visit.item]
    for url in urls[:TRIED]:
        try:
            page = run.pages.page(url)
            article = article_by(run, page, run.council.layout, listed_title_of(run, page))
        except (FetchError, ScrapeError):
            continue
        run.pages.keep_page(page)
        item = next(iter(run.state.items.at([run.council.key_of(url)])), None)
        more = _more(item, article) if item else None
        if more is not None:
            yield page, more


def _more(item: Stored, article: Article) -> list[str] | None:
    """Return the lines that an article has more than its item. None: it has not all others as they were."""
    known = item.article.text.splitlines()
    if not known or not item.is_read or item.gone or address.is_of_row(item.article.url):
        return None
    rest = iter(known)
    wanted = next(rest, None)
    more: list[str] = []
    for line in article.text.splitlines():
        if line == wanted:
            wanted = next(rest, None)
        else:
            more.append(line)
    return more if wanted is None else None


def _shared(lines: Iterable[str], others: Iterable[str]) -> list[str]:
    """Return the lines that are among the others as well, but for their numbers."""
    keys = set(map(_key, others))
    return [line for line in lines if _key(line) in keys]


def _key(line: str) -> str:
    return NUMBER.sub("0", line).casefold()
