"""How all sources are → one page for their operator. It is no part of what is published.

It is made as the published pages are: static, with a policy (CSP) of its own, without a script and without another
file. Its size is bounded, however many sources there are: the worst have charts, the others a line, the last a number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup, escape

from feedpub import text
from feedpub.conditions import SEVERITY, Condition, Figures, State
from feedpub.publishing.page.assets import asset, policy_of_style, templates
from feedpub.publishing.page.charting import chart_of

CHARTS = 24  # sources that have charts, of 8 kB each
LINES = 1500  # further sources, of 0.2 to 0.8 kB each
LONGEST_LINE, LONGEST_CARD = 160, 1000  # characters of a reason
LONGEST_TITLE = 120
SIGNS = {  # beside the word, for those who look over many; each has a shape of its own
    State.BROKEN: "✖", State.STOPPED: "■", State.GONE: "▲", State.DRIFTING: "◆", State.STALE: "◐", State.RESTING: "○",
    State.WELL: "●",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plight:
    """A source, as its operator sees it."""

    id: str
    title: str
    language: str  # of the title
    home: str
    condition: Condition
    since: datetime | None  # None: it was always so, or that is not known
    is_closed: bool
    last_success: datetime | None
    newest: datetime | None  # the date of its newest item; None: it has none
    figures: Sequence[Figures] = ()  # for its charts; (): it has none

    @property
    def place(self) -> tuple[int, bool]:
        """By which sources are sorted: the worst first, those that nobody asks any more last."""
        return SEVERITY[self.condition.state], self.is_closed

    @property
    def name(self) -> str:
        return _clipped(self.title, LONGEST_TITLE)

    @property
    def sign(self) -> str:
        return "–" if self.is_closed else SIGNS[self.condition.state]

    @property
    def state(self) -> str:
        return "closed" if self.is_closed else self.condition.state.value


@dataclass(frozen=True, slots=True)
class Survey:
    """All sources, and what is wrong beside them."""

    host: str  # where readers find the feeds
    as_of: datetime | None  # when a run last noted something; None: none did
    sources: Sequence[Plight]
    notes: Sequence[str]  # councils' files that cannot be used, sources that nobody has configured


def status_page(survey: Survey) -> bytes:
    """Return the page: how many sources are how, then each source, the worst first."""
    sources = sorted(survey.sources, key=lambda one: one.place)
    listed = [one for one in sources if not one.figures]
    shown = [*(one for one in sources if one.figures), *listed[:LINES]]
    parts = [
        ("These need a hand", [one for one in shown if one.condition.state.needs_hand]),
        ("All others", [one for one in shown if not one.condition.state.needs_hand]),
    ]
    values = {
        "survey": survey,
        "counts": list(_counts(sources)),
        "parts": parts,
        "is_all_well": not parts[0][1],
        "unshown": len(sources) - len(shown),
        "policy": policy_of_style("watching.css"),
        "style": asset("watching.css"),
        "chart_of": chart_of,
        "in_line": lambda words: _said(words, LONGEST_LINE),
        "in_full": lambda words: _said(words, LONGEST_CARD),
    }
    return templates().get_template("watching.html").render(values).encode()


def _counts(sources: Sequence[Plight]) -> Iterator[tuple[str, str, int]]:
    """Yield the sign, the name and the number of each state that a source has."""
    counts = Counter((one.sign, one.state) for one in sources)
    for (sign, state), count in counts.items():
        yield sign, state, count


def _said(words: str, most: int) -> Markup:
    """Return words with what stands between backquotes as code: commands to be copied."""
    parts = enumerate(_clipped(words, most).split("`"))
    return Markup("").join(Markup("<code>{}</code>").format(part) if n % 2 else escape(part) for n, part in parts)


def _clipped(words: str, most: int) -> str:
    """Return words on one line, of limited length, with nothing in them that nobody sees."""
    line = text.line(words)
    return line if len(line) <= most else f"{line[: most - 1]}…"
