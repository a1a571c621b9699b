"""The machine that a run is on, besides its disk: a clock, and the way to other hosts. A simulation has another one."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from feedpub.collecting.fetch.watch import Dial


@dataclass(frozen=True, slots=True)
class Machine:
    """What a run asks its machine for. The clock is in UTC, to the second; the other times are seconds."""

    clock: Callable[[], datetime]
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] | None = None  # a factor near 1; None: by chance
    dial: Dial | None = None  # None: by the network
