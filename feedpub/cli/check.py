"""check: report the problems of published files."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from itertools import product
from pathlib import Path

from feedpub import kinds
from feedpub.cli import FAILED, FINE
from feedpub.cli.objects import Objects, address_in, is_bucket, objects_at, place_to_look, problems_in_bucket
from feedpub.cli.pages import configured, fetcher_for
from feedpub.cli.session import clock, loaded, to_look
from feedpub.cli.speech import Speech, show
from feedpub.collecting.dedupe.schedule import GONE_FOR
from feedpub.config import Config
from feedpub.edges import Publish
from feedpub.errors import FetchError
from feedpub.kinds import Part, feeds_in
from feedpub.publishing.check import check as problems_of
from feedpub.publishing.check import problem_lines, together
from feedpub.publishing.folder import ENDINGS, MARK, Folder
from feedpub.publishing.marking import read_mark, sign_of
from feedpub.publishing.moved import differing_copies, moved_to, without_copies
from feedpub.publishing.remembering import shrunk
from feedpub.store import State


def command(args: argparse.Namespace, speech: Speech) -> int:
    settings: Config | None
    if args.places:
        settings, places = configured(args.config), args.places
    else:
        settings = loaded(args)
        places = [str(settings.publish.to)]
    problems = 0
    for name, lines in _judged(places, settings, is_all=not args.places):
        problems += len(lines)
        show(lines)
        if not lines:
            speech.note(f"{name}: nothing wrong")
    return FAILED if problems else FINE


def _judged(places: list[str], settings: Config | None, *, is_all: bool) -> Iterator[tuple[str, list[str]]]:
    """Yield each document and each folder with its problems."""
    buckets = {place: objects_at(place) for place in places if is_bucket(place)}
    for name, document in _documents_at(places, settings, buckets):
        if isinstance(document, str):
            yield name, _unreadable(name, document)
        else:
            kind = None if name in places else kinds.kind_of(name)  # a file from elsewhere may have any name
            yield name, problem_lines(problems_of(document, kind, now=clock()), name)
    if settings and is_all:
        for name in _missing_feeds(settings, buckets):
            yield name, _unreadable(name, "there is no such file")
        yield from _state_problems(settings)
    for place in places:
        folder = Path(place)
        if place in buckets:
            yield place, problems_in_bucket(place, buckets[place])
        elif folder.is_dir():
            yield place, _problems_together(folder)


def _problems_together(folder: Path) -> list[str]:
    """Return the problems that show only when the files of a folder are compared with each other."""
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in _inside(folder, ENDINGS)}
    every = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    moved = {source: to for source in _marked_sources(folder) if (to := moved_to(Folder(folder).read_mark(source)))}
    lines = [f"{folder / name}: {problem}" for name, problem in differing_copies(files, moved)]
    files = without_copies(files, moved)
    lines += [f"{folder / name}: {problem}" for name, problem in together(files, every - files.keys())]
    for source in _marked_sources(folder):
        lost = shrunk(Folder(folder), source)
        if lost:
            lines.append(f"{folder / source}: the archive: {lost}")
    return lines


def _marked_sources(folder: Path) -> list[str]:
    """Return the sources whose archive is remembered in a published folder."""
    return sorted(path.parent.name for path in folder.glob(f"*/{MARK}") if path.is_file())


def _unreadable(name: str, reason: str) -> list[str]:
    return [f"{name}: cannot be read: {reason}"]


def _missing_feeds(settings: Config, buckets: Mapping[str, Objects]) -> Iterator[str]:
    """Yield the paths of feeds that should exist and do not."""
    to = settings.publish.to
    for source, kind in product(settings.sources, feeds_in(Part.SOURCE)):
        name = f"{source.id}/{kind.name}"
        if isinstance(to, str):
            if name not in buckets[to]:
                yield f"{to}/{name}"
        elif not (to / name).exists():
            yield str(to / name)


def _state_problems(settings: Config) -> Iterator[tuple[str, list[str]]]:
    """Yield each source with what the files alone cannot show."""
    with to_look(settings) as store:
        for source in settings.sources:
            state = store.of(source.id)
            homeless = () if state.facts.retired else _homeless_items(state)  # nobody visits a closed source
            lines = [*homeless, *_lost_items(state, place_to_look(settings.publish.to))]
            yield source.id, [f"{source.id}: {line}" for line in lines]


def _homeless_items(state: State) -> Iterator[str]:
    """Yield the items that have no living address."""
    for item, url in state.visits.homeless(clock() - GONE_FOR):
        yield f"{item}: has no address that is visited and answers; its link is {url}"


def _lost_items(state: State, folder: Publish) -> Iterator[str]:
    """Yield the items that the archive has lost, and how many of all items the state has lost."""
    mark, known = read_mark(folder, state.id), state.items.count_ever()
    if mark.known > known:
        yield f"the state has {known} items, and had {mark.known} when it was last published; the next run says more"
    lost = shrunk(folder, state.id)
    signs = lost.missing if lost else frozenset()
    for item in filter(lambda item: sign_of(item) in signs, state.items.ids() if signs else ()):
        yield f"{item}: was in the archive and is there no more"


def _inside(folder: Path, endings: Iterable[str] = ("",)) -> list[Path]:
    """Return the published files in a folder, known by their names. ``endings`` are those of compressed twins."""
    matches = (path for path in folder.rglob("*") if _is_published(path.as_posix(), endings))
    return sorted(filter(Path.is_file, matches))


def _is_published(name: str, endings: Iterable[str]) -> bool:
    return any(name.endswith(ending) and kinds.kind_of(name.removesuffix(ending)) for ending in endings)


def _documents_at(
    places: Iterable[str], settings: Config | None, buckets: Mapping[str, Objects]
) -> Iterator[tuple[str, bytes | str]]:
    """Yield the name of each document with its bytes, or with the reason why it cannot be read."""
    for place in places:
        if place.startswith(("http://", "https://")):
            yield place, _fetched(place, settings)
        elif place in buckets:
            plain = {name: one for name, one in buckets[place].items() if not name.endswith(ENDINGS[1:])}
            yield from ((address_in(place, name), one.data) for name, one in plain.items())
            if not plain:
                yield place, "there are no feeds in this bucket"
        elif Path(place).is_dir():
            inside = _inside(Path(place))
            yield from ((str(p), p.read_bytes()) for p in inside)
            if not inside:
                yield place, "there are no feeds in this folder"
        else:
            yield place, _file_bytes(Path(place))


def _fetched(url: str, settings: Config | None) -> bytes | str:
    with closing(fetcher_for(settings)) as fetcher:
        try:
            return fetcher.raw(url)
        except FetchError as error:
            return error.reason


def _file_bytes(path: Path) -> bytes | str:
    try:
        return path.read_bytes()
    except OSError as error:
        return error.strerror or str(error)
