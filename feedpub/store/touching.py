"""Note that the contents of feeds have changed: the source's revision grows, and a changed item is placed again."""

from __future__ import annotations

from feedpub.store.database import Database


def touch(db: Database, source: str, item: str | None = None) -> None:
    """Note that an item has changed, or a fact about the source."""
    db.is_worth_copying = True
    if item:
        db.execute("INSERT INTO touched VALUES (?, ?) ON CONFLICT (source, item) DO NOTHING", (source, item))
    db.execute(
        "INSERT INTO source (id, revision) VALUES (?, 1) ON CONFLICT (id) DO UPDATE SET revision = source.revision + 1",
        (source,),
    )
