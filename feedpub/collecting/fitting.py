"""Tell by known items whether the layout still fits, where the site is changed within or around its texts.

A site gets a counter, a banner, a line for sharing or a list of what to read next, and puts it where its texts are. By
the layout that is known, that is text, and would be published as the council's words. Or a part of each text is
elsewhere on its page from some day on, and would be lost. Selectors match as before. But each known item shows it: its
page is read with more than was there before, or with less of what is still on the page. Other items show the same. Then
the layout is learnt anew, and has to read them as they were.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from feedpub import address, text
from feedpub.collecting.dedupe import schedule
from feedpub.collecting.proving import article_by, listed_title_of
from feedpub.collecting.run import Run
from feedpub.consent import code_of
from feedpub.content import Article, Page, Stored
from feedpub.errors import FetchError, Held, LayoutError, ScrapeError, Unproven
from feedpub.layout import reading_by
from feedpub.model import Outcome, Verdict, Visit

MISFIT = "a layout that does not fit any more"  # the objection to it
AMONG, COMPARED = 20, 2  # newest items; of these, others that must show the same
TRIED, ASKED = 4, 8  # pages that are looked at, at most; pages asked for, since some may not answer
ALIKE = 0.3  # of its words; a line that has so many of another one is an edit of it
SHOWN = 60  # characters of a line that is named
NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class _Reading:
    """How a page is read, beside its item: with these lines and pictures more, or without these lines."""

    page: Page
    item: Stored
    more: tuple[str, ...] = ()
    less: tuple[str, ...] = ()  # all of them are still on the page

    def alike(self, other: _Reading) -> _Reading:
        """Return what this reading has in common with that of another page: lines more, but for numbers, or less."""
        return self._of(set(map(_key, other.more)), self.less if other.less else ())

    def told_by(self, other: _Reading) -> _Reading:
        """Return what another page tells to be the site's: lines more in both texts, or beside its own.

        Not where this page has such a line twice: a menu may have the word that an editor writes above documents.
        """
        alike = self.alike(other)
        if len(alike.more) == len(self.more):
            return alike
        here, beside = Counter(_keys_on(self.page)), set(_keys_on(other.page))
        return self._of({*map(_key, alike.more), *(key for key in beside if here[key] == 1)}, alike.less)

    def _of(self, keys: set[str], less: tuple[str, ...]) -> _Reading:
        return _Reading(self.page, self.item, tuple(line for line in self.more if _key(line) in keys), less)

    @property
    def lines(self) -> tuple[str, ...]:
        return self.more or self.less

    def __str__(self) -> str:
        lines = "; ".join(f"«{line[:SHOWN]}»" for line in self.lines)
        if self.more:
            return f"its text has lines that other articles have as well, and had not before: {lines}"
        return f"its text is read without lines that are still on the page, as are those of other articles: {lines}"


def relearnt(run: Run, page: Page, visit: Visit, article: Article) -> Outcome | None:
    """Learn the layout anew if it does not fit any more. None: it does, as far as this article tells.

    Raises Held if it does not, and no other can be learnt. Raises Unproven if other pages must tell that, and do not
    answer now; nobody waits for them for ever.
    """
    item = run.state.items.get(visit.item) if visit.item else None
    is_asked = item and not run.council.is_layout_configured
    first = _compared(run, page, item, article, may_be_edited=True) if item and is_asked else None
    run.is_layout_seen |= first is not None
    if first is None or not first.lines:
        return None
    common, others = _compared_with_others(run, visit, first)
    named = [_key(line) for line in common.lines[:1]]
    if not named or len(others) < COMPARED or run.is_consented(MISFIT, named):
        return None
    try:
        return _learnt(run, common, [first, *others])
    except (ScrapeError, FetchError) as error:
        if isinstance(error, FetchError) and _is_waited_for(visit):
            raise Unproven(page.url, f"{common}; a page to learn from does not answer: {error.reason}") from error
        why = f"{page.url}: {common}; no other layout could be learnt: {error.reason}"
        raise Held(run.source.home, why, code_of(run.source.id, MISFIT, named)) from error


def _compared_with_others(run: Run, visit: Visit, first: _Reading) -> tuple[_Reading, list[_Reading]]:
    """Return what the readings of a page and of others have in common, and these others.

    Raises Unproven if too few of them answer now.
    """
    common, silent = first, 0
    others: list[_Reading] = []
    for other in _others(run, visit):
        if other is None:
            silent += 1
            continue
        common = common.told_by(other)
        others.append(other)
        if not common.lines or len(others) == COMPARED:
            return common, others
    if silent and _is_waited_for(visit):
        raise Unproven(visit.url, f"{common}; whether others have them cannot be told, for their pages do not answer")
    return common, others


def _is_waited_for(visit: Visit) -> bool:
    return visit.failures < schedule.PATIENCE


def _learnt(run: Run, common: _Reading, readings: Sequence[_Reading]) -> Outcome:
    """Learn a layout that reads these pages as their items are. Raises ScrapeError and FetchError if there is none."""
    from feedpub.collecting import learning  # hardly any run needs it
    from feedpub.collecting.listed import may_search

    cause = LayoutError(common.page.url, str(common))
    if not may_search(run):
        raise LayoutError(cause.url, "one was looked for in vain a while ago")
    before = run.council.facts
    for read in run.read:  # it is learnt from, and read again: a page that failed now would stay as it was misread
        run.pages.keep_page(read.page)
    listing = run.front or run.pages.page(run.source.listings[0])
    learning.learn_again(run, listing, cause)
    for one in readings:
        article = article_by(run, one.page, run.council.layout, listed_title_of(run, one.page))
        may_be_edited = one.page is common.page  # the others are older
        now = _compared(run, one.page, one.item, article, may_be_edited=may_be_edited)
        if now is None or (common.alike(now).lines if may_be_edited else now.lines):
            run.state.put_facts(before)
            raise LayoutError(one.page.url, "what was learnt reads it no better")
    return Outcome(listing.url, Verdict.UNCHANGED, f"{cause}; a layout that reads them as they were was learnt")


def _others(run: Run, visit: Visit) -> Iterator[_Reading | None]:
    """Yield how the pages of other known items are read, as far as that tells something. None: one does not answer.

    The older ones come first: they are hardly edited any more. All are asked for anew.
    """
    others = [item for item in reversed(run.state.items.newest(AMONG)) if item.id != visit.item]
    answered = 0
    for item in others[:ASKED]:
        try:
            page = run.pages.page(item.article.url)
            answered += 1
            article = article_by(run, page, run.council.layout, listed_title_of(run, page))
        except FetchError as error:
            if error.status not in schedule.GONE:
                yield None
            continue
        except ScrapeError:
            continue
        run.pages.keep_page(page)
        reading = _compared(run, page, item, article)
        if reading:
            yield reading
        if answered == TRIED:
            return


def _is_read_so(run: Run, item: Stored) -> bool:
    """Whether an item was read by this feedpub, and by this layout or one that it has replaced."""
    learnt, read_by = run.council.facts.learnt, run.state.items.read_by(item.id)
    earlier = learnt.earlier if learnt else ()
    return read_by == run.council.layout.fingerprint or reading_by(read_by) in earlier


def _compared(run: Run, page: Page, item: Stored, article: Article, *, may_be_edited: bool = False) -> _Reading | None:
    """Return how an item's page is read. None: it tells nothing, for the article was edited.

    Of one that ``may_be_edited`` those lines count that are no edit of others. A newer feedpub may leave out what an
    older one has read. But what it reads more in all articles is none of them.
    """
    known, now = _lines(item.article, article), _lines(article, item.article)
    if not known or not item.is_read or item.gone or address.is_of_row(item.article.url):
        return None
    more, less = _beyond(now, known), _beyond(known, now)
    if more is None and less is None and may_be_edited:
        more, less = _unlike(now, known), _unlike(known, now)
    is_loss = bool(less) and _is_read_so(run, item)
    if more is None and not is_loss:
        return None
    added = () if more is None else (*more, *_pictures_beyond(article, item.article))
    moved = tuple(less) if less and is_loss and _are_on(page, less) else ()
    return _Reading(page, item, added, moved)


def _unlike(lines: Sequence[str], others: Sequence[str]) -> list[str]:
    """Return the lines that the others do not have, without those that are edits of some of theirs."""
    left = [_words_in(line) for line in others if line not in lines]

    def is_edit(line: str) -> bool:
        words = _words_in(line)
        return any(len(words & before) >= ALIKE * max(len(words), len(before)) for before in left)

    return [line for line in lines if line not in others and not is_edit(line)]


def _words_in(line: str) -> set[str]:
    return set(_key(line).split())


def _are_on(page: Page, lines: Sequence[str]) -> bool:
    """Whether all of these lines are still to be read on a page."""
    return all(map(text.skeleton(_words_on(page)).__contains__, map(text.skeleton, lines)))


def _beyond(lines: Sequence[str], others: Sequence[str]) -> list[str] | None:
    """Return the lines beyond the others. None: the others are not among them, in their order."""
    rest = iter(others)
    wanted = next(rest, None)
    beyond: list[str] = []
    for line in lines:
        if line == wanted:
            wanted = next(rest, None)
        else:
            beyond.append(line)
    return beyond if wanted is None else None


def _lines(article: Article, other: Article) -> list[str]:
    """Return a text's lines, without the names of documents that are beside the text here or there."""
    names = {file.label for file in (*article.files, *other.files)}
    return [line for line in article.text.splitlines() if line not in names]


def _pictures_beyond(article: Article, known: Article) -> Iterator[str]:
    """Yield the pictures that an item did not have, each as a line of its own."""
    shown = {address.file_key(picture.url) for picture in known.pictures}
    return (f"<img src={picture.url}>" for picture in article.pictures if address.file_key(picture.url) not in shown)


def _words_on(page: Page) -> str:
    """Return all words of a page that are not part of a program."""
    from feedpub.html import tree

    words: list[str] = []
    for element in tree.document(page).iter("*"):
        is_program = element.tag in ("script", "style")
        words += ["" if is_program else element.text or "", element.tail or ""]
    return " ".join(words)


def _keys_on(page: Page) -> list[str]:
    """Return the keys of all lines of a page."""
    from feedpub.html import tree
    from feedpub.html.lines import lines_of

    return [_key(line.text) for line in lines_of(tree.document(page))]


def _key(line: str) -> str:
    return line if line.startswith("<img ") else NUMBER.sub("0", line).casefold()
