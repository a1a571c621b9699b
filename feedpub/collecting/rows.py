"""Keep the news that are no page of the council's: what a line of a listing says, with a link to the listing."""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterable, Iterator
from dataclasses import replace
from html import escape

from feedpub import address, text
from feedpub.collecting import keeping, normalize, reading, redating, renaming
from feedpub.collecting.dedupe import decision
from feedpub.collecting.dedupe.likeness import REPOST_WINDOW
from feedpub.collecting.run import Run
from feedpub.collecting.wanted import Foreign, foreign_row
from feedpub.content import Article, Attachment, Listing, Row, Scraped, Stored
from feedpub.errors import ScrapeError
from feedpub.model import Named, Outcome, Verdict, Visit
from feedpub.store.visits import LEFT_OUT

LONGEST_LABEL = 80  # characters of an address that is shown as it is


def keep_rows(run: Run, url: str, listing: Listing) -> Generator[Outcome, None, tuple[str, ...]]:
    """Keep the items of a listing's lines, oldest first, and yield an outcome for each that is new or has changed.

    Return the lines that are left out for their language, as ``Named`` has them. Each is said once.
    """
    named = run.council.facts.named.get(url, Named(()))
    left_out: list[str] = []
    for row in reversed(listing.rows):
        try:
            article = article_of(run, url, row)
        except ScrapeError as error:
            yield Outcome(url, None, f"{url}: {row.title!r} is left out: {error.reason}")
            continue
        known = run.state.items.at(map(run.council.key_of, article.addresses))
        moved = None if known else _of_other_date(run, article)
        foreign = None if known or moved else foreign_row(row, run.source.languages)
        if foreign:
            left_out.append(f"{LEFT_OUT}{foreign.language}: {row.title}")
            if left_out[-1] not in named.unread:
                yield Outcome(url, Verdict.UNCHANGED, _why_left_out(run, url, row, foreign))
            continue
        if any(_is_as_known(run, article, item) for item in known):
            continue  # that its listing was read again is no look at the item
        kept = keeping.keep_listed(run, None, article, moved)
        redating.note(run, None, kept)
        verdict = kept.verdict
        if verdict in (Verdict.NEW, Verdict.CHANGED):
            yield Outcome(article.url, verdict)
    return tuple(left_out)


def _is_as_known(run: Run, article: Article, item: Stored) -> bool:
    """Whether nothing is to be done about a line. While dates are read again, each line is looked at."""
    if run.council.facts.redating:
        return False
    return item.article.url == article.url and decision.reads_the_same(article, item)


def _of_other_date(run: Run, article: Article) -> Stored | None:
    """Return the item of a line that is told from others by its day, if that day was read in a wrong way before."""
    if run.council.facts.redating is None:
        return None
    alike = [item for item in run.state.items.titled(article.title) if address.is_of_row(item.article.url)]
    same = [item for item in alike if item.article.text_key == article.text_key and item.gone is None]
    return same[0] if len(same) == 1 else None


def _why_left_out(run: Run, url: str, row: Row, foreign: Foreign) -> str:
    languages = ", ".join(run.source.languages)
    return (
        f"{url}: {row.title!r} is left out, since this source publishes {languages} alone (languages):"
        f" {foreign.language} by {foreign.why}"
    )


def stand_in(run: Run, visit: Visit) -> Outcome | None:
    """Keep what the listing says of a page that cannot be read. When the page can be read, it changes the item.

    None where the listing says no title, or its date is no date. Nor while it may be a known item's new address, or a
    known item that was posted again: only its page tells.
    """
    council = run.council
    scraped = Scraped(
        url=visit.url,
        base=visit.url,
        addresses=(),
        title=visit.title,
        dates=(visit.date,) if visit.date else (),
        body=_paragraphs(visit.teaser),
        categories=visit.categories,
    )
    if not visit.title or council.is_recovering:
        return None
    try:
        article = normalize.make_article(scraped, council.zone, council.layout.date_formats, run.now, run.leeway)
    except ScrapeError:
        return None
    if renaming.is_perhaps_known(run, article) or _is_perhaps_repost(run, article):
        return None
    article = replace(article, doubt=article.doubt and decision.UNREAD_PAGE)
    with run.state.transaction():
        kept = keeping.keep_listed(run, visit, article)
        run.state.visits.stands_for(visit.url, kept.item.id)
    message = (
        f"{visit.url}: {visit.error} ({visit.failures} times in a row); it is published with what the listing says of"
        " it, and asked for again"
    )
    return Outcome(visit.url, kept.verdict, note=message)


def _is_perhaps_repost(run: Run, article: Article) -> bool:
    """Whether a published item has the title of an article, and all that a listing says of it."""
    when, said = article.published or run.now, text.skeleton(article.text)
    titled = [item for item in run.state.items.titled(article.title) if item.gone is None]
    near = [item for item in titled if item.is_read and abs(when - item.date) <= REPOST_WINDOW]
    return any(said in text.skeleton(item.article.text) for item in near)


def article_of(run: Run, url: str, row: Row) -> Article:
    """Return the article that a line of the listing is. Raises ScrapeError for a date that nobody can read."""
    council = run.council
    mark = _mark(run, row)
    scraped = Scraped(
        url=url,
        base=url,
        addresses=(),
        title=row.title,
        dates=(row.date,) if row.date else (),
        body=_body(row),
        pictures=(row.picture,) if row.picture else (),
        files=tuple(_files(row)),
        categories=row.categories,
    )
    article = normalize.make_article(scraped, council.zone, council.layout.date_formats, run.now, run.leeway)
    lasting = address.of_row(council.source.home, mark)  # a listing's own address may change
    return replace(article, url=address.of_row(url, mark), addresses=(lasting,))


def _mark(run: Run, row: Row) -> str:
    """Return what tells a line from all others, now and later: the document or the title, and the day.

    A document may be put in place of an older one, and a page elsewhere may be linked again and again.
    """
    instant = reading.listed_date(run.council, row.date)
    day = f"{instant.astimezone(run.council.zone):%Y-%m-%d}" if instant else ""
    target = address.key(row.target) if row.target else ""
    is_document = row.target is not None and address.is_file(row.target)
    title = "" if is_document else text.skeleton(row.title)
    return hashlib.sha256("\x1f".join((target, title, day)).encode()).hexdigest()[:12]


def _body(row: Row) -> str:
    lines = _paragraphs(row.teaser)
    if row.target is None or address.is_file(row.target):
        return lines
    shown = row.target.partition("://")[2].rstrip("/")
    label = shown if len(shown) <= LONGEST_LABEL else address.host(row.target)
    return f'{lines}<p><a href="{escape(row.target)}">{escape(label)}</a></p>'


def _paragraphs(lines: Iterable[str]) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in lines)


def _files(row: Row) -> Iterator[Attachment]:
    if row.target and address.is_file(row.target):
        yield Attachment(row.target, row.title)
