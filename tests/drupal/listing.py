"""Articles to a listing page: teasers, newest first, and Drupal's pager below them."""

from __future__ import annotations

from collections.abc import Sequence

from tests.drupal.articles import Article
from tests.drupal.node import teaser

PAGER_NUMBERS = 9  # page numbers shown at once


def in_order(articles: Sequence[Article]) -> list[Article]:
    """Sticky ones first, then the newest; the later number first where the time is the same."""
    return sorted(articles, key=lambda article: (article.sticky, article.utc, article.number), reverse=True)


def listing(articles: Sequence[Article], page: int, page_size: int, address: str, base_url: str) -> str:
    """The page of that number, counted from 0, of the articles; beyond the end the last one, as core listings do."""
    pages = max(1, -(-len(articles) // page_size))
    page = min(max(page, 0), pages - 1)
    rows = in_order(articles)[page * page_size :][:page_size]
    return "".join(teaser(article, base_url) for article in rows) + _pager(page, pages, address)


def _pager(page: int, pages: int, address: str) -> str:
    if pages == 1:
        return ""
    items = [*_back(page, address), *_numbers(page, pages, address), *_forth(page, pages, address)]
    edges = {0: " first", len(items) - 1: " last"}
    rows = "".join(
        f'<li class="{name}{edges.get(place, "")}">{content}</li>\n' for place, (name, content) in enumerate(items)
    )
    return f'<h2 class="element-invisible">Сторінки</h2><div class="item-list"><ul class="pager">{rows}</ul></div>'


def _back(page: int, address: str) -> list[tuple[str, str]]:
    if page == 0:
        return []
    return [
        ("pager-first", _link(address, 0, "« перша", "першої сторінки")),
        ("pager-previous", _link(address, page - 1, "‹ попередня", "попередньої сторінки")),
    ]


def _numbers(page: int, pages: int, address: str) -> list[tuple[str, str]]:
    """The pages' numbers with the current one in the middle, as far as there are pages, and dots for the others."""
    first = max(0, min(page - PAGER_NUMBERS // 2, pages - PAGER_NUMBERS))
    last = min(first + PAGER_NUMBERS, pages)
    numbers = [
        ("pager-current", f"{number + 1}")
        if number == page
        else ("pager-item", _link(address, number, f"{number + 1}", f"сторінки {number + 1}"))
        for number in range(first, last)
    ]
    dots = [("pager-ellipsis", "…")]
    return (dots if first > 0 else []) + numbers + (dots if last < pages else [])


def _forth(page: int, pages: int, address: str) -> list[tuple[str, str]]:
    if page == pages - 1:
        return []
    return [
        ("pager-next", _link(address, page + 1, "наступна ›", "наступної сторінки")),
        ("pager-last", _link(address, pages - 1, "остання »", "останньої сторінки")),
    ]


def _link(address: str, page: int, label: str, aim: str) -> str:
    """A link to a page; the first has no number in its address."""
    query = f"?page={page}" if page else ""
    return f'<a title="Перейти до {aim}" href="{address}{query}">{label}</a>'
