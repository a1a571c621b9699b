"""What a worker's libraries log, said as this program says things."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from procrastinate.exceptions import AppNotOpen, ConnectorException

from feedpub.cli.speech import Speech
from feedpub.errors import FeedpubError

LEVELS = {"procrastinate": logging.INFO, "psycopg": logging.WARNING, "asyncio": logging.WARNING}
SAID = (  # where the worker ends, for whoever mends it
    FeedpubError,
    ConnectorException,
    AppNotOpen,  # the queue was closed before a job was: its server is lost
    asyncio.CancelledError,
)


@contextmanager
def logged(speech: Speech) -> Iterator[None]:
    """Say what the libraries log as this program says things."""
    handler = _Spoken(speech)
    loggers = [logging.getLogger(name) for name in LEVELS]
    for logger in loggers:
        logger.addHandler(handler)
        logger.propagate = False
        logger.setLevel(LEVELS[logger.name])
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeHandler(handler)
            logger.propagate = True


def hear_tasks(speech: Speech) -> None:
    """Take what asyncio says of tasks that nobody waits for, also when they are found after all else has ended."""

    def hear(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if isinstance(context.get("exception"), SAID):
            speech.detail(context["message"])
        else:
            loop.default_exception_handler(context)

    asyncio.get_running_loop().set_exception_handler(hear)


class _Spoken(logging.Handler):
    """A line for each record; for a bug, with where it is."""

    def __init__(self, speech: Speech) -> None:
        super().__init__()
        self._speech = speech

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        is_said = isinstance(error, SAID)
        is_bad = record.levelno >= logging.WARNING and not is_said and not record.name.startswith("psycopg")
        say = self._speech.error if is_bad else self._speech.detail
        say(record.getMessage())
        if error is not None and not is_said:
            for line in "".join(traceback.format_exception(error)).splitlines():
                say(line)
