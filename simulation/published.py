"""The published folder, as a program that knows nothing of feedpub reads it."""

from __future__ import annotations

import html
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from feedpub.kinds import CODINGS
from simulation.council import Picture

TWINS = tuple(coding.ending for coding in CODINGS)
TAG = re.compile(r"<[^>]*>")
ENDS = re.compile(r"</p>|</a></li>")  # of a paragraph, and of a file in a list
ALWAYS = (".state.json", "index.html", "rss.xml", "atom.xml", "feed.json")  # one is written whenever any file is
IMAGE = re.compile(r"<img\b[^>]*>")
ATTRIBUTE = re.compile(r'(src|alt)="([^"]*)"')
SOURCE = re.compile(r'<p>Джерело: [^<]*<a href="([^"]*)">[^<]*</a></p>')  # the block that leads to the council's page


@dataclass(frozen=True, slots=True)
class Item:
    """An item as it is published."""

    id: str
    url: str
    title: str
    markup: str
    published: datetime | None
    modified: datetime | None

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The words of the article, without the line that names its source."""
        blocks = ENDS.split(SOURCE.sub("", self.markup))
        texts = (html.unescape(TAG.sub("", block)).strip() for block in blocks)
        return tuple(text for text in texts if text)

    @property
    def words(self) -> str:
        """The same as one line, whatever the forms of the paragraphs."""
        return " ".join(html.unescape(TAG.sub(" ", SOURCE.sub("", self.markup))).split())

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """The pictures of the article, without the host that they are on."""
        found = (dict(ATTRIBUTE.findall(image)) for image in IMAGE.findall(self.markup))
        return tuple(
            Picture(urlsplit(html.unescape(one.get("src", ""))).path, html.unescape(one.get("alt", "")))
            for one in found
        )

    @property
    def link_to_source(self) -> str | None:
        """Where the line leads that the council asks for; None: there is none."""
        match = SOURCE.search(self.markup)
        return html.unescape(match[1]) if match else None


def item_of(value: Mapping[str, Any]) -> Item:
    return Item(
        value["id"],
        value.get("url", ""),
        value["title"],
        value.get("content_html", ""),
        _instant(value.get("date_published")),
        _instant(value.get("date_modified")),
    )


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


Stamp = tuple[int, int]  # size, time of change


@dataclass(slots=True)
class Published:
    """A council's files, looked at after each run. What has not changed is not read again."""

    folder: Path  # of all sources
    source: str
    stamps: dict[str, Stamp] = field(default_factory=dict)
    feed: tuple[Item, ...] = ()  # as the JSON Feed has them, newest first
    _dumps: dict[str, tuple[Item, ...]] = field(default_factory=dict)
    _outer: tuple[Stamp | None, ...] = ()

    @property
    def items(self) -> dict[str, Item]:
        """All items of the archive and the feed, by id."""
        found = {item.id: item for name in sorted(self._dumps) for item in self._dumps[name]}
        return found | {item.id: item for item in self.feed}

    def look(self) -> tuple[set[str], set[str]]:
        """Look at the folder. Return the files that have changed or come, and those that are gone."""
        outer = tuple(_stamp(self.folder / self.source / name) for name in ALWAYS)
        if outer == self._outer:
            return set(), set()
        self._outer = outer
        before, now = self.stamps, dict(_stamps(str(self.folder)))
        changed = {name for name, stamp in now.items() if before.get(name) != stamp}
        gone = before.keys() - now.keys()
        self.stamps = now
        for name in changed:
            if name == f"{self.source}/feed.json":
                value = json.loads((self.folder / name).read_bytes())
                self.feed = tuple(map(item_of, value["items"]))
            elif name.startswith(f"{self.source}/archive/") and name.endswith(".ndjson"):
                lines = (self.folder / name).read_text(encoding="utf-8").splitlines()
                self._dumps[name] = tuple(item_of(json.loads(line)) for line in lines)
        for name in gone:
            self._dumps.pop(name, None)
        return changed, gone

    def files(self) -> dict[str, bytes]:
        """Return every file, its name -> bytes."""
        return {name: (self.folder / name).read_bytes() for name, _ in sorted(_stamps(str(self.folder)))}


def _stamp(path: Path) -> Stamp | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns


def _stamps(folder: str, within: str = "") -> Iterator[tuple[str, Stamp]]:
    """Yield every file below a folder that readers see, with its stamp."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                yield from _stamps(entry.path, f"{within}{entry.name}/")
            elif not entry.name.startswith("."):
                status = entry.stat()
                yield within + entry.name, (status.st_size, status.st_mtime_ns)
