"""The ids of the items in a published file."""

from __future__ import annotations

from feedpub.kinds import ATOM, Kind
from feedpub.publishing.check.read import document_of


def item_ids(data: bytes, kind: Kind) -> list[str]:
    """Return the ids of a file's items in their order; none where it cannot be read, or has no items."""
    document = document_of(data, kind)
    return [item.id for item in document.items] if document else []


def tombstone_ids(atom: bytes) -> list[str]:
    """Return the ids that the tombstones of an Atom feed name; none where it cannot be read."""
    document = document_of(atom, ATOM)
    return [tombstone.ref for tombstone in document.tombstones] if document else []
