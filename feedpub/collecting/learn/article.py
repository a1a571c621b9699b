"""Several articles' pages, held against each other → where title, date and body stand.

What stays the same on all pages is not the article; what changes is. Where
that leaves several answers, the plainest selector that gives the same piece on
every page wins.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from lxml.html import HtmlElement

from feedpub import address, text
from feedpub.collecting.learn import date_formats, selectors
from feedpub.collecting.learn.listing import HEADINGS, MORE, kind, shape
from feedpub.content import Page
from feedpub.errors import ScrapeError
from feedpub.html import dates, tree

# What stands in an article's box and is no part of it, as sites call it: a word anywhere in a name, or its last.
NOISE = {
    "share", "sharing", "sharedaddy", "social", "related", "relatedposts", "similar", "recommend", "recommended",
    "comments", "comment", "respond", "disqus", "breadcrumb", "breadcrumbs", "crumbs", "pagenav", "pagination",
    "subscribe", "banner", "banners", "addtoany", "pluso", "likes", "like", "counter", "toolbar", "also", "invisible",
    "visuallyhidden", "sr", "reader", "readalso", "readmore",
}  # fmt: skip
NOISY = {
    "pager", "prev", "next", "nav", "navigation", "view", "views", "hits", "rating", "print", "tag", "tags", "meta",
    "byline", "button", "buttons", "ad", "ads", "adv", "skip", "hidden",
}  # fmt: skip
BODYLIKE = re.compile(r"content|body|text|article|entry|story|post|full|desc|news|novyn", re.I)
RUBRIC = re.compile(
    r"(?:^|[\W_])(?:categor(?:y|ies)|cat|cat-links?|rubric\w*|rubrik\w*|section|topics?|taxonomy|terms?|kategor\w*"
    r"|articleSection|genre)(?:$|[\W_\d])",
    re.I,
)
RUBRIC_HREF = re.compile(
    r"[/=](?:category|categories|rubric\w*|rubrik\w*|рубрик\w*|категорі\w*|taxonomy/term|topics?|section|kategor\w*"
    r"|term|rozdil\w*)(?:/|$|=)"
    r"|[?&](?:cat|category|rubri[ck]\w*|kategor\w*)=",
    re.I,
)
RUBRIC_LABEL = re.compile(
    r"(?:категорі\w|рубрик\w|розділ\w*|тем[аи]|categor(?:y|ies)|section|filed under)\s*:?\s*$", re.I
)
TAG = re.compile(r"(?:^|[\W_])tags?(?:$|[\W_\d])", re.I)
TAG_HREF = re.compile(r"[/=](?:tags?|теги?)(?:/|$|=)|[?&]tag=", re.I)
MENU = re.compile(
    r"(?:^|[-_])(?:menu|nav|navbar|sidebar|widget|footer|related|breadcrumbs?|crumbs?|pager|social|share)(?:$|[-_])",
    re.I,
)
EDITED = re.compile(r"оновлен|змінен|редаг|updated|modified|edited|изменен|обновлен", re.I)
FILES = ", ".join(f"a[href$='.{ending}']" for ending in address.DOCUMENTS)
NEAR = 5  # lines between the title and its date, at most
PUBLISHED = (
    "meta[property='article:published_time']",
    "meta[itemprop='datePublished']",
    "meta[name='date']",
    "meta[name='DC.date.issued']",
    "meta[name='publish-date']",
    tree.LD_JSON,
)


@dataclass(eq=False)
class Sample:
    """One article's page, with what the listing said of it."""

    page: Page
    root: HtmlElement
    listed_title: str  # "" where it has none
    listed: date_formats.Shown | None
    title: str = ""  # as the page has it
    lines: list[tree.Line] = field(default_factory=list)
    title_element: HtmlElement | None = None
    date_element: HtmlElement | None = None
    body: list[HtmlElement] = field(default_factory=list)
    lengths: dict[HtmlElement, int] = field(default_factory=dict)
    numbers: dict[HtmlElement, int] = field(default_factory=dict)
    holders: set[HtmlElement] | None = None
    noise: dict[HtmlElement, bool] = field(default_factory=dict)  # by element, for each of its lines asks
    related: dict[HtmlElement, bool] = field(default_factory=dict)

    def line_of(self, element: HtmlElement) -> int | None:
        """The number of the first line that stands in an element; None where none does."""
        if not self.numbers:
            for n, line in enumerate(self.lines):
                for e in (line.element, *line.element.iterancestors()):
                    self.numbers.setdefault(e, n)
        found = self.numbers.get(element)
        return found if found is not None else next((self.numbers.get(e) for e in element.iterancestors()), None)

    def length(self, element: HtmlElement) -> int:
        if not self.lengths:
            self.lengths = tree.lengths(self.root)
        return self.lengths.get(element, 0)

    @property
    def pieces(self) -> list[HtmlElement]:
        """Title, date and body, as far as they stand in the page's text."""
        found = (self.title_element, self.date_element, *self.body)
        return [e for e in found if e is not None and e.tag not in ("meta", "script", "title", "html")]

    @property
    def above(self) -> set[HtmlElement]:
        """The pieces and all that they stand in."""
        if self.holders is None:
            self.holders = {a for e in self.pieces for a in (e, *e.iterancestors())}
        return self.holders

    @property
    def scope(self) -> HtmlElement:
        return next(iter(self.root.iter("body")), self.root)


@dataclass(frozen=True, slots=True)
class Found:
    """Selectors for one key, and on what share of the pages they give what they should."""

    selectors: tuple[str, ...] = ()
    share: float = 0.0
    why: str = ""


def sample(page: Page, title: str, listed: date_formats.Shown | None, longest: int = tree.MOST_TAGS) -> Sample:
    """What one page is to be held against others. Raises ScrapeError, also for one of more than so many elements."""
    root = tree.document(page)
    if sum(1 for _ in root.iter("*")) > longest:
        raise ScrapeError(page.url, f"has more than {longest} elements, which is no article to learn from")
    made = Sample(page, root, text.line(title), listed, text.line(title))
    made.lines = tree.lines(made.scope)
    return made


class Comparison:
    """The samples of one site, held against each other."""

    def __init__(self, samples: Sequence[Sample], zone: ZoneInfo, now: datetime) -> None:
        self.samples, self.zone, self.now = samples, zone, now
        self.seen: Counter[tuple[str, str]] = Counter()  # a line, whatever its numbers, at a kind of place
        self.places: dict[HtmlElement, str] = {}
        for s in samples:
            self.seen.update({(dates.fold(line.text), self.place(line.element)) for line in s.lines})
        self.common = max(2, round(0.6 * len(samples))) if len(samples) > 1 else 99

    def is_frame(self, line: tree.Line) -> bool:
        """Whether a line stands on most pages, whatever its numbers."""
        return self.seen[dates.fold(line.text), self.place(line.element)] >= self.common

    def place(self, element: HtmlElement) -> str:
        """What an element and its like on other pages stand in."""
        if element not in self.places:
            parent = element.getparent()
            self.places[element] = (self.place(parent) if parent is not None else "") + "/" + kind(element)
        return self.places[element]

    # -------------------------------------------------------- title

    @cached_property
    def title(self) -> Found:
        """Where the title is, by what the listing calls each article or, where that does not help, the page itself."""
        by_listing = self._title([self._listed_titles(s) or self._own_titles(s) for s in self.samples])
        if by_listing.share >= 0.7:
            return by_listing
        by_page = self._title([self._own_titles(s) for s in self.samples])
        return by_page if by_page.share > by_listing.share else by_listing

    def _title(self, wanted: Sequence[set[str]]) -> Found:
        seeds = []
        for s, names in zip(self.samples, wanted, strict=True):
            readable = (e for e in s.scope.iter("*") if e.tag not in tree.UNREAD and 0 < s.length(e) < 700)
            elements = [e for e in readable if self._is_title(e, names)]
            elements.sort(
                key=lambda e: (
                    _in_link(e),
                    e.tag not in HEADINGS and not re.search("title|head", e.get("class") or "", re.I),
                )
            )
            seeds += [(e, s.root) for e in elements[:3]]
            seeds += [(m, s.root) for m in s.root.iter("meta") if m.get("property") == "og:title"]

        def measure(selector: str) -> float:
            good = 0.0
            for s, names in zip(self.samples, wanted, strict=True):
                found = next((e for e in tree.select(s.root, selector) if tree.text(e) or e.get("content")), None)
                if found is not None and self._is_title(found, names):
                    good += 1.0 if found.tag != "meta" else 0.8
            return good / len(self.samples)

        best = selectors.best(seeds, measure)
        if best is None or best[1] < 0.5:
            return Found(why="no element says on each page what the listing or the page's own title says")
        for s in self.samples:
            s.title_element = next((e for e in tree.select(s.root, best[0]) if tree.text(e) or e.get("content")), None)
            if s.title_element is not None:
                s.title = text.line(tree.text(s.title_element) or s.title_element.get("content") or "")
        return Found((best[0],), best[1], f"it has the listing's or the page's own title on {best[1]:.0%} of the pages")

    def _listed_titles(self, s: Sample) -> set[str]:
        """What the title is by the listing, as skeletons; of one that was cut, all lines that begin with it."""
        if not s.listed_title.endswith(("…", "...")):
            return {text.skeleton(s.listed_title)} if s.listed_title else set()
        start = text.skeleton(s.listed_title.rstrip("….").strip())
        lines = (text.skeleton(line.text) for line in s.lines if len(line.text) < 400)
        return {k for k in (*self._own_titles(s), *lines) if k.startswith(start)} or {start}

    def _own_titles(self, s: Sample) -> set[str]:
        """What the page calls itself in its head, with the site's name and without."""
        own = [text.line(tree.text(e)) for e in s.root.iter("title")]
        named = [
            text.line(e.get("content") or "")
            for e in s.root.iter("meta")
            if e.get("property") in ("og:title", "twitter:title")
            or e.get("name") in ("title", "twitter:title", "dc.title")
        ]
        return {k for t in (*named, *own, *map(self._unsuffixed, own)) if (k := text.skeleton(t))}

    def _unsuffixed(self, title: str) -> str:
        """The page's title without the part that all pages have."""
        others = [text.line(tree.text(e)) for s in self.samples for e in s.root.iter("title")]
        parts = re.split(r"(\s+[|—–·»:/-]+\s+|\s*[|»]\s*)", title)
        kept = [p for p in parts[::2] if sum(p in o for o in others) <= max(1, len(others) // 2)]
        return kept[0] if len(kept) == 1 else max(kept, key=len, default="")

    def _is_title(self, element: HtmlElement, names: set[str]) -> bool:
        words = tree.text(element) if element.tag != "meta" else element.get("content") or ""
        return 0 < len(words) < 600 and text.skeleton(words) in names

    # -------------------------------------------------------- date

    @cached_property
    def date(self) -> tuple[Found, list[date_formats.Shown | None], list[str]]:
        """Where the date is, what it shows on each page, and what was set aside."""
        aside: list[str] = []
        places: dict[str, list[tuple[HtmlElement, date_formats.Shown] | None]] = {}
        for seed in self._date_seeds():
            for selector in selectors.candidates(*seed)[:60]:
                if selector not in places:
                    places[selector] = [self._dated(s, selector) for s in self.samples]
        for selector in PUBLISHED:
            places[selector] = [self._dated(s, selector) for s in self.samples]
        best: tuple[float, str] | None = None
        for selector, at in places.items():
            score = self._date_score(selector, at, aside)
            if score is not None and (best is None or score > best[0] + 1e-9):
                best = score, selector
        if best is None:
            return (
                Found(why="no date stands at one place of the pages and changes from page to page"),
                [None] * len(self.samples),
                aside,
            )
        chosen = places[best[1]]
        for s, there in zip(self.samples, chosen, strict=True):
            s.date_element = there[0] if there else None
        share = sum(at is not None for at in chosen) / len(chosen)
        found = [best[1]]
        agrees = self._machine(places, chosen)
        found = [*agrees, *found] if agrees else found
        why = "it changes from page to page" + (", and agrees with the listing" if self._agreeing(chosen) else "")
        return Found(tuple(found), share, why), [at[1] if at else None for at in chosen], aside

    def _date_seeds(self) -> Iterable[tuple[HtmlElement, HtmlElement]]:
        for s in self.samples[:4]:
            for line in s.lines:
                if (
                    len(line.text) < 200
                    and date_formats.shown(line.text, self.zone)
                    and not line.linked > 0.7 * len(line.text)
                ):
                    for e in (line.element, *list(line.element.iterancestors())[:1]):
                        if e.tag not in ("html", "body") and len(tree.text(e)) < 200:
                            yield e, s.root
                    for e in line.element.iter("*"):
                        if e is not line.element and date_formats.shown(tree.text(e), self.zone):
                            yield e, s.root
            for e in s.scope.iter("*"):
                if any(
                    tree.DATE_ATTRIBUTE.fullmatch(k)
                    and len(v) < 60
                    and (f := date_formats.shown(v, self.zone))
                    and f.has_time
                    for k, v in e.items()
                ):
                    yield e, s.root

    def _dated(self, s: Sample, selector: str) -> tuple[HtmlElement, date_formats.Shown] | None:
        """The date at the first element that the selector finds on a page."""
        element = next(iter(tree.select(s.root, selector)), None)
        if element is None:
            return None
        for string in tree.dates([element]):
            found = date_formats.shown(string, self.zone)
            if found and (found.is_machine or found.formats) and len(string) < 300:
                return element, found
        return None

    def _date_score(
        self, selector: str, at: list[tuple[HtmlElement, date_formats.Shown] | None], aside: list[str]
    ) -> float | None:
        there = [(s, a) for s, a in zip(self.samples, at, strict=True) if a]
        share = len(there) / len(at)
        if share < 0.5:
            return None
        moments = [
            min((m for o in (0, 1) if (m := date_formats.read(a[1], self.zone, self.now, o))), default=None)
            for _, a in there
        ]
        known = [m for m in moments if m]
        if not known:
            return None
        if len(at) > 2 and len(set(known)) == 1 and not self._agreeing(at):
            aside.append(f"{selector}: shows {there[0][1][1].string[:40]!r} on every page, as a clock does")
            return None
        if sum(m > self.now + timedelta(days=1) for m in known) > len(known) / 3:
            return None
        agreement = self._agreeing(at)
        score = 4 * share + 4 * agreement + 0.5 * sum(a[1].has_time for _, a in there) / len(there)
        score += 0.3 * len(set(known)) / len(known)
        element = there[0][1][0]
        where = " ".join(
            (
                element.get("class") or "",
                element.get("id") or "",
                element.get("itemprop") or "",
                element.get("property") or "",
                selector,
            )
        )
        score += 0.4 if re.search(r"publi|created|issued|post-?date|entry-date|date|submitted|time", where, re.I) else 0
        score -= 1.5 if re.search(r"modif|updat|comment|related|sidebar|footer|event|edit", where, re.I) else 0
        score -= 2.0 * sum(bool(EDITED.search(a[1].string)) for _, a in there) / len(there)
        found = [len(tree.select(s.root, selector)) for s, _ in there]
        score -= 0.5 if sum(found) > len(found) else 0  # only the first of several: where that is empty, another's
        score -= 0.5 if re.fullmatch(r"(?:.*[ >])?[a-z0-9]+", selector) and element.tag not in ("time", "meta") else 0
        score -= 0.8 * sum(_leads_away(a[0], s) for s, a in there) / len(there)
        score -= 0.4 if element.tag in ("script",) else 0.2 if element.tag == "meta" else 0
        score += 0.8 * sum(self._is_near_title(s, a[0]) for s, a in there) / len(there)
        score -= 0.004 * sum(min(200, max(0, len(tree.text(a[0])) - 25)) for _, a in there) / len(there)
        score -= 0.002 * len(selector) + (0.15 if ":nth" in selector else 0)
        return score

    def _is_near_title(self, s: Sample, element: HtmlElement) -> bool:
        """Whether no more than a few lines stand between an element and the title."""
        if s.title_element is None or element.tag in ("meta", "script"):
            return False
        at = s.line_of(element), s.line_of(s.title_element)
        return None not in at and abs((at[0] or 0) - (at[1] or 0)) <= NEAR

    def _agreeing(self, at: Sequence[tuple[HtmlElement, date_formats.Shown] | None]) -> float:
        """The share of pages whose date is the day that the listing showed; 0 where it showed none."""
        pairs = [(s.listed, a[1]) for s, a in zip(self.samples, at, strict=True) if a and s.listed]
        return sum(self._same_day(one, other) for one, other in pairs) / len(pairs) if pairs else 0.0

    def _same_day(self, one: date_formats.Shown, other: date_formats.Shown) -> bool:
        days = [
            {m.astimezone(self.zone).date() for o in (0, 1) if (m := date_formats.read(x, self.zone, self.now, o))}
            for x in (one, other)
        ]
        return bool(days[0] & days[1])

    def _machine(
        self,
        places: dict[str, list[tuple[HtmlElement, date_formats.Shown] | None]],
        chosen: list[tuple[HtmlElement, date_formats.Shown] | None],
    ) -> list[str]:
        """A date for machines that says to the minute what people are shown: it knows the offset as well."""
        if any(a and a[1].is_machine for a in chosen):
            return []
        for selector in PUBLISHED:
            at = places[selector]
            pairs = [
                (a[1], b[1])
                for a, b in zip(at, chosen, strict=True)
                if a and b and a[1].is_machine and re.search(r"[T ]\d", a[1].string)
            ]
            if len(pairs) >= max(2, 0.8 * len(chosen)) and all(self._same_clock(a, b) for a, b in pairs):
                return [selector]
        return []

    def _same_clock(self, machine: date_formats.Shown, person: date_formats.Shown) -> bool:
        instant = date_formats.read(machine, self.zone, self.now)
        local = instant.astimezone(self.zone) if instant else None
        readings = [m.astimezone(self.zone) for o in (0, 1) if (m := date_formats.read(person, self.zone, self.now, o))]
        return local is not None and any(
            r.date() == local.date() and (not person.has_time or (r.hour, r.minute) == (local.hour, local.minute))
            for r in readings
        )

    def exact(self) -> list[tuple[date_formats.Shown, datetime]]:
        """Dates as people see them, each with the instant that the same page gives to machines."""
        found = []
        for s in self.samples:
            elements = [e for selector in PUBLISHED for e in tree.select(s.root, selector)]
            strings = tree.dates([*elements, *([s.date_element] if s.date_element is not None else [])])
            shown = [f for string in strings if (f := date_formats.shown(string, self.zone))]
            instants = [m for f in shown if f.is_machine and (m := date_formats.read(f, self.zone, self.now))]
            human = [f for f in (s.listed, *shown) if f and not f.is_machine]
            found += [(f, instants[0]) for f in human if instants]
        return found

    def clock(self) -> datetime | None:
        """The day that the pages' own clock shows: a weekday with its date, the same on all of them; None without."""
        alike = Counter((line.text, self.place(line.element)) for s in self.samples for line in s.lines)
        days = [
            date_formats.read(f, self.zone, self.now)
            for (words, _), n in alike.items()
            if n == len(self.samples) > 1 and len(words) < 60 and dates.WEEKDAY.search(dates.plain(words))
            if (f := date_formats.shown(words, self.zone)) and f.formats != ("%R",) and not f.is_ambiguous
        ]
        return max((d for d in days if d and d <= self.now), default=None)

    # -------------------------------------------------------- body

    def body(self) -> Found:
        """Where the text is: the plainest box that holds what is on this page alone, and little else."""
        weighed = [self._weighed(s) for s in self.samples]
        seeds = []
        for s, (own, noise, total) in zip(self.samples, weighed, strict=True):
            chain = [
                e
                for e in s.scope.iter("*")
                if total
                and own[e] >= 0.35 * total
                and e.tag not in ("a", "span", "b", "strong", "em", "i", "font", "p")
            ]
            chain.sort(key=lambda e: -_f(own[e], noise[e], total))
            seeds += [(e, s.root) for e in chain[:6]]
        seeds = seeds[:40]
        weights = [min(total, 1500) for _, _, total in weighed]
        everything = sum(weights)
        if not everything:
            return Found(why="no text changes from page to page")

        def measure(selector: str, least: float) -> float:
            """How well a selector does; of one that cannot do better than ``least``, no more than that it cannot."""
            score, left = 0.0, everything
            for s, (own, noise, total), weight in zip(self.samples, weighed, weights, strict=True):
                if (score + left) / everything - _cost(selector) <= least:
                    return least
                left -= weight
                found = tree.outermost(tree.select(s.root, selector)) if weight else []
                if not found:
                    continue
                value = _f(sum(own[e] for e in found), sum(noise[e] for e in found), total)
                score += weight * value * (1.0 if len(found) == 1 else 0.9 if len(found) == 2 else 0.6)
            return score / everything - _cost(selector)

        best, most = None, -1.0
        tried: set[str] = set()
        for element, root in seeds:
            for selector in selectors.candidates(element, root):
                if selector in tried:
                    continue
                tried.add(selector)
                if (value := measure(selector, most + 1e-6)) > most + 1e-6:
                    best, most = selector, value
        if best is None:
            return Found(why="no box holds the text that changes from page to page")
        chosen = self._joined(best, most, weighed, weights)
        for s in self.samples:
            s.body = tree.outermost(tree.select(s.root, chosen))
        share = sum(bool(s.body) for s in self.samples) / len(self.samples)
        return Found((chosen,), share, f"it holds {most:.0%} of what differs from page to page, and little else")

    def _joined(
        self,
        best: str,
        most: float,
        weighed: Sequence[tuple[Counter[HtmlElement], Counter[HtmlElement], int]],
        weights: Sequence[int],
    ) -> str:
        """The best box, joined by a second one where the text is split over two."""
        covered = [
            sum(own[e] for e in tree.outermost(tree.select(s.root, best)))
            for s, (own, _, _) in zip(self.samples, weighed, strict=True)
        ]
        missing = sum(max(0, total - c) for (_, _, total), c in zip(weighed, covered, strict=True))
        if missing < 0.03 * sum(total for _, _, total in weighed):
            return best
        rest: Counter[str] = Counter()
        for s, (own, noise, _total) in zip(self.samples, weighed, strict=True):
            taken = tree.outermost(tree.select(s.root, best))
            around = taken[0].getparent() if taken else None
            near = [e for a in ([around, around.getparent()] if around is not None else []) if a is not None for e in a]
            for e in near:
                if (
                    isinstance(e.tag, str)
                    and e not in taken
                    and not any(a is e for t in taken for a in t.iterancestors())
                    and self._is_prose(e)
                    and own[e] > 4 * noise[e]
                    and not self.is_noise(e, s)
                ):
                    rest.update(n for n in selectors.candidates(e, s.root)[:12] if n != e.tag)
        for name, count in rest.most_common():
            if count < 2:
                break
            beside = [self._beside(s, best, name) for s in self.samples]
            if any(len(found) > 1 or not all(map(self._is_prose, found)) for found in beside):
                continue
            union = f"{best}, {name}"
            value = 0.0
            for s, (own, noise, total), weight in zip(self.samples, weighed, weights, strict=True):
                found = tree.outermost(tree.select(s.root, union))
                value += weight * _f(sum(own[e] for e in found), sum(noise[e] for e in found), total) if total else 0
            if value / sum(weights) - _cost(union) > most + 0.002:
                return union
        return best

    def _beside(self, s: Sample, best: str, name: str) -> list[HtmlElement]:
        """What a second selector finds on a page besides the first."""
        taken = set(tree.select(s.root, best))
        return [e for e in tree.select(s.root, name) if e not in taken and not tree.is_inside(e, taken)]

    def _is_prose(self, element: HtmlElement) -> bool:
        """Whether an element holds a sentence at least, and not a row of labels and numbers."""
        return any(len(line.text) >= 40 and len(line.text.split()) >= 6 for line in tree.lines(element))

    def _weighed(self, s: Sample) -> tuple[Counter[HtmlElement], Counter[HtmlElement], int]:
        """For each element how many characters of its lines are this page's own, and how many are noise; the sum."""
        own: Counter[HtmlElement] = Counter()
        noise: Counter[HtmlElement] = Counter()
        total = 0
        title = text.skeleton(s.title)
        for line in s.lines:
            size = len(line.text)
            is_own = not self._is_noise(s, line, title)
            total += size if is_own else 0
            # What is called a part of the frame can be dropped by that name, so it speaks little against its box.
            weight = size if is_own or not self._is_called_noise(s, line) else size // 8
            for e in (line.element, *line.element.iterancestors()):
                (own if is_own else noise)[e] += weight
        return own, noise, total

    def _is_called_noise(self, s: Sample, line: tree.Line) -> bool:
        around = [e for e in (line.element, *line.element.iterancestors()) if e.tag not in ("body", "html")]
        if any(self.is_noise(e, s) for e in around):
            return True
        above = self._above_title(s)
        return any(self._is_related(e, s) for e in around[:4] if e not in above)

    def _is_noise(self, s: Sample, line: tree.Line, title: str) -> bool:
        if self.is_frame(line) or line.linked > 0.7 * len(line.text) or text.skeleton(line.text) == title:
            return True
        if (
            s.date_element is not None
            and (line.element is s.date_element or tree.is_inside(line.element, [s.date_element]))
            and len(tree.text(s.date_element)) < 120
        ):
            return True
        if len(line.text) < 60 and date_formats.shown(line.text, self.zone) and line.text.count(" ") < 6:
            return True
        return self._is_called_noise(s, line)

    def _above_title(self, s: Sample) -> set[HtmlElement]:
        """What the title stands in: the article itself, whatever lists are in it as well."""
        return set(s.title_element.iterancestors()) if s.title_element is not None else set()

    def is_noise(self, element: HtmlElement, s: Sample) -> bool:
        """Whether an element is called like a part of the frame; one that holds much of the page is none."""
        if element not in s.noise:
            s.noise[element] = _is_noise(element) and s.length(element) < 0.4 * s.length(s.scope)
        return s.noise[element]

    # -------------------------------------------------------- the rest

    def box(self) -> Found:
        """The box that holds title, date and body, and what stands between them."""
        boxes = [(s, tree.common(s.pieces, s.scope)) for s in self.samples if s.body]
        if not boxes or all(b.tag in ("body", "html") for _, b in boxes):
            return Found()
        measure = selectors.foremost([(s.root, b) for s, b in boxes])
        best = selectors.best([(b, s.root) for s, b in boxes[:3] if b.tag not in ("body", "html")], measure)
        return Found((best[0],), best[1], "it holds title, date and body") if best and best[1] >= 0.75 else Found()

    def fixed(self) -> tuple[str, ...]:
        """The lines of the frame that stand in the body's box on most pages."""
        inside: Counter[str] = Counter()
        shown: dict[str, str] = {}
        for s in self.samples:
            own = {dates.fold(line.text): line.text for e in s.body for line in tree.lines(e) if self.is_frame(line)}
            inside.update(own.keys())
            shown.update({k: v for k, v in own.items() if k not in shown})
        return tuple(shown[k] for k, n in inside.items() if n >= 0.6 * len(self.samples) and n > 1)[:60]

    def drop(self, box: Sequence[str]) -> tuple[str, ...]:
        """What in the article's box is no part of it: the frame's pieces by name, and lists of other articles."""
        found: dict[str, None] = {}
        for s in self.samples:
            outer = self._outer(s, box) if box or not s.body else s.body[0]
            for e in outer.iter("*"):
                if e in s.above or e.tag in tree.UNREAD:
                    continue
                if self.is_noise(e, s) and not self._is_category(e):
                    if name := next((n for n in _noise_names(e) if self._is_safe(n)), None):
                        found.setdefault(name)
                elif self._is_related(e, s) and (
                    name := next((n for n in selectors.own(e)[:-1] if self._is_safe(n)), None)
                ):
                    found.setdefault(name)
        return tuple(found)[:24]

    def _is_safe(self, selector: str) -> bool:
        """Whether dropping it takes none of the text that is a page's own, on any page."""
        for s in self.samples:
            matched = tree.select(s.root, selector)
            if any(e in s.above for e in matched):
                return False
            inside = [e for e in matched if tree.is_inside(e, s.body)]
            lost = sum(
                len(line.text)
                for e in inside
                for line in tree.lines(e)
                if not self.is_frame(line) and line.linked < 0.5 * len(line.text)
            )
            whole = sum(len(tree.text(b)) for b in s.body)
            if whole and lost > 0.05 * whole and lost > 60 and not _is_noise_name(selector[1:]):
                return False
        return True

    def _is_related(self, element: HtmlElement, s: Sample) -> bool:
        """Whether an element is a list of other articles: several links of this page's kind, and few other words."""
        if element not in s.related:
            s.related[element] = self._lists_others(element, s)
        return s.related[element]

    def _lists_others(self, element: HtmlElement, s: Sample) -> bool:
        if element.tag not in ("div", "ul", "section", "table", "aside", "nav", "ol"):
            return False
        own = address.key(s.page.url)
        urls = {
            u
            for a in element.iter("a")
            if (u := address.absolute(s.page.url, a.get("href") or "")) and address.key(u) != own
        }
        alike = {u for u in urls if shape(u) == shape(s.page.url) and address.host(u) == address.host(s.page.url)}
        words = tree.lines(element)
        linked = sum(line.linked for line in words)
        return len(alike) >= 2 and linked > 0.5 * sum(len(line.text) for line in words)

    def _is_category(self, element: HtmlElement) -> bool:
        names = f"{element.get('class') or ''} {element.get('rel') or ''} {element.get('itemprop') or ''}"
        if RUBRIC.search(names) or TAG.search(names):
            return True
        hrefs = [unquote(a.get("href") or "") for a in element.iter("a")]
        return any(RUBRIC_HREF.search(h) or TAG_HREF.search(h) for h in hrefs)

    def categories(self, box: Sequence[str]) -> Found:
        """The links, or words, beside the body that name what the article is about; tags for want of a rubric."""
        for names in (self._names_rubric, self._leads_up, self._names_tag):
            per = [self._naming(s, box, names) for s in self.samples]
            if sum(bool(p) for p in per) < max(1, 0.3 * len(per)):
                continue
            targets = [(self._outer(s, box), p) for s, p in zip(self.samples, per, strict=True)]
            seeds = [(e, s.root) for s, p in zip(self.samples, per, strict=True) for e in p[:2]]
            best = selectors.best(seeds, selectors.exact(targets))
            if best and best[1] >= 0.8:
                return Found((best[0],), best[1], "they name what articles are about")
        return Found()

    def _outer(self, s: Sample, box: Sequence[str]) -> HtmlElement:
        """The article's box on a page; the page itself where there is none."""
        return next(iter(tree.first(s.root, box)), s.scope) if box else s.scope

    def _naming(self, s: Sample, box: Sequence[str], names: Callable[[HtmlElement, Sample], bool]) -> list[HtmlElement]:
        """The innermost elements that name a category, outside body and title."""
        inside = {*s.body, *(e for b in s.body for e in b.iter())} | (
            {s.title_element} if s.title_element is not None else set()
        )
        found = [
            e
            for e in self._outer(s, box).iter("a", "span", "div", "p", "li", "b", "strong", "td", "dd")
            if e not in inside and 1 < s.length(e) < 60 and not MORE.fullmatch(text.line(tree.text(e)))
            and (e.get("itemprop") == "articleSection" or not self._is_in_frame(e))
            and (e.tag == "a" or not e.findall(".//a")) and names(e, s)
            and not date_formats.shown(tree.text(e), self.zone)
        ]  # fmt: skip
        return [e for e in found if not any(x is not e and x in found for x in e.iter())]

    def _is_in_frame(self, element: HtmlElement) -> bool:
        around = [element, *list(element.iterancestors())[:5]]
        return any(e.tag in ("nav", "aside", "footer") for e in around) or any(
            MENU.search(n) for e in around for n in ((e.get("class") or "") + " " + (e.get("id") or "")).split()
        )

    def _called(self, element: HtmlElement) -> str:
        around = [element, *list(element.iterancestors())[:3]]
        return " ".join(
            f"{e.get('class') or ''} {e.get('rel') or ''} {e.get('itemprop') or ''}"
            for e in around
            if e.tag != "article"
        )

    def _names_rubric(self, element: HtmlElement, s: Sample) -> bool:
        words = text.line(tree.text(element))
        if words.startswith("#"):
            return False
        if element.tag != "a":
            return bool(RUBRIC.search(f"{element.get('class') or ''} {element.get('itemprop') or ''}"))
        parent = element.getparent()
        around = text.line(tree.text(parent)) if parent is not None else ""
        before = around[: around.find(words)]
        href = unquote(element.get("href") or "")
        return bool(
            RUBRIC.search(self._called(element)) or RUBRIC_HREF.search(href) or RUBRIC_LABEL.search(before[-30:])
        )

    def _leads_up(self, element: HtmlElement, s: Sample) -> bool:
        """Whether a link leads to the folder in which the article's address lies, and not every article's."""
        url = address.absolute(s.page.url, element.get("href") or "") if element.tag == "a" else None
        if url is None:
            return False
        key = address.key(url)
        above = key.partition("/")[2] and address.key(s.page.url).startswith(key + "/")
        return bool(above) and not all(address.key(o.page.url).startswith(key + "/") for o in self.samples)

    def _names_tag(self, element: HtmlElement, s: Sample) -> bool:
        if element.tag != "a":
            parent = element.getparent()
            around = parent.get("class") or "" if parent is not None else ""
            return bool(TAG.search(f"{element.get('class') or ''} {around}"))
        return bool(TAG.search(self._called(element)) or TAG_HREF.search(unquote(element.get("href") or "")))

    def pictures(self, box: Sequence[str]) -> Found:
        """The article's pictures beside its body: they change from page to page, and lead to no other page."""
        per = []
        counted: Counter[str] = Counter()
        for s in self.samples:
            counted.update({e.get("src") or "" for e in s.root.iter("img")})
        rejected = 0
        for s in self.samples:
            outer = self._outer(s, box)
            mine = []
            for e in outer.iter("img"):
                if tree.is_inside(e, s.body):
                    continue
                if self._is_own_picture(e, s, counted):
                    mine.append(e)
                else:
                    rejected += 1
            per.append((s, outer, mine))
        if box and not rejected:
            return Found(("img",), 1.0, "every picture in the article's box")
        best = selectors.best(
            [(e, s.root) for s, _, mine in per for e in mine[:1]], selectors.exact([(o, m) for _, o, m in per])
        )
        return (
            Found((best[0],), best[1], "pictures that change from page to page") if best and best[1] >= 0.8 else Found()
        )

    def _is_own_picture(self, image: HtmlElement, s: Sample, counted: Counter[str]) -> bool:
        src = image.get("src") or ""
        anchor = next(image.iterancestors("a"), None)
        target = address.absolute(s.page.url, anchor.get("href") or "") if anchor is not None else None
        leads_away = (
            target is not None
            and not re.search(r"\.(?:jpe?g|png|gif|webp)", target, re.I)
            and address.key(target) != address.key(s.page.url)
        )
        lazy = src.startswith("data:") or not src
        return (
            (lazy or counted[src] <= max(1, len(self.samples) // 4))
            and not leads_away
            and not any(self.is_noise(a, s) for a in list(image.iterancestors())[:4])
        )

    def files(self, box: Sequence[str]) -> Found:
        """Documents beside the body; all in the article's box, where the frame has none there."""
        for s in self.samples:
            outer = self._outer(s, box)
            if not box or any(
                self.seen[dates.fold(tree.text(a)), self.place(a)] >= self.common
                for a in outer.iter("a")
                if address.is_document(a.get("href") or "")
            ):
                return Found()
        return Found((FILES,), 1.0, "links to documents in the article's box")


def _in_link(element: HtmlElement) -> bool:
    return element.tag == "a" or next(element.iterancestors("a"), None) is not None


def _leads_away(element: HtmlElement, s: Sample) -> bool:
    """Whether an element stands in a link to another page."""
    anchor = next((a for a in (element, *element.iterancestors()) if a.tag == "a"), None)
    url = address.absolute(s.page.url, anchor.get("href") or "") if anchor is not None else None
    return url is not None and address.key(url) != address.key(s.page.url)


def _is_noise(element: HtmlElement) -> bool:
    return element.tag in ("nav", "form", "button", "aside", "footer") or bool(_noise_names(element))


def _noise_names(element: HtmlElement) -> list[str]:
    """The selectors among an element's names that call it a part of the frame."""
    classes = [f".{c}" for c in (element.get("class") or "").split() if _is_noise_name(c)]
    name = element.get("id") or ""
    return classes + ([f"#{name}"] if _is_noise_name(name) else [])


def _is_noise_name(name: str) -> bool:
    words = [w.lower() for w in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", name)]
    if not words or words[0] in ("has", "with", "no", "is", "field") or "no" in words[:-1]:
        return False
    return bool(NOISE & set(words)) or words[-1] in NOISY


def _f(own: int, noise: int, total: int) -> float:
    """How well a box holds the page's own text: the harmonic mean of precision and recall."""
    if not own or not total:
        return 0.0
    precision, recall = own / (own + noise), own / total
    return 2 * precision * recall / (precision + recall)


def _cost(selector: str) -> float:
    """What a selector that is longer, or counts, is worse by: among equals the plainer lasts longer."""
    named = 0.004 if re.search(BODYLIKE, selector) else 0.008
    named += 0.006 if re.search(r"(?:^|[ >])[a-z0-9]+$", selector) else 0
    return (
        named
        + 0.00008 * len(selector)
        + (0.01 if ":nth" in selector else 0)
        + (0.006 if re.search(r"\d{2,}", selector) else 0)
    )
