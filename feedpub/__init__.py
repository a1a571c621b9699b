"""feedpub turns a city council's news pages into feeds that people can rely on.

fetch → scrape → normalize → dedupe → store → feed → render → check → publish:
the rooms, in the order in which an article travels through them.
"""

__version__ = "0.2.0"
