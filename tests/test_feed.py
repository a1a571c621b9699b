from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from feedpub import feed
from feedpub.model import Attachment, Medium, Picture, Terms
from tests.made import LINK, NOW, SOURCE, article, feed_of, stored

FIRST = LINK.format(n=1)


def content(body: str) -> str:
    return feed.entry(SOURCE, stored(article(1, body)), {}).content_html


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>А</p><p>Б</p>", f"<p>А</p>\n{FIRST}\n<p>Б</p>"),  # second: previews begin with the news
        ("<p>А</p>", f"<p>А</p>\n{FIRST}"),
        ("<ul><li>А</li></ul><p>Б</p>", f"{FIRST}\n<ul><li>А</li></ul>\n<p>Б</p>"),  # no paragraph stands first
        ("<table><tr><td>А</td></tr></table>", f"{FIRST}\n<table><tbody><tr><td>А</td></tr></tbody></table>"),
        ("<h2>А</h2><p>Б</p>", f"{FIRST}\n<h2>А</h2>\n<p>Б</p>"),
        ("", FIRST),
    ],
)
def test_the_council_s_link_stands_where_its_terms_ask(body: str, expected: str) -> None:
    assert content(body) == expected


def test_terms_may_ask_for_the_first_block_and_other_words() -> None:
    source = replace(SOURCE, terms=Terms("За <матеріалами> {link} & Ко", 1, ""))
    made = feed.entry(source, stored(article()), {})
    assert made.content_html.startswith(
        '<p>За &lt;матеріалами&gt; <a href="https://rada.example/content/1">rada.example</a> &amp; Ко</p>\n<p>Перший'
    )


def test_the_summary_carries_the_link_too() -> None:
    made = feed.entry(SOURCE, stored(article(1, "<p>Тариф &lt; 5 &amp; більше.</p>")), {})
    assert made.summary_html == f"<p>Тариф &lt; 5 &amp; більше.</p>\n{FIRST}"
    assert made.summary_text == "Тариф < 5 & більше.\nhttps://rada.example/content/1"


def test_an_article_without_words_has_a_link_and_no_summary() -> None:
    made = feed.entry(SOURCE, stored(article(1, "", pictures=(Picture("/a.jpg", "Афіша"),))), {})
    assert made.summary_text == ""
    assert made.summary_html == FIRST
    assert made.content_html == f'{FIRST}\n<p><img src="https://rada.example/a.jpg" alt="Афіша"></p>'


def test_a_long_text_is_shortened_after_a_sentence_or_a_word() -> None:
    sentence = "Рада ухвалила рішення про бюджет громади на наступний рік. "
    assert feed.shortened(sentence * 9) == (sentence * 5).strip()
    words = "слово " * 90
    assert feed.shortened(words) == ("слово " * 49).strip() + "…"
    assert feed.shortened("Коротко.") == "Коротко."
    assert feed.shortened("Графік\nПрийом щодня.") == "Графік\nПрийом щодня."
    address = "Просимо звертатися за адресою: м. Старобільськ, вул. Центральна, 36, щодня з дев’ятої години. "
    assert feed.shortened(address * 3 + "Далі " * 50).endswith("години.")
    assert all(len(feed.shortened(t)) <= feed.SUMMARY for t in (sentence * 9, words, "а" * 1000))


def test_the_first_file_of_known_length_is_the_enclosure_and_other_pictures_follow() -> None:
    pictures = (Picture("/1.jpg", "Перша"), Picture("/2.jpg", "Друга"))
    item = stored(article(1, pictures=pictures))
    second = Medium("https://rada.example/2.jpg", "image/jpeg", 1234)
    made = feed.entry(SOURCE, item, {second.url: second})
    assert (made.enclosure, made.enclosure_title) == (second, "Друга")
    assert [p.alt for p in made.pictures] == ["Перша"]
    assert feed.entry(SOURCE, item, {}).enclosure is None


def test_an_attachment_is_linked_in_the_text_and_its_page_s_word_on_length_will_do() -> None:
    file = Attachment("/a b.pdf", "Рішення & додаток", "application/pdf", 30219)
    made = feed.entry(SOURCE, stored(article(1, files=(file,))), {})
    assert made.content_html.endswith(
        '<ul><li><a href="https://rada.example/a%20b.pdf">Рішення &amp; додаток</a></li></ul>'
    )
    assert made.enclosure == Medium("https://rada.example/a%20b.pdf", "application/pdf", 30219)


def test_pictures_beside_the_text_come_into_it_once() -> None:
    body = '<p>А</p><p><img src="/2.jpg"></p>'
    made = feed.entry(SOURCE, stored(article(1, body, pictures=tuple(Picture(f"/{n}.jpg", "") for n in (1, 2, 3)))), {})
    assert [made.content_html.count(f"/{n}.jpg") for n in (1, 2, 3)] == [1, 1, 1]
    assert made.content_html.startswith(f'<p>А</p>\n{FIRST}\n<p><img src="https://rada.example/1.jpg"')


def test_the_newest_stand_first_and_the_feed_is_as_old_as_its_last_change() -> None:
    old = stored(article(1, date="2025-06-01T10:00:00+03:00"), updated=NOW - timedelta(days=1))
    new = stored(article(2, date="2025-06-20T10:00:00+03:00"))
    made = feed_of(old, new)
    assert [e.url for e in made.entries] == ["https://rada.example/content/2", "https://rada.example/content/1"]
    assert made.updated == old.updated


def test_an_article_without_a_date_is_dated_by_its_first_sight() -> None:
    assert feed.entry(SOURCE, stored(article(1, date="")), {}).published == NOW


def test_a_feed_is_never_empty() -> None:
    with pytest.raises(ValueError, match="has no items"):
        feed.feed(SOURCE, [], feed_id="", media={}, site=None, base_url="", version="")  # type: ignore[arg-type]
