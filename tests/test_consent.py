"""A person's consent is for what was shown, and for nothing that came after it."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from feedpub.consent import code_of
from tests.council import Council, accepting
from tests.drupal.site import Answer
from tests.town import HOME, Town, failures

OTHER, THIRD = "https://zrazkov.example", "https://tretii.example"


@pytest.fixture
def town(tmp_path: Path) -> Town:
    made = Town(tmp_path)
    made.begin()
    return made


def flood(town: Town) -> None:
    newest = town.site.articles[-1]
    for n in range(300, 330):
        town.site.articles.append(replace(newest, number=n, alias=f"content/nove-{n}", title=f"Новина {n}"))


def leads(town: Town, there: str) -> None:
    town.bases = {HOME: there, there: there}


def stopped(town: Town, *, is_accepted: bool = False) -> str:
    before = town.feeds()
    [message] = failures(town.run(days=0.01, is_accepted=is_accepted))
    assert "Nothing was published" in message
    assert town.feeds() == before
    return message


def led_to(town: Town) -> str | None:
    with closing(town.store()) as store:
        return store.of("zrazkiv").facts.led_to


def test_other_findings_have_another_code() -> None:
    shown = (("rada", "a", "x"), ("rada", "a", "y"), ("rada", "a", "xy"), ("rada", "b", "x"), ("selo", "a", "x"))
    assert len({code_of(source, objection, named) for source, objection, named in shown}) == len(shown)
    assert code_of("rada", "a", ["y", "x", "x"]) == code_of("rada", "a", ["x", "y"])


@pytest.mark.long
def test_other_new_items_than_those_that_were_shown_stop_again(town: Town) -> None:
    flood(town)
    stopped(town)
    town.site.articles[-1] = replace(town.site.articles[-1], number=999, alias="content/kazyno")
    assert "30 new items" in stopped(town, is_accepted=True)
    assert failures(town.run(is_accepted=True)) == []


def test_another_host_than_the_flood_that_was_shown_stops(town: Town) -> None:
    flood(town)
    stopped(town)
    leads(town, OTHER)
    assert f"leads to another site: {OTHER}/" in stopped(town, is_accepted=True)


def test_another_host_than_the_one_that_was_shown_stops(town: Town) -> None:
    leads(town, OTHER)
    stopped(town)
    leads(town, THIRD)
    assert f"leads to another site: {THIRD}/" in stopped(town, is_accepted=True)
    assert led_to(town) is None


@pytest.mark.long
def test_words_that_are_changed_after_somebody_has_looked_stop_again(town: Town) -> None:
    town.site.articles = [replace(a, body=f"<p>Сайт оновлено.</p>{a.body}") for a in town.site.articles]
    town.now = town.now.replace(year=2026)
    stopped(town)
    stopped(town, is_accepted=True)  # all that is due is looked at before anybody accepts
    town.site.articles[-1] = replace(town.site.articles[-1], body="<p>Казино.</p>")
    stopped(town, is_accepted=True)
    assert failures(town.run(is_accepted=True)) == []


@pytest.mark.long
def test_a_host_and_a_flood_behind_it_are_two_objections_and_both_are_shown(town: Town) -> None:
    leads(town, OTHER)
    flood(town)
    assert stopped(town).count("--accept") == 1
    message = stopped(town, is_accepted=True)
    assert "30 new items" in message
    assert message.count("--accept") == 2
    said = [o.message or "" for o in town.run(is_accepted=True)]
    assert any("zrazkov.example is believed as the council's own from now on; to undo it:" in m for m in said)
    assert led_to(town) == "zrazkov.example"


def test_a_host_that_was_shown_lets_no_other_words_through_with_it(town: Town) -> None:
    leads(town, OTHER)
    stopped(town)
    town.site.articles = [replace(a, body="<p>Казино.</p>", title=f"Казино {a.number}") for a in town.site.articles]
    town.now = town.now.replace(year=2026)
    assert "known items have changed" in stopped(town, is_accepted=True)
    assert led_to(town) is None


def test_without_a_code_nothing_is_let_through_and_the_code_is_said(council: Council) -> None:
    council.feedpub("run")
    there = council.served.url.replace("127.0.0.1", "localhost")
    council.site.overrides["/"] = Answer(302, (("Location", f"{there}/node"),))
    ran = council.feedpub("run")
    council.requests()
    bare = council.feedpub("run", "--accept")
    assert bare.code == 2
    assert accepting(bare.err) == accepting(ran.err) != []
    assert council.requests() == []


@pytest.mark.long
def test_a_host_that_was_accepted_is_said_and_can_be_undone(council: Council) -> None:
    council.feedpub("run")
    there = council.served.url.replace("127.0.0.1", "localhost")
    council.site.overrides["/"] = Answer(302, (("Location", f"{there}/node"),))
    accepted = council.feedpub("run", *accepting(council.feedpub("run").err))
    host = there.removeprefix("http://")
    assert accepted.code == 0
    assert f"`feedpub run --source zrazkiv --forget {host}`" in accepted.err
    assert f"--forget {host}" in council.feedpub("status").out
    assert council.feedpub("run", "--forget", "nikhto.example").code == 2
    assert council.feedpub("run", "--source", "zrazkiv", "--forget", host).code == 0
    assert json.loads(council.feedpub("status", "--json").out)[0]["led_to"] is None
    assert "leads to another site" in council.feedpub("run").err
