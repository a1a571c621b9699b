"""A Site to a real HTTP/1.1 server on 127.0.0.1, which remembers what it was asked."""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from tests.drupal.site import Site

if TYPE_CHECKING:
    from ssl import SSLContext


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came in, and the status that it got; the headers' names are in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    status: int


@dataclass(slots=True)
class Served:
    """A running site: its address, without a slash at the end, and the requests so far.

    A request is listed before its answer is sent, so whoever has the answer finds it. The list may be cleared.
    """

    url: str
    requests: list[Request] = field(default_factory=list)  # only appended to by the threads, which is atomic


@contextmanager
def serve(
    site: Site, port: int = 0, handler: type[Handler] | None = None, tls: SSLContext | None = None,
    host: str = "127.0.0.1",
) -> Iterator[Served]:  # fmt: skip
    """The site on a port, 0 being any free one, until the context ends; then no open connection is answered either."""
    server = Server((host, port), handler or Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.site = site
    server.served = Served(f"http://{host}:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.served
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        server.hang_up()


class Server(ThreadingHTTPServer):
    """Hands each request to a Handler, in a thread of its own."""

    daemon_threads = True
    site: Site
    served: Served

    def __init__(self, *args: Any) -> None:
        self._connections: WeakSet[socket.socket] = WeakSet()
        super().__init__(*args)

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        self._connections.add(connection)
        return connection, address

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Says nothing of a client that hung up, as it may, over TLS too; of all else, what the library says."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)

    def hang_up(self) -> None:
        """Ends the connections that clients keep alive: their threads would go on answering."""
        for connection in list(self._connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class Handler(BaseHTTPRequestHandler):
    """One connection: asks the site, notes the request, answers."""

    protocol_version = "HTTP/1.1"
    server_version = "Apache"
    sys_version = ""
    disable_nagle_algorithm = True  # head and body are two writes: a kept-alive answer would wait 40 ms between them
    server: Server

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        base_url = f"http://{headers['host']}" if "host" in headers else self.server.served.url
        answer = self.server.site.answer(self.command, self.path, headers, base_url)
        self.server.served.requests.append(Request(self.command, self.path, headers, answer.status))
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)
        if answer.body and answer.header("content-length") != f"{len(answer.body)}":
            self.close_connection = True  # a test's answer that breaks off

    do_HEAD = do_GET

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the requests are in the list."""
