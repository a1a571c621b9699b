"""Ids are given once: they outlive edits, moves, lost states; an item that is gone leaves a tombstone."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feedpub import collecting
from feedpub.cli.recovering import published_ledgers
from feedpub.collecting import Run
from feedpub.collecting.moving import REREAD
from feedpub.collecting.recovery import recover
from feedpub.collecting.withdrawals import take_out
from feedpub.content import By
from feedpub.errors import LedgerError
from feedpub.model import Verdict
from feedpub.publishing.check import check
from feedpub.store import MIGRATIONS, Store, ledger
from tests.council import CONFIG, PAGE, Council, accepting
from tests.drupal.site import Answer
from tests.outages import publish
from tests.postgres import drop
from tests.states import tamper
from tests.test_rebuilt import Wardrobe
from tests.town import HOME, Town, failures


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path)


def ids(town: Town) -> list[str]:
    return [i["id"] for i in json.loads(town.feed("feed.json"))["items"]]


def tag(number: int) -> str:
    return f"tag:zrazkiv.example,2026:zrazkiv/node/{number}"


def item(town: Town, number: int) -> dict[str, object]:
    [found] = [i for i in json.loads(town.feed("feed.json"))["items"] if i["id"] == tag(number)]
    assert isinstance(found, dict)
    return found


# ------------------------------------------------------------ edits


@pytest.mark.long
def test_an_edit_moves_updated_and_the_text_and_never_published(town: Town) -> None:
    town.run()
    before = item(town, 297)
    newest = town.site.articles[-1]
    later = newest.utc + timedelta(days=1)
    town.site.articles[-1] = replace(newest, body=f"{newest.body}<p>Виправлено.</p>", utc=later)
    town.run(days=1)
    after = item(town, 297)
    assert "Виправлено." in str(after["content_html"])
    assert after["date_published"] == before["date_published"]
    assert after["date_modified"] == f"{town.now:%Y-%m-%dT%H:%M:%SZ}"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<p>Переглядів: 12</p>", "<p>Переглядів: 1 345</p>"),
        ("<p>12 переглядів</p>", "<p>13 переглядів</p>"),
        ('<p><a href="/a?PHPSESSID=1f2e">Далі</a></p>', '<p><a href="/a?PHPSESSID=9a8b">Далі</a></p>'),
        ('<p><a href="/a?token=1f2e">Далі</a></p>', '<p><a href="/a?token=9a8b">Далі</a></p>'),
        ('<p><img src="/f/styles/l/public/1.jpg?itok=aB"></p>', '<p><img src="/f/styles/l/public/1.jpg?itok=cD"></p>'),
        ('<p><img src="/f/1.jpg?v=1"></p>', '<p><img src="/f/1.jpg?v=2"></p>'),
        ("<p>Кінець  тексту</p>", "<p>Кінець&nbsp;тексту</p>"),
    ],
)  # fmt: skip
@pytest.mark.long
def test_what_only_a_machine_sees_is_no_edit(town: Town, before: str, after: str) -> None:
    newest = town.site.articles[-1]
    town.site.articles[-1] = replace(newest, body=newest.body + before)
    town.run()
    modified, text = item(town, 297)["date_modified"], town.feed("atom.xml").count(b"\n")
    town.site.articles[-1] = replace(newest, body=newest.body + after)
    for _ in range(3):
        assert failures(town.run(days=1)) == []
    assert (item(town, 297)["date_modified"], town.feed("atom.xml").count(b"\n")) == (modified, text)


def test_a_counter_alone_does_not_rewrite_the_feeds(town: Town) -> None:
    newest = town.site.articles[-1]
    town.site.articles[-1] = replace(newest, body=f"{newest.body}<p>Переглядів: 12</p>")
    town.run()
    before = town.feeds()
    town.site.articles[-1] = replace(newest, body=f"{newest.body}<p>Переглядів: 13</p>")
    town.run(days=1)
    assert town.feeds() == before


@pytest.mark.long
def test_a_run_looks_at_no_more_than_its_budget_again_and_the_next_goes_on(town: Town) -> None:
    town.run(backfill=True)
    town.now += timedelta(days=500)
    looked = []
    for _ in range(3):
        town.asked.clear()
        town.run()
        looked.append(
            sum(a.startswith("GET") and a not in (f"GET {HOME}/", f"GET {HOME}/robots.txt") for a in town.asked)
        )
    assert looked[0] == 20
    assert sum(looked) == sum(a.listed for a in town.site.articles)


# ------------------------------------------------------------ gone


def missing(town: Town, number: int) -> None:
    town.site.articles = [a for a in town.site.articles if a.number != number]


@pytest.mark.long
def test_a_page_that_is_gone_since_before_an_outage_is_withdrawn_soon_after_it(town: Town) -> None:
    """It is asked for as one of a published item, and not ever less often."""
    town.run()
    missing(town, 294)
    for _ in range(3):
        town.run(days=0.4)
    town.site.overrides["/"] = Answer(500, PAGE)
    for _ in range(20):
        town.run(days=1)
    assert tag(294) in ids(town)
    town.site.overrides.clear()
    for _ in range(2):
        town.run(days=1)
    assert tag(294) not in ids(town)


@pytest.mark.long
def test_an_item_is_withdrawn_when_its_page_is_gone_for_days(town: Town) -> None:
    town.run()
    missing(town, 294)
    for _ in range(2):
        town.run(days=1)
        assert tag(294) in ids(town)
    for _ in range(4):
        town.run(days=1)
    assert tag(294) not in ids(town)
    atom = town.feed("atom.xml").decode()
    [when] = re.findall(f'<at:deleted-entry ref="{tag(294)}" when="(.*?)"', atom)
    [updated] = re.findall(r"\A.*?<updated>(.*?)</updated>", atom, re.DOTALL)
    assert datetime.fromisoformat(when) == datetime.fromisoformat(updated)
    assert all(tag(294) not in town.feed(name).decode() for name in ("rss.xml", "feed.json"))
    assert all(check(data) == [] for data in town.feeds().values())


@pytest.mark.parametrize("cache", [True, False])
@pytest.mark.long
def test_what_was_gone_and_is_back_is_the_same_item(town: Town, cache: bool) -> None:
    town.site.cache = cache
    town.run()
    before = item(town, 294)
    articles = list(town.site.articles)
    missing(town, 294)
    for _ in range(6):
        town.run(days=1)
    town.site.articles = articles
    for _ in range(6):
        town.run(days=2)
    assert item(town, 294) == before
    assert b"deleted-entry" not in town.feed("atom.xml")


@pytest.mark.long
@pytest.mark.parametrize("status", [403, 500, 503])
def test_a_page_that_fails_is_not_gone(town: Town, status: int) -> None:
    town.run()
    town.site.overrides[next(a for a in town.site.articles if a.number == 294).href] = Answer(status, PAGE)
    for _ in range(6):
        town.run(days=1)
    assert tag(294) in ids(town)


@pytest.mark.long
def test_an_outage_of_the_site_withdraws_nothing(town: Town) -> None:
    town.run()
    articles, town.site.articles = town.site.articles, []
    for _ in range(8):
        assert failures(town.run(days=1)) != []
    assert b"deleted-entry" not in town.feed("atom.xml")
    town.site.articles = [a for a in articles if a.number != 294]  # one page is later than the others
    town.run(days=1)
    assert tag(294) in ids(town)
    town.site.articles = articles
    for _ in range(4):
        town.run(days=1)
    assert tag(294) in ids(town)


@pytest.mark.long
def test_pages_that_are_gone_while_the_listing_names_them_are_not_gone(town: Town) -> None:
    town.run()
    town.site.cache = False
    town.site.overrides[next(a for a in town.site.articles if a.number == 294).href] = Answer(404, PAGE)
    for _ in range(6):
        town.run(days=1)
    assert tag(294) in ids(town)
    town.site.overrides["/"] = Answer(500, PAGE)  # and now it says nothing at all
    town.run(days=1)
    assert tag(294) in ids(town)


@pytest.mark.long
def test_no_item_is_withdrawn_while_no_article_of_the_site_is_there(town: Town) -> None:
    """The site may be half broken for days: its listing is there, and each article's page is a 404."""
    town.run()
    town.site.cache = False
    missing(town, 294)
    town.site.overrides |= {a.href: Answer(404, PAGE) for a in town.site.articles}
    for _ in range(6):
        town.run(days=1)
    assert tag(294) in ids(town)
    town.site.overrides.clear()
    for _ in range(2):
        town.run(days=1)
    assert tag(294) not in ids(town)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, PAGE, "<title>Сторінку не знайдено</title></html>".encode()),
        Answer(302, (("Location", "/"),)),  # to the front page
    ],
)
@pytest.mark.long
def test_a_page_that_says_with_200_or_by_the_front_page_that_it_is_not_there_is_gone_too(
    town: Town, answer: Answer
) -> None:
    town.run()
    lost = next(a for a in town.site.articles if a.number == 294)
    missing(town, 294)
    town.site.overrides[lost.href] = answer
    for _ in range(6):
        town.run(days=1)
    assert tag(294) not in ids(town)


@pytest.mark.long
def test_an_item_whose_page_is_gone_lives_on_at_its_repost(town: Town) -> None:
    town.run()
    first = next(a for a in town.site.articles if a.number == 294)
    town.site.articles.append(replace(first, number=301, alias="content/znovu"))
    town.run(days=1)
    missing(town, 294)
    for _ in range(6):
        town.run(days=1)
    found = item(town, 294)
    assert found["url"] == f"{HOME}/content/znovu"
    assert f'<a href="{HOME}/content/znovu">' in str(found["content_html"])
    town.asked.clear()
    for _ in range(9):
        town.run(days=1)
    assert sum(a.endswith("/content/znovu") for a in town.asked) <= 2  # it is an item's page like any other now


@pytest.mark.long
def test_what_is_gone_is_asked_for_ever_less(town: Town) -> None:
    town.run()
    lost = next(a for a in town.site.articles if a.number == 294)
    missing(town, 294)
    asked = []
    for _ in range(60):
        town.asked.clear()
        town.run(days=1)
        asked.append(sum(a.endswith(lost.href) for a in town.asked))
    assert sum(asked[:10]) >= 4
    assert 1 <= sum(asked[10:]) <= 6


# ------------------------------------------------------------ withdrawn


@pytest.mark.long
def test_an_item_is_withdrawn_by_hand_at_once_and_its_words_are_nowhere(council: Council) -> None:
    council.feedpub("run")
    victim = council.items()[2]
    ran = council.feedpub("withdraw", victim["id"], "--reason", "адреси людей")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == f"{victim['id']}: withdrawn for good: {victim['title']}\n"
    assert victim["id"] not in [i["id"] for i in council.items()]
    assert f'ref="{victim["id"]}"' in council.path("atom.xml").read_text("utf-8")
    sentence = victim["summary"].split("\n")[0][:60]
    for path in council.folder.rglob("*"):
        if path.is_file() and path.suffix != ".gz":
            assert sentence.encode() not in path.read_bytes(), path
            assert "адреси людей".encode() not in path.read_bytes() or path.name.startswith("feedpub.db")
    assert council.feedpub("check").code == 0


@pytest.mark.long
def test_nothing_brings_back_what_was_withdrawn_by_hand(council: Council) -> None:
    council.feedpub("run")
    victim = council.items()[2]
    council.feedpub("withdraw", victim["url"], "--reason", "безпека")
    article = next(a for a in council.site.articles if victim["id"].endswith(f"/{a.number}"))
    council.site.articles.append(replace(article, number=301, alias="content/znovu"))  # the council posts it again
    council.site.articles = [
        replace(a, alias="content/insha-nazva") if a.number == article.number else a for a in council.site.articles
    ]
    council.site.cache = False
    council.requests()
    assert council.feedpub("run").code == 0
    assert any(r.path == "/content/znovu" for r in council.requests())
    assert victim["title"] not in [i["title"] for i in council.items()]
    assert council.feedpub("run").code == 0
    assert all(article.href not in r.path for r in council.requests())


@pytest.mark.long
def test_another_item_may_lead_to_one_that_is_withdrawn(council: Council) -> None:
    """Its text is the council's. No file is to be deleted for that."""
    victim = next(a for a in council.site.articles if a.number == 211)
    newest = council.site.articles[-1]
    link = f'<p>Раніше: <a href="{victim.href}">контакти</a>.</p>'
    council.site.articles[-1] = replace(newest, body=newest.body + link)
    council.feedpub("backfill")
    [item] = [i for i in council.items() if i["id"].endswith("/211")]
    ran = council.feedpub("withdraw", item["id"], "--reason", "x")
    assert (ran.code, ran.err) == (0, "")
    assert f'href="{item["url"]}"' in council.items()[0]["content_html"]


def test_withdrawing_what_is_not_there_says_so(council: Council) -> None:
    council.feedpub("run")
    ran = council.feedpub("withdraw", "tag:x", "--reason", "r")
    assert (ran.code, ran.err) == (1, "feedpub: tag:x: no item has this id or address; `feedpub ledger` lists them\n")


def test_the_last_item_withdrawn_empties_no_feed_and_says_what_to_delete(council: Council) -> None:
    council.site.articles = council.site.articles[-1:]
    council.feedpub("run")
    [only] = council.items()
    before = council.feeds()
    ran = council.feedpub("withdraw", only["id"], "--reason", "r")
    assert ran.code == 1
    assert ran.err.count("still contains the item; delete this file\n") == 5
    own = {n: data for n, data in before.items() if "/" not in n or n.startswith("text/")}
    assert council.feeds().keys() - own.keys() == {f"archive/index.json{e}" for e in ("", ".gz", ".br")}
    assert {n: council.feeds()[n] for n in own} == own
    title = only["title"].encode()
    assert not [n for n, data in council.published().items() if title in data and n not in own]


# ------------------------------------------------------------ moved


@pytest.mark.long
def test_a_council_that_moved_keeps_its_ids_and_its_links_lead_to_its_new_home(town: Town) -> None:
    town.run(backfill=True)
    before = json.loads(town.feed("feed.json"))["items"]
    town.moves("https://rada.example.org", formerly=("zrazkiv.example",), redirects=False)
    assert failures(town.run(days=1)) == []
    after = json.loads(town.feed("feed.json"))["items"]
    assert [(i["id"], i["date_published"], i["date_modified"]) for i in after] == [
        (i["id"], i["date_published"], i["date_modified"]) for i in before
    ]
    assert all(HOME not in json.dumps(i) for i in after)
    assert not any(a.startswith(f"GET {HOME}") for a in town.asked[-50:])


@pytest.mark.long
def test_a_state_that_is_built_anew_after_a_move_gives_the_old_ids(town: Town) -> None:
    town.run()
    before = ids(town)
    drop(town.state)
    town.forget_feeds()
    town.moves("https://rada.example.org", formerly=("zrazkiv.example",), redirects=False)
    town.run()
    assert ids(town) == before


def test_another_home_without_a_word_is_another_council(town: Town) -> None:
    town.run()
    before = town.feeds()
    town.moves("https://inshi.example", redirects=False)
    [said] = failures(town.run(days=1))
    assert "what is known comes from zrazkiv.example; if the council has moved from there, say formerly = " in said
    assert town.feeds() == before


def test_a_former_host_is_written_as_a_host(council: Council) -> None:
    council.configure(CONFIG + 'formerly = ["https://old.example/"]\n')
    ran = council.feedpub("run")
    assert ran.code == 2
    assert "formerly 'https://old.example/' is not a host name; write it alone, such as 'old.example.org'" in ran.err


# ------------------------------------------------------------ lost and recovered


@pytest.mark.long
def test_a_database_deleted_in_the_middle_gives_the_same_bytes_after_the_next_run(council: Council) -> None:
    council.feedpub("backfill")
    council.site.articles[-1] = replace(council.site.articles[-1], title="Виправлений заголовок")
    # as if days had gone by
    tamper(council.state, "UPDATE visit SET due = '2025-11-15T00:00:00Z' WHERE item LIKE '%/297'")
    council.feedpub("run")
    assert council.items()[0]["title"] == "Виправлений заголовок"
    before = council.feeds()
    council.lose_state()
    ran = council.feedpub("run")
    assert (ran.code, ran.err) == (
        0,
        "feedpub: zrazkiv: the state is empty and feeds are published: 31 items keep their ids and are read again\n",
    )
    assert council.feeds() == before


@pytest.mark.long
def test_updated_dates_and_tombstones_outlive_the_database(town: Town) -> None:
    town.run()
    newest = town.site.articles[-1]
    town.site.articles[-1] = replace(newest, body=f"{newest.body}<p>Виправлено.</p>")
    missing(town, 294)
    for _ in range(7):
        town.run(days=1)
    before = town.feeds()
    assert town.recover() == len(ids(town)) + 1
    [asked] = failures(town.run())  # the page of what was taken down, of which nobody is told
    assert asked.endswith("404 Not Found")
    assert town.feeds() == before


def test_what_came_since_the_state_was_lost_is_found_on_however_many_pages_it_is(town: Town) -> None:
    town.run()
    before = set(ids(town))
    town.now += timedelta(days=9)
    publish(town.site, *(town.now - timedelta(hours=9 * n) for n in range(22, 0, -1)))
    assert town.site.page_size < 22
    town.recover()
    town.run()
    assert len(set(ids(town)) - before) == 22


@pytest.mark.long
def test_while_items_wait_to_be_read_again_the_published_feeds_stay(town: Town) -> None:
    town.run()
    before = town.feeds()
    town.recover()
    broken = next(a for a in town.site.articles if a.number == 294)
    town.site.overrides[broken.href] = Answer(500, PAGE)
    for _ in range(2):
        assert failures(town.run(days=0.1)) != []
        assert town.feeds() == before
    asked = len(town.asked)
    town.run(days=0.1)  # one page that fails and fails is not waited for
    assert [url.endswith(broken.href) for url in town.asked[asked:]].count(True) == 4
    assert ids(town) == [i for i in [t["id"] for t in json.loads(before["feed.json"])["items"]] if i != tag(294)]
    town.site.overrides.clear()
    town.run(days=1)
    assert town.feeds() == before


@pytest.mark.long
@pytest.mark.parametrize("answers", [3, 5])
def test_a_lost_item_whose_page_fails_three_times_by_chance_does_not_leave_the_feeds(town: Town, answers: int) -> None:
    town.run()
    before = town.feeds()
    town.recover()
    page = next(a.href for a in town.site.articles if a.number == 294)

    def fail() -> Answer:
        nonlocal answers
        answers -= 1
        if answers == 0:
            del town.site.overrides[page]
        return Answer(502, PAGE)

    town.site.overrides[page] = fail
    for _ in range(4):
        town.run(days=0.1)
        assert town.feeds() == before


@pytest.mark.long
def test_a_lost_item_that_was_missing_with_all_others_is_waited_for_when_the_server_fails(town: Town) -> None:
    town.run()
    with closing(town.store()) as store:
        lost = store.of("zrazkiv").items.get(tag(294))
        assert lost
        store.of("zrazkiv").items.put(replace(lost, is_read=False), ())
        store.of("zrazkiv").visits.look_now(lost.article.url, lost.id)
    before = town.feeds()
    for article in town.site.articles:
        town.site.overrides[article.href] = Answer(404, PAGE)
    for _ in range(8):
        town.run(days=0.05)
    page = next(article.href for article in town.site.articles if article.number == 294)
    town.site.overrides.clear()
    town.site.overrides[page] = Answer(502, PAGE)
    for _ in range(2):  # it rests before the first
        town.run(days=0.1)
        assert town.feeds() == before


@pytest.mark.long
@pytest.mark.parametrize("is_upgraded", [False, True])
def test_a_few_lost_items_are_waited_for_while_no_page_can_be_read(town: Town, *, is_upgraded: bool) -> None:
    """Where a hijacker answers for all pages, that these fail says nothing of them. After an upgrade all are due."""
    town.run()
    with closing(town.store()) as store:
        lost = store.of("zrazkiv").items.get(tag(294))
        assert lost
        store.of("zrazkiv").items.put(replace(lost, is_read=False), ())
        if is_upgraded:
            store.of("zrazkiv").visits.ask_in_full(REREAD)
        store.of("zrazkiv").visits.look_now(lost.article.url, lost.id)
    before = town.feeds()
    for article in town.site.articles:
        town.site.overrides[article.href] = Answer(200, PAGE, b"<html><body><p>Buy watches</p></body></html>")
    for _ in range(6):
        town.run(days=1)
        assert town.feeds() == before
    town.site.overrides.clear()
    town.run(days=1)
    assert town.feeds() == before


@pytest.mark.long
def test_a_lost_item_that_is_gone_is_not_waited_for_though_all_pages_are_to_be_read_anew(town: Town) -> None:
    town.run()
    with closing(town.store()) as store:
        state = store.of("zrazkiv")
        lost = state.items.get(tag(294))
        assert lost
        state.items.put(replace(lost, is_read=False), ())
        state.visits.ask_in_full(REREAD)
        state.visits.look_now(lost.article.url, lost.id)
    town.site.overrides[lost.article.url.removeprefix(HOME)] = Answer(404, PAGE)
    for _ in range(4):
        town.run(days=0.1)
    assert tag(294) not in ids(town)


@pytest.mark.long
def test_a_repost_is_not_taken_for_the_original_after_a_loss(town: Town) -> None:
    first = next(a for a in town.site.articles if a.number == 294)
    town.run()
    town.site.articles.append(replace(first, number=301, alias="content/znovu", utc=first.utc + timedelta(days=1)))
    town.run(days=1)
    before = town.feeds()
    town.recover()
    town.run()
    assert town.feeds() == before


@pytest.mark.long
def test_the_ledger_is_read_by_people_and_by_recover(council: Council) -> None:
    council.feedpub("backfill")
    before = council.feeds()
    shown = council.feedpub("ledger").out
    newest = council.items()[0]
    assert f"{newest['id']}\n  2025-11-14 09:30  {newest['title']}\n  {newest['url']}\n  known at /content/" in shown
    exported = council.folder / "ledger.ndjson"
    exported.write_text(council.feedpub("ledger", "--json").out, encoding="utf-8")
    council.lose_state()
    ran = council.feedpub("recover", str(exported))
    assert (ran.code, ran.out) == (0, "zrazkiv: 31 items taken over, 31 known in all\n")
    assert council.feedpub("recover", str(exported)).out == "zrazkiv: 0 items taken over, 31 known in all\n"
    assert council.feedpub("run").code == 0
    assert council.feeds() == before


def test_an_export_holds_what_feeds_cannot(town: Town) -> None:
    town.run()
    with closing(town.store()) as store:
        kept = [(i, store.of("zrazkiv").items.keys(i.id)) for i in store.of("zrazkiv").items.every()]
        lines = "\n".join(ledger.ledger_lines("zrazkiv", "zrazkiv.example", kept)).encode()
    read = ledger.read_ledger(lines, "ledger")
    assert (read.source, read.id_domain, len(read.records)) == ("zrazkiv", "zrazkiv.example", 10)
    assert {"/node/297", "/content/"} <= {a[:9] for r in read.records for a in r.aliases}


HEAD = b'{"ledger": 1, "source": "rada", "authority": "rada.example"}\n'
LINE = (
    b'{"id": "a", "url": "u", "title": "t", "date": "2025-06-09T10:39:00+03:00", "dated": true,'
    b' "updated": "2025-06-09T10:39:00+03:00", "aliases": []}'
)


FEED = (
    b'{"_feedpub": {"id": "tag:rada.example,2026:rada"}, "items": [{"id": "tag:rada.example,2026:rada/node/1",'
    b' "url": "u", "title": "t", "date_published": "2025-06-09T07:39:00Z", "date_modified": "2025-06-09T07:39:00Z",'
    b' "attachments": [{"url": "u", "mime_type": "a/b", "size_in_bytes": %b}]}]}'
)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{", b"<html/>", b'{"ledger": 99}', b"[]", b"<a><b></a>", b"\xff\xfe", b"[" * 100_000,
        HEAD.replace(b'"rada"', b"5") + LINE, HEAD + LINE.replace(b'"t"', b"[]"), HEAD + LINE.replace(b"[]", b"[5]"),
        HEAD + LINE.replace(b"2025-06-09T10:39:00+03:00", b"0001-01-01T00:00:00+14:00", 1),
        FEED % b"-5", FEED % b'"abc"', FEED % b"1e5",
    ],
)  # fmt: skip
def test_a_file_that_is_no_ledger_is_named(data: bytes) -> None:
    with pytest.raises(LedgerError, match=r"old\.xml: is neither a ledger nor a feed of feedpub: "):
        ledger.read_ledger(data, "old.xml")


@pytest.mark.long
def test_a_feed_that_is_broken_is_no_help_and_another_format_is(council: Council) -> None:
    council.feedpub("run")
    before = council.feeds()
    council.path("atom.xml").write_text("<feed", encoding="utf-8")
    council.lose_state()
    assert council.feedpub("run").code == 0
    assert council.feeds() == before


def test_feeds_that_are_all_broken_are_not_overwritten(council: Council) -> None:
    council.feedpub("run")
    archives = [n for n in council.feeds() if n.startswith("archive/") and n.endswith("atom.xml")]
    for name in ("atom.xml", "feed.json", *archives):
        council.path(name).write_text("<feed", encoding="utf-8")
    before = council.feeds()
    council.lose_state()
    council.requests()
    ran = council.feedpub("run")
    assert ran.code == 1
    assert "the published feeds cannot be read; they stay as they are until somebody mends or removes them: " in ran.err
    assert (council.feeds(), council.requests()) == (before, [])


def test_one_broken_entry_takes_no_other_away(town: Town) -> None:
    town.run()
    broken = re.sub(rb"<published>.*?</published>", b"", town.feed("atom.xml"), count=1)
    assert len(ledger.read_ledger(broken, "atom.xml").records) == 9


def test_a_feed_of_another_source_is_none_of_ours(council: Council) -> None:
    council.feedpub("run")
    council.configure(CONFIG.replace('"zrazkiv"', '"susid"'))
    council.lose_state()
    ran = council.feedpub("recover", str(council.path("atom.xml")))
    assert (ran.code, ran.out) == (0, "susid: 0 items taken over, 0 known in all\n")


# ------------------------------------------------------------ told


def test_inspect_says_why_two_were_merged_or_were_not(council: Council) -> None:
    first = council.site.articles[-1]
    council.site.articles += [
        replace(first, number=301, alias="content/znovu"),
        replace(first, number=302, alias="content/inshe", body=first.body.replace("Заріччя", "Озерне")),
    ]
    council.feedpub("run")
    told = json.loads(council.feedpub("inspect", "--json", f"{council.served.url}/content/znovu").out)["identity"]
    assert told["verdict"] == Verdict.DUPLICATE.value
    assert told["id"].endswith("/297")
    assert {"/node/301", "/content/znovu"} <= set(told["aliases"])
    shown = council.feedpub("inspect", f"{council.served.url}/content/inshe").out
    assert "identity: it is known and has not changed\n" in shown
    assert "      «Заріччя» in one is «Озерне» in the other\n" in shown


def test_inspect_takes_an_article_for_what_run_takes_it_for(council: Council) -> None:
    first = council.site.articles[-1]
    council.site.articles.append(replace(first, number=301, alias="content/znovu"))
    council.feedpub("run")
    council.site.articles[-2] = replace(first, body=first.body.replace("Заріччя", "Озерне"))  # the original was edited
    gone = council.site.articles[-3]
    assert council.feedpub("withdraw", f"{council.served.url}/node/{gone.number}", "--reason", "x").code == 0

    def told(page: str) -> str:
        shown = council.feedpub("inspect", "--json", f"{council.served.url}/{page}").out
        return str(json.loads(shown)["identity"]["verdict"])

    assert told(gone.alias) == Verdict.WITHDRAWN.value
    assert told("content/znovu") == Verdict.DUPLICATE.value


def test_a_recovered_tombstone_is_final_and_a_council_s_is_not() -> None:
    assert {by: by is not By.COUNCIL for by in By} == {By.COUNCIL: False, By.OPERATOR: True, By.FEED: True}


def test_dates_of_an_export_have_a_time_zone() -> None:
    head = b'{"ledger": 1, "source": "rada", "authority": "a"}\n'
    line = json.dumps({"id": "i", "url": "u", "title": "t", "date": "2025-01-01T00:00:00", "dated": True,
                       "updated": datetime(2025, 1, 1, tzinfo=UTC).isoformat(), "aliases": []}).encode()  # fmt: skip
    with pytest.raises(LedgerError, match="has no time zone"):
        ledger.read_ledger(head + line, "l")


@pytest.mark.long
def test_what_was_taken_down_and_is_posted_anew_is_the_same_item(town: Town) -> None:
    town.run()
    before = item(town, 294)
    first = next(a for a in town.site.articles if a.number == 294)
    missing(town, 294)
    for _ in range(6):
        town.run(days=1)
    assert tag(294) not in ids(town)
    town.site.articles.append(replace(first, number=301, alias="content/znovu"))
    town.run(days=1)
    after = item(town, 294)
    assert (after["title"], after["date_published"]) == (before["title"], before["date_published"])
    assert after["url"] == f"{HOME}/content/znovu"
    for _ in range(6):
        town.run(days=1)
    assert item(town, 294) == after


def test_an_article_that_leads_to_another_site_is_none_of_the_council_s(town: Town) -> None:
    """Also where somebody accepts that the listing does."""
    town.run()
    town.bases["https://inshi.example"] = "https://inshi.example"
    posted = replace(town.site.articles[-1], number=300, alias="content/nove", title="Нове")
    town.site.articles.append(posted)
    there = f"https://inshi.example{town.site.articles[0].href}"
    town.site.overrides[posted.href] = Answer(302, (("Location", there),))
    for is_accepted in (False, True):
        [said] = failures(town.run(days=1, is_accepted=is_accepted))
        assert said.endswith(f"leads to another site: {there}")
    assert tag(300) not in ids(town)


@pytest.mark.long
def test_a_mended_configuration_is_looked_at_at_once(town: Town) -> None:
    town.run()
    town.moves("https://rada.example.org", redirects=False)
    for _ in range(9):
        assert failures(town.run(days=0.01)) != []
    town.moves("https://rada.example.org", formerly=("zrazkiv.example",), redirects=False)
    assert failures(town.run()) == []


@pytest.mark.sqlite
def test_how_a_source_is_can_be_asked_while_a_run_is_under_way(council: Council) -> None:
    asked: list[int] = []

    def looks() -> Answer:
        with closing(sqlite3.connect(council.state, timeout=0)) as db:
            asked.append(db.execute("SELECT count(*) FROM item").fetchone()[0])
        return Answer(404, PAGE)

    council.site.overrides[council.site.articles[-1].href] = looks  # when nine others have been read
    council.feedpub("run")
    assert asked == [0]


def test_a_state_of_an_early_version_is_taken_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("feedpub.store.sqlite.MIGRATIONS", MIGRATIONS[:2])
        Store(tmp_path / "s.db").close()
    with closing(sqlite3.connect(tmp_path / "s.db")) as db, db:
        db.execute(
            "INSERT INTO item (id, source, date, first_seen, updated, url, addresses, title, blocks, text, pictures,"
            " files, categories, text_key) VALUES ('i', 'rada', '2025-01-01T00:00:00Z', '2025-01-01T00:00:00Z',"
            " '2025-01-01T00:00:00Z', 'https://rada.example/1', '[]', 'Т', '[]', 'т', '[]', '[]', '[]', 'k')"
        )
        db.execute(
            "INSERT INTO visit (source, url, listing, rank, asked, failures, item)"
            " VALUES ('rada', 'https://rada.example/1', 0, 0, '2025-01-11T00:00:00Z', 0, 'i')"
        )
    with closing(Store(tmp_path / "s.db")) as store:
        assert [s.id for s in store.of("rada").items.newest(9)] == ["i"]
        assert store.of("rada").visits.due(datetime(2025, 1, 20, tzinfo=UTC), 9) == []
        assert len(store.of("rada").visits.due(datetime(2025, 1, 21, tzinfo=UTC), 9)) == 1


def test_an_item_without_a_date_keeps_the_day_of_its_first_sight_when_the_database_is_lost(tmp_path: Path) -> None:
    town = Town(tmp_path, Wardrobe())
    assert isinstance(town.site, Wardrobe)
    undated = town.site.articles[-3]
    town.site.dress = lambda _, markup: re.sub(r'<div class="meta submitted">.*?</div>', "", markup, flags=re.DOTALL)
    town.run()
    assert item(town, undated.number)["date_published"] == f"{town.now:%Y-%m-%dT%H:%M:%SZ}"
    before = town.feeds()
    town.now += timedelta(days=3)
    town.recover()
    assert failures(town.run()) == []
    assert town.feeds() == before
    with closing(town.store()) as store:
        kept = store.of("zrazkiv").items.get(tag(undated.number))
    assert kept is not None
    assert kept.article.published is None


def test_a_date_that_is_changed_while_the_database_is_lost_does_not_move_the_item(town: Town) -> None:
    town.run()
    before = item(town, 297)
    town.recover()
    newest = town.site.articles[-1]
    later = newest.local + timedelta(hours=2)
    town.site.articles[-1] = replace(newest, date=f"{later:%d/%m/%Y - %H:%M}", utc=later)
    assert failures(town.run(days=1)) == []
    assert item(town, 297) == before


@pytest.mark.long
def test_a_repost_stays_one_when_the_original_is_edited_and_becomes_news_when_it_is_edited_itself(town: Town) -> None:
    first = next(a for a in town.site.articles if a.number == 294)
    again = replace(first, number=301, alias="content/znovu", utc=first.utc + timedelta(days=1))
    town.site.articles.append(again)
    town.site.cache = False
    town.run()
    assert tag(301) not in ids(town)
    town.site.articles = [replace(a, body=f"{a.body}<p>Уточнено.</p>") if a == first else a for a in town.site.articles]
    for _ in range(3):
        town.run(days=40)
    assert "Уточнено." in str(item(town, 294)["content_html"])
    assert tag(301) not in ids(town)
    town.site.articles[-1] = replace(again, title="Зовсім інше", body="<p>Це вже інше оголошення.</p>")
    for _ in range(3):
        town.run(days=400)
    assert item(town, 301)["title"] == "Зовсім інше"
    assert "Уточнено." in str(item(town, 294)["content_html"])


@pytest.mark.long
@pytest.mark.parametrize("moved_first", [True, False])
def test_a_database_lost_while_the_council_moves_gives_the_old_ids_at_the_new_home(
    town: Town, moved_first: bool
) -> None:
    town.run()
    before = ids(town)
    if moved_first:
        town.moves("https://rada.example.org", formerly=("zrazkiv.example",), redirects=False)
    town.recover()
    if not moved_first:
        town.moves("https://rada.example.org", formerly=("zrazkiv.example",), redirects=False)
    town.asked.clear()
    assert failures(town.run(days=1)) == []
    assert ids(town) == before
    assert not any(HOME in asked for asked in town.asked)
    assert HOME not in town.feed("feed.json").decode()


def test_an_alias_that_is_edited_while_the_database_is_lost_is_the_same_item(town: Town) -> None:
    town.run()
    before = ids(town)
    town.recover()
    town.site.articles = [replace(a, alias=f"novyny/{a.number}") for a in town.site.articles]
    town.run(days=1)
    assert ids(town) == before


@pytest.mark.long
def test_the_length_of_a_file_outlives_the_database(town: Town) -> None:
    town.run(backfill=True)
    before = town.feeds()
    [file, *_] = [a["url"] for i in json.loads(before["feed.json"])["items"] for a in i.get("attachments", ())]
    town.recover()
    town.site.overrides[file.removeprefix(HOME)] = Answer(500)
    assert failures(town.run()) == []
    assert town.feeds() == before


def test_an_exported_alias_keeps_a_repost_from_coming_back(town: Town) -> None:
    first = next(a for a in town.site.articles if a.number == 294)
    town.run()
    town.site.articles.append(replace(first, number=0, alias="content/znovu", utc=first.utc + timedelta(days=1)))
    town.run(days=1)
    with closing(town.store()) as store:
        lines = "\n".join(
            ledger.ledger_lines(
                "zrazkiv",
                "zrazkiv.example",
                [(i, store.of("zrazkiv").items.keys(i.id)) for i in store.of("zrazkiv").items.every()],
            )
        )
    assert '"/content/znovu"' in lines
    drop(town.state)
    with closing(town.store()) as store:
        recover(town.council(store), [ledger.read_ledger(lines.encode(), "export")], town.now)
        assert [i.id for i in store.of("zrazkiv").items.at(["/content/znovu"])] == [tag(294)]


# ------------------------------------------------------------ what was withdrawn stays so


@pytest.mark.parametrize("by", ["feeds", "an old export"])
@pytest.mark.long
def test_what_was_withdrawn_by_hand_stays_so_when_the_database_is_lost(council: Council, by: str) -> None:
    council.feedpub("run")
    export = council.folder / "ledger.ndjson"
    export.write_text(council.feedpub("ledger", "--json").out, encoding="utf-8")
    victim = council.items()[2]
    council.feedpub("withdraw", victim["id"], "--reason", "безпека")
    before = council.feeds()
    council.lose_state()
    if by == "an old export":
        council.feedpub("recover", str(export))
    assert council.feedpub("run").code == 0
    assert council.feeds() == before
    number = int(victim["id"].rpartition("/")[2])
    article = next(a for a in council.site.articles if a.number == number)
    council.site.articles = [
        replace(a, alias="content/insha", body=f"{a.body}<p>Ще.</p>") if a == article else a
        for a in council.site.articles
    ]
    council.feedpub("run")
    assert victim["title"] not in [i["title"] for i in council.items()]


@pytest.mark.long
def test_a_repost_of_what_was_withdrawn_stays_withdrawn_when_it_is_edited(town: Town) -> None:
    first = next(a for a in town.site.articles if a.number == 294)
    town.site.articles.append(replace(first, number=301, alias="content/znovu", utc=first.utc + timedelta(days=1)))
    town.run()
    with closing(town.store()) as store:
        stored = store.of("zrazkiv").items.get(tag(294))
        assert stored is not None
        take_out(town.council(store), stored, "безпека", town.now)
    town.site.articles[-1] = replace(town.site.articles[-1], body=f"{first.body}<p>Ще одне речення.</p>")
    for _ in range(4):
        town.run(days=100)
    assert first.title not in town.feed("feed.json").decode()


# ------------------------------------------------------------ a page for another article


@pytest.mark.long
def test_a_number_is_one_item_whatever_is_written_there(town: Town) -> None:
    town.run()
    newest = town.site.articles[-1]
    later = newest.local + timedelta(days=3)
    town.site.articles[-1] = replace(
        newest, title="Зовсім інше оголошення", body="<p>Завтра в парку відбудеться концерт для дітей.</p>",
        date=f"{later:%d/%m/%Y - %H:%M}", utc=later, files=(), images=(),
    )  # fmt: skip
    for _ in range(3):
        town.run(days=4)
    assert item(town, 297)["title"] == "Зовсім інше оголошення"


@pytest.mark.long
def test_an_alias_that_goes_over_to_another_number_leaves_its_item_at_its_number(town: Town) -> None:
    town.run()
    first = next(a for a in town.site.articles if a.number == 294)
    moved = replace(first, alias="content/inakshe")
    town.site.articles = [moved if a == first else a for a in town.site.articles]
    newest = town.site.articles[-1]
    town.site.articles.append(replace(newest, number=301, alias=first.alias, title="Інше", body="<p>Інша новина.</p>"))
    town.site.cache = False
    for _ in range(3):
        assert failures(town.run(days=30)) == []
    assert item(town, 301)["url"] == f"{HOME}{first.href}"
    assert item(town, 294)["url"] == f"{HOME}/content/inakshe"
    before = town.feeds()
    town.recover()
    town.run()
    assert town.feeds() == before


# ------------------------------------------------------------ a recovery that does not come to its end


@pytest.mark.long
def test_a_recovery_comes_to_its_end_though_some_pages_are_gone(town: Town) -> None:
    town.run()
    town.recover()
    for number in (294, 291):
        missing(town, number)
    for _ in range(5):
        town.run(days=1)
    posted = replace(town.site.articles[-1], number=300, alias="content/nove", title="Нове", body="<p>Нове.</p>")
    town.site.articles.append(posted)
    town.run(days=1)
    assert {tag(294), tag(291)}.isdisjoint(ids(town))
    assert ids(town)[0] == tag(300)


@pytest.mark.parametrize("status", [403, 404, 500])
@pytest.mark.long
def test_a_feed_is_not_cut_short_by_a_recovery_that_finds_few_of_its_pages(town: Town, status: int) -> None:
    town.run(backfill=True)
    before = town.feeds()
    town.recover()
    for a in town.site.articles[:-3]:
        town.site.overrides[a.href] = Answer(status, PAGE)
    for _ in range(5):
        town.run(days=0.05)
        assert town.feeds() == before
    town.site.overrides.clear()
    for _ in range(3):
        town.run(days=1)
    assert town.feeds() == before


@pytest.mark.long
def test_somebody_may_go_on_without_what_cannot_be_read_again(council: Council) -> None:
    council.feedpub("backfill")
    before = council.feeds()
    council.lose_state()
    for a in council.site.articles[:-10]:
        council.break_page(a.href, 403)
    for words in ((), (), ("--accept", "a" * 10)):  # it is said once, and to whoever gives a code of something else
        ran = council.feedpub("run", *words)
        assert ran.code == 1
        said = "published items could not be read again since the state was lost; the feeds stay as they"
        assert (said in ran.err) is (ran.err != "")
        assert council.feeds() == before
    assert accepting(ran.err)[1] in council.feedpub("status").out
    council.feedpub("run", *accepting(ran.err))
    assert 5 < len(council.items()) < 31


@pytest.mark.long
@pytest.mark.sqlite
def test_whoever_went_on_without_lost_items_has_not_done_so_with_those_that_are_lost_later(town: Town) -> None:
    town.run()
    with closing(town.store()) as store:
        state = store.of("zrazkiv")
        state.put_facts(replace(state.facts, is_forgone=True))
    saved = town.state.read_bytes()
    publish(town.site, town.now + timedelta(hours=20))
    town.run(days=1)
    before = town.feeds()
    town.state.write_bytes(saved)
    with closing(town.store()) as store:
        assert town.take_over(store) == 1
    town.site.overrides[town.site.articles[-1].href] = Answer(500, PAGE)
    town.run(days=0.1)
    assert town.feeds() == before


@pytest.mark.long
@pytest.mark.sqlite
def test_a_title_that_was_edited_after_a_state_was_saved_is_no_news_when_that_is_put_back(town: Town) -> None:
    """The edit came while the layout was learnt anew, so that no reader was told of it."""
    town.run()
    newest = town.site.articles[-1]
    copy = published_ledgers(town.source, town.target.publish)
    town.site.articles[-1] = replace(newest, title=f"Увага! {newest.title}")
    with closing(town.store()) as store:
        items = store.of("zrazkiv").items
        known = items.get(tag(newest.number))
        assert known
        items.put(known, (), "another layout")
    town.run(days=1)
    before = town.feeds()
    drop(town.state)
    with closing(town.store()) as store:
        council = town.council(store)
        recover(council, [*copy, *published_ledgers(town.source, town.target.publish)], town.now)
    town.run(days=0.1)
    assert town.feeds() == before


@pytest.mark.long
def test_a_clock_that_was_ahead_is_forgiven(town: Town) -> None:
    town.run()
    town.run(days=1000)
    town.now -= timedelta(days=999)
    newest = town.site.articles[-1]
    town.site.articles[-1] = replace(newest, body=f"{newest.body}<p>Виправлено.</p>")
    town.run()
    assert "Виправлено." in str(item(town, 297)["content_html"])


def test_a_listing_that_leads_to_another_council_of_ours_is_not_this_one(tmp_path: Path) -> None:
    town = Town(tmp_path)
    town.run()
    before = town.feeds()
    other = "https://susid.example"
    town.site.cache = False
    town.bases = {HOME: other, other: other}
    town.neighbours = ("susid.example",)
    with closing(town.store()) as store, closing(town.fetcher(town.council(store))) as fetch:
        [said] = [o.message for o in collecting.collect(Run(town.council(store), fetch, town.now)) if o.message]
    assert said is not None
    assert "leads to another site: https://susid.example/" in said
    assert town.feeds() == before
