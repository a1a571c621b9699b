"""config.toml → values. Every mistake in the file is reported at once, with its line.

A council may have a file of its own in the folder ``sources.d`` beside it. A mistake there stops that council alone.
``encoding`` reads the file. ``keys`` has the table of keys, ``checks`` what is wrong with a value, ``reader`` reports
it, and ``spelling`` brings addresses to the one form that is compared. Only ``cli`` imports this room; it hands the
values to all others.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from feedpub.config.apart import keep_apart
from feedpub.config.checks import is_placeholder
from feedpub.config.encoding import decoded
from feedpub.config.keys import DEFAULT_TEXTS, TABLES
from feedpub.config.reader import Reader, Written
from feedpub.errors import ConfigError
from feedpub.layout import Layout
from feedpub.model import Source, Terms, Topic
from feedpub.postgres_url import Place, place_of

__all__ = ["SCHEMA", "SOURCES", "TABLES", "Broken", "Config", "Fetch", "Publish", "load", "load_as_written"]

SOURCES = "sources.d"  # the folder of councils' own files, beside config.toml
SCHEMA = Path(__file__).with_name("config.schema.json")  # tools/schema.py writes it
OWN_ADDRESSES = {  # what only the publisher knows, and what belongs there
    ("publish", "base_url"): "the address at which readers will find the folder",
    ("fetch", "contact"): "an address where the council can reach you",
}


@dataclass(frozen=True, slots=True)
class Publish:
    """The table [publish]."""

    to: Path | str  # a folder, or the address of a bucket: s3://bucket/prefix
    base_url: str  # with a slash at the end
    items: int
    hubs: tuple[str, ...]  # to notify of what was published (WebSub), each once
    publisher: str = ""  # who publishes all this; "": nobody is named
    email: str | None = None  # of the publisher, for readers; None: they have [fetch] contact
    thumbnails: int = 100  # of how many newest items of a source pages show pictures


@dataclass(frozen=True, slots=True)
class Fetch:
    """The table [fetch]."""

    contact: str
    delay: float  # seconds between two requests to a host
    budget: int  # requests to a host in one run, at most
    hosts_at_once: int  # that are asked at the same time, at most
    minutes: float  # that a run takes; what it could not ask by then comes first in the next one
    private: bool  # whether the sites may be in a private network


@dataclass(frozen=True, slots=True)
class Watch:
    """The table [watch]."""

    ping: str | None = None  # a service's address, which is told of every run; None: there is none
    to: Path | None = None  # a folder for the operator's eyes, beside the published one; None: there is none
    textfile: Path | None = None  # a file of metrics, for Prometheus; None: there is none


@dataclass(frozen=True, slots=True)
class Broken:
    """A council's own file that cannot be used."""

    id: str  # as the file has it, else by its name; its file's name with its ending, if another source has that id
    problem: str  # in one line


@dataclass(frozen=True, slots=True)
class Config:
    """The whole file, checked, with the files of single councils."""

    path: Path
    publish: Publish
    state: Place
    fetch: Fetch
    watch: Watch
    sources: tuple[Source, ...]
    broken: tuple[Broken, ...] = ()
    placeholders: tuple[str, ...] = ()  # a line for each address that is still an example's


def load(path: Path) -> Config:
    """Return the values of a config file.

    Raises ConfigError with every unknown key, wrong type, wrong value and missing key, each with its line.
    """
    return load_as_written(path)[0]


def load_as_written(path: Path) -> tuple[Config, Written, list[Written]]:
    """Return the values, with the tables as the files have them: the whole file's, and that of each source in order.

    Raises ConfigError as ``load`` does.
    """
    reader, raw = _parsed(path)
    councils: list[_Council] = []
    settings = _make_config(raw, reader, councils)
    return settings, Written(reader, "", raw), [council.written for council in councils]


@dataclass(frozen=True, slots=True)
class _Council:
    """A source's table, and its values with what all sources have alike."""

    written: Written
    values: dict[str, Any]


def _parsed(path: Path) -> tuple[Reader, dict[str, Any]]:
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        problem = f"{path}: there is no such file; --config FILE or FEEDPUB_CONFIG names another"
        raise ConfigError([problem]) from error
    except OSError as error:
        what = "is a folder; name the file in it" if path.is_dir() else f"cannot be read: {error.strerror or error}"
        raise ConfigError([f"{path}: {what}"]) from error
    text = decoded(path, data)
    try:
        return Reader(path, text), tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([_not_toml(path, error)]) from error


def _not_toml(path: Path, error: tomllib.TOMLDecodeError) -> str:
    """Return what is wrong with a file that is no TOML, with the line where it has one."""
    what, at, where = str(error).partition(" (at line ")
    line, _, column = where.rstrip(")").partition(", column ")
    return f"{path}:{line}: is not TOML: {what}, in column {column}" if at else f"{path}: is not TOML: {what}"


def _make_config(raw: Mapping[str, Any], reader: Reader, councils: list[_Council]) -> Config:
    """Return the configuration, and add its sources to ``councils``."""
    top = reader.table("", "", raw)
    publish = reader.table("publish", "publish", top["publish"])
    state = reader.table("state", "state", top["state"])
    fetch = reader.table("fetch", "fetch", top["fetch"])
    watch = reader.table("watch", "watch", top["watch"])
    defaults = reader.table("defaults", "defaults", top["defaults"])
    alike = {name: value for name, value in (top["defaults"] or {}).items() if defaults.get(name) is not None}
    for number, table in enumerate(top["source"] or [], 1):
        councils.append(_read_council(Written(reader, f"source.{number}", table), alike))
    folder = reader.path.resolve().parent  # paths in the file are relative to it
    files = sorted((folder / SOURCES).glob("*.toml"))
    if not councils and not files and top["source"] is not None:
        if "source" in raw:
            reader.report("source", "", "there must be at least one [[source]]")
        else:
            reader.report("", "[[source]]", "is missing; `feedpub learn URL` prints one")
    reader.require_unique((c.values["id"] for c in councils), "source", "another source")
    if reader.problems:
        raise ConfigError(reader.problems)

    if "://" not in publish["to"]:
        publish["to"] = folder / publish["to"]
    watch |= {key: folder / watch[key] for key in ("to", "textfile") if watch[key] is not None}
    place = place_of(state["url"], folder)
    keep_apart(publish, place, watch, reader)
    broken: list[Broken] = []
    taken = {council.values["id"]: f"{reader.path}" for council in councils}
    for path in files:
        _add_file(path, alike, councils, taken, broken)
    if not councils:
        raise ConfigError([one.problem for one in broken])
    return Config(
        path=reader.path,
        publish=Publish(**publish),
        state=place,
        fetch=Fetch(**fetch),
        watch=Watch(**watch),
        sources=tuple(_make_source(council.values) for council in councils),
        broken=tuple(broken),
        placeholders=tuple(_placeholders({"publish": publish, "fetch": fetch}, reader)),
    )


def _placeholders(tables: Mapping[str, Mapping[str, Any]], reader: Reader) -> Iterator[str]:
    for (table, key), wanted in OWN_ADDRESSES.items():
        value = tables[table][key]
        if is_placeholder(value):
            yield reader.located(table, key, f"{value!r} is an example; write {wanted}")


def _add_file(
    path: Path, alike: Mapping[str, Any], councils: list[_Council], taken: dict[str, str], broken: list[Broken]
) -> None:
    """Add the source of a council's own file to ``councils``; if it has a mistake, add it to ``broken``."""
    name = path.stem
    try:
        reader, raw = _parsed(path)
        tables = raw.get("source")
        if raw.keys() != {"source"} or not isinstance(tables, list) or len(tables) != 1:
            raise ConfigError([f"{path}: must have one [[source]] and nothing else"])
        name = tables[0].get("id", name) if isinstance(tables[0], Mapping) else name
        council = _read_council(Written(reader, "source.1", tables[0]), alike)
        owner = taken.get(council.values["id"])
        if owner:
            name = path.name  # what is said of that source is no word about this file
            reader.report("source.1", "id", f"{council.values['id']!r} is taken by {owner}")
        if reader.problems:
            raise ConfigError(reader.problems)
    except ConfigError as error:
        others = len(error.problems) - 1
        more = f" (and {others} more {'mistake' if others == 1 else 'mistakes'})" if others else ""
        broken.append(Broken(str(name), f"{error.problems[0]}{more}"))
        return
    taken[council.values["id"]] = f"{path}"
    councils.append(council)


def _with_defaults(table: Any, alike: Mapping[str, Any]) -> Any:
    """Return a source's table with the keys that all sources have alike, where it has none of its own."""
    if not isinstance(table, Mapping):
        return table
    terms = table.get("terms", {})
    if isinstance(terms, Mapping) and "terms" in alike:
        table = {**table, "terms": {**alike["terms"], **terms}}
    return {**alike, **table}


def _read_council(written: Written, alike: Mapping[str, Any]) -> _Council:
    """Return one [[source]] with its values and those of the tables in it."""
    reader, place = written.reader, written.place
    values = reader.table("source", place, _with_defaults(written.raw, alike))
    values["terms"] = reader.table("terms", f"{place}.terms", values["terms"])
    if values["layout"] is not None:
        values["layout"] = reader.table("layout", f"{place}.layout", values["layout"])
    topics = enumerate(values["feed"] or [], 1)
    values["feed"] = [_topic_values(f"{place}.feed.{n}", table, reader) for n, table in topics]
    topic_ids = [topic["id"] for topic in values["feed"]]
    reader.require_unique(topic_ids, f"{place}.feed", "another [[source.feed]]")
    return _Council(written, values)


def _topic_values(place: str, raw: Any, reader: Reader) -> dict[str, Any]:
    values = reader.table("feed", place, raw)
    if values["keywords"] == values["categories"] == ():
        reader.report(place, "", "has neither keywords nor categories, so its feed would be empty")
    return values


def _make_source(values: Mapping[str, Any]) -> Source:
    """Return the source. Texts that the file leaves out are in the source's language."""
    others = dict(values)
    terms, layout, topics = (others.pop(key) for key in ("terms", "layout", "feed"))
    others["description"] = _text_or_default("description", values["description"], values)
    texts = {key: _text_or_default(key, terms[key], values) for key in ("wording", "rights")}
    return Source(
        terms=Terms(**{**terms, **texts}),
        layout=None if layout is None else Layout(**layout).in_language(others["language"]),
        topics=tuple(Topic(**topic) for topic in topics),
        **others,
    )


def _text_or_default(key: str, text: str | None, source: Mapping[str, Any]) -> str:
    """Return the text of the file, or the default where that is None, with the council's name in it."""
    if text is None:
        language = source["language"].partition("-")[0]
        text = DEFAULT_TEXTS[key].get(language, DEFAULT_TEXTS[key]["en"])
    return text.replace("{title}", source["title"])
