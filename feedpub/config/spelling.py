"""Bring the addresses of config.toml to the one spelling in which pages, feeds and messages have them.

People write «рада.укр», in any case, and paths in Cyrillic. Everything else compares and publishes
``address.absolute``, where hosts are as DNS has them and the rest is percent-encoded.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from feedpub import address

MAIL = "mailto:"
MAIL_SIGNS = "!$&'()*+,;=:@-._~?%"  # RFC 6068: what an address may have unescaped


def is_address(url: str) -> bool:
    """Whether an address can be asked for and published."""
    return address.absolute("", url, keeps_tracking=True) is not None


def one_spelling(url: str) -> str:
    """Return an address as everything else has it. One that is none stays as it is."""
    return address.absolute("", url, keeps_tracking=True) or url


def one_spelling_each(urls: Iterable[str]) -> tuple[str, ...]:
    """Return addresses in the one spelling, each once."""
    return tuple(dict.fromkeys(map(one_spelling, urls)))


def with_slash(url: str) -> str:
    """Return the address of a folder: in the one spelling, with a slash at its end."""
    return one_spelling(url).rstrip("/") + "/"


def without_slash(to: str) -> str:
    """Return the address of a bucket without a slash at its end. A folder stays as it is."""
    return to.rstrip("/") if "://" in to else to


def contact(value: str) -> str:
    """Return the address for the council's people in ASCII, since every request has it in a header."""
    if not value.startswith(MAIL):
        return one_spelling(value)
    name, at, host = value.removeprefix(MAIL).partition("@")
    return MAIL + quote(name, safe=MAIL_SIGNS) + at + (host_name(host) or quote(host, safe=MAIL_SIGNS))


def host_name(host: str) -> str | None:
    """Return a host as DNS has it; None where it is not a host's name alone."""
    url = address.absolute("", f"http://{host}")
    if url is None or any(sign in host for sign in "/?#@:\\ "):
        return None
    return url.removeprefix("http://").rstrip("/")


def site_name(site: str) -> str | None:
    """Return a host as DNS has it, with its port where one is given; None where it is neither."""
    host, colon, port = site.partition(":")
    name = host_name(host)
    if name is None or not colon:
        return name
    return f"{name}:{port}" if port.isascii() and port.isdigit() and 0 < int(port) < 65536 else None


def hosts_without_www(hosts: Iterable[str]) -> tuple[str, ...]:
    """Return hosts as DNS has them, without ``www.``."""
    return tuple((site_name(host) or host).removeprefix("www.") for host in hosts)
