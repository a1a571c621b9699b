"""A token in a link, new at each look, makes neither items nor requests nor a brake."""

from __future__ import annotations

import itertools
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from feedpub.store import MIGRATIONS, Store
from tests.slugs import ids, items, news, site_of, slug_town
from tests.town import HOME, Town, failures

pytestmark = pytest.mark.long
TITLE = "Оновлений графік громади"


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return slug_town(tmp_path)


TOKENS = ["{}?t={}", "{}?lang=uk&sid={}", "{};sid={}"]


def tokens(town: Town, pattern: str) -> None:
    """Give each link a token that is new at each look."""
    numbers = itertools.count(1000)
    site_of(town).link = lambda path: pattern.format(path, next(numbers))


@pytest.mark.parametrize("pattern", TOKENS)
def test_tokens_in_links_make_neither_items_nor_a_brake_nor_requests(town: Town, pattern: str) -> None:
    tokens(town, pattern)
    town.run()
    before = ids(town)
    for _ in range(4):
        site_of(town).asked.clear()
        assert failures(town.run(days=1 / 24)) == []
        assert ids(town) == before
    assert len(site_of(town).asked) <= 3
    old = site_of(town).news[8]
    site_of(town).news[8] = replace(old, title=TITLE, text=f"{old.text} виправлено")
    for _ in range(3):
        assert failures(town.run(days=9)) == []
    assert ids(town) == before
    edited = next(i for i in items(town) if i["title"] == TITLE)
    assert edited["url"] == HOME + pattern.format(old.path, "").replace("?t=", "").replace(";sid=", "").replace(
        "&sid=", ""
    )


def test_a_site_that_needs_a_token_is_asked_with_the_one_of_today(town: Town) -> None:
    tokens(town, "{}?t={}")
    site_of(town).strict = True
    town.run()
    before = ids(town)
    for _ in range(6):
        site_of(town).asked.clear()
        assert failures(town.run(days=3)) == []
        assert ids(town) == before
    asked = [target for target in site_of(town).asked if target.startswith("/news/")]
    assert all("?t=" in target for target in asked)
    site_of(town).news[8] = replace(site_of(town).news[8], title=TITLE)
    for _ in range(3):
        town.run(days=9)
    assert ids(town) == before
    assert TITLE in [i["title"] for i in items(town)]


def test_a_parameter_that_tells_articles_apart_stays_part_of_their_addresses(town: Town) -> None:
    numbers = {news(n).path: n for n in range(20)}
    site = site_of(town)
    plain = site.answer
    site.link = lambda path: f"/show?id={numbers[path]}"

    def answer(method: str, target: str, headers: Any, base: str) -> Any:
        shown = news(int(target.rpartition("=")[2])).path if target.startswith("/show?") else target
        return plain(method, shown, headers, base)

    site.answer = answer  # type: ignore[method-assign]
    town.run()
    for n in range(9, 15):
        site.news = [*site.news[1:], news(n)]
        town.run(days=1)
    assert len(ids(town)) == 15


def test_a_parameter_of_a_rubric_s_newest_article_is_no_token(town: Town) -> None:
    """Every link is another page's, and all values are new at each look: what is there tells them apart."""
    site = site_of(town)
    plain = site.answer
    site.link = lambda path: f"/rubric{int(path.rpartition('-')[2]) % 5}?id={path.rpartition('-')[2]}"

    def answer(method: str, target: str, headers: Any, base: str) -> Any:
        shown = f"/news/novyna-{target.rpartition('=')[2]}" if target.startswith("/rubric") else target
        return plain(method, shown, headers, base)

    site.answer = answer  # type: ignore[method-assign]
    every = [news(n) for n in range(20)]
    for first in range(0, 20, 5):
        site.news = every[first : first + 5]
        assert failures(town.run(days=3)) == []
    site.news = every
    assert len(ids(town)) == 20


def test_tokens_that_are_not_proven_yet_stop_nothing(town: Town) -> None:
    """Two links are too few for a proof, and more than the brake lets through in a day."""
    site_of(town).news = [news(n) for n in range(2)]
    tokens(town, "{}?t={}")
    for _ in range(20):
        assert failures(town.run(days=1 / 48)) == []
    assert len(ids(town)) == 2


def test_new_articles_behind_new_addresses_are_stopped_after_a_few_pages(town: Town) -> None:
    town.run()
    site_of(town).news += [news(n) for n in range(20, 70)]
    site_of(town).asked.clear()
    said = failures(town.run(days=0.1))
    assert "50 new items at once, where 9 are known" in said[0]
    assert len(site_of(town).asked) <= 15


def test_a_state_of_version_8_is_taken_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("feedpub.store.sqlite.MIGRATIONS", MIGRATIONS[:8])
        with closing(Store(tmp_path / "s.db")) as store:
            store.db.execute("INSERT INTO source (id, icon) VALUES ('rada', 'https://rada.example/i.png')", ())
            store.db.execute(
                "INSERT INTO visit (source, url, listing, rank, failures)"
                " VALUES ('rada', 'https://rada.example/1', 0, 0, 0)",
                (),
            )
    with closing(Store(tmp_path / "s.db")) as store:
        state = store.of("rada")
        assert (state.facts.fleeting, state.facts.site.icon) == ((), "https://rada.example/i.png")
        assert state.visits.get("https://rada.example/1") is not None
        state.put_facts(replace(state.facts, fleeting=("t", "sid!")))
        assert state.facts.fleeting == ("t", "sid!")
