"""Dates as people write them in the languages of Europe: found on a page, and read by the format that was found."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_date

from feedpub.collecting.learn.date_formats import date_in
from feedpub.html import dates
from feedpub.html.date_names import languages_of

ROME = ZoneInfo("Europe/Rome")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
WRITTEN = [  # language, as written, the day and time in Rome
    ("en", "November 27, 2025", "2025-11-27T00:00"),
    ("en", "Nov. 27th, 2025", "2025-11-27T00:00"),
    ("en", "2nd of March 2025", "2025-03-02T00:00"),
    ("en", "Thursday, 27 November 2025 2:05 p.m.", "2025-11-27T14:05"),
    ("en", "27 Nov 2025 12.05 am", "2025-11-27T00:05"),
    ("en", "27-Nov-25", "2025-11-27T00:00"),
    ("en-IE", "27/11/2025 9am", "2025-11-27T09:00"),
    ("uk", "27 листопада 2025 р., 15:05", "2025-11-27T15:05"),
    ("uk", "26.11.2025 15.05", "2025-11-26T15:05"),
    ("uk", "26.11.2025 о 15.05", "2025-11-26T15:05"),
    ("uk", "5-го травня 2025", "2025-05-05T00:00"),
    ("be", "27 лістапада 2025", "2025-11-27T00:00"),
    ("be", "5 траўня 2025 г.", "2025-05-05T00:00"),
    ("ru", "27 ноября 2025 г., 15:05", "2025-11-27T15:05"),
    ("bg", "27 ноември 2025 г.", "2025-11-27T00:00"),
    ("bg", "27.11.2025 г. 15:05", "2025-11-27T15:05"),
    ("mk", "27 ноември 2025", "2025-11-27T00:00"),
    ("sr", "27. новембар 2025.", "2025-11-27T00:00"),
    ("sr", "27. новембра 2025.", "2025-11-27T00:00"),
    ("sr-Latn", "27. novembar 2025.", "2025-11-27T00:00"),
    ("sr-Latn-RS", "četvrtak, 27. novembra 2025. 15:05", "2025-11-27T15:05"),
    ("bs", "27. novembar 2025", "2025-11-27T00:00"),
    ("hr", "27. studenoga 2025.", "2025-11-27T00:00"),
    ("hr", "27. listopada 2025.", "2025-10-27T00:00"),
    ("hr", "27. 11. 2025. u 15:05", "2025-11-27T15:05"),
    ("sl", "27. november 2025 ob 15.05", "2025-11-27T15:05"),
    ("sl", "27. novembra 2025", "2025-11-27T00:00"),
    ("cs", "27. listopadu 2025", "2025-11-27T00:00"),
    ("cs", "27.11. 2025 15:05", "2025-11-27T15:05"),
    ("cs", "1. března 2025", "2025-03-01T00:00"),
    ("cs", "27. 11. 2025 v 15.05", "2025-11-27T15:05"),
    ("sk", "27. novembra 2025", "2025-11-27T00:00"),
    ("pl", "27 listopada 2025 r., godz. 15:05", "2025-11-27T15:05"),
    ("pl", "27 paź 2025", "2025-10-27T00:00"),
    ("pl", "27.11.2025r.", "2025-11-27T00:00"),
    ("pl", "27 XI 2025 r.", "2025-11-27T00:00"),
    ("sr", "27.XI.2025.", "2025-11-27T00:00"),
    ("hsb", "27. nowembra 2025", "2025-11-27T00:00"),
    ("de", "27. November 2025", "2025-11-27T00:00"),
    ("de", "Donnerstag, 27. März 2025, 14.05 Uhr", "2025-03-27T14:05"),
    ("de", "Do, 27.03.2025 14 Uhr", "2025-03-27T14:00"),
    ("de-AT", "5. Jänner 2025", "2025-01-05T00:00"),
    ("lb", "27. Dezember 2025", "2025-12-27T00:00"),
    ("nl", "do 27 mrt. 2025", "2025-03-27T00:00"),
    ("nl", "27 maart 2025 om 14.05 uur", "2025-03-27T14:05"),
    ("fy", "27 maart 2025", "2025-03-27T00:00"),
    ("fr", "1er décembre 2025", "2025-12-01T00:00"),
    ("fr", "jeudi 27 novembre 2025 à 14h30", "2025-11-27T14:30"),
    ("fr", "27 févr. 2025 - 14 h 30", "2025-02-27T14:30"),
    ("fr", "27 aout 2025", "2025-08-27T00:00"),  # without its accent
    ("br", "27 Mezheven 2025", "2025-06-27T00:00"),
    ("es", "26 de noviembre de 2025", "2025-11-26T00:00"),
    ("es", "noviembre 26, 2025", "2025-11-26T00:00"),
    ("es", "miércoles, 26 de noviembre del 2025, 2:05 p. m.", "2025-11-26T14:05"),
    ("es", "26/nov/2025", "2025-11-26T00:00"),
    ("ca", "26 de novembre de 2025", "2025-11-26T00:00"),
    ("ca", "1 d’octubre del 2025", "2025-10-01T00:00"),
    ("gl", "26 de novembro de 2025", "2025-11-26T00:00"),
    ("eu", "2025(e)ko azaroaren 26(a)", "2025-11-26T00:00"),
    ("pt", "26 de novembro de 2025 às 14h30", "2025-11-26T14:30"),
    ("pt", "1º de março de 2025", "2025-03-01T00:00"),
    ("pt", "26 out. 2025", "2025-10-26T00:00"),
    ("it", "26 novembre 2025", "2025-11-26T00:00"),
    ("it", "1º dicembre 2025, ore 14.30", "2025-12-01T14:30"),
    ("it", "mer 26 nov 2025", "2025-11-26T00:00"),
    ("rm", "26 da november 2025", "2025-11-26T00:00"),
    ("ro", "26 noiembrie 2025, ora 14:05", "2025-11-26T14:05"),
    ("ro", "26 ian. 2025", "2025-01-26T00:00"),
    ("mt", "26 ta’ Novembru 2025", "2025-11-26T00:00"),
    ("sq", "26 nëntor 2025", "2025-11-26T00:00"),
    ("el", "26 Νοεμβρίου 2025", "2025-11-26T00:00"),
    ("el", "26 ΝΟΕΜΒΡΙΟΥ 2025, 2:05 μ.μ.", "2025-11-26T14:05"),
    ("el", "1η Μαΐου 2025", "2025-05-01T00:00"),
    ("tr", "26 Kasım 2025", "2025-11-26T00:00"),
    ("hu", "2025. november 26.", "2025-11-26T00:00"),
    ("hu", "2025. nov. 26. 14:05", "2025-11-26T14:05"),
    ("hu", "2025. 11. 26.", "2025-11-26T00:00"),
    ("hu", "2025. március 27-én", "2025-03-27T00:00"),
    ("fi", "26. marraskuuta 2025 klo 14.05", "2025-11-26T14:05"),
    ("fi", "ke 26.11.2025 klo 14.05", "2025-11-26T14:05"),
    ("et", "26. november 2025 kell 14.05", "2025-11-26T14:05"),
    ("lv", "2025. gada 26. novembris", "2025-11-26T00:00"),
    ("lv", "2025. gada 26. novembrī", "2025-11-26T00:00"),
    ("lt", "2025 m. lapkričio 26 d. 14:05", "2025-11-26T14:05"),
    ("lt", "2025-11-26", "2025-11-26T00:00"),
    ("sv", "den 26 november 2025 kl. 14.05", "2025-11-26T14:05"),
    ("sv", "1:a maj 2025", "2025-05-01T00:00"),
    ("nb", "26. november 2025 kl. 14.05", "2025-11-26T14:05"),
    ("no", "1. mars 2025", "2025-03-01T00:00"),
    ("nn", "1. desember 2025", "2025-12-01T00:00"),
    ("da", "26. maj 2025", "2025-05-26T00:00"),
    ("is", "26. nóvember 2025", "2025-11-26T00:00"),
    ("fo", "26. november 2025", "2025-11-26T00:00"),
    ("ga", "26 Deireadh Fómhair 2025", "2025-10-26T00:00"),
    ("cy", "26 Tachwedd 2025", "2025-11-26T00:00"),
    ("hy", "26 նոյեմբերի 2025", "2025-11-26T00:00"),
    ("ka", "26 ნოემბერი, 2025", "2025-11-26T00:00"),
    ("az", "26 noyabr 2025", "2025-11-26T00:00"),
    ("zh", "2025年11月26日 14:05", "2025-11-26T14:05"),
    ("ja", "発行2025年3月6日", "2025-03-06T00:00"),
    ("ko", "2025년 11월 26일", "2025-11-26T00:00"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "written", "instant"), WRITTEN)
def test_a_date_is_read_as_people_write_it(language: str, written: str, instant: str) -> None:
    languages = languages_of([language])
    shown = date_in(written, ROME, languages)
    assert shown is not None
    expected = datetime.fromisoformat(instant).replace(tzinfo=ROME).astimezone(UTC)
    assert dates.first([written], ROME, shown.formats[:1], NOW) == expected, shown.formats


@pytest.mark.parametrize(
    ("language", "written", "instant"),
    [
        ("fr", "ven. 07/03/2025", "2025-03-07T00:00"),  # 3 July was a Thursday
        ("pt", "sexta-feira, 07/03/2025", "2025-03-07T00:00"),
        ("de", "07.03.2025, Freitag", "2025-03-07T00:00"),
        ("pt", "segunda edição de 07/03/2025", "2025-03-07T00:00"),  # "second", and no Monday
    ],
)
def test_a_weekday_of_another_language_belongs_to_the_date_that_it_is_beside(
    language: str, written: str, instant: str
) -> None:
    shown = date_in(written, ROME, languages_of([language]))
    assert shown is not None
    expected = datetime.fromisoformat(instant).replace(tzinfo=ROME).astimezone(UTC)
    assert dates.first([written], ROME, shown.formats[:1], NOW) == expected
    is_weekday_beside = "edição" not in written
    assert (dates.first([written], ROME, shown.formats[1:], NOW) is None) == is_weekday_beside


LOCALES = (
    "uk", "bg", "be", "ru", "mk", "sr", "sr_Latn", "hr", "sl", "bs", "cs", "sk", "pl", "hsb", "de", "lb", "nl", "fy",
    "fr", "br", "it", "rm", "es", "pt", "ca", "gl", "eu", "ro", "hu", "el", "tr", "sq", "lt", "lv", "et", "fi", "sv",
    "nb", "nn", "da", "is", "fo", "ga", "cy", "mt", "en_GB", "en_US", "hy", "ka", "az",
)  # fmt: skip


@pytest.mark.parametrize("style", ["medium", "long", "full"])
@pytest.mark.parametrize("locale", LOCALES)
def test_the_formats_of_some_months_read_all_others(locale: str, style: str) -> None:
    days = [date(2025, month, 3 + 2 * month) for month in range(1, 13)]
    written = {day: format_date(day, style, locale=locale) for day in days}
    languages = languages_of([locale])
    some = [date_in(written[day], ROME, languages) for day in (days[1], days[7], days[10])]
    formats = tuple(dict.fromkeys(shown.formats[0] for shown in some if shown))
    read = {day: dates.first([words], ROME, formats, NOW) for day, words in written.items()}
    assert {day: instant.astimezone(ROME).date() if instant else None for day, instant in read.items()} == {
        day: day for day in days
    }
