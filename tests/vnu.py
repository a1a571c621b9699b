"""What the Nu HTML checker, the W3C's, finds wrong with files of HTML and the CSS in them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from tests import tools

PROGRAM = tools.path("vnu-jar/build/dist/vnu.jar")
JAVA = shutil.which("java")
ABSENT = (
    tools.ABSENT.format("vnu-jar")
    if PROGRAM is None
    else "no java on this machine: `apt-get install default-jre-headless` gets it"
)
PATIENCE = 120  # seconds: for all files
STACK = "-Xss4m"  # the checker recurses, and says itself that the default is little


class Findings(NamedTuple):
    errors: list[str]  # a line each: file, line, what
    warnings: list[str]  # and whatever else it says


def is_here() -> bool:
    return PROGRAM is not None and JAVA is not None


def findings(paths: Sequence[Path]) -> Findings:
    """What it says of the files, in their order; all are looked at in one go."""
    assert PROGRAM is not None, ABSENT
    assert JAVA is not None, ABSENT
    if missing := [str(path) for path in paths if not path.is_file()]:
        raise FileNotFoundError(f"no file to check: {', '.join(missing)}")
    given = {str(path.resolve()): path for path in paths}
    done = subprocess.run(
        [JAVA, STACK, "-jar", PROGRAM, "--stdout", "--format", "json", "--asciiquotes", "--exit-zero-always", *given],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE, check=False,
        env={**os.environ, "LC_ALL": "C.UTF-8"},  # else it passes over names in Cyrillic, and says nothing
    )  # fmt: skip
    assert done.returncode == 0, f"the checker failed: {done.stderr.strip()}"
    found = Findings([], [])
    for message in json.loads(done.stdout)["messages"]:
        path = given[unquote(urlsplit(message["url"]).path)]
        kind = found.warnings if message["type"] == "info" else found.errors
        kind.append(f"{path}:{message.get('lastLine', '?')}: {message['message']}")
    return found


def errors(paths: Sequence[Path]) -> list[str]:
    return findings(paths).errors
