"""The benchmarks measure what they say. That they are fast is no test's affair."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import feedparser
import pytest

from benchmarks import emission, report, state
from benchmarks.measuring import Failed, Run, middle, run
from benchmarks.rivals import rivals
from benchmarks.scenarios import Column
from benchmarks.site import PAGE_SIZE, Council
from benchmarks.variants import FEEDPUB, NAIVE, TOLD
from feedpub import cli
from tests.drupal.server import serve

pytestmark = pytest.mark.long

BASE = "http://127.0.0.1:1"


def pages(site: Council, *paths: str) -> list[bytes]:
    return [site.answer("GET", path, {}, BASE).body for path in paths]


def test_the_site_is_always_the_same_and_of_real_weight() -> None:
    paths = ("/", "/node?page=1", "/content/stattya-7", "/node/7", "/content/stattya-40")
    made = pages(Council(40), *paths)
    assert made == pages(Council(40), *paths)
    assert all(40_000 < len(page) < 60_000 for page in made[2:])
    assert made[2] == made[3]  # by its number and by its name
    assert len(set(made)) == 4


def site_tags(site: Council, *paths: str) -> list[str | None]:
    return [site.answer("GET", path, {}, BASE).header("etag") for path in paths]


def test_what_is_new_changes_the_listing_and_what_is_edited_its_page() -> None:
    paths = ("/", "/content/stattya-39", "/content/stattya-3")
    site = Council(40)
    before = site_tags(site, *paths)
    site.add()
    after = site_tags(site, *paths)
    assert [a == b for a, b in zip(before, after, strict=True)] == [False, True, True]
    site.edit(3)
    assert [a == b for a, b in zip(after, site_tags(site, *paths), strict=True)] == [True, True, False]


def test_a_page_that_has_not_changed_is_not_sent_again() -> None:
    site = Council(40)
    tag = site.answer("GET", "/", {}, BASE).header("etag")
    assert site.answer("GET", "/", {"if-none-match": tag or ""}, BASE).status == 304


def test_a_run_is_measured_from_outside(tmp_path: Path) -> None:
    made = run([sys.executable, "-c", "sum(range(10 ** 7)); x = b'x' * 50_000_000"], [], tmp_path)
    assert 0.01 < made.cpu < 30
    assert made.peak > 50_000_000
    with pytest.raises(Failed, match=r"ends with 3: no luck"):
        run([sys.executable, "-c", "import sys; print('no luck'); sys.exit(3)"], [], tmp_path)


def test_all_variants_of_the_package_read_the_same_items(tmp_path: Path) -> None:
    with serve(Council(30)) as served:
        titles = []
        for variant in (NAIVE, FEEDPUB, TOLD):
            place = tmp_path / variant.name.replace(" ", "-")
            place.mkdir()
            variant.prepare(f"{served.url}/", place)
            made = run(variant.command(f"{served.url}/", place), [served], place, variant.tries)
            assert made.requests > PAGE_SIZE
            feed = next(p for p in (place / "rss.xml", place / "public" / "council" / "rss.xml") if p.exists())
            titles.append(sorted(e.title for e in feedparser.parse(feed.read_bytes()).entries))
        assert titles[0] == titles[1] == titles[2]
        assert len(titles[0]) == PAGE_SIZE


def test_a_state_that_was_grown_is_a_state(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with serve(Council(5)) as served:
        TOLD.prepare(f"{served.url}/", tmp_path)
        config = ["--config", str(tmp_path / "config.toml")]
        assert cli.main(["run", *config]) == 0
        state.grow(tmp_path, 40)
        assert cli.main(["publish", *config]) == 0
        assert cli.main(["check", *config]) == 0
        served.requests.clear()
        assert cli.main(["run", *config]) == 0
        assert len(served.requests) == 1
        capsys.readouterr()
        emission.main(tmp_path, 2)
        told = json.loads(capsys.readouterr().out)
        assert (told["items"], len(told["seconds"])) == (45, 2)
        assert told["files"] >= 14
        assert cli.main(["check", *config]) == 0


def test_the_table_takes_its_place_and_leaves_the_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document = tmp_path / "performance.md"
    document.write_text(f"# Before\n\n{report.BEGIN}old\n{report.END}\nafter\n", encoding="utf-8")
    monkeypatch.setattr(report, "DOCUMENT", document)
    daily = [Column(name) for name in ("first", "nothing new", "one new", "later")]
    walks = [Column("all of 200"), Column("all of 2000")]
    for column in (*daily, *walks):
        for n in range(3):
            column.add(NAIVE, Run(1.0 + n, 1.0, 40_000_000, 21))
            column.add(FEEDPUB, Run((1.0 + n) / 4, 1.0, 50_000_000, 1))
    large = {
        "quiet, few": [0.1], "quiet, many": [0.11], "written, few": [0.05], "written, many": [0.06],
        "files, few": [14.0], "bytes an item": [4000.0], "bytes a file": [9000.0],
    }  # fmt: skip
    for _ in range(2):  # made again, it takes the same place
        report.write(daily, walks, {"1": 10.0, "4": 20.0}, large)
        text = document.read_text(encoding="utf-8")
        assert text.startswith("# Before\n")
        assert text.endswith("\nafter\n")
        assert "old" not in text
        assert "| feedpub | 0.50 s, **0.25** (0.25–0.25), 50 MB, 1 req. |" in text
        assert "| nothing new | ≤ 0.20 | 0.25, 1 request |" in text


def test_of_many_rounds_the_middle_half_counts() -> None:
    assert middle([9.0, 1.0, 2.0, 3.0, 4.0, 5.0, 0.1]) == (3.0, 1.0, 5.0)
    assert middle([2.0]) == (2.0, 2.0, 2.0)


def test_a_tool_that_is_not_there_is_left_out_and_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("newslinkrss", "newsworker"):
        (tmp_path / name / "bin").mkdir(parents=True)
        (tmp_path / name / "bin" / name).touch()
    monkeypatch.delenv("RSS_BRIDGE", raising=False)
    assert [v.name for v in rivals(tmp_path)] == ["newslinkrss", "newsworker"]
    assert "RSS-Bridge is left out" in capsys.readouterr().err


def test_the_command_says_what_it_does() -> None:
    told = subprocess.run([sys.executable, "-m", "benchmarks", "--help"], capture_output=True, text=True, check=True)
    assert "docs/performance.md" in told.stdout
