"""How much a host is asked: pauses between requests, a budget for the run, and rest for a host that fails."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from feedpub.backoff import Backoff
from feedpub.collecting.fetch import headers
from feedpub.collecting.fetch.manners import Clock, Manners, Memory
from feedpub.errors import Resting
from feedpub.model import Rest

RETRY = Backoff()  # of a host that fails to serve us in one run after another
OUT_OF_TIME = "is not asked for: the time of this run is over, and the next one goes on"
PACED = "robots.txt asks for {:g} s between two requests"


class Rests:
    """The hosts that this run asks: when each was asked last, how often, and which are left in peace."""

    def __init__(self, memory: Memory, clock: Clock, manners: Manners) -> None:
        self.memory = memory
        self._clock = clock
        self._budget = manners.budget
        self._longest_pause = manners.longest_pause
        self._deadline = manners.deadline
        self._over: dict[str, Rest] = {}  # host -> a rest that ended in this run
        self._spent: Counter[str] = Counter()  # host -> requests
        self._began = clock.monotonic()
        # host -> when its last answer was over
        self._answered = {host: self._began - ago for host, ago in memory.asked.items()}
        self._slow = {host: rest.why for host, rest in memory.rests.items()}  # what an earlier run has said of them

    def wait_for_turn(self, host: str, pace: float, wanted: str, patience: float) -> None:
        """Wait until the host may be asked again, and count the request.

        ``pace`` is the seconds between two requests, ``wanted`` the page that the
        request is for, ``patience`` the seconds that it may take. Raises Resting
        if the host is not to be asked in this run any more.
        """
        self._require_rested(host, wanted)
        if self._budget is not None and self._spent[host] >= self._budget:
            raise Resting(wanted, f"is not asked for: this run has made its {self._budget} requests to {host}")
        pause = self._pause_left(host, pace)
        if pause > self._longest_pause:
            self._leave_for(host, pace)
            self._require_rested(host, wanted)
        if self._clock.monotonic() + pause >= self._deadline:
            raise Resting(wanted, OUT_OF_TIME, is_out_of_time=True)
        self._clock.beat(pause + patience)
        if pause > 0:
            self._clock.sleep(pause)
        self._spent[host] += 1

    def note_answer(self, host: str, pace: float) -> None:
        """Begin the pause after an answer, or after waiting for one in vain. Later runs keep to a long one as well."""
        self._answered[host] = self._clock.monotonic()
        if pace > self._longest_pause and host not in self.memory.rests:
            self._leave_for(host, pace)

    def note_service(self, host: str) -> None:
        """End the host's rest: it serves us again."""
        rest = self.memory.rests.pop(host, None)
        if rest:
            self._over[host] = rest

    def note_failure(self, host: str, why: str, retry_after: str | None = None) -> None:
        """Leave a host in peace that does not serve us.

        A Retry-After counts (RFC 9110, 10.2.3), up to a day. Otherwise the host
        has no rest at first; from the fourth run on it has an hour, two, four, at
        last a day, spread a little.
        """
        now = self._clock.now
        before = self.memory.rests.get(host) or self._over.get(host)  # it served something in between
        is_same_run = before is not None and before.asked == now
        failures = (before.failures if before else 0) + (not is_same_run)
        until = (now + self._rest_after(failures, retry_after)).replace(microsecond=0)
        if before and is_same_run:
            until = max(until, before.until)
        self.memory.rests[host] = Rest(until, why, failures, now)

    def _leave_for(self, host: str, pace: float) -> None:
        """Leave a host in peace for the seconds that it wants between two requests."""
        since_start = self._answered[host] - self._began
        until = self._clock.now + timedelta(seconds=since_start + pace)
        self.memory.rests[host] = Rest(until.replace(microsecond=0), PACED.format(pace), 0, self._clock.now)

    def _rest_after(self, failures: int, retry_after: str | None) -> timedelta:
        asked_for = headers.retry_after(retry_after, self._clock.now)
        if asked_for is not None:
            return min(asked_for, RETRY.longest)
        return RETRY.wait(failures) * self._clock.jitter()

    def _pause_left(self, host: str, pace: float) -> float:
        if host not in self._answered:
            return 0.0
        return max(0.0, self._answered[host] + pace - self._clock.monotonic())

    def _require_rested(self, host: str, wanted: str) -> None:
        now, rest = self._clock.now, self.memory.rests.get(host)
        if rest and rest.asked <= now < rest.until:  # a clock that was ahead is no reason to wait
            until = f"{rest.until:%Y-%m-%d %H:%M} UTC"
            why = f"is not asked for: its site is left in peace until {until}, since {rest.why}"
            raise Resting(wanted, why, is_said=rest.asked < now or self._slow.get(host) == rest.why)
