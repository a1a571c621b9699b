"""A published folder of every kind of file, as web servers find it, and what lies beside it."""

from __future__ import annotations

import os
import time
from pathlib import Path

import brotli

from feedpub.kinds import Part, kinds_in
from feedpub.publishing.folder import Folder

FOLDERS = (
    (Part.FRONT, ""),
    (Part.SOURCE, "zrazkiv/"),
    (Part.TEXT, "zrazkiv/text/"),
    (Part.COLLECTION, "zrazkiv/category/osvita-2.0/"),
    (Part.COLLECTION, "zrazkiv/feed/1/"),
    (Part.ARCHIVE, "zrazkiv/archive/"),
    (Part.MONTH, "zrazkiv/archive/2026-10/"),
    (Part.ITEM, "zrazkiv/item/"),
    (Part.PRESS, "zrazkiv/press/"),
)
BESIDE = {  # files of a published type that an operator may put beside
    "robots.txt": "text/plain; charset=utf-8",
    "sitemap.xml": "application/xml; charset=utf-8",
    "zrazkiv/status.json": "application/json; charset=utf-8",
}


def published_types() -> dict[str, str]:
    """Every kind of file in every part that has it -> its media type."""
    types: dict[str, str] = {}
    for part, folder in FOLDERS:
        types |= {folder + kind.name.replace("*", "k3j9x2m4qaf5"): kind.media_type for kind in kinds_in(part)}
    return types


MEDIA_TYPES = published_types() | BESIDE
PICTURES = {  # which an operator may put beside
    "style.css": "text/css; charset=utf-8",
    "logo.svg": "image/svg+xml",
    "logo.png": "image/png",
    "rada.jpg": "image/jpeg",
    "favicon.ico": "image/x-icon",
}
NOTHING = "404.html"
SECRET = b"secret = 'sesame'"
DRAFT = b"half a feed, and not the last word"
AN_HOUR = 3600.0


def put(folder: Path, name: str, data: bytes, age: float = AN_HOUR) -> None:
    """Publishes the file, with both its twins, as if so many seconds ago."""
    Folder(folder)(name, data, MEDIA_TYPES[name])
    (folder / f"{name}.br").write_bytes(brotli.compress(data, quality=5))
    at = time.time() - age
    for ending in ("", ".gz", ".br"):
        os.utime(folder / f"{name}{ending}", (at, at))


def content(name: str) -> bytes:
    return f"{name}: Міська рада повідомляє.\n".encode() * 200


def fill(folder: Path) -> None:
    """All kinds of files, and what must not be seen: a draft, a folder without a page, a link that leads out."""
    for name in MEDIA_TYPES:
        put(folder, name, content(name))
    for name in ("plain.html", NOTHING, *PICTURES):  # without twins
        (folder / name).write_bytes(content(name))
    (folder / ".well-known").mkdir()
    (folder / ".well-known" / "security.txt").write_bytes(content("security.txt"))
    (folder / "zrazkiv" / ".rss.xml.new").write_bytes(DRAFT)
    (folder / ".hidden").mkdir()
    (folder / ".hidden" / "rss.xml").write_bytes(DRAFT)
    (folder / "bare").mkdir()
    (folder / "bare" / "rss.xml").write_bytes(content("bare/rss.xml"))
    (folder.parent / "config.txt").write_bytes(SECRET)
    (folder / "zrazkiv" / "out.txt").symlink_to(folder.parent / "config.txt")
    (folder / "zrazkiv" / "beyond").symlink_to(folder.parent, target_is_directory=True)
