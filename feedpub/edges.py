"""What the flow is handed: the ways out, as callables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from feedpub.content import Medium, NotModified, Page
    from feedpub.model import Source, Validators

T = TypeVar("T")


class Fetch(Protocol):
    def page(self, url: str, /) -> Page: ...

    def page_if_changed(self, url: str, known: Validators, /) -> Page | NotModified: ...


def expect(fetch: Fetch, pages: Sequence[tuple[str, Validators]]) -> None:
    """Tells a fetch what it will be asked for next, in this order, if it is one that goes ahead (see ``fetch.lanes``).

    Nothing: what was expected is not wanted any more.
    """
    if told := getattr(fetch, "expect", None):
        told(pages)


class Publish(Protocol):
    def __call__(self, name: str, data: bytes, media_type: str, /) -> bool: ...

    def names(self, folder: str, /) -> list[str]: ...

    def remove(self, name: str, /) -> bool: ...

    def fingerprints(self, names: Iterable[str], /) -> list[str | None]: ...

    def read(self, name: str, /) -> bytes | None: ...


class Measure(Protocol):
    def __call__(self, url: str, /) -> Medium | None: ...


class Track(Protocol):
    """Gives things one by one, perhaps showing how far it is; ``unit`` is what they are."""

    def __call__(self, things: Sequence[T], source: Source, unit: str, /) -> Iterable[T]: ...


def untracked(things: Sequence[T], _source: Source, _unit: str) -> Iterable[T]:
    return things
