"""A state in a PostgreSQL database, brought to the present version. Connections and locks have files of their own."""

from __future__ import annotations

from feedpub.errors import StoreError
from feedpub.postgres_url import PostgresUrl
from feedpub.store import dialect
from feedpub.store.database import Database
from feedpub.store.driver import errors, psycopg
from feedpub.store.postgres_locks import PostgresLocks
from feedpub.store.schema import MIGRATIONS
from feedpub.store.scripts import noting, require_same
from feedpub.store.sqlite import in_memory

ENCODING = "UTF8"
MIGRATING = "migrating"  # no id of a source has a sign of this kind before it: see ``_key``
HAS_SCRIPTS = "SELECT to_regclass('script') IS NOT NULL"
NO_STATE = "SELECT to_regclass('state_version') IS NULL"


class PostgresDatabase(PostgresLocks):
    """One database, or one schema of it."""

    begin_reading = "BEGIN ISOLATION LEVEL REPEATABLE READ"

    def __init__(self, url: PostgresUrl, *, is_to_look: bool = False) -> None:
        super().__init__(url, is_to_look=is_to_look)
        self.is_there = True
        try:
            self._require_encoding()
            self._schema = self._one("SELECT coalesce(current_schema(), '')")
            self._migrate()
        except BaseException:
            self.close()
            raise

    def _require_encoding(self) -> None:
        encoding = self.connection.info.parameter_status("server_encoding")  # the server tells it by itself
        if encoding != ENCODING:
            raise StoreError(
                f"{self.url}: the state cannot be opened: the encoding of the database is {encoding}, and must be"
                f" {ENCODING}. Make another one: createdb --encoding {ENCODING} --template template0 NAME"
            )

    def _version(self) -> int:
        """Return the version of the state. 0: there is none."""
        return 0 if self._one(NO_STATE) else int(self._one("SELECT version FROM state_version"))

    def _migrate(self) -> None:
        version = self._version()
        if self._is_to_look and version == 0:
            self.is_there = False
            return
        require_same(self, MIGRATIONS[:version], HAS_SCRIPTS)
        if self._is_old(version):
            self._upgrade()

    def _upgrade(self) -> None:
        if self._is_to_look:
            raise StoreError(f"{self.url}: the state is of an older feedpub; the next `feedpub run` renews it")
        with self._locked(self._key(MIGRATING), is_to_wait=True) as is_ours:
            if not is_ours:
                raise StoreError(f"{self.url}: the state cannot be opened: another feedpub is renewing it; try again")
            with self.transaction():  # begun after the lock, for it knows the tables of its beginning
                version = self._version()
                if self._is_old(version):  # nobody else has done it meanwhile
                    self._bring_up(version)

    def _is_old(self, version: int) -> bool:
        newest = len(MIGRATIONS)
        if version > newest:
            raise StoreError(
                f"{self.url}: the state was written by a newer feedpub: its version is {version}, this one knows"
                f" {newest}. Use the newer feedpub, or name another database in [state] url"
            )
        return version < newest

    def _bring_up(self, version: int) -> None:
        if version == 0:
            self._make("CREATE TABLE state_version (version BIGINT NOT NULL)")
            self._make("INSERT INTO state_version VALUES (0)")
            statements = dialect.whole_schema()
        else:
            statements = [one for script in MIGRATIONS[version:] for one in dialect.migrated(script)]
        for statement in (*statements, *noting(MIGRATIONS)):
            self._make(statement)
        self.execute("UPDATE state_version SET version = ?", (len(MIGRATIONS),))

    def _make(self, statement: str) -> None:
        """Make a table, an index or the like."""
        try:
            self.connection.execute(statement)
        except (errors.InsufficientPrivilege, errors.InvalidSchemaName) as error:
            role = self.connection.info.user
            raise self._wrapped(
                error, "opened", f"let its role make tables: GRANT CREATE, USAGE ON SCHEMA public TO {role}"
            ) from error
        except (errors.DuplicateTable, errors.DuplicateObject) as error:
            raise self._wrapped(error, "opened", "give feedpub a database of its own") from error
        except psycopg.Error as error:
            raise self._wrapped(error, "opened") from error


def look_into(url: PostgresUrl) -> Database:
    """Return the state for reading alone. One that is not there yet is empty."""
    state = PostgresDatabase(url, is_to_look=True)
    if state.is_there:
        return state
    state.close()
    return in_memory()
