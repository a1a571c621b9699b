"""What somebody would write in an afternoon: requests, BeautifulSoup and feedgen, by selectors found by hand.

It keeps nothing: each run asks for everything again. It has no attribution
link, no clean-up of the markup, no check of what it writes, and its feeds are
replaced in place. `naive.py URL FOLDER [ARTICLES]`
"""

# Nobody who writes such a script asks what a selector may not find.
# mypy: ignore-errors

from __future__ import annotations

import sys
from pathlib import Path
from urllib.parse import urljoin

import requests
from bs4 import BeautifulSoup
from dateutil import parser
from feedgen.feed import FeedGenerator


def main(home: str, folder: Path, wanted: int) -> None:
    session = requests.Session()
    feed = FeedGenerator()
    feed.id(home)
    feed.title("Новини")
    feed.description("Новини ради")
    feed.link(href=home, rel="alternate")
    found = 0
    listing: str | None = home
    while listing and found < wanted:
        soup = BeautifulSoup(session.get(listing, timeout=30).content, "html.parser")
        for heading in soup.select("div.node-teaser h2 a")[: wanted - found]:
            url = urljoin(listing, str(heading["href"]))
            page = BeautifulSoup(session.get(url, timeout=30).content, "html.parser")
            entry = feed.add_entry(order="append")
            entry.id(url)
            entry.link(href=url)
            entry.title(page.select_one("h1#page-title").get_text(strip=True))
            entry.published(parser.parse(page.select_one("div.submitted span")["content"]))
            body = page.select_one("div.field-name-body")
            entry.description(body.get_text(" ", strip=True)[:300])
            entry.content(str(body), type="html")
            found += 1
        further = soup.select_one("li.pager-next a")
        listing = urljoin(listing, str(further["href"])) if further else None
    feed.rss_file(str(folder / "rss.xml"), pretty=True)
    feed.atom_file(str(folder / "atom.xml"), pretty=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 20)
