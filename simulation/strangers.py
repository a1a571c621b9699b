"""What stands on the council's domain once another owner has it: a shop, in English."""

from __future__ import annotations

from datetime import datetime

from simulation.council import KYIV, Article
from simulation.skins import frame

GOODS = ("watches", "shoes", "phones", "vitamins", "bags", "loans", "tyres", "curtains", "perfume", "laptops")
WORDS = (
    "Order {goods} online today and get a discount of {n} percent on everything in our shop.",
    "Thousands of happy customers have bought {goods} from us, and you can be the next one.",
    "Free delivery of {goods} to your home within {n} days, and a full refund if you are not satisfied.",
)


def _article(n: int, goods: str) -> Article:
    texts = tuple(words.format(goods=goods, n=n + 3) for words in WORDS)
    dated = datetime(2031, 1, 1, 9, n, tzinfo=KYIV)
    return Article(900_000 + n, f"Buy the best {goods} of the year with discount", texts, dated, f"buy-{goods}", "Shop")


ARTICLES = tuple(_article(n, goods) for n, goods in enumerate(GOODS))


def page(target: str) -> str:
    """Return any page of the shop: it has the same list everywhere."""
    rows = "".join(
        f'<div class="news-item"><h2><a href="/news/{one.slug}">{one.title}</a></h2>'
        f'<span class="date">{one.dated:%d.%m.%Y %H:%M}</span></div>'
        for one in ARTICLES
    )
    named = [one for one in ARTICLES if target.endswith(one.slug)]
    texts = "".join(f"<p>{text}</p>" for one in named for text in one.paragraphs)
    title = named[0].title if named else "Best shop"
    return frame(title, f'<h1>{title}</h1><div class="text">{texts}</div><div class="news-list">{rows}</div>')
