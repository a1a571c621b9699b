"""How a source is, for people: the lines that ``status`` prints of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from feedpub.conditions import Condition, State
from feedpub.publishing import push

MOST_SHOWN = 10  # pictures without a copy, with the reason of each
WITHOUT_DICTIONARY = "only the words as they are written: no dictionary is installed; pip install 'feedpub[dictionary]'"


def status_lines(row: Mapping[str, Any]) -> list[str]:
    """Return the lines about a source, given its row of ``status_rows``."""
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
