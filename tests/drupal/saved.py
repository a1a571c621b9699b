"""Saves the pages of `feedpub demo`: a few articles of the invented council, as the emulated Drupal serves them.

    python -m tests.drupal.saved

writes feedpub/demo/site/ again. tests/test_demo.py fails when that folder is not what this file gives.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from feedpub.demo.server import ADDRESSES, HOME
from tests.drupal.articles import Article, articles
from tests.drupal.site import Site

FOLDER = Path(__file__).parents[2] / "feedpub" / "demo" / "site"
NUMBERS = {
    213,  # two pictures, one without a description
    258, 259,  # posted twice
    264,  # a picture and direct speech
    276,  # an attachment
    279, 280,  # the same title in the same minute, and other news
    283,  # a lazy picture
    286,  # a poster: a picture and no text
    291,  # a Cyrillic address
    294,  # links of every kind
    297,  # the newest
}  # fmt: skip
ON_A_PAGE = 8  # articles on a listing page: the others are on a second one
FILE = re.compile(rf"""["(](?:{re.escape(HOME)})?(/(?:misc|modules|sites|themes)/[^"?)]+)""")
STYLED = re.compile(r"/styles/(\w+)/")


def pages() -> dict[str, str]:
    """Return address → file name of the pages."""
    names = {"/": "listing.html", "/node?page=1": "listing-older.html", "/content/kontakti": "contacts.html"}
    return names | {article.href: f"article-{article.number}.html" for article in saved_articles()}


def saved_articles() -> list[Article]:
    return [article for article in articles() if article.number in NUMBERS]


def saved_site() -> dict[str, bytes]:
    """Return file name → bytes of all that belongs into the folder."""
    site = Site(saved_articles(), page_size=ON_A_PAGE)
    names = pages()
    bodies = {address: site.answer("GET", address, {}, HOME).body for address in names}
    markup = b"".join(bodies.values()).decode()
    documents = 0
    for address in ["/robots.txt", *sorted(set(FILE.findall(markup)))]:
        path = PurePosixPath(unquote(address))
        style = STYLED.search(address)
        if not path.stem.isascii():  # a name that any file system and archive can hold
            documents += 1
            path = path.with_stem(f"document-{documents}")
        names[address] = f"{path.stem}-{style[1]}{path.suffix}" if style else path.name
        bodies[address] = site.answer("GET", address, {}, HOME).body
    assert len(set(names.values())) == len(names), "two addresses have one file name"
    index = json.dumps(names, ensure_ascii=False, indent=1) + "\n"
    return {names[address]: body for address, body in bodies.items()} | {ADDRESSES: index.encode()}


def main() -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    for name, data in saved_site().items():
        (FOLDER / name).write_bytes(data)


if __name__ == "__main__":
    main()
