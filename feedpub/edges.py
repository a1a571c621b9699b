"""The ways out, as callables. The commands hand them to the two wings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from feedpub.content import Medium, NotModified, Page
    from feedpub.model import Source, Validators

T = TypeVar("T")


class Fetch(Protocol):
    """Fetches pages from the network. Both methods raise FetchError if the page does not arrive."""

    def page(self, url: str, /) -> Page: ...

    def page_if_changed(self, url: str, known: Validators, /) -> Page | NotModified: ...


class Publish(Protocol):
    """A place to publish: a folder of this machine, or a bucket that others may write to as well.

    Every method may raise PublishError, and Overtaken where a run on another state has published meanwhile.
    """

    def begin(self, folder: str, /) -> None: ...

    def is_foreign(self, folder: str, /) -> bool: ...

    def address(self, name: str, /) -> str: ...

    def __call__(self, name: str, data: bytes, media_type: str, /) -> bool: ...

    def holds(self, name: str, data: bytes, /) -> bool: ...

    def names(self, folder: str, /) -> list[str]: ...

    def remove(self, name: str, /) -> bool: ...

    def fingerprints(self, names: Iterable[str], /) -> list[str | None]: ...

    def fingerprint_of_folder(self, folder: str, /) -> str | None: ...

    def read(self, name: str, /) -> bytes | None: ...

    def read_mark(self, folder: str, /) -> bytes | None: ...

    def put_mark(self, folder: str, data: bytes, /) -> None: ...


class Measure(Protocol):
    def __call__(self, url: str, /) -> Medium | None: ...


class Track(Protocol):
    """Yields things one by one, and may show progress. ``unit`` names them, as "pages" does."""

    def __call__(self, things: Sequence[T], source: Source, unit: str, /) -> Iterable[T]: ...


def untracked(things: Sequence[T], _source: Source, _unit: str) -> Iterable[T]:
    return things


def expect(fetch: object, pages: Sequence[tuple[str, Validators]]) -> None:
    """Announce the next pages to a fetch that goes ahead (see ``fetch.apart``). Any other fetch ignores this.

    No pages: those that were announced are not wanted any more.
    """
    expected = getattr(fetch, "expect", None)
    if expected:
        expected(pages)


def asks_once(fetch: object, url: str) -> bool:
    """Return whether the host of an address wants such long pauses that a run asks it for one page only."""
    is_slow = getattr(fetch, "asks_once", None)
    return bool(is_slow and is_slow(url))
