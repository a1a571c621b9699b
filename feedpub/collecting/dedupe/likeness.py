"""Decide whether an article is an earlier one posted again, and say why. Pure.

This file is the rule. To change when a repost is a repost, change the limits below, or ``repost`` and ``compare``.

A repost comes within some days of the original. It has the same words in the same order, the same links and the same
files. Two differences do not count:

- Typography: white space, quotes, dashes, case, apostrophes, Latin letters that look like Cyrillic ones.
- A mended misspelling: two words a slip apart, one of which a dictionary has, while it has never heard of the other.

Two words that both exist are different news, however alike they are («газу» and «гасу», «вхід» and «вихід»). So are
numbers, names and places, which no dictionary can judge. To lose news is worse than to repeat it.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import pairwise

from feedpub import address, text
from feedpub.collecting.dedupe.tokens import Token, differences, tokens
from feedpub.content import Article, Stored
from feedpub.dictionary import Dictionary, Entry, Kind

# Time
REPOST_WINDOW = timedelta(days=30)  # between the two: the same greeting a year later is another greeting
AT_ONCE = timedelta(hours=1)  # between two scanty texts: so soon, a few words were posted twice by mistake

# Length of the texts
LENGTH_SLACK = 8  # characters by which slips and typography change a text of any length,
LENGTH_PERCENT = 2  # and percent of the longer text by which they change it besides
SCANTY = 40  # letters; a shorter text means its time too: each «Повітряна тривога» is news
FEW_LETTERS = 300  # a shorter text means its pictures too: two timetables in two pictures have the same words

# Slips: a letter more, less, or other, or two that changed places
SLIPS_A_TEXT = 4  # a text with more of them was rewritten
SLIPS_A_WORD = 1
SLIPS_A_LONG_WORD = 2
WRONG_CASE = 3  # slips: it may change who does what to whom, so a text may have one such word
SHORTEST_WORD = 4  # letters; too many shorter words are a slip apart
LONG_WORD = 8  # letters

# Words that count and date, by how they begin. A slip in one of these may be another number or day.
COUNTING = re.compile(
    r"оди?н|дв[аоіє]|обидв|тр(?:ьо|оє|и(?:надцят|дцят|$)|ет)|чотир|четвер|п'?ят|ш[іо]ст|с(?:ім(?:надцят|десят|$)|ьом|еми)"
    r"|вісім|восьм|дев'?ят|десят|сорок|двіст|сотн|тисяч|міль[йя]|(?:перш|друг)(?:ий|а|е|ого|ої|ому|у|ою|им|их)$|половин"
    r"|січ[не]н|лют(?:ий|ого|ому)$|(?:берез|квіт|трав|черв|лип|серп|груд)(?:ень|н)|верес|жовт(?:ень|н)|листопад"
    r"|понеділ|вівтор|серед[аиуою]+$|субот|неділ|вчора|сьогодні|завтра|ран(?:ок|к)|вечор|вечір|опівдні"
)
PLACE_ADJECTIVE = re.compile(r"(\w{3,}?)(?:[сзц]ь?к\w{1,3})$")  # such as «сватівський», of Сватове

SHOWN_WORDS = 6  # of a difference, in an explanation
NO_LETTERS = re.compile(r"[\W\d_]+")
OTHER_LETTERS = re.compile("[^бгґдєжзиїйлпфцчшщьюяыэъё ]+")  # other than these, which no Latin letter looks like


@dataclass(frozen=True, slots=True)
class Likeness:
    """Whether two articles are the same, and why."""

    same: bool
    why: str


# ------------------------------------------------------------ the rule


def repost(article: Article, known: Stored, dictionary: Dictionary, now: datetime) -> Likeness:
    """Return whether an article is a known item posted again. An article without a date is from now."""
    if known.gone is not None and known.gone.is_final:  # its words are erased, but for their key
        same = article.text_key == known.article.text_key
        return Likeness(same, "the same words as one that was withdrawn" if same else "its words were withdrawn")
    apart = abs((article.published or now) - known.date)
    if apart > AT_ONCE and is_scanty(article):
        return Likeness(False, "they say so little that their time is part of it")
    if apart > REPOST_WINDOW:
        return Likeness(False, f"{apart.days} days lie between them, and a repost comes within {REPOST_WINDOW.days}")
    return compare(known.article, article, dictionary)


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
    if _joined(tokens_of_one) == _joined(tokens_of_other):
        return Likeness(True, "the same words")
    mended: list[str] = []
    weight = 0
    for here, there in differences(tokens_of_one, tokens_of_other):
        slips_between = _slips_between(here, there, dictionary)
        if slips_between is None:
            return Likeness(False, f"{_excerpt(here)} in one is {_excerpt(there)} in the other")
        weight += slips_between
        mended.append(f"{_excerpt(here)} / {_excerpt(there)}")
    if weight > SLIPS_A_TEXT:
        return Likeness(False, f"more is spelt differently than slips explain: {', '.join(mended)}")
    return Likeness(True, f"the same words but for a slip: {', '.join(mended)}")


def is_scanty(article: Article) -> bool:
    """Return whether an article says so little that its time is part of what it says."""
    letters = text.skeleton(f"{article.title}{article.text}")
    return len(letters) < SCANTY and not article.pictures


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


def _joined(words: Sequence[Token]) -> str:
    return "".join(word.plain for word in words)


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

    It counts letters, so it knows nothing of order and spaces. A slip changes at most two counts. A word said twice
    counts as one, so its letters do not separate the texts.
    """
    letters, repeated = _letter_counts(one)
    other_letters, repeated_in_other = _letter_counts(other)
    missing, added = letters - other_letters, other_letters - letters
    difference = missing.total() + added.total()
    return difference <= 2 * SLIPS_A_TEXT + repeated + repeated_in_other


@lru_cache(maxsize=512)
def _letter_counts(raw: str) -> tuple[Counter[str], int]:
    """Return how often a text has each letter that no Latin one looks like, and how many are in words said twice."""
    folded = text.spelt(raw).replace("'", "").casefold()
    words = OTHER_LETTERS.sub("", NO_LETTERS.sub(" ", folded)).split()
    repeated = [word for word, following in pairwise(words) if word == following]
    return Counter("".join(words)), sum(map(len, repeated))


# ------------------------------------------------------------ a mended misspelling


def _slips_between(here: Sequence[Token], there: Sequence[Token], dictionary: Dictionary) -> int | None:
    """Return how many slips one spelling is from the other; None if they are different words."""
    one, other = _joined(here), _joined(there)
    if one == other:
        return 0  # only a space differs, as in «що до» and «щодо»
    words = [*here, *there]
    if not all(map(_may_be_misspelt, words)) or _is_prefixed(one, other):
        return None
    shorter, longer = sorted((len(one), len(other)))
    allowed = _allowed_slips(words, longer)
    if longer < SHORTEST_WORD or longer - shorter > allowed:
        return None
    between = slips(one, other)
    if between > allowed:
        return None

    entries = [_entry_of(word, dictionary) for word in here]
    other_entries = [_entry_of(word, dictionary) for word in there]
    kinds = {entry.kind for entry in entries}
    other_kinds = {entry.kind for entry in other_entries}
    if kinds == other_kinds == {Kind.WORD}:
        is_wrong_case = between == 1 and _are_forms_of_one_word(entries, other_entries)
        return WRONG_CASE if is_wrong_case else None
    is_mended = _is_one_misspelt(kinds, other_kinds) and not _are_two_places(one, other)
    return between if is_mended else None


def _may_be_misspelt(token: Token) -> bool:
    if not token.is_word or token.may_be_name:
        return False
    return not COUNTING.match(token.raw.lower())


def _allowed_slips(words: Sequence[Token], letters: int) -> int:
    """Return how many slips may lie between words of so many letters. A capital letter may begin a name."""
    if letters >= LONG_WORD and all(word.raw.islower() for word in words):
        return SLIPS_A_LONG_WORD
    return SLIPS_A_WORD


def _is_prefixed(one: str, other: str) -> bool:
    """Return whether a prefix makes one word of the other, and so perhaps its opposite: «працює», «непрацює»."""
    shorter, longer = sorted((one, other), key=len)
    is_first_letter_twice = longer == shorter[:1] + shorter  # that is a slip
    return longer.endswith(shorter) and not is_first_letter_twice


def _entry_of(token: Token, dictionary: Dictionary) -> Entry:
    """Return a word's entry. A word in small letters is not a name."""
    entry = dictionary(token.raw.lower())
    if entry.kind is Kind.NAME and token.raw.islower():
        return Entry(Kind.WORD, entry.forms)
    return entry


def _are_forms_of_one_word(entries: Sequence[Entry], other_entries: Sequence[Entry]) -> bool:
    """Return whether each side is a single word, and both may be forms of the same one."""
    if len(entries) > 1 or len(other_entries) > 1:
        return False
    return not entries[0].forms.isdisjoint(other_entries[0].forms)


def _is_one_misspelt(kinds: set[Kind], other_kinds: set[Kind]) -> bool:
    """Return whether the dictionary has all words of one side, and not all of the other, which has no name."""
    for correct, misspelt in ((kinds, other_kinds), (other_kinds, kinds)):
        if correct == {Kind.WORD} and Kind.UNKNOWN in misspelt and Kind.NAME not in misspelt:
            return True
    return False


def _are_two_places(one: str, other: str) -> bool:
    """Return whether both are adjectives of places' names, and not of the same."""
    place, other_place = PLACE_ADJECTIVE.match(one), PLACE_ADJECTIVE.match(other)
    return bool(place and other_place and place[1] != other_place[1])


def slips(one: str, other: str) -> int:
    """Return how many slips lie between two words: the optimal string alignment distance (Damerau, 1964)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, other_letter in enumerate(other, 1):
            costs = [before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other_letter)]
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == other_letter:
                costs.append(earlier[j - 2] + 1)
            row.append(min(costs))
    return row[-1]
