"""Read the raw tables of config.toml by their keys, and collect every mistake with its line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from feedpub.config.checks import redacted
from feedpub.config.keys import REQUIRED, TABLES, Key

TYPE_NAMES = {
    bool: "true or false",
    str: "a string",
    int: "a whole number",
    float: "a number",
    list: "a list of strings",
    dict: "a table",
}
HEADER = re.compile(r"\s*\[\[?\s*([\w.-]+)\s*\]\]?")  # of a table
NAME = r"(?:[\w-]+|\"[\w-]+\"|'[\w-]+')"
ENTRY = re.compile(rf"\s*({NAME}(?:\s*\.\s*{NAME})*)\s*=")  # of a key, which may name its table: publish.to = …


class Reader:
    """The problems of one file.

    A ``place`` is a table by its path, with a number where there may be several: ``source.2.feed.1``. The whole
    file is "".
    """

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.lines = line_numbers(text)
        self.problems: list[str] = []

    def table(self, kind: str, place: str, raw: Any) -> dict[str, Any]:
        """Return a table's values by key, with defaults. A value that is missing or wrong is None.

        ``kind`` is the table's name in ``TABLES``.
        """
        keys = TABLES[kind]
        if not isinstance(raw, Mapping):
            if raw is not None:
                self.report(place, "", "must be a table")
            return dict.fromkeys(keys)
        misspelt = set()
        for name in sorted(raw.keys() - keys.keys()):
            meant = _meant(name, keys.keys() - raw.keys())
            self.report(place, name, f"is not known; did you mean {meant}?" if meant else "is not known")
            misspelt.add(meant)
        wanted = {name: key for name, key in keys.items() if name in raw or name not in misspelt}
        values = {name: self._value(place, name, key, raw.get(name)) for name, key in wanted.items()}
        return dict.fromkeys(keys) | values  # one that is misspelt is not missing as well

    def _value(self, place: str, name: str, key: Key, raw: Any) -> Any:
        if raw is None and key.default is REQUIRED:
            self.report(place, _as_header(name, key), "is missing")
            return None
        if raw is None:
            raw = key.default
        else:
            table = "source" if name == "source" else f"source.{name}"
            problem = _type_problem(key, raw, table) or (key.check and key.check(raw))
            if problem:
                self.report(place, name, problem)
                return None
        if raw is None or key.convert is None:
            return raw
        return key.convert(raw)

    def require_unique(self, ids: Iterable[str | None], place: str, other: str) -> None:
        """Report each id that an earlier table of the same kind has. ``other`` is what a message calls such a table."""
        earlier = set()
        for number, name in enumerate(ids, 1):
            if name and name in earlier:
                self.report(f"{place}.{number}", "id", f"{name!r} is taken by {other}")
            earlier.add(name)

    def report(self, place: str, name: str, problem: str) -> None:
        """Add a problem of a key, or of the whole table if ``name`` is ""."""
        self.problems.append(self.located(place, name, problem))

    def located(self, place: str, name: str, problem: str) -> str:
        """Return a problem with the closest line that is known."""
        subject = " ".join(filter(None, (_as_headers(place), name)))
        return f"{self.path}:{self.line_of(place, name)}: {subject} {problem}"

    def line_of(self, place: str, name: str) -> int:
        """Return the line of a key, else the closest one: of its table, or of the table around that."""
        around = ((f"{place}.{name}".strip("."), ""), *_around(place, name))
        return next(filter(None, map(self.lines.get, around)), 1)


@dataclass(frozen=True, slots=True)
class Written:
    """A table as its file has it, without what it has from elsewhere."""

    reader: Reader
    place: str
    raw: Mapping[str, Any]

    def line_of(self, name: str) -> int:
        return self.reader.line_of(self.place, name)

    def inner(self, name: str) -> Written:
        """Return a table of this one. One that the file has not is empty."""
        return Written(self.reader, f"{self.place}.{name}".strip("."), self.raw.get(name, {}))

    def several(self, name: str) -> list[Written]:
        """Return each of the tables that may be there several times."""
        place = f"{self.place}.{name}".strip(".")
        return [Written(self.reader, f"{place}.{n}", raw) for n, raw in enumerate(self.raw.get(name, ()), 1)]


def line_numbers(text: str) -> dict[tuple[str, str], int]:
    """Return the line of each table and key, counted from 1: (place, key) → line. A table has the key ""."""
    lines: dict[tuple[str, str], int] = {}
    place, sources, topics = "", 0, 0
    for number, line in enumerate(text.splitlines(), 1):
        if header := HEADER.match(line):
            name = header[1]
            if name == "source":
                sources += 1
                topics = 0
            elif name == "source.feed":
                topics += 1
            place = re.sub(r"^source\b", f"source.{sources}", name)
            place = place.replace(".feed", f".feed.{topics}")
            lines.setdefault((place, ""), number)
        elif entry := ENTRY.match(line):
            *tables, name = re.findall(r"[\w-]+", entry[1])
            lines.setdefault((".".join(filter(None, (place, *tables))), name), number)
    return lines


def _around(place: str, name: str) -> Iterator[tuple[str, str]]:
    """Yield the keys of ``line_numbers`` for a key and what is around it: a table may be written in one line."""
    yield place, name
    while place:
        yield place, ""
        place, _, name = place.rpartition(".")
        yield place, name


def _as_headers(place: str) -> str:
    """Return a place as the file writes it, with its number where there may be several: [[source]] 1 [source.terms]."""
    headers: list[str] = []
    path = ""
    for part in filter(None, place.split(".")):
        if part.isdigit():
            headers[-1] = f"[{headers[-1]}] {part}"
        else:
            path = f"{path}.{part}".strip(".")
            headers.append(f"[{path}]")
    return " ".join(headers)


def _as_header(name: str, key: Key) -> str:
    """Return how the file names a table, or a key as it is."""
    if key.is_of_tables:
        return f"[[{name}]]"
    return f"[{name}]" if name in TABLES else name


def _meant(name: str, keys: Iterable[str]) -> str | None:
    """Return the key that somebody meant who misspelt it; None: there is none like it."""
    import difflib  # only where a key is misspelt

    return next(iter(difflib.get_close_matches(name, sorted(keys), 1)), None)


def _type_problem(key: Key, raw: Any, table: str) -> str | None:
    types = key.type if isinstance(key.type, tuple) else (key.type,)
    if key.is_of_tables and isinstance(raw, dict):
        return f"must be written [[{table}]], with double brackets: there may be several"
    if _is_of_type(key, types, raw):
        return None
    names = " or ".join(TYPE_NAMES[t] for t in types)
    wanted = "a list of tables" if key.is_of_tables else names
    return f"must be {wanted}, not {redacted(raw)}"


def _is_of_type(key: Key, types: tuple[type, ...], raw: Any) -> bool:
    if isinstance(raw, bool):  # Python counts it as a whole number, TOML does not
        return bool in types
    if isinstance(raw, list):
        element = dict if key.is_of_tables else str
        return list in types and all(isinstance(value, element) for value in raw)
    return isinstance(raw, types)
