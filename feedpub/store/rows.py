"""Rows of the tables ↔ values of the model."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from feedpub import content
from feedpub.layout import Layout, Learnt
from feedpub.model import Validators, Visit
from feedpub.store.proof import OF_ITEM, decoding, require_proof

if TYPE_CHECKING:
    from feedpub.content import Stored
    from feedpub.store.database import Row

REMEMBERED = 256  # items, of some 10 kB each: those of a feed are in several documents
IS_OUT_FOR_GOOD = (  # of a visit: whether its item was withdrawn and nothing brings it back
    "EXISTS (SELECT 1 FROM item WHERE item.id = visit.item"
    f" AND gone IS NOT NULL AND gone_by <> '{content.By.COUNCIL.value}')"
)


def as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def instant(value: datetime | None) -> str | None:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if value else None


def parsed(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


@decoding
@lru_cache(maxsize=64)
def as_learnt(raw: str) -> Learnt:
    """Return a learnt layout. It is parsed once for all the pages of a run."""
    value = json.loads(raw)
    selectors = {key: tuple(listed) for key, listed in value["layout"].items()}
    return Learnt(
        Layout(**selectors),
        value["evidence"],
        value["fill"],
        value["samples"],
        tuple(value.get("designs", ())),
        tuple(value.get("earlier", ())),
        value.get("given"),
    )


@decoding
def as_visit(r: Row) -> Visit:
    return Visit(
        url=r["url"],
        asked=parsed(r["asked"]),
        validators=Validators(r["etag"], r["last_modified"]),
        failures=r["failures"],
        error=r["error"],
        status=r["status"],
        date=r["date"],
        item=r["item"],
        gone_since=parsed(r["gone_since"]),
        gone_times=r["gone_times"],
        words=r["words"],
        title=r["title"] or "",
        categories=tuple(json.loads(r["categories"] or "[]")),
        teaser=tuple(json.loads(r["teaser"] or "[]")),
    )


@decoding
@lru_cache(maxsize=REMEMBERED)
def as_stored(r: Row) -> Stored:
    """Return the item of a row. A row with the very same cells was proven and read before."""
    require_proof(r, OF_ITEM)
    article = content.Article(
        url=r["url"],
        addresses=tuple(json.loads(r["addresses"])),
        title=r["title"],
        published=parsed(r["published"]),
        doubt=r["doubt"],
        blocks=tuple(json.loads(r["blocks"])),
        text=r["text"],
        pictures=tuple(content.Picture(**p) for p in json.loads(r["pictures"])),
        files=tuple(content.Attachment(**f) for f in json.loads(r["files"])),
        categories=tuple(json.loads(r["categories"])),
        author=r["author"],
        text_key=r["text_key"],
    )
    return content.Stored(
        id=r["id"],
        article=article,
        first_seen=datetime.fromisoformat(r["first_seen"]),
        updated=datetime.fromisoformat(r["updated"]),
        gone=_as_gone(r) if r["gone"] else None,
        is_read=bool(r["is_read"]),
    )


def _as_gone(r: Row) -> content.Gone:
    return content.Gone(
        when=datetime.fromisoformat(r["gone"]),
        by=content.By(r["gone_by"]),
        reason=r["reason"],
    )


def named_in(link: content.Link) -> tuple[str | None, str | None, str | None]:
    """Return a listing's title, categories and other lines of an article as the table has them."""
    categories, teaser = (as_json(strings) if strings else None for strings in (link.categories, link.teaser))
    return link.title or None, categories, teaser
