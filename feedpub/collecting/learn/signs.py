"""Named signs with weights: how much speaks for each of several answers, and why.

A table of signs is data. To change what counts, change a row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Sign(Generic[Thing]):
    """Something that speaks for an answer, or against it where its weight is negative."""

    name: str  # as `feedpub inspect` prints it
    weight: float
    measure: Callable[[Thing], float]  # 0 to 1; where it is a count, the row's comment says so


def weigh(signs: Iterable[Sign[Thing]], thing: Thing) -> dict[str, float]:
    """Return what each sign adds to the thing's score, by name. Signs that add nothing are left out."""
    contributions = {sign.name: sign.weight * sign.measure(thing) for sign in signs}
    return {name: added for name, added in contributions.items() if added}


def total(signs: Iterable[Sign[Thing]], thing: Thing) -> float:
    """Return the thing's score: the sum of what its signs add."""
    return sum(sign.weight * sign.measure(thing) for sign in signs)


def described(contributions: Mapping[str, float]) -> str:
    """Return the signs with what each adds, the highest first: "items have dates +3.0, titles repeat -2.0"."""
    ranked = sorted(contributions.items(), key=lambda sign: -sign[1])
    return ", ".join(f"{name} {added:+.1f}" for name, added in ranked)
