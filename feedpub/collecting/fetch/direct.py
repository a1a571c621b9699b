"""A conditional request by http.client alone, for most runs make that one and no other.

To import requests takes five times as long as to be told that nothing has
changed. What is told otherwise is handed to requests, which does the rest of
the run; so is the question itself, wherever requests would do more than
connect: proxies, passwords of the operator's own.
"""

from __future__ import annotations

import os
import ssl
import sys
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
    """Whether nothing stands between this machine and the address that requests would have to deal with."""
    return is_open() and "@" not in urlsplit(url).netloc


def is_open() -> bool:
    """Whether the operator has set no proxy and keeps no passwords that requests would look up at each request."""
    if sys.platform != "linux":  # elsewhere, a system has proxies of its own
        return False
    if any(value and name.lower() in PROXIES for name, value in os.environ.items()):
        return False
    passwords = [os.environ.get("NETRC") or "~/.netrc", "~/_netrc"]
    return not any(Path(p).expanduser().exists() for p in passwords)


class Direct:
    """One exchange, and the connection that it is made over."""

    def __init__(self, url: str, headers: dict[str, str], watch: Watch) -> None:
        self.url, self.headers, self.watch = url, headers, watch
        self.connection: HTTPConnection | None = None

    def ask(self, wanted: str, patience: float) -> HTTPResponse | None:
        """The answer; None where there was none, for a reason that requests will find, and name.

        Raises FetchError where it is not to be tried again: after as long as anybody waits, or where it must not lead.
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
            is_silent = isinstance(error, TimeoutError) and self.watch.socket is not None
            self.close()
            if self.watch.is_late or is_silent:
                why = LATE.format(patience) if self.watch.is_late else SILENT.format(SILENCE)
                raise FetchError(wanted, why, is_unreachable=True) from error
            return None

    def close(self) -> None:
        if self.connection:
            self.connection.close()

    def adopted(self, response: HTTPResponse, session: requests.Session) -> requests.Response:
        """The answer as one of requests', its body not read yet, in a session that knows its cookies."""
        if self.connection and self.connection.sock:  # not by close(), which would end the answer too
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
    context = _trusting()
    context.set_alpn_protocols(["http/1.1"])
    secure: HTTPConnection = type("Secure", (Watched, HTTPSConnection), {"watch": watch})(
        netloc, timeout=CONNECT, context=context
    )
    return secure


def trusted() -> str | None:
    """The operator's own certificates: a file, or a folder; None: there are none."""
    return next((b for name in BUNDLES if (b := os.environ.get(name))), None)


def _trusting() -> ssl.SSLContext:
    """A context that trusts the certificates that requests trusts: the operator's, else certifi's."""
    if bundle := trusted():
        is_folder = Path(bundle).is_dir()
        return ssl.create_default_context(capath=bundle) if is_folder else ssl.create_default_context(cafile=bundle)
    import certifi

    return ssl.create_default_context(cafile=certifi.where())
