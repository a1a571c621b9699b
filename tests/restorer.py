"""Kills `feedpub restore` at its fault points, one after the other, and lets runs follow.

A program of its own, as tests.walker is:

    python -m tests.restorer TEMPLATE FILE

TEMPLATE holds a config.toml, a state and feeds; FILE is an older backup of it. Prints a line of JSON: the number of
points, and what was wrong.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from feedpub.store import backup
from tests.walker import feeds, known, run


def tried(template: Path, file: Path, last: int | None) -> Iterator[str]:
    """Yield what is wrong after a restore that was killed at its last point, and two runs."""
    folder = template.parent / "tried"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(template, folder)
    state = folder / "feedpub.db"
    status, _ = run(folder, f"restore {file}", last)
    if last and not os.WIFSIGNALED(status):
        yield f"{last}: it was not killed, but ended with {status}"
    run(folder, "run", None)  # it may say that the state is older than the feeds, or was lost
    status, _ = run(folder, "run", None)
    if status:
        yield f"{last}: the second run ends with {status}"
    if feeds(folder) != feeds(template):
        yield f"{last}: the feeds are not as they were"
    if not known(template / "feedpub.db") <= known(state) or not backup.is_whole(state):
        yield f"{last}: an item or an address is lost"


def main(template: Path, file: Path) -> None:
    whole = template.parent / "whole"
    shutil.copytree(template, whole)
    _, points = run(whole, f"restore {file}", None)
    wrong = [one for last in (None, *range(1, points + 1)) for one in tried(template, file, last)]
    print(json.dumps({"points": points, "wrong": wrong}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
