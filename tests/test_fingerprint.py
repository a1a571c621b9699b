"""What a reader would see of an article, and what not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from feedpub.collecting import normalize
from feedpub.collecting.dedupe.fingerprint import article_fingerprint
from feedpub.content import Article, Attachment, Page, Picture, Scraped
from tests.made import NOW, article


def addresses(url: str, *named: str) -> tuple[str, ...]:
    """What an article's page is called that was found at this address and names these."""
    scraped = Scraped(url=url, base=url, addresses=named, title="Т", dates=(), body="<p>Текст</p>")
    return normalize.make_article(scraped, ZoneInfo("Europe/Kyiv"), (), NOW).addresses


@pytest.mark.parametrize(
    ("url", "named", "expected"),
    [
        ("http://rada.example/a", "https://www.rada.example/b", ("http://rada.example/b", "http://rada.example/a")),
        ("https://rada.example/a", "https://other.example/node/5", ("https://rada.example/a",)),
        ("https://rada.example/a", "/", ("https://rada.example/a",)),  # some systems name it on every page
        ("https://rada.example/index.php?id=5", "/index.php", ("https://rada.example/index.php?id=5",)),
    ],
)
def test_what_a_page_says_of_itself_is_believed_in_its_path_alone(
    url: str, named: str, expected: tuple[str, ...]
) -> None:
    assert addresses(url, named) == expected


def test_a_date_that_cannot_be_is_doubted_and_a_clock_a_little_ahead_is_not() -> None:
    assert article(date=(NOW + timedelta(minutes=4)).isoformat()).published == NOW + timedelta(minutes=4)
    assert article(date=(NOW + timedelta(minutes=6)).isoformat()).doubt == (
        "its date lies in the future: 2025-07-01 15:06"
    )
    early = article(date="1970-01-01T00:00:00Z")
    assert (early.published, early.doubt) == (
        None, "its date lies before the first websites: 1970-01-01T03:00:00+03:00"
    )  # fmt: skip


def test_the_same_words_that_lead_elsewhere_are_other_news() -> None:
    made = [
        article(1, '<p><a href="/1">Рішення</a></p>'),
        article(1, '<p><a href="/2">Рішення</a></p>'),
        article(1, "<p>Рішення</p>", files=(Attachment("/1.pdf", "Рішення"),)),
        article(1, "<p>Рішення</p>", files=(Attachment("/2.pdf", "Рішення"),)),
    ]
    assert len({a.text_key for a in made}) == 4


def test_a_picture_and_its_derivative_are_one_and_an_icon_is_none() -> None:
    whole, derivative = "/sites/f/1.jpg", "/sites/f/styles/large/public/1.jpg?itok=x"
    body = f'<p>А<img src="{whole}"><img src="/pdf.png" width="16" height="16"></p>'
    made = article(1, body, pictures=(Picture(derivative, "Сквер"),))
    assert [(p.url, p.alt) for p in made.pictures] == [(f"https://rada.example{whole}", "Сквер")]  # the original


def test_a_file_without_words_is_called_by_its_name() -> None:
    assert [f.label for f in article(files=(Attachment("/a/rishennia.pdf", " "),)).files] == ["rishennia.pdf"]


def test_every_change_that_a_reader_sees_changes_the_fingerprint() -> None:
    one = article(1, '<p><a href="/1">Рішення</a></p>', files=(Attachment("/1.pdf", "Ф"),))
    others = [
        replace(one, title="Інший"),
        replace(one, categories=("Інша",)),
        replace(one, files=()),
        article(1, '<p><a href="/2">Рішення</a></p>', files=(Attachment("/1.pdf", "Ф"),)),
    ]
    assert len({article_fingerprint(a) for a in (one, *others)}) == 5
    elsewhere = replace(one, author="Хтось", url="https://rada.example/x")
    assert article_fingerprint(elsewhere) == article_fingerprint(one)


def test_a_document_that_moves_from_the_text_to_a_place_beside_it_is_no_edit() -> None:
    plan, act = '<ul><li><a href="/2.pdf">План</a></li></ul>', '<p><a href="/1.pdf">Рішення &amp; додаток</a></p>'
    files = (Attachment("/2.pdf", "План"), Attachment("/1.pdf", "Рішення & додаток"))
    within, beside = article(1, f"<p>Так.</p>{act}{plan}"), article(1, "<p>Так.</p>", files=files)
    assert article_fingerprint(within) == article_fingerprint(beside)
    others = [
        article(1, "<p>Так.</p>", files=files[:1]),
        article(1, f"<p>Так.</p>{act.replace('додаток', 'карта')}{plan}"),
        article(1, f"<p>Так.</p>{act.replace('1.pdf', '3.pdf')}{plan}"),
        article(1, f"<p>Так.</p>{act.replace('<p>', '<p>Ось: ')}{plan}"),
    ]
    assert len({article_fingerprint(made) for made in (within, *others)}) == 5


def test_a_page_ends_where_it_ends() -> None:
    assert Page("u", "u", "<html><p>Текст</p></HTML>\n").is_closed
    assert not Page("u", "u", "<!-- </html> -->" + "<p>Текст</p>" * 1000).is_closed


def test_that_a_site_has_moved_is_no_change_of_its_texts() -> None:
    body = '<p><a href="/1">Рішення</a> <a href="https://inshi.example/1">там</a><img src="/f/1.jpg"></p>'
    one = article(1, body, files=(Attachment("/1.pdf", "Ф"),))

    def at(origin: str) -> Article:
        def moved(text: str) -> str:
            return text.replace("https://rada.example", origin)

        return replace(
            one, url=moved(one.url), blocks=tuple(map(moved, one.blocks)),
            pictures=tuple(replace(p, url=moved(p.url)) for p in one.pictures),
            files=tuple(replace(f, url=moved(f.url)) for f in one.files),
        )  # fmt: skip

    homes = ("https://rada.example", "http://www.rada.example", "https://nova.example")
    assert len({article_fingerprint(at(home)) for home in homes}) == 1
    elsewhere = replace(one, blocks=(one.blocks[0].replace("inshi", "treti"),))
    assert article_fingerprint(elsewhere) != article_fingerprint(one)
