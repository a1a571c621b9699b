"""A state with as many items as a council publishes in a lifetime, made without asking for a page."""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from benchmarks import prose
from feedpub import config
from feedpub.content import Link, Stored
from feedpub.model import Reading, Validators
from feedpub.store import Store

APART = timedelta(hours=2)  # some 360 items a month
NEVER = timedelta(days=10_000)  # until a page is looked at again


def grow(folder: Path, count: int) -> None:
    """Adds so many items, older than those that are there, as if they had been backfilled."""
    settings = config.load(folder / "config.toml")
    source = settings.sources[0]
    with closing(Store(settings.state)) as store, store.transaction():
        state = store.of(source.id)
        [pattern] = state.items.newest(1)
        oldest = min(s.date for s in state.items.every())
        home = pattern.article.url.partition("/content/")[0]
        identity = pattern.id.partition("/content/")[0].partition("/node/")[0]
        for n in range(count):
            number = 1_000_000 + n
            made = prose.article(number, oldest - APART * (n + 1))
            url = f"{home}/node/{number}"
            blocks = tuple(b.replace('href="/', f'href="{home}/') for b in made.body.split("\n") if b)
            article = replace(
                pattern.article, url=url, addresses=(url,), title=made.title, published=made.utc, blocks=blocks,
                text="\n".join(re.sub(r"<[^>]+>", "", b) for b in blocks), pictures=(), files=(),
                text_key=f"{number:032d}", categories=made.categories,
            )  # fmt: skip
            item = Stored(f"{identity}/node/{number}", article, made.utc, made.utc)
            state.items.put(item, [f"/node/{number}"])
            state.visits.name_links([Link(url, made.title, None)], n)
            validators = Validators(f'"{number:016x}"', None)
            state.visits.arrived(url, made.utc, Reading(validators, item.id, made.utc + NEVER, article.text_key))
