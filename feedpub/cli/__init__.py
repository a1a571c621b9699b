"""The commands: options, messages, progress, exit codes. Builds the edges; decides nothing about articles.

Exit codes: 0 fine (also: nothing new, another run is under way), 1 something
failed and the last good feeds stand, 2 usage or configuration, 130
interrupted with state and feeds whole. Each command lives in a file that is
imported when it is called for.
"""

from __future__ import annotations

import argparse
import errno
import gc
import re
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from types import FrameType
from typing import ClassVar, NoReturn, TypeVar

from feedpub import __version__
from feedpub.cli.speech import Speech, silence
from feedpub.errors import ConfigError, FeedpubError

ActionT = TypeVar("ActionT", bound=argparse.Action)
FINE, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130
# Errors of the system that may come at any call, so also while a module is loaded. A person can mend them.
OF_THE_MACHINE = {
    errno.EMFILE, errno.ENFILE, errno.EIO, errno.ENOMEM, errno.ENOSPC, errno.EDQUOT, errno.ESTALE, errno.EROFS,
    errno.EAGAIN, errno.EACCES, errno.EPERM, errno.ENXIO, errno.ENODEV, errno.EINTR, errno.ENOLCK,
}  # fmt: skip


def main(argv: Sequence[str] | None = None) -> int:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            with suppress(OSError):  # a file on a failing disk
                stream.reconfigure(errors="backslashreplace")  # a terminal that knows no Cyrillic is no reason to fail
    if not (sys.argv[1:] if argv is None else argv):
        make_parser().print_help()
        return USAGE
    # The defaults are here and not in the parser: a command's own parser would overwrite options given before it.
    args = make_parser().parse_args(
        argv, argparse.Namespace(config=None, quiet=False, verbose=False, log_format="text")
    )
    speech = Speech(quiet=args.quiet, verbose=args.verbose, is_json=args.log_format == "json")
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        gc.disable()  # else a fifth of a short run is spent on looking for cycles in modules, which stay
        command = import_module(f"feedpub.cli.{args.name.replace('-', '_')}").command
        _freeze_modules()
        gc.enable()
        code: int = command(args, speech)
        if sys.stdout:
            sys.stdout.flush()
        return code
    except ConfigError as error:
        for problem in error.problems:
            speech.error(problem)
        return USAGE
    except FeedpubError as error:
        speech.error(str(error))
        return FAILED
    except ImportError as error:
        speech.error(f"a part of the program cannot be loaded: {error}; the next run tries again")
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the program that read our output has ended, as `head` does
        silence(sys.stdout)
        return FINE
    except OSError as error:
        if error.errno not in OF_THE_MACHINE:  # it is a bug
            raise
        speech.error(f"this machine fails: {error}; the next run goes on")
        return FAILED
    except MemoryError:
        speech.error("this machine has no memory left; the next run goes on")
        return FAILED
    finally:
        gc.enable()
        signal.signal(signal.SIGTERM, before)


@cache
def _freeze_modules() -> None:
    """Let later collections skip the loaded modules, which stay. Once in a process, for asking gc would cost more."""
    gc.freeze()


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


class _Parser(argparse.ArgumentParser):
    """A parser that knows what was meant: a command or an option with a letter wrong."""

    options: ClassVar[set[str]] = set()  # of all commands: it is the outer parser that meets unknown ones

    def _add_action(self, action: ActionT) -> ActionT:
        self.options.update(action.option_strings)
        return super()._add_action(action)

    def error(self, message: str) -> NoReturn:
        import difflib  # only where something is misspelt

        match = re.search(r"invalid choice: '(.+?)' \(choose from (.+)\)|unrecognized arguments: (-\S+)", message)
        if match:
            known = re.findall(r"[\w-]+", match[2]) if match[2] else sorted(self.options)
            close = difflib.get_close_matches(match[1] or match[3], known, 1)
            message += f"; did you mean {close[0]}?" if close else ""
        super().error(message)


def make_parser() -> argparse.ArgumentParser:
    common = _Parser(add_help=False, argument_default=argparse.SUPPRESS)
    common.add_argument("--config", metavar="FILE", help="read this file; default: $FEEDPUB_CONFIG, else config.toml")
    common.add_argument("--quiet", action="store_true", help="print no notes, only results and errors")
    common.add_argument("--verbose", action="store_true", help="print a line for every page")
    common.add_argument(
        "--log-format", metavar="FORM", choices=["text", "json"], help="text or json: how messages are printed"
    )
    parser = _Parser(
        prog="feedpub",
        description="Turn a city council's news pages into feeds that people can rely on.",
        parents=[common],
    )
    parser.add_argument("--version", action="version", version=f"feedpub {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def add(name: str, text: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, parents=[common], help=text, description=text)
        command.set_defaults(name=name)
        return command

    init = add("init", "learn a council's site and write a config.toml for it: the first command of all")
    init.add_argument("url", metavar="URL", help="the page that lists the news")
    init.add_argument("--base-url", metavar="URL", help="where readers will find the feeds; asked for at a terminal")
    init.add_argument("--contact", metavar="ADDRESS", help="where the council can reach you: https://… or mailto:…")
    run = add("run", "fetch what is new and publish what changed: the cron job")
    backfill = add("backfill", "collect older items page by page, from where the last backfill ended")
    of_run = run.add_mutually_exclusive_group()
    for command, ways in ((run, of_run), (backfill, backfill)):
        ways.add_argument(
            "--source", metavar="ID", action="append", default=[], help="work on this source only; may be repeated"
        )
        command.add_argument(
            "--accept", metavar="CODE", action="append", nargs="?", const="", default=[],
            help="publish what the last run stopped at, by the code that it printed; look at the site first",
        )  # fmt: skip
    of_run.add_argument(
        "--redate", metavar="ID",
        help="read the dates of this source's items again, after timezone or date_formats was mended; ids stay",
    )  # fmt: skip
    run.add_argument(
        "--forget", metavar="HOST", help="with --source: believe no more a host that was accepted as the council's own"
    )
    reach = backfill.add_mutually_exclusive_group()
    reach.add_argument("--pages", metavar="N", type=_positive, help="go back no further than N listing pages")
    reach.add_argument("--since", metavar="DATE", type=_day, help="go back no further than this day: 2025-01-31")
    add("worker", "update sources as they are due, beside other workers on the same PostgreSQL, until it is stopped")
    add("publish", "write all files again from the state, without network")
    recover = add("recover", "rebuild the ids of a lost state from published feeds and exported ledgers")
    recover.add_argument(
        "files", metavar="FILE", nargs="*", type=Path, help="feeds or ledgers; default: the published feeds"
    )
    ledger = add("ledger", "list every id that was ever given, with its addresses")
    withdraw = add("withdraw", "take an item out for good and leave a tombstone")
    withdraw.add_argument("item", metavar="ID", help="the item's id or address")
    withdraw.add_argument("--reason", metavar="TEXT", required=True, help="for the ledger; it is not published")
    move = add("move", "give a source another id: its items keep theirs, and its old addresses go on working")
    move.add_argument("old", metavar="OLD", help="the source's id")
    move.add_argument("new", metavar="NEW", help="the id that it is to have")
    retire = add("retire", "close a source for good: its site is asked no more, and what is published stays")
    retire.add_argument("source", metavar="ID", help="the source's id")
    retire.add_argument("--undo", action="store_true", help="open it again")
    state = add("state", "copy the state from one place to another: from SQLite to PostgreSQL, or back")
    state.add_argument("action", metavar="copy", choices=["copy"], help="the one thing that it does")
    state.add_argument("origin", metavar="FROM", help="sqlite:///FILE or postgresql://USER@HOST/DATABASE")
    state.add_argument("target", metavar="TO", help="the same, where no state is yet")
    saving = add("backup", "write the whole state into one file, also while a run is under way")
    saving.add_argument("file", metavar="FILE", type=Path, help="a new file; only its owner can read it")
    restore = add("restore", "put a backup in the place of the state; the old state is kept beside it")
    restore.add_argument("file", metavar="FILE", type=Path, help="a backup, or any other copy of a state")
    learn = add("learn", "find a site's layout and print a [[source]] table for config.toml")
    learn.add_argument("url", metavar="URL", nargs="?", help="the page that lists the news")
    learn.add_argument("--many", metavar="FILE", type=Path, help="learn each site of a file with such addresses")
    learn.add_argument(
        "--to", metavar="FOLDER", type=Path, default=Path("sources.d"), help="with --many; default: sources.d"
    )
    inspect = add("inspect", "show what one page gives, and why")
    inspect.add_argument("page", metavar="URL|FILE", help="an address, or a saved page")
    inspect.add_argument("--url", metavar="BASE", help="the address that a saved FILE came from")
    check = add("check", "check published files; exit with 1 if anything is wrong")
    check.add_argument("places", metavar="PATH|URL", nargs="*", help="files, folders or addresses; default: all")
    status = add("status", "show how each source is; many of them at a glance")
    status.add_argument(
        "--source", metavar="ID", action="append", default=[], help="show this source only, in full; may be repeated"
    )
    shown = status.add_mutually_exclusive_group()
    settings = add("config", "show every value of the configuration that is in force, and where it comes from")
    forms = settings.add_mutually_exclusive_group()
    for place in (inspect, shown, ledger, forms):
        place.add_argument("--json", action="store_true", help="print JSON, for programs")
    shown.add_argument("--schema", action="store_true", help="print the JSON schema of what --json prints")
    forms.add_argument("--schema", action="store_true", help="print the JSON schema of config.toml, for editors")
    doctor = add("doctor", "look at the installation: this machine, the sites, and what a reader gets; name what to do")
    doctor.add_argument(
        "--source", metavar="ID", action="append", default=[], help="ask the site of this source only; may be repeated"
    )
    watching = add("watch-feed", "look at a feed as a reader does: whether it has what the council's site lists now")
    watching.add_argument("url", metavar="URL", help="the feed: RSS, Atom or JSON Feed")
    place = watching.add_mutually_exclusive_group()
    place.add_argument("--source", metavar="ID", help="the source whose list of news it is compared with")
    place.add_argument("--listing", metavar="URL", help="the page that lists the news; needs no configuration")
    watching.add_argument(
        "--hours", metavar="N", type=_hours, default=1.0, help="how long the feed may lack something; default: 1"
    )
    report = add("report", "write a page about a month for the council's press officer: what went well, what could")
    report.add_argument("--source", metavar="ID", action="append", default=[], help="this source only; may be repeated")
    report.add_argument("--month", metavar="YYYY-MM", type=_month, help="default: the last full month")
    report.add_argument("--to", metavar="FILE", type=Path, help="write the page to this file; default: standard output")
    report.add_argument("--links", action="store_true", help="try each link of the month that leads to the council")
    serve = add("serve", "show the published folder over HTTP, for a look and for small sites")
    serve.add_argument("--port", metavar="N", type=_port, default=8000, help="default: 8000; 0 takes any free port")
    serve.add_argument("--host", metavar="ADDRESS", default="127.0.0.1", help="default: 127.0.0.1, this machine only")
    demo = add("demo", "show the whole way on a small council site that comes with the package")
    demo.add_argument("--to", metavar="FOLDER", type=Path, default=Path("feedpub-demo"), help="default: feedpub-demo")
    completion = add("completion", "print a script by which a shell completes commands, options and ids of sources")
    completion.add_argument("shell", metavar="SHELL", choices=["bash", "zsh", "fish"], help="bash, zsh or fish")
    return parser


def _positive(value: str) -> int:
    if not value.isdigit() or int(value) < 1:
        raise argparse.ArgumentTypeError(f"{value!r} is no number from 1 on")
    return int(value)


def _port(value: str) -> int:
    if not value.isdigit() or int(value) > 65535:
        raise argparse.ArgumentTypeError(f"{value!r} is no port from 0 to 65535")
    return int(value)


def _day(value: str) -> datetime:
    try:
        return datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{value!r} is no day such as 2025-01-31") from None


def _month(value: str) -> datetime:
    try:
        return datetime.strptime(value, "%Y-%m").replace(tzinfo=UTC)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{value!r} is no month such as 2025-11") from None


def _hours(value: str) -> float:
    try:
        hours = float(value)
    except ValueError:
        hours = -1.0
    if not 0 < hours <= 1000:
        raise argparse.ArgumentTypeError(f"{value!r} is no number of hours, such as 1 or 0.5")
    return hours
