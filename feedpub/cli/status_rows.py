"""How each source is, as data: what ``status --json`` prints and ``[watch]`` writes. status.schema.json describes it.

Nothing in it is the present moment. So the same state gives the same rows, until something is over by itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from feedpub import address, dictionary
from feedpub.collecting import accounts
from feedpub.collecting.batches import way_out
from feedpub.collecting.rhythm import usual_interval
from feedpub.conditions import SEVERITY, Condition, State, Watched
from feedpub.config import Config
from feedpub.council import Council
from feedpub.model import Brake, Ping, Rest, Source, Traffic, Visit
from feedpub.publishing import push
from feedpub.store import Store
from feedpub.watch.condition import Findings, condition_of

SCHEMA = Path(__file__).with_name("status.schema.json")  # of the rows; by hand, and held against real ones by a test
MOST_SILENT = timedelta(days=2)  # since a run last asked a site, besides the time that lies between two of them
CALLED = "look whether cron calls `feedpub run`, and what it mailed"
RUNS_SHOWN = 24  # whose traffic is shown


@dataclass(frozen=True, slots=True)
class _Around:
    """What is the same for all sources, and read once."""

    settings: Config
    now: datetime
    rests: Mapping[str, Rest]  # by host
    pings: Sequence[Ping]  # that wait for a hub
    watched: Mapping[str, Watched]  # by source; those that were always well are not there


def status_rows(settings: Config, store: Store, sources: Sequence[Source], now: datetime) -> list[dict[str, Any]]:
    """Return a row for each source, the worst first."""
    around = _Around(settings, now, store.hosts.rests(), store.pings.waiting(), store.watching.all())
    rows = [_row(Council(source, store.of(source.id)), around) for source in sources]
    return sorted(rows, key=lambda row: SEVERITY[State(row["state"])])


def rows_as_json(rows: Sequence[Mapping[str, Any]]) -> str:
    return json.dumps(rows, ensure_ascii=False, indent=1)


def strangers(settings: Config, store: Store) -> list[str]:
    """Return a line for each source that the state holds and the configuration does not name."""
    ids = {*(source.id for source in settings.sources), *(broken.id for broken in settings.broken)}
    ids |= {*store.asking.retired(), *store.renamed()}
    return [
        f"{name}: is in the state with {count} items, and not in {settings.path}: nobody reads its site, and its feeds"
        " stay as they are. If its id was changed there, change it back: ids never change"
        for name, count in store.overview.items_by_source().items()
        if name not in ids
    ]


def _condition(council: Council, around: _Around) -> tuple[Condition, datetime | None]:
    """Return how a source is, and since when if that is known.

    What the last run could not write is known from that run; all else is in the state.
    """
    if council.facts.retired:  # nothing is expected of it
        return Condition(State.WELL), council.facts.retired
    watched = around.watched.get(council.id)
    if watched and watched.state is State.BROKEN:
        return Condition(State.BROKEN, watched.why, watched.way_out), watched.since
    last = _last_run(council, around)
    if last and around.now - last > MOST_SILENT + usual_interval(council.source.every):
        return Condition(State.BROKEN, f"no run has asked its site since {last:%Y-%m-%d %H:%M} UTC", CALLED), last
    condition = condition_of(council, Findings(around.now, around.rests, watched))
    return condition, watched.since if watched and watched.state is condition.state else None


def _last_run(council: Council, around: _Around) -> datetime | None:
    """Return when a run was last at work on a source, as far as it noted that. None: none was."""
    visits = (council.state.visits.get(url) for url in council.source.listings)
    rest = around.rests.get(address.host(council.source.home))
    instants = [
        council.facts.succeeded, council.facts.last_look, rest.until if rest else None,
        *(visit.asked for visit in visits if visit),
    ]  # fmt: skip
    return max(filter(None, instants), default=None)


def _row(council: Council, around: _Around) -> dict[str, Any]:
    items, visits, facts = council.state.items, council.state.visits, council.facts
    condition, since = _condition(council, around)
    listings = council.source.listings
    failures = visits.failures(listings)
    is_listing_failing = any(visit.url in listings for visit in failures)
    return {
        "id": council.id,
        "title": council.source.title,
        "state": condition.state.value,
        "since": _iso(since),
        "why": condition.why,
        "way_out": condition.way_out,
        "closed": _iso(facts.retired),
        "last_success": _iso(facts.succeeded),
        "failures_in_a_row": max((v.failures for v in failures), default=0),
        "failures": [_failure_row(v) for v in failures],
        "absent": [asdict(one) for one in accounts.absent(council)],
        "items": items.count(),
        "withdrawn_items": items.count_withdrawn(),
        "to_be_read_again": len(visits.unread()),
        "stopped": _brake_row(facts.brake),
        "undated_items": items.count_undated(),
        "not_yet_visited": visits.count_unasked(),
        "newest": _newest_row(council),
        "led_to": council.facts.led_to,
        "left_in_peace": _rest_row(around.rests.get(address.host(council.source.home)), around.now),
        "hubs_to_be_told": list(_waiting_hubs(council, around)),
        "traffic": _traffic_row(council),
        "pictures": _pictures_row(council),
        "wants_dictionary": bool(council.source.topics) and dictionary.is_missing(council.source.language),
        "layout": _layout_origin(council),
        "layout_health": "failing" if is_listing_failing else "good",
    }


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None


def _brake_row(brake: Brake | None) -> dict[str, object] | None:
    """Return why and since when nothing is published. None: all is well."""
    if brake is None:
        return None
    return {"why": brake.why, "since": brake.since.isoformat(), "times": brake.times, "way_out": way_out(brake, "run")}


def _newest_row(council: Council) -> dict[str, object] | None:
    newest = council.state.items.newest(1)
    if not newest:
        return None
    return {"title": newest[0].article.title, "date": newest[0].date.isoformat()}


def _failure_row(visit: Visit) -> dict[str, object]:
    return {"url": visit.url, "reason": visit.error, "times": visit.failures, "asked": _iso(visit.asked)}


def _rest_row(rest: Rest | None, now: datetime) -> dict[str, object] | None:
    """Return until when its host is left in peace, and why. None: it is not."""
    if rest is None or rest.until <= now:
        return None
    return {"until": rest.until.isoformat(), "why": rest.why, "times": rest.failures}


def _waiting_hubs(council: Council, around: _Around) -> Iterator[dict[str, object]]:
    """Yield the hubs that do not know yet which of its feeds have changed, and the reasons."""
    publish = around.settings.publish
    folder = f"{publish.base_url}{council.id}/"
    for hub in publish.hubs:
        of_hub = [p for p in around.pings if p.hub == hub]
        waiting = [p for p in of_hub if push.is_wanted(p, [hub], [folder])]
        if waiting:
            latest = max(waiting, key=lambda p: p.failures)
            yield {
                "hub": hub,
                "feeds": [p.topic for p in waiting],
                "since": min(p.since for p in waiting).isoformat(),
                "reason": latest.error,
                "times": latest.failures,
                "next_try": _iso(push.next_try(of_hub)),
            }


def _traffic_row(council: Council) -> dict[str, object]:
    """Return the last runs' requests to its site, added up and one by one."""
    runs = council.state.runs.traffic(RUNS_SHOWN)
    none = Traffic(0, 0, 0)
    total = sum((done for _, done in runs), none)
    unmodified_share = round(total.unmodified / total.requests, 3) if total.requests else None
    return {
        "runs": len(runs),
        "since": runs[-1][0].isoformat() if runs else None,
        "requests": total.requests,
        "bytes": total.bytes,
        "not_modified_share": unmodified_share,
        "last": [_run_row(at, done) for at, done in runs],
    }


def _pictures_row(council: Council) -> dict[str, object]:
    """Return how many pictures have small copies, how many are to be asked for, and why others have none."""
    thumbnails = council.state.thumbnails
    missing = [{"url": url, "reason": error} for url, error in sorted(thumbnails.errors().items())]
    return {"copies": len(thumbnails.files()), "waiting": thumbnails.waiting(), "missing": missing}


def _run_row(at: datetime, done: Traffic) -> dict[str, object]:
    return {
        "run": at.isoformat(),
        "requests": done.requests,
        "bytes": done.bytes,
        "not_modified": done.unmodified,
    }


def _layout_origin(council: Council) -> str:
    if council.is_layout_configured:
        return "configured"
    learnt = council.facts.learnt
    return f"learnt from {learnt.samples} articles" if learnt else "not learnt yet"
