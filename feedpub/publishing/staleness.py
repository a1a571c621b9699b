"""Which of a source's documents are not as the state gives them, and what stands in the folder by now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import chain, islice

from feedpub import dictionary
from feedpub.council import Council
from feedpub.kinds import ITEMS, PICTURES
from feedpub.model import ARCHIVE, ITEM, OWN
from feedpub.publishing import filing, placing
from feedpub.publishing.documents import Press, Target
from feedpub.publishing.health import health

PAGES = "pages"  # stands for the pages where a collection's name would
READING = "reading"  # likewise for the pages of all items, one each
OFFICE = "press"  # likewise for what is for the press officer
SHOWN = "pictures"  # likewise for the small copies of pictures
APART = {PAGES, READING, OFFICE, SHOWN}
MEDIA = "media"  # likewise for files that are still to be measured


def is_nothing_to_make(council: Council, target: Target, *, is_anew: bool) -> bool:
    """Whether no file may be written now, or none needs to be."""
    facts = council.facts
    has_nothing = facts.setting is None and (council.is_held or not council.state.items.newest(1))
    is_waiting = council.is_recovering or facts.is_restored  # for items or files that are still to be read
    return has_nothing or is_waiting or (not is_anew and is_emitted(council, target))


def is_emitted(council: Council, target: Target) -> bool:
    """Whether the published files are those that this state gives; also where none is to be published."""
    facts = council.facts
    if facts.revision == 0 or (council.is_held and facts.setting is None):
        return True
    known, setting = council.state.collections.published(), _setting(council, target)
    return (
        not council.state.collections.is_anything_waiting()
        and facts.emitted == str(facts.revision)
        and (council.is_held or facts.setting == setting)
        and _are_unchanged(council, known, target)
        and (OWN not in known or known.get(PAGES) == _pages_fingerprint(council, target, setting))
        and (OWN not in known or known.get(OFFICE) == _office_fingerprint(council, target, setting))
        and (READING not in known or known[READING] == _reading_fingerprint(council, target))
        and known.get(SHOWN, "") == _pictures_fingerprint(council, target)
    )


def mark(council: Council, target: Target, *, is_anew: bool) -> None:
    """Mark as stale all documents that are not as the state gives them, or not in the folder as they were left."""
    facts, collections = council.facts, council.state.collections
    setting = facts.setting if council.is_held and facts.setting else _setting(council, target)
    is_current = facts.emitted == str(facts.revision) or collections.is_anything_waiting()
    is_all_stale = not council.is_held and (is_anew or not is_current or setting != facts.setting)
    placing.place_items(council, setting, is_anew=is_all_stale)
    if collections.has_unplaced(council.state.items.count()):  # the state is damaged where nothing proves it
        placing.place_items(council, setting, is_anew=True)
    known = collections.published()
    empty = {c.name for c in filing.empty_topics(council)}
    living = {c.name for c in collections.named()} | empty
    collections.put_stale(empty - known.keys())
    collections.put_stale(known.keys() - living - {OWN, *APART})
    collections.put_stale(
        name for name in known if name not in APART and known[name] != _files_fingerprint(council, name, target)
    )
    if known.get(READING, "") != _reading_fingerprint(council, target):
        collections.put_stale(ITEM + item for item in council.state.items.ids())
    if is_all_stale:
        collections.put_stale(filing.in_folder(council, target.publish) - living)


def in_order(press: Press) -> list[str]:
    """Return the stale collections that have documents: archives first, oldest first, the source's own feed last."""
    names = (n for n in press.council.state.collections.stale() if n == OWN or n in press.collections)
    return sorted(names, key=lambda n: (not n.startswith(ARCHIVE), n == OWN, n))


def gone(press: Press) -> set[str]:
    """Return the stale collections that have no items any more."""
    return set(press.council.state.collections.stale()) - {MEDIA, OWN, *press.collections}


def are_pages_due(council: Council, target: Target) -> bool:
    collections = council.state.collections
    known = collections.published()
    is_out = OWN in known and OWN not in collections.stale()
    return is_out and known.get(PAGES) != _pages_fingerprint(council, target, _setting(council, target))


def is_office_due(council: Council, target: Target) -> bool:
    """Whether what is for the press officer is to be made: with another configuration, and not with other news."""
    known = council.state.collections.published()
    return OWN in known and known.get(OFFICE) != _office_fingerprint(council, target, _setting(council, target))


# ------------------------------------------------------------ what was done


def note_written(council: Council, name: str, target: Target) -> None:
    council.state.collections.put_document(name, _files_fingerprint(council, name, target))
    council.state.collections.put_fresh(name)


def note_reading(council: Council, items: Iterable[str], target: Target) -> None:
    """Note that the pages of these items are as they should be."""
    collections = council.state.collections
    for item in items:
        collections.put_fresh(ITEM + item)
    collections.put_document(READING, _reading_fingerprint(council, target))


def note_pages(council: Council, target: Target) -> None:
    council.state.collections.put_document(PAGES, _pages_fingerprint(council, target, _setting(council, target)))


def note_office(council: Council, target: Target) -> None:
    council.state.collections.put_document(OFFICE, _office_fingerprint(council, target, _setting(council, target)))


def note_pictures(council: Council, target: Target) -> None:
    council.state.collections.put_document(SHOWN, _pictures_fingerprint(council, target))


def note_removed(council: Council, name: str) -> None:
    council.state.collections.drop_document(name)
    council.state.collections.put_fresh(name)


def note_emitted(council: Council) -> None:
    """Note that everything of the present revision is published."""
    facts = council.facts
    council.state.put_facts(replace(facts, emitted=str(facts.revision)))


# ------------------------------------------------------------ fingerprints


def _are_unchanged(council: Council, known: Mapping[str, str], target: Target) -> bool:
    """Whether all of these documents are in the folder as they were left. Asked at once: there may be hundreds."""
    names = [n for n in known if n not in APART]
    files = [_files_of(council, n) for n in names]
    fingerprints = iter(target.publish.fingerprints(chain(*files)))
    return all(
        placing.hashed(list(islice(fingerprints, len(of_one)))) == known[name]
        for name, of_one in zip(names, files, strict=True)
    )


def _files_fingerprint(council: Council, name: str, target: Target) -> str:
    """Return what changes when one of the files of a collection is not as it was left."""
    return placing.hashed(target.publish.fingerprints(_files_of(council, name)))


def _files_of(council: Council, name: str) -> list[str]:
    return [f"{council.id}/{file}" for file in filing.files(name)]


def _pages_fingerprint(council: Council, target: Target, setting: str) -> str:
    """Return what changes with all that the source's pages are made from, and with their files as they are."""
    shown = (council.facts.revision, health(council), published_names(council))
    files = target.publish.fingerprints(f"{council.id}/{file}" for file in filing.page_files())
    return placing.hashed(setting, shown, files)


def _reading_fingerprint(council: Council, target: Target) -> str:
    """Return what changes when a file among the items' pages comes, goes or is replaced. There may be thousands."""
    return target.publish.fingerprint_of_folder(f"{council.id}/{ITEMS.rstrip('/')}") or ""


def _office_fingerprint(council: Council, target: Target, setting: str) -> str:
    files = target.publish.fingerprints(f"{council.id}/{file}" for file in filing.press_files())
    return placing.hashed(setting, target.publisher, files)


def are_pictures_moved(council: Council, target: Target) -> bool:
    """Whether the folder of small copies is not as it was left."""
    return council.state.collections.published().get(SHOWN, "") != _pictures_fingerprint(council, target)


def _pictures_fingerprint(council: Council, target: Target) -> str:
    return target.publish.fingerprint_of_folder(f"{council.id}/{PICTURES.rstrip('/')}") or ""


def published_names(council: Council) -> list[str]:
    """Return the names of the feeds to which a page can lead."""
    collections = council.state.collections
    living = {OWN, *(c.name for c in collections.named()), *(c.name for c in filing.empty_topics(council))}
    return sorted(living & collections.published().keys())


def _setting(council: Council, target: Target) -> str:
    """Return what changes with everything but the items that a source's files are made from."""
    source = council.source
    has_dictionary = not dictionary.is_missing(source.language)
    return placing.hashed(
        source,
        council.facts.site,
        target.base_url,
        target.items,
        target.version,
        target.hubs,
        target.contact,
        target.thumbnails,
        has_dictionary,
        council.facts.retired,
    )
