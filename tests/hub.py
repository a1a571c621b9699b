"""A WebSub hub on loopback, as far as a publisher sees one: it remembers what it was told, and by whom."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from tests.drupal.server import Handler, serve
from tests.drupal.site import Answer, Site


@dataclass(frozen=True, slots=True)
class Told:
    method: str
    headers: dict[str, str]  # their names in lower case
    form: list[tuple[str, str]]


@dataclass
class Hub:
    """``answer`` is what it says to everything; ``refused`` what it says of some feeds, by the ends of their names."""

    url: str = ""
    answer: Answer = field(default_factory=lambda: Answer(204))
    refused: dict[str, Answer] = field(default_factory=dict)
    heard: list[Told] = field(default_factory=list)
    meanwhile: Callable[[], None] = lambda: None  # before it answers

    def told(self) -> list[str]:
        """The feeds of which it was told since somebody last asked, by their names."""
        heard, self.heard = self.heard, []
        return [dict(t.form)["hub.url"].removeprefix("https://feeds.example.org/zrazkiv/") for t in heard]


class _Deaf(Site):
    """The site of a server that has none."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub


class _Handler(Handler):
    def do_POST(self) -> None:
        assert isinstance(self.server.site, _Deaf)
        hub = self.server.site.hub
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", 0))).decode()
        form = parse_qsl(body)
        hub.heard.append(Told(self.command, headers, form))
        hub.meanwhile()
        topic = dict(form).get("hub.url", "")
        answer = next((a for name, a in hub.refused.items() if topic.endswith(name)), hub.answer)
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)
        self.close_connection = True

    do_GET = do_HEAD = do_POST


@contextmanager
def running(hub: Hub | None = None) -> Iterator[Hub]:
    """The hub, at the port that it had before or at any; until the context ends."""
    hub = hub or Hub()
    port = int(hub.url.rstrip("/").rpartition(":")[2]) if hub.url else 0
    with serve(_Deaf(hub), port, _Handler) as served:
        hub.url = f"{served.url}/"
        yield hub
