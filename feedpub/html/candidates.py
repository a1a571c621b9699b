"""The strings of a page that may hold its date. ``dates`` reads them."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice

from lxml.html import HtmlElement

from feedpub.html.lines import lines_of, text_of

DATE_ATTRIBUTE = re.compile(r"content|datetime|title|data-(?=[\w-]*(?:date|time|publish|create))[\w-]*")
LONGEST_ATTRIBUTE = 60  # characters; a longer value is a sentence
LONGEST_TEXT = 160  # characters of an element whose text is taken as a whole, and not line by line
MOST_DATED = 2_000  # elements; what holds more is no date
LONGEST_LD = 500_000  # characters of what a page says to machines
LD_JSON = "script[type='application/ld+json']"


def date_candidates(elements: Iterable[HtmlElement]) -> tuple[str, ...]:
    """Return the strings that may hold the date, each once, the most reliable first.

    These are instants written for machines, then the words that people see, then days written for machines.
    """
    machine: list[str] = []
    human: list[str] = []
    for element in elements:
        if _has_more_elements(element, MOST_DATED):
            continue
        if element.tag == "script":
            machine += _published_in_ld(element.text or "")
            continue
        for each in element.iter("*"):
            machine += _machine_dates(each)
        human += _visible_texts(element)
    instants = [m for m in machine if re.search(r"\d:\d\d", m)]
    strings = (*instants, *human, *machine)
    return tuple(dict.fromkeys(filter(None, strings)))


def _has_more_elements(element: HtmlElement, most: int) -> bool:
    return next(islice(element.iter("*"), most, None), None) is not None


def _machine_dates(element: HtmlElement) -> list[str]:
    """Return the values of the element's attributes that may be dates."""
    values = [v for k, v in element.items() if DATE_ATTRIBUTE.fullmatch(k)]
    return list(filter(_is_like_date, values))


def _is_like_date(value: str) -> bool:
    return len(value) < LONGEST_ATTRIBUTE and re.search(r"\d\D+\d", value) is not None


def _visible_texts(element: HtmlElement) -> list[str]:
    """Return the element's text, or its lines where it has much text."""
    whole = text_of(element)
    if len(whole) <= LONGEST_TEXT:
        return [whole]
    return [line.text for line in lines_of(element)]


def _published_in_ld(raw: str) -> Iterator[str]:
    """Yield each datePublished of schema.org in a page's JSON-LD."""
    if len(raw) > LONGEST_LD:
        return
    try:
        waiting = deque([json.loads(raw)])
    except (ValueError, RecursionError):
        return
    while waiting:
        value = waiting.popleft()
        if isinstance(value, dict):
            date = value.get("datePublished")
            if isinstance(date, str):
                yield date
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
