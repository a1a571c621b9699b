"""The demo: pages that were saved from the tests' Drupal, shown to a person or to a pipe."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import sys
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urljoin

import pytest
import requests

from feedpub import cli, config
from feedpub.cli import demo
from feedpub.demo.server import SavedSite, article_count, running_site, saved_names
from tests.drupal.saved import FOLDER, saved_site


@pytest.fixture(scope="module")
def site() -> Iterator[SavedSite]:
    with running_site() as site:
        yield site


def plain(name: str, data: bytes) -> bytes:
    """Return what a file says: a picture's pixels, for not every zlib packs them into the same bytes."""
    if not name.endswith(".png"):
        return data
    start = data.index(b"IDAT")
    length = int.from_bytes(data[start - 4 : start])
    return zlib.decompress(data[start + 4 : start + 4 + length])


def test_the_saved_pages_are_what_the_emulated_site_gives() -> None:
    saved = {path.name: plain(path.name, path.read_bytes()) for path in FOLDER.iterdir()}
    given = {name: plain(name, data) for name, data in saved_site().items()}
    assert saved.keys() == given.keys()
    assert [name for name in saved if saved[name] != given[name]] == [], "run python -m tests.drupal.saved"


def test_everything_that_is_saved_is_served_and_a_second_look_is_conditional(site: SavedSite) -> None:
    for address in saved_names():
        first = requests.get(site.url + address, timeout=10)
        again = requests.get(site.url + address, headers={"If-None-Match": first.headers["ETag"]}, timeout=10)
        assert (first.status_code, bool(first.content), again.status_code, again.content) == (200, True, 304, b"")
        assert b"https://zrazkiv.example" not in first.content
    assert article_count() == 12


def test_an_address_that_is_not_saved_is_not_found(site: SavedSite) -> None:
    absent = requests.get(f"{site.url}/rubrika/novini", timeout=10)
    assert (absent.status_code, absent.text) == (404, "This page is not among the saved ones.")


def test_the_demo_shows_each_thing_that_feedpub_does(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["demo", "--to", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert re.findall(r"^\$ feedpub (\S+).* exit 0, (.+):", out, re.M) == [
        ("run", "22 requests"),
        ("backfill", "13 requests"),
        ("run", "1 request, 1 answered “not modified”"),
        ("check", "no request"),
    ]
    items = json.loads((tmp_path / "public" / "zrazkiv" / "feed.json").read_bytes())["items"]
    media = [attachment["mime_type"] for item in items for attachment in item.get("attachments", ())]
    assert len(items) == 11
    assert "application/pdf" in media
    assert "image" in items[0]
    assert {"Новини", "Оголошення"} <= {tag for item in items for tag in item["tags"]}
    assert (tmp_path / "public" / "zrazkiv" / "category" / "novyny" / "rss.xml").is_file()


@pytest.mark.long
def test_at_a_terminal_the_page_and_its_pictures_stay_until_ctrl_c(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "feedpub", "demo", "--to", str(tmp_path)],
        stdin=theirs, stdout=theirs, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    os.close(theirs)
    try:
        said = ""
        while "serve --config" not in said:
            said += os.read(ours, 4096).decode(errors="replace")
        [page] = re.findall(r"Open the page: +(\S+)", said)
        pictures = set(re.findall(r'<img[^>]*? src="([^"]+)"', requests.get(page, timeout=10).text))
        answers = [requests.get(urljoin(page, address), timeout=10) for address in pictures]
        assert len(answers) >= 5
        assert {(a.status_code, a.headers["Content-Type"]) for a in answers} == {(200, "image/jpeg")}
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        os.close(ours)


def test_the_demo_s_topics_are_those_that_are_shipped(tmp_path: Path) -> None:
    written = tmp_path / "config.toml"
    text = demo.CONFIG.format(home="http://127.0.0.1:1", base_url="http://127.0.0.1:2/")
    written.write_text(text, encoding="utf-8")
    shipped = config.load(Path(__file__).parent.parent / "config.toml").sources[0].topics
    topics = config.load(written).sources[0].topics
    assert topics
    assert set(topics) <= set(shipped)
