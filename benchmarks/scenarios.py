"""What is measured: the runs of a cron job's life, a backfill, several hosts, a large state, the writing alone."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import state
from benchmarks.measuring import HERE, Failed, Run, fresh, run
from benchmarks.site import Council
from benchmarks.variants import FEEDPUB, Variant, configured, feedpub
from tests.drupal.server import serve

ARTICLES = 2_000
FEW = 200
HOSTS, ON_EACH, LATENCY = 4, 200, 0.05  # hosts, articles on each, seconds that an answer takes
KEPT = 100_000  # items in a large state
Say = Callable[[str], None]


@dataclass
class Column:
    """Runs of one kind, by variant."""

    name: str
    runs: dict[str, list[Run]] = field(default_factory=dict)

    def add(self, variant: Variant, made: Run) -> None:
        self.runs.setdefault(variant.name, []).append(made)

    def ratios(self, one: str, other: str) -> list[float]:
        """CPU of one by that of the other, round by round."""
        return [a.cpu / b.cpu for a, b in zip(self.runs[one], self.runs[other], strict=False)]


def daily(variants: list[Variant], rounds: int, folder: Path, say: Say) -> list[Column]:
    """The first run, one that finds nothing new, one with a new article, one a day later: each variant in turn.

    The first round warms caches up and does not count.
    """
    columns = [
        Column("the first 20 items"), Column("nothing new"), Column("one new article"),
        Column("20 looked at again, one edited"),
    ]  # fmt: skip
    for n in range(rounds + 1):
        for variant in variants:
            site = Council(ARTICLES)
            place = fresh(folder / variant.name.replace(" ", "-"))
            with serve(site) as served:
                url = f"{served.url}/"
                variant.prepare(url, place)
                runs = [run(variant.command(url, place), [served], place, variant.tries)]
                time.sleep(variant.pause)
                runs.append(run(variant.command(url, place), [served], place, variant.tries))
                site.add()
                time.sleep(variant.pause)
                runs.append(run(variant.command(url, place), [served], place, variant.tries))
                site.edit(ARTICLES - 3)
                time.sleep(variant.pause)
                variant.age(place)
                runs.append(run(variant.command(url, place), [served], place, variant.tries))
            if n:
                for column, made in zip(columns, runs, strict=True):
                    column.add(variant, made)
        say(f"daily runs: round {n} of {rounds}")
    return columns


def backfill(variants: list[Variant], rounds: int, folder: Path, say: Say) -> list[Column]:
    """All articles of a site, by those that can walk it; of a small one and of a large one."""
    columns = []
    for count in (FEW, ARTICLES):
        column = Column(f"all of {count}")
        columns.append(column)
        site = Council(count)
        with serve(site) as served:
            url = f"{served.url}/"
            for n in range(rounds):
                for variant in variants:
                    if variant.walk is None:
                        continue
                    place = fresh(folder / f"{variant.name.replace(' ', '-')}-{count}")
                    variant.prepare(url, place)
                    column.add(variant, run(variant.walk(url, place, count), [served], place, variant.tries))
                    say(f"all of {count}: round {n + 1} of {rounds}, {variant.name}")
    return columns


def several_hosts(folder: Path, say: Say) -> dict[str, float]:
    """Seconds that one host takes to be read whole, and several, where every answer takes its time."""
    taken = {}
    for hosts in (1, HOSTS):
        place = fresh(folder / f"hosts-{hosts}")
        with ExitStack() as stack:
            served = [
                stack.enter_context(serve(Council(ON_EACH, latency=LATENCY), host=f"127.0.0.{n + 1}"))
                for n in range(hosts)
            ]
            configured([f"{s.url}/" for s in served], place)
            made = run(feedpub("backfill")("", place), served, place)
        taken[f"{hosts}"] = made.wall
        taken[f"{hosts} cpu"] = made.cpu
        say(f"{hosts} hosts of {ON_EACH} articles at {LATENCY * 1000:.0f} ms: {made.wall:.1f} s")
    return taken


def large_state(rounds: int, folder: Path, say: Say) -> dict[str, list[float]]:
    """Nothing new, with few items in the state and with many; the writing after one change, with both; the sizes."""
    found: dict[str, list[float]] = {}
    with serve(Council(FEW)) as served:
        places = {name: fresh(folder / f"state-{name}") for name in ("few", "many")}
        for name, place in places.items():
            FEEDPUB.prepare(f"{served.url}/", place)
            run(feedpub("backfill")("", place), [served], place)
            if name == "many":
                say(f"a state of {KEPT} items is made and written: a page and its twins for each")
                bytes_before = (place / "feedpub.db").stat().st_size
                state.grow(place, KEPT)
                run(feedpub("publish")("", place), [served], place)
                found["bytes an item"] = [((place / "feedpub.db").stat().st_size - bytes_before) / KEPT]
                found["bytes a file"] = [_published(place) / KEPT]
            run(FEEDPUB.command("", place), [served], place)
        for _ in range(rounds):
            for name, place in places.items():
                made = run(FEEDPUB.command("", place), [served], place)
                if made.requests != 1:
                    raise Failed(f"a run with nothing new in {place} has made {made.requests} requests")
                found.setdefault(f"quiet, {name}", []).append(made.cpu)
    for name, place in places.items():
        told = json.loads(
            subprocess.run(  # noqa: S603 - a command of ours
                [sys.executable, "-m", "benchmarks.emission", str(place), f"{rounds}"], cwd=HERE.parent, check=True,
                capture_output=True, text=True,
            ).stdout
        )  # fmt: skip
        found[f"written, {name}"] = told["seconds"]
        found[f"files, {name}"] = [told["files"]]
        say(f"writing after one change, {told['items']} items: {told['files']} files")
    return found


def _published(place: Path) -> int:
    return sum(f.stat().st_size for f in (place / "public").rglob("*") if f.is_file())
