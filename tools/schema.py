"""The table of keys → a JSON schema (draft 2020-12), by which an editor completes and checks a config.toml.

It refuses nothing that feedpub takes. feedpub refuses more than it, such as a selector that is none.
"""

from __future__ import annotations

import json
from typing import Any

from feedpub.config import checks
from feedpub.config.keys import OF_ALL, REQUIRED, TABLES, Key
from tools.manual import ROOT, about_keys, about_table

FILE = ROOT / "feedpub" / "config" / "config.schema.json"
TYPES = {bool: "boolean", str: "string", int: "integer", float: "number", list: "array", dict: "object"}
ADDRESS = r"^[Hh][Tt][Tt][Pp][Ss]?://\S+$"
FILLED = {"pattern": r"\S"}
FORMS: dict[checks.Check | None, dict[str, Any]] = {  # what a schema can say of a check
    checks.not_empty: FILLED,
    checks.time_zone: FILLED,
    checks.http_address: {"pattern": ADDRESS},
    checks.base_address: {"pattern": ADDRESS},
    checks.http_addresses: {"items": {"pattern": ADDRESS}, "minItems": 1},
    checks.hub_addresses: {"items": {"pattern": ADDRESS}},
    checks.host_names: {"items": FILLED},
    checks.contact_address: {"pattern": rf"^mailto:|{ADDRESS}"},
    checks.email_address: {"pattern": f"^{checks.EMAIL.pattern}$"},
    checks.place_address: {"anyOf": [{"pattern": f"^{checks.BUCKET.pattern}$"}, {"not": {"pattern": "://"}, **FILLED}]},
    checks.folder: {"not": {"pattern": "://"}, **FILLED},
    checks.textfile: {"pattern": checks.TEXTFILE.pattern, "not": {"pattern": "://"}},
    checks.state_address: {"pattern": "^sqlite:///.|^postgres(?:ql)?://"},
    checks.short_id: {"pattern": f"^{checks.ID.pattern}$"},
    checks.source_id: {
        "pattern": f"^{checks.ID.pattern}$",
        "not": {"enum": [folder.rstrip("/") for folder in checks.FOLDERS_OF_ALL]},
    },
    checks.language_tag: {"pattern": f"^{checks.LANGUAGE.pattern}$", "not": {"pattern": "^[Uu][Aa]$"}},
    checks.language_codes: {"items": {"pattern": "^[a-z]{2,3}$", "not": {"const": "ua"}}, "minItems": 1},
    checks.how_often: {"anyOf": [{"enum": ["run", "auto"]}, {"pattern": f"^{checks.HOW_OFTEN.pattern}$"}]},
    checks.attribution_wording: {"pattern": r"\{link\}"},
    checks.keyword_list: {"items": FILLED},
}
IS_WHOLE = {"anyOf": [{"required": [table]} for table in ("publish", "fetch", "state", "defaults")]}


def text() -> str:
    """Return the schema as it is in the file."""
    return json.dumps(_schema(), ensure_ascii=False, indent=2) + "\n"


def _schema() -> dict[str, Any]:
    inner = {kind: _table(kind) for kind in TABLES if kind}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The configuration of feedpub: config.toml, or the file of one council in sources.d",
        **_table(""),
        "if": IS_WHOLE,
        "then": {
            "required": _required(""),
            "allOf": [_wanted_unless_alike(name) for name in OF_ALL if _is_wanted(name)],
        },
        "else": {"required": ["source"], "properties": {"source": {"minItems": 1, "maxItems": 1}}},
        "$defs": inner,
    }


def _table(kind: str) -> dict[str, Any]:
    meanings = about_keys("source" if kind == "defaults" else kind) if kind else {}
    properties = {name: _key(name, key, meanings.get(name)) for name, key in TABLES[kind].items()}
    table = {"type": "object", "properties": properties, "additionalProperties": False}
    description = about_table(kind) if kind else None
    if description:
        table["description"] = description
    if kind in ("", "defaults"):  # of the whole file, which has two forms; [defaults] needs no key
        return table
    required = [name for name in _required(kind) if name not in OF_ALL]
    if required:
        table["required"] = required
    if kind == "feed":
        table["anyOf"] = [
            {"properties": {key: {"minItems": 1}}, "required": [key]} for key in ("keywords", "categories")
        ]
    return table


def _key(name: str, key: Key, meaning: str | None) -> dict[str, Any]:
    if name in TABLES:
        table = {"$ref": f"#/$defs/{name}"}
        return {"type": "array", "items": table} if key.is_of_tables else table
    found: dict[str, Any] = {} if meaning is None else {"description": meaning}
    found |= _type(key) | form(key.check)
    if key.default not in (REQUIRED, None, "", []):  # the last three are said by leaving the key out
        found["default"] = key.default
    return found


def _type(key: Key) -> dict[str, Any]:
    types = key.type if isinstance(key.type, tuple) else (key.type,)
    names = ["number"] if float in types else [TYPES[one] for one in types]
    found: dict[str, Any] = {"type": names[0] if len(names) == 1 else names}
    return {**found, "items": {"type": "string"}} if list in types else found


def form(check: checks.Check | None) -> dict[str, Any]:
    """Return what a schema can say of a check; {} where that is nothing."""
    if isinstance(check, checks.Between):
        return {"minimum": check.low, "maximum": check.high}
    form = FORMS.get(check, {})
    return {**form, "items": {"type": "string", **form["items"]}} if "items" in form else form


def _required(kind: str) -> list[str]:
    return [name for name, key in TABLES[kind].items() if key.default is REQUIRED]


def _is_wanted(name: str) -> bool:
    return TABLES["source"][name].default is REQUIRED


def _wanted_unless_alike(name: str) -> dict[str, Any]:
    """Return that each source needs a key, unless [defaults] has it. A council's own file cannot know that."""
    return {
        "if": {"not": {"properties": {"defaults": {"required": [name]}}, "required": ["defaults"]}},
        "then": {"properties": {"source": {"items": {"required": [name]}}}},
    }
