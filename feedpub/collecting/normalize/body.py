"""An article's HTML as found → its blocks: clean, safe, the same words.

Repair comes first, on a tree; then the tree is laid flat into top-level
blocks, since the council's terms count them; the allow-list comes last, in
nh3, so that nothing a repair did can bring back what is not allowed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import nh3
from bs4 import BeautifulSoup
from bs4.element import Tag

from feedpub import text
from feedpub.collecting.normalize.blocks import flat
from feedpub.collecting.normalize.markup import ATTRIBUTES, INLINE, SCHEMES, TAGS, Element, elements, holds
from feedpub.collecting.normalize.repair import repair
from feedpub.content import Picture

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
UNBROKEN = INLINE - {"br"}  # elements at whose ends no word ends


@dataclass(frozen=True, slots=True)
class Body:
    blocks: tuple[str, ...]  # HTML, one top-level element each
    text: str  # one line a block
    pictures: tuple[Picture, ...]
    links: tuple[str, ...]  # where its links lead


def clean(raw: str, base: str, pictures: Iterable[str] = ()) -> Body:
    """The body's blocks, text, pictures and links. ``base`` is the page's address, ``pictures`` stand beside it."""
    soup = BeautifulSoup(raw, "lxml", multi_valued_attributes=None, element_classes={Tag: Element})
    repair(soup, base, pictures)
    found = [(block, words(block)) for block in flat(soup)]
    found = [(b, w) for b, w in found if w or b.name == "hr" or holds(b, {"img"})]
    safe = [(b, w, _safe(b)) for b, w in _without_furniture(found)]
    kept = [(b, w, s) for b, w, s in safe if s]
    return Body(
        blocks=tuple(s for _, _, s in kept),
        text="\n".join(w for _, w, _ in kept if w),
        pictures=tuple(
            Picture(str(i["src"]), str(i["alt"])) for b, _, _ in kept for i in elements(b, {"img"}) if not _is_icon(i)
        ),
        links=tuple(str(a["href"]) for b, _, _ in kept for a in elements(b, {"a"}) if a.has_attr("href")),
    )


def words(block: Tag) -> str:
    """The block's text on one line; what stands in cells, items and lines of their own is kept apart."""
    return text.line("".join(_strings(block)))


def _strings(element: Tag) -> Iterator[str]:
    for child in element.children:
        if isinstance(child, Tag):
            if child.name == "sup" and re.fullmatch(r"[0-5]\d", child.get_text().strip()):
                yield ":"  # «з 9⁰⁰» is a time, not the number 900
            edge = "" if child.name in UNBROKEN else " "
            yield edge
            yield from _strings(child)
            yield edge
        else:
            yield str(child)


def _safe(block: Tag) -> str:
    return nh3.clean(str(block), tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=None).strip()


def _without_furniture(found: list[tuple[Tag, str]]) -> list[tuple[Tag, str]]:
    """The blocks without those that belong to the page: its clock at the top, its terms and rules at the bottom."""
    begin, end = 0, len(found)
    while begin < end and CLOCK.fullmatch(found[begin][1]) and ENGLISH.search(found[begin][1]):
        begin += 1
    while begin < end and (found[end - 1][0].name == "hr" or _is_terms(*found[end - 1])):
        end -= 1
    return found[begin:end]


def _is_terms(block: Tag, words: str) -> bool:
    """Whether a paragraph is nothing but the clause; one that shares its block with news stays with it."""
    is_alone = block.name == "p" and len(words) <= LONGEST_CLAUSE and not holds(block, {"br"})
    return is_alone and all(part.search(words) for part in TERMS)


def _is_icon(image: Tag) -> bool:
    sizes = [str(image.get(a, "")) for a in ("width", "height")]
    return all((n := text.number(s)) is not None and n <= 32 for s in sizes)
