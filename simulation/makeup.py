"""A seed → what articles are made of: forms of texts, pictures, files, and boxes of their own for these. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from random import Random

from simulation import words
from simulation.council import Act, Article, Event, File, Picture, Setup
from simulation.markup import SHAPES
from simulation.weather import DAY

ILLUSTRATED, WITH_FILES = 0.5, 0.25  # of the articles
REILLUSTRATED = 0.2  # of these
FORMED = 0.5  # of the lives
BOXED = 0.3  # of the lives
LED = (0, 1, 3, 8, 15)  # one article in so many has a lead in a box of its own
SHAPED = (0, 0, 3, 8, 15)  # one article in so many has a shape of its own
CLASSES = (("hashed", 0.25), ("none", 0.25))  # what classes are called in that share of the lives
SUFFIXES = ("pdf", "docx", "xlsx")


def with_boxes(seed: int, setup: Setup) -> Setup:
    """Return how the site of a seed is set up on the first day, with the boxes that it has beside its texts."""
    random = Random(f"{seed}: boxes")
    return replace(
        setup,
        led=random.choice((0, *LED)),
        is_attached=random.random() < BOXED,
        has_gallery=random.random() < BOXED,
        has_banner=random.random() < BOXED / 2,
    )


def with_names(seed: int, setup: Setup) -> Setup:
    """Return how the site of a seed is set up on the first day, with the names of classes that it has."""
    drawn = Random(f"{seed}: names").random()
    for classes, share in CLASSES:
        if drawn < share:
            return replace(setup, classes=classes)
        drawn -= share
    return setup


def formed(seed: int, events: Iterable[Event]) -> Iterator[Event]:
    """Yield the events. In some lives all texts have forms."""
    is_formed = Random(f"{seed}: forms").random() < FORMED
    for event in events:
        yield replace(event, article=replace(event.article, is_formed=is_formed)) if event.article else event


def shaped(seed: int, events: Iterable[Event]) -> Iterator[Event]:
    """Yield the events. In some lives one article in a few has a shape of its own."""
    random = Random(f"{seed}: shapes")
    one_in = random.choice(SHAPED)
    for event in events:
        is_shaped = event.article is not None and one_in and random.random() * one_in < 1
        if event.article and is_shaped and event.article.repeats is None:
            event = replace(event, article=replace(event.article, shape=random.randint(1, len(SHAPES))))
        yield event


def illustrated(seed: int, events: Sequence[Event]) -> Iterator[Event]:
    """Yield the events. Their articles have pictures and files now, and some of these change later.

    Those of an original stay, and those of its repost only move once it is known: with others and few words it is news,
    as a poster above another timetable is.
    """
    random = Random(f"{seed}: pictures")
    with_more: dict[int, Article] = {}
    originals = {event.article.repeats for event in events if event.article}
    for event in events:
        article = event.article
        if article is None:
            yield event
            continue
        first = with_more.get(article.repeats or 0)
        pictures = first.pictures if first else _pictures(random, article, ILLUSTRATED)
        files = first.files if first else _files(random, article)
        article = replace(article, pictures=pictures, files=files)
        with_more[article.number] = article
        yield replace(event, article=article)
        if random.random() < REILLUSTRATED:
            changes = _changed(random, article, event.at)
            yield from changes if article.number not in originals else ()


def _pictures(random: Random, article: Article, share: float, edition: str = "") -> tuple[Picture, ...]:
    if random.random() >= share:
        return ()
    return tuple(
        Picture(f"/pictures/{article.number}-{n}{edition}.jpg", words.title(random).split()[0])
        for n in range(random.randint(1, 3))
    )


def _files(random: Random, article: Article) -> tuple[File, ...]:
    if random.random() >= WITH_FILES:
        return ()
    return tuple(
        File(f"/files/{article.number}-{n}.{random.choice(SUFFIXES)}", f"Додаток {n}. {words.title(random)}")
        for n in range(1, random.randint(2, 4))
    )


def _changed(random: Random, article: Article, at: datetime) -> list[Event]:
    """Return a change of an article's pictures, if any: others, the same at other addresses, none any more."""
    elsewhere = tuple(replace(one, path=one.path.replace("/pictures/", "/media/")) for one in article.pictures)
    others = (_pictures(random, article, 1.0, "-new"), elsewhere, article.pictures[1:])
    pictures = random.choice(others)
    if article.repeats:
        pictures = elsewhere
    if pictures == article.pictures:
        return []
    later = at + random.uniform(1 if article.repeats else 0.05, 5) * DAY
    return [Event(later, Act.ILLUSTRATE, article.number, changes=(("pictures", pictures),))]
