"""A PostgreSQL server of the tests' own, in a temporary folder, and a schema in it for each state.

With FEEDPUB_TEST_STATE=postgres, states of tests that could be in either kind of database are there and not in a file.
"""

from __future__ import annotations

import atexit
import hmac
import os
import pwd
import shutil
import socket
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import blake2b, pbkdf2_hmac, sha256
from importlib.util import find_spec
from pathlib import Path
from tempfile import gettempdir, mkdtemp
from typing import Any
from urllib.parse import quote

import pytest

from feedpub.postgres_url import Place, PostgresUrl

IS_WANTED = os.environ.get("FEEDPUB_TEST_STATE") == "postgres"
ABSENT = "PostgreSQL is not here: apt-get install postgresql, and pip install 'feedpub[postgres]'"
SHORT = 40  # characters: a socket's whole path may have a hundred
DEBIAN = Path("/usr/lib/postgresql")
SETTINGS = {  # it need not outlive a power cut
    "listen_addresses": "127.0.0.1", "fsync": "off", "full_page_writes": "off", "synchronous_commit": "off",
    "shared_buffers": "32MB", "max_connections": "60", "autovacuum": "off",
}  # fmt: skip


@cache
def programs() -> Path | None:
    """The folder of initdb and pg_ctl. None: they, or psycopg, are not here."""
    if find_spec("psycopg") is None:
        return None
    found = shutil.which("initdb")
    folders = [Path(found).parent] if found else []
    folders += sorted(DEBIAN.glob("*/bin"), key=lambda p: int(p.parent.name), reverse=True)
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


PASSWORD = "secret/word"
ORDER = ("--locale-provider=icu", "--icu-locale=uk")  # from version 15 on


class Server:
    """A running server. ``user`` may do everything."""

    user = "feedpub"

    def __init__(self, folder: Path, *, prefix: tuple[str, ...] = ()) -> None:
        found = programs()
        assert found
        self.bin, self.folder, self.prefix = found, folder, prefix
        self.account = account()
        self.port = free_port()
        if os.geteuid() == 0:
            shutil.chown(folder, self.account)
        # A locale that orders as people do, so that an order which is not that of "C" is seen.
        self._do("initdb", "-D", "data", "-A", "scram-sha-256", "-U", self.user, "--no-sync", "-E", "UTF8",
                 "--locale=C.UTF-8", *self._order(), "--pwfile", self._password_file())  # fmt: skip
        self.start()

    def _order(self) -> tuple[str, ...]:
        said = subprocess.run([self.bin / "initdb", "--help"], capture_output=True, text=True, check=True).stdout
        return ORDER if "--icu-locale" in said else ()

    def _password_file(self) -> str:
        path = self.folder / "password"
        path.write_text(verifier(PASSWORD))
        path.chmod(0o644)
        return str(path)

    def start(self) -> None:
        settings = {**SETTINGS, "unix_socket_directories": str(self.folder), "port": str(self.port)}
        words = " ".join(f"-c {name}={value}" for name, value in settings.items())
        self._do("pg_ctl", "-D", "data", "-w", "-l", "log", "-o", words, "start", prefix=self.prefix)

    def stop(self) -> None:
        self._do("pg_ctl", "-D", "data", "-w", "-m", "immediate", "stop")

    def _do(self, program: str, *words: str, prefix: tuple[str, ...] = ()) -> None:
        step = [as_another(), "-u", self.account, "--"] if os.geteuid() == 0 else []
        command = [*prefix, *step, str(self.bin / program), *words]
        output = self.folder / "output"  # pg_ctl's server keeps it open
        with output.open("wb") as to:
            done = subprocess.run(command, cwd=self.folder, stdout=to, stderr=to, stdin=subprocess.DEVNULL, check=False)
        log = self.folder / "log"
        assert done.returncode == 0, output.read_text() + (log.read_text() if log.exists() else "")

    def url(self, database: str = "postgres", schema: str = "", **more: str) -> PostgresUrl:
        """The address of a database, over the server's socket."""
        options = f"&options={quote(f'-csearch_path={schema}')}" if schema else ""
        user, password = more.get("user", self.user), quote(more.get("password", PASSWORD), safe="")
        return PostgresUrl(
            f"postgresql://{user}:{password}@/{database}?host={quote(str(self.folder))}&port={self.port}{options}"
        )

    @contextmanager
    def connected(self, database: str = "postgres") -> Iterator[Any]:
        import psycopg

        with psycopg.connect(self.url(database).whole, autocommit=True) as connection:
            yield connection

    def do(self, *statements: str, database: str = "postgres") -> None:
        with self.connected(database) as connection:
            for statement in statements:
                connection.execute(statement)


def verifier(password: str) -> str:
    """What a server keeps of a password (RFC 5803). With one round in place of 4,096, half the time of a connection."""
    salt = b"of the tests"
    salted = pbkdf2_hmac("sha256", password.encode(), salt, 1)
    stored = sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    for_server = hmac.digest(salted, b"Server Key", "sha256")
    cells = [b64encode(part).decode() for part in (salt, stored, for_server)]
    return f"SCRAM-SHA-256$1:{cells[0]}${cells[1]}:{cells[2]}"


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def as_another() -> str:
    """The program that works as another user. A path of few folders may lack it."""
    return shutil.which("runuser", path="/usr/sbin:/sbin:/usr/bin:/bin") or "runuser"


def account() -> str:
    """The user that the server runs as: it will not run as root."""
    if os.geteuid():
        return pwd.getpwuid(os.geteuid()).pw_name
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@cache
def server() -> Server:
    """The server of this process. It ends with it."""
    if programs() is None:
        pytest.skip(ABSENT)
    usual = gettempdir()  # perhaps in memory, where a schema is made in a third of the time
    folder = Path(mkdtemp(prefix="feedpub-pg-", dir=usual if len(usual) <= SHORT else "/tmp"))
    folder.chmod(0o755)
    started = Server(folder)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(started.stop)
    return started


def place_at(path: Path) -> Place:
    """The place of a state that would be at this path: itself, or a schema of its own."""
    return in_server(path) if IS_WANTED else path


@contextmanager
def database_of(test: Path, kind: str) -> Iterator[str]:
    """A database of a test's own, by its name."""
    name = f"{kind}_{test.name[-16:].strip('_')}"
    server().do(f"CREATE DATABASE {name}")
    yield name
    server().do(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@cache
def in_server(path: Path) -> PostgresUrl:
    schema = f"s{blake2b(str(path.absolute()).encode(), digest_size=8).hexdigest()}"
    server().do(f"CREATE SCHEMA {schema}")
    return server().url(schema=schema)


def drop(path: Path) -> None:
    """Lose the state that would be at this path."""
    if not isinstance(place_at(path), Path):
        schema = f"s{blake2b(str(path.absolute()).encode(), digest_size=8).hexdigest()}"
        server().do(f"DROP SCHEMA {schema} CASCADE; CREATE SCHEMA {schema}")
    else:
        path.unlink(missing_ok=True)
