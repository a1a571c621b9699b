"""The operator's page: charts that say what is known and what is not, for every eye, and of a bounded size."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from feedpub.conditions import Arrival, Condition, Day, Figures, State
from feedpub.publishing.page.charting import chart_of
from feedpub.publishing.page.watching import CHARTS, Plight, Survey, status_page
from feedpub.watch.figures import SHOWN, figures
from tests import axe, vnu
from tests.chromium import Browser
from tests.test_access import SMALL

NOW = datetime(2025, 6, 30, 12, tzinfo=UTC)
TODAY = NOW.date()
A_DAY, AN_HOUR = timedelta(days=1), timedelta(hours=1)
LARGEST = 1_500_000  # bytes, as docs/manual.md says


def item(hours_ago: float, waited: float | None) -> Arrival:
    """An item of so many hours ago, that came so many hours later. None: its page has no date."""
    at = NOW - hours_ago * AN_HOUR
    return Arrival(at, None if waited is None else at, at + (waited or 0) * AN_HOUR)


def made(days: Sequence[Day], items: Sequence[Arrival], began: datetime | None = NOW - 80 * A_DAY) -> list[Figures]:
    return figures(TODAY, days, items, began)


def plight(number: int, state: State, figures: Sequence[Figures] = (), words: str = "") -> Plight:
    condition = Condition(state, words or ("" if state is State.WELL else f"https://r{number}.example/: why"), words)
    home, title = f"https://r{number}.example/", f"Громада № {number}"
    return Plight(f"r{number}", title, "uk", home, condition, NOW - A_DAY, False, NOW - AN_HOUR, NOW, figures)


# ------------------------------------------------------------ figures


def test_a_day_of_which_nothing_is_known_is_not_zero() -> None:
    days = [Day("2025-06-28", 3, 0), Day("2025-06-29", 0, 2)]
    shown = made(days, [item(2, 0.5), item(1, 1.0), item(0, 3.0)])
    assert len(shown) == SHOWN
    assert shown[0] == Figures(date(2025, 4, 2), None, None, None, None)
    assert shown[-3:] == [
        Figures(date(2025, 6, 28), 0, 3, 0, None),
        Figures(date(2025, 6, 29), None, 0, 2, None),  # nobody read the list: there may have been news
        Figures(date(2025, 6, 30), 3, None, None, 1.0),
    ]


@pytest.mark.parametrize(
    ("items", "hours"),
    [
        ([item(1, -2.0)], 0.0),  # the site's clock is ahead
        ([item(1, None), item(1, 4.0)], 4.0),
        ([item(1, None)], None),
        ([item(1, 1.0), item(2, 2.0)], 1.5),
    ],
)
def test_the_hours_to_the_feed_are_those_of_items_whose_instant_is_known(
    items: list[Arrival], hours: float | None
) -> None:
    assert made([], items)[-1].hours == hours


def test_what_was_published_before_anybody_looked_says_nothing_of_how_fast_news_arrive() -> None:
    items = [item(5, 100.0), item(1, 2.0)]
    assert made([], items, began=NOW - 3 * AN_HOUR)[-1].hours == 2.0
    assert made([], items, began=None)[-1].hours is None
    assert made([], items)[-1].news == 2


# ------------------------------------------------------------ charts


def test_a_chart_has_bars_for_values_and_a_line_where_something_is_known() -> None:
    days = [
        Figures(date(2025, 6, 1), 2, 24, 0, 0.5),
        Figures(date(2025, 6, 2), None, None, None, None),
        Figures(date(2025, 6, 3), 0, 12, 1, None),
        Figures(date(2025, 6, 4), 4, 30, 0, 1.5),
    ]
    chart = chart_of(days)
    news, looks, failures, hours = chart.series
    assert (news.bars, news.known, news.most) == ("M0 24v-12h3v12zM12 24v-24h3v24z", "M0 24h4M8 24h8", "4")
    assert (looks.bars, looks.most) == ("M0 24v-24h3v24zM8 24v-12h3v12zM12 24v-24h3v24z", "24")
    assert (failures.bars, failures.known) == ("M8 24v-24h3v24z", "M0 24h4M8 24h8")
    assert (hours.bars, hours.known, hours.most) == ("M0 24v-8h3v8zM12 24v-24h3v24z", "M0 24h4M12 24h4", "1.5")
    assert [one.words for one in (news, hours)] == [
        "News a day: in all 6, at most 4 on a day; nothing is known of 1 of the 4 days.",
        "Hours to the feed: the median is 1, at most 1.5 on a day; nothing is known of 2 of the 4 days.",
    ]
    assert [(week.first, week.cells) for week in chart.weeks] == [(date(2025, 6, 1), ["6", "66", "1", "1"])]


def test_a_chart_of_nothing_known_is_empty_and_says_so() -> None:
    chart = chart_of(made([], []))
    assert [(one.bars, one.known, one.most) for one in chart.series] == [("", "", "")] * 4
    assert chart.series[0].words == "News a day: nothing is known of these 90 days."
    assert {cell for week in chart.weeks for cell in week.cells} == {"–"}
    assert sum(len(week.cells) for week in chart.weeks) == 13 * 4


# ------------------------------------------------------------ the page


def busy(seed: int = 1) -> list[Figures]:
    """Figures of a source with news on most days, one gap, and a bad week."""
    days = [Day(f"{TODAY - n * A_DAY}", 24 - n % 5, n % 11 // 9) for n in range(89) if n not in range(30, 40)]
    return made(days, [item(n * 9 + seed, (n * 7 + seed) % 40 / 10) for n in range(200)])


def survey(sources: Sequence[Plight], notes: Sequence[str] = ()) -> Survey:
    return Survey("feeds.example.org", NOW, sources, notes)


def page_of_each_state() -> bytes:
    sources = [plight(n, state, busy(n)) for n, state in enumerate(State)]
    sources += [plight(50, State.GONE, words="look: `feedpub learn https://r50.example/`"), plight(51, State.WELL)]
    long = "Незнайсумісництворозпорядженнявиконкому" * 4
    sources.append(Plight("long", long, "uk", f"https://{'a' * 60}.example/", Condition(State.STALE, long, long), NOW,
                          False, None, None, made([], [])))  # fmt: skip
    return status_page(survey(sources, ["/srv/x.toml:3: [source] id is missing"]))


def test_the_worst_come_first_and_those_that_nobody_asks_last() -> None:
    sources = [plight(n, state) for n, state in enumerate(reversed(State))]
    closed = Plight("closed", "Т", "uk", "https://c.example/", Condition(State.WELL), NOW, True, None, None)
    page = status_page(survey([closed, *sources])).decode()
    ids = re.findall("<b>([a-z0-9]+)</b> <span", page)
    assert ids == [*(f"r{n}" for n in reversed(range(7))), "closed"]
    assert (
        page.index("These need a hand") < page.index("<b>r6</b>") < page.index("All others") < page.index("<b>r1</b>")
    )


def test_words_of_others_are_text_and_commands_are_code() -> None:
    page = status_page(survey([plight(1, State.GONE, words="<b>x</b> `feedpub run` \u202eодуд\n2")])).decode()
    assert "&lt;b&gt;x&lt;/b&gt; <code>feedpub run</code> одуд 2" in page


def test_the_page_loads_nothing_and_runs_nothing() -> None:
    page = page_of_each_state().decode()
    assert re.search(r"default-src &#39;none&#39;; img-src data:; style-src &#39;sha256-", page)
    assert not re.search(r"<script|<img|<link rel=\"stylesheet|@import|url\(| on[a-z]+=| style=", page)


@pytest.mark.parametrize("state", [State.GONE, State.WELL])
def test_of_thousands_of_sources_the_page_stays_small(state: State) -> None:
    words = "слово за словом " * 80 if state is State.GONE else ""
    sources = [plight(n, state, busy(n) if n < CHARTS else (), words) for n in range(3000)]
    sources = [replace(one, title="Зразківська " * 20) for one in sources]
    page = status_page(survey(sources))
    assert len(page) < LARGEST
    text = page.decode()
    assert text.count("<article") == CHARTS
    assert f"And {3000 - CHARTS - text.count('<li><span')} more." in text


@pytest.mark.skipif(not vnu.is_here(), reason=vnu.ABSENT)
@pytest.mark.long
def test_the_page_is_valid(tmp_path: Path) -> None:
    file = tmp_path / "status.html"
    file.write_bytes(page_of_each_state())
    assert vnu.findings([file]) == vnu.Findings([], [])


@pytest.mark.skipif(axe.PROGRAM is None, reason=axe.ABSENT)
@pytest.mark.parametrize(("width", "dark"), [(1280, False), (1280, True), (320, False)])
def test_the_page_has_no_barriers(browser: Browser, width: int, dark: bool) -> None:
    assert axe.violations(browser, page_of_each_state().decode(), width=width, dark=dark) == []
    assert browser.fired == []
    assert browser.run(SMALL) == []


@pytest.mark.parametrize(("width", "enlarged"), [(320, 1), (320, 2), (1280, 2)])
def test_nothing_scrolls_sideways_on_a_small_screen_or_with_text_twice_as_large(
    browser: Browser, width: int, enlarged: int
) -> None:
    browser.look(width=width)
    browser.show(page_of_each_state().decode(), policy=None)
    browser.run(f"document.documentElement.style.fontSize = '{enlarged * 100}%'; 0")
    browser.run("for (const e of document.querySelectorAll('details')) e.open = true; 0")
    assert axe.overflows(browser) == []
    assert browser.run("[...document.querySelectorAll('svg')].every(e => e.getBoundingClientRect().width > 200)")
