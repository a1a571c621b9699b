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
from simulation.promises import Broken
from simulation.rarities import Rarity
from simulation.shrinking import TRIES, shrunk

MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
SHOWN = 12  # promises, and messages
QUICK = 0.08  # years


def main(argv: Sequence[str] | None = None) -> int:
    args = _parser().parse_args(argv)
    years = QUICK if args.quick else args.years
    code = 0
    for seed in range(args.seed, args.seed + args.seeds):
        began = time.perf_counter()
        rarity = Rarity[args.rarity.upper()] if args.rarity else None
        story = story_of(seed, years, Weather[args.weather.upper()], args.times, rarity)
        lived = lived_in_memory(story, args.most)
        print(
            f"seed {seed}: {lived.years:.2f} years in {time.perf_counter() - began:.0f} s, {lived.runs} runs,"
            f" {lived.requests} requests, {len(lived.messages)} messages, {len(lived.broken)} broken promises,"
            f" files {lived.digest[:12]}",
            flush=True,
        )
        if lived.broken:
            code = 1
            show(lived)
            show_short(lived, args.tries)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m simulation", description=__doc__)

    def add(name: str, kind: type, default: float, what: str) -> None:
        parser.add_argument(name, type=kind, default=default, metavar="N", help=f"{what}; default: {default}")

    add("--seed", int, 1, "of the first life")
    add("--seeds", int, 1, "lives, one after the other")
    add("--years", float, 1.0, "of each life")
    add("--times", float, 1.0, "as much goes wrong as usual")
    add("--most", int, 1, "broken promises, then a life ends")
    add("--tries", int, TRIES, "lives to shorten the story of a broken promise; 0: it is not shortened")
    parser.add_argument(
        "--weather", choices=[one.name.lower() for one in Weather], default="rare", help="how much goes wrong"
    )
    parser.add_argument(
        "--rarity", choices=[one.name.lower() for one in Rarity], help="a kind of rare event to try beside less weather"
    )
    parser.add_argument("--quick", action="store_true", help="a month in place of years")
    return parser


def lived_in_memory(story: Story, most: int = 1) -> Lived:
    """Live a story in a folder in memory, where there is one. It is removed afterwards."""
    with TemporaryDirectory(prefix="feedpub-life-", dir=MEMORY if MEMORY.is_dir() else None) as folder:
        return live(story, Path(folder) / "life", most=most)


def show(lived: Lived) -> None:
    print(f"  the site: {lived.story.setup}, a run every {lived.story.every}")
    for broken in lived.broken[:SHOWN]:
        print(f"  {broken}")
    for line in lived.done[-SHOWN:]:
        print(f"    {line}")
    for at, line in lived.messages[-SHOWN:]:
        print(f"    {at:%Y-%m-%d %H:%M}Z feedpub: {line}")


def show_short(lived: Lived, tries: int) -> None:
    """Print a story that is as short as can be found and breaks the first promise as well."""

    def breaks(story: Story) -> Broken | None:
        return next(iter(lived_in_memory(story).broken), None)

    broken = lived.broken[0]
    story = shrunk(lived.story, broken, breaks, tries)
    print("  the story, shortened:" if tries else "  the story:")
    for event in story.events:
        if event.number in (0, broken.number) or (broken.number == 0 and event.at > story.begin):
            print(f"    {event}")


if __name__ == "__main__":
    sys.exit(main())
