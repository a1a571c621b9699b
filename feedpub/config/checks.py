"""The checks of config.toml's values, one function each.

A check takes a value of the right type. It returns what is wrong with the value, or None if nothing is.
The reader puts the line, the table and the key before that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from feedpub import postgres_url
from feedpub.config import spelling
from feedpub.model import ABOUT, REGION

Check = Callable[[Any], str | None]

ID = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")  # names a folder and is part of addresses
# No other name without a dot is published beside the sources' own.
FOLDERS_OF_ALL = {ABOUT: "the page about all pages", REGION: "the regions' pages"}
LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")  # BCP 47, without the rare forms
EMAIL = re.compile(r"[^\s@()<>]+@[^\s@()<>]+\.[^\s@()<>]+")
PLACEHOLDER = re.compile(r"(?:^|\.)example(?:\.(?:org|com|net))?$")  # a host
STATE = re.compile(r"sqlite:///.+")
OLD_KYIV = "Europe/Kiev"  # the zone's former name, which still works
HOW_OFTEN = re.compile("[1-9][0-9]{0,3}[mhd]")
KEYWORD = re.compile(r"\s*\w[\w'’ʼ-]*\*?(?:\s+\w[\w'’ʼ-]*\*?)*\s*")

QUOTED = re.compile(r"\\.|\"[^\"]*\"|'[^']*'")  # in a selector: what is no syntax
NAMESPACE = re.compile(r"\|(?!=)")
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # XML 1.0 forbids them, so lxml does too

DIRECTIVES = "dmBbYyHIMSpAaR*"  # of a date format, in the order in which a message names them
SAME_PART = {"b": "B", "a": "A", "y": "Y", "I": "H"}  # two directives for one part of a date
BUCKET = re.compile(r"s3://[a-z0-9][a-z0-9.-]+[a-z0-9](?:/[A-Za-z0-9][A-Za-z0-9._-]*)*/?")
TEXTFILE = re.compile(r"[^/]\.prom$")
IN_LANGUAGE = re.compile(r"(?<=%)\{[a-z]{2,3}\}(?=[BbAapdmYyH])")  # «%{es}B»: a month's name in Spanish


def redacted(value: object) -> str:
    """Return the value as written, without a password that an address in it contains."""
    return re.sub(r"(?<=//)\S+@", "…@", repr(value))


def not_empty(value: str) -> str | None:
    return None if value.strip() else "must not be empty"


@dataclass(frozen=True, slots=True)
class Between:
    """A check of numbers, both ends included."""

    low: float
    high: float

    def __call__(self, value: float) -> str | None:
        if self.low <= value <= self.high:
            return None
        return f"must be between {self.low:g} and {self.high:g}"


# ------------------------------------------------------------ addresses


def http_address(value: str) -> str | None:
    try:
        parts = urlsplit(value)
        is_http = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # a port out of range, or brackets that do not close
        is_http = False
    if not is_http or re.search(r"\s", value) or not spelling.is_address(value):
        return "must be an http(s) address"
    if "@" in parts.netloc:  # feeds, messages and logs would show it
        return "must not contain a user name or a password"
    return None


def http_addresses(values: list[str]) -> str | None:
    return _first_problem(http_address, values) if values else "must name at least one address"


def hub_addresses(values: list[str]) -> str | None:
    return _first_problem(http_address, values)


def base_address(value: str) -> str | None:
    problem = http_address(value)
    if problem is None and urlsplit(value).query:
        return "must not have a query"
    if problem is None and urlsplit(value).fragment:
        return "must not have a fragment (#…)"
    return problem


def place_address(value: str) -> str | None:
    """A folder may have any name; what looks like an address must be a bucket's."""
    if "://" not in value or BUCKET.fullmatch(value):
        return not_empty(value)
    if re.match(r"s3://[^/]*[@:?]", value):  # feeds, messages and logs would show it
        return "must not contain a key or a password: they come from the environment, as AWS_ACCESS_KEY_ID"
    return "must be a folder, or a bucket: s3://BUCKET/PREFIX, in letters, digits, dots and dashes"


def folder(value: str) -> str | None:
    return not_empty(value) if "://" not in value else "must be a folder of this machine"


def textfile(value: str) -> str | None:
    if "://" in value or not TEXTFILE.search(value):
        return "must be a file of this machine that ends with .prom: node_exporter reads no other"
    return None


def contact_address(value: str) -> str | None:
    if value.startswith("mailto:") or http_address(value) is None:
        return None
    return "must be an address where the council can reach you: https://… or mailto:…"


def state_address(value: str) -> str | None:
    if value.startswith(("postgresql:", "postgres:")):
        is_clear = postgres_url.PATTERN.fullmatch(value) is not None
        return None if is_clear else "must be postgresql://USER@HOST/DATABASE, with %XX for signs such as @ : / # ?"
    if STATE.fullmatch(value):
        return None
    files = "sqlite:///FILE (relative to this file) or sqlite:////absolute/FILE"
    return f"must be {files}, or postgresql://USER@HOST/DATABASE"


def is_placeholder(value: str) -> bool:
    """Whether an address is an example's, and nobody's own (RFC 2606)."""
    host = value.rpartition("@")[2] if value.startswith("mailto:") else urlsplit(value).hostname or ""
    return PLACEHOLDER.search(host.lower().rstrip(".")) is not None


def email_address(value: str) -> str | None:
    return None if EMAIL.fullmatch(value) else "must be an e-mail address"


def host_names(values: list[str]) -> str | None:
    return _first_problem(_host_name, values)


def _host_name(value: str) -> str | None:
    if spelling.site_name(value):
        return None
    return f"{redacted(value)} is not a host name; write it alone, such as 'old.example.org'"


# ------------------------------------------------------------ names


def short_id(value: str) -> str | None:
    if ID.fullmatch(value):
        return None
    return "may contain only a-z, 0-9 and -, with no - at either end"


def source_id(value: str) -> str | None:
    """A source's folder stands beside what is published of all sources."""
    taken = FOLDERS_OF_ALL.get(f"{value}/")
    if taken:
        return f"{redacted(value)} is the folder of {taken}; take another, such as '{value}-rada'"
    return short_id(value)


def language_tag(value: str) -> str | None:
    if value.lower() == "ua":
        return "'ua' is a country; the language is 'uk'"
    return None if LANGUAGE.fullmatch(value) else "must be a language tag, such as 'uk'"


def language_codes(values: list[str]) -> str | None:
    return _first_problem(_language_code, values) if values else "must name at least one language, such as 'uk'"


def _language_code(value: str) -> str | None:
    if re.fullmatch("[a-z]{2,3}", value):
        return language_tag(value)
    return f"{redacted(value)} is not a language's code; write it in lower case and without a region, such as 'uk'"


def how_often(value: str) -> str | None:
    """Check ``every``: the words of ``collecting.rhythm``."""
    if value in ("run", "auto") or HOW_OFTEN.fullmatch(value):
        return None
    return "must be 'run' (at every run), 'auto' (as often as it publishes) or a time such as '30m', '6h' or '1d'"


def time_zone(value: str) -> str | None:
    from zoneinfo import ZoneInfo, available_timezones

    try:
        ZoneInfo(value)
    except (ValueError, OSError, KeyError):
        if not available_timezones():
            return "cannot be looked up: this machine has no time zone database; `pip install tzdata` brings one"
        return f"{redacted(value)} is not a time zone; {_zone_meant(value, available_timezones())}"
    return None


def _zone_meant(value: str, zones: Iterable[str]) -> str:
    import difflib  # only where a zone is misspelt

    zones_by_city = {zone.rpartition("/")[2]: zone for zone in sorted(zones) if zone != OLD_KYIV}
    cities = difflib.get_close_matches(value.rpartition("/")[2], [*zones_by_city, "Kiev"], 1)
    if not cities:
        return "use a name such as 'Europe/Kyiv'"
    return f"did you mean '{zones_by_city.get(cities[0], 'Europe/Kyiv')}'?"


# ------------------------------------------------------------ the council's terms, topics


def attribution_wording(value: str) -> str | None:
    if value.count("{link}") != 1:
        return "must contain {link} exactly once: the council's hyperlink goes there"
    names = re.findall(r"\{(\w*)\}", value)
    others = [name for name in names if name not in ("link", "title")]
    if others:
        return f"may contain {{link}} and {{title}}, not {{{others[0]}}}"
    return None


def keyword_list(values: list[str]) -> str | None:
    return _first_problem(_keyword, values)


def _keyword(value: str) -> str | None:
    if KEYWORD.fullmatch(value):
        return None
    return f"{redacted(value)} is neither a word nor a phrase; the only sign allowed is * at the end of a word"


# ------------------------------------------------------------ a layout: one value or several


def css_selectors(value: str | list[str]) -> str | None:
    return _first_problem(_css_selector, _as_list(value))


@lru_cache(maxsize=1024)  # many councils have the same layout
def _css_selector(selector: str) -> str | None:
    from cssselect import HTMLTranslator, SelectorError

    try:
        HTMLTranslator().css_to_xpath(selector)
    except (SelectorError, ValueError, RecursionError) as error:  # too large a number, or too deep a nesting
        return f"{selector!r} is not a CSS selector: {error}"
    if UNPRINTABLE.search(selector):
        return f"{selector!r} contains a control character, and pages contain none"
    if NAMESPACE.search(QUOTED.sub("", selector)):
        return f"{selector!r} names a namespace, and pages have none"
    return None


def date_formats(value: str | list[str]) -> str | None:
    return _first_problem(_date_format, _as_list(value))


def _date_format(form: str) -> str | None:
    plain = IN_LANGUAGE.sub("", form)
    directives = re.findall("%(.?)", plain)
    unknown = [d for d in directives if d not in {*DIRECTIVES, "%"}]
    if unknown:
        known = " ".join(f"%{d}" for d in DIRECTIVES)
        return f"{form!r} has %{unknown[0]}; known are {known}"
    parts = [SAME_PART.get(d, d) for d in re.findall("%([dmYyHIMpBbAa])", plain)]
    if len(set(parts)) < len(parts):
        return f"{form!r} names a part of the date twice"
    if form.count("%R") > 1:
        return f"{form!r} names an age twice"
    has_date = re.search("%d", plain) and re.search("%[mBb]", plain)
    if "%R" not in form and not has_date:
        return f"{form!r} needs a day and a month"
    return None


def _as_list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _first_problem(check: Check, values: Iterable[str]) -> str | None:
    return next(filter(None, map(check, values)), None)
