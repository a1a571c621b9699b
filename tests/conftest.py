from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import churn
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


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if lines := churn.lines():
        terminalreporter.section("items shown as new")
        for line in lines:
            terminalreporter.write_line(line)
