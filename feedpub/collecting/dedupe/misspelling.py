"""Decide whether two words are one that was misspelt and mended, or different words. Pure.

A slip is a letter more, less, or other, or two that changed places.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from feedpub.collecting.dedupe.tokens import Token, joined
from feedpub.dictionary import Dictionary, Entry, Kind

SLIPS_A_WORD = 1  # more of them make another word
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


def count_slips(here: Sequence[Token], there: Sequence[Token], dictionary: Dictionary) -> int | None:
    """Return how many slips one spelling is from the other; None if they are different words."""
    one, other = joined(here), joined(there)
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

    entries = [_token_entry(word, dictionary) for word in here]
    other_entries = [_token_entry(word, dictionary) for word in there]
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


def _token_entry(token: Token, dictionary: Dictionary) -> Entry:
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
