from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from feedpub.content import Attachment, Medium, Picture
from feedpub.model import Collection, Site, Terms
from feedpub.publishing import feed
from feedpub.publishing.feed import entries
from tests.made import LINK, NOW, SOURCE, article, feed_of, stored

FIRST = LINK.format(n=1)


PICTURES = '<p>А<img alt="" src="https://rada.example/1.jpg"><img alt="" src="https://rada.example/2.jpg"></p>'


def content(body: str) -> str:
    return feed.entry_of(SOURCE, stored(article(1, body)), {}).content_html


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>А</p><p>Б</p>", f"<p>А</p>\n{FIRST}\n<p>Б</p>"),  # second: previews begin with the news
        ("<p>А</p>", f"<p>А</p>\n{FIRST}"),
        ("<ul><li>А</li></ul><p>Б</p>", f"{FIRST}\n<ul><li>А</li></ul>\n<p>Б</p>"),  # no paragraph stands first
        ("<table><tr><td>А</td></tr></table>", f"{FIRST}\n<table><tbody><tr><td>А</td></tr></tbody></table>"),
        ("<h2>А</h2><p>Б</p>", f"{FIRST}\n<h2>А</h2>\n<p>Б</p>"),
        ("<p>А<br>Б</p><p>В</p>", f"{FIRST}\n<p>А<br>Б</p>\n<p>В</p>"),  # each line counts as a paragraph
        ("<p>" + "<br>".join("АБВ") + "</p>", f"{FIRST}\n<p>А<br>Б<br>В</p>"),
        ("<p>А<img src='/1.jpg' alt=''><img src='/2.jpg' alt=''></p>", f"{FIRST}\n" + PICTURES),
        (f"<p>{'а' * 3_000}</p>", f"{FIRST}\n<p>{'а' * 3_000}</p>"),  # three screens of a phone
        ("", FIRST),
    ],
)
def test_the_council_s_link_stands_where_its_terms_ask(body: str, expected: str) -> None:
    assert content(body) == expected


def test_the_link_comes_first_where_the_first_block_is_more_than_a_paragraph() -> None:
    odd = replace(article(), blocks=("<p></p><table><tbody><tr><td>а</td></tr></tbody></table>", "<p>б</p>"))
    assert feed.entry_of(SOURCE, stored(odd), {}).content_html.startswith("<p>Джерело: ")


def test_terms_may_ask_for_the_first_block_and_other_words() -> None:
    source = replace(SOURCE, terms=Terms("За <матеріалами> {link} & Ко", 1, ""))
    made = feed.entry_of(source, stored(article()), {})
    assert made.content_html.startswith(
        '<p>За &lt;матеріалами&gt; <a href="https://rada.example/content/1">rada.example</a> &amp; Ко</p>\n<p>Перший'
    )


def test_the_summary_carries_the_link_too() -> None:
    made = feed.entry_of(SOURCE, stored(article(1, "<p>Тариф &lt; 5 &amp; більше.</p>")), {})
    assert made.summary_html == f"<p>Тариф &lt; 5 &amp; більше.</p>\n{FIRST}"
    assert made.summary_text == "Тариф < 5 & більше.\nhttps://rada.example/content/1"


def test_in_a_summary_the_link_is_second_too_however_many_paragraphs_it_has() -> None:
    made = feed.entry_of(SOURCE, stored(article(1, "<p>А</p><p>Б &amp; В</p><p>Г<br>Д</p>")), {})
    assert made.summary_html == f"<p>А</p>\n{FIRST}\n<p>Б &amp; В</p>\n<p>Г Д</p>"
    assert made.summary_text == "А\nhttps://rada.example/content/1\nБ & В\nГ Д"


def test_an_article_without_words_has_a_link_and_no_summary() -> None:
    made = feed.entry_of(SOURCE, stored(article(1, "", pictures=(Picture("/a.jpg", "Афіша"),))), {})
    assert made.summary_text == ""
    assert made.summary_html == FIRST
    assert made.content_html == f'{FIRST}\n<p><img src="https://rada.example/a.jpg" alt="Афіша"></p>'


PARAGRAPH = f"<p>{'Рядок додатка до рішення сесії. ' * 100}</p>"
HUGE = "<p>Бюджет громади.</p>" + PARAGRAPH * 80


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("uk", "Цей текст завеликий для стрічки. Увесь він на сторінці {}."),
        ("ru-UA", "Этот текст слишком велик для ленты. Весь он на странице {}."),
        ("pl", "This text is too large for a feed. All of it is on the page {}."),
    ],
)
def test_a_text_too_large_for_a_feed_is_there_in_short_and_says_where_it_is_whole(language: str, words: str) -> None:
    source = replace(SOURCE, language=language)
    short = feed.in_short(feed.entry_of(source, stored(article(1, HUGE)), {}), language)
    page = '<a href="https://rada.example/content/1">rada.example</a>'
    assert short.content_html == f"{short.summary_html}\n<p>{words.format(page)}</p>"
    assert short.content_html.splitlines()[1] == FIRST


def test_other_texts_are_whole_in_a_feed() -> None:
    made = feed.entry_of(SOURCE, stored(article(1, PARAGRAPH * 50)), {})
    assert feed.in_short(made, "uk") is made


def test_a_huge_text_leaves_its_neighbours_in_the_feed_and_is_whole_in_the_archive() -> None:
    items = [stored(article(1, HUGE)), stored(article(2, "<p>Сусідня новина.</p>"))]
    edition = feed.Edition(SOURCE, Site(), {}, "https://feeds.example.org/", "0")
    month = Collection("archive/2025-11", "2025-11", 2)
    newest = feed.subscription_document(edition, items, "urn:x")
    whole = feed.archive_document(edition, items, "urn:x", month, None)
    sizes = [sorted(len(e.content_html) for e in made.entries) for made in (newest, whole)]
    assert sizes[0][1] < 2000
    assert sizes[1][1] > 200_000
    assert sizes[0][0] == sizes[1][0]


def test_a_long_text_is_shortened_after_a_sentence_or_a_word() -> None:
    sentence = "Рада ухвалила рішення про бюджет громади на наступний рік. "
    assert entries.shortened(sentence * 9) == (sentence * 5).strip()
    words = "слово " * 90
    assert entries.shortened(words) == ("слово " * 49).strip() + "…"
    assert entries.shortened("Коротко.") == "Коротко."
    assert entries.shortened("Графік\nПрийом щодня.") == "Графік\nПрийом щодня."
    address = "Просимо звертатися за адресою: м. Старобільськ, вул. Центральна, 36, щодня з дев’ятої години. "
    assert entries.shortened(address * 3 + "Далі " * 50).endswith("години.")
    assert all(len(entries.shortened(t)) <= entries.SUMMARY for t in (sentence * 9, words, "а" * 1000))


def test_the_first_file_of_known_length_is_the_enclosure_and_other_pictures_follow() -> None:
    pictures = (Picture("/1.jpg", "Перша"), Picture("/2.jpg", "Друга"))
    item = stored(article(1, pictures=pictures))
    second = Medium("https://rada.example/2.jpg", "image/jpeg", 1234)
    made = feed.entry_of(SOURCE, item, {second.url: second})
    assert (made.enclosure, made.enclosure_title) == (second, "Друга")
    assert [p.alt for p in made.pictures] == ["Перша"]
    assert feed.entry_of(SOURCE, item, {}).enclosure is None


def test_an_attachment_is_linked_in_the_text_and_its_page_s_word_on_length_will_do() -> None:
    file = Attachment("/a b.pdf", "Рішення & додаток", "application/pdf", 30219)
    made = feed.entry_of(SOURCE, stored(article(1, files=(file,))), {})
    assert made.content_html.endswith(
        '<ul><li><a href="https://rada.example/a%20b.pdf">Рішення &amp; додаток</a></li></ul>'
    )
    assert made.enclosure == Medium("https://rada.example/a%20b.pdf", "application/pdf", 30219)


def test_pictures_beside_the_text_come_into_it_once() -> None:
    body = '<p>А</p><p><img src="/2.jpg"></p>'
    made = feed.entry_of(
        SOURCE, stored(article(1, body, pictures=tuple(Picture(f"/{n}.jpg", "") for n in (1, 2, 3)))), {}
    )
    assert [made.content_html.count(f"/{n}.jpg") for n in (1, 2, 3)] == [1, 1, 1]
    assert made.content_html.startswith(f'<p>А</p>\n{FIRST}\n<p><img src="https://rada.example/1.jpg"')


def test_the_newest_stand_first_and_the_feed_is_as_old_as_its_last_change() -> None:
    old = stored(article(1, date="2025-06-01T10:00:00+03:00"), updated=NOW - timedelta(days=1))
    new = stored(article(2, date="2025-06-20T10:00:00+03:00"))
    made = feed_of(old, new)
    assert [e.url for e in made.entries] == ["https://rada.example/content/2", "https://rada.example/content/1"]
    assert made.updated == old.updated


def test_an_article_without_a_date_is_dated_by_its_first_sight() -> None:
    assert feed.entry_of(SOURCE, stored(article(1, date="")), {}).published == NOW


def test_a_feed_is_never_empty() -> None:
    with pytest.raises(ValueError, match="has no items"):
        feed.subscription_document(feed.Edition(SOURCE, Site(), {}, "", ""), [], "")


def test_the_site_s_own_icon_and_logo_stand_in_for_those_not_configured() -> None:
    site = Site(icon="https://rada.example/i.ico", logo="https://rada.example/l.png")
    bare = replace(SOURCE, icon=None, logo=None)
    for source, expected in ((bare, (site.icon, site.logo)), (SOURCE, (SOURCE.icon, SOURCE.logo))):
        made = feed.subscription_document(feed.Edition(source, site, {}, "", ""), [stored(article())], "")
        assert (made.icon, made.logo) == expected


def test_a_summary_ends_with_no_abbreviation_and_not_after_two_words() -> None:
    words = "слово " * 40
    assert entries.shortened(f"{words}на вул. Набережній {words}").endswith("слово…")
    assert entries.shortened("Увага! Слово " + words * 2).endswith("слово…")


def test_an_item_without_a_title_is_called_by_its_first_words() -> None:
    assert feed.entry_of(SOURCE, stored(article(title="")), {}).title == "Перший абзац."
    bare = feed.entry_of(SOURCE, stored(article(1, "", title="", pictures=(Picture("/a.jpg", ""),))), {})
    assert bare.title == bare.url == "https://rada.example/content/1"


def test_an_article_s_own_author_is_its_author() -> None:
    assert feed.entry_of(SOURCE, stored(article()), {}).author == SOURCE.title
    assert feed.entry_of(SOURCE, stored(replace(article(), author="Пресслужба")), {}).author == "Пресслужба"


def test_of_a_file_the_server_knows_better_than_the_page_and_without_a_length_there_is_no_enclosure() -> None:
    told = article(1, files=(Attachment("/a.pdf", "Рішення", "application/pdf", 30219),))
    measured = Medium("https://rada.example/a.pdf", "application/pdf", 30220)
    assert feed.entry_of(SOURCE, stored(told), {measured.url: measured}).enclosure == measured
    untold = article(1, files=(Attachment("/a.pdf", "Рішення", "application/pdf", None),))
    assert feed.entry_of(SOURCE, stored(untold), {}).enclosure is None
