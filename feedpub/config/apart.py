"""Folders that must not hold each other: what readers see, what the operator sees, and what nobody else may see."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from feedpub.config.reader import Reader
from feedpub.errors import ConfigError
from feedpub.postgres_url import Place

SHOWN = "a web server would show it"


def keep_apart(publish: Mapping[str, Any], state: Place, watch: Mapping[str, Any], reader: Reader) -> None:
    """Raise ConfigError where others would see the state, the configuration or how the sources are.

    The tables have their values, with paths made absolute.
    """
    published = publish["to"]
    if isinstance(published, Path):
        _keep_out("publish", published, state, reader)
    if watch["to"] is not None:
        _keep_out("watch", watch["to"], state, reader)
        if not reader.problems:  # of one folder, one thing that is wrong is enough
            _keep_beside(watch["to"], published, reader)
    if watch["textfile"] is not None and isinstance(published, Path):
        file, public = watch["textfile"].resolve(), published.resolve()
        if file.is_relative_to(public):
            reader.report("watch", "textfile", f"is in {public}, the folder of [publish] to, and {SHOWN}")
    if reader.problems:
        raise ConfigError(reader.problems)


def _keep_out(table: str, folder: Path, state: Place, reader: Reader) -> None:
    """Report that a folder which others may see holds this file or the state."""
    shown = folder.resolve()
    if reader.path.resolve().is_relative_to(shown):
        reader.report(table, "to", f"is {shown}, with this file in it, and {SHOWN}; name another")
    elif isinstance(state, Path) and state.resolve().is_relative_to(shown):
        reader.report("state", "url", f"is in {shown}, the folder of [{table}] to, and {SHOWN}; keep it outside")


def _keep_beside(folder: Path, published: Path | str, reader: Reader) -> None:
    """Report that the operator's folder is in the published one, or above it."""
    if isinstance(published, str):
        return
    own, public = folder.resolve(), published.resolve()
    if own.is_relative_to(public):
        reader.report("watch", "to", f"is in {public}, the folder of [publish] to, and {SHOWN}; name one beside it")
    elif public.is_relative_to(own):
        reader.report("watch", "to", f"is {own}, above {public}, the folder of [publish] to; name one beside that")
