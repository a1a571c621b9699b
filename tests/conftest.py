from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import chromium, examples, postgres, reliability, tables
from tests.clock import Clock, set_by_test
from tests.council import Council, opened


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sites are on this machine, whatever the way to all others."""
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def council(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Council]:
    with opened(tmp_path, capsys) as council:
        yield council


@pytest.fixture
def clock() -> Iterator[Clock]:
    """The commands are told the time of the test."""
    with set_by_test() as clock:
        yield clock


@pytest.fixture(scope="module")
def browser() -> Iterator[chromium.Browser]:
    found = chromium.program()
    if found is None:
        pytest.skip(chromium.ABSENT)
    with chromium.Browser(found) as it:
        yield it


WAITING = ("test_worker.py", "test_worker_bucket.py")  # for other processes, most of the time


@pytest.hookimpl(tryfirst=True)  # before pytest leaves out what `-m` does not name
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what waits first, so that it does so beside the others, and not alone at the end.

    What needs a browser is long: it takes its time, and few machines have one.
    """
    items.sort(key=lambda item: item.path.name not in WAITING)
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.long)
            if postgres.IS_WANTED:
                item.add_marker(pytest.mark.skip(reason="a browser gets the same files from either database"))
        if postgres.IS_WANTED and item.get_closest_marker("sqlite"):
            item.add_marker(pytest.mark.skip(reason="is about a file of SQLite"))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """Long tests wait for servers and clocks most of the time: one more than there are cores makes use of it."""
    return None if "not long" in config.getoption("markexpr") else (os.cpu_count() or 1) + 1


class _Gathering:
    """With pytest-xdist: each worker hands its tables over when it is done."""

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput["tables"] = tables.TABLES

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        tables.merge(getattr(node, "workeroutput", {}).get("tables", {}))


def pytest_configure(config: pytest.Config) -> None:
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as a shell has it for what it runs in the background
        signal.signal(signal.SIGINT, signal.default_int_handler)  # else no program of a test hears a Ctrl-C
    examples.load_profile(is_long="not long" not in config.option.markexpr)
    config.pluginmanager.register(_Gathering())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not terminalreporter.stats.get("failed"):
        reliability.write()
    if tables.rows("churn"):
        terminalreporter.section("items shown as new")
        for line in tables.aligned("churn"):
            terminalreporter.write_line(line)
