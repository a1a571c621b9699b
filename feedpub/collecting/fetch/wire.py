"""The adapter by which requests reaches the network, under a watch, and its errors as ours: one line each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import Cookie, DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from feedpub.collecting.fetch.watch import (
    CONNECT,
    LATE,
    PRIVATE,
    SILENCE,
    SILENT,
    UNCONNECTED,
    Private,
    Watch,
    Watched,
)
from feedpub.errors import FetchError

MOST_OF_COOKIES = 4096  # characters, of all cookies of a run's session


class FewCookies(DefaultCookiePolicy):
    """Keeps the cookies that a page may need, and no more of them than any server can read (RFC 6265, 6.1)."""

    def __init__(self) -> None:
        super().__init__()
        self._sizes: dict[tuple[str, str, str], int] = {}

    def set_ok(self, cookie: Cookie, request: Request) -> bool:
        key = (cookie.domain, cookie.path, cookie.name)
        others = sum(size for other, size in self._sizes.items() if other != key)
        size = len(cookie.name) + len(cookie.value or "")
        if others + size > MOST_OF_COOKIES or not super().set_ok(cookie, request):
            return False
        self._sizes[key] = size
        return True


class Wire(HTTPAdapter):
    """An adapter of requests whose connections are watched."""

    def __init__(self, watch: Watch) -> None:
        self.watch = watch
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self._watch_connections_of(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **kwargs)
        self._watch_connections_of(manager)
        return manager

    def _watch_connections_of(self, manager: Any) -> None:
        plain = type("Plain", (Watched, HTTPConnection), {"watch": self.watch})
        secure = type("Secure", (Watched, HTTPSConnection), {"watch": self.watch})
        manager.pool_classes_by_scheme = {
            "http": type("PlainPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
            "https": type("SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": secure}),
        }


@contextmanager
def wrapped(url: str, watch: Watch, patience: float) -> Iterator[None]:
    """Turn errors of requests and urllib3 into FetchError."""
    try:
        yield
    except Private as error:
        raise FetchError(url, PRIVATE.format(error)) from error
    except (requests.RequestException, urllib3.exceptions.HTTPError, ValueError, OSError) as error:
        if watch.is_late:
            raise FetchError(url, LATE.format(patience), is_unreachable=True) from error
        raise _as_fetch_error(url, error, is_connected=watch.is_connected) from error


def _as_fetch_error(url: str, error: Exception, *, is_connected: bool) -> FetchError:
    match error:
        case requests.Timeout() | urllib3.exceptions.TimeoutError():
            reason = SILENT.format(SILENCE) if is_connected else UNCONNECTED.format(CONNECT)
            return FetchError(url, reason, is_unreachable=True)
        case requests.exceptions.SSLError():
            return FetchError(url, f"its TLS fails: {_innermost(error)}", is_unreachable=True)
        case requests.exceptions.ContentDecodingError() | urllib3.exceptions.DecodeError():
            return FetchError(url, "its compression is broken")
        case requests.exceptions.ChunkedEncodingError():
            return FetchError(url, "was cut short on its way")
        case requests.exceptions.ProxyError():
            reason = f"cannot be reached through the proxy {_proxy_of(url)}: {_innermost(error)}"
            return FetchError(url, reason, is_unreachable=True)
        case requests.ConnectionError():
            return FetchError(url, f"cannot be reached: {_innermost(error)}", is_unreachable=True)
        case urllib3.exceptions.HTTPError() | OSError() if not isinstance(error, requests.RequestException):
            return FetchError(url, "was cut short on its way")
        case _:  # an address that is none
            return FetchError(url, f"cannot be asked for: {error}")


def _proxy_of(url: str) -> str:
    """Return where the operator's proxy for an address is, and not the name and password for it."""
    proxy = requests.utils.select_proxy(url, requests.utils.get_environ_proxies(url)) or ""
    return urlsplit(proxy)._replace(netloc=urlsplit(proxy).netloc.rpartition("@")[2]).geturl() or "of this machine"


def _innermost(error: BaseException) -> str:
    """Return the last words of urllib3's nested messages: the part that tells a person something."""
    while (cause := _cause(error)) is not None:
        error = cause
    words = re.sub(r"^.*(?:>: |Errno -?\d+\] |SSL: \w+\] )", "", str(error), flags=re.DOTALL)
    return re.sub(r"^\('|', \w+\(.*$|\(_ssl.*$", "", words).strip(" ()'\"]\r\n")[:120]


def _cause(error: BaseException) -> BaseException | None:
    candidates = (error.args[-1] if error.args else None, getattr(error, "reason", None))
    return next((c for c in candidates if isinstance(c, BaseException)), None)
