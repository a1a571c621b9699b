"""What is known of the objects in a bucket: from this run, and by the state from earlier ones."""

from __future__ import annotations

from collections.abc import Mapping

from feedpub.store.objects import Objects, Seen


class Memory:
    """The objects of one place, by source. A run notes much and writes it down now and then."""

    def __init__(self, place: str, objects: Objects | None) -> None:
        """``objects``: the state's; None: there is no state, and nothing is known."""
        self.place = place
        self._objects = objects
        self._seen: dict[str, dict[str, Seen]] = {}
        self._unsaved: dict[str, dict[str, Seen | None]] = {}

    def seen(self, source: str) -> Mapping[str, Seen]:
        """Return a source's objects by name, as last seen."""
        if source not in self._seen:
            self._seen[source] = self._objects.seen(self.place, source) if self._objects else {}
        return self._seen[source]

    def note(self, source: str, objects: Mapping[str, Seen | None]) -> None:
        """Remember how these objects are now; None: they are gone."""
        known = self.seen(source)
        news = {name: one for name, one in objects.items() if known.get(name) != one}
        self._unsaved.setdefault(source, {}).update(news)
        self._seen[source] = {name: one for name, one in {**known, **news}.items() if one}

    def save(self, source: str) -> None:
        """Write down in the state what was noted. Where a run is killed before, the next one looks."""
        news = self._unsaved.pop(source, None)
        if news and self._objects:
            self._objects.put_seen(self.place, source, news)

    def forget(self, source: str) -> None:
        """Forget a source: whoever wants to know has to look."""
        self._seen.pop(source, None)
        self._unsaved.pop(source, None)
        if self._objects:
            self._objects.forget(self.place, source)
