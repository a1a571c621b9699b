"""What comes back as unread: a site, changed in every way that changes no news, given to readers' rules of identity."""

from __future__ import annotations

import hashlib
import html
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import feedparser
import pytest
import reader

from tests import tables
from tests.drupal.site import Site
from tests.postgres import drop
from tests.test_rebuilt import Wardrobe, renamed
from tests.town import DAY_ONE, HOME, Town, failures

pytestmark = pytest.mark.long

# ------------------------------------------------------------ readers' rules, by their source code


def by_feedparser(data: bytes) -> list[str]:
    return [e.id for e in feedparser.parse(data).entries]


def like_freshrss(data: bytes) -> list[str]:
    """The id, trimmed, escaped, ASCII alone, 767 characters; another key altogether where one in twenty is doubtful."""
    entries = feedparser.parse(data).entries
    ids = ["".join(c for c in html.escape(e.id.strip()) if " " <= c <= "\x7f")[:767] for e in entries]
    if len(set(ids) - {""}) < 0.95 * len(ids):
        return [hashlib.sha1(f"{e.link}{e.published}".encode()).hexdigest() for e in entries]
    return ids


def like_miniflux(data: bytes) -> list[str]:
    """A hash of the id as it stands; of the address as well where an id is there a second time."""
    seen: dict[str, int] = {}
    keys = []
    for e in feedparser.parse(data).entries:
        seen[e.id] = seen.get(e.id, 0) + 1
        key = e.id if seen[e.id] == 1 else f"{e.id}|{e.link}"
        keys.append(hashlib.sha256(key.encode()).hexdigest())
    return keys


RULES: dict[str, Callable[[bytes], list[str]]] = {
    "feedparser": by_feedparser, "FreshRSS": like_freshrss, "Miniflux": like_miniflux,
}  # fmt: skip


class Subscriber:
    """Everyone who has subscribed to a town's feeds, and has read all that came."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.seen = {
            (name, f): set(rule(town.feed(f))) for name, rule in RULES.items() for f in ("rss.xml", "atom.xml")
        }
        self.app = reader.make_reader(":memory:", feed_root=str(town.folder / "public" / "zrazkiv"))
        for name in town.feeds():
            self.app.add_feed(name)
        self._update()
        for entry in self.app.get_entries():
            self.app.mark_entry_as_read(entry)

    def _update(self) -> None:
        for name in self.town.feeds():
            self.app.update_feed(name)

    def look(self) -> dict[str, int]:
        """How many items each shows as new, at the most of the formats."""
        new: dict[str, int] = {}
        for (name, file), seen in self.seen.items():
            shown = set(RULES[name](self.town.feed(file)))
            new[name] = max(new.get(name, 0), len(shown - seen))
        self._update()
        unread = [str(e.feed_url) for e in self.app.get_entries(read=False)]
        new["reader"] = max((unread.count(name) for name in self.town.feeds()), default=0)
        return new


# ------------------------------------------------------------ what happens between two runs


def nothing(_: Town) -> None:
    pass


def edited(town: Town) -> None:
    for n in (-1, -3, -5):
        town.site.articles[n] = replace(town.site.articles[n], body=f"{town.site.articles[n].body}<p>Доповнено.</p>")
    town.site.articles[-2] = replace(town.site.articles[-2], title="Інший заголовок тієї ж новини")


def reskinned(town: Town) -> None:
    assert isinstance(town.site, Wardrobe)
    town.site.dress = renamed


def aliased(town: Town) -> None:
    town.site.articles = [replace(a, alias=f"novyny/{a.number}-nove-imya") for a in town.site.articles]


def to_https(town: Town) -> None:
    town.moves(HOME)


def to_another_host(town: Town) -> None:
    town.moves("https://rada.zrazkiv.example", formerly=("zrazkiv.example",))


def to_another_host_that_is_alone(town: Town) -> None:
    town.moves("https://rada.zrazkiv.example", formerly=("zrazkiv.example",), redirects=False)


def reposted(town: Town) -> None:
    first = next(a for a in reversed(town.site.articles) if len(a.body) > 400)
    again = replace(
        first, number=301, alias="content/znovu", body=first.body.replace("’", "'"), date="15/11/2025 - 10:00"
    )
    town.site.articles.append(replace(again, utc=DAY_ONE))


def reordered(town: Town) -> None:
    town.site.articles = [replace(a, sticky=a.number % 2 == 0) for a in reversed(town.site.articles)]


def state_lost(town: Town) -> None:
    assert town.recover()


def all_lost(town: Town) -> None:
    """The published feeds too; the older pages are walked again."""
    drop(town.state)
    town.forget_feeds()
    town.run(backfill=True)


def gone_and_back(town: Town) -> None:
    articles = list(town.site.articles)
    del town.site.articles[-4]
    for _ in range(8):
        town.run(days=1)
    town.site.articles = articles
    for _ in range(8):
        town.run(days=2)


def one_more(town: Town) -> None:
    newest = town.site.articles[-1]
    town.site.articles.append(
        replace(newest, number=300, alias="content/nove", title="Нове", body="<p>Новина 300.</p>")
    )


def everything(town: Town) -> None:
    for change in (edited, aliased, to_another_host, reposted, reordered, one_more):
        change(town)


SCENARIOS: dict[str, tuple[Callable[[Town], None], int]] = {
    "unchanged": (nothing, 0),
    "edited": (edited, 0),
    "re-skinned": (reskinned, 0),
    "aliases edited": (aliased, 0),
    "moved to https": (to_https, 0),
    "moved host": (to_another_host, 0),
    "moved host, old one dead": (to_another_host_that_is_alone, 0),
    "reposted": (reposted, 0),
    "reordered": (reordered, 0),
    "state lost": (state_lost, 0),
    "state and feeds lost": (all_lost, 0),
    "gone and back again": (gone_and_back, 0),
    "one more": (one_more, 1),
    "everything, and one more": (everything, 1),
}


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_what_is_shown_as_new_is_new(scenario: str, tmp_path: Path) -> None:
    change, truth = SCENARIOS[scenario]
    town = Town(tmp_path, Wardrobe() if scenario == "re-skinned" else Site())
    if scenario == "re-skinned":
        town.source = replace(town.source, layout=None)
    if scenario == "moved to https":
        town.moves(HOME.replace("https", "http"))
    town.run(backfill=True)
    subscriber = Subscriber(town)
    change(town)
    for _ in range(4):  # recent items are due again by then, in several runs
        assert not any("Nothing was published" in message for message in failures(town.run(days=40)))
    shown = subscriber.look()
    tables.add("churn", 0, "between two runs", "new", *shown)
    tables.add("churn", 1 + list(SCENARIOS).index(scenario), scenario, str(truth), *map(str, shown.values()))
    assert shown == dict.fromkeys(("feedparser", "FreshRSS", "Miniflux", "reader"), truth)
