"""Language models of one's own: the steps that make one, and which of them writes.

    teacher data -> tokenizer -> train -> evaluate -> publish

Every step but the last is a command of `slm/`, run as a job in the model's folder (`data/models/NAME`), so
the command line and the page do the same. Publishing copies the checkpoint to `data/published/`, where it
stays as it was rated, and notes it in a history; rolling back notes the one before once more.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline.jobs import Jobs
from pipeline.store.database import Store
from pipeline.store.jobs import RUNNING, Job
from pipeline.store.ratings import Ratings
from slm.checkpoint import SHIPPED, copy_checkpoint
from slm.model import PRESETS
from slm.taste import LEAST_RATINGS

STEPS = ("teacher", "tokenizer", "train", "evaluate")
NOTHING, RATINGS = "nothing", "ratings"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class ModelError(ValueError):
    """A step cannot be taken; the message says why and what to do."""


@dataclass(frozen=True)
class Plan:
    """What a person asks of the steps. Raises ModelError on a value that cannot be."""

    start: str = NOTHING
    """From nothing, or from the model that writes now, to learn from the ratings."""
    preset: str = "tiny"
    vocabulary: int = 1024
    steps: int = 600
    batch_tokens: int = 4096
    seed: int = 1
    intents: int = 40
    """To evaluate on."""
    teacher_url: str = ""
    """An OpenAI-compatible server; "" for the embedded corpus and grammar alone."""
    teacher_model: str = ""
    teacher_intents: int = 200

    def __post_init__(self) -> None:
        if self.start not in (NOTHING, RATINGS):
            raise ModelError(f"A model starts from {NOTHING!r} or from {RATINGS!r}, not from {self.start!r}.")
        if self.preset not in PRESETS:
            raise ModelError(f"The preset is one of {', '.join(PRESETS)}, not {self.preset!r}.")
        for name, low, high in (
            ("vocabulary", 600, 60_000),
            ("steps", 10, 1_000_000),
            ("batch_tokens", 512, 1_000_000),
            ("seed", 0, 2**31 - 1),
            ("intents", 5, 2000),
            ("teacher_intents", 1, 1_000_000),
        ):
            value = getattr(self, name)
            if type(value) is not int or not low <= value <= high:
                raise ModelError(
                    f"{name.replace('_', ' ').capitalize()} must be {low} to {high}, not {value!r}."
                )
        if self.teacher_url and not re.match(r"https?://\S+$", self.teacher_url):
            raise ModelError("The teacher's address must begin with http:// or https://.")


@dataclass(frozen=True)
class Publication:
    """A model that was made the one that writes."""

    folder: str  # below `published`; "" is the model that ships with TinyMuse
    name: str
    at: str  # ISO 8601, UTC
    figures: dict[str, Any]


class Models:
    """The models in one data folder, and the jobs that make them."""

    def __init__(self, store: Store, folder: Path) -> None:
        folder = folder.resolve()  # jobs run elsewhere
        self.jobs, self.ratings = Jobs(store, folder / "logs"), Ratings(store)
        self.runs, self.published = folder / "models", folder / "published"
        for room in (self.runs, self.published):
            room.mkdir(parents=True, exist_ok=True)

    def names(self) -> list[str]:
        """Every model begun here, the newest first."""
        rooms = [path for path in self.runs.iterdir() if path.is_dir()]
        return [path.name for path in sorted(rooms, key=lambda path: path.stat().st_mtime, reverse=True)]

    def run(self, name: str) -> Path:
        """The folder of a model. Raises ModelError for a name that is none."""
        if not _NAME.fullmatch(name):
            raise ModelError("A model's name is made of small letters, digits and hyphens, 40 at most.")
        return self.runs / name

    def plan(self, name: str) -> Plan:
        """What was last asked for this model."""
        file = self.run(name) / "plan.json"
        return Plan(**json.loads(file.read_text())) if file.is_file() else Plan()

    def start(self, name: str, step: str, plan: Plan) -> Job:
        """Take one step. Raises ModelError while what it needs is missing, JobError while it runs."""
        run = self.run(name)
        run.mkdir(exist_ok=True)
        # A model that learns already goes on with the ratings it began with.
        if step == "train" and plan.start == RATINGS and not (run / "state.pt").is_file():
            self._write_ratings(run / "ratings.jsonl")
        command = self.command(run, step, plan)
        (run / "plan.json").write_text(json.dumps(asdict(plan), indent=2) + "\n")
        return self.jobs.start(name, step, command)

    def command(self, run: Path, step: str, plan: Plan) -> list[str]:
        """The command line of a step, to be run as `python -m ...`."""
        if step == "teacher":
            if not plan.teacher_url or not plan.teacher_model:
                raise ModelError("Say the teacher's address and model, or go on with the embedded data.")
            said = ["--url", plan.teacher_url, "--model", plan.teacher_model, "--out", str(run / "teacher")]
            return ["slm.teacher", *said, "--intents", str(plan.teacher_intents), "--seed", str(plan.seed)]
        if step == "tokenizer":
            if (run / "state.pt").is_file():
                raise ModelError("This model is trained with its tokenizer already. Begin a new one.")
            return ["slm.tokenizer", "--vocab", str(plan.vocabulary), "--out", str(run / "tokenizer.json")]
        if step == "train" and plan.start == RATINGS:
            said = ["--ratings", str(run / "ratings.jsonl"), "--slm", str(self.current() or SHIPPED)]
            said += ["--run", str(run), "--steps", str(plan.steps), "--seed", str(plan.seed)]
            return ["slm.feedback", *said]
        if step == "train":
            if not (run / "tokenizer.json").is_file():
                raise ModelError("Make the tokenizer first.")
            numbers = {"steps": plan.steps, "decay": plan.steps // 4, "batch-tokens": plan.batch_tokens}
            said = [text for name, value in numbers.items() for text in (f"--{name}", str(value))]
            taught = ["--teacher-data", str(run / "teacher")] if any(run.glob("teacher/shard-*")) else []
            said += ["--preset", plan.preset, "--seed", str(plan.seed), *taught]
            return ["slm.train", "--run", str(run), *said]
        if step == "evaluate":
            if not (run / "config.json").is_file():
                raise ModelError("Train the model first.")
            return ["slm.figures", "--slm", str(run), "--intents", str(plan.intents)]
        raise ModelError(f"There is no step {step!r}.")

    def _write_ratings(self, path: Path) -> None:
        """The ratings that count now, as `slm/taste.py` reads them. Raises ModelError for too few."""
        ratings = self.ratings.current()
        if len(ratings) < LEAST_RATINGS:
            raise ModelError(
                f"There are {len(ratings)} ratings; at least {LEAST_RATINGS} are needed to learn from."
            )
        path.write_text("".join(json.dumps(asdict(each)) + "\n" for each in ratings))

    def figures(self, name: str) -> dict[str, Any]:
        """What the last evaluation measured; empty before one."""
        file = self.run(name) / "figures.json"
        return json.loads(file.read_text()) if file.is_file() else {}

    def losses(self, name: str, points: int = 200) -> list[tuple[int, float, float]]:
        """(step, mean loss in nats, tokens per second) over the training so far, at most `points` of them."""
        rows = _rows(self.run(name) / "log.jsonl")
        by_step = {row["step"]: row for row in rows}  # a continued run repeats what the kill had lost
        kept = [by_step[step] for step in sorted(by_step)]
        size = max(1, -(-len(kept) // points))
        groups = [kept[at : at + size] for at in range(0, len(kept), size)]
        return [
            (
                group[-1]["step"],
                sum(row["loss"] for row in group) / len(group),
                sum(row["tokens_per_second"] for row in group) / len(group),
            )
            for group in groups
        ]

    def samples(self, name: str) -> list[dict[str, Any]]:
        """What the model wrote for the same few intents as it learned; the latest last."""
        return _rows(self.run(name) / "samples.jsonl")

    # --- which model writes -------------------------------------------------------------------------------

    def history(self) -> list[Publication]:
        """Every change of the model that writes, the latest last."""
        file = self.published / "history.json"
        return [Publication(**row) for row in json.loads(file.read_text())] if file.is_file() else []

    def current(self) -> Path | None:
        """The folder of the model that writes; None is the one that ships with TinyMuse."""
        history = self.history()
        return self.published / history[-1].folder if history and history[-1].folder else None

    def publish(self, name: str) -> Publication:
        """Make a model the one that writes. Raises ModelError when it is not trained, or still learns."""
        run = self.run(name)
        if not (run / "config.json").is_file():
            raise ModelError("Train the model first.")
        training = self.jobs.latest(name, "train")
        if training is not None and training.state == RUNNING:
            raise ModelError("The model is still learning. Wait for its end, or stop it.")
        now = datetime.now(UTC)
        folder = self.published / f"{name}-{now:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
        part = folder.with_name(folder.name + ".part")
        part.mkdir()
        copy_checkpoint(run, part)
        part.rename(folder)
        return self._note(Publication(folder.name, name, now.isoformat(), self.figures(name)))

    def roll_back(self) -> Publication:
        """Make the model write that wrote before the current one. Raises ModelError when there is none."""
        history = self.history()
        if not history:
            raise ModelError("Nothing was published yet: the model that ships with TinyMuse writes.")
        now = datetime.now(UTC).isoformat()
        before = history[-2] if len(history) > 1 else Publication("", "shipped", now, {})
        return self._note(Publication(before.folder, before.name, now, before.figures))

    def _note(self, publication: Publication) -> Publication:
        rows = [asdict(each) for each in (*self.history(), publication)]
        part = self.published / "history.json.part"
        part.write_text(json.dumps(rows, indent=2) + "\n")
        part.replace(self.published / "history.json")
        return publication


def _rows(file: Path) -> list[dict[str, Any]]:
    """The lines of a .jsonl file that is being written: the last one may be half a line. [] without a
    file."""
    lines = file.read_bytes().splitlines(keepends=True) if file.is_file() else []
    return [json.loads(line) for line in lines if line.endswith(b"\n")]


def plan_of(said: Mapping[str, Any]) -> Plan:
    """A plan from what a page sent. Raises ModelError on a field that there is not."""
    unknown = set(said) - set(Plan.__dataclass_fields__)
    if unknown:
        raise ModelError(f"A plan has no {sorted(unknown)[0]!r}.")
    return Plan(**said)
