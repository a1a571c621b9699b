"""It finds its way on sites that it has never seen: the skins are one council's news in twelve unlike layouts."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from feedpub.collecting import learn, normalize, scrape
from feedpub.collecting.fetch import decode
from feedpub.collecting.learn import single
from feedpub.content import Article, Listing, Page
from feedpub.errors import ScrapeError
from feedpub.layout import Learnt
from tests.skins import NO_NEWS, SKINS, Expected, Skinned

KYIV = ZoneInfo("Europe/Kyiv")
BASE = "http://rada.example"
MOST_REQUESTS = 12  # with robots.txt


@dataclass(slots=True)
class Visitor:
    """Asks a site without a network, and counts."""

    site: Skinned
    asked: list[str]

    @property
    def now(self) -> datetime:
        return datetime(self.site.today.year, self.site.today.month, self.site.today.day, 12, tzinfo=UTC)

    def fetch(self, url: str) -> Page | None:
        self.asked.append(url)
        answer = self.site.answer("GET", url.removeprefix(BASE) or "/", {}, BASE)
        return (
            Page(url, url, decode(answer.body, answer.header("content-type") or "")) if answer.status == 200 else None
        )

    def page(self, url: str) -> Page:
        page = self.fetch(url)
        assert page is not None
        return page

    def learn(self) -> Learnt:
        return learn.explore(self.page(BASE + self.site.home), self.fetch, learn.Context(KYIV, "uk", self.now))


@dataclass(frozen=True, slots=True)
class Read:
    """A whole site as a learnt layout reads it."""

    learnt: Learnt
    requests: int
    listings: list[Listing]
    articles: dict[str, Article]
    expected: dict[str, Expected]


def read(skin: str) -> Read:
    visitor = Visitor(Skinned(skin), [])
    learnt = visitor.learn()
    requests = len(visitor.asked)
    listings: list[Listing] = []
    url: str | None = BASE + visitor.site.home
    while url and len(listings) < 10:
        listings.append(scrape.read_listing(visitor.page(url), learnt.layout))
        url = listings[-1].next_page
    expected = {BASE + e.path: e for e in visitor.site.expected()}
    articles = {}
    for address in expected:
        scraped = scrape.read_article(visitor.page(address), learnt.layout)
        articles[address] = normalize.make_article(scraped, KYIV, learnt.layout.date_formats, visitor.now)
    return Read(learnt, requests, listings, articles, expected)


@pytest.fixture(scope="module")
def sites() -> dict[str, Read]:
    return {}


@pytest.fixture(params=SKINS)
def site(request: pytest.FixtureRequest, sites: dict[str, Read]) -> Read:
    """Each skin is read once for all tests."""
    if request.param not in sites:
        sites[request.param] = read(request.param)
    return sites[request.param]


def shingles(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return {tuple(words[n : n + 4]) for n in range(max(1, len(words) - 3))} if words else set()


def f1(found: str, wanted: str) -> float:
    """Of four-word shingles."""
    one, other = shingles(found), shingles(wanted)
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 1.0


@pytest.mark.long
def test_the_listing_is_found_whole_and_nothing_else(site: Read) -> None:
    urls = [link.url for listing in site.listings for link in listing.links]
    assert set(urls) == set(site.expected)


@pytest.mark.long
def test_titles_on_the_listing_are_the_articles_own(site: Read) -> None:
    for link in (link for listing in site.listings for link in listing.links):
        shown = " ".join(link.title.split())
        assert shown == site.expected[link.url].title or site.expected[link.url].title.startswith(shown.rstrip("… "))


def test_every_title_is_exact(site: Read) -> None:
    assert {u: a.title for u, a in site.articles.items()} == {u: e.title for u, e in site.expected.items()}


def test_every_instant_is_exact(site: Read) -> None:
    assert {u: a.published for u, a in site.articles.items()} == {
        u: e.published.astimezone(UTC) for u, e in site.expected.items()
    }


def test_the_body_is_the_article_s_text_and_hardly_anything_else(site: Read) -> None:
    scores = [f1(a.text, "\n".join(site.expected[u].paragraphs)) for u, a in site.articles.items()]
    assert sum(scores) / len(scores) >= 0.98
    assert min(scores) >= 0.8  # players become links that are named by their host


def test_no_sentence_of_an_article_is_lost(site: Read) -> None:
    def words(text: str) -> str:
        return "".join(re.findall(r"\w", text.casefold()))

    for url, article in site.articles.items():
        lost = [p for p in site.expected[url].paragraphs if words(p) not in words(article.text)]
        assert lost == []


def test_the_pictures_beside_the_text_are_found(site: Read) -> None:
    for url, article in site.articles.items():
        names = {p.url.rpartition("/")[2] for p in article.pictures}
        assert {i.rpartition("/")[2] for i in site.expected[url].images} <= names


def test_it_takes_no_more_than_twelve_requests(site: Read) -> None:
    assert site.requests + 1 <= MOST_REQUESTS


def test_each_key_of_a_learnt_layout_says_why_it_is_so(site: Read) -> None:
    learnt = site.learnt
    assert {"item", "title", "date", "body", "date_formats"} <= learnt.evidence.keys()
    assert all(0.9 <= share <= 1 for share in learnt.fill.values())


@pytest.mark.parametrize("skin", ["drupal6", "wordpress", "joomla", "dayheads", "wp1251", "cards", "microdata"])
def test_rubrics_are_found_where_a_site_names_them(skin: str, sites: dict[str, Read]) -> None:
    site = sites.get(skin) or read(skin)
    right = sum(set(a.categories) == set(site.expected[u].categories) for u, a in site.articles.items())
    assert right >= 0.8 * len(site.articles)


@pytest.mark.long
def test_what_it_learns_is_the_same_every_time() -> None:
    assert Visitor(Skinned("joomla"), []).learn() == Visitor(Skinned("joomla"), []).learn()


@pytest.mark.parametrize("name", NO_NEWS)
def test_a_page_without_news_gives_no_listing(name: str) -> None:
    page = Page(f"{BASE}/x", f"{BASE}/x", NO_NEWS[name])
    with suppress(ScrapeError):
        assert single.read(page, KYIV, datetime(2025, 11, 14, tzinfo=UTC)).listing is None


@pytest.mark.parametrize("name", NO_NEWS)
def test_a_page_without_news_teaches_no_layout(name: str) -> None:
    page = Page(f"{BASE}/x", f"{BASE}/x", NO_NEWS[name])
    visitor = Visitor(Skinned("seed"), [])
    context = learn.Context(KYIV, "uk", datetime(2025, 11, 14, tzinfo=UTC))
    with pytest.raises(ScrapeError, match="no layout could be learnt"):
        learn.explore(page, visitor.fetch, context)
