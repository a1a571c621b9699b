"""Bytes → their place: whole or not at all, and only when they changed. Does not know what they are."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import os
import re
import zlib
from pathlib import Path

from feedpub.errors import PublishError

NAME = re.compile(r"(?:[a-z0-9][a-z0-9._-]*/)*[a-z0-9][a-z0-9._-]*")


class Folder:
    """A folder that a web server shows. Each file has a compressed twin, ``.gz``, for servers that take it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __call__(self, name: str, data: bytes, media_type: str) -> bool:
        """Put the bytes under the name; False where they were there already, and nothing was written.

        Raises PublishError; whatever was there before is then there still.
        """
        place = self._place(name)
        twin = place.with_name(f"{place.name}.gz")
        try:
            if _content(place) == data and _unpacked(twin) == data:
                return False
            place.parent.mkdir(parents=True, exist_ok=True)
            # mtime=0: the same bytes always give the same bytes. The twin first: a server that compares
            # the two by age then never serves an old twin for a new file longer than a rename takes.
            _write(twin, gzip.compress(data, mtime=0))
            _write(place, data)
        except OSError as error:
            raise PublishError(
                f"{place}: cannot be written: {error.strerror or error}; the last good file stands"
            ) from error
        return True

    def read(self, name: str) -> bytes | None:
        """The file's bytes as they stand; None where there is none. Raises PublishError where it cannot be read."""
        place = self._place(name)
        try:
            return _content(place)
        except NotADirectoryError:
            return None
        except OSError as error:
            raise PublishError(f"{place}: cannot be read: {error.strerror or error}") from error

    def fingerprint(self, name: str) -> str | None:
        """Changes with the file's bytes or its twin's; None where either is missing or cannot be read."""
        place = self._place(name)
        try:
            both = [place.read_bytes(), place.with_name(f"{place.name}.gz").read_bytes()]
        except OSError:
            return None
        return hashlib.sha256(b"".join(both)).hexdigest()[:16]

    def _place(self, name: str) -> Path:
        if not NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no name for a published file")
        return self.path / name


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _unpacked(path: Path) -> bytes | None:
    packed = _content(path)
    try:
        return None if packed is None else gzip.decompress(packed)
    except (OSError, EOFError, zlib.error):
        return None


def _write(place: Path, data: bytes) -> None:
    """Beside its place first, then renamed: no reader of the folder ever sees half a file, nor does a power cut."""
    draft = place.with_name(f".{place.name}.{os.getpid()}.new")
    try:
        with draft.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(place)
    finally:
        with contextlib.suppress(FileNotFoundError):
            draft.unlink()
    directory = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
