"""What a page claims of itself → what of it is believed.

A page may call itself by other addresses: by a number, by a canonical name. That is a claim, and templates, copied
pages and hostile ones make false claims. The proof of an item is that it was read at its address. So a page that is
another item's by a claim alone is believed only if that item's own address agrees: it leads to the page, shows the
same as the page, or is gone while the words are much the same. A number must agree as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from feedpub import address
from feedpub.collecting import keeping, reading
from feedpub.collecting.dedupe import decision, schedule
from feedpub.collecting.dedupe.fingerprint import article_fingerprint
from feedpub.collecting.run import Run
from feedpub.content import Article, Page, Stored
from feedpub.errors import FetchError, Missing, Resting, SourceError
from feedpub.model import Visit


@dataclass(frozen=True, slots=True)
class Believed:
    """An article without the claims that are not believed."""

    article: Article
    moved: Stored | None = None  # the known item that it is, though it was read elsewhere before; None: none is proven
    stays: bool = False  # that item is at its own address as well, and keeps it as its link
    strangers: frozenset[str] = frozenset()  # ids of items that it is not, whatever either page claims
    doubt: str | None = None  # the claim that is not believed, for a person; None: there is none


class Answer(Enum):
    """What the address of an item says of an article that was read elsewhere."""

    LEADS_HERE = auto()
    SAYS_THE_SAME = auto()
    SAYS_OTHER = auto()
    IS_GONE = auto()
    IS_UNKNOWN = auto()  # it could not be read now


def weighed(run: Run, visit: Visit, article: Article, read_at: str) -> Believed:
    """Return what is believed of an article's claims. ``read_at`` is where its page was read, after redirects.

    Raises Resting if an address is not to be asked for now.
    """
    return _Claims(run, visit, article, read_at).weighed()


class _Claims:
    """The claims of one article."""

    def __init__(self, run: Run, visit: Visit, article: Article, read_at: str) -> None:
        self.run = run
        self.visit = visit
        self.article = article
        self.read_at = read_at
        self.here = {run.council.key_of(url) for url in (visit.url, read_at)}

    def weighed(self) -> Believed:
        related = [item for item in self._at_its_addresses() if self._is_related(item)]
        own = [item for item in related if self._is_proven(item)]
        is_settled = any(item.is_read and item.gone is None for item in own)
        moved, stays = None, False
        strangers: list[Stored] = []
        for item in related:
            if item in own:
                continue
            answer = self._about_number(item) if is_settled else self._about(item)
            if answer not in (Answer.LEADS_HERE, Answer.SAYS_THE_SAME):
                strangers.append(item)
            elif moved is None and not item.is_out_for_good:
                moved, stays = item, answer is Answer.SAYS_THE_SAME and not is_settled
        false = self._false_claims(strangers)
        if is_settled and moved is None:
            false += self._false_numbers(own, false)
        return Believed(
            self._without(false), moved, stays, frozenset(item.id for item in strangers), self._doubt(false, strangers)
        )

    # -------------------------------------------------------- whose page it may be

    def _at_its_addresses(self) -> Sequence[Stored]:
        ids = self.run.council.candidate_ids(self.article)
        return keeping.here(self.run.council, self.article, ids)

    def _is_related(self, item: Stored) -> bool:
        """Whether an item would be this article's by its addresses or its id."""
        if item.is_out_for_good or not item.is_read:
            return True
        return decision.is_page_of(self.article, item.article)

    def _is_proven(self, item: Stored) -> bool:
        """Whether the item was read here before, so that no claim is needed."""
        link = item.article.url
        if not link or self.run.council.key_of(link) in self.here:
            return True
        return item.is_out_for_good and self.visit.item == item.id

    def _about(self, item: Stored) -> Answer:
        """Return what the item's own address says of the article."""
        if self._is_known_twin(item):
            return Answer.SAYS_THE_SAME
        answer = self._asked(item.article.url, item)
        if answer is Answer.LEADS_HERE and self._are_side_by_side(item):
            return Answer.SAYS_OTHER  # a listing names both: they are two
        if answer in (Answer.LEADS_HERE, Answer.SAYS_THE_SAME):
            return answer
        by_number = self._about_number(item)
        if by_number in (Answer.LEADS_HERE, Answer.SAYS_THE_SAME):
            return Answer.LEADS_HERE  # its name was given to another page
        is_lost = answer is not Answer.SAYS_OTHER and by_number is not Answer.SAYS_OTHER
        return Answer.LEADS_HERE if is_lost and self._is_much_the_same(item) else Answer.SAYS_OTHER

    def _is_known_twin(self, item: Stored) -> bool:
        """Whether the item was at this address as well the last time, and nothing has changed since."""
        is_here_too = self.visit.item == item.id and item.gone is None
        return is_here_too and item.is_read and decision.reads_the_same(self.article, item)

    def _are_side_by_side(self, item: Stored) -> bool:
        named = set(map(self.run.council.key_of, self.run.named))
        return self.run.council.key_of(item.article.url) in named and not named.isdisjoint(self.here)

    def _about_number(self, item: Stored) -> Answer:
        """Return what the number that article and item have in common says; IS_UNKNOWN if they have none."""
        numbers = filter(address.is_numbered, item.article.all_addresses)
        shared = {address.path_key(url) for url in numbers} & _numbers(self.article).keys()
        if not shared:
            return Answer.IS_UNKNOWN
        url = _numbers(self.article)[min(shared)]
        if self.run.council.key_of(url) not in self.here:
            return self._asked(url, None)
        if item.is_out_for_good:
            return Answer.LEADS_HERE  # what was withdrawn stays withdrawn
        return Answer.LEADS_HERE if self.visit.item == item.id else Answer.IS_UNKNOWN

    def _is_much_the_same(self, item: Stored) -> bool:
        if decision.is_titled(self.article, item.article):
            return True
        return decision.shared_words(self.article, item.article) >= decision.ALIKE

    # -------------------------------------------------------- asking

    def _asked(self, url: str, item: Stored | None) -> Answer:
        """Return what an address says. An item that this run has read there need not be asked for again."""
        visit = self.run.state.visits.get(url)
        is_fresh = visit is not None and url in self.run.looked_at and visit.error is None
        if item and is_fresh and visit and visit.item == item.id and visit.words == item.article.text_key:
            known = self._compared(item.article)
            if known is Answer.SAYS_THE_SAME:
                return known
        try:
            page = self._page(url)
            there = self.run.council.key_of(page.url)
            if there in self.here:
                return Answer.LEADS_HERE
            if there != self.run.council.key_of(url):
                return Answer.IS_GONE
            expected = visit or replace(self.visit, url=url)
            as_here = replace(page, url=self.read_at)  # or a relative link would make another page of it
            return self._compared(reading.read_visited(self.run, as_here, expected).article)
        except Resting:
            raise
        except Missing:
            return Answer.IS_GONE
        except FetchError as error:
            return Answer.IS_GONE if error.status in schedule.GONE else Answer.IS_UNKNOWN
        except SourceError:
            return Answer.IS_UNKNOWN

    def _page(self, url: str) -> Page:
        """Return the page at an address. Each is asked for once a run."""
        answers = self.run.answers
        if url not in answers:
            try:
                answers[url] = self.run.pages.page(url)
            except Resting:
                raise
            except SourceError as error:
                answers[url] = error
        answer = answers[url]
        if isinstance(answer, SourceError):
            raise answer
        return answer

    def _compared(self, there: Article) -> Answer:
        """Return whether an article elsewhere is the same: its words, and its instant."""
        article = self.article
        has_one_instant = None in (article.published, there.published) or article.published == there.published
        if not (has_one_instant or keeping.shows_ages(self.run.council)):
            return Answer.SAYS_OTHER
        is_same = article.text_key == there.text_key or article_fingerprint(article) == article_fingerprint(there)
        return Answer.SAYS_THE_SAME if is_same else Answer.SAYS_OTHER

    # -------------------------------------------------------- what is not believed

    def _false_claims(self, strangers: Sequence[Stored]) -> list[str]:
        """Return the article's addresses that are another item's, and at which it was not read."""
        theirs = {address.path_key(url) for item in strangers for url in item.article.all_addresses if url}
        claims = [url for url in self.article.addresses if self.run.council.key_of(url) not in self.here]
        ids = {item.id for item in strangers}
        return [url for url in claims if address.path_key(url) in theirs or self.run.council.id_at(url) in ids]

    def _false_numbers(self, own: Sequence[Stored], known: Sequence[str]) -> list[str]:
        """Return new numbers on the page of a known item, unless they lead to it: then its name was given away."""
        before = {path for item in own for path in _numbers(item.article)}
        numbers = {path: url for path, url in _numbers(self.article).items() if url not in known}
        if not before or not numbers or before & numbers.keys():
            return []
        return [url for url in numbers.values() if not self._is_number_proven(url)]

    def _is_number_proven(self, url: str) -> bool:
        if self.run.council.key_of(url) in self.here:
            return True
        return self._asked(url, None) in (Answer.LEADS_HERE, Answer.SAYS_THE_SAME, Answer.IS_UNKNOWN)

    def _without(self, false: Sequence[str]) -> Article:
        article = self.article
        if not false:
            return article
        addresses = tuple(url for url in article.addresses if url not in false)
        url = self.read_at if article.url in false else article.url
        return replace(article, url=url, addresses=addresses)

    def _doubt(self, false: Sequence[str], strangers: Sequence[Stored]) -> str | None:
        if not false:
            return None
        whose = f", where {strangers[0].id} is" if strangers else ""
        return f"its page calls itself {false[0]}{whose}; that is not believed, since that address says otherwise"


def _numbers(article: Article) -> dict[str, str]:
    """Return an article's numbers: without their host → as its page gives them."""
    return {address.path_key(url): url for url in article.all_addresses if address.is_numbered(url)}
