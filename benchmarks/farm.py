"""Many small sites, each at an address of its own on loopback (127.1.x.y), served by one process.

`python -m benchmarks.farm --sites 1470 --port 8470` serves them until its standard input ends. Each line there is a
command, answered by a line of JSON: `new N` gives the first N sites one article more, `latency S` makes every answer
take so many seconds, `dead N` lets the last N sites answer no connection, `log` tells what was asked since the last
time.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import resource
import socket
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from http import HTTPStatus
from itertools import pairwise

from benchmarks.site import Council
from tests.drupal.site import Answer

ARTICLES = 20
PLACE = "http://farm.invalid"  # in the pages as they are made; each site has its own address there
ROBOTS = b"User-agent: *\nDisallow: /admin/\n"
BACKLOG = 64
LISTING = "/"


def host_of(number: int) -> str:
    """The address of a site, from 0."""
    return f"127.1.{number // 250}.{number % 250 + 1}"


def homes(count: int, port: int) -> list[str]:
    return [f"http://{host_of(n)}:{port}/" for n in range(count)]


@dataclass
class Asked:
    """What one site was asked."""

    requests: int = 0
    unmodified: int = 0
    bytes: int = 0
    under_way: int = 0
    most_at_once: int = 0
    closest: float = float("inf")  # seconds from the end of an answer to the next request
    first: float = field(default_factory=time.monotonic)
    last: float | None = None
    looks: list[float] = field(default_factory=list)  # when the listing was asked for

    @property
    def gaps(self) -> list[float]:
        return [later - earlier for earlier, later in pairwise(self.looks)]


@dataclass
class Farm:
    """The sites, all alike, and what they were asked. Some have an article more."""

    count: int
    port: int
    latency: float = 0.0
    new: int = 0
    pages: dict[tuple[str, bool], Answer] = field(default_factory=dict)
    asked: dict[int, Asked] = field(default_factory=lambda: defaultdict(Asked))
    servers: dict[int, asyncio.Server] = field(default_factory=dict)
    plugs: list[socket.socket] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.old_site, self.new_site = Council(ARTICLES), Council(ARTICLES)
        self.new_site.add()

    def answer(self, number: int, path: str, headers: dict[str, str]) -> Answer:
        """The answer of one site, made once for all sites that are alike."""
        if path == "/robots.txt":
            return Answer(HTTPStatus.OK, (("Content-Type", "text/plain"),), ROBOTS)
        is_new = number < self.new
        made = self.pages.get((path, is_new))
        if made is None:
            site = self.new_site if is_new else self.old_site
            made = self.pages[path, is_new] = site.answer("GET", path, {}, PLACE)
        tag = f'"{hashlib.sha256(made.body).hexdigest()[:16]}"'
        known = (("ETag", tag), ("Last-Modified", made.header("last-modified") or format_datetime(self._newest)))
        if headers.get("if-none-match") == tag:
            return Answer(HTTPStatus.NOT_MODIFIED, known)
        body = made.body.replace(PLACE.encode(), f"http://{host_of(number)}:{self.port}".encode())
        return Answer(made.status, (("Content-Type", "text/html; charset=utf-8"), *known), body)

    @property
    def _newest(self) -> datetime:
        return self.old_site.newest[0].utc

    async def talk(self, number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            while head := await reader.readuntil(b"\r\n\r\n"):
                await self._reply(number, head.decode("latin-1"), writer)
        writer.close()

    async def _reply(self, number: int, head: str, writer: asyncio.StreamWriter) -> None:
        line, *rest = head.split("\r\n")
        method, path, _ = line.split(" ", 2)
        headers = {name.lower(): value.strip() for name, _, value in (one.partition(":") for one in rest)}
        asked = self.asked[number]
        if asked.last is not None:
            asked.closest = min(asked.closest, time.monotonic() - asked.last)
        asked.requests += 1
        if path == LISTING:
            asked.looks.append(time.monotonic())
        asked.under_way += 1
        asked.most_at_once = max(asked.most_at_once, asked.under_way)
        if self.latency:
            await asyncio.sleep(self.latency)
        answer = self.answer(number, path, headers)
        body = b"" if method == "HEAD" else answer.body
        status = HTTPStatus(answer.status)
        lines = [f"HTTP/1.1 {status.value} {status.phrase}", *(f"{n}: {v}" for n, v in answer.headers)]
        if status != HTTPStatus.NOT_MODIFIED:
            lines.append(f"Content-Length: {len(answer.body)}")
        asked.last = time.monotonic()  # before it leaves: a busy machine may let this process wait just after it
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        asked.unmodified += status == HTTPStatus.NOT_MODIFIED
        asked.bytes += len(body)
        asked.under_way -= 1
        await writer.drain()

    async def open(self, number: int) -> None:
        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await self.talk(number, reader, writer)

        self.servers[number] = await asyncio.start_server(talk, host_of(number), self.port, backlog=BACKLOG)

    async def kill(self, count: int) -> None:
        """Let the last sites answer no connection at all, as a machine does that is switched off."""
        for number in range(self.count - count, self.count):
            self.servers.pop(number).close()
            plug = socket.socket()
            plug.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            plug.bind((host_of(number), self.port))
            plug.listen(0)
            self.plugs.append(plug)
            for _ in range(2):  # the queue is full then, and what comes after is not answered
                caller = socket.socket()
                caller.setblocking(False)
                with suppress(BlockingIOError):
                    caller.connect((host_of(number), self.port))
                self.plugs.append(caller)

    def log(self) -> dict[str, object]:
        """What was asked since the last time, added up."""
        all_asked: Sequence[Asked] = list(self.asked.values())
        self.asked.clear()
        begun, ended = (
            min((a.first for a in all_asked), default=0.0),
            max((a.last or 0.0 for a in all_asked), default=0),
        )
        return {
            "sites": len(all_asked),
            "seconds": round(ended - begun, 2),
            "requests": sum(a.requests for a in all_asked),
            "unmodified": sum(a.unmodified for a in all_asked),
            "bytes": sum(a.bytes for a in all_asked),
            "most_at_once": max((a.most_at_once for a in all_asked), default=0),
            "closest": min((a.closest for a in all_asked), default=None),
            "looks": sum(len(a.looks) for a in all_asked),
            "soonest_look": min((gap for a in all_asked for gap in a.gaps), default=None),
            "latest_look": max((gap for a in all_asked for gap in a.gaps), default=None),
        }

    async def obey(self, line: str) -> dict[str, object]:
        match line.split():
            case ["new", number]:
                self.new = int(number)
            case ["latency", seconds]:
                self.latency = float(seconds)
            case ["dead", number]:
                await self.kill(int(number))
            case ["log"]:
                return self.log()
        return {}


async def serve(count: int, port: int, latency: float) -> None:
    farm = Farm(count, port, latency)
    for number in range(count):
        await farm.open(number)
    print(json.dumps({"sites": count}), flush=True)
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        print(json.dumps(await farm.obey(line)), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.farm", description=__doc__)
    parser.add_argument("--sites", type=int, default=100, metavar="N")
    parser.add_argument("--port", type=int, default=8470, metavar="N")
    parser.add_argument("--latency", type=float, default=0.0, metavar="SECONDS")
    args = parser.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    asyncio.run(serve(args.sites, args.port, args.latency))


if __name__ == "__main__":
    main()
