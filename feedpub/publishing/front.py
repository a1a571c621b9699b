"""What speaks of all sources: their page, and the list of their feeds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from feedpub.council import Council
from feedpub.kinds import OUTLINE, PAGE, Part, kinds_in
from feedpub.model import OWN
from feedpub.publishing import staleness
from feedpub.publishing.documents import Document, Press, Target, health
from feedpub.publishing.placing import hashed
from feedpub.store import State

ALL = ""  # stands for all sources together where one's id would
BLOCK = 2  # of these no source's terms ask anything else


def is_due(councils: Sequence[Council], target: Target) -> bool:
    """Whether one of the sources has files, and anything that is said of them has changed."""
    has_files = any(c.state.collections.published() for c in councils)
    return has_files and _all(councils).collections.published().get(staleness.PAGES) != _front_fingerprint(
        councils, target
    )


def front_documents(presses: Sequence[Press]) -> Iterator[Document]:
    from feedpub.publishing import page
    from feedpub.publishing.page.strings import Words
    from feedpub.publishing.render import opml

    title = Words(presses[0].council.source.language).councils
    offered = [(p.council.source, p.offers()) for p in presses if OWN in p.published]
    yield Document(OUTLINE.name, opml.outline(title, offered), OUTLINE)
    yield Document(PAGE.name, page.front_page([p.shown() for p in presses]), PAGE)


def note_written(councils: Sequence[Council], target: Target) -> None:
    _all(councils).collections.put_document(staleness.PAGES, _front_fingerprint(councils, target))


def _all(councils: Sequence[Council]) -> State:
    return councils[0].state.store.of(ALL)


def _front_fingerprint(councils: Sequence[Council], target: Target) -> str:
    shown = [(c.source, c.facts.revision, health(c), staleness.published_names(c)) for c in councils]
    files = target.publish.fingerprints(kind.name for kind in kinds_in(Part.FRONT))
    return hashed(shown, target.base_url, target.version, files)
