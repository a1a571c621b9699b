"""Where a picture really is, what is no picture, and the words that stand for one: the rules for any ``img``.

They read an element's attributes, as a mapping, so that they serve lxml's elements and bs4's alike.

A page may give a picture in several ways. These count, in this order:

1. Attributes from which a script loads the picture late, such as ``data-src``: then ``src`` is a placeholder.
2. ``src``, unless it is a placeholder, or ``srcset``.
3. The ``source`` elements of a ``picture``.
4. Any other ``data-`` attribute that names a picture's file.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from urllib.parse import unquote

from feedpub import address, text
from feedpub.html.placeholders import is_placeholder, is_preview, may_wait_for_photograph
from feedpub.html.srcset import Candidate, largest, parse_srcset

# What scripts call the attribute for an address that they load late: data-src, data-lazy-srcset, data-original.
LATE_NAME = re.compile(r"src|lazy|^data-(?:original|echo)$")
NOT_LATE_NAME = re.compile(r"^src(?:set|doc)?$|hover|error|fallback|sizes")
SMALL_NAME = re.compile(r"thumb|small|mini|tiny|low|preview|lqip|blur|placeholder|medium|mobile")
LARGE_NAME = re.compile(r"large|full|orig|big|high|hi-?res|zoom|retina|desktop")
OTHER_WORDS = re.compile(  # in names of attributes: what is said of the picture, and other pictures
    r"caption|title|alt|name|descr|credit|avatar|author|user|icon|logo|share|hover|error|fallback|brand|sponsor|badge"
    r"|flag|next|prev|marker|watermark|banner|related|play|poster"
)
PICTURE_FILE = re.compile(r"\.(?:jpe?g|jfif|png|gif|webp|avif|bmp|svgz?|tiff?|heic)(?:$|[?#&])", re.IGNORECASE)
PENDING = re.compile(r"[?&]is-pending-load=1$")  # Jetpack's mark
ADDRESS = re.compile(r"[^\s{}\[\]<>]*[./][^\s{}\[\]<>]*")
FEW_READ = re.compile(r"avif|webp|jxl|heic", re.IGNORECASE)  # kinds of pictures that some readers can't show
WIDE = 600  # pixels: a picture from a ``srcset`` is better than a ``src`` of unknown width if it is as wide as this

ICON = 32  # pixels: no larger in both directions
TRACKER = 3
COUNTERS = re.compile(  # addresses that only count readers
    r"//(?:[\w-]+\.)*(?:mc\.yandex\.\w+/watch|counter\.yadro\.ru|top-fwz1\.mail\.ru|[ci]\.bigmir\.net|c\.hit\.ua"
    r"|facebook\.com/tr\b|google-analytics\.com|googletagmanager\.com|doubleclick\.net|pixel\.wp\.com"
    r"|stats\.wp\.com|scorecardresearch\.com|counter\.rambler\.ru|hotlog\.ru)|/(?:matomo|piwik)\.php\b",
    re.IGNORECASE,
)
STYLED_SIZE = re.compile(r"(?<![\w-])(width|height)\s*:\s*(\d{1,5})(?:px)?\s*(?:;|$|!)", re.IGNORECASE)
ICON_NAME = re.compile(r"(?:^|[-_ ])icons?(?:$|[-_ ])|/icons?/")
FILE_ICON = re.compile(r"(?<!\S)file-icon(?!\S)")  # Drupal's class for the sign of a kind of file
EMOJI = re.compile("[\u00a9\u00ae\u203c-\u3299\ufe0f\u200d\U0001f000-\U0001faff\U000e0020-\U000e007f#*0-9\u20e3]{1,12}")
STOCK_NAME = re.compile(  # IMG_101, photo.jpg: a camera's or a messenger's name for a picture
    r"(?:img|dsc|dscn|image|photo|viber|telegram)?[\W_\d]*|[\w .()-]+\.(?:jpe?g|png|gif|webp|bmp)", re.IGNORECASE
)
PASTED = re.compile(r"data:image/(?!gif)[^,]*,.{400}", re.IGNORECASE | re.DOTALL)  # more than any placeholder

Attributes = Mapping[str, str]


# ------------------------------------------------------------ where it is


def picture_source(image: Attributes, sources: Sequence[Attributes] = (), blanks: Collection[str] = ()) -> str | None:
    """Return the picture's address as found, perhaps relative; None where there is only a placeholder.

    ``sources`` are the ``source`` elements of the ``picture`` around it. ``blanks`` are addresses that the page is
    known to use as placeholders.
    """
    return next(picture_sources(image, sources, blanks), None)


def picture_sources(
    image: Attributes, sources: Sequence[Attributes] = (), blanks: Collection[str] = ()
) -> Iterator[str]:
    """Yield the addresses at which the picture may be, the likeliest first."""
    late, shown = _late(image), _shown(image, blanks)
    larger, smaller = _named_elsewhere(image)
    yield from late
    is_waiting = "lazy" in image.get("class", "") and not late
    if shown and larger and (is_waiting or may_wait_for_photograph(shown, larger[0])):
        yield from larger
    if shown:
        yield shown
    yield from _in_sources(sources)
    yield from (*larger, *smaller)


def blank_addresses(images: Iterable[Attributes]) -> frozenset[str]:
    """Return the addresses that several pictures of a page show, though each names a file of its own elsewhere."""
    uses: Counter[str] = Counter()
    files: dict[str, set[str]] = {}
    for image in images:
        src = image.get("src", "").strip()
        own = _named_elsewhere(image)[0][:1] if src else []
        if own and own[0] != src:
            uses[src] += 1
            files.setdefault(src, set()).update(own)
    return frozenset(src for src, count in uses.items() if count > 1 and len(files[src]) > 1)


def is_lazy(image: Attributes) -> bool:
    """Whether a script is to load the picture, so that a ``noscript`` beside it repeats it."""
    return bool(_late(image))


def _late(image: Attributes) -> list[str]:
    """Return the addresses from which a script loads the picture, the best first."""
    names = [name for name in image if _is_late(name)]
    sets = [name for name in names if name.endswith("srcset")]
    singles = sorted((n for n in names if n not in sets), key=_by_size)
    values = (PENDING.sub("", image[name].strip()) for name in singles)
    plain = [value for value in values if value and _names_picture(value)]
    candidates = [c for name in sets for c in _sizes_in(image[name])]
    best = _better(plain[0] if plain else "", candidates)
    addresses = [best, *plain] if best else plain
    return list(dict.fromkeys(addresses))


def _shown(image: Attributes, blanks: Collection[str]) -> str | None:
    """Return what a browser without scripts shows; None for a placeholder."""
    src = image.get("src", "").strip()
    if src in blanks or not _names_picture(src):
        src = ""
    return _better(src, _sizes_in(image.get("srcset", "")))


def _in_sources(sources: Sequence[Attributes]) -> list[str]:
    """Return the largest picture of ``source`` elements, of a kind that every reader shows if there is one."""
    common: list[Candidate] = []
    modern: list[Candidate] = []
    for source in sorted(sources, key=lambda s: "max-width" in s.get("media", "")):  # such are for small screens
        addresses = [Candidate(url) for url in (*_late(source), _shown(source, ())) if url]
        sets = [v for n, v in source.items() if n.endswith("srcset")]
        candidates = [c for value in sets for c in _sizes_in(value)] or addresses
        is_modern = FEW_READ.search(source.get("type", "") or " ".join(c.address for c in candidates))
        (modern if is_modern else common).extend(candidates)
    best = largest(common) or largest(modern)
    return [best.address] if best else []


def _named_elsewhere(image: Attributes) -> tuple[list[str], list[str]]:
    """Return the pictures' files that attributes of any other name have, the largest first, and those of small ones."""
    larger: list[str] = []
    smaller: list[str] = []
    for name in sorted(filter(_may_name_picture, image), key=_by_size):
        value = _value_of_largest(image[name])
        if PICTURE_FILE.search(value) and not is_placeholder(value):
            (smaller if SMALL_NAME.search(name) else larger).append(value)
    return larger, smaller


@lru_cache(maxsize=1024)
def _is_late(name: str) -> bool:
    """Whether an attribute is one from which a script loads the picture."""
    return LATE_NAME.search(name) is not None and NOT_LATE_NAME.search(name) is None


@lru_cache(maxsize=1024)
def _may_name_picture(name: str) -> bool:
    """Whether an attribute of another name may have the address of the picture."""
    return name.startswith("data-") and not _is_late(name) and OTHER_WORDS.search(name) is None


def _value_of_largest(value: str) -> str:
    """Return an attribute's value; of a list of sizes the largest."""
    candidates = _sizes_in(value) if " " in value.strip() else []
    best = None if all(c.is_plain for c in candidates) else largest(candidates)
    return best.address if best else value.strip()


def _by_size(name: str) -> tuple[int, int]:
    """Return a sort key for names of attributes: large pictures first, small ones last, and short names first."""
    size = bool(SMALL_NAME.search(name)) - bool(LARGE_NAME.search(name))
    return size, len(name)


def _sizes_in(srcset: str) -> list[Candidate]:
    return [c for c in parse_srcset(srcset) if not is_placeholder(c.address)]


def _better(src: str, candidates: Sequence[Candidate]) -> str | None:
    """Return the better of a ``src`` and the candidates beside it; None where there is none."""
    best = largest(candidates)
    if best is None or not src:
        return src or (best.address if best else None)
    addresses = [c.address for c in candidates]
    if is_preview(src):
        return best.address
    if address.host(src) != address.host(best.address):
        return src  # of a site that has moved, the list may still name the old host
    if src in addresses or best.density:
        return best.address
    is_original = any(address.is_derivative(a) for a in addresses) and not address.is_derivative(src)
    is_wide = best.width is not None and best.width >= WIDE
    return best.address if is_wide and not is_original else src


def _names_picture(value: str) -> bool:
    """Whether the value of an attribute for addresses is one, and no placeholder's."""
    if is_placeholder(value):
        return False
    return PICTURE_FILE.search(value) is not None or ADDRESS.fullmatch(value) is not None


# ------------------------------------------------------------ what is none


def is_icon(image: Attributes) -> bool:
    """Whether a picture is a sign, such as that of a kind of file or of a place to share: no picture of an item."""
    source = picture_source(image) or ""
    names = f"{image.get('class') or ''} {source}"
    return ICON_NAME.search(names) is not None or is_at_most(image, ICON)


def is_file_icon(image: Attributes) -> bool:
    """Whether Drupal put the picture beside a file's link: it is not even worth showing."""
    return FILE_ICON.search(image.get("class", "")) is not None


def is_tracker(image: Attributes) -> bool:
    """Whether a picture only counts readers: it is as small as that, or a counter's."""
    return is_at_most(image, TRACKER) or COUNTERS.search(picture_source(image) or "") is not None


def is_emoji(image: Attributes, words: str) -> bool:
    """Whether a picture only draws the emoji that its words are."""
    is_small = "emoji" in image.get("src", "") or is_at_most(image, ICON)
    return is_small and EMOJI.fullmatch(words) is not None


def is_at_most(image: Attributes, pixels: int) -> bool:
    """Whether the picture says that neither its width nor its height is larger."""
    styled = dict(STYLED_SIZE.findall(image.get("style", "").lower()))
    sizes = [text.number((styled.get(n) or image.get(n, "")).removesuffix("px")) for n in ("width", "height")]
    width, height = sizes
    if width is None or height is None:
        return False
    return max(width, height) <= pixels


def is_pasted(image: Attributes) -> bool:
    """Whether the picture itself is written into the page, and no placeholder is."""
    return PASTED.match(image.get("src", "").strip()) is not None


# ------------------------------------------------------------ its words


def alt_text(alt: str, url: str) -> str:
    """Return the words that stand for a picture; "" where the CMS put a file's name there."""
    words = text.line(alt)
    path = unquote(url).rpartition("/")[2]
    name = path.partition("?")[0]
    is_name = words in (name, name.rpartition(".")[0])
    if is_name or text.is_token(words) or STOCK_NAME.fullmatch(words):
        return ""
    return words
