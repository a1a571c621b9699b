"""learn: find a site's layout, prove it and print it as a table for config.toml."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, fields, replace
from zoneinfo import ZoneInfo

from feedpub import address, text
from feedpub.cli import FINE
from feedpub.cli.pages import configured, fetcher_for
from feedpub.cli.session import clock
from feedpub.cli.speech import Speech, show
from feedpub.cli.toml import toml_string
from feedpub.collecting import scrape
from feedpub.collecting.beside import hosts_beside, language_by_words, languages_beside
from feedpub.collecting.learn import Context, hosts_of_list
from feedpub.collecting.learning import explore
from feedpub.config.checks import source_id
from feedpub.content import Link, Listing, Page
from feedpub.edges import Fetch
from feedpub.errors import ConfigError
from feedpub.html import tree
from feedpub.html.lines import text_of
from feedpub.layout import Layout, Learnt

ZONE = "Europe/Kyiv"
LANGUAGE = "uk"
DELAY = 1.0  # seconds between two requests, without a configuration
SITE_NAME = ".//meta[@property='og:site_name']"
# What a title says of any site.
NO_NAME = re.compile(
    r"офіційн|официальн|(?:веб-?)?сайт|портал|official|web-?site|^(?:головна|главная|home|новини|новости|news)$", re.I
)
TITLE_SEPARATOR = re.compile(r"\s+[|—–·»-]\s+")


def command(args: argparse.Namespace, speech: Speech) -> int:
    settings = configured(args.config)
    if args.many:
        from feedpub.cli.learning_many import learn_many  # most people learn one

        return learn_many(args.many, args.to, settings, speech)
    if not args.url:
        raise ConfigError(["learn wants the page that lists the news, or --many FILE"])
    url = listing_address(args.url)
    with closing(fetcher_for(settings, delay=settings.fetch.delay if settings else DELAY)) as fetcher:
        finding = find(url, fetcher)
    show(_table(finding))
    return FINE


def listing_address(url: str) -> str:
    """Return the address of a listing that a person has typed. Raises ConfigError if it is none."""
    if not url.startswith(("http://", "https://")):
        raise ConfigError([f"{url}: is not an address; give the page that lists the news, with http(s)://"])
    return address.absolute("", url, keeps_tracking=True) or url


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of a site."""

    page: Page
    learnt: Learnt
    listing: Listing
    keys: Sequence[str]  # lines of what is known besides the layout
    articles: Sequence[Page]  # those that were looked at
    language: str

    @property
    def title(self) -> str:
        """The site's name for itself, else its host."""
        return _site_title(self.page) or address.host(self.page.url)

    @property
    def id(self) -> str:
        return _source_id(address.host(self.page.url))

    @property
    def essentials(self) -> list[str]:
        """The lines of a [[source]] table without its layout, which each run may learn by itself."""
        return [
            f"title = {toml_string(self.title)}",
            f"home = {toml_string(address.origin(self.page.url) + '/')}",
            f"listings = [{toml_string(self.page.url)}]",
            *self.keys,
            f"timezone = {toml_string(ZONE)}",
        ]


def find(url: str, fetcher: Fetch) -> Finding:
    """Learn a site from the page that lists its news. Raises SourceError if that cannot be done."""
    page = fetcher.page(url)
    named = tree.language(tree.document(page))
    language = named or LANGUAGE
    context = Context(ZoneInfo(ZONE), language, clock())
    context = replace(context, hosts=hosts_of_list(page, context))
    learnt, pages = explore(page, context, fetcher)
    listing = scrape.read_listing(page, learnt.layout, hosts=context.hosts)
    beside = hosts_beside(listing, page.url, learnt.layout, fetcher)
    if beside:
        context = replace(context, hosts=(*context.hosts, *beside))
        listing = scrape.read_listing(page, learnt.layout, hosts=context.hosts)
        pages += beside.values()
    context = replace(context, language=language_by_words(language, pages, learnt.layout))
    several = languages_beside([link.url for link in listing.links], pages)
    return Finding(page, learnt, listing, _keys(context, several, named), pages, context.language)


def _keys(context: Context, several: str | None, named: str) -> list[str]:
    """Return the lines of what is known besides the layout: the language, further hosts, and what ``several`` shows.

    ``named`` is the language by the listing's own mark.
    """
    differs = named and context.language != named
    by_words = f"   # by the words of its articles; the page calls itself {named}" if differs else ""
    lines = [f"language = {toml_string(context.language)}{by_words}"]
    if several:
        lines.append(f"# {_on_one_line(several)}. Articles in other languages than these are left out:")
        lines.append(f"languages = [{toml_string(context.language)}]")
    if context.hosts:
        lines.append(f"hosts = [{', '.join(map(toml_string, context.hosts))}]   # its articles are there")
    return lines


def _table(finding: Finding) -> Iterator[str]:
    """Yield the lines of a [[source]] table, with the evidence for each key."""
    page, learnt, links = finding.page, finding.learnt, finding.listing.links
    yield f"# Learnt from {page.url} and {learnt.samples} articles. The listing names {len(links)} articles:"
    yield from map(_example, links[:3])
    yield "[[source]]"
    yield f"id = {toml_string(finding.id)}"
    yield from finding.essentials
    yield ""
    yield "[source.layout]"
    for field in fields(Layout):
        yield from _key_lines(field.name, learnt)


def _example(link: Link) -> str:
    """Return one article of the listing, as a comment."""
    date = _on_one_line(link.date or "no date")
    title = _on_one_line(link.title)
    return f"#   {date[:28]:28}  {title[:80]}"


def _key_lines(key: str, learnt: Learnt) -> Iterator[str]:
    """Yield a key of the layout, after a comment with its evidence."""
    selectors: tuple[str, ...] = getattr(learnt.layout, key)
    why = learnt.evidence.get(key)
    if why and selectors:
        yield f"# {why}{_share_of(key, learnt)}"
    elif why:
        yield f"# {key}: {why}"
    if selectors:
        value = ", ".join(map(toml_string, selectors))
        if len(selectors) > 1:
            value = f"[{value}]"
        yield f"{key} = {value}"


def _share_of(key: str, learnt: Learnt) -> str:
    """Return on how many of the articles a piece was found, unless that is all of them."""
    share = learnt.fill.get(key)
    if share is None or share >= 1:
        return ""
    return f" (found on {share:.0%} of the articles)"


def _source_id(host: str) -> str:
    name = host.partition(".")[0]
    proposed = re.sub(r"[^a-z0-9]+", "-", name).strip("-") or "council"
    return f"{proposed}-rada" if source_id(proposed) else proposed


def _site_title(page: Page) -> str:
    """Return the name that a page gives its site: ``og:site_name``, else the last part of the title that is a name."""
    root = tree.document(page)
    site_names = [meta.get("content") or "" for meta in root.iterfind(SITE_NAME)]
    parts: list[str] = []
    for title in root.iter("title"):
        parts += TITLE_SEPARATOR.split(text_of(title))
    names = [name for one in (*site_names, *reversed(parts)) if (name := _on_one_line(one))]
    return next((name for name in names if not NO_NAME.search(name)), next(iter(names), ""))


def _on_one_line(words: str) -> str:
    return text.line(words)
