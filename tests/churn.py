"""The table of the unread-churn trial, filled by its tests and printed at the end of the run."""

from __future__ import annotations

TABLE: list[tuple[str, int, dict[str, int]]] = []  # scenario, items that are new, what each reader shows as new


def lines() -> list[str]:
    if not TABLE:
        return []
    names = list(TABLE[0][2])
    head = f"{'between two runs':26}{'new':>5}" + "".join(f"{n:>12}" for n in names)
    return [head, *(f"{s:26}{t:>5}" + "".join(f"{shown[n]:>12}" for n in names) for s, t, shown in TABLE)]
