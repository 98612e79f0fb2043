"""Studies from the first arm to the last rating: made, opened, shown item by item, answered, closed.

    studies = Studies(store, Path("data"))
    studies.create("pilot", {"guided": {}, "raw": {"guided": "no"}}, canvases, seed=7, target=5)

`Presentation` is all that a rater may see. It says nothing of the arm, and neither do its ids and files.
"""

from __future__ import annotations

import os
import random
import re
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from string import ascii_uppercase

from PIL import Image

from pipeline.candidate import MAX_SEED, save_png
from pipeline.canvas import Canvas
from pipeline.store.database import Store
from pipeline.store.ratings import DEMO, Rating, Ratings
from pipeline.store.studies import Arm, Item, Shown, Study, StudyCanvas, StudyRows
from pipeline.studio import MAX_CANDIDATES, MAX_LENGTH, MIN_LENGTH
from pipeline.study import order
from pipeline.study.questions import WORDING
from slm.command import Task

HOLD = timedelta(minutes=30)
"""How long an item that a rater looks at counts as rated, so that not everyone gets the same one."""
APP_VERSION = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]["version"]


class StudyError(ValueError):
    """The study cannot be made or used like this; the message says why and what to do."""


@dataclass(frozen=True)
class Presentation:
    """What a rater sees and may know. The answers are those given so far, None where there are none."""

    id: str  # random; the only name for a URL
    position: int  # from 1
    prompt: str
    task: str
    canvas: Path | None  # the picture of the canvas, PNG
    text: str  # of the canvas
    picture: Path  # the candidate, PNG
    accepted: bool | None = None
    relevance: int | None = None
    correctness: int | None = None
    note: str = ""


class Studies:
    """The studies in a store; their pictures lie below `folder`/studies. Safe to share between threads."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.rows, self.ratings, self.folder = StudyRows(store), Ratings(store), folder / "studies"

    # --- the researcher's side ----------------------------------------------------------------------------

    def create(
        self,
        name: str,
        arms: Mapping[str, Mapping[str, str]],
        canvases: Mapping[str, tuple[Canvas, Task]],
        *,
        seed: int,
        target: int,
        repeat_every: int = 10,
        length: int = 20,
        per_canvas: int = 1,
        code: str = "",
    ) -> Study:
        """A new study, still a draft, without items. `arms` are settings, `canvases` canvas and task by name;
        where there is a `code`, only who knows it may take part.

        Raises StudyError when it cannot be, or there is one of that name already.
        """
        _check(name, arms, canvases, seed, target, repeat_every, length, per_canvas)
        if any(study.name == name for study in self.all()):
            raise StudyError(f"There is a study {name!r} already. Choose another name.")
        id = secrets.token_hex(16)
        faces = []
        for label, (canvas, task) in canvases.items():
            face = StudyCanvas(secrets.token_hex(16), label, canvas.text, str(task), canvas.image is not None)
            if canvas.image is not None:
                keep_picture(canvas.image, self.canvas(id, face.id))
            faces.append(face)
        codes = list(ascii_uppercase[: len(arms)])
        random.Random(f"arms/{seed}/{name}").shuffle(codes)  # or A would always be the first one named
        coded = [Arm(code, arm, dict(arms[arm])) for code, arm in sorted(zip(codes, arms, strict=True))]
        study = Study(
            id=id,
            name=name,
            state="draft",
            arms=tuple(coded),
            canvases=tuple(faces),
            seed=seed,
            target=target,
            repeat_every=repeat_every,
            length=length,
            per_canvas=per_canvas,
            code=code,
            created_at=_now(),
        )
        if not self.rows.add_study(study):
            raise StudyError(f"There is a study {name!r} already. Choose another name.")
        return study

    def all(self) -> list[Study]:
        """Every study, the oldest first: that is the open demo, which has no items."""
        return self.rows.studies()

    def get(self, name: str) -> Study:
        """The study of that name or id. Raises StudyError when there is none."""
        for study in self.rows.studies():
            if name in (study.name, study.id):
                return study
        raise StudyError(f"There is no study {name!r}.")

    def open(self, name: str) -> Study:
        """Let raters in. Raises StudyError while items are missing, and for a closed study."""
        study = self.get(name)
        if study.state == "closed":
            raise StudyError(f"{name!r} is closed: its arms are known, so its ratings would not be blind.")
        missing = study.size - len(self.rows.item_ids(study.id))
        if missing:
            raise StudyError(f"{missing} items are not made yet. Run: python -m pipeline.study items {name}")
        return self.rows.set_state(study, "open")

    def close(self, name: str) -> Study:
        """No more ratings; the report names the arms from now on. A closed study stays closed.

        Raises StudyError for a draft and for the demo.
        """
        study = self.get(name)
        if study.id == DEMO:
            raise StudyError("The open demo cannot be closed.")
        if study.state == "draft":
            raise StudyError(f"{name!r} is not open yet, so there is nothing to close.")
        return study if study.state == "closed" else self.rows.set_state(study, "closed")

    def items(self, study: Study) -> list[Item]:
        """Everything the study shows."""
        return self.rows.items(study.id)

    def add_item(self, item: Item) -> bool:
        """Whether the item was new; its picture must be at `picture(item.study, item.id)` already."""
        return self.rows.add_item(item)

    def picture(self, study: str, item: str) -> Path:
        """Where the picture of an item lies."""
        return self.folder / study / "pictures" / f"{item}.png"

    def canvas(self, study: str, canvas: str) -> Path:
        """Where the picture of a canvas lies."""
        return self.folder / study / "canvases" / f"{canvas}.png"

    # --- the rater's side ---------------------------------------------------------------------------------

    def next(self, study: Study, rater: str) -> Presentation | None:
        """What `rater` is to rate now: the first thing without all its answers; None when all is done.

        Asked again, it gives the same until that is answered. Raises StudyError when the study is not open.
        """
        return next(iter(self.upcoming(study, rater, 1)), None)

    def upcoming(self, study: Study, rater: str, count: int) -> list[Presentation]:
        """What `next` gives and what comes after it, `count` in all and fewer at the end: a page has them
        ready before they are needed. Raises StudyError when the study is not open."""
        self._check_open(study)
        items = self.rows.item_ids(study.id)
        while True:
            shown = self.rows.shown(study.id, rater)
            waiting = [each for each in shown if not each.answered][:count]
            if len(waiting) == count:
                return [self._face(study, each) for each in waiting]
            seen = [order.Choice(each.item, each.repeated) for each in shown]
            taken = self.rows.taken(study.id, HOLD)
            choice = order.choose(study.seed, rater, items, seen, taken, study.target, study.repeat_every)
            if choice is None:
                return [self._face(study, each) for each in waiting]
            new = Shown(secrets.token_hex(16), study.id, rater, len(shown) + 1, *choice, _now())
            self.rows.add_presentation(new)  # a second tab may have been quicker: then its choice is shown

    def progress(self, study: Study, rater: str) -> tuple[int, int]:
        """How many presentations `rater` has answered, and how many there will be in all."""
        shown = self.rows.shown(study.id, rater)
        seen = [order.Choice(each.item, each.repeated) for each in shown]
        items = self.rows.item_ids(study.id)
        left = len(order.fresh(items, seen, self.rows.taken(study.id, HOLD), study.target))
        new = left + sum(not each.repeated for each in shown)
        total = new + order.repeats(study.seed, rater, new, study.repeat_every)
        return sum(each.answered for each in shown), total

    def presentation(self, study: Study, rater: str, name: str) -> Presentation | None:
        """The presentation of that id, if it is this rater's: what its pictures' URLs are looked up by."""
        shown = self.rows.presentation(study.id, rater, name)
        return None if shown is None else self._face(study, shown)

    def answer(
        self,
        study: Study,
        rater: str,
        presentation: str,
        *,
        id: str,
        accepted: bool | None,
        relevance: int | None,
        correctness: int | None,
        note: str = "",
        seconds: float | None = None,
        device: str = "",
    ) -> Rating:
        """Store what `rater` thinks of a presentation; returns once it is on the disk.

        `id` is the click's UUID: a retry with the same adds nothing, another supersedes. Raises StudyError
        for a presentation that is not this rater's or a study that is not open, RatingsError for an answer
        that cannot be, StoreError when it could not be saved.
        """
        self._check_open(study)
        shown = self.rows.presentation(study.id, rater, presentation)
        if shown is None:
            raise StudyError("This was not shown to you, so it cannot be rated. Load the page again.")
        item = self.rows.item(shown.item)
        rating = Rating(
            id=id,
            candidate_id=item.id,
            rater=rater,
            accepted=accepted,
            relevance=relevance,
            correctness=correctness,
            prompt=item.prompt,
            task=item.task,
            topic=item.topic,
            objects=item.objects,
            design_type=item.design_type,
            style=item.style,
            length=item.length,
            words=item.words,
            seed=item.seed,
            renderer=item.renderer,
            slm=item.slm,
            study=study.id,
            canvas=item.canvas,
            presentation=shown.id,
            position=shown.position,
            repeated=shown.repeated,
            seconds=seconds,
            note=note,
            device=device,
            app=APP_VERSION,
            wording=WORDING,
        )
        self.ratings.record(rating)
        return rating

    def undo(self, study: Study, rater: str, id: str) -> Presentation | None:
        """Take the rater's last answer back: it counts no more, and its presentation comes next.

        `id` is the click's UUID: a retry takes back no second answer. None when there is nothing to undo.
        """
        self._check_open(study)
        shown = {each.id: each for each in self.rows.shown(study.id, rater)}
        done = self.ratings.find(id)
        if done is None:
            last = max((each for each in shown.values() if each.answered), key=_position, default=None)
            given = self.ratings.latest(study.id, rater, last.id) if last else None
            if given is None:
                return None
            done = replace(
                given, id=id, accepted=None, relevance=None, correctness=None, note="", created_at=_now()
            )
            self.ratings.record(done)
        return self._face(study, shown[done.presentation]) if done.presentation in shown else None

    def _check_open(self, study: Study) -> None:
        if study.state != "open":
            state = "closed: thank you for your help" if study.state == "closed" else "not open yet"
            raise StudyError(f"This study is {state}.")

    def _face(self, study: Study, shown: Shown) -> Presentation:
        item = self.rows.item(shown.item)
        given = self.ratings.latest(study.id, shown.rater, shown.id)
        answers = ("accepted", "relevance", "correctness", "note")
        canvas = next(each for each in study.canvases if each.id == item.canvas)
        return Presentation(
            id=shown.id,
            position=shown.position,
            prompt=item.prompt,
            task=item.task,
            canvas=self.canvas(study.id, canvas.id) if canvas.pictured else None,
            text=canvas.text,
            picture=self.picture(study.id, item.id),
            **{name: getattr(given, name) for name in answers if given},
        )


def _check(
    name: str,
    arms: Mapping,
    canvases: Mapping,
    seed: int,
    target: int,
    repeat_every: int,
    length: int,
    per_canvas: int,
) -> None:
    """StudyError for a study that nobody could run."""
    if not re.fullmatch(r"[\w][\w .-]{0,60}", name):
        raise StudyError(f"A study's name is made of letters, digits and .-_ and is not {name!r}.")
    if not arms or not canvases:
        raise StudyError("A study needs at least one arm and one canvas.")
    if len(arms) > len(ascii_uppercase):
        raise StudyError(f"A study has at most {len(ascii_uppercase)} arms.")
    for what, value, low, high in (
        ("The seed", seed, 0, MAX_SEED),
        ("The number of raters for each item", target, 1, 10_000),
        ("The length", length, MIN_LENGTH, MAX_LENGTH),
        ("The number of items for each canvas", per_canvas, 1, MAX_CANDIDATES),
    ):
        if not low <= value <= high:
            raise StudyError(f"{what} must be from {low} to {high}, not {value}.")
    if repeat_every and not 10 <= repeat_every <= 20:
        raise StudyError(f"A repeat comes for every 10 to 20 items, or 0 for none, not {repeat_every}.")


def keep_picture(image: Image.Image, path: Path) -> None:
    """Save the pixels alone, whole or not at all, with a time that tells nothing of when it was made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".part")
    save_png(image, half)
    os.utime(half, (0, 0))  # servers tell it as Last-Modified
    half.replace(path)


def _position(shown: Shown) -> int:
    return shown.position


def _now() -> str:
    return datetime.now(UTC).isoformat()
