"""An article's HTML as found → its blocks: clean, safe, with the same words.

Repair comes first, on a tree. Then the tree is laid flat into top-level blocks, since the council's terms count
them. nh3's allow-list comes last, so that no repair can bring back what is not allowed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

import nh3
from bs4 import BeautifulSoup
from bs4.element import Tag

from feedpub import text
from feedpub.collecting.normalize.blocks import top_level_blocks
from feedpub.collecting.normalize.markup import (
    ATTRIBUTES,
    INLINE,
    SCHEMES,
    TAGS,
    Element,
    attributes_of,
    contains,
    elements_in,
)
from feedpub.collecting.normalize.repair import repair
from feedpub.content import Picture
from feedpub.html.images import is_icon
from feedpub.html.source import as_browsers_read

# "П'ятниця, 11 July, 2025": the day on which the page was asked for. Only where Drupal's clock writes it, at the top
# and with its English month; «П'ятниця, 11 липня 2025» is a heading that somebody wrote.
CLOCK = re.compile(r"(понеділок|вівторок|середа|четвер|п.ятниця|субота|неділя), \d{1,2} [A-Z][a-z]+,? \d{4}", re.I)
ENGLISH = re.compile(
    r"\b(january|february|march|april|may|june|july|august|september|october|november|december)\b", re.I
)
# The clause on republishing, as Ukrainian sites word it. Its hyperlink comes back in every item, in our words.
TERMS = (
    re.compile(r"копіюван|передрук|використан|відтворен", re.I),
    re.compile(r"матеріал|інформаці", re.I),
    re.compile(r"обов.язков|дозвол", re.I),
    re.compile(r"гіперпосилан", re.I),
    re.compile(r"сайт|джерел|ресурс", re.I),
)
LONGEST_CLAUSE = 800  # characters
MINUTES = re.compile(r"[0-5]\d")
UNBROKEN = INLINE - {"br"}  # elements at whose ends no word ends


@dataclass(frozen=True, slots=True)
class Body:
    """An article's text in its several forms."""

    blocks: tuple[str, ...]  # HTML, one top-level element each
    text: str  # one line a block
    pictures: tuple[Picture, ...]  # without icons
    links: tuple[str, ...]  # where its links lead
    hidden: tuple[str, ...]  # the words that the page hides: they are in none of these


@dataclass(frozen=True, slots=True)
class _Block:
    """A top-level element, and its words on one line."""

    element: Tag
    words: str

    @property
    def is_seen(self) -> bool:
        """Whether there is anything to see in it."""
        if self.words or self.element.name == "hr":
            return True
        return contains(self.element, {"img"})

    @property
    def is_clock(self) -> bool:
        return bool(CLOCK.fullmatch(self.words) and ENGLISH.search(self.words))

    @property
    def is_terms(self) -> bool:
        """Whether it is a paragraph that is nothing but the clause on republishing; one with news in it is none."""
        if self.element.name != "p" or contains(self.element, {"br"}):
            return False
        if len(self.words) > LONGEST_CLAUSE:
            return False
        return all(part.search(self.words) for part in TERMS)

    @property
    def is_footer(self) -> bool:
        """Whether the page has it below the article: the terms, or a rule."""
        return self.element.name == "hr" or self.is_terms


def clean(raw: str, base: str, pictures: Collection[str] = (), language: str = "") -> Body:
    """Return the body's blocks, text, pictures and links.

    ``base`` is the page's address. ``pictures`` are the addresses of those beside the body: one of them may be the
    original of a picture in it. ``language`` is the page's, "" unknown.
    """
    soup = BeautifulSoup(as_browsers_read(raw), "lxml", multi_valued_attributes=None, element_classes={Tag: Element})
    hidden_words = repair(soup, base, pictures, language)
    blocks = [_Block(element, block_text(element)) for element in top_level_blocks(soup)]
    html: list[str] = []
    kept: list[_Block] = []
    for block in _without_furniture([b for b in blocks if b.is_seen]):
        safe = _safe_html(block.element)
        if safe:
            html.append(safe)
            kept.append(block)
    return Body(
        blocks=tuple(html),
        text="\n".join(b.words for b in kept if b.words),
        pictures=tuple(_pictures_without_icons(kept)),
        links=tuple(_link_targets(kept)),
        hidden=hidden_words,
    )


def joined(bodies: Sequence[Body]) -> Body:
    """Return several bodies as one, in their order."""
    return Body(
        blocks=tuple(block for one in bodies for block in one.blocks),
        text="\n".join(one.text for one in bodies if one.text),
        pictures=tuple(picture for one in bodies for picture in one.pictures),
        links=tuple(link for one in bodies for link in one.links),
        hidden=tuple(words for one in bodies for words in one.hidden),
    )


def block_text(block: Tag) -> str:
    """Return the block's text on one line; a space parts the words of cells, list items and lines."""
    return text.line("".join(_strings_with_edges(block)))


def _strings_with_edges(element: Tag) -> Iterator[str]:
    for child in element.children:
        if not isinstance(child, Tag):
            yield str(child)
            continue
        if child.name == "sup" and MINUTES.fullmatch(child.get_text().strip()):
            yield ":"  # «з 9⁰⁰» is a time, not the number 900
        edge = "" if child.name in UNBROKEN else " "
        yield edge
        yield from _strings_with_edges(child)
        yield edge


def _safe_html(block: Tag) -> str:
    return nh3.clean(str(block), tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=None).strip()


def _without_furniture(blocks: list[_Block]) -> list[_Block]:
    """Return the blocks without the page's clock at the top, and its terms and rules at the bottom."""
    begin, end = 0, len(blocks)
    while begin < end and blocks[begin].is_clock:
        begin += 1
    while begin < end and blocks[end - 1].is_footer:
        end -= 1
    return blocks[begin:end]


def _pictures_without_icons(blocks: Iterable[_Block]) -> Iterator[Picture]:
    for block in blocks:
        for image in elements_in(block.element, {"img"}):
            attributes = attributes_of(image)
            if not is_icon(attributes):
                yield Picture(attributes["src"], attributes["alt"])


def _link_targets(blocks: Iterable[_Block]) -> Iterator[str]:
    for block in blocks:
        for anchor in elements_in(block.element, {"a"}):
            if anchor.has_attr("href"):
                yield str(anchor["href"])
