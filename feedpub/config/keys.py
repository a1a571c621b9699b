"""The keys of config.toml: a row for each key of each table.

To add a key, add a row here, and a field of the same name to the class that holds the table's values. That is
``Publish``, ``Fetch`` or ``Watch`` in ``feedpub.config``; or ``Source``, ``Topic``, ``Terms`` or ``Layout`` in
``feedpub.model``. Describe it in docs/manual.md. Then ``python -m tools`` writes ``config.schema.json`` again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from typing import Any, Final

from feedpub.config import checks, spelling
from feedpub.config.checks import Check
from feedpub.layout import Layout

REQUIRED: Final = object()  # as a default: the key must be there


@dataclass(frozen=True, slots=True)
class Key:
    """What the value of a key may be, and how it is used."""

    type: type | tuple[type, ...]
    check: Check | None = None
    default: Any = REQUIRED  # as it would be written in the file; None: there is no value
    convert: Callable[[Any], Any] | None = None  # a checked value → the field's; None: the field has it as written
    is_of_tables: bool = False  # a list of tables, not of strings


def to_tuple(value: str | Iterable[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


# Not a selector, unlike all other keys of a layout. The words of a page's frame may be any text.
WORDS = dict.fromkeys(("fixed", "ends", "title_fixed"))
LAYOUT_CHECKS: dict[str, Check | None] = {"date_formats": checks.date_formats, **WORDS}

TABLES: dict[str, dict[str, Key]] = {
    "": {
        "publish": Key(dict),
        "state": Key(dict, default={}),
        "fetch": Key(dict),
        "watch": Key(dict, default={}),
        "defaults": Key(dict, default={}),
        "source": Key(list, default=[], is_of_tables=True),
    },
    "publish": {
        "to": Key(str, checks.place_address, convert=spelling.without_slash),
        "base_url": Key(str, checks.base_address, convert=spelling.with_slash),
        "items": Key(int, checks.Between(1, 500), default=50),
        "publisher": Key(str, checks.not_empty, default=""),
        "email": Key(str, checks.email_address, default=None),
        "hubs": Key(list, checks.hub_addresses, default=[], convert=spelling.one_spelling_each),
        "thumbnails": Key(int, checks.Between(0, 1000), default=100),
    },
    "state": {
        "url": Key(str, checks.state_address, default="sqlite:///feedpub.db"),
    },
    "fetch": {
        "contact": Key(str, checks.contact_address, convert=spelling.contact),
        "delay": Key((int, float), checks.Between(0, 3600), default=1.0, convert=float),
        "budget": Key(int, checks.Between(10, 100_000), default=1000),
        "hosts_at_once": Key(int, checks.Between(1, 512), default=64),
        "minutes": Key((int, float), checks.Between(1, 1440), default=50, convert=float),
        "private": Key(bool, default=False),
    },
    "watch": {
        "ping": Key(str, checks.http_address, default=None),
        "to": Key(str, checks.folder, default=None),
        "textfile": Key(str, checks.textfile, default=None),
    },
    "source": {
        "id": Key(str, checks.source_id),
        "title": Key(str, checks.not_empty),
        "home": Key(str, checks.http_address, convert=spelling.one_spelling),
        "listings": Key(list, checks.http_addresses, convert=spelling.one_spelling_each),
        "language": Key(str, checks.language_tag),
        "languages": Key(list, checks.language_codes, default=[], convert=to_tuple),
        "timezone": Key(str, checks.time_zone),
        "layout": Key(dict, default=None),
        "terms": Key(dict, default={}),
        "description": Key(str, checks.not_empty, default=None),
        "email": Key(str, checks.email_address, default=None),
        "icon": Key(str, checks.http_address, default=None, convert=spelling.one_spelling),
        "logo": Key(str, checks.http_address, default=None, convert=spelling.one_spelling),
        "formerly": Key(list, checks.host_names, default=[], convert=spelling.hosts_without_www),
        "hosts": Key(list, checks.host_names, default=[], convert=spelling.hosts_without_www),
        "every": Key(str, checks.how_often, default="run"),
        "region": Key(str, checks.not_empty, default=""),
        "feed": Key(list, default=[], is_of_tables=True),
    },
    "feed": {
        "id": Key(str, checks.short_id),
        "title": Key(str, checks.not_empty),
        "keywords": Key(list, checks.keyword_list, default=[], convert=to_tuple),
        "categories": Key(list, default=[], convert=to_tuple),
    },
    "terms": {
        "wording": Key(str, checks.attribution_wording, default=None),
        "block": Key(int, checks.Between(1, 2), default=2),
        "rights": Key(str, checks.not_empty, default=None),
    },
    "layout": {
        field.name: Key((str, list), LAYOUT_CHECKS.get(field.name, checks.css_selectors), default=[], convert=to_tuple)
        for field in fields(Layout)
    },
}

# What all sources may have alike. A source's own key goes before.
OF_ALL = ("language", "languages", "timezone", "terms", "every", "region")
TABLES["defaults"] = {name: replace(TABLES["source"][name], default=None, convert=None) for name in OF_ALL}

# What a source says where the file leaves a text out, by key and language; English for all other languages.
# {title} becomes the council's name, in these texts and in those of the file.
DEFAULT_TEXTS = {
    "wording": {"uk": "Джерело: {title}, {link}", "en": "Source: {title}, {link}"},
    "rights": {
        "uk": "© {title}. Передрук, повний чи частковий, дозволено з активним прямим гіперпосиланням на першоджерело"
        " не нижче другого абзацу.",
        "en": "© {title}. Republishing in whole or in part is allowed with an active, direct hyperlink to the source"
        " no lower than the second paragraph.",
    },
    "description": {"uk": "Новини: {title}", "en": "News: {title}"},
}
