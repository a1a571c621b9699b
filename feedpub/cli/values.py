"""The values of options, as they are typed. Each function raises ArgumentTypeError, which says what is wrong."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime


def positive(value: str) -> int:
    if not value.isdigit() or int(value) < 1:
        raise argparse.ArgumentTypeError(f"{value!r} is no number from 1 on")
    return int(value)


def port(value: str) -> int:
    if not value.isdigit() or int(value) > 65535:
        raise argparse.ArgumentTypeError(f"{value!r} is no port from 0 to 65535")
    return int(value)


def day(value: str) -> datetime:
    try:
        return datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{value!r} is no day such as 2025-01-31") from None


def month(value: str) -> datetime:
    try:
        return datetime.strptime(value, "%Y-%m").replace(tzinfo=UTC)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{value!r} is no month such as 2025-11") from None


def hours(value: str) -> float:
    try:
        hours = float(value)
    except ValueError:
        hours = -1.0
    if not 0 < hours <= 1000:
        raise argparse.ArgumentTypeError(f"{value!r} is no number of hours, such as 1 or 0.5")
    return hours
