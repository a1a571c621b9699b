"""A council's site whose server misbehaves on the wire where it is told to, as no HTTP library would."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Callable
from contextlib import suppress

from tests.drupal.server import Handler, Request
from tests.drupal.site import Site

Trick = Callable[[socket.socket], None]
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"


class NastySite(Site):
    """``tricks``: path → what is done to a connection on which it is asked for; it is closed afterwards."""

    def __init__(self) -> None:
        super().__init__()
        self.tricks: dict[str, Trick] = {}


class NastyHandler(Handler):
    def do_GET(self) -> None:
        site = self.server.site
        trick = site.tricks.get(self.path) if isinstance(site, NastySite) else None
        if trick is None:
            super().do_GET()
            return
        self.server.served.requests.append(Request(self.command, self.path, {}, 0))
        self.close_connection = True
        with suppress(OSError):  # the client has hung up, as it should
            trick(self.connection)

    do_HEAD = do_GET


def says(*parts: bytes, pause: float = 0.0) -> Trick:
    """Sends this, part by part, and hangs up."""

    def trick(sock: socket.socket) -> None:
        for part in parts:
            sock.sendall(part)
            time.sleep(pause)

    return trick


def drips(head: bytes, drop: bytes, every: float) -> Trick:
    """Sends the head, then a drop at a time, for as long as somebody listens."""

    def trick(sock: socket.socket) -> None:
        sock.sendall(head)
        for _ in range(10_000):
            sock.sendall(drop)
            time.sleep(every)

    return trick


def resets(after: bytes = b"") -> Trick:
    """Sends this and breaks the connection off (RST)."""

    def trick(sock: socket.socket) -> None:
        if after:
            sock.sendall(after)
            time.sleep(0.05)  # so that it is read before the reset throws it away
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        sock.close()

    return trick
