"""A server: one room over the published files. Sole holder of waitress (HTTP) and werkzeug (what its headers mean).

Every request reads its file anew, so what a run publishes is there for the
next reader, and an ETag is made of the very bytes that go with it: it cannot
be another file's, however soon that one follows. (A feed has 1 MB at most, and
most are sent as twins of some kilobytes.)

Shown is what feedpub may have published, and nothing else: a name whose parts
begin with a small letter or a digit, of a kind in ``MEDIA_TYPES``, that no
symbolic link below the folder leads to. Drafts, twins under their own names,
a state that lies beside the feeds and whatever is outside are not found.
"""

from __future__ import annotations

import errno
import hashlib
import logging
import os
import re
import socket
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from waitress.server import create_server
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.http import http_date, parse_accept_header, parse_range_header
from werkzeug.wrappers import Request, Response

from feedpub.errors import ConfigError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

NAME = re.compile(r"(?:[a-z0-9][a-z0-9._-]*/)*(?:[a-z0-9][a-z0-9._-]*)?")
PAGE = "index.html"  # of a folder
FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC  # not to wait for what a pipe may bring
ABSENT = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.ENXIO}  # the last is a socket's

MEDIA_TYPES = {  # by a file's name, else by its ending
    "rss.xml": "application/rss+xml; charset=utf-8",
    "atom.xml": "application/atom+xml; charset=utf-8",
    "feed.json": "application/feed+json; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".json": "application/json; charset=utf-8",
    ".ndjson": "application/x-ndjson; charset=utf-8",
    ".opml": "text/x-opml; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",
}
TWINS = {"br": ".br", "gzip": ".gz"}  # of two that a reader likes as well, the first
STALE = 60.0  # seconds that a twin may be older than its file: it is written just before it
SETTLED = 1.0  # seconds after which Last-Modified, which knows no less, tells this file from the next
MAX_AGE = 300  # seconds for which nobody need ask again
PRECONDITIONS = {"HTTP_IF_MATCH", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE"}
WORDS = {
    HTTPStatus.NOT_FOUND: "Тут нічого немає.\nThere is nothing here.\n",
    HTTPStatus.METHOD_NOT_ALLOWED: "This can only be read: GET and HEAD.\n",
    HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE: "It is shorter than that.\n",
    HTTPStatus.INTERNAL_SERVER_ERROR: "This cannot be read at the moment.\n",
}

SILENCE = 30  # seconds after which a connection is closed
CONNECTIONS = 500  # at once; fewer than a process may have files open
LONGEST_HEADERS = 1 << 15  # bytes
LONGEST_BODY = 1 << 16  # bytes: nothing is asked of a body but that it does not fill the disk

Tell = Callable[[str], None]


def listen(host: str, port: int) -> socket.socket:
    """A socket at that address; port 0 is any that is free. Raises ConfigError where there can be none."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address, family=family)
    except OSError as error:
        is_taken = error.errno == errno.EADDRINUSE
        reason = (error.strerror or str(error)).partition(" (while")[0]  # to which Python adds the address
        why = "is taken by another program" if is_taken else f"cannot be served at: {reason}"
        raise ConfigError([f"{url(host, port)}: {why}; choose another with --host and --port"]) from error


def url(host: str, port: int) -> str:
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def serve(site: Site, at: socket.socket) -> None:
    """Answers requests until it is interrupted; waitress takes KeyboardInterrupt for the word to end."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # that requests wait for one another is no news
    server = create_server(
        site, sockets=[at], ident=None, channel_timeout=SILENCE, connection_limit=CONNECTIONS, asyncore_use_poll=True,
        max_request_header_size=LONGEST_HEADERS, max_request_body_size=LONGEST_BODY,
    )  # fmt: skip
    with closing(server):
        server.run()


class Site:
    """The published folder, as a WSGI application."""

    def __init__(self, folder: Path, clock: Callable[[], float], tell: Tell, complain: Tell) -> None:
        self.folder = folder
        self.clock = clock  # seconds since 1970
        self.tell = tell  # of every request
        self.complain = complain  # of what only the operator can mend

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        try:
            response = self._answer(request)
        except OSError as error:  # no right to read it, too many open files, a broken disk
            self.complain(f"{self.folder}{request.path}: cannot be read: {error.strerror or error}")
            response = _said(HTTPStatus.INTERNAL_SERVER_ERROR)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        self.tell(f"{request.remote_addr} {request.method} {request.path} {response.status_code}")
        return response(environ, start_response)

    def _answer(self, request: Request) -> Response:
        if request.method not in ("GET", "HEAD"):
            return _said(HTTPStatus.METHOD_NOT_ALLOWED, Allow="GET, HEAD")
        name = request.path.removeprefix("/")
        if not NAME.fullmatch(name):
            return _said(HTTPStatus.NOT_FOUND)
        *parents, file = name.split("/")
        try:
            with _within(self.folder, parents) as folder:
                return self._file(request, folder, file or PAGE)
        except OSError as error:
            if error.errno not in ABSENT:
                raise
        return self._page_beyond(name) if file else _said(HTTPStatus.NOT_FOUND)

    def _page_beyond(self, name: str) -> Response:
        """The way to a folder's page, for who has left out the slash."""
        parents = name.split("/")
        try:
            with _within(self.folder, parents) as folder:
                is_there = stat.S_ISREG(os.stat(PAGE, dir_fd=folder, follow_symlinks=False).st_mode)
        except OSError as error:
            if error.errno not in ABSENT:
                raise
            is_there = False
        if not is_there:
            return _said(HTTPStatus.NOT_FOUND)
        cached = {"Location": f"{parents[-1]}/", "Cache-Control": f"max-age={MAX_AGE}"}
        return Response(status=HTTPStatus.MOVED_PERMANENTLY, headers=cached)

    def _file(self, request: Request, folder: int, name: str) -> Response:
        """The file, as much of it as was asked for, in the form that the reader likes best."""
        media_type = MEDIA_TYPES.get(name) or MEDIA_TYPES.get(Path(name).suffix)
        if media_type is None:
            raise FileNotFoundError(errno.ENOENT, "of no kind that is published", name)
        data, changed, coding = _chosen(folder, name, request.headers.get("Accept-Encoding"))
        response = Response(data, content_type=media_type)
        response.set_etag(hashlib.sha256(data).hexdigest()[:20])
        if self.clock() - changed > SETTLED:
            response.headers["Last-Modified"] = http_date(changed)
        response.headers["Cache-Control"] = f"max-age={MAX_AGE}"
        response.headers["Vary"] = "Accept-Encoding"
        response.headers["Accept-Ranges"] = "bytes"
        if coding:
            response.headers["Content-Encoding"] = coding
        if not media_type.startswith("text/html"):
            response.headers["Access-Control-Allow-Origin"] = "*"  # feeds are for readers in browsers, too
        return _conditional(response, request, len(data))


def _conditional(response: Response, request: Request, size: int) -> Response:
    """The answer, or a part of it, or the word that the reader has it already."""
    environ = dict(request.environ)
    if not _is_part_wanted(environ, response.headers["ETag"], size):
        environ.pop("HTTP_RANGE", None)
    try:
        return response.make_conditional(environ, accept_ranges=True, complete_length=size)
    except RequestedRangeNotSatisfiable:
        return _said(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, **{"Content-Range": f"bytes */{size}"})


def _is_part_wanted(environ: WSGIEnvironment, etag: str, size: int) -> bool:
    """Whether Range is to be heeded; else the whole is sent, as any server may (RFC 9110, 14.2).

    werkzeug refuses with 416 what cannot be understood, several ranges, and a
    longer end than the file has; and it heeds Range before If-None-Match. Of
    If-Range only this very ETag will do: a date or a weak one may be another
    file's.
    """
    asked = parse_range_header(environ.get("HTTP_RANGE"))
    return (
        environ["REQUEST_METHOD"] == "GET"
        and asked is not None
        and asked.units == "bytes"
        and len(asked.ranges) == 1
        and asked.ranges[0][0] >= -size
        and environ.get("HTTP_IF_RANGE", etag) == etag
        and not PRECONDITIONS & environ.keys()
    )


def _said(status: HTTPStatus, **headers: str) -> Response:
    return Response(WORDS[status], status, headers, content_type="text/plain; charset=utf-8")


def _codings(accepted: str | None) -> list[str]:
    """The codings of twins that the reader names, the best liked first. "*" is no name: who says it may know none."""
    likes = {name.lower(): liking for name, liking in parse_accept_header(accepted)}
    least = likes.get("identity", 0)
    return sorted((c for c in TWINS if likes.get(c, 0) > 0 and likes[c] >= least), key=lambda c: -likes[c])


# ------------------------------------------------------------ the folder


@contextmanager
def _within(root: Path, parents: Sequence[str]) -> Iterator[int]:
    """The open folder that stands there. Raises OSError; so it does where a symbolic link stands on the way."""
    folder = os.open(root, FOLDER)  # which may be a link itself, as the operator likes
    try:
        for parent in parents:
            outer = folder
            folder = os.open(parent, FOLDER | os.O_NOFOLLOW, dir_fd=outer)
            os.close(outer)
        yield folder
    finally:
        os.close(folder)


@contextmanager
def _opened(folder: int, name: str) -> Iterator[tuple[BinaryIO, float]]:
    """The file of that name in an open folder, and when it was changed. Raises OSError; so it does for what is none."""
    file = os.open(name, FILE, dir_fd=folder)
    status = os.fstat(file)
    if not stat.S_ISREG(status.st_mode):
        os.close(file)
        raise FileNotFoundError(errno.ENOENT, "is no file", name)
    with os.fdopen(file, "rb") as opened:
        yield opened, status.st_mtime


def _chosen(folder: int, name: str, accepted: str | None) -> tuple[bytes, float, str | None]:
    """The file's bytes, or those of a twin that the reader likes better; when they were written; the twin's coding.

    Raises OSError where there is no file, whatever twins there are.
    """
    with _opened(folder, name) as (file, changed):
        for coding in _codings(accepted):
            with suppress(OSError), _opened(folder, name + TWINS[coding]) as (twin, packed):
                if packed >= changed - STALE:  # else it is left from another time: nobody keeps it in step
                    return twin.read(), packed, coding
        return file.read(), changed, None
