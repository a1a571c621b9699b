"""serve: the published folder over HTTP, for a look and for small sites."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import suppress

from feedpub import config
from feedpub.cli import FINE
from feedpub.cli.speech import Speech, config_path
from feedpub.config import Config
from feedpub.errors import PublishError
from feedpub.kinds import PAGE, Part, feeds_in
from feedpub.publishing.serve import Site, listen, url_of
from feedpub.publishing.serve import serve as answer


def command(args: argparse.Namespace, speech: Speech) -> int:
    """Serve until Ctrl-C or SIGTERM, which is how a server ends: 0, as service managers expect."""
    settings = config.load(config_path(args.config))
    folder = settings.publish.to
    if not folder.is_dir():
        raise PublishError(f"{folder}: there is no such folder: nothing is published yet; `feedpub run` does it")
    with listen(args.host, args.port) as listener, suppress(KeyboardInterrupt):
        base_url = url_of(*listener.getsockname()[:2])
        if not args.quiet:
            _introduce(settings, base_url)
        answer(Site(folder, time.time, speech.detail, speech.error), listener)
    return FINE


def _introduce(settings: Config, base_url: str) -> None:
    """Print what can be opened, and where."""
    names = list(_worth_opening(settings))
    print(f"{settings.publish.to} is served until Ctrl-C:")
    for name in names:
        print(f"  {base_url}{name}")
    if not names:
        print("  nothing yet: `feedpub run` publishes")
    if base_url != settings.publish.base_url:
        print(f"The files themselves name {settings.publish.base_url} (base_url), not this address.")
    sys.stdout.flush()  # before it waits: somebody may read along


def _worth_opening(settings: Config) -> Iterator[str]:
    """Yield the pages; for a source that has none, its feeds."""
    folder = settings.publish.to
    for name in ("", *(f"{s.id}/" for s in settings.sources)):
        if (folder / name / PAGE.name).is_file():
            yield name
        else:
            feeds = [kind.name for kind in feeds_in(Part.SOURCE)]
            yield from (f"{name}{feed}" for feed in feeds if (folder / name / feed).is_file())
