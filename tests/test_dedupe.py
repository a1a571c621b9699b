from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from feedpub import config
from feedpub.collecting import keeping, normalize
from feedpub.collecting.dedupe import schedule
from feedpub.collecting.dedupe.decision import decide, judge
from feedpub.collecting.dedupe.fingerprint import article_fingerprint
from feedpub.content import Article, By, Gone, Scraped, Stored
from feedpub.model import Validators, Verdict, Visit
from tests.states import evidence, unknown

SOURCE = config.load(Path(__file__).parent.parent / "config.toml").sources[0]
COUNCIL = unknown(SOURCE)
BASE = "https://starobelsk.lg.ua"
NOW = datetime(2025, 7, 1, tzinfo=UTC)
TEXT = "14 березня з 09:00 до 15:00 у Дніпрі (вул. Набережна, 29) відбудеться видача допомоги для родин громади."


def article(number: int = 7, *, title: str = "Видача допомоги", text: str = TEXT, alias: str = "/content/vydacha",
            day: int = 10, base: str = "https://starobelsk.lg.ua", picture: str = "") -> Article:  # fmt: skip
    scraped = Scraped(
        url=base + alias,
        base=base + alias,
        addresses=(f"/node/{number}", alias) if number else (base + alias,),
        title=title,
        dates=(f"2025-06-{day:02}T10:00:00+03:00",),
        body=f"<p>{text}</p>" + (f'<p><img src="{picture}"></p>' if picture else ""),
    )
    return normalize.make_article(scraped, ZoneInfo("Europe/Kyiv"), (), NOW)


def first_id(article: Article) -> str:
    """The id that an article is given where none is taken."""
    return keeping.free_id(COUNCIL, COUNCIL.candidate_ids(article))


def judged(article: Article, here: Sequence[Stored], alike: Sequence[Stored]) -> tuple[Verdict, Stored | None]:
    return judge(article, evidence(COUNCIL, article, here, alike), NOW)


def stored(known: Article) -> Stored:
    assert known.published
    return Stored(first_id(known), known, NOW, known.published)


def verdict(new: Article, known: Article) -> Verdict:
    """What an article is to us, when we know another."""
    have = stored(known)
    here = have if set(COUNCIL.keys_of(new)) & set(COUNCIL.keys_of(known)) else None
    alike = [have]
    return judged(new, [here] if here else [], alike)[0]


def test_the_id_is_a_tag_of_the_council_s_domain_and_the_page_s_number() -> None:
    made = first_id(article())
    assert made == "tag:starobelsk.lg.ua,2026:starobilsk/node/7"
    assert COUNCIL.feed_id() == "tag:starobelsk.lg.ua,2026:starobilsk"


@pytest.mark.parametrize(
    "other",
    [
        article(title="Інший заголовок", text="Інший текст.", day=20),
        article(alias="/content/inshyi-alias"),
        article(base="http://www.starobelsk.lg.ua"),
    ],
    ids=["edited", "another alias", "http and www"],
)
def test_the_id_outlives_every_edit_and_move(other: Article) -> None:
    assert first_id(other) == first_id(article())


def test_without_a_number_the_path_is_the_identity_and_always_ascii() -> None:
    made = first_id(article(0, alias="/новини/збір"))
    assert made == (
        "tag:starobelsk.lg.ua,2026:starobilsk/%D0%BD%D0%BE%D0%B2%D0%B8%D0%BD%D0%B8/%D0%B7%D0%B1%D1%96%D1%80"
    )


def test_an_article_at_the_home_page_s_address_does_not_get_the_feed_s_id() -> None:
    made = first_id(article(0, alias="/"))
    assert made != COUNCIL.feed_id()


def test_an_id_that_is_taken_is_not_given_again() -> None:
    council = unknown(SOURCE)
    for taken in ("node/7", "content/vydacha"):
        council.state.items.put(Stored(f"tag:starobelsk.lg.ua,2026:starobilsk/{taken}", article(), NOW, NOW), ())
    given = keeping.free_id(council, council.candidate_ids(article()))
    assert given == "tag:starobelsk.lg.ua,2026:starobilsk/node/7~2"


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (article(), Verdict.UNCHANGED),
        (article(base="http://www.starobelsk.lg.ua"), Verdict.UNCHANGED),
        (article(alias="/content/inshyi-alias"), Verdict.UNCHANGED),
        (article(text=TEXT.replace("29", "31")), Verdict.CHANGED),
        (article(title="Видачу допомоги перенесено"), Verdict.CHANGED),
        # under another number
        (article(8, alias="/content/vydacha-0", day=11), Verdict.DUPLICATE),
        (article(8, alias="/x", day=11, text=TEXT.replace("Дніпрі", "Дніпрі\xa0").upper()), Verdict.DUPLICATE),
        (article(8, alias="/x", text=TEXT.replace("14 березня", "15 березня")), Verdict.NEW),
        (article(8, alias="/x", text=TEXT.replace("29", "31")), Verdict.NEW),
        (article(8, alias="/x", text=TEXT.replace("Дніпрі", "Києві")), Verdict.NEW),
        (article(8, alias="/x", text=TEXT.replace("09:00", "10:00")), Verdict.NEW),
        (article(8, alias="/x", text="Зовсім інший текст під тим самим заголовком, у ту саму хвилину."), Verdict.NEW),
    ],
)
def test_what_is_the_same_and_what_is_news(new: Article, expected: Verdict) -> None:
    assert verdict(new, article()) is expected


def test_the_same_greeting_a_year_later_is_news() -> None:
    assert (
        verdict(replace(article(8, alias="/x"), published=datetime(2026, 6, 10, tzinfo=UTC)), article()) is Verdict.NEW
    )


def test_two_posters_of_one_title_are_two() -> None:
    one = article(1, title="Афіша", text="", alias="/a", picture="/f/1.jpg")
    other = article(2, title="Афіша", text="", alias="/b", picture="/f/2.jpg")
    assert verdict(other, one) is Verdict.NEW
    assert verdict(article(3, title="Афіша", text="", alias="/c", picture="/f/1.jpg"), one) is Verdict.DUPLICATE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('<a href="/files/poriadok-1.pdf">Завантажити</a>', '<a href="/files/poriadok-2.pdf">Завантажити</a>'),
        ('<iframe src="https://www.youtube.com/embed/a1"></iframe>', '<iframe src="https://www.youtube.com/embed/a2"></iframe>'),
        ('<img src="/up/2025-06-01/1.jpg">', '<img src="/up/2025-06-02/1.jpg">'),
        ('<img src="/image.php?id=1">', '<img src="/image.php?id=2">'),
    ],
)  # fmt: skip
def test_announcements_that_differ_in_their_file_alone_are_two(one: str, other: str) -> None:
    assert verdict(article(8, text=other, alias="/x"), article(text=one)) is Verdict.NEW


def test_an_alias_that_names_another_number_now_is_another_article() -> None:
    assert verdict(article(9, text="Зовсім інше."), article(7)) is Verdict.NEW


def test_a_repost_s_own_page_does_not_change_the_item_it_repeats() -> None:
    """Its picture may differ; as the item's alias, its page is asked for too."""
    original = stored(article())
    repost = article(8, alias="/content/vydacha-0", day=11, picture="/f/1.jpg")
    assert judged(repost, [original], [original]) == (Verdict.DUPLICATE, original)


def test_a_derivative_s_token_is_no_change() -> None:
    one = article(picture="/f/styles/large/1.jpg?itok=AbC")
    again, other = (article(picture=f"/f/styles/large/{name}?itok=XyZ") for name in ("1.jpg", "2.jpg"))
    assert article_fingerprint(one) == article_fingerprint(again)
    assert article_fingerprint(one) != article_fingerprint(other)


@pytest.mark.parametrize(
    ("age", "interval"),
    [
        (timedelta(0), timedelta(hours=1)),
        (timedelta(hours=5), timedelta(hours=5)),
        (timedelta(days=5), timedelta(days=5)),
        (timedelta(days=400), timedelta(days=400)),
        (-timedelta(minutes=3), timedelta(hours=1)),  # its clock is ahead of ours
    ],
)
def test_an_article_is_looked_at_again_ever_more_seldom(age: timedelta, interval: timedelta) -> None:
    assert schedule.next_look(NOW - age, NOW) == NOW + interval


def test_a_repost_counts_as_one_for_thirty_days() -> None:
    late = article(8, alias="/x")
    assert late.published
    assert verdict(replace(late, published=late.published + timedelta(days=30)), article()) is Verdict.DUPLICATE
    assert verdict(replace(late, published=late.published + timedelta(days=31)), article()) is Verdict.NEW


def test_a_repost_without_a_date_is_a_repost() -> None:
    assert verdict(replace(article(8, alias="/x"), published=None), article()) is Verdict.DUPLICATE


def test_a_repost_repeats_the_oldest_of_its_kind() -> None:
    first, second = stored(article(7, day=10)), stored(article(8, alias="/x", day=12))
    assert judged(article(9, alias="/y", day=14), [], [second, first]) == (
        Verdict.DUPLICATE,
        first,
    )


@pytest.mark.parametrize(
    ("failures", "since", "due"),
    [
        (3, timedelta(minutes=1), True),
        (4, timedelta(minutes=59), False),
        (4, timedelta(hours=1), True),
        (6, timedelta(hours=3), False),
        (6, timedelta(hours=4), True),
        (99, timedelta(hours=23), False),
        (99, timedelta(days=1), True),
    ],
)
def test_what_fails_and_fails_is_asked_for_ever_less_and_at_least_once_a_day(
    failures: int, since: timedelta, due: bool
) -> None:
    visit = Visit("u", NOW - since, Validators(), failures, "broke", 500)
    assert schedule.is_due_after_failure(visit, NOW) is due


@pytest.mark.parametrize(
    ("status", "failures", "item", "given_up"),
    [
        (404, 1, "tag:x", True),  # an item's page was taken down
        (410, 1, "tag:x", True),
        (404, 3, None, False),  # never read: the link may be misread
        (404, 4, None, True),
        (500, 3, "tag:x", False),  # a fault of the site, or of its layout: said a few times, and kept in `status`
        (500, 4, "tag:x", True),
        (None, 3, "tag:x", False),
        (None, 4, "tag:x", True),
    ],
)
def test_a_page_s_failure_is_said_a_few_times_and_not_for_ever(
    status: int | None, failures: int, item: str | None, given_up: bool
) -> None:
    assert schedule.is_given_up(Visit("u", NOW, Validators(), failures, "gone", status, item=item)) is given_up


def test_an_id_of_a_long_address_is_short_enough_for_every_reader() -> None:
    one, other = (article(0, alias=f"/{'новина-' * 60}{n}") for n in (1, 2))
    ids = [first_id(a) for a in (one, other)]
    assert max(map(len, ids)) < 600
    assert ids[0] != ids[1]


def test_the_oldest_is_visited_first() -> None:
    newest, older = (Visit(u, None, Validators(), 0, None) for u in ("newest", "older"))
    assert schedule.oldest_first([(0, newest), (5, older)]) == [older, newest]


def test_an_alias_that_went_over_to_another_number_makes_another_article() -> None:
    assert judged(article(8, text="Інший текст."), [stored(article(7))], [])[0] is Verdict.NEW


def test_a_name_that_a_site_gives_to_all_its_pages_makes_no_two_of_them_one() -> None:
    one, other = (
        replace(
            article(0, alias=f"/novyny/{n}", title=t, text=f"{t}."), addresses=(f"{BASE}/novyny", f"{BASE}/novyny/{n}")
        )
        for n, t in ((1, "Перша новина"), (2, "Друга новина"))
    )
    assert judged(other, [stored(one)], [])[0] is Verdict.NEW
    again = replace(one, addresses=(f"{BASE}/novyny/1",), text="Виправлено.")
    assert judged(again, [stored(other), stored(one)], []) == (Verdict.CHANGED, stored(one))


def test_a_page_whose_alias_was_edited_is_known_by_where_it_leads() -> None:
    known = article(0, alias="/stara-adresa")
    moved = replace(article(0, alias="/nova-adresa"), addresses=(f"{BASE}/stara-adresa", f"{BASE}/nova-adresa"))
    assert judged(moved, [stored(known)], [])[0] is Verdict.UNCHANGED


@pytest.mark.parametrize(("times", "days", "gone"), [(3, 2.0, True), (2, 9.0, False), (9, 1.9, False), (0, 0.0, False)])
def test_a_page_is_gone_when_that_was_said_often_and_for_long(times: int, days: float, gone: bool) -> None:
    since = NOW - timedelta(days=days) if times else None
    assert schedule.is_gone(Visit("u", NOW, Validators(), times, "404", 404, None, "tag:x", since, times), NOW) is gone


@pytest.mark.parametrize(
    ("gone_for", "since", "due"), [(3, 0.9, False), (3, 1.0, True), (30, 27.0, False), (30, 28.0, True)]
)
def test_what_is_gone_is_asked_for_at_doubling_intervals(gone_for: float, since: float, due: bool) -> None:
    asked = NOW - timedelta(days=since)
    visit = Visit("u", asked, Validators(), 60, "404", 404, None, "tag:x", asked - timedelta(days=gone_for), 9)
    assert schedule.is_due_after_failure(visit, NOW) is due
    assert schedule.is_due_after_failure(visit, NOW, is_awaited=True) is (since >= 1)


def test_an_alias_that_is_used_again_for_other_news_is_another_item() -> None:
    old = article(0, alias="/novyna", title="Видача допомоги", day=1)
    new = article(0, alias="/novyna", title="Концерт у парку", text="Завтра ввечері грає оркестр.", day=9)
    assert judged(new, [stored(old)], [])[0] is Verdict.NEW
    edited = article(0, alias="/novyna", title="Видачу перенесено", day=9)
    assert judged(edited, [stored(old)], [])[0] is Verdict.CHANGED


REPORT = "Звіт про роботу комунального підприємства: вивезено сміття, полагоджено ліхтарі, {} ."


@pytest.mark.parametrize(
    ("gone", "day", "words", "expected"),
    [
        (None, 20, "пофарбовано лави", Verdict.CHANGED),
        (5, 20, "висаджено тридцять молодих лип уздовж проспекту та в парку", Verdict.NEW),
        (
            20,
            20,
            "висаджено тридцять молодих лип уздовж проспекту та в парку",
            Verdict.NEW,
        ),  # dates to the day are midnights
        (25, 20, "висаджено тридцять молодих лип уздовж проспекту та в парку", Verdict.CHANGED),
        (5, 20, "пофарбовано лави", Verdict.CHANGED),
    ],
    ids=["it was there", "it was gone", "gone that day", "dated before it was gone", "most words are the same"],
)
def test_what_comes_to_a_page_that_was_gone_is_an_edit_only_with_most_of_its_words(
    gone: int | None, day: int, words: str, expected: Verdict
) -> None:
    known = stored(article(0, alias="/zvit", title="Звіт за травень", text=REPORT.format("пофарбовано паркани"), day=1))
    again = article(0, alias="/zvit", title="Звіт за червень", text=REPORT.format(words), day=day)
    since = datetime(2025, 6, gone, 9, tzinfo=UTC) if gone else None
    assert judge(again, evidence(COUNCIL, again, [known], gone_since=since), NOW)[0] is expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("висаджено тридцять молодих лип уздовж проспекту та в парку", Verdict.NEW),
        ("пофарбовано лави", Verdict.CHANGED),
    ],
)
def test_a_withdrawn_item_s_page_was_gone_though_it_has_another_address_since(words: str, expected: Verdict) -> None:
    """Where the site has moved to https, say, nobody has asked for the new address before."""
    posted = article(0, alias="/zvit", title="Звіт за травень", text=REPORT.format("пофарбовано паркани"), day=1)
    gone = Gone(datetime(2025, 6, 5, 9, tzinfo=UTC), By.COUNCIL, "404")
    again = article(0, alias="/zvit", title="Звіт за червень", text=REPORT.format(words), day=20)
    assert judged(again, [replace(stored(posted), gone=gone)], [])[0] is expected


def test_hardly_any_words_at_another_time_are_other_news() -> None:
    alarm = article(7, title="Повітряна тривога!", text="До укриття.")
    assert alarm.published
    again = article(8, alias="/x", title="Повітряна тривога!", text="До укриття.")
    for minutes, expected in ((30, Verdict.DUPLICATE), (61, Verdict.NEW)):
        later = replace(again, published=alarm.published + timedelta(minutes=minutes))
        assert verdict(later, alarm) is expected


@pytest.mark.parametrize("by", By)
@pytest.mark.parametrize("is_first", [True, False])
def test_a_page_is_that_of_the_published_item_which_has_it(by: By, is_first: bool) -> None:
    """The other one had its address before, and is withdrawn."""
    page = article(0, alias="/zvit", title="Звіт за червень", text="Висаджено тридцять лип.")
    living = replace(stored(page), id="tag:rada,2026:r/zvit~2")
    former = replace(stored(page), gone=Gone(NOW, by, ""))
    here = [former, living] if is_first else [living, former]
    assert judge(page, evidence(COUNCIL, page, here), NOW) == (Verdict.UNCHANGED, living)


def test_an_item_that_was_withdrawn_is_known_by_its_id_alone() -> None:
    known = replace(stored(article(0, alias="/dovha")), gone=Gone(NOW, By.FEED, "a tombstone"))
    again = article(0, alias="/dovha", text="Зовсім інший текст.")
    assert judge(again, evidence(COUNCIL, again, [known]), NOW) == (Verdict.WITHDRAWN, known)
    unnamed = evidence(COUNCIL, again, [known], candidate_ids=())
    assert decide(again, unnamed, NOW).verdict is Verdict.WITHDRAWN  # by its page
    elsewhere = article(0, alias="/insha", text="Зовсім інший текст.")
    assert judge(elsewhere, evidence(COUNCIL, elsewhere, [known]), NOW)[0] is Verdict.NEW
    assert judge(again, evidence(COUNCIL, again, [replace(known, gone=None)]), NOW)[0] is Verdict.CHANGED
