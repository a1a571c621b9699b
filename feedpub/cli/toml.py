"""Values → TOML, for the commands that print or write a configuration."""

from __future__ import annotations

import json
from typing import Any

from feedpub.cli.speech import is_shown


def toml_value(value: Any) -> str:
    """Return a string, a number, a yes or no, or a list of these as TOML has it."""
    if isinstance(value, list):
        return f"[{', '.join(map(toml_value, value))}]"
    return toml_string(value) if isinstance(value, str) else json.dumps(value)


def toml_string(value: str) -> str:
    """Return a TOML string, with TOML's escapes for what cannot be shown. JSON's strings are TOML's too."""
    whole = value.encode("utf-8", "ignore").decode()  # TOML knows no half of a character
    return "".join(c if is_shown(c) else f"\\U{ord(c):08x}" for c in json.dumps(whole, ensure_ascii=False))
