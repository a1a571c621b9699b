"""demo: run feedpub over real HTTP on the saved pages of an invented council's site.

At a terminal the site and the published folder stay up until Ctrl-C. A person can then open the page with its
pictures. Anywhere else the command ends by itself.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from pathlib import Path
from socket import socket

from feedpub import cli, config
from feedpub.cli.session import to_look
from feedpub.cli.speech import Speech, show
from feedpub.demo.server import HOST, SavedSite, article_count, running_site
from feedpub.errors import ConfigError
from feedpub.kinds import PAGE, Part, feeds_in
from feedpub.publishing.serve import Site, listen, serve

FEED_PORT = 8000  # where the published folder is served, if the port is free; also the default of `feedpub serve`
MARK = "# Written by `feedpub demo`, which deletes this folder's contents when it runs again.\n"
CONFIG = (
    MARK
    + """
[publish]
to = "public"
base_url = "{base_url}"

[state]
url = "sqlite:///feedpub.db"

[fetch]
contact = "mailto:nobody@example.org"
delay = 0.0      # the site is our own

[[source]]
id = "zrazkiv"
title = "Зразківська міська рада"
home = "{home}/"
listings = ["{home}/"]
language = "uk"
timezone = "Europe/Kyiv"
email = "rada@example.org"

[[source.feed]]  # two of those in the config.toml that comes with feedpub
id = "vpo"
title = "Для переселенців (ВПО)"
keywords = ["ВПО", "внутрішньо переміщен*", "вимушено переміщен*", "переселен*"]

[[source.feed]]
id = "robota"
title = "Вакансії та робота"
keywords = [
    "ваканс*", "вакантн*", "конкурс* на посад*", "запрошу* на роботу", "центр* зайнятості", "служб* зайнятості",
    "пошук* роботи",
]
"""
)
STEPS = (
    ("run", "learns the site's layout and reads the newest news"),
    ("backfill", "reads the older news"),
    ("run", "finds nothing new"),
    ("check --quiet", "finds nothing wrong with what is published"),
)


def command(args: argparse.Namespace, speech: Speech) -> int:
    folder: Path = args.to
    _clear(folder)
    _bypass_proxy()
    with running_site() as site:
        if not _is_watched():
            return _take_steps(folder, site, f"http://{HOST}:{FEED_PORT}/", _say_how_to_look)
        with _feed_socket() as listener:
            base_url = f"http://{HOST}:{listener.getsockname()[1]}/"
            code = _take_steps(folder, site, base_url, _say_where_to_look)
            if code == cli.FINE:
                _stay_up(folder / "public", listener, speech)
            return code


def _take_steps(
    folder: Path, site: SavedSite, base_url: str, say_how_to_go_on: Callable[[Path, SavedSite], None]
) -> int:
    """Run every step and print its result. Return the exit code of the last step that ran."""
    path = folder / "config.toml"
    path.write_text(CONFIG.format(home=site.url, base_url=base_url), encoding="utf-8")
    show([f"An invented council's site is up at {site.url}/: {article_count()} articles on two listing pages.", ""])
    for command, purpose in STEPS:
        site.statuses.clear()
        code = cli.main([*command.split(), "--config", str(path)])
        show([f"$ feedpub {command:13} exit {code}, {_requests(site.statuses)}: {purpose}"])
        if code:
            return code
    _show_results(path)
    say_how_to_go_on(path, site)
    return cli.FINE


def _requests(statuses: list[HTTPStatus]) -> str:
    """Return the number of requests in words, and how many of them were answered "not modified"."""
    if not statuses:
        return "no request"
    count = len(statuses)
    number = f"{count} requests" if count > 1 else "1 request"
    unchanged = statuses.count(HTTPStatus.NOT_MODIFIED)
    return f"{number}, {unchanged} answered “not modified”" if unchanged else number


def _show_results(path: Path) -> None:
    """Print the newest items and the files that contain them."""
    settings = config.load(path)
    source = settings.sources[0]
    with to_look(settings) as store:
        items = store.of(source.id).items
        show(["", f"{items.count()} items from {article_count()} articles: one was posted twice. The newest:"])
        for item in items.newest(3):
            show([f"  {item.date:%Y-%m-%d %H:%M} UTC  {item.article.title}"])
    folder = path.parent / "public" / source.id
    show(["", "The page and the feeds:"])
    for kind in (PAGE, *feeds_in(Part.SOURCE)):
        show([f"  {folder / kind.name}"])


def _say_how_to_look(path: Path, site: SavedSite) -> None:
    """Print what to run next, where nobody watches: the council's site ends with this command."""
    show(
        f"""
To see the page and the feeds:
  {_program()} serve --config {path}
  then open http://{HOST}:{FEED_PORT}/zrazkiv/
The council's site ended with this command. To have it beside them, run this at a terminal:
  {_program()} demo --to {path.parent}""".splitlines()
    )


def _say_where_to_look(path: Path, site: SavedSite) -> None:
    """Print what to open, at a terminal: everything is up until the person ends it."""
    base_url = config.load(path).publish.base_url
    show(
        f"""
Open the page:        {base_url}zrazkiv/
Subscribe to a feed:  {base_url}zrazkiv/atom.xml
The council's site:   {site.url}/

Press Ctrl-C when you have looked. Later you can go on by hand:
  {_program()} status --config {path}
  {_program()} serve --config {path}""".splitlines()
    )


def _stay_up(public: Path, listener: socket, speech: Speech) -> None:
    """Serve the published folder until Ctrl-C or SIGTERM."""
    sys.stdout.flush()
    with suppress(KeyboardInterrupt):
        serve(Site(public, time.time, speech.detail, speech.error), listener)
    show([""])


@contextmanager
def _feed_socket() -> Iterator[socket]:
    """Yield a socket for the published folder at FEED_PORT, or at any free port if that is taken."""
    try:
        listener = listen(HOST, FEED_PORT)
    except ConfigError:
        listener = listen(HOST, 0)
    with listener:
        yield listener


def _is_watched() -> bool:
    """Whether a person at the terminal reads the output and can press Ctrl-C."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _bypass_proxy() -> None:
    """Ask the site directly, even where a proxy leads to all others: it is on this machine."""
    for name in ("no_proxy", "NO_PROXY"):
        hosts = (os.environ.get(name), HOST)
        os.environ[name] = ",".join(filter(None, hosts))


def _clear(folder: Path) -> None:
    """Empty the folder, if an earlier demo made it. Raise ConfigError if anything else is in it."""
    if folder.exists() and not _is_empty(folder):
        if not _is_ours(folder):
            raise ConfigError(
                [f"{folder}: exists already, and `feedpub demo` did not make it; choose another folder with --to"]
            )
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)


def _is_empty(folder: Path) -> bool:
    return folder.is_dir() and not any(folder.iterdir())


def _is_ours(folder: Path) -> bool:
    """Whether an earlier demo made the folder."""
    try:
        return (folder / "config.toml").read_text(encoding="utf-8").startswith(MARK)
    except OSError:
        return False


def _program() -> str:
    """Return the command that started this program, for a person to copy."""
    command = sys.argv[0]
    return command if Path(command).name == "feedpub" else "python -m feedpub"
