"""What the operator was told → an Atom feed (RFC 4287), for the reader that they look into anyway.

The feed is a file for one person, and nobody knows at which address, if any, that person reads it. So it has no link
to itself, which RFC 4287 only recommends (4.1.1), and its entries have none either. They have content instead, as is
asked of entries without a link (4.1.2). Ids are tag URIs (RFC 4151), since they need no address.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator

from feedpub import text
from feedpub.conditions import Message, State

MINTED = "2026"  # RFC 4151: a tag holds the date on which it was made up; this one never moves
BEFORE_ALL = datetime(2026, 1, 1, tzinfo=UTC)  # when a feed without messages was updated: a feed must say when
AUTHOR = "feedpub"


@dataclass(frozen=True, slots=True)
class Names:
    """How things are called in the feed."""

    host: str  # of the published feeds: it tells one operator's messages from another's
    version: str  # of the program
    of_others: Mapping[str, str] = field(default_factory=dict)  # of what is no source, by its place among them
    first_ids: Mapping[str, str] = field(default_factory=dict)  # of sources that were moved, by their ids of now


def messages_feed(messages: Sequence[Message], names: Names) -> bytes:
    """Return the feed of these messages, the newest first."""
    generator = FeedGenerator()
    generator.id(_tag(names, "messages"))
    generator.title(f"{names.host}: what feedpub says")
    generator.subtitle("A message when a source needs a hand, and one when it is well again")
    generator.language("en")
    generator.author(name=AUTHOR)
    generator.generator("feedpub", version=names.version)
    generator.updated(max((one.at for one in messages), default=BEFORE_ALL))
    for message in messages:
        _add(generator.add_entry(order="append"), message, names)
    return bytes(generator.atom_str(pretty=True))


def _add(entry: FeedEntry, message: Message, names: Names) -> None:
    source = names.first_ids.get(message.source, message.source)  # a source that is moved keeps its entries' ids
    entry.id(_tag(names, f"messages/{source}/{message.at:%Y%m%dT%H%M%SZ}/{message.state}"))
    entry.title(f"{names.of_others.get(message.source, message.source)}: {_state(message.state)}")
    entry.published(message.at)
    entry.updated(message.at)
    entry.category(term=message.state.value)
    lines = filter(None, map(text.line, message.words.splitlines()))
    entry.content("".join(f"<p>{escape(line)}</p>" for line in lines), type="html")


def _state(state: State) -> str:
    return "well again" if state is State.WELL else state.value


def _tag(names: Names, path: str) -> str:
    return f"tag:{names.host},{MINTED}:feedpub/{path}"
