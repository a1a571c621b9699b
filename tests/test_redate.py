"""After a wrong time zone or date format was mended, the dates of known items are read again, and their ids stay."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from feedpub.collecting.dedupe.shifts import moved, with_move
from feedpub.dating import Moves
from feedpub.store import Store
from tests.clock import AN_HOUR, Clock, set_by_test
from tests.council import CONFIG, Council, accepting
from tests.drupal.server import serve
from tests.plain import Plain, page, story
from tests.postgres import place_at
from tests.test_kill import walk_through

KYIV = ZoneInfo("Europe/Kyiv")
NOW = datetime(2025, 11, 20, 12, tzinfo=UTC)
LAYOUT = """
[source.layout]
item = [".row"]
link = ["a"]
title = ["h1"]
date = ["time"]
body = [".text"]
item_date = ["small"]
date_formats = ["{form}"]
"""
RIGHT, SWAPPED = "%d.%m.%Y %H:%M", "%m.%d.%Y %H:%M"
DAYS = (  # on the clock of the council's wall, the oldest first
    "12.01.2025 09:15", "05.02.2025 10:30", "11.03.2025 08:05", "02.04.2025 16:40", "08.06.2025 00:20",
    "09.07.2025 10:10", "03.09.2025 23:50", "01.10.2025 01:30", "07.10.2025 12:00", "06.11.2025 10:39",
    "10.11.2025 10:39", "11.11.2025 18:00",
)  # fmt: skip


@dataclass(frozen=True)
class Kept:
    """What readers have of an item."""

    url: str
    published: str
    updated: str


class Rada:
    """A council's site with twelve articles, and feedpub beside it."""

    def __init__(self, folder: Path, url: str, site: Plain, capsys: pytest.CaptureFixture[str]) -> None:
        self.site = site
        served = type("At", (), {"url": url, "requests": []})()
        self.council = Council(folder, site, served, capsys)  # type: ignore[arg-type]
        for number, shown in enumerate(DAYS):
            site.pages[path_of(number)] = story(f"Новина {number}", text_of(number), date=shown)
            site.modified[path_of(number)] = "Sun, 02 Nov 2025 08:00:00 GMT"
        self.list()

    def list(self, *, shown: Mapping[int, str] | None = None) -> None:
        rows = [self._row(number, (shown or {}).get(number, "")) for number in range(len(DAYS))]
        self.site.pages["/"] = page("".join(reversed(rows)))
        self.site.modified["/"] = "Sun, 02 Nov 2025 08:00:00 GMT"

    def _row(self, number: int, shown: str) -> str:
        date = f"<small>{shown}</small>" if shown else ""
        return f'<div class="row"><a href="{path_of(number)}">Новина {number}</a>{date}</div>'

    def configure(self, zone: str = "Europe/Kyiv", form: str = RIGHT, more: str = "") -> None:
        head = CONFIG.replace("Europe/Kyiv", zone).replace("[fetch]", f"[fetch]\n{more}")
        self.council.configure(head, layout=LAYOUT.replace("{form}", form))

    def feedpub(self, *words: str) -> tuple[int, str]:
        ran = self.council.feedpub(*words)
        return ran.code, ran.err.replace(self.council.served.url, "")

    def items(self) -> dict[str, Kept]:
        """The published items by id, of all months of the archive."""
        kept = {}
        for file in self.council.path("archive").glob("*/items.ndjson"):
            for line in file.read_text(encoding="utf-8").splitlines():
                item = json.loads(line)
                assert item["id"] not in kept  # each in one month
                updated = item.get("date_modified") or item["date_published"]
                kept[item["id"]] = Kept(item["url"], item["date_published"], updated)
        return kept

    def months(self) -> dict[str, int]:
        """The months of the archive, with their numbers of items, by the council's own list."""
        contents = json.loads((self.council.path("archive") / "index.json").read_bytes())
        return {month["month"]: month["items"] for month in contents["months"]}


def path_of(number: int) -> str:
    return f"/n/{number}-novyna"


def text_of(number: int) -> str:
    return f"<p>Повідомлення {number} для мешканців громади, з подробицями про справу {number * 7}.</p>"


@pytest.fixture
def clock() -> Iterator[Clock]:
    with set_by_test(NOW) as clock:
        yield clock


@pytest.fixture
def rada(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Rada]:
    site = Plain()
    with serve(site) as served:  # type: ignore[arg-type]
        made = Rada(tmp_path, served.url, site, capsys)
        made.council.served = served
        yield made


def instants(shown: tuple[str, ...] = DAYS, zone: ZoneInfo = KYIV) -> list[str]:
    """The instants of dates as a reader of the feeds finds them."""
    walls = (datetime.strptime(one, RIGHT).replace(tzinfo=zone) for one in shown)
    return sorted(wall.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") for wall in walls)


def published(items: Mapping[str, Kept]) -> list[str]:
    return sorted(kept.published for kept in items.values())


def same_but_dates(before: Mapping[str, Kept], after: Mapping[str, Kept]) -> bool:
    return {item: kept.url for item, kept in before.items()} == {item: kept.url for item, kept in after.items()}


# ------------------------------------------------------------ all pages are there


@pytest.mark.parametrize(
    ("zone", "form", "example"),
    [
        ("UTC", RIGHT, "/n/0-novyna: 2025-01-12 11:15 → 2025-01-12 09:15"),
        ("Europe/Warsaw", RIGHT, "/n/0-novyna: 2025-01-12 10:15 → 2025-01-12 09:15"),  # all move alike: see the brake
        ("Europe/Kyiv", SWAPPED, "/n/0-novyna: 2025-11-20 14:00 → 2025-01-12 09:15"),  # December is still to come
    ],
    ids=["a wrong zone", "another wrong zone", "day and month swapped"],
)
@pytest.mark.long
def test_dates_are_read_again_and_ids_stay(rada: Rada, clock: Clock, zone: str, form: str, example: str) -> None:
    rada.configure(zone, form)
    rada.feedpub("run")
    before = rada.items()
    assert published(before) != instants()
    rada.configure()
    clock.now += AN_HOUR
    code, said = rada.feedpub("run", "--redate", "zrazkiv")
    after = rada.items()
    assert (code, published(after), same_but_dates(before, after)) == (0, instants(), True)
    assert said.startswith("feedpub: zrazkiv: 12 dates were read again, ")
    assert said.count("\n") == 1
    assert example in said
    assert said.endswith("; all ids stay\n")
    assert rada.months() == {"2025-01": 1, "2025-02": 1, "2025-03": 1, "2025-04": 1, "2025-06": 1, "2025-07": 1,
                             "2025-09": 1, "2025-10": 2, "2025-11": 3}  # fmt: skip
    assert rada.feedpub("check") == (0, "")
    clock.now += AN_HOUR
    assert rada.feedpub("run") == (0, "")
    assert rada.items() == after


def test_no_reader_hears_of_a_corrected_date_and_an_edit_keeps_its_instant(rada: Rada, clock: Clock) -> None:
    rada.configure("UTC")
    rada.feedpub("run")
    clock.now += 30 * AN_HOUR
    rada.site.pages[path_of(11)] = story("Новина 11", "<p>Час зустрічі змінено на вечір.</p>", date=DAYS[11])
    rada.site.modified[path_of(11)] = "Thu, 20 Nov 2025 08:00:00 GMT"
    clock.now += timedelta(days=30)
    rada.feedpub("run")
    edited = f"{clock.now:%Y-%m-%dT%H:%M:%SZ}"
    rada.configure()
    clock.now += AN_HOUR
    rada.feedpub("run", "--redate", "zrazkiv")
    items = rada.items()
    assert published(items) == instants()
    assert [kept.url.rpartition("/")[2] for kept in items.values() if kept.updated != kept.published] == ["11-novyna"]
    assert edited in {kept.updated for kept in items.values()}


@pytest.mark.long
def test_what_is_right_already_is_said_to_be_and_changes_nothing(rada: Rada, clock: Clock) -> None:
    rada.configure()
    rada.feedpub("run")
    before = rada.council.published()
    clock.now += AN_HOUR
    said = rada.feedpub("run", "--redate", "zrazkiv")
    assert said == (0, "feedpub: zrazkiv: 12 dates were read again and did not change\n")
    assert rada.council.published() == before


@pytest.mark.long
def test_pages_are_asked_for_in_full(rada: Rada, clock: Clock) -> None:
    rada.configure()
    rada.feedpub("run")
    rada.council.requests()
    clock.now += AN_HOUR
    rada.feedpub("run", "--redate", "zrazkiv")
    asked = {request.path: request for request in rada.council.requests()}
    assert {path_of(number) for number in range(12)} | {"/"} <= asked.keys()
    assert not any("if-modified-since" in request.headers for request in asked.values())


@pytest.mark.long
def test_a_date_without_a_year_stays_in_its_year(rada: Rada, clock: Clock) -> None:
    for number, shown in enumerate(DAYS):
        rada.site.pages[path_of(number)] = story(f"Новина {number}", text_of(number), date=shown.replace(".2025", ","))
    rada.configure("UTC", "%d.%m, %H:%M")
    rada.feedpub("run")
    for _ in range(3):  # until February: the latest 12 January is another one by then
        clock.now += timedelta(days=25)
        rada.feedpub("run")
    rada.configure(form="%d.%m, %H:%M")
    clock.now += AN_HOUR
    rada.feedpub("run", "--redate", "zrazkiv")
    assert published(rada.items()) == instants()


@pytest.mark.long
def test_lines_of_a_listing_without_pages_are_dated_again_as_well(rada: Rada, clock: Clock) -> None:
    rows = (
        f'<div class="row"><a href="/files/{number}.pdf">Рішення {number}</a><small>{shown}</small></div>'
        for number, shown in enumerate(DAYS)
    )
    rada.site.pages["/"] = page("".join(rows))
    rada.configure(form=SWAPPED)
    rada.feedpub("run")
    before = rada.items()
    assert (len(before), published(before) == instants()) == (12, False)
    rada.configure()
    clock.now += AN_HOUR
    code, said = rada.feedpub("run", "--redate", "zrazkiv")
    assert (code, "12 dates were read again, " in said) == (0, True)
    assert (published(rada.items()), rada.items().keys()) == (instants(), before.keys())
    clock.now += AN_HOUR
    rada.site.pages["/"] += "<!-- changed -->"
    rada.site.modified.clear()
    assert rada.feedpub("run") == (0, "")
    assert (published(rada.items()), rada.items().keys()) == (instants(), before.keys())


# ------------------------------------------------------------ some are gone


@pytest.mark.long
def test_a_date_whose_page_is_gone_moves_as_the_others_do(rada: Rada, clock: Clock) -> None:
    rada.configure("UTC")
    rada.feedpub("run")
    before = rada.items()
    for number in (1, 10):
        del rada.site.pages[path_of(number)]
    rada.configure()
    clock.now += AN_HOUR
    _, said = rada.feedpub("run", "--redate", "zrazkiv")
    assert (published(rada.items()), same_but_dates(before, rada.items())) == (instants(), True)
    assert "10 dates were read again, 10 of them changed" in said
    assert "; 2 whose pages are not to be read moved like the others\n" in said


@pytest.mark.long
def test_a_swapped_date_whose_page_is_gone_is_swapped_back(rada: Rada, clock: Clock) -> None:
    rada.configure(form=SWAPPED)
    rada.feedpub("run")
    del rada.site.pages[path_of(5)]
    rada.configure()
    clock.now += AN_HOUR
    rada.feedpub("run", "--redate", "zrazkiv")
    assert published(rada.items()) == instants()


@pytest.mark.long
def test_a_date_that_nobody_can_tell_stays_and_is_named(rada: Rada, clock: Clock) -> None:
    rada.configure("UTC")
    rada.feedpub("run")
    for number in range(2, 12):
        del rada.site.pages[path_of(number)]
    rada.configure()
    clock.now += AN_HOUR
    _, said = rada.feedpub("run", "--redate", "zrazkiv")
    assert "2 dates were read again, 2 of them changed" in said
    assert "; 10 stay as they were, since their pages cannot be read: " in said
    assert " and 7 more\n" in said


@pytest.mark.long
def test_a_date_that_the_listing_showed_is_read_from_there(rada: Rada, clock: Clock) -> None:
    rada.list(shown=dict(enumerate(DAYS)))
    rada.configure(form=SWAPPED)
    rada.feedpub("run")
    # Of two pages only the address is left, and no other date tells how those moved: all but three are gone.
    for number in range(9):
        del rada.site.pages[path_of(number)]
    rada.configure()
    clock.now += AN_HOUR
    rada.feedpub("run", "--redate", "zrazkiv")
    assert published(rada.items()) == instants()


def utc(shown: str) -> datetime:
    return datetime.strptime(shown, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


WARSAW = ["2026-01-10 08:00|2026-01-10 07:00", "2026-06-10 08:00|2026-06-10 07:00", "2026-09-10 08:00|2026-09-10 07:00"]
FROM_UTC = [
    "2026-01-10 08:00|2026-01-10 06:00",
    "2026-06-10 08:00|2026-06-10 05:00",
    "2026-09-10 08:00|2026-09-10 05:00",
]
SWAPS = ["2026-03-02 08:00|2026-02-03 08:00", "2026-02-01 08:00|2026-01-02 08:00", "2026-11-12 08:00|2026-12-11 08:00"]
SAME = ["2026-01-10 08:00|2026-01-10 08:00", "2026-06-20 08:00|2026-06-20 08:00", "2026-06-21 08:00|2026-06-21 08:00"]


@pytest.mark.parametrize(
    ("pairs", "old", "new"),
    [
        (FROM_UTC, "2026-06-15 10:00", "2026-06-15 07:00"),  # of a month that was seen
        (FROM_UTC, "2026-08-15 10:00", "2026-08-15 07:00"),  # between two months that agree
        (FROM_UTC, "2025-12-15 10:00", "2025-12-15 08:00"),  # the old clock was never turned, so it stood so before
        (WARSAW, "2026-08-15 10:00", "2026-08-15 09:00"),  # both clocks are turned on the same day
        (WARSAW, "2025-12-15 10:00", None),  # it was turned, and nobody saw when
        (WARSAW, "2026-03-15 10:00", None),
        (FROM_UTC[:2], "2026-06-15 10:00", None),  # two are too few
        (SWAPS, "2026-05-04 08:00", "2026-04-05 08:00"),
        (SWAPS, "2026-05-24 08:00", "2026-05-24 08:00"),  # there is no month 24: it was read as it should be
        ([*SWAPS, "2026-05-06 08:00|2026-05-06 08:00"], "2026-05-04 08:00", None),  # one was not swapped
        (SAME, "2026-06-15 10:00", "2026-06-15 10:00"),
        ([*FROM_UTC, "2026-06-11 08:00|2026-06-14 09:30"], "2026-06-15 10:00", None),  # a quarter moved by itself
    ],
)
def test_what_moved_shows_where_a_date_belongs(pairs: list[str], old: str, new: str | None) -> None:
    moves = Moves()
    for pair in pairs:
        before, after = map(utc, pair.split("|"))
        moves = with_move(moves, before, after, KYIV)
    assert moved(utc(old), moves, KYIV) == (new and utc(new))


# ------------------------------------------------------------ the brake, other sources, wrong words


@pytest.mark.long
def test_the_brake_names_the_way_out_and_lets_the_dates_pass_alone(rada: Rada, clock: Clock) -> None:
    rada.configure("UTC")
    rada.feedpub("run")
    rada.configure()
    rada.site.modified.clear()
    clock.now += timedelta(days=25)  # the newest are due
    code, said = rada.feedpub("run")
    assert code == 1
    assert "if timezone or date_formats was mended, `feedpub run --redate zrazkiv` reads all again" in said
    for number in range(12):
        rada.site.pages[path_of(number)] = story("Казино", f"<p>Bonus {number}</p>", date=DAYS[number])
    code, said = rada.feedpub("run", "--redate", "zrazkiv")
    assert code == 1
    assert "12 of 12 known items have changed" in said
    assert "earlier than they were" not in said
    assert rada.feedpub("run", *accepting(said))[0] == 0
    assert published(rada.items()) == instants()


@pytest.mark.long
def test_of_other_sources_no_page_is_asked_for(rada: Rada, clock: Clock) -> None:
    rada.configure("UTC")
    text = rada.council.config.read_text(encoding="utf-8")
    source = text[text.index("[[source]]") :]
    text += source.replace('id = "zrazkiv"', 'id = "susidy"')
    rada.council.config.write_text(text, encoding="utf-8")
    rada.feedpub("run")
    before = {name: data for name, data in rada.council.files().items() if name.startswith("public/susidy/")}
    rada.council.config.write_text(text.replace('timezone = "UTC"', 'timezone = "Europe/Kyiv"', 1), encoding="utf-8")
    clock.now += AN_HOUR
    assert rada.feedpub("run", "--redate", "zrazkiv")[0] == 0
    after = {name: data for name, data in rada.council.files().items() if name.startswith("public/susidy/")}
    assert after == before
    assert published(rada.items()) == instants()


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["--redate", "zrazkov"], "has no source 'zrazkov'; it has zrazkiv"),
        (["--redate", "zrazkiv", "--source", "zrazkiv"], "not allowed with argument"),
    ],
)
@pytest.mark.long
def test_wrong_words_start_nothing(rada: Rada, words: list[str], line: str) -> None:
    rada.configure()
    ran = subprocess.run(
        [sys.executable, "-m", "feedpub", "run", *words, "--config", str(rada.council.config)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (ran.returncode, line in ran.stderr, rada.council.state.exists()) == (2, True, False)


@pytest.mark.long
def test_ages_cannot_be_read_again_later(rada: Rada) -> None:
    rada.configure(form="%R")
    code, said = rada.feedpub("run", "--redate", "zrazkiv")
    assert (code, "its site says how long ago an article came" in said) == (2, True)


# ------------------------------------------------------------ over several runs


def left(rada: Rada) -> Any:
    with closing(Store(place_at(rada.council.state), is_to_look=True)) as store:
        return store.of("zrazkiv").facts.redating


@pytest.mark.long
def test_what_one_run_has_no_time_for_is_read_by_the_next(rada: Rada, clock: Clock) -> None:
    rada.configure("UTC")
    rada.feedpub("run")
    before = rada.items()
    rada.configure()
    clock.now += AN_HOUR
    for number in range(6):
        rada.site.statuses[path_of(number)] = 503
    code, said = rada.feedpub("run", "--redate", "zrazkiv")
    assert (code, "still to be read again for their dates; the next runs go on\n" in said) == (1, True)
    rada.site.statuses.clear()
    said = ""
    for _ in range(3):
        clock.now += timedelta(days=1)
        said += rada.feedpub("run")[1]
    assert "12 dates were read again, 12 of them changed" in said
    assert (published(rada.items()), same_but_dates(before, rada.items()), left(rada)) == (instants(), True, None)


@pytest.mark.long
def test_a_configuration_that_is_mended_once_more_begins_again(rada: Rada, clock: Clock) -> None:
    rada.configure("UTC")
    rada.feedpub("run")
    rada.configure("Europe/Lisbon")
    clock.now += AN_HOUR
    rada.site.statuses[path_of(0)] = 500
    rada.feedpub("run", "--redate", "zrazkiv")
    assert left(rada).read == 11
    rada.site.statuses.clear()
    rada.configure()
    clock.now += AN_HOUR
    code, said = rada.feedpub("run")
    assert (code, "12 dates were read again, 12 of them changed" in said) == (0, True)
    assert published(rada.items()) == instants()


@pytest.mark.long
@pytest.mark.parametrize("offset", [0, 30])
def test_it_may_be_killed_before_any_of_its_writes(rada: Rada, tmp_path: Path, offset: int) -> None:
    rada.configure("UTC")
    rada.feedpub("run")
    rada.configure()
    walk_through(tmp_path, "run --redate zrazkiv", step=67, offset=offset)
