"""What a day without a year means: the last such day, or the next one where the council announces an event."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from feedpub.collecting.reading import Manner, read_article
from feedpub.content import Page
from tests.slugs import LAYOUT, SHOWN, News, Slugs, news, slug_town
from tests.town import HOME, Town, items_of, said_by

NOON = datetime(2026, 11, 9, 12, tzinfo=UTC)
EVENT = "Ярмарок на площі Ринок"


def town_without_years(folder: Path, form: str) -> tuple[Town, Slugs]:
    site = Slugs()
    site.date = form
    layout = replace(LAYOUT, date_formats=(form,))
    return slug_town(folder, site, layout), site


def event(posted: datetime) -> News:
    return replace(news(9), path="/news/yarmarok", title=EVENT, posted=posted)


def published(town: Town) -> datetime | None:
    return items_of(town)[EVENT].article.published


@pytest.mark.parametrize("form", ["%d.%m", "%d.%m, %H:%M"])
@pytest.mark.parametrize("days", [20, 59])
def test_an_event_that_is_announced_above_the_news_lies_ahead(tmp_path: Path, form: str, days: int) -> None:
    town, site = town_without_years(tmp_path, form)
    town.run()
    ahead = town.now + timedelta(days=days)
    site.news.append(event(ahead))
    [line] = said_by(town)
    assert f"its date lies in the future: {ahead:%Y-%m-%d}" in line
    assert published(town) is None
    assert items_of(town)[EVENT].date == town.now


def test_an_event_above_news_of_which_none_is_known_lies_ahead_as_well(tmp_path: Path) -> None:
    town, site = town_without_years(tmp_path, "%d.%m")
    town.run()
    site.news = [replace(news(n), posted=town.now - timedelta(hours=n)) for n in range(10, 19)]
    site.news.append(event(town.now + timedelta(days=20)))
    town.run(days=0.1)
    assert published(town) is None


def test_a_day_that_is_further_ahead_is_last_year_s(tmp_path: Path) -> None:
    town, site = town_without_years(tmp_path, "%d.%m")
    town.run()
    ahead = town.now + timedelta(days=100)
    site.news.append(event(ahead))
    assert said_by(town) == []
    dated = published(town)
    assert dated
    assert dated.year == ahead.year - 1


def test_at_a_first_look_nothing_tells_an_event_from_a_pinned_article(tmp_path: Path) -> None:
    town, site = town_without_years(tmp_path, "%d.%m")
    ahead = town.now + timedelta(days=20)
    site.news.append(event(ahead))
    town.run()
    dated = published(town)
    assert dated
    assert dated.year == ahead.year - 1


@pytest.mark.parametrize("days", [310, 340])
def test_an_article_of_last_year_below_the_news_is_of_last_year(tmp_path: Path, days: int) -> None:
    town, site = town_without_years(tmp_path, "%d.%m")
    town.run()
    posted = town.now - timedelta(days=days)
    site.news.append(event(posted))  # it stands at the foot of the list
    town.run(days=0.1)
    dated = published(town)
    assert dated
    assert dated.year == posted.year


def test_an_article_of_last_year_above_older_ones_is_of_last_year(tmp_path: Path) -> None:
    town, site = town_without_years(tmp_path, "%d.%m")
    site.news = [replace(one, posted=one.posted - timedelta(days=350)) for one in site.news]
    town.run()
    posted = town.now - timedelta(days=320)
    site.news.append(event(posted))
    town.run(days=0.1)
    dated = published(town)
    assert dated
    assert dated.year == posted.year


@pytest.mark.parametrize(
    ("listed", "shown"),
    [
        ("2026-11-05", "2026-11-08"),  # that the page was edited since
        ("2026-12-20", "2026-11-08"),  # that of an event
        ("2026-12-20", "2026-12-10"),  # both are ahead
    ],
)
def test_the_day_on_a_page_is_the_one_before_the_listing_s_if_that_lies_ahead(listed: str, shown: str) -> None:
    day = datetime.fromisoformat(shown)
    page = Page(HOME, HOME, replace(news(1), posted=day).page_of("%d.%m"))
    layout = replace(LAYOUT, date_formats=("%d.%m",))
    article = read_article(page, Manner(layout, ZoneInfo("UTC"), NOON, listed=f"{listed}T00:00:00+00:00"))
    assert article.published == (day.replace(tzinfo=UTC) if day.replace(tzinfo=UTC) < NOON else None)


def test_the_day_of_an_event_stays_what_it_was_when_it_has_come(tmp_path: Path) -> None:
    town, site = town_without_years(tmp_path, "%d.%m")
    town.run()
    site.news.append(event(town.now + timedelta(days=20)))
    town.run(days=0.1)
    before = items_of(town)[EVENT].date
    for _ in range(3):
        town.run(days=10)
    assert items_of(town)[EVENT].date == before


def test_an_event_lies_ahead_where_dates_lost_their_year_and_the_layout_is_learnt_anew(tmp_path: Path) -> None:
    site = Slugs()
    site.date = "%d.11.%Y %H:%M"
    site.news = [
        replace(one, posted=datetime(2025, 11, 14, tzinfo=UTC) - timedelta(hours=20 * n))
        for n, one in enumerate(site.news)
    ]
    town = slug_town(tmp_path, site, None)
    town.run(days=0.5)
    site.date = "%d листопада, %H:%M"
    site.news.append(event(town.now + timedelta(days=15)))
    said = said_by(town)
    assert any("its new layout was learnt" in line for line in said), said
    assert published(town) is None


def test_an_event_lies_ahead_where_a_person_adds_the_format_that_its_listing_shows(tmp_path: Path) -> None:
    town, site = town_without_years(tmp_path, "%d.%m")
    site.date = SHOWN
    town.source = replace(town.source, layout=LAYOUT)
    town.run()
    site.date = "%d.%m"
    site.news.append(event(town.now + timedelta(days=20)))
    assert any("no date format reads" in line for line in said_by(town))
    town.source = replace(town.source, layout=replace(LAYOUT, date_formats=("%d.%m",)))
    town.run()
    assert EVENT in items_of(town)
    assert published(town) is None
