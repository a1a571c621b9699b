"""Table ``source``: the facts about a council's site besides its items, as one row."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from feedpub.layout import Learnt
from feedpub.model import Brake, Named, Site
from feedpub.store.database import Database, Row
from feedpub.store.proof import OF_SOURCE, decoding, prove, require_proof
from feedpub.store.rows import as_json, as_learnt, instant, parsed
from feedpub.store.touching import touch

if TYPE_CHECKING:
    from feedpub.dating import Redating


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts about a source. ``write_facts`` writes those that were replaced."""

    site: Site = field(default_factory=Site)  # as its listing describes it
    id_domain: str | None = None  # the domain that its ids are made of; None: no id was given yet
    origin: str | None = None  # scheme, host and port under which its addresses are kept; None: nothing was read yet
    led_to: str | None = None  # another host to which the site leads, accepted by hand; None: there is none
    layout: str | None = None  # a fingerprint of the layout that its pages are read by; None: none were read
    learnt: Learnt | None = None  # the layout found on the site, with its evidence; None: none yet
    searched: datetime | None = None  # when a layout was last looked for in vain; None: never, or one was found since
    backfill: str | None = None  # the listing page with which an interrupted backfill goes on; None: there is none
    succeeded: datetime | None = None  # when a run last went well, to the hour; None: never
    looked: datetime | None = None  # when a listing was last read and nothing was odd, to the hour; None: never
    accepted: datetime | None = None  # when somebody last accepted another language; None: never
    is_forgone: bool = False  # published items that cannot be read again are not waited for
    is_restored: bool = False  # this is a copy of a lost state, and the published feeds may know more
    named: Mapping[str, Named] = field(default_factory=dict)  # listing -> what it names now
    brake: Brake | None = None  # why nothing is published; None: all is well
    set_back: datetime | None = None  # what was known to be past when this clock was before it; None: it seems right
    retired: datetime | None = None  # when an operator closed the source; None: it is open
    former_ids: tuple[str, ...] = ()  # that the source had before `feedpub move`; its items' ids have the first one
    redating: Redating | None = None  # the dates of its items are being read again; None: they are not
    setting: str | None = None  # a fingerprint of all that the files are made from besides items; None: no files yet
    fleeting: tuple[str, ...] = ()  # parameters in its links that are new at each look; with ! it answers none without
    emitted: str | None = None  # the revision that was published as a whole; None: nothing was
    revision: int = 0  # grows with every change of the feeds' contents; never written by itself

    @property
    def last_look(self) -> datetime | None:
        return self.looked or self.succeeded


@dataclass(frozen=True, slots=True)
class _Column:
    """How a fact is kept: in a column of its name, as text."""

    write: Callable[[Any], object]
    read: Callable[[Any], object]


def _as_is(value: object) -> object:
    return value


def _yes(value: bool) -> str | None:
    return "yes" if value else None


def _brake_as_json(brake: Brake | None) -> str | None:
    if brake is None:
        return None
    times = {"since": instant(brake.since), "asked": instant(brake.asked)}
    return as_json(asdict(brake) | times)


def _as_brake(raw: str | None) -> Brake | None:
    if raw is None:
        return None
    value = json.loads(raw)
    times = {name: parsed(value[name]) for name in ("since", "asked")}
    return Brake(**value | times)


def _as_names(raw: str | None) -> tuple[str, ...]:
    return tuple(json.loads(raw)) if raw else ()


def _learnt_as_json(learnt: Learnt | None) -> str | None:
    if learnt is None:
        return None
    selectors = asdict(learnt.layout)
    value = {
        "layout": {key: selectors[key] for key in selectors if selectors[key]},
        "evidence": dict(learnt.evidence),
        "designs": list(learnt.designs),
        "earlier": list(learnt.earlier),
        "given": learnt.given,
        "fill": dict(learnt.fill),
        "samples": learnt.samples,
    }
    return as_json(value)


def _redating_as_json(redating: Redating | None) -> str | None:
    if redating is None:
        return None
    value = asdict(redating)
    example = redating.example
    times = {"since": instant(redating.since), "example": example and [example[0], *map(instant, example[1:])]}
    return as_json(value | times)


def _as_redating(raw: str | None) -> Redating | None:
    if raw is None:
        return None
    from feedpub.dating import Moves, Redating  # hardly any source has its dates read again

    value = json.loads(raw)
    offsets = {month: tuple(minutes) for month, minutes in value["moves"]["offsets"].items()}
    example = value["example"]
    parts = {
        "since": parsed(value["since"]),
        "example": example and (example[0], *map(parsed, example[1:])),
        "undated": tuple(value["undated"]),
        "rows": tuple(value["rows"]),
        "moves": Moves(**value["moves"] | {"offsets": offsets}),
    }
    return Redating(**value | parts)


def _named_as_json(named: Mapping[str, Named]) -> str | None:
    return as_json({listing: asdict(one) for listing, one in named.items()}) if named else None


def _as_named(raw: str | None) -> dict[str, Named]:
    value = json.loads(raw or "{}")
    return {listing: Named(tuple(one["pages"]), tuple(one["unread"])) for listing, one in value.items()}


TEXT = _Column(_as_is, _as_is)
INSTANT = _Column(instant, parsed)
YES = _Column(_yes, bool)
NAMES = _Column(lambda names: as_json(names) if names else None, _as_names)
# Fact -> its column's name and form. ``site`` has three columns, ``revision`` is counted.
COLUMNS = {
    "id_domain": ("authority", TEXT),
    "origin": ("origin", TEXT),
    "led_to": ("led_to", TEXT),
    "layout": ("layout", TEXT),
    "learnt": ("learnt", _Column(_learnt_as_json, lambda raw: as_learnt(raw) if raw else None)),
    "searched": ("searched", INSTANT),
    "backfill": ("backfill", TEXT),
    "succeeded": ("succeeded", INSTANT),
    "looked": ("looked", INSTANT),
    "accepted": ("accepted", INSTANT),
    "is_forgone": ("forgone", YES),
    "is_restored": ("restored", YES),
    "brake": ("brake", _Column(_brake_as_json, _as_brake)),
    "named": ("named", _Column(_named_as_json, _as_named)),
    "redating": ("redating", _Column(_redating_as_json, _as_redating)),
    "setting": ("setting", TEXT),
    "fleeting": ("fleeting", NAMES),
    "emitted": ("emitted", TEXT),
    "set_back": ("set_back", INSTANT),
    "retired": ("retired", INSTANT),
    "former_ids": ("formerly", NAMES),
}
WRITTEN = ("site", *COLUMNS)


def read_facts(db: Database, source: str) -> Facts:
    """Return the facts. They are asked for many times in a run, and mostly nothing was written in between."""
    known = db.memory.facts.get(source)
    if isinstance(known, Facts):
        return known
    row = db.first_row("SELECT * FROM source WHERE id = ?", source)
    facts = as_facts(row) if row else Facts()
    db.memory.keep(source, facts)
    return facts


@decoding
@lru_cache(maxsize=64)
def as_facts(row: Row) -> Facts:
    """Return the facts of a row. They are asked for many times a page, and change a few times a run."""
    return _facts_of(row)


@decoding
def as_facts_of_any_version(row: Row) -> Facts:
    """Return the facts of a row of an earlier version: what came later is not known of it."""
    later = {name: None for name, _ in COLUMNS.values()}
    return _facts_of({**later, **dict(zip(row.keys(), row, strict=True))})


def _facts_of(row: Row | Mapping[str, Any]) -> Facts:
    require_proof(row, OF_SOURCE)
    values: dict[str, Any] = {}
    for fact, (name, column) in COLUMNS.items():
        values[fact] = column.read(row[name])
    site = Site(row["icon"], row["logo"], bool(row["closes_pages"]))
    return Facts(site=site, revision=row["revision"], **values)


def write_facts(db: Database, source: str, facts: Facts) -> None:
    """Write the facts that have changed."""
    kept = read_facts(db, source)
    changed = {name for name in WRITTEN if getattr(kept, name) != getattr(facts, name)}
    if not changed:
        return
    columns: dict[str, object] = {}
    if "site" in changed:
        site = facts.site
        columns |= {"icon": site.icon, "logo": site.logo, "closes_pages": site.closes_pages}
    for fact in changed & COLUMNS.keys():
        name, column = COLUMNS[fact]
        columns[name] = column.write(getattr(facts, fact))
    if "site" in changed:
        touch(db, source)
    assignments = ", ".join(f"{name} = ?" for name in columns)
    values = (*columns.values(), source)
    is_new = db.execute(f"UPDATE source SET {assignments} WHERE id = ?", values).rowcount == 0
    if is_new:
        db.execute("INSERT INTO source (id) VALUES (?) ON CONFLICT (id) DO NOTHING", (source,))
        db.execute(f"UPDATE source SET {assignments} WHERE id = ?", values)
    if is_new or not columns.keys().isdisjoint(OF_SOURCE):  # else the proof is as it was
        prove(db, "source", OF_SOURCE, "id = ?", source)
