"""Whether readers find the published files at the address that the feeds name, as they are, and nothing else there."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

from feedpub.cli.objects import place_to_look
from feedpub.collecting.fetch import Fetcher
from feedpub.config import Config
from feedpub.errors import FetchError, PublishError, Refused
from feedpub.kinds import RSS
from feedpub.model import Source

SQLITE = b"SQLite format 3\x00"  # how such a file begins
OF_XML = ("application/xml", "text/xml")  # types that readers take for any feed


@dataclass(frozen=True, slots=True)
class Remark:
    """One line of the report."""

    what: str
    is_well: bool
    words: str  # what is so, or what is wrong and what to do


def reached(settings: Config, sources: Sequence[Source], fetcher: Fetcher) -> Iterator[Remark]:
    """Ask for the first feed as a reader does, and for what must not be there; for nothing before the first run."""
    place = place_to_look(settings.publish.to)
    try:
        name = next((name for s in sources if place.read(name := f"{s.id}/{RSS.name}") is not None), None)
        before = place.read(name) if name else None
    except PublishError as error:
        yield Remark("published files", is_well=False, words=str(error))
        return
    if name is None:
        return
    url = f"{settings.publish.base_url}{name}"
    try:
        data = fetcher.raw(url)
    except FetchError as error:
        yield Remark("feeds", is_well=False, words=f"{error}; {_way_out(settings.publish.to, name, error)}")
        return
    if data not in (before, place.read(name)):  # a run may have written it meanwhile
        words = f"{url} is not the file in {settings.publish.to}; look at the web server's folder, and at caches"
        yield Remark("feeds", is_well=False, words=words)
    elif wrong := _wrong_type(url, fetcher):
        yield Remark("feeds", is_well=False, words=f"{url} {wrong}; docs/serving.md has the types of all files")
    else:
        yield Remark("feeds", is_well=True, words=f"{url} is the file that was published")
    shown = [other for other in _secrets(settings) if _is_shown(other, settings, fetcher)]
    for other in shown:
        words = f"everybody can read {other}; let the web server show {settings.publish.to} and no folder above"
        yield Remark("what is not for readers", is_well=False, words=words)
    if not shown:
        yield Remark("what is not for readers", is_well=True, words="neither state nor configuration is there")


def _way_out(to: Path | str, name: str, error: FetchError) -> str:
    """Return what to do where a reader does not get the file."""
    if isinstance(to, Path) and isinstance(error, Refused):
        for path in (to / name, *(to / name).parents):
            wanted = stat.S_IROTH if path.is_file() else stat.S_IXOTH
            if not path.stat().st_mode & wanted:
                return f"others may not read {path}: chmod o+rX {path}"
    return f"let a web server show {to} there (docs/serving.md), or correct `base_url`"


def _wrong_type(url: str, fetcher: Fetcher) -> str:
    """Return what is wrong with the type under which a feed is sent; "": nothing."""
    try:
        medium = fetcher.measure(url)
    except FetchError as error:
        return f"cannot be asked for its size (HEAD): {error.reason}"
    if medium is None:
        return "is sent as a page, or without type or length"
    if medium.type not in (RSS.bare_type, *OF_XML):
        return f"is sent as {medium.type}, not as {RSS.bare_type}"
    return ""


def _secrets(settings: Config) -> list[str]:
    """Return the addresses at which a web server would show state and configuration, with too high a folder."""
    base = settings.publish.base_url
    names = [settings.path.name, *([settings.state.name] if isinstance(settings.state, Path) else [])]
    return list(dict.fromkeys(urljoin(base, way + name) for name in names for way in ("", "../", "/")))


def _is_shown(url: str, settings: Config, fetcher: Fetcher) -> bool:
    """Whether it is there. A server may answer any address with a page of its own."""
    try:
        data = fetcher.raw(url)
    except FetchError:
        return False
    return data.startswith(SQLITE) or data == settings.path.read_bytes()
