"""Tells hubs that a feed has changed.

The Recommendation leaves open how (WebSub, 6), and names what public hubs ask
for: a form with ``hub.mode`` and ``hub.url``. Some know the feed only as
``hub.topic``, so both are said. Several feeds in one request would be taken by
few: some hubs hear the last one alone, others answer 207 whatever became of each.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import requests

from feedpub.collecting.fetch import PATIENCE
from feedpub.collecting.fetch.watch import CONNECT, SILENCE, Watch
from feedpub.collecting.fetch.wire import Wire, wrapped
from feedpub.errors import FetchError

ACCEPT = "text/plain, */*;q=0.1"  # for what it says of a refusal
LONGEST_WORDS = 200  # characters


class Notifier:
    """Speaks with hubs, each named by the operator and therefore wherever it may stand.

    What is due to a council's site (robots.txt, pauses) is not due to a hub:
    to be told is what it is there for. ``beat`` is told before every request
    how many seconds it may take.
    """

    def __init__(self, *, contact: str, version: str, beat: Callable[[float], None] = lambda _: None) -> None:
        self.beat = beat
        self.watch = Watch(lambda _: True)
        self.session = requests.Session()
        self.session.mount("http://", Wire(self.watch))
        self.session.mount("https://", Wire(self.watch))
        self.session.headers.update({"User-Agent": f"feedpub/{version} (+{contact})", "Accept": ACCEPT})

    def close(self) -> None:
        self.watch.close()
        self.session.close()

    def __call__(self, hub: str, topic: str) -> None:
        """Tells the hub that the feed at this address has changed. Raises FetchError where it does not take it.

        A redirect is not followed: most would turn the request into another,
        and the feeds name the hub to its subscribers as the configuration does.
        """
        self.beat(PATIENCE)
        said = {"hub.mode": "publish", "hub.url": topic, "hub.topic": topic}
        with (
            self.watch.patient(PATIENCE), wrapped(hub, self.watch, PATIENCE),
            self.session.post(
                hub, data=said, timeout=(CONNECT, SILENCE), stream=True, allow_redirects=False
            ) as response,
        ):  # fmt: skip
            onward, words = self.session.get_redirect_target(response), _words(response)
        if not 200 <= response.status_code < 300:
            answer = f"the hub answers {response.status_code} {response.reason}"
            leads = f" and leads to {onward}: name its own address in [publish] hubs" if onward else ""
            raise FetchError(hub, answer + leads + words, response.status_code)


def _words(response: requests.Response) -> str:
    """What a hub says of its refusal: the first line, where it is plain text."""
    if response.status_code < 300 or not response.headers.get("Content-Type", "").startswith("text/plain"):
        return ""
    with suppress(requests.RequestException):
        said = next(response.iter_content(1000), b"").decode("utf-8", "replace").strip()
        if said and said != response.reason:
            return f" ({said.splitlines()[0][:LONGEST_WORDS]})"
    return ""
