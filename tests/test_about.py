"""Who publishes the pages, what they are known to lack, and what is shown where there is nothing."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from lxml import html

from feedpub import publishing
from feedpub.cli import saying
from tests.council import Council
from tests.test_pages import BASE
from tests.town import Town

STATEMENT = "about/accessibility/index.html"
CONTACT = 'contact = "https://example.org/feeds"'


@pytest.fixture
def town(tmp_path: Path) -> Town:
    made = Town(tmp_path)
    made.begin()
    return made


def tree(town: Town, name: str) -> Any:
    return html.document_fromstring(town.published()[name].decode())


def front_for(town: Town, **changes: Any) -> None:
    with closing(town.store()) as store:
        publishing.emit_front([town.council(store)], replace(town.target, **changes), town.now)


# ------------------------------------------------------------ where there is nothing


@pytest.mark.long
def test_the_page_for_what_is_not_there_leads_home_from_any_depth_and_is_small(town: Town) -> None:
    page = tree(town, "404.html")
    links = [a.get("href") for a in page.iter("a") if a.get("href") != "#news"]
    assert links == [BASE, f"{BASE}about/"]
    assert all(urlsplit(link).netloc for link in links)
    assert len(town.published()["404.html.br"]) < 5_000
    assert "Такої сторінки немає" in page.text_content()


def test_who_is_named_in_each_request_has_a_page_before_there_is_news(council: Council) -> None:
    council.site.articles.clear()
    council.feedpub("run")
    names = {p.relative_to(council.folder / "public").as_posix() for p in (council.folder / "public").rglob("*.html")}
    assert names == {"404.html", "about/index.html", STATEMENT}


# ------------------------------------------------------------ the accessibility statement


def test_the_statement_has_the_parts_of_the_european_model_in_the_council_s_language_and_in_english(town: Town) -> None:
    page = tree(town, STATEMENT)
    english = page.find(".//section[@lang='en']")
    assert [h.text_content() for h in english.iter("h2", "h3")] == [
        "Accessibility statement", "Compliance status", "Non-accessible content", "Preparation of this statement",
        "Feedback and contact", "Enforcement procedure",
    ]  # fmt: skip
    ukrainian = page.text_content()
    for words in ("ДСТУ EN 301 549:2022", "Стан відповідності", "Що недоступне", "29 листопада 2026", "Оскарження"):
        assert words in ukrainian
    town.source = replace(town.source, language="en")
    town.run(days=1)
    assert tree(town, STATEMENT).find(".//section") is None


def test_the_statement_says_how_to_reach_the_publisher_or_that_nobody_has_said(town: Town) -> None:
    front_for(town, contact="mailto:a@b.example")
    assert [a.text for a in tree(town, STATEMENT).iter("a")].count("a@b.example") == 2
    front_for(town, contact=f"{BASE}about/")
    assert "Видавець не вказав, як із ним зв’язатися." in tree(town, STATEMENT).text_content()


# ------------------------------------------------------------ how to reach the publisher


def with_contact(council: Council, contact: str, publish: str = "") -> None:
    text = council.config.read_text(encoding="utf-8")
    text = text.replace(CONTACT, f'contact = "{contact}"').replace("[publish]\n", f"[publish]\n{publish}")
    council.config.write_text(text, encoding="utf-8")


@pytest.mark.long
@pytest.mark.parametrize("contact", [f"{BASE}about", f"{BASE}about/"])
def test_that_the_contact_is_the_page_itself_and_reaches_nobody_is_said_once(council: Council, contact: str) -> None:
    with_contact(council, contact)
    ran = council.feedpub("run")
    assert (ran.code, ran.err) == (0, f"feedpub: {saying.UNREACHABLE}\n")
    assert council.feedpub("run").err == ""
    assert council.feedpub("publish").err == ""
    with_contact(council, contact, 'email = "a@b.example"\n')
    assert council.feedpub("run").err == ""
    about = (council.folder / "public/about/index.html").read_text(encoding="utf-8")
    assert '<a href="mailto:a@b.example">a@b.example</a>' in about
    assert council.feedpub("check").code == 0


@pytest.mark.parametrize("contact", [f"{BASE}about", "mailto:a@b.example", "https://example.org/feeds"])
def test_with_an_address_nothing_is_said(council: Council, contact: str) -> None:
    with_contact(council, contact, 'email = "a@b.example"\n')
    assert (council.feedpub("run").err, council.feedpub("check").code) == ("", 0)


@pytest.mark.long
def test_check_says_that_the_contact_among_the_published_files_is_not_there(council: Council) -> None:
    with_contact(council, f"{BASE}contact.html")
    council.feedpub("run")
    ran = council.feedpub("check")
    assert ran.code == 1
    assert f"about/index.html: the page: leads to {BASE}contact.html, and nothing is there" in ran.out
    (council.folder / "public/contact.html").write_text("<title>a</title>")  # an operator puts it there
    assert council.feedpub("check").code == 0
