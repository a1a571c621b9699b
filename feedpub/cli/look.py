"""inspect, check, status: the commands that only look."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from feedpub import __version__, address, config, layouts
from feedpub.cli import FAILED, FINE
from feedpub.cli.speech import Speech, config_path
from feedpub.collecting import dedupe, explaining
from feedpub.collecting.fetch import Fetcher, decode
from feedpub.config import Config
from feedpub.content import Article, Listing, Page
from feedpub.errors import ConfigError, FetchError, ScrapeError
from feedpub.model import Layout, Learnt, Source, Traffic, Verdict
from feedpub.publishing import push
from feedpub.publishing.check import check as problems_of
from feedpub.publishing.check import named, together
from feedpub.publishing.folder import ENDINGS
from feedpub.publishing.render import DUMP, FORMATS, OUTLINE
from feedpub.store import Store

SITE = "http://localhost/"  # the base of a file that nobody said the address of
RUNS_TOLD = 24  # of which `status` tells what they asked for
PUBLISHED = (*(f.name for f in (*FORMATS, DUMP)), OUTLINE, "index.html", "index.json")  # what `check` knows to judge
ZONE = "Europe/Kyiv"  # of a page that no configured source has


# ------------------------------------------------------------ inspect


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a page gives as a listing and as an article; each a value or the reason why there is none."""

    page: Page
    listing: Listing | str
    article: Article | str
    layout: Layout
    matches: dict[str, str | None]
    known: str  # configured, learnt, unknown
    evidence: Mapping[str, str]
    zone: ZoneInfo
    told: explaining.Told | None = None  # None: there is no article, or no state to hold it against


def inspect(args: argparse.Namespace, speech: Speech) -> int:
    settings = _settings(args.config)
    page = _page(args.page, args.url, settings)
    source = _source_of(page.url, settings)
    found = _inspected(page, source, settings)
    if settings and source and settings.state.exists() and isinstance(found.article, Article):
        with closing(Store(settings.state)) as store:
            now = datetime.now(UTC)
            found = replace(found, told=explaining.identity_of(source, store, found.article, now))
    print(json.dumps(_as_json(found, source), ensure_ascii=False, indent=1) if args.json else _as_text(found, source))
    return FINE  # a page that gives nothing is an answer, with its reasons


def _settings(given: str | None) -> Config | None:
    """The configuration; None where none was named and there is none: a page can be looked at without."""
    path = config_path(given)
    return None if given is None and not path.exists() else config.load(path)


def _page(place: str, base: str | None, settings: Config | None) -> Page:
    if place.startswith(("http://", "https://")):
        with closing(_fetcher(settings)) as fetcher:
            page = fetcher(place)
        assert page is not None  # None answers validators, and there were none
        return page
    try:
        text = decode(Path(place).read_bytes(), "")
    except OSError as error:
        raise ConfigError(
            [f"{place}: cannot be read: {error.strerror}; name a file, or an address with http(s)://"]
        ) from error
    url = base or (settings.sources[0].home if settings else SITE)
    return Page(url, url, text)


def _fetcher(settings: Config | None) -> Fetcher:
    """For an address that a person has typed; its host may stand anywhere."""
    contact = settings.fetch.contact if settings else "no contact configured"
    now = datetime.now(UTC)
    return Fetcher(contact=contact, version=__version__, delay=0.0, now=now, is_private=lambda _: True)


def _source_of(url: str, settings: Config | None) -> Source | None:
    """The source that has this page, by its host."""
    sources = settings.sources if settings else ()
    return next((s for s in sources if address.host(url) in dedupe.hosts(s)), None)


def _inspected(page: Page, source: Source | None, settings: Config | None) -> Inspection:
    """What the page gives by the layout of its source, configured or learnt; without one, what it says by itself."""
    from feedpub.collecting import normalize, scrape

    learnt = _learnt(source, settings) if source else None
    layout = layouts.merged(source.layout if source else None, learnt.layout if learnt else None)
    zone = ZoneInfo(source.timezone if source else ZONE)
    now = datetime.now(UTC)
    if not layout.item and not layout.body:
        return _unknown(page, zone, now)
    try:
        listing: Listing | str = scrape.listing(page, layout)
    except ScrapeError as error:
        listing = error.reason
    try:
        article: Article | str = normalize.article(scrape.article(page, layout), zone, layout.date_formats, now)
    except ScrapeError as error:
        article = error.reason
    known = "learnt" if learnt else "configured"
    return Inspection(
        page, listing, article, layout, scrape.evidence(page, layout), known, learnt.evidence if learnt else {}, zone
    )


def _learnt(source: Source, settings: Config | None) -> Learnt | None:
    if settings is None or layouts.is_complete(source.layout) or not settings.state.exists():
        return None
    with closing(Store(settings.state)) as store:
        return store.learnt(source.id)


def _unknown(page: Page, zone: ZoneInfo, now: datetime) -> Inspection:
    """A page of a site without a layout: all there is to go by is the page."""
    from feedpub.collecting import normalize, scrape
    from feedpub.collecting.learn import single

    layout = Layout()
    evidence: Mapping[str, str] = {}
    listing: Listing | str = "nothing on the page repeats as news on a listing do"
    article: Article | str = "the page has no text of its own, or is a listing"
    try:
        scrape.require_news(page)
        given = single.read(page, zone, now)
        if given.listing:
            layout, listing = given.listing, scrape.listing(page, given.listing)
            evidence = given.evidence
        if given.article:
            article = normalize.article(given.article[0], zone, given.article[1], now)
    except ScrapeError as error:
        article = error.reason
        listing = error.reason if isinstance(listing, str) else listing
    return Inspection(page, listing, article, layout, scrape.evidence(page, layout), "unknown", evidence, zone)


def _as_json(found: Inspection, source: Source | None) -> dict[str, object]:
    listing, article = found.listing, found.article
    return {
        "listing": None if isinstance(listing, str) else {
            "items": [{"url": i.url, "title": i.title, "date": i.date} for i in _dated(found, listing, source)],
            "next": listing.next_page,
        },
        "article": None if isinstance(article, str) else {
            "url": article.url,
            "title": article.title,
            "published": article.published.astimezone(found.zone).isoformat() if article.published else None,
            "body_html": article.body_html,
            "body_text": article.text,
            "images": [p.url for p in article.pictures],
            "files": [f.url for f in article.files],
            "categories": list(article.categories),
            "author": article.author,
        },
        "identity": _told_as_json(found.told),
        "layout": {"known": found.known, "matches": found.matches, "evidence": dict(found.evidence)},
        "reasons": {k: v for k, v in (("listing", listing), ("article", article)) if isinstance(v, str)},
    }  # fmt: skip


def _told_as_json(told: explaining.Told | None) -> dict[str, object] | None:
    return (
        None
        if told is None
        else {
            "verdict": told.verdict.value,
            "id": told.item.id if told.item else None,
            "aliases": list(told.aliases),
            "compared": [
                {"id": s.id, "title": s.article.title, "same": k.same, "why": k.why} for s, k in told.compared
            ],
        }
    )


def _told_as_text(told: explaining.Told) -> Iterator[str]:
    what = {
        Verdict.NEW: "it is not known yet", Verdict.UNCHANGED: "it is known as it is",
        Verdict.CHANGED: "it is known, and reads otherwise now", Verdict.DUPLICATE: "it is a repost",
        Verdict.WITHDRAWN: "it was withdrawn for good",
    }  # fmt: skip
    yield f"identity: {what[told.verdict]}"
    if told.item:
        yield f"  {told.item.id}"
        yield f"  known at {' '.join(told.aliases)}"
    for other, likeness in told.compared:
        yield f"  {'the same as' if likeness.same else 'not'} {other.id}  {other.article.title}"
        yield f"      {likeness.why}"


@dataclass(frozen=True, slots=True)
class _Line:
    url: str
    title: str
    date: str | None  # ISO 8601, None where the listing shows none that can be read


def _dated(found: Inspection, listing: Listing, source: Source | None) -> Iterator[_Line]:
    from feedpub import text
    from feedpub.html import dates

    zone = ZoneInfo(source.timezone if source else ZONE)
    now = datetime.now(UTC)
    for link in listing.links:
        date = dates.first([link.date], zone, found.layout.date_formats, now) if link.date else None
        yield _Line(link.url, text.line(link.title), date.astimezone(zone).isoformat() if date else None)


def _as_text(found: Inspection, source: Source | None) -> str:
    lines = [found.page.url, f"  as {source.id}" if source else f"  no configured source has it; times are of {ZONE}"]
    if isinstance(found.listing, str):
        lines += ["", f"no listing: {found.listing}"]
    else:
        lines += ["", f"listing: {len(found.listing.links)} articles"]
        lines += [
            f"  {i.date or 'no date':25}  {i.title}\n{'':29}{i.url}" for i in _dated(found, found.listing, source)
        ]
        lines += [f"  older: {found.listing.next_page or 'no link to an older page'}"]
    if isinstance(found.article, str):
        lines += ["", f"no article: {found.article}"]
    else:
        a = found.article
        lines += [
            "",
            f"article: {a.title}",
            f"  published   {a.published.astimezone(found.zone).isoformat() if a.published else f'unknown: {a.doubt}'}",
            f"  address     {a.url}",
            f"  categories  {', '.join(a.categories) or 'none'}",
            *(f"  picture     {p.url}  {p.alt}" for p in a.pictures),
            *(f"  file        {f.url}  {f.label}" for f in a.files),
            *(f"  | {line}" for line in a.text.splitlines()),
        ]
    if found.told:
        lines += ["", *_told_as_text(found.told)]
    lines += ["", f"layout: {found.known}; the selector that matched, and why it is so:"]
    for key, selector in found.matches.items():
        why = found.evidence.get(key, "")
        lines.append(f"  {key:12} {selector or '-'}{f'   # {why}' if why and selector else ''}")
    return "\n".join(lines)


# ------------------------------------------------------------ check


def check(args: argparse.Namespace, speech: Speech) -> int:
    settings = _settings(args.config) if args.places else config.load(config_path(args.config))
    places = args.places or [str(settings.publish.to)] if settings else args.places
    wrong = 0

    def said(name: str, lines: list[str]) -> None:
        nonlocal wrong
        wrong += len(lines)
        for line in lines:
            print(line)
        if not lines:
            speech.note(f"{name}: nothing wrong")

    for name, data in (*_documents(places, settings), *(() if args.places or not settings else _missing(settings))):
        said(name, [f"{name}: cannot be read: {data}"] if isinstance(data, str) else named(problems_of(data), name))
    for place in filter(lambda p: Path(p).is_dir(), places):
        found = together({p.relative_to(place).as_posix(): p.read_bytes() for p in _inside(Path(place), twins=True)})
        said(place, [f"{Path(place) / name}: {problem}" for name, problem in found])
    return FAILED if wrong else FINE


def _missing(settings: Config) -> Iterator[tuple[str, str]]:
    """The feeds that should be there and are not."""
    for source in settings.sources:
        for form in FORMATS:
            path = settings.publish.to / source.id / form.name
            if not path.exists():
                yield str(path), "there is no such file"


def _inside(folder: Path, *, twins: bool = False) -> list[Path]:
    """The published files in a folder, as their names tell."""
    known = {n + e for n in PUBLISHED for e in (ENDINGS if twins else ("",))}
    return sorted(p for p in folder.rglob("*") if p.name in known and p.is_file())


def _documents(places: Iterable[str], settings: Config | None) -> Iterator[tuple[str, bytes | str]]:
    """Name and bytes of each document, or why it cannot be read."""
    for place in places:
        if place.startswith(("http://", "https://")):
            with closing(_fetcher(settings)) as fetcher:
                try:
                    yield place, fetcher.raw(place)
                except FetchError as error:
                    yield place, error.reason
        elif Path(place).is_dir():
            inside = _inside(Path(place))
            yield from ((str(p), p.read_bytes()) for p in inside)
            if not inside:
                yield place, "there are no feeds in this folder"
        else:
            try:
                yield place, Path(place).read_bytes()
            except OSError as error:
                yield place, error.strerror or str(error)


# ------------------------------------------------------------ status


def status(args: argparse.Namespace, speech: Speech) -> int:
    settings = config.load(config_path(args.config))
    # Before the first run an empty state tells the same: to ask how things are must make no file.
    with closing(Store(settings.state if settings.state.exists() else Path(":memory:"))) as store:
        rows = [_state_of(source, store, settings) for source in settings.sources]
    if args.json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        print("\n\n".join(_state_as_text(row) for row in rows))
    return FINE


def _state_of(source: Source, store: Store, settings: Config) -> dict[str, object]:
    newest = next(iter(store.newest(source.id, 1)), None)
    failed = store.failures(source.id, source.listings)
    succeeded = store.succeeded(source.id)
    brake = store.brake(source.id)
    return {
        "id": source.id,
        "title": source.title,
        "last_success": succeeded.isoformat() if succeeded else None,
        "failures_in_a_row": max((v.failures for v in failed), default=0),
        "failures": [{"url": v.url, "reason": v.error, "times": v.failures,
                      "asked": v.asked.isoformat() if v.asked else None} for v in failed],
        "items": store.count(source.id),
        "withdrawn_items": store.withdrawn(source.id),
        "to_be_read_again": len(store.unread(source.id)),
        "stopped": {"why": brake.why, "since": brake.since.isoformat(), "times": brake.times} if brake else None,
        "undated_items": store.undated(source.id),
        "not_yet_visited": store.unvisited(source.id),
        "newest": {"title": newest.article.title, "date": newest.date.isoformat()} if newest else None,
        "left_in_peace": _rest(source, store),
        "hubs_to_be_told": list(_hubs(source, store, settings)),
        "traffic": _traffic(source, store),
        "layout": _layout_told(source, store),
        "layout_health": "failing" if any(v.url in source.listings for v in failed) else "good",
    }  # fmt: skip


def _rest(source: Source, store: Store) -> dict[str, object] | None:
    """Until when, and why, its host is not asked for anything."""
    rest = store.rests().get(address.host(source.home))
    if rest is None or rest.until <= datetime.now(UTC):
        return None
    return {"until": rest.until.isoformat(), "why": rest.why, "times": rest.failures}


def _hubs(source: Source, store: Store, settings: Config) -> Iterator[dict[str, object]]:
    """The hubs that do not know yet which of its feeds have changed, and why not."""
    folder = f"{settings.publish.base_url}{source.id}/"
    for hub in settings.publish.hubs:
        pings = [p for p in store.pings() if p.hub == hub]
        waiting = [p for p in pings if push.is_wanted(p, [hub], [folder])]
        if waiting:
            latest = max(waiting, key=lambda p: p.failures)
            later = push.next_try(pings)
            yield {
                "hub": hub, "feeds": [p.topic for p in waiting],
                "since": min(p.since for p in waiting).isoformat(), "reason": latest.error,
                "times": latest.failures, "next_try": later.isoformat() if later else None,
            }  # fmt: skip


def _traffic(source: Source, store: Store) -> dict[str, object]:
    """What the last runs asked of its site, added up."""
    runs = store.traffic(source.id, RUNS_TOLD)
    total = sum((done for _, done in runs), Traffic(0, 0, 0))
    share = round(total.unmodified / total.requests, 3) if total.requests else None
    return {
        "runs": len(runs), "since": runs[-1][0].isoformat() if runs else None, "requests": total.requests,
        "bytes": total.bytes, "not_modified_share": share,
        "last": [
            {"run": at.isoformat(), "requests": done.requests, "bytes": done.bytes, "not_modified": done.unmodified}
            for at, done in runs
        ],
    }  # fmt: skip


def _layout_told(source: Source, store: Store) -> str:
    learnt = store.learnt(source.id)
    if layouts.is_complete(source.layout):
        return "configured"
    return f"learnt from {learnt.samples} articles" if learnt else "not learnt yet"


def _state_as_text(row: dict[str, object]) -> str:
    newest, failures, stopped, rest = row["newest"], row["failures"], row["stopped"], row["left_in_peace"]
    hubs = row["hubs_to_be_told"]
    assert isinstance(failures, list)
    assert isinstance(hubs, list)
    assert isinstance(row["traffic"], dict)
    lines = [
        f"{row['id']}: {row['title']}",
        f"  last success   {f'{last}, written down once an hour' if (last := row['last_success']) else 'never'}",
        f"  newest item    {_shown(newest)}",
        f"  items          {row['items']}, of which {row['undated_items']} without a date of their own",
        f"  withdrawn      {row['withdrawn_items']}",
        f"  to be visited  {row['not_yet_visited']}",
        f"  layout         {row['layout']}, {row['layout_health']}",
        f"  traffic        {_traffic_shown(row['traffic'])}",
        *([f"  left in peace  until {rest['until']}: {rest['why']}"] if isinstance(rest, dict) else []),
        *(f"  to be told     {_hub_shown(hub)}" for hub in hubs),
        *([f"  STOPPED        {_stopped(stopped)}"] if isinstance(stopped, dict) else []),
        f"  failures       {len(failures)}",
        *(f"    {f['url']}: {f['reason']} ({f['times']} in a row, last {f['asked']})" for f in failures),
    ]
    return "\n".join(lines)


def _hub_shown(told: Mapping[str, Any]) -> str:
    why = f": {told['reason']} ({told['times']} in a row)" if told["reason"] else ""
    again = f"after {told['next_try']}" if told["next_try"] else "by the next run"
    return f"{told['hub']} of {push.feeds(len(told['feeds']))}, since {told['since']}{why}; {again}"


def _traffic_shown(traffic: Mapping[str, object]) -> str:
    share, size = traffic["not_modified_share"], traffic["bytes"]
    if not isinstance(share, float) or not isinstance(size, int):
        return "nothing asked for yet"
    return (
        f"{traffic['requests']} requests in the last {traffic['runs']} runs written down, {size / 1000:,.0f} kB,"
        f' {share:.0%} of the answers "not modified" (304)'
    )


def _stopped(stopped: Mapping[str, object]) -> str:
    return (
        f"since {stopped['since']}, {stopped['times']} runs: {stopped['why']}; `feedpub run --accept` lets it through"
    )


def _shown(newest: object) -> str:
    return f"{newest['date']}  {newest['title']}" if isinstance(newest, dict) else "none"
