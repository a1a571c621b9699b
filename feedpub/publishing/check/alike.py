"""What is told twice in a published folder must agree: an item in several formats, months and their counts, links."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from contextlib import suppress

from feedpub.content import Problem
from feedpub.kinds import CONTENTS, DUMP, kind_of
from feedpub.model import ARCHIVE
from feedpub.publishing.check.ids import item_ids
from feedpub.publishing.check.read import Document, Unreadable, parse_json

Ids = Mapping[str, list[str]]  # a file's name -> the ids of its items


def differing(files: Mapping[str, bytes]) -> Iterator[tuple[str, Problem]]:
    """Yield the files that lack an item which another format beside them has, and contents that count wrongly."""
    folders = _ids_by_folder(files)
    for folder, formats in folders.items():
        is_month = posixpath.basename(posixpath.dirname(folder)) == ARCHIVE.rstrip("/")
        lacking = _lacking_in_month(formats) if is_month else _lacking_in_feed(formats)
        for file, ids in lacking:
            yield f"{folder}/{file}", Problem("the feed", f"lacks {len(ids)} items that other formats have: {min(ids)}")
    for name, data in files.items():
        if name.endswith(f"/{ARCHIVE}{CONTENTS.name}"):
            yield from ((name, problem) for problem in _miscounted(data, posixpath.dirname(name), folders))


def _ids_by_folder(files: Mapping[str, bytes]) -> dict[str, Ids]:
    folders: dict[str, dict[str, list[str]]] = {}
    for name, data in files.items():
        kind = kind_of(name)
        ids = item_ids(data, kind) if kind else []
        if ids:
            folder, file = posixpath.split(name)
            folders.setdefault(folder, {})[file] = ids
    return dict(folders)


def _lacking_in_month(formats: Ids) -> Iterator[tuple[str, set[str]]]:
    """A month has all of its items in every format."""
    every = {item for ids in formats.values() for item in ids}
    yield from ((file, lost) for file, ids in formats.items() if (lost := every.difference(ids)))


def _lacking_in_feed(formats: Ids) -> Iterator[tuple[str, set[str]]]:
    """A feed has the newest items in every format. One may end earlier, for it would be too large for readers."""
    longest = max(formats.values(), key=len)
    for file, ids in formats.items():
        lost = set(longest[: len(ids)]).difference(ids)
        if lost:
            yield file, lost


def _miscounted(data: bytes, archive: str, folders: Mapping[str, Ids]) -> Iterator[Problem]:
    with suppress(Unreadable, AttributeError, TypeError, KeyError):
        for month in parse_json(data)["months"]:
            ids = folders.get(f"{archive}/{month['month']}", {}).get(DUMP.name)
            if ids is not None and len(ids) != month["items"]:
                yield Problem("the contents", f"counts {month['items']} items of {month['month']}; it has {len(ids)}")


def shared_links(documents: Mapping[str, Document]) -> Iterator[tuple[str, Problem]]:
    """Yield items of the archive that have the link of an item in another month."""
    first: dict[tuple[str, str], tuple[str, str]] = {}  # feed, link -> the first item and its document
    for name, document in documents.items():
        month, file = posixpath.split(name)
        if not document.is_archive:
            continue
        for item in document.items:
            feed = f"{posixpath.dirname(month)}/{file}"
            other, place = first.setdefault((feed, item.link), (item.id, name))
            if item.link and other != item.id and place != name:
                yield name, Problem(item.name, f"has the link of {other} in {place}, too: {item.link}")
