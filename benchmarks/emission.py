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

from feedpub import __version__, config, publishing
from feedpub.council import Council
from feedpub.publishing.folder import Folder
from feedpub.store import Store


def main(folder: Path, rounds: int) -> None:
    settings = config.load(folder / "config.toml")
    publish = settings.publish
    assert isinstance(publish.to, Path)
    target = publishing.Target(Folder(publish.to), publish.base_url, publish.items, __version__, publish.hubs)
    seconds: list[float] = []
    files = 0
    with closing(Store(settings.state)) as store:
        councils = [Council(source, store.of(source.id)) for source in settings.sources]
        items = councils[0].state.items
        for n in range(rounds + 1):
            newest = items.newest(1)[0]
            now = datetime.now(UTC).replace(microsecond=0)
            edited = replace(newest.article, title=f"{newest.article.title.partition(' · ')[0]} · {n}")
            items.put(replace(newest, article=edited, updated=now), ())
            before = time.process_time()
            written = publishing.emit(councils[0], target, now).written
            written += publishing.emit_front(councils, target, now).written
            seconds.append(time.process_time() - before)
            files = len(written)
        count = items.count()
    print(json.dumps({"items": count, "files": files, "seconds": seconds[1:]}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 20)
