"""Which formats a site's dates have, and which order of day and month it proves."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from feedpub.collecting.learn import date_formats, date_order
from feedpub.html import dates

KYIV = ZoneInfo("Europe/Kyiv")
NOW = datetime(2025, 7, 11, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("string", "form", "instant"),
    [
        ("16\xa0березня\xa02018,\xa018:07", "%d %B %Y, %H:%M", "2018-03-16T18:07"),
        ("13:40, 19 березня 2018", "%H:%M, %d %B %Y", "2018-03-19T13:40"),
        ("14:47 | 16.03.2018", "%H:%M | %d.%m.%Y", "2018-03-16T14:47"),
        ("23.03.18 10:18", "%d.%m.%y %H:%M", "2018-03-23T10:18"),
        ("16/03/2018", "%d/%m/%Y", "2018-03-16T00:00"),
        ("10 Вересня, 2024 о 17:17", "%d %B, %Y о %H:%M", "2024-09-10T17:17"),
        ("16 березня 2018 року - 18:45", "%d %B %Y року - %H:%M", "2018-03-16T18:45"),
        ("16.03.2018р.", "%d.%m.%Yр.", "2018-03-16T00:00"),
        ("19 Березня 11:23", "%d %B %H:%M", "2025-03-19T11:23"),
        ("21 Mar 2018 18:09", "%d %b %Y %H:%M", "2018-03-21T18:09"),
        ("27 черв. 2022", "%d %b %Y", "2022-06-27T00:00"),
        ("November 14, 2024 10:39", "%B %d, %Y %H:%M", "2024-11-14T10:39"),
        ("2024-11-14", "%Y-%m-%d", "2024-11-14T00:00"),
        ("Старобільськ16.03.2018", "%*%d.%m.%Y", "2018-03-16T00:00"),
        ("Опубліковано: 14 листопада 2024 Перегляди: 1234", "%d %B %Y%*", "2024-11-14T00:00"),
        ("Пт, 14/03/2025 - 10:39 — editor", "%d/%m/%Y - %H:%M", "2025-03-14T10:39"),
        ("2 години тому", "%R", "2025-07-11T13:00"),
        ("вчора о 10:15", "%R", "2025-07-10T10:15"),
        ("Учора, 14:05", "%R", "2025-07-10T14:05"),
        ("учора о 14:05", "%R", "2025-07-10T14:05"),
        ("позавчора", "%R", "2025-07-09T00:00"),
        ("сегодня в 9:30", "%R", "2025-07-11T09:30"),
        ("щойно", "%R", "2025-07-11T15:00"),
        ("Just now", "%R", "2025-07-11T15:00"),
    ],
)
def test_a_date_is_found_with_the_format_that_reads_it(string: str, form: str, instant: str) -> None:
    shown = date_formats.date_in(string, KYIV)
    assert shown is not None
    assert shown.formats[0] == form
    read = dates.first([string], KYIV, (form,), NOW)
    assert read == datetime.fromisoformat(instant).replace(tzinfo=KYIV)


@pytest.mark.parametrize("string", ["2024", "+38 066 401 62 31", "з 10:00 до 12:00", "Переглядів: 1234", "Афіша", ""])
def test_what_is_no_date_is_none(string: str) -> None:
    assert date_formats.date_in(string, KYIV) is None


def series(*strings: str) -> list[date_formats.Shown]:
    return [s for string in strings if (s := date_formats.date_in(string, KYIV))]


def proof(*many: list[date_formats.Shown], language: str = "en") -> date_order.Proof:
    return date_order.prove(many, date_order.Clock(NOW, KYIV, "the page's own clock"), language)


def test_a_first_part_above_twelve_proves_the_day_first() -> None:
    found = proof(series("09/06/2025", "13/06/2025"))
    assert found.formats == ("%d/%m/%Y",)
    assert "day first: '13/06/2025' is a date only so" in found.reasons


def test_a_second_part_above_twelve_proves_the_month_first() -> None:
    assert proof(series("06/09/2025", "06/13/2025")).formats == ("%m/%d/%Y",)


def test_a_clock_proves_it_where_the_other_reading_lies_in_the_future() -> None:
    found = proof(series("09/06/2025 - 10:39"))
    assert found.formats == ("%d/%m/%Y - %H:%M",)
    assert found.reasons == ("day first: '09/06/2025 - 10:39' would lie after the page's own clock otherwise",)


def test_the_order_of_the_listing_proves_it() -> None:
    found = proof(series("02/03/2024", "01/03/2024", "12/02/2024", "11/02/2024", "10/01/2024"))
    assert found.formats == ("%d/%m/%Y",)
    assert found.reasons == ("day first: so the listing runs from new to old",)


def test_a_date_for_machines_proves_it() -> None:
    [shown] = series("02/03/2024")
    exact = [(shown, datetime(2024, 2, 3, 8, tzinfo=UTC))]
    found = date_order.prove([[shown]], date_order.Clock(NOW, KYIV, "a clock"), "en", exact)
    assert found.formats == ("%m/%d/%Y",)
    assert found.reasons == ("month first: '02/03/2024' is 2024-02-03 for machines",)


def test_a_few_dates_that_happen_to_fall_prove_nothing() -> None:
    assert "nothing on these pages tells which" in str(proof(series("03/02/2024", "01/12/2023")).contradiction)


def test_a_weekday_proves_it() -> None:
    assert proof(series("пт, 07/03/2025")).formats == ("%d/%m/%Y",)
    assert proof(series("нд, 03/02/2025")).formats == ("%m/%d/%Y",)


def test_dates_that_contradict_each_other_prove_nothing() -> None:
    found = proof(series("13/06/2024", "06/13/2024"))
    assert found.formats == ()
    assert found.contradiction == "'06/13/2024' is a date only so, and yet '13/06/2024' is a date only so"


def test_without_a_proof_the_language_tells_and_says_that_it_does() -> None:
    assert proof(series("02/03/2024"), language="uk").formats == ("%d/%m/%Y",)
    assert "no date seen so far proves or contradicts it" in proof(series("02/03/2024"), language="uk").reasons[0]
    assert "nothing on these pages tells which" in str(proof(series("02/03/2024")).contradiction)


@pytest.mark.parametrize(
    ("string", "language", "form"),
    [
        ("02.03.2024", "en", "%d.%m.%Y"),  # dots
        ("02/03/2024", "en-US", "%m/%d/%Y"),
        ("02/03/2024", "en-GB", "%d/%m/%Y"),
        ("02/03/2024", "fr", "%d/%m/%Y"),
        ("02/10/2025 10:00", "uk", "%d/%m/%Y %H:%M"),  # it lies ahead, as events do
    ],
)
def test_where_nothing_is_certain_dots_and_the_language_tell(string: str, language: str, form: str) -> None:
    assert proof(series(string), language=language).formats == (form,)


def test_days_that_nearly_all_lie_ahead_are_months() -> None:
    assert proof(series("07/11/2025", "07/10/2025", "07/09/2025")).formats == ("%m/%d/%Y",)
    one_event = series("10/12/2025", "10/07/2025", "09/07/2025", "08/07/2025", "07/07/2025")
    assert proof(one_event, language="en").formats == ("%d/%m/%Y",)


def test_months_in_words_need_no_proof() -> None:
    assert proof(series("2 березня 2024")).reasons == ("no date can be read in two ways",)


def test_a_day_in_the_future_means_last_year_where_no_year_is_shown() -> None:
    assert dates.first(["19 листопада"], KYIV, ("%d %B",), NOW) == datetime(2024, 11, 18, 22, tzinfo=UTC)
    assert dates.first(["19 листопада"], KYIV, ("%d %B",)) is None
