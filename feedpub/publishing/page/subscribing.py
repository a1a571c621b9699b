"""The ways to subscribe to a feed: apps for each system and where they are had, online services, mail.

docs/decisions.md says what was checked of each, and where.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from feedpub.kinds import PREFERRED

Link = tuple[str, str]  # its words, its address


@dataclass(frozen=True, slots=True)
class App:
    """An app that reads feeds. It is free, needs no account, and shows the text that is in the feed."""

    name: str
    stores: tuple[Link, ...]
    is_english: bool = False  # its menus are in English: it knows neither Ukrainian nor Russian


@dataclass(frozen=True, slots=True)
class System:
    """What a phone or a computer runs on, and the apps for it."""

    name: str
    apps: tuple[App, ...]


SYSTEMS = (
    System(
        "Android",
        (
            App(
                "Feeder",
                (
                    ("Google Play", "https://play.google.com/store/apps/details?id=com.nononsenseapps.feeder.play"),
                    ("F-Droid", "https://f-droid.org/packages/com.nononsenseapps.feeder/"),
                ),
            ),
            App("Read You", (("F-Droid", "https://f-droid.org/packages/me.ash.reader/"),)),
        ),
    ),
    System("iPhone, iPad", (App("NetNewsWire", (("App Store", "https://apps.apple.com/app/id1480640210"),), True),)),
    System(
        "Mac",
        (
            App("NetNewsWire", (("netnewswire.com", "https://netnewswire.com/"),), True),
            App("Fluent Reader", (("App Store", "https://apps.apple.com/app/id6761698838"),)),
        ),
    ),
    System("Windows, Linux", (App("Thunderbird", (("thunderbird.net", "https://www.thunderbird.net/"),)),)),
)
SERVICES = (  # and the address at which each subscribes to a feed
    ("Feedly", "https://feedly.com/i/subscription/feed%2F{}"),
    ("Inoreader", "https://www.inoreader.com/?add_feed={}"),
    ("NewsBlur", "https://www.newsblur.com/?url={}"),
    ("The Old Reader", "https://theoldreader.com/feeds/subscribe?url={}"),
)
MAIL = ("Blogtrottr", "https://blogtrottr.com/?subscribe={}")


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways to one feed."""

    address: str
    in_app: str  # opens the app that this system has for feeds; a script makes it a link, where it can work
    services: tuple[Link, ...]
    mail: Link
    systems: tuple[System, ...] = SYSTEMS


def ways_to(folder: str) -> Ways:
    """Return the ways to subscribe to the feed in the folder with this address.

    ``feed:`` stands before the whole address. An app that gets ``feed://`` asks for the feed without TLS.
    """
    address = folder + PREFERRED.name
    quoted = quote(address, safe="")
    services = tuple((name, service.format(quoted)) for name, service in SERVICES)
    mail, service = MAIL
    return Ways(address, f"feed:{address}", services, (mail, service.format(quoted)))
