"""The documents say what is true now, and say it in short sentences."""

from __future__ import annotations

import ast
import re
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

from feedpub import cli, config
from tools.manual import HEADINGS, sections

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
SECURITY = ROOT / "docs" / "security.md"
RUNBOOK = ROOT / "docs" / "runbook.md"
READMES = [ROOT / "README.md", ROOT / "README.uk.md"]
WRITTEN_BY_TESTS = {"reliability.md"}  # its cells are messages, and some of these hold an example of a command
OF_A_RUN = {  # errors that stop a page, a source or a run; mistakes on the command line name their own way out
    "Condition", "Damaged", "FetchError", "Held", "LayoutError", "LedgerError", "Missing", "Overtaken", "PublishError",
    "Refused", "Resting", "ScrapeError", "StoreError",
}  # fmt: skip
COMMON = {"--help", "--config", "--quiet", "--verbose", "--log-format"}
MEAN_WORDS = 15
LONG = 30  # words
LONG_SHARE = 0.05


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


MANUAL = sections()


def help_of(command: str, capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as leaving:
        cli.main([*command.split(), "--help"])
    assert leaving.value.code == 0
    return capsys.readouterr().out


def commands(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return re.findall(r"^    ([\w-]+) ", help_of("", capsys), re.M)


def options(text: str) -> set[str]:
    return set(re.findall(r"--[a-z]+(?:-[a-z]+)*", text))


def sentences(text: str) -> list[str]:
    """The prose of a document: without code, tables and headings."""
    prose = re.sub(r"```.*?```", " ", text, flags=re.S)
    prose = re.sub(r"^(?:    |\||#).*$", " ", prose, flags=re.M)
    return re.split(r"(?<=[.!?:])(?:\*\*)?\s+", " ".join(prose.split()))  # a title in bold is a sentence


def code(text: str) -> list[str]:
    """Every command line of feedpub that a document shows, by itself or in a sentence."""
    spans = re.findall(r"`([^`]+)`", text)
    lines = re.findall(r"^ {4,}(.+)$", text, re.M)
    return [c for c in (*spans, *lines) if re.match(r"(?:\S+/)?feedpub [a-z]", c)]


def messages() -> str:
    """Every piece of text in the program's own code, one a line."""
    trees = (ast.parse(read(path)) for path in (ROOT / "feedpub").rglob("*.py"))
    nodes = (node for tree in trees for node in ast.walk(tree))
    return "\n".join(n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str))


def anchors(text: str) -> set[str]:
    """The names that GitHub gives to the headings of a document."""
    names = re.findall(r"^#+ (.+)$", text, re.M)
    return {re.sub(r"[^\w -]", "", n).strip().lower().replace(" ", "-") for n in names}


# ---------------------------------------------------------- the README


@pytest.mark.parametrize("readme", READMES, ids=lambda p: p.name)
def test_the_readme_opens_with_the_two_commands(readme: Path) -> None:
    assert [line.split("#")[0].strip() for line in read(readme).splitlines()[2:4]] == ["make demo", "make test"]


def test_ci_runs_the_readme_s_commands() -> None:
    script = read(ROOT / ".ci" / "run")
    assert "make demo\n" in script
    all_others = """make test-all TESTS='-m "long or hypothesis or tabled"'\n"""
    assert "make test\n" in script
    assert all_others in script[script.index("make test\n") :]


def test_both_readmes_show_the_same_commands() -> None:
    english, ukrainian = ({line.split("#")[0].strip() for line in code(read(readme))} for readme in READMES)
    assert english == ukrainian


# ---------------------------------------------------------- the manual


def test_every_command_has_a_section_with_its_options_in_the_order_of_the_help(
    capsys: pytest.CaptureFixture[str],
) -> None:
    names = commands(capsys)
    assert [title for title in MANUAL if title.startswith("feedpub ")] == [f"feedpub {name}" for name in names]
    for name in names:
        assert options(MANUAL[f"feedpub {name}"]) == options(help_of(name, capsys)) - COMMON, name


def test_the_options_of_all_commands_are_in_the_manual(capsys: pytest.CaptureFixture[str]) -> None:
    assert options(MANUAL["Commands"]) == COMMON | options(help_of("", capsys))


@pytest.mark.parametrize("table", [t for t in config.TABLES if t])
def test_every_key_of_the_configuration_has_its_row_and_no_other_has(table: str) -> None:
    named = re.findall(r"^(?:\| |- )((?:`\w+`(?:, )?)+)", MANUAL[HEADINGS[table]], re.M)
    keys = {key for cell in named for key in re.findall(r"\w+", cell)}
    assert keys == {key for key in config.TABLES[table] if key not in config.TABLES}


# ---------------------------------------------------------- the runbook


def explained() -> list[str]:
    """The words by which the runbook's tables name messages."""
    rows = re.findall(r"^\| (`.+?) \|", read(RUNBOOK), re.M)
    return [phrase for row in rows for phrase in re.findall(r"``? ?(.+?) ?``?(?=, `|$)", row)]


def test_the_messages_that_the_runbook_explains_are_those_of_the_program() -> None:
    words = explained()
    assert len(words) > 100
    for line in re.findall(r"^    feedpub: (.+)$", read(RUNBOOK), re.M):
        parts = re.split(r"; |\. ", re.sub("`feedpub[^`]*`", "", line))  # another test checks the commands
        words += [" ".join(part.split()[-4:]) for part in parts if not part.endswith("Error")]
    said = messages()
    assert [w for w in words if w not in said] == []


def raised() -> Iterator[tuple[str, str]]:
    """Every message of an error that a run may meet, with "…" for what varies, and where it is made."""
    for path in sorted((ROOT / "feedpub").rglob("*.py")):
        for node in ast.walk(ast.parse(read(path))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in OF_A_RUN:
                words = [" ".join(constant_parts(argument)) for argument in node.args]
                yield from ((str(path.relative_to(ROOT)), text) for text in words if len(re.findall(r"\w+", text)) > 2)


def constant_parts(node: ast.expr) -> Iterator[str]:
    """What is the same each time in a text that is put together."""
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


def test_every_message_of_a_run_has_its_entry() -> None:
    phrases = explained()
    assert [message for message in raised() if not any(phrase in message[1] for phrase in phrases)] == []


# ---------------------------------------------------------- all documents


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda p: p.name)
def test_every_relative_link_leads_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", read(document)):
        if re.match(r"[a-z]+:", target):
            continue
        place, _, anchor = target.partition("#")
        file = (document.parent / place) if place else document
        assert file.exists(), f"{document.name}: {target}"
        assert not anchor or anchor in anchors(read(file)), f"{document.name}: {target}"


@pytest.mark.parametrize("document", [d for d in DOCUMENTS if d.name not in WRITTEN_BY_TESTS], ids=lambda p: p.name)
def test_a_document_names_commands_that_exist(document: Path, capsys: pytest.CaptureFixture[str]) -> None:
    known = commands(capsys)
    for line in code(read(document)):
        name = line.split("#")[0].split()[1]
        assert name in known, f"{document.name}: {line}"
        assert options(line) <= options(help_of(name, capsys)), f"{document.name}: {line}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda p: p.name)
def test_sentences_are_short(document: Path) -> None:
    words = [len(s.split()) for s in sentences(read(document))]
    longest = max(sentences(read(document)), key=lambda s: len(s.split()))
    assert statistics.mean(words) <= MEAN_WORDS
    assert sum(n > LONG for n in words) <= LONG_SHARE * len(words), longest


def test_the_code_and_the_tests_that_keep_a_promise_exist() -> None:
    brackets = re.findall(r"\[([^]]+)\](?!\()", read(SECURITY))
    places = [place.strip() for bracket in brackets for place in re.split("[;,]", bracket)]
    assert places
    for place in places:
        assert any((folder / place).exists() for folder in (ROOT, ROOT / "feedpub")), place


def test_the_changelog_knows_what_is_unreleased() -> None:
    assert "## Unreleased" in read(ROOT / "CHANGELOG.md")


def test_every_decision_has_a_date() -> None:
    paragraphs = read(ROOT / "docs" / "decisions.md").split("\n\n")[2:]
    assert all(re.match(r"\*\*\d{4}-\d\d-\d\d — ", p) for p in paragraphs)
