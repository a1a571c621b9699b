"""Many sources at a glance, for ``status``: how many are well, and a line for each that a person should look at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from feedpub.config import Config
from feedpub.model import Trouble
from feedpub.store import Store

LINES = 30  # about single sources; the whole stays on a screen
A_DAY = timedelta(days=1)


def overview_lines(settings: Config, store: Store, now: datetime) -> Iterator[str]:
    """Yield the lines about all sources."""
    seen, closed = store.overview, store.asking.retired()
    sources = [source for source in settings.sources if source.id not in closed]
    ids = {source.id for source in sources}
    stopped = [one for one in seen.stopped() if one.source in ids]
    failing = _one_each(one for one in seen.failing() if one.source in ids)
    successes = seen.successes()
    ailing = {one.source for one in (*stopped, *failing)}
    new = [s.id for s in sources if s.id not in successes and s.id not in ailing]
    silent = [s.id for s in sources if s.id not in ailing and s.id in successes and now - successes[s.id] >= A_DAY]
    well = len(ids) - len(ailing) - len(new) - len(silent)
    requests, unmodified, size = seen.traffic_since(now - A_DAY)
    yield f"{len(settings.sources)} councils, {seen.items()} items"
    yield f"  well           {well}"
    yield f"  never read     {len(new)}"
    yield f"  not for a day  {len(silent)}"
    yield f"  not reached    {len(failing)}"
    yield f"  stopped        {len(stopped)}"
    yield f"  broken files   {len(settings.broken)}"
    if len(sources) < len(settings.sources):
        yield f"  closed         {len(settings.sources) - len(sources)}"
    yield (
        f"  traffic        {requests} requests in the recorded runs of a day, {size / 1000:,.0f} kB,"
        f' {unmodified} of the answers "not modified" (304)'
    )
    details = [*_broken(settings), *map(_stopped, stopped), *map(_failing, failing), *map(_silent, silent)]
    yield from details[:LINES]
    if len(details) > LINES:
        yield f"and {len(details) - LINES} more; `feedpub status --json` has all, `feedpub status --source ID` one"


def _one_each(troubles: Iterator[Trouble]) -> list[Trouble]:
    """Return the first trouble of each source."""
    first: dict[str, Trouble] = {}
    for one in troubles:
        first.setdefault(one.source, one)
    return sorted(first.values(), key=lambda one: (-one.times, one.source))


def _broken(settings: Config) -> Iterator[str]:
    for broken in settings.broken:
        yield f"{broken.id}: its file cannot be used: {broken.problem}"


def _stopped(one: Trouble) -> str:
    codes = "".join(f" --accept {code}" for code in one.code.split())
    way_out = f"; if the change is real: `feedpub run{codes}`" if codes else ""
    return f"{one.source}: STOPPED since {one.since:%Y-%m-%d %H:%M} UTC: {one.why}{way_out}"


def _failing(one: Trouble) -> str:
    return f"{one.source}: {one.why} ({one.times} in a row)"


def _silent(source: str) -> str:
    return f"{source}: no run has gone well for a day"
