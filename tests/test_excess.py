"""One thing's excess costs nobody else: not its neighbours in the feed, not the council's server, not a run."""

from __future__ import annotations

from dataclasses import replace

import pytest

from feedpub.content import Article, Attachment, Picture
from feedpub.kinds import Part, feeds_in
from feedpub.model import Collection, Site
from feedpub.publishing import feed
from feedpub.publishing.measuring import MOST_ASKED
from feedpub.publishing.render import render
from tests.council import Council
from tests.made import SOURCE, article, feed_of, stored

LONG = "Дуже довга назва " * 15_000
PHOTOS = tuple(Picture(f"/photos/{n}.jpg", f"Фото {n}") for n in range(5_000))
IN_TEXT = "<p>Фото.</p>" + "".join(f'<p><img src="/{n}.jpg" alt=""></p>' for n in range(2_000))

IN_TEXT_TOO = tuple(Picture(f"https://rada.example/{n}.jpg", "") for n in range(2_000))
FILES = tuple(Attachment(f"/f/{n}.pdf", f"Файл {n}", None, None) for n in range(9_000))


@pytest.mark.parametrize(
    "big",
    [
        article(1, "<p>Фото.</p>", pictures=PHOTOS),
        replace(article(1, IN_TEXT), pictures=IN_TEXT_TOO),
        article(1, "<p>Фото.</p>", pictures=(Picture("/a.jpg", LONG), Picture("/b.jpg", LONG))),
        replace(article(1), title=LONG),
        replace(article(1), author=LONG),
        replace(article(1), categories=tuple(f"Рубрика {n} довгого переліку" for n in range(9_000))),
        article(1, "<p>Файли.</p>", files=FILES),
    ],
    ids=["pictures", "pictures in the text", "words of pictures", "title", "author", "categories", "files"],
)
def test_an_item_takes_a_fifth_of_a_feed_at_most_whatever_it_has_too_much_of(big: Article) -> None:
    made = feed_of(stored(big), stored(article(2, "<p>Сусідня новина.</p>")))
    sizes = [len(render(kind, made, "https://feeds.example.org/x")) for kind in feeds_in(Part.SOURCE)]
    assert max(sizes) < 30_000
    assert all(len(entry.pictures) <= 20 for entry in made.entries)


def test_an_item_that_is_not_too_large_keeps_all_of_its_pictures_and_its_whole_title() -> None:
    usual = replace(article(1, "<p>Фото.</p>", pictures=PHOTOS[:200]), title="Про порядок денний " * 100)
    [entry] = feed_of(stored(usual)).entries
    assert (len(entry.pictures), entry.title) == (200, usual.title)


def test_of_an_item_that_is_too_large_the_archive_has_everything() -> None:
    big = stored(replace(article(1, "<p>Фото.</p>", pictures=PHOTOS), title=LONG))
    edition = feed.Edition(SOURCE, Site(), {}, "https://feeds.example.org/", "0")
    whole = feed.archive_document(edition, [big], "urn:x", Collection("archive/2025-06", "2025-06", 1), None)
    assert (whole.entries[0].title, len(whole.entries[0].pictures)) == (LONG, len(PHOTOS))


def test_of_an_item_with_hundreds_of_files_that_cannot_be_measured_few_are_asked_for(council: Council) -> None:
    body = "<p>Фото.</p>" + "".join(f'<p><img src="/x/{n}.jpg"></p>' for n in range(60))
    big = replace(council.site.articles[-1], body=body, images=(), files=())
    council.site.articles = [big]
    for asked in (MOST_ASKED, 0):
        assert council.feedpub("run").code == 0
        assert len([r for r in council.requests() if r.method == "HEAD"]) == asked
        council.path("rss.xml").unlink()
