"""Feed → Atom 1.0 (RFC 4287)."""

from __future__ import annotations

import re

from feedpub.content import Entry, Feed
from feedpub.kinds import ATOM
from feedpub.publishing.render.feedgenerator import Dialect, add_entry, generator_of, splice

DIALECT = Dialect(
    "atom",
    entry=re.compile(rb"^  <entry>\n.*?^  </entry>\n", re.DOTALL | re.MULTILINE),
    end=re.compile(rb"^</feed>", re.MULTILINE),
)


def atom(feed: Feed, own_url: str) -> bytes:
    generator = generator_of(ATOM, feed, own_url)
    alternate = {"href": feed.home, "rel": "alternate"}
    generator.link([alternate, *generator.link()], replace=True)  # first: some readers take the first link
    generator.author(name=feed.author, uri=feed.home)
    generator.rights(feed.rights)
    if feed.icon:
        generator.icon(feed.icon)
    if feed.logo:
        generator.logo(feed.logo)

    def add_atom_entry(entry: Entry) -> None:
        # Three widely used readers show the term, others the label: both are the council's word.
        categories = [{"term": c, "label": c, "scheme": feed.category_scheme} for c in entry.categories]
        added = add_entry(generator, entry, categories)
        if entry.author != feed.author:
            added.author(name=entry.author)

    def write_atom() -> bytes:
        return bytes(generator.atom_str(pretty=True))

    return splice(DIALECT, feed, (feed.category_scheme, feed.author), add_atom_entry, write_atom)
