"""A conditional request by http.client alone, since most runs make that one and no other.

Importing requests takes five times as long as hearing that nothing has
changed. Any other answer is handed to requests, which then does the rest of
the run. requests also asks by itself wherever it would do more than connect:
for proxies, and for passwords that the operator keeps.
"""

from __future__ import annotations

import os
import ssl
import sys
from functools import cache, lru_cache
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from feedpub.collecting.fetch.watch import CONNECT, LATE, PRIVATE, SILENCE, SILENT, Private, Watch, Watched
from feedpub.errors import FetchError

if TYPE_CHECKING:
    import requests

PROXIES = {"http_proxy", "https_proxy", "all_proxy"}
BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")  # where requests looks for certificates to trust


def is_possible(url: str) -> bool:
    """Return whether this address needs nothing that only requests can do."""
    return is_open() and "@" not in urlsplit(url).netloc


def is_open() -> bool:
    """Return whether the operator has set no proxy and keeps no passwords, which requests would look up each time."""
    if sys.platform != "linux":  # elsewhere, a system has proxies of its own
        return False
    if any(value and name.lower() in PROXIES for name, value in os.environ.items()):
        return False
    passwords = [os.environ.get("NETRC") or "~/.netrc", "~/_netrc"]
    return not any(map(_is_there, passwords))


def _is_there(path: str) -> bool:
    """Whether there is such a file. A user without a home, as in a container, has none there."""
    try:
        return Path(path).expanduser().exists()
    except RuntimeError:
        return False


class Direct:
    """One exchange over a connection of its own."""

    def __init__(self, url: str, headers: dict[str, str], watch: Watch) -> None:
        self.url, self.headers, self.watch = url, headers, watch
        self.connection: HTTPConnection | None = None

    def ask(self, wanted: str, patience: float) -> HTTPResponse | None:
        """Return the answer; None if there is none, and requests is to try again and name the reason.

        Raises FetchError if it is not to be tried again: its time is over, or it leads into a private network.
        """
        parts = urlsplit(self.url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            self.connection = _connection(parts.scheme, parts.netloc, self.watch)
            self.connection.connect()
            self.connection.sock.settimeout(SILENCE)
            self.connection.request("GET", target, headers=self.headers)
            return self.connection.getresponse()
        except Private as error:
            raise FetchError(wanted, PRIVATE.format(error)) from error
        except (OSError, HTTPException, ValueError) as error:
            is_silent = isinstance(error, TimeoutError) and self.watch.is_connected
            self.close()
            if self.watch.is_late:
                raise FetchError(wanted, LATE.format(patience), is_unreachable=True) from error
            if is_silent:
                raise FetchError(wanted, SILENT.format(SILENCE), is_unreachable=True) from error
            return None

    def close(self) -> None:
        if self.connection:
            self.connection.close()

    def adopted(self, response: HTTPResponse, session: requests.Session) -> requests.Response:
        """Return the answer as requests would have, its body not read yet; the session gets its cookies."""
        if self.connection and self.connection.sock:  # close() would end the answer too
            self.connection.sock.close()
            self.connection.sock = None
        import requests
        from requests.cookies import extract_cookies_to_jar
        from urllib3 import HTTPHeaderDict
        from urllib3 import HTTPResponse as Raw

        asked = requests.Request("GET", self.url, headers=self.headers).prepare()
        raw = Raw(
            body=response, headers=HTTPHeaderDict(response.msg.items()), status=response.status,
            version=response.version, reason=response.reason, preload_content=False, decode_content=False,
            original_response=response, request_method="GET", request_url=self.url,
        )  # fmt: skip
        extract_cookies_to_jar(session.cookies, asked, raw)  # type: ignore[no-untyped-call]
        return session.get_adapter(self.url).build_response(asked, raw)  # type: ignore[attr-defined, no-any-return]


def _connection(scheme: str, netloc: str, watch: Watch) -> HTTPConnection:
    if scheme == "http":
        plain: HTTPConnection = type("Plain", (Watched, HTTPConnection), {"watch": watch})(netloc, timeout=CONNECT)
        return plain
    context = _trusting() if watch.dial is None else _unused()  # its own way has its own
    secure: HTTPConnection = type("Secure", (Watched, HTTPSConnection), {"watch": watch})(
        netloc, timeout=CONNECT, context=context
    )
    return secure


@cache
def _unused() -> ssl.SSLContext:
    """Return a context for a connection that asks for one and never uses it."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def trusted() -> str | None:
    """Return the operator's own certificates: a file, or a folder; None if there are none."""
    return next((b for name in BUNDLES if (b := os.environ.get(name))), None)


def _trusting() -> ssl.SSLContext:
    """Return a context that trusts the certificates that requests trusts: the operator's, else certifi's."""
    bundle = trusted()
    if bundle is None:
        import certifi

        bundle = certifi.where()
    return _trusting_in(bundle, Path(bundle).stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _trusting_in(bundle: str, _changed: int) -> ssl.SSLContext:
    """Return a context for these certificates. To read them takes twice as long as the rest of a run in one process."""
    is_folder = Path(bundle).is_dir()
    context = ssl.create_default_context(cafile=None if is_folder else bundle, capath=bundle if is_folder else None)
    context.set_alpn_protocols(["http/1.1"])
    return context
