from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.council import Council, opened


@pytest.fixture
def council(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Council]:
    with opened(tmp_path, capsys) as council:
        yield council
