"""A dump as it is read back: the answer of any address at any instant, and the names of loopback addresses."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

LOOPBACK = "127.1.0.{}"  # of the first origin: 1
ON_LOOPBACK = re.compile(r"https?://127\.1\.0\.(\d+)(?::\d+)?(?=[/?#]|$)")
ANY = "*"
MOST_REDIRECTS = 5


@dataclass(slots=True)
class Dump:
    """The files of one dump."""

    folder: Path
    index: Mapping[str, Any] = field(init=False)
    truth: Mapping[str, Any] = field(init=False)
    _moments: list[datetime] = field(init=False)

    def __post_init__(self) -> None:
        self.index = json.loads((self.folder / "index.json").read_bytes())
        self.truth = json.loads((self.folder / "truth.json").read_bytes())
        self._moments = [read(text) for text in self.index["moments"]]

    @property
    def origins(self) -> list[str]:
        return list(self.index["origins"])

    @property
    def beginning(self) -> datetime:
        return read(self.index["beginning"])

    @property
    def end(self) -> datetime:
        return read(self.index["end"])

    @property
    def moments(self) -> list[datetime]:
        return list(self._moments)

    def answer(self, origin: str, target: str, at: datetime) -> Mapping[str, Any]:
        """Return what an address answers at an instant: an entry of the index's answers."""
        timelines = self.index["timelines"]
        instant = shown(at)
        for address in (f"{origin}{target}", f"{origin}/{ANY}"):
            place = bisect_right(timelines.get(address, ()), instant, key=_instant)
            if place:
                number = timelines[address][place - 1][1]
                return dict(self.index["answers"][number])
        return {"trouble": "refused"}  # nobody is there yet

    def flaky(self, at: datetime) -> Mapping[str, Any] | None:
        """Return the rule by which some answers fail at an instant. None: all come."""
        instant = shown(at)
        return next((rule for rule in self.index["flaky"] if rule["since"] <= instant < rule["until"]), None)

    def body(self, answer: Mapping[str, Any]) -> bytes:
        return (self.folder / answer["body"]).read_bytes() if "body" in answer else b""

    def followed(self, url: str, at: datetime) -> str:
        """Return the page to which an address leads at an instant; empty: there is none."""
        for _ in range(MOST_REDIRECTS):
            parts = urlsplit(url)
            answer = self.answer(f"{parts.scheme}://{parts.netloc}", parts.path or "/", at)
            if answer.get("status") == HTTPStatus.OK:
                return self.body(answer).decode()
            if "Location" not in answer.get("headers", {}):
                return ""
            url = urljoin(url, answer["headers"]["Location"])
        return ""

    def base(self, origin: str, port: int) -> str:
        """Return the loopback address at which a replay serves an origin."""
        return f"http://{LOOPBACK.format(self.origins.index(origin) + 1)}:{port}"

    def real(self, url: str) -> str:
        """Return an address as the council has it. One on loopback is told by its host, whatever the port."""
        match = ON_LOOPBACK.match(url)
        if not match or not 0 < int(match[1]) <= len(self.origins):
            return url
        return self.origins[int(match[1]) - 1] + url[match.end() :]

    def led(self, location: str, port: int) -> str:
        """Return where a redirect leads on loopback."""
        parts = urlsplit(location)
        origin = f"{parts.scheme}://{parts.netloc}"
        return self.base(origin, port) + location[len(origin) :] if origin in self.origins else location


def read(text: str) -> datetime:
    """Return an instant that a dump or a person has written. One without a zone is in UTC."""
    instant = datetime.fromisoformat(text)
    return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)


def shown(at: datetime) -> str:
    """Return an instant as moments are written. Such texts sort by time."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _instant(entry: list[Any]) -> str:
    return str(entry[0])
