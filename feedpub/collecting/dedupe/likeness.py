"""Whether an article is another one posted again, and why. Pure.

The rule: the same words in the same order, the same links, the same files. Typography is set aside (white space,
quotes, dashes, case, apostrophes of every kind, Latin letters that look like Cyrillic ones), and so is a misspelling
that was mended: two words one slip apart, of which a dictionary has one and has never heard of the other. Two words
that both exist are different news, however alike («газу» and «гасу», «вхід» and «вихід»), and so is whatever a
dictionary cannot judge: numbers, names, places. To lose news is worse than to repeat it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise

from feedpub import address, text
from feedpub.content import Article
from feedpub.dictionary import Dictionary, Entry, Kind

MISSPELT = 4  # slips at most; a text with more of them was written anew
SHORTEST = 4  # letters of a word that may be misspelt; of shorter ones too many are one slip apart
LONG = 8  # letters of a word that may have
MOST = 2  # slips
FEW_LETTERS = 300  # a text of fewer is told by its pictures too: today's timetable, and tomorrow's, in a picture each
SCANTY = 40  # letters; fewer are told by their time too: «Повітряна тривога» is news each time
ENDS = ".!?…"  # after these, a capital letter tells of no name

# Latin letters and the Cyrillic ones for which an editor's keyboard, or an optical reader, takes them.
LOOKALIKES = str.maketrans("aceiopxyABCEHIKMOPTXY", "асеіорхуАВСЕНІКМОРТХУ")
ROMAN = set("VLD")  # no lookalikes, but in one word with them in «IV»
NUMERO = re.compile(r"№|\bNo?(?=\s*\d)")
TOKENS = re.compile(
    r"(?P<address>[\w.+-]+@[\w.-]*\w|https?://[^\s<>]*\w"
    r"|(?<!\w)(?=[0-9_.-]*[a-z])[a-z0-9_-]+(?:\.[a-z0-9_-]+)+(?:/[\w./?=&%-]*\w)?(?!\w))"
    r"|(?P<word>[^\W\d_]+(?:'[^\W\d_]+)*)"
    r"|(?P<number>[-+]?\d+(?:[^\w\s]?\d+)*)"
    r"|(?P<sign>[<>≤≥≠=±~%‰°€$₴£+]|[\U0001f534-\U0001f7eb❌✅])"
)
NO_LETTERS = re.compile(r"[\W\d_]+")
OTHER_LETTERS = re.compile("[^бгґдєжзиїйлпфцчшщьюяыэъё ]+")

# Words that count and date, by their beginnings: in these no slip is a mere slip. A prefix may turn a word round.
COUNTING = re.compile(
    r"оди?н|дв[аоіє]|обидв|тр(?:ьо|оє|и(?:надцят|дцят|$)|ет)|чотир|четвер|п'?ят|ш[іо]ст|с(?:ім(?:надцят|десят|$)|ьом|еми)"
    r"|вісім|восьм|дев'?ят|десят|сорок|двіст|сотн|тисяч|міль[йя]|(?:перш|друг)(?:ий|а|е|ого|ої|ому|у|ою|им|их)$|половин"
    r"|січ[не]н|лют(?:ий|ого|ому)$|(?:берез|квіт|трав|черв|лип|серп|груд)(?:ень|н)|верес|жовт(?:ень|н)|листопад"
    r"|понеділ|вівтор|серед[аиуою]+$|субот|неділ|вчора|сьогодні|завтра|ран(?:ок|к)|вечор|вечір|опівдні"
)


@dataclass(frozen=True, slots=True)
class Likeness:
    same: bool
    why: str


@dataclass(frozen=True, slots=True)
class Token:
    raw: str  # as written, apostrophes of one kind
    plain: str  # what is compared
    is_word: bool
    may_name: bool  # it has a capital letter where no sentence begins


def compare(one: Article, other: Article, dictionary: Dictionary) -> Likeness:
    """Whether two articles are the same announcement, and what decides it; their dates are the caller's affair."""
    if further := _leads(one) ^ _leads(other):
        return Likeness(False, f"only one of them leads to {sorted(further)[0]}")
    letters = min(len(text.skeleton(a.text)) for a in (one, other))
    shown, others = _shows(one), _shows(other)
    if shown != others and (letters < SCANTY or (letters < FEW_LETTERS and shown and others)):
        return Likeness(False, "they have few words, and other pictures")
    return same_words(words(one), words(other), dictionary)


def words(article: Article) -> str:
    """What of an article is held against that of another."""
    return f"{article.title}\n{article.text}"


def may_be_same(one: str, other: str) -> bool:
    """Whether ``same_words`` could find two texts the same: a bound by letters alone, for most pairs are far apart.

    A slip adds, takes or changes at most ``MISSPELT`` letters in all, and a
    word said twice adds its own; the order and the spaces say nothing of it.
    """
    (a, said_twice), (b, twice) = _letters(one), _letters(other)
    apart = sum((a - b).values()) + sum((b - a).values())
    return apart <= 2 * MISSPELT + said_twice + twice


@lru_cache(maxsize=512)
def _letters(raw: str) -> tuple[Counter[str], int]:
    """How often a text has each letter that no Latin one is taken for, and how many stand in words said twice."""
    words = OTHER_LETTERS.sub("", NO_LETTERS.sub(" ", text.spelt(raw).replace("'", "").casefold())).split()
    return Counter("".join(words)), sum(len(w) for w, after in pairwise(words) if w == after)


def is_scanty(article: Article) -> bool:
    """Whether an article says so little that its time is part of what it says."""
    return len(text.skeleton(f"{article.title}{article.text}")) < SCANTY and not article.pictures


def same_words(one: str, other: str, dictionary: Dictionary) -> Likeness:
    """The rule for the words alone."""
    a, b = tokens(one), tokens(other)
    if "".join(t.plain for t in a) == "".join(t.plain for t in b):
        return Likeness(True, "the same words")
    mended: list[str] = []
    weight = 0
    for here, there in _differences(a, b):
        mend = _mend(here, there, dictionary)
        if mend is None:
            return Likeness(False, f"{_shown(here)} in one is {_shown(there)} in the other")
        weight += mend
        mended.append(f"{_shown(here)} / {_shown(there)}")
    if weight > MISSPELT:
        return Likeness(False, f"more is spelt otherwise than slips account for: {', '.join(mended)}")
    return Likeness(True, f"the same words but for a slip: {', '.join(mended)}")


def _differences(one: Sequence[Token], other: Sequence[Token]) -> Iterator[tuple[Sequence[Token], Sequence[Token]]]:
    """Where two texts differ, word by word as far as that can be told; a word said twice in a row counts as once."""
    matcher = SequenceMatcher(None, [t.plain for t in one], [t.plain for t in other], autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            continue
        if j - i == m - k:
            yield from ((one[i + n : i + n + 1], other[k + n : k + n + 1]) for n in range(j - i))
        elif i == j and _is_said_twice(other, k, m):
            yield other[k:m], other[k:m]
        elif k == m and _is_said_twice(one, i, j):
            yield one[i:j], one[i:j]
        else:
            yield one[i:j], other[k:m]


def tokens(raw: str) -> list[Token]:
    """The words, numbers and telling signs of a text."""
    found = []
    for line in raw.split("\n"):
        spelt = text.spelt(NUMERO.sub(" N ", line))
        is_shouted = spelt.upper() == spelt
        begins = True
        last = 0
        for match in TOKENS.finditer(spelt):
            between = spelt[last : match.start()]
            stop = next((n for n, c in enumerate(between) if c in ENDS), None)
            begins = begins or (stop is not None and not text.ABBREVIATION.search(spelt[: last + stop + 1]))
            last = match.end()
            word = match["word"]
            shown = _in_one_script(match[0]) if word else match[0]
            plain = shown.replace("'", "").casefold()
            capital = bool(word) and shown[0].isupper() and not begins and not is_shouted
            found.append(Token(shown, plain, bool(word), capital))
            begins = False
    return found


def _in_one_script(word: str) -> str:
    """A word with its Latin lookalikes as Cyrillic letters, where it is no word of Latin letters."""
    latin = {c for c in word if c.isascii() and c.isalpha()}
    is_foreign = latin and len(latin) == len(set(word) - {"'"}) and any(
        c.translate(LOOKALIKES) == c and c not in ROMAN for c in latin
    )  # fmt: skip
    return word if is_foreign else word.translate(LOOKALIKES)


def _mend(here: Sequence[Token], there: Sequence[Token], dictionary: Dictionary) -> int | None:
    """How much of a slip one is that is mended in the other, None where they are different words.

    A slip is a letter more, less, other, or two that changed places. A wrong
    case weighs three: who does what to whom may depend on two of them.
    """
    words = [*here, *there]
    one, other = ("".join(t.plain for t in side) for side in (here, there))
    if one == other:
        return 0  # a space alone, «що до» and «щодо»
    if not all(t.is_word for t in words) or any(t.may_name for t in words):
        return None
    shorter, longer = sorted((one, other), key=len)
    is_prefixed = longer.endswith(shorter) and longer != shorter[:1] + shorter  # a first letter twice is a slip
    if is_prefixed or any(COUNTING.match(t.raw.lower()) for t in words):
        return None
    length = max(len(one), len(other))
    are_small = all(t.raw.islower() for t in words)
    apart = slips(one, other) if abs(len(one) - len(other)) <= MOST else MOST + 1
    if length < SHORTEST or apart > (MOST if length >= LONG and are_small else 1):
        return None
    entries = [[_entry(t, dictionary) for t in side] for side in (here, there)]
    kinds = sorted(({e.kind for e in side} for side in entries), key=lambda k: Kind.UNKNOWN not in k)
    if kinds[0] == kinds[1] == {Kind.WORD}:
        return 3 if len(words) == 2 and apart == 1 and entries[0][0].forms & entries[1][0].forms else None
    if Kind.UNKNOWN not in kinds[0] or Kind.NAME in kinds[0] or kinds[1] != {Kind.WORD}:
        return None
    places = {_place(one), _place(other)}
    return apart if "" in places or len(places) == 1 else None


def _entry(token: Token, dictionary: Dictionary) -> Entry:
    """A word that is written small is no name."""
    entry = dictionary(token.raw.lower())
    return Entry(Kind.WORD, entry.forms) if entry.kind is Kind.NAME and token.raw.islower() else entry


def _place(word: str) -> str:
    """What an adjective may be made of that is made of a place's name, such as «сватівський»; "" for other words."""
    stem = re.match(r"(\w{3,}?)(?:[сзц]ь?к\w{1,3})$", word)
    return stem[1] if stem else ""


def slips(one: str, other: str) -> int:
    """How many letters more, less, other, or changed places with the next lie between two words (Damerau, 1964)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, against in enumerate(other, 1):
            costs = [before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != against)]
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                costs.append(earlier[j - 2] + 1)
            row.append(min(costs))
    return row[-1]


def _is_said_twice(words: Sequence[Token], start: int, end: int) -> bool:
    """Whether a word that only one of the texts has stands twice in a row."""
    word = words[start]
    around = [t.plain for t in (*words[max(start - 1, 0) : start], *words[end : end + 1])]
    return end - start == 1 and word.is_word and word.raw.islower() and word.plain in around


def _shown(words: Sequence[Token]) -> str:
    shown = " ".join(t.raw for t in words[:6]) + ("…" if len(words) > 6 else "")
    return f"«{shown}»" if shown else "nothing"


def _leads(article: Article) -> set[str]:
    """Where its links and files lead, each address in one spelling."""
    host = address.host(article.url)
    urls = (*article.hrefs, *(f.url for f in article.files))
    keys = {f"{address.key(u)}#{u.partition('#')[2]}".rstrip("#") if u.startswith("http") else u for u in urls}
    return {k.removeprefix(host) if k.startswith(f"{host}/") else k for k in keys}


def _shows(article: Article) -> set[str]:
    return {address.file_key(p.url) for p in article.pictures}
