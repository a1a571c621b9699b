"""Which dates a site's news get: small sites of our own, each read as a run would read it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http import HTTPStatus
from pathlib import Path

import pytest

from feedpub.layout import Layout
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
    "школа", "вода", "тепло",
)  # fmt: skip
Head = Callable[[int], str]


@dataclass
class News:
    """A site with a page of news, and a page for each. The dates are as the functions write them."""

    listed: Head = lambda n: ""  # the date of an article, by its number, on the listing
    shown: Head = lambda n: ""  # and on its own page
    below: Head = lambda n: ""  # what stands below an article
    count: int = len(TITLES)
    language: str = "uk"
    in_path: Head = lambda n: ""  # what stands in the address before an article's number
    feed: Head | None = None  # the date in the site's own feed
    only_listing_names_feed: bool = False
    titles: list[str] = field(default_factory=lambda: list(TITLES))

    def answer(self, method: str, target: str, headers: dict[str, str], base: str) -> Answer:
        if target == "/":
            return self._page("Новини", "".join(map(self._row, range(self.count))))
        if target == "/feed.xml" and self.feed:
            items = "".join(map(self._entry, range(self.count)))
            return _answer(f"<rss version='2.0'><channel>{items}</channel></rss>", "application/rss+xml")
        folder, _, number = target.rpartition("/")
        is_article = number.isdecimal() and int(number) < len(self.titles)
        if is_article and folder == f"/novyna{self.in_path(int(number))}":
            return self._page(self.titles[int(number)], self._article(int(number)))
        return Answer(HTTPStatus.NOT_FOUND, (), b"")

    def _page(self, title: str, content: str) -> Answer:
        names_feed = self.feed and (title == "Новини" or not self.only_listing_names_feed)
        feed = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">' if names_feed else ""
        return _answer(
            f'<html lang="{self.language}"><head><title>{title}</title>{feed}</head><body><div class="menu">'
            f'<a href="/rada">Рада</a> <a href="/docs">Документи</a></div><div class="main">{content}</div></body>'
        )

    def _row(self, n: int) -> str:
        return (
            f'<div class="row"><h3><a href="/novyna{self.in_path(n)}/{n}">{self.titles[n]}</a></h3>'
            f'<span class="when">{self.listed(n)}</span><p>{_sentence(n, 0)}</p></div>'
        )

    def _article(self, n: int) -> str:
        text = "".join(f"<p>{_sentence(n, k)}</p>" for k in range(5))
        return (
            f'<div class="story"><h1>{self.titles[n]}</h1><span class="when">{self.shown(n)}</span>'
            f'<div class="text">{text}</div></div>{self.below(n)}'
        )

    def _entry(self, n: int) -> str:
        date = self.feed(n) if self.feed else ""
        return f"<item><title>{self.titles[n]}</title><link>/novyna/{n}</link><pubDate>{date}</pubDate></item>"


def _answer(text: str, media: str = "text/html") -> Answer:
    return Answer(HTTPStatus.OK, (("Content-Type", f"{media}; charset=utf-8"),), text.encode())


def _sentence(n: int, k: int) -> str:
    words = [WORDS[(n * 7 + k * 5 + j * j + n * j) % len(WORDS)] for j in range(14)]
    return f"{' '.join(words)} {n}{k}."


def days_before(count: int, form: str, start: datetime = NOON) -> str:
    return f"{start - timedelta(days=count):{form}}"


def town(folder: Path, site: News, language: str = "uk", layout: Layout | None = None) -> Town:
    return town_with(folder, site, NOON, language=language, layout=layout)


def published_days(made: Town) -> dict[str, str | None]:
    instants = {title: s.article.published for title, s in items_of(made).items()}
    return {title: f"{instant:%Y-%m-%d}" if instant else None for title, instant in instants.items()}


def expected_days(count: int = len(TITLES), start: datetime = NOON) -> dict[str, str | None]:
    return {TITLES[n]: days_before(n, "%Y-%m-%d", start) for n in range(count)}


# ------------------------------------------------------------ dates that are no article's


ROW = '<li class="one"><a href="/novyna/{k}">{title}</a> <i>{date}</i></li>'
CARD = '<li class="one"><h4><a href="/novyna/{k}">{title}</a></h4><div class="stamp">{date}</div></li>'
FLAT = '<a href="/novyna/{k}">{title}</a> <i>{date}</i><br>'


def _latest(skipping: Callable[[int, int], bool], row: str = ROW) -> Head:
    def below(n: int) -> str:
        shown = [k for k in range(7) if not skipping(n, k)]
        dates = [days_before(k, "%d.%m.%Y %H:%M") for k in shown]
        rows = "".join(row.format(k=k, title=TITLES[k], date=date) for k, date in zip(shown, dates, strict=True))
        return f'<div class="latest"><b>Свіже</b><ul>{rows}</ul></div>'

    return below


@pytest.mark.parametrize("leaves_out_itself", [False, True])
def test_the_dates_of_a_list_of_latest_news_are_no_article_s(tmp_path: Path, leaves_out_itself: bool) -> None:
    below = _latest(lambda n, k: leaves_out_itself and n == k)
    dated = town(tmp_path, News(listed=lambda n: days_before(n, "%d.%m.%Y"), below=below))
    assert said_by(dated) == []
    assert published_days(dated) == expected_days()


@pytest.mark.parametrize("row", [ROW, FLAT])
@pytest.mark.parametrize("leaves_out_itself", [False, True])
def test_where_nothing_else_has_a_date_such_a_list_has_none_either(
    tmp_path: Path, leaves_out_itself: bool, row: str
) -> None:
    undated = town(tmp_path, News(below=_latest(lambda n, k: leaves_out_itself and n == k, row)))
    undated.run()
    assert set(published_days(undated).values()) == {None}


def test_the_dates_of_related_news_are_no_article_s_though_they_change_from_page_to_page(tmp_path: Path) -> None:
    def related(n: int) -> str:
        others = [(n + step) % len(TITLES) for step in (1, 3, 4)]
        rows = [CARD.format(k=k, title=TITLES[k], date=days_before(k, "%d.%m.%Y")) for k in others]
        return f'<div class="related"><ul>{"".join(rows)}</ul></div>'

    undated = town(tmp_path, News(below=related))
    undated.run()
    assert set(published_days(undated).values()) == {None}


def test_a_date_that_contradicts_the_listing_on_most_pages_is_not_taken(tmp_path: Path) -> None:
    site = News(
        listed=lambda n: days_before(n, "%d.%m.%Y"),
        shown=lambda n: days_before((n * 5) % 7 + 20, "%d.%m.%Y"),  # of a document, say
    )
    made = town(tmp_path, site)
    made.run()
    assert published_days(made) == expected_days()


def test_the_page_s_clock_is_no_date_though_it_ticks(tmp_path: Path) -> None:
    site = News(shown=lambda n: f"{NOON + timedelta(minutes=n / 4):%d.%m.%Y %H:%M}")
    made = town(tmp_path, site)
    made.run()
    assert set(published_days(made).values()) == {None}


def test_a_date_amid_a_sentence_is_no_article_s(tmp_path: Path) -> None:
    def captioned(n: int) -> str:
        about = f"Голова громади оглядає {WORDS[n % len(WORDS)]} під час поїздки старою вулицею на Заріччі біля річки,"
        return f"{about} {days_before(n * 9 + 200, '%d.%m.%Y')} року, разом із керівниками служб, які її доглядають"

    made = town(tmp_path, News(shown=captioned))
    made.run()
    assert set(published_days(made).values()) == {None}


# ------------------------------------------------------------ dates ahead


@pytest.mark.parametrize("form", ["%d.%m.%Y %H:%M", "%d/%m/%Y %H:%M"])
def test_an_event_ahead_does_not_turn_the_days_of_a_site(tmp_path: Path, form: str) -> None:
    def date(n: int) -> str:
        return f"{datetime(2026, 12, 10, 18, tzinfo=UTC):{form}}" if n == 0 else days_before(n - 1, form)

    made = town(tmp_path, News(listed=date, shown=date))
    [line] = said_by(made)
    assert "its date lies in the future: 2026-12-10 18:00; it is dated by when it was first seen" in line
    days = {TITLES[n]: days_before(n - 1, "%Y-%m-%d") for n in range(1, len(TITLES))}
    assert published_days(made) == {TITLES[0]: None} | days
    assert items_of(made)[TITLES[0]].date == NOON


def test_an_event_whose_page_shows_its_day_is_dated_by_the_listing_where_that_is_not_ahead(tmp_path: Path) -> None:
    def shown(n: int) -> str:
        return "10.12.2026" if n == 0 else days_before(n, "%d.%m.%Y")

    made = town(tmp_path, News(listed=lambda n: days_before(n, "%d.%m.%Y"), shown=shown))
    assert said_by(made) == []
    assert published_days(made) == expected_days()


def test_a_site_that_shows_only_days_of_events_says_so(tmp_path: Path) -> None:
    made = town(tmp_path, News(shown=lambda n: f"{NOON + timedelta(days=20 + n):%d.%m.%Y}"))
    made.run()
    assert set(published_days(made).values()) == {None}
    with closing(made.store()) as store:
        learnt = made.council(store).facts.learnt
    assert learnt is not None
    assert "and most are still to come, as events are" in learnt.evidence["date"]


@pytest.mark.long
def test_an_event_that_is_announced_later_is_published_at_once_and_keeps_its_place(tmp_path: Path) -> None:
    site = News(shown=lambda n: "10.12.2026" if n == len(TITLES) else days_before(n, "%d.%m.%Y"))
    made = town(tmp_path, site)
    made.run()
    site.titles.append("Громадські слухання")
    site.count += 1
    made.now += timedelta(hours=3)
    first_seen = made.now
    assert [o.message for o in made.run() if o.verdict is None] == []
    assert items_of(made)["Громадські слухання"].date == first_seen
    made.run(days=40)  # the event has been
    assert items_of(made)["Громадські слухання"].date == first_seen


@pytest.mark.parametrize(("configured", "day"), [("%d/%m/%Y", "2026-11-11"), ("%m/%d/%Y", "2026-11-11")])
def test_formats_that_a_person_gives_are_never_overruled(tmp_path: Path, configured: str, day: str) -> None:
    def date(n: int) -> str:  # an event ahead, and on 12 November days that may all be of December
        form = configured.replace("%d", "{d}").replace("%m", "{m}").replace("%Y", "2026")
        return form.format(d="10", m="12") if n == 0 else form.format(d=f"{13 - n:02}", m="11")

    made = town(tmp_path, News(listed=date, shown=date), layout=Layout(date_formats=(configured,)))
    made.now = NOON + timedelta(days=3)
    made.run()
    assert published_days(made)[TITLES[2]] == day


@pytest.mark.parametrize(("configured", "day"), [("%d/%m/%Y", "2026-08-05"), ("%m/%d/%Y", "2026-05-08")])
def test_a_format_that_a_person_gives_tells_what_no_page_tells(tmp_path: Path, configured: str, day: str) -> None:
    site = News(shown=lambda n: f"0{5 - n}/08/2026", count=5, language="en")
    for name in ("untold", "told"):
        (tmp_path / name).mkdir()
    assert "nothing on these pages tells which" in said_by(town(tmp_path / "untold", site, "en"))[0]
    made = town(tmp_path / "told", site, "en", Layout(date_formats=(configured,)))
    made.run()
    assert published_days(made)[TITLES[0]] == day


def test_configured_formats_that_read_no_date_are_named_in_one_line(tmp_path: Path) -> None:
    made = town(
        tmp_path, News(shown=lambda n: days_before(n, "%d.%m.%Y %H:%M")), layout=Layout(date_formats=("%d.%m.%Y",))
    )
    [line] = said_by(made)
    assert "the configured date_formats do not read the dates on the pages, such as '09.11.2026 12:00'" in line


def test_a_place_whose_dates_the_configured_formats_do_not_read_is_no_place_of_the_date(tmp_path: Path) -> None:
    site = News(
        shown=lambda n: f"{days_before(n, '%d.%m.%Y')}</span><div>{days_before(n + 3, '%Y.%m.%d')}</div><span>",
    )
    made = town(tmp_path, site, layout=Layout(date_formats=("%Y.%m.%d",)))
    assert said_by(made) == []
    assert published_days(made) == expected_days(start=NOON - timedelta(days=3))


# ------------------------------------------------------------ languages


MONTHS = {
    "de": ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
           "Dezember"],
    "fr": ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
           "décembre"],
    "es": ["enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
           "noviembre", "diciembre"],
    "xx": ["unu", "du", "tri", "kvar", "kvin", "ses", "sepo", "oko", "nauo", "dekono", "unuko", "duko"],
}  # fmt: skip


def _in_words(language: str, form: str) -> Head:
    def date(n: int) -> str:
        day = NOON - timedelta(days=n * 9)
        return form.format(day=day.day, month=MONTHS[language][day.month - 1], year=day.year)

    return date


@pytest.mark.parametrize(
    ("language", "form", "configured", "page"),
    [
        ("de", "{day}. {month} {year}", "de", "de"),
        ("fr", "{day} {month} {year} à 9h30", "fr", ""),
        ("es", "{day} de {month} de {year}", "uk", "es-ES"),  # only the page knows
        ("es", "{month} {day}, {year}", "en", "en"),  # nobody says it
        ("de", "{day}. {month} {year}, 9.30 Uhr", "en", ""),
    ],
)
def test_months_are_read_in_the_language_of_the_source_the_page_or_the_months(
    tmp_path: Path, language: str, form: str, configured: str, page: str
) -> None:
    date = _in_words(language, form)
    made = town(tmp_path, News(listed=date, shown=date, language=page), configured)
    assert said_by(made) == []
    assert published_days(made) == {TITLES[n]: days_before(n * 9, "%Y-%m-%d") for n in range(len(TITLES))}


def test_a_language_that_nobody_reads_is_said_in_one_line(tmp_path: Path) -> None:
    date = _in_words("xx", "{day} {month} {year}")
    made = town(tmp_path, News(listed=date, shown=date, language="xx"), "en")
    [line] = said_by(made)
    assert "no date on the pages can be read, and 'dekono' may be a month; set the source's language" in line
    assert set(published_days(made).values()) == {None}


def test_a_configured_month_is_read_in_the_source_s_language(tmp_path: Path) -> None:
    layout = Layout(date_formats=("%d de %B de %Y",)).in_language("es")
    date = _in_words("es", "{day} de {month} de {year}")
    made = town(tmp_path, News(shown=date, language=""), "es", layout)
    assert said_by(made) == []
    assert published_days(made)[TITLES[0]] == "2026-11-09"


# ------------------------------------------------------------ the site's own feed


@pytest.mark.parametrize("only_listing", [False, True])
def test_the_site_s_own_feed_tells_the_dates_that_pages_hide_and_goes_on_to(tmp_path: Path, only_listing: bool) -> None:
    site = News(feed=lambda n: format_datetime(NOON - timedelta(days=n)), count=6, only_listing_names_feed=only_listing)
    made = town(tmp_path, site)
    made.run()
    assert published_days(made) == expected_days(6)
    made.asked.clear()
    made.run()
    assert [line for line in made.asked if "feed.xml" in line] == []  # nothing new, so it is not asked for
    site.count = 8  # two more, in the order of the page
    made.run()
    assert published_days(made) == expected_days(8)
    assert [line for line in made.asked if "feed.xml" in line] == [f"GET {HOME}/feed.xml"]


def test_an_article_without_a_date_has_the_day_of_its_address(tmp_path: Path) -> None:
    site = News(in_path=lambda n: days_before(n, "/%Y/%m/%d"))
    made = town(tmp_path, site)
    made.run()
    assert published_days(made) == expected_days()


@pytest.mark.parametrize("path", ["/2026/13/40", "/2027/01/05", "/2026/11"], ids=["no day", "ahead", "no day of it"])
def test_other_numbers_in_an_address_are_no_day(tmp_path: Path, path: str) -> None:
    made = town(tmp_path, News(in_path=lambda n: path))
    made.run()
    assert set(published_days(made).values()) == {None}


@pytest.mark.parametrize("month", ["лист", "листопада"])
def test_day_month_and_year_in_boxes_of_their_own_are_a_date(tmp_path: Path, month: str) -> None:
    def leaf(n: int) -> str:
        return days_before(n, f"<b>%d</b><i>{month}</i><b>%Y</b>")

    made = town(tmp_path, News(shown=leaf))
    assert said_by(made) == []
    assert published_days(made) == expected_days()


def test_a_feed_that_dates_all_by_when_it_was_made_tells_no_date(tmp_path: Path) -> None:
    made = town(tmp_path, News(feed=lambda n: format_datetime(NOON)))
    made.run()
    assert set(published_days(made).values()) == {None}
