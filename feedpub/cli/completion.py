"""completion: print a script by which a shell completes commands, options, files and the ids of sources.

shtab makes it of the parser. The functions for ids are here: they ask `feedpub config`, with the --config of the line.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

from feedpub.cli import FINE
from feedpub.cli.options import make_parser
from feedpub.cli.speech import Speech, show_as_is
from feedpub.errors import ConfigError

# Of what `feedpub config` prints: the line after each [[source]].
IDS = r"""sed -n '/^\[\[source\]\]$/{n;s/^id = "\([a-z0-9-]*\)".*/\1/p;}'"""
BASH = rf"""
_feedpub_sources() {{
  local n value config=()
  for ((n = 1; n < COMP_CWORD; n++)); do
    value=${{COMP_WORDS[n + 1]}}
    [[ $value == = ]] && value=${{COMP_WORDS[n + 2]}}
    [[ ${{COMP_WORDS[n]}} == --config ]] && config=(--config "$value")
  done
  compgen -W "$("${{COMP_WORDS[0]}}" "${{config[@]}}" config 2>/dev/null | {IDS})" -- "$1"
}}
"""
ZSH = rf"""
_feedpub_sources() {{
  local -a line=(${{(z)LBUFFER}}) config=()
  local n
  for ((n = 1; n < $#line; n++)); do
    [[ $line[n] == --config ]] && config=(--config "${{(Q)line[n + 1]}}")
    [[ $line[n] == --config=* ]] && config=("${{(Q)line[n]}}")
  done
  compadd -- $("${{(Q)line[(r)(*/|)feedpub]}}" $config config 2>/dev/null | {IDS})
}}
"""
FISH = rf"""
function _feedpub_sources
  set -l line (commandline -opc)
  set -l config
  for n in (seq (count $line))
    switch $line[$n]
      case --config
        set config $line[$n..(math $n + 1)]
      case '--config=*'
        set config $line[$n]
    end
  end
  $line[1] $config config 2>/dev/null | {IDS}
end
"""
SOURCES = {
    "bash": "_feedpub_sources",
    "zsh": "_feedpub_sources",
    "fish": "(_feedpub_sources)",
    "preamble": {"bash": BASH, "zsh": ZSH, "fish": FISH},
}


def command(args: argparse.Namespace, speech: Speech) -> int:
    if find_spec("shtab") is None:
        problem = "`feedpub completion` needs a package that is not installed: pip install 'feedpub[completion]'"
        raise ConfigError([problem])
    import shtab

    parser = make_parser()
    ways = {"FILE": shtab.FILE, "URL|FILE": shtab.FILE, "PATH|URL": shtab.FILE, "FOLDER": shtab.DIRECTORY}
    for action in _actions(parser):
        way: Any = SOURCES if "--source" in action.option_strings else ways.get(str(action.metavar))
        if way:
            action.complete = way  # type: ignore[attr-defined]
    show_as_is(shtab.complete(parser, args.shell))
    return FINE


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """Yield the options and arguments of a parser and of its commands."""
    for action in parser._actions:  # argparse has no other way to them; shtab goes it as well
        yield action
        if isinstance(action, argparse._SubParsersAction):
            for command_parser in action.choices.values():
                yield from _actions(command_parser)
