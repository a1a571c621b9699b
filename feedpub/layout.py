"""Where things are on a site's pages: the layout that a person sets or that is learnt. Frozen values."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

READING = 7  # grows when feedpub itself reads the same page in another way, which is no edit by the council
DATE_LANGUAGES = ("uk", "ru", "en")  # whose months and weekdays every date format knows
NEEDED = ("item", "link", "title", "date", "body", "date_formats")  # without these, a site cannot be read


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things are on a site's pages: CSS selectors, the first that matches wins. (): unknown.

    If items have no boxes of their own, ``item`` selects the first element of each.
    """

    item: tuple[str, ...] = ()  # on a listing: the box of one news item
    link: tuple[str, ...] = ()  # in the box: the link to its article
    item_title: tuple[str, ...] = ()  # in the box; where nothing matches, the link's text is the title
    item_date: tuple[str, ...] = ()  # in the box
    item_categories: tuple[str, ...] = ()  # in the box; for articles that name none themselves
    day: tuple[str, ...] = ()  # on a listing: a heading with the day of the items after it
    next_page: tuple[str, ...] = ()  # on a listing: the link to the older page, or a row of numbered ones
    article: tuple[str, ...] = ()  # on an article's page: the box that holds all of it but the title; (): the page
    title: tuple[str, ...] = ()  # on the page; <title> and meta elements stand in for a heading, and bear it out
    title_fixed: tuple[str, ...] = ()  # the site's words at the ends of titles, with the signs around them
    date: tuple[str, ...] = ()  # in the article, or on the page
    body: tuple[str, ...] = ()  # in the article
    images: tuple[str, ...] = ()  # in the article, outside its body
    files: tuple[str, ...] = ()  # in the article, outside its body: links
    categories: tuple[str, ...] = ()  # in the article
    author: tuple[str, ...] = ()  # in the article
    drop: tuple[str, ...] = ()  # in the article: foreign parts; all that match are taken out
    beside: tuple[str, ...] = ()  # in the article, outside its body: no text; (): nothing there is taken for text
    teasers: tuple[str, ...] = ()  # in the body: left out where nothing but a link to another article
    fixed: tuple[str, ...] = ()  # lines that all pages have at the ends of the body; in a label with any number
    ends: tuple[str, ...] = ()  # lines with which the text ends; they and all after them are left out
    date_formats: tuple[str, ...] = ()  # strptime's directives; «%{es}B» is a month's name in Spanish

    @property
    def is_complete(self) -> bool:
        """Whether a site can be read by it, without learning anything."""
        return all(getattr(self, key) for key in NEEDED)

    @property
    def shows_dates(self) -> bool:
        """Whether there is a place for dates, on an article's page or on a listing."""
        return bool(self.date or self.item_date or self.day)

    @property
    def fingerprint(self) -> str:
        """A short text that changes with the layout, and with the way that pages are read."""
        described = f"{READING} {self!r}".encode()
        return hashlib.sha256(described).hexdigest()[:16]

    @property
    def described(self) -> str:
        """The keys that are set, with their values: equal for equal layouts, whichever keys there are besides."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return "; ".join(f"{key} = {value!r}" for key, value in values.items() if value)

    def filled_from(self, other: Layout) -> Layout:
        """Return this layout, with the other's selectors for each key that it lacks."""
        selectors: dict[str, tuple[str, ...]] = {}
        for name in (field.name for field in fields(self)):
            selectors[name] = getattr(self, name) or getattr(other, name)
        return Layout(**selectors)

    def in_language(self, tag: str) -> Layout:
        """Return this layout, with names of months and weekdays in the language of a BCP 47 tag as well."""
        language = tag.partition("-")[0].lower()
        if language in DATE_LANGUAGES:
            return self
        formats = [re.sub("%([BbAap])", rf"%{{{language}}}\1", form) for form in self.date_formats]
        return replace(self, date_formats=tuple(formats))


@dataclass(frozen=True, slots=True)
class Learnt:
    """A layout that was found, with the evidence for it."""

    layout: Layout
    evidence: Mapping[str, str]  # key of the layout -> why it is so
    fill: Mapping[str, float]  # title, date, body -> on what share of the sample pages each was found
    samples: int  # articles
    designs: tuple[str, ...] = ()  # of the sample pages; on a page of another, the text must be the whole of it
    earlier: tuple[str, ...] = ()  # those that it has replaced, the last one first: see ``reading_by``
    given: str | None = None  # a person's layout by which it was learnt, described; None: it is not recorded


def reading_by(fingerprint: str | None) -> str:
    """Return a text that tells by which layout, and by which feedpub, a page was read."""
    return f"{READING}:{fingerprint}"
