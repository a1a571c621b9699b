"""What an article is to us: new, changed, a repost, withdrawn; and its item as it is from now on. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from feedpub import address, text
from feedpub.collecting.dedupe.findings import Change, Weighed
from feedpub.collecting.dedupe.fingerprint import article_fingerprint
from feedpub.collecting.dedupe.likeness import may_repeat, repost, timeliness
from feedpub.content import Article, Stored
from feedpub.dictionary import Dictionary
from feedpub.model import Verdict

REUSED_AFTER = timedelta(days=1)  # between two articles that stand on one page one after the other
UNREAD_PAGE = "its page could not be read"  # the doubt about the date of what only its listing says
ALIKE = 0.3  # of the words that two texts have in common; an edit keeps more
MOSTLY = 0.8  # of the words in common make a text the same
ALIKE_AGAIN = 0.6  # where the page was gone, or the title is quite another: reports of two months share more than ALIKE
HALF, MOST = 0.5, 0.75  # of the words of two titles in common; where only titles and dates are known, it must be most
WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the state knows of an article that was read, as far as a decision needs it."""

    here: tuple[Stored, ...]  # the items at its addresses, and lost or withdrawn ones with an id that these would give
    alike: tuple[Stored, ...]  # items that might hold the same words elsewhere
    repeats: Stored | None  # the item that its page was taken for a repost of, and still is
    keys: Mapping[str, tuple[str, ...]]  # of those here: every comparing key, by id
    read_by: Mapping[str, str | None]  # of those here: the layout that read it last, by id; None: not written down
    candidate_ids: tuple[str, ...]  # the ids that it may have been given, the likeliest first
    free_id: str  # the first of these, or one made of it, that no item has
    hosts: tuple[str, ...]  # the council's own
    asked: str  # the address that was asked for
    layout: str  # a fingerprint of the layout that it was read by
    shows_ages: bool  # the site dates articles by how long ago they came
    dictionary: Dictionary
    zone: ZoneInfo
    moved: Stored | None = None  # the item that is proven to have come to its address from another one
    is_redating: bool = False  # an operator has its date read again
    gone_since: datetime | None = None  # when the page that was asked for was gone, until now; None: it was there


@dataclass(frozen=True, slots=True)
class Decision:
    """What an article is to us, and what follows from it."""

    verdict: Verdict
    item: Stored  # as it is from now on
    change: Change | None  # for the brake to weigh; None: a repost, or withdrawn
    is_written: bool  # whether the item differs from what is stored
    displaced: tuple[tuple[str, str], ...] = ()  # items whose alias went over to this one: their number's address, id
    dated: datetime | None = None  # the council's date that the item had before; None: none, or it is new
    has_date: bool = False  # the article as it is now has one


def decide(article: Article, evidence: Evidence, now: datetime) -> Decision:
    """Decide what an article is to us."""
    verdict, known = judge(article, evidence, now)
    if known is None:
        item = Stored(evidence.free_id, article, now, article.published or now)
        change = Change(Verdict.NEW, Weighed.read(article, Verdict.NEW), None)
        return Decision(verdict, item, change, is_written=True, displaced=_displaced(item, evidence))
    if known.is_out_for_good:
        return Decision(Verdict.WITHDRAWN, known, None, is_written=False)
    if verdict is Verdict.DUPLICATE and known.gone is None:
        return Decision(verdict, known, None, is_written=False)
    is_read_otherwise = evidence.read_by.get(known.id) not in (evidence.layout, None)
    if verdict is Verdict.CHANGED and is_read_otherwise:
        verdict = Verdict.UNCHANGED  # another way of reading is no edit, and no reader is to hear of it
    item = replace(known, article=_with_lasting_parts(article, known), gone=None, is_read=True)
    if evidence.is_redating and article.published:
        item = dated_again(known, replace(item, article=replace(item.article, published=article.published, doubt=None)))
    if verdict is Verdict.CHANGED:
        item = replace(item, updated=max(now, known.updated))
    weighed = _for_brake(Weighed.read(article, verdict), known, evidence)
    change = Change(verdict, weighed, Weighed.read(known.article, verdict))
    return Decision(
        verdict, item, change, is_written=item != known, displaced=_displaced(item, evidence),
        dated=known.article.published, has_date=article.published is not None,
    )  # fmt: skip


def dated_again(known: Stored, item: Stored) -> Stored:
    """Return an item with a corrected date, given what was known of it, with the instant of its last update.

    It was not edited, so no reader is to hear of it. What was never edited counts as updated when it was published (RFC
    4287, 4.2.15: a change is significant if the publisher wants readers to notice it). An edit keeps its instant.
    """
    was_edited = known.updated > known.date
    return replace(item, updated=max(known.updated, item.date) if was_edited else item.date)


def _for_brake(weighed: Weighed, known: Stored, evidence: Evidence) -> Weighed:
    if evidence.shows_ages or evidence.is_redating:
        return replace(weighed, published=None)  # ages drift by themselves; a person wants other dates
    before = known.article.published
    if before and weighed.published and _is_time_left_out(before, weighed.published, evidence.zone):
        return replace(weighed, published=before)
    return weighed


def _is_time_left_out(one: datetime, other: datetime, zone: ZoneInfo) -> bool:
    """Whether two dates are of one day, and one of them has no time: the site shows the day alone, or did before."""
    local = [instant.astimezone(zone) for instant in (one, other)]
    return local[0].date() == local[1].date() and time() in (local[0].time(), local[1].time())


def _with_lasting_parts(article: Article, known: Stored) -> Article:
    """Return an article as it is read now, with what never moves: its date, and its words where only a counter has."""
    before = known.article
    if before.doubt == UNREAD_PAGE:  # its date is when it was first seen; the page knows better
        return article
    if not known.is_read:
        return replace(article, published=before.published if article.published else None)
    if article_fingerprint(article) == article_fingerprint(before) and article.text != before.text:
        return replace(before, url=article.url, addresses=article.addresses)
    return replace(article, published=before.published, doubt=before.doubt)


def _displaced(item: Stored, evidence: Evidence) -> tuple[tuple[str, str], ...]:
    """Return the items whose alias went over to this one: each is to be looked at where it has its number."""
    asked = address.local_key(evidence.asked, evidence.hosts)
    displaced = []
    for other in evidence.here:
        number = next(filter(address.is_numbered, other.article.addresses), None)
        had_it = address.local_key(other.article.url, evidence.hosts) == asked
        if had_it and other.id != item.id and other.gone is None and number:
            displaced.append((number, other.id))
    return tuple(displaced)


# ------------------------------------------------------------ which item it is


def judge(article: Article, evidence: Evidence, now: datetime) -> tuple[Verdict, Stored | None]:
    """Return what an article is to us, and the item that it is; None: it is a new one.

    A page that was taken for a repost, and reads as it did, stays one though
    the original has been edited since. The same words under another address
    within the window are the same news posted again (see ``likeness``). A
    repost's own page never changes the item that it repeats: the two would
    take turns. An alias that the council gave to another page names that page
    now. Anything withdrawn for good stays so, whenever it is posted again.
    """
    own = _own_item(article, evidence)
    if own is None or own.gone:
        for known in evidence.here:
            if _is_withdrawn(article, known, evidence):
                return Verdict.WITHDRAWN, known
    if evidence.moved:
        return _edited(article, evidence.moved), evidence.moved
    if own:
        return _edited(article, own), own
    if evidence.repeats is not None and not _is_timely(article, evidence, now):
        return _repeated(evidence.repeats), evidence.repeats
    for other in sorted(evidence.alike, key=lambda s: (s.date, s.id)):
        if may_repeat(article, other) and repost(article, other, evidence.dictionary, now, evidence.zone).same:
            return _repeated(other), other
    return Verdict.NEW, None


def _own_item(article: Article, evidence: Evidence) -> Stored | None:
    """Return the item whose page an article was read off. One that is published has it before one that is gone."""
    for known in sorted(evidence.here, key=lambda item: item.gone is not None):
        if is_page_of(article, known.article) and not _is_other_news(article, known, evidence):
            return known
    return None


def _is_timely(article: Article, evidence: Evidence, now: datetime) -> bool:
    """Whether an earlier version took an article for a repost, though its words mean another day than the item's."""
    known = evidence.repeats
    if known is None or known.is_out_for_good or article.published is None:
        return False
    return timeliness(article, known, now, evidence.zone) is not None


def _repeated(known: Stored) -> Verdict:
    return Verdict.WITHDRAWN if known.is_out_for_good else Verdict.DUPLICATE


def _edited(article: Article, known: Stored) -> Verdict:
    return Verdict.UNCHANGED if reads_the_same(article, known) else Verdict.CHANGED


def is_nearer(article: Article, one: Stored, other: Stored) -> bool:
    """Return whether an article is one item rather than another, by title and words."""
    nearness = [shared_words(article, item.article) + is_titled(article, item.article) for item in (one, other)]
    return nearness[0] >= ALIKE and nearness[0] > nearness[1]


def reads_the_same(article: Article, known: Stored) -> bool:
    """Return whether a reader would see no difference between an article and an item."""
    if not known.is_read:
        return article.text_key == known.article.text_key or is_titled(article, known.article)
    return article_fingerprint(article) == article_fingerprint(known.article)


def _is_withdrawn(article: Article, known: Stored, evidence: Evidence) -> bool:
    """Whether an article stands at an address of an item that was taken out for good, or of one of its reposts.

    An alias alone says nothing where both have numbers, and not the same.
    """
    if not known.is_out_for_good:
        return False
    if known.id in evidence.candidate_ids:
        return True
    numbered = [u for u in article.addresses if address.is_numbered(u)]
    urls = numbered or (*article.addresses, article.url)
    wanted = {address.local_key(u, evidence.hosts) for u in urls}
    return bool(wanted & set(evidence.keys[known.id]))


def _is_other_news(article: Article, known: Stored, evidence: Evidence) -> bool:
    """Whether an old page holds another article now: later, of another title, and of other words for the most part.

    Where the page was gone, and the article is dated after that, it keeps most words if it is the same. So it does
    where its title is quite another. Not where the page has a number: that is the article's own for ever, and it is
    withdrawn with its page. Of an item whose words are lost, only dates and titles say it.
    """
    earlier = known.article
    before, after = earlier.published, article.published
    if before is None or after is None or after - before <= REUSED_AFTER:
        return False
    if any(address.is_numbered(u) for u in article.addresses):
        return False
    times = [instant for instant in (evidence.gone_since, known.gone and known.gone.when) if instant]
    was_gone = bool(times) and after > min(times) - REUSED_AFTER  # a date to the day is a midnight
    if not known.is_read:
        has_other_title = is_other_title(article.title, earlier.title, MOST)
        return (was_gone or has_other_title) and not known.is_out_for_good
    least = ALIKE_AGAIN if was_gone or is_other_title(article.title, earlier.title) else ALIKE
    return not is_titled(article, earlier) and shared_words(article, earlier) < least


def shared_words(one: Article, other: Article) -> float:
    """Return the share of the words of two texts that both have, 0 to 1."""
    words = set(one.text.split())
    others = set(other.text.split())
    return len(words & others) / (len(words | others) or 1)


def is_titled(article: Article, known: Article) -> bool:
    return text.skeleton(article.title) == text.skeleton(known.title)


def is_other_title(one: str, other: str, least: float = HALF) -> bool:
    """Whether two titles share less than this part of their words. A corrected word or a counter makes no other one."""
    words, others = (set(WORD.findall(title.casefold())) for title in (one, other))
    return bool(words and others) and len(words & others) < min(len(words), len(others)) * least


def is_page_of(article: Article, known: Article) -> bool:
    """Whether the two were read off one page: an address in common, and no number that says otherwise.

    An address that both only call themselves, and at which neither was read,
    is no proof: some sites give one name to many pages.
    """
    paths, known_paths = _paths(article), _paths(known)
    numbers = {path for path, is_number in paths.items() if is_number}
    known_numbers = {path for path, is_number in known_paths.items() if is_number}
    if numbers and known_numbers:
        return bool(numbers & known_numbers)
    read_at = [a.addresses[-1] for a in (article, known) if a.addresses]
    proofs = {address.path_key(u) for u in read_at} | numbers | known_numbers
    return bool(paths.keys() & known_paths.keys() & proofs)


def _paths(article: Article) -> dict[str, bool]:
    """Return the article's addresses without their host, each with whether it is a number."""
    urls = (*article.addresses, article.url)
    return {address.path_key(u): address.is_numbered(u) for u in urls}
