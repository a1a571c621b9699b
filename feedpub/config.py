"""config.toml → values, with every mistake named at once, and where it stands.

The keys are a table (``TABLES``): a new one is a row there and a field in the
model. Nothing but ``cli`` imports this room; all others get the values.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from feedpub.errors import ConfigError
from feedpub.model import Layout, Source, Terms, Topic


@dataclass(frozen=True, slots=True)
class Publish:
    """The table [publish]."""

    to: Path
    base_url: str  # with a slash at the end
    items: int
    hubs: tuple[str, ...]  # to be told of what was published (WebSub), each once


@dataclass(frozen=True, slots=True)
class Fetch:
    """The table [fetch]."""

    contact: str
    delay: float  # seconds between two requests to a host
    budget: int  # requests to a host in one run, at most
    private: bool  # whether the sites may stand in a private network


@dataclass(frozen=True, slots=True)
class Config:
    """The whole file, checked."""

    path: Path
    publish: Publish
    state: Path
    fetch: Fetch
    sources: tuple[Source, ...]


# A check takes the raw value and gives what is wrong with it, or None.
Check = Callable[[Any], str | None]


@dataclass(frozen=True, slots=True)
class Key:
    """What a key of a table may be."""

    type: type | tuple[type, ...]
    check: Check | None = None
    default: Any = ...  # ...: the key must be there
    is_of_tables: bool = False  # a list of tables, not of strings


WORDING = {"uk": "Джерело: {title}, {link}", "en": "Source: {title}, {link}"}
RIGHTS = {
    "uk": "© {title}. Передрук, повний чи частковий, дозволено з активним прямим гіперпосиланням на першоджерело"
    " не нижче другого абзацу.",
    "en": "© {title}. Republishing in whole or in part is allowed with an active, direct hyperlink to the source"
    " no lower than the second paragraph.",
}
DESCRIPTION = {"uk": "Новини: {title}", "en": "News: {title}"}
NAMES = {
    bool: "true or false",
    str: "a string",
    int: "a whole number",
    float: "a number",
    list: "a list of strings",
    dict: "a table",
}


def _url(value: str) -> str | None:
    try:
        parts = urlsplit(value)
        is_good = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # a port out of range, brackets that do not close
        is_good = False
    if not is_good or re.search(r"\s", value):
        return "must be an http(s) address"
    # It would stand in feeds, in messages and in logs.
    return "must hold no user name and no password" if "@" in parts.netloc else None


def _urls(value: list[str]) -> str | None:
    return "must name at least one address" if not value else next((p for v in value if (p := _url(v))), None)


def _hubs(value: list[str]) -> str | None:
    if wrong := next((p for v in value if (p := _url(v))), None):
        return wrong
    odd = [v for v in value if not re.fullmatch("[!-~]+", v)]  # feeds name it, and an address there is ASCII
    return f"{_shown(odd[0])} must be written in ASCII: its path percent-encoded, its host as xn--…" if odd else None


def _hosts(value: list[str]) -> str | None:
    odd = [v for v in value if not re.fullmatch(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*", v)]
    return f"{_shown(odd[0])} is no host; write it alone, in small letters, such as 'old.example.org'" if odd else None


def _contact(value: str) -> str | None:
    reached = value.startswith("mailto:") or _url(value) is None
    return None if reached else "must be an address where the council can reach you: https://… or mailto:…"


def _base_url(value: str) -> str | None:
    return _url(value) or (None if not urlsplit(value).query else "must not have a query")


def _between(low: float, high: float) -> Check:
    return lambda value: None if low <= value <= high else f"must lie between {low:g} and {high:g}"


def _source_id(value: str) -> str | None:
    return None if re.fullmatch(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?", value) else "must be of a-z, 0-9 and - only"


def _language(value: str) -> str | None:
    if value.lower() == "ua":
        return "'ua' is a country; the language is 'uk'"
    return None if re.fullmatch(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", value) else "must be a language tag, such as 'uk'"


def _timezone(value: str) -> str | None:
    from zoneinfo import ZoneInfo, available_timezones

    try:
        ZoneInfo(value)
    except (ValueError, OSError, KeyError):
        if not available_timezones():
            return "cannot be looked up: this machine has no time zone database; `pip install tzdata` brings one"
        return "is no time zone; use a name such as 'Europe/Kyiv'"
    return None


def _state_url(value: str) -> str | None:
    if re.fullmatch(r"sqlite:///.+", value):
        return None
    return "must be sqlite:///FILE (relative to this file) or sqlite:////absolute/FILE"


def _wording(value: str) -> str | None:
    if value.count("{link}") != 1:
        return "must hold {link} once: that is where the council's hyperlink goes"
    other = [f for f in re.findall(r"\{(\w*)\}", value) if f not in ("link", "title")]
    return f"knows {{link}} and {{title}}, not {{{other[0]}}}" if other else None


def _email(value: str) -> str | None:
    return None if re.fullmatch(r"[^\s@()<>]+@[^\s@()<>]+\.[^\s@()<>]+", value) else "must be an e-mail address"


def _selectors(value: str | list[str]) -> str | None:
    from cssselect import HTMLTranslator, SelectorError

    for selector in [value] if isinstance(value, str) else value:
        try:
            HTMLTranslator().css_to_xpath(selector)
        except (SelectorError, ValueError, RecursionError) as error:  # a number or a nesting beyond all measure
            return f"{selector!r} is no CSS selector: {error}"
        if re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", selector):
            return f"{selector!r} holds a character that stands on no page"
        if re.search(r"\|(?!=)", re.sub(r"\\.|\"[^\"]*\"|'[^']*'", "", selector)):
            return f"{selector!r} names a namespace, and pages have none"
    return None


def _date_formats(value: str | list[str]) -> str | None:
    known = set("dmYyHMSBbAaR%*")
    for form in [value] if isinstance(value, str) else value:
        odd = [d for d in re.findall(r"%(.?)", form) if d not in known]
        if odd:
            return f"{form!r} has %{odd[0]}; known are %d %m %B %b %Y %y %H %M %S %A %a %R %*"
        named = [{"b": "B", "a": "A", "y": "Y"}.get(d, d) for d in re.findall("%([dmYyHMBbAa])", form)]
        if len(set(named)) < len(named):
            return f"{form!r} names a part of the date twice"
        if form.count("%R") > 1:
            return f"{form!r} names an age twice"
        if "%R" not in form and not (re.search("%d", form) and re.search("%[mBb]", form)):
            return f"{form!r} needs a day and a month"
    return None


def _keywords(value: list[str]) -> str | None:
    odd = [v for v in value if not re.fullmatch(r"\s*\w[\w'’ʼ-]*\*?(?:\s+\w[\w'’ʼ-]*\*?)*\s*", v)]
    return f"{_shown(odd[0])} is no word and no phrase; only * may stand at the end of a word" if odd else None


LAYOUT_CHECKS: dict[str, Check] = {"date_formats": _date_formats, "fixed": lambda _: None}  # all others are selectors
_TEXT = Key(str, lambda v: None if v.strip() else "must not be empty")
_OPTIONAL_TEXT = Key(str, _TEXT.check, None)
_ADDRESS = Key(str, _url, None)
TABLES: dict[str, dict[str, Key]] = {
    "": {
        "publish": Key(dict),
        "state": Key(dict, None, {}),
        "fetch": Key(dict),
        "source": Key(list, is_of_tables=True),
    },
    "publish": {
        "to": _TEXT,
        "base_url": Key(str, _base_url),
        "items": Key(int, _between(1, 500), 50),
        "hubs": Key(list, _hubs, []),
    },
    "state": {"url": Key(str, _state_url, "sqlite:///feedpub.db")},
    "fetch": {
        "contact": Key(str, _contact),
        "delay": Key((int, float), _between(0, 3600), 1.0),
        "budget": Key(int, _between(10, 100_000), 1000),
        "private": Key(bool, None, False),
    },
    "source": {
        "id": Key(str, _source_id),
        "title": _TEXT,
        "home": Key(str, _url),
        "listings": Key(list, _urls),
        "language": Key(str, _language),
        "timezone": Key(str, _timezone),
        "layout": Key(dict, None, None),
        "terms": Key(dict, None, {}),
        "description": _OPTIONAL_TEXT,
        "email": Key(str, _email, None),
        "icon": _ADDRESS,
        "logo": _ADDRESS,
        "formerly": Key(list, _hosts, []),
        "feed": Key(list, None, [], is_of_tables=True),
    },
    "feed": {
        "id": Key(str, _source_id),
        "title": _TEXT,
        "keywords": Key(list, _keywords, []),
        "categories": Key(list, None, []),
    },
    "terms": {
        "wording": Key(str, _wording, None),
        "block": Key(int, _between(1, 2), 2),
        "rights": _OPTIONAL_TEXT,
    },
    "layout": {f.name: Key((str, list), LAYOUT_CHECKS.get(f.name, _selectors), ()) for f in fields(Layout)},
}


def load(path: Path) -> Config:
    """The values of a config file.

    Raises ConfigError that names every unknown key, wrong type, wrong value
    and missing key, each with its line.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise ConfigError([f"{path}: there is no such file; --config FILE or FEEDPUB_CONFIG names another"]) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError([f"{path}: cannot be read: {error}"]) from error
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([f"{path}: is not TOML: {error}"]) from error
    return _Reader(path, text).config(raw)


class _Reader:
    """Goes through the raw tables once and collects the problems."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.lines = _lines(text)
        self.problems: list[str] = []

    def config(self, raw: Mapping[str, Any]) -> Config:
        top = self.table("", "", raw)
        publish = self.table("publish", "publish", top["publish"])
        state = self.table("state", "state", top["state"])
        fetch = self.table("fetch", "fetch", top["fetch"])
        sources = [self.source(n, s) for n, s in enumerate(top["source"] or [], 1)]
        if top["source"] == []:
            self.problem("source", "", "there must be at least one [[source]]")
        self.once([s["id"] for s in sources], "source", "another source")
        if self.problems:
            raise ConfigError(self.problems)
        folder = self.path.resolve().parent
        return Config(
            path=self.path,
            publish=Publish(
                folder / publish["to"],
                publish["base_url"].rstrip("/") + "/",
                publish["items"],
                tuple(dict.fromkeys(publish["hubs"])),
            ),
            state=folder / state["url"].removeprefix("sqlite:///"),
            fetch=Fetch(fetch["contact"], float(fetch["delay"]), fetch["budget"], fetch["private"]),
            sources=tuple(_source(s) for s in sources),
        )

    def source(self, n: int, raw: Any) -> dict[str, Any]:
        values = self.table("source", f"source.{n}", raw)
        values["terms"] = self.table("terms", f"source.{n}.terms", values["terms"])
        if values["layout"] is not None:
            values["layout"] = self.table("layout", f"source.{n}.layout", values["layout"])
        values["feed"] = [self.topic(n, k, f) for k, f in enumerate(values["feed"] or [], 1)]
        self.once([t["id"] for t in values["feed"]], f"source.{n}.feed", "another [[source.feed]]")
        return values

    def topic(self, n: int, k: int, raw: Any) -> dict[str, Any]:
        values = self.table("feed", f"source.{n}.feed.{k}", raw)
        if values["keywords"] == values["categories"] == []:
            self.problem(f"source.{n}.feed.{k}", "", "names neither keywords nor categories, so it would be empty")
        return values

    def once(self, ids: list[str | None], place: str, other: str) -> None:
        for n, name in enumerate(ids):
            if name and name in ids[:n]:
                self.problem(f"{place}.{n + 1}", "id", f"{name!r} is taken by {other}")

    def table(self, kind: str, place: str, raw: Any) -> dict[str, Any]:
        """The table's values, defaults filled in; None for what is missing or wrong."""
        keys = TABLES[kind]
        if not isinstance(raw, Mapping):
            if raw is not None:
                self.problem(place, "", "must be a table")
            return dict.fromkeys(keys)
        for name in sorted(raw.keys() - keys.keys()):
            import difflib

            close = difflib.get_close_matches(name, keys, 1)
            self.problem(place, name, "is not known" + (f"; do you mean {close[0]}?" if close else ""))
        return {name: self.value(place, name, key, raw.get(name)) for name, key in keys.items()}

    def value(self, place: str, name: str, key: Key, raw: Any) -> Any:
        if raw is None:
            if key.default is ...:
                self.problem(place, name, "is missing")
            return None if key.default is ... else key.default
        wrong = _wrong_type(key, raw, "source" if name == "source" else f"source.{name}")
        wrong = wrong or (key.check(raw) if key.check else None)
        if wrong:
            self.problem(place, name, wrong)
            return None
        return raw

    def problem(self, place: str, name: str, what: str) -> None:
        inline = self.lines.get(place.rpartition(".")[::2]) if "." in place else self.lines.get(("", place))
        line = self.lines.get((place, name)) or self.lines.get((place, "")) or inline or 1
        where = " ".join(p for p in (_placed(place), name) if p)
        self.problems.append(f"{self.path}:{line}: {where} {what}")


def _placed(place: str) -> str:
    """A table as it is written, with its number where there may be several: [[source]] 1 [source.terms]."""
    shown: list[str] = []
    path = ""
    for part in filter(None, place.split(".")):
        if part.isdigit():
            shown[-1] = f"[{shown[-1]}] {part}"
        else:
            path = f"{path}.{part}".strip(".")
            shown.append(f"[{path}]")
    return " ".join(shown)


def _wrong_type(key: Key, raw: Any, name: str) -> str | None:
    kinds = key.type if isinstance(key.type, tuple) else (key.type,)
    fits = isinstance(raw, kinds) and not (isinstance(raw, bool) and bool not in kinds)
    if fits and isinstance(raw, list):
        fits = all(isinstance(v, dict if key.is_of_tables else str) for v in raw)
    if key.is_of_tables and isinstance(raw, dict):
        return f"must be written [[{name}]], in two pairs of brackets: there may be several"
    wanted = "a list of tables" if key.is_of_tables else " or ".join(NAMES[k] for k in kinds)
    return None if fits else f"must be {wanted}, not {_shown(raw)}"


def _shown(raw: Any) -> str:
    """The value as written, but for a password in an address."""
    return re.sub(r"(?<=//)\S+@", "…@", repr(raw))


def _lines(text: str) -> dict[tuple[str, str], int]:
    """Where each table and key stands: (place, key or "") -> line, counted from 1."""
    found: dict[tuple[str, str], int] = {}
    place, sources, topics = "", 0, 0
    for n, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*\[\[?\s*([\w.-]+)\s*\]\]?", line):
            name = header[1]
            sources += name == "source"
            topics = 0 if name == "source" else topics + (name == "source.feed")
            place = re.sub(r"^source\b", f"source.{sources}", name).replace(".feed", f".feed.{topics}")
            found.setdefault((place, ""), n)
        elif entry := re.match(r"\s*[\"']?([\w-]+)[\"']?\s*=", line):
            found.setdefault((place, entry[1]), n)
    return found


def _source(raw: Mapping[str, Any]) -> Source:
    def worded(given: str | None, defaults: Mapping[str, str]) -> str:
        default = defaults.get(raw["language"].partition("-")[0], defaults["en"])
        return (default if given is None else given).replace("{title}", raw["title"])

    terms, layout = raw["terms"], raw["layout"]
    return Source(
        id=raw["id"],
        title=raw["title"],
        home=raw["home"],
        listings=tuple(raw["listings"]),
        language=raw["language"],
        timezone=raw["timezone"],
        terms=Terms(worded(terms["wording"], WORDING), terms["block"], worded(terms["rights"], RIGHTS)),
        layout=None if layout is None else Layout(**{k: _tuple(v) for k, v in layout.items()}),
        description=worded(raw["description"], DESCRIPTION),
        email=raw["email"],
        icon=raw["icon"],
        logo=raw["logo"],
        formerly=tuple(h.removeprefix("www.") for h in raw["formerly"]),
        topics=tuple(Topic(t["id"], t["title"], tuple(t["keywords"]), tuple(t["categories"])) for t in raw["feed"]),
    )


def _tuple(value: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)
