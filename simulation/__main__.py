"""Lives a council's years from a seed: python -m simulation --seed 1 --years 1."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from simulation.council import Story
from simulation.life import Weather, story_of
from simulation.lives import Lived, live

MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
SHOWN = 12  # promises


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m simulation", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of the first life; default: 1")
    parser.add_argument("--seeds", type=int, default=1, metavar="N", help="lives, one after the other; default: 1")
    parser.add_argument("--years", type=float, default=1.0, metavar="N", help="of each life; default: 1")
    parser.add_argument(
        "--weather", choices=[one.name.lower() for one in Weather], default="clumsy", help="how much goes wrong"
    )
    parser.add_argument(
        "--times", type=float, default=1.0, metavar="N", help="as much goes wrong as is usual; default: 1"
    )
    parser.add_argument(
        "--most", type=int, default=1, metavar="N", help="broken promises, then a life ends; default: 1"
    )
    args = parser.parse_args(argv)
    code = 0
    for seed in range(args.seed, args.seed + args.seeds):
        lived, seconds = _lived(story_of(seed, args.years, Weather[args.weather.upper()], args.times), args.most)
        print(f"seed {seed}: {lived.years:.2f} years in {seconds:.0f} s, {lived.runs} runs, {lived.requests} requests,"
              f" {len(lived.messages)} messages, {len(lived.broken)} broken promises", flush=True)  # fmt: skip
        if lived.broken:
            code = 1
            show(lived)
    return code


def _lived(story: Story, most: int) -> tuple[Lived, float]:
    began = time.perf_counter()
    with TemporaryDirectory(prefix="feedpub-life-", dir=MEMORY if MEMORY.is_dir() else None) as folder:
        lived = live(story, Path(folder) / "life", most=most)
    return lived, time.perf_counter() - began


def show(lived: Lived) -> None:
    print(f"  the site: {lived.story.setup}")
    for broken in lived.broken[:SHOWN]:
        print(f"  {broken}")
    numbers = {broken.number for broken in lived.broken if broken.number}
    for event in lived.story.events:
        if event.at <= lived.ended and (not event.number or event.number in numbers):
            print(f"    {event}")
    for line in lived.done[-SHOWN:]:
        print(f"    {line}")
    for at, line in lived.messages[-SHOWN:]:
        print(f"    {at:%Y-%m-%d %H:%M}Z feedpub: {line}")


if __name__ == "__main__":
    sys.exit(main())
