"""The truth of a life as plain values: what a dump writes to truth.json, and what a score is counted against. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from simulation.council import Act, Article, Council, Event, Setup, Story, address_of
from simulation.skins import TO_A_DAY

Value = dict[str, Any]  # of a JSON object

# What of the site's setup has changed -> the name of the kind of event.
OF_SETUP = {
    "skin": "re-skin", "variant": "template changed", "dates": "date format", "path": "addresses changed",
    "host": "move of host", "scheme": "move to https", "page_size": "page size", "validators": "validators",
    "crawl_delay": "crawl delay", "is_busy": "template changed", "is_parted": "template changed",
}  # fmt: skip
OF_ACT = {
    Act.PUBLISH: "published", Act.RETITLE: "title edited", Act.REWRITE: "text edited", Act.REDATE: "date edited",
    Act.REPOST: "repost", Act.DELETE: "withdrawn", Act.RESTORE: "restored", Act.PIN: "pinned", Act.UNPIN: "unpinned",
}  # fmt: skip
SLUG_MOVED, AHEAD = "slug moved", "announced ahead"


def kind_of(event: Event) -> str | None:
    """Return the name of an event's kind. None: it is the operator's, and the site knows nothing of it."""
    changed = [name for name, _ in event.changes]
    if event.act is Act.TROUBLE and event.kind:
        return event.kind.name.lower().replace("_", " ")
    if event.act is Act.SETUP:
        return OF_SETUP.get(changed[0], changed[0]) if changed else None
    if event.act is Act.PUBLISH and event.article and event.article.dated > event.at:
        return AHEAD
    return SLUG_MOVED if "slug" in changed else OF_ACT.get(event.act)


def lived_through(story: Story) -> Iterator[tuple[Event, Council]]:
    """Yield the events of the site with the council as it is after each. It is always the same council."""
    council = Council(story.setup)
    for event in story.events:
        if kind_of(event) and event.at < story.end:
            council.apply(event)
            yield event, council


def truth_of(story: Story) -> Value:
    """Return all that is true in a life: its articles with their versions, and its events by kind."""
    events, setups = [], [(story.events[0].at, story.setup)]
    council = Council(story.setup)
    for event, council in lived_through(story):
        if event.act is Act.SETUP:
            if council.setup == setups[-1][1]:
                continue  # chance has chosen what was there
            setups.append((event.at, council.setup))
        events.append(_event(event))
    return {
        "articles": [_article(council, setups, number) for number in sorted(council.articles)],
        "events": events,
        "setups": [
            {
                "since": written(since), "skin": setup.skin, "variant": setup.variant, "host": setup.host,
                "scheme": setup.scheme, "path": setup.path, "page_size": setup.page_size, "dates": setup.dates,
                "is_dated_to_the_minute": setup.dates not in TO_A_DAY,
            }
            for since, setup in setups
        ],
    }  # fmt: skip


def written(instant: datetime) -> str:
    """Return an instant as a dump writes it: in UTC, to the microsecond if it has any."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _event(event: Event) -> Value:
    value: Value = {"at": written(event.at), "kind": kind_of(event)}
    if event.until:
        value["until"] = written(event.until)
    if event.number:
        value["article"] = event.number
    return value


def _article(council: Council, setups: Sequence[tuple[datetime, Setup]], number: int) -> Value:
    versions = council.history[number]
    return {
        "number": number,
        "repeats": council.articles[number].repeats,
        "published": written(versions[0].since),
        "addresses": _addresses(setups, [version.article for version in versions]),
        "versions": [
            {
                "since": written(version.since), "title": version.article.title,
                "paragraphs": list(version.article.paragraphs), "dated": written(version.article.dated),
                "slug": version.article.slug, "category": version.article.category,
                "is_there": version.article.is_there, "is_pinned": version.article.is_pinned,
                "is_led": version.article.is_led,
            }
            for version in versions
        ],
    }  # fmt: skip


def _addresses(setups: Sequence[tuple[datetime, Setup]], versions: Sequence[Article]) -> list[str]:
    """Return every address that an article ever had, or could be asked for at, the first one first."""
    slugs = {article.slug: article for article in versions}
    schemes = ("https", "http")
    both = [replace(setup, scheme=scheme) for _, setup in setups for scheme in (setup.scheme, *schemes)]
    return list(dict.fromkeys(address_of(setup, one) for setup in both for one in slugs.values()))
