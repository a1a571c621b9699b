"""The parser and the manual → the man page feedpub(1), in the macros of man(7).

Options are the parser's words. Exit codes and the variables of a bucket are those of docs/manual.md. What only a man
page says is here.
"""

from __future__ import annotations

import argparse
import re
import textwrap
from collections.abc import Iterable, Iterator

from feedpub.cli.options import make_parser
from tools.manual import ROOT, rows

FILE = ROOT / "packaging" / "man" / "feedpub.1"
DATE = "2026-11-29"  # of the last change to the words of this file
WIDTH = 78  # characters of a line of text
COMMON = {"--help", "--config", "--quiet", "--verbose", "--log-format"}
ABOUT = (
    "feedpub reads the pages on which a city council lists its news, and publishes them as RSS, Atom and JSON Feed,"
    " with pages for people. Let cron or a timer call `feedpub run`. It prints nothing while all is well, and one line"
    " for each fault. The manual, docs/manual.md, describes every command and every key of the configuration in full."
)
FILES = (
    ("config.toml", "The configuration. `feedpub init` writes one, `feedpub config` shows what is in force."),
    ("sources.d/*.toml", "Beside the configuration: a file for each further council."),
    ("feedpub.db", "The state, where `[state] url` names no other place. It holds all that cannot be found again."),
    ("feedpub.db.bak, feedpub.db.bak.1", "Copies of the state. feedpub goes on from them if the state is damaged."),
    ("feedpub.db.lock", "The lock of the command that is at work."),
    ("public/", "What is published, where `[publish] to` says so: the folder that a web server shows."),
)
CONFIG_VARIABLE = ("FEEDPUB_CONFIG", "The configuration, where no `--config` names one.")
EXAMPLES = (
    ("Learn a council's site, and write the configuration:", "feedpub init https://rada.example/news"),
    ("Collect the newest items and publish them, once an hour, by cron:", "17 * * * *  cd /srv/feedpub && feedpub run"),
    ("Collect the older items of one council, as far as 2025:", "feedpub backfill --source rada --since 2025-01-01"),
    ("Publish what a run stopped at, after a look at the site:", "feedpub run --accept k3v7q2m5xa"),
    ("See how each source is, and then the whole installation:", "feedpub status && feedpub doctor"),
)


def text() -> str:
    """Return the man page as it is in the file."""
    return "\n".join(_lines(make_parser())) + "\n"


def _lines(parser: argparse.ArgumentParser) -> Iterator[str]:
    yield '.\\" Written by `python -m tools` from the parser and docs/manual.md.'
    yield f'.TH FEEDPUB 1 {DATE} feedpub "User Commands"'
    yield ".SH NAME"
    yield f"feedpub \\- {_escaped((parser.description or '').rstrip('.').replace('Turn', 'turn', 1))}"
    yield ".SH SYNOPSIS"
    yield from _bold_line(f"feedpub {_usage(parser, set())} COMMAND …")
    yield ".SH DESCRIPTION"
    yield from _prose(ABOUT)
    yield ".SH OPTIONS"
    yield from _prose("Every command takes these options, before or after its name.")
    yield from _described(parser, set())
    yield ".SH COMMANDS"
    yield from _commands(parser)
    yield ".SH EXIT STATUS"
    yield from _tagged(rows("Exit codes"))
    yield ".SH ENVIRONMENT"
    yield from _tagged([CONFIG_VARIABLE, *rows("A bucket")])
    yield ".SH FILES"
    yield from _tagged(FILES)
    yield ".SH EXAMPLES"
    yield from list(_examples())[:-1]  # no space after the last


def _commands(parser: argparse.ArgumentParser) -> Iterator[str]:
    [several] = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    for name, command in several.choices.items():
        yield f".SS {name}"
        yield from _bold_line(f"feedpub {name} {_usage(command, COMMON)}".strip())
        yield ".PP"
        yield from _prose(_sentence(command.description or ""))
        yield from _described(command, COMMON)


def _described(parser: argparse.ArgumentParser, left_out: set[str]) -> Iterator[str]:
    actions = _own(parser, left_out)
    yield from _tagged([(", ".join(_forms(action)), _sentence(_help(action))) for action in actions])


def _own(parser: argparse.ArgumentParser, left_out: set[str]) -> list[argparse.Action]:
    """Return the options and arguments of a parser, without its commands and what is left out."""
    actions = (a for a in parser._actions if not isinstance(a, argparse._SubParsersAction))
    return [action for action in actions if not left_out & set(action.option_strings)]


def _usage(parser: argparse.ArgumentParser, left_out: set[str]) -> str:
    """Return the options and arguments in one line: [--source ID]… URL."""
    either = {tuple(group._group_actions) for group in parser._mutually_exclusive_groups}
    together = {action: group for group in either for action in group}
    parts: list[str] = []
    for action in _own(parser, left_out):
        part = " | ".join(_forms(one)[-1] for one in together.get(action, (action,)))
        several = "…" if action.nargs == "*" or isinstance(action, argparse._AppendAction) else ""
        is_needed = action.required and action.nargs not in ("*", "?")
        parts.append(part if is_needed else f"[{part}]{several}")
    return " ".join(dict.fromkeys(parts))


def _forms(action: argparse.Action) -> list[str]:
    """Return an option in each of its spellings with its value, or an argument by its name."""
    value = str(action.metavar or "")
    if not action.option_strings:
        return [value]
    shown = f"[{value}]" if action.nargs == "?" else value
    return [f"{option} {shown}".rstrip() if action.nargs != 0 else option for option in action.option_strings]


def _help(action: argparse.Action) -> str:
    return (action.help or "").replace("%(prog)s", "feedpub")


def _sentence(words: str) -> str:
    begun = words[:1].upper() + words[1:] if re.match(r"\w+\W?(?: |$)", words) else words  # sqlite:///FILE stays
    return begun if begun.endswith((".", "…")) else f"{begun}."


# ------------------------------------------------------------ roff


def _examples() -> Iterator[str]:
    for said, line in EXAMPLES:
        yield from _prose(said)
        yield from (".PP", ".RS 4", ".nf", _guarded(_literal(line)), ".fi", ".RE", ".PP")


def _tagged(pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    for tag, words in pairs:
        yield ".TP"
        yield from _bold_line(tag.replace("`", ""))
        yield from _prose(words)


def _bold_line(words: str) -> Iterator[str]:
    yield f"\\fB{_literal(words)}\\fR"


def _prose(words: str) -> Iterator[str]:
    """Yield text with a new line for each sentence, as typesetters want it."""
    for sentence in re.split(r"(?<=[.:]) (?=[A-Z])", words):
        yield from map(_guarded, textwrap.wrap(_escaped(sentence), WIDTH, break_on_hyphens=False))


def _guarded(line: str) -> str:
    """Return a line of text that roff does not take for a request."""
    return re.sub(r"^(?=[.'])", r"\\&", line)


def _literal(words: str) -> str:
    """Return words that people copy: a hyphen is the sign of the keyboard, not the typesetter's."""
    return re.sub(r"(?<!\\)-", r"\\-", _escaped(words))


def _escaped(words: str) -> str:
    """Return text as roff has it. What is between backquotes is bold."""
    plain = words.replace("\\", "\\e").replace("--", "\\-\\-").replace("…", "\\|.\\|.\\|.").replace("~", "\\(ti")
    bold = re.sub(r"`([^`]*)`", r"\\fB\1\\fR", plain)
    return "".join(c if c.isascii() else f"\\[u{ord(c):04X}]" for c in bold)
