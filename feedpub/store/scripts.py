"""Table ``script``: the hashes of the migrations that made a state. One that other scripts have made is refused."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from hashlib import blake2b

from feedpub.errors import StoreError
from feedpub.store.database import Database

KEEPING = 10  # the version of the state from which it keeps them
COMMENT = re.compile(r"--[^\n]*")


def statements_of(script: str) -> list[str]:
    """Return the statements of a migration, without comments."""
    statements = [one.strip() for one in COMMENT.sub("", script).split(";")]
    return [one for one in statements if one]


@cache
def hash_of(script: str) -> str:
    """Return the hash of what a script does: comments and spaces do not count."""
    text = ";".join(" ".join(one.split()) for one in statements_of(script))
    return blake2b(text.encode(), digest_size=8).hexdigest()


def noting(scripts: Sequence[str]) -> list[str]:
    """Return the statement that notes the hashes of these scripts, the first version's first, if a state keeps them.

    Scripts from before hashes were kept are taken as right, and noted now.
    """
    if len(scripts) < KEEPING:
        return []
    rows = ", ".join(f"({version}, '{hash_of(script)}')" for version, script in enumerate(scripts, 1))
    return [f"INSERT INTO script (version, hash) VALUES {rows} ON CONFLICT (version) DO NOTHING"]


def require_same(db: Database, scripts: Sequence[str], is_there: str) -> None:
    """Raise StoreError if other scripts than these have made a state. ``is_there`` asks whether it has the table."""
    if len(scripts) < KEEPING:
        return
    [has_table] = db.rows(is_there)[0]
    rows = db.rows("SELECT version, hash FROM script ORDER BY version") if has_table else []
    kept = {row["version"]: row["hash"] for row in rows}
    others = [version for version, script in enumerate(scripts, 1) if kept.get(version) != hash_of(script)]
    if others:
        raise StoreError(
            f"{db.place}: the state was made by another feedpub: version {others[-1]} of its tables is not this"
            " program's. Run the feedpub that made it, or name another place in [state] url: a new state takes over the"
            " ids of the published feeds"
        )
