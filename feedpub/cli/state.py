"""state: copy the whole state to another place."""

from __future__ import annotations

import argparse
from pathlib import Path

from feedpub.cli import FINE
from feedpub.cli.session import clock
from feedpub.cli.speech import Speech, show
from feedpub.config.checks import state_address
from feedpub.errors import ConfigError
from feedpub.postgres_url import Place, place_of
from feedpub.store.transfer import transfer


def command(args: argparse.Namespace, speech: Speech) -> int:
    origin, target = _places(args.origin, args.target)
    counts = transfer(origin, target, clock)
    line = f"{counts['source']} sources with {counts['item']} items were copied from {origin} to {target}."
    show([f"{line} Name it as url in [state]; the old state is left as it was."])
    return FINE


def _places(*urls: str) -> list[Place]:
    """Return the places. A file is relative to the present folder."""
    problems = [f"state copy: the address {problem}" for problem in map(state_address, urls) if problem]
    if problems:
        raise ConfigError(problems)
    if len(set(urls)) < len(urls):
        raise ConfigError([f"state copy: FROM and TO are the same: {place_of(urls[0], Path())}; name another TO"])
    return [place_of(url, Path()) for url in urls]
