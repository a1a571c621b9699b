"""A listing's page → groups of boxes that may be its news, the likeliest first.

News on a listing repeat: boxes of one kind, each with one address that no
other box has. So do menus, sidebars and sliders; what tells the news apart is
that they have titles of several words, dates, words beside the link, an order
from new to old, and that they are not on the site's other pages.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import pairwise
from statistics import median
from zoneinfo import ZoneInfo

from lxml.html import HtmlElement

from feedpub import address, text
from feedpub.collecting.learn import date_formats
from feedpub.collecting.learn.selectors import PASSING
from feedpub.errors import ScrapeError
from feedpub.html import tree

FURNITURE = re.compile(  # what the boxes of a frame are called
    r"(?:^|[\W_])(?:menu|nav|navbar|navigation|sidebar|aside|footer|header|breadcrumbs?|banners?|slider|slideshow|carousel"
    r"|slick|swiper|owl|popular|related|partners?|tags?|tagcloud|social|share|widget|archive|calendar|links|topbar|marquee|ticker"
    r"|pager|pagination|comments?|language|lang|search|login|weather|similar|most-?read|top-?news)(?:$|[\W_\d])",
    re.IGNORECASE,
)
NEWSLIKE = re.compile(
    r"news|novyn|novin|новин|post|article|teaser|publication|view-content|blog|entry|item-?list|content", re.I
)
MORE = re.compile(
    r"(?:детальн\w*|докладн\w*|подробн\w*|читати(?: далі| більше| повністю| все)?|далі|більше|дивитис[ья]\w*|перейти"
    r"|відкрити|переглянути|(?:read|view|see|learn|continue)(?: \w+)?(?: more)?|more|повн\w+ (?:текст|новин\w+|верс\w+)"
    r"|ознайомит\w+|дізнатися(?: більше)?)(?: (?:про|about)\b.*)?[\s.…»›>→]*|[\W\d_]*",
    re.IGNORECASE,
)
LARGEST = 30_000  # elements of a page; a listing has some 1,000
MOST_LINKS = 3_000  # of a page; a listing has some 200
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}


@dataclass(eq=False)
class Record:
    """One box, and what of it is its news."""

    box: HtmlElement
    url: str
    anchors: list[HtmlElement]  # to the article, in the page's order
    title: str = ""
    title_element: HtmlElement | None = None
    date: date_formats.Shown | None = None
    date_element: HtmlElement | None = None
    words: str = ""  # all of the box


@dataclass(eq=False)
class Group:
    """Boxes of one kind."""

    records: list[Record]
    is_flat: bool = False  # the boxes are only what each item begins with
    again: list[HtmlElement] = field(default_factory=list)  # boxes of the same kind that go on with an item
    day_elements: list[HtmlElement] = field(default_factory=list)
    reasons: dict[str, float] = field(default_factory=dict)

    @property
    def urls(self) -> list[str]:
        return [r.url for r in self.records]

    @property
    def score(self) -> float:
        return sum(self.reasons.values())

    @property
    def chars(self) -> int:
        return sum(len(r.words) for r in self.records)


STATE = re.compile(  # what one item of a list may be called besides
    r".*(?:sticky|pinned|promoted|featured|leading|important|is-\w+|has-\w+|with-\w+|format-|category-|tag-|status-|type-).*"
    r"|big|small|large|main|hot|new|wide|top|post-\w+"
)


def kind(element: HtmlElement) -> str:
    """What an element and its like share: its tag and the classes that name no state and no number."""
    classes = sorted(
        c for c in (element.get("class") or "").split() if not (PASSING.fullmatch(c) or STATE.fullmatch(c))
    )
    return ".".join((tree.tag(element), *classes[:4]))


class Survey:
    """A listing's page, measured."""

    def __init__(self, root: HtmlElement, base: str, zone: ZoneInfo, now: datetime) -> None:
        self.root, self.base, self.zone, self.now = root, base, zone, now
        if sum(1 for _ in root.iter("*")) > LARGEST:
            raise ScrapeError(base, f"has more than {LARGEST} elements, which is no listing to learn from")
        if (links := sum(1 for _ in root.iter("a"))) > MOST_LINKS:
            raise ScrapeError(base, f"has {links} links, more than the {MOST_LINKS} of which news can be told")
        self.order = {e: n for n, e in enumerate(root.iter())}
        self.url: dict[HtmlElement, str] = {}
        own = address.key(base)
        for anchor in root.iter("a"):
            href = (anchor.get("href") or "").strip()
            url = address.absolute(base, href) if href and not href.startswith("#") else None
            if url and address.host(url) == address.host(base) and not address.is_file(url):
                plain = address.without_fragment(url)
                key = address.key(plain)
                if key != own and key.partition("/")[2]:
                    self.url[anchor] = plain
        self.paths: dict[HtmlElement, str] = {}
        self.below: dict[HtmlElement, Counter[str]] = defaultdict(Counter)
        for anchor, url in self.url.items():
            for e in (anchor, *anchor.iterancestors()):
                self.below[e][address.key(url)] += 1
        for e in root.iter("*"):
            parent = e.getparent()
            name = e.get("id") or ""
            own = f"{kind(e)}#{name}" if name and not PASSING.fullmatch(name) else kind(e)
            self.paths[e] = (self.paths.get(parent, "") if parent is not None else "") + "/" + own
        self.lengths = tree.lengths(root)
        self.total = max(1, self.lengths[root])
        self.found: list[Group] | None = None
        self.days: dict[str, list[tuple[HtmlElement, date_formats.Shown]]] | None = None

    def groups(self) -> list[Group]:
        """Every kind of boxes that may be news, the likeliest first; of boxes in boxes those that tell most."""
        if self.found is None:
            self.found = self._groups()
        return list(self.found)

    def _groups(self) -> list[Group]:
        alike: dict[frozenset[str], list[Group]] = defaultdict(list)
        for boxes in self._kinds():
            for group in self._grouped(boxes):
                if group.records:
                    alike[frozenset(group.urls)].append(group)
        groups = []
        for rivals in alike.values():  # of boxes in boxes with the same addresses, those that tell most
            rivals.sort(key=lambda g: (g.is_flat, -self._size(g)))
            kept = {id(g): g for g in (*rivals[:2], *(g for g in rivals if g.again))}
            for group in kept.values():
                self._read(group)
                self._judge(group)
            groups.append(max(kept.values(), key=lambda g: g.score))
        self._set_aside_old(groups)
        boxed = [set(g.urls) for g in groups if not g.is_flat and g.score > 4]
        for group in groups:
            if group.is_flat and any(len(b & set(group.urls)) >= 0.8 * len(group.urls) for b in boxed):
                group.reasons["others have boxes"] = -3.0
        return sorted(groups, key=lambda g: -g.score)

    def _set_aside_old(self, groups: list[Group]) -> None:
        """A list all of whose dates are older than most of another's is a carousel of old news."""
        newest = {id(g): max(m) for g in groups if (m := self._moments(g))}
        typical = [m[len(m) // 2] for g in groups if len(m := self._moments(g)) >= 4 and g.score > 5]
        for group in groups:
            if id(group) in newest and any(newest[id(group)] < t for t in typical):
                group.reasons["old news"] = -2.5

    def _moments(self, group: Group) -> list[datetime]:
        """The dates of a list most of which is dated, sorted."""
        moments = sorted(m for r in group.records if r.date and (m := date_formats.read(r.date, self.zone, self.now)))
        return moments if len(moments) >= 0.5 * len(group.records) else []

    def _size(self, group: Group) -> int:
        return sum(self.length(b) for b in (*(r.box for r in group.records), *group.again))

    # -------------------------------------------------------- kinds of boxes

    def _kinds(self) -> Iterable[list[HtmlElement]]:
        by_path: dict[str, list[HtmlElement]] = defaultdict(list)
        by_place: dict[str, list[HtmlElement]] = defaultdict(list)
        for e in self.root.iter("*"):
            if self.below.get(e):
                by_path[self.paths[e]].append(e)
                parent = e.getparent()
                if parent is not None:
                    by_place[f"{kind(parent)}>{kind(e)}"].append(e)
                if "." in kind(e):
                    by_place[kind(e)].append(e)
        for boxes in by_path.values():
            if len(boxes) > 1:
                yield boxes
            by_parent: dict[HtmlElement | None, list[HtmlElement]] = defaultdict(list)
            for box in boxes:
                by_parent[box.getparent()].append(box)
            if 1 < len(by_parent) < len(boxes):  # one kind of box in several lists, of which one may be the news
                yield from (some for some in by_parent.values() if len(some) > 1)
        for boxes in by_place.values():
            if len(boxes) > 1 and len({self.paths[b] for b in boxes}) > 1:
                yield boxes

    def _grouped(self, boxes: list[HtmlElement]) -> Iterable[Group]:
        """The boxes with just one address of their own each; nested ones only as what items begin with."""
        inside = set(boxes)
        nested = [b for b in boxes if any(a in inside for a in b.iterancestors())]
        if nested:
            records = [r for b in boxes if (r := self._first_of(b))]
            if len({r.url for r in records}) > 1 and len(nested) >= len(boxes) / 2:
                yield Group(_once(records), is_flat=True)
            return
        shared = Counter(k for b in boxes for k in self.below[b])
        boxes, again = self._without_repeats(boxes, shared)
        records = [r for b in boxes if (r := self._record(b, shared))]
        if len(records) >= max(2, 0.6 * len(boxes)):
            records += self._akin(records, shared)
            records.sort(key=lambda r: self.order[r.box])
            group = Group(_once(records), again=again)
            yield group
            if flat := self._flat(group):
                yield flat

    def _without_repeats(
        self, boxes: list[HtmlElement], shared: Counter[str]
    ) -> tuple[list[HtmlElement], list[HtmlElement]]:
        """The boxes, and those that go on with the item of the one before: two rows of a table for one item, say.

        What an item's boxes share counts as its own from here on.
        """
        first: list[HtmlElement] = []
        again: list[HtmlElement] = []
        run: set[str] = set()
        for box in boxes:
            keys = {k for k in self.below[box] if shared[k] <= 3}
            if first and keys and keys <= run:
                again.append(box)
            else:
                first.append(box)
                run = keys
        if len(again) < 0.3 * len(first):
            return boxes, []
        repeated = Counter(k for b in first for k in self.below[b])
        for key in list(shared):
            shared[key] = repeated[key]
        return first, again

    def _record(self, box: HtmlElement, shared: Counter[str]) -> Record | None:
        own = [k for k in self.below[box] if shared[k] == 1]
        if not own:
            return None
        anchors = [a for a in ((box, *box.iter("a")) if box.tag == "a" else box.iter("a")) if a in self.url]
        by_key: dict[str, list[HtmlElement]] = defaultdict(list)
        for a in dict.fromkeys(anchors):
            by_key[address.key(self.url[a])].append(a)
        weights = {k: max(_weight(a) for a in by_key[k]) for k in own}
        main = max(own, key=lambda k: weights[k])
        rivals = [k for k in own if k != main and weights[k] >= max(12, 0.5 * weights[main])]
        if rivals:
            return None
        return Record(box, self.url[by_key[main][0]], by_key[main])

    def _akin(self, records: list[Record], shared: Counter[str]) -> list[Record]:
        """The neighbours that share a class with the boxes, or their tag where they have none: a sticky item, say."""
        boxes = {r.box for r in records}
        names = {c for b in boxes for c in (b.get("class") or "").split()}
        found = []
        for parent in {p for b in boxes if (p := b.getparent()) is not None}:
            for child in parent:
                if child in boxes or child.tag != records[0].box.tag or not self.below.get(child):
                    continue
                own = set((child.get("class") or "").split())
                if (names and not names & own) or (own and not names):
                    continue
                record = self._record(child, Counter({k: max(shared[k], 1) for k in self.below[child]}))
                if record and max(_weight(a) for a in record.anchors) >= 12:
                    found.append(record)
        return found

    def _first_of(self, box: HtmlElement) -> Record | None:
        """For boxes that swallow the ones after them, since the page does not close them: the first address."""
        anchor = next((a for a in box.iter("a") if a in self.url), None)
        if anchor is None:
            return None
        key = address.key(self.url[anchor])
        return Record(
            box, self.url[anchor], [a for a in box.iter("a") if a in self.url and address.key(self.url[a]) == key]
        )

    def _flat(self, group: Group) -> Group | None:
        """Items that have no box: what stands between one box and the next is of them too."""
        parents = {r.box.getparent() for r in group.records}
        if len(parents) > len(group.records) / 3:
            return None
        starts: list[HtmlElement] = []
        lead = self._lead(group)
        for record in group.records:
            node = record.box
            for _ in range(lead):
                previous = node.getprevious()
                node = previous if previous is not None else node
            starts.append(node)
        boxes = {r.box for r in group.records}
        between = [s for a in group.records[:-1] for s in _until(a.box, boxes)]
        if not between or not any(tree.text(s) for s in between):
            return None
        return Group([Record(s, r.url, r.anchors) for s, r in zip(starts, group.records, strict=True)], is_flat=True)

    def _lead(self, group: Group) -> int:
        """How many siblings before each box begin its item: a date above a heading, say."""
        lead = 0
        for distance in range(1, 4):
            before = [_sibling(r.box, -distance) for r in group.records]
            kinds = {kind(b) for b in before if b is not None}
            if (
                any(b is None for b in before)
                or len(kinds) != 1
                or any(self.below.get(b) for b in before if b is not None)
            ):
                break
            if any(date_formats.shown(tree.text(b), self.zone) for b in before if b is not None):
                lead = distance
        return lead

    # -------------------------------------------------------- what a group says

    def segment(self, group: Group, n: int) -> tuple[int, int]:
        """The places in the page's order where an item begins and ends."""
        record = group.records[n]
        begin = self.order[record.box]
        if not group.is_flat:
            return begin, begin + sum(1 for _ in record.box.iter())
        later = [self.order[r.box] for r in group.records if self.order[r.box] > begin]
        parent = record.box.getparent()
        last = self.order[parent] + sum(1 for _ in parent.iter()) if parent is not None else len(self.order)
        typical = max((b - a for a, b in pairwise(sorted(self.order[r.box] for r in group.records))), default=50)
        return begin, min(later) if later else min(last, begin + typical)

    def elements(self, group: Group, n: int) -> list[HtmlElement]:
        begin, end = self.segment(group, n)
        record = group.records[n]
        parent = record.box.getparent() if group.is_flat else None
        scope = parent if parent is not None else record.box
        return [e for e in scope.iter("*") if begin <= self.order[e] < end and e.tag not in tree.UNREAD]

    def _read(self, group: Group) -> None:
        boxes = [self.elements(group, n) for n in range(len(group.records))]
        for record, elements in zip(group.records, boxes, strict=True):
            record.words = text.line(
                tree.text(record.box)
                if not group.is_flat
                else " ".join(" ".join((e.text or "", e.tail or "")) for e in elements)
            )
        self._find_dates(group, boxes)
        self._find_titles(group, boxes)

    def _find_dates(self, group: Group, boxes: list[list[HtmlElement]]) -> None:
        by_place: dict[str, dict[int, tuple[HtmlElement, date_formats.Shown]]] = defaultdict(dict)
        for n, elements in enumerate(boxes):
            for e in elements:
                if found := self.dated(e):
                    by_place[kind(e)].setdefault(n, (e, found))
        ranked = sorted(
            by_place.values(),
            key=lambda at: (
                -len(at),
                -sum(s.has_time for _, s in at.values()) / len(at),
                not any(s.is_machine for _, s in at.values()),
                sum(len(tree.text(e)) - s.length for e, s in at.values()) / len(at),
            ),
        )
        if ranked and len(ranked[0]) >= max(1, 0.3 * len(boxes)):
            for n, (e, found) in ranked[0].items():
                group.records[n].date, group.records[n].date_element = found, e
        if sum(1 for r in group.records if r.date) < 0.5 * len(boxes):
            self._find_days(group, boxes)

    def _find_days(self, group: Group, boxes: list[list[HtmlElement]]) -> None:
        """Days as headings over several items, with the time alone beside each."""
        first, last = self.order[group.records[0].box], self.order[group.records[-1].box]
        inside = {e for box in boxes for e in box}
        by_place = {
            place: at
            for place, every in self._day_headings().items()
            if (at := [(e, s) for e, s in every if self.order[e] < last and e not in inside])
        }
        usable = [
            at
            for at in by_place.values()
            if self.order[at[0][0]] < first
            and len(at) <= len(boxes)
            and (len(at) > 1 or self.order[at[0][0]] > first - 60)
        ]
        if not usable:
            return
        best = max(usable, key=len)
        times: dict[int, HtmlElement] = {}
        for n, elements in enumerate(boxes):
            timed = [e for e in elements if self.length(e) < 60 and date_formats.time_only(tree.text(e))]
            if timed:
                times[n] = timed[-1]
        if len(times) < 0.5 * len(boxes) and not 2 <= len(best) <= 0.7 * len(boxes):
            return
        group.day_elements = [e for e, _ in best]
        for n, record in enumerate(group.records):
            before = [e for e, _ in best if self.order[e] < self.order[record.box]]
            if before:
                time = times.get(n)
                words = " ".join(p for p in (tree.text(before[-1]), tree.text(time) if time is not None else "") if p)
                record.date, record.date_element = date_formats.shown(words, self.zone), time

    def _day_headings(self) -> dict[str, list[tuple[HtmlElement, date_formats.Shown]]]:
        """The elements that show a date and little else, and hold no link, by the kind of place that they stand in."""
        if self.days is None:
            self.days = defaultdict(list)
            for e in self.root.iter("*"):
                if 0 < self.length(e) < 60 and not self.below.get(e) and (found := self.dated(e)):
                    self.days[self.paths[e]].append((e, found))
        return self.days

    def dated(self, element: HtmlElement) -> date_formats.Shown | None:
        """The date that an element shows or carries; None for one with much else in it."""
        machine = [v for k, v in element.items() if tree.DATE_ATTRIBUTE.fullmatch(k) and len(v) < 60]
        for value in machine:
            if (found := date_formats.shown(value, self.zone)) and (found.is_machine or found.has_time):
                return found
        if not 0 < self.length(element) < 120:
            return None
        words = text.line(tree.text(element))
        if not words or len(words) > 90:
            return None
        found = date_formats.shown(words, self.zone)
        return found if found and found.length >= 0.25 * len(words) else None

    def _find_titles(self, group: Group, boxes: list[list[HtmlElement]]) -> None:
        """The element that is the title in most boxes: in the link or a heading, with words of its own in each."""
        by_place: dict[str, dict[int, HtmlElement]] = defaultdict(dict)
        for n, elements in enumerate(boxes):
            record = group.records[n]
            links = set(record.anchors)
            for e in elements:
                if not 3 < self.length(e) < 450:
                    continue
                words = text.line(tree.text(e))
                if not 3 < len(words) < 400 or MORE.fullmatch(words) or e is record.date_element:
                    continue
                if record.date_element is not None and any(x is record.date_element for x in e.iter()):
                    continue
                in_link = e in links or any(a in links for a in e.iterancestors("a"))
                holds_link = any(a in links for a in e.iter("a"))
                place = f"{kind(e)}{'|in' if in_link else '|over' if holds_link else ''}"
                by_place[place].setdefault(n, e)
        count = len(boxes)
        ranked = sorted(by_place.items(), key=lambda at: -self._title_score(at[0], at[1], group, count))
        if ranked:
            for n, e in ranked[0][1].items():
                group.records[n].title, group.records[n].title_element = text.line(tree.text(e)), e
        for record in group.records:
            if not record.title:
                longest = max(record.anchors, key=_weight)
                words = text.line(tree.text(longest) or longest.get("title") or "")
                record.title = "" if MORE.fullmatch(words) else words

    def _title_score(self, place: str, at: dict[int, HtmlElement], group: Group, count: int) -> float:
        words = [text.line(tree.text(e)) for e in at.values()]
        element = next(iter(at.values()))
        typical = median(len(w) for w in words)
        score = 4 * len(at) / count + 2 * len(set(words)) / len(words)
        score += 1.5 if place.endswith("|in") else 0.8 if place.endswith("|over") else 0
        heading = element.tag in HEADINGS or any(a.tag in HEADINGS for a in list(element.iterancestors())[:2])
        score += 1.5 if heading else 0
        score += 0.8 if re.search(r"title|head|caption|name|zag|назв", element.get("class") or "", re.I) else 0
        score += 0.4 if element.tag in ("strong", "b") else 0
        score -= (
            1.5
            if re.search(r"text|teaser|desc|intro|body|excerpt|summary|lead|anons", element.get("class") or "", re.I)
            and not heading
            else 0
        )
        score += 1.2 if 15 <= typical <= 160 else -0.6 if typical > 220 else 0
        score -= (
            1.5 if sum(1 for w in words if date_formats.shown(w, self.zone) and len(w) < 40) > len(words) / 2 else 0
        )
        whole = median(len(r.words) for r in group.records)
        score -= 1.0 if typical > 0.8 * whole and whole > 140 else 0  # the box itself, with its teaser
        blocks = sum(1 for e in at.values() if any(c.tag not in tree.INLINE for c in e.iterdescendants("*"))) / len(at)
        return score - 1.0 * blocks

    def _judge(self, group: Group) -> None:
        records = group.records
        n = len(records)
        dated = [r for r in records if r.date]
        lengths = [len(r.title.split()) for r in records]
        beside = [max(0, len(r.words) - len(r.title)) for r in records]
        reasons = group.reasons
        reasons["how many"] = 2 * min(n, 10) / 10
        reasons["dates"] = 3 * len(dated) / n if n > 1 else 0
        reasons["words in a title"] = 2 * (min(median(lengths), 7) / 7 - (0.5 if median(lengths) < 3 else 0))
        reasons["words beside it"] = 1.5 * min(median(beside), 200) / 200
        reasons["share of the page"] = 2.5 * min(
            1.0, 1.6 * (group.chars + sum(map(self.length, group.again))) / self.total
        )
        if group.is_flat:
            reasons["no boxes"] = -1.5
        falling = [m for r in dated if r.date and (m := date_formats.read(r.date, self.zone, self.now))]
        steps = list(pairwise(falling))
        if len(steps) > 1 and len(set(falling)) > 1:
            reasons["from new to old"] = 1.2 * sum(a >= b for a, b in steps) / len(steps)
        framed = sum(self._is_framed(r.box) for r in records) / n
        if framed:
            reasons["a frame's name"] = -3.5 * framed - (1.0 if framed < 1 else 0.0)  # mixed with news, it spoils these
        near = [
            w for a in (records[0].box, *records[0].box.iterancestors()) for w in (a.get("id"), a.get("class")) if w
        ]
        if any(NEWSLIKE.search(w) for w in near[:12]):
            reasons["a name of news"] = 0.8
        shapes = Counter(shape(r.url) for r in records)
        reasons["one shape of address"] = 1.0 * shapes.most_common(1)[0][1] / n
        if any(r.title_element is not None and (r.title_element.tag in HEADINGS) for r in records[:3]):
            reasons["headings"] = 0.7
        if n < 3:
            reasons["too few"] = -1.5
        if len({r.title for r in records}) < 0.7 * n:
            reasons["titles alike"] = -2.0

    def _is_framed(self, box: HtmlElement) -> bool:
        """Whether a box stands in what its names call a frame's part; one that holds most of the page is none."""
        for element in (box, *box.iterancestors()):
            if element.tag in ("html", "body", "form"):
                break
            if element.tag in ("nav", "aside", "footer"):
                return True
            names = [
                tree.tag(element),
                *(element.get("class") or "").split(),
                element.get("id") or "",
                element.get("role") or "",
            ]
            if any(FURNITURE.search(w) for w in names) and self.length(element) < 0.5 * self.total:
                return True
        return False

    def length(self, element: HtmlElement) -> int:
        return self.lengths.get(element, 0)

    def is_news(self, group: Group) -> bool:
        """Whether a group is news beyond doubt on the word of this page alone."""
        n = len(group.records)
        dated = sum(1 for r in group.records if r.date) / n
        words = median(len(r.title.split()) for r in group.records)
        if group.reasons.get("a frame's name", 0) < -1.6:
            return False
        if dated >= 0.5 and words >= 3:
            return n >= 2
        beside = median(max(0, len(r.words) - len(r.title)) for r in group.records)
        return n >= 4 and words >= 4 and beside >= 60 and group.score > 5


@lru_cache(address.KNOWN)
def shape(url: str) -> str:
    """The address with its numbers and its last part folded: articles of one site share it."""
    _, _, path = address.key(url).partition("/")
    parts = path.partition("?")[0].split("/")
    folded = [re.sub(r"\d+", "0", p) for p in parts[:-1]]
    query = re.sub(r"=[^&]*", "=", path.partition("?")[2])
    return "/".join((*folded, "*")) + ("?" + query if query else "")


def _weight(anchor: HtmlElement) -> int:
    words = text.line(tree.text(anchor))
    return 1 if MORE.fullmatch(words) else len(words) + (20 if _heads(anchor) else 0)


def _heads(anchor: HtmlElement) -> bool:
    near = [anchor, *list(anchor.iterancestors())[:2], *anchor.iter("h1", "h2", "h3", "h4", "h5")]
    return any(e.tag in HEADINGS for e in near)


def _once(records: list[Record]) -> list[Record]:
    known: dict[str, Record] = {}
    for record in records:
        known.setdefault(address.key(record.url), record)
    return list(known.values())


def _sibling(element: HtmlElement, distance: int) -> HtmlElement | None:
    node: HtmlElement | None = element
    for _ in range(abs(distance)):
        node = node.getprevious() if node is not None else None
        while node is not None and not isinstance(node.tag, str):
            node = node.getprevious()
    return node


def _until(element: HtmlElement, ends: set[HtmlElement]) -> list[HtmlElement]:
    found = []
    node = element.getnext()
    while node is not None and node not in ends:
        if isinstance(node.tag, str):
            found.append(node)
        node = node.getnext()
    return found
