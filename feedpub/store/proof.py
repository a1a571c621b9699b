"""A proof for each item and address: a fingerprint of its cells, kept beside them. A flipped bit breaks it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from hashlib import blake2b
from typing import Any, ParamSpec, TypeVar

from feedpub.errors import Damaged
from feedpub.store.database import Database, Row

# The proven cells, in the order of the proof. Another order or another column needs a migration that proves again.
OF_ITEM = (
    "id", "source", "date", "published", "doubt", "first_seen", "updated", "url", "addresses", "title", "blocks",
    "text", "pictures", "files", "categories", "author", "text_key", "layout", "gone", "gone_by", "reason", "is_read",
)  # fmt: skip
OF_SOURCE = ("id", "authority", "origin", "led_to", "learnt")  # what ids, addresses and texts depend on
OF_ADDRESS = ("key", "source", "item")
UNREADABLE = (sqlite3.Error, ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError)

P = ParamSpec("P")
R = TypeVar("R")


def proof_of(*cells: bytes | None) -> str:
    """Return the fingerprint of a row's cells. Where one ends and another begins is in it, and so is NULL."""
    digest = blake2b(digest_size=8)
    for cell in cells:
        digest.update(b"-" if cell is None else b"%d:" % len(cell))
        digest.update(cell or b"")
    return digest.hexdigest()


def proof_of_row(row: Row | Mapping[str, Any], columns: Sequence[str]) -> str:
    """Return the fingerprint of a row that is read or is to be written. It is the same in each database."""
    return proof_of(*(_as_bytes(row[name]) for name in columns))


def prove(db: Database, table: str, columns: Sequence[str], condition: str, *values: object) -> None:
    """Write the proof of rows that were changed by a part."""
    key = columns[0]
    rows = db.each(f"SELECT * FROM {table} WHERE {condition}", *values)
    proofs = [(proof_of_row(row, columns), row[key]) for row in rows]
    for proof in proofs:
        db.execute(f"UPDATE {table} SET proof = ? WHERE {key} = ?", proof)


def require_proof(row: Row | Mapping[str, Any], columns: Sequence[str]) -> None:
    """Raise Damaged if a row is not as it was written. One of an old version may have no proof."""
    if row["proof"] is None:
        return
    if row["proof"] != proof_of_row(row, columns):
        raise Damaged(f"a row is not as it was written: {row[columns[0]]}")


def _as_bytes(cell: object) -> bytes | None:
    if isinstance(cell, bytes):
        return cell
    if isinstance(cell, bool):  # SQLite has a number for it
        return b"1" if cell else b"0"
    return None if cell is None else str(cell).encode(errors="surrogatepass")


def decoding(function: Callable[P, R]) -> Callable[P, R]:
    """Make a function that reads a row raise Damaged where the row cannot be what this program has written."""

    @wraps(function)
    def decode(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except UNREADABLE as error:
            raise Damaged(f"a row cannot be read: {error}") from error

    return decode
