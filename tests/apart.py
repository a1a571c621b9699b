"""A network of its own for one program: every name leads to this process, which serves one folder and notes who asks.

``run_apart`` needs Linux's namespaces (``unshare``). In them there is nothing but loopback. A name server there
answers every question with 127.0.0.1, so whatever a program wants from any host arrives here and is written down.
"""

from __future__ import annotations

import http.server
import os
import shutil
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

HERE = "127.0.0.1"
SETTLED = 2.0  # seconds without a request, after which a program that stays open has asked for all it wants
WORDS = ["unshare", "--map-root-user", "--net", "--mount"]
TYPES = {".xml": "application/xml", ".html": "text/html; charset=utf-8", ".opml": "text/x-opml"}
QUESTION_HEAD = 12  # bytes of a DNS message before its first name
A = 1  # the DNS type of an IPv4 address


@dataclass(frozen=True, slots=True)
class Asked:
    """What a program asked of the network."""

    names: frozenset[str]  # of hosts that it looked up or spoke to
    paths: tuple[str, ...]  # in requests to the host that is served
    said: str  # by the program


@lru_cache
def absence() -> str | None:
    """Return why no program can be run apart on this machine; None where it can."""
    if not shutil.which("unshare"):
        return "unshare is not on this machine: apt-get install util-linux"
    words = [*WORDS, "sh", "-c", "ip link set lo up && mount --bind /etc/hosts /etc/resolv.conf"]
    done = subprocess.run(words, capture_output=True, text=True)
    return None if done.returncode == 0 else f"namespaces are not allowed on this machine: {done.stderr.strip()}"


def run_apart(
    folder: Path, host: str, command: Sequence[str], *, env: Mapping[str, str] | None = None, seconds: float = 60
) -> Asked:
    """Run the command where ``host`` serves the folder; stop it when it has asked for nothing in a while.

    ``seconds`` is how long it may take at most.
    """
    work = folder.parent / "apart"
    work.mkdir(exist_ok=True)
    log = work / "log"
    log.write_text("")
    words = [*WORDS, sys.executable, __file__, str(folder), host, str(log), str(seconds), *command]
    done = subprocess.run(words, capture_output=True, text=True, errors="replace", env={**os.environ, **(env or {})})
    assert done.returncode == 0, done.stderr
    lines = [line.split(" ", 2) for line in log.read_text().splitlines()]
    return Asked(
        frozenset(name for _, name, _ in lines),
        tuple(path for kind, name, path in lines if kind == "http" and name == host),
        done.stdout + done.stderr,
    )


# ------------------------------------------------------------ within


class _Log:
    def __init__(self, path: Path) -> None:
        self.path, self.last = path, time.monotonic()
        self.lock = threading.Lock()

    def __call__(self, kind: str, name: str, path: str) -> None:
        with self.lock, self.path.open("a") as file:
            file.write(f"{kind} {name} {path}\n")
            self.last = time.monotonic()


def _answer_names(log: _Log) -> None:
    """Answer every question of DNS with this host's address."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind((HERE, 53))
        while True:
            question, client = server.recvfrom(512)
            name, end = _name_in(question)
            kind = struct.unpack(">H", question[end : end + 2])[0]
            log("dns", name, str(kind))
            answers = b"\xc0\x0c" + struct.pack(">HHIH4B", A, 1, 60, 4, 127, 0, 0, 1) if kind == A else b""
            head = question[:2] + b"\x81\x80" + struct.pack(">HHHH", 1, bool(answers), 0, 0)
            server.sendto(head + question[QUESTION_HEAD : end + 4] + answers, client)


def _name_in(question: bytes) -> tuple[str, int]:
    """Return the name that a DNS message asks about, and where it ends."""
    labels, at = [], QUESTION_HEAD
    while question[at]:
        size = question[at]
        labels.append(question[at + 1 : at + 1 + size].decode("ascii", "replace"))
        at += 1 + size
    return ".".join(labels).lower(), at + 1


def _serve(folder: Path, host: str, log: _Log) -> None:
    class Handler(http.server.SimpleHTTPRequestHandler):
        extensions_map = {**http.server.SimpleHTTPRequestHandler.extensions_map, **TYPES}  # noqa: RUF012

        def __init__(self, *args: Any) -> None:
            super().__init__(*args, directory=str(folder))

        def do_GET(self) -> None:
            name = (self.headers.get("Host") or "?").partition(":")[0]
            log("http", name, self.path)
            if name == host:
                super().do_GET()
            else:
                self.send_error(404)

        def log_message(self, *_: Any) -> None:
            """Nothing: it is written down already."""

    http.server.ThreadingHTTPServer((HERE, 80), Handler).serve_forever()


def _note_connections(port: int, log: _Log) -> None:
    """Write down who wants to speak TLS, by the name in its first message; nobody gets an answer."""
    with socket.create_server((HERE, port)) as server:
        while True:
            connection, _ = server.accept()
            with connection:
                connection.settimeout(2)
                try:
                    log("tls", _server_name(connection.recv(4096)), "")
                except OSError:
                    log("tls", "?", "")


def _server_name(hello: bytes) -> str:
    """Return the name that stands in a ClientHello: the extension's list has one, of a known form."""
    at = hello.find(b"\x00\x00", 60)
    while at != -1:
        size = int.from_bytes(hello[at + 7 : at + 9], "big")
        name = hello[at + 9 : at + 9 + size]
        if len(hello) > at + 9 and hello[at + 6] == 0 and int.from_bytes(hello[at + 4 : at + 6], "big") == size + 3:
            return name.decode("ascii", "replace")
        at = hello.find(b"\x00\x00", at + 1)
    return "?"


def main(folder: str, host: str, log_path: str, seconds: str, *command: str) -> None:
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    resolver = Path(log_path).parent / "resolv.conf"
    resolver.write_text(f"nameserver {HERE}\n")
    subprocess.run(["mount", "--bind", str(resolver), "/etc/resolv.conf"], check=True)
    log = _Log(Path(log_path))
    tasks = [(_answer_names, (log,)), (_serve, (Path(folder), host, log)), (_note_connections, (443, log))]
    for target, args in tasks:
        threading.Thread(target=target, args=args, daemon=True).start()  # type: ignore[arg-type]
    time.sleep(0.3)
    end = time.monotonic() + float(seconds)
    with subprocess.Popen(command, start_new_session=True) as process:
        while process.poll() is None and time.monotonic() < end:
            time.sleep(0.1)
        if process.poll() is None:
            os.killpg(process.pid, 15)
            time.sleep(0.5)
        if process.poll() is None:
            os.killpg(process.pid, 9)
    time.sleep(0.2)


if __name__ == "__main__":
    main(*sys.argv[1:])
