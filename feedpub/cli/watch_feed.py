"""watch-feed: look at a published feed as a reader does, beside what the council's site lists now.

A command of its own, for another machine to call: what watches feedpub must not stop with it. It keeps nothing, and
reads the state at most.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import unescape
from typing import TYPE_CHECKING

from feedpub import address, text
from feedpub.cli import FAILED, FINE
from feedpub.cli.pages import configured, fetcher_for
from feedpub.cli.session import chosen, clock, loaded, to_look
from feedpub.cli.speech import Speech, show
from feedpub.collecting.fetch import Fetcher
from feedpub.config import Config
from feedpub.council import Council, own_hosts
from feedpub.errors import ConfigError, FetchError, ScrapeError, SourceError
from feedpub.kinds import ATOM, JSON_FEED
from feedpub.model import Source
from feedpub.publishing.check import check, document_of, recognized
from feedpub.watch.reader import Missing, Reader, Shown, late, unchanged_since

if TYPE_CHECKING:
    from feedpub.cli.council_list import CouncilList
    from feedpub.publishing.check.read import Document, Item

DELAY = 1.0  # seconds between two requests to a host, without a configuration
MOST_SAID = 5  # lines about the same; more are a number
BLOCK = 2  # of a text, in which the link to its source may be, where no configuration says so
FEEDS = (ATOM, JSON_FEED)  # as content shows them; RSS is recognized as the former
TAG = re.compile(r"<[^>]*>")
LOOK = "look whether feedpub runs: `feedpub status`, `feedpub doctor`"
SERVED = "look at the web server of the feed, and whether its address is right"
CHECKED = "`feedpub check {}` shows all that is wrong, `feedpub publish` writes the files again"
CACHED = "look at the web server's folder and at caches, and write the files again: `feedpub publish`"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person asked for."""

    url: str  # of the feed
    listing: str | None
    patience: timedelta
    now: datetime


def command(args: argparse.Namespace, speech: Speech) -> int:
    settings = loaded(args) if args.source else configured(args.config)
    wanted = Wanted(args.url, args.listing, timedelta(hours=args.hours), clock())
    delay = settings.fetch.delay if settings else DELAY
    with closing(fetcher_for(settings, delay=delay)) as fetcher:
        watch = _Watch(wanted, fetcher, settings, speech)
        problems = list(watch.problems(args.source))
    show(f"{args.url}: {problem}" for problem in problems)
    return FAILED if problems else FINE


class _Watch:
    """One look at one feed."""

    def __init__(self, wanted: Wanted, fetcher: Fetcher, settings: Config | None, speech: Speech) -> None:
        self._wanted = wanted
        self._fetcher = fetcher
        self._settings = settings
        self._speech = speech

    def problems(self, source_id: str | None) -> Iterator[str]:
        """Yield what is wrong with the feed, and what to do. ``source_id`` None: the feed itself says whose it is."""
        try:
            data = self._fetcher.raw(self._wanted.url)
        except FetchError as error:
            yield f"cannot be had: {error.reason}; {SERVED}"
            return
        kind = recognized(data)
        document = document_of(data, kind) if kind in FEEDS else None
        if document is None:
            yield f"is no feed that can be read; {SERVED}"
            return
        source = self._source_of(document, source_id)
        wrong = check(data, kind, block=source.terms.block if source else BLOCK, now=self._wanted.now)
        yield from _shortened([f"{one}; {CHECKED.format(self._wanted.url)}" for one in wrong])
        if document.items:
            yield from self._compared(document, source)

    def _source_of(self, document: Document, source_id: str | None) -> Source | None:
        """Return the configured source of the feed: as named, by its address, or by its link to the council."""
        if self._settings is None or self._wanted.listing:
            return None
        if source_id:
            return chosen(self._settings, [source_id])[0]
        base, home = self._settings.publish.base_url, address.site(document.links.home)
        sources = self._settings.sources
        by_address = (one for one in sources if self._wanted.url.startswith(f"{base}{one.id}/"))
        by_home = (one for one in sources if home in own_hosts(one))
        return next(by_address, None) or next(by_home, None)

    def _compared(self, document: Document, source: Source | None) -> Iterator[str]:
        """Yield what the council lists and the feed lacks for too long."""
        from feedpub.cli.council_list import CouncilList  # it needs all that reads pages

        with ExitStack() as stack:
            council = None
            if source and self._settings:
                store = stack.enter_context(to_look(self._settings))
                council = Council(source, store.of(source.id))
                if council.facts.retired:
                    self._speech.note(f"{source.id}: is closed; its feed is not compared with the site")
                    return
            listings = self._listings(document, source)
            lists = CouncilList(self._fetcher, council, self._wanted.now)
            hosts = council.own_hosts if council else tuple(map(address.site, listings))
            shown = [_shown(item) for item in document.items]
            reader = Reader(shown, [one.ref for one in document.tombstones], hosts)
            missing: list[Missing] = []
            for url in listings:
                try:
                    missing += self._missing(lists, url, reader, is_named=bool(source or self._wanted.listing))
                except SourceError as error:
                    yield f"nothing can be compared with {url}: {error.reason}; look at it in a browser"
            yield from self._said(missing, reader)

    def _listings(self, document: Document, source: Source | None) -> Sequence[str]:
        if source:
            return source.listings
        listing = self._wanted.listing or document.links.home
        if not listing:
            raise ConfigError([f"{self._wanted.url}: names no page of the council; name the list with --listing URL"])
        return [listing]

    def _missing(self, lists: CouncilList, url: str, reader: Reader, *, is_named: bool) -> list[Missing]:
        """Return what one page lists and the feed lacks. Raises ConfigError if nobody says that it lists news."""
        try:
            read = lists.read(url, is_named=is_named)
        except ScrapeError as error:
            if is_named:
                raise
            raise ConfigError(
                [f"{error}; name the page that lists the news: `feedpub watch-feed {self._wanted.url} --listing URL`"]
            ) from error
        dates = [one.span.earliest for one in read.lines if one.span]
        stated = unchanged_since(read.stated, [*dates, reader.newest])
        self._speech.detail(f"{url}: lists {len(read.lines)} articles")
        return [one for line in read.lines if (one := lists.lack(line, reader, stated))]

    def _said(self, missing: Sequence[Missing], reader: Reader) -> Iterator[str]:
        for one in missing:
            if one.is_meant:
                self._speech.note(f"{self._wanted.url}: lacks {one.listed.name}, as it should: {one.reason}")
        problems = late(missing, self._wanted.now, self._wanted.patience)
        lag = reader.lag(problems)
        if lag and lag[1] - lag[0] > self._wanted.patience:
            newest, listed = (f"{one:%Y-%m-%d %H:%M} UTC" for one in lag)
            yield f"its newest item is of {newest}, and the council lists one of {listed}; {LOOK}"
        yield from _shortened([_line(one) for one in problems])
        for one in missing:
            if one not in problems and not one.is_meant:
                why = f": {one.reason}" if one.reason else ""
                self._speech.note(f"{self._wanted.url}: lacks {one.listed.name}, and that may be new{why}")


def _line(missing: Missing) -> str:
    since = f" since {missing.since:%Y-%m-%d %H:%M} UTC" if missing.since else ""
    why = f": {missing.reason}" if missing.reason else ""
    way_out = CACHED if missing.is_published else LOOK
    return f"lacks {missing.listed.name}, which the council lists{since}{why}; {way_out}"


def _shortened(lines: Sequence[str]) -> Iterator[str]:
    yield from lines[:MOST_SAID]
    if len(lines) > MOST_SAID:
        yield f"and {len(lines) - MOST_SAID} more like that"


def _shown(item: Item) -> Shown:
    words = " ".join(one.words for one in (*item.html, *item.plain))
    return Shown(item.id, item.link, item.title, item.published.moment, text.skeleton(unescape(TAG.sub(" ", words))))
