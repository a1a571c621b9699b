"""A state of many councils, copied from one that was read: to read 1,470 sites each time would take half an hour."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from benchmarks.farm import homes, host_of
from benchmarks.variants import CONFIG, SOURCE
from feedpub import config
from feedpub.cli.session import Session, clock, on_state
from feedpub.cli.speech import Speech
from feedpub.council import Council
from feedpub.edges import Publish
from feedpub.model import OWN
from feedpub.publishing import Target, staleness
from feedpub.publishing.filing import files
from feedpub.publishing.marking import write_mark
from feedpub.store.proof import proof_of
from feedpub.store.schema import MIGRATIONS

NOT_COPIED = {"script", "document", "tally", "rest", "moved", "forms", "ping"}
PROOFS = re.compile(r"UPDATE (?:item|source|address) SET proof = proof\(.*?\);", re.DOTALL)


def council_id(number: int) -> str:
    return f"c{number:04}"


def configure(folder: Path, numbers: range, port: int, *, delay: float = 0.0) -> None:
    """Write the configuration for some of the farm's sites."""
    urls = homes(numbers.stop, port)
    sources = "".join(SOURCE.format(id=council_id(n), url=urls[n]) for n in numbers)
    folder.mkdir(parents=True, exist_ok=True)
    text = CONFIG.replace("delay = 0.0", f"delay = {delay}")
    (folder / "config.toml").write_text(text + sources, encoding="utf-8")


def multiply(one: Path, folder: Path, count: int, port: int, *, changing: int) -> None:
    """Make a state of many councils from that of the first, with published files for each.

    The first ``changing`` may get news: what is published of them is their own.
    """
    configure(folder, range(count), port)
    shutil.copy(one / "feedpub.db", folder / "feedpub.db")
    with closing(sqlite3.connect(folder / "feedpub.db", isolation_level=None)) as db:
        db.create_function("proof", -1, proof_of, deterministic=True)
        db.execute("BEGIN")
        for sql, values in _copies(db, count):
            db.execute(sql, values)
        db.execute("DELETE FROM document")
        for statement in PROOFS.findall(";".join(MIGRATIONS)):
            db.execute(statement)
        db.execute("COMMIT")
    _publish(one, folder, changing)


def _copies(db: sqlite3.Connection, count: int) -> Iterator[tuple[str, tuple[object, ...]]]:
    """Yield the statements that copy each row of the first council to all others."""
    tables = [
        t for (t,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
    ]
    rows = [(t, row) for t in tables if t not in NOT_COPIED for row in db.execute(f"SELECT * FROM {t}").fetchall()]  # noqa: S608
    for number in range(1, count):
        for table, row in rows:
            values = tuple(_renamed(value, number) for value in row)
            yield f"INSERT INTO {table} VALUES ({', '.join('?' * len(values))})", values  # noqa: S608 - our own


def _renamed(value: object, number: int) -> object:
    if not isinstance(value, str):
        return value
    return value.replace(host_of(0), host_of(number)).replace(council_id(0), council_id(number))


def _publish(one: Path, folder: Path, written: int) -> None:
    """Give each council the first one's files, and note that they are as they should be.

    ``written`` of them get files in their own name. The others have the first one's: a run that finds nothing new only
    sees when they were written.
    """
    public = folder / "public"
    shutil.copytree(one / "public", public)
    settings = config.load(folder / "config.toml")
    for source in settings.sources[written:]:
        shutil.copytree(public / council_id(0), public / source.id, copy_function=os.link)

    def note(session: Session) -> int:
        with session.store.transaction():
            for number, council in enumerate(session.councils):
                if 0 < number < written:
                    _write_files(council, number, session.place)
                _note_files(council, session.target)
        session.store.keep_copy(clock(), at_once=True)
        return 0

    on_state(settings, Speech(quiet=True), note)


def _write_files(council: Council, number: int, folder: Publish) -> None:
    """Write a council's files: the first one's, in its own name."""
    for name in folder.names(council_id(0)):
        data = (folder.read(name) or b"").replace(host_of(0).encode(), host_of(number).encode())
        data = data.replace(council_id(0).encode(), council.id.encode())
        folder(name.replace(council_id(0), council.id), data, "")
    write_mark(council, folder, council.state.collections.archived())


def _note_files(council: Council, target: Target) -> None:
    for name in [OWN, *(one.name for one in council.state.collections.named())]:
        if target.publish.read(f"{council.id}/{files(name)[0]}"):
            staleness.note_written(council, name, target)
    setting = staleness._setting(council, target)  # as a run would note it
    council.state.put_facts(replace(council.facts, setting=setting))
    staleness.note_emitted(council)
    staleness.note_pages(council, target)
