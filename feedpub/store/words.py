"""Table ``forms``: the forms of words, kept from a large dictionary."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from feedpub.store.database import Database
from feedpub.store.rows import as_json


@dataclass(frozen=True, slots=True)
class Words:
    """The words of topics, by language."""

    db: Database

    def forms(self, language: str, word: str) -> frozenset[str] | None:
        """Return the forms of a word. None: the dictionary was not asked yet."""
        row = self.db.first_row("SELECT forms FROM forms WHERE language = ? AND word = ?", language, word)
        return frozenset(json.loads(row[0])) if row else None

    def put_forms(self, language: str, word: str, forms: Iterable[str]) -> None:
        self.db.in_turn("forms of words")
        self.db.execute(
            "INSERT INTO forms (language, word, forms) VALUES (?, ?, ?)"
            " ON CONFLICT (language, word) DO UPDATE SET forms = excluded.forms",
            (language, word, as_json(sorted(forms))),
        )
