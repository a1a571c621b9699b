"""What speaks for a place in the articles' boxes to be foreign to the articles, by named signs.

The weights are those of a logistic regression: ``benchmarks/fit_places.py``
fits them on real pages whose texts were typed by hand, and reports how they
do on sites that they were not fitted on.
"""

from __future__ import annotations

from feedpub.collecting.learn import phrases
from feedpub.collecting.learn.places import LISTED, QUOTED, Place
from feedpub.collecting.learn.signs import Sign

PLACE_SIGNS: tuple[Sign[Place], ...] = (
    Sign("any place", 4.28, lambda p: 1.0),
    Sign("an extractor takes it for text", -2.35, lambda p: p.extracted),
    Sign("holds sentences", -2.40, lambda p: p.sentences),
    Sign("long", -1.68, lambda p: p.size),
    Sign("much of all text", -2.84, lambda p: p.of_text),
    Sign("many on a page", -1.21, lambda p: p.how_many),
    Sign("on every page", 1.76, lambda p: p.on_share),
    Sign("the same words on most pages", 0.31, lambda p: p.framed),
    Sign("says one thing", 0.86, lambda p: p.says_one_thing),
    Sign("links to other pages", 1.55, lambda p: p.to_others),
    Sign("above the text", -1.06, lambda p: p.before_text),
    Sign("a list or a table", -0.74, lambda p: p.tag in LISTED),
    # By hand: the pages that these are fitted on have hardly any tables. One of links to other pages is no text.
    Sign("holds a table", -5.0, lambda p: p.holds_table * max(0.0, 1 - 2 * p.to_others)),
    Sign("a quotation", -1.00, lambda p: p.tag in QUOTED),
    # By hand: what is fitted weighs characters, and a heading has few.
    Sign("a heading of its own", -1.5, lambda p: p.is_heading * (1 - p.framed) * (1 - p.to_others)),
    Sign("of a picture", 1.16, lambda p: p.tag in ("figure", "figcaption")),
    Sign("named after text", -0.63, lambda p: p.named(phrases.TEXT)),
    Sign("named after sharing", 1.15, lambda p: p.named(phrases.SHARE)),
    Sign("named after an author", 0.99, lambda p: p.named(phrases.BY_LINE)),
    Sign("named after a caption", 0.93, lambda p: p.named(phrases.CAPTION)),
    Sign("named after other articles", 0.64, lambda p: p.named(phrases.OTHERS)),
    Sign("says who wrote it", 0.62, lambda p: p.says(phrases.SAYS_BY_LINE)),
    Sign("says to read something else", 0.25, lambda p: p.says(phrases.SAYS_OTHERS)),
    Sign("says to sign up", 0.40, lambda p: p.says(phrases.SAYS_SIGN_UP)),
)
