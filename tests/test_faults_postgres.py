"""The state is on a PostgreSQL server, and that fails.

As in test_faults: one line without a password, the last good feeds stay, nothing known is lost, the next run heals.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import mkdtemp

import pytest
import trustme

from feedpub.postgres_url import PostgresUrl
from feedpub.store import MIGRATIONS
from tests import postgres, tables
from tests.council import CONFIG, LAYOUT
from tests.drupal.site import Answer
from tests.postgres import Server, server
from tests.test_faults import HAS_NAMESPACES, NAMESPACE, NEWS, Bench, heals, shown, stands

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(postgres.programs() is None, reason=postgres.ABSENT),
]
USER, PASSWORD = "runner", "a:b/c@d%"
FIRST = "first"  # the database of a council that was read and published


class OnServer(Bench):
    """A council whose state is in a database of its own."""

    place: PostgresUrl
    database = FIRST

    def use(self, place: PostgresUrl) -> None:
        self.place = place
        self.configure(f'[state]\nurl = "{place.whole}"\n{CONFIG}')

    def configure(self, text: str = CONFIG, *, home: str | None = None, layout: str = LAYOUT) -> None:
        super().configure(text if "[state]" in text else f'[state]\nurl = "{PLACE.whole}"\n{text}', layout=layout)

    def sql(self, *statements: str) -> None:
        server().do(*statements, database=self.database)

    def time_goes_by(self) -> None:
        self.sql(
            "UPDATE rest SET until = '2020-01-01T00:00:00Z'",
            "UPDATE visit SET asked = '2020-01-01T00:00:00Z' WHERE error IS NOT NULL",
        )


PLACE = PostgresUrl("postgresql://nobody@127.0.0.1:1/none")  # until a database is made


def url_of(database: str) -> PostgresUrl:
    return server().url(database, user=USER, password=PASSWORD)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> dict[str, OnServer]:
    return {}


@pytest.fixture
def bench(
    tmp_path: Path, published: dict[str, OnServer], capsys: pytest.CaptureFixture[str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[OnServer]:  # fmt: skip
    authority = trustme.CA()
    if FIRST not in published:
        server().do(f"CREATE ROLE {USER} LOGIN PASSWORD '{PASSWORD}'", f"CREATE DATABASE {FIRST} OWNER {USER}")
        first = OnServer(tmp_path_factory.mktemp("published"), 0, capsys, authority)
        with first.open():
            first.port = int(first.served.url.rpartition(":")[2])
            first.use(url_of(FIRST))
            assert first.feedpub("run").code == 0
        published[FIRST] = first
    folder = tmp_path / "council"
    shutil.copytree(published[FIRST].folder, folder)
    bench = OnServer(folder, published[FIRST].port, capsys, authority)
    bench.database = f"of_{tmp_path.name[-20:].strip('_')}"
    server().do(f"CREATE DATABASE {bench.database} OWNER {USER} TEMPLATE {FIRST}")
    bench.use(url_of(bench.database))
    newest = bench.site.articles[-1]
    bench.site.articles.append(
        replace(newest, number=301, alias=NEWS, title="Нова новина", utc=newest.utc,
                body="<p>Сьогодні в громаді відкрито новий пункт видачі води.</p>")
    )  # fmt: skip
    yield bench
    server().do(f"DROP DATABASE IF EXISTS {bench.database} WITH (FORCE)")


Bring = Callable[[OnServer], AbstractContextManager[object]]


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of the server: how it comes, what is said, and how it goes where it does not go by itself."""

    name: str
    bring: Bring
    said: str
    code: int = 1
    mend: Callable[[OnServer], object] = lambda _: None


def done(act: Callable[[OnServer], object]) -> Bring:
    def bring(bench: OnServer) -> AbstractContextManager[object]:
        act(bench)
        return nullcontext()

    return bring


def sql(*statements: str) -> Callable[[OnServer], object]:
    return lambda bench: bench.sql(*statements)


def elsewhere(change: Callable[[str], str]) -> Callable[[OnServer], object]:
    """The configuration has another address."""
    return lambda bench: bench.use(PostgresUrl(change(bench.place.whole)))


def back(bench: OnServer) -> None:
    bench.use(url_of(bench.database))


def another(*statements: str, options: str = "") -> Callable[[OnServer], object]:
    """The configuration has an empty database, in which this was done."""

    def act(bench: OnServer) -> None:
        server().do("DROP DATABASE IF EXISTS another", f"CREATE DATABASE another {options}")
        server().do(*statements, database="another")
        bench.use(url_of("another"))

    return act


def amid(act: Callable[[OnServer], object]) -> Bring:
    """It happens when the article is asked for: its listing has been read, and a batch has begun."""

    def bring(bench: OnServer) -> AbstractContextManager[object]:
        def answer() -> Answer:
            whole = bench.site.articles[-1]
            del bench.site.overrides[f"/{NEWS}"]
            act(bench)
            return bench.site.answer("GET", f"/{whole.alias}", {}, bench.served.url)

        bench.site.overrides[f"/{NEWS}"] = answer
        return nullcontext()

    return bring


KILL = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'feedpub %'"


def crash(_: OnServer) -> None:
    server().stop()
    server().start()


OURS = (
    "feedpub.store.postgres",
    "feedpub.store.postgres_locks",
    "feedpub.store.postgres_connections",
    "feedpub.store.driver",
)


@contextmanager
def without_psycopg(_: OnServer) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in OURS:
            patch.delitem(sys.modules, name, raising=False)
        for name in [n for n in sys.modules if n.partition(".")[0] == "psycopg"]:
            patch.delitem(sys.modules, name)
        patch.setitem(sys.modules, "psycopg", None)
        yield


@contextmanager
def another_run(bench: OnServer) -> Iterator[None]:
    from contextlib import closing

    from feedpub.store import Store

    with closing(Store(bench.place)) as store, store.alone("zrazkiv"):
        yield


def put_back(bench: OnServer) -> None:
    server().do(f"CREATE DATABASE kept TEMPLATE {bench.database}")
    bench.feedpub("withdraw", bench.items()[2]["id"], "--reason", "x")
    server().do(
        f"DROP DATABASE {bench.database} WITH (FORCE)",
        f"CREATE DATABASE {bench.database} OWNER {USER} TEMPLATE kept",
        "DROP DATABASE kept",
    )


STATE = "postgresql://runner@HOST/NAME"
LOST = f"{STATE}: the connection to the state was lost: {{}}; the next run goes on"
OPENED = f"{STATE}: the state cannot be opened: "
TITLE = "UPDATE item SET title = {} WHERE id LIKE '%/211'"

OF_THE_SERVER = [
    Fault("no server answers", done(elsewhere(lambda url: re.sub(r"@.*", "@127.0.0.1:1/none", url))),
          "postgresql://runner@127.0.0.1:1/none: the state cannot be opened:"
          ' "127.0.0.1", port 1: Connection refused', mend=back),
    Fault("the password is wrong", done(elsewhere(lambda url: url.replace(":a%", ":b%"))),
          OPENED + 'SOCKET: password authentication failed for user "runner"', mend=back),
    Fault("there is no such database", done(elsewhere(lambda url: re.sub(r"@/\w+", "@/nowhere", url))),
          OPENED + 'SOCKET: database "nowhere" does not exist', mend=back),
    Fault("the encoding is another than UTF8",
          done(another(options="ENCODING 'LATIN1' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'")),
          OPENED + "the encoding of the database is LATIN1, and must be UTF8. Make another one: createdb --encoding"
          " UTF8 --template template0 NAME", mend=back),
    Fault("the state is of a newer feedpub", done(sql("UPDATE state_version SET version = 99")),
          f"{STATE}: the state was written by a newer feedpub: its version is 99, this one knows {len(MIGRATIONS)}."
          " Use the newer feedpub, or name another database in [state] url",
          mend=sql(f"UPDATE state_version SET version = {len(MIGRATIONS)}")),
    Fault("the role may not make tables", done(another("REVOKE CREATE ON SCHEMA public FROM PUBLIC")),
          OPENED + "permission denied for schema public; let its role make tables: GRANT CREATE, USAGE ON SCHEMA"
          " public TO runner", mend=back),
    Fault("the role may only read", done(lambda b: b.sql(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {USER}",
                                                         f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {USER}")),
          f"{STATE}: the state cannot be used: permission denied for table request",
          mend=sql(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {USER}")),
    Fault("the database has tables of others", done(another("CREATE TABLE item (x text)", f"GRANT ALL ON SCHEMA public"
                                                            f" TO {USER}")),
          OPENED + 'relation "item" already exists; give feedpub a database of its own', mend=back),
    Fault("the database takes no more connections", done(lambda b: b.sql(f"ALTER DATABASE {b.database} CONNECTION LIMIT"
                                                                         " 0")),
          OPENED + 'SOCKET: too many connections for database "NAME"',
          mend=lambda b: b.sql(f"ALTER DATABASE {b.database} CONNECTION LIMIT -1")),
    Fault("the server takes no writes", done(lambda b: b.sql(f"ALTER DATABASE {b.database} SET"
                                                             " default_transaction_read_only = on")),
          f"{STATE}: the state cannot be used: cannot execute INSERT in a read-only transaction",
          mend=lambda b: server().do(f"ALTER DATABASE {b.database} RESET default_transaction_read_only")),
    Fault("the connection is lost in the middle", amid(sql(KILL)),
          LOST.format("terminating connection due to administrator command")),
    Fault("the server crashes in the middle", amid(crash), LOST.format("server closed the connection unexpectedly")),
    Fault("psycopg is not installed", without_psycopg,
          "the state is on a PostgreSQL server, and psycopg cannot be loaded: import of psycopg halted; None in"
          " sys.modules; `pip install 'feedpub[postgres]'` installs it"),
    Fault("another run works on the source", another_run,
          "another run is under way on zrazkiv (process 7 on host, since 2026-01-01 12:00 UTC); this one leaves the"
          " work to it", 0),
    Fault("a row was changed by other hands", done(sql(TITLE.format("title || '!'"))),
          f"zrazkiv: {STATE}: the state is damaged: a row is not as it was written:"
          " tag:127.0.0.1,2026:zrazkiv/node/211; check the server's disk and memory, and restore the"
          " database from a dump (pg_dump)",
          mend=sql(TITLE.format("rtrim(title, '!')"))),
    Fault("a dump of before a withdrawal was put back", done(put_back),
          "zrazkiv: the state is older than the published feeds: 1 items keep their ids and are read again"),
]  # fmt: skip


@pytest.mark.parametrize("fault", OF_THE_SERVER, ids=lambda f: f.name)
def test_a_server_that_fails_loses_nothing_and_the_next_run_heals(bench: OnServer, fault: Fault) -> None:
    before, known = bench.feeds(), bench.known()
    with fault.bring(bench), bench.open():
        ran = bench.feedpub("run")
    said = as_in_the_docs(bench, ran.err)
    assert "".join(line.removeprefix("feedpub: ") for line in said.splitlines(keepends=True)).strip() == fault.said
    assert ran.code == fault.code
    for secret in ("a%3Ab", "a:b", "c@d", "c%40d"):
        assert secret not in ran.out + ran.err
    fault.mend(bench)
    meanwhile = stands(bench, before)
    heals(bench, known)
    note(OF_THE_SERVER.index(fault), fault.name, said, ran.code, meanwhile)


def as_in_the_docs(bench: OnServer, said: str) -> str:
    said = shown(bench, said).replace(bench.database, "NAME").replace("/another:", "/NAME:")
    said = re.sub(r"socket \"[^\"]*\"|\"/[^\"]*PGSQL[^\"]*\"", "SOCKET", said)
    return re.sub(r"(runner@)/\w+", r"\1HOST/NAME", said)


def note(place: int, name: str, said: str, code: int, meanwhile: str) -> None:
    lines = "; ".join(line.removeprefix("feedpub: ") for line in said.splitlines())
    tables.add("faults of a server", place, name, "", lines, str(code), meanwhile)
    tables.add("faults of a server in all", 0, str(len(OF_THE_SERVER) + 1))


# ------------------------------------------------------------ a full disk


def _uid() -> int:
    return pwd.getpwnam(postgres.account()).pw_uid


@contextmanager
def small_server() -> Iterator[Server]:
    """A server in a namespace of its own, with a tiny disk for a tablespace."""
    folder = Path(mkdtemp(prefix="feedpub-pg-", dir="/tmp"))
    folder.chmod(0o755)
    (folder / "small").mkdir()
    mount = f'mount -t tmpfs -o size=24m,uid={_uid()} none "{folder}/small" && exec "$@"'
    small = Server(folder, prefix=(*NAMESPACE, "sh", "-c", mount, "sh"))
    try:
        yield small
    finally:
        small.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.skipif(os.geteuid() != 0 or not HAS_NAMESPACES, reason="needs a disk of its own, so root and unshare")
def test_a_full_disk_of_the_server_loses_nothing_and_the_next_run_heals(bench: OnServer) -> None:
    with small_server() as small:
        small.do(f"CREATE ROLE {USER} LOGIN PASSWORD '{PASSWORD}'",
                 f"CREATE TABLESPACE small OWNER {USER} LOCATION '{small.folder}/small'",
                 f"CREATE DATABASE tiny OWNER {USER} TABLESPACE small")  # fmt: skip
        place = small.url("tiny", user=USER, password=PASSWORD)
        assert bench.feedpub("state", "copy", bench.place.whole, place.whole).code == 0
        bench.use(place)
        before, known = bench.feeds(), bench.known()
        with pytest.raises(Exception, match="No space left"):  # noqa: PT012
            small.do("CREATE TABLE filling (x text)", database="tiny")
            while True:
                small.do("INSERT INTO filling SELECT repeat(md5(random()::text), 60) FROM generate_series(1, 500)",
                         database="tiny")  # fmt: skip
        with bench.open():
            ran = bench.feedpub("run")
        # It depends on what the server is at when the disk is full.
        said = re.sub(r'could not .*? file "[^"]*"', 'could not extend file "base/1/2"', as_in_the_docs(bench, ran.err))
        assert said == (
            f'feedpub: {STATE}: the state cannot be used: could not extend file "base/1/2": No space left on device\n'
        )
        assert ran.code == 1
        small.do("DROP TABLE filling", database="tiny")
        meanwhile = stands(bench, before)
        bench.sql = small_sql(small)  # type: ignore[method-assign]
        heals(bench, known)
    note(len(OF_THE_SERVER), "the disk of the server is full", said, ran.code, meanwhile)


def small_sql(small: Server) -> Callable[..., None]:
    return lambda *statements: small.do(*statements, database="tiny")
