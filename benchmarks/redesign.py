"""A publisher's site is redesigned between two runs: is the new page read right, or refused, and never wrong?

    python -m benchmarks.redesign CHECKOUT [PUBLISHER]...

CHECKOUT is a copy of the public repository flairNLP/fundus, or its bare git directory. Its tests have pages of one
publisher from different years, with the truth typed by hand. A layout is learnt from several pages, and there are only
one to three of a publisher. So each old page gets four siblings: the same page with other words in the title and in the
paragraphs, and with other days. The old pages and their siblings are the site at the first run. At the second run the
newest page is there as well, at an address of its own. For that page one of these is printed.

    right     its title is the truth's, and the words of its text have an F1 of 0.9 or more
    refused   it is not published, and a line names it
    wrong     it is published, and is neither right nor named in a line
    unlearnt  the first run published no old page, so nothing was proven

Beside it is the F1 of the newest old page, as it was learnt. Nothing of the pages is kept.
"""

from __future__ import annotations

import gzip
import html
import json
import random
import re
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from lxml import etree
from lxml import html as parser

# For development. The other publishers of several years are kept aside.
PUBLISHERS = ("APNews", "BBC", "BerlinerZeitung", "DW", "FAZ", "MDR", "NDR", "NTV", "TheGatewayPundit", "iNews")
DATA = "tests/resources/parser/test_data"
SIBLINGS = 4  # of an old page
RIGHT = 0.9  # word F1
CONFIG = """
[publish]
to = "public"
base_url = "https://feeds.example.org/"
[fetch]
contact = "https://feeds.example.org/about"
delay = 0
private = true
[[source]]
id = "s"
title = "Site"
home = "{base}/"
listings = ["{base}/listing"]
language = "{language}"
timezone = "Europe/Berlin"
"""


@dataclass(frozen=True, slots=True)
class Saved:
    """A page with its truth."""

    markup: str
    day: str  # on which it was saved
    title: str
    texts: tuple[str, ...]  # what may be taken for its text: with the summary and headings, and without


# ------------------------------------------------------------ the pages


def saved_pages(checkout: Path, publisher: str) -> list[Saved]:
    """Return a publisher's pages that have a truth, the oldest first."""
    names = [name for name in _names(checkout) if re.search(rf"/{publisher}(?:_[\d_]+\.html\.gz|\.json)$", name)]
    truths = json.loads(_content(checkout, next(name for name in names if name.endswith(".json"))))
    pages: list[Saved] = []
    for name in sorted(name for name in names if name.endswith(".gz")):
        markup = gzip.decompress(_content(checkout, name)).decode(errors="replace")
        truth = _truth_of(markup, list(truths.values()))
        if truth:
            day = "-".join(re.findall(r"\d+", name.rpartition("/")[2])[:3])
            pages.append(Saved(markup, day, truth["title"].strip(), tuple(_texts(truth))))
    return pages


def _names(checkout: Path) -> list[str]:
    if (checkout / DATA).exists():
        return [str(path.relative_to(checkout)) for path in (checkout / DATA).rglob("*.*")]
    return _git(checkout, "ls-tree", "-r", "--name-only", "HEAD", DATA).decode().splitlines()


def _content(checkout: Path, name: str) -> bytes:
    file = checkout / name
    return file.read_bytes() if file.exists() else _git(checkout, "show", f"HEAD:{name}")


def _git(checkout: Path, *words: str) -> bytes:
    return subprocess.run(["git", "--git-dir", str(checkout), *words], capture_output=True, check=True).stdout  # noqa: S603, S607


def _truth_of(markup: str, truths: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The truth whose words the page has."""
    seen = Counter(_words(_visible(markup)))
    having = [truth for truth in truths if truth.get("title") and truth.get("body")]
    return next((truth for truth in having if _share_in(seen, " ".join(_paragraphs(truth))) > 0.97), None)


def _share_in(seen: Counter[str], words: str) -> float:
    wanted = Counter(_words(words))
    return sum((seen & wanted).values()) / max(1, sum(wanted.values()))


def _paragraphs(truth: dict[str, Any]) -> list[str]:
    return [paragraph for section in truth["body"]["sections"] for paragraph in section["paragraphs"]]


def _texts(truth: dict[str, Any]) -> Iterator[str]:
    summary = truth["body"].get("summary", [])
    with_headings: list[str] = []
    for section in truth["body"]["sections"]:
        with_headings += (*section["headline"], *section["paragraphs"])
    for body in (with_headings, _paragraphs(truth)):
        yield "\n".join(body)
        yield "\n".join((*summary, *body))


def _visible(markup: str) -> str:
    tree = parser.document_fromstring(markup.encode(), parser=parser.HTMLParser(encoding="utf-8"))
    etree.strip_elements(tree, "script", "style", "noscript", "template", with_tail=False)
    return " ".join(str(string) for string in tree.itertext())


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


# ------------------------------------------------------------ siblings of a page


def sibling(page: Saved, number: int) -> Saved:
    """Return the same page with other words and another day."""
    chance = random.Random(number)  # noqa: S311 - no secret
    pool = re.findall(r"[^\W\d_]{2,}", max(page.texts, key=len))
    sentences = {" ".join(line.split()) for line in max(page.texts, key=len).splitlines()}
    title = " ".join(chance.sample(pool, min(len(pool), 7))).capitalize()
    markup = re.sub(r"(20\d\d-\d\d-)\d\d(?=T)", lambda m: f"{m[1]}{number + 10:02d}", page.markup)
    shown_title = _any_spelling(page.title)
    tree = parser.document_fromstring(markup.encode(), parser=parser.HTMLParser(encoding="utf-8"))
    text = " ".join(sentences)

    def changed(string: str | None) -> str | None:
        if string and shown_title.search(string):
            return shown_title.sub(title, string)
        words = " ".join((string or "").split())
        if len(words.split()) < 3 or words not in text:
            return string
        return f" {' '.join(chance.choice(pool) for _ in words.split())}. "

    for element in tree.iter("*"):
        if element.tag not in ("script", "style"):
            element.text, element.tail = changed(element.text), changed(element.tail)
        for name, value in element.items():
            if shown_title.search(value):
                element.set(name, shown_title.sub(title, value))
    changed_markup = etree.tostring(tree, encoding="unicode", method="html")
    return Saved(f"<!doctype html>{changed_markup}", f"{page.day[:8]}{number + 10:02d}", title, ())


def _any_spelling(title: str) -> re.Pattern[str]:
    """The title with any white space and any quotes."""
    letters = (
        "\\s+" if c.isspace() else "['’‘ʼ\"“”„«»]" if not c.isalnum() and c in "'’‘\"“”„«»" else re.escape(c)
        for c in title
    )
    return re.compile("".join(letters))


# ------------------------------------------------------------ the site


class Site:
    """The publisher's site on loopback: a listing, and its pages by path."""

    def __init__(self) -> None:
        self.pages: dict[str, Saved] = {}
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = site.body(self.path)
                self.send_response(200 if body else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write((body or "<h1>404</h1>").encode(errors="replace"))

            do_HEAD = do_GET

            def log_message(self, *_: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def body(self, path: str) -> str | None:
        if path == "/listing":
            return self._listing()
        return self.pages[path].markup if path in self.pages else None

    def _listing(self) -> str:
        newest = sorted(self.pages.items(), key=lambda item: item[1].day, reverse=True)
        rows = (
            f'<li class="news"><h3><a href="{path}">{html.escape(page.title)}</a></h3>'
            f'<time datetime="{page.day}">{page.day}</time></li>'
            for path, page in newest
        )
        head = '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>News</title></head>'
        menu = '<nav><a href="/about">About us</a> <a href="/contact">Contact the newsroom</a></nav>'
        return f"{head}<body>{menu}<main><h1>News</h1><ul>{''.join(rows)}</ul></main></body></html>"


def run(folder: Path) -> str:
    """Run feedpub once. Return what it said."""
    done = subprocess.run([sys.executable, "-m", "feedpub", "run"], cwd=folder, capture_output=True, text=True)
    return done.stdout + done.stderr


def published(folder: Path, url: str) -> dict[str, Any] | None:
    """Return the item that links to an address; None where there is none."""
    file = folder / "public/s/feed.json"
    items = json.loads(file.read_text())["items"] if file.exists() else []
    return next((item for item in items if item["url"] == url), None)


# ------------------------------------------------------------ what came of it


def word_f1(text: str, page: Saved) -> float:
    """Return how well a text is the page's, by its words: 0 to 1."""
    words = Counter(_words(text))
    return max(_f1(words, Counter(_words(wanted))) for wanted in page.texts)


def _f1(words: Counter[str], wanted: Counter[str]) -> float:
    return 2 * sum((words & wanted).values()) / max(1, sum(words.values()) + sum(wanted.values()))


def item_f1(item: dict[str, Any], page: Saved) -> float:
    """Return how well an item's text is the page's, without the line that names the source.

    The truth leaves out posts of social networks that an article quotes. feedpub keeps them, so such a page may be
    called wrong.
    """
    content = re.sub(r'<p>[^<]{0,80}<a href="[^"]*">127\.0\.0\.1</a></p>', "", item["content_html"])
    return word_f1(_visible(f"<div>{content}</div>"), page)


def verdict(folder: Path, url: str, page: Saved, said: str) -> str:
    """Return what came of the new page."""
    item = published(folder, url)
    if item is None:
        return "refused" if url in said else "wrong: neither published nor named"
    f1 = item_f1(item, page)
    is_titled = _words(item["title"]) == _words(page.title)
    if is_titled and f1 >= RIGHT:
        return f"right F1 {f1:.2f}"
    named = "named" if url in said else "wrong"
    return f"{named}: F1 {f1:.2f}, title {item['title'][:60]!r}"


def trial(checkout: Path, publisher: str) -> str:
    """Return a publisher's line."""
    *old, new = saved_pages(checkout, publisher)
    if not old:
        return "has no page of another year with a truth"
    site = Site()
    for n, page in enumerate(old):
        site.pages[f"/{page.day}/article-{n}"] = page
        for k in range(SIBLINGS):
            site.pages[f"/{page.day}/article-{n}{k}"] = sibling(page, k)
    last = f"/{old[-1].day}/article-{len(old) - 1}"
    language = next(iter(re.findall(r'<html[^>]* lang="(\w\w)', new.markup)), "en")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "config.toml").write_text(CONFIG.format(base=site.base, language=language))
        said = run(folder)
        known = published(folder, site.base + last)
        if known is None:
            return f"unlearnt: {said[:200]!r}"
        learnt = f"(the old one F1 {item_f1(known, old[-1]):.2f})"
        path = f"/{new.day}/article-new"
        site.pages[path] = new
        said = run(folder)
        result = verdict(folder, site.base + path, new, said)
    site.server.shutdown()
    line = next((line for line in said.splitlines() if site.base + path in line), "")
    return f"{old[-1].day} -> {new.day}  {result}  {learnt} {line.replace(site.base, '')[:160]}"


def main() -> None:
    checkout, *names = sys.argv[1:]
    for publisher in names or PUBLISHERS:
        print(f"{publisher:18} {trial(Path(checkout), publisher)}", flush=True)


if __name__ == "__main__":
    main()
