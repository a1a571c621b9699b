"""Values made by hand, for tests that begin behind the scraper."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from feedpub.collecting import normalize
from feedpub.content import Article, Attachment, Feed, Medium, Picture, Scraped, Stored
from feedpub.kinds import Part, feeds_in
from feedpub.model import Site, Source, Terms
from feedpub.publishing.feed import Edition, subscription_document

FORMATS = feeds_in(Part.SOURCE)  # of a source's own feed
NOW = datetime(2025, 7, 1, 12, 0, tzinfo=UTC)
SOURCE = Source(
    id="rada",
    title="Зразківська міська рада",
    home="https://rada.example/",
    listings=("https://rada.example/",),
    language="uk",
    timezone="Europe/Kyiv",
    terms=Terms("Джерело: Зразківська міська рада, {link}", 2, "Передрук лише з посиланням."),
    description="Новини ради",
    email="rada@example.org",
    icon="https://rada.example/icon.png",
    logo="https://rada.example/logo.png",
)
LINK = '<p>Джерело: Зразківська міська рада, <a href="https://rada.example/content/{n}">rada.example</a></p>'


def article(
    number: int = 1,
    body: str = "<p>Перший абзац.</p><p>Другий абзац.</p>",
    *,
    title: str = "Заголовок",
    date: str = "2025-06-09T10:39:00+03:00",
    pictures: tuple[Picture, ...] = (),
    files: tuple[Attachment, ...] = (),
    categories: tuple[str, ...] = ("Новини",),
) -> Article:
    scraped = Scraped(
        url=f"https://rada.example/content/{number}",
        base=f"https://rada.example/content/{number}",
        addresses=(f"/node/{number}",),
        title=title,
        dates=(date,) if date else (),
        body=body,
        pictures=pictures,
        files=files,
        categories=categories,
    )
    return normalize.make_article(scraped, ZoneInfo("Europe/Kyiv"), (), NOW)


def stored(made: Article, *, updated: datetime | None = None) -> Stored:
    date = made.published or NOW
    item = made.addresses[0].rpartition("/")[2]
    return Stored(f"tag:rada.example,2026:rada/node/{item}", made, NOW, updated or date)


def feed_of(*items: Stored, media: tuple[Medium, ...] = ()) -> Feed:
    measured = {m.url: m for m in media}
    base, contact = "https://feeds.example.org/", "https://feeds.example.org/about"
    edition = Edition(SOURCE, Site(), measured, base, "0.1.0", contact=contact)
    return subscription_document(edition, items or (stored(article()),), "tag:rada.example,2026:rada")
