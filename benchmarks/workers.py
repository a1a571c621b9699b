"""Several workers on one PostgreSQL, of which one is killed at a random moment, again and again.

`python -m benchmarks.workers --sites 60 --kills 20` prints what the sites saw, and whether the published folders are
those of a single run. With `--bucket` the workers publish into a bucket on an S3 server.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from benchmarks import country
from benchmarks.measuring import HERE, Failed
from benchmarks.scale import PORT, Farm, farm
from feedpub.publishing.bucket import Bucket
from tests import buckets, postgres

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


def configure(
    folder: Path, sites: int, state: str, *, port: int = PORT, delay: float = DELAY, to: str = "public"
) -> Path:
    """Write a configuration for the farm's first sites, whose state is on a server. Return its path."""
    country.configure(folder, range(sites), port, delay=delay)
    path = folder / "config.toml"
    text = path.read_text().replace("sqlite:///feedpub.db", state).replace('to = "public"', f'to = "{to}"')
    path.write_text(text.replace("[fetch]", f'[defaults]\nevery = "{INTERVAL / 60:.0f}m"\n\n[fetch]'))
    return path


def published(place: Path | str) -> dict[str, bytes]:
    """Return all that is published in a folder or in a bucket, by name. Each source's own notes are not published."""
    if isinstance(place, str):
        bucket = Bucket(place)
        return {name: data for name in bucket.all_names() if (data := bucket.read(name)) is not None}
    return {p.relative_to(place).as_posix(): p.read_bytes() for p in place.rglob("[!.]*") if p.is_file()}


def differing(place: Path | str, other: Path) -> list[str]:
    """Return the published files that are not the same in both."""
    ours, theirs = published(place), published(other)
    return sorted(name for name in {*ours, *theirs} if ours.get(name) != theirs.get(name))


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


def wait_until_same(place: Path | str, other: Path) -> float:
    """Wait until both publish the same files. Return the seconds. Raises Failed with the files that differ."""
    left: list[str] = []

    def is_same() -> bool:
        left[:] = differing(place, other)
        return not left

    try:
        return wait_until(is_same, "the same files are published")
    except Failed as error:
        raise Failed(f"{error}; these differ: {', '.join(left)}") from error


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.workers", description=__doc__)
    parser.add_argument("--sites", type=int, default=60, metavar="N")
    parser.add_argument("--workers", type=int, default=3, metavar="N")
    parser.add_argument("--kills", type=int, default=20, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument("--bucket", action="store_true", help="publish into a bucket")
    args = parser.parse_args()
    with TemporaryDirectory(prefix="feedpub-workers-") as name, farm(args.sites) as sites:
        folder = Path(name)
        with place(folder, is_bucket=args.bucket) as to:
            state = postgres.server().url().whole
            crew = Crew(
                configure(folder / "many", args.sites, state, to=str(to)),
                Random(args.seed),  # noqa: S311 - no secret
            )
            run_alone(folder / "one", args.sites)
            sites.tell("log")
            try:
                live(crew, to, sites, args)
            finally:
                crew.kill()
            run_alone(folder / "one", args.sites)
            print("files that a single run makes otherwise:", differing(to, folder / "one/public"))


@contextmanager
def place(folder: Path, *, is_bucket: bool) -> Iterator[Path | str]:
    """Where to publish: a folder, or a bucket on an S3 server of its own, whose keys are in the environment."""
    if not is_bucket:
        yield folder / "many" / "public"
        return
    (folder / "bucket").mkdir()
    with buckets.seaweed(folder / "bucket") as port:
        os.environ.update(buckets.environment(f"http://127.0.0.1:{port}"))
        buckets.make_bucket(port, "feeds")
        yield "s3://feeds/all"


def live(crew: Crew, to: Path | str, sites: Farm, args: argparse.Namespace) -> None:
    """Let workers read all sites, and kill one again and again."""
    sites.tell(f"latency {LATENCY}")
    for _ in range(args.workers):
        crew.start()
    first = wait_until(lambda: len(feeds(to)) == args.sites, "every source has its feed")
    print(f"first look: {first:.0f} s; {sites.tell('log')}", flush=True)
    for number in range(args.kills):
        time.sleep(crew.random.uniform(0, INTERVAL / 2))
        crew.kill_one()
        if number == args.kills // 2:
            sites.tell(f"new {args.sites // 2}")
    time.sleep(INTERVAL * 2)
    print(f"stopped in {crew.stop():.1f} s; said: {crew.said or 'nothing'}")
    print(sites.tell("log"))


def feeds(to: Path | str) -> list[str]:
    """The sources that have a feed."""
    names = Bucket(to).all_names() if isinstance(to, str) else [str(p.relative_to(to)) for p in to.glob("*/rss.xml")]
    return sorted(name.partition("/")[0] for name in names if name.endswith("/rss.xml") and name.count("/") == 1)


if __name__ == "__main__":
    main()
