"""Runs a command and says what it took: a line of JSON, alone on standard output. `meter.py COMMAND [ARG]...`

By itself, in a small process: a child inherits the peak memory of whoever
starts it (Linux counts it until the exec), and the benchmarks' own is large.
"""

from __future__ import annotations

import json
import os
import sys
import time


def main(command: list[str]) -> int:
    begun = time.monotonic()
    child = os.fork()
    if child == 0:
        os.dup2(2, 1)  # what the command says must not mix with the figures
        try:
            os.execvp(command[0], command)  # noqa: S606 - no shell is wanted
        except OSError as error:
            print(f"{command[0]}: {error}", file=sys.stderr)
            os._exit(127)
    _, status, used = os.wait4(child, 0)
    wall = time.monotonic() - begun
    figures = {
        "exit": os.waitstatus_to_exitcode(status), "cpu": used.ru_utime + used.ru_stime, "wall": wall,
        "peak": used.ru_maxrss * 1024 if sys.platform != "darwin" else used.ru_maxrss,
    }  # fmt: skip
    print(json.dumps(figures))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
