"""Learn many sites: a file for each in ``sources.d``, and a line that says how it went. What is there is left alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Lock

from feedpub.cli import FAILED, FINE
from feedpub.cli.learn import DELAY, Finding, find, listing_address
from feedpub.cli.pages import fetcher_for
from feedpub.cli.speech import Speech, show
from feedpub.collecting.fetch.apart import Apart, Gate, Halt
from feedpub.config import Config
from feedpub.errors import ConfigError, SourceError

AT_ONCE = 16  # sites: learning is work for this machine, and keeps some pages of each
LEARNT_FROM = re.compile(r"^# Learnt from (\S+)", re.MULTILINE)


def learn_many(listed: Path, to: Path, settings: Config | None, speech: Speech) -> int:
    """Learn each site whose listing a file names, a line each. Return the exit code: 1 if one could not be learnt.

    Sites that have a file already are left alone, so the command may be given again.
    """
    urls = _addresses(listed)
    to.mkdir(parents=True, exist_ok=True)
    known = {match[1] for path in to.glob("*.toml") if (match := LEARNT_FROM.search(path.read_text("utf-8")))}
    wanted = [url for url in urls if url not in known]
    if len(wanted) < len(urls):
        speech.note(f"{len(urls) - len(wanted)} of {len(urls)} sites have a file in {to} already")
    learner = _Learner(to, settings)
    failures = 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        futures = [pool.submit(learner.learn, url) for url in wanted]
        try:
            for future in as_completed(futures):
                line, is_learnt = future.result()
                show([line])
                failures += not is_learnt
        except BaseException:
            learner.halt()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    show([f"{len(wanted) - failures} sites learnt, {failures} not; the same command tries those again"])
    return FAILED if failures else FINE


def _addresses(listed: Path) -> list[str]:
    """Return the addresses in a file, one a line; # begins a comment."""
    try:
        lines = listed.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError([f"{listed}: cannot be read: {error}"]) from error
    words = (line.partition(" #")[0].strip() for line in lines if not line.lstrip().startswith("#"))
    return list(dict.fromkeys(listing_address(word) for word in words if word))


class _Learner:
    """Learns one site after another in several threads, of which one works while the others wait for their sites."""

    def __init__(self, to: Path, settings: Config | None) -> None:
        self.to = to
        self.settings = settings
        self.halt = Halt()
        self._right = Lock()
        self._taken = {path.stem for path in to.glob("*.toml")}
        if settings:
            self._taken |= {source.id for source in settings.sources}

    def learn(self, url: str) -> tuple[str, bool]:
        """Learn a site and write its file. Return the line about it, and whether that went well."""
        delay = self.settings.fetch.delay if self.settings else DELAY
        with self._right, closing(fetcher_for(self.settings, delay=delay)) as fetcher:
            gate = Gate(self._apart, _prepare, self.halt)
            try:
                finding = find(url, Apart(fetcher, gate))
            except SourceError as error:
                return f"not learnt: {error}", False
            path = self._write(url, finding)
        return f"{path}: {len(finding.listing.links)} articles, {finding.page.url}", True

    @contextmanager
    def _apart(self) -> Iterator[None]:
        self._right.release()
        try:
            yield
        finally:
            self._right.acquire()

    def _write(self, url: str, finding: Finding) -> Path:
        name, number = finding.id, 1
        while name in self._taken:
            number += 1
            name = f"{finding.id}-{number}"
        self._taken.add(name)
        path = self.to / f"{name}.toml"
        draft = path.with_suffix(".new")
        draft.write_text("\n".join(_file_lines(url, name, finding.essentials)), "utf-8")
        draft.replace(path)
        return path


def _file_lines(url: str, name: str, essentials: Sequence[str]) -> Iterator[str]:
    yield f"# Learnt from {url} . Look at id and title; feedpub learns the layout by itself."
    yield "[[source]]"
    yield f'id = "{name}"'
    yield from essentials
    yield ""


def _prepare(_url: str) -> None:
    """There is no state to read."""
