"""status: how each source is."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from feedpub import address
from feedpub.cli import FINE
from feedpub.cli.session import loaded, to_look
from feedpub.cli.speech import Speech
from feedpub.config import Config
from feedpub.council import Council
from feedpub.model import Traffic, Visit
from feedpub.publishing import push

RUNS_SHOWN = 24  # of which it is told what they asked for


def command(args: argparse.Namespace, speech: Speech) -> int:
    settings = loaded(args)
    with to_look(settings) as store:
        rows = [_status_of(Council(source, store.of(source.id)), settings) for source in settings.sources]
    if args.json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        print("\n\n".join(_status_as_text(row) for row in rows))
    return FINE


# ------------------------------------------------------------ as data


def _status_of(council: Council, settings: Config) -> dict[str, object]:
    items, visits, facts = council.state.items, council.state.visits, council.facts
    newest = next(iter(items.newest(1)), None)
    listings = council.source.listings
    failures = visits.failures(listings)
    brake = facts.brake
    return {
        "id": council.id,
        "title": council.source.title,
        "last_success": _iso(facts.succeeded),
        "failures_in_a_row": max((v.failures for v in failures), default=0),
        "failures": [_failure_row(v) for v in failures],
        "items": items.count(),
        "withdrawn_items": items.count_withdrawn(),
        "to_be_read_again": len(visits.unread()),
        "stopped": {"why": brake.why, "since": brake.since.isoformat(), "times": brake.times} if brake else None,
        "undated_items": items.count_undated(),
        "not_yet_visited": visits.count_unasked(),
        "newest": {"title": newest.article.title, "date": newest.date.isoformat()} if newest else None,
        "left_in_peace": _rest_row(council),
        "hubs_to_be_told": list(_waiting_hubs(council, settings)),
        "traffic": _traffic_row(council),
        "layout": _layout_origin(council),
        "layout_health": "failing" if any(v.url in listings for v in failures) else "good",
    }


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None


def _failure_row(visit: Visit) -> dict[str, object]:
    return {"url": visit.url, "reason": visit.error, "times": visit.failures, "asked": _iso(visit.asked)}


def _rest_row(council: Council) -> dict[str, object] | None:
    """Return until when, and why, its host is not asked for anything."""
    rest = council.state.store.hosts.rests().get(address.host(council.source.home))
    if rest is None or rest.until <= datetime.now(UTC):
        return None
    return {"until": rest.until.isoformat(), "why": rest.why, "times": rest.failures}


def _waiting_hubs(council: Council, settings: Config) -> Iterator[dict[str, object]]:
    """Yield the hubs that do not know yet which of its feeds have changed, and why not."""
    folder = f"{settings.publish.base_url}{council.id}/"
    pings = council.state.store.pings.waiting()
    for hub in settings.publish.hubs:
        of_hub = [p for p in pings if p.hub == hub]
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
    """Return what the last runs asked of its site, added up and one by one."""
    runs = council.state.runs.traffic(RUNS_SHOWN)
    total = sum((done for _, done in runs), Traffic(0, 0, 0))
    return {
        "runs": len(runs),
        "since": runs[-1][0].isoformat() if runs else None,
        "requests": total.requests,
        "bytes": total.bytes,
        "not_modified_share": round(total.unmodified / total.requests, 3) if total.requests else None,
        "last": [
            {"run": at.isoformat(), "requests": done.requests, "bytes": done.bytes, "not_modified": done.unmodified}
            for at, done in runs
        ],
    }


def _layout_origin(council: Council) -> str:
    if council.is_layout_configured:
        return "configured"
    learnt = council.facts.learnt
    return f"learnt from {learnt.samples} articles" if learnt else "not learnt yet"


# ------------------------------------------------------------ as text


def _status_as_text(row: Mapping[str, Any]) -> str:
    last, rest, stopped = row["last_success"], row["left_in_peace"], row["stopped"]
    lines = [
        f"{row['id']}: {row['title']}",
        f"  last success   {f'{last}, written down once an hour' if last else 'never'}",
        f"  newest item    {_newest(row['newest'])}",
        f"  items          {row['items']}, of which {row['undated_items']} without a date of their own",
        f"  withdrawn      {row['withdrawn_items']}",
        f"  to be visited  {row['not_yet_visited']}",
        f"  layout         {row['layout']}, {row['layout_health']}",
        f"  traffic        {_traffic_line(row['traffic'])}",
    ]
    if rest:
        lines.append(f"  left in peace  until {rest['until']}: {rest['why']}")
    lines += [f"  to be told     {_hub_line(hub)}" for hub in row["hubs_to_be_told"]]
    if stopped:
        lines.append(f"  STOPPED        {_stopped(stopped)}")
    lines.append(f"  failures       {len(row['failures'])}")
    lines += [f"    {f['url']}: {f['reason']} ({f['times']} in a row, last {f['asked']})" for f in row["failures"]]
    return "\n".join(lines)


def _newest(newest: Mapping[str, str] | None) -> str:
    return f"{newest['date']}  {newest['title']}" if newest else "none"


def _hub_line(hub: Mapping[str, Any]) -> str:
    why = f": {hub['reason']} ({hub['times']} in a row)" if hub["reason"] else ""
    again = f"after {hub['next_try']}" if hub["next_try"] else "by the next run"
    return f"{hub['hub']} of {push.changed_feeds(len(hub['feeds']))}, since {hub['since']}{why}; {again}"


def _traffic_line(traffic: Mapping[str, Any]) -> str:
    if traffic["not_modified_share"] is None:
        return "nothing asked for yet"
    return (
        f"{traffic['requests']} requests in the last {traffic['runs']} runs written down,"
        f" {traffic['bytes'] / 1000:,.0f} kB,"
        f' {traffic["not_modified_share"]:.0%} of the answers "not modified" (304)'
    )


def _stopped(stopped: Mapping[str, Any]) -> str:
    return (
        f"since {stopped['since']}, {stopped['times']} runs: {stopped['why']}; `feedpub run --accept` lets it through"
    )
