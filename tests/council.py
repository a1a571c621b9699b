"""A council's site on loopback and feedpub beside it, as one thing that a test can speak to."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest

from feedpub import cli
from feedpub.postgres_url import PostgresUrl
from tests.drupal.server import Request, Served, serve
from tests.drupal.site import Answer, Site
from tests.drupal7 import DRUPAL7
from tests.postgres import drop, place_at

CONFIG = """
[publish]
to = "public"
base_url = "https://feeds.example.org/"
items = 50
thumbnails = 0

[fetch]
contact = "https://example.org/feeds"
delay = 0

[[source]]
id = "zrazkiv"
title = "Зразківська міська рада"
home = "{home}"
listings = ["{home}"]
language = "uk"
timezone = "Europe/Kyiv"
email = "rada@example.org"
"""
# A layout written by hand, so that a test that is about something else need not learn one.
LAYOUT = "\n[source.layout]\n" + "".join(
    f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in asdict(DRUPAL7).items() if value
)
SEEN = re.compile(r"\.html|\.svg|^picture/")  # what people see, and programs do not ask for
PAGE = (("Content-Type", "text/html; charset=utf-8"),)


@dataclass(frozen=True, slots=True)
class Ran:
    code: int
    out: str
    err: str


class Council:
    """The site, a folder with a config.toml for it, and the commands."""

    def __init__(self, folder: Path, site: Site, served: Served, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.site = site
        self.served = served
        self.capsys = capsys
        self.configure()

    def configure(self, text: str = CONFIG, *, home: str | None = None, layout: str = LAYOUT) -> None:
        place = place_at(self.state)
        if isinstance(place, PostgresUrl) and "[state]" not in text:
            text = f'[state]\nurl = "{place.whole}"\n{text}'
        self.config.write_text((text + layout).replace("{home}", home or f"{self.served.url}/"), encoding="utf-8")

    @property
    def config(self) -> Path:
        return self.folder / "config.toml"

    @property
    def state(self) -> Path:
        return self.folder / "feedpub.db"

    def lose_state(self) -> None:
        """The state is gone, and its copy with it."""
        drop(self.state)
        for path in self.folder.glob("feedpub.db*"):
            path.unlink()

    def feedpub(self, *words: str) -> Ran:
        self.capsys.readouterr()
        code = cli.main([*words, "--config", str(self.config)])
        said = self.capsys.readouterr()
        return Ran(code, said.out, said.err)

    def requests(self) -> list[Request]:
        """The requests since the last time somebody asked."""
        asked = list(self.served.requests)
        self.served.requests.clear()
        return asked

    def path(self, name: str) -> Path:
        return self.folder / "public" / "zrazkiv" / name

    def files(self) -> dict[str, tuple[bytes, int]]:
        """Every file that feedpub wrote: name -> bytes and time of change in nanoseconds."""
        found = [p for p in sorted(self.folder.rglob("*")) if p.is_file() and not p.name.endswith(".lock")]
        return {str(p.relative_to(self.folder)): (p.read_bytes(), p.stat().st_mtime_ns) for p in found}

    def feeds(self) -> dict[str, bytes]:
        """Everything for programs that was published of the source: its name in the source's folder -> bytes."""
        return {name: data for name, data in self.published().items() if not SEEN.search(name)}

    def published(self) -> dict[str, bytes]:
        found = self.path("")
        return {p.relative_to(found).as_posix(): p.read_bytes() for p in sorted(found.rglob("[!.]*")) if p.is_file()}

    def items(self) -> list[dict[str, Any]]:
        """The items of the JSON Feed, newest first."""
        items: list[dict[str, Any]] = json.loads(self.path("feed.json").read_bytes())["items"]
        return items

    def break_page(self, path: str, status: int = 500, body: str = "<h1>Помилка</h1>") -> None:
        self.site.overrides[path] = Answer(status, PAGE, body.encode())


def accepting(said: str) -> list[str]:
    """Return the options that a stop proposes."""
    return [word for code in re.findall(r"--accept ([a-z2-7]{10})", said) for word in ("--accept", code)]


@contextmanager
def opened(folder: Path, capsys: pytest.CaptureFixture[str], site: Site | None = None) -> Iterator[Council]:
    site = site or Site()
    with serve(site) as served:
        yield Council(folder, site, served, capsys)
