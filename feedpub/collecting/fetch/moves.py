"""Permanent redirects, remembered: a page that has moved is asked for at its new address straight away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from feedpub import address
from feedpub.collecting.fetch.manners import Borders
from feedpub.model import Moved

BELIEVED_FOR = timedelta(days=1)  # without being seen again: some permanent redirects are mistakes


class Moves:
    """Where addresses have moved for good. ``recall`` looks up the moves that earlier runs saw."""

    def __init__(self, recall: Callable[[str], Moved | None], borders: Borders, now: datetime) -> None:
        self._recall = recall
        self._borders = borders
        self._now = now
        self.changes: dict[str, Moved | None] = {}  # what this run has learned; None: it has not moved after all

    def address_of(self, url: str) -> str:
        """Return where to ask for this page: its new address if the move was seen lately, else its own."""
        move = self._move_of(url)
        if move is None or not self._is_recent(move) or not self._borders.allow(url, move.to):
            return url
        return move.to

    def remember(self, url: str, settled: str) -> None:
        """Remember where the page was found. ``settled`` is the last address that permanent redirects led to.

        A page's own number keeps no move: it names the page whatever becomes of
        its aliases, and one of these may be another page's tomorrow.
        """
        if address.is_numbered(url):
            return
        move = self._move_of(url)
        if settled == url:
            self.unlearn(url)
        elif move is None or move.to != settled or not self._is_recent(move):
            self.changes[url] = Moved(settled, self._now)

    def unlearn(self, url: str) -> None:
        """Ask for this page at its own address again: it was not found, or not understood, at the new one."""
        if self._move_of(url):
            self.changes[url] = None

    def _move_of(self, url: str) -> Moved | None:
        return self.changes[url] if url in self.changes else self._recall(url)

    def _is_recent(self, move: Moved) -> bool:
        return timedelta(0) <= self._now - move.since < BELIEVED_FOR
