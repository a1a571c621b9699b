from __future__ import annotations

import pytest

from feedpub import text

ZWJ_FAMILY = "👨\u200d👩\u200d👧"


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        ("Оголошення   про \n конкурс ", "Оголошення про конкурс"),
        ("Прес-реліз:\x0b кампанія", "Прес-реліз: кампанія"),  # Word's line break
        ("опціо\x1fнальний пере\xadнос", "опціональний перенос"),
        ("№\xa0147\ufeff, \u200eліворуч\u2028новий рядок", "№ 147, ліворуч новий рядок"),
        ("нуль\x00і\ud800сурогат\ufffe", "нульісурогат"),
        ("й\u0301".replace("й", "и\u0306"), "й\u0301"),  # NFC; a stress mark stays
        ("Ім'я, ім’я, імʼя — «лапки» „і“ ‑ дефіс…", "Ім'я, ім’я, імʼя — «лапки» „і“ ‑ дефіс…"),  # typography stays
        (f"{ZWJ_FAMILY} 🇺🇦 1️⃣", f"{ZWJ_FAMILY} 🇺🇦 1️⃣"),
        ("сло\u200dво", "слово"),
        ("&laquo;лапки&raquo; <b>", "&laquo;лапки&raquo; <b>"),  # text is text: unescaped once by the parser
    ],
)
def test_plain_text_is_one_clean_line(raw: str, line: str) -> None:
    assert text.line(raw) == line
    assert text.line(line) == line


def test_running_text_keeps_a_no_break_space_that_somebody_set() -> None:
    assert text.flow("№\xa0147 \xa0\n від\xa0дня") == "№\xa0147 від\xa0дня"


@pytest.mark.parametrize(
    ("word", "is_token"),
    [
        ("HNj2z94ztrkIjjFxiEsZNb7BxLp5fMCieudJZiel", True),
        ("a87ff679a2f3e71d", True),
        ("UA213223130000026007233566001", False),  # an IBAN is news
        ("2025060910390000", False),
        ("Правоохоронниминаглядовимиорганами", False),
        ("starobilsk@loga.gov.ua", False),
    ],
)
def test_a_stored_file_s_name_is_told_from_words(word: str, is_token: bool) -> None:
    assert text.is_token(word) is is_token


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ім’я «Сєвєр» — 5 грн.", 'ім\'я "СЄВЄР" - 5\xa0грн'),
        ("пʼять", "п'ять"),
        ("10 000 грн", "10000 грн"),
        ("5–6 липня", "5-6 липня"),
        ("за\u0301мок", "замок"),
    ],
)
def test_the_skeleton_forgets_typography(one: str, other: str) -> None:
    assert text.skeleton(one) == text.skeleton(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("14 березня", "15 березня"),
        ("вул. Миру, 12", "вул. Миру, 1/2"),
        ("1,5 млн", "15 млн"),
        ("5-6 липня", "56 липня"),
        ("від -2 до +5", "від +2 до -5"),
        ("10² м", "102 м"),
        ("кількість 1½", "кількість 112"),
    ],
)
def test_the_skeleton_keeps_what_a_number_says(one: str, other: str) -> None:
    assert text.skeleton(one) != text.skeleton(other)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("1,5 млн", "15 млн", False),
        ("буд. 1/2", "буд. 12", False),
        ("-2 градуси", "+2 градуси", False),
        ("10 000", "10000", True),
        ("буд. 1 / 2", "буд. 1/2", True),
        ("5–7 днів", "5-7 днів", True),
        ("ім'я", "імʼя", True),  # U+02BC is a letter to Unicode
    ],
)
def test_the_skeleton_takes_a_number_for_what_it_is(one: str, other: str, same: bool) -> None:
    assert (text.skeleton(one) == text.skeleton(other)) is same


def test_zero_widths_go_wherever_they_stand() -> None:
    assert text.line("сло\u200bво\u2060 і\u200c ще\u2066") == "слово і ще"
