"""The tools that one may install instead, each told by its own means how the site looks on the first day.

Nobody tells them again when the site changes: so it is with feedpub. Each runs as its own program, under ``faketime``.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from benchmarks.selectors import first_look
from simulation.replay import Replay

PATIENCE = 30.0  # seconds for one poll
ZONE = "Europe/Kyiv"
LOOPBACK = [f"127.1.0.{n}" for n in range(1, 12)]
NEWSWORKER_CONFIG = """\
cache_dir: "{folder}/cache"
allow_private_hosts: true
allowed_hosts: {hosts}
content_ttl: 1
full_text: true
default_timezone: Europe/Kyiv
"""
NEWSWORKER_SPEC = """\
version: 1
feed: {{title: Зразківська міська рада, language: uk}}
items: {{selector_type: css, selector: "{look.item}"}}
fields:
  date: {{selector: "{look.date}", source: "{source}", patterns: ["{pattern}"], required: true}}
  title: {{selector: "{look.title}", source: content}}
  link: {{selector: "{look.link}", source: "attr:href", absolute: true}}
"""


Asking = Callable[[str, Path], list[str]]  # home page, folder -> the command of one poll. It prints the feed


@dataclass(slots=True)
class Rival:
    """A program that is asked for a feed. It failed if its exit code says so, or if it prints none."""

    name: str
    replay: Replay
    folder: Path
    asking: Asking
    has_memory: bool = False
    speed: int = 10  # of its clock: what it waits before it tries again passes as much sooner
    failures: list[tuple[datetime, str]] = field(default_factory=list)

    def poll(self, at: datetime) -> bytes | None:
        command = [
            "faketime",
            "-f",
            f"@{at:%Y-%m-%d %H:%M:%S} x{self.speed}",
            *self.asking(self.replay.home, self.folder),
        ]
        environment = {**os.environ, "TZ": "UTC", "NO_COLOR": "1", "HOME": str(self.folder)}
        environment.pop("PYTHONPATH", None)
        try:
            done = subprocess.run(  # noqa: S603
                command, capture_output=True, timeout=PATIENCE, env=environment, check=False, cwd=self.folder
            )
        except subprocess.TimeoutExpired:
            self.failures.append((at, "no answer in time"))
            return None
        is_feed = re.search(rb"<(rss|feed|rdf:RDF)[\s>]", done.stdout[:2000])
        if done.returncode or not is_feed:
            self.failures.append((at, done.stderr.decode(errors="replace")[-300:] or f"exit code {done.returncode}"))
            return None
        return done.stdout[done.stdout.index(b"<") :]


def newsworker(program: Path, replay: Replay, folder: Path, *, is_told: bool) -> Rival:
    """newsworker 1.4.0: told by a specification as its ``analyze`` writes one, or left to find out by itself."""
    (folder / "config.yaml").write_text(NEWSWORKER_CONFIG.format(folder=folder, hosts=LOOPBACK), encoding="utf-8")
    look, dates = first_look(replay.dump.truth)
    told: list[str] = []
    if is_told and dates:
        source = "attr:datetime" if look.has_stamp else "text"
        spec = NEWSWORKER_SPEC.format(look=look, source=source, pattern=dates[2])
        (folder / "spec.yaml").write_text(spec, encoding="utf-8")
        told = ["--spec", str(folder / "spec.yaml")]

    def asking(url: str, folder: Path) -> list[str]:
        # Its cache goes by the times of files, and the disk's clock is the real one. So each poll does without.
        options = ["--config", str(folder / "config.yaml"), "--no-cache", "--full-text", "--fail-on-empty"]
        return [str(program), "extract", url, *options, *told, "--format", "rss"]

    return Rival(f"newsworker, {'told' if is_told else 'by itself'}", replay, folder, asking)


def rss_bridge(program: Path, replay: Replay, folder: Path) -> Rival:
    """RSS-Bridge: CssSelectorComplex, with the articles' pages. It keeps these for a day, and errors are no items."""
    look, dates = first_look(replay.dump.truth)
    settings = {
        "RSSBRIDGE_system_timezone": ZONE, "RSSBRIDGE_FileCache_path": str(folder / "cache"),
        "RSSBRIDGE_cache_custom_timeout": "true", "RSSBRIDGE_error_output": "http",
    }  # fmt: skip
    (folder / "cache").mkdir(exist_ok=True)
    dated = {"time_selector": look.page_date, "time_format": dates[0]} if dates else {}

    def asking(url: str, _folder: Path) -> list[str]:
        query = {
            "action": "display", "bridge": "CssSelectorComplex", "format": "Mrss", "_cache_timeout": "0",
            "home_page": url, "entry_element_selector": look.item, "url_selector": look.link, "limit": "20",
            "use_article_pages": "on", "article_page_content_selector": look.whole,
            "title_selector": look.page_title, "content_cleanup": look.not_text, **dated,
        }  # fmt: skip
        variables = [f"{name}={value}" for name, value in settings.items()]
        return ["env", *variables, "php", str(program), *(f"{name}={value}" for name, value in query.items())]

    return Rival("RSS-Bridge", replay, folder, asking, has_memory=True, speed=1)


def newslinkrss(program: Path, replay: Replay, folder: Path) -> Rival:
    """newslinkrss 0.12.0: links by their addresses, each page by selectors."""
    look, dates = first_look(replay.dump.truth)
    path = replay.dump.truth["setups"][0]["path"]

    def asking(url: str, _folder: Path) -> list[str]:
        dated = ["--date-from-xpath", look.page_date_xpath] if dates else []
        if dates and not look.has_stamp:
            dated += ["--xpath-date-fmt", dates[1]]
        return [
            "env", f"TZ={ZONE}", str(program), "--follow", "--link-pattern", rf"^http://[^/]+/{path}/[^/?]+$",
            "--max-links", "20", "--http-timeout", "30", "--title-from-csss", look.page_title, *dated,
            "--with-body", "--body-csss", look.text, url,
        ]  # fmt: skip

    return Rival("newslinkrss", replay, folder, asking)


def morss(program: Path, replay: Replay, folder: Path) -> Rival:
    """morss: items by XPath, the text by its own means."""
    look, _ = first_look(replay.dump.truth)
    title = ".//a"
    time = ".//time/@datetime" if look.has_stamp else ".//*[@class='date' or @class='when']"

    def asking(url: str, _folder: Path) -> list[str]:
        return [
            "env", "MAX_ITEM=20", "LIM_ITEM=20", "MAX_TIME=-1", "LIM_TIME=-1", "DELAY=0", f"TZ={ZONE}",
            str(program), "--items", look.item_xpath, "--item_link", f"{title}/@href", "--item_title", title,
            "--item_time", time, "--xpath", look.text_xpath, "--format", "rss", url,
        ]  # fmt: skip

    return Rival("morss", replay, folder, asking)
