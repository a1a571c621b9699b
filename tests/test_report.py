"""`feedpub report`: a kind page for the press officer, whose numbers are right and whose bytes last."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from feedpub.content import Article, By, Gone, Link, Medium, Picture, Stored
from feedpub.council import Council as Source
from feedpub.errors import FetchError
from feedpub.model import Moved
from feedpub.publishing.page import report_strings
from feedpub.publishing.page.report import Finding, Item, Pace, Report, report_page
from feedpub.publishing.reporting import report_of
from feedpub.store import Store
from tests import axe, vnu
from tests.chromium import Browser
from tests.council import Council, Ran
from tests.drupal.site import Answer
from tests.made import SOURCE, article

SITE = "https://rada.example"
PHOTO = f"{SITE}/photo.jpg"
FIRST = datetime(2025, 6, 1, tzinfo=UTC)  # when the source was first read
AN_HOUR = timedelta(hours=1)


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Source]:
    """A council whose state has one item, of the month before."""
    with closing(Store(tmp_path / "feedpub.db")) as store:
        made = Source(SOURCE, store.of(SOURCE.id))
        keep(made, article(1, date="2025-05-31T10:00:00+03:00"), seen=FIRST)
        yield made


def keep(source: Source, made: Article, *, seen: datetime | None = None) -> Stored:
    """Keep an article that was seen an hour after it was published, or at another time."""
    seen = seen or (made.published or FIRST) + AN_HOUR
    stored = Stored(f"tag:rada.example,2026:rada/{made.url[-2:]}", made, seen, made.published or seen)
    source.state.items.put(stored, source.keys_of(made))
    return stored


def finding(source: Source, name: str, **how: Any) -> Finding:
    return next(one for one in report_of(source, "2025-06", **how).findings if one.name == name)


def named(found: Finding) -> list[str]:
    return [item.url.rpartition("/")[2] for item in found.items]


# ------------------------------------------------------------ the numbers


def test_a_month_is_the_council_s_own(source: Source) -> None:
    """In Kyiv it is three hours ahead of UTC in summer."""
    for number, at in enumerate(["2025-05-31T20:59", "2025-05-31T21:00", "2025-06-30T20:59", "2025-06-30T21:00"], 10):
        keep(source, article(number, date=f"{at}:00+00:00"))
    assert report_of(source, "2025-06").weekdays == (1, 0, 0, 0, 0, 0, 1)  # Monday 30, Sunday 1 June
    assert report_of(source, "2025-07").news == 1
    assert report_of(source, "2025-12").news == 0  # and December has an end


def test_items_without_a_date_or_a_title_are_named(source: Source) -> None:
    keep(source, article(10, date=""), seen=FIRST + timedelta(days=3))
    keep(source, article(11, title=""))
    keep(source, article(12))
    assert [named(finding(source, name)) for name in ("undated", "untitled")] == [["10"], ["11"]]
    assert finding(source, "undated").looked_at == 3


def test_pictures_without_a_description_are_counted(source: Source) -> None:
    pictures = (Picture(PHOTO, ""), Picture(f"{SITE}/2.jpg", "Площа"), Picture(f"{SITE}/3.jpg", ""))
    keep(source, article(10, pictures=pictures))
    found = finding(source, "mute")
    assert (found.count, [item.pictures for item in found.items], found.looked_at) == (2, [2], 3)


def test_large_pictures_are_those_whose_size_the_state_knows(source: Source) -> None:
    for number, size in ((10, 1_000_001), (11, 1_000_000), (12, 3_000_000)):
        url = f"{SITE}/{number}.jpg"
        keep(source, article(number, pictures=(Picture(url, "Площа"), Picture(f"{url}?unknown", "Площа"))))
        source.state.media.put_medium(url, Medium(url, "image/jpeg", size), FIRST)
    found = finding(source, "heavy")
    assert [(item.url[-2:], item.size) for item in found.items] == [("12", 3_000_000), ("10", 1_000_001)]
    made = report_of(source, "2025-06")
    assert (made.measured, made.pictures) == (3, 6)


LINKS = "".join(
    f'<p><a href="{url}">тут</a></p>'
    for url in ("/content/70", "/content/71", "https://other.example/content/70", "mailto:a@rada.example", "/content/1")
)


def test_links_that_the_state_knows_to_lead_nowhere_are_named(source: Source) -> None:
    visits = source.state.visits
    visits.name_links([Link(f"{SITE}/content/{n}", "Т", None) for n in (70, 71)], 0)
    visits.failed(f"{SITE}/content/70", FIRST, FetchError("", "the server answers 410 Gone", 410))
    visits.failed(f"{SITE}/content/71", FIRST, FetchError("", "the server answers 500", 500))
    keep(source, article(10, LINKS))
    assert [item.addresses for item in finding(source, "dead").items] == [(f"{SITE}/content/70",)]
    [old] = source.state.items.titled("Заголовок")[:1]
    source.state.items.withdraw(old.id, Gone(FIRST, By.COUNCIL, "404"))
    assert [item.addresses for item in finding(source, "dead").items] == [
        (f"{SITE}/content/70", f"{SITE}/content/1"),
    ]  # fmt: skip
    assert report_of(source, "2025-06").links is None


def test_links_are_tried_once_each_and_on_the_council_s_hosts_alone(source: Source) -> None:
    asked: list[str] = []

    def is_gone(url: str) -> bool | None:
        asked.append(url)
        return {"70": True, "71": None}.get(url[-2:], False)

    keep(source, article(10, LINKS))
    keep(source, article(11, LINKS))
    made = report_of(source, "2025-06", is_gone)
    assert asked == [f"{SITE}/content/{n}" for n in (70, 71, 1)]
    dead = next(one for one in made.findings if one.name == "dead")
    assert (dead.count, made.links) == (2, 2)


def test_how_long_an_item_takes_to_the_feed_is_told_of_those_whose_time_is_known(source: Source) -> None:
    for number, hours in ((10, 1), (11, 2), (12, 30)):
        made = article(number)
        assert made.published
        keep(source, made, seen=made.published + hours * AN_HOUR)
    keep(source, article(13, date="2025-06-10T00:00:00+03:00"), seen=FIRST + timedelta(days=20))  # a day, no time
    keep(source, article(14, date=""), seen=FIRST + timedelta(days=20))
    pace = report_of(source, "2025-06").pace
    assert pace
    assert (pace.median, pace.worst, pace.slowest.url) == (2 * AN_HOUR, 30 * AN_HOUR, f"{SITE}/content/12")
    assert report_of(source, "2025-05").pace is None  # was published before anybody looked


def test_pages_that_have_moved_are_those_that_people_find_at_another_address(source: Source) -> None:
    moves = {
        f"{SITE}/a": f"{SITE}/b",
        f"{SITE}/c": "https://www.rada.example/c/",  # the same page
        f"{SITE}/d": "https://other.example/d",
        "https://other.example/e": "https://other.example/f",
    }
    source.state.store.hosts.put_moved({url: Moved(to, FIRST) for url, to in moves.items()})
    source.state.store.hosts.put_moved({f"{SITE}/x": Moved(f"{SITE}/y", FIRST - timedelta(days=9))})
    assert report_of(source, "2025-06").moved == ((f"{SITE}/a", f"{SITE}/b"),)


def test_edits_are_counted_and_the_item_that_was_changed_most_often_comes_first(source: Source) -> None:
    items = [keep(source, article(number)) for number in (10, 11, 12)]
    for stored, days in ((items[0], [1]), (items[1], [1, 2, 3, 40]), (items[2], [1, 2])):
        for day in days:
            source.state.items.note_edit(stored.id, FIRST + timedelta(days=day))
    source.state.items.withdraw(items[2].id, Gone(FIRST, By.COUNCIL, "404"))
    edited = report_of(source, "2025-06").edited
    assert [(item.url[-2:], item.edits) for item in edited] == [("11", 3), ("10", 1)]
    source.state.items.note_edit(items[0].id, FIRST + timedelta(days=402))  # forgets what is older than 400 days
    assert [item.edits for item in report_of(source, "2025-06").edited] == [2]


# ------------------------------------------------------------ the page


def full(language: str = "uk") -> Report:
    """A month with everything that can be said of one."""
    item = Item("Оголошення про відключення води на вулиці Центральній", f"{SITE}/content/117", date(2025, 11, 5))
    addresses = (f"{SITE}/content/" + "дуже-довга-адреса" * 12, f"{SITE}/b")
    counts = {"untitled": 1, "undated": 2, "mute": 25, "dead": 5, "heavy": 11}
    findings = tuple(Finding(name, n, [replace(item, addresses=addresses)] * n, 40) for name, n in counts.items())
    return Report(
        "Зразківська міська рада", f"{SITE}/", language, "2025-11", (12, 8, 9, 0, 21, 1, 0), findings,
        Pace(0.4 * AN_HOUR, 71 * AN_HOUR, replace(item, title="")),
        (replace(item, edits=7), replace(item, edits=2), item),
        tuple((f"{SITE}/{n}", f"{SITE}/b/{n}") for n in range(14)), 30, 21, 153,
    )  # fmt: skip


def empty() -> Report:
    return Report("Рада", f"{SITE}/", "uk", "2025-11", (0,) * 7, (), None, (), (), 0, 0, None)


def fine() -> Report:
    names = ("untitled", "undated", "mute", "dead", "heavy")
    return replace(full(), findings=tuple(Finding(name, 0, (), 9) for name in names), edited=(), moved=(), links=None)


def text_of(*reports: Report) -> str:
    tree: Any = html.document_fromstring(report_page(reports).decode())
    return " ".join(tree.body.text_content().split())


def test_what_went_well_comes_first_and_each_tip_says_why_and_how() -> None:
    words = text_of(full())
    assert words.index("Що вдалося") < words.index("Що може бути ще краще") < words.index("Як ми рахували")
    assert "Ваші новини за листопад 2025 року" in words
    assert "Читачі отримали 51 новину." in words
    assert "Зазвичай новина потрапляє до стрічки менш ніж за годину після публікації." in words
    assert "Найпізніше, через 3 дні після публікації, з’явилася ця новина: Новина без заголовка" in words
    for said in (
        "1 новина без заголовка",
        "2 новини без дати",
        "25 зображень без опису",
        "5 посилань нікуди не ведуть",
    ):
        assert re.search(f"{said} Чому це важливо. .+? Як це зробити. ", words)
    assert "виправлено 7 разів" in words
    assert "і ще 13 новин" in words
    assert "і ще 2 сторінки" in words


def test_a_month_without_faults_and_one_without_news_have_a_kind_page_too() -> None:
    words = text_of(fine())
    for name in ("untitled", "undated", "mute", "dead", "heavy"):
        assert str(report_strings.UK[f"report_{name}_none"]) in words
    assert "порадити: усе гаразд. Дякуємо!" in words
    words = text_of(empty())
    assert "Цього місяця нових публікацій на сайті ради ми не бачили. Так буває." in words
    assert "Що вдалося" not in words


def test_nothing_is_praised_that_nobody_looked_at() -> None:
    made = replace(fine(), findings=(Finding("mute", 0, (), 0), Finding("dead", 0, (), 3)))
    words = text_of(made)
    assert str(report_strings.UK["report_dead_none"]) in words
    assert str(report_strings.UK["report_mute_none"]) not in words


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Your news in November 2025"),
        ("ru", "Ваши новости за ноябрь 2025 года"),
        ("pl", "Your news in November 2025"),
    ],
)
def test_another_language_has_all_the_words(language: str, title: str) -> None:
    words = text_of(full(language))
    assert title in words
    assert "{" not in words
    assert report_strings.UK.keys() == report_strings.EN.keys() == report_strings.RU.keys()


def test_several_councils_have_a_part_each_in_their_own_language() -> None:
    tree = html.document_fromstring(report_page([full(), full("en")]).decode())
    parts: list[Any] = tree.find_class("council")
    assert [(tree.get("lang"), one.get("lang")) for one in parts] == [("uk", None), ("uk", "en")]
    assert ["What went well" in one.text_content() for one in parts] == [False, True]
    assert len(list(tree.iter("h1"))) == 1


def test_the_page_is_one_file_that_asks_nobody_and_a_title_that_is_markup_stays_a_title() -> None:
    odd = replace(full(), edited=(Item("<script>alert(1)</script>", f"{SITE}/a?b=1&c=2", date(2025, 11, 5)),))
    data = report_page([odd]).decode()
    assert "<script" not in data
    tree: Any = html.document_fromstring(data)
    assert "default-src 'none'; img-src data:; style-src 'sha256-" in tree.xpath("//meta[@http-equiv]/@content")[0]
    assert not list(tree.iter("script", "img", "iframe", "object"))
    assert [link.get("rel") for link in tree.iter("link")] == ["icon"]
    assert tree.xpath("//a[@href='https://rada.example/a?b=1&c=2']")[0].text == "<script>alert(1)</script>"


@pytest.mark.skipif(not vnu.is_here(), reason=vnu.ABSENT)
@pytest.mark.long
def test_the_page_is_valid(tmp_path: Path) -> None:
    pages = {"full": [full()], "empty": [empty()], "fine": [fine()], "several": [full("en"), full(), empty()]}
    for name, reports in pages.items():
        (tmp_path / f"{name}.html").write_bytes(report_page(reports))
    assert vnu.findings(sorted(tmp_path.glob("*.html"))) == ([], [])


@pytest.mark.skipif(axe.PROGRAM is None, reason=axe.ABSENT)
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [320, 360, 1200])
def test_the_page_is_for_everybody_on_any_screen(browser: Browser, width: int, dark: bool) -> None:
    for reports in ([full()], [empty()], [full("en"), full()]):
        judgement = axe.judged(browser, report_page(reports).decode(), width=width, dark=dark)
        assert (judgement.violations, axe.overflows(browser), browser.fired) == ([], [], [])


# ------------------------------------------------------------ the command


@pytest.fixture
def lived(council: Council, monkeypatch: pytest.MonkeyPatch) -> Council:
    """A council that was read in the middle of November, and once more after an edit."""
    now = [datetime(2025, 11, 14, 12, tzinfo=UTC)]
    for module in ("session", "pages", "report"):
        monkeypatch.setattr(f"feedpub.cli.{module}.clock", lambda: now[0])
    council.feedpub("run")
    now[0] += timedelta(days=6)
    last = council.site.articles[-1]
    council.site.articles[-1] = replace(last, body=f"{last.body}<p>Виправлено.</p>")
    council.feedpub("run")
    now[0] = datetime(2025, 12, 3, tzinfo=UTC)
    return council


def test_the_last_full_month_is_the_default_and_the_same_state_gives_the_same_bytes(lived: Council) -> None:
    before = lived.files()
    ran = lived.feedpub("report")
    assert (ran.code, ran.err) == (0, "")
    assert "Ваші новини за листопад 2025 року" in ran.out
    assert "Після публікації ви виправили 1 новину." in ran.out
    assert lived.feedpub("report", "--month", "2025-11", "--source", "zrazkiv").out == ran.out
    file = lived.folder / "report.html"
    assert lived.feedpub("report", "--to", str(file)) == Ran(0, "", "")
    assert file.read_text("utf-8") == ran.out
    file.unlink()
    assert lived.files() == before
    assert "листопад 2024" in lived.feedpub("report", "--month", "2024-11").out  # nothing was known


@pytest.mark.long
def test_the_page_is_never_among_the_published_files(lived: Council) -> None:
    file = lived.folder / "public" / "report.html"
    ran = lived.feedpub("report", "--to", str(file))
    assert (ran.code, file.exists()) == (2, False)
    assert "where everybody could read it; name a file outside" in ran.err


@pytest.mark.long
def test_a_file_that_cannot_be_written_is_left_as_it_was(lived: Council) -> None:
    ran = lived.feedpub("report", "--to", str(lived.folder / "nowhere" / "report.html"))
    assert (ran.code, "cannot be written: No such file" in ran.err) == (1, True)


@pytest.mark.parametrize(
    ("month", "said"),
    [("2026-01", "has not begun yet"), ("2025-13", "is no month such as"), ("x", "is no month such as")],
)
@pytest.mark.long
def test_a_month_that_is_none_is_a_mistake(lived: Council, month: str, said: str) -> None:
    try:
        ran = lived.feedpub("report", "--month", month)
    except SystemExit as leaving:
        ran = Ran(int(str(leaving.code)), "", lived.capsys.readouterr().err)
    assert (ran.code, said in ran.err) == (2, True)


@pytest.mark.long
def test_links_are_tried_politely_if_that_is_wanted(lived: Council) -> None:
    lived.requests()
    lived.feedpub("report")
    assert lived.requests() == []  # else nobody asks the council for anything
    ran = lived.feedpub("report", "--links")
    assert ran.code == 0
    asked = lived.requests()
    assert [one.method for one in asked if one.path != "/robots.txt"] == ["HEAD"] * 2
    assert "перевірили 2 посилання на ваш сайт" in ran.out
    lived.site.overrides[asked[-1].path] = Answer(404)
    ran = lived.feedpub("report", "--links")
    assert "1 посилання нікуди не веде" in ran.out
    assert lived.served.url + asked[-1].path in ran.out.replace("&amp;", "&")
    again = [one.method for one in lived.requests() if one.path != "/robots.txt"]
    assert again == ["HEAD", "HEAD", "GET"]  # a second look at what is gone
    lived.site.overrides[asked[-1].path] = Answer(500)
    assert "нікуди не веде" not in lived.feedpub("report", "--links").out


@pytest.mark.long
def test_a_site_that_wants_to_be_left_in_peace_is_not_asked_for_more(lived: Council) -> None:
    for request in lived.requests():
        lived.site.overrides[request.path] = Answer(429, (("Retry-After", "9999"),))
    ran = lived.feedpub("report", "--links")
    assert ran.code == 0
    assert "the links that were left are not in the report" in ran.err


@pytest.mark.long
def test_a_closed_source_is_reported_on_when_it_is_named(lived: Council) -> None:
    lived.feedpub("retire", "zrazkiv")
    assert lived.feedpub("report").code == 2
    assert lived.feedpub("report", "--source", "zrazkiv").code == 0


@pytest.mark.long
def test_a_page_that_could_be_read_at_last_is_no_edit(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until then the item had what the list says of it."""
    now = [datetime(2025, 11, 14, 12, tzinfo=UTC)]
    monkeypatch.setattr("feedpub.cli.session.clock", lambda: now[0])
    last = council.site.articles[-1]
    council.break_page(last.href)
    for _ in range(6):
        council.feedpub("run")
        now[0] += timedelta(days=2)
    [before] = [item for item in council.items() if item["url"].endswith(last.href)]
    council.site.overrides.clear()
    council.feedpub("run")
    [after] = [item for item in council.items() if item["url"].endswith(last.href)]
    assert after["content_html"] != before["content_html"]
    assert edits(council) == {}
    council.site.articles[-1] = replace(last, body=f"{last.body}<p>Виправлено.</p>")
    now[0] += timedelta(days=30)
    council.feedpub("run")
    assert edits(council) == {after["id"]: 1}
    council.feedpub("withdraw", after["id"], "--reason", "x")
    with closing(Store(council.state)) as store:
        assert store.db.number("SELECT count(*) FROM edit") == 0


def edits(council: Council) -> dict[str, int]:
    with closing(Store(council.state)) as store:
        return store.of("zrazkiv").items.edits(datetime(2020, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC))
