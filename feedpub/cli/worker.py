"""worker: update councils beside other workers, on this and other machines, until it is told to stop."""

from __future__ import annotations

import argparse
import asyncio
import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from importlib.util import find_spec
from typing import TYPE_CHECKING

from feedpub.cli import FINE
from feedpub.cli.session import Session, loaded_for_a_site, on_state, say_broken
from feedpub.cli.speech import Speech
from feedpub.config import Config
from feedpub.errors import ConfigError, StoreError
from feedpub.postgres_url import PostgresUrl

if TYPE_CHECKING:
    from feedpub.cli.jobs import Jobs
    from feedpub.cli.working import Work

GRACE = 20.0  # seconds for what is under way, once the worker is told to stop
A_SECOND = 1.0


def command(args: argparse.Namespace, speech: Speech) -> int:
    settings = loaded_for_a_site(args)
    url = _require_server(settings)
    code = say_broken(settings, speech)
    return max(code, on_state(settings, speech, lambda session: _work(session, url)))


def _require_server(settings: Config) -> PostgresUrl:
    if not isinstance(settings.state, PostgresUrl):
        raise ConfigError([
            f"{settings.path}: [state] url: a worker shares its state with others, so it must be a PostgreSQL server;"
            " with a file, let cron call `feedpub run`"
        ])  # fmt: skip
    if find_spec("procrastinate") is None:
        raise ConfigError(["`feedpub worker` needs a package that is not installed: pip install 'feedpub[worker]'"])
    return settings.state


def _work(session: Session, url: PostgresUrl) -> int:
    from feedpub.cli.heap import share_heap
    from feedpub.cli.jobs import AT_CARE, OF_THE_QUEUE, Jobs
    from feedpub.cli.logged import logged
    from feedpub.cli.working import Work
    from feedpub.store.postgres import PostgresDatabase
    from feedpub.store.turns import HostTurns

    share_heap()
    hosts_at_once = session.settings.fetch.hosts_at_once
    pool = ThreadPoolExecutor(hosts_at_once + AT_CARE + 1, thread_name_prefix="worker")
    with closing(HostTurns(PostgresDatabase(url))) as turns, logged(session.speech):
        work = Work(session, turns)
        jobs = Jobs(work, url, pool)
        try:
            asyncio.run(_until_stopped(work, jobs))
        except OF_THE_QUEUE as error:
            raise jobs.wrapped(error) from error
        pool.shutdown()
    return FINE


async def _until_stopped(work: Work, jobs: Jobs) -> None:
    """Do jobs until a signal comes. Raises StoreError once nothing can be kept any more, or the queue is gone."""
    from feedpub.cli.logged import hear_tasks

    hear_tasks(work.session.speech)
    async with jobs.app.open_async():
        await jobs.set_up()
        await jobs.call_front()  # perhaps a worker was killed before it did
        speech, hosts_at_once = work.session.speech, work.session.settings.fetch.hosts_at_once
        speech.note(f"{len(work.sources)} sources, {hosts_at_once} hosts at once; Ctrl-C ends this worker")
        working = asyncio.create_task(jobs.run(hosts_at_once, GRACE))
        flushing = asyncio.create_task(_flush_often(work, jobs))
        jobs.on_failure = working.cancel
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, working.cancel)
        await asyncio.wait([working])
        flushing.cancel()
        if jobs.failure:
            raise jobs.failure
        if not working.cancelled():
            working.result()


async def _flush_often(work: Work, jobs: Jobs) -> None:
    with suppress(StoreError):  # it ends the jobs, and is raised there
        while True:
            await asyncio.sleep(A_SECOND)
            await jobs.in_thread(work.flush)
