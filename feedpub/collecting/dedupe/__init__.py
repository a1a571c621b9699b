"""What is the same, what is news, what is due for another look; gives an article its identity. Pure.

The state is handed in, as far as a decision needs it. ``likeness`` tells
reposts, ``schedule`` says when to look again, ``brake`` when to stop.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta
from itertools import chain, count
from typing import TYPE_CHECKING

from feedpub import address
from feedpub.collecting.dedupe.schedule import (
    GONE,
    LOOKS,
    PATIENCE,
    REFUSED,
    is_due_after_brake,
    is_due_after_failure,
    is_given_up,
    is_gone,
    is_said_already,
    next_look,
    not_before,
    oldest_first,
)
from feedpub.model import Source, Verdict

if TYPE_CHECKING:
    from feedpub.content import Article, Stored
    from feedpub.dictionary import Dictionary

__all__ = [
    "GONE", "LOOKS", "PATIENCE", "REFUSED", "authority", "candidates", "dictionary",
    "feed_identity", "forms", "hosts", "identity", "is_due_after_brake", "is_due_after_failure", "is_given_up",
    "is_gone", "is_said_already", "is_withdrawn", "judge", "key", "keys", "next_look", "not_before", "oldest_first",
]  # fmt: skip

# likeness and words are imported where they are needed; see the pipeline.

LONGEST_PATH = 500  # characters of an address in an id; FreshRSS keeps 767 of the whole
REUSED_AFTER = timedelta(days=1)  # between two articles that stand on one page one after the other
ALIKE = 0.3  # of the words that two texts have in common; an edit keeps more
MINTED = "2026"  # RFC 4151: a tag holds the date on which it was made up; this one never moves


def keys(article: Article, source: Source) -> tuple[str, ...]:
    """The comparing keys of all addresses of an article, the surest first.

    The council's own host is not in them: when it moves, its articles are the
    same.
    """
    return tuple(dict.fromkeys(key(u, source) for u in (*article.addresses, article.url)))


def key(url: str, source: Source) -> str:
    found = address.key(url)
    if address.host(url) not in hosts(source):
        return found
    return f"/{found.partition('/')[2]}"


def hosts(source: Source) -> tuple[str, ...]:
    """The council's own hosts: today's, then those that it had, the oldest first."""
    return tuple(dict.fromkeys(address.host(u) or u for u in (source.home, *source.formerly)))


def judge(
    article: Article, here: Iterable[Stored], alike: Iterable[Stored], dictionary: Dictionary, now: datetime,
    repeats: Stored | None = None,
) -> tuple[Verdict, Stored | None]:  # fmt: skip
    """What an article is to us, and the item that it is, if it is one that we have.

    ``here`` is what we have at its addresses, ``alike`` what might be the same
    words elsewhere; ``repeats`` is the item that its page, where it still
    reads as it did, was last taken for: a repost stays one though the
    original has been edited since. The same words under another address within the window
    are the same news posted again (see ``likeness``). A repost's own page
    never changes the item that it repeats: the two would take turns. An alias
    that the council gave to another page names that page now. What was
    withdrawn for good stays so, whenever it is posted again.
    """
    from feedpub.collecting.dedupe.likeness import may_repeat, repost

    for known in here:
        if _is_page_of(article, known.article) and not _is_other_news(article, known):
            same = article.fingerprint == known.article.fingerprint
            same = same if known.is_read else _is_titled(article, known.article)
            return (Verdict.UNCHANGED if same else Verdict.CHANGED), known
    if repeats is not None:
        return _again(repeats), repeats
    for other in sorted(alike, key=lambda s: (s.date, s.id)):
        if may_repeat(article, other) and repost(article, other, dictionary, now).same:
            return _again(other), other
    return Verdict.NEW, None


def _again(known: Stored) -> Verdict:
    return Verdict.WITHDRAWN if known.gone and known.gone.is_final else Verdict.DUPLICATE


def dictionary(language: str) -> Dictionary:
    """What to ask about a word of this language (BCP 47)."""
    from feedpub.dictionary import dictionary

    return dictionary(language)


def forms(word: str, language: str) -> frozenset[str]:
    """A word in all its forms, as the dictionary of a language (BCP 47) has them."""
    from feedpub.dictionary import forms

    return forms(word, language)


def authority(source: Source) -> str:
    """The domain for a source's tags, to be remembered: a council may move, its items' ids may not."""
    return hosts(source)[1] if source.formerly else hosts(source)[0]


def identity(article: Article, source: Source, domain: str, is_taken: Callable[[str], bool]) -> str:
    """The article's id, for good: a tag URI (RFC 4151) of the council's domain, the source and the page's number.

    Nothing in it can be edited (no title, no date) or reconfigured (no
    scheme, no address of ours), so a state that was lost and is built again
    gives the same. ``domain`` is the source's authority, ``is_taken`` tells
    ids that other items have: an alias may be given to another article one day.
    """
    first, *others = candidates(article, source, domain)
    made = chain((first, *others), (f"{first}~{n}" for n in count(2)))
    return next(i for i in made if not is_taken(i))


def feed_identity(source: Source, domain: str, part: str = "") -> str:
    """The id of a source's feed, or of a part of it. An item's goes on after a slash, a part's after a ``?``."""
    return _tag(source, domain, "") + (f"?{part}" if part else "")


def is_withdrawn(article: Article, known: Stored, keys: Iterable[str], ids: Collection[str], source: Source) -> bool:
    """Whether an article stands at an address of an item that was taken out for good.

    ``keys`` are those of that item, its reposts' among them, ``ids`` what the
    article might be called. An alias alone tells nothing where both have
    numbers, and not the same.
    """
    if known.gone is None or not known.gone.is_final:
        return False
    if known.id in ids:
        return True
    numbered = {key(u, source) for u in article.addresses if address.is_numbered(u)}
    wanted = numbered or {key(u, source) for u in (*article.addresses, article.url)}
    return bool(wanted & set(keys))


def candidates(article: Article, source: Source, domain: str) -> list[str]:
    """The ids that the article may have been given, the likeliest first."""
    paths = dict.fromkeys(address.path_key(u) or "~" for u in (*article.addresses, article.url))
    return [_tag(source, domain, path) for path in paths]


def _is_other_news(article: Article, known: Stored) -> bool:
    """Whether an old page holds another article now: later, of another title, and of other words for the most part.

    Not where the page has a number: that is the article's own, whatever
    becomes of it, and it is withdrawn with its page.
    """
    before, after = known.article.published, article.published
    if not known.is_read or before is None or after is None or after - before <= REUSED_AFTER:
        return False
    if any(address.is_numbered(u) for u in article.addresses):
        return False
    words, others = set(article.text.split()), set(known.article.text.split())
    alike = len(words & others) / (len(words | others) or 1)
    return not _is_titled(article, known.article) and alike < ALIKE


def _is_titled(article: Article, known: Article) -> bool:
    from feedpub import text

    return text.skeleton(article.title) == text.skeleton(known.title)


def _is_page_of(article: Article, known: Article) -> bool:
    """Whether the two were read off one page: an address in common, and no number that says otherwise.

    An address that both only call themselves, and at which neither was read,
    is no proof: some sites give one name to many pages.
    """
    one, other = _paths(article), _paths(known)
    numbers, known_numbers = [{p for p, is_number in paths.items() if is_number} for paths in (one, other)]
    if numbers and known_numbers:
        return bool(numbers & known_numbers)
    common = one.keys() & other.keys()
    own = {address.path_key(a.addresses[-1]) for a in (article, known) if a.addresses}
    return bool(common & (own | numbers | known_numbers))


def _paths(article: Article) -> dict[str, bool]:
    """The article's addresses without their host, each with whether it is a number."""
    return {address.path_key(u): address.is_numbered(u) for u in (*article.addresses, article.url)}


def _tag(source: Source, domain: str, path: str) -> str:
    if len(path) > LONGEST_PATH:
        path = hashlib.sha256(path.encode()).hexdigest()[:32]
    return f"tag:{domain},{MINTED}:{source.id}/{path}".rstrip("/")
