"""status: show how each source is."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from feedpub import address, dictionary
from feedpub.cli import FAILED, FINE
from feedpub.cli.session import chosen, clock, loaded, say_broken, to_look
from feedpub.cli.speech import Speech, show, show_json
from feedpub.collecting import accounts
from feedpub.collecting.batches import way_out
from feedpub.collecting.rhythm import usual_interval
from feedpub.conditions import SEVERITY, Condition, State
from feedpub.config import Config
from feedpub.council import Council
from feedpub.model import Brake, Source, Traffic, Visit
from feedpub.publishing import push
from feedpub.store import Store
from feedpub.watch.condition import Findings, condition_of

IN_FULL = 12  # sources, each with a dozen lines; more are shown at a glance
MOST_SILENT = timedelta(days=2)  # since a run last asked a site, besides the time that lies between two of them
CALLED = "look whether cron calls `feedpub run`, and what it mailed"
RUNS_SHOWN = 24  # whose traffic is shown
MOST_SHOWN = 10  # pictures without a copy, with the reason of each
WITHOUT_DICTIONARY = "only the words as they are written: no dictionary is installed; pip install 'feedpub[dictionary]'"


def command(args: argparse.Namespace, speech: Speech) -> int:
    settings = loaded(args)
    sources = chosen(settings, args.source)
    with to_look(settings) as store:
        strangers = [] if args.source else _strangers(settings, store)
        if len(sources) > IN_FULL and not args.json:
            from feedpub.cli.overview import overview_lines  # most operators have a few councils

            show(overview_lines(settings, store, clock()))
            watched = store.watching.all()
            states = {watched[name].state for name in _open_ids(settings, store) if name in watched}
        else:
            states = _show_each(settings, store, sources, is_json=args.json)
    for line in strangers:
        speech.error(line)
    needs_hand = bool(strangers) or any(state.needs_hand for state in states)
    return max(say_broken(settings, speech), FAILED if needs_hand else FINE)


def _show_each(settings: Config, store: Store, sources: Sequence[Source], *, is_json: bool) -> set[State]:
    """Show each source, the worst first. Return the states that there are."""
    councils = [Council(source, store.of(source.id)) for source in sources]
    rows = [_status_of(council, settings) for council in councils]
    rows.sort(key=lambda row: SEVERITY[State(row["state"])])
    if is_json:
        show_json(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        for n, row in enumerate(rows):
            show([""] if n else [])
            show(_status_as_text(row))
    return {State(row["state"]) for row in rows}


def _open_ids(settings: Config, store: Store) -> set[str]:
    return {source.id for source in settings.sources}.difference(store.asking.retired())


def _strangers(settings: Config, store: Store) -> list[str]:
    """Return a line for each source that the state holds and the configuration does not name."""
    ids = {*(source.id for source in settings.sources), *(broken.id for broken in settings.broken)}
    ids |= {*store.asking.retired(), *store.renamed()}
    return [
        f"{name}: is in the state with {count} items, and not in {settings.path}: nobody reads its site, and its feeds"
        " stay as they are. If its id was changed there, change it back: ids never change"
        for name, count in store.overview.items_by_source().items()
        if name not in ids
    ]


# ------------------------------------------------------------ as data


def _condition(council: Council) -> tuple[Condition, datetime | None]:
    """Return how a source is, and since when if that is known.

    What the last run could not write is known from that run; all else is in the state.
    """
    if council.facts.retired:  # nothing is expected of it
        return Condition(State.WELL), council.facts.retired
    store, now = council.state.store, clock()
    watched = store.watching.get(council.id)
    if watched and watched.state is State.BROKEN:
        return Condition(State.BROKEN, watched.why, watched.way_out), watched.since
    last = _last_run(council)
    if last and now - last > MOST_SILENT + usual_interval(council.source.every):
        return Condition(State.BROKEN, f"no run has asked its site since {last:%Y-%m-%d %H:%M} UTC", CALLED), last
    condition = condition_of(council, Findings(now, store.hosts.rests(), watched))
    return condition, watched.since if watched and watched.state is condition.state else None


def _last_run(council: Council) -> datetime | None:
    """Return when a run was last at work on a source, as far as it noted that. None: none was."""
    visits = (council.state.visits.get(url) for url in council.source.listings)
    rest = council.state.store.hosts.rests().get(address.host(council.source.home))
    instants = [
        council.facts.succeeded, council.facts.last_look, rest.until if rest else None,
        *(visit.asked for visit in visits if visit),
    ]  # fmt: skip
    return max(filter(None, instants), default=None)


def _status_of(council: Council, settings: Config) -> dict[str, Any]:
    items, visits, facts = council.state.items, council.state.visits, council.facts
    condition, since = _condition(council)
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
        "left_in_peace": _rest_row(council),
        "hubs_to_be_told": list(_waiting_hubs(council, settings)),
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


def _rest_row(council: Council) -> dict[str, object] | None:
    """Return until when its host is left in peace, and why. None: it is not."""
    host = address.host(council.source.home)
    rest = council.state.store.hosts.rests().get(host)
    if rest is None or rest.until <= datetime.now(UTC):
        return None
    return {"until": rest.until.isoformat(), "why": rest.why, "times": rest.failures}


def _waiting_hubs(council: Council, settings: Config) -> Iterator[dict[str, object]]:
    """Yield the hubs that do not know yet which of its feeds have changed, and the reasons."""
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


# ------------------------------------------------------------ as text


def _status_as_text(row: Mapping[str, Any]) -> list[str]:
    if row["closed"]:
        return _closed_lines(row)
    rest, stopped = row["left_in_peace"], row["stopped"]
    lines = [
        f"{row['id']}: {row['title']}",
        f"  state          {_state(row)}",
        f"  last success   {_last_success(row['last_success'])}",
        f"  newest item    {_newest(row['newest'])}",
        f"  items          {row['items']}, {row['undated_items']} of them without a date of their own",
        f"  withdrawn      {row['withdrawn_items']}",
        f"  to be visited  {row['not_yet_visited']}",
        f"  layout         {row['layout']}, {row['layout_health']}",
        f"  traffic        {_traffic_line(row['traffic'])}",
    ]
    lines += _picture_lines(row["pictures"])
    if row["wants_dictionary"]:
        lines.append(f"  topics         {WITHOUT_DICTIONARY}")
    if row["led_to"]:
        undo = f"`feedpub run --source {row['id']} --forget {row['led_to']}`"
        lines.append(f"  led to         {row['led_to']}, accepted by hand as the council's own; to undo it: {undo}")
    if rest:
        lines.append(f"  left in peace  until {rest['until']}: {rest['why']}")
    lines += [f"  to be told     {_hub_line(hub)}" for hub in row["hubs_to_be_told"]]
    if stopped:
        lines.append(f"  STOPPED        {_stopped(stopped)}")
    if row["absent"]:
        lines.append(f"  in no feed     {len(row['absent'])} of what the listings name now")
    lines += [f"    {_absent_line(one)}" for one in row["absent"]]
    lines.append(f"  failures       {len(row['failures'])}")
    lines += [f"    {_failing_page(failure)}" for failure in row["failures"]]
    return lines


def _state(row: Mapping[str, Any]) -> str:
    state = State(row["state"])
    if state is State.WELL:
        return "well"
    name = state.upper() if state.needs_hand else state.value
    since = f" since {row['since']}" if row["since"] else ""
    return f"{name}{since}: {Condition(state, row['why'], row['way_out']).words}"


def _closed_lines(row: Mapping[str, Any]) -> list[str]:
    """Return the lines of a source that is asked no more: nothing is expected of it."""
    return [
        f"{row['id']}: {row['title']}",
        f"  closed         since {row['closed']}; `feedpub retire {row['id']} --undo` opens it again",
        f"  newest item    {_newest(row['newest'])}",
        f"  items          {row['items']}, {row['undated_items']} of them without a date of their own",
        f"  withdrawn      {row['withdrawn_items']}",
    ]


def _picture_lines(pictures: Mapping[str, Any]) -> list[str]:
    copies, waiting, missing = pictures["copies"], pictures["waiting"], pictures["missing"]
    if not (copies or waiting or missing):
        return []
    lines = [f"  pictures       {copies} small copies, {waiting} to be asked for, {len(missing)} without a copy"]
    return lines + [f"    {one['url']}: {one['reason']}" for one in missing[:MOST_SHOWN]]


def _last_success(instant: str | None) -> str:
    return f"{instant}, recorded once an hour" if instant else "never"


def _absent_line(absent: Mapping[str, Any]) -> str:
    title = f"  {absent['title']}" if absent["title"] else ""
    return f"{absent['name']}: {absent['reason']}{title}"


def _failing_page(failure: Mapping[str, Any]) -> str:
    return f"{failure['url']}: {failure['reason']} ({failure['times']} in a row, last {failure['asked']})"


def _newest(newest: Mapping[str, str] | None) -> str:
    return f"{newest['date']}  {newest['title']}" if newest else "none"


def _hub_line(hub: Mapping[str, Any]) -> str:
    reason, next_try = hub["reason"], hub["next_try"]
    why = ""
    if reason:
        why = f": {reason} ({hub['times']} in a row)"
    again = f"after {next_try}" if next_try else "by the next run"
    feeds = push.changed_feeds(len(hub["feeds"]))
    return f"{hub['hub']} of {feeds}, since {hub['since']}{why}; {again}"


def _traffic_line(traffic: Mapping[str, Any]) -> str:
    if traffic["not_modified_share"] is None:
        return "no requests yet"
    return (
        f"{traffic['requests']} requests in the last {traffic['runs']} recorded runs,"
        f" {traffic['bytes'] / 1000:,.0f} kB,"
        f' {traffic["not_modified_share"]:.0%} of the answers "not modified" (304)'
    )


def _stopped(stopped: Mapping[str, Any]) -> str:
    return f"since {stopped['since']}, {stopped['times']} runs: {stopped['why']}. {stopped['way_out']}"
