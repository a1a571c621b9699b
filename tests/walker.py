"""Kills runs at their fault points, one after the other: before every write to the disk, and after the last.

A program of its own, for it forks, and a process with threads should not:

    python -m tests.walker FOLDER COMMAND STEP OFFSET

FOLDER holds a config.toml, a state and feeds. For each STEP-th fault point
from OFFSET on a copy of it is run and killed there, looked at, run again and
looked at once more. Prints a line of JSON: the number of points, how many were
tried, and what was wrong.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from feedpub import cli
from feedpub.collecting import normalize, scrape  # noqa: F401 - loaded once, before the forks
from feedpub.collecting.dedupe import likeness  # noqa: F401
from feedpub.publishing import check
from feedpub.publishing.folder import TWINS
from tests.made import FORMATS

ENDINGS = tuple(t.ending for t in TWINS)
CALLS = ("open", "rename", "replace", "unlink", "remove", "mkdir", "fsync", "ftruncate", "pwrite")
WRITES = ("BEGIN", "COMMIT", "INSERT", "UPDATE", "DELETE", "SAVEPOINT", "RELEASE", "VACUUM")


class Points:
    """Counts the fault points of this process, and kills it at one of them."""

    def __init__(self, last: int | None) -> None:
        self.last = last
        self.passed = 0

    def __call__(self) -> None:
        self.passed += 1
        if self.passed == self.last:
            os.kill(os.getpid(), signal.SIGKILL)

    def before(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **kwargs: Any) -> Any:
            self()
            return call(*args, **kwargs)

        return counted


def watched(points: Points) -> None:
    """From now on this process passes a fault point before each of its writes."""
    for name in CALLS:
        setattr(os, name, points.before(getattr(os, name)))

    class Connection(sqlite3.Connection):
        def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
            if sql.lstrip().startswith(WRITES):
                points()
            return super().execute(sql, *values)

        def executescript(self, script: str) -> sqlite3.Cursor:
            points()
            return super().executescript(script)

        def backup(self, *args: Any, **kwargs: Any) -> None:
            points()
            return super().backup(*args, **kwargs)

    connect = sqlite3.connect
    sqlite3.connect = lambda *args, **kwargs: connect(*args, **{"factory": Connection} | kwargs)


def run(folder: Path, command: str, last: int | None) -> tuple[int, int]:
    """The command in a process of its own, killed at its last fault point; its status, and how many it passed."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        points = Points(last)
        watched(points)
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        code = cli.main([*command.split(), "--config", str(folder / "config.toml")])
        os.write(writing, str(points.passed).encode())
        os._exit(code)
    os.close(writing)
    _, status = os.waitpid(child, 0)
    passed = os.read(reading, 100)
    os.close(reading)
    return status, int(passed or 0)


def feeds(folder: Path) -> dict[str, bytes]:
    found = folder / "public"
    return {p.relative_to(found).as_posix(): p.read_bytes() for p in sorted(found.rglob("[!.]*")) if p.is_file()}


def known(state: Path) -> set[tuple[str, str]]:
    """Every address of every item."""
    if not state.exists():
        return set()
    with closing(sqlite3.connect(state)) as db:
        return {(key, item) for key, item in db.execute("SELECT key, item FROM address")}


def wrong(folder: Path, before: dict[str, bytes], items: set[tuple[str, str]], *, is_healed: bool) -> Iterator[str]:
    now = feeds(folder)
    if missing := before.keys() - now.keys():
        yield f"{sorted(missing)} are gone"
    for name in now:
        if not name.endswith(ENDINGS) and (problems := check.check(now[name])):
            yield f"{name}: {problems[0]}"
    if is_healed:
        yield from (f"{form.name} is not there" for form in FORMATS if f"zrazkiv/{form.name}" not in now)
        yield from (f"{name}: {problem}" for name, problem in check.together(now))
        if not items <= known(folder / "feedpub.db"):
            yield "an item or an address is lost"
        if left := [str(p) for p in folder.rglob("*.new")]:
            yield f"{left} are left over"


def tried(template: Path, command: str, last: int, expected: dict[str, bytes]) -> tuple[bool, list[str]]:
    """Whether the run was killed, and what was wrong then and after the next run."""
    folder = template.parent / "tried"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(template, folder)
    before, items = feeds(folder), known(folder / "feedpub.db.bak")
    status, _ = run(folder, command, last)
    is_killed = os.WIFSIGNALED(status)
    found = [f"killed at {last}: {w}" for w in wrong(folder, before, items, is_healed=False)]
    status, _ = run(folder, command, None)
    if os.waitstatus_to_exitcode(status) == 1:  # it has told of a state that was broken
        status, _ = run(folder, command, None)
    if os.waitstatus_to_exitcode(status):
        found.append(f"killed at {last}: the run after it ends with {status}")
    found += [f"healed after {last}: {w}" for w in wrong(folder, before, items, is_healed=True)]
    if feeds(folder) != expected:
        other = [name for name, data in feeds(folder).items() if expected.get(name) != data]
        found.append(f"healed after {last}: not as after a run that was not killed: {other}")
    return is_killed, found


def main(template: Path, command: str, step: int, offset: int) -> None:
    whole = template.parent / "whole"
    shutil.copytree(template, whole)
    _, points = run(whole, command, None)
    expected = feeds(whole)
    found: list[str] = []
    kills = 0
    for last in range(1 + offset, points + 1, step):
        is_killed, problems = tried(template, command, last, expected)
        kills += is_killed
        found += problems
    print(json.dumps({"points": points, "kills": kills, "wrong": found}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
