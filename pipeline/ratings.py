"""Ratings: what people thought of each candidate, kept for ever.

Rows are only ever added. A changed mind is a new row that supersedes the rater's earlier one for that
candidate; a retry of the same click carries the same id and adds nothing. `record` returns after the row is
on the disk, so "Saved" means saved, also when the process is killed in the next instant. SQLite by default,
PostgreSQL by URL.

    python -m pipeline.ratings --db sqlite:///data/ratings.sqlite --export ratings.jsonl    (or .csv)
"""

import argparse
import csv
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.schema import CreateIndex, CreateTable

DEFAULT_URL = "sqlite:///data/ratings.sqlite"
WAIT_SECONDS = 15  # for other writers (SQLite) or for the server's answer (PostgreSQL)


class RatingsError(ValueError):
    """A rating is not valid, or the database cannot be used; the message says which and what to do."""


def _now() -> str:
    return datetime.now(UTC).isoformat()


@dataclass(frozen=True)
class Rating:
    """One click on a candidate's card, with everything needed to know what was rated.

    Raises RatingsError on a value that cannot be. A None grade is one that was not given (or taken back).
    """

    id: str  # a UUID made by the page for this click, so that a retry is known as one
    candidate_id: str
    rater: str
    accepted: bool | None  # would you put it on the canvas?
    relevance: int | None  # of the prompt to the canvas, 1 (not) to 3 (fully)
    correctness: int | None  # of the prompt's language and sense, 1 to 3
    prompt: str
    task: str  # "T2I" or "T2T"
    topic: str = ""
    objects: tuple[str, ...] = ()
    design_type: str = ""
    style: str = ""
    length: int | None = None  # the wished number of words
    words: int = 0  # the prompt's own
    seed: int = 0
    renderer: str = ""
    slm: str = ""
    created_at: str = field(default_factory=_now)  # ISO 8601, UTC

    def __post_init__(self) -> None:
        for spec in fields(self):
            value = getattr(self, spec.name)
            for text in value if isinstance(value, tuple) else (value,):
                if "str" in str(spec.type) and not _is_plain(text):
                    raise RatingsError(
                        f"The rating's {spec.name} must be plain text, not {str(text)[:40]!r}."
                    )
        if not _is_uuid(self.id):
            raise RatingsError(f"A rating's id must be a UUID in lower case, not {self.id[:40]!r}.")
        for name in ("candidate_id", "rater"):
            if not getattr(self, name):
                raise RatingsError(f"A rating needs its {name}.")
        for name in ("relevance", "correctness"):
            grade = getattr(self, name)
            if grade is not None and (type(grade) is not int or not 1 <= grade <= 3):
                raise RatingsError(f"{name.capitalize()} must be 1, 2 or 3, not {grade!r}.")
        if self.accepted is not None and type(self.accepted) is not bool:
            raise RatingsError(f"Accepted must be true or false, not {self.accepted!r}.")
        if self.task not in ("T2I", "T2T"):
            raise RatingsError(f"The task must be T2I or T2T, not {self.task!r}.")
        for name, top in (("length", 10_000), ("words", 10_000), ("seed", 2**63 - 1)):
            number = getattr(self, name)
            if number is not None and (type(number) is not int or not 0 <= number <= top):
                raise RatingsError(f"The rating's {name} must be a whole number up to {top}, not {number!r}.")


def _is_plain(text: object) -> bool:
    """Whether `text` is a string that every database can store."""
    return isinstance(text, str) and len(text) <= 4000 and not re.search("[\0\ud800-\udfff]", text)


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


@dataclass(frozen=True)
class Summary:
    """The ratings that count now, in numbers. A mean is None when there is nothing to average."""

    ratings: int
    raters: int
    decided: int  # accepted or rejected
    accepted: int
    relevance: float | None
    correctness: float | None


_TABLE = sa.Table(
    "ratings",
    sa.MetaData(),
    # The order of arrival decides which row supersedes which; clocks of pages and servers do not.
    sa.Column("row", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("id", sa.String(36), nullable=False, unique=True),
    sa.Column("candidate_id", sa.Text, nullable=False),
    sa.Column("rater", sa.Text, nullable=False),
    sa.Column("accepted", sa.Boolean),
    sa.Column("relevance", sa.Integer),
    sa.Column("correctness", sa.Integer),
    sa.Column("prompt", sa.Text, nullable=False),
    sa.Column("task", sa.Text, nullable=False),
    sa.Column("topic", sa.Text, nullable=False),
    sa.Column("objects", sa.JSON, nullable=False),
    sa.Column("design_type", sa.Text, nullable=False),
    sa.Column("style", sa.Text, nullable=False),
    sa.Column("length", sa.Integer),
    sa.Column("words", sa.Integer, nullable=False),
    sa.Column("seed", sa.BigInteger, nullable=False),
    sa.Column("renderer", sa.Text, nullable=False),
    sa.Column("slm", sa.Text, nullable=False),
    sa.Column("created_at", sa.Text, nullable=False),
)
_BY_CANDIDATE = sa.Index("ratings_by_candidate", _TABLE.c.candidate_id, _TABLE.c.rater, _TABLE.c.row)

_LATEST = sa.select(sa.func.max(_TABLE.c.row)).group_by(_TABLE.c.candidate_id, _TABLE.c.rater)
_IS_LATEST = _TABLE.c.row.in_(_LATEST)


class Ratings:
    """The one writer and reader of ratings. Safe to share between threads and between processes."""

    def __init__(self, url: str = DEFAULT_URL):
        """Open the database at an SQLAlchemy `url`, making it if it is new. Raises RatingsError."""
        try:
            parts = sa.make_url(url)
            sort = parts.get_backend_name()
            if sort not in ("sqlite", "postgresql"):
                raise RatingsError(f"Ratings are kept in SQLite or PostgreSQL, not in {sort}.")
            self._insert: Any = sqlite.insert if sort == "sqlite" else postgresql.insert
            if sort == "sqlite" and parts.database:
                Path(parts.database).parent.mkdir(parents=True, exist_ok=True)
            wait = {"timeout" if sort == "sqlite" else "connect_timeout": WAIT_SECONDS}
            self._engine = sa.create_engine(parts, pool_pre_ping=True, connect_args=wait)
            if sort == "sqlite":
                sa.event.listen(self._engine, "connect", _make_durable)
            with self._engine.begin() as connection:
                connection.execute(CreateTable(_TABLE, if_not_exists=True))  # two servers may start at once
                known = {column["name"] for column in sa.inspect(connection).get_columns("ratings")}
                if missing := ", ".join(sorted(set(_TABLE.c.keys()) - known)):
                    raise RatingsError(
                        f"The table 'ratings' in {parts!r} lacks {missing}: another program or version made "
                        "it. Choose another database."
                    )
                connection.execute(CreateIndex(_BY_CANDIDATE, if_not_exists=True))
        except ModuleNotFoundError as error:
            raise RatingsError(
                f"The database driver {error.name!r} is not installed. "
                "For PostgreSQL run: pip install 'psycopg[binary]'"
            ) from None
        except (SQLAlchemyError, OSError) as error:
            raise RatingsError(
                f"The ratings database cannot be opened ({_reason(error)}). "
                "Give a URL such as sqlite:///ratings.sqlite or postgresql+psycopg://user@host/name."
            ) from None

    def record(self, rating: Rating) -> None:
        """Store `rating`; returns only when it is on the disk. A rating with a known id adds nothing.

        Raises RatingsError when it could not be stored; trying again with the same rating is safe.
        """
        row = asdict(rating) | {"objects": list(rating.objects)}
        insert = self._insert(_TABLE).values(row).on_conflict_do_nothing(index_elements=["id"])
        try:
            with self._engine.begin() as connection:
                connection.execute(insert)
        except SQLAlchemyError as error:
            raise RatingsError(f"The rating could not be saved ({_reason(error)}). Try again.") from None

    def current(self) -> list[Rating]:
        """The latest rating of every rater for every candidate, oldest first."""
        return [rating for rating, current in self._rows(_IS_LATEST) if current]

    def history(self) -> list[tuple[Rating, bool]]:
        """Every rating ever recorded, oldest first, with whether it still counts."""
        return list(self._rows(sa.true()))

    def summary(self) -> Summary:
        """The ratings that count now, in numbers."""
        columns = _TABLE.c
        statement = sa.select(
            sa.func.count(),
            sa.func.count(columns.rater.distinct()),
            sa.func.count(columns.accepted),
            sa.func.count(sa.case((columns.accepted, 1))),
            sa.func.avg(columns.relevance),
            sa.func.avg(columns.correctness),
        ).where(_IS_LATEST)
        with self._engine.connect() as connection:
            *counts, relevance, correctness = connection.execute(statement).one()
        means = [None if mean is None else float(mean) for mean in (relevance, correctness)]
        return Summary(*counts, *means)

    def export(self, file: Path | str) -> int:
        """Write every rating to `file` (.jsonl or .csv) with a column `current`; returns how many.

        Raises RatingsError on another ending or when the file cannot be written.
        """
        path = Path(file)
        if path.suffix not in (".jsonl", ".csv"):
            raise RatingsError(f"Ratings are exported to .jsonl or .csv, not to {path.name!r}.")
        rows = [asdict(rating) | {"current": current} for rating, current in self.history()]
        try:
            with path.open("w", encoding="utf-8", newline="") as out:
                if path.suffix == ".jsonl":
                    out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
                else:
                    names = [spec.name for spec in fields(Rating)]
                    writer = csv.DictWriter(out, [*names, "current"])
                    writer.writeheader()
                    writer.writerows(row | {"objects": "; ".join(row["objects"])} for row in rows)
        except OSError as error:
            raise RatingsError(f"{path} cannot be written ({error.strerror}).") from None
        return len(rows)

    def close(self) -> None:
        """Let go of the database's connections."""
        self._engine.dispose()

    def _rows(self, where: sa.ColumnElement[bool]) -> Iterator[tuple[Rating, bool]]:
        statement = sa.select(_TABLE, _IS_LATEST.label("current")).where(where).order_by(_TABLE.c.row)
        with self._engine.connect() as connection:
            found = connection.execute(statement).mappings().all()
        for row in found:
            values: dict[str, Any] = {spec.name: row[spec.name] for spec in fields(Rating)}
            yield Rating(**values | {"objects": tuple(row["objects"])}), bool(row["current"])


def _make_durable(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")  # readers and the writer do not wait for one another
    cursor.execute("PRAGMA synchronous = FULL")  # every commit reaches the disk before it returns
    cursor.close()


def _reason(error: Exception) -> str:
    """The database's own words, without SQL and values."""
    return str(getattr(error, "orig", None) or error).strip().split("\n")[0]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m pipeline.ratings", description="Export the ratings.")
    parser.add_argument("--db", default=DEFAULT_URL, help="SQLAlchemy URL (default: %(default)s)")
    parser.add_argument("--export", required=True, metavar="FILE", help="a .jsonl or .csv file to write")
    arguments = parser.parse_args()
    try:
        count = Ratings(arguments.db).export(arguments.export)
    except RatingsError as error:
        sys.exit(str(error))
    print(f"{count} ratings written to {arguments.export}")


if __name__ == "__main__":
    main()
