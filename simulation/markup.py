"""The forms that an editor gives to a text: lists, headings, tables, bold words. The words are the same in each. Pure.

And the shapes that whole texts have which were pasted.

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


def _cells(lines: Sequence[str]) -> str:
    rows = "".join(f"<tr><td>{line}</td></tr>" for line in lines)
    return f'<table width="100%"><tbody>{rows}</tbody></table>'


def _pasted(lines: Sequence[str]) -> str:
    span = '<span lang="UK" style="font-size:14.0pt">'
    return "".join(f'<p class="MsoNormal" style="text-align:justify">{span}{line}</span></p>' for line in lines)


def _columns(lines: Sequence[str]) -> str:
    half = (len(lines) + 1) // 2
    columns = (_in_boxes(lines[:half], "p"), _in_boxes(lines[half:], "p"))
    return f'<div class="row"><div class="col-6">{columns[0]}</div><div class="col-6">{columns[1]}</div></div>'


# What becomes of a whole text that somebody pastes: its lines → one piece of HTML.
SHAPES: tuple[Callable[[Sequence[str]], str], ...] = (
    "<br><br>".join,
    lambda lines: f"<p>{'<br>'.join(lines)}</p>",
    lambda lines: "".join(f"<div><div><span>{line}</span></div></div>" for line in lines),
    _cells,
    lambda lines: _in_boxes(lines, "h4"),
    lambda lines: "".join(f'<p align="center"><b>{line}</b></p>' for line in lines),
    lambda lines: f"<details open><summary>{lines[0]}</summary>{_in_boxes(lines[1:], 'p')}</details>",
    lambda lines: f"<blockquote>{_in_boxes(lines, 'p')}</blockquote>",
    lambda lines: f"<pre>{chr(10).join(lines)}</pre>",
    lambda lines: "".join(f"<section><p>{line}</p></section>" for line in lines),
    lambda lines: f"<ol>{_in_boxes(lines, 'li')}</ol>",
    lambda lines: f"<center>{'<br>'.join(lines)}</center>",
    _pasted,
    _columns,
    lambda lines: f'<div class="group"><div class="group-inner">{_in_boxes(lines, "p")}</div></div>',
)


def texts_of(article: Article) -> Iterator[str]:
    """Yield each paragraph of an article as HTML, or its whole text if it has a shape of its own."""
    if article.shape:
        yield SHAPES[article.shape - 1]([escape(paragraph) for paragraph in article.paragraphs])
        return
    for paragraph in article.paragraphs:
        form = FORMS[zlib.crc32(paragraph.encode()) % len(FORMS)] if article.is_formed else FORMS[0]
        yield form([escape(sentence) for sentence in SENTENCE.split(paragraph)])
