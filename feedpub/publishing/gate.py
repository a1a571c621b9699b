"""Documents are checked, and those that changed are written. What fails its check is not: the last good file stays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from feedpub.content import Problem
from feedpub.council import Council
from feedpub.errors import Overtaken, PublishError
from feedpub.publishing.documents import Document, Target
from feedpub.publishing.hubs import announced
from feedpub.publishing.marking import write_mark
from feedpub.store import Store


@dataclass(frozen=True, slots=True)
class Emission:
    """What came of writing a source's files."""

    written: tuple[str, ...]  # names of the files that changed
    problems: tuple[tuple[str, Problem], ...]  # by the name of the file that was held back for it
    notes: tuple[str, ...] = ()  # what the owner should know, and is told once


class Gate:
    """The one way into the published folder. What cannot be written keeps nothing else from its place."""

    def __init__(self, target: Target, store: Store, now: datetime) -> None:
        self.target = target
        self.now = now
        self.publish = announced(target, store, now)
        self.failure: PublishError | None = None  # the first
        self.unmarked: PublishError | None = None  # why the folder does not say which state it comes from
        self.written: list[str] = []
        self.problems: list[tuple[str, Problem]] = []
        self.notes: tuple[str, ...] = ()

    def write(self, documents: Iterable[Document], block: int) -> bool:
        """Check and write documents; ``block`` is the block of the text that holds the link.

        Return whether all of them are as they should be.
        """
        from feedpub.publishing.check import check

        before = len(self.problems)
        try:
            for document in documents:
                problems = check(document.data, document.kind, block=block)
                self.problems += [(document.name, p) for p in problems]
                if not problems and self.publish(document.name, document.data, document.kind.media_type):
                    self.written.append(document.name)
        except Overtaken:  # not one more file: a newer run's are there
            raise
        except PublishError as error:
            self.failure = self.failure or error
            return False
        return len(self.problems) == before

    def hold_back(self, names: Sequence[str], problems: Iterable[Problem]) -> None:
        """Leave files as readers see them, for these reasons."""
        self.problems += [(name, problem) for problem in problems for name in names]

    def put_mark(self, council: Council, items: Iterable[str] | None = None) -> None:
        """Say in the folder which state its files come from. If that fails, the files are written all the same.

        ``items`` are those that the archive has by now, where all of it is written. Raises Overtaken.
        """
        try:
            write_mark(council, self.target.publish, items)
        except Overtaken:
            raise
        except PublishError as error:
            self.unmarked = error

    def remove(self, names: Sequence[str]) -> bool:
        """Remove files. Return whether all of them are gone."""
        try:
            self.written += [name for name in names if self.target.publish.remove(name)]
        except Overtaken:
            raise
        except PublishError as error:
            self.failure = self.failure or error
            return False
        return True

    def require_writable(self) -> None:
        """Raise the first PublishError, if there was one."""
        failure = self.failure or self.unmarked
        if failure:
            raise failure

    @property
    def emission(self) -> Emission:
        return Emission(tuple(self.written), tuple(self.problems), self.notes)
