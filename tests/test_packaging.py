"""The units of systemd do what the documents say, and a run has no more rights under them than it needs."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from feedpub.config import keys

ROOT = Path(__file__).parent.parent
UNITS = ROOT / "packaging" / "systemd"
SERVICE = UNITS / "feedpub.service"
PROGRAM = "/srv/feedpub/.venv/bin/feedpub"
MOST_EXPOSED = 1.2  # of 10, as systemd counts
ANALYZE = shutil.which("systemd-analyze")
NEEDS_SYSTEMD = pytest.mark.skipif(ANALYZE is None, reason="no systemd-analyze: `apt-get install systemd` gets it")


def analyzed(*words: str) -> subprocess.CompletedProcess[str]:
    assert ANALYZE
    return subprocess.run([ANALYZE, *words], capture_output=True, text=True, check=False)


@NEEDS_SYSTEMD
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    for unit in UNITS.iterdir():
        text = unit.read_text("utf-8").replace(f"{PROGRAM} run", "/bin/true")  # the one thing that is not there yet
        (tmp_path / unit.name).write_text(text, "utf-8")
    for unit in sorted(tmp_path.iterdir()):
        done = analyzed("verify", "--man=no", "--recursive-errors=one", str(unit))
        assert (done.returncode, done.stderr) == (0, "")


@NEEDS_SYSTEMD
def test_a_run_is_hardly_exposed() -> None:
    done = analyzed("security", "--offline=yes", f"--threshold={MOST_EXPOSED * 10:.0f}", str(SERVICE))
    assert done.returncode == 0, done.stdout


def test_the_units_call_what_the_documents_install() -> None:
    page = (ROOT / "docs" / "deploying.md").read_text("utf-8")
    service = SERVICE.read_text("utf-8")
    assert f"ExecStart={PROGRAM} run\n" in service
    assert "cp /srv/feedpub/.venv/share/feedpub/systemd/* /etc/systemd/system/" in page
    assert "systemctl enable --now feedpub.timer" in page
    assert "OnFailure=feedpub-failed@%n.service" in service
    assert (UNITS / "feedpub-failed@.service").exists()


@pytest.mark.parametrize(
    ("said", "result", "mail"),
    [
        ("feedpub: zrazkiv: it fails\n", "exit-code", "exit-code\nfeedpub: zrazkiv: it fails\n"),
        ("", "exit-code", None),  # its owner was told before
        ("", "timeout", "timeout\n\n"),
    ],
)
def test_a_failed_run_is_mailed_if_it_has_something_to_say(
    tmp_path: Path, said: str, result: str, mail: str | None
) -> None:
    unit = (UNITS / "feedpub-failed@.service").read_text("utf-8")
    [command] = re.findall(r"^ExecStart=/bin/sh -c '(.*?)'$", unit, re.MULTILINE | re.DOTALL)
    script = command.replace("\\\n", "").replace("\\\\", "\\").replace("$$", "$").replace("%%", "%")
    (tmp_path / "said").write_text(said, "utf-8")
    for name, body in (("journalctl", f"cat {tmp_path}/said"), ("mail", f"cat > {tmp_path}/mailed")):
        (tmp_path / name).write_text(f"#!/bin/sh\n{body}\n", "utf-8")
        (tmp_path / name).chmod(0o755)
    path = f"{tmp_path}:/usr/bin:/bin"
    variables = {"PATH": path, "MONITOR_SERVICE_RESULT": result, "MONITOR_INVOCATION_ID": "1"}
    subprocess.run(["/bin/sh", "-c", script], env=variables, check=True)
    mailed = tmp_path / "mailed"
    assert (mailed.read_text("utf-8") if mailed.exists() else None) == mail


def test_a_run_is_not_ended_before_its_own_time_is_over() -> None:
    [hours] = re.findall(r"^TimeoutStartSec=(\d+)h$", SERVICE.read_text("utf-8"), re.MULTILINE)
    assert int(hours) * 60 > keys.TABLES["fetch"]["minutes"].default * 2
