"""The pages of dobbersc/fundus-evaluation: five articles each of 16 publishers, with texts that were typed by hand."""

from __future__ import annotations

import gzip
import html
import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
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


def listing_of(pages: Mapping[str, Page]) -> Page:
    """Return a page that names these, as a site's listing does."""
    items = []
    for url, page in pages.items():
        title = re.search(r"<title[^>]*>(.*?)</title>", page.text, re.DOTALL)
        date = published_on(page)
        shown = f"<time datetime='{date}'>{date[:10]}</time>" if date else ""
        items.append(
            f"<li class='news'><h3><a href='{html.escape(url)}'>{title[1] if title else ''}</a></h3>{shown}</li>"
        )
    url = f"{BASE}/listing.html"
    return Page(url, url, f"<html><body><main><h1>News</h1><ul>{''.join(items)}</ul></main></body></html>")
