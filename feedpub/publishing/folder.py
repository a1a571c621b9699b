"""Bytes → their place: whole or not at all, and only when they changed. Does not know what they are."""

from __future__ import annotations

import contextlib
import functools
import gzip
import os
import re
import stat
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from feedpub.kinds import codings_of
from feedpub.publishing.beneath import content_of, open_folder, publish_error, replace_file

MARK = ".state.json"  # no file for readers: see ``marking``
NAME = re.compile(r"(?:[a-z0-9][a-z0-9._-]*/)*[a-z0-9][a-z0-9._-]*")
# Compression levels. Of 14 files (1.8 MB), gzip's 9 would take 29 ms and not 13, for 2 % less; brotli's 11 two
# seconds and not 20 ms, for a sixth less.
GZIP_LEVEL, BROTLI_LEVEL = 6, 5


class Folder:
    """A folder that a web server shows. Each file has compressed twins, ``.gz`` and ``.br``, for servers that use them.

    The folder itself may be a symbolic link, as the operator likes. Nothing
    below it is written or read through one: files go where the configuration
    says, whoever else may write there.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._root = str(path)

    def begin(self, folder: str) -> None:
        """Look at what is there. There is no need: a file is compared when it is written."""

    def is_foreign(self, folder: str) -> bool:
        """Whether a run on another state has published here. There is none: a state has its folder."""
        return False

    def address(self, name: str) -> str:
        """Return the file's path, for a person."""
        return str(self.path / name)

    def __call__(self, name: str, data: bytes, media_type: str) -> bool:
        """Put the bytes under the name. Return False if they were there already, and nothing was written.

        Raises PublishError; the file that was there before is then still there.
        """
        with self._folder_of(name, "written", is_made=True) as (folder, file):
            twins = twins_of(name)
            if _is_written(folder, file, data, twins):
                return False
            # The twins first: a server that compares them by age then never serves an old twin for a new file longer
            # than some renames take.
            for twin in twins:
                replace_file(folder, file + twin.ending, twin.compress(data))
            replace_file(folder, file, data)
            os.fsync(folder)
        return True

    def remove(self, name: str) -> bool:
        """Remove the file, and its folder if it was the last one in it. Return False where there was none."""
        try:
            with self._folder_of(name, "removed") as (folder, file):
                if content_of(folder, file) is None:
                    return False
                for ending in reversed(ENDINGS):
                    with contextlib.suppress(FileNotFoundError):
                        os.unlink(file + ending, dir_fd=folder)
                os.fsync(folder)
        except FileNotFoundError:
            return False
        with contextlib.suppress(OSError):  # other files are in it
            (self.path / name).parent.rmdir()
        return True

    def holds(self, name: str, data: bytes) -> bool:
        """Whether the file has these bytes already. Raises PublishError if it cannot be read."""
        return self.read(name) == data

    def read(self, name: str) -> bytes | None:
        """Return the file's bytes; None where there is none. Raises PublishError if it cannot be read."""
        try:
            with self._folder_of(name, "read") as (folder, file):
                return content_of(folder, file)
        except FileNotFoundError:
            return None

    def read_mark(self, folder: str) -> bytes | None:
        """Return the mark in a folder; None where there is none. Raises PublishError if it cannot be read."""
        return self.read(f"{folder}/{MARK}")

    def put_mark(self, folder: str, data: bytes) -> None:
        """Put the mark into a folder, which may not be there yet. Raises PublishError."""
        with self._folder_of(f"{folder}/{MARK}", "written", is_made=True) as (place, file):
            replace_file(place, file, data)
            os.fsync(place)

    def names(self, folder: str) -> list[str]:
        """Return the files in a folder and below it, sorted, without twins, drafts and whatever is behind a link."""
        names: list[str] = []
        for place, folders, files in os.walk(self.path / folder):
            folders[:] = sorted(f for f in folders if not Path(place, f).is_symlink())
            within = Path(place).relative_to(self.path)
            names += [(within / f).as_posix() for f in files if not f.endswith(ENDINGS[1:])]
        return sorted(n for n in names if NAME.fullmatch(n))

    def fingerprints(self, names: Iterable[str]) -> list[str | None]:
        """Return a text for each file that changes when the file or one of its twins is written.

        It is None where one of them is missing or is behind a link. The text is
        made of size and time, not of content: a run looks at hundreds of files.
        """
        folders: dict[str, bool] = {"": True}
        return [self._fingerprint(name, folders) for name in names]

    def fingerprint_of_folder(self, folder: str) -> str | None:
        """Return a text that changes when a file in the folder comes, goes or is replaced; None where there is none.

        It is the folder's own time, so it costs the same however many files there are. It does not tell that a file
        was changed in its place, as feedpub never does.
        """
        if not self._has_folder(folder, {"": True}):
            return None
        try:
            return str(os.lstat(self.path / folder).st_mtime_ns)
        except OSError:
            return None

    def _fingerprint(self, name: str, folders: dict[str, bool]) -> str | None:
        if not self._has_folder(name.rpartition("/")[0], folders):
            return None
        path = f"{self._root}/{name}"
        stamps = [_size_and_time(path + ending) for ending in endings_of(name)]
        return None if None in stamps else " ".join(s for s in stamps if s)

    def _has_folder(self, name: str, folders: dict[str, bool]) -> bool:
        """Whether the folder and each one above it, below the root, is a real folder.

        ``folders`` are those already looked at. The root, which is named "", is among them.
        """
        known = folders.get(name)
        if known is None:
            is_within = self._has_folder(name.rpartition("/")[0], folders)
            known = folders[name] = is_within and _is_folder(f"{self._root}/{name}")
        return known

    @contextlib.contextmanager
    def _folder_of(self, name: str, done: str, *, is_made: bool = False) -> Iterator[tuple[int, str]]:
        """Open the folder of a file, and give it with the file's name in it.

        Raises FileNotFoundError where there is no such folder and none is made, PublishError for all else.
        """
        if not NAME.fullmatch(name.removesuffix(f"/{MARK}")):
            raise ValueError(f"{name!r} is no name for a published file")
        *parents, file = name.split("/")
        try:
            with open_folder(self.path, parents, is_made=is_made) as folder:
                try:
                    yield folder, file
                except OSError as error:
                    raise publish_error(self.path / name, done, error) from error
        except OSError as error:
            if isinstance(error, FileNotFoundError) and not is_made:
                raise
            raise publish_error(Path(error.filename), done, error) from error


def _is_written(folder: int, name: str, data: bytes, twins: Sequence[Twin]) -> bool:
    """Whether the file and its twins hold these bytes already."""
    if content_of(folder, name) != data:
        return False
    return all(twin.is_of(content_of(folder, name + twin.ending), data) for twin in twins)


def _size_and_time(path: str) -> str | None:
    """Return size and time of a file; None where there is none, or no regular one."""
    try:
        status = os.lstat(path)
    except OSError:
        return None
    return f"{status.st_size}:{status.st_mtime_ns}" if stat.S_ISREG(status.st_mode) else None


def _is_folder(path: str) -> bool:
    try:
        return stat.S_ISDIR(os.lstat(path).st_mode)
    except OSError:
        return False


# ------------------------------------------------------------ twins


@dataclass(frozen=True, slots=True)
class Twin:
    """A compressed copy of a file, for servers that send it as it is."""

    ending: str
    compress: Callable[[bytes], bytes]  # the same bytes always give the same bytes
    decompress: Callable[[bytes], bytes | None]  # None: they are damaged

    def is_of(self, packed: bytes | None, data: bytes) -> bool:
        """Whether these compressed bytes are the data's; None: there are none."""
        return packed is not None and self.decompress(packed) == data


def _gzip(data: bytes) -> bytes:
    return gzip.compress(data, GZIP_LEVEL, mtime=0)


def _gunzip(packed: bytes) -> bytes | None:
    try:
        return gzip.decompress(packed)
    except (OSError, EOFError, zlib.error):
        return None


def _brotli(data: bytes) -> bytes:
    import brotli  # here, since most runs write nothing

    packed: bytes = brotli.compress(data, quality=BROTLI_LEVEL)
    return packed


def _unbrotli(packed: bytes) -> bytes | None:
    import brotli

    try:
        data: bytes = brotli.decompress(packed)
    except brotli.error:
        return None
    return data


TWINS = (Twin(".gz", _gzip, _gunzip), Twin(".br", _brotli, _unbrotli))
ENDINGS = ("", *(t.ending for t in TWINS))


def twins_of(name: str) -> tuple[Twin, ...]:
    """Return the twins that a file with this name has."""
    endings = {coding.ending for coding in codings_of(name)}
    return tuple(twin for twin in TWINS if twin.ending in endings)


@functools.lru_cache(maxsize=1024)
def endings_of(name: str) -> tuple[str, ...]:
    """Return the endings of the file and of its twins."""
    return ("", *(twin.ending for twin in twins_of(name)))
