"""Serves the saved pages on loopback, with validators, so that a second look costs one conditional request.

site/addresses.json names the file of every address. The pages call themselves HOME;
the server puts its own address in its place.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import PurePosixPath

ADDRESSES = "addresses.json"
HOME = "https://zrazkiv.example"  # the site's address in the saved pages
HOST = "127.0.0.1"
PORT = 8180  # where it is free, so that two demos publish the same bytes
MEDIA_TYPES = {
    ".css": "text/css",
    ".html": "text/html; charset=utf-8",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".txt": "text/plain",
}


@dataclass(frozen=True, slots=True)
class SavedFile:
    """A saved page, picture or document, as it is sent."""

    media_type: str
    body: bytes

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.body).hexdigest()[:16]}"'


class SavedSite(ThreadingHTTPServer):
    """A running copy of the site. `statuses` lists how each request so far was answered."""

    daemon_threads = True

    def __init__(self, port: int) -> None:
        super().__init__((HOST, port), _Handler)
        self.url = f"http://{HOST}:{self.server_port}"
        self.statuses: list[HTTPStatus] = []

    def find(self, address: str) -> SavedFile | None:
        """Return the file of an address, first with its query and then without; None if nothing is saved there."""
        name = saved_names().get(address) or saved_names().get(address.partition("?")[0])
        if name is None:
            return None
        body = files(__package__).joinpath("site", name).read_bytes()
        return SavedFile(MEDIA_TYPES[PurePosixPath(name).suffix], body.replace(HOME.encode(), self.url.encode()))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are two writes: the second would wait 40 ms
    server: SavedSite

    def do_GET(self) -> None:
        file = self.server.find(self.path)
        if file is None:
            self._send(HTTPStatus.NOT_FOUND, SavedFile(MEDIA_TYPES[".txt"], b"This page is not among the saved ones."))
        elif self.headers["If-None-Match"] == file.etag:
            self._send(HTTPStatus.NOT_MODIFIED, file)
        else:
            self._send(HTTPStatus.OK, file)

    do_HEAD = do_GET

    def _send(self, status: HTTPStatus, file: SavedFile) -> None:
        self.server.statuses.append(status)
        self.send_response(status)
        self.send_header("Content-Type", file.media_type)
        self.send_header("ETag", file.etag)
        self.send_header("Cache-Control", "no-cache")
        if status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", f"{len(file.body)}")
        self.end_headers()
        if status != HTTPStatus.NOT_MODIFIED and self.command == "GET":
            self.wfile.write(file.body)

    def log_message(self, format: str, *args: object) -> None:
        """Write nothing: the demo counts the requests itself."""


@cache
def saved_names() -> dict[str, str]:
    """Return address → file name of everything that is saved. Addresses are percent-encoded."""
    names: dict[str, str] = json.loads(files(__package__).joinpath("site", ADDRESSES).read_bytes())
    return names


def article_count() -> int:
    return sum(name.startswith("article-") for name in saved_names().values())


@contextmanager
def running_site() -> Iterator[SavedSite]:
    """Serve the site at PORT, or at any free port if that is taken, until the context ends."""
    try:
        site = SavedSite(PORT)
    except OSError:
        site = SavedSite(0)
    thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.shutdown()
        thread.join()
        site.server_close()
