"""The memory of many threads, of which one works at any moment."""

from __future__ import annotations

import ctypes
import sys

ARENAS = -8  # M_ARENA_MAX of glibc's malloc.h


def share_heap() -> None:
    """Let all threads use one heap. glibc gives each some of its own, and what one has freed is of no use to others.

    A run on many councils needs a third less for it. Elsewhere nothing happens: other C libraries have one heap.
    """
    if sys.platform != "linux":
        return
    tune = getattr(ctypes.CDLL(None), "mallopt", None)
    if tune:
        tune(ARENAS, 1)
