"""What speaks for an answer is a table of named signs; `feedpub inspect` prints what each of them added."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from feedpub import cli
from feedpub.collecting.learn.body import SELECTOR_SIGNS
from feedpub.collecting.learn.date_signs import DATE_SIGNS
from feedpub.collecting.learn.item_pieces import ITEM_TITLE_SIGNS
from feedpub.collecting.learn.pager import LEADING_SIGNS, ONWARD_SIGNS, OTHER_SIGNS
from feedpub.collecting.learn.scoring import GROUP_SIGNS, PAGE_SIGNS, RIVAL_SIGNS, Traits
from feedpub.collecting.learn.signs import Sign, described, total, weigh

TABLES: dict[str, tuple[Sign[Any], ...]] = {
    "groups": (*GROUP_SIGNS, *RIVAL_SIGNS, *PAGE_SIGNS),
    "titles on a listing": ITEM_TITLE_SIGNS,
    "dates": DATE_SIGNS,
    "selectors of a text": SELECTOR_SIGNS,
    "pagers": (*ONWARD_SIGNS, *LEADING_SIGNS, *OTHER_SIGNS),
}
NEWS = Traits(
    items=10, dated=1.0, title_words=7, beside=200, page=0.5, falling=1.0, framed=0.0, one_shape=1.0, titles=1.0,
    named_alike=1.0, is_flat=False, is_named_news=True, has_headings=True,
)  # fmt: skip
FOR_NEWS = {
    "many items": 2.0, "items have dates": 3.0, "titles of several words": 2.0, "text beside the titles": 1.5,
    "much of the page": 2.0, "dates run from new to old": 1.2, "named after news": 0.8, "addresses of one shape": 1.0,
    "titles are headings": 0.7,
}  # fmt: skip


@pytest.mark.parametrize("table", TABLES)
def test_each_sign_of_a_table_has_a_name_of_its_own_and_weighs_something(table: str) -> None:
    names = [sign.name for sign in TABLES[table]]
    assert len(set(names)) == len(names)
    assert all(sign.weight for sign in TABLES[table])


def test_a_score_is_the_sum_of_what_its_signs_add_and_says_which() -> None:
    signs: tuple[Sign[str], ...] = (
        Sign("long", 0.5, len),
        Sign("empty", -2.0, lambda words: not words),
        Sign("capital", 3.0, str.isupper),
    )
    assert weigh(signs, "ABCD") == {"long": 2.0, "capital": 3.0}
    assert total(signs, "ABCD") == 5.0
    assert described(weigh(signs, "ABCD")) == "capital +3.0, long +2.0"
    assert weigh(signs, "") == {"empty": -2.0}


@pytest.mark.parametrize(
    ("traits", "changed"),
    [
        ({}, {}),
        ({"items": 2}, {"many items": 0.4, "fewer than three items": -1.5}),
        ({"items": 200}, {}),
        ({"dated": 0.5}, {"items have dates": 1.5}),
        ({"title_words": 1}, {"titles of several words": 2 / 7, "titles of a word or two": -1.0}),
        ({"framed": 1.0}, {"in a menu or sidebar": -3.5}),
        ({"framed": 0.5}, {"in a menu or sidebar": -1.75, "partly in a menu or sidebar": -1.0}),
        ({"titles": 0.5}, {"titles repeat": -2.0}),
        ({"named_alike": 0.75}, {"boxes of several names": -1.5}),
        ({"is_flat": True}, {"items without boxes": -1.5}),
        ({"page": 1.0}, {"much of the page": 2.5}),
    ],
    ids=str,
)
def test_what_a_list_shows_speaks_for_its_being_the_news(traits: dict[str, float], changed: dict[str, float]) -> None:
    assert weigh(GROUP_SIGNS, replace(NEWS, **traits)) == pytest.approx(FOR_NEWS | changed)  # type: ignore[arg-type]


def test_inspect_says_of_an_unknown_page_why_it_took_these_boxes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    days = range(9, 4, -1)
    rows = "".join(
        f"<li><i>{n:02}.11.2025</i> <a href=/news/{n}>Новина про події в громаді номер {n}</a></li>" for n in days
    )
    saved = tmp_path / "page.html"
    saved.write_text(f"<title>Новини</title><h1>Новини</h1><ul>{rows}</ul>", encoding="utf-8")
    why = (
        "5 boxes of one kind; items have dates +3.0, much of the page +2.5, titles of several words +2.0, "
        "dates run from new to old +1.2, many items +1.0, addresses of one shape +1.0, text beside the titles +0.1"
    )
    cli.main(["inspect", "--json", "--url", "https://rada.example/news", str(saved)])
    assert json.loads(capsys.readouterr().out)["layout"]["evidence"] == {"item": why}
    cli.main(["inspect", "--url", "https://rada.example/news", str(saved)])
    assert f"# {why}" in capsys.readouterr().out
