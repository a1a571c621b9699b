"""Sixty days of runs in which something is wrong with a council's site or with this machine: what an operator reads.

All is real but the clock and, where a disk is full, the write that fails. The council has news every third day. The
table is made by `python -m benchmarks.outages`; tests/test_outages.py keeps its limits.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import ssl
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import (
    AbstractContextManager,
    ExitStack,
    closing,
    contextmanager,
    nullcontext,
    redirect_stderr,
    redirect_stdout,
)
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from io import StringIO
from pathlib import Path
from unittest.mock import patch
from zoneinfo import ZoneInfo

import trustme

from feedpub import cli
from tests.clock import A_DAY, AN_HOUR, BEGIN, Clock, set_by_test
from tests.council import CONFIG, PAGE, Council, Ran, accepting
from tests.drupal.server import Handler, Served, serve
from tests.drupal.site import Answer, Site

KYIV = ZoneInfo("Europe/Kyiv")
DAYS = 60
NEWS_EVERY = 3  # days
HISTORY = 20  # articles before the first run
CHALLENGE = "<html><head><title>Just a moment...</title></head><body><h1>Checking your browser</h1></body></html>"
REBUILT = "<html><body><main><p>Вітаємо на новому сайті громади!</p></main></body></html>"
FORBIDS = b"User-agent: *\nDisallow: /\n"
FOREIGN = "<p>The best casino bonus of the week is here for you, with free spins and no deposit at all, offer {}.</p>"


def publish(site: Site, *instants: datetime) -> None:
    """The council publishes an article at each of these instants."""
    for utc in instants:
        newest = site.articles[-1]
        number = newest.number + 3
        body = f"<p>Повідомлення {number} для мешканців громади.</p>"
        article = replace(newest, number=number, alias=f"content/n{number}", title=f"Новина {number}", body=body)
        site.articles.append(replace(article, utc=utc, date=f"{utc.astimezone(KYIV):%d/%m/%Y - %H:%M}"))


class WholeSite(Site):
    """A site that may answer the same everywhere, as one that is down does."""

    everywhere: Answer | None = None

    def answer(self, method: str, path: str, headers: Mapping[str, str], base_url: str) -> Answer:
        return self.everywhere or super().answer(method, path, headers, base_url)


class Town(Council):
    """A council's site at one port, and feedpub beside it in this process, by the time of a test."""

    site: WholeSite

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.clock = clock
        self.true_now = clock.now  # by the site's clock, and by the sun
        self.ahead = timedelta(0)  # this machine's clock of that
        site = WholeSite(page_size=100)  # so that each article is on the first page
        site.articles = site.articles[-1:]
        publish(site, *(BEGIN - n * NEWS_EVERY * A_DAY - AN_HOUR for n in range(HISTORY, 0, -1)))
        super().__init__(folder, site, Served("http://127.0.0.1:0"), None)  # type: ignore[arg-type]
        self.opening_hours = ExitStack()
        self.open()
        self.configure()

    def feedpub(self, *words: str) -> Ran:
        out, err = StringIO(), StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = cli.main([*words, "--config", str(self.config)])
        return Ran(code, out.getvalue(), err.getvalue())

    def at(self, hour: int) -> None:
        """Set the clocks to an hour of the test."""
        self.true_now = BEGIN + hour * AN_HOUR
        self.clock.now = self.true_now + self.ahead

    def open(self) -> None:
        """Let somebody answer at the site's port."""
        port = int(self.served.url.rpartition(":")[2])
        self.served = self.opening_hours.enter_context(serve(self.site, port, self.handler()))

    def close(self) -> None:
        """Let nobody answer there."""
        self.opening_hours.close()

    def handler(self) -> type[Handler]:
        town = self

        class Punctual(Handler):
            """Says the time of the test in its Date header."""

            def date_time_string(self, timestamp: float | None = None) -> str:
                return format_datetime(town.true_now, usegmt=True)

        return Punctual

    @property
    def state_now(self) -> str:
        """How the source is, as the state has it."""
        return self._in_state("SELECT state FROM watch WHERE source = 'zrazkiv'") or "well"

    @property
    def items_known(self) -> int:
        return int(self._in_state("SELECT count(*) FROM item WHERE gone IS NULL"))

    def _in_state(self, sql: str) -> str:
        with closing(sqlite3.connect(self.state)) as db:
            row = db.execute(sql).fetchone()
        return str(row[0]) if row else ""


Trouble = Callable[[Town], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True)
class Outage:
    """What happens in some of the hours, and what may be said of it in all the days."""

    name: str
    limit: int  # messages
    trouble: Trouble
    hours: range
    of_each_day: bool = False  # the hours are those of each day
    is_silent: bool = False  # the council has no news meanwhile
    ends: Callable[[Town], None] = lambda _: None  # what the operator does at the end of it

    def is_on(self, hour: int) -> bool:
        return (hour % 24 if self.of_each_day else hour) in self.hours

    def is_over_after(self, days: int) -> bool:
        """Whether it has ended before the last of so many days."""
        return self.of_each_day or self.hours.stop <= (days - 1) * 24


@dataclass(slots=True)
class Seen:
    """What was seen in all the runs."""

    states: list[str] = field(default_factory=list)  # each once, in the order of their coming
    messages: list[str] = field(default_factory=list)
    codes: Counter[int] = field(default_factory=Counter)  # of how many runs each was the exit code
    last_state: str = "well"
    lacking: int = 0  # articles that the site has at the end, and the feeds lack

    @property
    def is_said_to_be_well_again(self) -> bool:
        return any("well again" in line for line in self.messages)

    def note(self, ran: Ran, state: str) -> None:
        self.messages += ran.err.splitlines()
        self.codes[ran.code] += 1
        self.last_state = state
        if state not in self.states:
            self.states.append(state)


def lived(folder: Path, outage: Outage, *, days: int = DAYS, step: int = 1) -> Seen:
    """Run feedpub every so many hours for so many days. Return what was seen."""
    seen = Seen()
    with set_by_test(BEGIN) as clock, ExitStack() as town_s, ExitStack() as trouble:
        town = Town(folder, clock)
        town_s.callback(town.close)
        is_on = False
        for hour in range(0, days * 24, step):
            town.at(hour)
            if hour % (24 * NEWS_EVERY) == 0 and not (outage.is_silent and is_on):
                publish(town.site, town.true_now - AN_HOUR)
            if outage.is_on(hour) and not is_on:
                trouble.enter_context(outage.trouble(town))
            elif is_on and not outage.is_on(hour):
                outage.ends(town)
                trouble.close()
            is_on = outage.is_on(hour)
            town.at(hour)
            seen.note(town.feedpub("run"), town.state_now)
        seen.lacking = len(town.site.articles) - town.items_known
    return seen


def problems(outage: Outage, seen: Seen, days: int) -> list[str]:
    """Return what an operator would be angry about."""
    wrong = []
    if len(seen.messages) > outage.limit:
        wrong.append(f"{len(seen.messages)} messages, where {outage.limit} are enough")
    if outage.limit and not seen.messages:
        wrong.append("nothing was said")
    if outage.is_over_after(days) and (seen.last_state, seen.lacking) != ("well", 0):
        wrong.append(f"at the end it is {seen.last_state}, and the feeds lack {seen.lacking} articles")
    return wrong


# ------------------------------------------------------------ what happens


def nothing(_town: Town) -> AbstractContextManager[None]:
    return nullcontext()


def answers(status: int, body: str = "<h1>Помилка</h1>", path: str = "/") -> Trouble:
    return leads_to(Answer(status, PAGE, body.encode()), path)


def leads_to(answer: Answer, path: str = "/") -> Trouble:
    @contextmanager
    def brought(town: Town) -> Iterator[None]:
        town.site.overrides[path] = answer
        yield
        del town.site.overrides[path]

    return brought


def answers_everywhere(status: int, body: str = "<h1>Помилка</h1>") -> Trouble:
    @contextmanager
    def brought(town: Town) -> Iterator[None]:
        town.site.everywhere = Answer(status, (*PAGE, ("Content-Length", str(len(body.encode())))), body.encode())
        yield
        town.site.everywhere = None

    return brought


def one_article_fails(town: Town) -> AbstractContextManager[None]:
    return answers(500, path=town.site.articles[-2].href)(town)


def leads_elsewhere(town: Town) -> AbstractContextManager[None]:
    other = town.served.url.replace("127.0.0.1", "localhost")
    return leads_to(Answer(302, (("Location", f"{other}/"),)))(town)


@contextmanager
def nobody_answers(town: Town) -> Iterator[None]:
    town.close()
    yield
    town.open()


@contextmanager
def is_hacked(town: Town) -> Iterator[None]:
    publish(town.site, *[town.true_now - AN_HOUR] * 30)
    for place in range(-30, 0):
        article = town.site.articles[place]
        town.site.articles[place] = replace(article, title=f"Casino {-place}", body=FOREIGN.format(-place))
    yield


def give_the_codes(town: Town) -> None:
    """The operator accepts what `feedpub status` names; and once more, if there is something new by then."""
    ran = town.feedpub("run", *accepting(town.feedpub("status").out))
    if ran.code:
        ran = town.feedpub("run", *accepting(ran.err))
    assert ran.code == 0, ran.err


@contextmanager
def certificate_has_expired(town: Town) -> Iterator[None]:
    """The site leads to https, where the certificate is of yesterday."""
    authority, file = trustme.CA(), town.folder / "authority.pem"
    authority.cert_pem.write_to_path(str(file))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", not_after=datetime.now(UTC) - A_DAY).configure_cert(context)
    with patch.dict(os.environ, {"REQUESTS_CA_BUNDLE": str(file)}), serve(town.site, 0, Handler, context) as served:
        host = served.url.partition("://")[2]
        town.configure(CONFIG + f'hosts = ["{host}"]\n')
        with leads_to(Answer(302, (("Location", f"https://{host}/"),)))(town):
            yield
    town.configure()


@contextmanager
def disk_is_full(town: Town) -> Iterator[None]:
    publish(town.site, town.true_now - AN_HOUR / 2)
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    with patch("feedpub.publishing.folder.replace_file", side_effect=full):
        yield


@contextmanager
def clock_is_ahead(town: Town) -> Iterator[None]:
    town.ahead = timedelta(days=400)
    yield
    town.ahead = timedelta(0)


def hours(first_day: int, *, days: float) -> range:
    return range(first_day * 24, int((first_day + days) * 24))


ROBOTS = Answer(200, (("Content-Type", "text/plain"),), FORBIDS)
FIFTY_DAYS = hours(5, days=50)
OUTAGES = (
    Outage("nothing", 0, nothing, range(0)),
    Outage("the site answers 500 for 48 hours", 2, answers_everywhere(500), hours(5, days=2)),
    Outage(
        "the site answers 500 for four hours each night", 8, answers_everywhere(500), range(12, 16), of_each_day=True
    ),
    Outage("nobody answers (connection refused) for 5 days", 4, nobody_answers, hours(5, days=5)),
    Outage("the certificate has expired, for 3 days", 4, certificate_has_expired, hours(5, days=3)),
    Outage("one article answers 500 for ever", 1, one_article_fails, hours(5, days=99)),
    Outage("the listing is gone (404) for 50 days", 5, answers(404), FIFTY_DAYS),
    Outage("the council is silent for 50 days", 5, nothing, FIFTY_DAYS, is_silent=True),
    Outage("the whole site has another template for 20 days", 4, answers_everywhere(200, REBUILT), hours(5, days=20)),
    Outage(
        "a guard's challenge in place of each page for 3 days", 3, answers_everywhere(200, CHALLENGE), hours(5, days=3)
    ),
    Outage("robots.txt forbids everything for a week", 3, leads_to(ROBOTS, "/robots.txt"), hours(5, days=7)),
    Outage("the site refuses us (403) for 20 days", 4, answers_everywhere(403), hours(5, days=20)),
    Outage("the listing leads to another host for 10 days", 4, leads_elsewhere, hours(5, days=10)),
    Outage(
        "the site is hacked; the operator accepts it after a day", 2, is_hacked, hours(5, days=1), ends=give_the_codes
    ),
    Outage("the disk of the feeds is full for a day", 2, disk_is_full, hours(5, days=1)),
    Outage("this machine's clock is 400 days ahead for a day", 2, clock_is_ahead, hours(5, days=1)),
)
