"""How each source is → metrics for Prometheus, as node_exporter's textfile collector reads them.

Sole holder of prometheus_client. Names follow https://prometheus.io/docs/practices/naming/: base units, and instants in
place of ages, which would be wrong from the next second on. Who wants an age writes ``time() - …`` in the query.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily

from feedpub.conditions import State

OF_SOURCE = ("source",)


@dataclass(frozen=True, slots=True)
class Measured:
    """A source in numbers. An instant that is None is left out: there was no such thing yet."""

    id: str
    state: State
    is_closed: bool = False
    last_success: datetime | None = None
    newest: datetime | None = None  # the date of its newest item
    items: int = 0
    failures: int = 0  # in a row
    unvisited: int = 0  # articles that a listing has named and nobody has asked for yet


def metrics(sources: Sequence[Measured], last_run: datetime | None, version: str) -> bytes:
    """Return the file. ``last_run`` is when a run last noted something: once an hour while all is well."""
    registry = CollectorRegistry()  # the library's own would add those of this process, which has ended when it is read
    registry.register(_Families(sources, last_run, version))
    data: bytes = generate_latest(registry)
    return data


class _Families:
    """What a registry asks for its metrics."""

    def __init__(self, sources: Sequence[Measured], last_run: datetime | None, version: str) -> None:
        self.sources = sources
        self.last_run = last_run
        self.version = version

    def collect(self) -> Iterator[GaugeMetricFamily]:
        info = GaugeMetricFamily("feedpub_build_info", "The version of feedpub.", labels=("version",))
        info.add_metric((self.version,), 1)
        yield info
        yield _family(
            "feedpub_last_run_timestamp_seconds",
            "When a run last noted something: at least once an hour while runs come.",
            [((), _seconds(self.last_run))],
        )
        yield self._states()
        sources = self.sources
        yield _of_each(
            "last_success_timestamp_seconds", "When all was last well, noted once an hour.",
            ((one.id, _seconds(one.last_success)) for one in sources),
        )  # fmt: skip
        yield _of_each(
            "newest_item_timestamp_seconds", "The date of the newest item.",
            ((one.id, _seconds(one.newest)) for one in sources),
        )  # fmt: skip
        yield _of_each("items", "Items that are published.", ((one.id, one.items) for one in sources))
        yield _of_each(
            "consecutive_failures", "Failures in a row, of the page that fails for longest.",
            ((one.id, one.failures) for one in sources),
        )  # fmt: skip
        yield _of_each(
            "unvisited_pages", "Articles that a listing has named and nobody has asked for yet.",
            ((one.id, one.unvisited) for one in sources),
        )  # fmt: skip
        yield _of_each("closed", "1 if the source was closed for good.", ((one.id, one.is_closed) for one in sources))

    def _states(self) -> GaugeMetricFamily:
        words = "1 for the state that the source is in, 0 for all others; `feedpub status` says what they mean."
        family = GaugeMetricFamily("feedpub_source_state", words, labels=(*OF_SOURCE, "state"))
        for one in self.sources:
            for state in State:
                family.add_metric((one.id, state.value), one.state is state)
        return family


def _of_each(name: str, words: str, values: Iterable[tuple[str, float | None]]) -> GaugeMetricFamily:
    return _family(f"feedpub_source_{name}", words, (((source,), value) for source, value in values), OF_SOURCE)


def _family(
    name: str, words: str, values: Iterable[tuple[Sequence[str], float | None]], labels: Sequence[str] = ()
) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, words, labels=labels)
    for of, value in values:
        if value is not None:
            family.add_metric(of, value)
    return family


def _seconds(instant: datetime | None) -> float | None:
    return instant.timestamp() if instant else None
