"""The network's edge: a dial whose sockets lead to the model's servers. requests, urllib3 and http.client are real.

Time passes with each request. A server may refuse a connection, be silent, trickle, or show an expired certificate.
"""

from __future__ import annotations

import io
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from http import HTTPStatus
from typing import Any, Protocol

from feedpub.collecting.fetch.client import PATIENCE
from feedpub.collecting.fetch.watch import CONNECT, SILENCE
from simulation.clock import Clock

PUBLIC = "93.184.215.14"  # an address of no private network
EXPIRED = "certificate verify failed: certificate has expired"


class Trouble(Enum):
    """Why there is no answer."""

    REFUSED = "refused"  # nobody listens
    UNREACHABLE = "unreachable"  # no connection in time
    SILENT = "silent"  # a connection, and no byte
    TRICKLING = "trickling"  # a byte a second
    EXPIRED = "expired"  # certificate


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it arrives at a server. Headers have lower-case names."""

    method: str
    scheme: str
    host: str
    target: str
    headers: Mapping[str, str]

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}{self.target}"


@dataclass(frozen=True, slots=True)
class Answer:
    """A response. Its Content-Length is added on the way."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    seconds: float = 0.2  # until it is there


@dataclass(frozen=True, slots=True)
class Asked:
    """A request in the log: when it arrived, and when its answer was over."""

    begun: datetime
    ended: datetime
    request: Request
    status: int  # 0: there was no answer


class Servers(Protocol):
    """All that answers in the simulated network."""

    def trouble(self, scheme: str, host: str) -> Trouble | None:
        """Return why no connection can be had; None: one can."""

    def answer(self, request: Request) -> Answer | Trouble: ...


@dataclass(slots=True)
class Network:
    """All servers that there are, and a log of what they were asked."""

    clock: Clock
    servers: Servers
    log: list[Asked] = field(default_factory=list)

    def dial(self, connection: Any) -> Line:
        """Connect, as the machine's network would. Raises OSError."""
        scheme = "https" if connection.default_port == 443 else "http"
        port = "" if connection.port == connection.default_port else f":{connection.port}"
        host = f"{connection.host}{port}"
        trouble = self.servers.trouble(scheme, host)
        if trouble:
            self.clock.sleep(WAITED[trouble])
            raise error_of(trouble)
        connection.is_verified = True  # else urllib3 warns of it
        return Line(self, scheme, host, connection.watch)

    def exchange(self, request: Request) -> Answer | Trouble:
        """Let the time of one exchange pass, and note it."""
        begun = self.clock.now
        answer = self.servers.answer(request)
        self.clock.sleep(answer.seconds if isinstance(answer, Answer) else WAITED[answer])
        status = answer.status if isinstance(answer, Answer) else 0
        self.log.append(Asked(begun, self.clock.now, request, status))
        return answer


def error_of(trouble: Trouble) -> OSError:
    """Return the error by which a program hears of this trouble."""
    if trouble is Trouble.REFUSED:
        return ConnectionRefusedError(111, "Connection refused")
    if trouble is Trouble.EXPIRED:
        return ssl.SSLCertVerificationError(1, f"[SSL: CERTIFICATE_VERIFY_FAILED] {EXPIRED} (_ssl.c:1000)")
    return TimeoutError("timed out") if trouble is not Trouble.TRICKLING else OSError(9, "Bad file descriptor")


WAITED = {
    Trouble.REFUSED: 0.05,
    Trouble.UNREACHABLE: CONNECT,
    Trouble.SILENT: SILENCE,
    Trouble.TRICKLING: PATIENCE,
    Trouble.EXPIRED: 0.1,
}  # seconds


class Line:
    """A socket with a model's server at its other end."""

    def __init__(self, network: Network, scheme: str, host: str, watch: Any) -> None:
        self._network, self._scheme, self._host, self._watch = network, scheme, host, watch
        self._sent = bytearray()

    def sendall(self, data: bytes, _flags: int = 0) -> None:
        self._sent += data

    def makefile(self, _mode: str, _buffering: int | None = None) -> io.BufferedReader:
        """Return the answer to what was sent, to be read. Raises OSError."""
        request = self._request()
        answer = self._network.exchange(request)
        if isinstance(answer, Trouble):
            self._watch.is_late = answer is Trouble.TRICKLING  # its timekeeper sets it after as many real seconds
            return io.BufferedReader(_Silence(error_of(answer)))
        return io.BufferedReader(io.BytesIO(_as_bytes(request, answer)))

    def _request(self) -> Request:
        head, _, _ = bytes(self._sent).partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ")
        fields = dict(line.split(": ", 1) for line in lines)
        self._sent.clear()
        return Request(method, self._scheme, self._host, target, {k.lower(): v for k, v in fields.items()})

    def getpeername(self) -> tuple[str, int]:
        return PUBLIC, 443

    def settimeout(self, _seconds: float | None) -> None:
        """Do nothing: how long a server is silent is said by its trouble."""

    def setsockopt(self, *_option: Any) -> None:
        """Do nothing."""

    def shutdown(self, _how: int) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing: an answer is there whole."""


class _Silence(io.RawIOBase):
    """An answer that does not come."""

    def __init__(self, error: OSError) -> None:
        super().__init__()
        self._error = error

    def readable(self) -> bool:
        return True

    def readinto(self, _buffer: Any) -> int:
        raise self._error


def _as_bytes(request: Request, answer: Answer) -> bytes:
    is_without_body = request.method == "HEAD" or answer.status == HTTPStatus.NOT_MODIFIED
    lines = [f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in answer.headers]
    if answer.status != HTTPStatus.NOT_MODIFIED:
        lines.append(f"Content-Length: {len(answer.body)}")
    head = "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"
    return head if is_without_body else head + answer.body
