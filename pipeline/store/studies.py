"""Studies as rows: what they compare, the items that were made for them, and who was shown which.

Only ids leave this file towards a rater; which arm an item belongs to stays in here until a study is closed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from pipeline.store.database import Store, StoreError, reason
from pipeline.store.ratings import Rating
from pipeline.store.tables import items, presentations, ratings, studies

State = Literal["draft", "open", "closed"]


@dataclass(frozen=True)
class Arm:
    """One of the ways of making items that a study compares."""

    code: str  # "A", "B" ...: its name as long as the study is not closed
    name: str
    settings: dict[str, str]  # see pipeline/study/items.py


@dataclass(frozen=True)
class StudyCanvas:
    """A canvas of a study; its picture is a file named after its id."""

    id: str
    name: str  # as the researcher calls it
    text: str
    task: str  # "T2I" or "T2T"
    pictured: bool  # whether it has a picture, or is text alone


@dataclass(frozen=True)
class Study:
    """What is compared, on which canvases, and how it is shown. Times are ISO 8601, UTC."""

    id: str
    name: str
    state: State
    arms: tuple[Arm, ...]
    canvases: tuple[StudyCanvas, ...]
    seed: int  # of the order in which raters see the items
    target: int  # raters for each item
    repeat_every: int  # one presentation of so many is a hidden repeat; 0 for none
    length: int  # wished words of a prompt
    per_canvas: int  # items of each arm for each canvas
    created_at: str
    closed_at: str = ""
    code: str = ""  # of the invitation; without one anyone may take part

    @property
    def size(self) -> int:
        """How many items it has once all are made."""
        return len(self.arms) * len(self.canvases) * self.per_canvas


@dataclass(frozen=True)
class Item:
    """A prompt and its picture (a file named after the item's id), as one arm made it for one canvas."""

    id: str
    study: str
    arm: str  # its code
    canvas: str
    number: int  # from 0, among those of the same arm and canvas
    prompt: str
    task: str
    topic: str
    objects: tuple[str, ...]
    design_type: str
    style: str
    length: int
    words: int
    seed: int
    renderer: str
    slm: str


@dataclass(frozen=True)
class Shown:
    """A presentation: one item shown to one rater, and whether it was answered."""

    id: str
    study: str
    rater: str
    position: int  # from 1
    item: str
    repeated: bool
    shown_at: str
    answered: bool = False


_KEYS = ("id", "study", "arm", "canvas", "number")  # columns of their own; the rest of an item is `about`


class StudyRows:
    """The one writer and reader of studies, items and presentations. Raises StoreError."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def add_study(self, study: Study) -> bool:
        """Whether the study was new: its name must be its own."""
        return self._add(studies, asdict(study), ("name",))

    def set_state(self, study: Study, state: State) -> Study:
        """The study in its new state; closing it notes the time."""
        closed_at = datetime.now(UTC).isoformat() if state == "closed" else ""
        statement = (
            sa.update(studies).where(studies.c.id == study.id).values(state=state, closed_at=closed_at)
        )
        try:
            with self.store.engine.begin() as connection:
                connection.execute(statement)
        except SQLAlchemyError as error:
            raise StoreError(f"The study could not be changed ({reason(error)}). Try again.") from None
        return replace(study, state=state, closed_at=closed_at)

    def studies(self) -> list[Study]:
        """Every study, the oldest first."""
        return [read_study(row) for row in self._all(sa.select(studies).order_by(studies.c.created_at))]

    def add_item(self, item: Item) -> bool:
        """Whether the item was new for its study, arm, canvas and number."""
        return self._add(items, _item_row(item), ("study", "arm", "canvas", "number"))

    def items(self, study: str) -> list[Item]:
        """Every item of a study, by canvas, number and arm."""
        order = (items.c.canvas, items.c.number, items.c.arm)
        rows = self._all(sa.select(items).where(items.c.study == study).order_by(*order))
        return [_item(row) for row in rows]

    def item_ids(self, study: str) -> list[str]:
        """The ids of every item of a study."""
        return [row["id"] for row in self._all(sa.select(items.c.id).where(items.c.study == study))]

    def item(self, id: str) -> Item:
        """The item of that id, which must be there."""
        [row] = self._all(sa.select(items).where(items.c.id == id))
        return _item(row)

    def add_presentation(self, shown: Shown) -> bool:
        """Whether the presentation was new for the rater and position."""
        row = asdict(shown)
        row.pop("answered")
        return self._add(presentations, row, ("study", "rater", "position"))

    def presentation(self, study: str, rater: str, id: str) -> Shown | None:
        """The presentation of that id, if it is that rater's; whether it was answered is not looked up."""
        columns = presentations.c
        mine = (columns.id == id, columns.study == study, columns.rater == rater)
        return next((Shown(**row) for row in self._all(sa.select(presentations).where(*mine))), None)

    def shown(self, study: str, rater: str) -> list[Shown]:
        """What a rater was shown in a study, in order."""
        latest = (
            sa.select(sa.func.max(ratings.c.row))
            .where(ratings.c.study == study, ratings.c.rater == rater)
            .group_by(ratings.c.presentation)
        )
        answered = sa.select(ratings.c.presentation).where(
            ratings.c.row.in_(latest),
            ratings.c.accepted.is_not(None),
            ratings.c.relevance.is_not(None),
            ratings.c.correctness.is_not(None),
        )
        statement = (
            sa.select(presentations, presentations.c.id.in_(answered).label("answered"))
            .where(presentations.c.study == study, presentations.c.rater == rater)
            .order_by(presentations.c.position)
        )
        return [Shown(**row | {"answered": bool(row["answered"])}) for row in self._all(statement)]

    def taken(self, study: str, hold: timedelta) -> dict[str, int]:
        """For each item how many raters rated it or, within the last `hold`, began to look at it."""
        since = (datetime.now(UTC) - hold).isoformat()
        rated = sa.select(ratings.c.presentation).where(ratings.c.study == study)
        statement = (
            sa.select(presentations.c.item, sa.func.count().label("raters"))
            .where(
                presentations.c.study == study,
                sa.not_(presentations.c.repeated),
                sa.or_(presentations.c.shown_at > since, presentations.c.id.in_(rated)),
            )
            .group_by(presentations.c.item)
        )
        return {row["item"]: row["raters"] for row in self._all(statement)}

    def restore(self, study: Study, made: Sequence[Item], said: Sequence[Rating]) -> None:
        """Add a whole study with its items and ratings, or, when that cannot be, nothing of it."""
        tables: tuple[tuple[sa.Table, list[dict[str, Any]]], ...] = (
            (items, [_item_row(item) for item in made]),
            (ratings, [asdict(rating) | {"objects": list(rating.objects)} for rating in said]),
        )
        try:
            with self.store.engine.begin() as connection:
                known = connection.execute(sa.select(studies.c.id).where(studies.c.id == study.id)).first()
                if known is None:
                    connection.execute(sa.insert(studies).values(asdict(study)))
                for table, rows in tables:
                    if rows:
                        connection.execute(sa.insert(table), rows)
        except SQLAlchemyError as error:
            raise StoreError(f"The study could not be saved ({reason(error)}).") from None

    def _all(self, statement: sa.Select) -> Sequence[dict[str, Any]]:
        try:
            with self.store.engine.connect() as connection:
                return [dict(row) for row in connection.execute(statement).mappings()]
        except SQLAlchemyError as error:
            raise StoreError(f"The studies cannot be read ({reason(error)}). Try again.") from None

    def _add(self, table: sa.Table, row: dict[str, Any], unique: tuple[str, ...]) -> bool:
        try:
            return self.store.add(table, row, unique)
        except SQLAlchemyError as error:
            raise StoreError(f"The study could not be saved ({reason(error)}). Try again.") from None


def _item_row(item: Item) -> dict[str, Any]:
    about = asdict(item)
    return {name: about.pop(name) for name in _KEYS} | {"about": about}


def read_study(row: dict[str, Any]) -> Study:
    """The study whose `asdict` is `row`, straight or by way of JSON."""
    arms = tuple(Arm(**arm) for arm in row["arms"])
    canvases = tuple(StudyCanvas(**canvas) for canvas in row["canvases"])
    return Study(**row | {"arms": arms, "canvases": canvases})


def _item(row: dict[str, Any]) -> Item:
    return read_item({name: row[name] for name in _KEYS} | row["about"])


def read_item(row: dict[str, Any]) -> Item:
    """The item whose `asdict` is `row`, straight or by way of JSON."""
    return Item(**row | {"objects": tuple(row["objects"])})
