"""Campaigns of random misfortunes: failing system calls, kills, flipped bits, lost power. Every one can be replayed.

    python -m benchmarks.misfortunes calls --count 100 --seed 1
    python -m benchmarks.misfortunes power --count 50 --seed 1
    python -m benchmarks.misfortunes bits --count 50 --seed 1

Each misfortune has a seed of its own, which is printed where something went wrong: `--count 1 --seed SEED` shows it
again. `calls` and `power` need strace and the right to trace. After a misfortune two runs follow. Then nothing may be
lost: every id, every alias, every word and every withdrawal is as in the state before or as after the command.

`calls` counts the calls of each command once, and then chooses among those that are made. strace says which of the
faults struck. Three of four commands begin in an interpreter that has its modules already: see ``warm``.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from pathlib import Path

from benchmarks.disk import TRACED, Disk, calls_in
from benchmarks.warm import Warm
from feedpub.publishing.check import check
from tests.council import CONFIG, LAYOUT
from tests.drupal.server import serve
from tests.drupal.site import Site

CALLS = (
    "openat", "read", "pread64", "write", "pwrite64", "fsync", "fdatasync", "rename,renameat,renameat2",
    "unlink,unlinkat", "ftruncate", "newfstatat,fstat", "lseek", "flock", "fcntl", "connect", "sendto", "recvfrom",
)  # fmt: skip
ERRORS = ("EIO", "ENOSPC", "EMFILE", "EACCES", "ENOMEM")
COMMANDS = ("run", "backfill", "publish", "withdraw", "migration")
FEEDPUB = (sys.executable, "-m", "feedpub")
STRUCK = re.compile(r"\(INJECTED\)|killed by SIGKILL")
NAME_OF_CALL = re.compile(r"^\d+ +(\w+)\(", re.MULTILINE)
OLD_VERSION = """
    DROP TABLE script;
    DROP INDEX item_updated; ALTER TABLE item DROP COLUMN proof; ALTER TABLE address DROP COLUMN proof;
    ALTER TABLE source DROP COLUMN proof; ALTER TABLE tally DROP COLUMN categories;
    ALTER TABLE source DROP COLUMN asked; ALTER TABLE source DROP COLUMN due; DROP TABLE object; DROP TABLE request;
    DROP TABLE thumbnail; DROP TABLE watch; DROP TABLE message; DROP TABLE look; DROP TABLE edit;
    ALTER TABLE source DROP COLUMN retired; ALTER TABLE source DROP COLUMN formerly;
    ALTER TABLE source DROP COLUMN redating;
    PRAGMA user_version = 9;
"""
Calls = Counter[str]  # how often a command makes each call


@dataclass
class Stage:
    """A council that was read and published and has news, and what is known of it."""

    template: Path
    victim: str
    warm: Warm
    counts: dict[tuple[str, bool], Calls] = field(default_factory=dict)

    def copy(self, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.template, folder)

    def run(
        self, folder: Path, words: list[str], tracer: tuple[str, ...] = (), *, is_warm: bool = True
    ) -> subprocess.CompletedProcess[str]:
        words = [*words, "--config", str(folder / "config.toml")]
        if is_warm:
            return self.warm.run(words, folder, tracer)
        return subprocess.run(  # noqa: S603  our own program
            [*tracer, *FEEDPUB, *words], capture_output=True, text=True, errors="replace", check=False, timeout=120
        )

    def calls(self, command: str, folder: Path, *, is_warm: bool) -> Calls:
        """Return how often a command makes each call when nothing fails."""
        if (command, is_warm) not in self.counts:
            log = folder.parent / "counted"
            tracer = ("strace", "-f", "-qq", "-o", str(log), "-e", f"trace={','.join(CALLS)}")
            prepare(command, folder)
            self.run(folder, words_of(command, self.victim), tracer, is_warm=is_warm)
            self.copy(folder)
            self.counts[command, is_warm] = Counter(NAME_OF_CALL.findall(log.read_text()))
        return self.counts[command, is_warm]


@dataclass(frozen=True)
class State:
    """What must not be lost."""

    addresses: set[tuple[str, str]]
    articles: dict[str, tuple[object, ...]]
    gone: set[str]

    @classmethod
    def of(cls, folder: Path) -> State:
        with closing(sqlite3.connect(folder / "feedpub.db")) as db:
            return cls(
                set(db.execute("SELECT key, item FROM address")),
                {r[0]: r for r in db.execute("SELECT id, title, published, url, text FROM item WHERE gone IS NULL")},
                {r[0] for r in db.execute("SELECT id FROM item WHERE gone IS NOT NULL")},
            )


@dataclass(frozen=True)
class Tried:
    """A command that met a misfortune."""

    command: str
    before: State
    is_done: bool = False  # it said that all went well


@dataclass
class Outcome:
    told: str
    wrong: list[str]
    counted: list[str] = field(default_factory=list)


def words_of(command: str, victim: str) -> list[str]:
    if command == "withdraw":
        return ["withdraw", victim, "--reason", "x"]
    return ["run" if command == "migration" else command]


def items(folder: Path) -> dict[str, tuple[str, str]]:
    listed = json.loads((folder / "public" / "zrazkiv" / "feed.json").read_bytes())["items"]
    return {item["id"]: (item["title"], item["content_html"]) for item in listed}


def set_stage(folder: Path, site: Site, url: str, warm: Warm) -> Stage:
    folder.mkdir()
    (folder / "config.toml").write_text((CONFIG + LAYOUT).replace("{home}", f"{url}/"), encoding="utf-8")
    assert warm.run(["run", "--config", str(folder / "config.toml")], folder).returncode == 0
    newest = site.articles[-1]
    site.articles.append(
        replace(newest, number=301, alias="content/nova", title="Нова новина", utc=newest.utc + timedelta(minutes=5),
                body="<p>Сьогодні в громаді відкрито новий пункт видачі води.</p>")
    )  # fmt: skip
    return Stage(folder, sorted(items(folder))[2], warm)


def prepare(command: str, folder: Path) -> None:
    """Make the state one of the version before, for a migration."""
    if command == "migration":
        with closing(sqlite3.connect(folder / "feedpub.db")) as db:
            db.executescript(OLD_VERSION)


# ------------------------------------------------------------ what is wrong afterwards


def problems_of_files(folder: Path) -> list[str]:
    files = [p for p in (folder / "public").rglob("[!.]*") if p.is_file() and p.suffix not in (".gz", ".br")]
    return [f"{p.name}: {problem}" for p in files for problem in problems_of(p.read_bytes())]


@cache
def problems_of(data: bytes) -> tuple[str, ...]:
    return tuple(map(str, check(data)))


def healed(stage: Stage, folder: Path, tried: Tried) -> list[str]:
    """Let two runs follow, and return what is lost or different."""
    wrong = problems_of_files(folder)
    first, second = stage.run(folder, ["run"]), stage.run(folder, ["run"])
    wrong += [f"traceback: {ran.stderr[-300:]}" for ran in (first, second) if "Traceback" in ran.stderr]
    if second.returncode:
        wrong.append(f"the second run ends with {second.returncode}: {second.stderr[-300:]}")
        return wrong
    wrong += [f"{what}: {sorted(ids)[:3]}" for what, ids in _differences(stage, folder, tried).items() if ids]
    return wrong + problems_of_files(folder)


def _differences(stage: Stage, folder: Path, tried: Tried) -> dict[str, set[str]]:
    before, now = tried.before, State.of(folder)
    wanted, shown = items(stage.template), items(folder)
    may_go = {stage.victim} if tried.command == "withdraw" else set()
    must_go = may_go if tried.is_done else set()
    news = {i for i in shown if "nova" in i or "301" in i}
    return {
        "addresses lost": {key for key, _ in before.addresses - now.addresses},
        "articles lost": before.articles.keys() - now.articles.keys() - may_go,
        "articles changed": {i for i in before.articles.keys() & now.articles if before.articles[i] != now.articles[i]},
        "withdrawals lost": (before.gone | must_go) - now.gone,
        "withdrawn and shown": now.gone & shown.keys(),
        "not in the feed": wanted.keys() - shown.keys() - (may_go & now.gone),
        "changed in the feed": {i for i in wanted.keys() & shown if wanted[i] != shown[i]},
        "not out": set() if news else {"the news"},
    }


# ------------------------------------------------------------ the misfortunes


def fail_a_call(stage: Stage, folder: Path, chance: random.Random) -> Outcome:
    command, is_warm = chance.choice(COMMANDS), chance.random() < 0.75
    counts = stage.calls(command, folder, is_warm=is_warm)
    calls = chance.choice([names for names in CALLS if any(counts[name] for name in names.split(","))])
    what = chance.choice((*(f"error={e}" for e in ERRORS), "signal=KILL"))
    when = 1 + int(chance.random() * max(counts[name] for name in calls.split(",")))
    inject = f"inject={calls}:{what}:when={when}{chance.choice(('', '', '+'))}"
    log = folder.parent / "calls"
    tracer = ("strace", "-f", "-qq", "-o", str(log), "-e", f"trace={calls}", "-e", inject)
    prepare(command, folder)
    before = State.of(folder)
    ran = stage.run(folder, words_of(command, stage.victim), tracer, is_warm=is_warm)
    is_struck = bool(STRUCK.search(log.read_text()))
    wrong = []
    if "Traceback" in ran.stderr and "/feedpub/" in ran.stderr:
        wrong.append(f"traceback: {ran.stderr.strip().splitlines()[-1]}")
    if command == "withdraw" and ran.returncode == 0 and stage.victim in items(folder):
        wrong.append("withdrawn, and still there")
    wrong += healed(stage, folder, Tried(command, before, is_done=ran.returncode == 0))
    told = f"{command}{'' if is_warm else ', cold'}, {inject} -> {ran.returncode}"
    return Outcome(told, wrong, ["struck", f"struck {command}"] if is_struck else ["not struck"])


def flip_a_bit(stage: Stage, folder: Path, chance: random.Random) -> Outcome:
    before = State.of(folder)
    path = folder / chance.choice(("feedpub.db", "feedpub.db", "feedpub.db.bak"))
    data = bytearray(path.read_bytes())
    at, bit = chance.randrange(len(data)), 1 << chance.randrange(8)
    data[at] ^= bit
    path.write_bytes(data)
    ran = stage.run(folder, [chance.choice(("run", "publish"))])
    wrong = [f"traceback: {ran.stderr.strip().splitlines()[-1]}"] if "Traceback" in ran.stderr else []
    wrong += healed(stage, folder, Tried("run", before))
    return Outcome(f"{path.name} byte {at} bit {bit} -> {ran.returncode}", wrong)


def lose_power(stage: Stage, folder: Path, chance: random.Random) -> Outcome:
    command, is_ordered = chance.choice(COMMANDS), chance.random() < 0.5
    prepare(command, folder)
    before, disk = State.of(folder), Disk(folder)
    log = folder.parent / "calls"
    tracer = ("strace", "-f", "-y", "-xx", "-s", "100000000", "-o", str(log), "-e", f"trace={TRACED}")
    ran = stage.run(folder, words_of(command, stage.victim), tracer)
    calls = calls_in(log.read_text(), folder)
    end = chance.randrange(len(calls) + 1)
    disk.replay(calls[:end])
    disk.lose_power(chance, is_ordered=is_ordered)
    is_done = end == len(calls) and ran.returncode == 0
    told = f"{command} {end} of {len(calls)} calls, names {'in order' if is_ordered else 'in any order'}"
    return Outcome(told, healed(stage, folder, Tried(command, before, is_done)), [command, told.rsplit(", ", 1)[1]])


MISFORTUNES: dict[str, Callable[[Stage, Path, random.Random], Outcome]] = {
    "calls": fail_a_call,
    "bits": flip_a_bit,
    "power": lose_power,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.misfortunes", description=__doc__)
    parser.add_argument("kind", choices=MISFORTUNES)
    parser.add_argument("--count", type=int, default=100, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of the first; the others have the next ones")
    parser.add_argument("--port", type=int, default=0, metavar="N", help="for the site; default: any")
    args = parser.parse_args()
    site, counted, warm = Site(), Counter[str](), Warm()
    with (
        tempfile.TemporaryDirectory(prefix="feedpub-misfortunes-") as made,
        serve(site, args.port) as served,
        closing(warm),
    ):
        stage = set_stage(Path(made) / "template", site, served.url, warm)
        for seed in range(args.seed, args.seed + args.count):
            folder = Path(made) / "tried"
            stage.copy(folder)
            outcome = MISFORTUNES[args.kind](stage, folder, random.Random(seed))  # noqa: S311
            counted.update(["wrong" if outcome.wrong else "well", *outcome.counted])
            if outcome.wrong or args.count == 1:
                print(f"seed {seed}: {outcome.told}: {outcome.wrong}", flush=True)
    print(f"{args.kind}, seeds {args.seed} to {args.seed + args.count - 1}: {dict(sorted(counted.items()))}")


if __name__ == "__main__":
    main()
