"""Several workers on one PostgreSQL, of which one is killed at a random moment, again and again.

`python -m benchmarks.workers --sites 60 --kills 20` prints what the sites saw, and whether the published folders are
those of a single run.
"""

from __future__ import annotations

import argparse
import filecmp
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from benchmarks import country
from benchmarks.measuring import HERE, Failed
from benchmarks.scale import PORT, Farm, farm
from tests import postgres

DELAY = 0.2  # seconds between two requests to a site
INTERVAL = 60.0  # seconds between two looks at a source
LATENCY = 0.05
PATIENCE = 300.0
FEEDPUB = [sys.executable, "-m", "feedpub", "--config"]


@dataclass
class Crew:
    """Workers of one configuration, in processes of their own."""

    config: Path
    random: Random = field(default_factory=Random)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self) -> subprocess.Popen[bytes]:
        with (self.config.parent / "said").open("ab") as said:
            command = [*FEEDPUB, str(self.config), "worker"]
            process = subprocess.Popen(command, cwd=HERE.parent, stderr=said)  # noqa: S603 - ours
        self.processes.append(process)
        return process

    def kill_one(self) -> None:
        """Kill a worker, as a machine does that loses power, and start another one."""
        victim = self.processes.pop(self.random.randrange(len(self.processes)))
        victim.kill()
        victim.wait()
        self.start()

    def stop(self) -> float:
        """Stop all. Return the seconds that the slowest took."""
        began = time.monotonic()
        for process in self.processes:
            process.send_signal(signal.SIGTERM)
        codes = [process.wait(PATIENCE) for process in self.processes]
        if not {0, -signal.SIGTERM}.issuperset(codes):  # one that has just begun ends at once
            raise Failed(f"the workers ended with {codes}: {self.said}")
        return time.monotonic() - began

    def kill(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()

    @property
    def said(self) -> str:
        path = self.config.parent / "said"
        return path.read_text() if path.exists() else ""


def configure(folder: Path, sites: int, state: str, *, port: int = PORT, delay: float = DELAY) -> Path:
    """Write a configuration for the farm's first sites, whose state is on a server. Return its path."""
    country.configure(folder, range(sites), port, delay=delay)
    path = folder / "config.toml"
    text = path.read_text().replace("sqlite:///feedpub.db", state)
    path.write_text(text.replace("[fetch]", f'[defaults]\nevery = "{INTERVAL / 60:.0f}m"\n\n[fetch]'))
    return path


def differing(folder: Path, other: Path) -> list[str]:
    """Return the published files that are not the same in both. Each source's own notes are not published."""
    found = (p.relative_to(root) for root in (folder, other) for p in root.rglob("[!.]*") if p.is_file())
    names = sorted(str(name) for name in set(found))
    _, differ, missing = filecmp.cmpfiles(folder, other, names, shallow=False)
    return [*differ, *missing]


def run_alone(folder: Path, sites: int, port: int = PORT) -> None:
    """Read the sites in a single run, with a state of its own."""
    country.configure(folder, range(sites), port)
    subprocess.run([*FEEDPUB, str(folder / "config.toml"), "run"], cwd=HERE.parent, check=True)  # noqa: S603 - ours


def wait_until(is_so: Callable[[], bool], what: str) -> float:
    """Wait until something is so. Return the seconds."""
    began = time.monotonic()
    while not is_so():
        if time.monotonic() - began > PATIENCE:
            raise Failed(f"{what}: not within {PATIENCE:.0f} s")
        time.sleep(0.2)
    return time.monotonic() - began


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.workers", description=__doc__)
    parser.add_argument("--sites", type=int, default=60, metavar="N")
    parser.add_argument("--workers", type=int, default=3, metavar="N")
    parser.add_argument("--kills", type=int, default=20, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    args = parser.parse_args()
    with TemporaryDirectory(prefix="feedpub-workers-") as name, farm(args.sites) as sites:
        folder = Path(name)
        crew = Crew(
            configure(folder / "many", args.sites, postgres.server().url().whole),
            Random(args.seed),  # noqa: S311 - no secret
        )
        run_alone(folder / "one", args.sites)
        sites.tell("log")
        try:
            live(crew, sites, args)
        finally:
            crew.kill()
        run_alone(folder / "one", args.sites)
        print("files that a single run makes otherwise:", differing(folder / "many/public", folder / "one/public"))


def live(crew: Crew, sites: Farm, args: argparse.Namespace) -> None:
    """Let workers read all sites, and kill one again and again."""
    sites.tell(f"latency {LATENCY}")
    for _ in range(args.workers):
        crew.start()
    feeds = crew.config.parent / "public"
    first = wait_until(lambda: len(list(feeds.glob("*/rss.xml"))) == args.sites, "every source has its feed")
    print(f"first look: {first:.0f} s; {sites.tell('log')}", flush=True)
    for number in range(args.kills):
        time.sleep(crew.random.uniform(0, INTERVAL / 2))
        crew.kill_one()
        if number == args.kills // 2:
            sites.tell(f"new {args.sites // 2}")
    time.sleep(INTERVAL * 2)
    print(f"stopped in {crew.stop():.1f} s; said: {crew.said or 'nothing'}")
    print(sites.tell("log"))


if __name__ == "__main__":
    main()
