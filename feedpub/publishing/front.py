"""What speaks of all sources: their page, and the list of their feeds; by region, where there are many.

A page of many councils shows no news, so it changes when a council comes, goes or falls ill, and not with every item.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from feedpub.council import Council
from feedpub.kinds import NOT_FOUND, OUTLINE, PAGE, Part, kinds_in
from feedpub.model import ABOUT, ACCESS, OWN, PRESS, REGION
from feedpub.publishing import staleness
from feedpub.publishing.documents import Document, Press, Target
from feedpub.publishing.health import brief_health, health
from feedpub.publishing.placing import hashed
from feedpub.store import State

ALL = ""  # stands for all sources together where one's id would
BLOCK = 2  # of these no source's terms ask anything else
MANY = 40  # councils: more are shown by region, and without their news
ON_A_SHEET = 100  # councils: their page stays below 100 kB, and so does the list of their feeds
ELSEWHERE = "other"  # the folder of councils without a region


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of some sources and the list of their feeds, in one folder."""

    folder: str  # with a slash at the end; "": the published folder itself
    shown: object  # all that is on it, for its fingerprint
    make: Callable[[], Iterator[Document]]
    beside: tuple[str, ...] = ()  # further files of it, in other folders

    @property
    def name(self) -> str:
        return f"{self.folder}{staleness.PAGES}"

    @property
    def files(self) -> list[str]:
        return [*(f"{self.folder}{kind.name}" for kind in kinds_in(Part.FRONT)), *self.beside]


def sheets(councils: Sequence[Council], target: Target) -> list[Sheet]:
    """Return the sheets of all sources; before one of them has its feed, only what says who asks the sites."""
    are_few = len(councils) <= MANY and not any(c.source.region for c in councils)
    about = _about_sheet(councils[0], target, councils if are_few else ())
    if not any(OWN in c.state.collections.published() for c in councils):
        return [about]
    if are_few:
        return [about, _sheet_with_news(councils, target)]
    regions = _by_region(councils)
    leaves = [sheet for title in regions for sheet in _region_sheets(title, regions[title], target)]
    return [about, *leaves, _sheet_of_regions(regions, target)]


def is_due(sheet: Sheet, councils: Sequence[Council], target: Target) -> bool:
    """Whether anything that is on the sheet has changed, or its files are not as they were left."""
    return _all(councils).collections.published().get(sheet.name) != _fingerprint(sheet, target)


def note_written(sheet: Sheet, councils: Sequence[Council], target: Target) -> None:
    _all(councils).collections.put_document(sheet.name, _fingerprint(sheet, target))


def gone(planned: Sequence[Sheet], councils: Sequence[Council]) -> list[Sheet]:
    """Return the sheets that were written and belong to no region any more."""
    names = {sheet.name for sheet in planned}
    known = [n for n in _all(councils).collections.published() if n.startswith(REGION) and n not in names]
    return [Sheet(name.removesuffix(staleness.PAGES), None, lambda: iter(())) for name in known]


def note_removed(sheet: Sheet, councils: Sequence[Council]) -> None:
    _all(councils).collections.drop_document(sheet.name)


def _all(councils: Sequence[Council]) -> State:
    return councils[0].state.store.of(ALL)


def _fingerprint(sheet: Sheet, target: Target) -> str:
    return hashed(sheet.shown, target.base_url, target.version, target.publish.fingerprints(sheet.files))


def _about_sheet(council: Council, target: Target, councils: Sequence[Council]) -> Sheet:
    """Return what is said of the pages themselves, in the language of the first source.

    Each page leads to the one about all of them, and that one to what is for the press officers of ``councils``.
    """
    contact = target.way_to_publisher
    with_office = (c for c in councils if staleness.OFFICE in c.state.collections.published())
    offices = [(c.source.title, f"{c.id}/{PRESS}") for c in with_office]

    def documents() -> Iterator[Document]:
        from feedpub.publishing import page

        shown = Press.of(council, target).shown(is_brief=True)
        yield Document(NOT_FOUND.name, page.nothing_page(shown), NOT_FOUND)
        yield Document(f"{ACCESS}{PAGE.name}", page.accessibility_page(shown, contact), PAGE)
        about = page.about_page(shown, target.publisher_name, contact, offices)
        yield Document(f"{ABOUT}{PAGE.name}", about, PAGE)

    shown = (council.source.language, target.publisher, contact, offices)
    return Sheet(ABOUT, shown, documents, (NOT_FOUND.name, f"{ACCESS}{PAGE.name}"))


def _offered(presses: Sequence[Press]) -> list[Press]:
    """Return the sources whose feeds are offered: the open ones. A list must name a feed, so else it names all."""
    published = [press for press in presses if OWN in press.published]
    return [press for press in published if press.council.facts.retired is None] or published


# ------------------------------------------------------------ a few councils


def _sheet_with_news(councils: Sequence[Council], target: Target) -> Sheet:
    def documents() -> Iterator[Document]:
        from feedpub.publishing import page
        from feedpub.publishing.page.strings import Words
        from feedpub.publishing.render import opml

        presses = [Press.of(council, target).without_unpublished() for council in councils]
        title = Words(councils[0].source.language).councils
        offered = [(p.council.source, p.offers()) for p in _offered(presses)]
        yield Document(OUTLINE.name, opml.outline(title, offered), OUTLINE)
        yield Document(PAGE.name, page.front_page([p.shown() for p in presses]), PAGE)

    shown = [(c.source, c.facts.revision, health(c), staleness.published_names(c)) for c in councils]
    return Sheet("", shown, documents)


# ------------------------------------------------------------ many councils


def _by_region(councils: Sequence[Council]) -> dict[str, list[Council]]:
    """Return the councils by region, in alphabetical order; those without one are last, under "".

    Regions whose folders have the same name are one, with the title that comes first: «Київ» and «київ».
    """
    regions = sorted({c.source.region for c in councils}, key=lambda title: (not title, title))
    first: dict[str, str] = {}  # folder -> title
    title_of = {region: first.setdefault(_folder_of(region), region) for region in regions}
    by_region: dict[str, list[Council]] = {title: [] for title in first.values()}
    for council in councils:
        by_region[title_of[council.source.region]].append(council)
    return by_region


def _region_sheets(title: str, councils: Sequence[Council], target: Target) -> list[Sheet]:
    """Return the sheets of a region."""
    parts = _parts(title, councils)
    folders = [folder for folder, _ in parts]
    return [_region_sheet(title, part, folders, n, target) for n, (_, part) in enumerate(parts)]


def _parts(title: str, councils: Sequence[Council]) -> list[tuple[str, Sequence[Council]]]:
    """Return the councils of a region in parts, each with its folder and as many councils as fit on a sheet."""
    parts = [councils[n : n + ON_A_SHEET] for n in range(0, len(councils), ON_A_SHEET)]
    return [(_folder_of(title, number), part) for number, part in enumerate(parts)]


def _folder_of(title: str, number: int = 0) -> str:
    from feedpub.publishing.feed.choice import slug

    folder = f"{REGION}{slug(title) if title else ELSEWHERE}/"
    return f"{folder}{number + 1}/" if number else folder


def _region_sheet(
    title: str, councils: Sequence[Council], folders: Sequence[str], number: int, target: Target
) -> Sheet:
    def documents() -> Iterator[Document]:
        from feedpub.publishing import page
        from feedpub.publishing.page.strings import Words
        from feedpub.publishing.render import opml

        presses = [Press.of(council, target).without_unpublished() for council in councils]
        shown_title = title or Words(councils[0].source.language).councils
        offered = [(p.council.source, p.offers()[:1]) for p in _offered(presses)]
        if offered:
            yield Document(f"{folders[number]}{OUTLINE.name}", opml.outline(shown_title, offered), OUTLINE)
        rows = [p.shown(is_brief=True) for p in presses]
        place = page.Place(shown_title, folders, number, has_feeds=bool(offered))
        yield Document(f"{folders[number]}{PAGE.name}", page.region_page(rows, place), PAGE)

    shown = [(c.source, brief_health(c), bool(staleness.published_names(c))) for c in councils]
    return Sheet(folders[number], (title, shown, folders), documents)


def _sheet_of_regions(regions: dict[str, list[Council]], target: Target) -> Sheet:
    councils = [council for title in regions for council in regions[title]]
    lists = _lists_of_feeds(regions, target) if len(councils) > ON_A_SHEET else []

    def documents() -> Iterator[Document]:
        from feedpub.publishing import page
        from feedpub.publishing.page.strings import Words
        from feedpub.publishing.render import opml

        title = Words(councils[0].source.language).councils
        if lists:
            data = opml.outline_of_lists(title, [(name or title, url) for name, url in lists])
        else:
            presses = [Press.of(council, target).without_unpublished() for council in councils]
            data = opml.outline(title, [(p.council.source, p.offers()[:1]) for p in _offered(presses)])
        yield Document(OUTLINE.name, data, OUTLINE)
        links = [page.Region(name or title, _folder_of(name), len(regions[name])) for name in regions]
        first = Press.of(councils[0], target).without_unpublished().shown(is_brief=True)
        yield Document(PAGE.name, page.regions_page(first, links), PAGE)

    shown = councils[:1] if lists else councils
    rows = [(c.source, bool(staleness.published_names(c)), c.facts.retired) for c in shown]
    counts = [(title, len(regions[title])) for title in regions]
    return Sheet("", (counts, rows, lists), documents)


def _lists_of_feeds(regions: dict[str, list[Council]], target: Target) -> list[tuple[str, str]]:
    """Return the lists of feeds of all regions, each with the region's title and its address; none that is empty."""
    lists = []
    for title in regions:
        for folder, part in _parts(title, regions[title]):
            if any(OWN in staleness.published_names(council) for council in part):
                lists.append((title, f"{target.base_url}{folder}{OUTLINE.name}"))
    return lists
