"""A watch over one exchange with the network: it ends in time, and leads to no place that it must not.

A server's silence has a limit in every client, and not how long it may speak:
a byte a second, in the headers too, could hold a run for ever. Nor does any
mind where a name leads, and a name of the public internet that leads into
this machine's own network would publish what stands there.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from time import monotonic
from typing import Any, ClassVar

CONNECT, SILENCE = 3.05, 30.0  # seconds: to connect, between two bytes
LATE = "did not arrive within {:g} s"
SILENT = "no answer within {:g} s"
PRIVATE = (
    "its name leads into a private network ({}); if its site stands there, set private = true in [fetch]"
)  # fmt: skip


class Private(Exception):
    """A name leads into a private network."""


class Watch:
    """For one exchange at a time. ``is_private`` says of a host whether it may stand in a private network."""

    def __init__(self, is_private: Callable[[str], bool]) -> None:
        self.is_private = is_private
        self.connection: Any = None  # the one that is being made
        self.socket: socket.socket | None = None  # that is spoken over; an answer may take it from its connection
        self.is_late = False
        self._changed = threading.Condition()
        self._deadline: float | None = None  # of the exchange that is under way
        self._thread: threading.Thread | None = None
        self._is_idle = self._is_over = False
        self._wakes = 0.0  # seconds for which the thread has lain down

    @contextmanager
    def patient(self, seconds: float) -> Iterator[None]:
        """What is said within ends after so long: it is hung up, and ``is_late``.

        One thread watches over all exchanges. It wakes when the time of the
        one that it fell asleep in is over, and mostly finds that one long done.
        """
        with self._changed:
            self.is_late, self._deadline = False, monotonic() + seconds
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, daemon=True)
                self._thread.start()
            elif self._is_idle or seconds < self._wakes:
                self._changed.notify()
        try:
            yield
        finally:
            with self._changed:
                self._deadline = None
            self.connection = self.socket = None

    def close(self) -> None:
        """Nothing is watched over any more."""
        with self._changed:
            self._is_over = True
            self._changed.notify()

    def _watch(self) -> None:
        with self._changed:
            while not self._is_over:
                left = None if self._deadline is None else self._deadline - monotonic()
                if left is not None and left <= 0:
                    self._deadline = None
                    self._hang_up()
                    continue
                self._is_idle, self._wakes = left is None, left or 0.0
                self._changed.wait(left)

    def _hang_up(self) -> None:
        self.is_late = True
        sock = self.socket or (self.connection.sock if self.connection else None)
        if sock is not None:
            with suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)  # not TLS's own, which another thread is reading by


class Watched:
    """A connection of http.client's kind that its watch can hang up, and that does not stay where it must not be."""

    watch: ClassVar[Watch]
    proxy: Any = None

    def connect(self: Any) -> None:
        self.watch.connection = self
        super().connect()  # type: ignore[misc]  # of the connection that this is mixed into
        self.watch.socket = self.sock
        if self.proxy is None:  # else it is the proxy that looks the name up, and that is the operator's own
            peer = self.sock.getpeername()[0]
            if not is_public(peer) and not self.watch.is_private(self.host):
                self.close()
                raise Private(peer)

    def putrequest(self: Any, *args: Any, **kwargs: Any) -> None:
        self.watch.socket = self.sock  # of one that was kept alive; a new one has none before it connects
        super().putrequest(*args, **kwargs)  # type: ignore[misc]


def is_public(peer: str) -> bool:
    """Whether an IP address is one of the internet, and the IPv4 one that it stands for too (RFC 4291, 6052, 3056)."""
    from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

    ip = ip_address(peer.partition("%")[0])
    if not isinstance(ip, IPv6Address):
        return ip.is_global
    nat64 = IPv6Network("64:ff9b::/96")
    behind = IPv4Address(int(ip) & 0xFFFFFFFF) if ip in nat64 else ip.ipv4_mapped or ip.sixtofour
    return behind.is_global if behind else ip.is_global
