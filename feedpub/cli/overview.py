"""Many sources at a glance, for ``status``: how many are well, and a line for each that a person should look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from feedpub.conditions import SEVERITY, State, Watched
from feedpub.config import Config
from feedpub.store import Store

LINES = 30  # about single sources; the whole stays on a screen
A_DAY = timedelta(days=1)


def overview_lines(settings: Config, store: Store, now: datetime) -> Iterator[str]:
    """Yield the lines about all sources."""
    seen, watched, closed = store.overview, store.watching.all(), store.asking.retired()
    ids = [source.id for source in settings.sources if source.id not in closed]
    ailing = {one: watched[one] for one in ids if one in watched and watched[one].state is not State.WELL}
    successes = seen.successes()
    new = [one for one in ids if one not in successes and one not in ailing]
    silent = [one for one in ids if one not in ailing and one in successes and now - successes[one] >= A_DAY]
    requests, unmodified, size = seen.traffic_since(now - A_DAY)
    yield f"{len(settings.sources)} councils, {seen.items()} items"
    yield _counted("well", len(ids) - len(ailing) - len(new) - len(silent))
    yield _counted("never read", len(new))
    yield _counted("not for a day", len(silent))
    states = Counter(one.state for one in ailing.values())
    states[State.BROKEN] += len(settings.broken)
    yield from (_counted(state.value, states[state]) for state in State if states[state])
    if len(ids) < len(settings.sources):
        yield _counted("closed", len(settings.sources) - len(ids))
    yield (
        f"  traffic        {requests} requests in the recorded runs of a day, {size / 1000:,.0f} kB,"
        f' {unmodified} of the answers "not modified" (304)'
    )
    details = [*_broken(settings), *_ailing(ailing), *map(_silent, silent)]
    yield from details[:LINES]
    if len(details) > LINES:
        yield f"and {len(details) - LINES} more; `feedpub status --json` has all, `feedpub status --source ID` one"


def _counted(what: str, count: int) -> str:
    return f"  {what:<15}{count}"


def _broken(settings: Config) -> Iterator[str]:
    for broken in settings.broken:
        yield f"{broken.id}: its file cannot be used: {broken.problem}"


def _ailing(ailing: Mapping[str, Watched]) -> Iterator[str]:
    """Yield a line for each source that is not well, the worst first, and of these the one that is so for longest."""
    for source, one in sorted(ailing.items(), key=lambda pair: (SEVERITY[pair[1].state], pair[1].since, pair[0])):
        yield f"{source}: {one.state.upper()} since {one.since:%Y-%m-%d %H:%M} UTC: {one.words}"


def _silent(source: str) -> str:
    return f"{source}: no run has gone well for a day"
