"""Pages are usable in a person's own few colours, with a trembling finger, enlarged: beyond what axe can see."""

from __future__ import annotations

from typing import Any

import pytest

from feedpub.publishing import page
from tests import axe
from tests.chromium import Browser
from tests.test_pages import long_council, pages
from tests.town import Town

LEAST = 24  # CSS pixels, each way: WCAG 2.2, 2.5.8
# What can be pressed and is smaller, but for links in sentences: these are as high as their line.
SMALL = """
[...document.querySelectorAll('a, button, input, select, summary')].filter(e => e.checkVisibility()).filter(e => {
  if (e.closest('.skip')) return false;
  const words = [...e.parentElement.childNodes].some(n => n.nodeType === 3 && n.textContent.trim().length > 1);
  if (getComputedStyle(e).display === 'inline' && words) return false;
  const {width, height} = e.getBoundingClientRect();
  return width < LEAST || height < LEAST;
}).map(e => e.outerHTML.slice(0, 160))
""".replace("LEAST", str(LEAST))
# What is pressed or written in has a border that differs from what is around it, and what has the focus an outline.
UNSEEN = """
(() => {
  const found = [];
  const canvas = getComputedStyle(document.body).backgroundColor;
  const boxed = document.querySelectorAll('button, .button, input, select, .card, .chips a, .said');
  for (const e of boxed) {
    e.hidden = false;
    const {borderTopWidth: width, borderTopStyle: style, borderTopColor: color} = getComputedStyle(e);
    if (parseFloat(width) < 1 || style === 'none' || color === canvas || /^rgba.*, 0\\)$/.test(color)) {
      found.push(`no border: ${e.outerHTML.slice(0, 100)}`);
    }
  }
  for (const e of document.querySelectorAll('a[href], button, input, select, [tabindex]')) {
    if (!e.checkVisibility()) continue;
    e.focus({preventScroll: true, focusVisible: true});
    const {outlineWidth: width, outlineStyle: style, outlineColor: color} = getComputedStyle(e);
    if (parseFloat(width) < 2 || style === 'none' || color === canvas || /^rgba.*, 0\\)$/.test(color)) {
      found.push(`no outline: ${e.outerHTML.slice(0, 100)}`);
    }
  }
  return found;
})()
"""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    made = Town(tmp_path_factory.mktemp("town"))
    made.items = 10
    made.run(backfill=True)
    return made


def each_kind(town: Town) -> dict[str, str]:
    """A page of every kind, with odd ones: long words, many regions' pages."""
    made = pages(town)
    items = sorted((n for n in made if "/item/" in n), key=lambda n: len(made[n]))
    odd = long_council("Незнайсумісництворозпорядженнявиконкому" * 3)
    folders = [f"region/luhanska-oblast/{n}" for n in ("", *(f"{n}/" for n in range(2, 15)))]
    others = {
        "odd": page.source_page(odd),
        "odd front": page.front_page([odd]),
        "region": page.region_page([odd], page.Place("Луганська область", folders, 3, has_feeds=True)),
        "regions": page.regions_page(odd, [page.Region("Луганська область", "region/luhanska-oblast/", 1)]),
    }
    those = {n: text for n, text in made.items() if "/item/" not in n or n in items[-2:]}
    return those | {n: data.decode() for n, data in others.items()}


def show(browser: Browser, text: str, **how: Any) -> None:
    browser.look(**how)
    browser.show(text, policy=None)
    browser.run("for (const e of document.querySelectorAll('.find, button')) e.hidden = false")


@pytest.mark.parametrize("dark", [False, True])
def test_in_forced_colours_every_control_has_a_border_and_the_focus_an_outline(
    town: Town, browser: Browser, dark: bool
) -> None:
    for name, text in each_kind(town).items():
        show(browser, text, width=390, dark=dark, is_forced=True)
        assert browser.run("matchMedia('(forced-colors: active)').matches")
        browser.run("document.querySelector('.said').classList.add('shown')")
        assert browser.run(UNSEEN) == [], name


@pytest.mark.parametrize("width", [320, 1280])
def test_what_is_pressed_is_large_enough(town: Town, browser: Browser, width: int) -> None:
    for name, text in each_kind(town).items():
        show(browser, text, width=width)
        assert browser.run(SMALL) == [], name


@pytest.mark.parametrize(("width", "enlarged"), [(320, 1), (320, 2), (640, 2), (1280, 2)])
def test_nothing_scrolls_sideways_at_400_percent_or_with_text_twice_as_large(
    town: Town, browser: Browser, width: int, enlarged: int
) -> None:
    for name, text in each_kind(town).items():
        show(browser, text, width=width)
        browser.run(f"document.documentElement.style.fontSize = '{enlarged * 100}%'; 0")
        assert axe.overflows(browser) == [], name
