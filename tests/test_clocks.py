"""A clock that is wrong dates nothing; what it has dated into the future is mended once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feedpub.cli import session
from tests.council import Council, accepting, opened
from tests.drupal import server
from tests.drupal.articles import Article


@pytest.fixture
def council(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Council]:
    with opened(tmp_path, capsys) as made:
        made.site.cache = False
        made.site.articles.append(fresh(made))
        made.feedpub("run")
        yield made


def fresh(council: Council) -> Article:
    born = datetime.now(UTC) - timedelta(hours=3)
    newest = council.site.articles[-1]
    return replace(
        newest, number=300, alias="content/svizhe", title="Свіжа новина", utc=born, date=f"{born:%d/%m/%Y - %H:%M}",
        body="<p>Свіжа новина громади про воду.</p>",
    )  # fmt: skip


@contextmanager
def clock(days: float, site_days: float | None = 0) -> Iterator[None]:
    """This machine's clock is ahead by so many days, and the site's by so many; None: the site names no time."""
    served = server.Handler.date_time_string
    send = server.Handler.send_header

    def send_header(handler: server.Handler, name: str, value: str) -> None:
        if name != "Date" or site_days is not None:
            send(handler, name, value)

    def date_time_string(handler: server.Handler, timestamp: float | None = None) -> str:
        now = datetime.now(UTC).timestamp() + 86_400 * (site_days or 0)
        return served(handler, now if timestamp is None else timestamp)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(session, "clock", lambda: datetime.now(UTC).replace(microsecond=0) + timedelta(days=days))
        patch.setattr(server.Handler, "date_time_string", date_time_string)
        patch.setattr(server.Handler, "send_header", send_header)
        yield


def edit(council: Council, words: str) -> None:
    council.site.articles[-1] = replace(council.site.articles[-1], body=f"<p>{words} новина громади про воду.</p>")


def future(council: Council) -> list[str]:
    """The titles of published items with an instant in the future."""
    soon = datetime.now(UTC) + timedelta(minutes=1)
    instants = [(i["title"], i[name]) for i in council.items() for name in ("date_published", "date_modified")]
    return [title for title, at in instants if datetime.fromisoformat(at) > soon]


@pytest.mark.long
def test_a_run_with_a_clock_ahead_dates_nothing(council: Council) -> None:
    before = council.feeds()
    edit(council, "Змінена")
    with clock(400):
        ran = council.feedpub("run")
    assert ran.code == 1
    assert "set the clock right" in ran.err
    assert council.feeds() == before
    with clock(0.3):
        ran = council.feedpub("run")
    assert (ran.code, ran.err.count("\n"), ran.err.count("zrazkiv: well again")) == (0, 1, 1)
    assert "Змінена" in council.items()[0]["content_html"]


@pytest.mark.long
@pytest.mark.parametrize("site_days", [400, None], ids=["the site's clock is ahead as well", "the site names no time"])
def test_what_a_clock_ahead_has_dated_is_mended_once(council: Council, site_days: float | None) -> None:
    for days in (0.3, 0.7, 1.5):  # the state knows more runs with a clock that was right
        edit(council, f"Змінена {days}")
        with clock(days, days):
            council.feedpub("run")
    edit(council, "Змінена згодом")
    with clock(400, site_days):
        assert council.feedpub("run").code == 0
    assert future(council) == ["Свіжа новина"]
    with clock(3, 3 if site_days else None):
        ran = council.feedpub("run")
    assert (ran.code, ran.err) == (
        0,
        "feedpub: zrazkiv: this machine's clock was ahead and is right now: of 1 item, dates in the future became"
        " today's\n",
    )
    assert datetime.fromisoformat(council.items()[0]["date_modified"]) < datetime.now(UTC) + timedelta(days=4)
    edit(council, "Ще раз змінена")
    with clock(9, 9 if site_days else None):
        ran = council.feedpub("run")
    assert (ran.code, ran.err) == (0, "")
    assert "Ще раз змінена" in council.items()[0]["content_html"]


@pytest.mark.parametrize("days", [-400, -0.9])
def test_a_clock_behind_mends_nothing(council: Council, days: float) -> None:
    before = council.feeds()
    edit(council, "Змінена")
    with clock(days):
        ran = council.feedpub("run")
    assert (ran.code, "set the clock right" in ran.err) == (1, True)
    assert council.feeds() == before


@pytest.mark.long
def test_a_clock_behind_is_wrong_until_it_is_set_right_though_it_passes_the_last_look(council: Council) -> None:
    """A day later it shows the time of the last look, and the state contradicts it no more."""
    before = council.feeds()
    edit(council, "Змінена")
    with clock(-0.9):
        assert council.feedpub("run").code == 1
    with clock(0.3, 1.2):
        ran = council.feedpub("run")
    assert (ran.code, "set the clock right" in ran.err) == (1, True)
    with clock(2.3, 3.2):  # it was said, and is not said each day
        assert council.feedpub("run").code == 1
    assert council.feeds() == before
    with clock(3.3, 3.3):
        assert council.feedpub("run").code == 0
    assert "Змінена" in council.items()[0]["content_html"]
    with clock(3.4, 4.3):  # all is forgotten: a site whose clock is wrong stops nobody
        assert council.feedpub("run").code == 0


@pytest.mark.long
def test_a_clock_behind_stays_wrong_though_the_state_was_lost_and_no_look_is_known(council: Council) -> None:
    before = council.feeds()
    edit(council, "Змінена")
    council.lose_state()
    with clock(-0.9):
        assert "set the clock right" in council.feedpub("run").err
    with clock(0.3, 1.2):
        ran = council.feedpub("run")
    assert (ran.code, "set the clock right" in ran.err) == (1, True)
    assert council.feeds() == before
    with clock(1.4, 1.4):
        council.feedpub("run")
    assert "Змінена" in council.items()[0]["content_html"]


@pytest.mark.long
def test_a_person_may_say_that_the_site_s_clock_is_the_wrong_one(council: Council) -> None:
    """Not as long as the state contradicts this machine's, too."""
    edit(council, "Змінена")
    with clock(-0.9):
        assert "--accept" not in council.feedpub("run").err
    with clock(2.3, 3.2):
        ran = council.feedpub("run")
        assert council.feedpub("run", *accepting(ran.err)).code == 0
    with clock(2.4, 3.3):
        assert (council.feedpub("run").code, council.feedpub("run").err) == (0, "")
    assert "Змінена" in council.items()[0]["content_html"]


@pytest.mark.long
def test_a_clock_that_was_set_back_while_the_listing_failed_dates_nothing_and_is_noticed(council: Council) -> None:
    """The last look may be days ago. The runs in between were later than this one. A listing tells which is right."""
    council.break_page("/")
    with clock(3, 3):
        assert council.feedpub("run").code == 1
    before = council.feeds()
    edit(council, "Змінена")
    with clock(2.1, 3.1):
        assert council.feedpub("run").code == 1
    assert council.feeds() == before
    council.site.overrides.clear()
    with clock(2.4, 3.4):
        ran = council.feedpub("run")
    assert (ran.code, "set the clock right" in ran.err) == (1, True)
    assert council.feeds() == before
    with clock(4.2, 4.2):
        assert council.feedpub("run").code == 0
    assert "Змінена" in council.items()[0]["content_html"]


@pytest.mark.long
def test_a_clock_that_was_set_back_is_looked_at_though_the_listing_has_not_changed(council: Council) -> None:
    council.site.cache = True
    with clock(3, 3):
        assert council.feedpub("run").code == 0  # it remembers what to ask with
    with clock(2.1, 3.1):
        assert "set the clock right" in council.feedpub("run").err


@pytest.mark.long
def test_a_clock_that_was_set_back_while_the_listing_failed_stays_wrong_though_it_passes_the_last_run(
    council: Council,
) -> None:
    _set_back_while_the_listing_fails(council)
    edit(council, "Змінена")
    before = council.feeds()
    with clock(3.2, 4.2):
        ran = council.feedpub("run")
    assert (ran.code, "set the clock right" in ran.err) == (1, True)
    assert council.feeds() == before
    with clock(4.4, 4.4):
        assert council.feedpub("run").code == 0
    [edited] = [item for item in council.items() if "Змінена" in item["content_html"]]
    assert datetime.fromisoformat(edited["date_modified"]) > datetime.now(UTC) + timedelta(days=4.3)


@pytest.mark.long
@pytest.mark.parametrize("site_days", [3.2, None])
def test_a_clock_that_was_set_back_and_is_right_is_trusted_from_the_first_listing_on(
    council: Council, site_days: float | None
) -> None:
    """It may have been ahead before. The next look trusts it, though the site's clock is wrong from then on."""
    _set_back_while_the_listing_fails(council)
    with clock(3.2, site_days):
        assert (council.feedpub("run").code, council.feedpub("run").err) == (0, "")
    edit(council, "Змінена")
    with clock(12, 14):
        assert (council.feedpub("run").code, council.feedpub("run").err) == (0, "")
    assert "Змінена" in council.items()[0]["content_html"]


@pytest.mark.long
def test_a_person_may_say_that_the_clock_which_was_set_back_is_the_right_one(council: Council) -> None:
    _set_back_while_the_listing_fails(council)
    edit(council, "Змінена")
    with clock(3.2, 4.2):
        ran = council.feedpub("run")
        assert council.feedpub("run", *accepting(ran.err)).code == 0
        assert council.feedpub("run").err == ""
    assert "Змінена" in council.items()[0]["content_html"]


def _set_back_while_the_listing_fails(council: Council) -> None:
    """By some hours of a day: the state knows of a run three days from now."""
    council.break_page("/")
    with clock(3, 3):
        assert council.feedpub("run").code == 1
    with clock(2.1, 3.1):
        assert council.feedpub("run").code == 1
    council.site.overrides.clear()


def test_a_clock_that_is_hours_behind_dates_news_by_the_council_and_leaves_no_trace(council: Council) -> None:
    """A date that the site's clock has reached does not lie in the future, whatever this machine's says."""
    born = one_more(council)
    for _ in range(2):
        with clock(-0.12):
            ran = council.feedpub("run")
        assert (ran.code, ran.err) == (0, "")
        assert datetime.fromisoformat(council.items()[0]["date_published"]) == born
    before = council.feeds()
    assert (council.feedpub("run").code, council.feedpub("run").err, council.feeds()) == (0, "", before)


def one_more(council: Council) -> datetime:
    """Add an article of just now, and return its date."""
    newest = council.site.articles[-1]
    born = (datetime.now(UTC) - timedelta(minutes=20)).replace(second=0, microsecond=0)
    council.site.articles.append(
        replace(newest, number=303, alias="content/shche", title="Ще одна", utc=born, date=f"{born:%d/%m/%Y - %H:%M}")
    )
    return born


def test_where_the_listing_fails_an_article_s_page_tells_that_the_clock_is_hours_behind(council: Council) -> None:
    born = one_more(council)
    council.break_page("/content/shche")
    with clock(-0.12):
        assert council.feedpub("run").code == 1
        council.site.overrides.clear()
        council.break_page("/")
        assert council.feedpub("run").code == 1
    [item] = [item for item in council.items() if item["title"] == "Ще одна"]
    assert datetime.fromisoformat(item["date_published"]) == born


@pytest.mark.parametrize("site_days", [0.12, 3.5], ids=["another zone", "days ahead"])
def test_an_event_is_not_dated_by_its_day_though_the_site_s_clock_is_ahead(council: Council, site_days: float) -> None:
    newest = council.site.articles[-1]
    day = datetime.now(UTC) + timedelta(days=3)
    council.site.articles.append(
        replace(newest, number=303, alias="content/shche", title="Захід", utc=day, date=f"{day:%d/%m/%Y - %H:%M}")
    )
    with clock(0, site_days):
        ran = council.feedpub("run")
    assert "its date lies in the future" in ran.err
    assert datetime.fromisoformat(council.items()[0]["date_published"]) < datetime.now(UTC) + timedelta(minutes=1)


@pytest.mark.long
def test_a_person_who_accepts_it_may_go_on_with_a_clock_that_has_leapt(council: Council) -> None:
    edit(council, "Змінена")
    with clock(400):
        ran = council.feedpub("run")
        assert ran.code == 1
        assert council.feedpub("run", *accepting(ran.err)).code == 0
    assert "Змінена" in council.items()[0]["content_html"]


@pytest.mark.long
def test_after_a_long_pause_nothing_is_asked(council: Council) -> None:
    edit(council, "Змінена")
    with clock(400, 400):
        ran = council.feedpub("run")
    assert (ran.code, ran.err) == (0, "")


# ------------------------------------------------------------ further misfortunes


@pytest.mark.long
def test_a_clock_that_is_ahead_by_days_dates_an_edit_ahead_and_the_next_run_mends_it(council: Council) -> None:
    edit(council, "Змінена")
    with clock(20):
        assert council.feedpub("run").code == 0
    assert future(council) == ["Свіжа новина"]
    ran = council.feedpub("run")
    assert (ran.code, ran.err.count("dates in the future became today's")) == (0, 1)
    assert future(council) == []
    assert (council.feedpub("run").code, council.feedpub("run").err) == (0, "")


def test_a_withdrawal_with_a_clock_ahead_is_mended_too(council: Council) -> None:
    victim = council.items()[2]["id"]
    with clock(400):
        council.feedpub("withdraw", victim, "--reason", "x")
    year = str((datetime.now(UTC) + timedelta(days=400)).year)
    assert year in council.path("atom.xml").read_text("utf-8")
    assert council.feedpub("run").code == 0
    assert year not in council.path("atom.xml").read_text("utf-8")
    assert victim not in [i["id"] for i in council.items()]


@pytest.mark.long
@pytest.mark.parametrize("year", [1970, 2038, 2099, 9998])
def test_a_clock_of_another_age_changes_nothing_and_says_one_line(council: Council, year: int) -> None:
    before = council.feeds()
    edit(council, "Змінена")
    with clock((datetime(year, 1, 2, tzinfo=UTC) - datetime.now(UTC)).days):
        ran = council.feedpub("run")
    assert (ran.code, ran.err.count("\n"), "Traceback" in ran.err) == (1, 1, False)
    assert council.feeds() == before
    with clock(0.3):
        assert council.feedpub("run").code == 0


@pytest.mark.long
def test_a_clock_that_is_wrong_while_the_site_is_down_dates_nothing(council: Council) -> None:
    before = council.feeds()
    council.break_page("/")
    with clock(-400):
        assert council.feedpub("run").code == 1
    with clock(400):
        assert council.feedpub("run").code == 1
    council.site.overrides.clear()
    assert [council.feedpub("run").code for _ in range(2)][-1] == 0
    assert {k: v for k, v in council.feeds().items() if k == "atom.xml"} == {"atom.xml": before["atom.xml"]}


@pytest.mark.long
def test_an_article_dated_ahead_while_the_clock_was_ahead_loses_that_date_once(council: Council) -> None:
    born = datetime.now(UTC) + timedelta(days=10)
    council.site.articles.append(
        replace(council.site.articles[-1], number=301, alias="content/zahid", title="Захід", utc=born,
                date=f"{born:%d/%m/%Y - %H:%M}", body="<p>Захід громади у парку.</p>")
    )  # fmt: skip
    with clock(20):
        council.feedpub("run")
    assert "Захід" in future(council)
    council.feedpub("run")
    assert future(council) == []
