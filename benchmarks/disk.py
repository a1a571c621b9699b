"""The files of a folder as a disk has them: what was not synced may be lost, or there in another order.

A power loss is made of the system calls that strace has written down. Of each file, some write since its last sync was
the last. Of the names in a folder, either all are there in their order, as a journal with barriers keeps them. Or any
of those since the folder's last sync are there, and others are not: a rename before the data that it names, a later one
without an earlier one.
"""

from __future__ import annotations

import os
import random
import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

TRACED = "openat,write,pwrite64,ftruncate,fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat"
CALL = re.compile(r"^\d+ +(?P<name>\w+)\((?P<args>.*)\) += (?P<result>-?\d+)(?:<(?P<file>[^>]*)>)?.*$")
FILE = re.compile(r"(?:AT_FDCWD|\d+)<([^>]*)>")
QUOTED = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


@dataclass(eq=False)
class Inode:
    """A file's bytes, whatever its names are."""

    data: bytearray
    kept: bytes  # as it is on the disk for sure
    undone: list[bytes] = field(default_factory=list)  # every state of it since its last sync


Change = dict[Path, Inode | None]  # the names that a call gives and takes away at once


class Disk:
    """The files of a folder, and what a power loss may leave of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names = {p: Inode(bytearray(p.read_bytes()), p.read_bytes()) for p in folder.rglob("*") if p.is_file()}
        self.kept = dict(self.names)  # the names as they are on the disk for sure
        self.undone: list[Change] = []  # the changes of names since then
        self.places: dict[Path, int] = {}

    def inode(self, path: Path) -> Inode:
        if path not in self.names:
            self._name({path: Inode(bytearray(), b"")})
        return self.names[path]

    def _name(self, change: Change) -> None:
        self.undone.append(change)
        _apply(self.names, change)

    def write(self, path: Path, at: int, words: bytes) -> None:
        file = self.inode(path)
        if len(file.data) < at:
            file.data.extend(bytes(at - len(file.data)))
        file.data[at : at + len(words)] = words
        file.undone.append(bytes(file.data))

    def cut(self, path: Path, length: int) -> None:
        file = self.inode(path)
        del file.data[length:]
        file.data.extend(bytes(length - len(file.data)))
        file.undone.append(bytes(file.data))

    def sync(self, path: Path) -> None:
        """Sync a file, or the names in a folder."""
        if file := self.names.get(path):
            file.kept = bytes(file.data)
            file.undone.clear()
            return
        for change in [c for c in self.undone if any(p.parent == path for p in c)]:
            self.undone.remove(change)
            _apply(self.kept, change)

    def lose_power(self, chance: random.Random, *, is_ordered: bool) -> None:
        """Put the files as they may be after a loss of power."""
        shutil.rmtree(self.folder)
        for path, file in self._names_left(chance, is_ordered=is_ordered).items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(chance.choice([file.kept, *file.undone]))

    def _names_left(self, chance: random.Random, *, is_ordered: bool) -> dict[Path, Inode]:
        if is_ordered:
            return self.names
        names, share = dict(self.kept), chance.random()
        for change in self.undone:
            if chance.random() < share:
                _apply(names, change)
        return names

    # ------------------------------------------------------------ from the log of strace

    def replay(self, calls: Iterable[re.Match[str]]) -> None:
        for call in calls:
            self._replay(call)

    def _replay(self, call: re.Match[str]) -> None:
        name, args = call["name"], call["args"]
        folders = [_path(f) for f in FILE.findall(args)]
        quoted = [_text(q) for q in QUOTED.findall(args)]
        if name == "openat":
            self._open((folders[0] if folders else Path()) / os.fsdecode(quoted[0]), args)
        elif name == "pwrite64":
            self.write(folders[0], int(args.rsplit(", ", 1)[1]), quoted[0])
        elif name == "write":
            at = self.places.get(folders[0], 0)
            self.write(folders[0], at, quoted[0])
            self.places[folders[0]] = at + len(quoted[0])
        elif name == "ftruncate":
            self.cut(folders[0], int(args.rsplit(", ", 1)[1]))
        elif name in ("fsync", "fdatasync"):
            self.sync(folders[0])
        elif name.startswith("rename"):
            places = folders if len(folders) == len(quoted) else [Path(), Path()]
            old, new = (place / os.fsdecode(q) for place, q in zip(places, quoted, strict=True))
            if old in self.names:
                self._name({old: None, new: self.names[old]})
        elif name.startswith("unlink"):
            self._name({(folders[0] if folders else Path()) / os.fsdecode(quoted[0]): None})

    def _open(self, path: Path, args: str) -> None:
        if "O_CREAT" in args:
            self.inode(path)
        if "O_TRUNC" in args:
            self.cut(path, 0)
        if "O_CREAT" in args or "O_TRUNC" in args:
            self.places[path] = 0


def calls_in(log: str, folder: Path) -> list[re.Match[str]]:
    """Return the calls that went well, on the files in a folder."""
    calls = [call for line in log.splitlines() if (call := CALL.match(line)) and call["result"] != "-1"]
    return [call for call in calls if _hex(str(folder)) in call["args"] or str(folder) in call[0]]


def _apply(names: dict[Path, Inode], change: Change) -> None:
    for path, file in change.items():
        if file:
            names[path] = file
        else:
            names.pop(path, None)


def _hex(words: str) -> str:
    return "".join(f"\\x{b:02x}" for b in words.encode())


def _text(quoted: str) -> bytes:
    return bytes.fromhex(quoted.replace("\\x", ""))


def _path(raw: str) -> Path:
    return Path(os.fsdecode(_text(raw)) if raw.startswith("\\x") else raw)
