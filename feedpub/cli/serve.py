"""serve: show the published folder over HTTP, for a look and for small sites."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from feedpub import config
from feedpub.cli import FINE
from feedpub.cli.speech import Speech, config_path, show
from feedpub.config import Config
from feedpub.errors import ConfigError, PublishError
from feedpub.kinds import PAGE, Part, feeds_in
from feedpub.publishing.serve import Site, listen, url_of
from feedpub.publishing.serve import serve as answer


def command(args: argparse.Namespace, speech: Speech) -> int:
    """Serve until Ctrl-C or SIGTERM. Return 0 then, as service managers expect of a server."""
    settings = config.load(config_path(args.config))
    folder = _served_folder(settings)
    if not folder.is_dir():
        raise PublishError(f"{folder}: there is no such folder: nothing is published yet; `feedpub run` does it")
    with listen(args.host, args.port) as listener, suppress(KeyboardInterrupt):
        base_url = url_of(*listener.getsockname()[:2])
        if not args.quiet:
            _introduce(settings, folder, base_url)
        answer(Site(folder, time.time, speech.detail, speech.error), listener)
    return FINE


def _served_folder(settings: Config) -> Path:
    """Return the published folder. Raises ConfigError where there is a bucket instead, which is served itself."""
    folder = settings.publish.to
    if isinstance(folder, str):
        raise ConfigError([f"{folder}: is a bucket, which its own server shows; docs/serving.md says how"])
    return folder


def _introduce(settings: Config, folder: Path, base_url: str) -> None:
    """Print the addresses of the pages and feeds."""
    names = list(_worth_opening(settings, folder))
    show([f"{folder} is served until Ctrl-C:"])
    for name in names:
        show([f"  {base_url}{name}"])
    if not names:
        show(["  nothing yet: `feedpub run` publishes"])
    if base_url != settings.publish.base_url:
        show([f"The files themselves name {settings.publish.base_url} (base_url), not this address."])
    sys.stdout.flush()  # the command waits from now on, and a person may read along


def _worth_opening(settings: Config, folder: Path) -> Iterator[str]:
    """Yield the names of the pages; for a source without a page, of its feeds."""
    for name in ("", *(f"{s.id}/" for s in settings.sources)):
        if (folder / name / PAGE.name).is_file():
            yield name
        else:
            feeds = [f"{name}{kind.name}" for kind in feeds_in(Part.SOURCE)]
            yield from (feed for feed in feeds if (folder / feed).is_file())
