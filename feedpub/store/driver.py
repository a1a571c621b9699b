"""psycopg as feedpub uses it: whether it is there, rows, texts, and what its errors say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from feedpub.errors import StoreError
from feedpub.store.database import Row

try:
    import psycopg
    from psycopg import errors
    from psycopg.conninfo import conninfo_to_dict
    from psycopg.pq import TransactionStatus
    from psycopg.types.numeric import IntLoader
    from psycopg.types.string import StrDumperUnknown
except ImportError as error:
    raise StoreError(
        f"the state is on a PostgreSQL server, and psycopg cannot be loaded: {str(error).partition(chr(10))[0]};"
        " `pip install 'feedpub[postgres]'` installs it"
    ) from error

__all__ = ["TransactionStatus", "adapt", "cells_of", "conninfo_to_dict", "errors", "psycopg", "said_by"]


class Cells:
    """A row of an answer. Its cells have the numbers and the names of the columns."""

    __slots__ = ("_cells", "_places")

    def __init__(self, cells: Sequence[Any], places: dict[str, int]) -> None:
        self._cells = tuple(cells)
        self._places = places

    def __getitem__(self, cell: int | str) -> Any:
        return self._cells[cell if isinstance(cell, int) else self._places[cell]]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._cells)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Cells) and (self._cells, self._places) == (other._cells, other._places)

    def __hash__(self) -> int:
        return hash(self._cells)

    def keys(self) -> Iterable[str]:
        return self._places


def cells_of(cursor: psycopg.Cursor[Any]) -> Callable[[Sequence[Any]], Row]:
    """Return what makes a row of cells. The result is asked for its names: ``description`` is dear, and has more."""
    answer = cursor.pgresult
    places = _places(*(answer.fname(number) or b"" for number in range(answer.nfields))) if answer else {}
    return lambda cells: Cells(cells, places)


@lru_cache(maxsize=256)
def _places(*names: bytes) -> dict[str, int]:
    """Return the number of each column by its name. The names of feedpub's columns are ASCII."""
    return {name.decode(): number for number, name in enumerate(names)}


class Text(StrDumperUnknown):
    """A text without the one character that PostgreSQL does not take. HTML reads it in the same way."""

    def dump(self, obj: str) -> Any:
        return super().dump(obj.replace("\0", "\ufffd"))


def adapt(connection: psycopg.Connection[Row]) -> None:
    """Let a connection take every text, and give whole numbers."""
    connection.adapters.register_dumper(str, Text)
    connection.adapters.register_loader("numeric", IntLoader)  # a sum of whole numbers


def said_by(error: psycopg.Error, secrets: Iterable[str]) -> str:
    """Return what the server or libpq says, on one line and without these secrets."""
    said = error.diag.message_primary or _first_words(str(error))
    for secret in secrets:
        said = said.replace(secret, "…")
    return said


def _first_words(text: str) -> str:
    """Return what libpq says, without its hints and without what it repeats for each address of a name."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    told = next((line for line in lines if "failed: " in line and not line.startswith("Multiple")), "")
    words = told or (lines[0] if lines else "the server gives no reason")
    words = re.sub(r"^(?:- host: |connection failed: |consuming input failed: |sending query failed: )+", "", words)
    return re.sub(r"^connection to server (?:at|on socket) (.*?) failed: (?:FATAL: +)?", r"\1: ", words)
