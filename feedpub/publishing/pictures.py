"""The pictures that pages show: small copies on our own host, each made once from the council's.

No page of ours loads anything from the council's server. ``plan`` brings what is wanted to what the newest items show.
``ask`` asks for what is due, after the feeds are out: no item waits for its pictures. ``clear`` removes the copies that
nothing shows any more. A copy is there before a page leads to it, and goes after the last page that does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from feedpub import address
from feedpub.content import Article, Problem, Stored, Thumbnail
from feedpub.council import Council
from feedpub.edges import Track, untracked
from feedpub.errors import Overtaken, Refused, Resting, SourceError
from feedpub.kinds import PICTURES, THUMBNAIL, kind_of, thumbnail_file
from feedpub.model import ITEM, OWN
from feedpub.publishing import shrinking, staleness
from feedpub.publishing.documents import Document, Target
from feedpub.publishing.gate import Gate
from feedpub.publishing.moved import with_copies
from feedpub.store.thumbnails import Waiting

MOST_OF_ITEM = 12  # pictures; further ones are linked
MOST_OF_RUN = 30  # pictures of a source that a run asks for
WAITS = (timedelta(days=1), timedelta(days=3))  # before a picture that did not come is asked for again, and once more
FAILING = 5  # pictures in a row that do not come, after which all wait for a day
ELSEWHERE = "is on {}, which is not the council's"
IS_ELSEWHERE = re.compile(ELSEWHERE.format("(.*)")).fullmatch
MOST_NAMED = 5  # hosts in one line
FORBIDDEN = "robots.txt forbids it"

T = TypeVar("T")


class Ask(Protocol):
    """Asks for a picture, and returns what is made of its bytes. Raises SourceError."""

    def __call__(self, url: str, use: Callable[[bytes], T], /) -> T: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of asking for pictures."""

    copies: int  # that were made
    notes: tuple[str, ...] = ()  # what the owner should know, once


def shown(article: Article) -> list[str]:
    """Return the addresses of the pictures that an item's pages show, the best first, each file once."""
    urls = (*(picture.url for picture in article.pictures), *article.srcs)
    first: dict[str, str] = {}
    for url in urls:
        first.setdefault(address.file_key(url), url)
    return list(first.values())[:MOST_OF_ITEM]


# ------------------------------------------------------------ what is wanted


def plan(council: Council, target: Target, now: datetime, *, is_anew: bool = False) -> tuple[str, ...]:
    """Bring the wanted pictures to what the newest items show. Return what the owner should know, once.

    The pages of items that lose or gain a picture by it become stale. ``is_anew``: look whether each copy is there.
    """
    with council.state.transaction():
        _miss_lost(council, target, now, is_anew=is_anew)
        return _plan_items(council, council.state.items.newest(target.thumbnails), now)


def _plan_items(council: Council, newest: Sequence[Stored], now: datetime) -> tuple[str, ...]:
    thumbnails = council.state.thumbnails
    known, before = thumbnails.wanted(), thumbnails.errors()
    changed: set[str] = set()
    for stored in newest:
        urls = shown(stored.article)
        here = known.pop(stored.id, set())
        stays = {url for url in here if url in urls and not _is_own_now(council, url, before)}
        for url in here - stays:
            thumbnails.forget(stored.id, url)
        for url in urls:
            if url not in stays:
                _want(council, stored.id, url, now)
        if here != set(urls):
            changed.add(stored.id)
    for item in known:
        thumbnails.forget_item(item)
    _make_stale(council, changed | known.keys())
    return _strange_hosts(council, before.values())


def _is_own_now(council: Council, url: str, errors: dict[str, str]) -> bool:
    """Whether a picture was not the council's by the configuration, and is now."""
    site = address.site(url)
    return errors.get(url) == ELSEWHERE.format(site) and site in council.own_hosts


def _want(council: Council, item: str, url: str, now: datetime) -> None:
    site = address.site(url)
    if site in council.own_hosts:
        council.state.thumbnails.want(item, url, now)
    else:
        council.state.thumbnails.want(item, url, None, ELSEWHERE.format(site))


def _strange_hosts(council: Council, before: Iterable[str]) -> tuple[str, ...]:
    """Return a line about hosts of pictures that nobody asks, the first time that there is one."""
    if any(map(IS_ELSEWHERE, before)):
        return ()
    matches = map(IS_ELSEWHERE, council.state.thumbnails.errors().values())
    hosts = sorted({match[1] for match in matches if match})
    if not hosts:
        return ()
    named, more = ", ".join(hosts[:MOST_NAMED]), ", …" if len(hosts) > MOST_NAMED else ""
    line = (
        f"{council.id}: pictures of its items are on hosts that are not the council's by the configuration:"
        f" {named}{more}. Pages link them and show none. If one is the council's, name it in hosts"
    )
    return (line,)


def _miss_lost(council: Council, target: Target, now: datetime, *, is_anew: bool) -> None:
    """Have those pictures asked for again whose copies are not in the folder, if it is not as it was left."""
    if not is_anew and not staleness.are_pictures_moved(council, target):
        return
    thumbnails = council.state.thumbnails
    lost = thumbnails.files() - _files_there(council, target)
    if lost:
        items = thumbnails.items_of(lost)
        thumbnails.lose(lost, now)
        _make_stale(council, items)


def _make_stale(council: Council, items: Iterable[str]) -> None:
    """Have the pages written again on which these items' pictures are."""
    names = [ITEM + item for item in items]
    if names:
        council.state.collections.put_stale(names)
        council.state.collections.drop_document(staleness.PAGES)


# ------------------------------------------------------------ what is asked for


def ask(council: Council, target: Target, fetch: Ask, now: datetime, track: Track = untracked) -> Asked:
    """Ask for pictures that are due, and put their small copies into the folder.

    A picture that cannot be had is no failure of the run. Raises PublishError where nothing can be written.
    """
    state = council.state
    waiting = state.thumbnails.due(now, MOST_OF_RUN) if _is_time(council) else []
    before = set(state.thumbnails.errors().values()) if waiting else set()
    copies = in_a_row = 0
    for picture in track(waiting, council.source, "pictures") if waiting else ():
        try:
            is_there = _ask_one(council, target, fetch, picture, now)
        except Resting:  # it was not asked for: a later run goes on
            break
        copies += is_there
        in_a_row = 0 if is_there else in_a_row + 1
        if in_a_row == FAILING:
            state.thumbnails.put_off(now, now + WAITS[0])
            break
    is_forbidden = FORBIDDEN in state.thumbnails.errors().values() and FORBIDDEN not in before if waiting else False
    note = f"{council.id}: the site's robots.txt forbids its pictures. Pages link them and show none"
    return Asked(copies, (note,) if is_forbidden else ())


def _is_time(council: Council) -> bool:
    """Whether pictures may be asked for: the news are out, and nothing about them is odd."""
    is_out = OWN in council.state.collections.published()
    return is_out and not council.is_held and shrinking.is_available()


def _ask_one(council: Council, target: Target, fetch: Ask, picture: Waiting, now: datetime) -> bool:
    """Ask for one picture. Return whether its copy is there. Raises Resting and PublishError."""
    try:
        small = fetch(picture.url, shrinking.small_copy)
    except Resting:
        raise
    except SourceError as error:
        _note_failure(council, picture, error, now)
        return False
    except shrinking.Unusable as error:  # it would be the same the next time
        council.state.thumbnails.put_failure(picture.url, str(error), None)
        return False
    copy = Thumbnail(thumbnail_file(small.data), small.width, small.height)
    problems = _publish(council, target, Document(f"{council.id}/{copy.file}", small.data, THUMBNAIL), now)
    if problems:
        council.state.thumbnails.put_failure(picture.url, problems[0].rule, None)
        return False
    with council.state.transaction():
        council.state.thumbnails.put_copy(picture.url, copy)
        _make_stale(council, council.state.thumbnails.items_with(picture.url))
        staleness.note_pictures(council, target)
    return True


def _note_failure(council: Council, picture: Waiting, error: SourceError, now: datetime) -> None:
    is_forbidden = isinstance(error, Refused) and error.status is None
    is_lasting = is_forbidden or picture.failures >= len(WAITS)
    due = None if is_lasting else now + WAITS[picture.failures]
    council.state.thumbnails.put_failure(picture.url, FORBIDDEN if is_forbidden else error.reason, due)


def _publish(council: Council, target: Target, document: Document, now: datetime) -> list[Problem]:
    """Put a copy into the folder. Return why it is not there. Raises PublishError."""
    gate = Gate(with_copies(target, council), council.state.store, now)
    try:
        gate.write([document], council.source.terms.block)
    except Overtaken:  # as in ``emit``
        council.state.put_facts(replace(council.facts, is_restored=True))
        raise
    gate.require_writable()
    return [problem for _, problem in gate.problems]


# ------------------------------------------------------------ what is removed


def clear(council: Council, target: Target, gate: Gate) -> None:
    """Remove the copies that nothing shows any more, once no page that leads to them is left.

    While items wait to be read again after a state was lost, their old pages stay, and so do all copies.
    """
    is_every_page_written = not council.state.collections.stale_items() and not staleness.are_pages_due(council, target)
    if not is_every_page_written or council.lost:
        return
    unused = _files_there(council, target) - council.state.thumbnails.files()
    gate.remove([f"{council.id}/{file}" for file in sorted(unused)])


def _files_there(council: Council, target: Target) -> set[str]:
    names = target.publish.names(f"{council.id}/{PICTURES.rstrip('/')}")
    return {name.removeprefix(f"{council.id}/") for name in names if kind_of(name) is THUMBNAIL}
