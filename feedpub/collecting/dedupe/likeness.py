"""Decide whether an article is an earlier one posted again, and say why. Pure.

This file is the rule. To change when a repost is a repost, change the limits below, or ``repost`` and ``compare``.
``misspelling`` judges two words.

A repost comes within some days of the original. It has the same words in the same order, the same links and the same
files. Two differences do not count:

- Typography: white space, quotes, dashes, case, apostrophes, Latin letters that look like Cyrillic ones.
- A mended misspelling: two words a slip apart, one of which a dictionary has, while it has never heard of the other.

Two words that both exist are different news, however alike they are («газу» and «гасу», «вхід» and «вихід»). So are
numbers, names and places, which no dictionary can judge. So are the same words on another day where they count from
that day («сьогодні»; see ``timely``) or are few. To lose news is worse than to repeat it.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from feedpub import address, text
from feedpub.collecting.dedupe import timely
from feedpub.collecting.dedupe.misspelling import count_slips
from feedpub.collecting.dedupe.tokens import Token, differences, joined, tokens
from feedpub.content import Article, Stored
from feedpub.dictionary import Dictionary

# Time
REPOST_WINDOW = timedelta(days=30)  # between the two: the same greeting a year later is another greeting
AT_ONCE = timedelta(hours=1)  # between two scanty texts or alarms: so soon, they were posted twice by mistake

# Length of the texts
LENGTH_SLACK = 8  # characters by which slips and typography change a text of any length,
LENGTH_PERCENT = 2  # and percent of the longer text by which they change it besides
SCANTY = 40  # letters; a shorter text means its time too: each «Повітряна тривога» is news
BRIEF = 120  # letters, some twenty words; a shorter text means its day too: the next warning has the same words
FEW_LETTERS = 300  # a shorter text means its pictures too: two timetables in two pictures have the same words

SLIPS_A_TEXT = 4  # a text with more of them was rewritten

SHOWN_WORDS = 6  # of a difference, in an explanation
NO_DIGITS = re.compile(r"\D+")
NO_LETTERS = re.compile(r"[\W\d_]+")
OTHER_LETTERS = re.compile("[^бгґдєжзиїйлпфцчшщьюяыэъё ]+")  # other than these, which no Latin letter looks like


@dataclass(frozen=True, slots=True)
class Likeness:
    """Whether two articles are the same, and why."""

    same: bool
    why: str


# ------------------------------------------------------------ the rule


def repost(article: Article, known: Stored, dictionary: Dictionary, now: datetime, zone: ZoneInfo) -> Likeness:
    """Return whether an article is a known item posted again. An article without a date is from now."""
    if known.gone is not None and known.gone.is_final:  # its words are erased, but for their key
        same = article.text_key == known.article.text_key
        return Likeness(same, "the same words as one that was withdrawn" if same else "its words were withdrawn")
    apart = abs((article.published or now) - known.date)
    if apart > REPOST_WINDOW:
        return Likeness(False, f"{apart.days} days lie between them, and a repost comes within {REPOST_WINDOW.days}")
    why = timeliness(article, known, now, zone)
    if why:
        return Likeness(False, why)
    return compare(known.article, article, dictionary)


def timeliness(article: Article, known: Stored, now: datetime, zone: ZoneInfo) -> str | None:
    """Return why the same words would be other news at the article's time. None: they would say nothing new.

    Both texts are looked at: a slip in «сьогодні» may have been mended.
    """
    words = [_title_and_text(one) for one in (article, known.article)]
    if _time_between(article, known, now, zone) > AT_ONCE:
        if is_scanty(article):
            return "they say so little that their time is part of it"
        if is_alarm(article):
            return "they are an alarm or its end, and hours lie between them"
    first, last = sorted(when.astimezone(zone).date() for when in (article.published or now, known.date))
    if first == last:
        return None
    if is_brief(article):
        return "they say so little that their day is part of it"
    day_words = [word for said in words if (word := timely.day_word(said, first))]
    return f"«{day_words[0]}» means another day in each of them" if day_words else None


def _time_between(article: Article, known: Stored, now: datetime, zone: ZoneInfo) -> timedelta:
    """Return the time between two articles. Where both show a day alone, it is the time between their first sights."""
    dates = (article.published or now, known.date)
    if dates[0] == dates[1] and dates[0].astimezone(zone).time() == time(0):
        return abs(now - known.first_seen)
    return abs(dates[0] - dates[1])


def compare(one: Article, other: Article, dictionary: Dictionary) -> Likeness:
    """Return whether two articles are the same announcement, whatever their dates."""
    links = _destinations(one) ^ _destinations(other)
    if links:
        return Likeness(False, f"only one of them leads to {min(links)}")
    if _differ_by_pictures(one, other):
        return Likeness(False, "they have few words, and other pictures")
    likeness = same_words(_title_and_text(one), _title_and_text(other), dictionary)
    if likeness.same and not _are_of_like_length(one, other):
        lengths = f"one text has {len(one.text)} characters and the other {len(other.text)}"
        return Likeness(False, f"{lengths}, a larger difference than a repost has")
    return likeness


def candidate_lengths(article: Article) -> tuple[int, int]:
    """Return the least and the most length of a text that ``compare`` can call the same as the article's.

    Lengths are in code points, as Python's len() and SQLite's length() count them. Both limits are included. A text
    with the same ``text_key`` can be the same at any length: the key sets typography aside.
    """
    length = len(article.text)
    percent_left = 100 - LENGTH_PERCENT
    least = math.ceil(length * percent_left / 100) - LENGTH_SLACK  # the article's text is the longer one
    most = math.floor((length + LENGTH_SLACK) * 100 / percent_left)  # the other text is the longer one
    return max(least, 0), most


def same_words(one: str, other: str, dictionary: Dictionary) -> Likeness:
    """Return whether two texts have the same words, but for a slip."""
    tokens_of_one, tokens_of_other = tokens(one), tokens(other)
    if joined(tokens_of_one) == joined(tokens_of_other):
        return Likeness(True, "the same words")
    mended: list[str] = []
    weight = 0
    for here, there in differences(tokens_of_one, tokens_of_other):
        slips = count_slips(here, there, dictionary)
        if slips is None:
            return Likeness(False, f"{_excerpt(here)} in one is {_excerpt(there)} in the other")
        weight += slips
        mended.append(f"{_excerpt(here)} / {_excerpt(there)}")
    if weight > SLIPS_A_TEXT:
        return Likeness(False, f"more is spelt differently than slips explain: {', '.join(mended)}")
    return Likeness(True, f"the same words but for a slip: {', '.join(mended)}")


def is_scanty(article: Article) -> bool:
    """Return whether an article says so little that its time is part of what it says."""
    return _letters(article) < SCANTY and not article.pictures


def is_brief(article: Article) -> bool:
    """Return whether an article says so little that its day is part of what it says. A text may name its day."""
    is_short = _letters(article) < BRIEF and not article.pictures
    return is_short and not timely.names_date(_title_and_text(article))


def is_alarm(article: Article) -> bool:
    """Return whether an article announces an alarm or its end. A long text may just speak of one."""
    is_short = _letters(article) < FEW_LETTERS
    return timely.is_alarm(_title_and_text(article) if is_short else article.title)


def _letters(article: Article) -> int:
    return len(text.skeleton(f"{article.title}{article.text}"))


def _title_and_text(article: Article) -> str:
    return f"{article.title}\n{article.text}"


def _are_of_like_length(one: Article, other: Article) -> bool:
    least, most = candidate_lengths(one)
    return one.text_key == other.text_key or least <= len(other.text) <= most


def _differ_by_pictures(one: Article, other: Article) -> bool:
    pictures, others = _picture_keys(one), _picture_keys(other)
    if pictures == others:
        return False
    skeletons = [text.skeleton(article.text) for article in (one, other)]
    letters = min(map(len, skeletons))
    if pictures and others:
        return letters < FEW_LETTERS
    return letters < SCANTY


def _destinations(article: Article) -> set[str]:
    """Return where the article's links and files lead, each address in one spelling, without the site's own host."""
    host = address.host(article.url)
    urls = (*article.hrefs, *(file.url for file in article.files))
    return {_destination(url, host) for url in urls}


def _destination(url: str, host: str) -> str:
    key = url
    if url.startswith("http"):
        fragment = url.partition("#")[2]
        key = f"{address.key(url)}#{fragment}".rstrip("#")
    if key.startswith(f"{host}/"):
        return key.removeprefix(host)
    return key


def _picture_keys(article: Article) -> set[str]:
    return {address.file_key(picture.url) for picture in article.pictures}


def _excerpt(words: Sequence[Token]) -> str:
    """Return the first words in quotation marks, for an explanation."""
    if not words:
        return "nothing"
    excerpt = " ".join(word.raw for word in words[:SHOWN_WORDS])
    ellipsis = "…" if len(words) > SHOWN_WORDS else ""
    return f"«{excerpt}{ellipsis}»"


# ------------------------------------------------------------ a quick no


def may_repeat(article: Article, known: Stored) -> bool:
    """Return False if ``repost`` cannot find the article a known item posted again. Most pairs are far apart."""
    if known.gone is not None and known.gone.is_final:  # the words are erased, and ``repost`` compares their key
        return True
    return may_be_same(_title_and_text(article), _title_and_text(known.article))


def may_be_same(one: str, other: str) -> bool:
    """Return False if ``same_words`` cannot find two texts the same.

    No slip changes a digit. Letters are counted, whatever their order: a slip changes at most two counts. A word said
    twice counts as one, so its letters do not separate the texts.
    """
    if _digits(one) != _digits(other):
        return False
    letters, repeated = _letter_counts(one)
    other_letters, repeated_in_other = _letter_counts(other)
    missing, added = letters - other_letters, other_letters - letters
    difference = missing.total() + added.total()
    return difference <= 2 * SLIPS_A_TEXT + repeated + repeated_in_other


def _digits(raw: str) -> str:
    return NO_DIGITS.sub("", raw)


@lru_cache(maxsize=512)
def _letter_counts(raw: str) -> tuple[Counter[str], int]:
    """Return how often a text has each letter that no Latin one looks like, and how many are in words said twice."""
    folded = text.spelt(raw).replace("'", "").casefold()
    words = OTHER_LETTERS.sub("", NO_LETTERS.sub(" ", folded)).split()
    repeated = [word for word, following in pairwise(words) if word == following]
    return Counter("".join(words)), sum(map(len, repeated))
