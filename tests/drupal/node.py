"""Article to its markup, as Drupal's node and field templates print it: in full, and as a teaser of a listing."""

from __future__ import annotations

import base64
import hashlib
import re

from tests.drupal.articles import RUBRICS, Article, Attachment, BasicPage, Image
from tests.drupal.files import FOLDER, PDF_ICON, SIZES, document, document_path
from tests.drupal.frame import plain

TEASER = 600  # characters of HTML: Drupal's default
BREAK = "<!--break-->"

_TAG = re.compile(r"<!--.*?-->|<(?P<closing>/?)(?P<name>[a-zA-Z][\w:]*)[^>]*?(?P<empty>/?)>", re.DOTALL)
_NEVER_CLOSED = {"br", "hr", "img", "input", "param", "p"}  # p: the next block ends it


def full(article: Article, base_url: str) -> str:
    """The article on its own page."""
    fields = (
        _images(article, "large", base_url)
        + _body(article.body)
        + _attachments(article.files, base_url)
        + _categories(article)
    )
    return _node(article, "node-full", heading="", fields=fields, links="")


def teaser(article: Article, base_url: str) -> str:
    """The article on a listing: title, small pictures, the beginning of the text, a link that says only "more"."""
    title = plain(article.title)
    heading = f'    <h2>\n      <a href="{article.href}">{title}</a>\n    </h2>\n'
    fields = _images(article, "medium", base_url) + _body(summary(article.body)) + _categories(article)
    links = f"""\
      <div class="link-wrapper">
      <ul class="links inline"><li class="node-readmore first last"><a href="{article.href}" rel="tag" title="{title}">\
Докладніше<span class="element-invisible"> про {title}</span></a></li>
</ul>    </div>
"""
    return _node(article, "node-teaser", heading=heading, fields=fields, links=links)


def basic_page(page: BasicPage) -> str:
    """A page without a date."""
    return f"""\
<div id="node-{page.number}" class="node node-page node-full clearfix" about="{page.href}" typeof="foaf:Document">

      {_rdf_title(page.title)}

  <div class="content clearfix">
    {_body(page.body)}  </div>

</div>
"""


def summary(body: str) -> str:
    """The beginning of a body, whole in its tags: up to the editors' break, or the last paragraph that fits."""
    before, marker, _ = body.partition(BREAK)
    if marker:
        return _closed(before)
    if len(body) <= TEASER:
        return _closed(body)
    start = body[:TEASER]
    end = start.rfind("</p>") + len("</p>")
    return _closed(start[:end] if end >= len("</p>") else start[: start.rfind(">") + 1])


def _closed(markup: str) -> str:
    """The markup with an end to every tag, and no comment that does not end: it would swallow the rest of the page."""
    if markup.rfind("<!--") > markup.rfind("-->"):
        markup = markup[: markup.rfind("<!--")]
    is_open: list[str] = []
    for tag in _TAG.finditer(markup):
        name = (tag["name"] or "").lower()
        if not name or tag["empty"] or name in _NEVER_CLOSED:
            continue
        if not tag["closing"]:
            is_open.append(name)
        elif name in is_open:
            del is_open[len(is_open) - 1 - is_open[::-1].index(name) :]
    return markup + "".join(f"</{name}>" for name in reversed(is_open))


def _node(article: Article, view: str, *, heading: str, fields: str, links: str) -> str:
    sticky = " node-sticky" if article.sticky else ""
    promoted = " node-promoted" if article.listed else ""
    return f"""\
<div id="node-{article.number}" class="node node-story{promoted}{sticky} {view} clearfix" about="{article.href}" \
typeof="sioc:Item foaf:Document">

    {heading}  {_rdf_title(article.title)}
      <div class="meta submitted">
            <span property="dc:date dc:created" content="{article.local.isoformat()}" datatype="xsd:dateTime" \
rel="sioc:has_creator">{article.date}</span>    </div>

  <div class="content clearfix">
    {fields}  </div>

{links}

</div>
"""


def _rdf_title(title: str) -> str:
    return (
        f'<span property="dc:title" content="{plain(title)}" class="rdf-meta element-hidden"></span>'
        '<span property="sioc:num_replies" content="0" datatype="xsd:integer" class="rdf-meta element-hidden"></span>'
    )


def _field(name: str, kind: str, items: list[str], label: str = "", attributes: str = "") -> str:
    """A field, or nothing where it is empty: Drupal prints no empty field."""
    if not items:
        return ""
    shown = f'<div class="field-label">{label}:&nbsp;</div>' if label else ""
    rows = "".join(
        f'<div class="field-item {("even", "odd")[row % 2]}"{attributes}>{item}</div>' for row, item in enumerate(items)
    )
    return (
        f'<div class="field field-name-{name} field-type-{kind} field-label-{"above" if label else "hidden"}">'
        f'{shown}<div class="field-items">{rows}</div></div>'
    )


def _body(body: str) -> str:
    return _field("body", "text-with-summary", [body] if body else [], attributes=' property="content:encoded"')


def _images(article: Article, style: str, base_url: str) -> str:
    """The pictures; on a listing each is also a link to the article."""
    pictures = [_image(image, style, base_url) for image in article.images]
    if style == "medium":
        pictures = [f'<a href="{article.href}">{picture}</a>' for picture in pictures]
    return _field("field-photo", "image", pictures)


def _image(image: Image, style: str, base_url: str) -> str:
    width, height = SIZES[style]
    token = base64.urlsafe_b64encode(hashlib.sha256(f"{style}/{image.file}".encode()).digest()[:6]).decode()
    address = f"{base_url}{FOLDER}styles/{style}/public/field/image/{image.file}?itok={token}"
    return f'<img typeof="foaf:Image" src="{address}" width="{width}" height="{height}" alt="{plain(image.alt)}" />'


def _attachments(attachments: tuple[Attachment, ...], base_url: str) -> str:
    if not attachments:
        return ""
    rows = "".join(_attachment(attachment, row, base_url) for row, attachment in enumerate(attachments))
    table = f"""<table class="sticky-enabled">
 <thead><tr><th>Attachment</th><th>Size</th> </tr></thead>
<tbody>
{rows}</tbody>
</table>
"""
    return _field("field-files", "file", [table], label="Вкладення")


def _attachment(attachment: Attachment, row: int, base_url: str) -> str:
    """A row of the table; Drupal appends the length to the type, which is no media type any more."""
    size = len(document(attachment.file))
    title = "" if attachment.label == attachment.file else f' title="{plain(attachment.file)}"'
    return (
        f' <tr class="{("odd", "even")[row % 2]}"><td><span class="file">'
        f'<img class="file-icon" alt="PDF icon" title="application/pdf" src="{PDF_ICON}" /> '
        f'<a href="{base_url}{document_path(attachment.file)}" type="application/pdf; length={size}"{title}>'
        f"{plain(attachment.label)}</a></span></td><td>{size} bytes</td> </tr>\n"
    )


def _categories(article: Article) -> str:
    rubrics = [next(rubric for rubric in RUBRICS if rubric.name == name) for name in article.categories]
    items = "".join(
        f'<li class="taxonomy-term-reference-{place}"><a href="{rubric.href}" typeof="skos:Concept" '
        f'property="rdfs:label skos:prefLabel" datatype="">{plain(rubric.name)}</a></li>'
        for place, rubric in enumerate(rubrics)
    )
    return (
        '<div class="field field-name-field-category field-type-taxonomy-term-reference field-label-above clearfix">'
        f'<h3 class="field-label">Рубрика: </h3><ul class="links">{items}</ul></div>'
    )
