"""Tells a service that watches cron jobs how a run went, by the convention of healthchecks.io.

The address itself means that all is well, ``/fail`` after it that somebody is needed. The body says why.
"""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

import requests

from feedpub.collecting.fetch.watch import CONNECT, Watch
from feedpub.collecting.fetch.wire import Wire, wrapped
from feedpub.errors import FetchError

PATIENCE = 10.0  # seconds: the service is there to answer at once
LONGEST = 10_000  # bytes of the body; healthchecks.io keeps as many


def ping(url: str, words: str, *, is_well: bool, version: str) -> None:
    """Tell the service. Raises FetchError without the address, which is a secret, if it does not take it."""
    watch = Watch(lambda _: True)  # the operator has named it, so it may be in any network
    with requests.Session() as session:
        session.mount("http://", Wire(watch))
        session.mount("https://", Wire(watch))
        session.headers["User-Agent"] = f"feedpub/{version}"
        session.headers["Content-Type"] = "text/plain; charset=utf-8"
        name = urlsplit(url).hostname or ""
        try:
            with (
                watch.patient(PATIENCE), wrapped(name, watch, PATIENCE),
                session.post(
                    url if is_well else _failing(url), data=words.encode()[:LONGEST], timeout=(CONNECT, PATIENCE),
                    allow_redirects=False,
                ) as response,
            ):  # fmt: skip
                status = response.status_code
        finally:
            watch.close()
    if not 200 <= status < 300:
        raise FetchError(name, f"answers {status}", status)


def _failing(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/fail"))
