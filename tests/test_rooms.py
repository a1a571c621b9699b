"""The house is built as planned: two wings that meet only in the state, and one room for each library."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

HOUSE = Path(__file__).parent.parent / "feedpub"

# Nouns and facts. They import each other and nothing above them.
GROUND = {
    "model", "layout", "content", "errors", "address", "text", "telephone", "dictionary", "edges", "kinds", "backoff",
    "consent", "postgres_url", "conditions", "dating",
}  # fmt: skip
COLLECTING = {f"collecting/{room}" for room in ("fetch", "learn", "scrape", "normalize", "dedupe")}
PUBLISHING = {f"publishing/{room}" for room in ("feed", "render", "page", "check")}
SHARED = GROUND | {"html", "store", "council"}

# Room -> the rooms that it may import. What stands in a wing's own folder joins the wing's rooms.
MAY_IMPORT = {
    **dict.fromkeys(GROUND, GROUND),
    "html": GROUND,
    "store": GROUND | {"html"},
    "council": GROUND | {"store"},
    "config": GROUND,
    **dict.fromkeys(COLLECTING, GROUND | {"html"}),
    **dict.fromkeys(PUBLISHING, GROUND | {"html"}),
    "collecting": SHARED | COLLECTING,
    "publishing": SHARED | PUBLISHING,
    "watch": SHARED,
    "cli": SHARED | COLLECTING | PUBLISHING | {"collecting", "publishing", "config", "demo", "watch"},
    "demo": set(),  # the demo's site is a council's: it knows nothing of feedpub
    "__main__": {"cli"},
    "__init__": set(),
}
SOLE_HOLDERS = {
    "requests": {"collecting/fetch"},
    "urllib3": {"collecting/fetch"},
    "protego": {"collecting/fetch"},
    "charset_normalizer": {"collecting/fetch"},
    "bs4": {"collecting/normalize"},
    "nh3": {"collecting/normalize"},
    "dateutil": {"html"},
    "feedgen": {"publishing/render"},
    "jinja2": {"publishing/page"},
    "babel": {"publishing/page", "html"},
    "markupsafe": {"publishing/page"},
    "segno": {"publishing/page"},
    "brotli": {"publishing", "publishing/check"},
    "sqlite3": {"store"},
    "psycopg": {"store"},
    "lxml": {"html", "collecting/scrape", "collecting/learn", "publishing/check", "publishing/render", "store"},
    "cssselect": {"html", "config"},
    "pymorphy3": {"dictionary"},
    "trafilatura": {"collecting/learn"},
    "tinycss2": {"html"},
    "shtab": {"cli"},
    "tqdm": {"cli"},
    "waitress": {"publishing"},
    "werkzeug": {"publishing"},
    "tomllib": {"config"},
    "argparse": {"cli"},
    "obstore": {"publishing"},
    "prometheus_client": {"watch"},
    "PIL": {"publishing"},
}
CLOCKS = {"datetime.now", "time.time", "datetime.utcnow", "date.today"}
OPENING = {"open", "read_text", "read_bytes", "write_text", "write_bytes"}
MAY_OPEN_FILES = {"publishing", "store", "config", "cli", "demo"}
FILES = sorted(HOUSE.rglob("*.py"))


def room(parts: tuple[str, ...]) -> str:
    """The room of a module, given the parts of its name below ``feedpub``."""
    wing, *inside = parts
    name = f"{wing}/{inside[0]}" if inside else wing
    return name if name in MAY_IMPORT else wing


def room_of(path: Path) -> str:
    return room(path.relative_to(HOUSE).with_suffix("").parts)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(path: Path) -> set[str]:
    """Every module that the file imports anywhere in it, by its full name."""
    names = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names |= {a.name for a in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names |= {f"{node.module}.{a.name}" for a in node.names}
    return names


def rooms(names: set[str]) -> set[str]:
    parts = [tuple(n.split(".")[1:]) for n in names if n.startswith("feedpub.")]
    return {room(p) for p in parts if p[0] != "__version__"}


def calls(path: Path) -> set[str]:
    return {ast.unparse(n.func) for n in ast.walk(tree(path)) if isinstance(n, ast.Call)}


def test_every_room_is_on_the_plan() -> None:
    assert {room_of(path) for path in FILES} == set(MAY_IMPORT)


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(HOUSE)))
def test_imports_run_downwards_only(path: Path) -> None:
    own = room_of(path)
    assert rooms(imports(path)) - {own} <= MAY_IMPORT[own]


@pytest.mark.parametrize("library", SOLE_HOLDERS)
def test_a_library_has_its_holders_and_no_others(library: str) -> None:
    holders = {room_of(f) for f in FILES if any(n == library or n.startswith(f"{library}.") for n in imports(f))}
    assert holders == SOLE_HOLDERS[library]


@pytest.mark.parametrize("path", [f for f in FILES if room_of(f) not in ("cli", "demo")], ids=lambda p: p.stem)
def test_only_the_commands_read_the_clock(path: Path) -> None:
    assert not calls(path) & CLOCKS


@pytest.mark.parametrize("path", [f for f in FILES if room_of(f) not in MAY_OPEN_FILES], ids=lambda p: p.stem)
def test_rooms_that_need_no_files_open_none(path: Path) -> None:
    assert not {name.rpartition(".")[2] for name in calls(path)} & OPENING
