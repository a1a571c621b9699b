"""`make bench-scale`: measures one process for many councils, on a farm of sites, and writes docs/scale.md."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks import country
from benchmarks.measuring import HERE, Failed, machine

DOCUMENT = HERE.parent / "docs" / "scale.md"
COUNCILS, TENTH, DEAD, FIRST = 1470, 147, 50, 100
LATENCY = 0.1  # seconds
PORT = 8570


@dataclass(frozen=True, slots=True)
class Taken:
    """What a run took."""

    name: str
    aim: str
    cpu: float  # seconds
    wall: float  # seconds
    peak: float  # MB
    threads: int
    files: int
    lines: int  # on standard output
    asked: dict[str, float]  # by the farm's log

    @property
    def row(self) -> str:
        of_run = f"{self.cpu:.1f} s | {self.wall:.1f} s | {self.peak:.0f} MB | {self.threads} | {self.files}"
        return f"| {self.name} | {of_run} | {self.asked['requests']:.0f} | {self.aim} |"


class Farm:
    """The sites, in a process of their own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def tell(self, words: str) -> dict[str, float]:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{words}\n")
        self.process.stdin.flush()
        answer: dict[str, float] = json.loads(self.process.stdout.readline())
        return answer


@contextmanager
def farm(count: int, port: int = PORT) -> Iterator[Farm]:
    with subprocess.Popen(  # noqa: S603 - a command of ours
        [sys.executable, "-m", "benchmarks.farm", "--sites", f"{count}", "--port", f"{port}"], cwd=HERE.parent,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdin
        assert process.stdout
        process.stdout.readline()
        yield Farm(process)
        process.stdin.close()


def measure(name: str, aim: str, folder: Path, sites: Farm, *words: str) -> Taken:
    """Run feedpub, and look at its threads and open files ten times a second."""
    sites.tell("log")
    command = [sys.executable, "-m", "feedpub", "--config", str(folder / "config.toml"), *words]
    began = time.monotonic()
    with (folder / "out").open("w+") as out, (folder / "err").open("w+") as err:
        process = subprocess.Popen(command, cwd=HERE.parent, stdout=out, stderr=err)  # noqa: S603
        most = [0, 0]
        thread = threading.Thread(target=_watch, args=(process.pid, most), daemon=True)
        thread.start()
        _, status, used = os.wait4(process.pid, 0)
        wall = time.monotonic() - began
        out.seek(0)
        err.seek(0)
        lines, said = len(out.readlines()), err.read()
    if os.waitstatus_to_exitcode(status) not in (0, 1) or "failed the check" in said:
        raise Failed(f"{name} ends with {status}: {said[:1000]}")
    cpu = used.ru_utime + used.ru_stime
    taken = Taken(name, aim, cpu, wall, used.ru_maxrss / 1000, most[0], most[1], lines, sites.tell("log"))
    print(taken.row, file=sys.stderr, flush=True)
    return taken


def _watch(process: int, most: list[int]) -> None:
    with suppress(OSError):
        while True:
            for place, kind in enumerate(("task", "fd")):
                most[place] = max(most[place], len(list(Path(f"/proc/{process}/{kind}").iterdir())))
            time.sleep(0.1)


def measure_all(folder: Path, count: int) -> list[Taken]:
    one, many, first = folder / "one", folder / "many", folder / "first"
    with farm(count) as sites:
        country.configure(one, range(1), PORT)
        measure("one council, first look", "", one, sites, "run")
        country.multiply(one, many, count, PORT, changing=TENTH)
        measure("(the page of all councils)", "", many, sites, "run")
        rows = [
            measure(
                f"{count} councils, nothing new", "≤ 4 s CPU, ≤ 100 MB, ≤ 80 threads, ≤ 200 files", many, sites, "run"
            )
        ]
        sites.tell(f"latency {LATENCY}")
        rows.append(measure(f"the same at {LATENCY * 1000:.0f} ms an answer", "≤ 10 s wall", many, sites, "run"))
        sites.tell("latency 0")
        sites.tell(f"new {TENTH}")
        rows.append(measure(f"one new item in {TENTH} of them", "≤ 15 s CPU, ≤ 150 MB", many, sites, "run"))
        rows.append(measure(f"`status` of {count}", "≤ 1 s, ≤ 40 lines", many, sites, "status"))
        country.configure(first, range(count - FIRST, count), PORT, delay=1.0)
        rows.append(measure(f"first look at {FIRST}, delay 1 s", "≤ 60 s wall, ≤ 80 s CPU", first, sites, "run"))
        sites.tell(f"latency {LATENCY}")
        sites.tell(f"dead {DEAD}")
        rows.append(
            measure(
                f"nothing new, {DEAD} hosts dead, {LATENCY * 1000:.0f} ms", "others ≤ 10 s later", many, sites, "run"
            )
        )
    return rows


def document(rows: Sequence[Taken], folder: Path, count: int) -> str:
    quiet, slow, new, status, first, dead = rows
    state = (folder / "many" / "feedpub.db").stat().st_size / count
    public = sum(f.stat().st_size for f in (folder / "one" / "public").rglob("*") if f.is_file())
    ask, update, look = quiet.cpu / count, (new.cpu - quiet.cpu) / TENTH, first.cpu / FIRST
    asks, items, sources, readers = 24, 5, 100_000, 10_000_000
    looks, updates = sources * asks, sources * items
    of_first = f"{first.asked['requests'] / FIRST:.0f} requests, {first.asked['bytes'] / FIRST / 1000:,.0f} kB"
    table = "\n".join(row.row for row in rows)
    return f"""# Many councils

Made by `make bench-scale` on {machine()}. The sites are on loopback, each at an address of its own, with 20 items and
pages of 100 kB. Threads and files are the most that were seen.

| run | CPU | wall | memory | threads | files | requests | aim |
|---|---|---|---|---|---|---|---|
{table}

`status` printed {status.lines} lines. With {DEAD} hosts dead, the others were done {dead.asked["seconds"]:.1f} s after
the first request; without them it took {slow.asked["seconds"]:.1f} s.

## For each source

| | |
|---|---|
| a look that finds nothing new | 1 request, no body, {ask * 1000:.1f} ms of CPU |
| a look that finds an item | 2 requests, {new.asked["bytes"] / TENTH / 1000:,.0f} kB, {update * 1000:.0f} ms of CPU |
| the first look, learning included | {of_first}, {look:.2f} s of CPU |
| the state | {state / 1000:.0f} kB |
| published files, with compressed twins | {public / 1000:,.0f} kB |

## What breaks first

One process works on one core, however many hosts it waits for. A core makes {86_400 / update:,.0f} updates a day. That
is enough for {86_400 / (update * items + ask * asks):,.0f} sources with {items} items and {asks} looks a day. Before
that, the first looks at many new sources take long. After that, the copy of the state does: it is copied once a day.

## The arithmetic for 100,000 sources and ten million readers

| | a day |
|---|---|
| looks, {asks} for each source | {looks:,} requests, {looks / 86_400:.0f} a second, {looks * ask / 3600:.1f} hours of CPU |
| updates, {items} for each source | {updates:,}, {updates * update / 3600:.0f} hours of CPU |
| the state | {sources * state / 1e9:.0f} GB |
| published files | {sources * public / 1e9:,.0f} GB |
| readers that ask once an hour, mostly for nothing new | {readers * 24 / 86_400:,.0f} requests a second, some 300 bytes each |
| readers that take each change, 15 kB compressed | {readers * items * 15_000 / 1e9:,.0f} GB |

The published files are plain files. Readers are the work of web servers and caches, and cost feedpub nothing.
"""  # noqa: E501 - rows of a table


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("--sites", type=int, default=COUNCILS, metavar="N", help=f"default: {COUNCILS}")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="feedpub-scale-") as made:
        rows = measure_all(Path(made), args.sites)
        text = document(rows, Path(made), args.sites)
    if args.sites == COUNCILS:
        DOCUMENT.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
