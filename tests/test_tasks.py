"""What people come for, done on the published pages with taps counted, from the page of all councils on.

A tap is a link that is followed, a button, or a row in the device's share sheet. What an app then asks is its own.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from lxml import html

from feedpub.model import Topic
from tests.town import Town

BASE = "https://feeds.example.org/"
VACANCIES = Topic("vakansii", "Вакансії", ("вакансія", "пункт незламності"))
SUBSCRIBE, SEND, SHARE = "Підписатися", "Передати в програму", "Поділитися"
AID = "Гранти для громадських організацій: корисні посилання"


class Hand:
    """Somebody with a phone and no other place to read than the published pages: the council's site is down."""

    def __init__(self, town: Town) -> None:
        self.files = town.published()
        self.taps = 0
        self.address = BASE
        self.shared = ""  # what the share sheet was given

    @property
    def page(self) -> Any:
        return html.document_fromstring(self.files[self.file(self.address)].decode())

    def file(self, address: str) -> str:
        path = urlsplit(address).path.removeprefix("/")
        return f"{path}index.html" if path.endswith("/") or not path else path

    def tap(self, words: str) -> Hand:
        """Follow the first link with these words at its beginning, or press such a button."""
        self.taps += 1
        for one in self.page.iter("a", "button"):
            if _said(one).startswith(words):
                return self._use(one)
        raise AssertionError(f"{self.address}: nothing to tap says {words}")

    def _use(self, one: Any) -> Hand:
        if one.tag == "button":
            self.shared = one.get("data-feed") or one.get("data-share")
            return self
        address = urljoin(self.address, one.get("href"))
        assert address.startswith(BASE), f"{address} is not on our pages"
        assert self.file(address) in self.files, f"{address} is not there"
        self.address = address
        return self

    def choose_app(self) -> Hand:
        assert self.shared.startswith(BASE)
        self.taps += 1
        return self

    def reads(self) -> str:
        """What stands on the page, or below the place that the address leads to."""
        anchor = urlsplit(self.address).fragment
        part = self.page.get_element_by_id(anchor) if anchor else self.page.find(".//main")
        return " ".join(part.text_content().split())


def _said(element: Any) -> str:
    return " ".join(element.text_content().split())


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    made = Town(tmp_path_factory.mktemp("town"))
    made.source = replace(made.source, topics=(VACANCIES,))
    made.begin()
    return made


def whole_text(town: Town, title: str) -> list[str]:
    [one] = [a for a in town.site.articles if a.expected_title == title]
    return [" ".join(line.split()) for line in one.text]


def test_to_subscribe_on_a_phone_takes_three_taps(town: Town) -> None:
    hand = Hand(town).tap(SUBSCRIBE).tap(SEND).choose_app()
    assert hand.shared == f"{BASE}zrazkiv/atom.xml"
    assert hand.taps == 3


def test_to_take_only_vacancies_takes_four(town: Town) -> None:
    hand = Hand(town).tap("Вакансії").tap(SUBSCRIBE).tap(SEND).choose_app()
    assert hand.shared == f"{BASE}zrazkiv/feed/vakansii/atom.xml"
    assert hand.taps == 4


def test_a_whole_item_is_read_after_one_tap(town: Town) -> None:
    hand = Hand(town).tap(AID)
    assert all(line in hand.reads() for line in whole_text(town, AID))
    assert hand.taps == 1


def test_last_month_s_notice_is_found_by_the_archive_in_three_without_scripts_and_without_search(town: Town) -> None:
    notice = "Повітряна тривога: чергові служби на місцях"
    hand = Hand(town).tap("Усі новини").tap("жовтень 2025").tap(notice)
    assert all(line in hand.reads() for line in whole_text(town, notice))
    assert hand.taps == 3


def test_it_is_found_without_pictures_in_four(town: Town) -> None:
    notice = "Повітряна тривога: чергові служби на місцях"
    hand = Hand(town).tap("Сторінка без зображень").tap("Архів").tap("жовтень").tap(notice)
    assert all(line in hand.reads() for line in whole_text(town, notice))
    assert (hand.taps, "/text/archive/2025-10/3/#" in hand.address) == (4, True)


def test_an_item_is_forwarded_in_three(town: Town) -> None:
    hand = Hand(town).tap(AID).tap(SHARE).choose_app()
    assert re.fullmatch(rf"{BASE}zrazkiv/item/[a-z2-7]{{12}}\.html", hand.shared)
    assert hand.taps == 3
