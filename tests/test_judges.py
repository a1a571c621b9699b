"""The judges of our pages pass a good one and report a bad one: else their silence would say nothing."""

from __future__ import annotations

import re
import struct
import zlib
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest

from tests import axe, vnu
from tests.chromium import PHOTO, Browser, Media

pytestmark = pytest.mark.long

STYLE = """\
:root { color-scheme: light dark; --ink: #222; --paper: #fff; --faint: #555 }
@media (prefers-color-scheme: dark) { :root { --ink: #ddd; --paper: #111; --faint: #aaa } }
@media print { nav { display: none } }
body { color: var(--ink); background: var(--paper); margin: 1rem; overflow-wrap: anywhere }
p { color: var(--faint) }
img { max-width: 100%; height: auto }
a { color: inherit; display: inline-block; padding: 6px 0 }
.wide { overflow-x: auto }"""
SCRIPT = "document.querySelector('button').textContent = 'Скопійовано';"


def allowed(code: str) -> str:
    """Its hash; of code without white space at its ends, which the Nu HTML checker takes off before it hashes."""
    assert code == code.strip()
    return f"'sha256-{b64encode(sha256(code.encode()).digest()).decode()}'"


POLICY = f"default-src 'none'; img-src https:; style-src {allowed(STYLE)}; script-src {allowed(SCRIPT)}"
GOOD = f"""<!DOCTYPE html>
<html lang="uk">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Новини міської ради</title>
<style>{STYLE}</style>
</head>
<body>
<header><nav aria-label="Стрічки">
<ul><li><a href="atom.xml">Atom</a></li><li><a href="rss.xml">RSS</a></li></ul>
</nav></header>
<main>
<h1>Новини міської ради</h1>
<p>Засідання сесії відбудеться у вівторок у залі засідань.</p>
<noscript><p>Адресу скопіюйте самі.</p></noscript>
<button type="button">Копіювати</button>
<div class="wide" tabindex="0" role="group" aria-label="Графік">
<table><tr>{"<td>Понеділок</td>" * 9}</tr></table></div>
<p><img src="https://rada.example/1.jpg" alt="Будівля ради" loading="lazy"></p>
</main>
<script>{SCRIPT}</script>
</body>
</html>
"""
TABLE = f'<table class="days"><tr>{"<td>Понеділок</td>" * 9}</tr></table>'
# What is made worse in the good page, and the beginning of the one line that tells it, at both widths.
WORSE = [
    ('alt="Будівля ради" ', "", "image-alt (critical) at img: Element does not have an alt attribute"),
    ('<html lang="uk">', "<html>", "html-has-lang (serious) at html: "),
    ('lang="uk"', 'lang="ua-ukr-ukr"', "html-lang-valid (serious) at html: "),
    ("<title>Новини міської ради</title>", "", "document-title (serious) at html: "),
    ("initial-scale=1", "user-scalable=no", 'meta-viewport (moderate) at meta[name="viewport"]: '),
    ("<h1>Новини міської ради</h1>", "", "page-has-heading-one (moderate) at html: "),
    ("<h1>Новини міської ради</h1>", "<h1>Новини</h1><h4>Сесія</h4>", "heading-order (moderate) at h4: "),
    ("</main>", "<button id=empty></button></main>", "button-name (critical) at #empty: "),
    ('<a href="rss.xml">RSS</a>', '<a href="rss.xml"></a>', "link-name (serious) at "),
    ('<a href="rss.xml">RSS</a>', "RSS<p>слова</p></li><p>слова</p><li>", "list (serious) at ul: "),
]  # fmt: skip

needs_axe = pytest.mark.skipif(axe.PROGRAM is None, reason=axe.ABSENT)
needs_vnu = pytest.mark.skipif(not vnu.is_here(), reason=vnu.ABSENT)
everywhere = pytest.mark.parametrize("width", [320, 1280])


def worse(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new, 1)


def restyled(old: str, new: str) -> str:
    """The good page with another style, which its policy allows too."""
    assert old in STYLE
    style = STYLE.replace(old, new)
    return GOOD.replace(allowed(STYLE), allowed(style)).replace(STYLE, style)


# ------------------------------------------------------------ axe-core


@needs_axe
@everywhere
@pytest.mark.parametrize(("dark", "media"), [(False, "screen"), (True, "screen"), (False, "print")])
@pytest.mark.parametrize("scripts", [True, False])
def test_a_good_page_passes_however_it_is_looked_at(
    browser: Browser, width: int, dark: bool, media: Media, scripts: bool
) -> None:
    found = axe.judged(browser, GOOD, width=width, dark=dark, media=media, scripts=scripts)
    assert (found.violations, found.undecided, axe.overflows(browser), browser.fired) == ([], [], [], [])
    assert {"color-contrast", "image-alt", "html-has-lang", "region", "target-size"} - set(found.passed) <= (
        {"target-size"} if media == "print" else set()  # whose links are not there on paper
    )


@needs_axe
@everywhere
@pytest.mark.parametrize(("old", "new", "line"), WORSE)
def test_what_shuts_people_out_is_reported(browser: Browser, width: int, old: str, new: str, line: str) -> None:
    [found] = axe.violations(browser, worse(old, new), width=width)
    assert found.startswith(line)


@needs_axe
@pytest.mark.parametrize(("dark", "colour"), [(False, "--faint: #555"), (True, "--faint: #aaa")])
def test_low_contrast_is_reported_in_the_colours_that_have_it(browser: Browser, dark: bool, colour: str) -> None:
    page = restyled(colour, "--faint: #808080; --paper: #777")
    assert axe.violations(browser, page, dark=not dark) == []
    found = axe.violations(browser, page, dark=dark)
    assert any(f.startswith("color-contrast (serious) at ") and "foreground color: #808080" in f for f in found)


@needs_axe
def test_links_too_near_to_hit_are_reported(browser: Browser) -> None:
    found = axe.violations(browser, restyled("padding: 6px 0", "font-size: 9px"))
    assert {line.split(" at ")[0] for line in found} == {"target-size (serious)"}


@needs_axe
def test_what_axe_cannot_tell_is_said(browser: Browser) -> None:
    page = restyled("margin: 1rem", "margin: 1rem; background-image: linear-gradient(#fff, #ddd)")
    found = axe.judged(browser, page)
    assert found.violations == []
    assert any(line.startswith("color-contrast (serious) at ") for line in found.undecided)


@needs_axe
def test_without_scripts_a_page_is_judged_as_it_is_then(browser: Browser) -> None:
    page = worse("<noscript><p>", "<noscript><p id=plain><img>")
    assert axe.violations(browser, page) == []
    assert browser.run("document.querySelector('button').textContent") == "Скопійовано"
    assert [line.split(": ")[0] for line in axe.violations(browser, page, scripts=False)] == [
        "image-alt (critical) at #plain > img"
    ]
    assert browser.run("document.querySelector('button').textContent") == "Копіювати"


@needs_axe
def test_a_style_that_the_page_s_policy_does_not_allow_is_told(browser: Browser) -> None:
    axe.violations(browser, GOOD.replace(allowed(STYLE), "'none'"))
    assert {told.rsplit(" ", 2)[0] for told in browser.fired} == {"policy broken: style-src-elem"}


# ------------------------------------------------------------ sideways


def stiff(old: str, new: str) -> str:
    """The good page made worse, and with words that are not broken."""
    assert old in GOOD
    return restyled("; overflow-wrap: anywhere", "").replace(old, new, 1)


@needs_axe
@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (stiff("<noscript>", f"{TABLE}<noscript>"), [r"table\.days ends at \d+ px of 320, and so does td “Понеділок”"]),
        (stiff("<noscript>", f"<section><p>слова</p>{TABLE}</section>{TABLE}<noscript>"), [r"table\.days ends .*"] * 2),
        (stiff("відбудеться", "Нерозривно" * 9), [r"p “Засідання сесії Нерозривно.* ends at \d+ px of 320"]),
        (restyled("max-width: 100%", "max-width: none"), ["img ends at 1616 px of 320"]),
        (restyled(".wide {", "h1 { display: grid; width: 400px } .wide {"),
         [r"h1 ends at 416 px of 320(?:, and so does h1 .*)?"]),  # in a wide font, its words do as well
        (restyled(".wide {", ".wide { position: absolute; width: 400px;"), ["div.wide ends at 416 px of 320"]),
        (restyled("margin: 1rem", "overflow-x: hidden; width: 400px"), ["body ends at 408 px of 320, and so does li"]),
        (restyled("margin: 1rem", "margin: 0; padding-right: 400px; width: 10px"), ["body ends at 410 px of 320"]),
        (worse('name="viewport"', 'name="port"'), [r"the page is laid out 980 px wide in a window of 320 px: .*"]),
    ],
)  # fmt: skip
def test_what_makes_a_page_scroll_sideways_is_named(browser: Browser, page: str, expected: list[str]) -> None:
    axe.violations(browser, page, width=320)
    found = axe.overflows(browser)
    assert len(found) == len(expected)
    assert all(re.fullmatch(*pair) for pair in zip(expected, found, strict=True)), found


# ------------------------------------------------------------ to be looked at by a person


def pixel(path: Path) -> tuple[tuple[int, int], bytes]:
    """The size of a PNG, and the colour of its first point."""
    data = path.read_bytes()
    width, height, depth, kind = struct.unpack(">IIBB", data[16:26])
    assert (depth, kind) in {(8, 2), (8, 6)}
    parts, at = b"", 8
    while at < len(data):
        length, name = struct.unpack(">I4s", data[at : at + 8])
        parts += data[at + 8 : at + 8 + length] if name == b"IDAT" else b""
        at += 12 + length
    return (width, height), zlib.decompress(parts)[1:4]


@pytest.mark.parametrize(
    ("width", "dark", "media", "paper"),
    [(320, False, "screen", "ffffff"), (1280, True, "screen", "111111"), (700, False, "print", "ffffff")],
)
def test_a_screenshot_is_what_that_window_shows(
    browser: Browser, tmp_path: Path, width: int, dark: bool, media: Media, paper: str
) -> None:
    browser.look(width=width, dark=dark, media=media)
    browser.show(GOOD.replace("<noscript>", "<p>слова</p>" * 99), policy=None, picture=PHOTO)
    browser.settle(0)
    browser.screenshot(tmp_path / "whole.png")
    browser.screenshot(tmp_path / "window.png", whole=False)
    (wide, high), colour = pixel(tmp_path / "whole.png")
    assert (wide, colour.hex()) == (width, paper)
    assert high > 2000
    assert pixel(tmp_path / "window.png") == ((width, 800), colour)


def test_a_page_for_a_screen_reads_otherwise_on_paper(browser: Browser) -> None:
    shown = "document.querySelector('nav').getClientRects().length"
    browser.show(GOOD, policy=None)
    browser.look()
    assert browser.run(shown) == 1
    browser.look(media="print")
    assert browser.run(shown) == 0


# ------------------------------------------------------------ the Nu HTML checker


def files(folder: Path, **pages: str) -> list[Path]:
    found = []
    for name, page in pages.items():
        found.append(folder / name / "index.html")
        found[-1].parent.mkdir()
        found[-1].write_text(page, encoding="utf-8")
    return found


def line(words: str) -> int:
    return GOOD[: GOOD.index(words)].count("\n") + 1


@needs_vnu
def test_the_checker_tells_errors_and_warnings_apart_each_with_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "C")  # as cron and CI may have it
    good, bad, odd, рада = files(
        tmp_path,
        good=GOOD,
        bad=worse(' alt="Будівля ради"', ""),
        odd=worse("<h1>", "<h1><br/>"),
        рада=restyled("margin:", "colour: red; margin:"),
    )
    found = vnu.findings([good, bad, odd, рада])
    assert [line.split(" ")[0] for line in found.errors] == [f"{bad}:{line('<p><img')}:", f"{рада}:{line('margin:')}:"]
    assert "alt" in found.errors[0]
    assert "colour" in found.errors[1]
    assert [line.split(" ")[0] for line in found.warnings] == [f"{odd}:{line('<h1>')}:"]
    assert vnu.errors([good]) == []


@needs_vnu
def test_the_checker_passes_over_no_file_in_silence(tmp_path: Path) -> None:
    [bad] = files(tmp_path, bad="слова")
    plain = bad.rename(bad.with_suffix(".txt"))
    assert any(f"{plain}:1: " in line for line in vnu.errors([plain]))
    with pytest.raises(FileNotFoundError, match="no file to check: "):
        vnu.errors([plain, tmp_path / "none.html"])
