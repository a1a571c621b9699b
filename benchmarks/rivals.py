"""The tools that one may install instead, each told by its own means what feedpub finds out by itself.

All of them are given selectors for the site of ``site.py``, as their manuals
advise for a page that they cannot know; all write ``feed.xml``, and a walk
the same, or a folder ``feeds``.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks.site import PAGE_SIZE
from benchmarks.variants import Variant

FEED = "feed.xml"  # in the folder of the run
RSS_BRIDGE = "RSS_BRIDGE"  # the environment's name for the folder with a checkout of RSS-Bridge
# lxml 5.2 gave away a module that newslinkrss, and justext under trafilatura, still import from it: without the
# package that has it now, the one does not start, and the other leaves newsworker silently without full text.
PACKAGES = {
    "newslinkrss": ("newslinkrss==0.12.0", "lxml-html-clean>=0.4"),
    "newsworker": ("newsworker[fulltext]==1.4.0", "lxml-html-clean>=0.4"),
}
# After what `newsworker analyze` writes for the site, but with the hour: by itself it takes the visible date,
# and of that the day. As a "bridge", because `batch` takes no specification by name.
NEWSWORKER_BRIDGE = """\
match: {host: 127.0.0.1}
spec:
  version: 1
  feed: {title: Зразківська міська рада, language: uk}
  items: {selector_type: css, selector: div.node-teaser}
  fields:
    date: {selector: div.submitted span, source: "attr:content", patterns: ["dt:date:date_9:time_2"], required: true}
    title: {selector: h2 a, source: content}
    link: {selector: h2 a, source: "attr:href", absolute: true}
"""
# It refuses addresses of this machine unless both are set. A page is as good as new for an hour by default,
# and with 0 for ever: a second is the least that lets it ask again.
NEWSWORKER_CONFIG = """\
cache_dir: "{folder}/cache"
bridges_dir: "{folder}/bridges"
allow_private_hosts: true
allowed_hosts: ["127.0.0.1"]
content_ttl: 1
full_text: true
default_timezone: Europe/Kyiv
"""


def install(name: str, folder: Path) -> Path:
    """The program of that name, in an environment of its own under the folder, made now if it is missing."""
    environment = folder / name
    program = environment / "bin" / name
    if not program.exists():
        subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)  # noqa: S603
        pip = [str(environment / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
        subprocess.run([*pip, *PACKAGES[name]], check=True)  # noqa: S603
    return program


def newslinkrss(program: Path) -> Variant:
    """newslinkrss: links by their addresses, each page by selectors. It remembers nothing."""

    def command(url: str, folder: Path, *listings: str, count: int = PAGE_SIZE) -> list[str]:
        home = _home(url)
        return [
            str(program), "--follow", "--link-pattern", re.escape(home) + r"content/stattya-\d+$",
            "--max-links", str(count), "--http-timeout", "30", "--require-dates",
            "--title-regex", r"(.+)\s+\|", "--date-from-xpath", '//div[contains(@class, "submitted")]/span/@content',
            "--with-body", "--body-csss", "div.field-name-body", "--output", str(folder / FEED), *(listings or [home]),
        ]  # fmt: skip

    def walk(url: str, folder: Path, count: int) -> list[str]:
        return command(url, folder, *_listings(url, count), count=count)

    return Variant("newslinkrss", command, walk)


def newsworker(program: Path) -> Variant:
    """newsworker: where to look in the listing from a bridge, the text by trafilatura.

    It follows no pager that it cannot read in English. What walks is ``batch``, from a list of
    pages into one feed for each.
    """

    def command(url: str, folder: Path) -> list[str]:
        config, feed = str(folder / "config.yaml"), str(folder / FEED)
        return [str(program), "extract", _home(url), "--config", config, "--format", "rss", "--output", feed]

    def walk(url: str, folder: Path, count: int) -> list[str]:
        listings = folder / "listings.txt"
        listings.write_text("".join(f"{page}\n" for page in _listings(url, count)), encoding="utf-8")
        return [
            str(program), "batch", "--urls-file", str(listings), "--config", str(folder / "config.yaml"),
            "--format", "rss", "--output-dir", str(folder / "feeds"),
        ]  # fmt: skip

    def prepare(_url: str, folder: Path) -> None:
        (folder / "config.yaml").write_text(NEWSWORKER_CONFIG.format(folder=folder), encoding="utf-8")
        (folder / "bridges").mkdir(exist_ok=True)
        (folder / "bridges" / "council.yaml").write_text(NEWSWORKER_BRIDGE, encoding="utf-8")

    return Variant("newsworker", command, walk, prepare, pause=1.1, tries=5)


def rss_bridge(program: Path) -> Variant:
    """RSS-Bridge: ``index.php`` of a checkout, for a single listing; its cache lies in the folder of the run."""

    def command(url: str, folder: Path) -> list[str]:
        settings = {
            "RSSBRIDGE_system_timezone": "Europe/Kyiv",
            "RSSBRIDGE_FileCache_path": f"{folder / 'cache'}",
            # By default it answers from its cache for an hour, and asks the site for nothing.
            "RSSBRIDGE_cache_custom_timeout": "true",
        }
        query = {
            "action": "display", "bridge": "CssSelectorComplex", "format": "Mrss", "_cache_timeout": "0",
            "home_page": _home(url), "entry_element_selector": "div.node-teaser", "url_selector": "h2 a",
            "limit": f"{PAGE_SIZE}", "use_article_pages": "on",
            # Title and date must be inside of what is taken for the article, and so have to be taken out again.
            "article_page_content_selector": "div#content", "title_selector": "h1#page-title",
            "time_selector": "div.submitted span", "time_format": "d/m/Y - H:i",
            "content_cleanup": "h1#page-title, a#main-content, div.tabs, span.rdf-meta, div.submitted, "
            "div.field-name-field-photo, div.field-name-field-category",
        }  # fmt: skip
        return [
            "sh", "-c", 'exec "$@" > "$0"', str(folder / FEED),
            "env", *(f"{name}={value}" for name, value in settings.items()),
            "php", str(program), *(f"{name}={value}" for name, value in query.items()),
        ]  # fmt: skip

    def prepare(_url: str, folder: Path) -> None:
        (folder / "cache").mkdir(exist_ok=True)

    return Variant("RSS-Bridge", command, prepare=prepare)


def rivals(folder: Path) -> list[Variant]:
    """Those that can be measured here, installed under the folder; says which cannot."""
    of: dict[str, Callable[[Path], Variant]] = {"newslinkrss": newslinkrss, "newsworker": newsworker}
    found = [variant(install(name, folder)) for name, variant in of.items()]
    bridge = Path(os.environ.get(RSS_BRIDGE, "")) / "index.php"
    if not shutil.which("php"):
        print("RSS-Bridge is left out: there is no php", file=sys.stderr)
    elif not os.environ.get(RSS_BRIDGE) or not bridge.is_file():
        print(f"RSS-Bridge is left out: {RSS_BRIDGE} names no checkout of it", file=sys.stderr)
    else:
        found.append(rss_bridge(bridge.resolve()))
    return found


def _home(url: str) -> str:
    return url.rstrip("/") + "/"


def _listings(url: str, count: int) -> list[str]:
    """The pages that list so many articles."""
    return [f"{_home(url)}node?page={n}" for n in range(-(-count // PAGE_SIZE))]
