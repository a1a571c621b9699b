"""bash, zsh and fish as a person has them: in a terminal, with TAB."""

from __future__ import annotations

import os
import pty
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

from feedpub import __main__

PATIENCE = 20.0  # seconds for a shell's answer
# `feedpub config` is what completion itself asks. All else is written down, a word a line, and not run.
PROGRAM = """#!/bin/sh
for word in "$@"; do [ "$word" != config ] || exec '{python}' '{main}' "$@"; done
printf '%s\\n' "$@" >'{log}.part'
mv '{log}.part' '{log}'
"""
STARTS = {
    "bash": "set +o history; source '{script}'",
    "zsh": "fpath=('{script.parent}' $fpath); autoload -Uz compinit; compinit -D -u",
}
OPTIONS = {"bash": ("--norc", "--noprofile", "-i"), "zsh": ("-f", "-i"), "fish": ("--no-config",)}


def missing(shell: str) -> str | None:
    return None if shutil.which(shell) else f"no {shell} on this machine: `apt-get install {shell}` gets it"


class Shell:
    """A shell in whose PATH ``feedpub`` is, with the script that it printed."""

    def __init__(self, name: str, folder: Path, script: str) -> None:
        self.name, self.folder = name, folder
        self.script = folder / "scripts" / "_feedpub"  # the name by which zsh finds it
        self.script.parent.mkdir()
        self.script.write_text(script, encoding="utf-8")
        self.log = folder / "words.log"
        program = folder / "bin" / "feedpub"
        program.parent.mkdir()
        program.write_text(PROGRAM.format(python=sys.executable, main=__main__.__file__, log=self.log))
        program.chmod(0o755)
        root = Path(__main__.__file__).parent.parent
        path = f"{program.parent}:{os.environ['PATH']}"
        self.environment = {**os.environ, "PATH": path, "PYTHONPATH": str(root), "HOME": str(folder), "TERM": "dumb"}

    def completed(self, line: str) -> list[str]:
        """Return the words that `feedpub` gets when the line is typed, with TAB for each ``\\t``, and then Enter."""
        return self._asked_of_fish(line) if self.name == "fish" else self._typed(line)

    def _asked_of_fish(self, line: str) -> list[str]:
        words = line.split("\t")
        text = words[0]
        for rest in words[1:]:
            last = text.split(" ")[-1]
            [one] = [found for found in self._candidates(text) if found.startswith(last)]
            text = f"{text.removesuffix(last)}{one} {rest}"
        return text.split()[1:]

    def _candidates(self, text: str) -> list[str]:
        code = f"source {self.script}; complete --do-complete '{text}'"
        done = subprocess.run(
            ["fish", *OPTIONS["fish"], "-c", code], capture_output=True, text=True, check=True, env=self.environment,
            cwd=self.folder, timeout=PATIENCE,
        )  # fmt: skip
        return [line.split("\t")[0] for line in done.stdout.splitlines()]

    def _typed(self, line: str) -> list[str]:
        terminal, side = pty.openpty()
        with subprocess.Popen(
            [self.name, *OPTIONS[self.name]], stdin=side, stdout=side, stderr=side, start_new_session=True,
            env=self.environment, cwd=self.folder,
        ) as process:  # fmt: skip
            os.close(side)
            try:
                ready = self.folder / "ready"
                os.write(terminal, f"{STARTS[self.name].format(script=self.script)}; : >'{ready}'\n".encode())
                shown = _read_until(terminal, ready)
                os.write(terminal, f"{line}\n".encode())
                shown += _read_until(terminal, self.log)
            finally:
                process.kill()
                os.close(terminal)
        assert self.log.exists(), shown.decode(errors="replace")
        return self.log.read_text(encoding="utf-8").split("\n")[:-1]


def _read_until(terminal: int, file: Path) -> bytes:
    """Return what the shell shows until it has made a file; without one, until the patience is at its end."""
    shown, end = b"", time.monotonic() + PATIENCE
    while not file.exists() and time.monotonic() < end:
        if select.select([terminal], [], [], 0.05)[0]:
            shown += os.read(terminal, 4096)
    return shown
