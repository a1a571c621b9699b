"""Write figures, aims, date and machine into docs/performance.md."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from benchmarks import scenarios
from benchmarks.measuring import machine, middle
from benchmarks.scenarios import Column
from benchmarks.variants import FEEDPUB, NAIVE

DOCUMENT = Path(__file__).parent.parent / "docs" / "performance.md"
BEGIN, END = "<!-- made by `make bench` -->\n", "<!-- end -->\n"


def write(
    daily: Sequence[Column], walks: Sequence[Column], hosts: dict[str, float], state: dict[str, list[float]]
) -> str:
    """Put the figures into their place in the document, and return them. The text around them is written by hand."""
    made = "\n".join([
        f"{date.today():%Y-%m-%d}, {machine()}.\n",  # noqa: DTZ011 - the day where it was measured
        *_table(daily), "", *_table(walks), "", *_aims(daily, walks, hosts, state),
    ])  # fmt: skip
    text = DOCUMENT.read_text(encoding="utf-8")
    head, _, rest = text.partition(BEGIN)
    DOCUMENT.write_text(f"{head}{BEGIN}\n{made}\n\n{END}{rest.partition(END)[2]}", encoding="utf-8")
    return made


def _table(columns: Sequence[Column]) -> list[str]:
    names = list(dict.fromkeys(name for c in columns for name in c.runs))
    rows = [f"| | {' | '.join(c.name for c in columns)} |", "|---|" + "---|" * len(columns)]
    return [*rows, *(f"| {name} | {' | '.join(_cell(c, name) for c in columns)} |" for name in names)]


def _cell(column: Column, name: str) -> str:
    """Return CPU, its share of the naive script's with the middle half of the rounds, peak memory and requests."""
    runs = column.runs.get(name)
    if not runs:
        return "–"
    share = ""
    if name != NAIVE.name and NAIVE.name in column.runs:
        median, low, high = middle(column.ratios(name, NAIVE.name))
        share = f" **{median:.2f}** ({low:.2f}–{high:.2f}),"
    cpu = statistics.median(r.cpu for r in runs)
    peak = max(r.peak for r in runs) / 1e6
    requests = sorted({r.requests for r in runs})
    told = f"{requests[0]}" if len(requests) == 1 else f"{requests[0]}–{requests[-1]}"
    return f"{cpu:.2f} s,{share} {peak:.0f} MB, {told} req."


def _aims(
    daily: Sequence[Column], walks: Sequence[Column], hosts: dict[str, float], state: dict[str, list[float]]
) -> list[str]:
    def share(column: Column) -> float:
        return statistics.median(column.ratios(FEEDPUB.name, NAIVE.name))

    def median(name: str) -> float:
        return statistics.median(state[name])

    first, quiet, new, _ = daily
    few, many = (statistics.median(r.cpu for r in w.runs[FEEDPUB.name]) for w in walks)
    linear = many / scenarios.ARTICLES / (few / scenarios.FEW)
    large = walks[-1].runs[FEEDPUB.name]
    quiet_ratio = statistics.median(
        b / a for a, b in zip(state["quiet, few"], state["quiet, many"], strict=True)
    )  # fmt: skip
    written, files = median("written, few") * 1000, median("files, few")
    rows = [
        ("nothing new", "≤ 0.20", f"{share(quiet):.2f}, {_requests(quiet)}"),
        ("first 20 items, all outputs", "≤ 0.40", f"{share(first):.2f}, {_requests(first)}"),
        ("one new article", "≤ 0.30", f"{share(new):.2f}, {_requests(new)}"),
        (f"backfill of {scenarios.ARTICLES}", "≤ 0.20", f"{share(walks[-1]):.2f}"),
        ("its peak memory", "≤ 60 MB", f"{max(r.peak for r in large) / 1e6:.0f} MB"),
        (f"time per article, compared with a backfill of {scenarios.FEW}", "0.90–1.10", f"{linear:.2f}"),
        (
            f"{scenarios.HOSTS} hosts of {scenarios.ON_EACH} articles, each answer taking"
            f" {scenarios.LATENCY * 1000:.0f} ms",
            "at the same time",
            f"{hosts[str(scenarios.HOSTS)]:.1f} s, one host alone {hosts['1']:.1f} s",
        ),
        (
            "all outputs after one change, 50 items in a feed",
            "≤ 30 ms",
            f"{written:.0f} ms ({files:.0f} files, each in three forms)",
        ),
        (f"the same with {scenarios.KEPT:,} items kept", "the same", f"{median('written, many') * 1000:.0f} ms"),
        (f"nothing new, {scenarios.KEPT:,} items in the state, compared with few", "≤ 1.2", f"{quiet_ratio:.2f}"),
        ("the state, per item", "stated", f"{median('bytes an item') / 1000:.1f} kB"),
        ("the published files, per item", "stated", f"{median('bytes a file') / 1000:.1f} kB"),
    ]
    return ["| | aim | here |", "|---|---|---|", *(f"| {a} | {b} | {c} |" for a, b, c in rows)]


def _requests(column: Column) -> str:
    found = {r.requests for r in column.runs[FEEDPUB.name]}
    return f"{min(found)} request{'s' if max(found) > 1 else ''}"
