"""learn: a site's layout, found, proven and printed as a table for config.toml."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import fields
from zoneinfo import ZoneInfo

from feedpub import address
from feedpub.cli import FINE
from feedpub.cli.pages import configured, fetcher_for
from feedpub.cli.session import clock
from feedpub.cli.speech import Speech
from feedpub.collecting import scrape
from feedpub.collecting.learn import Context
from feedpub.collecting.learning import explore
from feedpub.content import Listing, Page
from feedpub.errors import ConfigError
from feedpub.html import tree
from feedpub.html.lines import text_of
from feedpub.model import Layout, Learnt

ZONE = "Europe/Kyiv"
LANGUAGE = "uk"
DELAY = 1.0  # seconds between two requests, where nothing is configured


def command(args: argparse.Namespace, speech: Speech) -> int:
    url: str = args.url
    if not url.startswith(("http://", "https://")):
        raise ConfigError([f"{url}: is no address; name the page that lists the news, with http(s)://"])
    settings = configured(args.config)
    with closing(fetcher_for(settings, delay=settings.fetch.delay if settings else DELAY)) as fetcher:
        page = fetcher.page(url)
        language = tree.language(tree.document(page)) or LANGUAGE
        learnt, _ = explore(page, Context(ZoneInfo(ZONE), language, clock()), fetcher)
    listing = scrape.read_listing(page, learnt.layout)
    print("\n".join(_table(page, learnt, listing, language)))
    return FINE


def _table(page: Page, learnt: Learnt, listing: Listing, language: str) -> Iterator[str]:
    """The lines of a [[source]] table, with what speaks for each key."""
    host = address.host(page.url)
    yield f"# Learnt from {page.url} and {learnt.samples} articles. The listing names {len(listing.links)} articles:"
    for link in listing.links[:3]:
        yield f"#   {' '.join((link.date or 'no date').split())[:28]:28}  {' '.join(link.title.split())[:80]}"
    yield from ("[[source]]", f"id = {_quoted(_id(host))}", f"title = {_quoted(_title(page) or host)}")
    yield f"home = {_quoted(address.origin(page.url) + '/')}"
    yield f"listings = [{_quoted(page.url)}]"
    yield f"language = {_quoted(language)}"
    yield f"timezone = {_quoted(ZONE)}"
    yield ""
    yield "[source.layout]"
    for field in fields(Layout):
        values: tuple[str, ...] = getattr(learnt.layout, field.name)
        why = learnt.evidence.get(field.name)
        if not values:
            if why:
                yield f"# {field.name}: {why}"
            continue
        if why:
            share = learnt.fill.get(field.name)
            yield f"# {why}{f' (found on {share:.0%} of the articles)' if share is not None and share < 1 else ''}"
        shown = ", ".join(map(_quoted, values))
        yield f"{field.name} = {shown if len(values) == 1 else f'[{shown}]'}"


def _id(host: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", host.partition(".")[0]).strip("-") or "council"


def _title(page: Page) -> str:
    root = tree.document(page)
    named = [m.get("content") or "" for m in root.iter("meta") if m.get("property") == "og:site_name"]
    own = [text_of(t) for t in root.iter("title")]
    parts = [part for title in own for part in re.split(r"\s+[|—–·»-]\s+", title)]
    return " ".join(next((t for t in (*named, *reversed(parts)) if t.strip()), "").split())


def _quoted(value: str) -> str:
    """A TOML string; JSON's are among them."""
    return json.dumps(value.replace("\x7f", ""), ensure_ascii=False)
