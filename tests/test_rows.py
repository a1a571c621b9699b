"""What a listing names arrives, though it leads to no page of the council's; and what does not arrive is said."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest

from feedpub.collecting import accounts
from feedpub.collecting.learn import Context, hosts_of_list
from feedpub.content import Page
from tests.drupal.site import Answer
from tests.town import HOME, Town, items_of, said_by, town_with

NOON = datetime(2026, 11, 9, 12, tzinfo=UTC)
TITLES = (
    "Міст через річку знову відкрито", "Опалення вже в усіх школах", "Нові автобуси для північного району",
    "Бібліотека переїхала до старого ринку", "Рада ухвалила бюджет на наступний рік",
    "Воду вимкнуть на двох вулицях", "Лікарі приймуть родини у суботу", "Ліхтарі у парку полагоджено",
)  # fmt: skip
WORDS = (
    "вулиця", "криниця", "громада", "сесія", "рішення", "депутат", "садок", "лікарня", "дорога", "ремонт", "бюджет",
    "школа", "вода",
)  # fmt: skip
NEWS = "https://news.zrazkiv.example"


def day(n: int) -> str:
    return f"{NOON - timedelta(days=n):%d.%m.%Y}"


def sentence(n: int, k: int) -> str:
    words = [WORDS[(n * 7 + k * 5 + j * j + n * j) % len(WORDS)] for j in range(14)]
    return f"{' '.join(words)} {n}{k}."


def box(n: int, inner: str) -> str:
    return f'<div class="row"><span class="when">{day(n)}</span>{inner}</div>'


@dataclass
class Site:
    """A listing with eight articles, and the boxes that a test puts above them."""

    above: list[str] = field(default_factory=list)
    articles_at: str = ""  # another host; "": the listing's own
    broken: set[str] = field(default_factory=set)  # paths
    lists_dates: bool = True
    rubric: str = ""  # a link above each title

    def answer(self, _method: str, target: str, _headers: dict[str, str], _base: str) -> Answer:
        path = urlsplit(target).path
        number = path.removeprefix("/novyna/")
        if path in self.broken:
            return Answer(HTTPStatus.INTERNAL_SERVER_ERROR, (), b"")
        if path == "/":
            rows = [self._row(n) for n in range(len(TITLES))]
            return _page("Новини", f'<div class="list">{"".join([*self.above, *rows])}</div>')
        if number.isdecimal() and int(number) < len(TITLES):
            return _page(TITLES[int(number)], self._article(int(number)))
        return Answer(HTTPStatus.NOT_FOUND, (), b"")

    def _row(self, n: int) -> str:
        row = box(
            n + 3,
            f'{self.rubric}<h3><a href="{self.articles_at}/novyna/{n}">{TITLES[n]}</a></h3><p>{sentence(n, 0)}</p>',
        )
        return row if self.lists_dates else row.replace(day(n + 3), "")

    def _article(self, n: int) -> str:
        text = "".join(f"<p>{sentence(n, k)}</p>" for k in range(5))
        head = f'<h1>{TITLES[n]}</h1><i class="when">{day(n + 3)}</i>'
        return f'<div class="story">{head}<div class="text">{text}</div></div>'


def _page(title: str, content: str) -> Answer:
    page = f'<html lang="uk"><head><title>{title}</title></head><body><div class="main">{content}</div></body></html>'
    return Answer(HTTPStatus.OK, (("Content-Type", "text/html; charset=utf-8"),), page.encode())


def town(folder: Path, site: Site, hosts: tuple[str, ...] = ()) -> Town:
    return town_with(folder, site, NOON, hosts=hosts)


def absent(made: Town) -> dict[str, str]:
    with closing(made.store()) as store:
        return {one.name: one.reason for one in accounts.absent(made.council(store))}


# ------------------------------------------------------------ news without a page

DOCUMENT = box(0, '<h3><a href="/files/rishennia-10.pdf">Рішення сесії № 10</a></h3><p>Про тарифи на воду.</p>')
ELSEWHERE = box(1, '<h3><a href="https://www.facebook.com/rada/posts/5">Пряма трансляція сесії</a></h3>')
NO_LINK = box(2, "<h3>Прийом громадян скасовано</h3><p>Про новий день повідомимо окремо.</p>")


def test_a_document_among_the_news_is_an_item_with_the_document(tmp_path: Path) -> None:
    made = town(tmp_path, Site([DOCUMENT]))
    assert said_by(made) == []
    item = items_of(made)["Рішення сесії № 10"].article
    assert f"{item.published:%Y-%m-%d}" == "2026-11-09"
    assert item.text == "Про тарифи на воду."
    assert [f.url for f in item.files] == [f"{HOME}/files/rishennia-10.pdf"]
    assert item.url.startswith(f"{HOME}/#feedpub-")
    for name in ("rss.xml", "atom.xml", "feed.json"):
        assert b"/files/rishennia-10.pdf" in made.feed(name)


def test_news_elsewhere_are_items_with_a_link_to_both(tmp_path: Path) -> None:
    made = town(tmp_path, Site([ELSEWHERE]))
    assert said_by(made) == []
    item = items_of(made)["Пряма трансляція сесії"].article
    assert 'href="https://www.facebook.com/rada/posts/5"' in item.body_html
    assert item.url.startswith(f"{HOME}/#feedpub-")
    assert not any("facebook" in asked for asked in made.asked)


def test_a_line_without_a_link_is_an_item(tmp_path: Path) -> None:
    made = town(tmp_path, Site([NO_LINK]))
    assert said_by(made) == []
    item = items_of(made)["Прийом громадян скасовано"].article
    assert (item.text, f"{item.published:%Y-%m-%d}") == ("Про новий день повідомимо окремо.", "2026-11-07")


def test_a_link_to_a_rubric_is_not_what_a_line_leads_to(tmp_path: Path) -> None:
    rubric = '<a class="rubric" href="/rubryka/anonsy">Анонси</a>'
    made = town(tmp_path, Site([NO_LINK.replace("<h3>", f"{rubric}<h3>")], rubric=rubric))
    assert said_by(made) == []
    assert "rubryka" not in items_of(made)["Прийом громадян скасовано"].article.body_html


@pytest.mark.sqlite
def test_lines_that_stand_as_they_did_cost_no_write_and_are_no_looks_at_items(tmp_path: Path) -> None:
    """The brake weighs changes against looks: lines that are read at every run would loosen it."""
    made = town(tmp_path, Site([DOCUMENT, ELSEWHERE, NO_LINK]))
    made.run()
    before = made.state.read_bytes()
    made.run(days=0.01)
    assert made.state.read_bytes() == before


def test_an_item_that_its_listing_finds_is_not_without_an_address(tmp_path: Path) -> None:
    made = town(tmp_path, Site([DOCUMENT, NO_LINK]))
    made.run()
    with closing(made.store()) as store:
        assert store.of(made.source.id).visits.homeless(made.now) == []


def test_such_items_are_the_same_at_the_next_run_and_after_a_later_line(tmp_path: Path) -> None:
    site = Site([DOCUMENT, ELSEWHERE, NO_LINK])
    made = town(tmp_path, site)
    made.run()
    before = {title: s.id for title, s in items_of(made).items()}
    feeds = made.feeds()
    made.run(days=0.1)
    assert made.feeds() == feeds
    site.above.insert(0, box(0, '<h3><a href="/files/rishennia-11.pdf">Рішення сесії № 11</a></h3>'))
    made.run(days=0.1)
    after = {title: s.id for title, s in items_of(made).items()}
    assert after.items() > before.items()
    assert len(set(after.values())) == 12


@pytest.mark.parametrize(
    ("form", "days"),
    [
        ("<h3><a href='/plan.pdf'>{}</a></h3>", (0, 30)),
        ("<h3><a href='https://t.me/rada'>{}</a></h3>", (1, 1)),
        ("<h3>{}</h3>", (1, 1)),
    ],
    ids=["a document put in place of another", "a channel linked twice", "no link"],
)  # fmt: skip
def test_two_lines_are_two_items_though_they_lead_to_one_address(
    tmp_path: Path, form: str, days: tuple[int, int]
) -> None:
    titles = ("План робіт на зиму", "Відбій повітряної тривоги")
    made = town(tmp_path, Site([box(n, form.format(title)) for n, title in zip(days, titles, strict=True)]))
    made.run()
    assert items_of(made).keys() == {*titles, *TITLES}


def test_such_an_item_is_the_same_where_the_listing_has_another_address(tmp_path: Path) -> None:
    made = town(tmp_path, Site([DOCUMENT]))
    made.run()
    before = items_of(made)["Рішення сесії № 10"]
    made.source = replace(made.source, listings=(f"{HOME}/?spysok=novyny",))
    made.run(days=0.1)
    after = items_of(made)["Рішення сесії № 10"]
    assert (len(items_of(made)), after.id) == (len(TITLES) + 1, before.id)
    assert after.article.url.startswith(f"{HOME}/?spysok=novyny#feedpub-")


def test_a_document_needs_no_date_and_an_advertisement_s_link_makes_no_news(tmp_path: Path) -> None:
    document = '<div class="row"><h3><a href="/files/rishennia-12.pdf">Рішення сесії № 12</a></h3></div>'
    advert = '<div class="row"><h3><a href="https://shop.example/">Купуйте вікна у нас</a></h3></div>'
    made = town(tmp_path, Site([document, advert]))
    [line] = said_by(made)
    assert "'Купуйте вікна у нас' stands among the news and is left out" in line
    assert items_of(made).keys() == {"Рішення сесії № 12", *TITLES}


@pytest.mark.long
def test_a_lost_state_gives_such_an_item_its_id_again(tmp_path: Path) -> None:
    site = Site([DOCUMENT])
    made = town(tmp_path, site)
    made.run()
    before = items_of(made)["Рішення сесії № 10"].id
    made.recover()
    site.above.clear()  # the listing has moved on, and there is no page to read it from
    made.run(days=0.1)
    assert items_of(made)["Рішення сесії № 10"].id == before
    site.above.append(DOCUMENT)
    made.run(days=0.1)
    assert [f.label for f in items_of(made)["Рішення сесії № 10"].article.files] == ["Рішення сесії № 10"]


def test_an_advertisement_among_the_news_is_none_and_a_line_that_says_nothing_readable_is_said_once(
    tmp_path: Path,
) -> None:
    advert = '<div class="row"><script>show()</script></div>'
    odd = '<div class="row"><p>Щось без дати та посилання</p></div>'
    made = town(tmp_path, Site([advert, odd]))
    [line] = said_by(made)
    assert "'Щось без дати та посилання' stands among the news and is left out" in line
    assert set(items_of(made)) == set(TITLES)
    made.now += timedelta(hours=30)
    assert said_by(made) == []
    assert absent(made) == {"Щось без дати та посилання": "it has no title, or no date and no link"}


# ------------------------------------------------------------ the council's other hosts


def test_articles_on_another_host_of_the_council_are_read_where_the_configuration_names_it(tmp_path: Path) -> None:
    made = town(tmp_path, Site(articles_at=NEWS), hosts=("news.zrazkiv.example",))
    made.bases[NEWS] = NEWS
    assert said_by(made) == []
    assert set(items_of(made)) == set(TITLES)
    assert {s.article.url.partition("/novyna")[0] for s in items_of(made).values()} == {NEWS}


def test_where_it_does_not_the_message_and_the_learner_propose_the_host(tmp_path: Path) -> None:
    site = Site(articles_at=NEWS)
    [line] = said_by(town(tmp_path, site))
    assert "if it is the council's own, say hosts = ['news.zrazkiv.example'] in its [[source]]" in line
    page = Page(f"{HOME}/", f"{HOME}/", site.answer("GET", "/", {}, HOME).body.decode())
    assert hosts_of_list(page, Context(ZoneInfo("UTC"), "uk", NOON)) == ("news.zrazkiv.example",)


def test_a_host_of_another_name_is_not_proposed(tmp_path: Path) -> None:
    [line] = said_by(town(tmp_path, Site(articles_at="https://facebook.example")))
    assert "links to another host, and no news of the site: facebook.example" in line
    assert "hosts =" not in line


def test_two_hosts_may_have_articles_of_one_path(tmp_path: Path) -> None:
    """Unlike a host that the council had before, another host is another site."""
    site = Site(articles_at=NEWS)
    site.above = [box(0, f'<h3><a href="{HOME}/novyna/0">{TITLES[0]} удруге</a></h3><p>{sentence(90, 0)}</p>')]
    made = town(tmp_path, site, hosts=("news.zrazkiv.example",))
    made.bases[NEWS] = NEWS
    made.run()
    with closing(made.store()) as store:
        council = made.council(store)
        assert council.key_of(f"{NEWS}/novyna/0") != council.key_of(f"{HOME}/novyna/0")


# ------------------------------------------------------------ the account


def fail(site: Site) -> None:
    site.broken.add("/novyna/2")


@pytest.mark.parametrize(
    ("happens", "reason"),
    [(fail, "its page could not be read 1 times: the server answers 500 Internal Server Error")],
)
def test_what_a_listing_names_and_no_feed_holds_has_its_reason(
    tmp_path: Path, happens: Callable[[Site], None], reason: str
) -> None:
    site = Site()
    happens(site)
    made = town(tmp_path, site)
    made.run()
    assert absent(made) == {f"{HOME}/novyna/2": reason}


@pytest.mark.long
def test_the_page_that_heals_gives_the_date_that_the_listing_did_not_have(tmp_path: Path) -> None:
    site = Site(lists_dates=False, broken={"/novyna/2"})
    made = town(tmp_path, site)
    for _ in range(3):
        made.run(days=0.05)
    assert (items_of(made)[TITLES[2]].article.published, absent(made)) == (None, {})
    site.broken.clear()
    made.run(days=1)
    assert f"{items_of(made)[TITLES[2]].article.published:%d.%m.%Y}" == day(5)


def test_an_article_in_a_language_that_is_not_published_is_accounted_for(tmp_path: Path) -> None:
    made = town(tmp_path, Site())
    made.run()
    with closing(made.store()) as store, store.of(made.source.id).transaction():
        item = items_of(made)[TITLES[4]]
        store.db.execute("UPDATE visit SET item = NULL, words = 'left out: en' WHERE item = ?", (item.id,))
        store.db.execute("DELETE FROM address WHERE item = ?", (item.id,))
    assert absent(made) == {f"{HOME}/novyna/4": "it is in en, which this source does not publish"}


def test_an_item_that_was_withdrawn_is_accounted_for(tmp_path: Path) -> None:
    made = town(tmp_path, Site())
    made.run()
    made.withdraw(items_of(made)[TITLES[1]])
    assert list(absent(made)) == [f"{HOME}/novyna/1"]
    assert absent(made)[f"{HOME}/novyna/1"].startswith("it was withdrawn")


def test_an_article_that_is_lost_for_no_reason_is_an_error(tmp_path: Path) -> None:
    made = town(tmp_path, Site())
    made.run()
    with closing(made.store()) as store, store.of(made.source.id).transaction():
        item = items_of(made)[TITLES[3]]
        store.db.execute("DELETE FROM address WHERE item = ?", (item.id,))
        store.db.execute("DELETE FROM member WHERE item = ?", (item.id,))
        store.db.execute("UPDATE visit SET item = NULL, due = NULL, etag = NULL WHERE item = ?", (item.id,))
        store.db.execute("DELETE FROM item WHERE id = ?", (item.id,))
    lines = [o.message or "" for o in made.run(days=0.01) if o.verdict is None]
    assert [line.partition(":")[2] for line in lines if "/novyna/3" in line] != []
    assert "a listing names it, no feed has it, and nothing is known against it" in lines[0]
