"""A format to try the table of kinds with: one line an item, with its date and its title."""

from __future__ import annotations

from feedpub.content import Feed


def titles(feed: Feed, _own_url: str) -> bytes:
    return "".join(f"{entry.published:%Y-%m-%d}\t{entry.title}\n" for entry in feed.entries).encode()
