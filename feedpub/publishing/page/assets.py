"""The templates, and what each page carries with it: its style, its script, and the policy that allows these alone."""

from __future__ import annotations

import hashlib
import sys
from base64 import b64encode
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemBytecodeCache, PackageLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Assets:
    """What a page holds of ours. Its policy allows that and nothing else."""

    style: str
    script: str = ""  # "": it has none
    is_loading: bool = False  # whether the script loads files from where the page is


LISTS = Assets("style.css", "page.js")
SEARCHING = Assets("style.css", "search.js", is_loading=True)
PICTURELESS = Assets("pictureless.css", "page.js")
READING = Assets("reading.css", "reading.js")


class Compiled(FileSystemBytecodeCache):
    """Compiled templates beside their sources, as Python keeps compiled modules; nowhere, where it may not write."""

    def load_bytecode(self, bucket: Bucket) -> None:
        try:
            super().load_bytecode(bucket)
        except Exception:  # a file that a power cut has broken makes pickle raise anything
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            Path(self.directory).mkdir(exist_ok=True)
            super().dump_bytecode(bucket)


COMPILED = Path(__file__).parent / "templates" / "__pycache__"  # to compile all takes a quarter of a run with news


@lru_cache
def templates() -> Environment:
    return Environment(
        loader=PackageLoader("feedpub.publishing.page"),
        bytecode_cache=None if sys.dont_write_bytecode else Compiled(str(COMPILED)),
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
    style = _digest(asset(assets.style))
    script = f" script-src {_digest(asset(assets.script))};" if assets.script else ""
    pictures = "'self' data:" if has_pictures else "data:"  # the latter is the page's icon
    loading = " connect-src 'self';" if assets.is_loading else ""
    return (
        f"default-src 'none'; img-src {pictures}; style-src {style};{script}{loading} base-uri 'none';"
        " form-action 'none'"
    )


@lru_cache
def policy_of_style(name: str) -> str:
    """Return what a page may load that has a style and no script."""
    return f"default-src 'none'; img-src data:; style-src {_digest(asset(name))}; base-uri 'none'; form-action 'none'"


def _digest(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
