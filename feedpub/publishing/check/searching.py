"""The rules of a month's search index: what it names is there, and leads to the council."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from feedpub.content import Problem
from feedpub.publishing.check.markup import INVISIBLE, direction_rules, is_absolute
from feedpub.publishing.check.read import Unreadable, parse_json

INDEX = "the index"


def search_problems(data: bytes, _block: int) -> Iterator[Problem]:
    """Yield the problems of a search index."""
    index = parse_json(data)
    try:
        items, categories, endings, words = (index[key] for key in ("items", "categories", "endings", "words"))
        for item in items:
            yield from _item_problems(item, len(categories))
        if not items:
            yield Problem(INDEX, "names no items")
        if any(not 0 <= place < len(endings) for _, place, _ in words):
            yield Problem(INDEX, "has a word without endings")
        if any(not 0 <= number < len(items) for _, _, numbers in words for number in numbers):
            yield Problem(INDEX, "finds an item that it does not name")
    except (TypeError, KeyError, ValueError) as error:
        raise Unreadable(f"is no index of items: {error!r}") from error


def _item_problems(item: list[Any], categories: int) -> Iterator[Problem]:
    _, _, title, url, numbers = item
    name = str(url)
    if not str(title).strip():
        yield Problem(name, "has no title")
    if not is_absolute(name):
        yield Problem(name, "is linked by no absolute address")
    if INVISIBLE.search(str(title)):
        yield Problem(name, "is titled with an invisible character")
    yield from (Problem(name, message) for message in direction_rules(str(title)))
    if any(not 0 <= number < categories for number in numbers):
        yield Problem(name, "has a category that is not named")
