"""What links say that an article is about: by their names, their addresses, and the label before them. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from itertools import chain
from urllib.parse import unquote

from lxml.html import HtmlElement

from feedpub.html.lines import Line, cut_line, lines_of, link_around, strings_of

RUBRIC = re.compile(
    r"(?:^|[\W_])(?:categor(?:y|ies)|cat|cat-links?|rubric\w*|rubrik\w*|section|topics?|taxonomy|terms?|kategor\w*"
    r"|articleSection|genre)(?:$|[\W_\d])",
    re.IGNORECASE,
)
RUBRIC_HREF = re.compile(
    r"[/=](?:category|categories|rubric\w*|rubrik\w*|рубрик\w*|категорі\w*|taxonomy/term|topics?|section|kategor\w*"
    r"|term|rozdil\w*)(?:/|$|=)"
    r"|[?&](?:cat|category|rubri[ck]\w*|kategor\w*)=",
    re.IGNORECASE,
)
RUBRIC_LABEL = re.compile(  # before a category
    r"(?:катего\w+|рубр[иы]\w*|розділ\w*|раздел\w*|тем[аи]|categor\w+|catégor\w+|kategor\w+|rubri\w+|sekcja|section"
    r"|(?:filed|posted|published|veröffentlicht|abgelegt) (?:under|in|unter)|publié dans|archiviato in|archivado en"
    r"|publicado en|pubblicato in|опубл[іи]кован\w+ [ву])\s*:?\s*$",
    re.IGNORECASE,
)
TAG = re.compile(r"(?:^|[\W_])tags?(?:$|[\W_\d])", re.IGNORECASE)
TAG_HREF = re.compile(r"[/=](?:tags?|теги?)(?:/|$|=)|[?&]tag=", re.IGNORECASE)
TAG_LABEL = re.compile(r"(?:tags?|теги?|мітки|метки|позначки|schlagw[oö]rter|mots[- ]clés)\s*:?\s*$", re.IGNORECASE)
WORD = re.compile(r"[^\W\d_]{2,}")
MOST_BESIDE = 3  # words of a line beside what names a category; a sentence has more
BETWEEN = re.compile(r"[\W_]+$")  # two links


def says_rubric(link: HtmlElement) -> bool:
    """Return whether a link's own names or its address call it a category."""
    return bool(RUBRIC.search(_names_of(link)) or RUBRIC_HREF.search(_address_of(link)))


def says_tag(link: HtmlElement) -> bool:
    """Return whether a link's own names or its address call it a tag."""
    return bool(TAG.search(_names_of(link)) or TAG_HREF.search(_address_of(link)))


def topics_in(line: Line) -> set[HtmlElement]:
    """Return the links of a line that is made of links to categories or tags, perhaps with a label before them."""
    links, rest = set(), ""
    for holder, words in strings_of(line):
        link = link_around(holder)
        if link is None:
            rest += words
        else:
            links.add(link)
    is_of_topics = all(says_rubric(link) or says_tag(link) for link in links)
    return links if is_of_topics and _is_label(rest) else set()


def naming_lines(
    body: Iterable[HtmlElement], naming: Collection[HtmlElement]
) -> list[tuple[Line, set[HtmlElement], str]]:
    """Return the lines of a text that hold elements which name categories, with these elements and all other words."""
    found: list[tuple[Line, set[HtmlElement], str]] = []
    for line in chain.from_iterable(map(lines_of, body)):
        named, others = set[HtmlElement](), ""
        for holder, words in strings_of(line):
            around = {holder, *holder.iterancestors()}.intersection(naming)
            named |= around
            others += "" if around else words
        if named:
            found.append((line, named, others))
    return found


def in_sentences(body: Iterable[HtmlElement], naming: Collection[HtmlElement]) -> set[HtmlElement]:
    """Return those of the elements that stand amid a sentence of a text: they are words of it, and name nothing."""
    lines = naming_lines(body, naming)
    return set(chain.from_iterable(named for _, named, others in lines if len(WORD.findall(others)) > MOST_BESIDE))


def cut_labels(body: Iterable[HtmlElement], naming: Collection[HtmlElement]) -> None:
    """Take the lines out of a text that name what it is about, and say nothing else: a label alone would be left."""
    for line, _, others in naming_lines(body, naming):
        if _is_label(others):
            cut_line(line)


def _is_label(words: str) -> bool:
    label = BETWEEN.sub("", words)
    return not label or bool(RUBRIC_LABEL.search(label) or TAG_LABEL.search(label))


def _names_of(link: HtmlElement) -> str:
    return " ".join(link.get(name) or "" for name in ("class", "rel", "itemprop"))


def _address_of(link: HtmlElement) -> str:
    return unquote(link.get("href") or "")
