"""The rules of feeds. Each says what breaks for readers without it.

What a rule cannot know of a feed that somebody else published, such as its
council's own wording, it leaves out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator
from functools import lru_cache, partial
from itertools import chain, pairwise

from feedpub.content import Problem
from feedpub.model import TOPIC
from feedpub.publishing.check.markup import INVISIBLE, direction_rules, html_rules, is_absolute
from feedpub.publishing.check.pictures import picture_problem
from feedpub.publishing.check.read import (
    Document,
    Item,
    parse_json,
    parse_xml,
    read_json_feed,
    read_xml_feed,
)
from feedpub.publishing.check.timestamps import Timestamp

POSITIVE = re.compile("0*[1-9][0-9]*")
OF_TOPIC = re.compile(rf"/{TOPIC}[^/]+/[^/]+$")  # the address of a topic's feed
LONGEST_ID = 760  # characters; FreshRSS keeps 767 bytes as its key


def xml_problems(data: bytes, block: int) -> Iterator[Problem]:
    """Return the problems of an RSS or Atom feed. Raises Unreadable."""
    from feedpub.publishing.check.pieces import is_good  # it goes by the rules here

    return iter(()) if is_good(data, block) else feed_problems(read_xml_feed(parse_xml(data)), block)


def json_problems(data: bytes, block: int) -> Iterator[Problem]:
    """Return the problems of a JSON Feed. Raises Unreadable."""
    return feed_problems(read_json_feed(parse_json(data)), block)


def feed_problems(document: Document, block: int) -> Iterator[Problem]:
    """Yield the problems of a feed: its own, then those of each item."""
    for rule in FEED_RULES:
        yield from (Problem("the feed", message) for message in rule(document))
    ids: set[str] = set()
    for item in document.items:
        yield from item_problems(item, block, ids)
        ids.add(item.id)


def item_problems(item: Item, block: int, ids: Container[str]) -> Iterator[Problem]:
    """Yield the problems of an item. ``ids`` are those of the items before it."""
    if item.id and item.id in ids:
        yield Problem(item.name, "has an id that another item has too")
    yield from (Problem(item.name, message) for message in messages(item, block))


@lru_cache(maxsize=256)
def messages(item: Item, block: int) -> tuple[str, ...]:
    """Return what is wrong with an item by itself. Remembered: the same one is in several documents of a run."""
    linked = partial(_linked_html, block=block)
    rules = (_item_id, _item_title, _dates, _item_link, linked, _plain_texts, _enclosures, _pictures)
    return tuple(chain.from_iterable(rule(item) for rule in rules))


# ------------------------------------------------------------ of the feed


def _required_elements(document: Document) -> Iterator[str]:
    yield from (f"has no {name}" for name, value in document.required.items() if not value)


def _feed_language(document: Document) -> Iterator[str]:
    if not document.language:
        yield "names no language"
    elif document.language.lower().startswith("ua"):
        yield "says its language is 'ua'; Ukrainian is 'uk'"


def _self_link(document: Document) -> Iterator[str]:
    if not is_absolute(document.links.own):
        yield "does not name its own address (rel=self)"


def _hubs(document: Document) -> Iterator[str]:
    for hub in document.links.hubs:
        if not is_absolute(hub):
            yield f"names a hub by no absolute address: {hub or 'none'}"


def _has_items(document: Document) -> Iterator[str]:
    """A topic may still wait for its first item."""
    if not document.items and not OF_TOPIC.search(document.links.own):
        yield "has no items"


def _order(document: Document) -> Iterator[str]:
    dates = [item.published.moment for item in document.items]
    if any(a and b and a < b for a, b in pairwise(dates)):
        yield "is not sorted newest first"


def _updated(document: Document) -> Iterator[str]:
    updated = document.updated.moment
    updates = [item.updated.moment for item in document.items if item.updated.moment]
    if updated and updates and updated < max(updates):
        yield "says it was last updated before one of its items was"


def _tombstones(document: Document) -> Iterator[str]:
    """RFC 6721: a deleted entry has an id and a date."""
    ids = {item.id for item in document.items}
    for tombstone in document.tombstones:
        ref, when = tombstone.ref, tombstone.when
        if not ref or when.moment is None:
            yield f"has a tombstone without an id or a date: {ref or 'none'}, {when.text or 'none'}"
        if ref in ids:
            yield f"has a tombstone of an item that it still has: {ref}"


def _archive_links(document: Document) -> Iterator[str]:
    """RFC 5005, 4."""
    links = document.links
    if document.is_archive and not is_absolute(links.current):
        yield "is an archive and does not name the feed that it belongs to (rel=current)"
    if links.current and not document.is_archive:
        yield "names a current feed (rel=current) and does not say that it is an archive (fh:archive)"
    if links.previous and not is_absolute(links.previous):
        yield f"names an archive by no absolute address: {links.previous}"


FEED_RULES: tuple[Callable[[Document], Iterator[str]], ...] = (
    _required_elements, _feed_language, _self_link, _hubs, _has_items, _order, _updated, _tombstones, _archive_links,
)  # fmt: skip


# ------------------------------------------------------------ of an item


def _item_id(item: Item) -> Iterator[str]:
    if not item.id:
        yield "has no id"
    if len(item.id) > LONGEST_ID:
        yield f"has an id of more than {LONGEST_ID} characters"


def _item_title(item: Item) -> Iterator[str]:
    tidy = " ".join(item.title.split())
    if not tidy:
        yield "has no title"
    elif item.title != tidy or INVISIBLE.search(item.title):
        yield "has a title with stray spaces, line breaks or invisible characters"
    yield from (f"has a title that {message}" for message in direction_rules(item.title))


def _dates(item: Item) -> Iterator[str]:
    published, updated = item.published, item.updated
    yield from _date("date of publication", published, is_required=True)
    yield from _date("date of update", updated, is_required=item.format == "Atom")
    if published.moment and updated.moment and updated.moment < published.moment:
        yield "was updated before it was published"


def _date(name: str, date: Timestamp, *, is_required: bool) -> Iterator[str]:
    if date.text and date.moment is None:
        yield f"has a {name} that is none: {date.text}"
    elif is_required and not date.text:
        yield f"has no {name}"


def _item_link(item: Item) -> Iterator[str]:
    if len(item.links) != 1 or not is_absolute(item.links[0]):
        yield f"needs one absolute, ASCII link, and has {', '.join(item.links) or 'none'}"


def _linked_html(item: Item, block: int) -> Iterator[str]:
    """The council's terms: its link is in the first blocks of everything that carries its text."""
    for text in item.html:
        yield from (f"{text.element} {message}" for message in html_rules(text.words, item.link, block))


def _plain_texts(item: Item) -> Iterator[str]:
    for text in item.plain:
        if text.words and item.link not in text.words:
            yield f"{text.element} holds the article's text without the address of its source"


def _enclosures(item: Item) -> Iterator[str]:
    for enclosure in item.enclosures:
        is_length = POSITIVE.fullmatch(enclosure.length)
        if not (is_absolute(enclosure.url) and "/" in enclosure.type and is_length):
            yield f"has an enclosure without absolute address, type or length: {enclosure.url}"
    if item.format == "RSS" and len(item.enclosures) > 1:
        yield "has more than one enclosure"


def _pictures(item: Item) -> Iterator[str]:
    yield from filter(None, map(picture_problem, item.pictures))
