"""Every package that feedpub brings is named in docs/licences.md, with its licence, and may be used beside MIT."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import metadata
from itertools import chain
from pathlib import Path

import pytest

TABLE = Path(__file__).parent.parent / "docs" / "licences.md"
FREE = re.compile(r"MIT|BSD|Apache|MPL|PSF|ZPL|Zope|CNRI", re.IGNORECASE)  # one of these is enough
COPYLEFT = re.compile(r"(?<!L)GPL", re.IGNORECASE)
ELSEWHERE = {"colorama", "backports-functools-lru-cache"}  # for systems or Pythons that feedpub does not run on


def required(package: str) -> Iterator[str]:
    for line in metadata.requires(package) or []:
        requirement, _, marker = line.partition(";")
        name = re.match(r"[\w.-]+", requirement)
        if name and "extra" not in marker:
            yield re.sub(r"[-_.]+", "-", name[0]).lower()


def brought() -> set[str]:
    """What `pip install feedpub` brings, as far as it is installed here."""
    found: set[str] = set()
    waiting = ["feedpub"]
    while waiting:
        for name in set(required(waiting.pop())) - found - ELSEWHERE:
            if any(metadata.distributions(name=name)):
                found.add(name)
                waiting.append(name)
    return found


def named() -> dict[str, str]:
    rows = re.findall(r"^\| ([\w-]+) \| ([^|]+) \|", TABLE.read_text(), re.MULTILINE)
    return {name: licence.strip() for name, licence in rows if name != "package"}


def licence_of(package: str) -> str:
    """What the package says of itself, in all three places; the field may contradict the classifier."""
    about = metadata.metadata(package)
    fields = chain.from_iterable(about.get_all(name) or [] for name in ("License-Expression", "License"))
    classifiers = [line for line in about.get_all("Classifier") or [] if line.startswith("License")]
    return " / ".join((*fields, *classifiers))


def family(licence: str) -> set[str]:
    return {word.upper().replace("ZOPE", "ZPL") for word in FREE.findall(licence)}


def test_every_package_is_named_and_nothing_that_feedpub_does_not_bring() -> None:
    here = brought()
    assert here <= named().keys()
    gone = named().keys() - here
    assert gone <= {"setuptools", "six"}  # wanted under some versions of Python and of dateutil only


@pytest.mark.parametrize("package", sorted(brought()))
def test_a_package_is_under_the_licence_that_is_named_and_free_to_be_used(package: str) -> None:
    said = licence_of(package)
    assert family(said) & family(named()[package]), said
    assert not COPYLEFT.search(re.sub(r"MPL.*OR", "", said)), said


@pytest.mark.parametrize(
    ("extra", "package", "licence"),
    [("s3", "obstore", "MIT"), ("completion", "shtab", "MPL"), ("metrics", "prometheus-client", "APACHE")],
)
def test_what_an_extra_needs_is_free_and_no_part_of_an_installation(extra: str, package: str, licence: str) -> None:
    assert package not in brought()
    if not any(metadata.distributions(name=package)):
        pytest.skip(f"no {package}: `pip install 'feedpub[{extra}]'` gets it")
    words = rf"feedpub\[{extra}\]'` adds \*\*([\w-]+)\*\*, under the ([\w.-]+) licence"
    named = re.search(words, TABLE.read_text())
    assert named
    assert family(named[2]) == {licence}
    assert family(licence_of(named[1])) - {"BSD"} == {licence}  # a part may be freer than the whole
    extras = [line for line in metadata.requires("feedpub") or [] if f"extra == '{extra}'" in line.replace('"', "'")]
    assert [re.match(r"[\w-]+", line)[0] for line in extras] == [named[1]]  # type: ignore[index]


def test_psycopg_under_the_lgpl_is_an_extra_and_named() -> None:
    assert "psycopg" not in brought()
    assert re.search(r"\*\*psycopg\*\*, under the LGPL, version 3", TABLE.read_text())
    extras = [line for line in metadata.requires("feedpub") or [] if "'postgres'" in line or '"postgres"' in line]
    assert [re.match(r"[\w.-]+", line)[0] for line in extras] == ["psycopg"]  # type: ignore[index]
    if any(metadata.distributions(name="psycopg")):
        assert re.search(r"LGPL-3|Lesser General Public License v3", licence_of("psycopg"))


def test_the_dictionary_under_the_gpl_is_an_extra() -> None:
    assert "pymorphy3-dicts-uk" not in brought()
    assert COPYLEFT.search(licence_of("pymorphy3-dicts-uk"))
    extras = [line for line in metadata.requires("feedpub") or [] if "dictionary" in line]
    assert any(line.startswith("pymorphy3-dicts-uk") for line in extras)


def test_what_the_schema_is_tested_with_is_free_and_no_part_of_an_installation() -> None:
    packages = {"jsonschema", *required("jsonschema")} - {"typing-extensions"}  # under the older Pythons alone
    assert not packages & (brought() - {"attrs"})
    words = " ".join(TABLE.read_text().split())
    for package in packages:
        assert re.search(rf"[ *]{package}[ *,.]", words), package
        assert family(licence_of(package)) == {"MIT"}, package
