"""What is written when: what a change concerns, what does not stand as it was left, and nothing else; and what goes."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from feedpub.collecting.withdrawals import take_out
from feedpub.content import Stored
from feedpub.errors import PublishError
from feedpub.model import Topic
from feedpub.publishing.check import together
from feedpub.publishing.folder import Folder
from tests.council import CONFIG, Council
from tests.drupal.site import Answer
from tests.town import Town

PUBLIC = "public"


@pytest.fixture
def town(tmp_path: Path) -> Town:
    made = Town(tmp_path)
    made.items = 5
    made.source = replace(made.source, topics=(Topic("vpo", "ВПО", ("ВПО", "переселенці")),))
    made.begin()
    return made


def of_month(town: Town, month: str) -> list[Stored]:
    with closing(town.store()) as store:
        return store.of("zrazkiv").collections.members(f"archive/{month}")


def broken(town: Town, monkeypatch: pytest.MonkeyPatch, *, at: str) -> pytest.MonkeyPatch:
    """From now on nothing can be written or removed where a name begins like this."""

    class Broken(Folder):
        def __call__(self, name: str, data: bytes, media_type: str) -> bool:
            self._refuse(name)
            return super().__call__(name, data, media_type)

        def remove(self, name: str) -> bool:
            self._refuse(name)
            return super().remove(name)

        def _refuse(self, name: str) -> None:
            if name.startswith(at):
                raise PublishError(f"{name}: cannot be written")

    monkeypatch.setattr("tests.town.Folder", Broken)
    return monkeypatch


@pytest.mark.long
def test_what_could_not_be_taken_away_goes_whenever_it_can(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = of_month(town, "2025-10")
    with broken(town, monkeypatch, at="zrazkiv/archive/2025-10/").context() as patch:
        broken(town, patch, at="zrazkiv/archive/2025-10/")
        with closing(town.store()) as store:
            for item in gone:
                take_out(town.council(store), item, "", town.now)
        with pytest.raises(PublishError, match="2025-10"):
            town.emit()
    monkeypatch.undo()
    town.version = "1"  # and everything is written anew for another reason
    town.emit()
    assert not [n for n in town.published() if "2025-10" in n]
    assert list(together(town.published())) == []


@pytest.mark.long
def test_what_one_place_refuses_keeps_no_news_from_the_others(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    broken(town, monkeypatch, at="zrazkiv/category/novyny/")
    newest = town.site.articles[-1]
    town.site.articles[-1] = replace(newest, title="Інша назва", shown="Інша назва")
    with pytest.raises(PublishError, match="category/novyny"):
        town.run(days=30)
    with_it = {n.removeprefix("zrazkiv/") for n, data in town.published().items() if "Інша назва".encode() in data}
    assert {"rss.xml", "atom.xml", "feed.json", "index.html", "archive/2025-11/atom.xml"} <= with_it
    assert "category/novyny/rss.xml" not in with_it
    monkeypatch.undo()
    town.run(days=1)
    assert "Інша назва".encode() in town.published()["zrazkiv/category/novyny/rss.xml"]


@pytest.mark.long
def test_what_a_state_that_was_lost_had_published_goes_with_it(town: Town) -> None:
    assert any("feed/vpo" in n for n in town.published())
    town.recover()
    town.source = replace(town.source, topics=())
    for _ in range(4):
        town.run(days=1)
    assert not [n for n in town.published() if "feed/vpo" in n]
    assert list(together(town.published())) == []


@pytest.mark.long
def test_a_withdrawal_leaves_no_trace_on_the_front_page_whatever_else_waits(council: Council) -> None:
    council.site.overrides["/sites/default/files/styles/large/public/punkt.jpg"] = Answer(500)
    council.feedpub("run")
    newest = council.items()[0]
    front = council.folder / PUBLIC / "index.html"
    assert newest["title"] in front.read_text(encoding="utf-8")
    assert council.feedpub("withdraw", newest["id"], "--reason", "r").code == 0
    assert newest["title"] not in front.read_text(encoding="utf-8")


def test_a_withdrawal_is_published_while_the_brake_holds_the_rest(town: Town) -> None:
    with closing(town.store()) as store:
        item = store.of("zrazkiv").items.newest(1)[0]
    town.site.articles[:] = [
        replace(a, body="<p>Зламано.</p>", title=f"Зламано {a.number}") for a in town.site.articles
    ]
    town.run(days=60)
    with closing(town.store()) as store:
        assert store.of("zrazkiv").facts.brake
    town.withdraw(item)
    assert not [n for n, data in town.published().items() if item.article.title.encode() in data]
    assert "Зламано".encode() not in b"".join(town.published().values())


def state(town: Town, name: str = "zrazkiv/index.html") -> str:
    return town.published()[name].decode()


def test_the_page_says_so_when_a_site_asks_to_be_left_in_peace_for_long(council: Council) -> None:
    council.feedpub("run")
    council.site.overrides["/"] = Answer(503, (("Retry-After", "86400"),))
    for _ in range(2):
        council.feedpub("run")
    assert "не вдається прочитати" in council.path("index.html").read_text(encoding="utf-8")
    assert "не вдається прочитати" in (council.folder / PUBLIC / "index.html").read_text(encoding="utf-8")


def test_that_a_site_is_down_writes_pages_and_nothing_else(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []

    class Noted(Folder):
        def __call__(self, name: str, data: bytes, media_type: str) -> bool:
            written.append(name)
            return super().__call__(name, data, media_type)

    town.bases = {}
    town.run(days=1)
    monkeypatch.setattr("tests.town.Folder", Noted)
    town.run(days=1)
    assert "не вдається прочитати" in state(town)
    assert written
    assert all(n.endswith((".html", ".opml", "index.json")) for n in written)


@pytest.mark.parametrize("name", ["archive/2025-10/rss.xml", "category/novyny/atom.xml.gz", "text/atom.xml"])
def test_what_does_not_stand_is_written_alone(town: Town, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    before = town.published()
    (town.folder / PUBLIC / "zrazkiv" / name).unlink()
    tried: list[str] = []

    class Noted(Folder):
        def __call__(self, name: str, data: bytes, media_type: str) -> bool:
            tried.append(name)
            return super().__call__(name, data, media_type)

    monkeypatch.setattr("tests.town.Folder", Noted)
    town.emit()
    assert town.published() == before
    folder = name.rpartition("/")[0]
    months = {f"text/{folder}/{third}" for third in (1, 2, 3)} if folder.startswith("archive/") else set()
    bare = {folder} if folder == "text" else {folder, f"text/{folder}", *months}
    others = {"text", "."} if folder == "text" else bare  # a feed is written with the same one without pictures
    assert {Path(n).parent.relative_to("zrazkiv").as_posix() for n in tried} <= others


@pytest.mark.long
def test_a_source_without_items_is_named_and_leads_nowhere(council: Council) -> None:
    second = CONFIG[CONFIG.index("[[source]]") :].replace('"zrazkiv"', '"druha"').replace("Зразківська", "Друга")
    council.configure(CONFIG + second.replace("{home}", "http://127.0.0.1:9/"))
    council.feedpub("run")
    folder = council.folder / PUBLIC
    front = (folder / "index.html").read_text(encoding="utf-8")
    assert "Друга міська рада" in front
    assert "Новин поки немає" in front
    assert "druha" not in front + (folder / "feeds.opml").read_text(encoding="utf-8")
    files = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    assert list(together(files)) == []


def test_a_category_keeps_the_title_that_it_had_first(town: Town) -> None:
    def title() -> Any:
        return b"\xd0\x9d\xd0\xbe\xd0\xb2\xd0\xb8\xd0\xbd\xd0\xb8</title>" in town.feed("category/novyny/rss.xml")

    assert title()
    with closing(town.store()) as store:
        newest = next(s for s in store.of("zrazkiv").items.newest(9) if s.article.categories == ("Новини",))
        store.of("zrazkiv").items.put(replace(newest, article=replace(newest.article, categories=("НОВИНИ!",))), [])
    town.emit()
    assert title()
