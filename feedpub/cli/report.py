"""report: write a page about a month for the council's press officer. It is never among the published files."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

from feedpub.cli import FINE
from feedpub.cli.pages import fetcher_for
from feedpub.cli.session import chosen, clock, loaded, loaded_for_a_site, to_look
from feedpub.cli.speech import Speech, show_bytes
from feedpub.collecting.fetch import Fetcher, Memory
from feedpub.config import Config
from feedpub.council import Council
from feedpub.errors import ConfigError, FetchError, PublishError, Resting
from feedpub.store import Store
from feedpub.store.placing import put_in_place

GONE = (404, 410)  # by HTTP status


def command(args: argparse.Namespace, speech: Speech) -> int:
    settings = loaded_for_a_site(args) if args.links else loaded(args)
    sources = chosen(settings, args.source)
    if args.to:
        _require_unpublished(settings, args.to)
    with to_look(settings) as store:
        closed = () if args.source else store.asking.retired()
        councils = [Council(source, store.of(source.id)) for source in sources if source.id not in closed]
        if not councils:
            raise ConfigError([f"{settings.path}: all of its sources are closed; name one with --source"])
        month = _month(args.month, councils[0])
        with _trying(settings, store, speech, is_wanted=args.links) as is_gone:
            data = _page(councils, month, is_gone)
    if args.to is None:
        show_bytes(data)
    else:
        _write(args.to, data)
        speech.note(f"{args.to}: {month}, for the press officer")
    return FINE


def _page(councils: list[Council], month: str, is_gone: Callable[[str], bool | None] | None) -> bytes:
    from feedpub.publishing.page.report import report_page  # Jinja2 and Babel: most commands need neither
    from feedpub.publishing.reporting import report_of

    return report_page([report_of(council, month, is_gone) for council in councils])


def _month(given: datetime | None, council: Council) -> str:
    """Return the month to report on, by the council's calendar: the one that is given, else the last full one."""
    today = clock().astimezone(council.zone)
    if given is None:
        return f"{today.replace(day=1) - timedelta(days=1):%Y-%m}"
    month = f"{given:%Y-%m}"
    if month > f"{today:%Y-%m}":
        raise ConfigError([f"--month {month}: has not begun yet; name an earlier month"])
    return month


# ------------------------------------------------------------ trying links


@contextmanager
def _trying(
    settings: Config, store: Store, speech: Speech, *, is_wanted: bool
) -> Iterator[Callable[[str], bool | None] | None]:
    """Yield what tells whether a link leads nowhere, by asking for it politely; None: nobody wants that."""
    if not is_wanted:
        yield None
        return
    delay = settings.fetch.delay
    memory = Memory(store.hosts.robots(), store.hosts.rests(), store.hosts.moved)
    with closing(fetcher_for(settings, delay=delay, memory=memory)) as fetcher:
        speech.note(f"the links of the month are tried, one every {delay:g} seconds")
        yield _Links(fetcher, speech).is_gone


class _Links:
    """Tries links, until a host wants to be left in peace."""

    def __init__(self, fetcher: Fetcher, speech: Speech) -> None:
        self._fetcher = fetcher
        self._speech = speech
        self._is_over = False

    def is_gone(self, url: str) -> bool | None:
        """Return whether a link leads nowhere; None: it could not be tried, or the answer says something else."""
        if self._is_over:
            return None
        try:
            status = self._fetcher.status(url)
            is_gone = status in GONE and self._is_gone_for_readers(url)
        except Resting as error:
            self._is_over = True
            self._speech.error(f"{error}; the links that were left are not in the report")
            return None
        except FetchError as error:
            self._speech.detail(str(error))
            return None
        self._speech.detail(f"{url}: {status}")
        return is_gone if status < 500 else None

    def _is_gone_for_readers(self, url: str) -> bool:
        """Whether readers do not get it either: some servers answer HEAD in another way than GET."""
        try:
            self._fetcher.raw(url)
        except Resting:
            raise
        except FetchError as error:
            return error.status in GONE
        return False


# ------------------------------------------------------------ writing


def _require_unpublished(settings: Config, file: Path) -> None:
    """Raise ConfigError if everybody could read the page."""
    to = settings.publish.to
    if isinstance(to, Path) and file.resolve().is_relative_to(to.resolve()):
        raise ConfigError(
            [f"{file}: is in the folder of [publish] to, where everybody could read it; name a file outside"]
        )


def _write(file: Path, data: bytes) -> None:
    """Write the page, whole or not at all. Raises PublishError."""
    draft = file.with_name(f".{file.name}.new")
    try:
        draft.write_bytes(data)
        put_in_place(draft, file)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        raise PublishError(f"{file}: cannot be written: {error.strerror or error}") from error
