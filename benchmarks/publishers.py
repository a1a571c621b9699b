"""The pages of dobbersc/fundus-evaluation: five articles each of 16 publishers, with texts that were typed by hand."""

from __future__ import annotations

import gzip
import json
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from feedpub.content import Page

BASE = "http://127.0.0.1:1"  # in the place of the publisher's own address


@dataclass(frozen=True, slots=True)
class TypedPage:
    """An article's page."""

    page: Page
    paragraphs: Sequence[str]  # of its text; those in brackets may be left out


def publishers_of(dataset: Path) -> dict[str, list[TypedPage]]:
    """Return the pages of each publisher, by its name. ``dataset`` is the repository's folder of that name."""
    truth = json.loads((dataset / "ground_truth.json").read_text())
    result: dict[str, list[TypedPage]] = defaultdict(list)
    for key in sorted(truth):
        page = _page(dataset / "html" / key, truth[key]["url"])
        result[key.rpartition("_")[0]].append(TypedPage(page, truth[key]["body"]))
    return result


def _page(path: Path, url: str) -> Page:
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    raw = gzip.decompress(path.read_bytes()).decode()
    here = BASE + parts.path.rstrip("/")
    return Page(here, here, re.sub(rf"https://(?:www\.)?{re.escape(host)}", BASE, raw))


def published_on(page: Page) -> str | None:
    """Return when a page's own data for machines say that it was published."""
    match = re.search(r'"datePublished"\s*:\s*"([^"]+)"', page.text)
    return match[1] if match else None
