"""Judges that come from npm: ``FEEDPUB_TOOLS`` names the folder into which they were installed."""

from __future__ import annotations

import os
from pathlib import Path

ABSENT = (
    "{} is not on this machine: `npm install --no-save --prefix DIR axe-core vnu-jar` gets it, FEEDPUB_TOOLS=DIR tells"
)


def path(name: str) -> Path | None:
    """A file of a package; None where it is not there."""
    file = Path(os.environ.get("FEEDPUB_TOOLS") or ".", "node_modules", name)
    return file if file.is_file() else None
