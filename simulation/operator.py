"""The operator: reads what feedpub says each morning, looks at the site, and does what is right, or what is not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from simulation.council import KYIV
from simulation.world import Ran, World

CODE = re.compile(r"--accept ([a-z2-7]{10})")
OFFICE, HOURS = 9, 8  # from nine o'clock on, in the council's time
CLOCK = "set the clock right"
LATELY = timedelta(days=5)  # messages that are still on the desk: those of a weekend, and of a day of trouble after it


@dataclass(slots=True)
class Operator:
    """A person with a mailbox."""

    world: World
    mail: list[tuple[datetime, str]] = field(default_factory=list)
    done: list[str] = field(default_factory=list)  # in words, for a story
    worked: date | None = None  # the last day at the office

    def hear(self, ran: Ran) -> None:
        self.mail += [(ran.begun, line) for line in ran.lines]

    def at_work(self, now: datetime) -> bool:
        """Whether the operator comes to the office: once on a workday."""
        local = now.astimezone(KYIV)
        is_first = self.worked != local.date() and OFFICE <= local.hour < OFFICE + HOURS and local.weekday() < 5
        if is_first:
            self.worked = local.date()
        return is_first

    @property
    def is_wanted(self) -> bool:
        """Whether the site has moved to where feedpub may not follow by itself."""
        return self.world.council.setup.host != self.world.wants.host

    def work(self, now: datetime) -> Iterator[Ran]:
        """Answer the mail. Yield the runs that are made by hand."""
        self.mail = [(at, line) for at, line in self.mail if now - at <= LATELY]
        codes = frozenset(code for _, line in self.mail for code in CODE.findall(line))
        if self._configure_host(now) or self._set_clock():
            self.mail.clear()
        elif codes and self.is_real(now):
            self.done.append(f"{now:%Y-%m-%d %H:%M}Z the operator accepts {' '.join(sorted(codes))}")
            self.mail.clear()
            ran = self.world.run(accept=codes)
            self.hear(ran)
            yield ran

    def is_real(self, now: datetime) -> bool:
        """Whether a person sees on the site what feedpub speaks of, and sees that it is the council's own."""
        return not self.world.council.trouble(now)

    def _set_clock(self) -> bool:
        """Set the machine's clock right, if feedpub says that it is wrong. Return whether it was."""
        is_wrong = bool(self.world.clock.error) and any(CLOCK in line for _, line in self.mail)
        if is_wrong:
            self.world.clock.error = timedelta(0)
            self.done.append(f"{self.world.clock.now:%Y-%m-%d %H:%M}Z the operator sets the clock right")
        return is_wrong

    def _configure_host(self, now: datetime) -> bool:
        """Set the host to which the council has moved. Return whether there was anything to set."""
        setup, wants = self.world.council.setup, self.world.wants
        if setup.host == wants.host:
            return False
        wants.formerly = (*wants.formerly, wants.host)
        wants.host, wants.scheme = setup.host, setup.scheme
        self.done.append(f"{now:%Y-%m-%d %H:%M}Z the operator sets home to {setup.scheme}://{setup.host}/")
        self.world.configure()
        return True
