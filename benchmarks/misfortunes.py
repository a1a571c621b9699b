"""Campaigns of random misfortunes: failing system calls, kills, flipped bits, lost power. Every one can be replayed.

    python -m benchmarks.misfortunes calls --count 100 --seed 1
    python -m benchmarks.misfortunes power --count 50 --seed 1
    python -m benchmarks.misfortunes bits --count 50 --seed 1

Each misfortune has a seed of its own, which is printed where something went wrong: `--count 1 --seed SEED` shows it
again. `calls` and `power` need strace and the right to trace. After a misfortune two runs follow. Then nothing may be
lost: every id, every alias, every word and every withdrawal is as in the state before or as after the command.
"""

from __future__ import annotations

import argparse
import json
import os
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
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from feedpub.publishing.check import check
from tests.council import CONFIG, LAYOUT
from tests.drupal.server import serve
from tests.drupal.site import Site

CALLS = (
    "openat", "read", "pread64", "write", "pwrite64", "fsync", "fdatasync", "rename,renameat,renameat2",
    "unlink,unlinkat", "ftruncate", "newfstatat,fstat", "lseek", "flock", "fcntl", "connect", "sendto", "recvfrom",
)  # fmt: skip
ERRORS = ("EIO", "ENOSPC", "EMFILE", "EACCES", "ENOMEM")
TRACED = "openat,write,pwrite64,ftruncate,fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat"
COMMANDS = ("run", "backfill", "publish", "withdraw", "migration")
FEEDPUB = (sys.executable, "-m", "feedpub")
OLD_VERSION = """
    DROP INDEX item_updated; ALTER TABLE item DROP COLUMN proof; ALTER TABLE address DROP COLUMN proof;
    ALTER TABLE source DROP COLUMN proof; PRAGMA user_version = 9;
"""


@dataclass
class Stage:
    """A council that was read and published and has news, and what is known of it."""

    template: Path
    victim: str

    def copy(self, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.template, folder)


def words_of(command: str, victim: str) -> list[str]:
    if command == "withdraw":
        return ["withdraw", victim, "--reason", "x"]
    return ["run" if command == "migration" else command]


def run(folder: Path, words: list[str], prefix: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  our own program
        [*prefix, *FEEDPUB, *words, "--config", str(folder / "config.toml")],
        capture_output=True, text=True, errors="replace", check=False, timeout=120,
    )  # fmt: skip


def known(folder: Path) -> set[tuple[str, str]]:
    with closing(sqlite3.connect(folder / "feedpub.db")) as db:
        return set(db.execute("SELECT key, item FROM address"))


def items(folder: Path) -> dict[str, tuple[str, str]]:
    listed = json.loads((folder / "public" / "zrazkiv" / "feed.json").read_bytes())["items"]
    return {item["id"]: (item["title"], item["content_html"]) for item in listed}


def set_stage(folder: Path, site: Site, url: str) -> Stage:
    folder.mkdir()
    (folder / "config.toml").write_text((CONFIG + LAYOUT).replace("{home}", f"{url}/"), encoding="utf-8")
    assert run(folder, ["run"]).returncode == 0
    newest = site.articles[-1]
    site.articles.append(
        replace(newest, number=301, alias="content/nova", title="Нова новина", utc=newest.utc + timedelta(minutes=5),
                body="<p>Сьогодні в громаді відкрито новий пункт видачі води.</p>")
    )  # fmt: skip
    return Stage(folder, sorted(items(folder))[2])


def make_old(folder: Path) -> None:
    """Make the state one of the version before."""
    with closing(sqlite3.connect(folder / "feedpub.db")) as db:
        db.executescript(OLD_VERSION)


# ------------------------------------------------------------ what is wrong afterwards


def problems_of_files(folder: Path) -> list[str]:
    files = [p for p in (folder / "public").rglob("[!.]*") if p.is_file() and p.suffix not in (".gz", ".br")]
    return [f"{p.name}: {problem}" for p in files for problem in check(p.read_bytes())]


def healed(stage: Stage, folder: Path, command: str, before: set[tuple[str, str]]) -> list[str]:
    """Let two runs follow, and return what is lost or different."""
    wrong = problems_of_files(folder)
    first, second = run(folder, ["run"]), run(folder, ["run"])
    wrong += [f"traceback: {ran.stderr[-300:]}" for ran in (first, second) if "Traceback" in ran.stderr]
    if second.returncode:
        wrong.append(f"the second run ends with {second.returncode}: {second.stderr[-300:]}")
        return wrong
    if not before <= known(folder):
        wrong.append(f"lost: {sorted(before - known(folder))[:3]}")
    wanted, shown = items(stage.template), items(folder)
    missing = {i for i in wanted if i not in shown and not (command == "withdraw" and i == stage.victim)}
    changed = {i for i in wanted.keys() & shown.keys() if wanted[i] != shown[i]}
    wrong += [f"{name}: {sorted(ids)[:3]}" for name, ids in (("missing", missing), ("changed", changed)) if ids]
    if not any("nova" in i or "301" in i for i in shown):
        wrong.append("the news is not out")
    return wrong + problems_of_files(folder)


# ------------------------------------------------------------ the misfortunes


def fail_a_call(stage: Stage, folder: Path, chance: random.Random) -> tuple[str, list[str]]:
    command, calls = chance.choice(COMMANDS), chance.choice(CALLS)
    if command == "migration":
        make_old(folder)
    before = known(folder)
    what = chance.choice((*(f"error={e}" for e in ERRORS), "signal=KILL"))
    when = f"{int(10 ** chance.uniform(0, 3.2))}{chance.choice(('', '', '+'))}"
    inject = f"inject={calls}:{what}:when={when}"
    prefix = ("strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={calls}", "-e", inject)
    ran = run(folder, words_of(command, stage.victim), prefix)
    wrong = []
    if "Traceback" in ran.stderr and "/feedpub/" in ran.stderr:
        wrong.append(f"traceback: {ran.stderr.strip().splitlines()[-1]}")
    if command == "withdraw" and ran.returncode == 0 and stage.victim in items(folder):
        wrong.append("withdrawn, and still there")
    return f"{command} {inject} -> {ran.returncode}", wrong + healed(stage, folder, command, before)


def flip_a_bit(stage: Stage, folder: Path, chance: random.Random) -> tuple[str, list[str]]:
    before = known(folder)
    path = folder / chance.choice(("feedpub.db", "feedpub.db", "feedpub.db.bak"))
    data = bytearray(path.read_bytes())
    at, bit = chance.randrange(len(data)), 1 << chance.randrange(8)
    data[at] ^= bit
    path.write_bytes(data)
    ran = run(folder, [chance.choice(("run", "publish"))])
    wrong = [f"traceback: {ran.stderr.strip().splitlines()[-1]}"] if "Traceback" in ran.stderr else []
    return f"{path.name} byte {at} bit {bit} -> {ran.returncode}", wrong + healed(stage, folder, "run", before)


CALL = re.compile(r"^\d+ +(?P<name>\w+)\((?P<args>.*)\) += (?P<result>-?\d+)(?:<(?P<file>[^>]*)>)?.*$")
FILE = re.compile(r"(?:AT_FDCWD|\d+)<([^>]*)>")
QUOTED = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


class Disk:
    """The files of a folder as the disk has them: what was not synced may be lost. Names are kept in order."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = {p: bytearray(p.read_bytes()) for p in folder.rglob("*") if p.is_file()}
        self.kept: dict[int, bytes] = {id(d): bytes(d) for d in self.data.values()}  # as it is on the disk for sure
        self.undone: dict[int, list[bytes]] = {}  # every state of a file since its last sync
        self.all = list(self.data.values())  # no id is given twice
        self.places: dict[Path, int] = {}

    def at(self, path: Path) -> bytearray:
        if path not in self.data:
            self.data[path] = bytearray()
            self.all.append(self.data[path])
            self.kept[id(self.data[path])] = b""
        return self.data[path]

    def write(self, path: Path, at: int, words: bytes) -> None:
        file = self.at(path)
        if len(file) < at:
            file.extend(bytes(at - len(file)))
        file[at : at + len(words)] = words
        self.undone.setdefault(id(file), []).append(bytes(file))

    def cut(self, path: Path, length: int) -> None:
        file = self.at(path)
        del file[length:]
        file.extend(bytes(length - len(file)))
        self.undone.setdefault(id(file), []).append(bytes(file))

    def sync(self, path: Path) -> None:
        if path in self.data:
            self.kept[id(self.data[path])] = bytes(self.data[path])
            self.undone.pop(id(self.data[path]), None)

    def lose_power(self, chance: random.Random) -> None:
        """Put the files as they may be after a loss of power: of each file, some write since its last sync was last."""
        shutil.rmtree(self.folder)
        for path, file in self.data.items():
            states = [self.kept[id(file)], *self.undone.get(id(file), ())]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(chance.choice(states))


def lose_power(stage: Stage, folder: Path, chance: random.Random) -> tuple[str, list[str]]:
    command = chance.choice(COMMANDS)
    if command == "migration":
        make_old(folder)
    before, disk = known(folder), Disk(folder)
    log = folder.parent / "calls"
    prefix = ("strace", "-f", "-y", "-xx", "-s", "100000000", "-o", str(log), "-e", f"trace={TRACED}")
    run(folder, words_of(command, stage.victim), prefix)
    calls = [match for line in log.read_text().splitlines() if (match := CALL.match(line)) and match["result"] != "-1"]
    ours = [match for match in calls if _hex(str(folder)) in match["args"] or str(folder) in match[0]]
    end = chance.randrange(len(ours) + 1)
    for match in ours[:end]:
        _replay(disk, match)
    disk.lose_power(chance)
    return f"{command} {end} of {len(ours)} calls", healed(stage, folder, command, before)


def _hex(words: str) -> str:
    return "".join(f"\\x{b:02x}" for b in words.encode())


def _text(quoted: str) -> bytes:
    return bytes.fromhex(quoted.replace("\\x", ""))


def _path(raw: str) -> Path:
    return Path(os.fsdecode(_text(raw)) if raw.startswith("\\x") else raw)


def _replay(disk: Disk, call: re.Match[str]) -> None:
    name, args = call["name"], call["args"]
    folders = [_path(f) for f in FILE.findall(args)]
    quoted = [_text(q) for q in QUOTED.findall(args)]
    if name == "openat":
        path = (folders[0] if folders else Path()) / os.fsdecode(quoted[0])
        if "O_CREAT" in args:
            disk.at(path)
        if "O_TRUNC" in args:
            disk.cut(path, 0)
        if "O_CREAT" in args or "O_TRUNC" in args:
            disk.places[path] = 0
    elif name == "pwrite64":
        disk.write(folders[0], int(args.rsplit(", ", 1)[1]), quoted[0])
    elif name == "write":
        at = disk.places.get(folders[0], 0)
        disk.write(folders[0], at, quoted[0])
        disk.places[folders[0]] = at + len(quoted[0])
    elif name == "ftruncate":
        disk.cut(folders[0], int(args.rsplit(", ", 1)[1]))
    elif name in ("fsync", "fdatasync"):
        disk.sync(folders[0])
    elif name.startswith("rename"):
        places = folders if len(folders) == len(quoted) else [Path(), Path()]
        old, new = (place / os.fsdecode(q) for place, q in zip(places, quoted, strict=True))
        if old in disk.data:
            disk.data[new] = disk.data.pop(old)
    elif name.startswith("unlink"):
        disk.data.pop((folders[0] if folders else Path()) / os.fsdecode(quoted[0]), None)


MISFORTUNES: dict[str, Callable[[Stage, Path, random.Random], tuple[str, list[str]]]] = {
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
    site, counted = Site(), Counter[str]()
    with tempfile.TemporaryDirectory(prefix="feedpub-misfortunes-") as made, serve(site, args.port) as served:
        stage = set_stage(Path(made) / "template", site, served.url)
        for seed in range(args.seed, args.seed + args.count):
            folder = Path(made) / "tried"
            stage.copy(folder)
            told, wrong = MISFORTUNES[args.kind](stage, folder, random.Random(seed))  # noqa: S311
            counted["wrong" if wrong else "well"] += 1
            if wrong or args.count == 1:
                print(f"seed {seed}: {told}: {wrong}", flush=True)
    print(f"{args.kind}, seeds {args.seed} to {args.seed + args.count - 1}: {dict(counted)}")


if __name__ == "__main__":
    main()
