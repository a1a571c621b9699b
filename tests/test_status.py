"""`feedpub status --json` is what its schema says, in whatever state a source is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import jsonschema
import pytest

from feedpub import cli
from feedpub.cli.status_rows import SCHEMA
from feedpub.conditions import State
from tests.clock import AN_HOUR, Clock
from tests.council import CONFIG, Council
from tests.plights import PLIGHTS

WORDS = SCHEMA.read_text(encoding="utf-8")


def tables(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield each description of an object in the schema."""
    if "properties" in schema:
        yield schema
    for inner in (*schema.get("properties", {}).values(), *filter(None, [schema.get("items")])):
        yield from tables(inner)


def strict() -> jsonschema.Draft202012Validator:
    """The schema as a test wants it: no key beyond it, and instants that are some."""
    schema = json.loads(WORDS)
    for table in tables(schema):
        table["additionalProperties"] = False
    checker = jsonschema.FormatChecker(formats=())
    checker.checks("date-time", raises=ValueError)(is_in_utc)
    return jsonschema.Draft202012Validator(schema, format_checker=checker)


def is_in_utc(value: object) -> bool:
    return value is None or datetime.fromisoformat(str(value)).utcoffset() == timedelta(0)


def rows(council: Council) -> list[dict[str, Any]]:
    """The rows that ``status`` prints, after they were held against the schema."""
    found: list[dict[str, Any]] = json.loads(council.feedpub("status", "--json").out)
    assert [error.message for error in strict().iter_errors(found)] == []
    return found


def test_it_is_a_schema_that_describes_every_key_and_wants_each() -> None:
    schema = json.loads(WORDS)
    jsonschema.Draft202012Validator.check_schema(schema)
    found = list(tables(schema))
    assert len(found) == 11
    for table in found:
        assert table["required"] == list(table["properties"])
        assert all(len(key["description"]) > 3 for key in table["properties"].values())
    assert schema["items"]["properties"]["state"]["enum"] == [state.value for state in State]


def test_the_command_prints_it_and_needs_no_configuration(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FEEDPUB_CONFIG", "/nowhere/config.toml")
    assert cli.main(["status", "--schema"]) == 0
    assert capsys.readouterr().out == WORDS


@pytest.mark.parametrize("state", PLIGHTS, ids=lambda state: state.value)
def test_a_source_s_row_is_as_the_schema_says(council: Council, clock: Clock, state: State) -> None:
    hub = "http://127.0.0.1:9/hub"  # nobody answers there: feeds wait to be announced
    council.configure(CONFIG.replace("thumbnails = 0", f'thumbnails = 100\nhubs = ["{hub}"]'))
    council.break_page(council.site.articles[-2].href)
    council.feedpub("run")
    PLIGHTS[state](council, clock)
    [row] = rows(council)
    assert row["state"] == state.value
    assert (row["failures"] != [], row["absent"] != [], row["hubs_to_be_told"] != []) == (True, True, True)
    assert row["traffic"]["last"] != []


def test_rows_before_the_first_run_of_a_closed_source_and_of_one_that_was_accepted(
    council: Council, clock: Clock
) -> None:
    [row] = rows(council)
    assert (row["items"], row["newest"], row["last_success"]) == (0, None, None)
    council.feedpub("run")
    PLIGHTS[State.STOPPED](council, clock)
    assert rows(council)[0]["stopped"]["times"] == 1
    council.feedpub("retire", "zrazkiv")
    [row] = rows(council)
    assert (row["state"], row["closed"], row["since"]) == ("well", clock.now.isoformat(), clock.now.isoformat())


def test_the_same_state_gives_the_same_rows_at_another_hour(council: Council, clock: Clock) -> None:
    council.feedpub("run")
    before = rows(council)
    clock.now += AN_HOUR
    assert rows(council) == before
