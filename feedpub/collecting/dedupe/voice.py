"""Whether it is still the council that speaks: the languages of what is new, and the hosts that it links. Pure.

What is new is compared with what was known before it, or what a person accepted. Else somebody who is patient would
become the measure: foreign items that come one by one would soon be a part of the history.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from feedpub.collecting.dedupe.language import Shares, is_in_latin_letters, language_of

if TYPE_CHECKING:
    from feedpub.collecting.dedupe.findings import Weighed

# Languages
FOREIGN = 3  # texts in another language, and
FOREIGN_SHARE = 0.5  # of the newest ones
NEWEST = 5  # texts that are compared, even if the run read fewer
USUAL_SHARE = 0.5  # of what was known before in one language make that the usual one
USED_SHARE = 0.2  # of it in another language make that one of the site's own
A_PART = 0.3  # of a text's letters in another language make it a foreign one
DRIFTED = 4.0  # texts' worth of another language, and
DRIFTED_SHARE = 0.1  # more of all that came since than there was before

# Links
HOSTS = 8  # hosts that no item linked before, in what a run read as news, and
HOSTS_EACH = 0.7  # for each such item; a council's has a tenth of that, and
USUAL_TIMES = 2.5  # as many as an item of this site brought so far
MOST_USUAL = 1.0  # hosts that an item brought; no site that was measured has more, so more is somebody's doing
LINKING = 3  # items that link them: one list of addresses is only odd, and real ones name a dozen
ONE_HOST = 4  # items that link one such host, and
ONE_HOST_SHARE = 0.5  # of what the run read as news
OFFICIAL = re.compile(r"(?:.*\.)?(?:gov|edu|mil|int)(?:\.[a-z]{2})?|(?:.*\.)?europa\.eu")  # hosts that nobody can buy


def turned(before: Sequence[Weighed], fresh: Sequence[Weighed], since: Sequence[Weighed]) -> str | None:
    """Return why the news are in another language than the site's; None if they are not.

    ``before`` is what was known or accepted, ``fresh`` what a run read, ``since`` what came in between, newest first.
    """
    usual = _usual(before)
    if usual is None:
        return None
    if any(map(_is_untold, fresh)):
        told = told_together((*fresh, *since))
        fresh, since = told[: len(fresh)], told[len(fresh) :]
    foreign = Counter({language for one in fresh for language, part in one.shares if language != usual and part > 0})
    for other in sorted(foreign):
        base = _mean(told_together(before), other)
        if base < USED_SHARE:
            why = _turned_at_once(fresh, since, other, usual) or _drifted(base, [*fresh, *since], other, usual)
            if why:
                return why
    return None


def is_foreign(before: Sequence[Weighed], text: Weighed) -> bool:
    """Whether a text is in a language that is neither the site's usual one nor one of its others."""
    usual = _usual(before)
    return usual is not None and any(
        part >= A_PART and language != usual and _mean(before, language) < USED_SHARE for language, part in text.shares
    )


def told_together(texts: Sequence[Weighed]) -> list[Weighed]:
    """Return the texts. Those that are too brief to tell a language have the one that all of them have together.

    Titles alone are so where pages cannot be read. Those in Latin letters are told apart from the others. Fewer than
    stop a run are not told: a site may have some such titles beside its texts.
    """
    told = list(texts)
    untold = [n for n, one in enumerate(texts) if _is_untold(one)]
    for is_latin in (True, False):
        alike = [n for n in untold if is_in_latin_letters(texts[n].brief) is is_latin]
        language = language_of(" ".join(texts[n].brief for n in alike)) if len(alike) >= FOREIGN else None
        shares = ((language, 1.0),) if language else ()
        for n in alike:
            told[n] = _told_as(texts[n], shares)
    return told


def _told_as(text: Weighed, shares: Shares) -> Weighed:
    return replace(text, tell=lambda: shares)


def _is_untold(text: Weighed) -> bool:
    return bool(text.brief) and not text.shares


def _turned_at_once(fresh: Sequence[Weighed], since: Sequence[Weighed], other: str, usual: str) -> str | None:
    told = [one for one in (*fresh, *since) if one.shares][: max(NEWEST, sum(1 for one in fresh if one.shares))]
    foreign = sum(one.share_of(other) >= A_PART for one in told)
    if foreign < FOREIGN or foreign <= len(told) * FOREIGN_SHARE:
        return None
    return f"{foreign} of the {len(told)} newest texts are {other}, where they used to be {usual}"


def _drifted(base: float, texts: Sequence[Weighed], other: str, usual: str) -> str | None:
    told = [one for one in texts if one.shares]
    amount = sum(one.share_of(other) for one in told)
    share = amount / max(1, len(told))
    if amount - base * len(told) < DRIFTED or share < base + DRIFTED_SHARE:
        return None
    return f"{share:.0%} of the last {len(told)} texts is {other}, where {base:.0%} was before and most was {usual}"


def _usual(texts: Sequence[Weighed]) -> str | None:
    """Return the language of most texts, of those that have a clear one; None if there is none."""
    languages = Counter[str]()
    for language in (one.language for one in texts):
        if language:
            languages[language] += 1
            if languages[language] > len(texts) * USUAL_SHARE:
                return language  # whatever the others are in
    return next((language for language, n in languages.items() if n > languages.total() * USUAL_SHARE), None)


def _mean(texts: Sequence[Weighed], language: str) -> float:
    told = [one for one in texts if one.shares]
    return sum(one.share_of(language) for one in told) / max(1, len(told))


# ------------------------------------------------------------ links


def led_elsewhere(fresh: Sequence[Weighed], known: Sequence[Weighed], is_linked: Callable[[str], bool]) -> str | None:
    """Return why the news lead to too many hosts that no item linked before; None if they do not.

    ``known`` are items from before the run, and ``is_linked`` tells whether any item links a host.
    """
    familiar = frozenset().union(*(one.hosts for one in known))
    counts = Counter(host for one in fresh for host in one.hosts - familiar)
    candidates = [host for host in counts if not OFFICIAL.fullmatch(host)]
    most = max((counts[host] for host in candidates), default=0)
    if len(candidates) < HOSTS and most < ONE_HOST:
        return None
    new = [host for host in candidates if not is_linked(host)]
    linking = sum(not one.hosts.isdisjoint(new) for one in fresh)
    usual = sum(not OFFICIAL.fullmatch(host) for host in familiar) / max(1, len(known))
    most_each = max(HOSTS_EACH, USUAL_TIMES * min(usual, MOST_USUAL))
    if len(new) >= HOSTS and linking >= LINKING and len(new) > most_each * len(fresh):
        return f"{len(new)} hosts are linked that no item linked before: {', '.join(sorted(new)[:3])} and others"
    for host in sorted(new):
        if counts[host] >= ONE_HOST and counts[host] > ONE_HOST_SHARE * len(fresh):
            return f"{counts[host]} of {len(fresh)} new texts link {host}, which no item linked before"
    return None
