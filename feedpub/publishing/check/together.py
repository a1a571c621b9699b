"""The rules of a published folder as a whole: twins, the chain of an archive, where pages and lists lead."""

from __future__ import annotations

import gzip
import posixpath
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urljoin

from feedpub import model
from feedpub.content import Problem
from feedpub.kinds import CODINGS, CONTENTS, PAGE, THUMBNAIL, codings_of, kind_of, thumbnail_file
from feedpub.publishing.check.alike import differing, shared_links
from feedpub.publishing.check.lists import file_addresses
from feedpub.publishing.check.read import Document, Unreadable, parse_json, parse_xml, read_xml_feed

TWINS = tuple(coding.ending for coding in CODINGS)
Found = tuple[str, Problem]  # a file's path, and what is wrong with it


def together(files: Mapping[str, bytes], beside: Collection[str] = ()) -> Iterator[Found]:
    """Yield what is wrong with the files of a published folder, each with its path. The twins are among the files.

    ``beside`` are the paths of other files, which an operator has put there: a page may lead to one. Files whose name
    begins with a dot are not for readers.
    """
    files = {name: data for name, data in files.items() if not name.rpartition("/")[2].startswith(".")}
    for name in files:
        yield from ((name, problem) for problem in _twin_problems(name, files))
        if kind_of(name) is THUMBNAIL and posixpath.basename(name) != posixpath.basename(thumbnail_file(files[name])):
            yield name, Problem("the picture", "is not what its name says: delete it, and the next run asks again")
    documents = {name: document for name, data in files.items() if (document := _read_xml(name, data))}
    base = next((b for name, document in documents.items() if (b := _base(name, document))), None)
    if base is None:
        return
    yield from differing(files)
    yield from shared_links(documents)
    folder = _Folder(base, files, documents, beside)
    for name, document in documents.items():
        yield from ((name, problem) for problem in folder.address_problems(name, document))
        yield from ((name, problem) for problem in _shared_links(document))
        if not document.is_archive:
            yield from ((name, Problem("the archive", message)) for message in folder.archive_rules(name, document))
    for name in files:
        yield from ((name, Problem("the page", message)) for message in folder.link_rules(name))


@dataclass(frozen=True, slots=True)
class _Folder:
    base: str  # its address
    files: Mapping[str, bytes]
    documents: Mapping[str, Document]  # its feeds in XML, by path: RFC 5005 is for these
    beside: Collection[str]  # paths of files that are not feedpub's

    def address_problems(self, name: str, document: Document) -> Iterator[Problem]:
        own, expected = document.links.own, self.base + name
        if own != expected:
            yield Problem("the feed", f"says that it is at {own}, and others that it is at {expected}")

    def archive_rules(self, name: str, document: Document) -> Iterator[str]:
        """RFC 5005, 4: whoever walks back from a feed gets every item that is kept, and gets none twice."""
        walked: dict[str, Document] = {}
        address = document.links.previous
        while address:
            path = address.removeprefix(self.base)
            if path in walked:
                yield f"turns in a circle at {address}"
                return
            archive = self.documents.get(path)
            if archive is None:
                yield f"is cut: {address} is not there"
                return
            yield from _step_rules(address, archive, document)
            walked[path] = archive
            address = archive.links.previous
        yield from self._completeness_rules(name, [document, *walked.values()])

    def _completeness_rules(self, name: str, chain: Sequence[Document]) -> Iterator[str]:
        """``chain`` is the feed, and the archive documents that it leads to."""
        reached = _item_ids(*chain)
        archived: set[str] = set()
        months = self._months(name)
        for month in months:
            ids = _item_ids(self.documents[month])
            lost = ids - reached
            if lost:
                yield f"does not lead to {len(lost)} items of {month}"
            yield from (f"has {i} in two months" for i in sorted(ids & archived))
            archived |= ids
        lost = _item_ids(chain[0]) - archived
        if months and lost:
            yield f"does not hold {len(lost)} items of {name}"

    def _months(self, name: str) -> list[str]:
        """Return the archive documents of this feed, in its format."""
        folder, file = posixpath.split(name)
        return [n for n in self.documents if n.startswith(f"{folder}/{model.ARCHIVE}") and n.endswith(f"/{file}")]

    def link_rules(self, name: str) -> Iterator[str]:
        """Where a page, a list or a table of contents leads within the folder, there is a file."""
        for target in _targets(name, self.files[name]):
            url = urljoin(self.base + name, target).partition("#")[0]
            if url.startswith(self.base) and not self._has(url.removeprefix(self.base)):
                yield f"leads to {target}, and nothing is there"

    def _has(self, path: str) -> bool:
        is_folder = path == "" or path.endswith("/")
        file = f"{path}{PAGE.name}" if is_folder else path
        return file in self.files or file in self.beside


def _shared_links(document: Document) -> Iterator[Problem]:
    """Two items with one link: one of them is not where readers are led to. The gate lets them pass: both are news."""
    first: dict[str, str] = {}
    for item in document.items:
        other = first.setdefault(item.link, item.id)
        if item.link and other != item.id:
            yield Problem(item.name, f"has the link of {other}, too: {item.link}")


def _step_rules(address: str, archive: Document, document: Document) -> Iterator[str]:
    """One step back in the chain of a document."""
    if not archive.is_archive:
        yield f"goes on with what is no archive: {address}"
    if archive.links.current != document.links.own:
        yield f"{address} says that it belongs to {archive.links.current or 'nothing'}"


def _item_ids(*documents: Document) -> set[str]:
    return {item.id for document in documents for item in document.items}


def _targets(name: str, data: bytes) -> Collection[str]:
    """Return the addresses in a page, a list of feeds or a table of contents."""
    file = name.rpartition("/")[2]
    if file.endswith(".html"):
        return _page_targets(data)
    if file.endswith(".opml"):
        with suppress(Unreadable):
            urls = (o.get("xmlUrl") or o.get("url") for o in parse_xml(data).iter("outline"))
            return {str(url) for url in urls if url}
    if name.endswith(f"{model.ARCHIVE}{CONTENTS.name}"):
        with suppress(Unreadable, AttributeError, TypeError, KeyError):
            return {address for month in parse_json(data)["months"] for address in file_addresses(month)}
    return ()


def _page_targets(data: bytes) -> set[str]:
    from lxml import html

    elements = html.document_fromstring(data).iter("a", "link", "img")
    hrefs = [str(e.get("href") or e.get("src") or "") for e in elements]
    return {h for h in hrefs if h and not h.startswith(("data:", "feed:"))}


def _twin_problems(name: str, files: Mapping[str, bytes]) -> Iterator[Problem]:
    if name.endswith(TWINS):
        if name.removesuffix(name[-3:]) not in files:
            yield Problem("the twin", "stands alone: what it is a twin of is not there")
        return
    for ending in (coding.ending for coding in codings_of(name)):
        packed = files.get(name + ending)
        if packed is None:
            yield Problem("the file", f"has no twin {ending}")
        elif _unpacked(packed, ending) != files[name]:
            yield Problem("the file", f"and its twin {ending} are not the same")


def _unpacked(packed: bytes, ending: str) -> bytes | None:
    """Return the bytes; None where they are damaged."""
    if ending == ".gz":
        with suppress(OSError, EOFError, zlib.error):
            return gzip.decompress(packed)
        return None
    import brotli

    with suppress(brotli.error):
        unpacked: bytes = brotli.decompress(packed)
        return unpacked
    return None


def _read_xml(name: str, data: bytes) -> Document | None:
    """Return the feed; None for any other file: other checks report what is no feed and should be."""
    if not name.endswith(".xml"):
        return None
    try:
        return read_xml_feed(parse_xml(data))
    except Unreadable:
        return None


def _base(name: str, document: Document) -> str | None:
    """Return the address of the folder, as a feed in it tells by its own; None where it does not fit its path."""
    own = document.links.own
    return own.removesuffix(name) if own.endswith(f"/{name}") else None
