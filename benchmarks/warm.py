"""An interpreter that has loaded feedpub and forks for each command, so that a campaign does not wait for imports.

    python -m benchmarks.warm

It reads a line of JSON for each command, ``{"words": […], "out": path, "err": path, "is_held": bool}``, and writes two
lines: the process, and its exit code. A command that is held stops before it begins, so that a tracer can come to it.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import signal
import subprocess
import sys
from pathlib import Path

import feedpub
from feedpub import cli

TIME_LIMIT = 120  # seconds a command may take


class Warm:
    """The client's side. ``prefix`` gives the words of a tracer for a process."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.warm"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def close(self) -> None:
        self.process.communicate()

    def run(self, words: list[str], folder: Path, tracer: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
        """Run a command, and a tracer beside it if there is one. The outputs go to files in the folder."""
        out, err = folder / "out", folder / "err"
        self._write({"words": words, "out": str(out), "err": str(err), "is_held": bool(tracer)})
        process = int(self._line())
        traced = _traced(process, tracer) if tracer else None
        code = int(self._line())
        if traced:
            traced.wait(TIME_LIMIT)
        return subprocess.CompletedProcess(words, code, *(p.read_text(errors="replace") for p in (out, err)))

    def _write(self, command: dict[str, object]) -> None:
        assert self.process.stdin
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()

    def _line(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline()


def _traced(process: int, tracer: tuple[str, ...]) -> subprocess.Popen[bytes]:
    """Bring a tracer to a stopped process, and let the process go on."""
    traced = subprocess.Popen([*tracer, "-p", str(process)], stderr=subprocess.DEVNULL)  # noqa: S603  strace
    while traced.poll() is None and not _is_traced(process):
        os.sched_yield()
    os.kill(process, signal.SIGCONT)
    return traced


def _is_traced(process: int) -> bool:
    return "TracerPid:\t0\n" not in Path(f"/proc/{process}/status").read_text()


# ------------------------------------------------------------ the process that forks


def main() -> None:
    for module in pkgutil.walk_packages(feedpub.__path__, "feedpub."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    import brotli  # noqa: F401  feedpub loads it late

    for line in sys.stdin:
        _serve(json.loads(line))


def _serve(command: dict[str, object]) -> None:
    process = os.fork()
    if process == 0:
        _become(command)
    if command["is_held"]:
        os.waitpid(process, os.WUNTRACED)
    print(process, flush=True)
    _, status = os.waitpid(process, 0)
    print(os.waitstatus_to_exitcode(status), flush=True)


def _become(command: dict[str, object]) -> None:
    """Be the command, to the end of the process."""
    for number, path in ((1, command["out"]), (2, command["err"])):
        file = os.open(str(path), os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(file, number)
        os.close(file)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    if command["is_held"]:
        os.kill(os.getpid(), signal.SIGSTOP)
    signal.alarm(TIME_LIMIT)
    words = command["words"]
    assert isinstance(words, list)
    sys.exit(cli.main(words))


if __name__ == "__main__":
    main()
