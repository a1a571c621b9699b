"""Bytes → their place: whole or not at all, and only when they changed. Does not know what they are."""

from __future__ import annotations

import contextlib
import errno
import gzip
import os
import re
import stat
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from feedpub.errors import PublishError

NAME = re.compile(r"(?:[a-z0-9][a-z0-9._-]*/)*[a-z0-9][a-z0-9._-]*")
FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
# How hard it is pressed. Of 14 files (1.8 MB), gzip's 9 would take 29 ms and not 13, for 2 % less; brotli's 11 two
# seconds and not 20 ms, for a sixth less.
GZIP, BROTLI = 6, 5
MESSAGES = {errno.ELOOP: "is a symbolic link", errno.ENOTDIR: "is no folder", errno.EEXIST: "is no folder"}


class Folder:
    """A folder that a web server shows. Each file has compressed twins, ``.gz`` and ``.br``, for servers that use them.

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
            if _content(folder, file) == data and all(t.holds(_content(folder, file + t.ending), data) for t in TWINS):
                return False
            # The twins first: a server that compares them by age then never serves an old twin for a new file longer
            # than some renames take.
            for twin in TWINS:
                _write(folder, file + twin.ending, twin.pack(data))
            _write(folder, file, data)
            os.fsync(folder)
        return True

    def remove(self, name: str) -> bool:
        """Takes the file away, and its folder if it was the last one; False where there was none."""
        with self._within(name, "removed") as (folder, file):
            if folder < 0 or _content(folder, file) is None:
                return False
            for ending in reversed(ENDINGS):
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(file + ending, dir_fd=folder)
            os.fsync(folder)
        with contextlib.suppress(OSError):  # others are in it
            (self.path / name).parent.rmdir()
        return True

    def read(self, name: str) -> bytes | None:
        """The file's bytes as they stand; None where there is none. Raises PublishError where it cannot be read."""
        with self._within(name, "read") as (folder, file):
            return _content(folder, file) if folder >= 0 else None

    def names(self, folder: str) -> list[str]:
        """The files in a folder and below it, without twins and drafts, by name. None is looked for behind a link."""
        found = []
        for place, folders, files in os.walk(self.path / folder):
            folders[:] = sorted(f for f in folders if not Path(place, f).is_symlink())
            within = Path(place).relative_to(self.path)
            found += [(within / f).as_posix() for f in files if not f.endswith(ENDINGS[1:])]
        return sorted(n for n in found if NAME.fullmatch(n))

    def fingerprints(self, names: Iterable[str]) -> list[str | None]:
        """For each file what changes when it or one of its twins is written anew; None where one is missing.

        By size and time, not by content: there may be hundreds of them, looked at in each run. None as well of what
        stands behind a link.
        """
        folders: dict[str, bool] = {}
        return [self._fingerprint(name, folders) for name in names]

    def _fingerprint(self, name: str, folders: dict[str, bool]) -> str | None:
        """``folders`` are those that were looked at already, and whether they are folders."""
        folder = name.rpartition("/")[0]
        if folder not in folders:
            parts = folder.split("/")
            folders[folder] = all(
                _is_folder(f"{self.path}/{'/'.join(parts[: n + 1])}") for n in range(len(parts) if folder else 0)
            )
        if not folders[folder]:
            return None
        stands = [_stands(f"{self.path}/{name}{ending}") for ending in ENDINGS]
        return " ".join(s for s in stands if s) if None not in stands else None

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


def _stands(path: str) -> str | None:
    """Size and time of a file; None where there is none, or something that is none."""
    try:
        found = os.lstat(path)
    except OSError:
        return None
    return f"{found.st_size}:{found.st_mtime_ns}" if stat.S_ISREG(found.st_mode) else None


def _is_folder(path: str) -> bool:
    try:
        return stat.S_ISDIR(os.lstat(path).st_mode)
    except OSError:
        return False


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


def _gunzip(packed: bytes) -> bytes | None:
    try:
        return gzip.decompress(packed)
    except (OSError, EOFError, zlib.error):
        return None


def _unbrotli(packed: bytes) -> bytes | None:
    import brotli

    try:
        unpacked: bytes = brotli.decompress(packed)
    except brotli.error:
        return None
    return unpacked


def _brotli(data: bytes) -> bytes:
    import brotli  # here, since most runs write nothing

    packed: bytes = brotli.compress(data, quality=BROTLI)
    return packed


@dataclass(frozen=True, slots=True)
class Twin:
    """A compressed copy of a file, for servers that send it as it is."""

    ending: str
    pack: Callable[[bytes], bytes]  # the same bytes always give the same bytes
    unpack: Callable[[bytes], bytes | None]  # None: they are damaged

    def holds(self, packed: bytes | None, data: bytes) -> bool:
        return packed is not None and self.unpack(packed) == data


TWINS = (Twin(".gz", lambda data: gzip.compress(data, GZIP, mtime=0), _gunzip), Twin(".br", _brotli, _unbrotli))
ENDINGS = ("", *(t.ending for t in TWINS))


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
