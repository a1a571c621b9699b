"""A choice among several answers by the sum of their signs: its weights, fitted on cases whose best answers are known.

Few cases teach little, so weights are drawn to those in the table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean

import numpy as np
from scipy.optimize import minimize

DRAWN = 1.0  # how much the weights are drawn to the table's, beside the loss of one case
SHARP = 4.0  # how sharply an answer of a higher worth is preferred
AS_GOOD = 0.1  # of worth, below the best


@dataclass(frozen=True, slots=True)
class Case:
    """One choice, with its answers."""

    name: str
    site: str
    measures: np.ndarray  # of each answer, a column a sign
    others: np.ndarray  # what counts besides for each, and is not fitted
    worth: np.ndarray  # of each answer, 0 to 1


def fitted(cases: Sequence[Case], table: np.ndarray) -> np.ndarray:
    """Return the weights by which the best answers are the likeliest choices."""

    def loss(weights: np.ndarray) -> float:
        away = weights - table
        return sum(_surprise(case, weights) for case in cases) + DRAWN * float(away @ away)

    return np.asarray(minimize(loss, table).x)


def _surprise(case: Case, weights: np.ndarray) -> float:
    """How little likely the best answers are: the cross entropy of the choice, in nats."""
    scores = case.measures @ weights + case.others
    chances = scores - scores.max()
    chances -= np.log(np.exp(chances).sum())
    wanted = np.exp(SHARP * case.worth)
    wanted *= case.worth >= case.worth.max() - AS_GOOD
    return float(-(wanted / wanted.sum()) @ chances)


def worth_of_choice(case: Case, weights: np.ndarray) -> float:
    """Return the worth of the answer with the highest score."""
    return float(case.worth[(case.measures @ weights + case.others).argmax()])


def report(cases: Sequence[Case], names: Sequence[str], table: np.ndarray) -> None:
    """Print a line a case, the means, and the weights that are fitted on all cases."""
    by_table, left_out = [], []
    for case in cases:
        others = [other for other in cases if other.site != case.site]
        by_table.append(worth_of_choice(case, table))
        left_out.append(worth_of_choice(case, fitted(others, table)))
        best = case.worth.max()
        print(f"{case.name:20} best {best:.2f}, table {by_table[-1]:.2f}, site left out {left_out[-1]:.2f}")
    print(f"{len(cases)} cases: best {mean(float(case.worth.max()) for case in cases):.3f},", end=" ")
    print(f"table {mean(by_table):.3f}, sites left out {mean(left_out):.3f}")
    for name, was, weight in zip(names, table, fitted(cases, table), strict=True):
        print(f"{weight:+6.2f}  {name} ({was:+.1f})")
