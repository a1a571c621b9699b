"""What speaks for a place in the articles' boxes to be foreign to the articles, by named signs.

The weights are those of a logistic regression: ``benchmarks/fit_places.py``
fits them on real pages whose texts were typed by hand, and reports how they
do on sites that they were not fitted on.
"""

from __future__ import annotations

from feedpub.collecting.learn.places import LISTED, QUOTED, Place
from feedpub.collecting.learn.signs import Sign
from feedpub.html import phrases

PLACE_SIGNS: tuple[Sign[Place], ...] = (
    Sign("any place", 4.97, lambda p: 1.0),
    Sign("an extractor takes it for text", -2.50, lambda p: p.extracted),
    Sign("holds sentences", -2.44, lambda p: p.sentences),
    Sign("long", -2.38, lambda p: p.size),
    Sign("much of all text", -2.60, lambda p: p.of_text),
    Sign("many on a page", -1.37, lambda p: p.how_many),
    Sign("on every page", 1.81, lambda p: p.on_share),
    Sign("the same words on most pages", 0.68, lambda p: p.framed),
    Sign("says one thing", 1.01, lambda p: p.says_one_thing),
    Sign("links to other pages", 1.64, lambda p: p.to_others),
    Sign("above the text", -1.25, lambda p: p.before_text),
    Sign("a list or a table", -0.68, lambda p: p.tag in LISTED),
    # By hand: the pages that these are fitted on have hardly any tables. One of links to other pages is no text.
    Sign("holds a table", -8.0, lambda p: p.holds_table * max(0.0, 1 - 3 * p.to_others)),
    # By hand: the pages are newspapers', and councils live by links to documents and to other authorities.
    Sign("links to documents", -8.0, lambda p: p.with_files),
    Sign("links to other sites", -4.5, lambda p: p.to_sites),
    # By hand: extractors leave out what is hidden until a tap, and it is text all the same.
    Sign("unfolded by a tap", -8.0, lambda p: p.folded * (1 - p.framed) * (1 - p.to_others)),
    Sign("a quotation", -0.78, lambda p: p.tag in QUOTED),
    # By hand: what is fitted weighs characters, and a heading has few.
    Sign("a heading of its own", -1.5, lambda p: p.is_heading * (1 - p.framed) * (1 - p.to_others)),
    Sign("of a picture", 1.13, lambda p: p.tag in ("figure", "figcaption")),
    Sign("named after text", -0.55, lambda p: p.named(phrases.TEXT)),
    Sign("named after sharing", 2.13, lambda p: p.named(phrases.SHARE)),
    Sign("named after an author", 1.17, lambda p: p.named(phrases.BY_LINE)),
    Sign("named after a caption", 0.88, lambda p: p.named(phrases.CAPTION)),
    Sign("named after other articles", 0.96, lambda p: p.named(phrases.OTHERS)),
    Sign("says who wrote it", 0.94, lambda p: p.says(phrases.SAYS_BY_LINE)),
    Sign("says to read something else", 0.40, lambda p: p.says(phrases.SAYS_OTHERS)),
    Sign("says to sign up", 0.52, lambda p: p.says(phrases.SAYS_SIGN_UP)),
)
