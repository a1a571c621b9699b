"""Items as lines of JSON: the rules of an archive's dump."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from feedpub.content import Problem
from feedpub.publishing.check.feeds import item_problems
from feedpub.publishing.check.read import Unreadable, parse_json, read_json_item


def dump_problems(data: bytes, block: int) -> Iterator[Problem]:
    """Yield the problems of items in lines of JSON, the oldest first, each with its own terms."""
    ids: set[str] = set()
    latest: datetime | None = None
    for n, line in enumerate(data.decode(errors="replace").splitlines(), 1):
        try:
            value = _parse_object(line)
        except Unreadable as error:
            yield Problem(f"line {n}", str(error))
            continue
        item = read_json_item(value)
        yield from item_problems(item, block, ids)
        ids.add(item.id)
        if not value.get("rights"):
            yield Problem(item.name, "does not state the terms (rights)")
        date = item.published.moment
        if latest and date and date < latest:
            yield Problem(item.name, "is older than the line before it")
        latest = date or latest


def _parse_object(line: str) -> Mapping[str, Any]:
    value = parse_json(line)
    if not isinstance(value, dict):
        raise Unreadable("is no object")
    return value
