"""Published files held against one another: twins, the chain of an archive, what pages and lists lead to."""

from __future__ import annotations

import gzip
import json
import posixpath
import zlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urljoin

from feedpub.content import Problem
from feedpub.publishing.check import feeds
from feedpub.publishing.check.feeds import Document

TWINS = (".gz", ".br")


def together(files: Mapping[str, bytes]) -> Iterator[tuple[str, Problem]]:
    """What is wrong with the files of a published folder as a whole, each named by its path, its twins among them."""
    yield from _twin_problems(files)
    documents = {name: d for name, data in files.items() if name.endswith(".xml") and (d := _read(data))}
    base = next((b for name, d in documents.items() if (b := _base(name, d.own_url))), None)
    if base is None:
        return
    folder = _Folder(base, files, documents)
    for name, document in documents.items():
        if document.own_url != base + name:
            yield (
                name,
                Problem("the feed", f"says that it is at {document.own_url}, and others that it is at {base + name}"),
            )
        if not document.is_archive:
            yield from ((name, Problem("the archive", rule)) for rule in folder.archive_rules(name, document))
    for name in files:
        yield from ((name, Problem("the page", rule)) for rule in folder.link_rules(name))


@dataclass(frozen=True, slots=True)
class _Folder:
    base: str  # its address
    files: Mapping[str, bytes]
    documents: Mapping[str, Document]  # its feeds in XML

    def archive_rules(self, name: str, document: Document) -> Iterator[str]:
        """RFC 5005, 4: whoever walks back from a feed gets every item that is kept, and gets none twice."""
        folder, form = posixpath.split(name)
        all_of_it = [n for n in self.documents if n.startswith(f"{folder}/archive/") and n.endswith(f"/{form}")]
        walked: dict[str, Document] = {}
        at = document.previous
        while at:
            archive = at.removeprefix(self.base)
            found = self.documents.get(archive)
            if archive in walked:
                yield f"turns in a circle at {at}"
                return
            if found is None:
                yield f"is cut: {at} is not there"
                return
            if not found.is_archive:
                yield f"goes on with what is no archive: {at}"
            if found.current != document.own_url:
                yield f"{at} says that it belongs to {found.current or 'nothing'}"
            walked[archive] = found
            at = found.previous
        reached = {i.id for d in (document, *walked.values()) for i in d.items}
        seen: set[str] = set()
        for n in all_of_it:
            ids = {i.id for i in self.documents[n].items}
            if lost := ids - reached:
                yield f"does not lead to {len(lost)} items of {n}"
            yield from (f"has {i} in two months" for i in sorted(ids & seen))
            seen |= ids
        if all_of_it and (lost := {i.id for i in document.items} - seen):
            yield f"does not hold {len(lost)} items of {name}"

    def link_rules(self, name: str) -> Iterator[str]:
        """Where a page, a list or a table of contents leads within the folder, there is something."""
        own = self.base + name
        for target in _targets(name, self.files[name]):
            url = urljoin(own, target).partition("#")[0]
            if not url.startswith(self.base):
                continue
            file = url.removeprefix(self.base)
            if (file if file and not file.endswith("/") else f"{file}index.html") not in self.files:
                yield f"leads to {target}, and nothing is there"


def _targets(name: str, data: bytes) -> Collection[str]:
    """The addresses in a page, a list of feeds or a table of contents."""
    if name.endswith(".html"):
        from lxml import html

        tree = html.document_fromstring(data)
        return {
            str(v) for e in tree.iter("a", "link") if (v := e.get("href")) and not str(v).startswith(("data:", "feed:"))
        }
    if name.endswith(".opml"):
        with suppress(feeds.Unreadable):
            return {str(o.get("xmlUrl")) for o in feeds.xml(data).iter("outline") if o.get("xmlUrl")}
    if name.endswith("archive/index.json"):
        with suppress(ValueError, AttributeError, TypeError, KeyError):
            return {str(v) for m in json.loads(data)["months"] for k, v in m.items() if "." in k}
    return ()


def _twin_problems(files: Mapping[str, bytes]) -> Iterator[tuple[str, Problem]]:
    for name, data in files.items():
        if name.endswith(TWINS):
            if name.removesuffix(name[-3:]) not in files:
                yield name, Problem("the twin", "stands alone: what it is a twin of is not there")
            continue
        for ending in TWINS:
            packed = files.get(name + ending)
            if packed is None:
                yield name, Problem("the file", f"has no twin {ending}")
            elif _unpacked(packed, ending) != data:
                yield name, Problem("the file", f"and its twin {ending} are not the same")


def _unpacked(packed: bytes, ending: str) -> bytes | None:
    if ending == ".gz":
        with suppress(OSError, EOFError, zlib.error):
            return gzip.decompress(packed)
        return None
    import brotli

    with suppress(brotli.error):
        unpacked: bytes = brotli.decompress(packed)
        return unpacked
    return None


def _read(data: bytes) -> Document | None:
    """A feed; None for what is none, of which others tell."""
    try:
        return feeds.read_xml(feeds.xml(data))
    except feeds.Unreadable:
        return None


def _base(name: str, own_url: str) -> str | None:
    """The address of the folder, as a feed in it tells by its own."""
    return own_url.removesuffix(name) if own_url.endswith(f"/{name}") else None
