"""An article's page → its pieces."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml import etree
from lxml.html import HtmlElement

from feedpub import text
from feedpub.collecting.scrape.evidence import nearest
from feedpub.collecting.scrape.refuse import require_news
from feedpub.content import Attachment, Page, Picture, Scraped
from feedpub.errors import LayoutError, ScrapeError
from feedpub.html import dates, tree
from feedpub.model import Layout

LARGEST = 30_000  # elements of a text; a budget of 2,000 lines has some 20,000
LONGEST = 1_000_000  # characters of a text; a feed of more is too large for some readers
LONGEST_NAMES = 100_000  # characters of title, categories and authors
MOST_FILES = 5_000  # pictures and files beside a text
UNSEEN = ("script", "style")
UNREAD = 250  # characters: a poster with its date and rubric has fewer, an article of which the text is missed has more


def article(page: Page, layout: Layout, *, closes_pages: bool = False) -> Scraped:
    """The pieces of an article's page.

    Raises ScrapeError where the page was cut short (see ``listing``) or is no
    page of the site's at all, LayoutError for selectors that match nothing,
    which it names.
    """
    root = require_news(page, closes_pages)
    box = next(iter(tree.first(root, layout.article)), None) if layout.article else root
    title_element, title = _title(root, layout.title)
    if box is None or not title:
        missing = {"article": layout.article} if box is None else {}
        missing |= {} if title else {"title": layout.title}
        named = "; ".join(f"{k} = {list(v)!r} matches nothing, {nearest(root, v)}" for k, v in missing.items())
        raise LayoutError(page.url, f"is not laid out as known: {named}")
    dated = next((f for s in layout.date if (f := tree.select(box, s) or tree.select(root, s))), [])[:1]
    shown = tree.dates(dated)
    body = tree.outermost(tree.first(box, layout.body))
    categories, author = _texts(box, layout.categories), _texts(box, layout.author)
    _require_measure(
        page, sum(map(len, (title, *categories, *author))), LONGEST_NAMES, "a title and names of {} characters"
    )
    tree.drop(box, _dropped(box, body, layout))
    pictures, files = _pictures(box, layout, body), _files(box, layout, body)
    _require_measure(page, len(pictures) + len(files), MOST_FILES, "{} pictures and files")
    if not body and (not (pictures or files) or _spoken(box, title) > UNREAD):
        besides = "nothing else" if not (pictures or files) else "words that are in no body"
        raise LayoutError(
            page.url,
            f"has a title and {besides}: body = {list(layout.body)!r} matches nothing; {nearest(box, layout.body)}",
        )
    elements = [e for b in body for e in b.iter("*")]
    _require_measure(page, len(elements), LARGEST, "a text of {} elements")
    characters = sum(len(e.text or "") * (e.tag not in UNSEEN) + len(e.tail or "") for e in elements)
    _require_measure(page, characters, LONGEST, "a text of {} characters")
    _drop_pieces(body, title_element, dated, box, layout)
    _trim(body, {title, *categories, *author}, shown, layout.fixed)
    return Scraped(
        url=page.url,
        base=tree.base(root, page),
        addresses=tree.addresses(root, page),
        title=title,
        dates=shown,
        body="\n".join(etree.tostring(e, encoding="unicode", method="html", with_tail=False) for e in body),
        pictures=pictures,
        files=files,
        categories=categories,
        author=next(iter(author), None),
    )


def _require_measure(page: Page, found: int, most: int, what: str) -> None:
    """Raises ScrapeError where there is more of something than any article has: it would take minutes to go on with."""
    if found > most:
        raise ScrapeError(page.url, f"has {what.format(found)}, and no more than {most} are read")


def _spoken(box: HtmlElement, title: str) -> int:
    """How many characters of text an article's box has besides its title and links; 0 where the box is the page."""
    if box.getparent() is None:
        return 0
    lines = [line for line in tree.lines(box) if line.linked < 0.5 * len(line.text)]
    return sum(len(line.text) for line in lines if text.skeleton(line.text) != text.skeleton(title))


def _texts(element: HtmlElement, selectors: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(t for e in tree.first(element, selectors) if (t := tree.text(e))))


def _title(root: HtmlElement, selectors: Iterable[str]) -> tuple[HtmlElement | None, str]:
    """The first title with words in it: its text or, of an element for machines, its content."""
    elements = (e for s in selectors for e in tree.select(root, s))
    found = ((e, tree.text(e) or (e.get("content") or "").strip()) for e in elements)
    return next(((e, t) for e, t in found if t), (None, ""))


# ------------------------------------------------------------ pictures and files beside the body


def _pictures(box: HtmlElement, layout: Layout, body: list[HtmlElement]) -> tuple[Picture, ...]:
    beside = (e for e in tree.first(box, layout.images) if not tree.is_inside(e, body) and not _is_icon(e))
    return tuple(Picture(src, e.get("alt") or "") for e in beside if (src := _source(e)))


def _is_icon(image: HtmlElement) -> bool:
    """Whether a picture is the sign of a kind of file, or of a place to share."""
    named = re.search(r"(?:^|[-_ ])icons?(?:$|[-_ ])|/icons?/", f"{image.get('class') or ''} {image.get('src') or ''}")
    sizes = [(image.get(a) or "").removesuffix("px") for a in ("width", "height")]
    return named is not None or all((n := text.number(s)) is not None and n <= 32 for s in sizes)


def _source(image: HtmlElement) -> str | None:
    lazy = next((v for a in ("data-src", "data-original", "data-lazy-src") if (v := image.get(a))), None)
    return lazy or image.get("src") or image.get("content")


def _files(box: HtmlElement, layout: Layout, body: list[HtmlElement]) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(e.get("href", ""), tree.text(e), *_told(e.get("type", "")))
        for e in tree.first(box, layout.files)
        if not tree.is_inside(e, body)
    )


def _told(value: str) -> tuple[str | None, int | None]:
    """Type and length as Drupal writes them into a link: ``type="application/pdf; length=30219"``."""
    found = re.fullmatch(r"([\w.+-]+/[\w.+-]+);\s*length=(\d+)", value)
    return (found[1], text.number(found[2])) if found else (None, None)


# ------------------------------------------------------------ what is no part of the text


def _dropped(box: HtmlElement, body: list[HtmlElement], layout: Layout) -> list[HtmlElement]:
    """What the layout drops from the article; never the body itself, nor what it stands in."""
    kept = {*body, box, *(a for e in body for a in e.iterancestors())}
    found = [e for s in layout.drop for e in tree.select(box, s) if e not in kept]
    return [e for e in tree.outermost(list(dict.fromkeys(found))) if e.getparent() is not None]


def _drop_pieces(
    body: list[HtmlElement], title: HtmlElement | None, dated: list[HtmlElement], box: HtmlElement, layout: Layout
) -> None:
    """What was taken as title, date, category or author is not text as well; a date only where it is nothing else."""
    pieces = [e for e in (title,) if e is not None]
    pieces += [e for e in dated if len(tree.text(e)) <= 60]
    pieces += [e for key in (layout.categories, layout.author) for e in tree.first(box, key)]
    inside = [e for e in pieces if e not in body and e.getparent() is not None]
    for part in body:
        tree.drop(part, [e for e in inside if tree.is_inside(e, [part])])


def _trim(body: list[HtmlElement], pieces: set[str], shown: tuple[str, ...], fixed: tuple[str, ...]) -> None:
    """Takes the lines that belong to the page from both ends of the body, up to the first one that is news.

    They are the title, the date and what stands on every page (``fixed``),
    whatever numbers and days are in that.
    """
    if not fixed:
        return
    ours = {text.skeleton(p) for p in pieces}
    frame = {dates.fold(f) for f in fixed}
    when = {text.line(d) for d in shown}
    lines = [line for element in body for line in tree.lines(element)]

    def is_ours(line: tree.Line) -> bool:
        words = text.line(line.text)
        return dates.fold(words) in frame or words in when or text.skeleton(words) in ours or text.is_stored_name(words)

    while lines and is_ours(lines[0]):
        tree.cut(lines.pop(0))
    while lines and is_ours(lines[-1]):
        tree.cut(lines.pop())
