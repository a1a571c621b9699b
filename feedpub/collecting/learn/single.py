"""One page of a site that nobody knows → what it gives, as far as one page can tell.

There is nothing to hold the page against, so the text is what trafilatura
takes for it; it is the best there is for that. The words are then found again
in the page, so that links, pictures and tables come as the page has them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from html import escape
from statistics import median
from zoneinfo import ZoneInfo

from lxml import etree
from lxml.html import HtmlElement

from feedpub import text
from feedpub.collecting.learn import boxes, date_formats
from feedpub.collecting.learn.article import PUBLISHED, Comparison, sample
from feedpub.collecting.learn.listing import Group, Survey
from feedpub.content import Page, Scraped
from feedpub.html import tree
from feedpub.model import Layout

TEASER = 500  # characters of a listing's item, at most
HEAD = 6  # lines above or below the title in which its date may stand
SAME = (0.99, 1.01)  # of the words that were taken for the text, how many are found again in the page
FEW = 25  # letters; a shorter line says too little to be found again by


@dataclass(frozen=True, slots=True)
class Given:
    """What one page gives: the layout of its listing, the pieces of its article with the formats of its date."""

    listing: Layout | None
    article: tuple[Scraped, tuple[str, ...]] | None


def read(page: Page, zone: ZoneInfo, now: datetime) -> Given:
    """What a page of an unknown site gives. A listing's teasers are no article; an article may stand beside a list."""
    root = tree.document(page)
    survey = Survey(root, tree.base(root, page), zone, now)
    group = next((g for g in survey.groups() if survey.is_news(g)), None)
    main = _main_text(page)
    if group is None:
        return Given(None, article(page, zone, now, main))
    listed = text.skeleton(" ".join(r.words for r in group.records))
    lines = [k for line in main.splitlines() if len(k := text.skeleton(line)) >= FEW]
    total, within = sum(map(len, lines)), sum(len(k) for k in lines if k in listed)
    says_article = _says_article(root)
    is_beside = within < (0.7 if says_article else 0.4) * total and total - within > 0.5 * len(listed)
    dated = sum(1 for r in group.records if r.date)
    is_short = median(len(r.words) for r in group.records) < TEASER
    is_teasers = is_short and not says_article and within >= 0.8 * total and dated >= max(4, 0.6 * len(group.records))
    return Given(
        None if is_beside else _layout(group, survey, root),
        None if is_teasers else article(page, zone, now, main),
    )


def _layout(group: Group, survey: Survey, root: HtmlElement) -> Layout:
    series = [[r.date for r in group.records if r.date]]
    clock = f"the day on which it is read, {survey.now:%Y-%m-%d}"
    return boxes.lone_layout(
        group, survey, date_formats.prove(series, survey.zone, survey.now, tree.language(root), clock).formats
    )


def _says_article(root: HtmlElement) -> bool:
    """Whether the page calls itself an article, to networks or to search engines."""
    og = [m.get("content") for m in root.iter("meta") if m.get("property") == "og:type"]
    dated = [m for m in root.iter("meta") if m.get("property") == "article:published_time"]
    linked = [e.text or "" for e in tree.select(root, tree.LD_JSON)]
    return "article" in og or bool(dated) or any(re.search(r'"(?:News|Blog)?(?:Article|Posting)"', t) for t in linked)


def article(page: Page, zone: ZoneInfo, now: datetime, main: str) -> tuple[Scraped, tuple[str, ...]] | None:
    """The pieces of an article's page and the formats of its date; None where the page has no text of its own.

    ``main`` is what was taken for its text.
    """
    root = tree.document(page)
    if not main.strip():
        return None
    seen = sample(page, "", None)
    comparison = Comparison([seen], zone, now)
    found = comparison.title
    title = seen.title if found.selectors else _page_title(root)
    dates, formats = _dates(seen.root, seen.lines, title, zone, now, tree.language(root))
    return (
        Scraped(
            url=page.url, base=tree.base(root, page), addresses=tree.addresses(root, page), title=title, dates=dates,
            body=_body(root, main),
        ),
        formats,
    )  # fmt: skip


def _main_text(page: Page) -> str:
    import trafilatura

    return trafilatura.extract(page.text, url=page.url, include_comments=False) or ""


def _page_title(root: HtmlElement) -> str:
    heading = next((t for e in root.iter("h1") if (t := text.line(tree.text(e)))), "")
    own = next((t for e in root.iter("title") if (t := text.line(tree.text(e)))), "")
    return heading or re.split(r"\s+[|—–·»]\s+", own)[0]


def _body(root: HtmlElement, main: str) -> str:
    """The page's own markup for the words that were taken for its text, in the page's order."""
    lines = {k for line in main.splitlines() if (k := text.skeleton(line))}
    whole = text.skeleton(main)
    scope = next(iter(root.iter("body")), root)
    kept: list[tree.Line] = []
    for line in tree.lines(scope):
        key = text.skeleton(line.text)
        if key in lines or (len(key) >= FEW and key in whole):
            kept.append(line)
        else:
            tree.cut(line)
    found = text.skeleton("".join(line.text for line in kept))
    if not kept or not SAME[0] <= len(found) / len(whole) <= SAME[1]:
        return "\n".join(f"<p>{escape(line)}</p>" for line in main.splitlines() if line.strip())
    _show_sections(kept)
    box = tree.common([line.element for line in kept], scope)
    return etree.tostring(box, encoding="unicode", method="html", with_tail=False)


def _show_sections(kept: list[tree.Line]) -> None:
    """Where nearly all of the text is hidden, a script shows it section by section, and it is text all the same."""
    hidden = {e for line in kept for e in (line.element, *line.element.iterancestors()) if _is_hidden(e)}
    unseen = sum(len(line.text) for line in kept if line.element in hidden or tree.is_inside(line.element, hidden))
    if unseen > 0.9 * sum(len(line.text) for line in kept):
        for element in hidden:
            element.attrib.pop("style", None)
            element.attrib.pop("hidden", None)


def _is_hidden(element: HtmlElement) -> bool:
    return element.get("hidden") is not None or bool(re.search(r"display\s*:\s*none", element.get("style") or ""))


def _dates(
    root: HtmlElement, lines: list[tree.Line], title: str, zone: ZoneInfo, now: datetime, language: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The date of one page: what is written for machines, else what stands nearest to the title."""
    machine = tree.dates([e for s in PUBLISHED for e in tree.select(root, s)])
    machine = tuple(m for m in machine if (f := date_formats.shown(m, zone)) and f.is_machine)
    if machine:
        return machine[:1], ()
    key = text.skeleton(title)
    at = [n for n, line in enumerate(lines) if text.skeleton(line.text) == key and not line.linked]
    dated = [
        (n, f)
        for n, line in enumerate(lines)
        if len(line.text) < 120
        and (f := date_formats.shown(line.text, zone))
        and f.formats
        and line.linked != len(line.text)
    ]
    if at:
        near = [(min(abs(n - t) for t in at), n, f) for n, f in dated]
        dated = [(n, f) for far, n, f in sorted(near, key=lambda d: (d[0], not d[2].has_time)) if far <= HEAD]
        if dated and (exact := _exact(lines[dated[0][0]], zone)):
            return (exact,), ()
    timed = [f for e in root.iter("time", "abbr") for s in tree.dates([e]) if (f := date_formats.shown(s, zone))]
    candidates = [f for f in ([f for _, f in dated] or timed) if date_formats.read(f, zone, now)]
    if not candidates:
        return (), ()
    every = [f for line in lines if len(line.text) < 120 and (f := date_formats.shown(line.text, zone))]
    clock = _clock(every, zone, now)
    proof = date_formats.prove(
        [[candidates[0]]],
        zone,
        clock or now,
        language,
        "the page's own clock" if clock else f"the day on which it is read, {now:%Y-%m-%d}",
    )
    best = next((c for c in candidates if c.is_machine or set(c.formats) & set(proof.formats)), None)
    return ((best.string,), proof.formats) if best else ((), ())


def _exact(line: tree.Line, zone: ZoneInfo) -> str | None:
    """The instant for machines that an element around a shown date carries."""
    for element in (line.element, *list(line.element.iterancestors())[:2], *line.element.iter("*")):
        for string in tree.dates([element]):
            if (found := date_formats.shown(string, zone)) and found.is_machine:
                return string
    return None


def _clock(every: list[date_formats.Shown], zone: ZoneInfo, now: datetime) -> datetime | None:
    """The latest day that the page shows beyond doubt, where it is not in the future: a clock's, if there is one."""
    days = [
        m
        for f in every
        if not f.is_ambiguous and f.formats != ("%R",) and (m := date_formats.read(f, zone, now)) and m <= now
    ]
    return max(days, default=None)
