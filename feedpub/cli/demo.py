"""demo: the whole way, over real HTTP, on the council site that comes with the package."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from feedpub import cli, config
from feedpub.cli.speech import Speech
from feedpub.demo.server import Served, serve
from feedpub.demo.site import Site
from feedpub.errors import ConfigError
from feedpub.kinds import Part, feeds_in
from feedpub.store import Store

PORT = 8180  # of the demo site where it is free, so that one demo's feeds are another's to the byte
MARK = "# Written by `feedpub demo`, which deletes this folder's contents when it runs again.\n"
CONFIG = (
    MARK
    + """
[publish]
to = "public"
base_url = "http://127.0.0.1:8000/"

[state]
url = "sqlite:///feedpub.db"

[fetch]
contact = "mailto:nobody@example.org"
delay = 0.0      # the site is our own

[[source]]
id = "zrazkiv"
title = "Зразківська міська рада"
home = "{url}/"
listings = ["{url}/"]
language = "uk"
timezone = "Europe/Kyiv"
email = "rada@example.org"
"""
)


def demo(args: argparse.Namespace, speech: Speech) -> int:
    folder: Path = args.to
    _clear(folder)
    for name in ("no_proxy", "NO_PROXY"):  # the site is on this machine, whatever the way to all others
        os.environ[name] = ",".join(filter(None, (os.environ.get(name), "127.0.0.1")))
    site = Site()
    with _served(site) as served:
        path = folder / "config.toml"
        path.write_text(CONFIG.format(url=served.url), encoding="utf-8")
        print(
            f"A small council site runs at {served.url}/: {len(site.articles)} articles, with what such sites do"
            " to whoever reads them.\n"
        )
        for words in (["run"], ["backfill"], ["run"], ["check"]):
            before = len(served.requests)
            code = cli.main([*words, "--config", str(path)])
            asked = [r for r in served.requests[before:] if r.status != 304]
            print(
                f"$ feedpub {' '.join(words):10} exit {code}, {len(asked)} pages asked for"
                f"{', 1 not changed' if len(asked) < len(served.requests) - before else ''}"
            )
            if code:
                return code
    _tell(path)
    return cli.FINE


@contextmanager
def _served(site: Site) -> Iterator[Served]:
    """The site at its usual port, or at any other that is free."""
    with ExitStack() as stack:
        try:
            served = stack.enter_context(serve(site, PORT))
        except OSError:
            served = stack.enter_context(serve(site))
        yield served


def _clear(folder: Path) -> None:
    """An empty folder. Only one that an earlier demo made is emptied."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        try:
            ours = (folder / "config.toml").read_text(encoding="utf-8").startswith(MARK)
        except OSError:
            ours = False
        if not ours:
            raise ConfigError([f"{folder}: is there already and no demo made it; choose another with --to"])
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)


def _tell(path: Path) -> None:
    settings = config.load(path)
    source = settings.sources[0]
    with closing(Store(settings.state)) as store:
        print(f"\n{store.count(source.id)} items, the newest of them:")
        for item in store.newest(source.id, 3):
            print(f"  {item.date:%Y-%m-%d %H:%M} UTC  {item.article.title}")
    print(f"\nThe pages, and the feeds:\n  {settings.publish.to / 'index.html'}")
    print(f"  {settings.publish.to / source.id / 'index.html'}")
    for kind in feeds_in(Part.SOURCE):
        print(f"  {settings.publish.to / source.id / kind.name}")
    print(f"""
To look at them in a browser or a feed reader, let them be served at the address they name:
  {_ourselves()} serve --config {path}
  then open http://127.0.0.1:8000/, or subscribe to http://127.0.0.1:8000/{source.id}/atom.xml
To go on by hand:
  {_ourselves()} status --config {path}""")


def _ourselves() -> str:
    """How this very program was called, for a person to copy."""
    return sys.argv[0] if Path(sys.argv[0]).name == "feedpub" else "python -m feedpub"
