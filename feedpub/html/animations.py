"""What an element's animations leave declared when they are over: words may come so, and go."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass

from feedpub.html.sheets import Frames
from feedpub.html.styles import ANIMATION, Declared

FOREVER = 60.0  # seconds that nobody waits for an animation
SECONDS = re.compile(r"([\d.]+)(m?s)")
LISTED = re.compile(r",(?![^(]*\))")


@dataclass(frozen=True, slots=True)
class _Animation:
    """One animation of an element, in the words of its declarations."""

    frames: Frames
    words: frozenset[str]

    def changed(self, own: Declared) -> Declared:
        """Return the declarations after the animation, if these are the element's own."""
        if "infinite" in self.words or self.words & {"alternate", "alternate-reverse"} or self._is_scrolled:
            return self._in_between(own)
        if "paused" in self.words or self._lasts_forever:
            return {**own, **self._ends[0]}
        return {**own, **self._ends[1]} if self.words & {"forwards", "both"} else own

    @property
    def _ends(self) -> tuple[Declared, Declared]:
        frames = self.frames
        return (frames.last, frames.first) if "reverse" in self.words else (frames.first, frames.last)

    @property
    def _is_scrolled(self) -> bool:
        return any(word.startswith(("view(", "scroll(", "--")) for word in self.words)

    @property
    def _lasts_forever(self) -> bool:
        times = (SECONDS.fullmatch(word) for word in self.words)
        seconds = [float(time[1]) / (1 if time[2] == "s" else 1_000) for time in times if time]
        return any(second >= FOREVER for second in seconds)

    def _in_between(self, own: Declared) -> Declared:
        """Return what is declared at all times: of a value that changes, nobody can say."""
        values = {name: {*some, own[name]} if name in own else some for name, some in self.frames.values.items()}
        steady = {name: value for name, value in own.items() if len(values.get(name, "1")) == 1}
        at_both_ends = self.frames.first.items() & self.frames.last.items()
        return steady | {name: value for name, value in at_both_ends if len(self.frames.values[name]) == 1}


def animated(own: Declared, strong: Set[str], frames: Mapping[str, Frames]) -> Declared:
    """Return an element's declarations after its animations. Important ones (``strong``) do not change."""
    if not frames or ANIMATION.isdisjoint(own):
        return own
    after = own
    for animation in _animations(own, frames):
        after = animation.changed(after)
    return {**after, **{name: own[name] for name in strong if name in own}}


def _animations(own: Declared, frames: Mapping[str, Frames]) -> Iterator[_Animation]:
    declared = [own[name] for name in sorted(ANIMATION & own.keys()) if name.endswith("animation")]
    whole = [LISTED.split(value) for value in declared]
    longhands = {name: LISTED.split(own[name]) for name in ANIMATION & own.keys() if not name.endswith("animation")}
    for at in range(max(map(len, [*whole, *longhands.values()]))):
        parts = [values[at % len(values)] for values in (*whole, *longhands.values())]
        words = frozenset(" ".join(parts).split())
        for name in sorted(words & frames.keys()):
            yield _Animation(frames[name], words)
