"""What an operator sees of many sources beside the command line: a page, data, a feed of messages, and metrics."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from stat import S_IMODE
from typing import Any

import feedparser
import pytest

from feedpub import __version__
from feedpub.conditions import Message, State
from feedpub.publishing.render.messages import Names, messages_feed
from tests import vnu
from tests.clock import AN_HOUR, Clock
from tests.council import CONFIG, Council, Ran
from tests.outages import publish
from tests.plights import PLIGHTS
from tests.postgres import IS_WANTED

FILES = ("status.json", "status.html", "messages.xml")
NEEDS_LIBRARY = "no prometheus_client: `pip install 'feedpub[metrics]'` gets it"
Read = Callable[[], dict[str, Any]]
QUIET = """if True:
    import sys
    from feedpub import cli
    code = cli.main(["run", "--config", sys.argv[1]])
    print(code, sorted({"jinja2", "feedgen", "prometheus_client", "feedpub.cli.watch_files"} & set(sys.modules)))
"""


def watched(council: Council, words: str = 'to = "status"') -> Path:
    """Ask for the files, and return their folder."""
    council.configure(CONFIG.replace("\n[[source]]", f"\n[watch]\n{words}\n\n[[source]]"))
    return council.folder / "status"


def shown(folder: Path) -> dict[str, tuple[bytes, int]]:
    """The files, with the times at which they were written."""
    return {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in sorted(folder.iterdir())}


def entries(folder: Path) -> list[dict[str, Any]]:
    return list(feedparser.parse((folder / "messages.xml").read_bytes()).entries)


# ------------------------------------------------------------ when they are written


@pytest.mark.parametrize("state", PLIGHTS, ids=lambda state: state.value)
@pytest.mark.long
def test_a_run_shows_how_each_source_is_as_status_says_it(council: Council, clock: Clock, state: State) -> None:
    folder = watched(council)
    council.feedpub("run")
    PLIGHTS[state](council, clock)
    if state is State.BROKEN:  # nobody calls `feedpub run`, so the files are those of the last one
        return
    assert sorted(shown(folder)) == sorted(FILES)
    assert json.loads((folder / "status.json").read_bytes()) == json.loads(council.feedpub("status", "--json").out)
    page = (folder / "status.html").read_text(encoding="utf-8")
    title = "A hand is needed" if state.needs_hand else "All is well"
    assert f"<title>{title}: the sources of feeds.example.org</title>" in page
    assert f"</span> {state.value}</span>" in page
    assert [one["title"] for one in entries(folder)] == ([] if state is State.WELL else [f"zrazkiv: {state.value}"])


def test_the_same_state_gives_the_same_bytes_and_no_file_is_written_again(council: Council, clock: Clock) -> None:
    folder = watched(council)
    council.feedpub("run")
    PLIGHTS[State.GONE](council, clock)
    before = shown(folder)
    assert council.feedpub("publish").code == 0  # makes all of them again
    assert shown(folder) == before
    clock.now += timedelta(minutes=10)  # there is nothing to note yet
    council.feedpub("publish")
    assert shown(folder) == before
    (folder / "status.html").write_text("is spoilt")
    council.feedpub("publish")
    assert {name: data for name, (data, _) in shown(folder).items()} == {
        name: data for name, (data, _) in before.items()
    }


@pytest.mark.long
def test_while_all_is_well_they_are_written_once_an_hour(council: Council, clock: Clock) -> None:
    folder = watched(council)
    council.feedpub("run")
    council.requests()
    files, minutes_of_writing = shown(folder), []
    for minutes in range(10, 190, 10):
        clock.now += timedelta(minutes=10)
        council.feedpub("run")
        assert [request.path for request in council.requests()] == ["/"]
        if shown(folder) != files:
            files = shown(folder)
            minutes_of_writing.append(minutes)
    assert minutes_of_writing == [60, 120, 180]


@pytest.mark.skipif(IS_WANTED, reason="looks at the modules of a run on a file")
@pytest.mark.long
def test_a_run_that_finds_nothing_new_loads_nothing_for_them_and_writes_nothing(council: Council) -> None:
    watched(council)

    def run() -> str:
        command = [sys.executable, "-c", QUIET, str(council.config)]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    assert run() == "0 ['feedgen', 'feedpub.cli.watch_files', 'jinja2']\n"
    before = council.files()
    assert run() == "0 []\n"
    assert council.files() == before
    assert len([r for r in council.requests() if r.path == "/"]) == 2


@pytest.mark.long
def test_files_that_are_missing_are_written_by_the_next_run(council: Council, clock: Clock) -> None:
    council.feedpub("run")
    folder = watched(council)
    clock.now += timedelta(minutes=1)
    assert council.feedpub("run").code == 0
    assert sorted(shown(folder)) == sorted(FILES)


@pytest.mark.long
def test_everybody_may_read_them_whatever_the_umask(council: Council) -> None:
    folder = watched(council)
    mask = os.umask(0o077)
    try:
        council.feedpub("run")
    finally:
        os.umask(mask)
    assert [oct(S_IMODE(path.stat().st_mode)) for path in (folder, *folder.iterdir())] == ["0o755", *["0o644"] * 3]


@pytest.mark.long
def test_a_source_that_is_closed_or_moved_is_shown_so_at_once(council: Council, clock: Clock) -> None:
    folder = watched(council)
    council.feedpub("run")
    PLIGHTS[State.GONE](council, clock)
    before = [one["id"] for one in entries(folder)]
    council.feedpub("move", "zrazkiv", "nova")
    assert json.loads((folder / "status.json").read_bytes())[0]["id"] == "nova"
    assert [one["title"] for one in entries(folder)] == ["nova: gone"]
    assert [one["id"] for one in entries(folder)] == before
    council.config.write_text(council.config.read_text("utf-8").replace('id = "zrazkiv"', 'id = "nova"'), "utf-8")
    assert council.feedpub("retire", "nova").code == 0
    assert json.loads((folder / "status.json").read_bytes())[0]["closed"] == clock.now.isoformat()
    assert "<b>nova</b>" in (folder / "status.html").read_text("utf-8")


@pytest.mark.long
def test_a_council_s_file_with_a_mistake_and_a_source_that_nobody_configured_are_named(council: Council) -> None:
    council.feedpub("run")
    folder = watched(council)
    text = council.config.read_text("utf-8").replace('id = "zrazkiv"', 'id = "other"')
    council.config.write_text(text, "utf-8")
    (council.folder / "sources.d").mkdir()
    (council.folder / "sources.d" / "wrong.toml").write_text("[[source]]\nid = 7\n")
    council.feedpub("run")
    page = (folder / "status.html").read_text("utf-8")
    assert "sources.d/wrong.toml" in page
    assert "zrazkiv: is in the state with 10 items, and not in" in page


# ------------------------------------------------------------ where they cannot be written


@pytest.mark.long
def test_a_folder_that_cannot_be_written_is_said_once_and_fails_no_feed(council: Council, clock: Clock) -> None:
    folder = watched(council)
    folder.write_text("is no folder")
    ran = council.feedpub("run")
    line = f"feedpub: [watch] to: {folder}: is no folder; nothing is written through it: put a folder in its place\n"
    assert (ran.code, ran.err) == (1, line)
    assert len(council.items()) == 10
    for _ in range(3):
        clock.now += AN_HOUR
        assert council.feedpub("run").err == ""
    before = council.files()
    clock.now += timedelta(minutes=5)
    assert council.feedpub("run") == Ran(0, "", "")  # it is tried once an hour
    assert council.files() == before
    folder.unlink()
    clock.now += AN_HOUR
    ran = council.feedpub("run")
    assert (ran.code, ran.err.startswith("feedpub: the files of [watch]: well again, after 4 hours")) == (0, True)
    titles = [one["title"] for one in entries(folder)]
    assert titles == ["the files of [watch]: well again", "the files of [watch]: broken"]


@pytest.mark.long
def test_a_full_disk_leaves_the_last_good_files(
    council: Council, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = watched(council)
    council.feedpub("run")
    before = shown(folder)
    publish(council.site, clock.now)
    clock.now += AN_HOUR

    def full(place: int, name: str, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("feedpub.publishing.outside.replace_file", full)
        ran = council.feedpub("run")
    assert ran.code == 1
    assert ran.err == (
        f"feedpub: [watch] to: {folder / 'status.json'}: cannot be written: No space left on device; the last good file"
        " stands, the next run tries again\n"
    )
    assert shown(folder) == before
    assert len(council.items()) == 11


# ------------------------------------------------------------ the page


@pytest.mark.long
def test_the_page_is_valid_and_in_english_with_the_council_s_names_in_their_language(
    council: Council, clock: Clock
) -> None:
    folder = watched(council)
    council.feedpub("run")
    PLIGHTS[State.STOPPED](council, clock)
    page = (folder / "status.html").read_text("utf-8")
    assert '<html lang="en">' in page
    assert '<h3 lang="uk"><a href="' in page
    assert "<code>feedpub run --accept " in page
    if vnu.is_here():
        assert vnu.findings([folder / "status.html"]) == vnu.Findings([], [])


# ------------------------------------------------------------ the feed of messages

NAMES = Names("feeds.example.org", "1.2", {"": "the page of all sources"}, {"nova": "stara"})
NOON = datetime(2025, 6, 9, 12, tzinfo=UTC)
SAID = [
    Message("nova", NOON + AN_HOUR, State.WELL, "nova: well again, after 1 hour"),
    Message("nova", NOON, State.GONE, "nova: <b> & more\nsecond\x01 line"),
    Message("", NOON, State.BROKEN, "index.html: failed the check"),
]


def test_each_message_is_an_entry_with_an_id_that_lasts() -> None:
    data = messages_feed(SAID, NAMES)
    feed = feedparser.parse(data)
    assert not feed.bozo
    assert (feed.feed.id, feed.feed.updated) == (
        "tag:feeds.example.org,2026:feedpub/messages",
        "2025-06-09T13:00:00+00:00",
    )
    assert [(one.id.partition(":feedpub/")[2], one.title, one.updated) for one in feed.entries] == [
        ("messages/stara/20250609T130000Z/well", "nova: well again", "2025-06-09T13:00:00+00:00"),
        ("messages/stara/20250609T120000Z/gone", "nova: gone", "2025-06-09T12:00:00+00:00"),
        ("messages//20250609T120000Z/broken", "the page of all sources: broken", "2025-06-09T12:00:00+00:00"),
    ]
    assert feed.entries[1].content[0].value == "<p>nova: &lt;b&gt; &amp; more</p><p>second line</p>"
    assert messages_feed(SAID, NAMES) == data


def test_a_feed_without_messages_is_one_too_and_never_changes() -> None:
    feed = feedparser.parse(messages_feed([], NAMES))
    assert (feed.bozo, feed.entries, feed.feed.updated) == (False, [], "2026-01-01T00:00:00+00:00")


# ------------------------------------------------------------ metrics


@pytest.fixture
def samples(council: Council, clock: Clock) -> Read:
    """Ask for metrics. Return what reads the file, by Prometheus' own parser."""
    parser = pytest.importorskip("prometheus_client.parser", reason=NEEDS_LIBRARY)
    watched(council, 'textfile = "feedpub.prom"')
    file = council.folder / "feedpub.prom"

    def read() -> dict[str, Any]:
        families = list(parser.text_string_to_metric_families(file.read_text("utf-8")))
        assert all(family.type == "gauge" and len(family.documentation) > 10 for family in families)
        return {
            name: value
            for family in families
            for name, value in ((_name(sample), sample.value) for sample in family.samples)
        }

    return read


def _name(sample: Any) -> str:
    labels = "".join(f" {key}={value}" for key, value in sorted(sample.labels.items()) if value != "zrazkiv")
    return f"{sample.name.removeprefix('feedpub_')}{labels}"


@pytest.mark.long
def test_metrics_say_how_each_source_is(council: Council, clock: Clock, samples: Read) -> None:
    council.feedpub("run")
    began = clock.now
    PLIGHTS[State.GONE](council, clock)
    read = samples()
    states = {name: value for name, value in read.items() if name.startswith("source_state")}
    assert states == {f"source_state state={state.value}": float(state is State.GONE) for state in State}
    rest = {name: value for name, value in read.items() if name not in states}
    assert rest == {
        f"build_info version={__version__}": 1,
        "last_run_timestamp_seconds": clock.now.timestamp(),
        "source_last_success_timestamp_seconds": began.timestamp(),
        "source_newest_item_timestamp_seconds": council.site.articles[-1].utc.timestamp(),
        "source_items": 10,
        "source_consecutive_failures": 1,
        "source_unvisited_pages": 0,
        "source_closed": 0,
    }


@pytest.mark.long
def test_metrics_name_a_council_whose_own_file_cannot_be_used(council: Council, clock: Clock, samples: Read) -> None:
    (council.folder / "sources.d").mkdir()
    (council.folder / "sources.d" / "wrong.toml").write_text("[[source]]\nid = 7\n")
    council.feedpub("run")
    assert (samples()["source_state source=7 state=broken"], samples()["source_state state=broken"]) == (1, 0)


@pytest.mark.long
def test_a_source_that_was_never_read_has_no_instants(
    council: Council, clock: Clock, samples: Callable[[], dict[str, Any]]
) -> None:
    council.configure(council.config.read_text("utf-8"), home="http://127.0.0.1:9/", layout="")
    council.config.write_text(council.config.read_text("utf-8").replace(council.served.url, "http://127.0.0.1:9"))
    council.feedpub("run")
    assert not [name for name in samples() if "success" in name or "newest" in name]


@pytest.mark.long
def test_metrics_are_written_whole_for_all_to_read_and_only_when_they_change(
    council: Council, clock: Clock, samples: Any
) -> None:
    mask = os.umask(0o077)
    try:
        council.feedpub("run")
    finally:
        os.umask(mask)
    file = council.folder / "feedpub.prom"
    before = file.stat()
    assert oct(S_IMODE(before.st_mode)) == "0o644"
    council.feedpub("publish")
    assert file.stat().st_mtime_ns == before.st_mtime_ns
    assert [p.name for p in council.folder.iterdir() if "prom" in p.name] == ["feedpub.prom"]  # no draft is left


@pytest.mark.long
def test_without_the_library_one_line_says_how_to_get_it_and_the_other_files_are_written(
    council: Council, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = watched(council, 'to = "status"\ntextfile = "feedpub.prom"')
    monkeypatch.setattr("feedpub.cli.watch_files.find_spec", lambda _: None)
    ran = council.feedpub("run")
    line = "[watch] textfile needs a package that is not installed: pip install 'feedpub[metrics]'"
    assert (ran.code, ran.err) == (1, f"feedpub: {line}\n")
    assert sorted(shown(folder)) == sorted(FILES)
    clock.now += timedelta(minutes=5)
    assert council.feedpub("run") == Ran(0, "", "")  # it is tried once an hour


@pytest.mark.long
def test_a_folder_for_metrics_is_another_program_s_and_not_made(council: Council, clock: Clock) -> None:
    pytest.importorskip("prometheus_client", reason=NEEDS_LIBRARY)
    watched(council, 'textfile = "collector/feedpub.prom"')
    ran = council.feedpub("run")
    folder = council.folder / "collector"
    assert ran.err.startswith(f"feedpub: [watch] textfile: {folder}: cannot be written: No such file or directory")
    assert not folder.exists()
