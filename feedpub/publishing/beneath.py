"""Folders below a root, opened without following a symbolic link: whoever else may write there, nothing leads out."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from feedpub.errors import PublishError

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC  # does not wait for what a pipe may bring
OBSTACLES = {errno.ELOOP: "is a symbolic link", errno.ENOTDIR: "is no folder", errno.EEXIST: "is no folder"}


@contextmanager
def open_folder(root: Path, parents: Sequence[str], *, is_made: bool = False) -> Iterator[int]:
    """Open ``root``, then each of the parents in the one before it, and give the last one's descriptor.

    ``is_made``: folders that are missing are made. The root itself may be a
    symbolic link, as the operator likes. Raises OSError, with the path of the
    folder that could not be opened.
    """
    path = root
    with ExitStack() as stack:
        try:
            folder = _opened_root(root, is_made=is_made)
            stack.callback(os.close, folder)
            for parent in parents:
                path /= parent
                folder = _opened(parent, folder, is_made=is_made)
                stack.callback(os.close, folder)
        except OSError as error:
            error.filename = str(path)
            raise
        yield folder


def _opened_root(root: Path, *, is_made: bool) -> int:
    try:
        return os.open(root, FOLDER)
    except FileNotFoundError:
        if not is_made:
            raise
    missing = [path for path in (root, *root.parents) if not path.exists()]
    for path in reversed(missing):
        with suppress(FileExistsError):
            path.mkdir()
            _let_read(os.open(path, FOLDER))
    return os.open(root, FOLDER)


def _opened(name: str, folder: int, *, is_made: bool) -> int:
    """Return the folder of this name in another; it mostly exists."""
    try:
        return os.open(name, FOLDER | os.O_NOFOLLOW, dir_fd=folder)
    except FileNotFoundError:
        if not is_made:
            raise
    with suppress(FileExistsError):
        os.mkdir(name, dir_fd=folder)
        _let_read(os.open(name, FOLDER | os.O_NOFOLLOW, dir_fd=folder))
    return os.open(name, FOLDER | os.O_NOFOLLOW, dir_fd=folder)


def let_read(descriptor: int, mode: int) -> None:
    """Let everybody read a published file or folder, such as the web server, whatever the umask is."""
    with suppress(PermissionError):  # a disk that knows no modes
        os.fchmod(descriptor, mode)


def _let_read(folder: int) -> None:
    try:
        let_read(folder, 0o755)
    finally:
        os.close(folder)


# ------------------------------------------------------------ files


def content_of(folder: int, name: str) -> bytes | None:
    """Return the bytes of a file; None where there is none, or a link, which is replaced and never followed."""
    try:
        file = os.open(name, FILE, dir_fd=folder)
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno == errno.ELOOP:
            return None
        raise
    with os.fdopen(file, "rb") as opened:
        return opened.read()


def replace_file(folder: int, name: str, data: bytes) -> None:
    """Write a draft beside the file, then rename it: neither a reader nor a power cut ever leaves half a file."""
    draft = f".{name.lstrip('.')}.new"  # always the same: the draft of a run that was killed is overwritten by the next
    try:
        try:
            descriptor = os.open(draft, NEW, 0o644, dir_fd=folder)
        except FileExistsError:
            os.unlink(draft, dir_fd=folder)
            descriptor = os.open(draft, NEW, 0o644, dir_fd=folder)
        with os.fdopen(descriptor, "wb") as file:
            let_read(descriptor, 0o644)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.rename(draft, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        with suppress(OSError):
            os.unlink(draft, dir_fd=folder)
        raise


def publish_error(path: Path, done: str, error: OSError) -> PublishError:
    obstacle = "is a symbolic link" if path.is_symlink() else OBSTACLES.get(error.errno or 0)
    if obstacle:
        return PublishError(f"{path}: {obstacle}; nothing is {done} through it: put a folder in its place")
    consequence = "; the last good file stands, the next run tries again" if done == "written" else ""
    return PublishError(f"{path}: cannot be {done}: {error.strerror or error}{consequence}")
