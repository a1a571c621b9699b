"""A page's source, mended where libxml2 reads it in another way than browsers do (HTML, 13.2).

Since its release 2.14, libxml2 splits the source into tags and text as HTML says. It still builds the tree by HTML 4.
Of the differences, these change the words: docs/decisions.md names the pages on which they were counted.
"""

from __future__ import annotations

import re

ODD = re.compile(r"<(?:[eE][mM][bB]|[kK][eE]|[bB][gG]|[iI][mM][aA]|/[bB][rR])|\0")  # nearly no source has any
# libxml2 does not know that these end where they begin, so that they swallow what follows. It does not know source,
# track and wbr either: there no words change, and selectors that were learnt may name what is in them.
VOID = re.compile(  # or a start that nothing ends, so that each character is read once
    r"""<(embed|keygen|bgsound)(?=[\s/>])(?:[^"'>]|"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z))*+(>|\Z)""",
    re.IGNORECASE,
)
IMAGE = re.compile(r"<image(?=\s[^<>]*?\bsrc\s*=)", re.IGNORECASE)  # an SVG's has no src
BREAK = re.compile(r"</br(?=[\s/>])", re.IGNORECASE)
END = re.compile(r"</html\s*>", re.IGNORECASE)
ENDS = re.compile(r"</(?:html|body)\s*+>", re.IGNORECASE)
# A paragraph's end before words, or before an element that makes no line of its own.
END_BEFORE_WORDS = re.compile(
    r"</p\s*+>(?=\s*+(?:[^<\s]|<(?:a|b|em|font|i|img|s|small|span|strong|sub|sup|u)[\s>]))", re.IGNORECASE
)


def as_browsers_read(source: str) -> str:
    """Return the source in such words that libxml2 makes of it what browsers do; most sources as they are."""
    if ODD.search(source):
        source = source.replace("\0", "")
        source = VOID.sub(lambda start: f"{start[0]}</{start[1]}>" if start[2] else start[0], source)
        source = IMAGE.sub("<img", source)
        source = BREAK.sub("<br", source)
    if _ends_early(source):  # libxml2 drops what follows
        source = ENDS.sub("", source)
    return source


def _ends_early(source: str) -> bool:
    """Whether anything but white space and comments follows the first </html>."""
    end = END.search(source)
    at = end.end() if end else len(source)
    while source.startswith("<!--", at := _after_spaces(source, at)):
        close = source.find("-->", at)
        if close < 0:
            return True
        at = close + len("-->")
    return at < len(source)


def _after_spaces(source: str, at: int) -> int:
    while at < len(source) and source[at].isspace():
        at += 1
    return at


def with_broken_lines(source: str) -> str:
    """Return the source with a line break after each paragraph's end that words follow.

    A browser ends the line even where no paragraph is open. libxml2 ignores such an end, and two words become one.
    """
    return END_BEFORE_WORDS.sub(r"\g<0><br>", source)
