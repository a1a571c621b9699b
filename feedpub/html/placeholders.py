"""What stands in place of a picture until a script loads it: blanks, spinners, previews of a few pixels."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote

# A file's name is a placeholder's if it has one of these words, and besides them only such as are in COMPANIONS.
SURE = {"placeholder", "spinner", "preloader", "loader", "ajaxloader", "lazyload", "noimage", "nophoto", "nopic"}
LIKELY = {  # of a photograph they may be the name: there they count only if the picture is named elsewhere as well
    "blank", "lazy", "loading", "load", "transparent", "trans", "transp", "pixel", "px", "spacer", "empty", "dummy",
    "clear", "dot", "null", "none", "preload", "pix", "1px",
}  # fmt: skip
COMPANIONS = {
    "img", "image", "images", "pic", "picture", "photo", "foto", "ajax", "gif", "svg", "png", "jpg", "icon", "bg",
    "default", "white", "black", "grey", "gray", "light", "dark", "small", "large", "big", "medium", "square", "circle",
    "ring", "logo", "thumb", "thumbnail", "post", "news", "no", "not", "available", "for", "and", "the", "box", "wide",
    "b", "s", "x", "wp", "fancybox", "content", "featured", "article", "file",
}  # fmt: skip
ABSENT = re.compile(r"no[-_ ]?(?:image|photo|foto|pic|picture|thumb)", re.IGNORECASE)
DIMENSIONS = re.compile(r"\d{1,5}(?:x\d{1,5})?")
DRAWN = re.compile(r"\.(?:gif|svgz?)(?:$|[?#])", re.IGNORECASE)
PHOTOGRAPH = re.compile(r"\.(?:jpe?g|jfif|png|webp|avif|heic|tiff?|bmp)(?:$|[?#&])", re.IGNORECASE)
JPEG = re.compile(r"\.jpe?g(?:$|[?#&])", re.IGNORECASE)
TELLING_NAME = 4  # characters of a file's name; a shorter one is in others by chance
LONGEST_NAME = 100  # characters of a placeholder's name
PREVIEW = re.compile(
    r"[-_]\d{1,2}x\d{1,2}\.\w{3,4}(?:$|\?)|[?&](?:w|width)=\d{1,2}(?:&|$)|[/,]w_\d{1,2},h_", re.IGNORECASE
)


def is_placeholder(address: str) -> bool:
    """Whether an address names no picture: it is written out in the page, a word such as «none», or a blank's."""
    if address.lower().startswith(("data:", "about:", "javascript:", "blob:", "#")) or address == "//:0":
        return True
    if not re.search(r"[./]", address) or "{{" in address:
        return True
    words = _name_words(address)
    return bool(words & SURE) or bool(words & LIKELY and JPEG.search(address) is None)


def may_wait_for_photograph(shown: str, other: str) -> bool:
    """Whether what an ``img`` shows is likely to be replaced by the other file that it names."""
    if is_preview(shown) or _name_words(shown) & LIKELY:
        return True
    if PHOTOGRAPH.search(other) is None:
        return False
    return DRAWN.search(shown) is not None or _are_unrelated(shown, other)


def _are_unrelated(shown: str, other: str) -> bool:
    """Whether two files have neither their folder nor their name in common, as two sizes of one picture would."""
    (folder, name), (other_folder, other_name) = map(_folder_and_name, (shown, other))
    shorter, longer = sorted((name, other_name), key=len)
    is_part = len(shorter) >= TELLING_NAME and shorter in longer
    is_part = is_part or re.match(rf"{re.escape(shorter)}(?!\w)", longer) is not None
    return folder != other_folder and name != other_name and not is_part


def _folder_and_name(address: str) -> tuple[str, str]:
    """Return a file's folder, and its name without ending and sizes."""
    folder, _, name = unquote(address.partition("?")[0]).lower().rpartition("/")
    return folder, re.sub(
        r"[-_@]?\d{1,4}x\d{0,4}|[-_](?:large|big|full|small|medium|thumb\w*)", "", name.partition(".")[0]
    )


def is_preview(address: str) -> bool:
    """Whether the address itself says that the picture has less than 100 pixels on a side."""
    return PREVIEW.search(address) is not None


def _name_words(address: str) -> frozenset[str]:
    """Return the words of a file's name if all could be a placeholder's; none for any other name."""
    name = address.partition("?")[0].partition("#")[0].rpartition("/")[2]
    return _placeholder_words(name) if len(name) <= LONGEST_NAME else frozenset()


@lru_cache(maxsize=4096)
def _placeholder_words(name: str) -> frozenset[str]:
    lowered = unquote(name).lower()
    stem = ABSENT.sub(" noimage ", lowered.rpartition(".")[0] or lowered)
    words = {w for w in re.split(r"[-_.@ ()]+", stem) if w and not DIMENSIONS.fullmatch(w)}
    words -= {"1x", "2x", "3x"}
    if stem == "1x1":
        words.add("1px")
    return frozenset(words) if words <= SURE | LIKELY | COMPANIONS else frozenset()
