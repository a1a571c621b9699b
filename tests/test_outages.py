"""What the owner of the cron job reads in sixty days: never too much, and never nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.outages import OUTAGES, Outage, lived, problems

DOCUMENT = Path(__file__).parent.parent / "docs" / "watching.md"
RUN_EVERY = 6  # hours: the table in the document is of hourly runs


@pytest.mark.long
@pytest.mark.sqlite
@pytest.mark.parametrize("outage", OUTAGES, ids=lambda outage: outage.name)
def test_an_outage_is_a_few_messages_and_no_news_are_lost(tmp_path: Path, outage: Outage) -> None:
    seen = lived(tmp_path, outage, step=RUN_EVERY)
    assert problems(outage, seen, days=60) == [], seen.messages


def test_the_document_has_a_row_for_each_outage_with_its_limit() -> None:
    rows = [line.split(" | ") for line in DOCUMENT.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    table = [(cells[0].removeprefix("| "), cells[3]) for cells in rows[1:]]
    assert table == [(outage.name, str(outage.limit)) for outage in OUTAGES]
