"""Languages side by side: a key says which one a source publishes, and ``learn`` proposes it."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from feedpub.collecting import accounts
from feedpub.collecting.beside import _differ_in_language, hosts_beside, language_by_words, languages_beside
from feedpub.collecting.wanted import Foreign, foreign_language, foreign_row
from feedpub.content import Listing, Page, Row
from feedpub.errors import FetchError
from feedpub.html.tongue import language_in, language_of_words
from feedpub.model import Site
from tests.made import article
from tests.plain import LAYOUT, Plain, items_of, listing, plain_town, said_by, story
from tests.town import HOME

UKRAINIAN = (
    "Міська рада повідомляє, що ремонт вулиці триватиме до кінця місяця. Просимо мешканців обирати інші шляхи, а водіїв"
    " зважати на знаки. Графік робіт оприлюднено на дошці оголошень біля входу до будинку культури."
)
ENGLISH = (
    "The council informs that the repair of the street will be going on to the end of the month. We ask the people of"
    " the town to use other ways, and the drivers to look at the signs. The timetable is on the board at the entrance."
)
RUSSIAN = (
    "Городской совет сообщает, что ремонт улицы продлится до конца месяца. Просим жителей выбирать другие пути, а"
    " водителей обращать внимание на знаки. Графики работ вывешены на доске объявлений у входа в дом культуры."
)
POLISH = (
    "Rada miasta informuje, że remont ulicy jest prowadzony do końca miesiąca i nie będzie przejazdu na moście. Prosimy"
    " o wybór innych dróg oraz o uwagę na znaki. Plan robót jest na tablicy przy wejściu do domu kultury, jak co roku."
)


def site() -> Plain:
    made = Plain()
    made.pages = {
        "/": listing({"/uk/9": "Ремонт", "/en/9": "Repair", "/uk/8": "Концерт", "/en/8": "Concert"}),
        "/uk/9": story("Ремонт", f"<p>{UKRAINIAN}</p>"),
        "/en/9": story("Repair", f"<p>{ENGLISH}</p>", lang="en"),
        "/uk/8": story("Концерт", "<p>Концерт у парку.</p>"),
        "/en/8": story("Concert", "<p>A concert in the park.</p>", lang="en-GB"),
    }
    return made


def test_without_the_key_all_are_published(tmp_path: Path) -> None:
    town = plain_town(tmp_path, site())
    assert said_by(town.run()) == []
    assert set(items_of(town)) == {"Ремонт", "Repair", "Концерт", "Concert"}


def test_with_it_the_others_are_left_out_and_named_once(tmp_path: Path) -> None:
    town = plain_town(tmp_path, site(), languages=("uk",))
    why = "en: lang of its page and its address"
    (said,) = said_by(town.run())
    assert said.startswith("2 articles are left out, since this source publishes uk alone (languages): ")
    assert all(f"{HOME}{path} ({why})" in said for path in ("/en/9", "/en/8"))
    assert set(items_of(town)) == {"Ремонт", "Концерт"}
    town.asked.clear()
    assert said_by(town.run(days=3)) == []
    assert not any("/en/" in asked for asked in town.asked)


def test_a_language_that_is_published_later_is_taken_in(tmp_path: Path) -> None:
    town = plain_town(tmp_path, site(), languages=("uk",))
    town.run()
    town.source = replace(town.source, languages=("uk", "en"))
    assert said_by(town.run(days=1)) == []
    assert len(items_of(town)) == 4


def test_what_was_published_before_the_key_stays_and_is_mended(tmp_path: Path) -> None:
    made = site()
    town = plain_town(tmp_path, made)
    town.run()
    town.source = replace(town.source, languages=("uk",))
    made.pages["/en/9"] = story("Repair", f"<p>{ENGLISH} It will end earlier.</p>", lang="en")
    assert said_by(town.run(days=3)) == []
    assert len(items_of(town)) == 4
    assert items_of(town)["Repair"].article.text.endswith("It will end earlier.")


def judged(url: str, lang: str, words: str, head: str = "") -> Foreign | None:
    page = Page(HOME + url, HOME + url, f'<html lang="{lang}"><head>{head}</head><body>{words}</body></html>')
    return foreign_language(page, article(body=f"<p>{words}</p>", title="2026"), ("uk",))


EN = '<link rel="alternate" hreflang="en" href="/a"><link rel="alternate" hreflang="uk" href="/b">'


@pytest.mark.parametrize(
    ("url", "lang", "words", "head", "foreign"),
    [
        ("/a", "en", ENGLISH, "", Foreign("en", "lang of its page")),
        ("/a", "", "Short.", EN, Foreign("en", "hreflang of its page")),
        ("/en/a", "", "Short.", "", Foreign("en", "its address")),
        ("/a?lang=en", "", "Short.", "", Foreign("en", "its address")),
        ("/a", "", ENGLISH, "", Foreign("en", "its words")),
        ("/a", "", RUSSIAN, "", Foreign("ru", "its words")),
        ("/en/a", "uk", ENGLISH, "", Foreign("en", "its address")),  # the marks disagree, the words decide
        ("/en/a", "uk", "Short.", "", None),
        ("/a", "en", UKRAINIAN, "", None),  # a theme that calls every page English
        ("/en/a", "en", UKRAINIAN, "", None),
        ("/a", "uk", ENGLISH, "", None),  # a letter in English among the council's Ukrainian pages
        ("/a", "", "Коротко.", "", None),
        ("/a", "ua", UKRAINIAN, "", None),
    ],
)
def test_marks_decide_and_words_keep_what_is_in_the_language(
    url: str, lang: str, words: str, head: str, foreign: Foreign | None
) -> None:
    assert judged(url, lang, words, head) == foreign


@pytest.mark.parametrize(
    ("words", "language"),
    [
        (UKRAINIAN, "uk"),
        (ENGLISH, "en"),
        (RUSSIAN, "ru"),
        (POLISH, "pl"),
        ("Short.", None),
        (UKRAINIAN + ENGLISH, None),
    ],
)
def test_a_text_s_language_is_told_by_its_letters_and_its_common_words(words: str, language: str | None) -> None:
    assert language_of_words(words) == language


@pytest.mark.parametrize(
    ("url", "language", "rest"),
    [
        ("/uk/a", "uk", "zrazkiv.example/a"), ("/ua/a?x=1", "uk", "zrazkiv.example/a?x=1"),
        ("/a", "", "zrazkiv.example/a"), ("/a?lang=en", "en", "zrazkiv.example/a"),
        ("/enter/a", "", "zrazkiv.example/enter/a"),
    ],
)  # fmt: skip
def test_an_address_has_a_language_s_code(url: str, language: str, rest: str) -> None:
    assert language_in(HOME + url) == (language, rest)
    assert language_in("https://en.rada.example/a") == ("en", "rada.example/a")


# ------------------------------------------------------------ lines without a page of the council's

EN_HOST = "https://en.zrazkiv.example"


@pytest.mark.parametrize(
    ("title", "teaser", "target", "foreign"),
    [
        ("The bridge is open again", "", f"{EN_HOST}/news/9", Foreign("en", "its address")),
        ("Decision of the session", "", f"{HOME}/en/files/decision.pdf", Foreign("en", "its address")),
        ("Open letter", ENGLISH, f"{HOME}/files/letter.pdf", Foreign("en", "its words")),
        ("Объявление", RUSSIAN, f"{HOME}/files/1.pdf", Foreign("ru", "its words")),
        ("Объявление о ярмарке", "", f"{HOME}/ru/files/1.pdf", Foreign("ru", "its address")),
        ("Рішення сесії", "", f"{HOME}/en/files/1.pdf", None),  # a folder's name, and Ukrainian words
        ("Оголошення", "", f"{HOME}/ru/files/1.pdf", None),
        ("Конкурс", "", f"{HOME}/ru/files/1.pdf", None),  # no letter tells
        ("Вулиця Івана Быкова", "", f"{HOME}/ru/files/1.pdf", None),
        ("Horizon Europe 2027", "", "https://ec.europa.example/call", None),
        ("2027", "", f"{HOME}/en/files/1.pdf", None),
        ("The bridge is open again", UKRAINIAN, f"{EN_HOST}/news/9", None),
        ("Прийом скасовано", "", None, None),
    ],
)
def test_a_line_has_the_language_of_its_words_and_of_its_target(
    title: str, teaser: str, target: str | None, foreign: Foreign | None
) -> None:
    row = Row(title, None, (teaser,), target)
    assert foreign_row(row, ("uk",)) == foreign
    assert foreign_row(row, ()) is None


def test_a_line_in_another_language_is_left_out_and_named_once(tmp_path: Path) -> None:
    line = f'<div class="row"><time>2026-11-08</time><a href="{EN_HOST}/9">The bridge is open again</a></div>'
    made = site()
    made.pages["/"] = made.pages["/"].replace("<main>", f"<main>{line}")
    town = plain_town(tmp_path, made, languages=("uk",), layout=replace(LAYOUT, item_date=("time",)))
    (said,) = [one for one in said_by(town.run()) if "bridge" in one]
    assert said == (
        f"{HOME}/: 'The bridge is open again' is left out, since this source publishes uk alone (languages): en by its"
        " address"
    )
    assert said_by(town.run(days=1)) == []
    assert set(items_of(town)) == {"Ремонт", "Концерт"}
    with closing(town.store()) as store:
        reasons = {one.name: one.reason for one in accounts.absent(town.council(store))}
    assert reasons["The bridge is open again"] == "it is in en, which this source does not publish"
    town.source = replace(town.source, languages=("uk", "en"))
    town.run(days=1)
    assert "The bridge is open again" in items_of(town)


def test_a_line_that_was_published_before_the_key_stays(tmp_path: Path) -> None:
    line = f'<div class="row"><time>2026-11-08</time><a href="{EN_HOST}/9">The bridge is open again</a></div>'
    made = site()
    made.pages["/"] = made.pages["/"].replace("<main>", f"<main>{line}")
    town = plain_town(tmp_path, made, layout=replace(LAYOUT, item_date=("time",)))
    town.run()
    town.source = replace(town.source, languages=("uk",))
    assert said_by(town.run(days=1)) == []
    assert "The bridge is open again" in items_of(town)


# ------------------------------------------------------------ what learn proposes


@dataclass
class Given:
    """Pages by address, in place of the network."""

    pages: dict[str, str]

    def page(self, url: str) -> Page:
        if url not in self.pages:
            raise FetchError(url, "answers 404")
        return Page(url, url, self.pages[url])

    def page_if_changed(self, url: str, *_: object) -> Page:
        return self.page(url)


def test_learn_proposes_a_host_of_the_council_to_which_several_lines_lead() -> None:
    readable = [f"{EN_HOST}/9", f"{EN_HOST}/8", "https://one.zrazkiv.example/1", "https://facebook.example/1",
                "https://facebook.example/2"]  # fmt: skip
    maps = ["https://gis.zrazkiv.example/a", "https://gis.zrazkiv.example/b"]
    gone = ["https://old.zrazkiv.example/1", "https://old.zrazkiv.example/2"]
    listed = Listing((), None, Site(), rows=tuple(Row(url, None, (), url) for url in (*readable, *maps, *gone)))
    given = Given(dict.fromkeys(readable, story("Bridge", f"<p>{ENGLISH}</p>")) | dict.fromkeys(maps, "<p>Карта</p>"))
    assert list(hosts_beside(listed, f"{HOME}/", LAYOUT, given)) == ["en.zrazkiv.example"]


@pytest.mark.parametrize(
    ("host", "other", "beside"),
    [
        ("uk.rada.example", "en.rada.example", True),
        ("uk.rada.example", "en.other.example", False),
        ("uk.rada.example", "ua.rada.example", False),  # two codes of one language
        ("news.rada.example", "en.rada.example", False),
        ("rada.example", "sport.example", False),
    ],
)
def test_hosts_that_differ_in_the_language_s_code_alone_are_of_one_council(host: str, other: str, beside: bool) -> None:
    assert _differ_in_language(host, other) is beside


@pytest.mark.parametrize(
    ("texts", "language"),
    [
        ([UKRAINIAN, UKRAINIAN, ENGLISH], "uk"),
        ([ENGLISH, UKRAINIAN], "en"),
        ([ENGLISH, UKRAINIAN, UKRAINIAN], "uk"),
        (["Коротко."], "en"),
        ([], "en"),
    ],
)
def test_the_words_of_most_articles_tell_the_language_whatever_a_theme_calls_itself(
    texts: list[str], language: str
) -> None:
    pages = [Page(f"{HOME}/{n}", f"{HOME}/{n}", story("Новина", f"<p>{t}</p>")) for n, t in enumerate(texts)]
    assert language_by_words("en", pages, LAYOUT) == language


def test_learn_proposes_the_key_where_news_are_listed_twice() -> None:
    twins = [f"{HOME}{path}" for path in ("/uk/9", "/en/9", "/uk/8", "/en/8")]
    assert languages_beside(twins, []) == (
        f"it names the same news in several languages, such as {HOME}/uk/9 and {HOME}/en/9"
    )
    named = Page(f"{HOME}/a", f"{HOME}/a", f"<html><head>{EN}</head></html>")
    assert languages_beside([f"{HOME}/a", f"{HOME}/b"], [named]) == (
        f"it names the same news in several languages: {HOME}/a says that {HOME}/b is its translation"
    )


@pytest.mark.parametrize(
    "paths", [("/uk/9", "/uk/8"), ("/uk/9", "/en/8"), ("/uk/9", "/en/9", "/uk/8"), ("/9", "/8", "/en/about"), ("/a",)]
)
def test_learn_proposes_nothing_else(paths: tuple[str, ...]) -> None:
    named = Page(f"{HOME}/a", f"{HOME}/a", f"<html><head>{EN}</head></html>")
    assert languages_beside([f"{HOME}{path}" for path in paths], [named]) is None
