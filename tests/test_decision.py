"""What an article is to us is decided by values alone: a table of cases, and no database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from feedpub.collecting.dedupe.decision import decide
from feedpub.content import Article, By, Gone, Stored
from feedpub.model import Verdict
from tests.made import NOW, SOURCE, article
from tests.states import evidence, unknown

COUNCIL = unknown(SOURCE)
BODY = "<p>Завтра о 10:00 у Дніпрі видають продуктові набори родинам громади.</p><p>Майте паспорт.</p>"
EDIT = BODY.replace("10:00", "11:00")
LATER = NOW + timedelta(days=2)
KYIV = ZoneInfo("Europe/Kyiv")


def page(number: int = 1, body: str = BODY, **more: Any) -> Article:
    return article(number, body, **more)


def item(known: Article | None = None, **more: Any) -> Stored:
    known = known or page()
    published = known.published or NOW
    return replace(Stored(COUNCIL.candidate_ids(known)[0], known, NOW, published), **more)


def gone(by: By) -> Gone:
    return Gone(NOW, by, "404")


@dataclass(frozen=True, slots=True)
class Case:
    read: Article
    known: Stored | None  # the one item of the state
    verdict: Verdict
    is_written: bool
    updated: datetime | None = None  # of the item from now on; None: as it was
    at_its_page: bool = True  # the item is known at an address of the article, else by its words
    evidence: Callable[[Stored | None], dict[str, Any]] = lambda _: {}


CASES = {
    "nothing is known": Case(page(), None, Verdict.NEW, True, page().published),
    "an article without a date is dated by its first sight": Case(page(date=""), None, Verdict.NEW, True, LATER),
    "it reads as it did": Case(page(), item(), Verdict.UNCHANGED, False),
    "its text was edited": Case(page(body=EDIT), item(), Verdict.CHANGED, True, LATER),
    "its text reads otherwise since the layout is another": Case(
        page(body=EDIT), item(), Verdict.UNCHANGED, True, evidence=lambda s: {"read_by": {s.id if s else "": "old"}}
    ),
    "nobody wrote down by which layout it was read": Case(
        page(body=EDIT), item(), Verdict.CHANGED, True, LATER,
        evidence=lambda s: {"read_by": {s.id if s else "": None}},
    ),
    "its date in the listing moved, and an item's date never does": Case(
        page(date="2025-06-10T10:39:00+03:00"), item(), Verdict.UNCHANGED, False
    ),
    "the same words under another number": Case(page(2), item(), Verdict.DUPLICATE, False, at_its_page=False),
    "other words under another number": Case(
        page(2, EDIT), item(), Verdict.NEW, True, page().published, at_its_page=False
    ),
    "the page of a repost whose original was edited": Case(
        page(2), item(page(body=EDIT)), Verdict.DUPLICATE, False, at_its_page=False, evidence=lambda s: {"repeats": s}
    ),
    "it was gone and is back": Case(page(), item(gone=gone(By.COUNCIL)), Verdict.UNCHANGED, True),
    "the same words again as one that is gone": Case(
        page(2), item(gone=gone(By.COUNCIL)), Verdict.DUPLICATE, True, at_its_page=False
    ),
    "it was taken out by hand": Case(page(body=EDIT), item(gone=gone(By.OPERATOR)), Verdict.WITHDRAWN, False),
    "the same words as one that was taken out by hand": Case(
        page(2), item(gone=gone(By.OPERATOR)), Verdict.WITHDRAWN, False, at_its_page=False
    ),
    "it is known from a published feed alone": Case(
        page(), item(is_read=False), Verdict.UNCHANGED, True
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_an_article_is(case: Case) -> None:
    items = [case.known] if case.known else []
    here, alike = (items, items) if case.at_its_page else ([], items)
    known = replace(evidence(COUNCIL, case.read, here, alike), **case.evidence(case.known))
    decision = decide(case.read, known, LATER)
    assert (decision.verdict, decision.is_written) == (case.verdict, case.is_written)
    before = case.known.updated if case.known else None
    assert decision.item.updated == (case.updated or before)
    assert (decision.change is None) is (case.verdict in (Verdict.DUPLICATE, Verdict.WITHDRAWN) and not case.is_written)
    if case.known and case.verdict is not Verdict.NEW:
        assert decision.item.id == case.known.id
        assert decision.item.date == case.known.date


def test_an_alias_that_went_over_to_another_article_sends_the_first_one_to_its_number() -> None:
    first = item(replace(page(1), addresses=("https://rada.example/node/1",), url="https://rada.example/novyna"))
    second = replace(page(2, EDIT), addresses=("https://rada.example/node/2",), url="https://rada.example/novyna")
    decision = decide(second, evidence(COUNCIL, second, [first]), LATER)
    assert decision.verdict is Verdict.NEW
    assert decision.displaced == (("https://rada.example/node/1", first.id),)


@pytest.mark.parametrize(
    ("body", "verdict"), [(BODY, Verdict.NEW), (BODY.replace("Завтра", "5 липня"), Verdict.DUPLICATE)]
)
def test_a_page_that_an_earlier_version_took_for_a_repost_is_judged_again(body: str, verdict: Verdict) -> None:
    known = item(page(body=body))
    later = page(2, body, date="2025-06-12T10:39:00+03:00")
    assert decide(later, evidence(COUNCIL, later, repeats=known), LATER).verdict is verdict


def test_dates_that_are_ages_are_not_weighed() -> None:
    decision = decide(page(), evidence(COUNCIL, page(), [item()], shows_ages=True), LATER)
    assert decision.change
    assert decision.change.article.published is None


@pytest.mark.parametrize(
    ("before", "now", "shift"),
    [
        ("T02:05", "T00:00", timedelta(0)),
        ("T00:00", "T02:05", timedelta(0)),
        ("T04:05", "T02:00", -timedelta(minutes=125)),
    ],
    ids=["the time is left out", "the time is told again", "the time is another"],
)
def test_a_date_of_which_only_the_time_was_left_out_has_not_shifted(before: str, now: str, shift: timedelta) -> None:
    """Else six articles of one night stop all runs when a site shows days alone."""
    known, read = (page(date=f"2025-06-10{clock}:00+03:00") for clock in (before, now))
    change = decide(read, evidence(COUNCIL, read, [item(known)], zone=KYIV), LATER).change
    assert change
    assert change.known
    assert change.article.published
    assert change.known.published
    assert change.article.published - change.known.published == shift
