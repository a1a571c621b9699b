"""Writing all outputs of a source after one change, beyond the imports: CPU seconds. `emission.py FOLDER [ROUNDS]`

The folder is one in which feedpub has run. Each round edits the newest item
in the state, as a run would, and writes what is stale: feeds in three
formats, the text feed, category and archive month, dump, pages, the copies
of all in gzip and brotli. The first round, which imports what it needs, does
not count.
"""

from __future__ import annotations

import json
import sys
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from feedpub import config, publishing
from feedpub.cli.work import target
from feedpub.store import Store


def main(folder: Path, rounds: int) -> None:
    settings = config.load(folder / "config.toml")
    source = settings.sources[0]
    aim = target(settings)
    seconds: list[float] = []
    files = 0
    with closing(Store(settings.state)) as store:
        for n in range(rounds + 1):
            newest = store.newest(source.id, 1)[0]
            now = datetime.now(UTC).replace(microsecond=0)
            edited = replace(newest.article, title=f"{newest.article.title.partition(' · ')[0]} · {n}")
            store.put(source.id, replace(newest, article=edited, updated=now), ())
            before = time.process_time()
            written = publishing.emit(source, store, aim, now).written
            written += publishing.emit_front(settings.sources, store, aim, now).written
            seconds.append(time.process_time() - before)
            files = len(written)
        items = store.count(source.id)
    print(json.dumps({"items": items, "files": files, "seconds": seconds[1:]}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 20)
