"""Which addresses are public, by IANA's registries: Python's own table differs from release to release."""

from __future__ import annotations

from functools import cache, lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

# https://www.iana.org/assignments/iana-ipv4-special-registry, and multicast
NOT_PUBLIC_4 = (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
    "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
    "224.0.0.0/4", "240.0.0.0/4",
)  # fmt: skip
# https://www.iana.org/assignments/iana-ipv6-special-registry, of what is global unicast at all
GLOBAL_UNICAST = "2000::/3"  # RFC 4291, 2.4
NOT_PUBLIC_6 = ("2001::/23", "2001:db8::/32", "3fff::/20")
MAPPED = "::ffff:0:0/96"  # RFC 4291, 2.5.5.2
NAT64 = "64:ff9b::/96"  # RFC 6052
SIX_TO_FOUR = "2002::/16"  # RFC 3056


@lru_cache(maxsize=1024)  # addresses: a run meets few, and each of them often
def is_public(peer: str) -> bool:
    """Return whether an IP address is public; of one that carries an IPv4 address, whether that is."""
    ip = ip_address(peer.partition("%")[0])
    if isinstance(ip, IPv6Address):
        carried = _carried(ip)
        return _is_public_6(ip) if carried is None else _is_public_4(carried)
    return _is_public_4(ip)


def _carried(ip: IPv6Address) -> IPv4Address | None:
    if ip in _six(MAPPED) or ip in _six(NAT64):
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return IPv4Address(int(ip) >> 80 & 0xFFFFFFFF) if ip in _six(SIX_TO_FOUR) else None


def _is_public_4(ip: IPv4Address) -> bool:
    return not any(ip in IPv4Network(network) for network in NOT_PUBLIC_4)


def _is_public_6(ip: IPv6Address) -> bool:
    return ip in _six(GLOBAL_UNICAST) and not any(ip in _six(network) for network in NOT_PUBLIC_6)


@cache
def _six(network: str) -> IPv6Network:
    return IPv6Network(network)
