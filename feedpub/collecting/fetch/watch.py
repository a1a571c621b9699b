"""A watch over one exchange with the network: it ends in time, and stays out of private networks.

HTTP clients limit a server's silence, not how long it may speak: a byte a
second, in the headers too, could hold a run for ever. Nor do they mind where
a name leads. A public name that leads into this machine's own network would
publish the pages there.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPResponse
from math import inf
from time import monotonic
from typing import Any, ClassVar

MOST_INTERIM = 20  # answers before the final one
SWITCHING = 101  # protocols: final, if nobody asked for it
CONNECT, SILENCE = 3.05, 30.0  # seconds: to connect, between two bytes
LATE = "did not arrive within {:g} s"
SILENT = "no answer within {:g} s"
UNCONNECTED = "no connection within {:g} s"
PRIVATE = "its name leads into a private network ({}); if its site stands there, set private = true in [fetch]"


Dial = Callable[[Any], Any]  # takes a connection of http.client's kind, returns its socket, with TLS if it needs that


class Private(Exception):
    """A name leads into a private network."""


class Timekeeper:
    """One thread for all watches. It wakes at the earliest deadline, and mostly finds that exchange long done."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.thread: threading.Thread | None = None  # None: no watch is in use
        self._deadlines: dict[Watch, float] = {}  # of the exchanges that are under way
        self._watches: set[Watch] = set()  # in use
        self._wakes_at = 0.0

    def begin(self, watch: Watch, deadline: float) -> None:
        """Keep the time of an exchange. The caller holds ``changed``."""
        self._deadlines[watch] = deadline
        self._watches.add(watch)
        if self.thread is None:
            self.thread = threading.Thread(target=self._keep_time, name="watch", daemon=True)
            self.thread.start()
        elif deadline < self._wakes_at:
            self.changed.notify()

    def end(self, watch: Watch) -> None:
        self._deadlines.pop(watch, None)

    def leave(self, watch: Watch) -> None:
        """Forget a watch that is not used any more."""
        self.end(watch)
        self._watches.discard(watch)
        if not self._watches:
            self.changed.notify()

    def _keep_time(self) -> None:
        with self.changed:
            while self._watches:
                now = monotonic()
                for watch in [w for w, deadline in self._deadlines.items() if deadline <= now]:
                    self.end(watch)
                    watch.hang_up()
                self._wakes_at = min(self._deadlines.values(), default=inf)
                self.changed.wait(None if self._wakes_at == inf else self._wakes_at - now)
            self.thread = None


TIMEKEEPER = Timekeeper()


class Watch:
    """Watches one exchange at a time. ``is_private`` returns whether a host may be in a private network.

    ``dial`` connects in place of the network; None: the network.
    """

    def __init__(self, is_private: Callable[[str], bool], dial: Dial | None = None) -> None:
        self.is_private = is_private
        self.dial = dial
        self.connection: Any = None  # the one that is being made
        self.socket: socket.socket | None = None  # in use; an answer may take it from its connection
        self.is_late = False  # the exchange has no time left
        self._is_over = False

    @contextmanager
    def patient(self, seconds: float) -> Iterator[None]:
        """Hang up the connection after so many seconds; the exchange ``is_late`` then."""
        with TIMEKEEPER.changed:
            self.is_late = self._is_over
            if self.dial is None:  # else the time is not this machine's
                TIMEKEEPER.begin(self, monotonic() + seconds)
        try:
            yield
        finally:
            with TIMEKEEPER.changed:
                TIMEKEEPER.end(self)
            self.connection = self.socket = None

    def close(self) -> None:
        """Stop watching. An exchange that another thread has under way is hung up."""
        with TIMEKEEPER.changed:
            self._is_over = True
            TIMEKEEPER.leave(self)
            self.hang_up()

    @property
    def is_connected(self) -> bool:
        """Whether the exchange has a connection, with TLS and the proxy's tunnel where it needs them."""
        return self.socket is not None

    def require_time(self) -> None:
        """Raise OSError if the exchange has no time left: it was late before there was anything to hang up."""
        if self.is_late:
            raise OSError

    def hang_up(self) -> None:
        self.is_late = True
        sock = self.socket or (self.connection.sock if self.connection else None)
        if sock is not None:
            with suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)  # not TLS's own, which another thread is reading by


class Final(HTTPResponse):
    """An answer past the interim ones before it, such as 103 Early Hints (RFC 9110, 15.2)."""

    def begin(self) -> None:
        super().begin()
        for _ in range(MOST_INTERIM):
            if not 100 < self.status < 200 or self.status == SWITCHING:
                return
            self.headers = self.msg = None  # type: ignore[assignment]  # so that the next answer is read
            super().begin()


class Watched:
    """Mixed into a connection of http.client's kind: its watch can hang it up, and it leaves private networks."""

    watch: ClassVar[Watch]
    response_class = Final
    proxy: Any = None

    def connect(self: Any) -> None:
        self.watch.connection = self
        if self.watch.dial:
            self.sock = self.watch.dial(self)
        else:
            super().connect()  # type: ignore[misc]  # of the connection that this is mixed into
        self.watch.socket = self.sock
        self.watch.require_time()
        if self.proxy is None:  # else the proxy looks the name up, and the proxy is the operator's own
            from feedpub.collecting.fetch.networks import is_public  # which loads a table of them

            peer = self.sock.getpeername()[0]
            if not is_public(peer) and not self.watch.is_private(self.host):
                self.close()
                raise Private(peer)

    def putrequest(self: Any, *args: Any, **kwargs: Any) -> None:
        self.watch.socket = self.sock  # of a connection that was kept alive; a new one has none before it connects
        self.watch.require_time()
        super().putrequest(*args, **kwargs)  # type: ignore[misc]
