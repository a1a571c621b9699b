"""restore: put a backup in the place of the state."""

from __future__ import annotations

import argparse
from pathlib import Path

from feedpub.cli import FINE
from feedpub.cli.session import clock, loaded, say_try_later
from feedpub.cli.speech import Speech, show
from feedpub.errors import ConfigError
from feedpub.store import Busy, sole_run
from feedpub.store.saving import put_back


def command(args: argparse.Namespace, speech: Speech) -> int:
    settings, file = loaded(args), args.file
    state = settings.state
    if not isinstance(state, Path):
        raise ConfigError([
            f"{state}: a state on a server is not replaced; copy the backup into an empty database with"
            " `feedpub state copy sqlite:///FILE TO`, and name that as url in [state]"
        ])  # fmt: skip
    with sole_run(state, clock) as turn:
        if isinstance(turn, Busy):
            return say_try_later(settings, turn, speech)
        kept = put_back(file, state, clock())
    show([f"{state}: is now what {file} was. The next `feedpub run` takes over what was published since."])
    if kept:
        show([f"The old state is kept as {kept.name}."])
    return FINE
