"""A web server over a published folder, on loopback, which may get things wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from feedpub.kinds import media_type_of


@dataclass
class Web:
    """A web server over a folder. ``types`` are those that it gets wrong; ``refused``: the answer for any feed."""

    folder: Path
    url: str = ""
    types: dict[str, str] | None = None
    refused: int = 0
    asked: list[str] = field(default_factory=list)


@contextmanager
def shown(folder: Path) -> Iterator[Web]:
    web = Web(folder)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            web.asked.append(f"{self.command} {self.path}")
            path = web.folder / self.path.lstrip("/")
            is_there = path.is_file() and not (web.refused and path.suffix == ".xml")
            data = path.read_bytes() if is_there else b"<h1>nothing</h1>"
            kind = media_type_of(path.name) if is_there else "text/html"
            self.send_response(200 if is_there else web.refused or 404)
            self.send_header("Content-Type", (web.types or {}).get(path.name) or kind or "application/octet-stream")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(data)

        do_HEAD = do_GET

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        web.url = f"http://127.0.0.1:{server.server_address[1]}/"
        thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield web
        server.shutdown()
        thread.join()
