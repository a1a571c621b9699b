"""Who is measured: feedpub, and the script that somebody would write in an afternoon. ``rivals`` has the others."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
CONFIG = """\
[publish]
to = "public"
base_url = "https://feeds.example.org/"
items = 50

[state]
url = "sqlite:///feedpub.db"

[fetch]
contact = "mailto:a@example.org"
delay = 0.0
"""
SOURCE = """
[[source]]
id = "{id}"
title = "Зразківська міська рада"
home = "{url}"
listings = ["{url}"]
language = "uk"
timezone = "Europe/Kyiv"
"""
LAYOUT = """
[source.layout]
item = ".node-teaser"
link = "h2 a"
item_title = "h2"
item_date = ".submitted span"
next_page = ".pager-next a"
article = "#block-system-main"
title = "#page-title"
date = ".submitted span"
body = ".field-name-body"
images = ".field-name-field-photo img"
categories = ".field-type-taxonomy-term-reference a"
date_formats = ["%d/%m/%Y - %H:%M"]
"""


@dataclass(frozen=True, slots=True)
class Variant:
    """``command`` is what reads a site's newest articles into a folder, ``walk`` what reads all of them."""

    name: str
    command: Callable[[str, Path], list[str]]
    walk: Callable[[str, Path, int], list[str]] | None = None  # None: it cannot
    prepare: Callable[[str, Path], None] = lambda url, folder: None
    pause: float = 0.0  # seconds between two runs, that the second may ask for anything
    age: Callable[[Path], None] = lambda folder: None  # makes what is kept a day older
    tries: int = 1  # of a run that ends badly: some tools crash now and then


def configured(urls: list[str], folder: Path, layout: str = "") -> None:
    """A folder with feedpub's configuration for sites at these addresses; without a layout, that is for it to find."""
    sources = "".join(SOURCE.format(id=f"council{n}" if n else "council", url=u) for n, u in enumerate(urls))
    (folder / "config.toml").write_text(CONFIG + sources + layout, encoding="utf-8")


def feedpub(*args: str) -> Callable[..., list[str]]:
    """feedpub's command line, whatever the site: that stands in the configuration."""
    return lambda _url, folder, *_: [sys.executable, "-m", "feedpub", "--config", str(folder / "config.toml"), *args]


def age(folder: Path) -> None:
    """A day has passed: what is looked at again is due. The clock is the system's, so it is the state that moves."""
    with closing(sqlite3.connect(folder / "feedpub.db")) as db, db:
        db.execute("UPDATE visit SET due = '2025-01-01T00:00:00Z' WHERE due IS NOT NULL")


FEEDPUB = Variant(
    "feedpub", feedpub("run"), feedpub("backfill"), lambda url, folder: configured([url], folder), age=age
)
TOLD = Variant(
    "feedpub, with a layout", feedpub("run"), None, lambda url, folder: configured([url], folder, LAYOUT), age=age
)
NAIVE = Variant(
    "naive script",
    lambda url, folder: [sys.executable, str(HERE / "naive.py"), url, str(folder)],
    lambda url, folder, count: [sys.executable, str(HERE / "naive.py"), url, str(folder), str(count)],
)
