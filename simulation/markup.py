"""The forms that an editor gives to a text: lists, headings, tables, bold words. The words are the same in each. Pure.

Which form a paragraph has depends on its words alone, so that a text that is edited keeps the forms of its other parts.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from html import escape

from simulation.council import Article

SENTENCE = re.compile(r"(?<=[.!?]) ")


def _in_boxes(sentences: Sequence[str], tag: str) -> str:
    return "".join(f"<{tag}>{one}</{tag}>" for one in sentences)


def _link(sentences: Sequence[str]) -> str:
    first, _, rest = " ".join(sentences).partition(" ")
    return f'<p><a href="/about">{first}</a> {rest}</p>'


FORMS: tuple[Callable[[Sequence[str]], str], ...] = (
    lambda sentences: f"<p>{' '.join(sentences)}</p>",
    lambda sentences: f"<ul>{_in_boxes(sentences, 'li')}</ul>",
    lambda sentences: f"<p>{'<br>'.join(sentences)}</p>",
    lambda sentences: f"<p><strong>{sentences[0]}</strong> {' '.join(sentences[1:])}</p>",
    lambda sentences: f"<blockquote><p>{' '.join(sentences)}</p></blockquote>",
    lambda sentences: f"<h3>{sentences[0]}</h3>{_in_boxes(sentences[1:], 'p')}",
    lambda sentences: f"<table><tbody><tr>{_in_boxes(sentences, 'td')}</tr></tbody></table>",
    lambda sentences: f"<div>{' '.join(sentences)}</div>",
    lambda sentences: f"<ol>{_in_boxes(sentences, 'li')}</ol>",
    _link,
)


def texts_of(article: Article) -> Iterator[str]:
    """Yield each paragraph of an article as HTML."""
    for paragraph in article.paragraphs:
        form = FORMS[zlib.crc32(paragraph.encode()) % len(FORMS)] if article.is_formed else FORMS[0]
        yield form([escape(sentence) for sentence in SENTENCE.split(paragraph)])
