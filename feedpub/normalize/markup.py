"""Which HTML is which: the vocabulary that repair, blocks and the allow-list share."""

from __future__ import annotations

from bs4.element import Tag

# Elements without a meaning that a reader would see; their words stay.
MEANINGLESS = {"span", "font", "big", "tt", "label", "bdi", "bdo", "time", "wbr"}
INLINE = {
    "a", "abbr", "b", "br", "cite", "code", "del", "em", "i", "img", "ins", "kbd", "mark", "q", "s", "samp", "small",
    "strong", "sub", "sup", "u", "var",
}  # fmt: skip
BLOCKS = {
    "p", "ul", "ol", "dl", "table", "blockquote", "pre", "h2", "h3", "h4", "h5", "h6", "hr", "figure", "address",
}  # fmt: skip
PARTS = {"li", "dt", "dd", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "figcaption"}  # of blocks
# Boxes are not kept, only the line that each makes.
BOXES = {
    "html", "body", "div", "center", "section", "article", "aside", "header", "footer", "main", "nav", "hgroup",
    "details", "summary", "form", "fieldset", "legend", "menu", "dir", "listing", "xmp", "plaintext", "marquee",
    "noframes", "noembed", "frameset",
}  # fmt: skip
STRUCTURES = {"table", "thead", "tbody", "tfoot", "tr", "ul", "ol", "dl"}  # white space in them is nobody's
RENAMED = {"h1": "h2", "strike": "s"}  # the item's title is the only heading of the first level

TAGS = INLINE | BLOCKS | PARTS
ATTRIBUTES: dict[str, set[str]] = {
    "*": set(),
    "a": {"href", "title"},
    "abbr": {"title"},
    "img": {"src", "alt", "title", "width", "height"},
    "ol": {"start", "reversed", "type"},
    "li": {"value"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
NUMERIC = {"width", "height", "colspan", "rowspan", "start", "value"}
SCHEMES = {"http", "https", "mailto", "tel"}


def is_inline(element: Tag) -> bool:
    """Whether nothing in the element makes a line of its own."""
    return element.find(lambda inner: inner.name not in INLINE) is None
