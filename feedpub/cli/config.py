"""config: print every value that is in force, with its origin; or the schema of the file."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator
from typing import Any

from feedpub.cli import FINE
from feedpub.cli.session import say_broken
from feedpub.cli.speech import Speech, config_path, show, show_json
from feedpub.cli.toml import toml_value
from feedpub.config import SCHEMA, TABLES
from feedpub.config.origins import Kind, Origin, Setting, Table, explained

WIDTH = 48  # characters of a key and its value; the origins stand below each other beyond them
NOTHING: tuple[Any, ...] = (None, "", [])  # as defaults; a file says them by leaving the key out


def command(args: argparse.Namespace, speech: Speech) -> int:
    if args.schema:
        show_json(SCHEMA.read_text(encoding="utf-8").rstrip("\n"))
        return FINE
    settings, tables = explained(config_path(args.config))
    if args.json:
        values = {table.kind: _as_json(table) for table in tables if table.kind != "source"}
        sources = [_as_json(table) for table in tables if table.kind == "source"]
        whole = {"file": str(settings.path), **values, "source": sources}
        show_json(json.dumps(whole, ensure_ascii=False, indent=1))
    else:
        show(_lines(tables))
    return say_broken(settings, speech)


# ------------------------------------------------------------ for people: a file with the same values


def _lines(tables: Iterable[Table]) -> Iterator[str]:
    for number, table in enumerate(tables):
        if number:
            yield ""
        yield from _table_lines(table, table.kind, "")


def _table_lines(table: Table, name: str, outer: str) -> Iterator[str]:
    """Yield a table as TOML, with its name as a header has it, and the kind of the table around it."""
    is_one_of_several = TABLES[outer][table.kind].is_of_tables
    yield f"[[{name}]]" if is_one_of_several else f"[{name}]"
    for key, setting in table.settings.items():
        yield f"{_assigned(key, setting):<{WIDTH}}  # {_origin_words(setting.origin)}"
    for key in _keys_of_tables(table.kind):
        inner = [one for one in table.tables if one.kind == key]
        if not inner:
            yield f"{f'# {key} is not set':<{WIDTH}}  # {_origin_words(Origin(Kind.DEFAULT))}"
        for one in inner:
            yield from _table_lines(one, f"{name}.{key}", table.kind)


def _keys_of_tables(kind: str) -> list[str]:
    return [key for key in TABLES[kind] if key in TABLES]


def _assigned(key: str, setting: Setting) -> str:
    """Return a line of TOML; a comment where there is no value, since TOML has no word for that."""
    if setting.value in NOTHING:
        return f"# {key} is not set"
    return f"{key} = {toml_value(setting.value)}"


def _origin_words(origin: Origin) -> str:
    if origin.kind is Kind.DEFAULT:
        return "default"
    place = f"{origin.file}:{origin.line}"
    return f"[defaults] {place}" if origin.kind is Kind.DEFAULTS else place


# ------------------------------------------------------------ for programs


def _as_json(table: Table) -> dict[str, Any]:
    found: dict[str, Any] = {key: _setting_as_json(setting) for key, setting in table.settings.items()}
    for key in _keys_of_tables(table.kind):
        inner = [_as_json(one) for one in table.tables if one.kind == key]
        if TABLES[table.kind][key].is_of_tables:
            found[key] = inner
        else:
            found[key] = inner[0] if inner else None
    return found


def _setting_as_json(setting: Setting) -> dict[str, Any]:
    origin = setting.origin
    place = {} if origin.file is None else {"file": str(origin.file), "line": origin.line}
    return {"value": setting.value, "from": origin.kind.value, **place}
