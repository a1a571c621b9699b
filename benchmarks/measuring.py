"""A command to what it takes: CPU seconds of the whole process, peak memory, requests, in several rounds."""

from __future__ import annotations

import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.drupal.server import Served

HERE = Path(__file__).parent
SPREAD = 0.5  # of the rounds lie within what is given beside a median


@dataclass(frozen=True, slots=True)
class Run:
    """What one process took."""

    cpu: float  # seconds, user and system
    wall: float  # seconds
    peak: int  # bytes of resident memory, at most
    requests: int


class Failed(Exception):
    """A command that is measured did not end well, or did not do what it is measured for."""


def run(command: Sequence[str], served: Sequence[Served], folder: Path, tries: int = 1) -> Run:
    """Runs it to its end, again where it ends badly and may be tried again. Raises Failed where it does not end with 0.

    Python's own settings are not handed on: with PYTHONDONTWRITEBYTECODE it
    would be the compiler that is measured.
    """
    for one in served:
        one.requests.clear()
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    done = subprocess.run(  # noqa: S603 - commands of ours
        [sys.executable, "-I", "-S", str(HERE / "meter.py"), *command], cwd=HERE.parent, env=kept, capture_output=True,
        text=True,
    )  # fmt: skip
    told = json.loads(done.stdout) if done.returncode == 0 else {"exit": done.returncode}
    if told["exit"]:
        said = f"{' '.join(command)} (in {folder}) ends with {told['exit']}: {done.stderr[-2000:]}"
        if tries <= 1:
            raise Failed(said)
        print(f"once more: {said}", file=sys.stderr)
        return run(command, served, folder, tries - 1)
    return Run(told["cpu"], told["wall"], told["peak"], sum(len(s.requests) for s in served))


def fresh(folder: Path, of: Path | None = None) -> Path:
    """The folder, empty, or a copy of another one."""
    shutil.rmtree(folder, ignore_errors=True)
    if of:
        shutil.copytree(of, folder)
    else:
        folder.mkdir(parents=True)
    return folder


def middle(values: Sequence[float]) -> tuple[float, float, float]:
    """The median, and between which values the middle half of all lies."""
    ordered = sorted(values)
    rest = len(ordered) * (1 - SPREAD) / 2
    return statistics.median(ordered), ordered[int(rest)], ordered[-1 - int(rest)]


def machine() -> str:
    """What this is measured on, as far as it says so itself."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    names = [n.partition(":")[2].strip() for n in info.read_text().splitlines() if n.startswith("model name")] \
        if info.exists() else []  # fmt: skip
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{names[0] if names else model}, {os.cpu_count()} cores, {memory:.0f} GB, {platform.system()}"
        f" {platform.release()}, Python {platform.python_version()}"
    )
