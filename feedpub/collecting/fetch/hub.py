"""Tells hubs that a feed has changed.

The Recommendation leaves open how (WebSub, 6), and names the form that public
hubs ask for: ``hub.mode`` and ``hub.url``. Some know the feed only as
``hub.topic``, so a request has both. Each feed has its own request: of several
in one, some hubs take the last alone, and others answer 207 for all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import requests

from feedpub.collecting.fetch.client import PATIENCE
from feedpub.collecting.fetch.watch import CONNECT, SILENCE, Watch
from feedpub.collecting.fetch.wire import Wire, wrapped
from feedpub.errors import FetchError

ACCEPT = "text/plain, */*;q=0.1"  # for the reason of a refusal
LONGEST_REASON = 200  # characters


class Notifier:
    """Notifies hubs. The operator has named them, so they may be in any network.

    robots.txt and pauses are for a council's site, not for a hub: a hub is there
    to be notified. ``beat`` is called before every request with the seconds that
    it may take.
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
        """Tell the hub that the feed at this address has changed. Raises FetchError if the hub does not take it.

        A redirect is not followed: most would change the request, and the feeds
        name the hub to their subscribers as the configuration does.
        """
        self.beat(PATIENCE)
        form = {"hub.mode": "publish", "hub.url": topic, "hub.topic": topic}
        with (
            self.watch.patient(PATIENCE), wrapped(hub, self.watch, PATIENCE),
            self.session.post(
                hub, data=form, timeout=(CONNECT, SILENCE), stream=True, allow_redirects=False
            ) as response,
        ):  # fmt: skip
            onward, reason = self.session.get_redirect_target(response), _reason(response)
        if not 200 <= response.status_code < 300:
            answer = f"the hub answers {response.status_code} {response.reason}"
            leads = f" and leads to {onward}: name its own address in [publish] hubs" if onward else ""
            raise FetchError(hub, answer + leads + reason, response.status_code)


def _reason(response: requests.Response) -> str:
    """Return the first line of a refusal in plain text, in brackets."""
    if response.status_code < 300 or not response.headers.get("Content-Type", "").startswith("text/plain"):
        return ""
    with suppress(requests.RequestException):
        text = next(response.iter_content(1000), b"").decode("utf-8", "replace").strip()
        if text and text != response.reason:
            return f" ({text.splitlines()[0][:LONGEST_REASON]})"
    return ""
