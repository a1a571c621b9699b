"""Newer versions of feedpub. Each reads the same page in another way than the one before, which is no edit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from feedpub import layout
from feedpub.collecting import normalize
from feedpub.content import Article


@contextmanager
def of_edition(number: int) -> Iterator[None]:
    """Let feedpub be of an edition until the context ends. 0 is the code as it is; odd ones read no categories."""
    normalizing: Any = normalize  # whose function is put aside for a while
    reading, make_article = layout.READING, normalize.make_article

    def without_categories(*args: Any) -> Article:
        return replace(make_article(*args), categories=())

    layout.READING = reading + number
    if number % 2:
        normalizing.make_article = without_categories
    try:
        yield
    finally:
        layout.READING, normalizing.make_article = reading, make_article
