"""The templates, and what each page carries with it: its style, its script, and the policy that allows these alone."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from dataclasses import dataclass
from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Assets:
    """What a page holds of ours. Its policy allows that and nothing else."""

    style: str
    script: str
    is_loading: bool = False  # whether the script loads files from where the page is


LISTS = Assets("style.css", "page.js")
SEARCHING = Assets("style.css", "search.js", is_loading=True)
PICTURELESS = Assets("pictureless.css", "page.js")
READING = Assets("reading.css", "reading.js")


@lru_cache
def templates() -> Environment:
    return Environment(
        loader=PackageLoader("feedpub.publishing.page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


@lru_cache
def asset(name: str) -> Markup:
    """Return a style or a script, as the page holds it: our own text, with nothing of anybody else's in it."""
    return Markup(templates().get_template(name).render().strip())  # noqa: S704 - our own file


@lru_cache
def policy(assets: Assets, *, has_pictures: bool) -> str:
    """Return what the page may load and run (Content Security Policy): its style, its script, pictures."""
    style, script = (_digest(asset(name)) for name in (assets.style, assets.script))
    pictures = "'self' data:" if has_pictures else "data:"  # the latter is the page's icon
    loading = " connect-src 'self';" if assets.is_loading else ""
    return (
        f"default-src 'none'; img-src {pictures}; style-src {style}; script-src {script};{loading} base-uri 'none';"
        " form-action 'none'"
    )


def _digest(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
