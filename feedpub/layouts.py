"""What is configured of a layout and what was learnt, put together. Without lxml, so that every run may do it."""

from __future__ import annotations

import hashlib
from dataclasses import fields

from feedpub.model import Layout

NEEDED = ("item", "link", "title", "date", "body", "date_formats")  # without these, a site cannot be read


def merged(configured: Layout | None, learnt: Layout | None) -> Layout:
    """The layout to go by: each key as configured, else as learnt."""
    known = [layout for layout in (configured, learnt) if layout]
    return Layout(**{f.name: next((v for k in known if (v := getattr(k, f.name))), ()) for f in fields(Layout)})


def is_complete(layout: Layout | None) -> bool:
    """Whether a site can be read by it, without anything being learnt."""
    return layout is not None and all(getattr(layout, key) for key in NEEDED)


def fingerprint(layout: Layout) -> str:
    """Changes with the layout, and so with what is read off the same page."""
    return hashlib.sha256(repr(layout).encode()).hexdigest()[:16]
