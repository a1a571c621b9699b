"""What a site puts into all of its texts, after they were learnt, is not published. What it moves is not lost."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from feedpub import layout
from feedpub.collecting import Run, normalize
from feedpub.collecting.agreeing import with_known_dates
from feedpub.content import Article
from feedpub.store import Store
from tests.council import Council, accepting, opened
from tests.made import SOURCE
from tests.postgres import place_at
from tests.states import tamper
from tests.test_polite import slow
from tests.test_rebuilt import Dress, Wardrobe, published, renamed
from tests.town import HOME, Town

pytestmark = pytest.mark.long
TEXT = re.compile(r'(property="content:encoded">)(.*?)(</div></div></div>)', re.DOTALL)
DOCUMENT = re.compile(
    r'<div class="field field-name-field-files .*?(<a [^>]*>.*?</a>).*?</table>\s*</div></div></div>', re.DOTALL
)
NEXT = '<div class="related"><h3>Читайте також</h3><ul><li><a href="/content/inshe">Інша новина</a></li></ul></div>'
SHARE = '<p class="share"><a href="https://example.com/f">Facebook</a> <a href="https://example.com/t">Telegram</a></p>'
COUNTER = "<p>Переглядів: {n}</p>"
PICTURE = '<p><a href="https://example.com/t"><img src="/design/banner.png" alt="" width="600" height="200"></a></p>'
NAMELESS = '<p>Підписуйтеся на <a href="https://example.com/t">наш канал</a> у Телеграмі</p>'


@pytest.fixture
def site() -> Wardrobe:
    return Wardrobe()


@pytest.fixture
def council(tmp_path: Path, capsys: pytest.CaptureFixture[str], site: Wardrobe) -> Iterator[Council]:
    """A council whose site was learnt."""
    with opened(tmp_path, capsys, site) as council:
        council.configure(layout="")
        assert council.feedpub("run").code == 0
        yield council


def putting(below: str, above: str = "") -> Dress:
    """A site that puts something into the text of each article."""
    numbers = count(7)

    def dress(_path: str, markup: str) -> str:
        n = next(numbers)
        return TEXT.sub(lambda m: m[1] + above.format(n=n) + m[2] + below.format(n=n) + m[3], markup)

    return dress


def words(council: Council) -> dict[str, str]:
    return {item["title"]: item["content_html"] for item in council.items()}


@pytest.mark.parametrize(
    ("below", "above"),
    [
        (NEXT, ""),
        (SHARE, ""),
        (COUNTER, ""),
        (NAMELESS, ""),
        (PICTURE, ""),
        ("", SHARE),
        (COUNTER + SHARE + NEXT, COUNTER),
    ],
    ids=["what to read next", "sharing", "a counter", "nameless", "a picture", "above", "all of it"],
)
def test_news_and_known_items_are_published_without_what_the_site_puts_into_all_texts(
    council: Council, site: Wardrobe, below: str, above: str
) -> None:
    before = words(council)
    site.dress = putting(below, above)
    published(council)
    ran = council.feedpub("run")
    after = words(council)
    new = after.pop("Ще одна новина, 300")
    assert after == {title: before[title] for title in after}
    assert not re.search("Читайте також|Facebook|Переглядів|Підписуйтеся|banner", new)
    assert "зігрітися" in new
    assert ran.code == 0
    assert "its text has lines that other articles have as well, and had not before: «" in ran.err
    assert ran.err.endswith("; a layout that reads them as they were was learnt\n")
    assert council.feedpub("run").err == ""


def test_documents_that_move_into_the_text_meanwhile_are_no_words_that_the_site_puts_there(
    council: Council, site: Wardrobe
) -> None:
    before = {title: plain(text) for title, text in words(council).items()}
    put = putting(PICTURE)

    def dress(path: str, markup: str) -> str:
        if document := DOCUMENT.search(markup):
            markup = markup.replace(document[0], "")
            markup = TEXT.sub(lambda m: f"{m[1]}{m[2]}<p>{document[1]}</p>{m[3]}", markup)
        return put(path, markup)

    site.dress = dress
    published(council)
    ran = council.feedpub("run")
    assert ran.code == 0
    assert ran.err.endswith("; a layout that reads them as they were was learnt\n")
    after = {title: plain(text) for title, text in words(council).items()}
    assert after.pop("Ще одна новина, 300")
    assert after == {title: before[title] for title in after}
    assert "banner" not in "".join(words(council).values())


def parted(tag: str) -> Dress:
    """A site that shows the second half of each text in a box of its own."""

    def part(match: re.Match[str]) -> str:
        paragraphs = re.findall(r"(?s)<p.*?</p>|<ul.*?</ul>|<table.*?</table>|<h\d.*?</h\d>", match[2])
        half = len(paragraphs) // 2
        first, second = "".join(paragraphs[:half]), "".join(paragraphs[half:])
        return (
            f'{match[1]}{first}</div></div></div><{tag} class="more"><p></p>{second}</{tag}><div><div><div>{match[3]}'
        )

    return lambda _, markup: TEXT.sub(part, markup)


def test_what_the_site_shows_in_a_box_of_its_own_is_not_lost(council: Council, site: Wardrobe) -> None:
    before = {title: plain(text) for title, text in words(council).items()}
    site.dress = parted("div")
    published(council)
    ran = council.feedpub("run")
    after = {title: plain(text) for title, text in words(council).items()}
    new = " ".join(after.pop("Ще одна новина, 300"))
    assert "зігрітися" in new
    assert "Зразків поруч" in new
    assert after == {title: before[title] for title in after}
    assert (ran.code, ran.err) == (0, "")


def test_what_moves_to_a_place_that_never_has_words_of_an_article_stops_the_source(
    council: Council, site: Wardrobe
) -> None:
    before = council.feeds()
    site.dress = parted("aside")
    published(council)
    ran = council.feedpub("run")
    assert "its text is read without lines that are still on the page, as are those of other articles: «" in ran.err
    assert ran.code == 1
    assert council.feeds() == before


def plain(text: str) -> list[str]:
    """The words of an item, without those that lead to the council. A picture may be in another place among them."""
    return re.sub(r"<[^>]*>", " ", re.sub("<p>Джерело.*?</p>", "", text)).split()


def test_what_the_council_takes_out_of_some_articles_is_an_edit(council: Council, site: Wardrobe) -> None:
    titles = [item["title"] for item in council.items()]
    for n, article in enumerate(council.site.articles):
        if article.expected_title in (titles[0], *titles[-3:]):
            paragraphs = re.findall(r"(?s)<p>(?:(?!&nbsp;|<).)+</p>", article.body)
            council.site.articles[n] = replace(article, body=article.body.replace(paragraphs[-1], ""))
    tamper(council.state, "UPDATE visit SET due = '2025-01-01T00:00:00Z' WHERE due IS NOT NULL")
    before = words(council)
    assert council.feedpub("run").err == ""
    assert sum(before[title] != text for title, text in words(council).items()) == 4


@pytest.mark.parametrize("edited", [1, 2])
def test_what_the_council_adds_to_some_articles_is_an_edit(council: Council, site: Wardrobe, edited: int) -> None:
    for n in range(1, edited + 1):
        article = council.site.articles[-n]
        council.site.articles[-n] = replace(article, body=f"{article.body}<p>Оновлено: працює цілодобово.</p>")
    tamper(council.state, "UPDATE visit SET due = '2025-01-01T00:00:00Z' WHERE due IS NOT NULL")
    assert council.feedpub("run").err == ""
    assert sum("цілодобово" in text for text in words(council).values()) == edited


def test_a_newer_feedpub_that_reads_less_of_every_page_is_no_matter_of_the_layout(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_article = normalize.make_article

    def shorter(*args: Any) -> Article:
        article = make_article(*args)
        lines = article.text.splitlines()
        return replace(article, blocks=article.blocks[:-1], text="\n".join(lines[:-1]))

    monkeypatch.setattr("feedpub.layout.READING", layout.READING + 1)
    monkeypatch.setattr(normalize, "make_article", shorter)
    tamper(council.state, "UPDATE visit SET due = '2025-01-01T00:00:00Z' WHERE due IS NOT NULL")
    assert council.feedpub("run").err == ""
    council.requests()
    assert council.feedpub("run").err == ""
    assert len([r for r in council.requests() if r.method == "GET"]) == 1


@pytest.mark.parametrize(
    ("broken", "why"),
    [("listed.may_search", "one was looked for in vain a while ago"),
     ("learning.learn_again", "what was learnt reads it no better")],
)  # fmt: skip
def test_what_no_layout_leaves_out_stops_the_source_until_a_person_lets_it_through(
    council: Council, site: Wardrobe, monkeypatch: pytest.MonkeyPatch, broken: str, why: str
) -> None:
    monkeypatch.setattr(f"feedpub.collecting.{broken}", lambda *_: None)
    before = council.feeds()
    site.dress = putting(COUNTER)
    published(council)
    stopped = council.feedpub("run")
    assert stopped.code == 1
    assert f"no other layout could be learnt: {why}" in stopped.err
    assert council.feeds() == before
    assert council.feedpub("run", *accepting(stopped.err)).code == 0
    assert "Переглядів" in words(council)["Ще одна новина, 300"]


def test_a_person_s_own_layout_is_read_as_it_is(council: Council, site: Wardrobe) -> None:
    council.configure()
    council.feedpub("run")
    site.dress = putting(NAMELESS)
    published(council)
    council.requests()
    assert council.feedpub("run").code == 0
    assert len([r for r in council.requests() if r.method == "GET"]) == 2
    assert "Підписуйтеся" in words(council)["Ще одна новина, 300"]


def test_where_robots_txt_leaves_a_run_one_request_it_is_for_the_news(tmp_path: Path) -> None:
    town = Town(tmp_path, source=replace(SOURCE, home=f"{HOME}/", listings=(f"{HOME}/",), layout=None))
    ordered = sorted(town.site.articles, key=lambda article: article.utc, reverse=True)
    newest, town.site.articles = ordered[:3], ordered[3:]
    town.run()
    slow(town)
    town.site.articles = [*newest, *town.site.articles]
    for _ in range(8):
        town.run(days=1 / 24)
    items = json.loads(town.feed("feed.json"))["items"]
    assert {article.expected_title for article in newest} <= {item["title"] for item in items}


@pytest.mark.sqlite
def test_lost_items_are_read_without_what_the_site_puts_into_all_texts_since_the_state_was_saved(
    council: Council, site: Wardrobe
) -> None:
    saved = council.state.read_bytes()
    published(council)
    council.feedpub("run")
    before = words(council)
    council.state.write_bytes(saved)
    site.dress = putting(COUNTER + SHARE)
    for _ in range(2):
        assert council.feedpub("run").code in (0, 1)
    assert words(council) == before


def test_a_question_whether_one_is_a_robot_never_takes_the_place_of_an_item(council: Council, site: Wardrobe) -> None:
    """The layout reads it as an article: its title and text are where those of articles are."""
    before = words(council)

    def question(_path: str, markup: str) -> str:
        asked = TEXT.sub(r"\1<p>Підтвердьте, що ви не робот.</p>\3", markup)
        asked = re.sub(r"(?s)<(h1|title)([^>]*)>.*?</\1>", r"<\1\2>Перевірка</\1>", asked)
        return re.sub(r'(?s)<span property="dc:date.*?</span>', "", asked)

    for article in council.site.articles[-3:]:
        page = site.answer("GET", article.href, {}, council.served.url).body.decode()
        council.break_page(article.href, 200, question(article.href, page))
    for _ in range(6):
        tamper(council.state, "UPDATE visit SET due = '2025-01-01T00:00:00Z' WHERE due IS NOT NULL")
        tamper(council.state, "UPDATE visit SET asked = '2025-01-01T00:00:00Z' WHERE NOT listing")
        council.feedpub("run")
        assert words(council) == before


def test_items_that_a_replaced_layout_has_read_tell_that_the_new_one_does_not_fit(
    council: Council, site: Wardrobe
) -> None:
    site.dress = renamed
    published(council)
    assert "its new layout was learnt" in council.feedpub("run").err
    before = {title: plain(text) for title, text in words(council).items()}
    site.dress = lambda path, markup: renamed(path, parted("aside")(path, markup))
    published(council, 301)
    assert "its text is read without lines that are still on the page" in council.feedpub("run").err
    after = {title: plain(text) for title, text in words(council).items()}
    new = " ".join(after.pop("Ще одна новина, 301"))
    assert "зігрітися" in new
    assert "Зразків поруч" in new
    assert after == before


def test_an_upgrade_lets_nothing_through_that_the_site_puts_into_all_texts_meanwhile(
    council: Council, site: Wardrobe, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = words(council)
    monkeypatch.setattr("feedpub.layout.READING", layout.READING + 1)
    site.dress = putting(COUNTER + SHARE)
    published(council)
    assert "; a layout that reads them as they were was learnt\n" in council.feedpub("run").err
    after = words(council)
    assert "Переглядів" not in after.pop("Ще одна новина, 300")
    assert after == {title: before[title] for title in after}


def looking_at(council: Council, alias: str) -> None:
    """Make one page due, and no other."""
    tamper(council.state, "UPDATE visit SET due = '2099-01-01T00:00:00Z' WHERE due IS NOT NULL")
    tamper(council.state, f"UPDATE visit SET due = '2025-01-01T00:00:00Z' WHERE url LIKE '%{alias}'")


@pytest.mark.parametrize("dress", [putting(COUNTER + NEXT), parted("div")], ids=["it puts in", "it moves"])
def test_an_article_that_is_edited_when_the_site_is_changed_is_published_with_its_edit_alone(
    council: Council, site: Wardrobe, dress: Dress
) -> None:
    before = {title: plain(text) for title, text in words(council).items()}
    edited = council.site.articles[-1]
    body = f"<p>Оновлено: працює цілодобово.</p>{edited.body}"
    council.site.articles[-1] = replace(edited, body=body)
    site.dress = dress
    looking_at(council, edited.alias)
    assert council.feedpub("run").code == 0
    after = {title: plain(text) for title, text in words(council).items()}
    assert "цілодобово." in after[edited.expected_title]
    added = ["Оновлено:", "працює", "цілодобово."]
    assert [w for w in after[edited.expected_title] if w not in added] == before[edited.expected_title]


def beside(below: str, but: str = "") -> Dress:
    """A site that puts something below the text of each article, and into the text of one."""

    def dress(path: str, markup: str) -> str:
        is_within = bool(but) and path.endswith(but)
        return TEXT.sub(lambda m: m[1] + m[2] + (below + m[3] if is_within else m[3] + below), markup)

    return dress


def test_what_stands_beside_the_other_texts_is_no_edit_of_the_one_in_which_it_stands(
    council: Council, site: Wardrobe
) -> None:
    before = words(council)
    changed = council.site.articles[-1]
    site.dress = beside(SHARE + NEXT, changed.alias)
    looking_at(council, changed.alias)
    ran = council.feedpub("run")
    assert (ran.code, words(council)) == (0, before)
    assert ran.err.endswith("; a layout that reads them as they were was learnt\n")


def test_a_word_that_each_page_has_beside_its_text_may_come_into_one_by_an_edit(
    council: Council, site: Wardrobe
) -> None:
    edited = council.site.articles[-1]
    council.site.articles[-1] = replace(edited, body=f"{edited.body}<p>Документи громади</p>")
    site.dress = beside("<p class='menu'>Документи громади</p>")
    looking_at(council, edited.alias)
    ran = council.feedpub("run")
    assert (ran.code, ran.err) == (0, "")
    assert words(council)[edited.expected_title].count("Документи громади") == 1


def test_while_other_pages_do_not_answer_nothing_is_read_by_a_layout_that_may_not_fit(
    council: Council, site: Wardrobe
) -> None:
    feeds = council.feeds()
    site.dress = putting(COUNTER + SHARE)
    published(council)
    looking_at(council, council.site.articles[-2].alias)
    for article in council.site.articles[:-2]:
        council.break_page(article.href, 502)
    ran = council.feedpub("run")
    assert ran.code == 1
    said = "whether the known layout still fits cannot be told while pages do not answer; 1 more pages are left"
    assert said in ran.err
    assert council.feeds() == feeds
    site.overrides.clear()
    assert council.feedpub("run").code == 0
    assert "Переглядів" not in words(council)["Ще одна новина, 300"]
    assert "Facebook" not in "".join(words(council).values())


def test_nobody_waits_for_ever_for_pages_that_would_tell_whether_the_layout_fits(
    council: Council, site: Wardrobe
) -> None:
    known, *others = council.site.articles[::-1]
    council.site.articles[-1] = replace(known, body=f"{known.body}<p>Оновлено: працює цілодобово.</p>")
    for article in others:
        council.break_page(article.href, 502)
    for _ in range(4):
        looking_at(council, known.alias)
        tamper(council.state, "UPDATE visit SET asked = '2025-01-01T00:00:00Z' WHERE NOT listing")
        council.feedpub("run")
    assert "цілодобово" in words(council)[known.expected_title]


@pytest.mark.sqlite
def test_what_a_run_has_read_before_it_sees_that_the_layout_does_not_fit_is_read_again(
    council: Council, site: Wardrobe
) -> None:
    saved = council.state.read_bytes()
    published(council)
    council.feedpub("run")
    before = council.items()
    council.state.write_bytes(saved)
    site.dress = putting(COUNTER + SHARE)
    tamper(council.state, "UPDATE visit SET due = '2025-01-01T00:00:00Z' WHERE due IS NOT NULL")
    with closing(Store(place_at(council.state))) as store:
        witnesses = store.of("zrazkiv").visits.last_reads(3)
    for visit in witnesses:  # lost items are read first
        council.break_page(urlsplit(visit.url).path, 502)
    council.requests()
    assert "a layout that reads them as they were was learnt" in council.feedpub("run").err
    assert council.items() == before
    assert [request.path for request in council.requests()].count("/content/nove-300") == 1  # it might fail by now


def test_while_one_known_page_does_not_answer_another_tells_whether_the_layout_fits(
    council: Council, site: Wardrobe
) -> None:
    looking_at(council, "nothing")
    site.dress = putting(COUNTER)
    published(council)
    with closing(Store(place_at(council.state))) as store:
        first, *_ = store.of("zrazkiv").visits.last_reads(1)
    council.break_page(urlsplit(first.url).path, 502)
    assert "a layout that reads them as they were was learnt" in council.feedpub("run").err
    assert "Переглядів" not in words(council)["Ще одна новина, 300"]


@pytest.mark.parametrize("days", [0, 1], ids=["they agree", "they do not"])
def test_where_no_dates_can_be_learnt_anew_they_are_where_known_items_have_them(tmp_path: Path, days: int) -> None:
    """Most of the news that a short listing names may be announced ahead, and look like events."""
    town = Town(tmp_path, source=replace(SOURCE, home=f"{HOME}/", listings=(f"{HOME}/",), layout=None))
    town.run()
    with closing(town.store()) as store:
        council = town.council(store)
        learnt = council.facts.learnt
        assert learnt
        for item in council.state.items.newest(50):
            assert item.article.published
            article = replace(item.article, published=item.article.published + timedelta(days=days))
            council.state.items.put(replace(item, article=article), ())
        with closing(town.fetcher(council)) as fetch:
            run = Run(council, fetch, town.now)
            pages = [fetch.page(item.article.url) for item in council.state.items.newest(3)]
            undated = replace(learnt, layout=replace(learnt.layout, date=()), fill={**learnt.fill, "date": 0.0})
            again = with_known_dates(run, undated, pages)
    expected = learnt if days == 0 else undated
    assert again.layout.date == expected.layout.date
    assert again.fill == expected.fill
