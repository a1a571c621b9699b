"""Tables that tests fill as they run, whichever process each runs in; what becomes of them is in conftest."""

from __future__ import annotations

Row = tuple[str, ...]

TABLES: dict[str, dict[int, Row]] = {}  # name -> place of the row -> its cells


def add(table: str, place: int, *cells: str) -> None:
    TABLES.setdefault(table, {})[place] = cells


def merge(others: dict[str, dict[int, Row]]) -> None:
    for name, rows in others.items():
        TABLES.setdefault(name, {}).update(rows)


def rows(table: str) -> list[Row]:
    found = TABLES.get(table, {})
    return [tuple(found[place]) for place in sorted(found)]


def aligned(table: str) -> list[str]:
    """The table's lines: the first column to the left, numbers to the right."""
    found = rows(table)
    widths = [max(map(len, column)) for column in zip(*found, strict=True)]
    return ["  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) for row in found]
