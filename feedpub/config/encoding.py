"""The bytes of config.toml → its text. TOML is UTF-8; an editor may have written something else, and is named then."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from feedpub.errors import ConfigError

WIDE_MARKS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
CYRILLIC = {"cp1251": "windows-1251", "koi8_u": "KOI8-U", "cp866": "cp866"}  # Python's name -> the usual one
WORD = re.compile("[А-ЯҐЄІЇЁ]?[а-яґєіїё'’ʼ]+|[А-ЯҐЄІЇЁ]+")  # of one case, as a wrong charset hardly ever shows it
START = 64  # bytes: half of a file's first ones are NUL in UTF-16, since TOML begins with ASCII
LONG = 4  # letters of a word that no other charset shows by accident
MOST_STRAY = 0.1  # of the letters beyond ASCII that may be in no such word
WAY_OUT = "Save it as UTF-8: in Notepad with «Save as», Encoding: UTF-8"


def decoded(path: Path, data: bytes) -> str:
    """Return the text of a config file, without a byte-order mark. Raises ConfigError if it is not UTF-8."""
    if b"\0" in data:  # no text has it in UTF-8
        raise ConfigError([_wide_problem(path, data)])
    try:
        return data.removeprefix(codecs.BOM_UTF8).decode()  # "utf-8-sig" is in a module, and a disk may fail
    except UnicodeDecodeError as error:
        raise ConfigError([_other_charset(path, data, error.start)]) from error


def _wide_problem(path: Path, data: bytes) -> str:
    line = _line_of(data, data.index(b"\0") - 1)  # a line's end may be the first of it
    is_whole = data.startswith(WIDE_MARKS) or data[:START].count(b"\0") > START // 4
    subject = "is UTF-16, not UTF-8" if is_whole else "is UTF-16 from here on, not UTF-8"
    place = f"{path}:{line}" if not is_whole else f"{path}"
    return (
        f"{place}: {subject}; PowerShell writes so with > and >>. {WAY_OUT}, or in PowerShell with"
        " | Out-File -Encoding utf8"
    )


def _other_charset(path: Path, data: bytes, start: int) -> str:
    charset = _cyrillic_charset(data)
    place = f"{path}:{_line_of(data, start)}"
    if charset is None:
        return f"{place}: is not UTF-8 (byte 0x{data[start]:02X}). {WAY_OUT}"
    convert = f"iconv -f {charset} -t UTF-8 {path.name} > new.toml"
    return f"{place}: is {charset}, not UTF-8. {WAY_OUT}, or on Linux: {convert}"


def _line_of(data: bytes, position: int) -> int:
    return data.count(b"\n", 0, position) + 1


def _cyrillic_charset(data: bytes) -> str | None:
    """Return the charset in which the text has Cyrillic words; None where it has them in none."""
    strays = {name: _share_of_strays(data, charset) for charset, name in CYRILLIC.items()}
    likeliest = min(strays, key=strays.__getitem__)
    return likeliest if strays[likeliest] <= MOST_STRAY else None


def _share_of_strays(data: bytes, charset: str) -> float:
    """Return the share of signs beyond ASCII that are in no Cyrillic word of one case."""
    beyond = [run for run in re.split(r"[\x00-\x7f]+", data.decode(charset, "replace")) if run]
    words = [word for run in beyond for word in WORD.findall(run) if len(word) > 1 or word == run]
    if max(map(len, words), default=0) < LONG:  # «für» has a single one
        return 1.0
    return 1 - sum(map(len, words)) / sum(map(len, beyond))
