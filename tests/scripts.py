"""The hashes of the migrations, pinned in a file, so that no released one is edited by mistake.

    python -m tests.scripts

pins the newest migration again. That is right for as long as no release has it.
"""

from __future__ import annotations

from pathlib import Path

from feedpub.store import MIGRATIONS
from feedpub.store.scripts import hash_of

PINNED = Path(__file__).parent / "states" / "scripts.txt"


def pinned() -> list[str]:
    """The hashes in the file, that of version 1 first."""
    return PINNED.read_text(encoding="utf-8").split()


if __name__ == "__main__":
    hashes = [*pinned()[: len(MIGRATIONS) - 1], hash_of(MIGRATIONS[-1])]
    PINNED.write_text("\n".join([*hashes, ""]), encoding="utf-8")
