"""The world around the machine of the walk, on its loopback. `world.py FOLDER` runs until it is ended.

FOLDER has ``site.pem``, ``watch.pem``: a key and its certificate each. What the watching service hears is added to
FOLDER/heard, a line a message.
"""

from __future__ import annotations

import shutil
import socket
import ssl
import sys
import threading
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.drupal.server import serve
from tests.drupal.site import Answer, Site

PROXY = ("127.0.0.1", 3128)
COUNCIL, FEEDS, WATCH = "rada.example", "feeds.example.org", "ping.example"
NEWS = "/news"  # the address that the page names for the list of news


class Town(Site):
    """The council's site, under its own name."""

    def answer(self, method: str, path: str, headers: Mapping[str, str], base_url: str) -> Answer:
        inner = path.replace(NEWS, "/node", 1) if path.partition("?")[0] == NEWS else path
        return super().answer(method, inner, headers, f"https://{COUNCIL}")


class Watcher(BaseHTTPRequestHandler):
    """The service that watches cron jobs: it remembers what it hears."""

    heard: Path

    def do_POST(self) -> None:
        words = self.rfile.read(int(self.headers["Content-Length"])).decode().replace("\n", " ")
        with self.heard.open("a", encoding="utf-8") as file:
            file.write(f"{self.path} {words}\n")
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


class Proxy(BaseHTTPRequestHandler):
    """Leads to each name where it is on this machine, and nowhere else."""

    ports: Mapping[str, int]

    def do_CONNECT(self) -> None:
        port = self.ports.get(self.path)
        if port is None:
            self.send_error(502, f"nobody is at {self.path}")
            return
        with socket.create_connection(("127.0.0.1", port)) as other:
            self.send_response(200)
            self.end_headers()
            back = threading.Thread(target=_pass_on, args=(other, self.connection), daemon=True)
            back.start()
            _pass_on(self.connection, other)
            back.join()
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError), one.makefile("rb", 0) as source, other.makefile("wb", 0) as target:
        shutil.copyfileobj(source, target)
    with suppress(OSError):
        other.shutdown(socket.SHUT_WR)


def _tls(file: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def main(folder: Path) -> None:
    """Serve until this process is ended."""
    with ExitStack() as stack:
        site = stack.enter_context(serve(Town(), tls=_tls(folder / "site.pem")))
        Watcher.heard = folder / "heard"
        watch = ThreadingHTTPServer(("127.0.0.1", 0), Watcher)
        watch.socket = _tls(folder / "watch.pem").wrap_socket(watch.socket, server_side=True)
        threading.Thread(target=watch.serve_forever, daemon=True).start()
        Proxy.ports = {
            f"{COUNCIL}:443": int(site.url.rpartition(":")[2]), f"{WATCH}:443": watch.server_port, f"{FEEDS}:443": 443,
        }  # fmt: skip
        proxy = ThreadingHTTPServer(PROXY, Proxy)
        (folder / "ready").touch()
        proxy.serve_forever()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
