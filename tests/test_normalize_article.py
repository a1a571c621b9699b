"""Which address an article has, and what of its page is believed."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from feedpub.collecting import normalize
from feedpub.content import Article, Picture, Scraped
from feedpub.errors import ScrapeError

NOW = datetime(2025, 7, 1, tzinfo=UTC)
HOME = "http://rada.example"


def article(
    url: str, *named: str, base: str = "", dates: tuple[str, ...] = (), pictures: tuple[Picture, ...] = ()
) -> Article:
    scraped = Scraped(
        url=url, base=base or url, addresses=(*named, url), title="Т", dates=dates, body="<p>Т</p>", pictures=pictures
    )
    return normalize.make_article(scraped, ZoneInfo("Europe/Kyiv"), ("%d/%m/%Y",), NOW)


@pytest.mark.parametrize(
    ("asked", "named", "url"),
    [
        ("/node/7", ("/node/7", "/content/stattia"), "/content/stattia"),  # the alias, for people
        ("/node/7", (), "/node/7"),
        ("/content/stattia?utm_source=fb", ("/node/7",), "/content/stattia"),
        ("/content/stattia", ("https://www.rada.example/content/stattia",), "/content/stattia"),  # as it answers
        ("/news.php?id=7", ("/",), "/news.php?id=7"),  # one canonical address on all pages names none
        ("/news.php?id=7", ("/news.php",), "/news.php?id=7"),
        ("/news/7", ("https://evil.example/x",), "/news/7"),
    ],
)
def test_an_article_has_the_address_that_the_council_serves(asked: str, named: tuple[str, ...], url: str) -> None:
    assert article(HOME + asked, *named).url == HOME + url


def test_a_page_s_base_is_for_what_it_links_not_for_itself() -> None:
    made = article(f"{HOME}/node/7", base="https://cdn.example/files/", pictures=(Picture("1.jpg", ""),))
    assert made.url == f"{HOME}/node/7"
    assert made.pictures[0].url == "https://cdn.example/files/1.jpg"


def test_the_surest_address_comes_first() -> None:
    assert article(f"{HOME}/content/x", "/content/x", "/node/7").addresses == (f"{HOME}/node/7", f"{HOME}/content/x")


def test_one_picture_at_two_derivative_addresses_is_one() -> None:
    made = article(
        f"{HOME}/node/7",
        pictures=(
            Picture("/files/styles/large/public/1.jpg?itok=a", "Сквер"),
            Picture("/files/styles/medium/public/1.jpg?itok=b", ""),
            Picture("/files/2.jpg", ""),
        ),
    )
    assert [p.alt for p in made.pictures] == ["Сквер", ""]


@pytest.mark.parametrize(
    ("dates", "doubt"),
    [
        ((), "there is no date on the page"),
        (("01/01/2099",), "its date lies in the future: 2099-01-01 00:00"),
        (
            ("0202-06-09T10:00:00+00:00", "09/06/0202"),
            "its date lies before the first websites: 0202-06-09T00:00:00+02:02:04",
        ),
    ],
)
def test_a_date_that_cannot_be_is_doubted_and_is_not_now(dates: tuple[str, ...], doubt: str) -> None:
    made = article(f"{HOME}/node/7", dates=dates)
    assert (made.published, made.doubt) == (None, doubt)


def test_a_date_that_cannot_be_read_is_an_error_that_shows_it() -> None:
    with pytest.raises(ScrapeError, match="no date format reads 'учора'; add one to date_formats"):
        article(f"{HOME}/node/7", dates=("учора",))


@pytest.mark.parametrize("shown", ["01/12/2025", "30/12/2025"])  # in the other order the first has been
def test_an_event_ahead_is_no_error_and_no_flip_of_day_and_month(shown: str) -> None:
    made = article(f"{HOME}/1", dates=(shown,))
    assert made.published is None
    assert made.doubt == f"its date lies in the future: 2025-12-{shown[:2]} 00:00"


def test_words_where_the_date_should_be_are_no_date() -> None:
    made = article(f"{HOME}/1", dates=("Шевченківський район",))
    assert (made.published, made.doubt) == (None, "where its date should be stands 'Шевченківський район'")
