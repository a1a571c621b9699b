"""A listing's page → groups of boxes that may be its news, the likeliest first.

News on a listing repeat: boxes of one kind, each with one address that no
other box has. So do menus, sidebars and sliders. What tells the news apart is
their titles of several words, dates, words beside the link, an order from new
to old, and that they are not on the site's other pages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from feedpub.collecting.learn.item_pieces import read_items
from feedpub.collecting.learn.items import groups_of_boxes
from feedpub.collecting.learn.records import Group
from feedpub.collecting.learn.scoring import RIVAL_SIGNS, Rivals, moments, weigh_group
from feedpub.collecting.learn.signs import weigh
from feedpub.collecting.learn.survey import Survey, place_of


def ranked(survey: Survey) -> list[Group]:
    """Return every kind of boxes that may be news, the likeliest first; they are sought once for each survey."""
    if survey.groups is None:
        survey.groups = _ranked(survey)
    return list(survey.groups)


def weighed(group: Group, survey: Survey) -> Group:
    """Return the group, with its items read and what speaks for it set."""
    read_items(group, survey)
    weigh_group(group, survey)
    return group


def group_alike(group: Group, survey: Survey, other: Survey) -> Group | None:
    """Return the likeliest group in the same kind of place on another page; None where there is none."""
    own_place = place_of(group, survey)
    return next((g for g in ranked(other) if place_of(g, other) == own_place), None)


def _ranked(survey: Survey) -> list[Group]:
    by_urls: dict[frozenset[str], list[Group]] = defaultdict(list)
    for group in groups_of_boxes(survey):
        if group.records:
            by_urls[frozenset(group.urls)].append(group)
    groups = [_most_telling(rivals, survey) for rivals in by_urls.values()]
    _compare(groups, survey)
    return sorted(groups, key=lambda g: -g.score)


def _most_telling(rivals: list[Group], survey: Survey) -> Group:
    """Of boxes in boxes with the same addresses, those that tell most."""
    rivals.sort(key=lambda g: (g.is_flat, -_chars(g, survey)))
    kept = {id(g): g for g in (*rivals[:2], *(g for g in rivals if g.again))}
    return max((weighed(group, survey) for group in kept.values()), key=lambda g: g.score)


def _chars(group: Group, survey: Survey) -> int:
    return sum(survey.shown_length(b) for b in (*(r.box for r in group.records), *group.again))


def _compare(groups: Sequence[Group], survey: Survey) -> None:
    """Weigh what the lists of a page say of each other."""
    outdated = _outdated(groups, survey)
    for group in outdated:
        group.contributions |= weigh(RIVAL_SIGNS, Rivals(is_outdated=True))
    boxed = [set(g.urls) for g in groups if not g.is_flat and g.score > 4]
    for group in groups:
        urls = set(group.urls)
        if group.is_flat and any(len(others & urls) >= 0.8 * len(group.urls) for others in boxed):
            group.contributions |= weigh(RIVAL_SIGNS, Rivals(is_boxed=True))


def _outdated(groups: Sequence[Group], survey: Survey) -> list[Group]:
    """The lists all of whose dates are older than most of another list's."""
    instants = {id(g): _instants_if_dated(g, survey) for g in groups}
    typical = [_middle(instants[id(g)]) for g in groups if len(instants[id(g)]) >= 4 and g.score > 5]
    return [g for g in groups if instants[id(g)] and any(instants[id(g)][-1] < day for day in typical)]


def _instants_if_dated(group: Group, survey: Survey) -> list[datetime]:
    """The instants of a list that is dated for the most part, the oldest first."""
    instants = sorted(moments(group, survey))
    return instants if len(instants) >= 0.5 * len(group.records) else []


def _middle(instants: Sequence[datetime]) -> datetime:
    return instants[len(instants) // 2]
