"""feedpub without its Ukrainian dictionary, which is an extra."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from feedpub import dictionary
from feedpub.dictionary import Kind
from feedpub.model import Topic
from tests.council import CONFIG, Council
from tests.town import Town


@pytest.fixture
def _no_dictionary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dictionary, "find_spec", lambda _: None)


@pytest.mark.usefixtures("_no_dictionary")
def test_without_a_dictionary_no_word_is_known_and_every_word_is_its_own_only_form() -> None:
    assert dictionary.dictionary("uk")("допомога").kind is Kind.UNKNOWN
    assert dictionary.forms("допомога", "uk") == {"допомога"}
    assert dictionary.is_missing("uk-UA")


def test_a_language_that_has_no_dictionary_misses_none() -> None:
    assert not dictionary.is_missing("pl")
    assert not dictionary.is_missing("uk")  # installed with the tests


@pytest.mark.long
def test_topics_have_all_forms_once_a_dictionary_is_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    town = Town(tmp_path)
    town.source = replace(town.source, topics=(Topic("vpo", "ВПО", ("переселенці",)),))
    with monkeypatch.context() as without:
        without.setattr(dictionary, "find_spec", lambda _: None)
        town.run()
        before = town.published()
        town.run(days=0.1)
        assert town.published() == before
    town.run(days=0.1)
    feed = "zrazkiv/feed/vpo/atom.xml"
    assert town.published()[feed].count(b"<entry>") > before.get(feed, b"").count(b"<entry>")


@pytest.mark.usefixtures("_no_dictionary")
def test_status_says_what_is_missing_where_somebody_needs_it(council: Council) -> None:
    assert "dictionary" not in council.feedpub("status").out
    council.configure(CONFIG + '\n[[source.feed]]\nid = "vpo"\ntitle = "ВПО"\nkeywords = ["переселенці"]\n')
    said = council.feedpub("status").out
    assert "no dictionary is installed; pip install 'feedpub[dictionary]'" in said
