"""The page of all councils: by region where there are many, and rewritten only where a row has changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from feedpub.config.checks import FOLDERS_OF_ALL
from tests.drupal.server import serve
from tests.drupal.site import Site
from tests.test_pool import Towns

LARGEST = 100_000  # bytes of a page


@pytest.fixture
def country(tmp_path: Path) -> Towns:
    """One council that publishes, and many that were never read, in two regions and in none."""
    with serve(Site()) as served:
        made = Towns(tmp_path, {"tut": f"{served.url}/"})
        assert made.feedpub("run") == 0
    config = tmp_path / "config.toml"
    text = config.read_text(encoding="utf-8")
    source = text[text.index("[[source]]") :].partition("[source.layout]")[0]
    regions = ["Луганська область"] * 120 + ["Київська область"] * 30 + [""]
    more = [source.replace('id = "tut"', f'id = "c{n}"') + region(name) for n, name in enumerate(regions)]
    text = text.replace('id = "tut"', 'id = "tut"\nregion = "Луганська область"')
    config.write_text(text + "".join(more), encoding="utf-8")
    made.feedpub("publish")
    return made


def region(name: str) -> str:
    return f'region = "{name}"\n' if name else ""


def sheets(made: Towns) -> dict[str, bytes]:
    files = made.published()
    return {n: files[n] for n in files if n.startswith("region/") or "/" not in n}


@pytest.mark.long
def test_many_councils_have_a_page_for_each_region_none_too_large(country: Towns) -> None:
    pages = {n: data for n, data in sheets(country).items() if n.endswith((".html", ".opml"))}
    assert sorted(pages) == [
        "404.html",
        "feeds.opml", "index.html", "region/kyivska-oblast/index.html", "region/luhanska-oblast/2/index.html",
        "region/luhanska-oblast/feeds.opml", "region/luhanska-oblast/index.html", "region/other/index.html",
    ]  # fmt: skip
    assert max(map(len, pages.values())) < LARGEST
    assert '<a href="region/luhanska-oblast/">Луганська область</a> (121)' in pages["index.html"].decode()
    assert 'href="../../tut/"' in pages["region/luhanska-oblast/index.html"].decode()
    assert country.feedpub("check", str(country.folder / "public")) == 0


def outlines(data: bytes) -> list[dict[str, str]]:
    return [dict(outline.attrib) for outline in etree.fromstring(data).iter("outline")]


@pytest.mark.long
def test_the_list_of_very_many_feeds_names_the_lists_of_the_regions_that_have_some(country: Towns) -> None:
    luhansk = "https://feeds.example.org/region/luhanska-oblast/feeds.opml"
    pages = sheets(country)
    assert outlines(pages["feeds.opml"]) == [{"type": "include", "text": "Луганська область", "url": luhansk}]
    assert "https://feeds.example.org/tut/atom.xml" in pages["region/luhanska-oblast/feeds.opml"].decode()


@pytest.mark.long
def test_the_list_of_few_feeds_names_them_itself_for_every_reader_knows_that(country: Towns) -> None:
    config = country.folder / "config.toml"
    text = config.read_text(encoding="utf-8").partition('[[source]]\nid = "c60"')[0]
    config.write_text(text, encoding="utf-8")
    country.feedpub("publish")
    feeds = [outline.get("xmlUrl") for outline in outlines(sheets(country)["feeds.opml"])]
    assert feeds == [None, "https://feeds.example.org/tut/atom.xml"]


@pytest.mark.long
def test_a_list_that_leads_to_a_list_that_is_not_there_is_found(
    country: Towns, capsys: pytest.CaptureFixture[str]
) -> None:
    (country.folder / "public/region/luhanska-oblast/feeds.opml").unlink()
    assert country.feedpub("check", str(country.folder / "public")) == 1
    leads = "feeds.opml: the page: leads to https://feeds.example.org/region/luhanska-oblast/feeds.opml, and nothing"
    assert leads in capsys.readouterr().out


@pytest.mark.long
def test_the_root_stays_as_it_is_when_a_council_of_a_region_is_renamed(country: Towns) -> None:
    before = {n: (country.folder / "public" / n).stat().st_mtime_ns for n in ("feeds.opml", "index.html")}
    config = country.folder / "config.toml"
    head, last = config.read_text(encoding="utf-8").rsplit('title = "', 1)
    config.write_text(f'{head}title = "Нова {last}', encoding="utf-8")
    country.feedpub("publish")
    assert {n: (country.folder / "public" / n).stat().st_mtime_ns for n in before} == before
    assert "Нова " in sheets(country)["region/other/index.html"].decode()


@pytest.mark.long
@pytest.mark.parametrize(("one", "other"), [("Луганська область", "луганська область"), ("Other", "")])
def test_regions_whose_folders_have_the_same_name_are_one(country: Towns, one: str, other: str) -> None:
    config = country.folder / "config.toml"
    text = config.read_text(encoding="utf-8").replace('region = "Луганська область"', f'region = "{one}"')
    config.write_text(text.replace('region = "Київська область"', region(other).strip()), encoding="utf-8")
    country.feedpub("publish")
    pages = sheets(country)
    rows = sum(data.count(b"<section>") for name, data in pages.items() if name.endswith("index.html"))
    assert rows == 152
    assert f"{one}</a> (15" in pages["index.html"].decode()


@pytest.mark.long
def test_nothing_is_published_of_all_but_in_the_folders_that_no_source_may_have(country: Towns) -> None:
    names = {n.partition("/")[0] for n in country.published() if not n.startswith("tut/")}
    assert {n for n in names if "." not in n} == {folder.rstrip("/") for folder in FOLDERS_OF_ALL}


@pytest.mark.long
def test_only_the_page_of_a_row_that_changed_is_written_again(country: Towns) -> None:
    before = sheets(country)
    config = country.folder / "config.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace('region = "Київська область"', 'region = "Київ"', 30), encoding="utf-8")
    country.feedpub("publish")
    after = sheets(country)
    assert {n.partition(".html")[0] for n in before.keys() - after.keys()} == {"region/kyivska-oblast/index"}
    assert "region/kyiv/index.html" in after
    luhansk = [n for n in before if "luhanska" in n]
    assert [after[n] for n in luhansk] == [before[n] for n in luhansk]
