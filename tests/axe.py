"""How a page is for people, in a real browser: what axe-core finds wrong with it, and what makes it scroll sideways.

The page is left to the policy that it brings along: what is asked here comes through the debugger, not the page.
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from tests import tools
from tests.chromium import PHOTO, Browser, Media

PROGRAM = tools.path("axe-core/axe.min.js")
ABSENT = tools.ABSENT.format("axe-core")
# WCAG 2.2, levels A and AA, is all of these together; what axe knows besides to be better.
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")

# What reaches beyond the window: the outermost elements, and in each the innermost one or the words that do.
BEYOND = """
(() => {
  const {scrollWidth: page, clientWidth: edge} = document.documentElement;
  const root = new Set([document.documentElement, document.body]);
  if (page <= edge) return [];
  const box = node => {
    if (node.nodeType === Node.ELEMENT_NODE) return node.getClientRects();
    const range = document.createRange();
    range.selectNodeContents(node);
    return range.getClientRects();
  };
  const end = node => Math.max(0, ...[...box(node)].map(r => r.width && r.height ? r.right : 0));
  const holds = e => !root.has(e) && getComputedStyle(e).overflowX !== 'visible';  // scrolls by itself, or cuts
  const beyond = node => end(node) > edge + 0.5;
  const name = e => e.localName + (e.id && '#' + e.id) + [...e.classList].map(c => '.' + c).join('');
  const words = node => ` “${node.textContent.trim().replace(/\\s+/g, ' ').slice(0, 40)}”`;
  const called = node => node.nodeType === Node.TEXT_NODE ? name(node.parentElement) + words(node) : name(node);
  const deepest = node => {
    if (node.nodeType === Node.TEXT_NODE || holds(node)) return node;
    const inside = [...node.childNodes].filter(n => n.nodeType <= Node.TEXT_NODE && beyond(n));
    return inside.length ? deepest(inside.sort((a, b) => end(b) - end(a))[0]) : node;
  };
  const found = [];
  const walk = element => {
    for (const node of element.childNodes) {
      if (node.nodeType !== Node.ELEMENT_NODE && node.nodeType !== Node.TEXT_NODE) continue;
      if (beyond(node)) {
        const inside = deepest(node);
        const also = inside === node ? '' : `, and so does ${called(inside)}`;
        found.push(`${called(node)} ends at ${Math.round(end(node))} px of ${edge}${also}`);
      } else if (node.nodeType === Node.ELEMENT_NODE && !holds(node)) walk(node);
    }
  };
  walk(document.documentElement);
  return found.length ? found : [`the page is ${page} px wide in a window of ${edge} px, and nothing in it tells why`];
})()
"""


class Judgement(NamedTuple):
    violations: list[str]  # a line each: rule, impact, selector
    undecided: list[str]  # likewise, what axe cannot tell: a person has to look
    passed: list[str]  # the rules that had something to look at


def judged(
    browser: Browser, html: str, *, width: int = 1280, dark: bool = False, media: Media = "screen", scripts: bool = True
) -> Judgement:
    """What axe-core says of the page, which the browser goes on showing."""
    assert PROGRAM is not None, ABSENT
    browser.look(width=width, dark=dark, media=media)
    browser.show(html, policy=None, picture=PHOTO, scripts=scripts)
    if not scripts:  # axe takes what stands in a noscript for hidden always
        browser.run("for (const n of document.body.querySelectorAll('noscript')) n.replaceWith(...n.childNodes)")
    browser.settle(0)
    browser.run(PROGRAM.read_text(encoding="utf-8") + ";0")
    results = browser.run(f"axe.run({json.dumps({'runOnly': RULES})})")
    return Judgement(
        _lines(results["violations"]), _lines(results["incomplete"]), [rule["id"] for rule in results["passes"]]
    )


def violations(
    browser: Browser, html: str, *, width: int = 1280, dark: bool = False, media: Media = "screen", scripts: bool = True
) -> list[str]:
    return judged(browser, html, width=width, dark=dark, media=media, scripts=scripts).violations


def overflows(browser: Browser) -> list[str]:
    """What makes the page that is shown scroll sideways in its window: a line each; none where it does not."""
    laid = browser.run("document.documentElement.clientWidth")
    if laid > browser.width:
        return [f"the page is laid out {laid} px wide in a window of {browser.width} px: no <meta name=viewport>?"]
    return list(map(str, browser.run(BEYOND)))


def _lines(rules: list[dict[str, Any]]) -> list[str]:
    return [f"{rule['id']} ({rule['impact']}) at {_place(node)}: {_reason(rule, node)}"
            for rule in rules for node in rule["nodes"]]  # fmt: skip


def _place(node: dict[str, Any]) -> str:
    """Its selector; through the frames or shadow trees that it stands in, if any."""
    return " >> ".join(part if isinstance(part, str) else " >> ".join(part) for part in node["target"])


def _reason(rule: dict[str, Any], node: dict[str, Any]) -> str:
    return str(next((check["message"] for kind in ("any", "all", "none") for check in node[kind]), rule["help"]))
