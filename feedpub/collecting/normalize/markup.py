"""The kinds of HTML elements, as repair, shape, blocks and the allow-list know them, and ways to look for them."""

from __future__ import annotations

from collections.abc import Collection

from bs4.element import NavigableString, PageElement, Tag

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
EMPTIED = {"a", "li", "ul", "ol", "div", "nav", "p", "figure", "span"}  # and gone when what they held is taken out
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


class Element(Tag):
    """A tag that looks for a child near the one that it found last.

    bs4 begins at the first child whenever one is moved or taken out. With the thousands of spans that some editors
    leave, that takes minutes.
    """

    _near = 0

    def index(self, element: PageElement) -> int:
        last = len(self.contents) - 1
        near = min(self._near, last)
        for distance in range(last + 1):
            for at in (near - distance, near + distance):
                if 0 <= at <= last and self.contents[at] is element:
                    self._near = at
                    return at
        raise ValueError("the element is no child of this one")


# bs4's find_all compares every element with rules that it makes for each call. These only look at names. They follow
# bs4's own chain of nodes: `descendants` would ask at each node for the next one, and a text is walked through a
# hundred times.


def _nodes_in(root: Tag) -> list[PageElement]:
    """Return all nodes within, in their order."""
    nodes: list[PageElement] = []
    if not root.contents:
        return nodes
    last: PageElement = root.contents[-1]
    while isinstance(last, Tag) and last.contents:
        last = last.contents[-1]
    node = root.contents[0]
    while node is not last:
        nodes.append(node)
        node = node.next_element  # type: ignore[assignment]  # the last one is reached before the chain ends
    nodes.append(last)
    return nodes


def elements_in(root: Tag, names: Collection[str] | None = None) -> list[Tag]:
    """Return the elements within, in their order: all, or those of these names."""
    if names is None:
        return [e for e in _nodes_in(root) if isinstance(e, Tag)]
    return [e for e in _nodes_in(root) if isinstance(e, Tag) and e.name in names]


def strings_in(root: Tag) -> list[NavigableString]:
    return [s for s in _nodes_in(root) if isinstance(s, NavigableString)]


def attributes_of(element: Tag) -> dict[str, str]:
    return {name: str(value) for name, value in element.attrs.items()}


def contains(root: Tag, names: Collection[str]) -> bool:
    """Whether an element of one of these names is within."""
    return bool(elements_in(root, names))


def is_within(node: PageElement, names: Collection[str]) -> bool:
    """Whether the node is in an element of one of these names."""
    return any(p.name in names for p in node.parents)


def is_inline(element: Tag) -> bool:
    """Whether nothing in the element makes a line of its own."""
    return all(not isinstance(e, Tag) or e.name in INLINE for e in element.descendants)


def take_out(element: Tag) -> None:
    """Take out the element, and the links and boxes around it that hold nothing without it."""
    around = element.parent
    element.decompose()
    while around is not None and around.parent is not None and around.name in EMPTIED:
        if not _is_empty(around):
            return
        outer = around.parent
        around.decompose()
        around = outer


def _is_empty(element: Tag) -> bool:
    return all(e.name != "img" if isinstance(e, Tag) else not str(e).strip() for e in element.descendants)
