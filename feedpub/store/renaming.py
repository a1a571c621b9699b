"""Give a source another id. The ids of its items stay as they are."""

from __future__ import annotations

import json

from feedpub.store.database import Database
from feedpub.store.facts import read_facts
from feedpub.store.proof import OF_ADDRESS, OF_ITEM, OF_SOURCE, proof_of_row, prove
from feedpub.store.rows import as_json

# The tables with rows of single sources, but for ``address``, whose rows are proven, and ``object``: what was published
# under the old id is still there.
OF_A_SOURCE = (
    "item", "visit", "tally", "traffic", "member", "collection", "touched", "stale", "document", "thumbnail",
    "watch", "message", "look", "edit",
)  # fmt: skip


def rename(db: Database, old: str, new: str) -> None:
    """Give a source another id, which nobody may have. Its files are missing there then, so they are all made."""
    former = dict.fromkeys((*read_facts(db, old).former_ids, old))
    with db.transaction():
        for table in OF_A_SOURCE:
            db.execute(f"UPDATE {table} SET source = ? WHERE source = ?", (new, old))
        prove(db, "item", OF_ITEM, "source = ?", new)
        _rename_addresses(db, old, new)
        db.execute("UPDATE source SET id = ?, formerly = ? WHERE id = ?", (new, as_json(list(former)), old))
        prove(db, "source", OF_SOURCE, "id = ?", new)
    db.is_worth_copying = True


def _rename_addresses(db: Database, old: str, new: str) -> None:
    """Rename the owner of addresses. Other sources may have the same keys, so each row is proven by itself."""
    rows = [{name: row[name] for name in OF_ADDRESS} for row in db.each("SELECT * FROM address WHERE source = ?", old)]
    sql = "UPDATE address SET source = ?, proof = ? WHERE source = ? AND key = ?"
    for row in rows:
        proof = proof_of_row(row | {"source": new}, OF_ADDRESS)
        db.execute(sql, (new, proof, old, row["key"]))


def renamed(db: Database) -> dict[str, str]:
    """Return the ids that sources had, each with the one that its source has now."""
    rows = db.rows("SELECT id, formerly FROM source WHERE formerly IS NOT NULL ORDER BY id")
    return {old: row["id"] for row in rows for old in json.loads(row["formerly"]) if old != row["id"]}
