"""In which feeds an item stands: of its categories, of its month, of what was asked for."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from feedpub import dictionary
from feedpub.content import Attachment
from feedpub.model import Topic
from feedpub.publishing.feed import choice
from tests.made import article, stored

KYIV = ZoneInfo("Europe/Kyiv")
HOST = "https://rada.example"


def forms(word: str) -> frozenset[str]:
    return dictionary.forms(word, "uk")


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Новини", "novyny"),
        ("ВПО & ветерани", "vpo-veterany"),
        ("Зґурівський район", "zgurivskyi-raion"),
        ("Згода", "zghoda"),  # зг is zgh, so that it is not ж
        ("Об’яви", "obiavy"),
        ("Ялта, Їжа, Єдність", "yalta-yizha-yednist"),
        ("Новости города", "novosty-horoda"),
        ("Über uns", "uber-uns"),
        ("«Новини»!", "novyny"),  # typography makes no other category
        ("НОВИНИ", "novyny"),
        ("№ 5", "no-5"),
        ("Марі\u0301я", "mariia"),
    ],
)
def test_a_category_s_folder_is_its_name_in_latin_letters(title: str, slug: str) -> None:
    assert choice.slug(title) == slug


def test_a_category_that_cannot_be_spelt_in_latin_letters_has_a_folder_of_its_own_all_the_same() -> None:
    found = [choice.slug(t) for t in ("Ειδήσεις", "ახალი", "***", "щ" * 50, "щ" * 51)]
    assert len(set(found)) == 5
    assert all(0 < len(s) <= 67 and s.isascii() for s in found)


@pytest.mark.parametrize(
    ("keyword", "words", "is_there"),
    [
        ("гуманітарна допомога", "Видача гуманітарної допомоги мешканцям", True),
        ("гуманітарна допомога", "Гуманітарну допомогу привезли", True),
        ("гуманітарна допомога", "гуманітарна і медична допомога", False),
        ("вакансії", "Відкрито вакансію кухаря", True),
        ("сесії", "Пленарне засідання сесій ради", True),
        ("сесії", "професійна освіта", False),  # a word, not a run of letters
        ("ВПО", "Для ВПО, ветеранів", True),
        ("впо", "Виплати ВПО", True),
        ("ваканс*", "Вакансійний ярмарок", True),
        ("ваканс*", "нова невакансія", False),
        ("сім'я", "Підтримка сімʼї військового", True),
        ("бізнес-план", "про бізнес-плани ветеранів", True),
        ("громад* бюджет", "громадський бюджет", True),
    ],
)
def test_a_keyword_is_found_in_every_form_that_it_has(keyword: str, words: str, is_there: bool) -> None:
    topic = choice.prepared(Topic("t", "Т", (keyword,)), forms)
    for made in (article(1, f"<p>{words}</p>"), article(1, "<p>Інше.</p>", title=words)):
        assert ("feed/t" in choice.titles_by_collection(stored(made), KYIV, [topic])) is is_there


def test_a_keyword_counts_in_the_name_of_a_document_too() -> None:
    topic = choice.prepared(Topic("t", "Т", ("субсидія",)), forms)
    made = replace(
        article(1, "<p>Опубліковано графік.</p>"), files=(Attachment(f"{HOST}/1.pdf", "Графік виплати субсидій"),)
    )
    assert "feed/t" in choice.titles_by_collection(stored(made), KYIV, [topic])


def test_a_topic_may_ask_for_categories_as_well() -> None:
    topic = choice.prepared(Topic("t", "Тема", ("вакансія",), ("оголошення",)), forms)
    found = choice.titles_by_collection(stored(article(categories=("Новини", "Оголошення"))), KYIV, [topic])
    assert found == {
        "archive/2025-06": "2025-06",
        "category/novyny": "Новини",
        "category/oholoshennia": "Оголошення",
        "feed/t": "Тема",
    }


def test_a_month_is_the_month_of_the_council_s_people() -> None:
    night = stored(article(date="2025-06-30T23:30:00+00:00"))  # half past two in the morning of 1 July in Kyiv
    assert next(iter(choice.titles_by_collection(night, KYIV, []))) == "archive/2025-07"


@pytest.mark.parametrize("title", ["Ειδήσεις", "Довга назва " * 9, "Ահա"])
def test_typography_makes_no_other_category_in_another_script_either(title: str) -> None:
    assert choice.slug(title) == choice.slug(f"«{title.upper()}»")
