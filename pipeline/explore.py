"""Exploring the language model on one intent: a grid of prompts as they are written, and a sweep of lengths.

Both are generators of small records, so that a page shows them as they come and a reader who leaves ends the
work. Every prompt is written with the exploration's one seed: the same exploration gives the same prompts,
here and by `python -m slm.generate` with the same arguments.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.candidate import MAX_SEED
from pipeline.studio import MAX_LENGTH, MIN_LENGTH, Studio
from pipeline.wish import MAX_OBJECTS, StudioError
from slm.command import ASKED_RELEVANCE, Brief, Task, count_words, render
from slm.coverage import missing

if TYPE_CHECKING:  # brings torch, which takes seconds to import
    from slm.generate import Sampling

SWEPT = range(MIN_LENGTH, MAX_LENGTH + 1)
SWEEP_PROMPTS = 8  # of each length, guided and raw


@dataclass(frozen=True)
class Exploration:
    """One intent, and how its prompts are sampled. Raises StudioError when a value cannot be used."""

    topic: str
    objects: tuple[str, ...] = ()
    design_type: str = ""
    style: str = ""
    relevance: int = ASKED_RELEVANCE
    temperature: float = 0.8
    top_p: float = 0.92
    seed: int = 1

    def __post_init__(self) -> None:
        if len(self.objects) > MAX_OBJECTS:
            raise StudioError(f"At most {MAX_OBJECTS} objects fit one prompt; remove some.")
        if not 0 <= self.seed <= MAX_SEED:
            raise StudioError(f"The seed must be from 0 to {MAX_SEED}, not {self.seed}.")
        try:
            self.brief(Task.T2I, MIN_LENGTH)
            self.sampling(guided=True)
        except ValueError as error:
            raise StudioError(f"This cannot be written: {error}.") from None

    def brief(self, task: Task, length: int) -> Brief:
        """What the model is told; as on the canvas, only a template's prompt names the design type."""
        design_type = self.design_type if task is Task.T2T else ""
        return Brief(task, self.topic, self.objects, design_type, self.style, length, self.relevance)

    def sampling(self, *, guided: bool) -> Sampling:
        from slm.generate import Sampling

        return Sampling(self.temperature, self.top_p, guided)


@dataclass(frozen=True)
class Told:
    """Row `row` of the grid: a length and a task, and the line that the model reads for it."""

    row: int
    length: int
    task: str
    line: str


@dataclass(frozen=True)
class Said:
    """The next piece of a cell's prompt."""

    row: int
    guided: bool
    piece: str


@dataclass(frozen=True)
class Finished:
    """A cell is written: its words, what of the intent it leaves out, and the seconds it took."""

    row: int
    guided: bool
    words: int
    missing: tuple[str, ...]
    seconds: float


@dataclass(frozen=True)
class Swept:
    """The word counts of the prompts of one wished length."""

    length: int
    guided: bool
    words: tuple[int, ...]


def write_grid(
    studio: Studio, exploration: Exploration, lengths: Sequence[int]
) -> Iterator[Told | Said | Finished]:
    """Every length for both tasks, guided and raw; first all lines, then cell by cell.

    Raises StudioError before any work when a length is out of its range.
    """
    for length in lengths:
        if not MIN_LENGTH <= length <= MAX_LENGTH:
            raise StudioError(f"A length must be from {MIN_LENGTH} to {MAX_LENGTH} words, not {length}.")
    briefs = [exploration.brief(task, length) for length in lengths for task in Task]
    for row, brief in enumerate(briefs):
        yield Told(row, brief.length, brief.task.value, render(brief))
    for row, brief in enumerate(briefs):
        for guided in (True, False):
            started, text = time.perf_counter(), ""
            for piece in studio.stream(brief, exploration.seed, exploration.sampling(guided=guided)):
                text += piece
                yield Said(row, guided, piece)
            left_out = tuple(missing(text, brief.terms))
            seconds = round(time.perf_counter() - started, 3)
            yield Finished(row, guided, count_words(text), left_out, seconds)


def sweep_lengths(studio: Studio, exploration: Exploration, task: Task) -> Iterator[Swept]:
    """SWEEP_PROMPTS prompts of every length from 8 to 40, guided and raw."""
    for length in SWEPT:
        brief = exploration.brief(task, length)
        for guided in (False, True):
            prompts = studio.write(
                brief, SWEEP_PROMPTS, exploration.seed, exploration.sampling(guided=guided)
            )
            yield Swept(length, guided, tuple(prompt.words for prompt in prompts))
