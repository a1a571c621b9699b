"""Follow a council that has moved: its items keep their ids, and their addresses change."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

from feedpub import address
from feedpub.collecting import clocks
from feedpub.collecting.run import Run
from feedpub.consent import code_of
from feedpub.council import configured_hosts
from feedpub.errors import Held

REREAD = 50  # articles that are read again, once, when the site has moved or a person has mended the layout
MOVE = "a move"  # the objection to another home that nothing proves to be the same council's


def follow(run: Run) -> None:
    """Bring the state to the council's present home, to the present time and to the present layout.

    Raises Held if the configuration names another site, and nothing says that it is the same council's.
    """
    _follow_home(run)
    clocks.turn_back(run)
    _follow_layout(run)


def _follow_home(run: Run) -> None:
    """Follow a council that has moved, according to its ``home`` and ``formerly``."""
    state, source = run.state, run.source
    here, facts = address.origin(source.home), run.council.facts
    there = facts.origin
    if there == here:
        return
    if there is None or not state.items.is_any():
        state.put_facts(replace(facts, origin=here))
        return
    old = address.host(there)
    is_same_council = old == address.host(here) or not {old, address.site(there)}.isdisjoint(configured_hosts(source))
    if not (is_same_council or run.is_consented(MOVE, [there, here])):
        raise Held(
            source.home,
            f"what is known comes from {old}; if the council has moved from there, say formerly = [{old!r}] in its"
            " [[source]]; if this is another council, give it another id",
            code_of(source.id, MOVE, [there, here]),
        )
    with state.transaction():
        for origin in _origins(there, here):
            state.move_addresses(origin, here)
        state.visits.ask_in_full(REREAD)
        state.put_facts(replace(state.facts, origin=here))


def _origins(there: str, here: str) -> list[str]:
    """Return the origins that kept addresses of a moved site may have: every spelling of its old host."""
    if address.host(there) == address.host(here):
        return [there]  # the scheme alone
    host = there.partition("://")[2].removeprefix("www.")
    spellings = product(("http", "https"), (host, f"www.{host}"))
    return [f"{scheme}://{spelling}" for scheme, spelling in spellings]


def _follow_layout(run: Run) -> None:
    """If a person has mended the layout, ask for pages in full, even those that are "not modified"."""
    facts, layout = run.council.facts, run.council.layout.fingerprint
    if facts.layout == layout or not run.council.is_layout_known:
        return
    with run.state.transaction():
        if facts.layout is not None:
            run.state.visits.ask_in_full(REREAD)
        run.state.put_facts(replace(run.state.facts, layout=layout))
