"""Write the parts of docs/nginx.conf, docs/Caddyfile and docs/serving.md that follow feedpub/kinds.py.

Two comments enclose each of these parts. Everything outside them is written by hand.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Sequence
from pathlib import PurePosixPath

from feedpub.kinds import CACHE_CONTROL, FOLDERS, LASTING, PAGE, Kind, types_by_ending
from tests.servers import DOCS

PART = re.compile(
    r"^(?P<start>(?P<indent>[ \t]*)(?:#|<!--) (?P<part>\w+) from feedpub/kinds\.py.*\n)"
    r"(?s:.*?)"
    r"(?P<end>^[ \t]*(?:#|<!--) end of (?P=part)\b)",
    re.M,
)
AGE = re.compile(r"(Cache-Control:? )max-age=\d+")  # wherever it is said
WIDTH = 120  # characters a line, with the four by which nginx.conf indents


def write(kinds: Sequence[Kind]) -> list[str]:
    """Write the files that say something else than these kinds ask for, and return their names."""
    names = []
    for name in PARTS:
        place = DOCS / name
        before = place.read_text(encoding="utf-8")
        text = written(name, before, kinds)
        if text != before:
            place.write_text(text, encoding="utf-8")
            names.append(name)
    return names


def written(name: str, text: str, kinds: Sequence[Kind]) -> str:
    """Return the text of the file with this name, each part as these kinds ask for."""

    def renewed(match: re.Match[str]) -> str:
        lines = PARTS[name][match["part"]](kinds)
        return match["start"] + textwrap.indent(lines, match["indent"]) + match["end"]

    return AGE.sub(rf"\1{CACHE_CONTROL}", PART.sub(renewed, text))


def _nginx_maps(kinds: Sequence[Kind]) -> str:
    names = "|".join(re.escape(k.name) for k in kinds if k.is_feed)
    endings = "|".join(e.removeprefix(".") for e in _data_endings(kinds))
    return f"""\
# The path of a feed; nothing for any other file.
map $uri $feedpub_feed {{
    "~^(?<feed>[a-z0-9._/-]*/(?:{names}))$" $feed;
}}
# Readers that run in a browser may fetch everything but pages.
map $uri $feedpub_origin {{
    "~\\.(?:{endings})$" "*";
}}
# What never changes under its name is kept for a year.
map $uri $feedpub_cache {{
    "~{_lasting(kinds)}" "{LASTING}";
    default "{CACHE_CONTROL}";
}}
"""


def _lasting(kinds: Sequence[Kind]) -> str:
    """Return a pattern of the paths that never change."""
    names = {kind: re.escape(kind.name.replace("*", "NAME")).replace("NAME", "[a-z0-9]+") for kind in kinds}
    paths = [FOLDERS[kind] + name for kind, name in names.items() if kind.is_lasting]
    return f"^/[^/]+/(?:{'|'.join(paths)})$"


def _nginx_types(kinds: Sequence[Kind]) -> str:
    rows = sorted((_bare(t), ending.removeprefix(".")) for ending, t in types_by_ending(kinds).items())
    width = max(len(media_type) for media_type, _ in rows) + 2
    types = "".join(f"    {media_type:{width}}{ending};\n" for media_type, ending in rows)
    return f"types {{\n{types}}}\n{_nginx_charset_types(kinds)}\n{_nginx_locations(kinds)}"


def _nginx_charset_types(kinds: Sequence[Kind]) -> str:
    media_types = {k.media_type for k in kinds} | set(types_by_ending(kinds).values())
    with_charset = {_bare(t) for t in media_types if "charset=" in t}
    with_charset -= {PAGE.bare_type}  # nginx adds it by itself, and warns of a second one
    first = "charset_types "
    return textwrap.fill(
        " ".join(sorted(with_charset)) + ";", WIDTH - 4,
        initial_indent=first, subsequent_indent=" " * len(first), break_on_hyphens=False, break_long_words=False,
    )  # fmt: skip


def _nginx_locations(kinds: Sequence[Kind]) -> str:
    rows = [(f"/{re.escape(k.name)}$", k.bare_type) for k in kinds if k.is_feed]
    width = max(len(pattern) for pattern, _ in rows)
    lines = [f"location ~ {p:{width}} {{ types {{ }} default_type {media_type}; }}\n" for p, media_type in rows]
    return "".join(lines)


def _caddy_types(kinds: Sequence[Kind]) -> str:
    by_name = [f'\t~/{re.escape(k.name)}$ "{k.media_type}"\n' for k in kinds if k.is_feed]
    by_ending = [f'\t~{re.escape(e)}$ "{media_type}"\n' for e, media_type in _data_types(kinds)]
    feeds = " ".join(f"*/{k.name}" for k in kinds if k.is_feed)
    return f"""\
map {{path}} {{type}} {{
{"".join(by_name + by_ending)}}}
@feed path {feeds}
@pushed {{
	path {feeds}
	not path_regexp ^/[^/]+/text/
}}
@data path {" ".join(f"*{e}" for e in _data_endings(kinds))}
# What never changes under its name is kept for a year.
map {{path}} {{cache}} {{
	~{_lasting(kinds)} "{LASTING}"
	default "{CACHE_CONTROL}"
}}
"""


def _table_of_types(kinds: Sequence[Kind]) -> str:
    feeds = [k for k in kinds if k.is_feed]
    endings_of_feeds = {_ending(k) for k in feeds}
    rows = [f"| `{k.name}` | {k.media_type} |\n" for k in feeds]
    for ending, media_type in _data_types(kinds):
        other = "other " if ending in endings_of_feeds else ""
        rows.append(f"| {other}`{ending}` | {media_type} |\n")
    return f"\n| name | type |\n|---|---|\n{''.join(rows)}\n"


def _data_types(kinds: Sequence[Kind]) -> list[tuple[str, str]]:
    """Return each ending of our data with the type of files that have it and are no feeds."""
    endings = _data_endings(kinds)
    return sorted((e, media_type) for e, media_type in types_by_ending(kinds).items() if e in endings)


def _data_endings(kinds: Sequence[Kind]) -> list[str]:
    """Return the ending of each kind but pages and their pictures, once."""
    return list(dict.fromkeys(_ending(k) for k in kinds if k.media_type != PAGE.media_type and not k.is_packed))


def _ending(kind: Kind) -> str:
    return PurePosixPath(kind.name).suffix


def _bare(media_type: str) -> str:
    return media_type.partition(";")[0]


PARTS: dict[str, dict[str, Callable[[Sequence[Kind]], str]]] = {
    "nginx.conf": {"maps": _nginx_maps, "types": _nginx_types},
    "Caddyfile": {"types": _caddy_types},
    "serving.md": {"types": _table_of_types},
}
