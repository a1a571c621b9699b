"""An article's page → its pieces."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from feedpub import address, text
from feedpub.collecting.scrape.apart import Pieces, with_words_apart
from feedpub.collecting.scrape.dropping import (
    cut_after_end,
    drop_all,
    drop_foreign,
    drop_pieces,
    drop_teasers,
    trim_frame,
)
from feedpub.collecting.scrape.evidence import nearest
from feedpub.collecting.scrape.further import Place, drop_pager, next_page_of, own_addresses, page_links
from feedpub.collecting.scrape.media import files_beside, pasted_beside, pictures_beside
from feedpub.collecting.scrape.refuse import TITLE_ALONE, require_news, require_open, unreadable
from feedpub.content import Page, Scraped
from feedpub.errors import LayoutError, ScrapeError
from feedpub.html import tree
from feedpub.html.candidates import date_candidates
from feedpub.html.design import design_of, doubt_about
from feedpub.html.lines import Line, lines_of, text_of
from feedpub.html.pictures import forget_blanks
from feedpub.html.seeing import UNSEEN, mark_unseen
from feedpub.html.select import is_bare, is_inside, outermost, select, select_first
from feedpub.html.titles import read_title
from feedpub.html.topics import cut_labels, in_sentences
from feedpub.layout import Layout

# More than any article has; beyond it, the rooms after this one would take minutes.
MOST_ELEMENTS = 30_000  # of a text; a budget of 2,000 lines has some 20,000
LONGEST_TEXT = 1_000_000  # characters; a feed of more is too large for some readers
LONGEST_NAMES = 100_000  # characters of title, categories and authors
MOST_FILES = 5_000  # pictures and files beside a text

NOT_WORDS = ("script", "style")
POSTER_WORDS = 250  # characters: a poster's date and rubric are fewer, an article whose text was missed has more
LONGEST_DATE = 60  # characters; an element of more holds other words as well
MOSTLY_LINKED = 0.5  # of a line


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an article's page besides its site's layout."""

    closes_pages: bool = False  # the site's pages end with </html>
    listed_title: str = ""  # as the listing has it; "": unknown
    designs: tuple[str, ...] = ()  # of the pages that the layout was learnt from
    is_drop_set: bool = False  # a person has said what is left out, so that all of it is
    place: Place | None = None  # of a further page of an article; None: it is the first


NOTHING = Known()


def read_article(page: Page, layout: Layout, known: Known = NOTHING) -> Scraped:
    """Return the pieces of an article's page.

    Raises ScrapeError where the page was cut short (see ``read_listing``) or is no page of the site,
    and LayoutError for selectors that match nothing; its message names them.
    """
    root = require_news(page, known.closes_pages)
    boxes = select_first(root, layout.article) if layout.article else [root]
    box = next(iter(boxes), None)
    forget_blanks(root)
    if box is not None:
        _find_unseen(root, box, layout, page)
    title = read_title(root, layout.title, layout.title_fixed, known.listed_title)
    if box is None or not title.words:
        error = _unknown_layout(page, root, layout, has_box=box is not None, has_title=bool(title.words))
        raise unreadable(page, root, error)
    body = outermost(select_first(box, layout.body))
    require_open(page, body)
    _require_known_design(page, root, body, known.designs)
    own = known.place.own if known.place else own_addresses(root, page)
    links = page_links(root, body, page, own)
    onward = next_page_of(links, known.place.number if known.place else None)
    date_elements = _date_elements(box, root, layout)
    shown_dates = date_candidates(date_elements)
    named = _naming_elements(box, body, layout)
    categories = _unique_words(named)
    authors = _unique_words(select_first(box, layout.author))
    names = (title.words, *categories, *authors)
    _require_few(page, sum(map(len, names)), LONGEST_NAMES, "a title and names of {} characters")

    if known.is_drop_set:
        drop_all(box, body, layout.drop)
    else:
        drop_foreign(box, body, layout)
    whole = with_words_apart(page, box, Pieces(title, body, (*named, *date_elements)), layout)
    pictures = pictures_beside(box, layout, whole)
    pasted = pasted_beside(box, layout, whole)
    files = files_beside(box, layout, whole)
    _require_few(page, len(pictures) + len(files), MOST_FILES, "{} pictures and files")
    has_media = bool(pictures or pasted or files)
    if not body and (strange := _no_poster(page, box, layout, title.words, has_media=has_media)):
        raise unreadable(page, root, strange)
    _require_readable(page, whole)

    drop_pager(body, links, is_further=known.place is not None)
    if any(is_inside(element, body) for element in named):
        cut_labels(body, set(named))
    pieces = [*named, *_removable_pieces(box, title.element, date_elements, layout)]
    drop_pieces(body, pieces)
    drop_teasers(body, layout.teasers, page.url, tree.base_url(root, page))
    cut_after_end(body, layout.ends, layout.fixed, page.url)
    trim_frame(body, set(names), shown_dates, layout.fixed)
    return Scraped(
        url=page.url,
        base=tree.base_url(root, page),
        addresses=tree.addresses(root, page),
        title=title.words,
        dates=shown_dates,
        body="\n".join(map(tree.serialized, (*whole, *pasted))),
        pictures=pictures,
        files=files,
        categories=categories,
        author=next(iter(authors), None),
        language=tree.language(root),
        next_page=onward.url if onward else None,
        own=own,
        number=onward.number if onward else None,
    )


def _find_unseen(root: HtmlElement, box: HtmlElement, layout: Layout, page: Page) -> None:
    """Mark what visitors do not see of the text, and take it out of the title: nothing unfolds a title."""
    titles = select_first(root, layout.title)
    mark_unseen(root, [*outermost(select_first(box, layout.body)), *titles], page.url)
    tree.drop_elements(root, [e for title in titles for e in title.iterdescendants() if e.get(UNSEEN) is not None])


def _is_root(element: HtmlElement) -> bool:
    return element.getparent() is None


# ------------------------------------------------------------ title, date, names


def _date_elements(box: HtmlElement, root: HtmlElement, layout: Layout) -> list[HtmlElement]:
    """Return the first element that a date selector matches, in the article or else on the page, as a list."""
    for selector in layout.date:
        matches = select(box, selector) or select(root, selector)
        if matches:
            return matches[:1]
    return []


def _removable_pieces(
    box: HtmlElement, title: HtmlElement | None, date_elements: list[HtmlElement], layout: Layout
) -> list[HtmlElement]:
    """Return the elements of title, date and author; a date's only where it holds nothing else."""
    pieces = [] if title is None else [title]
    pieces += [e for e in date_elements if len(text_of(e)) <= LONGEST_DATE]
    pieces += select_first(box, layout.author)
    return pieces


def _naming_elements(box: HtmlElement, body: Sequence[HtmlElement], layout: Layout) -> list[HtmlElement]:
    """Return the elements that name categories. A tag alone, such as "a", means none in the text: there it is a link.

    Layouts that were learnt by earlier versions have such selectors. Nor does one mean any amid a sentence, and what
    leads to a file names none.
    """
    elements = [e for e in select_first(box, layout.categories) if not address.is_file(e.get("href") or "")]
    inside = {element for element in elements if is_inside(element, body)}
    if inside and not any(map(is_bare, layout.categories)):
        inside = in_sentences(body, inside)
    return [element for element in elements if element not in inside]


def _unique_words(elements: Iterable[HtmlElement]) -> tuple[str, ...]:
    texts = map(text_of, elements)
    return tuple(dict.fromkeys(t for t in texts if t))


# ------------------------------------------------------------ what makes a page unreadable


def _unknown_layout(page: Page, root: HtmlElement, layout: Layout, *, has_box: bool, has_title: bool) -> LayoutError:
    """Return the error that names the selectors which match nothing, of the article and of its title."""
    dead: dict[str, tuple[str, ...]] = {}
    if not has_box:
        dead["article"] = layout.article
    if not has_title:
        dead["title"] = layout.title
    problems = [_dead_key(root, key, selectors) for key, selectors in dead.items()]
    return LayoutError(page.url, f"is not laid out as known: {'; '.join(problems)}")


def _dead_key(root: HtmlElement, key: str, selectors: tuple[str, ...]) -> str:
    instead = nearest(root, selectors)
    return f"{key} = {list(selectors)!r} matches nothing, {instead}"


def _require_known_design(page: Page, root: HtmlElement, body: Sequence[HtmlElement], designs: Sequence[str]) -> None:
    """Raise LayoutError for a page of another design than is known, unless its text is whole beyond doubt.

    Selectors may match on a page of a new design as well, and find something else there.
    """
    if not body or not designs or design_of(body) in designs:
        return
    doubt = doubt_about(body, root)
    if doubt:
        raise LayoutError(page.url, f"is built in another way than the pages that were learnt from, and {doubt}")


def _require_few(page: Page, count: int, most: int, what: str) -> None:
    """Raise ScrapeError where there is more of something than any article has."""
    if count > most:
        amount = what.format(count)
        raise ScrapeError(page.url, f"has {amount}, and no more than {most} are read")


def _require_readable(page: Page, body: list[HtmlElement]) -> None:
    """Raise ScrapeError where the text has more elements or characters than any article's."""
    elements = [e for part in body for e in part.iter("*")]
    _require_few(page, len(elements), MOST_ELEMENTS, "a text of {} elements")
    with_words = [e for e in elements if e.tag not in NOT_WORDS]
    characters = sum(len(e.tail or "") for e in elements)
    characters += sum(len(e.text or "") for e in with_words)
    _require_few(page, characters, LONGEST_TEXT, "a text of {} characters")


def _no_poster(page: Page, box: HtmlElement, layout: Layout, title: str, *, has_media: bool) -> LayoutError | None:
    """Return the error of an article without a text; None where it has pictures or files and hardly any words."""
    if has_media and _loose_words(box, title) <= POSTER_WORDS:
        return None
    found = "has a title and words that are in no body" if has_media else TITLE_ALONE
    dead = f"body = {list(layout.body)!r} matches nothing; {nearest(box, layout.body)}"
    return LayoutError(page.url, f"{found}: {dead}")


def _loose_words(box: HtmlElement, title: str) -> int:
    """Return how many characters of text the box has besides title and links; 0 where the box is the page."""
    if _is_root(box):
        return 0
    unlinked = [line.text for line in lines_of(box) if not _is_mostly_linked(line)]
    title_skeleton = text.skeleton(title)
    loose = [words for words in unlinked if text.skeleton(words) != title_skeleton]
    return sum(map(len, loose))


def _is_mostly_linked(line: Line) -> bool:
    return line.linked >= MOSTLY_LINKED * len(line.text)
