"""Read a page that a person names, by address or as a file, for the commands that only look."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from feedpub import __version__, address, config
from feedpub.cli.session import clock
from feedpub.cli.speech import config_path
from feedpub.collecting.fetch import Borders, Clock, Fetcher, Manners, Memory, decode
from feedpub.collecting.fetch.manners import PATIENT_PAUSE, is_always_private
from feedpub.config import Config
from feedpub.content import Page
from feedpub.errors import ConfigError

NO_CONTACT = "no contact configured"
SITE = "http://localhost/"  # the base of a file without a given address


def configured(given: str | None) -> Config | None:
    """Return the configuration. None: there is none, and the person named none; a page can be read without it."""
    path = config_path(given)
    if given is None and not path.exists():
        return None
    return config.load(path)


def named_page(place: str, base: str | None, settings: Config | None) -> Page:
    """Return the page at an address or in a file. ``base`` is the address that the file came from."""
    if place.startswith(("http://", "https://")):
        with closing(fetcher_for(settings)) as fetcher:
            return fetcher.page(address.absolute("", place, keeps_tracking=True) or place)
    try:
        text = decode(Path(place).read_bytes(), "")
    except OSError as error:
        raise ConfigError(
            [f"{place}: cannot be read: {error.strerror}; name a file, or an address with http(s)://"]
        ) from error
    url = base or (settings.sources[0].home if settings else SITE)
    return Page(url, url, text)


def fetcher_for(
    settings: Config | None, delay: float = 0.0, contact: str = NO_CONTACT, memory: Memory | None = None
) -> Fetcher:
    """Return a fetcher for an address that a person has typed. Its host may be anywhere.

    ``memory`` is what earlier runs have learned of the sites. What this fetcher learns is not kept.
    """
    contact = settings.fetch.contact if settings else contact
    manners = Manners(contact, __version__, delay, longest_pause=PATIENT_PAUSE)
    return Fetcher(manners, Clock(clock()), memory, borders=Borders(is_private=is_always_private))
