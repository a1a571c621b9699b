"""What a terminal gets: the words of pages and servers give it no orders, forge no line and hide nothing."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import datetime
from pathlib import Path

import pytest

from feedpub.cli.speech import Speech, show, show_json, visible
from tests.council import PAGE, Council
from tests.drupal.site import Answer

PROGRAM = Path(__file__).parents[1] / "feedpub"
OVERRIDE, ISOLATE, ZERO, ESCAPE, CSI, BELL = "\u202e", "\u2066", "\u200b", "\x1b[2J", "\x9b31m", "\x07"
UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("Рада\u202eадаР", r"Рада\u202eадаР"),
        ("\u2066а\u2069 \u200eб\u200f \u061cв", r"\u2066а\u2069 \u200eб\u200f \u061cв"),
        ("\x1b[2J\x1b]0;owned\x07", r"\x1b[2J\x1b]0;owned\x07"),
        ("\x9b31m\x7f\x08", r"\x9b31m\x7f\x08"),
        ("a\nfeedpub: all is well\r\u2028\u2029", r"a\nfeedpub: all is well\r\u2028\u2029"),
        ("ne\u200bws\ufeff\u2060\u00ad", r"ne\u200bws\ufeff\u2060\xad"),
        ("a\u3164b\u115f\u034f\ufe00\U000e0101\U000e0041", r"a\u3164b\u115f\u034f\ufe00\U000e0101\U000e0041"),
        ("\ud800", r"\ud800"),
    ],
)
def test_what_nobody_sees_is_shown_by_its_escape(words: str, shown: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert visible(words) == shown
    show([words])
    Speech().error(words)
    said = capsys.readouterr()
    assert (said.out, said.err) == (f"{shown}\n", f"feedpub: {shown}\n")


@pytest.mark.parametrize(
    "words", ["5\xa0000 грн, 10\u202f%", "Об'єднана сім’я — «Ї»", "👨\u200d👩\u200d👧 ❤\ufe0f", "е\u0301"]
)
def test_words_as_people_write_them_stay(words: str) -> None:
    assert visible(words) == words


def test_a_joiner_between_letters_is_no_emoji() -> None:
    assert visible("ра\u200dда 👨\u200dx") == r"ра\u200dда 👨\u200dx"


def test_messages_as_json_are_one_object_a_line_and_give_no_orders(capsys: pytest.CaptureFixture[str]) -> None:
    words = "".join(("Рада: ", OVERRIDE, ZERO, ESCAPE, CSI, BELL, "\n"))
    speech = Speech(verbose=True, is_json=True)
    for say in (speech.error, speech.note, speech.detail):
        say(words)
    lines = capsys.readouterr().err.splitlines()
    objects = [json.loads(line) for line in lines]
    assert [(one["level"], one["message"]) for one in objects] == [
        ("error", words), ("note", words), ("detail", words)
    ]  # fmt: skip
    assert all(datetime.fromisoformat(one["time"]).tzinfo for one in objects)
    assert not any(UNSAFE.search(line) for line in lines)


def test_a_program_that_collects_logs_gets_every_message_of_a_run(council: Council) -> None:
    council.break_page("/")
    [line] = council.feedpub("run", "--log-format", "json").err.splitlines()
    assert json.loads(line)["message"].startswith("zrazkiv: http")


def test_json_says_the_same_and_gives_no_orders(capsys: pytest.CaptureFixture[str]) -> None:
    value = {"title": "".join((OVERRIDE, ISOLATE, ZERO, ESCAPE, CSI, BELL, "\x7f\n\t\U000e0041\ud800 Рада \xa0"))}
    show_json(json.dumps(value, ensure_ascii=False, indent=1))
    out = capsys.readouterr().out
    assert not UNSAFE.search(out)
    assert "Рада \xa0" in out
    assert json.loads(out) == value


def test_nothing_but_the_one_place_prints() -> None:
    printing = [
        p for p in PROGRAM.rglob("*.py") if re.search(r"(?<![\w.])print\(|std(?:out|err)\.write", p.read_text())
    ]
    assert [p.name for p in printing] == ["__main__.py", "speech.py"]  # the former has one fixed line


# ------------------------------------------------------------ the commands

HOSTILE = """<html lang="uk"><head><title>Новини {o} | Рада{o}</title>
<meta property="og:site_name" content="Рада{o}{c}"></head>
<body><h1>Заголовок{o}</h1><div class="list{o}">{rows}</div></body></html>"""
ROW = """<div class="box{o}"><h3><a href="/n/{n}">Назва новини {o} номер {n} {c}</a></h3>
<span class="d">0{n}.06.2025{o}</span><p>Міська рада повідомляє громаду про новини дня {n}.{z}</p></div>"""
ARTICLE = """<html lang="uk"><head><title>Назва {n} | Рада</title></head><body><div class="page{o}">
<h1>Назва новини {o} номер {n} {c}</h1><span class="when">0{n}.06.2025</span><div class="text{o}"><p>Перше речення про
подію{o} номер {n} у громаді.</p><p>Друге речення, яке каже{z} більше про подію {n}.</p></div></div></body></html>"""
SIGNS = {"o": OVERRIDE, "z": ZERO, "c": CSI}


def hostile_site(council: Council) -> str:
    """Let a list and its articles be full of what no terminal should get. Return the address of the list."""
    rows = "".join(ROW.format(n=n, **SIGNS) for n in range(9, 0, -1))
    council.site.overrides["/list"] = Answer(200, PAGE, HOSTILE.format(rows=rows, **SIGNS).encode())
    for n in range(1, 10):
        council.site.overrides[f"/n/{n}"] = Answer(200, PAGE, ARTICLE.format(n=n, **SIGNS).encode())
    return f"{council.served.url}/list"


def test_learn_proposes_clean_names_and_selectors_that_still_match(council: Council) -> None:
    ran = council.feedpub("learn", hostile_site(council))
    assert not UNSAFE.search(ran.out + ran.err)
    source = tomllib.loads(ran.out)["source"][0]
    assert source["title"] == "Рада31m"  # the rest of an order to a terminal is plain words
    assert OVERRIDE in "".join(map(str, source["layout"].values()))


@pytest.mark.long
def test_no_command_hands_on_orders_to_a_terminal(council: Council) -> None:
    url = hostile_site(council)
    council.configure(home=url, layout="")
    commands = (
        ["run", "--verbose"], ["status"], ["status", "--json"], ["ledger"], ["ledger", "--json"], ["check"],
        ["inspect", url], ["inspect", "--json", url], ["inspect", url.replace("list", "n/3")], ["learn", url],
        ["withdraw", "--reason", "test", url.replace("list", "n/3")],
    )  # fmt: skip
    for words in commands:
        ran = council.feedpub(*words)
        assert not UNSAFE.search(ran.out + ran.err), words
        assert ran.out or ran.err or words == ["check"], words
