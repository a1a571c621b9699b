"""Who may keep the server waiting, and how long: waitress with deadlines, and with room for whoever comes.

waitress closes a connection on which nothing moves. One that sends a byte now
and then stays, and so does one that does not read: it would be closed once it
can be written to, which is never. Five hundred of either kept everybody out.
"""

from __future__ import annotations

import socket
from collections import Counter
from ipaddress import IPv6Address, ip_address
from time import monotonic
from typing import TYPE_CHECKING, Any, cast

from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

REQUEST_WITHIN = 30.0  # seconds: from the connection's beginning, or its last answer, to a whole request
ANSWER_WITHIN = 1800.0  # seconds: for an answer to be fetched, whole; ten megabytes at 6 kB/s
SILENCE = 30  # seconds after which a connection is closed on which nothing moves
LOOK_EVERY = 5  # seconds: for deadlines that are over
CONNECTIONS = 400  # at once; each may have a file open as well, and a process may mostly have 1,024
OF_ONE_ADDRESS = 40  # of them; many readers share an address behind a provider's gateway
NETWORK = 64  # bits of an IPv6 address that a subscriber is given whole
LONGEST_HEADERS = 1 << 15  # bytes
LONGEST_BODY = 1 << 16  # bytes: bodies are ignored, but they must not fill the disk


class Channel(HTTPChannel):
    """One connection. ``since`` is when it began to wait for a request, or for its answer to be fetched."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.since = monotonic()
        super().__init__(*args, **kwargs)
        cast("PatientServer", self.server).make_room()

    def service(self) -> None:
        super().service()
        self.since = monotonic()

    @property
    def is_waiting(self) -> bool:
        """Whether nothing is being done for it: its request has not come."""
        return not self.requests and not self.total_outbufs_len

    def is_late(self, now: float) -> bool:
        """Whether it has taken too long. ``now`` is in the seconds of ``last_activity``, since 1970."""
        within = REQUEST_WITHIN if self.is_waiting else ANSWER_WITHIN
        is_stuck = now - self.last_activity > SILENCE
        return not self.requests and (is_stuck or monotonic() - self.since > within)


class PatientServer(TcpWSGIServer):
    """A server that no number of slow clients keeps from answering the others."""

    channel_class = Channel

    def __init__(self, application: WSGIApplication, listener: socket.socket) -> None:
        super().__init__(
            application, _sock=listener, bind_socket=False,
            sockinfo=(listener.family, listener.type, listener.proto, listener.getsockname()),
            ident=None, channel_timeout=SILENCE, cleanup_interval=LOOK_EVERY, connection_limit=2 * CONNECTIONS,
            asyncore_use_poll=True, max_request_header_size=LONGEST_HEADERS, max_request_body_size=LONGEST_BODY,
        )  # fmt: skip

    @property
    def channels(self) -> list[Channel]:
        return list(cast("dict[int, Channel]", self.active_channels).values())

    def maintenance(self, now: float) -> None:
        """Close the connections that have taken too long. Called every few seconds, by the loop's own thread."""
        for channel in self.channels:
            if channel.is_late(now):
                channel.handle_close()

    def make_room(self) -> None:
        """Close what is too much: of an address, or of all. The one that has waited longest goes first."""
        channels = self.channels
        newest = channels[-1]
        network = _network(newest)
        beside = [c for c in channels if _network(c) == network]
        if network is not None and len(beside) > OF_ONE_ADDRESS:
            _longest_waiting(beside).handle_close()
        elif len(channels) > CONNECTIONS:
            _longest_waiting(_of_greediest(channels)).handle_close()


def _longest_waiting(channels: list[Channel]) -> Channel:
    """The connection that has waited longest for its request; the newest one if all are being answered."""
    waiting = [c for c in channels if c.is_waiting]
    return min(waiting, key=lambda c: c.since) if waiting else channels[-1]


def _of_greediest(channels: list[Channel]) -> list[Channel]:
    """The connections of the network that has most of them."""
    network, _ = Counter(map(_network, channels)).most_common(1)[0]
    return [c for c in channels if _network(c) == network]


def _network(channel: Channel) -> str | None:
    """Return the network of a client; None for this machine, where a web server may ask for many others."""
    ip = ip_address(str(channel.addr[0]).partition("%")[0])
    if isinstance(ip, IPv6Address):
        ip = ip.ipv4_mapped or ip
    if ip.is_loopback:
        return None
    return ip.exploded[: NETWORK // 4 + NETWORK // 16 - 1] if isinstance(ip, IPv6Address) else str(ip)
