"""config.toml → values. Every mistake in the file is reported at once, with its line.

``encoding`` reads the file. ``keys`` has the table of keys, ``checks`` what is wrong with a value, ``reader`` reports
it, and ``spelling`` brings addresses to the one form that is compared. Only ``cli`` imports this room; it hands the
values to all others.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from feedpub.config.encoding import decoded
from feedpub.config.keys import DEFAULT_TEXTS, TABLES
from feedpub.config.reader import Reader
from feedpub.errors import ConfigError
from feedpub.layout import Layout
from feedpub.model import Source, Terms, Topic

__all__ = ["TABLES", "Config", "Fetch", "Publish", "load"]


@dataclass(frozen=True, slots=True)
class Publish:
    """The table [publish]."""

    to: Path
    base_url: str  # with a slash at the end
    items: int
    hubs: tuple[str, ...]  # to notify of what was published (WebSub), each once


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
class Config:
    """The whole file, checked."""

    path: Path
    publish: Publish
    state: Path
    fetch: Fetch
    sources: tuple[Source, ...]


def load(path: Path) -> Config:
    """Return the values of a config file.

    Raises ConfigError with every unknown key, wrong type, wrong value and missing key, each with its line.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        problem = f"{path}: there is no such file; --config FILE or FEEDPUB_CONFIG names another"
        raise ConfigError([problem]) from error
    except OSError as error:
        raise ConfigError([f"{path}: cannot be read: {error}"]) from error
    text = decoded(path, data)
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([f"{path}: is not TOML: {error}"]) from error
    return _make_config(raw, Reader(path, text))


def _make_config(raw: Mapping[str, Any], reader: Reader) -> Config:
    top = reader.table("", "", raw)
    publish = reader.table("publish", "publish", top["publish"])
    state = reader.table("state", "state", top["state"])
    fetch = reader.table("fetch", "fetch", top["fetch"])
    tables = enumerate(top["source"] or [], 1)
    sources = [_source_values(n, table, reader) for n, table in tables]
    if top["source"] == []:
        reader.report("source", "", "there must be at least one [[source]]")
    reader.require_unique((s["id"] for s in sources), "source", "another source")
    if reader.problems:
        raise ConfigError(reader.problems)

    folder = reader.path.resolve().parent  # paths in the file are relative to it
    publish["to"] = folder / publish["to"]
    return Config(
        path=reader.path,
        publish=Publish(**publish),
        state=folder / state["url"].removeprefix("sqlite:///"),
        fetch=Fetch(**fetch),
        sources=tuple(_make_source(values) for values in sources),
    )


def _source_values(number: int, raw: Any, reader: Reader) -> dict[str, Any]:
    """Return the values of one [[source]] and of the tables in it."""
    place = f"source.{number}"
    values = reader.table("source", place, raw)
    values["terms"] = reader.table("terms", f"{place}.terms", values["terms"])
    if values["layout"] is not None:
        values["layout"] = reader.table("layout", f"{place}.layout", values["layout"])
    topics = enumerate(values["feed"] or [], 1)
    values["feed"] = [_topic_values(f"{place}.feed.{n}", table, reader) for n, table in topics]
    topic_ids = [topic["id"] for topic in values["feed"]]
    reader.require_unique(topic_ids, f"{place}.feed", "another [[source.feed]]")
    return values


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
