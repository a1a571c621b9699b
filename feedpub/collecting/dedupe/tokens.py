"""Cut texts into words, numbers, addresses and signs, without typography, and find where two differ. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import chain
from string import ascii_letters

from feedpub import text

# Latin letters, and the Cyrillic ones for which a keyboard or an optical reader takes them.
LOOKALIKES = str.maketrans("aceiopxyABCEHIKMOPTXY", "асеіорхуАВСЕНІКМОРТХУ")
ROMAN = set("VLD")  # have no lookalike, but share a word with letters that have: «IV»
LATIN = set(ascii_letters)
ONLY_LATIN = LATIN - ROMAN - set(map(chr, LOOKALIKES))  # one of these shows that a word is meant in Latin letters
NUMERO = re.compile(r"№|\bNo?(?=\s*\d)")
TOKEN = re.compile(
    r"(?P<address>[\w.+-]+@[\w.-]*\w|https?://[^\s<>]*\w"
    r"|(?<!\w)(?=[0-9_.-]*[a-z])[a-z0-9_-]+(?:\.[a-z0-9_-]+)+(?:/[\w./?=&%-]*\w)?(?!\w))"
    r"|(?P<word>[^\W\d_]+(?:'[^\W\d_]+)*)"
    r"|(?P<number>[-+]?\d+(?:[^\w\s]?\d+)*)"
    r"|(?P<sign>[<>≤≥≠=±~%‰°€$₴£+]|[\U0001f534-\U0001f7eb❌✅])"
)
SENTENCE_ENDS = re.compile("[.!?…]")  # a capital letter after one of these is no sign of a name


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number, an address or a sign of a text."""

    raw: str  # as written, with one kind of apostrophe
    plain: str  # the part that is compared
    is_word: bool
    may_be_name: bool  # a word with a capital letter that does not begin a sentence


def tokens(raw: str) -> list[Token]:
    """Return the tokens of a text. A line ends a sentence."""
    return list(chain.from_iterable(map(_line_tokens, raw.split("\n"))))


def _line_tokens(raw_line: str) -> Iterator[Token]:
    line = text.spelt(NUMERO.sub(" N ", raw_line))
    is_in_capitals = line.upper() == line
    begins_sentence = True
    end = 0  # of the token before
    for match in TOKEN.finditer(line):
        begins_sentence = begins_sentence or _ends_sentence(line, end, match.start())
        end = match.end()
        is_word = bool(match["word"])
        raw = _in_one_script(match[0]) if is_word else match[0]
        may_be_name = is_word and raw[0].isupper() and not begins_sentence and not is_in_capitals
        yield Token(raw, raw.replace("'", "").casefold(), is_word, may_be_name)
        begins_sentence = False


def _ends_sentence(line: str, start: int, end: int) -> bool:
    """Return whether a sentence ends between two tokens. The full stop of an abbreviation ends none."""
    stop = SENTENCE_ENDS.search(line, start, end)
    if stop is None:
        return False
    return not text.ABBREVIATION.search(line[: stop.end()])


def _in_one_script(word: str) -> str:
    """Return a word with Cyrillic letters for its Latin lookalikes, unless it is a word of Latin letters."""
    letters = set(word) - {"'"}
    if letters <= LATIN and letters & ONLY_LATIN:
        return word
    return word.translate(LOOKALIKES)


def joined(words: Iterable[Token]) -> str:
    """Return what is compared of the tokens, without the spaces between them."""
    return "".join(word.plain for word in words)


def differences(one: Sequence[Token], other: Sequence[Token]) -> Iterator[tuple[Sequence[Token], Sequence[Token]]]:
    """Yield where two texts differ, word by word where possible. A word said twice in a row does not differ."""
    words = [token.plain for token in one]
    other_words = [token.plain for token in other]
    matcher = SequenceMatcher(None, words, other_words, autojunk=False)
    for tag, start, end, other_start, other_end in matcher.get_opcodes():
        here = one[start:end]
        there = other[other_start:other_end]
        if tag == "equal":
            continue
        if len(here) == len(there):
            for word, other_word in zip(here, there, strict=True):
                yield [word], [other_word]
        elif not here and _is_said_twice(other, other_start, other_end):
            yield there, there
        elif not there and _is_said_twice(one, start, end):
            yield here, here
        else:
            yield here, there


def _is_said_twice(words: Sequence[Token], start: int, end: int) -> bool:
    """Return whether a word that only one text has repeats the word before or after it."""
    word = words[start]
    before = words[max(start - 1, 0) : start]
    after = words[end : end + 1]
    neighbours = [*before, *after]
    is_plain_word = end - start == 1 and word.is_word and word.raw.islower()
    return is_plain_word and word.plain in [neighbour.plain for neighbour in neighbours]
