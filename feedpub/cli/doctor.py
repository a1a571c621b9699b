"""doctor: look at the installation as its owner cannot see it, and say of each part that it is well, or what to do.

The machine comes first, then each council's site, then the published folder as a reader gets it.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Collection, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from importlib.util import find_spec
from pathlib import Path

from feedpub.cli import FAILED, FINE
from feedpub.cli.pages import fetcher_for
from feedpub.cli.reaching import Remark, reached
from feedpub.cli.session import chosen, clock, is_trial, loaded, say_broken, to_look
from feedpub.cli.showing import WITHOUT_LIBRARY
from feedpub.cli.speech import Speech, show
from feedpub.collecting.fetch import Fetcher
from feedpub.config import Config
from feedpub.errors import FetchError, StoreError
from feedpub.model import Source
from feedpub.store import Store

MANY = 12  # sources, beyond which only those are asked that are named
LEAST_FREE = 200_000_000  # bytes
LEAST_FILES = 10_000  # that can still be made
MOST_AHEAD = timedelta(minutes=2)  # of this machine's clock, against a site's
MOST_SILENT = timedelta(hours=26)  # since the last run: a job that comes once a day may be late


def command(args: argparse.Namespace, speech: Speech) -> int:
    settings = loaded(args)
    code = say_broken(settings, speech)
    for remark in _remarks(settings, chosen(settings, args.source), is_named=bool(args.source)):
        show([f"{'ok  ' if remark.is_well else 'LOOK'}  {remark.what}: {remark.words}"])
        code = max(code, FINE if remark.is_well else FAILED)
    return code


def _remarks(settings: Config, sources: Sequence[Source], *, is_named: bool) -> Iterator[Remark]:
    yield from _configuration(settings)
    yield from _machine(settings)
    closed = yield from _runs(settings)
    visited = [source for source in sources if source.id not in closed]
    with closing(fetcher_for(settings, delay=settings.fetch.delay)) as fetcher:
        if len(visited) <= MANY or is_named:
            for source in visited:
                yield _site(source, fetcher)
        else:
            yield Remark("sites", is_well=True, words=f"{len(visited)} were not asked; --source ID asks one")
    with closing(fetcher_for(settings)) as fetcher:  # our own server
        yield from reached(settings, sources, fetcher)


# ------------------------------------------------------------ this machine


def _configuration(settings: Config) -> Iterator[Remark]:
    if settings.placeholders and not is_trial(settings):
        yield from (Remark("configuration", is_well=False, words=line) for line in settings.placeholders)
    else:
        count = len(settings.sources)
        words = f"{settings.path}, {count} {'source' if count == 1 else 'sources'}"
        yield Remark("configuration", is_well=True, words=words)


def _machine(settings: Config) -> Iterator[Remark]:
    places = (settings.state, settings.publish.to, settings.watch.to)
    folders = [path for path in places if isinstance(path, Path)]
    for folder in {path.stat().st_dev: path for path in map(_first_there, folders)}.values():
        yield _disk(folder)
    yield from map(_rights, folders)
    if settings.watch.textfile:
        yield _textfile(settings.watch.textfile)


def _first_there(path: Path) -> Path:
    """Return the folder of a path, or the one that it would be made in."""
    folder = path if path.is_dir() else path.parent
    return next(one for one in (folder, *folder.parents) if one.exists())


def _disk(folder: Path) -> Remark:
    disk = os.statvfs(folder)
    free = disk.f_bavail * disk.f_frsize
    if free < LEAST_FREE:
        return Remark("disk", is_well=False, words=f"{free / 1e6:.0f} MB are free at {folder}; make room")
    if disk.f_files and disk.f_favail < LEAST_FILES:
        words = f"no more than {disk.f_favail} files can be made at {folder}; remove some"
        return Remark("disk", is_well=False, words=words)
    return Remark("disk", is_well=True, words=f"{free / 1e9:.1f} GB are free at {folder}")


def _rights(path: Path) -> Remark:
    """Whether this user may write where feedpub writes, and whether the file is theirs."""
    there = path if path.exists() else _first_there(path)
    if not os.access(there, os.W_OK) or not os.access(_first_there(path), os.W_OK | os.X_OK):
        words = f"{there} cannot be written by this user; give it to the user of the cron job: chown -R"
        return Remark("rights", is_well=False, words=words)
    owner = there.stat().st_uid
    if path.exists() and os.geteuid() == 0 and owner != 0:
        words = f"{path} belongs to user {owner}, and this is root: run feedpub as that user, or files become root's"
        return Remark("rights", is_well=False, words=words)
    return Remark("rights", is_well=True, words=f"{path} can be written" if path.exists() else f"{path} will be made")


def _textfile(path: Path) -> Remark:
    """Whether the metrics can be made and written. Their folder is another program's, so it is not made."""
    if find_spec("prometheus_client") is None:
        return Remark("metrics", is_well=False, words=f"[watch] textfile {WITHOUT_LIBRARY}")
    if not path.parent.is_dir():
        words = f"there is no folder {path.parent}; make it, or name the one that node_exporter reads"
        return Remark("metrics", is_well=False, words=words)
    return _rights(path)


def _runs(settings: Config) -> Generator[Remark, None, Collection[str]]:
    """Yield how the state is and when the last run was. Return the sources that are closed."""
    try:
        with to_look(settings) as store:
            runs, closed = _instants(store, settings.sources), store.asking.retired()
    except StoreError as error:
        yield Remark("state", is_well=False, words=str(error))
        return ()
    yield Remark("state", is_well=True, words=f"{settings.state} can be read")
    if any(source.id not in closed for source in settings.sources):  # else no run has anything to do
        yield _last_run(runs)
    return closed


def _last_run(runs: Collection[datetime]) -> Remark:
    if not runs:
        return Remark("last run", is_well=False, words="there was none; collect the news: feedpub run")
    latest = max(runs)
    if clock() - latest > MOST_SILENT:
        words = f"was {_ago(latest)}; look whether cron calls `feedpub run`, and what it mailed"
        return Remark("last run", is_well=False, words=words)
    return Remark("last run", is_well=True, words=_ago(latest))


def _instants(store: Store, sources: Sequence[Source]) -> list[datetime]:
    """Return when runs were at work, as far as they noted it: a quiet one does so once an hour."""
    asked = store.asking.last()
    found = [asked[source.id].at for source in sources if source.id in asked]
    for state in (store.of(source.id) for source in sources[:MANY]):
        succeeded = state.facts.succeeded
        found += [at for at, _ in state.runs.traffic(1)] + ([succeeded] if succeeded else [])
    return found


def _ago(instant: datetime) -> str:
    minutes = max(0, int((clock() - instant).total_seconds() // 60))
    if minutes < 120:
        return f"{minutes} minutes ago"
    return f"{minutes // 60} hours ago" if minutes < 60 * 72 else f"{minutes // 60 // 24} days ago"


# ------------------------------------------------------------ the councils' sites


def _site(source: Source, fetcher: Fetcher) -> Remark:
    """Ask for one page, as a run does: by name, through the proxy, with TLS, as robots.txt allows."""
    what = f"site of {source.id}"
    url = source.listings[0]
    try:
        page = fetcher.page(url)
    except FetchError as error:
        return Remark(what, is_well=False, words=f"{error}{_advice(error.reason)}")
    ahead = clock() - page.served if page.served else timedelta(0)
    if abs(ahead) > MOST_AHEAD:
        way = "ahead of" if ahead > timedelta(0) else "behind"
        minutes = abs(ahead).total_seconds() / 60
        words = f"this machine's clock is {minutes:.0f} minutes {way} the site's; set it right (timedatectl)"
        return Remark(what, is_well=False, words=words)
    return Remark(what, is_well=True, words=f"{url} answers")


ADVICE: Iterable[tuple[str, str]] = (
    ("through the proxy", "look at the proxy, or at the environment (https_proxy)"),
    ("robots.txt forbids", "the council does not want it; write to them"),
    ("its TLS fails", "if a browser says the same, the council has to mend it; else install ca-certificates"),
    ("Name or service not known", "look whether the name is right, and at /etc/resolv.conf"),
    ("name resolution", "look at /etc/resolv.conf"),
    ("private network", "if that is meant, set `private = true` in [fetch]"),
    ("answers 403", "the site may refuse programs; write to the council"),
    ("answers 404", "look for the address of the page that lists the news"),
)


def _advice(reason: str) -> str:
    return next((f"; {words}" for sign, words in ADVICE if sign in reason), "")
