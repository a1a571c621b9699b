"""Items that readers would lose though nothing says why. The document that lacks them is held back.

An item may leave a document for four reasons. It was withdrawn, and has a tombstone. It waits to be read again. It
is in another month of the archive. It is older than the items that its feed shows, and is in the archive.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from feedpub.content import Problem
from feedpub.council import Council
from feedpub.errors import PublishError
from feedpub.kinds import DUMP, JSON_FEED
from feedpub.model import ARCHIVE, OWN
from feedpub.publishing.documents import Document, Press, Target
from feedpub.publishing.marking import Mark, sign_of


def unexplained(press: Press, name: str, documents: Sequence[Document], mark: Mark) -> list[Problem]:
    """Return a problem for each item that the published document has and the new one lacks without a reason.

    No documents: the published one is to be removed. ``mark`` tells which ids are feedpub's own: another one comes
    from a hand or a bit in the published file, and the new document mends it. Feeds of a topic or a category lose
    items whenever these change, so they may.
    """
    is_own = name == OWN
    if not mark.items or not (is_own or name.startswith(ARCHIVE)):
        return []
    kind = JSON_FEED if is_own else DUMP
    file = next(f for f in press.files(name) if f.endswith(f"/{kind.name}"))
    data = next((d.data for d in documents if d.name == file), b"")
    before = _published(press.target, file)
    if before is None or before == data or (is_own and not documents):
        return []
    from feedpub.publishing.check import item_ids

    kept = item_ids(data, kind)
    left = set(item_ids(before, kind)) - set(kept)
    if not left:  # as after most changes; the mark has a sign for each item ever published
        return []
    signs = mark.signs()
    own = [item for item in sorted(left) if sign_of(item) in signs]
    return list(_problems(press.council, name, own, _oldest(press.council, kept)))


def _published(target: Target, file: str) -> bytes | None:
    """Return what readers have; None where there is nothing that can be read."""
    try:
        return target.publish.read(file)
    except PublishError:  # whoever writes it says so
        return None


def _oldest(council: Council, ids: Sequence[str]) -> datetime | None:
    dates = [item.date for item in map(council.state.items.get, ids) if item]
    return min(dates, default=None)


def _problems(council: Council, name: str, ids: Sequence[str], oldest: datetime | None) -> Iterator[Problem]:
    for item_id in ids:
        reason = _reason(council, name, item_id, oldest)
        if reason:
            yield Problem(item_id, f"would be lost: {reason}")


def _reason(council: Council, name: str, item_id: str, oldest: datetime | None) -> str | None:
    """Return why an item may not leave a document; None where it may. ``oldest`` is the date of the last that stays."""
    item = council.state.items.get(item_id)
    if item is None:
        return "the state does not know it; `feedpub recover` takes it over, and to let it go, delete this file"
    if item.gone or not item.is_read:
        return None
    months = {place for place in council.state.collections.places(item_id) if place.startswith(ARCHIVE)}
    if not months:
        return "it is in no month of the archive; please report this as a bug"
    is_shown = name in months or (name == OWN and oldest is not None and item.date > oldest)
    return "it belongs there, and the new file lacks it; please report this as a bug" if is_shown else None
