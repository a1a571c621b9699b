"""`feedpub doctor`: each fault of an installation is named with what to do, and a sound one has none."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.council import CONFIG, PAGE, Council, Ran
from tests.drupal.site import Answer
from tests.postgres import IS_WANTED
from tests.web import Web, shown

NOBODY = 9  # a port at which nothing listens: a free one may be another test's in a moment
pytestmark = pytest.mark.skipif(IS_WANTED, reason="is about a state in a file")


@dataclass(frozen=True)
class Stage:
    """A council that is published and served."""

    council: Council
    web: Web
    patch: pytest.MonkeyPatch

    def change(self, old: str, new: str) -> None:
        """Change the configuration, which has the old words."""
        text = self.council.config.read_text("utf-8")
        assert old in text
        self.council.config.write_text(text.replace(old, new), "utf-8")


@pytest.fixture
def stage(council: Council, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with shown(council.folder / "public") as web:
        council.configure(CONFIG.replace("https://feeds.example.org/", web.url))
        assert council.feedpub("run").code == 0
        yield Stage(council, web, monkeypatch)


def later(stage: Stage, **time: float) -> None:
    now = datetime.now(UTC) + timedelta(**time)
    stage.patch.setattr("feedpub.cli.doctor.clock", lambda: now)


def answers(status: int) -> Callable[[Stage], None]:
    return lambda stage: stage.council.site.overrides.update({"/": Answer(status, PAGE, b"<h1>no</h1>")})


def forbids(stage: Stage) -> None:
    text = (("Content-Type", "text/plain"),)
    stage.council.site.overrides["/robots.txt"] = Answer(200, text, b"User-agent: *\nDisallow: /\n")


def has_a_full_disk(stage: Stage) -> None:
    disk = SimpleNamespace(f_bavail=3_000, f_frsize=1_000, f_files=0, f_favail=0)
    stage.patch.setattr(os, "statvfs", lambda _: disk)


def has_few_files_left(stage: Stage) -> None:
    disk = SimpleNamespace(f_bavail=3_000_000, f_frsize=1_000, f_files=100_000, f_favail=12)
    stage.patch.setattr(os, "statvfs", lambda _: disk)


def may_not_write(stage: Stage) -> None:
    stage.patch.setattr(os, "access", lambda path, _: Path(path) != stage.council.folder / "public")


def is_another_user_s(stage: Stage) -> None:
    os.chown(stage.council.state, 12345, -1)


def is_watched(stage: Stage, words: str) -> None:
    stage.change("\n[[source]]", f"\n[watch]\n{words}\n\n[[source]]")


def may_not_write_for_the_operator(stage: Stage) -> None:
    is_watched(stage, 'to = "status"')
    (stage.council.folder / "status").mkdir()
    stage.patch.setattr(os, "access", lambda path, _: Path(path) != stage.council.folder / "status")


def has_no_folder_for_metrics(stage: Stage) -> None:
    is_watched(stage, 'textfile = "collector/feedpub.prom"')
    stage.patch.setattr("feedpub.cli.doctor.find_spec", lambda _: True)


def has_no_library_for_metrics(stage: Stage) -> None:
    is_watched(stage, 'textfile = "feedpub.prom"')
    stage.patch.setattr("feedpub.cli.doctor.find_spec", lambda _: None)


def has_a_newer_state(stage: Stage) -> None:
    with closing(sqlite3.connect(stage.council.state)) as db:
        db.execute("PRAGMA user_version = 99")


def has_a_broken_state(stage: Stage) -> None:
    stage.council.state.write_bytes(b"rubbish" * 2000)


def has_a_broken_file(stage: Stage) -> None:
    (stage.council.folder / "sources.d").mkdir()
    (stage.council.folder / "sources.d" / "new.toml").write_text("[[source]]\nid = 7\n")


def is_shown_whole(stage: Stage) -> None:
    """The web server's folder is the one above."""
    stage.web.folder = stage.council.folder
    stage.change(f'base_url = "{stage.web.url}"', f'base_url = "{stage.web.url}public/"')


def shows_old_files(stage: Stage) -> None:
    shutil.copytree(stage.council.folder / "public", stage.council.folder / "old")
    stage.web.folder = stage.council.folder / "old"
    newest = stage.council.site.articles[-1]
    stage.council.site.articles.append(
        replace(
            newest, number=301, alias="content/nova-301", title="Нова новина", utc=newest.utc + timedelta(minutes=5)
        )
    )
    assert stage.council.feedpub("run").code == 0


def shows_another_folder(stage: Stage) -> None:
    stage.web.folder = stage.council.folder / "elsewhere"


def may_not_read(stage: Stage) -> None:
    stage.web.refused = 403
    stage.council.path("rss.xml").chmod(0o600)


def has_no_server(stage: Stage) -> None:
    stage.change(stage.web.url, f"http://127.0.0.1:{NOBODY}/")


def is_named_wrongly(stage: Stage) -> None:
    stage.change(f'listings = ["{stage.council.served.url}/"]', 'listings = ["http://rada.invalid/"]')


def speaks_no_tls(stage: Stage) -> None:
    home = stage.council.served.url
    stage.change(f'listings = ["{home}/"]', f'listings = ["{home.replace("http:", "https:")}/"]')


def has_a_dead_proxy(stage: Stage) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        stage.patch.delenv(name, raising=False)
    stage.patch.setenv("http_proxy", f"http://me:secret@127.0.0.1:{NOBODY}")


def has_the_example_s_address(stage: Stage) -> None:
    stage.change(f'home = "{stage.council.served.url}/"', 'home = "http://rada.zrazkiv.test/"')


def was_never_run(stage: Stage) -> None:
    stage.council.lose_state()
    shutil.rmtree(stage.council.folder / "public")


def sends(kind: str) -> Callable[[Stage], None]:
    return lambda stage: setattr(stage.web, "types", {"rss.xml": kind})


FAULTS: dict[str, tuple[Callable[[Stage], None], str]] = {
    "it was never run": (was_never_run, "last run: there was none; collect the news: feedpub run"),
    "cron died": (lambda s: later(s, days=4), "last run: was 4 days ago; look whether cron calls `feedpub run`"),
    "the clock is ahead": (lambda s: later(s, minutes=12), "this machine's clock is 12 minutes ahead of the site's"),
    "the clock is behind": (lambda s: later(s, minutes=-12), "this machine's clock is 12 minutes behind the site's"),
    "the disk is full": (has_a_full_disk, "disk: 3 MB are free at"),
    "no more files": (has_few_files_left, "disk: no more than 12 files can be made"),
    "a folder is not ours": (may_not_write, "rights: {folder}/public cannot be written by this user"),
    "the operator's folder is not ours": (may_not_write_for_the_operator, "rights: {folder}/status cannot be written"),
    "metrics have no folder": (has_no_folder_for_metrics, "metrics: there is no folder {folder}/collector; make it"),
    "metrics have no library": (
        has_no_library_for_metrics,
        "metrics: [watch] textfile needs a package that is not installed: pip install 'feedpub[metrics]'",
    ),
    "a newer feedpub was here": (
        has_a_newer_state,
        "state: {folder}/feedpub.db: the state was written by a newer feedpub",
    ),
    "the state is broken": (has_a_broken_state, "state: {folder}/feedpub.db"),
    "an address is an example's": (
        has_the_example_s_address,
        "configuration: {folder}/config.toml:9: [fetch] contact",
    ),
    "the site says 403": (answers(403), "the server answers 403 Forbidden; the site may refuse programs"),
    "the site says 404": (answers(404), "the server answers 404 Not Found; look for the address of the page"),
    "robots.txt forbids": (forbids, "robots.txt forbids it; the council does not want it"),
    "there is no such name": (is_named_wrongly, "site of zrazkiv: http://rada.invalid/: cannot be reached"),
    "TLS fails": (speaks_no_tls, "its TLS fails"),
    "the proxy is dead": (has_a_dead_proxy, "cannot be reached through the proxy http://127.0.0.1:"),
    "no web server": (has_no_server, "let a web server show {folder}/public there (docs/serving.md)"),
    "another folder is shown": (shows_another_folder, "the server answers 404 Not Found; let a web server show"),
    "old files are shown": (shows_old_files, "is not the file in {folder}/public; look at the web server's folder"),
    "it may not read them": (may_not_read, "others may not read {folder}/public/zrazkiv/rss.xml: chmod o+rX"),
    "a feed is sent as a page": (sends("text/html"), "is sent as a page, or without type or length"),
    "a feed is sent as text": (sends("text/plain"), "is sent as text/plain, not as application/rss+xml"),
    "all is shown": (is_shown_whole, "what is not for readers: everybody can read {url}feedpub.db"),
    "the configuration is shown": (is_shown_whole, "what is not for readers: everybody can read {url}config.toml"),
}


def test_a_sound_installation_has_no_fault(stage: Stage) -> None:
    ran = stage.council.feedpub("doctor")
    assert ran.err == ""
    assert [line[:4] for line in ran.out.splitlines()] == ["ok  "] * 9
    assert ran.code == 0


def test_the_operator_s_files_are_looked_at_too(stage: Stage) -> None:
    is_watched(stage, 'to = "status"\ntextfile = "feedpub.prom"')
    stage.patch.setattr("feedpub.cli.doctor.find_spec", lambda _: True)
    ran = stage.council.feedpub("doctor")
    assert (ran.code, ran.out.count("LOOK")) == (0, 0)
    assert f"ok    rights: {stage.council.folder}/status will be made" in ran.out
    assert f"ok    rights: {stage.council.folder}/feedpub.prom will be made" in ran.out


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.long
def test_each_fault_is_one_line_that_says_what_to_do(stage: Stage, fault: str) -> None:
    bring, said = FAULTS[fault]
    bring(stage)
    ran = stage.council.feedpub("doctor")
    assert ran.code == 1
    assert "secret" not in ran.out
    lines = [line for line in ran.out.splitlines() if line.startswith("LOOK  ")]
    assert any(said.format(folder=stage.council.folder, url=stage.web.url) in line for line in lines), ran.out


def test_a_council_s_own_file_with_a_mistake_is_named_and_the_rest_is_looked_at(stage: Stage) -> None:
    has_a_broken_file(stage)
    ran = stage.council.feedpub("doctor")
    assert ran.code == 1
    assert f"{stage.council.folder / 'sources.d' / 'new.toml'}" in ran.err
    assert "LOOK" not in ran.out


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_root_is_told_whose_the_state_is(stage: Stage) -> None:
    is_another_user_s(stage)
    assert "belongs to user 12345, and this is root: run feedpub as that user" in stage.council.feedpub("doctor").out


def test_a_mistake_in_the_configuration_is_told_as_by_every_command(stage: Stage) -> None:
    stage.change("delay = 0", "delay = -1")
    assert stage.council.feedpub("doctor") == Ran(
        2, "", f"feedpub: {stage.council.config}:10: [fetch] delay must be between 0 and 3600\n"
    )
