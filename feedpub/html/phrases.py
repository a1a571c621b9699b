"""What the parts of a page that are no article are called, and what they say, in several languages.

One hit proves nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml.html import HtmlElement

NAMING = ("id", "role", "data-component", "data-testid", "aria-label")  # attributes besides the classes


def _words(*names: str) -> re.Pattern[str]:
    return re.compile(rf"(?:^|[^a-z])(?:{'|'.join(names)})(?:$|[^a-z])", re.IGNORECASE)


def _starts(*starts: str) -> re.Pattern[str]:
    """A short line that begins so: a label, and no sentence."""
    return re.compile(rf"^(?:{'|'.join(starts)})\b.{{0,40}}$", re.IGNORECASE)


# ------------------------------------------------------------ names of elements

BY_LINE = _words(r"by-?lines?", "authors?", "bio", "biography", "contributors?", "writers?", "avtor", "autor", "auteur")
CAPTION = _words("captions?", "credits?", "copyright", "figcaption", r"caption-\w+", "legend", "pidpys")
OTHERS = _words(
    r"related\w*", r"recommend\w*", "read-?more", "read-?also", "also", "popular", "trending", "similar", "teasers?",
    "more", "most", "links?", r"recirc\w*", r"promo\w*", "cards?", "enhancement", r"shozh\w*", r"chytay\w*",
)  # fmt: skip
SHARE = _words(
    r"shar\w+", r"social\w*", "comments?", "tools?", "toolbar", "print", "copy", "follow", "buttons?", "likes?"
)
OTHER = _words(  # furniture of other kinds, for which there is no sign
    "ads?", r"advert\w*", "adv", r"sponsor\w*", "taboola", "outbrain", "banners?", r"newsletters?\w*", "sign-?ups?",
    "cta", "call-to-action",
    r"subscri\w*", "tags?", r"categor\w*", "breadcrumbs?", "meta", "dates?", r"time\w*", "kicker", "eyebrow", "nav",
    "pager", "pagination", "menu", "views", "hits", "rating", r"posted\w*", "sr-only", r"screen-reader\w*",
)  # fmt: skip
APART = _words(  # of these, what hardly any editor calls a part of a text
    r"related\w*", r"recommend\w*", "ads?", r"advert\w*", "adv", r"sponsor\w*", "taboola", "outbrain", "banners?",
    r"newsletters?\w*", "sign-?ups?", r"subscri\w*", r"breadcrumbs?", "pager", "pagination", "sr-only",
    r"screen-reader\w*", "tags?", r"categor\w*", r"[ck]omm?entar\w*", r"vid[gh]u[ck]\w*", r"otzyv\w*", "reviews?",
    "replies", "respond", "discussion", "polls?", "vote",
)  # fmt: skip
FOLDED = _words(r"spoiler\w*", r"accord\w*", r"collaps\w*", r"expand\w*", r"unfold\w*", r"toggle\w*", "faqs?")
UTILITY = re.compile(  # classes that say how a thing looks, in Bootstrap, Tailwind and editors: text may have them too
    r"\.(?:-?(?:text|d|m|p|mt|mb|ml|mr|mx|my|pt|pb|pl|pr|px|py|ms|me|ps|pe|w|h|g|gap|col|row|flex|grid|justify|align|items"
    r"|self|float|font|fs|fw|lh|bg|border|rounded|shadow|order|offset|position|overflow|has|is|u|sm|md|lg|xl|xxl|wp|ql"
    r"|ck|mso|Mso|Apple|redactor|style|s|x)(?:[-_\\\d][^ .]*|Normal\w*|[A-Z]\w*)?"
    r"|container[^ .]*|wrapper|inner|outer|center|centered|left|right|block|inline[^ .]*|hidden|relative|absolute"
    r"|clearfix|small|large|bold|italic|lead|list|box|group|item|section|column|columns|full|wide|default|normal)",
)
TEXT = _words(
    "body", "content", "text", "story", "paragraphs?", "article", "entry", "rich-?text", "prose", r"live\w*", "blog",
    "quote",
)  # fmt: skip

# ------------------------------------------------------------ words of lines

SAYS_BY_LINE = re.compile(
    r"\b(?:is|was) (?:an?|the) [^.]{0,60}\b(?:reporter|writer|editor|journalist|correspondent|columnist|author|critic"
    r"|producer|contributor|bureau chief|fellow)\b|\bfollow (?:him|her|them|\w+) on\b|\bcan be reached at\b"
    r"|^(?:by|written by|автор:?|von|por|par) [A-ZА-ЯЄІЇҐ]",
    re.IGNORECASE,
)
SAYS_CAPTION = re.compile(
    r"\bphoto(?:graph)?s?\b|\bgetty\b|\bimages?\)|\billustration\b|\bфото\b|\bfoto\b|©", re.IGNORECASE
)
SAYS_OTHERS = _starts(
    "read", "see", "more", "related", "also", "watch", "trending", "popular", "most", "latest", "recommended",
    "explore", "keep reading", "up next", "don.t miss", "читайте", "дивіться", "смотрите", "схожі", "інші", "більше",
    "популярн", "leggi anche", "lea también", "lire aussi", "à lire", "mehr zum", "czytaj", "zobacz",
)  # fmt: skip
SAYS_SIGN_UP = re.compile(
    r"\bnewsletters?\b|\bsign(?:ing)? up\b|\bsubscri|e-?mail address|\bprivacy (?:policy|notice)\b"
    r"|\bdownload (?:the|our) app|\bget the .{0,20}\bapp\b|\bclick here to\b|\bsupport (?:our|us)\b|\bdonate\b"
    r"|\bпідпи(?:с|ш)|\bподпи(?:с|ш)|\babonn|\bsuscr[ií]b|\biscriviti\b|\binscri(?:vez|va)|\bzapisz si|розсилк|рассылк",
    re.IGNORECASE,
)


FOREIGN_NAMES = (BY_LINE, CAPTION, OTHERS, SHARE, OTHER)
FOREIGN_WORDS = (SAYS_BY_LINE, SAYS_OTHERS, SAYS_SIGN_UP, SAYS_CAPTION)


def names_foreign(name: str) -> bool:
    """Return whether a name says of itself that it is no text."""
    return any(pattern.search(name) for pattern in FOREIGN_NAMES)


def share_named(elements: Iterable[HtmlElement], pattern: re.Pattern[str]) -> float:
    """Return the share of the elements whose names match."""
    names = [names_of(element) for element in elements]
    return sum(bool(pattern.search(name)) for name in names) / len(names)


def names_of(element: HtmlElement) -> str:
    """Return what an element calls itself, with the words of camel case parted."""
    names = " ".join(element.get(name) or "" for name in ("class", *NAMING))
    return re.sub(r"([a-z])([A-Z])", r"\1 \2", names)
