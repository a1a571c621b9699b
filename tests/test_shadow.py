"""Declarative shadow roots are read as browsers show them."""

from __future__ import annotations

import pytest
from lxml import html

from feedpub.content import Page
from feedpub.html import tree
from feedpub.html.lines import lines_of

URL = "https://rada.example/"


def words(inner: str) -> str:
    root = tree.document(Page(URL, URL, f"<html><body><main>{inner}</main></body></html>"))
    return " ".join(" ".join(line.text for line in lines_of(root)).split())


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("<x-n><template shadowrootmode=open><p>Міст закрито.</p></template></x-n>", "Міст закрито."),
        ("<x-n><template shadowrootmode=closed><p>Міст закрито.</p></template></x-n>", "Міст закрито."),
        ("<x-n><template shadowrootmode=open><p>А</p><slot></slot></template><p>Б</p></x-n><p>В</p>", "А Б В"),
        ("<x-n>Б<template shadowrootmode=open><slot></slot><p>А</p></template> і В</x-n>", "Б і В А"),
        (
            "<x-n><template shadowrootmode=open><slot name=s>нема</slot><slot></slot></template><p>Б</p><p slot=s>А</p>"
            "</x-n>",
            "А Б",
        ),
        ("<x-n><template shadowrootmode=open><slot>Типові слова</slot></template></x-n>", "Типові слова"),
        ("<x-n><template shadowrootmode=open><p>А</p></template><p>не видно</p></x-n>", "А"),  # no slot for it
        (
            "<x-n><template shadowrootmode=open><x-m><template shadowrootmode=open><b>1</b> <slot></slot></template>"
            "<slot></slot></x-m></template>Б</x-n>",
            "1 Б",
        ),
        ("<x-n><template><p>не видно</p></template>Б</x-n>", "Б"),  # an ordinary template
        ("<template><x-n><template shadowrootmode=open>не видно</template></x-n></template>Б", "Б"),
    ],
)
def test_a_shadow_root_shows_its_words_and_the_slotted_ones_in_their_places(raw: str, shown: str) -> None:
    assert words(raw) == shown


def test_only_the_first_shadow_root_of_a_host_counts() -> None:
    root = "<template shadowrootmode=open>{}</template>"
    assert words(f"<x-n>{root.format('перший')}{root.format('другий')}</x-n>") == "перший"


def test_a_page_without_shadow_roots_is_as_it_was() -> None:
    raw = "<html><body><x-n>А<template>Б</template></x-n></body></html>"
    assert html.tostring(tree.document(Page(URL, URL, raw))) == html.tostring(html.document_fromstring(raw))
