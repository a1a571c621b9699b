"""Make the files of ``[watch]`` from the state, and write those that have changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from feedpub import __version__
from feedpub.cli.session import LEFT_OUT, Session
from feedpub.cli.showing import DATA, MESSAGES, PAGE, WITHOUT_LIBRARY
from feedpub.cli.speech import as_shown_json
from feedpub.cli.status_rows import rows_as_json, status_rows, strangers
from feedpub.cli.watching import OF_OTHERS
from feedpub.conditions import Condition, Figures, State
from feedpub.errors import PublishError
from feedpub.model import Source
from feedpub.publishing.outside import put_files
from feedpub.publishing.page.watching import CHARTS, Plight, Survey, status_page
from feedpub.publishing.render.messages import Names, messages_feed
from feedpub.watch.figures import figures, first_day

SAID = 100  # messages in the feed
Row = Mapping[str, Any]


def write_files(session: Session) -> list[str]:
    """Write all of them. Return a line for each that cannot be written; what was there before is still there then."""
    settings = session.settings
    rows = status_rows(settings, session.store, settings.sources, session.now)
    return [*_write_folder(session, rows), *_write_textfile(session, rows)]


def write_messages(session: Session) -> None:
    """Write the feed of messages again. That the folder cannot be written was said."""
    folder = session.settings.watch.to
    if folder:
        with suppress(PublishError):
            put_files(folder, {MESSAGES: _messages(session)})


def _write_folder(session: Session, rows: Sequence[Row]) -> Iterator[str]:
    folder = session.settings.watch.to
    if folder is None:
        return
    files = {
        DATA: f"{as_shown_json(rows_as_json(rows))}\n".encode(),
        PAGE: status_page(_survey(session, rows)),
        MESSAGES: _messages(session),
    }
    try:
        put_files(folder, files, is_made=True)
    except PublishError as error:
        yield f"[watch] to: {error}"


def _write_textfile(session: Session, rows: Sequence[Row]) -> Iterator[str]:
    file = session.settings.watch.textfile
    if file is None:
        return
    if find_spec("prometheus_client") is None:
        yield f"[watch] textfile {WITHOUT_LIBRARY}"
        return
    from feedpub.watch.metrics import Measured, metrics

    measured = [
        Measured(
            row["id"], State(row["state"]), bool(row["closed"]), _instant(row["last_success"]), _newest(row),
            row["items"], row["failures_in_a_row"], row["not_yet_visited"],
        )
        for row in rows
    ]  # fmt: skip
    measured += [Measured(broken.id, State.BROKEN) for broken in session.settings.broken]
    data = metrics(sorted(measured, key=lambda one: one.id), _as_of(rows), __version__)
    try:
        put_files(file.parent, {file.name: data})
    except PublishError as error:
        yield f"[watch] textfile: {error}"


# ------------------------------------------------------------ what they show


def _messages(session: Session) -> bytes:
    """Return the feed of what was said. A source that was moved goes on under its first name in ids."""
    first_ids: dict[str, str] = {}
    for old, new in session.store.renamed().items():
        first_ids.setdefault(new, old)
    names = Names(_host(session), __version__, OF_OTHERS, first_ids)
    return messages_feed(session.store.watching.messages(SAID), names)


def _host(session: Session) -> str:
    return urlsplit(session.settings.publish.base_url).hostname or ""


def _survey(session: Session, rows: Sequence[Row]) -> Survey:
    sources = {source.id: source for source in session.settings.sources}
    as_of = _as_of(rows)
    charted = [row["id"] for row in rows if not row["closed"]][:CHARTS] if as_of else []
    drawn = {one: _figures(session, one, as_of.date()) for one in charted} if as_of else {}
    broken = (f"{one.problem}; {LEFT_OUT}" for one in session.settings.broken)
    return Survey(
        host=_host(session),
        as_of=as_of,
        sources=[_plight(row, sources[row["id"]], drawn.get(row["id"], ())) for row in rows],
        notes=[*broken, *strangers(session.settings, session.store)],
    )


def _figures(session: Session, source: str, until: date) -> Sequence[Figures]:
    state = session.store.of(source)
    since = datetime.combine(first_day(until), datetime.min.time(), session.now.tzinfo)
    days, arrivals = session.store.watching.days(source), state.items.arrivals_since(since)
    return figures(until, days, arrivals, state.items.first_seen())


def _plight(row: Row, source: Source, drawn: Sequence[Figures]) -> Plight:
    return Plight(
        id=source.id,
        title=source.title,
        language=source.language,
        home=source.home,
        condition=Condition(State(row["state"]), row["why"], row["way_out"]),
        since=_instant(row["since"]),
        is_closed=bool(row["closed"]),
        last_success=_instant(row["last_success"]),
        newest=_newest(row),
        figures=drawn,
    )


def _as_of(rows: Sequence[Row]) -> datetime | None:
    """Return when a run last noted something, by the state: another look at the same state gives the same instant."""
    noted = [row["last_success"] for row in rows]
    noted += [failure["asked"] for row in rows for failure in row["failures"]]
    noted += [row["traffic"]["last"][0]["run"] for row in rows if row["traffic"]["last"]]
    return max(map(datetime.fromisoformat, filter(None, noted)), default=None)


def _newest(row: Row) -> datetime | None:
    return _instant(row["newest"]["date"]) if row["newest"] else None


def _instant(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None
