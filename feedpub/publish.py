"""Bytes → their place: whole or not at all, and only when they changed. Does not know what they are."""

from __future__ import annotations

import contextlib
import errno
import gzip
import hashlib
import os
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

from feedpub.errors import PublishError

NAME = re.compile(r"(?:[a-z0-9][a-z0-9._-]*/)*[a-z0-9][a-z0-9._-]*")
FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
MESSAGES = {errno.ELOOP: "is a symbolic link", errno.ENOTDIR: "is no folder", errno.EEXIST: "is no folder"}


class Folder:
    """A folder that a web server shows. Each file has a compressed twin, ``.gz``, for servers that take it.

    The folder itself may be a symbolic link, as the operator likes. Nothing
    below it is written or read through one: what is published goes where the
    configuration says, whoever else may write there.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def __call__(self, name: str, data: bytes, media_type: str) -> bool:
        """Put the bytes under the name; False where they were there already, and nothing was written.

        Raises PublishError; whatever was there before is then there still.
        """
        with self._within(name, "written", is_made=True) as (folder, file):
            twin = f"{file}.gz"
            if _content(folder, file) == data and _unpacked(_content(folder, twin)) == data:
                return False
            # mtime=0: the same bytes always give the same bytes. The twin first: a server that compares
            # the two by age then never serves an old twin for a new file longer than a rename takes.
            _write(folder, twin, gzip.compress(data, mtime=0))
            _write(folder, file, data)
        return True

    def read(self, name: str) -> bytes | None:
        """The file's bytes as they stand; None where there is none. Raises PublishError where it cannot be read."""
        with self._within(name, "read") as (folder, file):
            return _content(folder, file) if folder >= 0 else None

    def fingerprint(self, name: str) -> str | None:
        """Changes with the file's bytes or its twin's; None where either is missing or cannot be read."""
        try:
            with self._within(name, "read") as (folder, file):
                both = [_content(folder, n) for n in (file, f"{file}.gz")] if folder >= 0 else [None]
        except PublishError:
            return None
        return hashlib.sha256(b"".join(b for b in both if b)).hexdigest()[:16] if None not in both else None

    @contextlib.contextmanager
    def _within(self, name: str, what: str, *, is_made: bool = False) -> Iterator[tuple[int, str]]:
        """The open folder of a file, and the file's name in it; -1 where there is no such folder and none is made."""
        if not NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no name for a published file")
        *parents, file = name.split("/")
        place = self.path
        with contextlib.ExitStack() as stack:
            try:
                if is_made:
                    place.mkdir(parents=True, exist_ok=True)
                folder = os.open(place, FOLDER)
                stack.callback(os.close, folder)
                for parent in parents:
                    place /= parent
                    if is_made:
                        with contextlib.suppress(FileExistsError):
                            os.mkdir(parent, dir_fd=folder)
                    folder = os.open(parent, FOLDER | os.O_NOFOLLOW, dir_fd=folder)
                    stack.callback(os.close, folder)
                place /= file
                yield folder, file
            except FileNotFoundError as error:
                if is_made:
                    raise _named(place, what, error) from error
                yield -1, file
            except OSError as error:
                raise _named(place, what, error) from error


def _named(place: Path, what: str, error: OSError) -> PublishError:
    why = "is a symbolic link" if place.is_symlink() else MESSAGES.get(error.errno or 0)
    if why:
        return PublishError(f"{place}: {why}; nothing is {what} through it: put a folder in its place")
    stands = "; the last good file stands, the next run tries again" if what == "written" else ""
    return PublishError(f"{place}: cannot be {what}: {error.strerror or error}{stands}")


def _content(folder: int, name: str) -> bytes | None:
    """The bytes of a file; None where there is none, or something that is none."""
    try:
        file = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno == errno.ELOOP:  # a link: it is replaced, and never followed
            return None
        raise
    with os.fdopen(file, "rb") as opened:
        return opened.read()


def _unpacked(packed: bytes | None) -> bytes | None:
    try:
        return None if packed is None else gzip.decompress(packed)
    except (OSError, EOFError, zlib.error):
        return None


def _write(folder: int, name: str, data: bytes) -> None:
    """Beside its place first, then renamed: no reader of the folder ever sees half a file, nor does a power cut."""
    draft = f".{name}.new"  # always the same: what a run that was killed has left is overwritten by the next
    try:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(draft, dir_fd=folder)
        made = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666, dir_fd=folder)
        with os.fdopen(made, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.rename(draft, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(draft, dir_fd=folder)
        raise
    os.fsync(folder)
