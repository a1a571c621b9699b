"""What is too odd to be published unseen: nothing of it is, until somebody has looked."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feedpub.collecting.dedupe import brake, findings, language
from feedpub.collecting.dedupe.findings import Change, Findings, History, Weighed
from feedpub.collecting.dedupe.language import language_of, shares_of
from feedpub.model import Tally, Topic, Verdict
from tests.council import Council, accepting
from tests.drupal.site import Answer
from tests.drupal.site import Article as Posted
from tests.made import article
from tests.states import put_facts
from tests.town import HOME, Town, failures

pytestmark = pytest.mark.long  # whole runs, one after the other

NOW = datetime(2025, 11, 14, 12, tzinfo=UTC)
UKRAINIAN = "Міська рада запрошує мешканців громади на відкриття оновленої бібліотеки, яке відбудеться в суботу."
RUSSIAN = "Городской совет приглашает жителей общины на открытие обновлённой библиотеки, которое состоится в субботу."
ENGLISH = "The city council invites all residents to the opening of the renovated library, which is held on Saturday."


def known(items: int, *, days: float = 0.04, text: str = UKRAINIAN) -> History:
    latest = tuple(Weighed.of(article(n, f"<p>{text}</p>")) for n in range(min(items, 50)))
    return History(NOW, items, latest, latest, NOW - timedelta(days=days))


def links(count: int) -> set[str]:
    return {f"https://rada.example/{n}" for n in range(count)}


def read(verdict: Verdict, text: str = UKRAINIAN, *, shift: timedelta = timedelta(0), number: int = 1) -> Change:
    before = article(number, f"<p>{UKRAINIAN}</p>")
    assert before.published
    after = replace(article(number, f"<p>{text}</p>"), published=before.published + shift)
    return Change(verdict, Weighed.of(after), None if verdict is Verdict.NEW else Weighed.of(before))


@pytest.mark.parametrize(
    ("items", "new", "days", "stops"),
    [
        (0, 1000, 1, False),  # the first run
        (10, 25, 0.1, False),
        (10, 26, 0.1, True),
        (200, 50, 0.1, False),
        (200, 51, 0.1, True),
        (90_000, 100, 0.1, False),
        (90_000, 101, 0.1, True),
        (10, 75, 3, False),  # after a pause of three days
    ],
)
def test_more_new_items_than_a_site_has_at_once(items: int, new: int, days: float, stops: bool) -> None:
    assert bool(brake.objections(known(items, days=days), Findings(news=links(new)))) is stops


@pytest.mark.parametrize(
    ("changed", "same", "stops"),
    [(5, 0, False), (6, 0, True), (6, 5, True), (6, 6, False), (20, 40, False), (26, 80, True)],
)
def test_more_changes_than_editors_make(changed: int, same: int, stops: bool) -> None:
    changes = [read(Verdict.CHANGED)] * changed + [read(Verdict.UNCHANGED)] * same
    assert bool(brake.objections(known(100), Findings(changes))) is stops


@pytest.mark.parametrize(("items", "gone", "stops"), [(10, 3, False), (10, 4, True), (100, 10, False), (100, 11, True)])
def test_more_items_gone_than_a_council_takes_down(items: int, gone: int, stops: bool) -> None:
    assert bool(brake.objections(known(items), Findings(withdrawn=gone))) is stops


@pytest.mark.parametrize(
    ("shifts", "stops"),
    [
        ([3, 3, 3], True),
        ([3, 3, 0, 0, 3], True),
        ([3, 3], False),
        ([3, 3, 3, 0, 0, 0], False),
        ([1, 2, 3, 4], False),
        ([0, 0, 0, 0], False),
    ],
)
def test_dates_that_are_all_off_by_the_same_amount(shifts: list[int], stops: bool) -> None:
    changes = [read(Verdict.UNCHANGED, shift=timedelta(hours=h)) for h in shifts]
    found = brake.objections(known(100), Findings(changes))
    assert bool(found) is stops
    if stops:
        assert found == [f"the dates of 3 of {len(shifts)} known items are all 3:00:00 later than they were"]


def test_languages_are_told_where_a_rule_asks_and_of_no_more_texts_than_it_needs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """To tell them takes as long as all else that a small run does."""
    told: list[str] = []

    def tell(title: str, text: str) -> language.Shares:
        told.append(title)
        return shares_of(title, text)

    monkeypatch.setattr(findings, "shares_of", tell)
    before = known(50)
    looked_at = Weighed.read(article(1, f"<p>{UKRAINIAN}</p>"), Verdict.UNCHANGED)
    assert brake.objections(before, Findings([Change(Verdict.UNCHANGED, looked_at, looked_at)])) == []
    assert told == []
    new = Weighed.read(article(100, f"<p>{UKRAINIAN}</p>"), Verdict.NEW)
    assert brake.objections(before, Findings([Change(Verdict.NEW, new, None)])) == []
    assert len(told) == 1 + 26  # the new one, and more than half of the known ones


@pytest.mark.parametrize(
    ("usual", "new", "stops"),
    [
        (UKRAINIAN, [RUSSIAN] * 3, True),
        (UKRAINIAN, [ENGLISH] * 3, True),
        (UKRAINIAN, [RUSSIAN, ENGLISH, UKRAINIAN], False),
        (UKRAINIAN, [RUSSIAN] * 2, False),
        (UKRAINIAN, [RUSSIAN] * 3 + [UKRAINIAN] * 3, False),
        (UKRAINIAN, ["Коротко."] * 9, False),
        (ENGLISH, [ENGLISH] * 9, False),
        (ENGLISH, [RUSSIAN] * 9, True),
        (UKRAINIAN, [UKRAINIAN], False),
    ],
)
def test_a_site_that_turns_to_another_language(usual: str, new: list[str], stops: bool) -> None:
    changes = [read(Verdict.NEW, text) for text in new]
    assert bool(brake.objections(known(100, text=usual), Findings(changes))) is stops


def brief(title: str, number: int) -> Change:
    """News of which a title is known and nothing else: its page cannot be read, or it is a line without a page."""
    return Change(Verdict.NEW, Weighed.read(replace(article(number, ""), title=title), Verdict.NEW), None)


OWN_TITLE, LATIN_TITLE, RUSSIAN_TITLE = "Ремонт вулиці Вербової", "Buy the best bags", "Купите самые лучшие сумки"


@pytest.mark.parametrize(
    ("titles", "stops"),
    [
        ([LATIN_TITLE] * 10, True),
        ([RUSSIAN_TITLE] * 10, True),
        ([LATIN_TITLE] * 5 + [OWN_TITLE] * 2, True),
        ([LATIN_TITLE] * 5 + [OWN_TITLE] * 6, False),
        ([LATIN_TITLE] * 2, False),  # two are only odd
        ([OWN_TITLE] * 10, False),
        ([OWN_TITLE] * 9 + ["Zoom"], False),
    ],
)
def test_titles_alone_tell_a_language_together(titles: list[str], stops: bool) -> None:
    changes = [brief(title, n) for n, title in enumerate(titles)]
    assert bool(brake.objections(known(100), Findings(changes))) is stops


def test_titles_that_come_one_at_a_time_are_told_with_those_before() -> None:
    one = brief(LATIN_TITLE, 1).article
    history = known(100)
    assert (
        brake.objections(replace(history, since=(one,) * 2 + history.latest), Findings([brief(LATIN_TITLE, 1)])) == []
    )
    found = brake.objections(replace(history, since=(one,) * 4 + history.latest), Findings([brief(LATIN_TITLE, 1)]))
    assert len(found) == 1
    own = replace(history, latest=(one,) * 50, since=(one,) * 50, before=(*history.latest[:30], *(one,) * 20))
    assert brake.objections(own, Findings([brief(LATIN_TITLE, 1)])) == []  # the site has such titles


def test_a_language_that_comes_one_item_at_a_time_stops_at_the_third() -> None:
    russian = (Weighed.of(article(n, f"<p>{RUSSIAN}</p>")) for n in (1, 2))
    latest = (*russian, *known(20).latest)
    assert brake.objections(History(NOW, 22, latest, latest, NOW), Findings([read(Verdict.NEW, RUSSIAN)])) != []
    assert brake.objections(History(NOW, 21, latest[1:], latest[1:], NOW), Findings([read(Verdict.NEW, RUSSIAN)])) == []


def linking(*hosts: str, number: int = 1) -> Change:
    links = "".join(f'<a href="https://{host}.example/{number}">тут</a> ' for host in hosts)
    return Change(Verdict.NEW, Weighed.of(article(number, f"<p>{UKRAINIAN} {links}</p>")), None)


def old(items: int) -> tuple[Weighed, ...]:
    return tuple(Weighed.of(article(n, f"<p>{UKRAINIAN} {n}</p>")) for n in range(items))


def told(before: tuple[Weighed, ...], since: list[Weighed], new: Weighed) -> list[str]:
    latest = (*since, *before)[:50]
    history = History(NOW, len(since) + len(before), latest, tuple(since), NOW, before=before)
    return brake.objections(history, Findings([Change(Verdict.NEW, new, None)]))


def first_told(before: tuple[Weighed, ...], *texts: str) -> int | None:
    """Return after how many items the brake objects, if these texts come one by one, over and over. None: never."""
    since: list[Weighed] = []
    for n in range(60):
        new = Weighed.of(article(100 + n, f"{texts[n % len(texts)]}<p>{n}</p>"))
        if told(before, since, new):
            return n + 1
        since = [new, *since][:50]
    return None


OWN = f"<p>{UKRAINIAN}</p>" * 3
FOREIGN = f"<p>{RUSSIAN}</p>" * 3
MARKLESS = (
    "<p>Уважаемая громада, приглашаем вас поддержать наше новое казино после праздника, ведь это просто и надежно</p>"
)


@pytest.mark.parametrize(
    ("texts", "after"),
    [
        ([FOREIGN], 3),
        ([OWN, OWN, OWN, FOREIGN], 16),  # never three of the five newest
        ([OWN, OWN, OWN, OWN, FOREIGN], 20),
        ([OWN + f"<p>{RUSSIAN}</p>"], 16),  # a paragraph at the end of each text
        ([FOREIGN.replace("и", "i")], 3),  # a Latin letter, or a Ukrainian one, in place of another
        ([MARKLESS], 3),  # no letter that only Russian has
        ([OWN], None),
        ([OWN] * 19 + [FOREIGN], None),  # a letter from abroad, now and then
        ([f"<p>{UKRAINIAN}</p><p>{ENGLISH[:50]}</p>"], None),
    ],
)
def test_a_language_that_comes_slowly_stops_before_it_is_usual(texts: list[str], after: int | None) -> None:
    assert first_told(old(30), *texts) == after


def test_a_site_in_two_languages_is_measured_by_what_it_was() -> None:
    both = (*old(24), *(Weighed.of(article(60 + n, FOREIGN)) for n in range(6)))
    assert first_told(both, OWN, OWN, OWN, OWN, FOREIGN) is None


def test_a_list_of_addresses_is_only_odd() -> None:
    many = [chr(letter) for letter in range(ord("a"), ord("a") + 12)]
    assert brake.objections(known(100), Findings([linking(*many)])) == []


def test_texts_that_all_lead_to_one_new_host_stop() -> None:
    same = Findings([linking("kazyno", number=n) for n in range(4)])
    [why] = brake.objections(known(100), same)
    assert why == "4 of 4 new texts link kazyno.example, which no item linked before"
    linked = replace(known(100), is_linked=lambda host: host == "kazyno.example")
    assert brake.objections(linked, same) == []


def in_categories(count: int) -> Change:
    one = read(Verdict.NEW)
    return replace(one, article=replace(one.article, categories=frozenset(map(str, range(count)))))


ONE_ODDITY = {
    "too many new items": Findings(news=links(26)),
    "too many changed items": Findings([read(Verdict.CHANGED)] * 20),
    "too many withdrawn items": Findings(withdrawn=11),
    "dates shifted": Findings([read(Verdict.UNCHANGED, shift=timedelta(hours=3))] * 3),
    "another language": Findings([read(Verdict.NEW, RUSSIAN)] * 3),
    "new hosts": Findings([linking("a", "b", "c"), linking("d", "e", "f"), linking("g", "h")]),
    "too many new categories": Findings([in_categories(101), in_categories(101)]),
}


@pytest.mark.parametrize("name", brake.OBJECTIONS)
def test_one_rule_objects_to_one_oddity(name: str) -> None:
    findings, history = ONE_ODDITY[name], replace(known(100), categories={})
    objecting = [rule for rule, object_to in brake.OBJECTIONS.items() if object_to(history, findings)]
    assert objecting == [name]
    assert len(brake.objections(history, findings)) == 1


# ------------------------------------------------------------ somebody who is patient

HALF = f"{UKRAINIAN}</p><p>{RUSSIAN}"
FIFTH = f"{'</p><p>'.join([UKRAINIAN] * 4)}</p><p>{RUSSIAN}"
# Without the letters that Ukrainian has not, and in words of which hardly any is on a list
LIPOGRAM = "Городской совет приглашает жителей, праздник обновленной библиотеки состоится завтра, адрес прежний."
HOMOGLYPHS = RUSSIAN.replace("и", "i")  # a Latin letter that looks like a Ukrainian one


def weighed(texts: list[str]) -> tuple[Weighed, ...]:
    return tuple(Weighed.of(article(n, f"<p>{text}</p>")) for n, text in enumerate(texts, 100))


def after(since: list[str], before: list[str]) -> History:
    """A site that was known by some texts, and has had others since."""
    latest = weighed([*since, *before])
    return History(NOW, len(latest), latest, weighed(since), NOW, before=weighed(before))


@pytest.mark.parametrize(
    ("since", "before", "stops"),
    [
        ([RUSSIAN, UKRAINIAN, UKRAINIAN, UKRAINIAN] * 3, [UKRAINIAN] * 20, True),  # one of four
        ([RUSSIAN, *[UKRAINIAN] * 8] * 4, [UKRAINIAN] * 20, True),  # one of nine
        ([HALF, UKRAINIAN, UKRAINIAN] * 8, [UKRAINIAN] * 20, True),  # by paragraphs
        ([FIFTH] * 30, [UKRAINIAN] * 20, True),  # a paragraph in each
        ([RUSSIAN] * 40, [UKRAINIAN] * 9, True),  # though it is most of the history by now
        ([RUSSIAN, *[UKRAINIAN] * 20], [UKRAINIAN] * 20, False),  # it happens
        (
            [RUSSIAN, UKRAINIAN, UKRAINIAN, UKRAINIAN] * 3,
            [RUSSIAN, UKRAINIAN, UKRAINIAN, UKRAINIAN],
            False,
        ),  # the site's
        ([UKRAINIAN] * 40, [UKRAINIAN] * 9, False),
    ],
)
def test_a_language_that_comes_slowly_is_measured_by_what_was_known_before_it(
    since: list[str], before: list[str], stops: bool
) -> None:
    text = since[0] if since[0] in (RUSSIAN, HALF, FIFTH) else UKRAINIAN
    assert bool(brake.objections(after(since, before), Findings([read(Verdict.NEW, text, number=999)]))) is stops


@pytest.mark.parametrize("text", [LIPOGRAM, HOMOGLYPHS, RUSSIAN.lower(), RUSSIAN.replace(" ", "\n")])
def test_words_tell_a_language_that_letters_hide(text: str) -> None:
    assert language_of(text) == "Russian"


def test_a_text_s_paragraphs_are_told_apart() -> None:
    assert [language for language, _ in shares_of("Рада", f"{UKRAINIAN}\n{RUSSIAN}\n{RUSSIAN}")] == [
        "Russian", "Ukrainian",
    ]  # fmt: skip
    quoted = f"«Мы строим», — сказав голова. {UKRAINIAN}"
    assert [language for language, _ in shares_of("Рада", quoted)] == ["Ukrainian"]


def test_without_a_dictionary_words_that_are_on_no_list_tell_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_code: str) -> object:
        raise ImportError

    monkeypatch.setattr(language, "dictionary", missing)
    assert language_of(LIPOGRAM) is None
    assert language_of(RUSSIAN) == "Russian"


# ------------------------------------------------------------ links


@pytest.mark.parametrize(
    ("changes", "stops"),
    [
        ([linking("a", "b", "c"), linking("d", "e", "f"), linking("g", "h")], True),
        ([linking("a", "b", "c", "d", "e", "f", "g", "h")], False),  # one list of addresses; real articles have them
        ([linking("a", "b", "c", "d", "e", "f", "g")], False),
        ([linking(f"h{n}", number=n) for n in range(10)], True),  # one each
        ([linking(*([f"h{n}"] if n < 8 else []), number=n) for n in range(24)], False),
        ([linking("a", number=n) for n in range(4)], True),  # the same in all
        ([linking("a", number=n) for n in range(3)], False),
        ([linking(*(["a"] if n < 4 else []), number=n) for n in range(8)], False),
    ],
)
def test_many_links_to_hosts_that_were_never_linked(changes: list[Change], stops: bool) -> None:
    assert bool(brake.objections(known(100), Findings(changes))) is stops


@pytest.mark.parametrize(("usual", "new", "stops"), [(0, 10, True), (1, 10, False), (1, 26, True), (4, 26, True)])
def test_a_site_that_links_new_hosts_in_every_item_may_go_on_so(usual: int, new: int, stops: bool) -> None:
    latest = tuple(linking(*(f"k{n}-{m}" for m in range(usual)), number=n).article for n in range(50))
    changes = [linking(*(f"h{n}" for n in range(k, new, 10)), number=k) for k in range(10)]
    history = replace(known(100), latest=latest, before=latest)
    assert bool(brake.objections(history, Findings(changes))) is stops


def test_hosts_that_an_item_links_already_and_offices_are_no_oddity() -> None:
    hosts = [linking("a", "b", "c", "d", "e", "f", "g", "h")]
    known_hosts = replace(known(100), is_linked=lambda _host: True)
    assert brake.objections(known_hosts, Findings(hosts)) == []
    links = " ".join(f'<a href="https://{name}.gov.ua/">тут</a>' for name in "абвгґдеє")
    official = Change(Verdict.NEW, Weighed.of(article(1, f"<p>{UKRAINIAN} {links}</p>")), None)
    assert brake.objections(known(100), Findings([official])) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [(UKRAINIAN, "Ukrainian"), (RUSSIAN, "Russian"), (ENGLISH, "in Latin letters"), ("Рада", None)],
)
def test_a_text_s_words_tell_its_language(text: str, expected: str | None) -> None:
    assert language_of(text) == expected


# ------------------------------------------------------------ a whole site


@pytest.fixture
def town(tmp_path: Path) -> Town:
    made = Town(tmp_path)
    made.begin()
    return made


def posted(town: Town, number: int, **what: object) -> None:
    newest = town.site.articles[-1]
    fields = {"number": number, "alias": f"content/nove-{number}", "title": f"Ще одна новина, {number}", **what}
    town.site.articles.append(replace(newest, **fields))  # type: ignore[arg-type]  # fields of an article


def changed(town: Town, change: Callable[[Posted], Posted]) -> None:
    town.site.articles = [change(a) for a in town.site.articles]


def flooded(town: Town) -> None:
    for n in range(300, 330):
        posted(town, n)


def rewritten(town: Town) -> None:
    changed(town, lambda a: replace(a, body=f"<p>Сайт продано.</p>{a.body}"))


def set_back(town: Town) -> None:
    changed(
        town,
        lambda a: replace(a, date=f"{a.local - timedelta(hours=3):%d/%m/%Y - %H:%M}", utc=a.utc - timedelta(hours=3)),
    )


def turned(town: Town) -> None:
    for n in range(300, 304):
        posted(town, n, title=f"Новости города, номер {n}", body=f"<p>{RUSSIAN}</p>")


def led_away(town: Town) -> None:
    town.bases = {HOME: "https://zrazkov.example", "https://zrazkov.example": "https://zrazkov.example"}


ODD: dict[str, tuple[Callable[[Town], None], str]] = {
    "a flood of new items": (flooded, "30 new items at once, where 31 are known"),
    "a site rewritten": (rewritten, "known items have changed"),
    "a clock that is wrong": (set_back, "known items are all 3:00:00 earlier than they were"),
    "another language": (turned, "newest texts are Russian, where they used to be Ukrainian"),
    "another host": (
        led_away,
        "leads to another site: https://zrazkov.example/; if the council has moved, set home and",
    ),
}


@pytest.mark.parametrize("oddity", ODD)
def test_what_is_odd_is_told_and_not_published_until_somebody_has_looked(town: Town, oddity: str) -> None:
    change, said = ODD[oddity]
    before, state = town.feeds(), ledger(town)
    change(town)
    town.now += timedelta(days=365)  # all items are due for another look
    with closing(town.store()) as store:
        put_facts(store, "zrazkiv", looked=town.now - timedelta(hours=1))
    [message] = failures(town.run())
    assert said in message
    assert re.search(
        r"\. Nothing was published; readers still see the last good feeds\. Check the site\. If the change is real:"
        r" `feedpub run --accept [a-z2-7]{10}`$",
        message,
    )
    assert (town.feeds(), ledger(town)) == (before, state)
    if oddity in ("a site rewritten", "a clock that is wrong"):  # all that is due is looked at before anybody accepts
        assert "Nothing was published" in failures(town.run(is_accepted=True))[0]
        assert town.feeds() == before
    assert failures(town.run(is_accepted=True)) == []
    if oddity not in ("a clock that is wrong", "another host"):
        assert town.feeds() != before
    assert failures(town.run()) == []


def ledger(town: Town) -> list[object]:
    with closing(town.store()) as store:
        return list(store.of("zrazkiv").items.every())


def test_many_items_gone_at_once_are_not_withdrawn_unseen(town: Town) -> None:
    before = town.feeds()
    for n in (-3, -5, -7, -9):
        town.site.overrides[town.site.articles[n].href] = Answer(404)
    listed = {town.site.articles[n].number for n in (-3, -5, -7, -9)}
    town.site.articles = [replace(a, listed=a.listed and a.number not in listed) for a in town.site.articles]
    town.now += timedelta(days=365)  # all items are due for another look
    said = [m for _ in range(6) for m in failures(town.run(days=1)) if "Nothing was published" in m]
    assert "4 of 31 items would be withdrawn, because their pages are gone" in said[0]
    assert town.feeds() == before
    town.run(is_accepted=True)
    assert town.feed("atom.xml").count(b"deleted-entry") == 4


def test_a_state_that_was_lost_does_not_open_the_door_to_somebody_else(town: Town) -> None:
    before = town.feeds()
    town.recover()
    changed(town, lambda a: replace(a, title=f"Казино номер {a.number}", body="<p>Грай.</p>"))
    [message] = failures(town.run(days=0.1))
    assert "31 of 31 known items have changed" in message
    assert town.feeds() == before


def test_a_topic_that_is_configured_while_runs_are_stopped_comes_with_all_its_items_or_not_at_all(town: Town) -> None:
    articles = list(town.site.articles)
    flooded(town)
    town.run(days=0.1)
    town.source = replace(town.source, topics=(Topic("rady", "Ради", ("рада", "громада")),))
    assert len(failures(town.run(days=0.1))) == 1
    assert not [name for name, data in town.published().items() if b"feed/rady" in data or "feed/rady" in name]
    town.site.articles = articles
    assert failures(town.run(days=1)) == []
    assert b"<entry>" in town.feed("feed/rady/atom.xml")
    assert b"feed/rady" in town.feed("index.html")


def test_what_was_odd_and_is_over_leaves_no_trace(town: Town) -> None:
    before = town.feeds()
    articles = list(town.site.articles)
    flooded(town)
    assert len(failures(town.run(days=0.1))) == 1
    town.site.articles = articles
    assert failures(town.run(days=0.1)) == []
    assert town.feeds() == before
    with closing(town.store()) as store:
        assert (store.of("zrazkiv").facts.brake, store.of("zrazkiv").visits.count_unasked()) == (None, 0)


def test_a_site_that_stays_odd_is_asked_ever_less_and_told_of_at_every_run(town: Town) -> None:
    flooded(town)
    asked = []
    for _ in range(48):
        town.asked.clear()
        [message] = failures(town.run(days=1 / 48))
        asked.append(len(town.asked))
    assert "(stopped " in message
    assert " times since 2025-11-14 12:30 UTC)" in message
    assert sum(n > 0 for n in asked) <= 9
    assert failures(town.run(is_accepted=True)) == []


def test_a_host_that_was_accepted_stays_accepted_and_the_ids_stay(town: Town) -> None:
    before = [i["id"] for i in json.loads(town.feed("feed.json"))["items"]]
    led_away(town)
    town.run(days=1)
    town.run(is_accepted=True)
    posted(town, 300)
    assert failures(town.run(days=1)) == []
    after = json.loads(town.feed("feed.json"))["items"]
    assert [i["id"] for i in after][1:] == before
    assert after[0]["id"] == "tag:zrazkiv.example,2026:zrazkiv/node/300"
    assert after[0]["url"] == "https://zrazkov.example/content/nove-300"


def test_the_commands_say_it_and_let_it_through(council: Council) -> None:
    council.feedpub("run")
    before = council.feeds()
    newest = council.site.articles[-1]
    council.site.page_size = 40
    council.site.articles += [
        replace(newest, number=n, alias=f"content/nove-{n}", title=f"Новина {n}") for n in range(300, 330)
    ]
    ran = council.feedpub("run")
    assert ran.code == 1
    assert ran.err.count("\n") == 1
    assert "new items at once, where 10 are known. Nothing was published" in ran.err
    assert council.feeds() == before
    assert "  STOPPED        since " in council.feedpub("status").out
    [row] = json.loads(council.feedpub("status", "--json").out)
    assert row["stopped"]["times"] == 1
    assert council.feedpub("run", *accepting(ran.err)).code == 0
    assert len(council.items()) == 40
    assert json.loads(council.feedpub("status", "--json").out)[0]["stopped"] is None


# ------------------------------------------------------------ in small steps


def test_a_site_that_is_rewritten_bit_by_bit_stops_as_well(town: Town) -> None:
    rewritten(town)
    town.now += timedelta(days=60)
    said: list[str] = []
    for _ in range(24 * 10):
        said += [m for m in failures(town.run(days=1 / 24)) if "Nothing was published" in m]
        if said:
            break
    assert "known items have changed" in said[0]
    for _ in range(24 * 30):  # nor does waiting help
        town.run(days=1 / 24)
    titles = town.feed("feed.json").decode()
    assert titles.count("Сайт продано.") <= 2 * 6  # in the content and the summary


def test_new_items_that_come_in_portions_are_counted_together(town: Town) -> None:
    said: list[str] = []
    for hour in range(6):
        for n in range(10):
            posted(town, 300 + 10 * hour + n)
        said += [m for m in failures(town.run(days=1 / 24)) if "Nothing was published" in m]
    assert "10 new items at once, after 20 today, where 51 are known" in said[0]


def test_the_brake_does_not_let_go_by_itself(town: Town) -> None:
    before = town.feeds()
    flooded(town)
    flooded_again = [replace(a, number=a.number + 100, alias=f"{a.alias}-b") for a in town.site.articles[-30:]]
    town.site.articles += flooded_again
    for _ in range(20):
        assert any("Nothing was published" in m for m in failures(town.run(days=1)))
    assert town.feeds() == before


def test_an_outage_does_not_release_the_brake(town: Town) -> None:
    before = town.feeds()
    flooded(town)
    town.run(days=0.1)
    town.site.overrides["/"] = Answer(500)
    for _ in range(9):
        town.run(days=1)
    town.site.overrides.clear()
    for _ in range(3):
        town.run(days=1)
    assert town.feeds() == before


def test_a_page_that_always_fails_does_not_loosen_the_brake(town: Town) -> None:
    town.site.overrides[town.site.articles[3].href] = Answer(500)
    town.site.articles[3] = replace(town.site.articles[3], title="Інакше")
    for _ in range(30):
        town.run(days=1)
    for n in range(300, 360):
        posted(town, n)
    assert any("60 new items at once" in m for m in failures(town.run(days=0.5)))


def test_an_interrupt_is_no_way_past_the_brake(town: Town) -> None:
    flooded(town)
    town.source = replace(town.source, listings=(f"{HOME}/", f"{HOME}/rubrika/ogoloshennya"))

    def interrupts() -> Answer:
        raise KeyboardInterrupt

    town.site.overrides["/rubrika/ogoloshennya"] = interrupts
    before = ledger(town)
    with pytest.raises(KeyboardInterrupt):
        town.run(days=0.1)
    with closing(town.store()) as store:
        assert store.of("zrazkiv").visits.count_unasked() == 0
    assert ledger(town) == before


@pytest.mark.parametrize("own", [2, 4, 6])
def test_foreign_texts_do_not_slip_through_in_a_batch_that_has_few_of_them(
    town: Town, own: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedpub.collecting.batches.BATCH", 4)
    before = ledger(town)
    for n in range(300, 300 + own):
        posted(town, n)
    for n in range(310, 320):
        posted(town, n, title=f"Новости города, номер {n}", body=f"<p>{RUSSIAN}</p>")
    [message] = failures(town.run(days=0.1))
    assert "newest texts are Russian" in message
    kept = [item for item in ledger(town) if item not in before]
    assert not [item for item in kept if "Новости" in str(item)]


def test_another_owner_s_titles_are_not_published_for_pages_that_cannot_be_read(town: Town) -> None:
    before = ledger(town)
    for n in range(300, 308):
        posted(town, n, title=f"Buy the best bags {n}", body="")
        town.site.overrides[town.site.articles[-1].href] = Answer(404)
    for _ in range(3):
        said = failures(town.run(days=0.1))
    assert "newest texts are in Latin letters" in said[-1]
    assert ledger(town) == before


def test_nothing_of_a_site_that_is_stopped_is_kept_before_the_whole_run_was_judged(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    turned(town)
    assert len(failures(town.run(days=0.1))) == 1
    before = ledger(town)
    monkeypatch.setattr("feedpub.collecting.batches.BATCH", 2)
    foreign = [town.site.articles.pop() for _ in range(4)]
    for n in range(290, 300):
        posted(town, n)
    town.site.articles += foreign
    assert "Nothing was published" in failures(town.run(days=0.1))[0]
    assert ledger(town) == before


@pytest.mark.parametrize("size", [50, 3], ids=["in one batch", "in the batch before"])
def test_an_interrupt_keeps_no_foreign_text(town: Town, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feedpub.collecting.batches.BATCH", size)
    before = ledger(town)
    turned(town)
    posted(town, 310)

    def interrupts() -> Answer:
        raise KeyboardInterrupt

    town.site.overrides[town.site.articles[-3].href] = interrupts
    with pytest.raises(KeyboardInterrupt):
        town.run(days=0.1)
    assert not [item for item in ledger(town) if "Новости" in str(item)]
    assert len(ledger(town)) >= len(before)


def test_after_a_pause_what_has_gathered_is_no_flood_and_does_not_count_the_day_after(town: Town) -> None:
    for n in range(300, 360):
        posted(town, n)
    assert failures(town.run(days=4)) == []
    for n in range(360, 370):
        posted(town, n)
    assert failures(town.run(days=0.1)) == []


def test_the_command_lets_a_site_lead_to_another_host_once_somebody_accepts_it(council: Council) -> None:
    council.feedpub("run")
    ids = [i["id"] for i in council.items()]
    there = council.served.url.replace("127.0.0.1", "localhost")
    council.site.overrides["/"] = Answer(302, (("Location", f"{there}/node"),))
    ran = council.feedpub("run")
    assert ran.code == 1
    assert f"leads to another site: {there}/node; if the council has moved, set home and listings to its new" in ran.err
    assert council.feedpub("run", *accepting(ran.err)).code == 0
    assert council.feedpub("run").code == 0
    assert [i["id"] for i in council.items()] == ids


def test_what_was_accepted_is_not_held_against_the_next_items(town: Town) -> None:
    turned(town)
    assert any("newest texts are Russian" in m for m in failures(town.run(days=1)))
    town.run(is_accepted=True)
    for n in range(310, 314):
        posted(town, n, body=f"<p>{UKRAINIAN} {n}</p>")
        assert failures(town.run(days=1)) == []


def test_an_old_archive_in_another_language_is_no_turn(tmp_path: Path) -> None:
    town = Town(tmp_path)
    town.site.articles = [
        replace(a, title=f"Новости, {a.number}", body=f"<p>{RUSSIAN}</p>") if n < 18 else a
        for n, a in enumerate(town.site.articles)
    ]
    town.run()
    said = failures(town.run(backfill=True))
    assert not any("Nothing was published" in m for m in said)


@pytest.mark.parametrize("are_in_turn", [False, True], ids=["at once", "most of them a run later"])
def test_foreign_texts_among_the_newest_are_stopped_though_they_are_dated_long_ago(
    town: Town, *, are_in_turn: bool
) -> None:
    before = ledger(town)
    town.site.page_size = 60
    long_ago = town.site.articles[0].utc - timedelta(days=900)
    for n in range(300, 306):
        date = f"{long_ago:%d/%m/%Y - %H:%M}"
        posted(town, n, title=f"Новости города, номер {n}", body=f"<p>{RUSSIAN}</p>", utc=long_ago, date=date)
    failing = [article.href for article in town.site.articles[-5:]] if are_in_turn else []
    town.site.overrides |= {href: Answer(502) for href in failing}
    town.run(days=0.1)
    town.site.overrides.clear()
    said = failures(town.run(days=0.1))
    assert [message for message in said if "newest texts are Russian" in message]
    foreign = [item for item in ledger(town) if "Новости" in str(item)]
    assert len(foreign) <= (1 if are_in_turn else 0)  # one is only odd
    assert len(ledger(town)) == len(before) + len(foreign)


def test_a_further_listing_may_begin_with_an_old_archive_in_another_language(town: Town) -> None:
    town.site.page_size = 60
    long_ago = town.site.articles[0].utc - timedelta(days=900)
    for n in range(300, 306):
        posted(
            town, n, title=f"Новости города, номер {n}", body=f"<p>{RUSSIAN}</p>", utc=long_ago, listed=False,
            date=f"{long_ago:%d/%m/%Y - %H:%M}", categories=("Оголошення",),
        )  # fmt: skip
    town.source = replace(town.source, listings=(f"{HOME}/", f"{HOME}/rubrika/ogoloshennya"))
    assert failures(town.run(days=0.1)) == []


def test_a_listing_that_nobody_has_read_before_is_no_flood(town: Town) -> None:
    town.source = replace(town.source, listings=(f"{HOME}/", f"{HOME}/rubrika/ogoloshennya"))
    for n in range(300, 340):
        posted(town, n, listed=False, categories=("Оголошення",))
    town.site.page_size = 40
    assert failures(town.run(days=0.1)) == []
    for n in range(340, 370):
        posted(town, n, listed=False, categories=("Оголошення",))
    assert "30 new items at once" in failures(town.run(days=0.1))[0]


def test_a_backfill_that_is_stopped_names_its_own_way_out_and_stops_no_run(town: Town) -> None:
    turned(town)
    [said] = [m for m in failures(town.run(days=1, backfill=True)) if "newest texts are Russian" in m]
    assert re.search(r"If the change is real: `feedpub backfill --accept [a-z2-7]{10}`$", said)
    with closing(town.store()) as store:
        assert store.of("zrazkiv").facts.brake is None


def test_a_site_that_dates_by_ages_has_no_clock_to_be_wrong(town: Town) -> None:
    assert town.source.layout is not None
    formats = (*town.source.layout.date_formats, "%R")
    town.source = replace(town.source, layout=replace(town.source.layout, date_formats=formats))
    set_back(town)
    town.now += timedelta(days=365)
    assert failures(town.run()) == []


def test_what_the_week_before_has_changed_and_withdrawn_counts_with_today() -> None:
    week = replace(known(100), lately=Tally(0, 5, 6, 9))
    assert brake.objections(week, Findings([read(Verdict.CHANGED)])) != []
    assert brake.objections(known(100), Findings([read(Verdict.CHANGED)])) == []
    assert brake.objections(week, Findings(withdrawn=3)) != []
    assert brake.objections(known(100), Findings(withdrawn=3)) == []
    assert brake.objections(week, Findings([read(Verdict.UNCHANGED)])) == []  # nothing of it is today's
