"""Real servers over a published folder, on loopback: `feedpub serve`, and nginx and Caddy as docs/ sets them up."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

DOCS = Path(__file__).parent.parent / "docs"
BROTLI = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")
PATIENCE = 20.0  # seconds for a server to be there
ATTEMPTS = 3  # the port that was free may be taken before the server is there
BASE_URL = "https://feeds.example.org/"
CONFIG = f"""
[publish]
to = "public"
base_url = "{BASE_URL}"
[fetch]
contact = "https://example.org/feeds"
[[source]]
id = "zrazkiv"
title = "Зразківська міська рада"
home = "https://zrazkiv.example/"
listings = ["https://zrazkiv.example/"]
language = "uk"
timezone = "Europe/Kyiv"
"""
NGINX = """
daemon off; pid {work}/pid; worker_processes 1; error_log stderr;
{first}
events {{ }}
http {{
    # As Debian's nginx.conf has it, which is where the snippet is included.
    include /etc/nginx/mime.types; default_type application/octet-stream; sendfile on; gzip on;
    access_log {work}/access.log;
    client_body_temp_path {work}/body; proxy_temp_path {work}/proxy; fastcgi_temp_path {work}/fastcgi;
    uwsgi_temp_path {work}/uwsgi; scgi_temp_path {work}/scgi;
    include {work}/feeds;
}}
"""
COMMENTED_OUT = re.compile(r'^(\s*)# (?=map \$|    "~|\}|add_header |brotli_static |header @)', re.M)


@dataclass(frozen=True, slots=True)
class Server:
    name: str
    port: int
    public: Path


@dataclass(frozen=True, slots=True)
class Kind:
    """A server that can be had, or how to get it."""

    name: str
    program: str | None
    package: str

    @property
    def missing(self) -> str | None:
        is_there = Path(self.program).exists() if self.program else False
        return None if is_there else f"{self.name} is not installed: apt-get install {self.package}"


SERVE = Kind("feedpub serve", sys.executable, "")
PLAIN_NGINX = Kind("nginx", shutil.which("nginx") or "/usr/sbin/nginx", "nginx")
BROTLI_NGINX = Kind("nginx with brotli", str(BROTLI), "nginx libnginx-mod-http-brotli-static")
CADDY = Kind("caddy", shutil.which("caddy"), "caddy")
KINDS = (SERVE, PLAIN_NGINX, BROTLI_NGINX, CADDY)


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], int, list[str]]]:
    """`feedpub serve` over ``public`` in the folder, its port, and the lines that it began with."""
    (folder / "config.toml").write_text(CONFIG, encoding="utf-8")
    words = ["serve", "--port", "0", "--config", str(folder / "config.toml"), *options]
    with _stopped(
        subprocess.Popen(
            [sys.executable, "-m", "feedpub", *words],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        )
    ) as process:  # fmt: skip
        assert process.stdout
        said: list[str] = []
        while not said or BASE_URL not in said[-1]:
            said.append(process.stdout.readline().rstrip("\n"))
            assert said[-1], f"it has gone, and said: {said} {process.communicate()}"
        ports = re.findall(r"http://127\.0\.0\.1:(\d+)/", "".join(said))
        yield process, int(ports[0]), said


@contextmanager
def started(kind: Kind, folder: Path, *, with_hub: bool = False, more: str = "") -> Iterator[Server]:
    """The server over ``public`` in the folder. ``more`` are lines that its configuration has besides."""
    public = folder / "public"
    if kind is SERVE:
        with serving(folder) as (_, port, _):
            yield Server(kind.name, port, public)
        return
    for attempt in range(ATTEMPTS):
        port = _free_port()
        words = _caddy(folder, port, with_hub, more) if kind is CADDY else _nginx(folder, port, kind, with_hub, more)
        homes = {name: str(folder) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")}
        log = folder / "log"
        with log.open("w") as out, _stopped(
            subprocess.Popen(words, stdout=out, stderr=out, text=True, env={**os.environ, **homes})
        ) as process:  # fmt: skip
            if _answers(port, process):
                yield Server(kind.name, port, public)
                return
        assert attempt + 1 < ATTEMPTS, log.read_text()


@contextmanager
def _stopped(process: subprocess.Popen[str]) -> Iterator[subprocess.Popen[str]]:
    with process:
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def _answers(port: int, process: subprocess.Popen[str]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return True
        except OSError:
            time.sleep(0.02)
    return False


def _shipped(name: str, *places: tuple[str, str]) -> str:
    """The file in docs/, with nothing changed but port and root."""
    text = (DOCS / name).read_text(encoding="utf-8")
    for theirs, ours in places:
        assert text.count(theirs) == 1, f"{theirs!r} stands once in docs/{name}"
        text = text.replace(theirs, ours)
    return text


def _nginx(folder: Path, port: int, kind: Kind, with_hub: bool, more: str) -> list[str]:
    here = ("    listen 80;", f"    listen 127.0.0.1:{port};\n{more}")
    text = _shipped("nginx.conf", here, ("    listen [::]:80;", ""), ("/srv/feedpub/public", f"{folder}/public"))
    first = "user root root;" if os.geteuid() == 0 else ""  # its workers must get into a folder that is ours alone
    if kind is BROTLI_NGINX:
        first += f" load_module {BROTLI};"
        text = COMMENTED_OUT.sub(r"\1", text)
    elif with_hub:
        text = COMMENTED_OUT.sub(r"\1", text).replace("brotli_static on;", "")
    (folder / "feeds").write_text(text, encoding="utf-8")
    (folder / "nginx.conf").write_text(NGINX.format(work=folder, first=first), encoding="utf-8")
    assert PLAIN_NGINX.program
    return [PLAIN_NGINX.program, "-e", "stderr", "-p", str(folder), "-c", str(folder / "nginx.conf")]


def _caddy(folder: Path, port: int, with_hub: bool, more: str) -> list[str]:
    here = ("feeds.example.org {\n", f"http://:{port} {{\n\tbind 127.0.0.1\n{more}\n")
    text = _shipped("Caddyfile", here, ("/srv/feedpub/public", f"{folder}/public"))
    if with_hub:
        text = COMMENTED_OUT.sub(r"\1", text)
    (folder / "Caddyfile").write_text("{\n\tadmin off\n}\n" + text, encoding="utf-8")
    assert CADDY.program
    return [CADDY.program, "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]
