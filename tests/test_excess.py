"""One thing's excess costs nobody else: not its neighbours in the feed, not the council's server, not a run."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from lxml import html

from feedpub.collecting.dedupe import brake
from feedpub.collecting.dedupe.findings import Change, Findings, History, Weighed
from feedpub.content import Article, Attachment, Picture
from feedpub.errors import ScrapeError
from feedpub.html.index import Index
from feedpub.html.seeing import mark_unseen
from feedpub.kinds import Part, feeds_in
from feedpub.model import Collection, Site, Tally, Verdict
from feedpub.publishing import feed
from feedpub.publishing.measuring import MOST_ASKED
from feedpub.publishing.render import render
from tests.council import Council
from tests.drupal.site import RUBRICS, Answer, Rubric
from tests.made import NOW, SOURCE, article, feed_of, stored
from tests.town import Town, failures, items_of

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


# ------------------------------------------------------------ categories


def tagged(number: int, *categories: str) -> Weighed:
    return Weighed.of(article(number, categories=categories))


def new(number: int, *categories: str) -> Change:
    return Change(Verdict.NEW, tagged(number, *categories), None)


def names(count: int) -> list[str]:
    return [f"Мітка {n}" for n in range(count)]


USUAL = {"новини": 40, "мітка 0": 1}


@pytest.mark.parametrize(
    ("changes", "today", "days", "stops"),
    [
        ([new(1, *names(500))], 0, 0, False),  # no category has a feed for one item
        ([new(1, *names(101)), new(2, *names(101))], 0, 0, True),
        ([new(1, *names(100)), new(2, *names(100))], 0, 0, False),
        ([new(1, *names(60)), new(2, *names(60))], 41, 0, True),  # after others today
        ([new(1, *names(250)), new(2, *names(250))], 0, 3, False),  # they have gathered for three days
        ([new(1, "Новини", *names(1)), new(2, "НОВИНИ")], 100, 0, True),  # one joins one that is known from one item
        ([new(1, "Новини"), new(2, "НОВИНИ")], 500, 0, False),
        ([Change(Verdict.CHANGED, tagged(n, *names(200)), tagged(n, *names(200))) for n in (1, 2)], 0, 0, False),
    ],
)
def test_more_new_categories_than_a_site_has_at_once(changes: list[Change], today: int, days: int, stops: bool) -> None:
    last = NOW - timedelta(days=days)
    history = History(NOW, 90, (), (), last, today=Tally(0, 0, 0, 0, today), categories=USUAL)
    assert ("too many new categories" in brake.objections_by_rule(history, Findings(changes))) is stops


def test_a_backfill_may_bring_any_number_of_categories() -> None:
    history = History(NOW, 90, (), (), NOW)
    assert brake.objections(history, Findings([new(1, *names(500)), new(2, *names(500))])) == []


@pytest.mark.long
def test_new_categories_that_come_in_portions_are_counted_together_and_let_through_by_their_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    labels = [f"Мітка {hour} {k}" for hour in range(4) for k in range(45)]
    monkeypatch.setattr("tests.drupal.node.RUBRICS", (*RUBRICS, *(Rubric(n, s) for n, s in enumerate(labels, 9))))
    town = Town(tmp_path)
    town.begin()
    said: list[str] = []
    for hour in range(4):
        for n in (0, 1):
            number = 300 + 2 * hour + n
            newest = town.site.articles[-1]
            categories = tuple(labels[45 * hour : 45 * hour + 45])
            made = replace(newest, number=number, alias=f"n/{number}", title=f"Новина {number}", categories=categories)
            town.site.articles.append(made)
        said += failures(town.run(days=1 / 24))
    assert "45 new categories would get feeds at once, after 90 today, where" in said[0]
    assert failures(town.run(is_accepted=True)) == []
    assert any("mitka-3-44" in name for name in town.published())


# ------------------------------------------------------------ time


def seen(sheet: str, body: str) -> None:
    root = html.document_fromstring(f"<html><head><style>{sheet}</style></head><body>{body}</body></html>")
    mark_unseen(root, root.findall("body"), "https://rada.example/1")


@pytest.mark.parametrize("rule", ["div div div p:nth-child({n}) {{display: none}}", "div div p {{left: -{n}px}}"])
def test_sheets_that_would_take_hours_are_refused(rule: str) -> None:
    sheet = "".join(rule.format(n=n) for n in range(3_000))
    with pytest.raises(ScrapeError, match="would take too long to apply"):
        seen(sheet, "<div>" * 150 + "<p>А</p>" * 3_000 + "</div>" * 150)


def test_long_sheets_and_long_tables_are_no_excess() -> None:
    rules = "".join(f"div table tr:nth-child({n}) td.c{{display: none}} .c p b{{color: #f{n % 10}f}}" for n in range(9))
    seen(rules, "<div><table>" + "<tr><td class=c>А</td></tr>" * 700 + "</table></div>")


def test_a_long_chain_of_elements_in_elements_is_followed_once() -> None:
    root = html.document_fromstring("<p class=a></p>" + "<div>" * 200 + "<b class=z>А</b>" + "</div>" * 200)
    assert Index(root).find(".a " + "div " * 12 + ".z") == []


@pytest.mark.long
def test_pages_that_fail_day_after_day_keep_no_other_waiting(tmp_path: Path) -> None:
    town = Town(tmp_path)
    town.begin()
    newest = town.site.articles[-1]
    for n in range(3):
        later = newest.utc + timedelta(hours=n + 1)
        made = replace(newest, number=300 + n, alias=f"n/{n}", title=f"Новина номер {n}", utc=later)
        town.site.articles.append(made)
        if n < 2:
            town.site.overrides[made.href] = Answer(503)
    for _ in range(2):
        town.run(days=2)
    assert "Новина номер 2" in items_of(town)
