"""The commands and their options. Each command has a function that adds its own, so that a call makes no others.

To add a command, write its function and add a row to ``COMMANDS``, and a file of its name that has ``command``.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, NoReturn, TypeVar

from feedpub import __version__
from feedpub.cli import values

ActionT = TypeVar("ActionT", bound=argparse.Action)
Parser = argparse.ArgumentParser


@dataclass(frozen=True, slots=True)
class Command:
    """A command: what it does, in a few words, and what adds its options."""

    text: str
    add: Callable[[Parser], None]


def make_parser(words: Sequence[str] = ()) -> Parser:
    """Return a parser for the command that these words name, or for all of them.

    To make a parser of each takes as long as to read the configuration.
    """
    named = _named(words)
    common = _common()
    parser = _Parser(
        prog="feedpub",
        description="Turn a city council's news pages into feeds that people can rely on.",
        parents=[common],
    )
    parser.add_argument("--version", action="version", version=f"feedpub {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for name in [named] if named else COMMANDS:
        text = COMMANDS[name].text
        own = commands.add_parser(name, parents=[common], help=text, description=text)
        own.set_defaults(name=name)
        COMMANDS[name].add(own)
    return parser


def _named(words: Sequence[str]) -> str | None:
    """Return the command that these words name. None: there is none, or what stands before it is for argparse."""
    left = iter(words)
    for word in left:
        option, sign, _ = word.partition("=")
        if option in WITH_VALUE and not sign:
            next(left, None)  # its value
        elif option not in (*WITH_VALUE, *FLAGS):
            return word if word in COMMANDS else None
    return None


class _Parser(Parser):
    """A parser that knows what was meant: a command or an option with a letter wrong."""

    options: ClassVar[set[str]] = set()  # of all commands: it is the outer parser that meets unknown ones

    def _add_action(self, action: ActionT) -> ActionT:
        self.options.update(action.option_strings)
        return super()._add_action(action)

    def error(self, message: str) -> NoReturn:
        import difflib  # only where something is misspelt

        match = re.search(r"invalid choice: '(.+?)' \(choose from (.+)\)|unrecognized arguments: (-\S+)", message)
        if match:
            make_parser()  # for its options
            known = re.findall(r"[\w-]+", match[2]) if match[2] else sorted(self.options)
            close = difflib.get_close_matches(match[1] or match[3], known, 1)
            message += f"; did you mean {close[0]}?" if close else ""
        super().error(message)


# ------------------------------------------------------------ the options of all commands

WITH_VALUE, FLAGS = ("--config", "--log-format"), ("--quiet", "--verbose")


def _common() -> _Parser:
    common = _Parser(add_help=False, argument_default=argparse.SUPPRESS)
    common.add_argument("--config", metavar="FILE", help="read this file; default: $FEEDPUB_CONFIG, else config.toml")
    common.add_argument("--quiet", action="store_true", help="print no notes, only results and errors")
    common.add_argument("--verbose", action="store_true", help="print a line for every page")
    common.add_argument(
        "--log-format", metavar="FORM", choices=["text", "json"], help="text or json: how messages are printed"
    )
    return common


# ------------------------------------------------------------ those of each


def _none(_parser: Parser) -> None:
    """Add nothing: the command has no options of its own."""


def _init(parser: Parser) -> None:
    parser.add_argument("url", metavar="URL", help="the page that lists the news")
    parser.add_argument("--base-url", metavar="URL", help="where readers will find the feeds; asked for at a terminal")
    parser.add_argument("--contact", metavar="ADDRESS", help="where the council can reach you: https://… or mailto:…")


def _run(parser: Parser) -> None:
    ways = parser.add_mutually_exclusive_group()
    _add_source(ways)
    _add_accept(parser)
    ways.add_argument(
        "--redate", metavar="ID",
        help="read the dates of this source's items again, after timezone or date_formats was mended; ids stay",
    )  # fmt: skip
    parser.add_argument(
        "--forget", metavar="HOST", help="with --source: believe no more a host that was accepted as the council's own"
    )


def _backfill(parser: Parser) -> None:
    _add_source(parser)
    _add_accept(parser)
    reach = parser.add_mutually_exclusive_group()
    reach.add_argument("--pages", metavar="N", type=values.positive, help="go back no further than N listing pages")
    reach.add_argument("--since", metavar="DATE", type=values.day, help="go back no further than this day: 2025-01-31")


def _add_source(ways: argparse._ActionsContainer) -> None:
    ways.add_argument(
        "--source", metavar="ID", action="append", default=[], help="work on this source only; may be repeated"
    )


def _add_accept(parser: Parser) -> None:
    parser.add_argument(
        "--accept", metavar="CODE", action="append", nargs="?", const="", default=[],
        help="publish what the last run stopped at, by the code that it printed; look at the site first",
    )  # fmt: skip


def _recover(parser: Parser) -> None:
    parser.add_argument(
        "files", metavar="FILE", nargs="*", type=Path, help="feeds or ledgers; default: the published feeds"
    )


def _add_json(place: argparse._ActionsContainer) -> None:
    place.add_argument("--json", action="store_true", help="print JSON, for programs")


def _withdraw(parser: Parser) -> None:
    parser.add_argument("item", metavar="ID", help="the item's id or address")
    parser.add_argument("--reason", metavar="TEXT", required=True, help="for the ledger; it is not published")


def _move(parser: Parser) -> None:
    parser.add_argument("old", metavar="OLD", help="the source's id")
    parser.add_argument("new", metavar="NEW", help="the id that it is to have")


def _retire(parser: Parser) -> None:
    parser.add_argument("source", metavar="ID", help="the source's id")
    parser.add_argument("--undo", action="store_true", help="open it again")


def _state(parser: Parser) -> None:
    parser.add_argument("action", metavar="copy", choices=["copy"], help="the one thing that it does")
    parser.add_argument("origin", metavar="FROM", help="sqlite:///FILE or postgresql://USER@HOST/DATABASE")
    parser.add_argument("target", metavar="TO", help="the same, where no state is yet")


def _backup(parser: Parser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path, help="a new file; only its owner can read it")


def _restore(parser: Parser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path, help="a backup, or any other copy of a state")


def _learn(parser: Parser) -> None:
    parser.add_argument("url", metavar="URL", nargs="?", help="the page that lists the news")
    parser.add_argument("--many", metavar="FILE", type=Path, help="learn each site of a file with such addresses")
    parser.add_argument(
        "--to", metavar="FOLDER", type=Path, default=Path("sources.d"), help="with --many; default: sources.d"
    )


def _inspect(parser: Parser) -> None:
    parser.add_argument("page", metavar="URL|FILE", help="an address, or a saved page")
    parser.add_argument("--url", metavar="BASE", help="the address that a saved FILE came from")
    _add_json(parser)


def _check(parser: Parser) -> None:
    parser.add_argument("places", metavar="PATH|URL", nargs="*", help="files, folders or addresses; default: all")


def _status(parser: Parser) -> None:
    parser.add_argument(
        "--source", metavar="ID", action="append", default=[], help="show this source only, in full; may be repeated"
    )
    shown = parser.add_mutually_exclusive_group()
    _add_json(shown)
    shown.add_argument("--schema", action="store_true", help="print the JSON schema of what --json prints")


def _config(parser: Parser) -> None:
    forms = parser.add_mutually_exclusive_group()
    _add_json(forms)
    forms.add_argument("--schema", action="store_true", help="print the JSON schema of config.toml, for editors")


def _doctor(parser: Parser) -> None:
    parser.add_argument(
        "--source", metavar="ID", action="append", default=[], help="ask the site of this source only; may be repeated"
    )


def _watch_feed(parser: Parser) -> None:
    parser.add_argument("url", metavar="URL", help="the feed: RSS, Atom or JSON Feed")
    place = parser.add_mutually_exclusive_group()
    place.add_argument("--source", metavar="ID", help="the source whose list of news it is compared with")
    place.add_argument("--listing", metavar="URL", help="the page that lists the news; needs no configuration")
    parser.add_argument(
        "--hours", metavar="N", type=values.hours, default=1.0, help="how long the feed may lack something; default: 1"
    )


def _report(parser: Parser) -> None:
    parser.add_argument("--source", metavar="ID", action="append", default=[], help="this source only; may be repeated")
    parser.add_argument("--month", metavar="YYYY-MM", type=values.month, help="default: the last full month")
    parser.add_argument("--to", metavar="FILE", type=Path, help="write the page to this file; default: standard output")
    parser.add_argument("--links", action="store_true", help="try each link of the month that leads to the council")


def _serve(parser: Parser) -> None:
    parser.add_argument(
        "--port", metavar="N", type=values.port, default=8000, help="default: 8000; 0 takes any free port"
    )
    parser.add_argument("--host", metavar="ADDRESS", default="127.0.0.1", help="default: 127.0.0.1, this machine only")


def _demo(parser: Parser) -> None:
    parser.add_argument("--to", metavar="FOLDER", type=Path, default=Path("feedpub-demo"), help="default: feedpub-demo")


def _completion(parser: Parser) -> None:
    parser.add_argument("shell", metavar="SHELL", choices=["bash", "zsh", "fish"], help="bash, zsh or fish")


# What a command does, and what adds its options. `feedpub --help` and the manual show them in this order.
COMMANDS: Mapping[str, Command] = {
    "init": Command("learn a council's site and write a config.toml for it: the first command of all", _init),
    "run": Command("fetch what is new and publish what changed: the cron job", _run),
    "backfill": Command("collect older items page by page, from where the last backfill ended", _backfill),
    "worker": Command(
        "update sources as they are due, beside other workers on the same PostgreSQL, until it is stopped", _none
    ),
    "publish": Command("write all files again from the state, without network", _none),
    "recover": Command("rebuild the ids of a lost state from published feeds and exported ledgers", _recover),
    "ledger": Command("list every id that was ever given, with its addresses", _add_json),
    "withdraw": Command("take an item out for good and leave a tombstone", _withdraw),
    "move": Command("give a source another id: its items keep theirs, and its old addresses go on working", _move),
    "retire": Command("close a source for good: its site is asked no more, and what is published stays", _retire),
    "state": Command("copy the state from one place to another: from SQLite to PostgreSQL, or back", _state),
    "backup": Command("write the whole state into one file, also while a run is under way", _backup),
    "restore": Command("put a backup in the place of the state; the old state is kept beside it", _restore),
    "learn": Command("find a site's layout and print a [[source]] table for config.toml", _learn),
    "inspect": Command("show what one page gives, and why", _inspect),
    "check": Command("check published files; exit with 1 if anything is wrong", _check),
    "status": Command("show how each source is; many of them at a glance", _status),
    "config": Command("show every value of the configuration that is in force, and where it comes from", _config),
    "doctor": Command(
        "look at the installation: this machine, the sites, and what a reader gets; name what to do", _doctor
    ),
    "watch-feed": Command(
        "look at a feed as a reader does: whether it has what the council's site lists now", _watch_feed
    ),
    "report": Command(
        "write a page about a month for the council's press officer: what went well, what could", _report
    ),
    "serve": Command("show the published folder over HTTP, for a look and for small sites", _serve),
    "demo": Command("show the whole way on a small council site that comes with the package", _demo),
    "completion": Command(
        "print a script by which a shell completes commands, options and ids of sources", _completion
    ),
}
