"""Every kind of file that feedpub publishes, in one table.

Publishing, checking, serving, announcing and the pages all follow it. A new
format is one more row here and the file in ``publishing/render/`` that the
row names.
"""

from __future__ import annotations

import hashlib
from base64 import b32encode
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Flag, auto
from functools import lru_cache
from pathlib import PurePosixPath


class Part(Flag):
    """A part of what is published. Each part is a folder, or one folder for each topic, category or month."""

    FRONT = auto()  # all sources together: the published folder itself
    SOURCE = auto()  # a source's own feed and page
    TEXT = auto()  # the edition without pictures: its own feed and page
    COLLECTION = auto()  # a topic or a category
    TEXT_COLLECTION = auto()  # the same without pictures
    TEXT_ARCHIVE = auto()  # the contents of the archive of the edition without pictures
    TEXT_MONTH = auto()  # a month of it: a folder with the titles, and one for each third of the month with the texts
    ARCHIVE = auto()  # the contents of a source's archive
    MONTH = auto()  # a month of the archive
    ITEM = auto()  # a page for each item, where it can be read
    ABOUT = auto()  # what is said of the pages themselves, and where there is nothing
    PRESS = auto()  # for the council's press officer: a page, and pictures for the council's own site
    PICTURE = auto()  # small copies of the pictures that pages show


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of published file.

    ``renderer`` and ``checker`` name a function as ``module:function``, in
    ``publishing/render/`` and ``publishing/check/``. They are loaded when the
    first such file is made or checked, since most runs make none.
    """

    name: str  # of the file, in whichever folder; with * for what is each file's own
    media_type: str
    parts: Part  # that have such a file
    is_feed: bool = False  # people subscribe to it: pages link it, hubs are told of it
    label: str = ""  # of the format, where people and programs choose among feeds
    version: str = ""  # of the format
    renderer: str = ""  # makes the file from a Feed; "": it is made otherwise
    checker: str = ""  # reads the file and gives its problems; "": only what holds for any text is checked
    is_packed: bool = False  # compressed already: it has no twins
    is_lasting: bool = False  # named by its content: under its name it never changes

    @property
    def bare_type(self) -> str:
        """The media type without parameters, as links name it."""
        return self.media_type.partition(";")[0]

    @property
    def full_label(self) -> str:
        return f"{self.label} {self.version}".rstrip()


_BASIC = Part.SOURCE | Part.TEXT | Part.COLLECTION | Part.TEXT_COLLECTION | Part.MONTH  # what every reader takes
RSS = Kind(
    "rss.xml", "application/rss+xml; charset=utf-8", _BASIC,
    is_feed=True, label="RSS", version="2.0", renderer="rss:rss", checker="feeds:xml_problems",
)  # fmt: skip
ATOM = Kind(
    "atom.xml", "application/atom+xml; charset=utf-8", _BASIC,
    is_feed=True, label="Atom", version="1.0", renderer="atom:atom", checker="feeds:xml_problems",
)  # fmt: skip
JSON_FEED = Kind(
    "feed.json", "application/feed+json; charset=utf-8", Part.SOURCE,
    is_feed=True, label="JSON Feed", version="1.1", renderer="jsonfeed:json_feed", checker="feeds:json_problems",
)  # fmt: skip
DUMP = Kind(
    "items.ndjson", "application/x-ndjson; charset=utf-8", Part.MONTH,
    renderer="jsonlines:json_lines", checker="jsonlines:dump_problems",
)  # fmt: skip
OUTLINE = Kind("feeds.opml", "text/x-opml; charset=utf-8", Part.FRONT | Part.TEXT, checker="lists:outline_problems")
PAGE = Kind(
    "index.html", "text/html; charset=utf-8",
    Part.FRONT | Part.SOURCE | Part.TEXT | Part.COLLECTION | Part.TEXT_COLLECTION | Part.TEXT_ARCHIVE | Part.TEXT_MONTH
    | Part.ARCHIVE | Part.MONTH | Part.ABOUT | Part.PRESS,
    checker="page:page_problems",
)  # fmt: skip
NOT_FOUND = Kind("404.html", PAGE.media_type, Part.ABOUT, checker="page:page_problems")  # servers show it as a 404
ITEM = Kind("*.html", PAGE.media_type, Part.ITEM, checker="page:page_problems")
SEARCH = Kind(
    "search.json", "application/json; charset=utf-8", Part.MONTH,
    renderer="searching:search_index", checker="searching:search_problems",
)  # fmt: skip
CONTENTS = Kind("index.json", "application/json; charset=utf-8", Part.ARCHIVE, checker="lists:contents_problems")
BUTTON = Kind("button.svg", "image/svg+xml", Part.PRESS, checker="drawings:drawing_problems")
QR = Kind("qr.svg", BUTTON.media_type, Part.PRESS, checker="drawings:drawing_problems")
THUMBNAIL = Kind(
    "*.jpg", "image/jpeg", Part.PICTURE, checker="thumbnails:thumbnail_problems", is_packed=True, is_lasting=True
)  # fmt: skip
KINDS: tuple[Kind, ...] = (
    RSS, ATOM, JSON_FEED, DUMP, OUTLINE, PAGE, NOT_FOUND, ITEM, SEARCH, CONTENTS, BUTTON, QR, THUMBNAIL,
)  # fmt: skip
ITEM_ENDING = ITEM.name.removeprefix("*")
ITEMS = "item/"  # the folder of items' pages, in their source's
THIRDS = (1, 2, 3)  # of a month without pictures, each in its folder: to the 10th, to the 20th, to the end
LETTERS = 12  # of an item's file: of a million items, two have the same letters once in two million times
PICTURES = "picture/"  # the folder of small copies of pictures, in their source's
FOLDERS = {ITEM: ITEMS, THUMBNAIL: PICTURES}  # of the kinds of which each file has a name of its own
LETTERS_OF_CONTENT = 26  # of a picture's file: 130 bits of its SHA-256
LONGEST_SIDE = 800  # pixels of a small copy: a poster's small print can be read on a phone
LARGEST_THUMBNAIL = 120_000  # bytes

MAX_AGE = 300  # seconds for which nobody need ask again: feedpub runs once an hour
CACHE_CONTROL = f"max-age={MAX_AGE}"
LASTING = "max-age=31536000, immutable"  # a year, of what never changes under its name


@dataclass(frozen=True, slots=True)
class Coding:
    """A compression that HTTP knows, and how the names of files in it end."""

    name: str
    ending: str


CODINGS = (Coding("br", ".br"), Coding("gzip", ".gz"))  # of two that a reader likes equally, the first

PREFERRED = ATOM  # pages and lists name this one where they name one: every reader takes it, and it has tombstones
BESIDE = {  # by ending: files that an operator may put beside ours
    ".css": "text/css; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",
}


def kinds_in(part: Part) -> tuple[Kind, ...]:
    """Return the kinds of file that this part has."""
    return tuple(k for k in KINDS if part in k.parts)


def rendered_in(part: Part) -> tuple[Kind, ...]:
    """Return those that are made from a Feed."""
    return tuple(k for k in kinds_in(part) if k.renderer)


def feeds_in(part: Part) -> tuple[Kind, ...]:
    """Return those that people subscribe to."""
    return tuple(k for k in kinds_in(part) if k.is_feed)


def kind_of(name: str) -> Kind | None:
    """Return the kind of the file with this name or path; None for files that are not ours."""
    folder, _, file = name.rpartition("/")
    named = next((k for k in KINDS if k.name == file), None)
    return named or next((k for k, place in FOLDERS.items() if _is_one_of(k, place, folder, file)), None)


def _is_one_of(kind: Kind, place: str, folder: str, file: str) -> bool:
    return file.endswith(kind.name.removeprefix("*")) and f"/{folder}/".endswith(f"/{place}")


@lru_cache(maxsize=4096)  # a page of fifty items leads to each of theirs, and they are on many pages
def item_file(item: str) -> str:
    """Return the file of an item's page, in its source's folder. It is made of the id alone, and lasts like it."""
    return ITEMS + ITEM.name.replace("*", _letters(item.encode())[:LETTERS])


def thumbnail_file(data: bytes) -> str:
    """Return the file of a picture's small copy, in its source's folder. It is made of the content alone."""
    return PICTURES + THUMBNAIL.name.replace("*", _letters(data)[:LETTERS_OF_CONTENT])


def _letters(data: bytes) -> str:
    return b32encode(hashlib.sha256(data).digest()).decode().lower()


def codings_of(name: str) -> tuple[Coding, ...]:
    """Return the compressions in which a file has a twin each."""
    kind = kind_of(name)
    return () if kind and kind.is_packed else CODINGS


def is_feed(name: str) -> bool:
    """Whether people subscribe to the file with this name or path."""
    kind = kind_of(name)
    return kind is not None and kind.is_feed


def media_type_of(name: str) -> str | None:
    """Return the media type of a file in the published folder; None for files that have no business there."""
    kind = kind_of(name)
    if kind:
        return kind.media_type
    return types_by_ending(KINDS).get(PurePosixPath(name).suffix)


@dataclass(frozen=True, slots=True)
class Headers:
    """What a server says of a published file."""

    media_type: str
    coding: str | None = None  # None: the file is as it is
    cache_control: str = CACHE_CONTROL


def headers_of(name: str) -> Headers | None:
    """Return what a server says of a file or of a compressed twin; None for files that have no business there."""
    coding = next((c for c in CODINGS if name.endswith(c.ending)), None)
    media_type = media_type_of(name.removesuffix(coding.ending) if coding else name)
    if media_type is None:
        return None
    kind = kind_of(name)
    return Headers(media_type, coding.name if coding else None, LASTING if kind and kind.is_lasting else CACHE_CONTROL)


def types_by_ending(kinds: Iterable[Kind]) -> dict[str, str]:
    """Return the media types of files that are no feeds, by their ending.

    A feed's type says more than its ending: any other .xml or .json is no feed.
    """
    return BESIDE | {PurePosixPath(k.name).suffix: k.media_type for k in kinds if not k.is_feed}
