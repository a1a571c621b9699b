"""backup: write the whole state into one file."""

from __future__ import annotations

import argparse
from pathlib import Path

from feedpub.cli import FINE
from feedpub.cli.session import explaining_damage, loaded
from feedpub.cli.speech import Speech
from feedpub.config import Config
from feedpub.errors import ConfigError
from feedpub.store.saving import save


def command(args: argparse.Namespace, speech: Speech) -> int:
    settings, file = loaded(args), args.file
    _require_unpublished(settings, file)
    with explaining_damage(settings.state):
        save(settings.state, file)
    size = file.stat().st_size / 1_000_000
    speech.note(f"{file}: has the whole state, {size:.1f} MB; `feedpub restore FILE` puts it back")
    return FINE


def _require_unpublished(settings: Config, file: Path) -> None:
    """Raise ConfigError if readers could have the file: a backup has all that was ever withdrawn since."""
    to = settings.publish.to
    if isinstance(to, Path) and file.resolve().is_relative_to(to.resolve()):
        raise ConfigError(
            [f"{file}: is in the folder of [publish] to, and a web server would show it; name a file outside"]
        )
