"""The same announcement posted again, and other news that only look like it."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedpub import text
from feedpub.collecting.dedupe import timely
from feedpub.collecting.dedupe.likeness import candidate_lengths, compare, may_be_same, repost, same_words
from feedpub.collecting.dedupe.misspelling import slips
from feedpub.content import Article, Picture, Stored
from feedpub.dictionary import Entry, Kind, dictionary
from tests.made import article

UK = dictionary("uk")
KYIV = ZoneInfo("Europe/Kyiv")
DAYS = Path(__file__).parent / "reposts" / "days" / "pairs.toml"
PAIRS = sorted((Path(__file__).parent / "reposts").glob("*.toml"))
ONE = "14 березня з 09:00 до 15:00 у Дніпрі (вул. Набережна, 29) видають допомогу для сімей. Відповідає Іван Кравчук."


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("14 березня", "14\u00a0березня"),
        ("вул. ", "вул."),
        ("(вул. Набережна, 29)", "– вул. Набережна, 29 –"),
        ("сімей", "СІМЕЙ"),
        ("допомогу", "дoпoмoгy"),  # o and y are Latin
        ("допомогу", "допмогу"),
        ("допомогу", "допомгоу"),
        ("допомогу", "допомоггу"),
        ("видають", "видаюгь"),
        ("для сімей", "для для сімей"),
        ("для сімей", "длясімей"),
        ("Відповідає", "Відповдає"),  # a sentence begins with it
    ],
)
def test_a_repost_is_one(old: str, new: str) -> None:
    assert old in ONE
    assert same_words(ONE, ONE.replace(old, new), UK).same


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("14 березня", "15 березня", "«14» in one is «15» in the other"),
        ("14 березня", "14 квітня", "«березня» in one is «квітня» in the other"),
        ("09:00", "10:00", "«09:00» in one is «10:00» in the other"),
        ("29", "29а", "nothing in one is «а» in the other"),
        ("Дніпрі", "Дніпру", "«Дніпрі» in one is «Дніпру» in the other"),
        ("Набережна", "Набрежна", "«Набережна» in one is «Набрежна» in the other"),  # a street may be called so
        ("Кравчук", "Кравчик", "«Кравчук» in one is «Кравчик» in the other"),
        ("Іван", "Йван", "«Іван» in one is «Йван» in the other"),
        ("видають", "не видають", "nothing in one is «не» in the other"),
        ("сімей", "сімʼї", "«сімей» in one is «сім'ї» in the other"),
        ("видають", "продають", "«видають» in one is «продають» in the other"),
        ("Іван Кравчук", "i.kravchuk@rada.example", "«Іван Кравчук» in one is «i.kravchuk@rada.example» in the other"),
        ("допомогу для сімей", "допомогу", "«для сімей» in one is nothing in the other"),
    ],
)
def test_other_news_is_none(old: str, new: str, why: str) -> None:
    found = same_words(ONE, ONE.replace(old, new), UK)
    assert (found.same, found.why) == (False, why)


def test_an_address_is_read_to_the_letter() -> None:
    one = "Пишіть на molod.rada@example.org або дивіться rada.example.org/new_1."
    assert same_words(one, one.replace(".org.", ".org"), UK).same
    for other in (
        one.replace("molod.rada", "molod_rada"),
        one.replace("new_1", "new-1"),
        one.replace("rada.ex", "rada-ex"),
    ):
        assert not same_words(one, other, UK).same


def test_two_words_that_exist_are_other_news_however_alike() -> None:
    for one, other in (("газу", "гасу"), ("вхід", "вихід"), ("дітям", "діям"), ("дозволено", "недозволено")):
        assert not same_words(f"Буде подача {one} мешканцям", f"Буде подача {other} мешканцям", UK).same


def test_what_no_dictionary_can_judge_is_other_news() -> None:
    def knows_nothing(_word: str) -> Entry:
        return Entry(Kind.UNKNOWN)

    assert not same_words("видача допомоги", "видача допмоги", knows_nothing).same
    assert dictionary("pl")("dom").kind is Kind.UNKNOWN


def test_a_wrong_case_is_a_slip_once_and_not_twice() -> None:
    one = "громада отримати має допомогу від партнерів для лікарні й школи"
    assert same_words(one, one.replace("лікарні", "лікарню"), UK).same
    twice = one.replace("лікарні", "лікарню").replace("школи", "школу")
    assert not same_words(one, twice, UK).same


def test_of_many_slips_a_text_is_written_anew() -> None:
    one = "допомога родинам громади сьогодні видається мешканцям безкоштовно"
    other = "допмога родинам грмади сьогодні видаєтся мешканцм безкоштвно"
    found = same_words(one, other, UK)
    assert not found.same
    assert found.why.startswith("more is spelt differently than slips explain: «допомога» / «допмога», ")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("станція на вулиці непрацює", "станція на вулиці працює"),
        ("збори невідбудуться сьогодні", "збори відбудуться сьогодні"),
        ("о шіснадцятій годині", "о сімнадцятій годині"),
        ("о пятнацятій годині", "о п'ятнадцятій годині"),
        ("перенесено на лютйи", "перенесено на лютий"),
        ("прийом у середуу", "прийом у середу"),
    ],
)
def test_in_what_counts_or_turns_a_sentence_round_a_slip_is_no_mere_slip(one: str, other: str) -> None:
    assert not same_words(one, other, UK).same


def test_few_words_above_another_picture_are_other_news() -> None:
    body = "<p>Графік відключень на сьогодні дивіться на зображенні.</p>"
    one, other = (article(n, body, pictures=(Picture(f"/f/{n}.jpg", ""),)) for n in (1, 2))
    assert not compare(one, other, UK).same
    assert compare(one, article(3, body), UK).same
    longer = body + f"<p>{ONE * 3}</p>"
    one, other = (article(n, longer, pictures=(Picture(f"/f/{n}.jpg", ""),)) for n in (1, 2))
    assert compare(one, other, UK).same


def test_why_two_are_the_same_is_told() -> None:
    assert same_words("Видача допомоги", "видача «допомоги»", UK).why == "the same words"
    assert same_words("видача допомоги", "видача допмоги", UK).why == (
        "the same words but for a slip: «допомоги» / «допмоги»"
    )


def test_links_and_files_tell_apart_what_words_do_not() -> None:
    one = article(1, '<p><a href="/1.pdf">Рішення</a> сесії міської ради про бюджет громади</p>')
    other = article(2, '<p><a href="/2.pdf">Рішення</a> сесії міської ради про бюджет громади</p>')
    found = compare(one, other, UK)
    assert (found.same, found.why) == (False, "only one of them leads to /1.pdf")


def test_a_link_of_its_own_site_is_the_same_after_the_site_has_moved() -> None:
    one = article(1, '<p><a href="/1">Рішення</a> сесії міської ради про бюджет громади</p>')
    moved = replace(
        one, url=one.url.replace("rada.", "www.new-rada."), blocks=(one.blocks[0].replace("rada.", "new-rada."),)
    )
    assert compare(one, moved, UK).same


def of_length(length: int) -> Article:
    return replace(article(), text="а" * length)


@pytest.mark.parametrize(
    ("length", "least", "most"),
    [(0, 0, 8), (8, 0, 16), (41, 33, 50), (100, 90, 110), (1000, 972, 1028), (5000, 4892, 5110)],
)
def test_a_text_may_be_longer_or_shorter_by_as_much_as_typography_and_slips_make(
    length: int, least: int, most: int
) -> None:
    assert candidate_lengths(of_length(length)) == (least, most)


@pytest.mark.long
def test_a_length_is_a_candidate_s_whichever_of_the_two_was_first() -> None:
    limits = [candidate_lengths(of_length(length)) for length in range(1200)]
    for one, (least, most) in enumerate(limits[:1000]):
        others = range(max(one - 60, 0), one + 60)
        assert [n for n in others if least <= n <= most] == [n for n in others if limits[n][0] <= one <= limits[n][1]]


@pytest.mark.parametrize(
    ("quoted", "old", "new", "same"),
    [
        (4, "допомогу", "допмогу", True),  # 8 characters more, and one less
        (40, "допомогу", "допмогу", False),
        (40, "допомогу", "допомогу", True),  # the words' key is the same: that is a repost at any length
    ],
)
def test_the_rule_itself_says_no_to_a_text_that_no_search_for_candidates_would_find(
    quoted: int, old: str, new: str, same: bool
) -> None:
    words = ONE.replace(old, new).split()
    marked = " ".join(f"«{word}»" if n < quoted else word for n, word in enumerate(words))
    one, other = article(1, f"<p>{ONE}</p>"), article(2, f"<p>{marked}</p>")
    least, most = candidate_lengths(other)
    is_candidate = least <= len(one.text) <= most or one.text_key == other.text_key
    likeness = compare(one, other, UK)
    assert (likeness.same, is_candidate) == (same, same)
    if not same:
        lengths = f"one text has {len(one.text)} characters and the other {len(other.text)}"
        assert likeness.why == f"{lengths}, a larger difference than a repost has"


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [
        ("а", "а", 0),
        ("рада", "рад", 1),
        ("рада", "врада", 1),
        ("рада", "рода", 1),
        ("рада", "арда", 1),
        ("рада", "ар", 3),
    ],
)
def test_slips_are_counted(one: str, other: str, distance: int) -> None:
    assert slips(one, other) == slips(other, one) == distance


# ------------------------------------------------------------ the rates


def cases(path: Path) -> Iterator[tuple[dict[str, Any], str, str]]:
    """Each case with its two texts. The file's own head says what its keys mean."""
    pairs = tomllib.loads(path.read_text("utf-8"))
    for case in pairs["case"]:
        base = pairs["base"][case["base"]]
        title, paragraphs = base["title"], list(base["text"])
        for old, new in case.get("changes", ()):
            assert any(old in t for t in (title, *paragraphs)), (case, old)
            title, paragraphs = title.replace(old, new), [p.replace(old, new) for p in paragraphs]
        title = title.upper() if case.get("upper") else title
        paragraphs = [p.upper() for p in paragraphs] if case.get("upper") == "all" else paragraphs
        if n := case.get("split"):
            paragraphs[n : n + 1] = re.split(r"(?<=[.!?…])\s+", paragraphs[n], maxsplit=1)
        if case.get("join"):
            paragraphs = [" ".join(paragraphs)]
        yield case, shown(base["title"], base["text"]), shown(title, paragraphs)


def shown(title: str, paragraphs: list[str]) -> str:
    return "\n".join(map(text.line, (title, *paragraphs)))


def test_of_the_pairs_no_news_are_lost_and_of_the_reposts_hardly_one_is_missed() -> None:
    """The rates that docs/decisions.md states."""
    counts: Counter[tuple[bool, bool]] = Counter()
    merged = []
    for path in PAIRS:
        for case, one, other in cases(path):
            found = same_words(one, other, UK)
            counts[case["same"], found.same] += 1
            if found.same and not case["same"]:
                merged.append((path.name, case, found.why))
    assert merged == []
    reposts, others = (sum(n for (same, _), n in counts.items() if same is kind) for kind in (True, False))
    assert reposts >= 300
    assert others >= 450
    assert counts[True, True] / reposts >= 0.95


def posted_again(title: str, text: str, first: datetime, again: datetime) -> tuple[Article, Stored]:
    """The article as it was posted again, and the item that it was at first."""
    said = replace(article(1, f"<p>{text}</p>", title=title), published=first)
    return replace(said, url=f"{said.url}-2", published=again), Stored("tag:1", said, first, first)


def test_the_same_words_are_other_news_where_they_speak_of_another_day() -> None:
    """No news is lost, and hardly a repost comes twice."""
    counts: Counter[tuple[bool, bool]] = Counter()
    wrong = []
    for pair in tomllib.loads(DAYS.read_text("utf-8"))["pair"]:
        first, again = (pair[key].replace(tzinfo=KYIV) for key in ("first", "again"))
        known = posted_again(pair["title"], pair["text"], first, again)
        likeness = repost(*known, UK, again, KYIV)
        counts[pair["same"], likeness.same] += 1
        if likeness.same != pair["same"]:
            wrong.append((pair["text"], likeness.why))
    assert wrong == []
    assert counts == {(False, False): 45, (True, True): 20}


@pytest.mark.long
def test_of_the_reposts_among_the_pairs_most_are_found_on_their_days() -> None:
    """The rate that docs/decisions.md states. Each was posted on the day before the last that it names."""
    found = []
    for path in PAIRS:
        for case, one, other in cases(path):
            first = day_before_the_last(one)
            (title, _, said), (new_title, _, again) = one.partition("\n"), other.partition("\n")
            _, known = posted_again(title, said, first, first)
            later = first + timedelta(days=case["days"])
            new = replace(article(2), title=new_title, text=again, published=later)
            old = replace(known, article=replace(known.article, text=said))
            likeness = repost(new, old, UK, later, KYIV)
            assert case["same"] or not likeness.same, case
            found += [likeness.same] if case["same"] else []
    assert sum(found) / len(found) > 0.9


def day_before_the_last(said: str) -> datetime:
    days = [day for match in timely.DATE.finditer(said.casefold()) if (day := timely.day_in(match, date(2025, 6, 9)))]
    return datetime.combine(max(days, default=date(2025, 6, 10)), time(9), KYIV) - timedelta(days=1)


@pytest.mark.parametrize(
    ("hours", "same"),
    [(0.5, True), (2, False)],
)
def test_alarms_of_one_day_on_a_site_that_shows_days_alone_are_told_apart_by_when_they_were_seen(
    hours: float, same: bool
) -> None:
    midnight = datetime(2026, 11, 22, tzinfo=KYIV)
    seen = midnight + timedelta(hours=10)
    again, known = posted_again("Повітряна тривога!", "Прямуйте до укриття.", midnight, midnight)
    assert repost(again, replace(known, first_seen=seen), UK, seen + timedelta(hours=hours), KYIV).same is same


def test_the_bound_by_letters_and_digits_rules_out_most_other_news_and_nothing_that_is_the_same() -> None:
    texts = set()
    for path in PAIRS:
        for case, one, other in cases(path):
            texts.add(one)
            assert may_be_same(one, other) or not same_words(one, other, UK).same, case
    far = [not may_be_same(one, other) for one, other in combinations(sorted(texts), 2)]
    assert sum(far) / len(far) > 0.95


@pytest.mark.long
def test_every_repost_of_the_pairs_lies_within_the_lengths_of_candidates() -> None:
    for path in PAIRS:
        for case, one, other in cases(path):
            if not same_words(one, other, UK).same:
                continue
            texts = [said.partition("\n")[2] for said in (one, other)]
            for said, again in (texts, reversed(texts)):
                least, most = candidate_lengths(replace(article(), text=again))
                assert least <= len(said) <= most, case


SLIPS = st.sampled_from(
    ["", " ", "7", " 000", "а", "ж", "й", "i", "H", "№ ", "No ", "'", "-", "\u0301", "Ж", "ґґ", "щи щи"]
)


@given(st.lists(st.tuples(st.integers(0, len(ONE)), SLIPS, st.integers(0, 2)), max_size=5), st.booleans())
def test_whatever_is_changed_the_bound_is_one(edits: list[tuple[int, str, int]], is_shouted: bool) -> None:
    other = ONE
    for at, put, left_out in edits:
        other = other[:at] + put + other[at + left_out :]
    words = ONE.split()
    for said in (other, other.upper() if is_shouted else other, " ".join([words[0], *words])):
        assert may_be_same(ONE, said) or not same_words(ONE, said, UK).same
