"""Where each value of the configuration comes from: a line of a file, [defaults], or feedpub itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from feedpub.config import Config, load_as_written
from feedpub.config.keys import TABLES
from feedpub.config.reader import Written
from feedpub.model import Source
from feedpub.postgres_url import Place, PostgresUrl


class Kind(Enum):
    FILE = "file"  # the table has the key itself
    DEFAULTS = "defaults"  # [defaults] has it
    DEFAULT = "default"  # nobody has written it


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value comes from. A default has neither file nor line."""

    kind: Kind
    file: Path | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    value: Any  # as JSON has it; None: there is no value. It holds no password
    origin: Origin


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the configuration with all its keys. A table in it that nobody has written is not there."""

    kind: str  # its name in TABLES
    settings: Mapping[str, Setting]
    tables: tuple[Table, ...] = ()


NO_ORIGIN = Origin(Kind.DEFAULT)


def explained(path: Path) -> tuple[Config, list[Table]]:
    """Return the configuration, and each of its tables with the origin of every value.

    Raises ConfigError as ``config.load`` does.
    """
    settings, whole, councils = load_as_written(path)
    alike = whole.inner("defaults")
    tables = [
        _table("publish", _fields("publish", settings.publish), whole.inner("publish")),
        _table("state", {"url": _shown(settings.state)}, whole.inner("state")),
        _table("fetch", _fields("fetch", settings.fetch), whole.inner("fetch")),
        _table("watch", _fields("watch", settings.watch), whole.inner("watch")),
        _table("defaults", alike.raw, alike, tables=_terms_of_all(alike)),
    ]
    sources = zip(settings.sources, councils, strict=True)
    return settings, tables + [_source(source, written, alike) for source, written in sources]


def _terms_of_all(alike: Written) -> Iterator[Table]:
    if "terms" in alike.raw:
        terms = alike.inner("terms")
        yield _table("terms", terms.raw, terms)


def _source(source: Source, written: Written, alike: Written) -> Table:
    values = _fields("source", source)
    return _table("source", values, written, alike, tables=_within(source, written, alike))


def _within(source: Source, written: Written, alike: Written) -> Iterator[Table]:
    yield _table("terms", _fields("terms", source.terms), written.inner("terms"), alike.inner("terms"))
    if source.layout is not None:
        yield _table("layout", _fields("layout", source.layout), written.inner("layout"))
    for topic, table in zip(source.topics, written.several("feed"), strict=True):
        yield _table("feed", _fields("feed", topic), table)


def _fields(kind: str, holder: object) -> dict[str, Any]:
    """Return a table's values: the holder's fields have the names of the keys."""
    return {name: getattr(holder, name) for name in _plain_keys(kind)}


def _table(
    kind: str,
    values: Mapping[str, Any],
    written: Written,
    shared: Written | None = None,
    *,
    tables: Iterable[Table] = (),
) -> Table:
    names = _plain_keys(kind)
    settings = {name: Setting(_as_json(values.get(name)), _origin(name, written, shared)) for name in names}
    return Table(kind, settings, tuple(tables))


def _plain_keys(kind: str) -> list[str]:
    """Return the keys of a table that are no tables themselves."""
    return [name for name in TABLES[kind] if name not in TABLES]


def _origin(name: str, written: Written, shared: Written | None) -> Origin:
    if name in written.raw:
        return Origin(Kind.FILE, written.reader.path, written.line_of(name))
    if shared and name in shared.raw:
        return Origin(Kind.DEFAULTS, shared.reader.path, shared.line_of(name))
    return NO_ORIGIN


def _as_json(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return str(value) if isinstance(value, Path) else value


def _shown(state: Place) -> str:
    """Return the address of the state without what may be a secret."""
    if not isinstance(state, PostgresUrl):
        return f"sqlite:///{state}"
    return f"{state}?…" if "?" in state.whole else f"{state}"
