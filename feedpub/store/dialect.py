"""What PostgreSQL wants written in another way than SQLite.

The SQL of this room is written for SQLite, in words that both know. Here its parameters get PostgreSQL's spelling, and
its tables PostgreSQL's types.

An address or an id may have thousands of characters, and an index of PostgreSQL takes no more than 2,700 bytes. So
such a column is unique by its MD5, and is looked up in an index of hashes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from feedpub.store.database import Row
from feedpub.store.scripts import statements_of
from feedpub.store.sqlite import in_memory

BOOLEANS = {"listing", "is_read", "closes_pages"}  # SQLite has no type for them
LONG = {
    "item": {"id", "text_key"}, "address": {"key", "item"}, "visit": {"url", "item"}, "medium": {"url"},
    "moved": {"url"}, "member": {"item"}, "touched": {"item"}, "ping": {"hub", "topic"},
    "thumbnail": {"item", "url"}, "edit": {"item"},
}  # fmt: skip
BY_ITSELF = "script"  # see ``scripts``
FIRST = "source"  # the column by which most indexes begin; each source has its own rows

PARAMETER = re.compile(r"'[^']*'|\"[^\"]*\"|::|\?|:(\w+)|%")
CONFLICT = re.compile(r"INSERT INTO (\w+)(.*?)ON CONFLICT \(([^)]*)\)", re.DOTALL)
INDEX = re.compile(r"CREATE INDEX (\w+) ON (\w+) \((.*?)\)( WHERE .*)?", re.DOTALL)
COLUMN = re.compile(r"ALTER TABLE (\w+) ADD COLUMN (\w+) (\w+)(.*)", re.DOTALL)
TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
INDEXES = "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name"


@lru_cache(maxsize=512)
def in_postgres(sql: str) -> str:
    """Return a statement with the parameters of psycopg, and with the keys that its tables have there."""
    sql = CONFLICT.sub(_with_its_key, sql)
    return PARAMETER.sub(_parameter, sql)


def _parameter(match: re.Match[str]) -> str:
    if match[0] == "?":
        return "%s"
    if match[1]:
        return f"%({match[1]})s"
    return match[0].replace("%", "%%")


def _with_its_key(match: re.Match[str]) -> str:
    table, between, columns = match.groups()
    return f"INSERT INTO {table}{between}ON CONFLICT ({_unique_key(table, columns.split(', '))})"


def _unique_key(table: str, columns: Iterable[str]) -> str:
    long = LONG.get(table, set())
    return ", ".join(f"md5({c})" if c in long else c for c in columns)


# ------------------------------------------------------------ tables


def table_names() -> list[str]:
    """Return the tables of a state of the present version, but the one that each state fills by itself."""
    db = in_memory()
    try:
        return [row["name"] for row in db.rows(TABLES) if row["name"] != BY_ITSELF]
    finally:
        db.close()


def whole_schema() -> list[str]:
    """Return the statements that make the tables and indexes of the present version."""
    db = in_memory()
    try:
        statements: list[str] = []
        for row in db.rows(TABLES):
            statements += _table(row["name"], db.rows(f"PRAGMA table_info({row['name']})"))
        for row in db.rows(INDEXES):
            statements += _index(row["sql"])
        return statements
    finally:
        db.close()


def migrated(script: str) -> list[str]:
    """Return the statements of a migration. One that only SQLite understands is written so that both do."""
    translated: list[str] = []
    for statement in statements_of(script):
        if statement.startswith("CREATE TABLE"):
            translated += _made_table(statement)
        elif statement.startswith("CREATE INDEX"):
            translated += _index(statement)
        elif column := COLUMN.fullmatch(statement):
            table, name, kind, rest = column.groups()
            translated.append(f"ALTER TABLE {table} ADD COLUMN {name} {_type(name, kind)}{_default(name, rest)}")
        else:
            translated.append(statement)
    return translated


def _made_table(statement: str) -> list[str]:
    """Return the statements for a table of a migration: SQLite is asked how it understands it."""
    db = in_memory()
    try:
        name = statement.split()[2]
        db.execute(f"DROP TABLE IF EXISTS {name}")
        db.execute(statement)
        return list(_table(name, db.rows(f"PRAGMA table_info({name})")))
    finally:
        db.close()


def _table(name: str, columns: list[Row]) -> Iterator[str]:
    lines = []
    for column in columns:
        is_needed = " NOT NULL" if column["notnull"] or column["pk"] else ""
        default = f" DEFAULT {column['dflt_value']}" if column["dflt_value"] else ""
        lines.append(f"{column['name']} {_type(column['name'], column['type'])}{_default(column['name'], default)}"
                     f"{is_needed}")  # fmt: skip
    yield f"CREATE TABLE {name} ({', '.join(lines)})"
    key = [c["name"] for c in sorted(columns, key=lambda c: int(c["pk"])) if c["pk"]]
    yield f"CREATE UNIQUE INDEX {name}_key ON {name} ({_unique_key(name, key)})"
    long = [c for c in key if c in LONG.get(name, ())]
    if long and set(key) - set(long) <= {FIRST}:
        yield f"CREATE INDEX {name}_by_{long[-1]} ON {name} USING hash ({long[-1]})"


def _type(name: str, kind: str) -> str:
    if name in BOOLEANS:
        return "BOOLEAN"
    return {"TEXT": 'TEXT COLLATE "C"', "INTEGER": "BIGINT"}[kind]


def _default(name: str, rest: str) -> str:
    if name not in BOOLEANS:
        return rest
    return rest.replace("DEFAULT 0", "DEFAULT FALSE").replace("DEFAULT 1", "DEFAULT TRUE")


def _index(statement: str) -> Iterator[str]:
    """Yield an index without its long columns; or with their hashes, if nothing is left to find a row by."""
    match = INDEX.fullmatch(statement.strip())
    if match is None:
        raise ValueError(f"is no index that PostgreSQL can have: {statement}")
    name, table, columns, condition = match.groups()
    if "(" in columns:  # an expression: length(text)
        yield statement
        return
    parts = columns.split(", ")
    long = [part for part in parts if part.split()[0] in LONG.get(table, ())]
    short = [part for part in parts if part not in long]
    if long and set(short) <= {FIRST} and not condition:
        yield f"CREATE INDEX {name} ON {table} USING hash ({long[-1]})"
    else:
        yield f"CREATE INDEX {name} ON {table} ({', '.join(short)}){condition or ''}"
