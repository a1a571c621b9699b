"""A server over the published files, by waitress (HTTP, see ``connections``) and werkzeug (what its headers mean).

Every request reads its file from the disk, so a reader gets what the last run
published. The ETag is a digest of the very file that goes with it. It cannot be
another's, however soon that one follows, for a file is replaced and never
changed. It is sent from the disk, and takes no memory however slowly it goes.

It shows what feedpub may have published, and nothing else: a name whose parts
begin with a small letter or a digit, of a kind that ``kinds`` knows, behind no
symbolic link. Drafts, twins under their own names, a state that lies beside
the feeds and everything outside the folder are not found.
"""

from __future__ import annotations

import errno
import hashlib
import logging
import os
import re
import signal
import socket
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from werkzeug.exceptions import (
    HTTPException,
    InternalServerError,
    MethodNotAllowed,
    NotFound,
    RequestedRangeNotSatisfiable,
)
from werkzeug.http import parse_accept_header, parse_range_header
from werkzeug.utils import send_file
from werkzeug.wrappers import Request, Response

from feedpub.errors import ConfigError
from feedpub.kinds import CACHE_CONTROL, CODINGS, NOT_FOUND, PAGE, THUMBNAIL, headers_of
from feedpub.publishing.beneath import FILE, open_folder
from feedpub.publishing.connections import PatientServer
from feedpub.publishing.folder import MARK
from feedpub.publishing.moved import moved_to

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

NAME = re.compile(r"(?:[a-z0-9][a-z0-9._-]*/)*(?:[a-z0-9][a-z0-9._-]*)?")
ABSENT = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.ENXIO}  # the last is a socket's

TWINS = {coding.name: coding.ending for coding in CODINGS}
STALE = 60.0  # seconds that a twin may be older than its file: it is written just before it
SETTLED = 1.0  # seconds after which Last-Modified, in whole seconds, tells this file from the next
REMEMBERED = 1000  # digests
INTERRUPTIONS = {signal.SIGINT, signal.SIGTERM}
LONGEST_MOVE = 1000  # bytes of a mark that says where a source is now; others may be long
PIECE = 1 << 18  # bytes of a file that are read at once
PRECONDITIONS = {"HTTP_IF_MATCH", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE"}
BODIES = {
    HTTPStatus.NOT_FOUND: "Тут нічого немає.\nThere is nothing here.\n",
    HTTPStatus.METHOD_NOT_ALLOWED: "This can only be read: GET and HEAD.\n",
    HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE: "It is shorter than that.\n",
    HTTPStatus.INTERNAL_SERVER_ERROR: "This cannot be read at the moment.\n",
}

Log = Callable[[str], None]


def listen(host: str, port: int) -> socket.socket:
    """Return a socket at that address; port 0 is any that is free. Raises ConfigError where there can be none."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address, family=family)
    except OSError as error:
        is_taken = error.errno == errno.EADDRINUSE
        reason = (error.strerror or str(error)).partition(" (while")[0]  # Python adds the address there
        why = "is taken by another program" if is_taken else f"cannot be served at: {reason}"
        raise ConfigError([f"{url_of(host, port)}: {why}; choose another with --host and --port"]) from error


def url_of(host: str, port: int) -> str:
    is_ipv6 = ":" in host
    return f"http://{f'[{host}]' if is_ipv6 else host}:{port}/"


def serve(site: Site, listener: socket.socket) -> None:
    """Answer requests until interrupted: waitress returns on KeyboardInterrupt."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # that requests wait for one another is no news
    with ExitStack() as stack:
        with _uninterrupted():  # half a server cannot be closed
            server = stack.enter_context(closing(PatientServer(site, listener)))
        server.run()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let Ctrl-C and SIGTERM wait until the context ends."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, INTERRUPTIONS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Site:
    """The published folder, as a WSGI application."""

    def __init__(self, folder: Path, clock: Callable[[], float], log: Log, complain: Log) -> None:
        self.folder = folder
        self.clock = clock  # seconds since 1970
        self.log = log  # a line for every request
        self.complain = complain  # about what only the operator can mend

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        try:
            response = self._respond(request)
        except NotFound as refusal:
            response = self._nothing(refusal)
        except HTTPException as refusal:
            response = _refused(refusal)
        except OSError as error:  # no right to read it, too many open files, a broken disk
            self.complain(f"{self.folder}{request.path}: cannot be read: {error.strerror or error}")
            response = _refused(InternalServerError())
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-DNS-Prefetch-Control"] = "off"  # where links lead is not looked up before they are opened
        self.log(f"{request.method} {request.path} {response.status_code}")
        return response(environ, start_response)

    def _respond(self, request: Request) -> Response:
        """Raises HTTPException for a refusal, OSError for a file that cannot be read."""
        if request.method not in ("GET", "HEAD"):
            raise MethodNotAllowed(["GET", "HEAD"])
        name = request.path.removeprefix("/")
        if not NAME.fullmatch(name) or name == NOT_FOUND.name:
            raise NotFound
        new = self._new_name(name)
        if new:
            return _moved(new)
        is_folder = name == "" or name.endswith("/")
        try:
            return self._send_file(request, f"{name}{PAGE.name}" if is_folder else name)
        except OSError as error:
            if error.errno not in ABSENT:
                raise
        if is_folder or not self._is_folder_with_page(name):
            raise NotFound
        return _moved(f"{name.rpartition('/')[2]}/")

    def _new_name(self, name: str) -> str | None:
        """Return the way to where a file is, if its source has another id now; see ``moved``. None: it has not."""
        source, _, rest = name.partition("/")
        if not source:
            return None
        try:
            with open_folder(self.folder, [source]) as folder, _open_regular(folder, MARK) as file:
                to = moved_to(file.read(LONGEST_MOVE))
        except OSError as error:
            if error.errno in ABSENT:
                return None
            raise
        return f"{'../' * name.count('/')}{to}/{rest}" if to else None

    def _nothing(self, refusal: NotFound) -> Response:
        """Return the published page for what is not there, or a few words where there is none yet."""
        with suppress(OSError), open_folder(self.folder, []) as folder:
            with _open_regular(folder, NOT_FOUND.name) as file:
                data = file.read()
            return Response(data, HTTPStatus.NOT_FOUND, content_type=NOT_FOUND.media_type)
        return _refused(refusal)

    def _is_folder_with_page(self, name: str) -> bool:
        """Whether the name is a folder's, its slash left out."""
        try:
            with open_folder(self.folder, name.split("/")) as folder:
                status = os.stat(PAGE.name, dir_fd=folder, follow_symlinks=False)
                return stat.S_ISREG(status.st_mode)
        except OSError as error:
            if error.errno in ABSENT:
                return False
            raise

    def _send_file(self, request: Request, name: str) -> Response:
        """Return the file, in the coding that the reader likes best; raises OSError where there is none."""
        headers = headers_of(name)
        if headers is None or headers.coding:
            raise FileNotFoundError(errno.ENOENT, "is of no kind that is published", name)
        media_type = headers.media_type
        *parents, file = name.split("/")
        with open_folder(self.folder, parents) as folder:
            copy = _best_copy(folder, file, request.headers.get("Accept-Encoding"))
        try:
            response = self._response(request, copy, media_type)
        except BaseException:
            copy.file.close()
            raise
        response.content_type = media_type  # send_file would name text's charset twice
        response.headers["Cache-Control"] = headers.cache_control
        response.headers["Accept-Ranges"] = "bytes"
        response.headers["Vary"] = "Accept-Encoding"
        if copy.coding:
            response.headers["Content-Encoding"] = copy.coding
        if media_type not in (PAGE.media_type, THUMBNAIL.media_type):
            response.headers["Access-Control-Allow-Origin"] = "*"  # feeds are for readers in browsers, too
        return response

    def _response(self, request: Request, copy: Copy, media_type: str) -> Response:
        """Return the file, or the part of it that is asked for, or what a condition wants instead."""
        size, etag = copy.fingerprint()
        is_settled = self.clock() - copy.changed > SETTLED
        last_modified = copy.changed if is_settled else None
        part = _useful_range(request.environ, etag, size)
        whole = {name: value for name, value in request.environ.items() if name != "HTTP_RANGE"}
        start = part[0] if part else 0
        copy.file.seek(start)
        response = send_file(copy.file, whole, media_type, etag=etag, last_modified=last_modified)
        if response.status_code == HTTPStatus.OK:
            response.content_length = size
        if part:
            response.status_code = HTTPStatus.PARTIAL_CONTENT
            response.content_length = part[1] - start
            response.headers["Content-Range"] = f"bytes {start}-{part[1] - 1}/{size}"
        if request.method == "HEAD" or response.status_code == HTTPStatus.NOT_MODIFIED:
            copy.file.close()
        return response


def _refused(refusal: HTTPException) -> Response:
    """Return the refusal as plain text. werkzeug knows the headers that belong to it: Allow, Content-Range."""
    status = HTTPStatus(refusal.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    return Response(BODIES[status], status, refusal.get_headers(), content_type="text/plain; charset=utf-8")


def _moved(way: str) -> Response:
    headers = {"Location": way, "Cache-Control": CACHE_CONTROL}
    return Response(status=HTTPStatus.MOVED_PERMANENTLY, headers=headers)


def _useful_range(environ: WSGIEnvironment, etag: str, size: int) -> tuple[int, int] | None:
    """Return the part of the file that is asked for, as start and stop; None for all of it.

    RFC 9110, 14.2, allows the whole wherever the part means nothing: an unknown unit, several parts, a last part longer
    than the file, a condition besides. An If-Range names the very bytes; a date may be another file's.
    """
    wanted = parse_range_header(environ.get("HTTP_RANGE"))
    is_useful = (
        environ["REQUEST_METHOD"] == "GET"
        and size > 0
        and wanted is not None
        and wanted.units == "bytes"
        and len(wanted.ranges) == 1
        and wanted.ranges[0][0] >= -size
        and environ.get("HTTP_IF_RANGE", f'"{etag}"') == f'"{etag}"'
        and not PRECONDITIONS & environ.keys()
    )
    if not is_useful or wanted is None:
        return None
    part = wanted.range_for_length(size)
    if part is None:
        raise RequestedRangeNotSatisfiable(length=size)
    return part


# ------------------------------------------------------------ copies of a file


_digests: dict[tuple[int, int, int, int], str] = {}  # by what tells a file from all others


@dataclass(frozen=True, slots=True)
class Copy:
    """An open file, plain or compressed."""

    file: BinaryIO
    changed: float  # seconds since 1970
    coding: str | None  # None: plain

    def fingerprint(self) -> tuple[int, str]:
        """Return the length of the file, and a digest of its bytes. A file is read for that once: none is changed."""
        status = os.fstat(self.file.fileno())
        identity = (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
        if identity not in _digests:
            digest = hashlib.sha256()
            while piece := self.file.read(PIECE):
                digest.update(piece)
            while len(_digests) >= REMEMBERED:
                _digests.pop(next(iter(_digests)), None)
            _digests[identity] = digest.hexdigest()[:20]
        return status.st_size, _digests[identity]


def _best_copy(folder: int, name: str, accepted: str | None) -> Copy:
    """Return the file, or the twin of it that the reader likes better.

    Raises OSError where there is no file, whatever twins there are.
    """
    file = _open_regular(folder, name)
    changed = _time_of(file)
    for coding in _codings(accepted):
        with suppress(OSError):
            twin = _open_regular(folder, name + TWINS[coding])
            packed = _time_of(twin)
            if packed >= changed - STALE:  # else it is from another time: nobody keeps it in step
                file.close()
                return Copy(twin, packed, coding)
            twin.close()
    return Copy(file, changed, None)


def _open_regular(folder: int, name: str) -> BinaryIO:
    """Open a file in an open folder. Raises OSError, also for pipes, folders and symbolic links."""
    descriptor = os.open(name, FILE, dir_fd=folder)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise FileNotFoundError(errno.ENOENT, "is no file", name)
    return os.fdopen(descriptor, "rb")


def _time_of(file: BinaryIO) -> float:
    return os.fstat(file.fileno()).st_mtime


def _codings(accepted: str | None) -> list[str]:
    """Return the codings that the reader names, the best liked first. A "*" names none: it may know none of them."""
    qualities = {name.lower(): quality for name, quality in parse_accept_header(accepted)}
    least = qualities.get("identity", 0)
    liked = [c for c in TWINS if qualities.get(c, 0) > 0 and qualities[c] >= least]
    return sorted(liked, key=lambda c: -qualities[c])
