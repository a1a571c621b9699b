from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from feedpub.collecting import scrape
from feedpub.collecting.learn import single
from feedpub.collecting.learn.date_formats import date_in, instant_of
from feedpub.content import Page
from feedpub.html import dates
from tests.drupal7 import DRUPAL7

KYIV = ZoneInfo("Europe/Kyiv")
NOON = datetime(2025, 7, 1, 12, tzinfo=UTC)
FORMATS = (
    *DRUPAL7.date_formats, "%H:%M, %d %B %Y", "%H:%M | %d.%m.%Y", "%d.%m.%y %H:%M", "%d %B, %Y о %H:%M",
    "%d %B %Y року - %H:%M", "%d %b %Y, %H:%M", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y | Переглядів: %*",
)  # fmt: skip


def read(*candidates: str) -> str | None:
    instant = dates.first(candidates, KYIV, FORMATS)
    return instant.isoformat() if instant else None


@pytest.mark.parametrize(
    ("shown", "utc"),
    [
        ("09/06/2025 - 10:39", "2025-06-09T07:39:00+00:00"),  # summer: UTC+3, and the day comes first
        ("09/12/2025 - 10:39", "2025-12-09T08:39:00+00:00"),  # winter: UTC+2
        ("13/06/2025 - 10:39", "2025-06-13T07:39:00+00:00"),
        ("01/01/2025 - 00:00", "2024-12-31T22:00:00+00:00"),  # midnight in Kyiv is yesterday in UTC
        ("16\xa0березня\xa02018,\xa018:07", "2018-03-16T16:07:00+00:00"),
        ("13:40, 19 березня 2018", "2018-03-19T11:40:00+00:00"),
        ("14:47 | 16.03.2018", "2018-03-16T12:47:00+00:00"),
        ("23.03.18 10:18", "2018-03-23T08:18:00+00:00"),
        ("16/03/2018", "2018-03-15T22:00:00+00:00"),
        ("10 Вересня, 2024 о 17:17", "2024-09-10T14:17:00+00:00"),
        ("16 березня 2018 року - 18:45", "2018-03-16T16:45:00+00:00"),
        ("5 чер. 2025, 9:05", "2025-06-05T06:05:00+00:00"),
        ("9 червень 2025", "2025-06-08T21:00:00+00:00"),  # the nominative, too
        ("П’ятниця, 11 July, 2025 - 08:00", "2025-07-11T05:00:00+00:00"),
        ("Опубліковано 09/06/2025 - 10:39 прес-службою", "2025-06-09T07:39:00+00:00"),
        ("09.06.2025 10:39:15", "2025-06-09T07:39:00+00:00"),
        ("09.06.2025 24:00", "2025-06-09T21:00:00+00:00"),  # the end of the day
        ("Пн, 09/06/2025 - 10:39", "2025-06-09T07:39:00+00:00"),
        ("09.06.2025 | Переглядів: 214", "2025-06-08T21:00:00+00:00"),  # by a format that says what follows
    ],
)
def test_a_person_s_date_is_read_by_the_source_s_formats(shown: str, utc: str) -> None:
    assert read(shown) == utc


@pytest.mark.parametrize(
    ("shown", "utc"),
    [
        ("09.06.2025 10:39 UTC", "2025-06-09T10:39:00+00:00"),
        ("09.06.2025 10:39 (GMT+1)", "2025-06-09T09:39:00+00:00"),
        ("10 Вересня, 2024 о 17:17 GMT -3", "2024-09-10T20:17:00+00:00"),
        ("09.06.2025 10:39:00 +0000", "2025-06-09T10:39:00+00:00"),
        ("13:40 UTC, 19 березня 2018", "2018-03-19T13:40:00+00:00"),
        ("09.06.2025 10:39 UTC+2", "2025-06-09T07:39:00+00:00"),  # the zone's own, as many write it all the year
        ("09.12.2025 10:39 GMT+2", "2025-12-09T08:39:00+00:00"),
        ("09.06.2025 10:39 EET", "2025-06-09T07:39:00+00:00"),
    ],
)
def test_a_zone_after_the_time_counts(shown: str, utc: str) -> None:
    learnt = date_in(shown, KYIV)
    assert learnt is not None
    instant = instant_of(learnt, KYIV, NOON)
    assert instant is not None
    assert instant.isoformat() == utc


@pytest.mark.parametrize(
    "shown", ["09.06.2025 10:39-12:00", "09.06.2025 10:39-1200", "09.06.2025 10:39 UTC+30", "09.06.2025 10:39 -12:00"]
)
def test_hours_to_which_something_lasts_are_no_zone(shown: str) -> None:
    assert dates.without_zone(shown) == (shown, None)


@pytest.mark.parametrize(
    ("words", "utc"),  # as shown at 15:00 in Kyiv on 1 July 2025
    [
        ("щойно", "2025-07-01T12:00:00+00:00"),
        ("2 години тому", "2025-07-01T10:00:00+00:00"),
        ("тиждень тому", "2025-06-24T12:00:00+00:00"),
        ("сьогодні", "2025-06-30T21:00:00+00:00"),  # midnight in Kyiv
        ("учора о 14:05", "2025-06-30T11:05:00+00:00"),
        ("позавчора, 9:30", "2025-06-29T06:30:00+00:00"),
    ],
)
def test_words_that_count_from_now_are_read_by_the_moment_of_asking(words: str, utc: str) -> None:
    instant = dates.first([words], KYIV, ("%R",), NOON)
    assert instant
    assert instant.isoformat() == utc


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("2025-10-26T03:30:00+03:00", "2025-10-26T00:30:00+00:00"),  # before the clocks went back
        ("2025-10-26T03:30:00+02:00", "2025-10-26T01:30:00+00:00"),  # after
        ("2025-06-09T10:39:00Z", "2025-06-09T10:39:00+00:00"),
        ("2025-06-09 10:39", "2025-06-09T07:39:00+00:00"),  # no offset: the source's zone
        ("2025-06-09T10:39:00.123+0300", "2025-06-09T07:39:00+00:00"),  # feeds know whole seconds
        ("Mon, 09 Jun 2025 10:39:00 +0300", "2025-06-09T07:39:00+00:00"),
        ("2025-06-09 10:39:00 +03", "2025-06-09T07:39:00+00:00"),
        ("09 Jun 2025 10:39:00 GMT", "2025-06-09T10:39:00+00:00"),
        # with a zone as programs print it; the sign is the one that is written
        ("2025-06-09 10:39:00 UTC", "2025-06-09T10:39:00+00:00"),
        ("2025-06-09 10:39:00 UTC+2", "2025-06-09T08:39:00+00:00"),
        ("2025-06-09 10:39 GMT-04:30", "2025-06-09T15:09:00+00:00"),
        ("2025-06-09 10:39 UTC+0300", "2025-06-09T07:39:00+00:00"),
        ("2025-06-09T10:39:00Z[UTC]", "2025-06-09T10:39:00+00:00"),
        ("2025-06-09T10:39:00+03:00[Europe/Kyiv]", "2025-06-09T07:39:00+00:00"),
        ("Mon Jun 09 2025 10:39:00 GMT+0300 (за східноєвропейським літнім часом)", "2025-06-09T07:39:00+00:00"),
        ("Mon Jun 09 2025 10:39:00 GMT+0000 (Coordinated Universal Time)", "2025-06-09T10:39:00+00:00"),
        ("Mon Jun  9 10:39:00 UTC 2025", "2025-06-09T10:39:00+00:00"),
        ("Mon Jun 09 10:39:00 -0500 2025", "2025-06-09T15:39:00+00:00"),
    ],
)
def test_a_machine_s_date_is_read_as_its_standard_says(written: str, utc: str) -> None:
    assert read(written) == utc


@pytest.mark.parametrize(
    "shown",
    [
        "",
        "2024",  # <time datetime="2024">: a year is no date
        "2025-06",
        "1749454740",
        "2 години тому",
        "19 березня",  # of which year?
        "06/13/2025 - 10:39",  # no month 13, and no flip to make it one
        "31/02/2025 - 10:00",
        "09/06/2025 - 25:00",
        "Неділя, 11 July, 2025 - 08:00",  # a Friday: day and month are not what they seem
        "Чт, 11/06/2025 - 10:00",  # a Wednesday; as 6 November it would be right
        "09/06/2025 - 10:39 переглядів: 214",  # what is the other number?
        "з 09.06.2025 до 12.06.2025",
        "31/12/9999 - 24:00",  # no calendar goes further
        "09/06/2025 - 10:39" + " текст" * 1000,  # no date stands among so many words
        "10.06.2025 о 15:30",  # a time that no format reads must not be lost in silence
    ],
)
def test_nothing_is_guessed(shown: str) -> None:
    assert read(shown) is None


@pytest.mark.parametrize("age", ["вчора, 99:99", "99999999999 тижнів тому", f"{'9' * 5000} тижнів тому", "² дні тому"])
def test_an_age_beyond_all_calendars_and_clocks_is_none(age: str) -> None:
    assert dates.relative(age, KYIV, NOON) is None


def test_a_listing_dated_in_words_is_learnt_and_read_as_dated() -> None:
    words = ("щойно", "just now", "учора, 14:05", "учора")
    title = "Новина про події в громаді номер"
    rows = "".join(f"<li><i>{w}</i> <a href=/news/{n}>{title} {n}</a></li>" for n, w in enumerate(words))
    page = Page("https://rada.example/news", "https://rada.example/news", f"<ul>{rows}</ul>")
    layout = single.read(page, KYIV, NOON).listing
    assert layout is not None
    shown = [link.date or "" for link in scrape.read_listing(page, layout).links]
    assert shown == list(words)
    instants = [dates.first([d], KYIV, layout.date_formats, NOON) for d in shown]
    yesterday = datetime(2025, 6, 29, 21, tzinfo=UTC)  # its midnight in Kyiv
    assert instants == [NOON, NOON, datetime(2025, 6, 30, 11, 5, tzinfo=UTC), yesterday]


def test_a_machine_s_date_comes_before_a_person_s() -> None:
    assert read("26/10/2025 - 03:30", "2025-10-26T03:30:00+02:00") == "2025-10-26T01:30:00+00:00"


def test_of_an_hour_that_happens_twice_the_first_is_taken_steadily() -> None:
    assert read("26/10/2025 - 03:30") == "2025-10-26T00:30:00+00:00"


def test_an_hour_that_never_happened_is_counted_on_from_the_one_before() -> None:
    assert read("30/03/2025 - 03:30") == "2025-03-30T01:30:00+00:00"
    assert read("30/03/2025 - 02:59") == "2025-03-30T00:59:00+00:00"


def test_the_end_of_a_day_is_its_midnight() -> None:
    assert read("09/06/2025 - 24:00") == "2025-06-09T21:00:00+00:00"


@pytest.mark.parametrize("apostrophe", ["'", "’", "ʼ"])
def test_a_weekday_is_known_by_each_of_its_apostrophes(apostrophe: str) -> None:
    assert read(f"П{apostrophe}ятниця, 11 July, 2025 - 08:00") == "2025-07-11T05:00:00+00:00"
    assert read(f"П{apostrophe}ятниця, 12 July, 2025 - 08:00") is None  # a Saturday
