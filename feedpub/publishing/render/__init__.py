"""Feed → bytes, one file for each format. Sole holder of feedgen."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from feedpub.kinds import Kind

if TYPE_CHECKING:
    from feedpub.content import Feed


def render(kind: Kind, feed: Feed, own_url: str) -> bytes:
    """Return the feed as a file of this kind, to be published at ``own_url``."""
    module, _, function = kind.renderer.partition(":")
    # Imported here: most runs render nothing, and feedgen is slow to import.
    data: bytes = getattr(import_module(f"{__name__}.{module}"), function)(feed, own_url)
    return data
