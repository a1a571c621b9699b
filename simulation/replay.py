"""Serves a dump on loopback at one moment: python -m simulation.replay FOLDER --port 8765 --at 2025-01-06T06:00:00Z."""

from __future__ import annotations

import argparse
import socket
import struct
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from simulation.dumped import LOOPBACK, Dump, read, shown

CONTROL = "127.0.0.1"  # GET /at says the moment, PUT /at sets it
RESET = struct.pack("ii", 1, 0)  # of SO_LINGER: the connection ends with a reset


def main(argv: Sequence[str] | None = None) -> int:
    args = _parser().parse_args(argv)
    dump = Dump(args.folder)
    with Replay(dump, args.port, read(args.at) if args.at else dump.beginning, args.wait) as replay:
        print(f"the moment: GET or PUT http://{CONTROL}:{replay.port}/at")
        for origin in dump.origins:
            print(f"{origin} is {dump.base(origin, replay.port)}")
        sys.stdout.flush()
        threading.Event().wait()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m simulation.replay", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="a dump")
    parser.add_argument("--port", type=int, default=8765, metavar="N", help="on all its addresses; default: 8765")
    parser.add_argument("--at", metavar="TIME", help="the moment, in UTC; default: the beginning of the dump")
    parser.add_argument(
        "--wait", type=float, default=0.0, metavar="SHARE",
        help="of the time that an answer took, to be waited for; default: 0, none",
    )  # fmt: skip
    return parser


class Replay:
    """A dump on loopback. Each origin has an address of its own: 127.1.0.1 is that of the first."""

    def __init__(self, dump: Dump, port: int = 0, at: datetime | None = None, wait: float = 0.0) -> None:
        self.dump, self.wait = dump, wait
        self.at = at or dump.beginning  # may be set at any time
        self.log: list[tuple[str, int]] = []  # addresses and the status of their answers; 0: none
        self._served = 0  # since the last moment
        self._stack = ExitStack()
        self._wanted = port
        self.port = port

    def __enter__(self) -> Replay:
        first = self._serve(CONTROL, self._wanted)
        self.port = int(first.server_address[1])
        for n in range(1, len(self.dump.origins) + 1):
            self._serve(LOOPBACK.format(n), self.port)
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        self._stack.close()

    def _serve(self, host: str, port: int) -> ThreadingHTTPServer:
        replay = self

        class Handler(_Handler):
            of = replay

        server = ThreadingHTTPServer((host, port), Handler)
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        self._stack.callback(thread.join)
        self._stack.callback(server.server_close)
        self._stack.callback(server.shutdown)
        return server

    @property
    def home(self) -> str:
        """Where the council's home page is on loopback."""
        home = self.dump.index["home"]
        return f"{self.dump.base(home.rstrip('/'), self.port)}/"

    def answer(self, origin: str, target: str) -> Mapping[str, Any]:
        """Return what is answered now, failures by their number included."""
        self._served += 1
        answer = self.dump.answer(origin, target, self.at)
        rule = self.dump.flaky(self.at)
        if rule and "trouble" not in answer and self._served % rule["every"] == 0:
            answer = {"status": rule["status"], "headers": {}, "seconds": 0.2}
        self.log.append((f"{origin}{target}", answer.get("status", 0)))
        return answer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    of: Replay

    def do_GET(self) -> None:
        origin, target = self._asked()
        if origin is None:
            self._control(HTTPStatus.OK if target == "/at" else HTTPStatus.NOT_FOUND)
            return
        answer = self.of.answer(origin, target)
        time.sleep(self.of.wait * answer.get("seconds", 0.0))
        if "trouble" in answer:
            self._hang_up()
        else:
            self._send(answer)

    do_HEAD = do_GET

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        try:
            self.of.at = read(body.strip())
        except ValueError:
            self._control(HTTPStatus.BAD_REQUEST)
        else:
            self._control(HTTPStatus.OK)

    def _asked(self) -> tuple[str | None, str]:
        """Return the origin and the target of the request. No origin: the replay itself is asked.

        A proxy is asked by the whole address. Else a council's host may be named in the Host header, and at last the
        loopback address tells the origin.
        """
        parts = urlsplit(self.path)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        origins = self.of.dump.origins
        if parts.scheme:
            return f"{parts.scheme}://{parts.netloc}", target
        named = [one for one in origins if one.partition("://")[2] == self.headers.get("Host", "").partition(":")[0]]
        if named:
            return min(named), target  # "http" comes before "https"
        host = str(self.connection.getsockname()[0])
        numbers = {LOOPBACK.format(n): origin for n, origin in enumerate(origins, 1)}
        return numbers.get(host), target

    def _send(self, answer: Mapping[str, Any]) -> None:
        headers, status = dict(answer["headers"]), answer["status"]
        body = self.of.dump.body(answer)
        if "ETag" in headers and self.headers.get("If-None-Match") == headers["ETag"]:
            status, body = HTTPStatus.NOT_MODIFIED, b""
        if "Location" in headers:
            headers["Location"] = self.of.dump.led(headers["Location"], self.of.port)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self.close_connection = True

    def _control(self, status: HTTPStatus) -> None:
        body = f"{shown(self.of.at)}\n".encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _hang_up(self) -> None:
        """End the connection without an answer: no program tells this from a server that is down for long."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self.close_connection = True
        self.connection.close()

    def date_time_string(self, _timestamp: float | None = None) -> str:
        """Return the moment of the replay: its answers are of that time."""
        return f"{self.of.at:%a, %d %b %Y %H:%M:%S} GMT"

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


if __name__ == "__main__":
    sys.exit(main())
