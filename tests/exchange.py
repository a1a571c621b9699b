"""One request and its answer, byte for byte: no client in between that mends an address or unpacks a body."""

from __future__ import annotations

import socket
from dataclasses import dataclass

PATIENCE = 10.0  # seconds


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]  # names in small letters; what is said twice is joined by a comma
    body: bytes

    def all_but(self, *names: str) -> dict[str, str]:
        return {name: value for name, value in self.headers.items() if name not in names}


def ask(port: int, target: str, method: str = "GET", headers: dict[str, str] | None = None) -> Answer:
    """The answer to a request for ``target``, which is sent as it is, even where no address may look so."""
    said = {"Host": "feeds.example.org", "Connection": "close", **(headers or {})}
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in said.items()), "", ""]
    return send(port, "\r\n".join(lines).encode("latin-1"))


def send(port: int, request: bytes) -> Answer:
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
        connection.sendall(request)
        received = b"".join(iter(lambda: connection.recv(1 << 16), b""))
    head, _, body = received.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.lower()] = ", ".join(filter(None, (headers.get(name.lower()), value.strip())))
    assert "transfer-encoding" not in headers, "a file has a length"
    return Answer(int(first.split()[1]), headers, body)
