"""What the stock markup of Drupal 7 is known to have, as an operator would write it down: a layout to test with."""

from __future__ import annotations

from feedpub.layout import Layout

# What the stock markup of Drupal 7 is known to have: node.tpl.php, field.tpl.php, views and pager
# as they come; Bartik, Garland, Seven, Stark and Zen keep these class names.
DRUPAL7 = Layout(
    item=(
        ".node-teaser",
        "#block-system-main .view-content .views-row",
        "#block-system-main .view-content li",
        "#block-system-main .view-content tr",
        ".view-content .views-row",
    ),
    link=("h2 a[href]", "h3 a[href]", ".views-field-title a[href]", ".node-title a[href]"),
    item_title=(),
    item_date=("[property~='dc:created']", ".submitted", ".views-field-created", ".date-display-single"),
    next_page=(".pager-next a[href]", "a[rel~='next']", "link[rel~='next']"),
    article=("#block-system-main .node:not(.node-teaser)", ".node-full", ".node:not(.node-teaser)"),
    title=(
        "#page-title",
        "h1.title",
        "h1.page-title",
        "h1.page-header",
        "h1.node-title",
        ".node:not(.node-teaser) h1",
        ".node:not(.node-teaser) > [property~='dc:title']",  # of the module rdf: the title is its content
        "h1:not(#site-name):not(#branding)",
    ),
    date=(
        "[property~='dc:created']",
        ".submitted time",
        ".submitted",
        ".field-name-post-date",
        ".date-display-single",
        "time[datetime]",
    ),
    body=(
        ".field-name-body > .field-items",
        ".field-name-body",
        "[property~='content:encoded']",
        ".field-type-text-with-summary",
        ".field-type-text-long",
    ),
    images=(".field-type-image img",),
    files=(".field-type-file a[href]",),
    categories=(".field-type-taxonomy-term-reference a",),
    author=(".submitted .username", ".submitted a[href*='/user']"),
    drop=(".element-invisible", ".element-hidden", ".links.inline", ".tabs", ".contextual-links-wrapper"),
    date_formats=(
        "%d/%m/%Y - %H:%M",
        "%A, %d/%m/%Y - %H:%M",
        "%A, %d %B, %Y - %H:%M",
        "%A, %B %d, %Y - %H:%M",
        "%d %B, %Y - %H:%M",
        "%d %B %Y - %H:%M",
        "%d %B %Y, %H:%M",
        "%d.%m.%Y - %H:%M",
        "%d.%m.%Y, %H:%M",
        "%d.%m.%Y %H:%M",
        "%d.%m.%Y",
        "%d/%m/%Y",
        "%d %B %Y",
    ),
)
