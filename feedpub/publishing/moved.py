"""Sources that have another id now: what is published under the old one is a copy, and its mark says of what.

A web server can send readers on for good (301), and `feedpub serve` does. Other places can only show files. So the copy
is kept up to date: whoever subscribed to the old address misses nothing, and the feed there names its new address.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from feedpub.edges import Publish
from feedpub.kinds import PICTURES, THUMBNAIL, kind_of

if TYPE_CHECKING:
    from feedpub.council import Council
    from feedpub.publishing.documents import Target


def mark_of_move(new: str) -> bytes:
    """Return the mark of a folder whose source is in another one now."""
    return (json.dumps({"moved": new}) + "\n").encode()


def moved_to(mark: bytes | None) -> str | None:
    """Return the folder to which a mark sends readers. None: it is another mark, or none."""
    try:
        value = json.loads(mark or b"null")
    except ValueError:
        return None
    new = value.get("moved") if isinstance(value, dict) else None
    return new if isinstance(new, str) else None


def with_copies(target: Target, council: Council) -> Target:
    """Return the target that also keeps the copies under a source's former ids."""
    return replace(target, publish=Copied(target.publish, council.id, council.left)) if council.left else target


def copy_pictures(publish: Publish, old: str, new: str) -> None:
    """Copy the small copies of pictures from one folder to another, so that no site is asked for them again.

    Raises PublishError.
    """
    for name in publish.names(f"{old}/{PICTURES.rstrip('/')}"):
        data = publish.read(name)
        if data is not None and kind_of(name) is THUMBNAIL:
            publish(f"{new}{name.removeprefix(old)}", data, THUMBNAIL.media_type)


def differing_copies(files: Mapping[str, bytes], moved: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the files under former ids that are no copies of those under the present ones, each with what to do."""
    for name, data in files.items():
        folder, _, rest = name.partition("/")
        if folder in moved and files.get(f"{moved[folder]}/{rest}") != data:
            words = f"is not the copy of {moved[folder]}/{rest} that it is to be"
            yield name, f"{words}; `feedpub publish` writes it again"


def without_copies(files: Mapping[str, bytes], moved: Mapping[str, str]) -> dict[str, bytes]:
    """Return the files that are under the present ids of their sources."""
    return {name: data for name, data in files.items() if name.partition("/")[0] not in moved}


@dataclass(frozen=True, slots=True)
class Copied:
    """A place to publish where a source's files are also written under its former ids."""

    publish: Publish
    id: str
    left: tuple[str, ...]  # its former ids

    def begin(self, folder: str) -> None:
        self.publish.begin(folder)
        for old in self.left:
            if moved_to(self.publish.read_mark(old)) != self.id:
                self.publish.put_mark(old, mark_of_move(self.id))

    def __call__(self, name: str, data: bytes, media_type: str) -> bool:
        for copy in self._copies(name):
            self.publish(copy, data, media_type)
        return self.publish(name, data, media_type)

    def remove(self, name: str) -> bool:
        for copy in self._copies(name):
            self.publish.remove(copy)
        return self.publish.remove(name)

    def _copies(self, name: str) -> list[str]:
        rest = name.removeprefix(self.id)
        return [f"{old}{rest}" for old in self.left]

    # -------------------------------------------------------- as it is

    def is_foreign(self, folder: str) -> bool:
        return self.publish.is_foreign(folder)

    def address(self, name: str) -> str:
        return self.publish.address(name)

    def holds(self, name: str, data: bytes) -> bool:
        return self.publish.holds(name, data)

    def names(self, folder: str) -> list[str]:
        return self.publish.names(folder)

    def fingerprints(self, names: Iterable[str]) -> list[str | None]:
        return self.publish.fingerprints(names)

    def fingerprint_of_folder(self, folder: str) -> str | None:
        return self.publish.fingerprint_of_folder(folder)

    def read(self, name: str) -> bytes | None:
        return self.publish.read(name)

    def read_mark(self, folder: str) -> bytes | None:
        return self.publish.read_mark(folder)

    def put_mark(self, folder: str, data: bytes) -> None:
        self.publish.put_mark(folder, data)
