"""Which collections of a source have files, and which files these are, by their names in its folder."""

from __future__ import annotations

import re

from feedpub.council import Council
from feedpub.edges import Publish
from feedpub.kinds import OUTLINE, PAGE, THIRDS, Part, kinds_in, rendered_in
from feedpub.model import ARCHIVE, CATEGORY, LEAST_OF_CATEGORY, OWN, PRESS, TOPIC, Collection

TEXT = "text/"  # the folder of what holds no pictures
COLLECTION_FILE = re.compile(r"[^/]+/((?:archive|category|feed)/[^/]+)/")


def with_documents(council: Council, publish: Publish) -> list[Collection]:
    """Return the collections that have documents: all with items, but for categories that had one item only so far.

    A configured topic has them before its first item: people subscribe to what is still to come.
    """
    named = [*council.state.collections.named(), *empty_topics(council)]
    single = {c.name for c in named if c.name.startswith(CATEGORY) and c.items < LEAST_OF_CATEGORY}
    if single:
        single -= council.state.collections.published().keys()
        single -= in_folder(council, publish) if single else set()
    return [c for c in named if c.name not in single]


def empty_topics(council: Council) -> list[Collection]:
    """Return the configured topics that no item has.

    While the brake stops a source, its files stay as they were. A topic that is configured meanwhile waits.
    """
    having = {c.name for c in council.state.collections.named()}
    topics = [Collection(TOPIC + topic.id, topic.title, 0) for topic in council.source.topics]
    empty = [topic for topic in topics if topic.name not in having]
    known = council.state.collections.published() if empty and council.is_held else None
    return empty if known is None else [topic for topic in empty if topic.name in known]


def in_folder(council: Council, publish: Publish) -> set[str]:
    """Return the collections that have files, also those that a lost state has published."""
    matches = (COLLECTION_FILE.match(name) for name in publish.names(council.id))
    return {match[1] for match in matches if match}


def files(name: str) -> list[str]:
    """Return the files of a collection, or of the source's own feed, in the source's folder."""
    if name == OWN:
        without_pictures = [f"{TEXT}{kind.name}" for kind in rendered_in(Part.TEXT)]
        return without_pictures + [kind.name for kind in rendered_in(Part.SOURCE)]
    if name.startswith(ARCHIVE):
        texts = [f"{TEXT}{name}/{file}" for file in _text_month_files()]
        return texts + [f"{name}/{kind.name}" for kind in kinds_in(Part.MONTH)]
    without_pictures = [f"{TEXT}{name}/{kind.name}" for kind in kinds_in(Part.TEXT_COLLECTION)]
    return without_pictures + [f"{name}/{kind.name}" for kind in kinds_in(Part.COLLECTION)]


def _text_month_files() -> list[str]:
    names = [kind.name for kind in kinds_in(Part.TEXT_MONTH)]
    return [f"{third}/{name}" for third in THIRDS for name in names] + names


def page_files() -> list[str]:
    """Return the files of the source's pages, in its folder: those that are made from all of its items."""
    archive = [f"{ARCHIVE}{kind.name}" for kind in kinds_in(Part.ARCHIVE)]
    texts = [f"{TEXT}{ARCHIVE}{kind.name}" for kind in kinds_in(Part.TEXT_ARCHIVE)]
    return [PAGE.name, f"{TEXT}{PAGE.name}", f"{TEXT}{OUTLINE.name}", *texts, *archive]


def press_files() -> list[str]:
    """Return the files for the council's press officer, in the source's folder."""
    return [f"{PRESS}{kind.name}" for kind in kinds_in(Part.PRESS)]
