"""The ids of the items in a published file."""

from __future__ import annotations

from feedpub.kinds import ATOM, DUMP, JSON_FEED, RSS, Kind
from feedpub.publishing.check.read import (
    Unreadable,
    parse_json,
    parse_xml,
    read_json_feed,
    read_json_item,
    read_xml_feed,
)


def item_ids(data: bytes, kind: Kind) -> list[str]:
    """Return the ids of a file's items in their order; none where it cannot be read, or has no items."""
    try:
        if kind in (RSS, ATOM):
            return [item.id for item in read_xml_feed(parse_xml(data)).items]
        if kind is JSON_FEED:
            return [item.id for item in read_json_feed(parse_json(data)).items]
        if kind is DUMP:
            return [read_json_item(parse_json(line)).id for line in data.decode(errors="replace").splitlines()]
    except (Unreadable, AttributeError):
        pass
    return []


def tombstone_ids(atom: bytes) -> list[str]:
    """Return the ids that the tombstones of an Atom feed name; none where it cannot be read."""
    try:
        return [tombstone.ref for tombstone in read_xml_feed(parse_xml(atom)).tombstones]
    except Unreadable:
        return []
