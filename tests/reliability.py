"""docs/reliability.md: written by a whole run of the tests, of what they saw."""

from __future__ import annotations

import re
from pathlib import Path

from tests import tables

PLACE = Path(__file__).parent.parent / "docs" / "reliability.md"
WALKS = 5
HEAD = """\
# Reliability

What was seen when things broke. Every row is a test that made it happen for real (tests/test_faults.py, test_kill.py):
on sockets, on files, in processes, to a source that had been read and published and had a new article. This page is
written by `make test-all`, of what its tests saw; limits of time were shortened there, and are shown as they are.

In every row, checked by its test:

- **the published files were at all times whole, valid and no older than the last good ones**; "feeds" says which;
- **no known item, id or alias was lost**;
- **the next run healed without a hand**, once the fault was gone: exit 0, the new article in all feeds. (Where the site
  had asked for time, time was let go by. Where a person had to act, as with a newer state, the message says so.)

PAGE is the address of the listing or of the article.

| what happens | to | what the operator reads | exit | feeds |
|---|---|---|---|---|
"""
KILLS = """
## SIGKILL before every write

A run is killed before one of its writes, looked at, run again and looked at once more: the feeds are then, to the byte,
those of a run that was not killed. Writes are, of files: open, write, sync, rename, remove; of the state: each
statement that changes it, and each commit. A power cut between state and feeds is one of them.

| a run | killed before | anything lost, half-written or different |
|---|---|---|
"""
EVERY = {17: "every eighth or ninth of its writes", 31: "every thirty-first of its writes"}
URL = re.compile(r"https://rada\.example/(?:content/nova-novyna)?(?=[:; ]|$)")


def write() -> None:
    """Writes the page, where all of its tests have run and passed, and it says something else than before."""
    faults, kills = tables.rows("faults"), tables.rows("kills")
    if [(str(len(faults)),)] != tables.rows("faults in all") or len(kills) != WALKS:
        return
    both: dict[tuple[str, ...], list[str]] = {}
    for name, where, said, code, feeds in faults:
        both.setdefault((name, URL.sub("PAGE", said), code, feeds), []).append(where)
    text = HEAD
    for (name, said, code, feeds), places in both.items():
        read = f"`` {said} ``" if said else "nothing: all is well"
        text += _row(name, ", ".join(places), read, code, feeds)
    text += KILLS + "".join(dict.fromkeys(_row(name, EVERY[int(step)], "nothing") for name, step in kills))
    if not PLACE.exists() or PLACE.read_text(encoding="utf-8") != text:
        PLACE.write_text(text, encoding="utf-8")


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') or '–' for cell in cells)} |\n"
