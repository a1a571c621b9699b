"""The state → the files that people read.

``emit`` makes a source's files: it finds the stale documents, makes them, checks
them, writes those that changed and notes what hubs are to be told.
``emit_front`` does so for what speaks of all sources.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from feedpub.council import Council
from feedpub.errors import Overtaken
from feedpub.publishing import front, losses, staleness
from feedpub.publishing.documents import Press, Target
from feedpub.publishing.gate import Emission, Gate
from feedpub.publishing.marking import Mark, read_mark
from feedpub.publishing.measuring import expect_files, measure
from feedpub.publishing.moved import with_copies
from feedpub.publishing.staleness import is_emitted

__all__ = ["Emission", "Target", "emit", "emit_front", "expect_files", "is_emitted", "measure"]

# feed, render, check and page, and the libraries behind them, are imported where a document is made: a run that finds
# nothing new makes none.


def emit(council: Council, target: Target, now: datetime, *, is_anew: bool = False) -> Emission:
    """Bring a source's files to what the state gives: those that are stale, or all of them (``is_anew``).

    None is made while items are known from the published files alone (see
    ``collecting.recovery``). While the brake holds the source, the state is
    that of before: what it gives stays published, and no more. Raises
    PublishError when all that can be written is.
    """
    target = with_copies(target, council)
    gate = Gate(target, council.state.store, now)
    if staleness.is_nothing_to_make(council, target, is_anew=is_anew):
        return gate.emission
    try:
        _write_all(council, target, gate, is_anew=is_anew)
    except Overtaken:  # the next run takes over what is published, before it reads anything
        council.state.put_facts(replace(council.facts, is_restored=True))
        raise
    return gate.emission


def _write_all(council: Council, target: Target, gate: Gate, *, is_anew: bool) -> None:
    from feedpub.publishing import pictures

    target.publish.begin(council.id)
    gate.put_mark(council)
    staleness.mark(council, target, is_anew=is_anew)
    gate.notes += pictures.plan(council, target, gate.now, is_anew=is_anew)
    _write_items(Press.of(council, target), gate)
    press = Press.of(council, target)
    _write_collections(press, gate)
    _write_for_press_officer(press, gate)
    _write_pages(press, gate)
    _remove_what_is_gone(press, gate)
    pictures.clear(council, target, gate)
    staleness.note_pictures(council, target)
    gate.require_writable()
    if not gate.problems:
        gate.put_mark(council, council.state.collections.archived())
        gate.require_writable()
        staleness.note_emitted(council)


def _write_items(press: Press, gate: Gate) -> None:
    """Write the stale pages of items, before what leads to them."""
    council = press.council
    stale = council.state.collections.stale_items()
    written = [item for item, pages in press.readings(stale) if gate.write(pages, press.block)] if stale else ()
    with council.state.transaction():
        staleness.note_reading(council, written, press.target)


def _write_collections(press: Press, gate: Gate) -> None:
    """Write the stale documents. Archives come first, for feeds link to them; the source's own feed is last."""
    council = press.council
    mark = read_mark(press.target.publish, council.id)
    written = [name for name in staleness.in_order(press) if _write_collection(press, gate, name, mark)]
    with council.state.transaction():  # where a run is killed before this, the next one finds the files as they are
        for name in written:
            staleness.note_written(council, name, press.target)


def _write_collection(press: Press, gate: Gate, name: str, mark: Mark) -> bool:
    """Write a collection's documents, unless readers would lose an item. Return whether all are as they should be."""
    documents = list(press.documents(name))
    problems = losses.unexplained(press, name, documents, mark)
    if problems:
        gate.hold_back([document.name for document in documents], problems)
        return False
    return gate.write(documents, press.block)


def _write_for_press_officer(press: Press, gate: Gate) -> None:
    """Write what is for the press officer, before the pages that lead there."""
    if not staleness.is_office_due(press.council, press.target):
        return
    if gate.write(press.for_press_officer(), press.block):
        staleness.note_office(press.council, press.target)


def _write_pages(press: Press, gate: Gate) -> None:
    """Write the pages for people, where anything on them has changed. They lead to nothing that is held back."""
    if not staleness.are_pages_due(press.council, press.target):
        return
    if gate.write(press.without_unpublished().pages(), press.block):
        staleness.note_pages(press.council, press.target)


def _remove_what_is_gone(press: Press, gate: Gate) -> None:
    """Remove the files of collections that have no items any more, when nothing leads there."""
    mark = read_mark(press.target.publish, press.council.id)
    for name in staleness.gone(press):
        problems = losses.unexplained(press, name, (), mark)
        gate.hold_back(press.files(name), problems)
        if not problems and gate.remove(press.files(name)):
            staleness.note_removed(press.council, name)


def emit_front(councils: Sequence[Council], target: Target, now: datetime) -> Emission:
    """Make what speaks of all sources, where anything of it has changed; little before one of them has its feed."""
    gate = Gate(target, councils[0].state.store, now)
    sheets = front.sheets(councils, target)
    due = [sheet for sheet in sheets if front.is_due(sheet, councils, target)]
    gone = list(front.gone(sheets, councils))
    is_overtaken = any(target.publish.is_foreign(council.id) for council in councils)
    if is_overtaken or not (due or gone):
        return gate.emission
    target.publish.begin(front.ALL)
    for sheet in due:
        if gate.write(sheet.make(), front.BLOCK):
            front.note_written(sheet, councils, target)
    for sheet in gone:
        if gate.remove(sheet.files):
            front.note_removed(sheet, councils)
    gate.require_writable()
    return gate.emission
