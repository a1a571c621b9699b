"""The address of a state that is a PostgreSQL database. It may hold a password, so it is never shown whole."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

# As libpq reads it. Signs of syntax in a name or a password are written as %XX, so that nothing is ambiguous.
PATTERN = re.compile(
    r"(?P<scheme>postgres(?:ql)?)://(?:(?P<user>[^\s:/?#@]*)(?::(?P<password>[^\s:/?#@]*))?@)?"
    r"(?P<hosts>[^\s/?#@]*)(?:/(?P<database>[^\s/?#@]*))?(?:\?(?P<options>[^\s#?]*))?"
)
SECRET = re.compile(r"(?:^|&)(?:ssl)?password=([^&]*)")


@dataclass(frozen=True, slots=True)
class PostgresUrl:
    """Where a PostgreSQL database is. As a string, it is without password and options, so it may be shown."""

    whole: str = field(repr=False)

    def __str__(self) -> str:
        part = _matched(self.whole)
        user = f"{part['user']}@" if part["user"] else ""
        database = f"/{part['database']}" if part["database"] else ""
        return f"{part['scheme']}://{user}{part['hosts']}{database}"

    @property
    def secrets(self) -> list[str]:
        """The passwords in it, as written."""
        part = _matched(self.whole)
        return [one for one in (part["password"], *SECRET.findall(part["options"] or "")) if one]


Place = Path | PostgresUrl  # of a state: a file of SQLite, or a database on a server


def place_of(url: str, folder: Path) -> Place:
    """Return the place that a checked ``[state] url`` names. A relative file is relative to the folder."""
    if url.startswith("sqlite:"):
        return folder / url.removeprefix("sqlite:///")
    return PostgresUrl(url)


def _matched(url: str) -> re.Match[str]:
    match = PATTERN.fullmatch(url)
    if match is None:
        raise ValueError("is no address of a PostgreSQL database")
    return match
