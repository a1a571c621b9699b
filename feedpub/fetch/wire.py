"""The wire under requests: an exchange ends in time, and no connection leads where it must not.

requests limits how long a server may be silent, and not how long it may
speak: a byte a second, in the headers too, could hold a run for ever. Nor does
it mind where a name leads, and a name of the public internet that leads into
this machine's own network would publish what stands there.
"""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any, ClassVar

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from feedpub.errors import FetchError

NAT64 = IPv6Network("64:ff9b::/96")
CONNECT, SILENCE = 3.05, 30.0  # seconds: to connect, between two bytes


class Private(Exception):
    """A name leads into a private network."""


class Wire(HTTPAdapter):
    """requests' way to the network, for one exchange at a time.

    ``is_private`` says of a host whether it may stand in a private network.
    """

    def __init__(self, is_private: Callable[[str], bool]) -> None:
        self.is_private = is_private
        self.connection: HTTPConnection | None = None  # the one that is being made
        self.socket: socket.socket | None = (
            None  # the one that is spoken over; an answer may take it from its connection
        )
        self.is_late = False
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self._watch(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **kwargs)
        self._watch(manager)
        return manager

    def _watch(self, manager: Any) -> None:
        """Has the manager make connections that this wire knows of."""
        plain = type("Plain", (_Watched, HTTPConnection), {"wire": self})
        secure = type("Secure", (_Watched, HTTPSConnection), {"wire": self})
        manager.pool_classes_by_scheme = {
            "http": type("PlainPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
            "https": type("SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": secure}),
        }

    @contextmanager
    def patient(self, seconds: float) -> Iterator[None]:
        """What is said over the wire within ends after so long: it is hung up, and ``is_late``."""
        self.is_late = False
        timer = threading.Timer(seconds, self._hang_up)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            self.connection = self.socket = None

    def _hang_up(self) -> None:
        self.is_late = True
        sock = self.socket or (self.connection.sock if self.connection else None)
        if sock is not None:
            with suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)  # not TLS's own, which another thread is reading by


class _Watched:
    """A connection that its wire can hang up, and that does not stay where it must not be."""

    wire: ClassVar[Wire]

    def connect(self: Any) -> None:
        self.wire.connection = self
        super().connect()  # type: ignore[misc]  # of the connection that this is mixed into
        self.wire.socket = self.sock
        if self.proxy is None:  # else it is the proxy that looks the name up, and that is the operator's own
            peer = self.sock.getpeername()[0]
            if not is_public(peer) and not self.wire.is_private(self.host):
                self.close()
                raise Private(peer)

    def putrequest(self: Any, *args: Any, **kwargs: Any) -> None:
        self.wire.socket = self.sock  # of one that was kept alive; a new one has none before it connects
        super().putrequest(*args, **kwargs)  # type: ignore[misc]


def is_public(peer: str) -> bool:
    """Whether an IP address is one of the internet, and the IPv4 one that it stands for too (RFC 4291, 6052, 3056)."""
    ip = ip_address(peer.partition("%")[0])
    if not isinstance(ip, IPv6Address):
        return ip.is_global
    behind = IPv4Address(int(ip) & 0xFFFFFFFF) if ip in NAT64 else ip.ipv4_mapped or ip.sixtofour
    return behind.is_global if behind else ip.is_global


@contextmanager
def wrapped(url: str, wire: Wire, patience: float) -> Iterator[None]:
    """The errors of requests and urllib3 as ours, each with a reason of a line."""
    try:
        yield
    except Private as error:
        raise FetchError(
            url, f"its name leads into a private network ({error}); if its site stands there, set private = true"
            " in [fetch]",
        ) from error  # fmt: skip
    except (requests.RequestException, urllib3.exceptions.HTTPError, ValueError, OSError) as error:
        if wire.is_late:
            raise FetchError(url, f"did not arrive within {patience:g} s", is_unreachable=True) from error
        raise _named(url, error) from error


def _named(url: str, error: Exception) -> FetchError:
    match error:
        case requests.Timeout() | urllib3.exceptions.TimeoutError():
            return FetchError(url, f"no answer within {SILENCE:g} s", is_unreachable=True)
        case requests.exceptions.SSLError():
            return FetchError(url, f"its TLS fails: {_innermost(error)}", is_unreachable=True)
        case requests.exceptions.ContentDecodingError() | urllib3.exceptions.DecodeError():
            return FetchError(url, "its compression is broken")
        case requests.exceptions.ChunkedEncodingError():
            return FetchError(url, "was cut short on its way")
        case requests.ConnectionError():
            return FetchError(url, f"cannot be reached: {_innermost(error)}", is_unreachable=True)
        case urllib3.exceptions.HTTPError() | OSError() if not isinstance(error, requests.RequestException):
            return FetchError(url, "was cut short on its way")
        case _:  # an address that is none
            return FetchError(url, f"cannot be asked for: {error}")


def _innermost(error: BaseException) -> str:
    """The last words of urllib3's nested messages: the part that tells a person something."""
    while isinstance(inner := next(reversed(error.args), None), BaseException) or isinstance(
        inner := getattr(error, "reason", None), BaseException
    ):
        error = inner
    words = re.sub(r"^.*(?:>: |Errno -?\d+\] |SSL: \w+\] )", "", str(error), flags=re.DOTALL)
    return re.sub(r"^\('|', \w+\(.*$|\(_ssl.*$", "", words).strip(" ()'\"]\r\n")[:120]
