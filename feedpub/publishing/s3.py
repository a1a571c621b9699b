"""Requests to a bucket, by obstore. It is loaded with the first of them.

Credentials, region and the server's address come from the environment, as obstore takes them, and from the files of
the AWS tools (see ``credentials``).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, cast

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from feedpub.kinds import Headers
from feedpub.publishing.credentials import from_files
from feedpub.publishing.refusals import BucketError, is_bucket_missing

if TYPE_CHECKING:
    from obstore import Attributes, PutMode
    from obstore.store import S3Config

# obstore waits 5 seconds for a connection and 30 for an answer, where AWS_TIMEOUT says nothing else.
RETRIES = 6  # of what may go well later: 5xx, SlowDown, a connection that is cut
FIRST_WAIT, LONGEST_WAIT = timedelta(milliseconds=500), timedelta(seconds=10)
RETRY_WITHIN = timedelta(seconds=60)  # from the first try on


@dataclass(frozen=True, slots=True)
class Stored:
    """An object as it is."""

    etag: str
    data: bytes
    headers: Mapping[str, str]


class Server:
    """The server of a bucket. Every method may raise BucketError."""

    def __init__(self, url: str) -> None:
        """``url`` is s3://bucket/prefix. Nothing is asked yet."""
        with _wrapped():
            self._store = S3Store.from_url(
                url,
                config=cast("S3Config", from_files(os.environ)),
                retry_config={
                    "max_retries": RETRIES,
                    "retry_timeout": RETRY_WITHIN,
                    "backoff": {"init_backoff": FIRST_WAIT, "max_backoff": LONGEST_WAIT, "base": 2},
                },
            )

    def listed(self, folder: str) -> dict[str, str]:
        """Return the objects below a folder, each with its ETag; "": all."""
        with _wrapped():
            pages = obstore.list(self._store, folder or None)
            return {one["path"]: _quoted(one["e_tag"]) for page in pages for one in page}

    def listed_at_top(self) -> dict[str, str]:
        """Return the objects that are in no folder, each with its ETag."""
        with _wrapped():
            return {one["path"]: _quoted(one["e_tag"]) for one in obstore.list_with_delimiter(self._store)["objects"]}

    def get(self, name: str) -> Stored | None:
        """Return an object; None where there is none."""
        with _wrapped():
            try:
                found = obstore.get(self._store, name)
            except FileNotFoundError as error:
                if is_bucket_missing(error):
                    raise
                return None
            return Stored(_quoted(found.meta["e_tag"]), bytes(found.bytes()), found.attributes)

    def etag(self, name: str) -> str | None:
        """Return an object's ETag; None where there is none."""
        with _wrapped():
            try:
                return _quoted(obstore.head(self._store, name)["e_tag"])
            except FileNotFoundError:
                return None

    def put(self, name: str, data: bytes, headers: Headers, etag: str | None) -> str:
        """Put an object in place of the one with this ETag, or where there is none, and return its ETag."""
        mode: PutMode = {"e_tag": etag} if etag is not None else "create"
        attributes: Attributes = {"Content-Type": headers.media_type, "Cache-Control": headers.cache_control}
        if headers.coding:
            attributes["Content-Encoding"] = headers.coding
        with _wrapped():
            done = obstore.put(self._store, name, data, attributes=attributes, mode=mode)
        return _quoted(done["e_tag"]) or self.etag(name) or ""

    def delete(self, names: Sequence[str]) -> None:
        with _wrapped():
            obstore.delete(self._store, names)


def _quoted(etag: str | None) -> str:
    """Return an ETag as a condition has it; some servers leave out its quotation marks in a list. "": there is none."""
    if not etag:
        return ""
    return etag if etag.endswith('"') else f'"{etag}"'


@contextmanager
def _wrapped() -> Iterator[None]:
    """Raise BucketError for the library's errors. A missing bucket is a missing object to it."""
    try:
        yield
    except (BaseError, OSError) as error:
        raise BucketError(error) from error
