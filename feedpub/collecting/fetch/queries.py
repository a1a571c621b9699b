"""The queries of a page's links in its own charset, as browsers ask for them (HTML, "encoding-parsing a URL")."""

from __future__ import annotations

import re
from urllib.parse import quote

LINK = re.compile(
    r"""((?<=[\s"'])(?:href|src|action)\s{0,9}=\s{0,9}["']?)([^"'<>\s?]{0,2000}+\?)([^"'<>#]{1,4000}+)""", re.IGNORECASE
)  # what a value begins with ends the one before, so that each character is read few times
OTHER_SCHEME = re.compile(r"(?!https?:)[a-z][a-z0-9+.-]*:", re.IGNORECASE)  # those are always UTF-8


def in_charset(source: str, charset: str) -> str:
    """Return a page's source with the letters of its links' queries escaped as bytes of this charset.

    The address that such a link means is not known from the text alone: «?тема=вода» is another one on a page in
    windows-1251 than on a page in UTF-8.
    """

    def encoded(link: re.Match[str]) -> str:
        query = link[3]
        if query.isascii() or OTHER_SCHEME.match(link[2]):
            return link[0]
        return link[1] + link[2] + re.sub("[^\0-\x7f]+", lambda letters: _escaped(letters[0], charset), query)

    return LINK.sub(encoded, source)


def _escaped(letters: str, charset: str) -> str:
    """Return letters as escaped bytes; those that the charset lacks as references, as browsers send them."""
    return quote(letters.encode(charset, "xmlcharrefreplace"))
