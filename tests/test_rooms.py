"""The house stays as planned: imports run downwards only, each library has its sole holder."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

HOUSE = Path(__file__).parent.parent / "feedpub"
GROUND = {"model", "errors", "address", "layouts", "text", "dates", "tree"}
VERBS = {"fetch", "scrape", "learn", "normalize", "dedupe", "store", "feed", "render", "check", "publish",
         "ledger", "page", "push", "serve"}  # fmt: skip

MAY_IMPORT = {
    "model": set(),
    "errors": set(),
    "address": set(),
    "layouts": {"model"},
    "text": set(),
    "dates": {"text"},
    "tree": {"address", "errors", "model"},
    "config": {"errors", "model"},
    **dict.fromkeys(VERBS, GROUND),
    "pipeline": GROUND | VERBS - {"fetch", "publish", "serve"},
    "cli": GROUND | VERBS | {"pipeline", "config", "demo"},
    "demo": set(),  # the site of the demo is a council's: it knows nothing of feedpub
    "__main__": {"cli"},
    "__init__": set(),
}
SOLE_HOLDERS = {
    "requests": {"fetch"},
    "urllib3": {"fetch"},
    "protego": {"fetch"},
    "charset_normalizer": {"fetch"},
    "bs4": {"normalize"},
    "nh3": {"normalize"},
    "dateutil": {"dates"},
    "feedgen": {"render"},
    "jinja2": {"page"},
    "markupsafe": {"page"},
    "brotli": {"publish", "check"},
    "sqlite3": {"store"},
    "lxml": {"tree", "scrape", "learn", "check", "render", "ledger"},
    "cssselect": {"tree", "config"},
    "pymorphy3": {"dedupe"},
    "trafilatura": {"learn"},
    "tqdm": {"cli"},
    "waitress": {"serve"},
    "werkzeug": {"serve"},
    "tomllib": {"config", "demo"},
    "argparse": {"cli"},
}
CLOCKS = {"datetime.now", "time.time", "datetime.utcnow", "date.today"}


def room(path: Path) -> str:
    return path.relative_to(HOUSE).parts[0].removesuffix(".py")


FILES = sorted(HOUSE.rglob("*.py"))
ROOMS = sorted({room(f) for f in FILES})


def imports(path: Path) -> set[str]:
    """Every module that the file imports anywhere in it, by its full name."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {a.name for a in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found |= {f"{node.module}.{a.name}" for a in node.names}
    return found


def rooms_of(names: set[str]) -> set[str]:
    parts = [n.split(".") for n in names if n.startswith("feedpub.")]
    return {p[1] for p in parts if p[1] != "__version__"}


def test_every_room_is_on_the_plan() -> None:
    assert set(ROOMS) == set(MAY_IMPORT)


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(HOUSE)))
def test_imports_run_downwards_only(path: Path) -> None:
    own = room(path)
    assert rooms_of(imports(path)) - {own} <= MAY_IMPORT[own]


@pytest.mark.parametrize("library", SOLE_HOLDERS)
def test_a_library_has_its_holders_and_no_others(library: str) -> None:
    holders = {room(f) for f in FILES if any(n == library or n.startswith(f"{library}.") for n in imports(f))}
    assert holders == SOLE_HOLDERS[library]


@pytest.mark.parametrize("path", [f for f in FILES if room(f) not in ("cli", "demo")], ids=lambda p: p.stem)
def test_only_the_commands_read_the_clock(path: Path) -> None:
    calls = {
        ast.unparse(n.func) for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.Call)
    }
    assert not calls & CLOCKS


def test_no_verb_but_store_publish_and_serve_opens_files() -> None:
    opens = {"open", "Path.open", "read_text", "read_bytes", "write_text", "write_bytes"}
    for path in FILES:
        called = {
            ast.unparse(n.func).rpartition(".")[2]
            for n in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(n, ast.Call)
        }
        if called & opens:
            assert room(path) in {"publish", "serve", "store", "config", "cli", "demo"}, path
