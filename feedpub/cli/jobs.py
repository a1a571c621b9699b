"""The jobs of workers, in Procrastinate's queue on the server of the state: who does what, and when.

Which sources are due stands in the state, so the queue holds nothing that cannot be called again. A periodic job calls
for what is due; each source has a job of its own, and those that share a host have a lock in common. Another periodic
job takes back what workers held that were killed: Procrastinate leaves that to us.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import suppress
from typing import Any, TypeVar

from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Status

from feedpub.cli.working import Work
from feedpub.errors import StoreError
from feedpub.postgres_url import PostgresUrl
from feedpub.store.driver import psycopg, said_by
from feedpub.store.postgres_connections import TO_CONNECT

T = TypeVar("T")
UPDATES, CARE = "feedpub-updates", "feedpub-care"  # an update may take long, and the care for them must not wait
CALLED, TAKEN_BACK = "* * * * * */15", "* * * * * */5"  # the last field is seconds
BEAT = 4.0  # seconds between two signs of life of a worker
STALLED = 12.0  # seconds without one, after which its jobs are another's
CONNECTIONS = 4  # to the server at once, of the queue
A_WHILE, LATER = 10, 30  # seconds
AT_CARE = 3  # jobs of care at once
OF_THE_QUEUE = (ConnectorException, psycopg.Error)  # what fails when the server does
SET_UP = "@queue"  # the place of a source's id in the lock under which the queue's tables are made
WORKER: dict[str, Any] = {
    "install_signal_handlers": False, "delete_jobs": "always", "update_heartbeat_interval": BEAT,
    "stalled_worker_timeout": STALLED, "fetch_job_polling_interval": 2.0,
}  # fmt: skip


class Jobs:
    """The tasks, as one worker does them: each in a thread of its pool."""

    def __init__(self, work: Work, url: PostgresUrl, pool: Executor) -> None:
        self.work = work
        self.failure: StoreError | None = None  # for which the worker ends
        self.on_failure: Callable[[], object] = lambda: None
        self._url = url
        self._pool = pool
        self.app = App(
            connector=PsycopgConnector(conninfo=url.whole, min_size=1, max_size=CONNECTIONS, timeout=TO_CONNECT),
            periodic_defaults={"max_delay": 60},
        )
        task = self.app.task
        self._update = task(name="update", queue=UPDATES)(self.update)
        self._front = task(name="front", queue=CARE, lock="front", queueing_lock="front")(self.front)
        call = task(name="call", queue=CARE, lock="call", queueing_lock="call")(self.call)
        # No lock: a worker that is killed while it takes jobs back would keep all others from doing so, for ever.
        take_back = task(name="take_back", queue=CARE, queueing_lock="taken back")(self.take_back)
        self.app.periodic(cron=CALLED)(call)
        self.app.periodic(cron=TAKEN_BACK)(take_back)

    async def set_up(self) -> None:
        """Make the tables of the queue, if they are not there."""
        store = self.work.session.store
        with store.alone(SET_UP, is_to_wait=True):
            if not await self.app.check_connection_async():
                await self.app.schema_manager.apply_schema_async()

    async def run(self, hosts_at_once: int, grace: float) -> None:
        """Do jobs until this is cancelled, and then for ``grace`` seconds to the end of those under way.

        Raises an error OF_THE_QUEUE if that cannot be used any more.
        """
        options = {**WORKER, "shutdown_graceful_timeout": grace}
        workers = [
            asyncio.create_task(self.app.run_worker_async(queues=[queue], concurrency=concurrency, **options))
            for queue, concurrency in ((UPDATES, hosts_at_once), (CARE, AT_CARE))
        ]
        try:
            await asyncio.wait(workers, return_when=asyncio.FIRST_COMPLETED)
        finally:  # none of them ends by itself while all is well
            self.work.stop()
            for worker in workers:
                worker.cancel()
            ended = await asyncio.gather(*workers, return_exceptions=True)
        for error in ended:
            if isinstance(error, Exception):
                raise error
        await self.app.check_connection_async()

    async def call(self, timestamp: int) -> None:
        """Make a job for each source that is due and has none."""
        due = await self.in_thread(self.work.due)
        jobs = [*await self._jobs("todo"), *await self._jobs("doing")] if due else []
        known = {job.queueing_lock for job in jobs}
        for source in due:
            if source.id not in known:
                await self._call_for(source.id)

    async def update(self, source: str) -> None:
        if await self.in_thread(lambda: self.work.update(source)):
            await self.call_front()

    async def call_front(self, seconds: int = A_WHILE) -> None:
        """Make a job for what speaks of all sources, in a while: one for all that changes until then.

        Only the queue knows whether there is one that has not begun. It may be another worker's.
        """
        with suppress(AlreadyEnqueued):
            await self._front.configure(schedule_in={"seconds": seconds}).defer_async()

    async def front(self) -> None:
        if not await self.in_thread(self.work.write_front):
            await self.call_front(LATER)

    async def take_back(self, timestamp: int) -> None:
        """Take the jobs of workers that give no sign of life out of the queue, and call for their sources again.

        Several workers may do so at once: what one has taken back, the others leave.
        """
        manager = self.app.job_manager
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED):
            self.work.session.speech.detail(f"a worker gives no sign of life: its job {job.call_string} is taken back")
            if job.id is not None:
                with suppress(ConnectorException):  # it has ended meanwhile
                    await manager.finish_job_by_id_async(job.id, status=Status.ABORTED, delete_job=True)
            if job.task_name == "update":
                await self._call_for(str(job.task_kwargs["source"]))
                await self.call_front()  # it may have published before it was killed
            elif job.task_name == "front":
                await self.call_front()

    def wrapped(self, error: Exception) -> StoreError:
        """Return what has failed in the queue, in one line and without a password."""
        cause = error.__cause__ or error
        said = said_by(cause, self._url.secrets) if isinstance(cause, psycopg.Error) else str(error)
        return StoreError(f"{self._url}: the queue of jobs cannot be used: {said}; this worker ends")

    async def _jobs(self, status: str) -> list[Any]:
        return list(await self.app.job_manager.list_jobs_async(status=status, task="update"))

    async def _call_for(self, source: str) -> None:
        lock = self.work.locks.get(source, source)
        with suppress(AlreadyEnqueued):
            await self._update.configure(lock=f"host of {lock}", queueing_lock=source).defer_async(source=source)

    async def in_thread(self, do: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, do)
        except StoreError as error:  # nothing can be kept any more
            self.failure = self.failure or error
            self.on_failure()
            raise
