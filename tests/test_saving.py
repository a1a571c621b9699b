"""`feedpub backup` and `feedpub restore`: the whole state in one file, and back."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from feedpub.store import backup
from tests.council import CONFIG, Council, Ran
from tests.old_states import content_of, unpack
from tests.states import at_work
from tests.test_faults import HAS_NAMESPACES, NAMESPACE

HOUSE = Path(__file__).parent.parent
pytestmark = [pytest.mark.sqlite, pytest.mark.long]


@pytest.fixture
def file(council: Council) -> Path:
    """A council that was read, and where its backup is to be."""
    assert council.feedpub("run").code == 0
    (council.folder / "safe").mkdir()
    return council.folder / "safe" / "monday.db"


def publish_more(council: Council, number: int) -> None:
    newest = council.site.articles[-1]
    council.site.articles.append(
        replace(newest, number=number, alias=f"content/nova-{number}", title=f"Новина {number}",
                utc=newest.utc + timedelta(minutes=5), body=f"<p>У громаді відкрито пункт видачі води {number}.</p>")
    )  # fmt: skip


def ids(council: Council) -> set[str]:
    """The ids of all items that the state knows."""
    records = map(json.loads, council.feedpub("ledger", "--json").out.splitlines())
    return {record["id"] for record in records if "id" in record}


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# ------------------------------------------------------------ backup


def test_a_backup_is_the_whole_state_for_its_owner_alone(council: Council, file: Path) -> None:
    before = council.files()
    mask = os.umask(0)
    try:
        ran = council.feedpub("backup", str(file))
    finally:
        os.umask(mask)
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert content_of(file) == content_of(council.state)
    assert file.stat().st_mode & 0o777 == 0o600
    assert names(file.parent) == ["monday.db"]
    assert {name: kept for name, kept in council.files().items() if not name.startswith("safe/")} == before


def test_a_backup_says_what_it_was_to_a_person_who_watches(council: Council, file: Path) -> None:
    said = council.feedpub("backup", str(file), "--verbose").err
    assert re.fullmatch(re.escape(str(file)) + r": has the whole state, 0\.\d MB; `feedpub restore FILE` .*\n", said)


def write_number(state: Path, number: int) -> None:
    """In one transaction, write a number into two tables."""
    with closing(sqlite3.connect(state, timeout=30)) as db, db:
        db.execute("UPDATE source SET setting = ?", (number,))
        db.execute("UPDATE item SET layout = ?, proof = NULL", (number,))


def test_a_backup_is_whole_while_a_run_is_under_way_and_writes(council: Council, file: Path) -> None:
    ended = threading.Event()

    def writes() -> None:
        for number in count(1):
            write_number(council.state, number)
            if ended.is_set():
                break

    write_number(council.state, 0)
    thread = threading.Thread(target=writes)
    with at_work(council.state, "zrazkiv"):
        thread.start()
        try:
            rans = [council.feedpub("backup", f"{file}{n}") for n in range(12)]
        finally:
            ended.set()
            thread.join()
    assert [(ran.code, ran.err) for ran in rans] == [(0, "")] * 12
    found = set()
    for n in range(12):
        with closing(sqlite3.connect(f"{file}{n}")) as db:
            numbers = {*db.execute("SELECT setting FROM source"), *db.execute("SELECT layout FROM item")}
        assert len(numbers) == 1  # of one transaction, whole
        found |= numbers
    assert len(found) > 1  # the state did change meanwhile


@pytest.mark.parametrize("what", ["a backup", "the state", "a link"])
def test_a_backup_is_written_over_nothing(council: Council, file: Path, what: str) -> None:
    target = council.state if what == "the state" else file
    if what == "a backup":
        council.feedpub("backup", str(file))
    if what == "a link":
        file.symlink_to(council.folder / "nowhere")
    before = council.files()
    ran = council.feedpub("backup", str(target))
    assert (ran.code, ran.err) == (
        1, f"feedpub: {target}: is there already, and is never written over; name another file\n",
    )  # fmt: skip
    assert council.files() == before


def test_a_backup_into_no_folder_or_without_a_state_says_one_line(council: Council, file: Path) -> None:
    far = council.folder / "away" / "monday.db"
    ran = council.feedpub("backup", str(far))
    assert (ran.code, ran.err) == (
        1, f"feedpub: {far}: the backup cannot be written: there is no folder {far.parent}\n",
    )  # fmt: skip
    council.lose_state()
    ran = council.feedpub("backup", str(file))
    assert (ran.code, ran.err) == (1, f"feedpub: {council.state}: there is no state\n")
    assert (names(file.parent), council.state.exists()) == ([], False)


def test_a_backup_is_not_put_where_readers_are(council: Council, file: Path) -> None:
    place = council.path("monday.db")
    ran = council.feedpub("backup", str(place))
    assert (ran.code, ran.err) == (
        2,
        f"feedpub: {place}: is in the folder of [publish] to, and a web server would show it; name a file outside\n",
    )
    assert not place.exists()


def spoil(state: Path) -> None:
    with closing(sqlite3.connect(state)) as db, db:
        db.execute("UPDATE item SET title = 'x' WHERE id = (SELECT min(id) FROM item)")


@pytest.mark.parametrize("is_garbage", [False, True])
def test_a_damaged_state_gives_no_backup(council: Council, file: Path, is_garbage: bool) -> None:
    if is_garbage:
        council.state.write_bytes(b"garbage" * 1000)
    else:
        spoil(council.state)
    ran = council.feedpub("backup", str(file))
    assert (ran.code, ran.err.count("\n")) == (1, 1)
    assert ran.err.startswith(f"feedpub: {council.state}: the state is damaged: ")
    assert ran.err.endswith("; no backup was written; the next `feedpub run` puts its copy in its place\n")
    assert names(file.parent) == []


def test_a_backup_of_an_older_state_is_as_old_and_can_be_restored(council: Council, file: Path) -> None:
    council.lose_state()
    folder = council.folder / "older"
    folder.mkdir()
    unpack(5, folder).replace(council.state)
    before = content_of(council.state)
    assert council.feedpub("backup", str(file)).code == 0
    assert content_of(file) == content_of(council.state) == before
    assert council.feedpub("restore", str(file)).code == 0


def kill_while_it_writes(state: Path) -> None:
    """A run is killed when half of its changes are in the file, and what they replace is in the journal."""
    code = (
        "import os, sqlite3, sys; db = sqlite3.connect(sys.argv[1], isolation_level=None);"
        "db.execute('PRAGMA cache_size = 1'); db.execute('BEGIN IMMEDIATE');"
        "db.execute(\"UPDATE item SET text = text || 'half'\"); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, str(state)], check=False)
    assert state.with_name("feedpub.db-journal").exists()


def test_what_a_killed_run_has_half_written_is_in_no_backup(council: Council, file: Path) -> None:
    before = content_of(council.state)
    kill_while_it_writes(council.state)
    assert council.feedpub("backup", str(file)).code == 0
    assert content_of(file) == before


@pytest.mark.skipif(not HAS_NAMESPACES, reason="needs unshare (util-linux) and the right to mount in a namespace")
def test_a_full_disk_gives_no_backup_and_one_line(council: Council, file: Path) -> None:
    script = (
        'mount -t tmpfs -o size=64k none "$SAFE"; "$PYTHON" -m feedpub backup "$SAFE/monday.db" --config "$CONFIG";'
        ' code=$?; ls -A "$SAFE"; exit $code'
    )
    ran = subprocess.run(
        [*NAMESPACE, "sh", "-c", script], capture_output=True, text=True, check=False, cwd=HOUSE,
        env={**os.environ, "SAFE": str(file.parent), "PYTHON": sys.executable, "CONFIG": str(council.config)},
    )  # fmt: skip
    said = f"feedpub: {file}: the backup cannot be written: database or disk is full\n"
    assert (ran.returncode, ran.stdout, ran.stderr) == (1, "", said)


# ------------------------------------------------------------ restore


@pytest.mark.parametrize("has_copies", [True, False])
def test_a_restored_state_takes_over_what_was_published_since_and_nothing_is_shown_twice(
    council: Council, file: Path, has_copies: bool
) -> None:
    assert council.feedpub("backup", str(file)).code == 0
    victim = council.items()[3]["id"]
    publish_more(council, 301)
    publish_more(council, 302)
    assert council.feedpub("run").code == 0
    council.feedpub("withdraw", victim, "--reason", "x")
    before, known = council.items(), ids(council)
    assert [item["title"] for item in before[:2]] == ["Новина 302", "Новина 301"]
    ran = council.feedpub("restore", str(file))
    [old] = council.folder.glob("feedpub.db.replaced-*")
    assert (ran.code, ran.out) == (
        0,
        f"{council.state}: is now what {file} was. The next `feedpub run` takes over what was published since.\n"
        f"The old state is kept as {old.name}.\n",
    )
    assert len(ids(council)) == len(known) - 2
    if not has_copies:  # the machine was lost; the published folder was not
        for copy in (*backup.copies_of(council.state), old):
            copy.unlink(missing_ok=True)
    ran = council.feedpub("run")
    said = "zrazkiv: the state is older than the published feeds: 3 items keep their ids and are read again"
    assert (ran.code, ran.err) == (1, f"feedpub: {said}\n")
    assert council.items() == before
    assert (council.feedpub("run").code, council.feedpub("run").err) == (0, "")
    assert (council.items(), ids(council)) == (before, known)
    publish_more(council, 303)
    assert council.feedpub("run").code == 0
    assert [item["title"] for item in council.items()[:3]] == ["Новина 303", "Новина 302", "Новина 301"]
    assert council.items()[1:] == before[: len(council.items()) - 1]
    checked = council.feedpub("check")
    assert (checked.code, checked.err) == (0, "")


def test_a_state_that_is_older_and_lacks_nothing_is_no_news(council: Council) -> None:
    """So it is where a full disk kept what was taken over, and not that the state is up to date."""
    council.feedpub("run")
    mark = council.folder / "public" / "zrazkiv" / ".state.json"
    known = json.loads(mark.read_bytes())
    mark.write_text(json.dumps({**known, "revision": known["revision"] + 5}))
    before = council.feeds()
    assert council.feedpub("run") == Ran(0, "", "")
    assert council.feeds() == before


def test_a_restore_may_be_killed_before_any_of_its_writes_and_a_run_loses_nothing(
    council: Council, file: Path, tmp_path: Path
) -> None:
    council.feedpub("backup", str(file))
    publish_more(council, 301)
    assert council.feedpub("run").code == 0
    template = tmp_path / "walk" / "template"
    template.mkdir(parents=True)
    for path in council.folder.iterdir():
        if path not in (template.parent, file.parent):
            path.rename(template / path.name)
    done = subprocess.run(
        [sys.executable, "-m", "tests.restorer", str(template), str(file)],
        capture_output=True, text=True, check=True, cwd=HOUSE,
    )  # fmt: skip
    told = json.loads(done.stdout)
    assert told["wrong"] == []
    assert told["points"] > 10


def test_the_old_state_is_kept_whole_and_each_of_two_restores_keeps_its_own(council: Council, file: Path) -> None:
    council.feedpub("backup", str(file))
    council.state.chmod(0o640)
    kept = [content_of(council.state)]
    council.feedpub("restore", str(file))
    kept.append(content_of(council.state))
    council.feedpub("restore", str(file))
    aside = sorted(council.folder.glob("feedpub.db.replaced-*"), key=lambda path: path.stat().st_ino)
    assert sorted(content_of(path) for path in aside) == sorted(kept)
    assert council.state.stat().st_mode & 0o777 == 0o640
    assert file.stat().st_mode & 0o777 == 0o600


def is_marked(state: Path) -> bool:
    """Whether the state knows that it was put back."""
    with closing(sqlite3.connect(state)) as db:
        return db.execute("SELECT restored FROM source").fetchall() == [("yes",)]


def test_a_state_that_is_gone_is_restored(council: Council, file: Path) -> None:
    council.feedpub("backup", str(file))
    before = council.feeds()
    council.lose_state()
    ran = council.feedpub("restore", str(file))
    assert (ran.code, "The old state" in ran.out) == (0, False)
    assert is_marked(council.state)  # the next run looks for more, even if nothing else says that there is any
    assert council.feedpub("run").code == 0
    assert not is_marked(council.state)
    assert council.feeds() == before


def test_nothing_is_restored_while_a_run_is_under_way(council: Council, file: Path) -> None:
    council.feedpub("backup", str(file))
    before = council.files()
    with at_work(council.state, "zrazkiv"):
        ran = council.feedpub("restore", str(file))
    assert (ran.code, ran.err.count("\n")) == (1, 1)
    assert "another run is under way on" in ran.err
    assert "nothing was changed, try again when it has ended" in ran.err
    assert council.files() == before


def of_another_program(file: Path) -> None:
    file.unlink()
    with closing(sqlite3.connect(file)) as db:
        db.execute("CREATE TABLE bookmark (url TEXT)")


def newer(file: Path) -> None:
    with closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA user_version = 99")


def of_another_feedpub(file: Path) -> None:
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("UPDATE script SET hash = 'x' WHERE version = 9")


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:9000])


REFUSED: dict[str, tuple[Callable[[Path], object], str]] = {
    "a file of something else": (lambda f: f.write_bytes(b"garbage" * 1000), "file is not a database"),
    "an empty file": (lambda f: f.write_bytes(b""), "is no state of feedpub; nothing was changed"),
    "a database of another program": (of_another_program, "is no state of feedpub"),
    "a newer state": (newer, "the state was written by a newer feedpub: its version is 99"),
    "a state of another feedpub": (of_another_feedpub, "the state was made by another feedpub"),
    "a state that was cut short": (cut, "malformed"),
    "a damaged state": (spoil, "is no whole state: a row is not as it was written"),
    "no file": (lambda f: f.unlink(), "there is no such file"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_file_that_is_no_good_state_is_refused_and_nothing_is_changed(
    council: Council, file: Path, kind: str
) -> None:
    council.feedpub("backup", str(file))
    spoils, said = REFUSED[kind]
    spoils(file)
    before = council.files()
    ran = council.feedpub("restore", str(file))
    assert (ran.code, ran.out, ran.err.count("\n")) == (1, "", 1)
    assert ran.err.startswith(f"feedpub: {file}: ")
    assert said in ran.err
    assert council.files() == before


def test_an_old_state_that_a_killed_run_has_half_written_is_kept_as_it_was_before(council: Council, file: Path) -> None:
    council.feedpub("backup", str(file))
    before = content_of(council.state)
    kill_while_it_writes(council.state)
    assert council.feedpub("restore", str(file)).code == 0
    [old] = council.folder.glob("feedpub.db*replaced-*")
    assert content_of(old) == before


def test_a_journal_of_another_state_changes_no_word_of_the_restored_one(council: Council, file: Path) -> None:
    council.feedpub("backup", str(file))
    council.state.with_name("feedpub.db-journal").write_bytes(os.urandom(9000))
    assert council.feedpub("restore", str(file)).code == 0
    assert backup.is_whole(council.state)
    assert council.feedpub("run").code == 0


def test_a_state_on_a_server_is_not_replaced(council: Council, file: Path) -> None:
    council.feedpub("backup", str(file))
    council.configure(f'[state]\nurl = "postgresql://me@db.example/feeds"\n{CONFIG}')
    ran = council.feedpub("restore", str(file))
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert "`feedpub state copy sqlite:///FILE TO`" in ran.err
