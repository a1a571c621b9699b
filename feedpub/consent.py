"""A person's consent to what stopped a run: a short code, made of all that the stop named. Pure."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable

LENGTH = 10  # letters and digits, 50 bits: nobody finds other findings with the same code in a day
HOST = "another host"  # the objection to a host that is not known as the council's own
LOSS = "items that cannot be read again"  # the objection to go on without them


def code_of(source: str, objection: str, named: Iterable[str]) -> str:
    """Return the code of an objection to findings of a source. Others of the same kind have another code."""
    shown = json.dumps([source, objection, sorted(set(named))])
    digest = hashlib.sha256(shown.encode()).digest()
    return base64.b32encode(digest).decode().lower()[:LENGTH]
