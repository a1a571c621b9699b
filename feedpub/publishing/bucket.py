"""Bytes → a bucket of object storage (S3): under the same names as in a folder, and with the headers of ``kinds``.

Several runs may publish to one bucket: one was stopped and goes on, or a state was put back. So each write is
conditional. ``begin`` asks once what is there, before a source's files are made. What was there then may be replaced,
what was not may be made. Anything else was written by somebody meanwhile, and stays.

A source's mark tells its states apart. Here it also names the run that has put it, and the state remembers that. A mark
that the state does not know is another state's.

What was seen is kept in the state, by ETag. So a run that finds nothing new asks for nothing.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from copy import copy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from feedpub.errors import Overtaken, PublishError
from feedpub.kinds import Headers, headers_of
from feedpub.publishing.folder import ENDINGS, MARK, NAME, Twin, endings_of, twins_of
from feedpub.publishing.memory import Memory
from feedpub.publishing.refusals import BucketError
from feedpub.store.objects import Objects, Seen

if TYPE_CHECKING:
    from feedpub.publishing.s3 import Server, Stored

MARK_HEADERS = Headers("application/json; charset=utf-8", None, "no-store")  # it is not for readers

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Content:
    """What an object is to hold."""

    name: str
    data: bytes  # as it is read
    twin: Twin | None = None  # how it is packed; None: it is as it is

    @property
    def packed(self) -> bytes:
        """The bytes that are stored."""
        return self.twin.compress(self.data) if self.twin else self.data

    @property
    def headers(self) -> Headers:
        headers = MARK_HEADERS if self.name.endswith(f"/{MARK}") else headers_of(self.name)
        return headers or Headers("application/octet-stream")

    @property
    def fingerprint(self) -> str:
        """A text that changes with what a reader gets, whichever release of a library has packed it."""
        headers = self.headers
        digest = hashlib.sha256(self.data).hexdigest()[:32]
        return f"{digest} {headers.media_type} {headers.coding} {headers.cache_control}"

    def is_in(self, stored: bytes) -> bool:
        """Whether an object's bytes are these, or these packed otherwise."""
        return self.twin.is_of(stored, self.data) if self.twin else stored == self.data


@dataclass(slots=True)
class Line:
    """The way to the server, which all who work on a bucket share."""

    server: Server | None = None  # None: nothing was asked yet
    failure: PublishError | None = None  # why it is not asked any more


class Bucket:
    """A bucket, or a part of one: ``s3://bucket/prefix``. Every method may raise PublishError.

    Once the server has failed, it is not asked again: there may be hundreds of sources.
    """

    def __init__(self, url: str, objects: Objects | None = None) -> None:
        """``objects``: what is known of buckets from earlier runs; None: nothing is, and nothing will be."""
        self.url = url.rstrip("/")
        self._memory = Memory(self.url, objects)
        self._begun: set[str] = set()  # sources whose objects were seen in this run
        self._foreign: set[str] = set()  # sources of which somebody else's were seen
        self._line = Line()
        self._apart: Callable[[], AbstractContextManager[None]] = nullcontext  # within it others may work

    def made_apart(self, apart: Callable[[], AbstractContextManager[None]]) -> Bucket:
        """Return the same bucket, whose every request is made within the block of ``apart``.

        What is known of it is read and noted outside of that, one thread at a time.
        """
        view = copy(self)
        view._apart = apart
        return view

    def address(self, name: str) -> str:
        """Return the object's address, for a person."""
        return f"{self.url}/{name}"

    # ------------------------------------------------------------ what is there

    def begin(self, folder: str) -> None:
        """See what is there of a source; "": at the top. Later writes replace this, and nothing else."""
        listed = self._asked(folder, lambda server: server.listed(folder) if folder else server.listed_at_top())
        known = self._memory.seen(folder)
        seen = {name: _seen_again(known.get(name), etag) for name, etag in listed.items()}
        mark = f"{folder}/{MARK}"
        if mark in seen and seen[mark].mark is None:
            seen[mark] = self._mark_put_by_whom(mark, known.get(mark), is_first_look=not known)
        self._begun.add(folder)
        self._memory.note(folder, {name: seen.get(name) for name in (*known, *seen)})
        self._memory.save(folder)

    def _mark_put_by_whom(self, name: str, known: Seen | None, *, is_first_look: bool) -> Seen:
        """Return a mark that is not as it was left. It is this state's if a run was killed after it had put it."""
        stored = self.stored(name)
        text = stored.data.decode(errors="replace") if stored else ""
        is_own = known is not None and known.sent == Content(name, text.encode()).fingerprint
        if not is_own and not is_first_look:
            self._foreign.add(_folder_of(name))
        return Seen(stored.etag if stored else "", None, text)

    def is_foreign(self, folder: str) -> bool:
        """Whether a run on another state has published a source's files, as far as this run has looked."""
        return folder in self._foreign

    def names(self, folder: str) -> list[str]:
        """Return the files in a folder and below it, sorted, without twins."""
        seen = self._seen_of(folder.partition("/")[0])
        names = (n for n in seen if n.startswith(f"{folder}/") and not n.endswith(ENDINGS[1:]))
        return sorted(n for n in names if NAME.fullmatch(n))

    def all_names(self) -> list[str]:
        """Return all files and twins of all sources, sorted."""
        listed = self._asked("", lambda server: server.listed(""))
        return sorted(name for name in listed if NAME.fullmatch(name))

    def fingerprints(self, names: Iterable[str]) -> list[str | None]:
        """Return a text for each file that changes when the file or one of its twins is written by anybody.

        It is None where one of them is missing. It goes by what was last seen, and asks for nothing.
        """
        return [self._fingerprint(name) for name in names]

    def _fingerprint(self, name: str) -> str | None:
        known = self._memory.seen(_folder_of(name))
        objects = [known.get(name + ending) for ending in endings_of(name)]
        return None if None in objects else " ".join(one.etag for one in objects if one)

    def fingerprint_of_folder(self, folder: str) -> str | None:
        """Return a text that changes when an object below the name is written by anybody; None where there is none."""
        known = self._memory.seen(_folder_of(f"{folder}/"))
        etags = sorted((name, one.etag) for name, one in known.items() if name.startswith(f"{folder}/"))
        return hashlib.sha256(repr(etags).encode()).hexdigest()[:16] if etags else None

    def read(self, name: str) -> bytes | None:
        """Return the object's bytes; None where there is none."""
        stored = self.stored(name)
        return stored.data if stored else None

    def read_mark(self, folder: str) -> bytes | None:
        """Return a source's mark as last seen; None where there is none."""
        there = self._seen_of(folder).get(f"{folder}/{MARK}")
        return there.mark.encode() if there and there.mark is not None else None

    def holds(self, name: str, data: bytes) -> bool:
        """Whether an object has these bytes already."""
        there = self._seen_of(_folder_of(name)).get(name)
        return there is not None and self._is_there(Content(name, data), there)

    # ------------------------------------------------------------ what is written

    def __call__(self, name: str, data: bytes, media_type: str) -> bool:
        """Put the bytes and their twins under the name. Return False if they were there already.

        Raises Overtaken if somebody has written there since ``begin``. The file comes last, as in a folder.
        """
        if not NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no name for a published file")
        twins = [Content(name + twin.ending, data, twin) for twin in twins_of(name)]
        is_changed = [self._put(content) for content in (*twins, Content(name, data))]
        self._memory.save(_folder_of(name))
        return any(is_changed)

    def put_mark(self, folder: str, data: bytes) -> None:
        """Put a source's mark. Raises Overtaken if another run has put one since ``begin``.

        What it is to be is written down first: a run that is killed then knows its own again.
        """
        value = {**json.loads(data), "run": secrets.token_hex(8)}
        content = Content(f"{folder}/{MARK}", json.dumps(value, ensure_ascii=False, indent=1).encode())
        there = self._seen_for_writing(folder).get(content.name)
        self._memory.note(folder, {content.name: replace(there or Seen(""), sent=content.fingerprint)})
        self._memory.save(folder)
        etag = self._put_if_unchanged(content, there)
        self._memory.note(folder, {content.name: Seen(etag, content.fingerprint, content.data.decode())})
        self._memory.save(folder)

    def remove(self, name: str) -> bool:
        """Remove an object, then its twins. Return False where there was none.

        Raises Overtaken if somebody has written there since ``begin``.
        """
        folder = _folder_of(name)
        seen = self._seen_for_writing(folder)
        if name not in seen:
            return False
        gone = [name + ending for ending in ENDINGS if name + ending in seen]
        for one in gone:  # a removal takes no condition along
            if self._etag(one) not in (None, seen[one].etag):
                raise self._overtaken(one)
        self._asked(name, lambda server: server.delete(gone), "removed")
        self._memory.note(folder, dict.fromkeys(gone))
        self._memory.save(folder)
        return True

    def _put(self, content: Content) -> bool:
        """Put an object. Return False if it was there already."""
        name = content.name
        folder = _folder_of(name)
        there = self._seen_for_writing(folder).get(name)
        is_there = there is not None and self._is_there(content, there)
        etag = there.etag if there and is_there else self._put_if_unchanged(content, there)
        self._memory.note(folder, {name: Seen(etag, content.fingerprint)})
        return not is_there

    def _is_there(self, content: Content, there: Seen) -> bool:
        """Whether an object is as it is to be. Most servers' ETag is an MD5; it is read where nothing else tells."""
        if there.sent is not None:
            return there.sent == content.fingerprint
        if there.etag.strip('"') == hashlib.md5(content.packed, usedforsecurity=False).hexdigest():
            return True
        stored = self.stored(content.name)
        return stored is not None and stored.etag == there.etag and content.is_in(stored.data)

    def _put_if_unchanged(self, content: Content, there: Seen | None) -> str:
        """Put an object in place of the one that was seen, and return its ETag. Raises Overtaken."""
        packed, etag = content.packed, there.etag if there else None
        try:
            return self._request(lambda server: server.put(content.name, packed, content.headers, etag))
        except BucketError as error:
            stored = None
            if error.is_changed or error.is_unanswered:  # it may be our own: the answer got lost, or it was sent twice
                stored = self._stored_in_spite(content.name)
            if stored and stored.data == packed:
                return stored.etag
            if error.is_changed:
                raise self._overtaken(content.name) from error
            raise self._failed(content.name, "written", error) from error

    def _stored_in_spite(self, name: str) -> Stored | None:
        """Return an object after a failure; None also where it cannot be read."""
        try:
            return self._request(lambda server: server.get(name))
        except BucketError:
            return None

    def _overtaken(self, name: str) -> Overtaken:
        """Forget what was seen, so that whoever comes next looks."""
        folder = _folder_of(name)
        self._memory.forget(folder)
        self._begun.discard(folder)
        self._foreign.add(folder)
        return Overtaken(
            f"{self.address(name)}: another run has written it meanwhile; its files stay, and the next run looks again"
        )

    # ------------------------------------------------------------ what is known

    def _seen_of(self, folder: str) -> Mapping[str, Seen]:
        """Return what was seen of a source. Look, if nothing is known."""
        if folder not in self._begun and not self._memory.seen(folder):
            self.begin(folder)
        return self._memory.seen(folder)

    def _seen_for_writing(self, folder: str) -> Mapping[str, Seen]:
        """Return what was seen of a source in this run."""
        if folder not in self._begun:
            self.begin(folder)
        return self._memory.seen(folder)

    # ------------------------------------------------------------ requests

    def _etag(self, name: str) -> str | None:
        return self._asked(name, lambda server: server.etag(name))

    def stored(self, name: str) -> Stored | None:
        """Return an object with its headers; None where there is none."""
        return self._asked(name, lambda server: server.get(name))

    def _asked(self, name: str, request: Callable[[Server], T], done: str = "read") -> T:
        """Return the answer. ``done`` says what could not be done, if it fails."""
        try:
            return self._request(request)
        except BucketError as error:
            raise self._failed(name, done, error) from error

    def _request(self, request: Callable[[Server], T]) -> T:
        """Return the answer. Raises BucketError; PublishError where the server has failed before."""
        if self._line.failure:
            raise self._line.failure
        if self._line.server is None:
            from feedpub.publishing.s3 import Server  # a run that finds nothing new makes no request

            self._line.server = Server(self.url)
        with self._apart():
            return request(self._line.server)

    def _failed(self, name: str, done: str, error: BucketError) -> PublishError:
        """Return the line about a failure, and ask for nothing more."""
        consequence = "; the last good file stands" if done == "written" else ""
        where = self.address(name) if name else self.url
        self._line.failure = PublishError(f"{where}: cannot be {done}: {error}{consequence}")
        return self._line.failure


def _seen_again(known: Seen | None, etag: str) -> Seen:
    """Return an object that was seen with this ETag. What was known of another is not true of it."""
    return known if known and known.etag == etag else Seen(etag)


def _folder_of(name: str) -> str:
    """Return the source that a file is of; "": it is of all."""
    return name.partition("/")[0] if "/" in name else ""
