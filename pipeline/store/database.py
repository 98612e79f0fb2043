"""Opening the database: SQLite that loses nothing, or PostgreSQL by URL, with its tables brought up to date.

store = open_store("sqlite:///data/ratings.sqlite")
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

WAIT_SECONDS = 15  # for other writers (SQLite) or for the server's answer (PostgreSQL)
_MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 0x71_4D  # any number, the same for every server of one PostgreSQL database


class StoreError(ValueError):
    """The database cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class Store:
    """An open database. Safe to share between threads, and with other processes."""

    engine: sa.Engine

    @property
    def url(self) -> str:
        """Where it is, with the password: for processes that open it too."""
        return self.engine.url.render_as_string(hide_password=False)

    def add(self, table: sa.Table, row: dict[str, Any], unique: tuple[str, ...]) -> bool:
        """Insert `row` unless one with the same `unique` columns is there; whether it was new.

        Returns when the row is on the disk. Raises SQLAlchemyError.
        """
        insert: Any = sqlite.insert if self.engine.dialect.name == "sqlite" else postgresql.insert
        statement = insert(table).values(row).on_conflict_do_nothing(index_elements=unique)
        with self.engine.begin() as connection:
            # What was inserted comes back; PostgreSQL's driver does not count it.
            return connection.execute(statement.returning(sa.true())).first() is not None

    def close(self) -> None:
        """Let go of the database's connections."""
        self.engine.dispose()


def open_store(url: str) -> Store:
    """The database at an SQLAlchemy `url`: made if it is new, migrated if it is old. Raises StoreError."""
    try:
        parts = sa.make_url(url)
        sort = parts.get_backend_name()
        if sort not in ("sqlite", "postgresql"):
            raise StoreError(f"Ratings are kept in SQLite or PostgreSQL, not in {sort}.")
        if sort == "sqlite" and parts.database:
            Path(parts.database).parent.mkdir(parents=True, exist_ok=True)
        wait = {"timeout" if sort == "sqlite" else "connect_timeout": WAIT_SECONDS}
        engine = sa.create_engine(parts, pool_pre_ping=True, connect_args=wait)
        if sort == "sqlite":
            sa.event.listen(engine, "connect", _make_durable)
        with _alone(engine) as connection:
            config = Config(attributes={"connection": connection})
            config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
            command.upgrade(config, "head")
    except ModuleNotFoundError as error:
        raise StoreError(
            f"The database driver {error.name!r} is not installed. "
            "For PostgreSQL run: pip install 'psycopg[binary]'"
        ) from None
    except CommandError:  # its version is none of ours
        raise StoreError(
            f"The database {parts!r} was made by a later version of TinyMuse. "
            "Update TinyMuse, or choose another database."
        ) from None
    except (SQLAlchemyError, OSError, ValueError) as error:
        if isinstance(error, StoreError):
            raise
        raise StoreError(
            f"The ratings database cannot be opened ({reason(error)}). "
            "Give a URL such as sqlite:///ratings.sqlite or postgresql+psycopg://user@host/name."
        ) from None
    return Store(engine)


@contextmanager
def _alone(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One transaction that no second server's start can run beside."""
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        yield connection


def _make_durable(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    deadline = time.monotonic() + WAIT_SECONDS
    while True:  # SQLite does not itself wait for another process that changes the mode at this moment
        try:
            cursor.execute("PRAGMA journal_mode = WAL")  # readers and the writer do not wait for one another
            break
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
    cursor.execute("PRAGMA synchronous = FULL")  # every commit reaches the disk before it returns
    cursor.close()


def reason(error: Exception) -> str:
    """The database's own words, without SQL and values."""
    return str(getattr(error, "orig", None) or error).strip().split("\n")[0]
