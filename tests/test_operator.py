"""Anyone who follows docs/operator.md has a feed that is served, scheduled and watched, within ten minutes.

The commands are taken from the page as they are. nginx, cron and the accounts are Debian's own. The machine is made of
namespaces: nothing outside of them is changed or asked. Two things are played: apt-get, for the packages are there
already, and certbot, since nobody outside can prove that the name is ours.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
import trustme

from tests.walk.world import COUNCIL, FEEDS, WATCH

ROOT = Path(__file__).parent.parent
PAGE, RUNBOOK = ROOT / "docs" / "operator.md", ROOT / "docs" / "runbook.md"
NEEDED = ("nginx", "cron", "crontab", "unshare", "ip", "python3", "runuser", "useradd")
PYTHON = "/usr/bin/python3"
TEN_MINUTES = 600  # seconds
HOURLY = "17 * * * *"


def missing() -> str:
    """What this machine lacks for the walk; "": nothing."""
    if os.geteuid() != 0:
        return "only root can make a machine of namespaces"
    programs = [name for name in NEEDED if not shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin")]
    if programs:
        return f"no {', '.join(programs)}: `apt-get install nginx cron iproute2` gets them"
    apart = ["unshare", "--mount", "--net", "--pid", "--fork", "true"]
    return "" if subprocess.run(apart, check=False, capture_output=True).returncode == 0 else "no namespaces here"


def commands(text: str) -> str:
    """The commands of a page, in its order."""
    blocks = re.findall(r"(?:^    .*\n(?:\n(?=    ))?)+", text, re.M)
    return "\n".join(re.sub(r"^    ", "", block, flags=re.M) for block in blocks)


def yearly() -> list[str]:
    """The commands of the runbook for what comes up once a year; neither output nor lines of the configuration."""
    _, _, text = RUNBOOK.read_text(encoding="utf-8").partition("## Once a year\n")
    return [line for line in commands(text).splitlines() if line and not re.match(r"\w+: |formerly = ", line)]


def wheels(folder: Path) -> None:
    """Put into the folder what pip will want for the page's command, with Debian's Python."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    needed = [*project["build-system"]["requires"], *project["project"]["dependencies"]]
    needed += project["project"]["optional-dependencies"]["dictionary"]
    own = folder.parent / "own"
    subprocess.run([PYTHON, "-m", "venv", str(own)], check=True, capture_output=True)
    wheel = [str(own / "bin" / "pip"), "wheel", "--quiet", "--disable-pip-version-check", "--wheel-dir", str(folder)]
    done = subprocess.run([*wheel, *needed], check=False, capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"the packages cannot be had: {done.stderr.strip().splitlines()[-1]}")


def certificates(folder: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    for name, host in (("site", COUNCIL), ("feeds", FEEDS), ("watch", WATCH)):
        authority.issue_cert(host).private_key_and_cert_chain_pem.write_to_path(str(folder / f"{name}.pem"))


@pytest.mark.long
def test_the_operator_s_page_leads_to_a_feed_that_is_served_scheduled_and_watched(tmp_path: Path) -> None:
    if reason := missing():
        pytest.skip(reason)
    wheels(tmp_path / "wheels")
    certificates(tmp_path)
    source = tmp_path / "source"
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in tracked.splitlines():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, source / name)
    text = commands(PAGE.read_text(encoding="utf-8"))
    assert HOURLY in text
    (tmp_path / "follow.sh").write_text(f"set -x\n{text.replace(HOURLY, '* * * * *')}\nset +x\n", encoding="utf-8")
    (tmp_path / "yearly").write_text("\n".join([*yearly(), ""]), encoding="utf-8")
    begun = time.monotonic()
    apart = ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"]
    done = subprocess.run(
        [*apart, "bash", str(ROOT / "tests" / "walk" / "inside.sh"), str(tmp_path), str(source), sys.executable],
        check=False, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env={"HOME": "/root", "TERM": "dumb"}, timeout=TEN_MINUTES,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    done_of = re.findall(r"^\+ (.+)\n(?:.*\n)*?= (\d+)$", done.stdout, re.M)
    assert [command for command, _ in done_of] == yearly()
    failed = [(before, command) for (before, _), (command, code) in pairwise(done_of) if code != "0"]
    assert failed == [('feedpub restore "backup-$(date +%F).db"', "feedpub run")]  # it says what it has taken over
    heard = (tmp_path / "heard").read_text(encoding="utf-8").splitlines()
    assert heard == ["/feedpub "] * len(heard)  # all is well, after each run
    assert len(heard) >= 2  # the one by hand, and cron's
    assert f"ok    feeds: https://{FEEDS}/" in done.stdout
    assert "LOOK" not in done.stdout
    assert "\nmessages.xml\nstatus.html\nstatus.json\n" in done.stdout
    print(done.stdout, f"{time.monotonic() - begun:.0f} s")
