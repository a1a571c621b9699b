"""The published objects of a bucket, for the command that checks them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from feedpub.edges import Publish
from feedpub.kinds import headers_of, kind_of
from feedpub.publishing.check import together
from feedpub.publishing.folder import ENDINGS, Folder
from feedpub.publishing.moved import differing_copies, moved_to, without_copies
from feedpub.publishing.remembering import shrunk

if TYPE_CHECKING:
    from feedpub.publishing.s3 import Stored

SCHEME = "s3://"
AT_ONCE = 16  # requests

Objects = Mapping[str, "Stored"]  # by name, twins included


def is_bucket(place: str) -> bool:
    return place.startswith(SCHEME)


def objects_at(url: str) -> Objects:
    """Return the published objects below an address, or the one at the address, each by its name below it.

    The one at the address has the name "". Raises PublishError if they cannot be read, ConfigError where obstore is
    not installed.
    """
    from concurrent.futures import ThreadPoolExecutor

    from feedpub.publishing.places import require_library

    require_library(url)
    from feedpub.publishing.bucket import Bucket  # what is checked is mostly in a folder

    bucket = Bucket(url)
    names = [name for name in bucket.all_names() if _is_published(name)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        objects = dict(zip(names, pool.map(bucket.stored, names), strict=True))
    if not objects:
        folder, _, name = url.rstrip("/").rpartition("/")
        objects = {"": Bucket(folder).stored(name)} if folder.count("/") > 1 else {}
    return {name: stored for name, stored in objects.items() if stored}


def address_in(url: str, name: str) -> str:
    """Return an object's address, for a person."""
    return f"{url.rstrip('/')}/{name}" if name else url


def place_to_look(to: Path | str) -> Publish:
    """Return the place where feeds are published, for somebody who writes nothing there."""
    if isinstance(to, Path):
        return Folder(to)
    from feedpub.publishing.bucket import Bucket

    return Bucket(to)


def problems_in_bucket(url: str, objects: Objects) -> list[str]:
    """Return the problems of objects that show when they are compared with each other, and those of their headers."""
    files = {name: stored.data for name, stored in objects.items() if name}  # "": the address is that of one file
    place = place_to_look(url)
    sources = sorted({name.partition("/")[0] for name in files if "/" in name})
    moved = {source: to for source in sources if (to := moved_to(place.read_mark(source)))}
    differing = differing_copies(files, moved)
    together_problems = together(without_copies(files, moved))
    lines = [*_header_problems(url, objects)]
    lines += [f"{address_in(url, name)}: {problem}" for name, problem in (*differing, *together_problems)]
    for source in sources:
        lost = shrunk(place, source)
        if lost:
            lines.append(f"{address_in(url, source)}: the archive: {lost}")
    return lines


def _header_problems(url: str, objects: Objects) -> Iterator[str]:
    """Yield the objects that the server sends under headers other than those they are published with."""
    for name, stored in objects.items():
        address = address_in(url, name)
        wanted = headers_of(address)
        if wanted is None:
            continue
        headers = {
            "Content-Type": wanted.media_type,
            "Content-Encoding": wanted.coding,
            "Cache-Control": wanted.cache_control,
        }
        for header, value in headers.items():
            if stored.headers.get(header) != value:
                said = stored.headers.get(header, "nothing")
                yield (
                    f"{address}: the headers: {header} is {said}, and should be {value or 'nothing'};"
                    " delete the object, then `feedpub publish` writes it again"
                )


def _is_published(name: str) -> bool:
    """Whether it is a file that feedpub publishes, or a twin of one."""
    return any(name.endswith(ending) and kind_of(name.removesuffix(ending)) for ending in ENDINGS)
