"""Lengths and factors in declarations, in CSS pixels, as far as they can be said without a layout."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Sequence
from functools import lru_cache

PIXELS = {"px": 1.0, "": 1.0, "em": 16.0, "rem": 16.0, "ex": 8.0, "ch": 8.0, "lh": 20.0, "rlh": 20.0, "pt": 4 / 3}
PIXELS |= {"pc": 16.0, "in": 96.0, "cm": 37.8, "mm": 3.78, "q": 0.945, "vw": 4.0, "vh": 4.0, "vmin": 4.0, "vmax": 8.0}
PIXELS |= {"dvh": 4.0, "svh": 4.0, "lvh": 4.0, "dvw": 4.0, "svw": 4.0, "lvw": 4.0, "vi": 4.0, "vb": 4.0, "%": 3.0}
NUMBER = re.compile(r"(?<![\w#.])([+-]?\s*(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)([a-z%]*)(?![\w(])")
SINGLE = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?[a-z%]*")
WITH_UNIT = re.compile(r"(?<![\w.])((?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)([a-z%]+)")
FORMULA = re.compile(r"(?:(?:calc|min|max|clamp)(?=\()|[\d.e+\-*/(),\s])+")
LONGEST_FORMULA = 200  # characters
SUMS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
}  # fmt: skip
FUNCTIONS: dict[str, Callable[[Sequence[float]], float]] = {
    "calc": lambda of: of[0], "min": min, "max": max, "clamp": lambda of: max(of[0], min(of[1:])),
}  # fmt: skip


@lru_cache(maxsize=4096)
def lengths(value: str) -> tuple[float, ...]:
    """Return the lengths in a value, in CSS pixels."""
    numbers = ((float(re.sub(r"\s", "", number)), unit) for number, unit in NUMBER.findall(value))
    return tuple(number * PIXELS[unit] for number, unit in numbers if unit in PIXELS)


def one_length(value: str) -> float | None:
    """Return one length, calculated where it is a formula. None for a word, and for what nobody can calculate."""
    if value.startswith(("calc(", "min(", "max(", "clamp(")):
        result = _calculated(value)
        if result is None and value.startswith("min("):
            return min(lengths(value), default=None)  # what is not known can only make it less
        return result
    found = lengths(value)
    return found[0] if len(found) == 1 and SINGLE.fullmatch(value) else None


@lru_cache(maxsize=1024)
def _calculated(value: str) -> float | None:
    """Return what a formula gives; None for what is none."""
    units = {unit for _, unit in WITH_UNIT.findall(value)}
    formula = WITH_UNIT.sub(lambda part: repr(float(part[1]) * PIXELS.get(part[2], 0.0)), value)
    if len(value) > LONGEST_FORMULA or not units <= PIXELS.keys() or not FORMULA.fullmatch(formula):
        return None
    try:
        return _sum(ast.parse(formula, mode="eval").body)
    except (SyntaxError, ValueError, ArithmeticError, RecursionError, IndexError, TypeError):
        return None


def _sum(node: ast.expr) -> float:
    """Return the value of a part of a formula. Raises ValueError for what is no sum."""
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        return float(node.value)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.UAdd, ast.USub)):
        operand = _sum(node.operand)
        return -operand if isinstance(node.op, ast.USub) else operand
    if isinstance(node, ast.BinOp) and type(node.op) in SUMS:
        return SUMS[type(node.op)](_sum(node.left), _sum(node.right))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return FUNCTIONS[node.func.id]([_sum(one) for one in node.args])
    raise ValueError(node)


def factor(value: str) -> float | None:
    """Return a number, or a share of a hundred; None for what is neither."""
    match = re.fullmatch(r"([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)(%?)", value)
    if match:
        return float(match[1]) / (100 if match[2] else 1)
    return _calculated(value) if value.startswith(("calc(", "min(", "max(", "clamp(")) and "%" not in value else None
