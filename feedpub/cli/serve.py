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
from feedpub.publishing.render import FORMATS
from feedpub.publishing.serve import PAGE, Site, listen, url
from feedpub.publishing.serve import serve as answer


def command(args: argparse.Namespace, speech: Speech) -> int:
    """Until Ctrl-C or SIGTERM, which is how a server ends: 0, as service managers expect."""
    settings = config.load(config_path(args.config))
    folder = settings.publish.to
    if not folder.is_dir():
        raise PublishError(f"{folder}: there is no such folder: nothing is published yet; `feedpub run` does it")
    with listen(args.host, args.port) as at, suppress(KeyboardInterrupt):
        base = url(*at.getsockname()[:2])
        if not args.quiet:
            shown = [f"  {base}{name}" for name in _shown(settings)]
            print(f"{folder} is served until Ctrl-C:", *(shown or ["  nothing yet: `feedpub run` publishes"]), sep="\n")
            if base != settings.publish.base_url:
                print(f"The files themselves name {settings.publish.base_url} (base_url), not this address.")
            sys.stdout.flush()  # before it waits, whoever reads along
        answer(Site(folder, time.time, speech.detail, speech.error), at)
    return FINE


def _shown(settings: Config) -> Iterator[str]:
    """What a person may want to open: the pages, and of a source that has none its feeds."""
    folder = settings.publish.to
    for name in ("", *(f"{s.id}/" for s in settings.sources)):
        if (folder / name / PAGE).is_file():
            yield name
        else:
            yield from (f"{name}{form.name}" for form in FORMATS if (folder / name / form.name).is_file())
