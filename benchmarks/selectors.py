"""What a person would tell a tool about the first look of a simulated site: selectors, and the form of its dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Look:
    """Where things stand in the listing and in an article's page. CSS unless said otherwise."""

    item: str
    item_xpath: str
    title: str  # in the item; the link is in it
    link: str
    date: str  # in the item
    whole: str  # the part of a page that has title, date and text
    page_title: str
    page_date: str
    page_date_xpath: str
    not_text: str  # in ``whole``
    text: str
    text_xpath: str
    has_stamp: bool = False  # dates have an attribute ``datetime``


LOOKS = {
    "plain": Look(
        "div.news-item", "//div[@class='news-item']", "h2", "h2 a", "span.date", "div.news-full", "h1.headline",
        "span.date", "//div[@class='news-full']/span[@class='date']/text()", "h1.headline, span.date, div.tags",
        "div.text", "//div[@class='text']",
    ),
    "blog": Look(
        "article.post", "//article[@class='post']", "h3.entry-title", "h3.entry-title a", "time.published",
        "article.single", "h1.entry-title", "time.published", "//article//time/@datetime",
        "header, footer.entry-footer", "div.entry-content", "//div[@class='entry-content']", has_stamp=True,
    ),
    "old": Look(
        "tr.row", "//tr[@class='row']", "td.what b", "td.what a", "td.when", "main#content", "h1.zag", "div.when",
        "//div[@class='when']/text()", "h1.zag, div.when", "div.fulltext", "//div[@class='fulltext']",
    ),
}  # fmt: skip
# How a site writes its dates -> the same for PHP, for strptime, and as newsworker's ``analyze`` names it.
DATES: Mapping[str, tuple[str, str, str]] = {
    "minute": ("d.m.Y H:i", "%d.%m.%Y %H:%M", "dt:date:date_2:time_2"),
    "comma": ("d.m.Y, H:i", "%d.%m.%Y, %H:%M", "dt:date:date_2:time_1"),
    "dash": ("d/m/Y - H:i", "%d/%m/%Y - %H:%M", "dt:date:date_9:time_2"),
    "day": ("d.m.Y", "%d.%m.%Y", "dt:date:date_2"),
}
STAMP = ("Y-m-d\\TH:i:sP", "%Y-%m-%dT%H:%M:%S%z", "html:time")


def first_look(truth: Mapping[str, Any]) -> tuple[Look, tuple[str, str, str] | None]:
    """Return the look of a dump's first day, and how its dates are written. None: as no such rule can say."""
    setup = truth["setups"][0]
    look = LOOKS[setup["skin"]]
    return look, STAMP if look.has_stamp else DATES.get(setup["dates"])
