"""Ratings: what people thought of each candidate, kept for ever.

Rows are only ever added. A changed mind is a new row that supersedes the rater's earlier one for that
candidate (in a study: for that presentation, so that a hidden repeat stands beside the first answer); a
retry of the same click carries the same id and adds nothing. `record` returns after the row is on the disk,
so "Saved" means saved, also when the process is killed in the next instant.

    ratings = Ratings(open_store("sqlite:///data/ratings.sqlite")); ratings.record(rating)
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from pipeline.store.database import Store, StoreError, reason
from pipeline.store.tables import ratings as table

DEMO = "demo"
"""The default study: what anyone rates on the Canvas tab."""
DEVICES = ("", "phone", "tablet", "desktop")


class RatingsError(ValueError):
    """A rating is not valid; the message says why."""


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
    study: str = DEMO  # the study's id
    canvas: str = ""  # the id of the canvas it was made for
    presentation: str = ""  # in a study: of the candidate, an item of it, to this rater
    position: int | None = None  # of that presentation among the rater's, from 1
    repeated: bool = False  # whether the rater had been shown the item before, to see how steady they are
    seconds: float | None = None  # from when it could be seen to the first answer
    note: str = ""  # the rater's own words
    device: str = ""  # one of DEVICES
    app: str = ""  # version of TinyMuse
    wording: str = ""  # version of the questions asked
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
        for name, top in (("length", 10_000), ("words", 10_000), ("seed", 2**63 - 1), ("position", 10_000)):
            number = getattr(self, name)
            if number is not None and (type(number) is not int or not 0 <= number <= top):
                raise RatingsError(f"The rating's {name} must be a whole number up to {top}, not {number!r}.")
        if self.seconds is not None and not (
            type(self.seconds) in (int, float) and 0 <= self.seconds < float("inf")
        ):
            raise RatingsError(f"The rating's seconds must be a number from 0, not {self.seconds!r}.")
        if self.device not in DEVICES:
            raise RatingsError(f"The device must be phone, tablet or desktop, not {self.device[:40]!r}.")
        if type(self.repeated) is not bool:
            raise RatingsError(f"Repeated must be true or false, not {self.repeated!r}.")


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


_newer = table.alias()
_IS_LATEST = ~sa.exists().where(
    _newer.c.candidate_id == table.c.candidate_id,
    _newer.c.rater == table.c.rater,
    _newer.c.presentation == table.c.presentation,
    _newer.c.row > table.c.row,
)
_SAYS_SOMETHING = sa.or_(
    table.c.accepted.is_not(None), table.c.relevance.is_not(None), table.c.correctness.is_not(None)
)


class Ratings:
    """The one writer and reader of ratings. Safe to share between threads and between processes."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def record(self, rating: Rating) -> None:
        """Store `rating`; returns only when it is on the disk. A rating with a known id adds nothing.

        Raises StoreError when it could not be stored; trying again with the same rating is safe.
        """
        row = asdict(rating) | {"objects": list(rating.objects)}
        try:
            self.store.add(table, row, ("id",))
        except SQLAlchemyError as error:
            raise StoreError(f"The rating could not be saved ({reason(error)}). Try again.") from None

    def current(self, study: str = DEMO) -> list[Rating]:
        """The ratings of a study (its id) that count now, oldest first; those taken back are left out."""
        return [rating for rating, _ in self._rows(table.c.study == study, _IS_LATEST, _SAYS_SOMETHING)]

    def history(self, study: str = DEMO) -> list[tuple[Rating, bool]]:
        """Every rating of a study ever recorded, oldest first, with whether it still counts."""
        return list(self._rows(table.c.study == study))

    def latest(self, study: str, rater: str, presentation: str) -> Rating | None:
        """What a rater said last of a presentation, also when that was to take it back."""
        where = (table.c.study == study, table.c.rater == rater, table.c.presentation == presentation)
        return self._newest(*where)

    def find(self, id: str) -> Rating | None:
        """The rating of that click."""
        return self._newest(table.c.id == id)

    def summary(self, study: str = DEMO) -> Summary:
        """The ratings of a study that count now, in numbers."""
        columns = table.c
        statement = sa.select(
            sa.func.count(),
            sa.func.count(columns.rater.distinct()),
            sa.func.count(columns.accepted),
            sa.func.count(sa.case((columns.accepted, 1))),
            sa.func.avg(columns.relevance),
            sa.func.avg(columns.correctness),
        ).where(columns.study == study, _IS_LATEST, _SAYS_SOMETHING)
        with self.store.engine.connect() as connection:
            *counts, relevance, correctness = connection.execute(statement).one()
        means = [None if mean is None else float(mean) for mean in (relevance, correctness)]
        return Summary(*counts, *means)

    def _rows(self, *where: sa.ColumnElement[bool]) -> Iterator[tuple[Rating, bool]]:
        counts = sa.and_(_IS_LATEST, _SAYS_SOMETHING)
        statement = sa.select(table, counts.label("current")).where(*where).order_by(table.c.row)
        for row in self._read(statement):
            yield _rating(row), bool(row["current"])

    def _newest(self, *where: sa.ColumnElement[bool]) -> Rating | None:
        """One row by an index; whether it counts would ask for a look at all of them."""
        statement = sa.select(table).where(*where).order_by(table.c.row.desc()).limit(1)
        return next(map(_rating, self._read(statement)), None)

    def _read(self, statement: sa.Select) -> Sequence[sa.RowMapping]:
        try:
            with self.store.engine.connect() as connection:
                return connection.execute(statement).mappings().all()
        except SQLAlchemyError as error:
            raise StoreError(f"The ratings cannot be read ({reason(error)}). Try again.") from None


def _rating(row: sa.RowMapping) -> Rating:
    values: dict[str, Any] = {spec.name: row[spec.name] for spec in fields(Rating)}
    return Rating(**values | {"objects": tuple(row["objects"])})
