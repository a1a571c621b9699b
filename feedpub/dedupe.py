"""What is the same, what is news, what is due for another look; gives an article its identity. Pure.

The state is handed in, as far as a decision needs it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import chain, count

from feedpub import address
from feedpub.model import Article, Source, Stored, Verdict, Visit

REPOST_WINDOW = timedelta(days=30)  # the same greeting a year later is another greeting
SETTLED = timedelta(days=14)  # councils seldom edit an article after that
FIRST_LOOK = timedelta(hours=1)  # after publication; the next ones come at ever longer intervals
LAST_LOOK = timedelta(days=1)  # between two attempts at a page that fails and fails
PATIENCE = 3  # failures in a row until a page is asked for less often
GONE_OR_REFUSED = {401, 403, 404, 410, 451}
LONGEST_PATH = 500  # characters of an address in an id; FreshRSS keeps 767 of the whole
MINTED = "2026"  # RFC 4151: a tag holds the date on which it was made up; this one never moves


def keys(article: Article, source: Source) -> tuple[str, ...]:
    """The comparing keys of all addresses of an article, the surest first.

    The council's own host is not in them: when it moves, its articles are the
    same.
    """
    return tuple(dict.fromkeys(key(u, source) for u in (*article.addresses, article.url)))


def key(url: str, source: Source) -> str:
    return address.key(url).removeprefix(address.host(source.home))


def judge(article: Article, here: Stored | None, alike: Iterable[Stored]) -> tuple[Verdict, Stored | None]:
    """What an article is to us, and the item that it is, if it is one that we have.

    ``here`` is what we have at its addresses, ``alike`` those with its
    text_key. The same words under another address within the window are the
    same news posted again; anything that differs in a letter or a digit is
    other news, for to lose news is worse than to repeat it. A repost's own
    page never changes the item that it repeats: the two would take turns.
    An alias that the council gave to another page names that page now.
    """
    if here is not None and _is_page_of(article, here.article):
        same = article.fingerprint == here.article.fingerprint
        return (Verdict.UNCHANGED if same else Verdict.CHANGED), here
    for other in sorted(alike, key=lambda s: (s.date, s.id)):
        if article.published is None or abs(article.published - other.date) <= REPOST_WINDOW:
            return Verdict.DUPLICATE, other
    return Verdict.NEW, None


def authority(source: Source) -> str:
    """The domain for a source's tags, to be remembered: a council may move, its items' ids may not."""
    return address.host(source.home)


def identity(article: Article, source: Source, domain: str, is_taken: Callable[[str], bool]) -> str:
    """The article's id, for good: a tag URI (RFC 4151) of the council's domain, the source and the page's number.

    Nothing in it can be edited (no title, no date) or reconfigured (no
    scheme, no address of ours), so a state that was lost and is built again
    gives the same. ``domain`` is the source's authority, ``is_taken`` tells
    ids that other items have: an alias may be given to another article one day.
    """
    paths = list(dict.fromkeys(address.path_key(u) or "~" for u in (*article.addresses, article.url)))
    candidates = chain(paths, (f"{paths[0]}~{n}" for n in count(2)))
    return next(made for path in candidates if not is_taken(made := _tag(source, domain, path)))


def feed_identity(source: Source, domain: str) -> str:
    return _tag(source, domain, "")


def is_due(visit: Visit, born: datetime, now: datetime) -> bool:
    """Whether to look again at an article's page that went well: it is young enough to be edited still.

    ``born`` is the date of the item that stands there. The intervals grow with
    its age (an hour after the first hour, a day after the first day), so a
    correction comes soon and an old article costs nothing.
    """
    if visit.asked is None or now - born > SETTLED:
        return False
    return now - visit.asked >= max(FIRST_LOOK, visit.asked - born)


def oldest_first(pending: Sequence[tuple[int, Visit]]) -> list[Visit]:
    """The visits in the order of publication, whatever the order of listing (rank 0 is the newest).

    Of an article and its repost the older one thus gets its id first, in a
    rebuilt state as in the lost one.
    """
    return [visit for _, visit in sorted(pending, key=lambda p: -p[0])]


def is_due_after_failure(visit: Visit, now: datetime) -> bool:
    """Whether to ask once more for what failed: at once for a while, then ever less, at last once a day."""
    if visit.asked is None or visit.failures <= PATIENCE:
        return True
    doublings = min(visit.failures - PATIENCE - 1, 10)
    return now - visit.asked >= min(FIRST_LOOK * (1 << doublings), LAST_LOOK)


def is_given_up(visit: Visit) -> bool:
    """Whether a failure is the council's own decision and needs no mending: the page is gone, or not for us.

    A page never read is told of a few times first: its link may be misread.
    """
    return visit.status in GONE_OR_REFUSED and (visit.failures > PATIENCE or visit.item is not None)


def _is_page_of(article: Article, known: Article) -> bool:
    """Whether the two were read off one page: an address in common, and no number that says otherwise."""
    one, other = _paths(article), _paths(known)
    numbers, known_numbers = [{p for p, is_number in paths.items() if is_number} for paths in (one, other)]
    return bool(one.keys() & other.keys()) and not (numbers and known_numbers and not numbers & known_numbers)


def _paths(article: Article) -> dict[str, bool]:
    """The article's addresses without their host, each with whether it is a number."""
    return {address.path_key(u): address.is_numbered(u) for u in (*article.addresses, article.url)}


def _tag(source: Source, domain: str, path: str) -> str:
    if len(path) > LONGEST_PATH:
        path = hashlib.sha256(path.encode()).hexdigest()[:32]
    return f"tag:{domain},{MINTED}:{source.id}/{path}".rstrip("/")
