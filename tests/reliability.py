"""Write docs/reliability.md from what a whole run of the tests saw."""

from __future__ import annotations

import re
from pathlib import Path

from tests import tables

PLACE = Path(__file__).parent.parent / "docs" / "reliability.md"
WALKS = 5
HEAD = """# Reliability

This page shows what happened when things broke. Every row is a test that broke something for real: sockets, files,
processes (tests/test_faults.py, tests/test_kill.py). The source had been read and published before, and had a new
article. `make test-all` writes this page from what its tests saw. They use shorter time limits; the page shows the
real ones.

Each test also checked three things.

- **The published files were whole, valid and no older than the last good ones at all times.** The column "feeds" says
  which they were.
- **No known item, id or alias was lost.**
- **The next run recovered by itself** once the fault was gone: exit 0, with the new article in all feeds. If the site
  had asked for time, the test let that time pass. If a person had to act, as with a newer state, the message says so.

PAGE is the address of the listing or of the article.

| what happens | to | what the operator reads | exit | feeds |
|---|---|---|---|---|
"""
ON_A_SERVER = """
## The state on a PostgreSQL server

The same, with `[state] url = "postgresql://…"` and a real server (tests/test_faults_postgres.py). HOST is the server,
SOCKET its socket, NAME the database.

| what happens | what the operator reads | exit | feeds |
|---|---|---|---|
"""
WORKERS = """
## Workers

Workers of `feedpub worker` shared a real PostgreSQL server and a farm of sites that wrote down every request
(tests/test_worker.py). `python -m benchmarks.workers --sites 40 --kills 20` kills one of three again and again. On
2026-11-30 a site had at most one request at a time, never closer than 0.2017 s at a delay of 0.2. Looks lay 59 to 74 s
apart at an interval of a minute, and every file was that of a single run.

| what happens | what the operator reads | exit | what becomes of it |
|---|---|---|---|
"""
KILLS = """
## SIGKILL before every write

The test kills a run before one of its writes, checks the files, runs again and checks once more. The feeds are then
equal, to the byte, to those of a run that was not killed. A write to files is an open, write, sync, rename or remove.
A write to the state is a statement that changes it, or a commit. A power cut between state and feeds is one of
these cases.

| a run | killed before | anything lost, half-written or different |
|---|---|---|
"""
BUCKET = """
## A bucket

The feeds were published into a bucket of a real S3 server (SeaweedFS), and there was a new article. Between feedpub and
the server, answers were replaced, lost or held back (tests/test_bucket_faults.py). Afterwards the next run recovered by
itself, and `feedpub check` found nothing wrong. No line holds a key.

A run was also killed at every seventh of its requests. Other runs were stopped before their mark, their first file or
their own feed, and went on after a newer run had published (tests/test_bucket.py). Nothing of the newer run was
overwritten.

| what happens | what the operator reads | exit | feeds |
|---|---|---|---|
"""
EVERY = {17: "every eighth or ninth of its writes", 31: "every thirty-first of its writes"}
URL = re.compile(r"https://rada\.example/(?:content/nova-novyna)?(?=[:; ]|$)")


def write() -> None:
    """Write the page if all of its tests have run and passed, and its text has changed."""
    faults, kills = tables.rows("faults"), tables.rows("kills")
    bucket, server = tables.rows("bucket"), tables.rows("faults of a server")
    if [(str(len(faults)),)] != tables.rows("faults in all") or len(kills) != WALKS:
        return
    if [(str(len(bucket)),)] != tables.rows("bucket in all"):
        return
    if [(str(len(server)),)] != tables.rows("faults of a server in all"):
        return
    workers = tables.rows("workers")
    if [(str(len(workers)),)] != tables.rows("workers in all"):
        return
    both: dict[tuple[str, ...], list[str]] = {}
    for name, where, said, code, feeds in faults:
        both.setdefault((name, URL.sub("PAGE", said), code, feeds), []).append(where)
    text = HEAD
    for (name, said, code, feeds), places in both.items():
        text += _row(name, ", ".join(places), _read(said), code, feeds)
    text += ON_A_SERVER + "".join(_row(name, _read(said), *rest) for name, _, said, *rest in server)
    text += BUCKET + "".join(_row(name, _read(said), code, feeds) for name, said, code, feeds in bucket)
    text += WORKERS + "".join(_row(name, _told(said), code, outcome) for name, said, code, outcome in workers)
    text += KILLS + "".join(dict.fromkeys(_row(name, EVERY[int(step)], "nothing") for name, step in kills))
    if not PLACE.exists() or PLACE.read_text(encoding="utf-8") != text:
        PLACE.write_text(text, encoding="utf-8")


def _read(said: str) -> str:
    return f"`` {said} ``" if said else "nothing: all is well"


def _told(said: str) -> str:
    """What a worker said; it says nothing of its end, and words that hang on the moment are described."""
    return f"`` {said} ``" if said.startswith("feedpub: ") else said or "nothing"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') or '–' for cell in cells)} |\n"
