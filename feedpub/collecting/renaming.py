"""Recognize an item whose title and address were edited together: its old address shows where it went.

A new address may hold a known item. The proof is what the item's old address answers: it leads to the new one, or it
is gone while the same text of the same instant is at the new one. Only items that no listing names any more are asked.
"""

from __future__ import annotations

import re
from datetime import time, timedelta
from itertools import chain

from feedpub import address
from feedpub.collecting import keeping, reading
from feedpub.collecting.dedupe import decision, schedule
from feedpub.collecting.dedupe.likeness import is_alarm, is_brief
from feedpub.collecting.failures import is_rejected, is_unserved
from feedpub.collecting.run import Run
from feedpub.content import Article, Page, Stored
from feedpub.dating import AHEAD
from feedpub.errors import FetchError, Missing, SourceError, Unproven
from feedpub.model import Verdict, Visit

RECENT = 100  # of the newest items, whose addresses may have been edited
ASKED_EACH = 3  # old addresses that are asked for one new article, at most,
IN_VAIN = 20  # and in a run, of those that are there, for reposts and for what is only somewhat alike
PINNED_SHARE = 4  # one in so many items of a listing may be old, and pinned to its top
LIKELY = 1.0  # a likeness that only one instant or one title gives
WORD = re.compile(r"\w+")
KNOWN_FOR = timedelta(days=1)  # that an address is gone
LEAST_OF_TITLE, MORE_IN_TITLE = 3, 2  # words that both titles have, at least; that one has alone, at most
GONE = ""  # in place of where an address leads
UNKNOWN = "?"  # its server fails now


def predecessor(run: Run, arrival: keeping.Arrival) -> Stored | None:
    """Return the known item that an article is, though title and address are new. None: it may be news.

    Raises Unproven if the old address of a likely one fails now: an item that got a second id keeps it for ever. It is
    asked a few times. After that, words and instant decide alone.
    """
    visit, article = arrival.visit, arrival.article
    if visit.item is not None and run.council.facts.fleeting:
        return _behind_token(run, visit)
    if visit.item is not None:
        return _behind_repost(run, arrival)
    is_anything_named = bool(run.named or run.council.facts.named)
    if run.is_first or run.council.is_recovering or not is_anything_named:
        return None
    evidence = keeping.evidence(run.council, visit, article, run.now, arrival.strangers)
    verdict, known = decision.judge(article, evidence, run.now)
    if verdict is Verdict.NEW:
        return _edited(run, arrival)
    if verdict is Verdict.DUPLICATE and known and known.gone is None:
        return _moved(run, arrival, known)
    return None


def _moved(run: Run, arrival: keeping.Arrival, known: Stored) -> Stored | None:
    """Return the item that an article has all words of, if its old address leads here or is gone. None: a repost."""
    if known.id in arrival.strangers or known.id not in {item.id for item in _unnamed(run)}:
        return None
    there = _where_it_leads(run, known, is_likely=False)
    is_here = there in {run.council.key_of(url) for url in arrival.addresses}
    return known if is_here or (there == GONE and _is_the_same(arrival.article, known)) else None


def _edited(run: Run, arrival: keeping.Arrival) -> Stored | None:
    """Return the item that an article, which looks like news, is after an edit. None: it is news."""
    article = arrival.article
    of_one_name, of_rows = _of_one_name(run, arrival), _of_rows(run, article)
    first = [*of_one_name, *(item for item in of_rows if item not in of_one_name)]
    candidates = [*first, *(item for item in _alike(run, article) if item not in first)]
    here = {run.council.key_of(url) for url in arrival.addresses}
    unproven: list[tuple[Stored, bool]] = []  # whose old address fails, and whether its words and instant are the same
    for item in [item for item in candidates if item.id not in arrival.strangers][:ASKED_EACH]:
        # A whole site may have new addresses. What was edited since it was read looks like news then, and an item that
        # got a second id keeps it for ever. So reposts leave the questions about likely ones to be asked.
        is_likely = _likeness(item, article) > LIKELY
        there = _where_it_leads(run, item, is_likely=is_likely)
        is_its_own = item in of_one_name and _says_much(article)
        is_its_own |= item in of_rows and _is_of_row(run, item, article)
        is_the_same = is_its_own or _is_the_same(article, item)
        if there in here or (there == GONE and is_the_same):
            return item
        if there == UNKNOWN and (is_its_own or is_likely):
            unproven.append((item, is_the_same))
    _require_known([item for item, _ in unproven], arrival.visit)
    return next((item for item, is_the_same in unproven if is_the_same), None)


def is_perhaps_known(run: Run, listed: Article) -> bool:
    """Whether an article whose page cannot be read may be an item that no listing names, and whose page is not there.

    ``listed`` is what its listing says. Its own page alone can prove it. Until then that item is in the feeds.
    """
    candidates = [item for item in _unnamed(run) if _is_listed_anew(run, item, listed)]
    return any(_where_it_leads(run, item, is_likely=True) is not None for item in candidates[:ASKED_EACH])


def _is_listed_anew(run: Run, item: Stored, listed: Article) -> bool:
    """Whether a listing has an item's instant, or its day and nearly its title. A day alone is no instant."""
    if listed.published is None:
        return False
    here, there = (instant.astimezone(run.council.zone) for instant in (listed.published, item.date))
    if here.time() != time() and here == there:
        return True
    return here.date() == there.date() and _is_titled_anew(listed.title, item.article.title)


def _require_known(unproven: list[Stored], visit: Visit) -> None:
    """Raise Unproven if an article may be one of these items, unless that was asked often enough."""
    if unproven and visit.failures + 1 < schedule.PATIENCE:
        old = unproven[0].article.url
        raise Unproven(visit.url, f"may be {old} with another address, and that does not answer now")


def _behind_token(run: Run, visit: Visit) -> Stored | None:
    """Return the item whose address had a token that is left out, or another one, when it was read last."""
    names = [name.removesuffix("!") for name in run.council.facts.fleeting]
    item = run.state.items.get(visit.item) if visit.item else None
    if item is None or item.article.url == visit.url:
        return None
    is_of_one_page = address.without(item.article.url, names) == address.without(visit.url, names)
    return item if is_of_one_page and item.gone is None else None


def _behind_repost(run: Run, arrival: keeping.Arrival) -> Stored | None:
    """Return the item that a page repeated until its edit now, if the item's own page is gone.

    A move without redirects leaves such pages: items that are not among the newest are not looked for.
    """
    visit, article, council = arrival.visit, arrival.article, run.council
    item = run.state.items.get(visit.item) if visit.item else None
    if item is None or item.gone or not item.is_read or item.id in arrival.strangers:
        return None
    own = set(map(council.key_of, item.article.all_addresses))
    is_at_home = not own.isdisjoint(map(council.key_of, arrival.addresses))
    if is_at_home or not own.isdisjoint(named_keys(run)):
        return None
    evidence = keeping.evidence(council, visit, article, run.now, arrival.strangers)
    if decision.judge(article, evidence, run.now)[0] is not Verdict.NEW:
        return None
    is_kept = (
        decision.is_titled(article, item.article) or decision.shared_words(article, item.article) >= decision.ALIKE
    )
    there = _where_it_leads(run, item, is_likely=True) if is_kept else None
    _require_known([item] if there == UNKNOWN else [], visit)
    return item if there == GONE else None


def named_keys(run: Run) -> set[str]:
    """Return the comparing keys of the articles that the listings name, each as it was last read.

    One that has not changed since is not read again. So an article whose page failed at first is read by a run that
    sees no listing.
    """
    last = chain.from_iterable(named.pages for named in run.council.facts.named.values())
    return {*run.named_keys, *map(run.council.key_of, last)}


def _unnamed(run: Run) -> list[Stored]:
    """Return the newest items that no listing names now, and those that are lost. They are looked up once a run."""
    if run.unnamed is None:
        named, items = named_keys(run), run.state.items
        newest = items.newest(RECENT)
        lost = [item for visit in run.state.visits.unread() if visit.item and (item := items.get(visit.item))]
        run.unnamed = [item for item in (*newest, *lost) if named.isdisjoint(items.keys(item.id))]
        dates = sorted(item.date for item in newest if item not in run.unnamed)
        run.reach = dates[len(dates) // PINNED_SHARE] if dates else None
    return run.unnamed


def _of_one_name(run: Run, arrival: keeping.Arrival) -> list[Stored]:
    """Return the items elsewhere with the article's title and most of its words, at an address that ends alike.

    So it is after a move of all addresses. An item's date is no proof then: one that was announced ahead, or whose date
    was corrected, has another date than its page. Where its words speak of a day, it would be taken for news.
    """
    name, items = address.last_name(arrival.read_at), run.state.items
    there = items.of_last_name(name) if name else []
    alike = [i for i in there if i.gone is None and i.is_read and _says_the_same(arrival.article, i)]
    named = named_keys(run) if alike else set()  # hardly any article has one
    return [item for item in alike if named.isdisjoint(items.keys(item.id))]


def _of_rows(run: Run, article: Article) -> list[Stored]:
    """Return the items that no listing names any more and whose own pages were never there, the likeliest first.

    What their listing said of them has hardly a word in common with the page.
    """
    waiting = {visit.item for _, visit in run.state.visits.pending() if visit.failures and visit.words is None}
    found = [item for item in _unnamed(run) if item.id in waiting and item.is_read] if waiting else []
    return sorted(found, key=lambda item: not _is_of_row(run, item, article))


def _is_of_row(run: Run, item: Stored, article: Article) -> bool:
    """Whether an article has the day and nearly the title of an item that is known by its listing alone.

    Where that named no day, or one to come, the article was not published after the item was first seen.
    """
    if not _is_titled_anew(article.title, item.article.title):
        return False
    if article.published is None or item.article.published is None:
        return (article.published or item.first_seen) <= item.first_seen
    here, there = (one.published.astimezone(run.council.zone) for one in (article, item.article) if one.published)
    return here.date() == there.date()


def _alike(run: Run, article: Article) -> list[Stored]:
    """Return the items that an article may be after an edit, the likeliest first.

    An item that is older than those of the listings may be missing there for its age. So it must be of one instant. Or
    its title and words must be the same: one that was announced ahead has no instant.
    """
    items = [item for item in _unnamed(run) if _may_be_named_anew(run, item, article)]
    likely = [(likeness, item) for item in items if (likeness := _likeness(item, article)) > decision.ALIKE]
    likely.sort(key=lambda one: -one[0])
    return [item for _, item in likely]


def _may_be_named_anew(run: Run, item: Stored, article: Article) -> bool:
    if (run.reach and item.date >= run.reach) or _is_of_one_instant(item, article):
        return True
    return _says_the_same(article, item)


def _says_the_same(article: Article, item: Stored) -> bool:
    return decision.is_titled(article, item.article) and decision.shared_words(item.article, article) >= decision.MOSTLY


def _says_much(article: Article) -> bool:
    """Whether an article says so much that its words are its own, whatever its day."""
    return not (is_brief(article) or is_alarm(article))


def _likeness(item: Stored, article: Article) -> float:
    shared = decision.shared_words(item.article, article)
    return shared + _is_of_one_instant(item, article) + decision.is_titled(article, item.article)


def _is_of_one_instant(item: Stored, article: Article) -> bool:
    """Whether both have one date. One that is announced ahead has none that counts; what its page says of it does."""
    known = item.article
    if article.published is None and known.published is None:
        return article.doubt == known.doubt and (article.doubt or "").startswith(AHEAD)
    return article.published is not None and known.published == article.published


def _is_the_same(article: Article, item: Stored) -> bool:
    """Whether the text is that of an item whose page is gone, or its title is. The instants must be the same, too."""
    if not _is_of_one_instant(item, article) or not article.text:
        return False
    is_kept = decision.shared_words(item.article, article) >= decision.MOSTLY
    return is_kept or (_says_much(article) and _is_titled_anew(article.title, item.article.title))


def _is_titled_anew(one: str, other: str) -> bool:
    """Whether one title is the other with another sign or with a word or two more, such as "updated"."""
    words, others = (set(WORD.findall(title.casefold())) for title in (one, other))
    is_within = words <= others or others <= words
    return is_within and len(words & others) >= LEAST_OF_TITLE and len(words ^ others) <= MORE_IN_TITLE


def _where_it_leads(run: Run, item: Stored, *, is_likely: bool) -> str | None:
    """Return the comparing key of where an item's address leads. None: it stays, or nobody may ask. GONE, UNKNOWN.

    Each address is asked once a run. One that is likely to lead to an article is asked however many were before. Those
    that have moved or are gone do not count: after a move they are as many as the articles, and would be asked anyway.
    """
    url = item.article.url
    if url not in run.led_to:
        in_vain = sum(there in (None, UNKNOWN) for there in run.led_to.values())
        if in_vain >= IN_VAIN and not is_likely:
            return None
        run.led_to[url] = _asked(run, url)
    return run.led_to[url]


def _asked(run: Run, url: str) -> str | None:
    visit = run.state.visits.get(url)
    if visit and _was_found_gone(run, visit):
        return GONE  # a listing names the article elsewhere, so it has not come back
    try:
        page = run.pages.page(url)
        _require_news(run, page)
    except Missing:
        return GONE
    except FetchError as error:
        if error.status in schedule.GONE:
            return GONE
        return UNKNOWN if is_unserved(error) or is_rejected(error) else None
    except SourceError:
        return None
    there = run.council.key_of(page.url)
    return None if there == run.council.key_of(url) else there


def _was_found_gone(run: Run, visit: Visit) -> bool:
    """Whether a page that was there once was gone within a day. One that never was may lead on by now."""
    is_known = visit.asked is not None and run.now - visit.asked < KNOWN_FOR
    return is_known and visit.words is not None and schedule.is_gone_page(visit)


def _require_news(run: Run, page: Page) -> None:
    """Raise Missing if the page says itself that there is none, or leads to a front page."""
    visit = run.state.visits.get(page.asked)
    if visit and address.site(page.url) in run.council.hosts:
        reading.read_visited(run, page, visit)
