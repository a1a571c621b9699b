"""What links say that an article is about: by their names, their addresses, and the label before them. Pure."""

from __future__ import annotations

import re
from urllib.parse import unquote

from lxml.html import HtmlElement

from feedpub.collecting.learn.elements import attribute, joined_attributes
from feedpub.html.lines import Line

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
BETWEEN = re.compile(r"[\W_]+$")  # two links


def says_rubric(link: HtmlElement) -> bool:
    """Return whether a link's own names or its address call it a category."""
    return bool(RUBRIC.search(_names_of(link)) or RUBRIC_HREF.search(_address_of(link)))


def says_tag(link: HtmlElement) -> bool:
    """Return whether a link's own names or its address call it a tag."""
    return bool(TAG.search(_names_of(link)) or TAG_HREF.search(_address_of(link)))


def topics_in(line: Line) -> set[HtmlElement]:
    """Return the links of a line that is made of links to categories or tags, perhaps with a label before them."""
    links: set[HtmlElement] = set()
    rest = ""
    for element, is_tail in line.nodes:
        holder = element.getparent() if is_tail else element
        link = None if holder is None else next((e for e in (holder, *holder.iterancestors()) if e.tag == "a"), None)
        if link is None:
            rest += (element.tail if is_tail else element.text) or ""
        else:
            links.add(link)
    label = BETWEEN.sub("", rest)
    is_label = not label or RUBRIC_LABEL.search(label) or TAG_LABEL.search(label)
    return links if is_label and all(says_rubric(link) or says_tag(link) for link in links) else set()


def _names_of(link: HtmlElement) -> str:
    return joined_attributes(link, "class", "rel", "itemprop")


def _address_of(link: HtmlElement) -> str:
    return unquote(attribute(link, "href"))
