"""init: from the address of a council's news to a config.toml with which `feedpub run` begins."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from feedpub import config
from feedpub.cli import FINE
from feedpub.cli.learn import DELAY, ZONE, Finding, find, listing_address
from feedpub.cli.pages import NO_CONTACT, fetcher_for
from feedpub.cli.session import clock
from feedpub.cli.speech import Speech, config_path, show
from feedpub.cli.toml import toml_string
from feedpub.collecting import normalize, scrape
from feedpub.config import checks
from feedpub.content import Article
from feedpub.errors import ConfigError, ScrapeError

SHOWN = 3  # items, so that a person sees whether they are the council's news, with their days
TOPICS = Path(__file__).with_name("topics_uk.toml")  # what residents of a Ukrainian community ask for most
CONFIG = """\
# The configuration of feedpub. docs/manual.md describes every key. Relative paths are relative to this file.

[publish]
to = "public"   # the folder that the web server shows
base_url = {base_url}   # where readers will find it
items = 50   # in one feed
# publisher = "…"   # your name, on the pages; without it they name the host
# email = "…"   # where readers and the council reach you, on the pages and in feeds; without it they have `contact`

[state]
url = "sqlite:///feedpub.db"   # all that feedpub knows; keep it, and copy it with the feeds

[fetch]
contact = {contact}   # where the council can reach you; sent with every request
delay = {delay}   # seconds between two requests to a host; robots.txt may ask for more

[[source]]
id = {id}   # names files and ids; never change it
{essentials}
# email = "…"   # the council's own address, for readers
"""


@dataclass(frozen=True, slots=True)
class _Own:
    """What only the publisher knows."""

    base_url: str
    contact: str


def command(args: argparse.Namespace, speech: Speech) -> int:
    path = config_path(args.config)
    if path.exists():
        raise ConfigError([f"{path}: is there already; `feedpub init` writes a new file and changes none"])
    url = listing_address(args.url)
    own = _own_addresses(args, speech)
    contact = NO_CONTACT if checks.is_placeholder(own.contact) else own.contact
    with closing(fetcher_for(None, DELAY, contact)) as fetcher:
        finding = find(url, fetcher)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(_text(finding, own))
    except OSError as error:
        raise ConfigError([f"{path}: cannot be written: {error.strerror}"]) from error
    show(_told(finding, path))
    return FINE


def _own_addresses(args: argparse.Namespace, speech: Speech) -> _Own:
    """Return what only a person can say: from the options, else from the terminal, else examples to be filled in."""
    is_asked = speech.is_watched and sys.stdin is not None and sys.stdin.isatty()
    base = args.base_url or (is_asked and _answer("Where will readers find the feeds? https://… (later: Enter) "))
    contact = args.contact or (is_asked and _answer("Where can the council reach you? mailto:… (later: Enter) "))
    found = (
        ("--base-url", base, checks.base_address),
        ("--contact", contact, checks.contact_address),
    )
    problems = [f"{name} {value!r} {words}" for name, value, check in found if value and (words := check(value))]
    if problems:
        raise ConfigError(problems)
    return _Own(base or "https://feeds.example.org/", contact or "mailto:you@example.org")


def _answer(question: str) -> str:
    try:
        return input(question).strip()
    except EOFError:
        return ""


def _text(finding: Finding, own: _Own) -> str:
    text = CONFIG.format(
        base_url=toml_string(own.base_url),
        contact=toml_string(own.contact),
        delay=DELAY,
        id=toml_string(finding.id),
        essentials="\n".join(finding.essentials),
    )
    return f"{text}\n{TOPICS.read_text('utf-8')}" if finding.language == "uk" else text


def _told(finding: Finding, path: Path) -> Iterator[str]:
    """Yield what was found, and what is left to be done."""
    yield f"{finding.title}: {len(finding.listing.links)} articles on {finding.page.url}, in {finding.language!r}"
    yield from (f"  {_day(article)}  {article.title}" for article in _articles(finding))
    yield f"{path} is written."
    settings = config.load(path)
    if settings.placeholders:
        yield "Fill in what only you know, and look whether these are the council's news; then: feedpub run"
        yield from (f"  {line}" for line in settings.placeholders)
    else:
        yield "Look whether these are the council's news; then: feedpub run"


def _articles(finding: Finding) -> list[Article]:
    """Return some of the articles that were looked at, in the order of the listing."""
    layout, listed = finding.learnt.layout, {link.url: (n, link) for n, link in enumerate(finding.listing.links)}
    pages = sorted((p for p in finding.articles if p.asked in listed), key=lambda page: listed[page.asked][0])
    found: list[Article] = []
    for page in pages:
        known = scrape.Known(listed_title=listed[page.asked][1].title)
        try:
            scraped = scrape.read_article(page, layout, known)
            found.append(normalize.make_article(scraped, ZoneInfo(ZONE), layout.date_formats, clock()))
        except ScrapeError:
            continue  # an article without a text of its own says nothing against the others
    return found[:SHOWN]


def _day(article: Article) -> str:
    return f"{article.published.astimezone(ZoneInfo(ZONE)):%Y-%m-%d %H:%M}" if article.published else "no date         "
