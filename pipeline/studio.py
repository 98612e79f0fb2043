"""The studio: from a canvas to candidates, step by step. The one place where `intent` and `slm` meet.

`Studio.run` is a generator of small records (Understood, Written, Waiting, Drawing, Drawn, Failed): the page
streams them, a script collects them (`pipeline/suggest.py`), and both do the same job. What the person
changed in the intent wins over what was detected. Every candidate has its own seed, derived from the base
seed, and an id that follows from everything the picture depends on, so it can be made again exactly.

    studio = load_studio(); steps = studio.run(canvas, task=Task.T2I, length=20, candidates=4, seed=7)
"""

from __future__ import annotations

import queue
import sys
import threading
from collections.abc import Generator, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from pipeline.candidate import MAX_SEED, Candidate, candidate_seed, picture_size
from pipeline.canvas import Box, Canvas
from pipeline.recipe import Picture, Recipe, Start, fingerprint, start_from
from pipeline.render import Renderer, RendererError
from pipeline.wish import Edits, StudioError, apply_edits, brief_of, lines_of
from pipeline.worker import Worker
from slm.command import Brief, Task

if TYPE_CHECKING:  # the models behind these bring torch, which takes seconds to import
    from intent.detector import Detector, Intent
    from slm.generate import Prompt, Sampling, Writer

MIN_LENGTH, MAX_LENGTH = 8, 40  # words of a prompt
MAX_CANDIDATES = 8
MAX_NEGATIVE = 1000  # characters


@dataclass(frozen=True)
class Understood:
    """The canvas was read; what the person changed is already in."""

    intent: Intent


@dataclass(frozen=True)
class Written:
    """All prompts, in the order in which they will be drawn."""

    prompts: tuple[Prompt, ...]


@dataclass(frozen=True)
class Waiting:
    """Candidate `index` waits for the renderer, which draws for others; `ahead` pictures come before it."""

    index: int
    ahead: int


@dataclass(frozen=True)
class Drawing:
    """Candidate `index` is at `step` of `steps`."""

    index: int
    step: int
    steps: int


@dataclass(frozen=True)
class Drawn:
    candidate: Candidate


@dataclass(frozen=True)
class Failed:
    """Candidate `index` could not be drawn, and why; the others are not touched by it."""

    index: int
    reason: str


Step = Understood | Written | Waiting | Drawing | Drawn | Failed


class Studio:
    """Owns the models. Several runs may go on at once: they take turns, one candidate each."""

    def __init__(self, detector: Detector, writer: Writer, renderer: Renderer, template: Renderer) -> None:
        self.detector, self.writer, self.renderer, self.template = detector, writer, renderer, template
        self._thinking = threading.Lock()
        self._worker = Worker()
        self._last: tuple[Canvas, Intent] | None = None

    def describe(self) -> dict[str, str]:
        """One plain sentence for each part at work: what it is and how to change it."""
        return {
            "Understanding": self.detector.describe(),
            "Writing": self.writer.describe(),
            "Drawing": self.renderer.describe(),
        }

    def understand(self, canvas: Canvas, edits: Edits | None = None) -> Intent:
        """What the canvas is about, with the person's edits in place of what was detected.

        The last canvas is remembered, so that a run right after a look does not read it twice.
        """
        with self._thinking:
            if self._last is None or self._last[0] != canvas:
                self._last = (canvas, self.detector.detect(canvas.image, canvas.text))
            intent = self._last[1]
        return intent if edits is None else apply_edits(intent, edits, self.detector.graph)

    def take_writer(self, writer: Writer) -> None:
        """Let another language model write from the next run on."""
        with self._thinking:
            self.writer = writer

    def warm_up(self) -> None:
        """A first look and a first prompt take much longer than the next: take them before anyone waits."""
        page = Image.new("RGB", (800, 800), "white")
        ImageDraw.Draw(page).text((60, 60), "Birthday party", "black", font_size=72)
        intent = self.understand(Canvas(page, ""), Edits(topic="birthday party"))
        with self._thinking:
            self.writer.write(brief_of(intent, Task.T2I, 12), candidates=1, seed=0)

    def write(self, brief: Brief, candidates: int, seed: int, sampling: Sampling) -> list[Prompt]:
        """`Writer.write`, in turn with everyone else's."""
        with self._thinking:
            return self.writer.write(brief, candidates, seed, sampling)

    def stream(self, brief: Brief, seed: int, sampling: Sampling) -> Iterator[str]:
        """`Writer.stream`; between two words others may have the model, so a slow reader holds up nobody."""
        words = self.writer.stream(brief, seed, sampling)
        while True:
            with self._thinking:
                word = next(words, None)
            if word is None:
                return
            yield word

    def run(
        self,
        canvas: Canvas,
        *,
        task: Task,
        length: int,
        candidates: int,
        seed: int,
        edits: Edits | None = None,
        negative: str = "",
        strength: float | None = None,
        box: Box | None = None,
        stop: threading.Event | None = None,
    ) -> Iterator[Step]:
        """Read the canvas, write `candidates` prompts of `length` words, draw one picture of each.

        `negative` says what should not be in the pictures. With a `strength` (above 0, to 1) they start from
        the canvas: all of it is drawn anew, or only the `box`, and the picture takes the canvas's place.
        Ends early once `stop` is set, within a step of the renderer. Closing the generator stops it too.
        Raises StudioError before any work when a number is out of its range, and when no topic can be found.
        """
        check_order(length, candidates, seed)
        renderer = self.template if task is Task.T2T else self.renderer
        if box is not None and strength is None:
            raise StudioError(
                "A box of the canvas needs a strength: how much of it is to change, above 0 to 1."
            )
        start = None if strength is None else start_of(canvas, renderer, strength, box)
        stop = stop or threading.Event()
        intent = self.understand(canvas, edits)
        yield Understood(intent)
        brief = brief_of(intent, task, length)
        if stop.is_set():
            return
        with self._thinking:
            brief = replace(brief, relevance=self.writer.asked)
            prompts = tuple(self.writer.write(brief, candidates=candidates, seed=seed))
        if not prompts:
            raise StudioError(
                "The language model found no prompt for this. Change the topic or the length and try again."
            )
        yield Written(prompts)
        below = canvas.image if start else None
        size = below.size if below else picture_size(canvas, task)
        for index, prompt in enumerate(prompts):
            if stop.is_set():
                return
            recipe = Recipe(
                prompt=prompt.text,
                seed=candidate_seed(seed, index),
                size=size,
                renderer=renderer.name,
                task=task.value,
                topic=brief.topic,
                objects=brief.objects,
                design_type=brief.design_type,
                lines=lines_of(canvas, intent),
                palette=tuple(intent.palette),
                negative=negative[:MAX_NEGATIVE].strip(),
                start=start,
            )
            picture = yield from self._draw(index, renderer, recipe, below, stop)
            if picture is not None:
                yield Drawn(
                    Candidate(
                        id=recipe.id,
                        index=index,
                        recipe=recipe,
                        words=prompt.words,
                        length=length,
                        candidates=candidates,
                        run_seed=seed,
                        style=brief.style,
                        slm=self.writer.name,
                        image=picture.image,
                        notes=picture.notes,
                        svg=picture.svg,
                    )
                )

    def redraw(self, recipe: Recipe, canvas: Image.Image | None = None) -> Picture:
        """The picture of a recipe once more, from the canvas it started from if it did.

        StudioError when its renderer is not at work here, or this is not that canvas.
        """
        if recipe.start and (canvas is None or fingerprint(canvas) != recipe.start.canvas):
            raise StudioError("This picture started from another canvas. Open that one and try again.")
        for renderer in (self.renderer, self.template):
            if renderer.name == recipe.renderer:
                draw = partial(renderer.draw, recipe, canvas=canvas)
                return self._worker.submit(draw, on_place=lambda _: None).result()
        raise StudioError(
            f"This picture was drawn by {recipe.renderer!r}; start with --renderer to use it again."
        )

    def _draw(
        self,
        index: int,
        renderer: Renderer,
        recipe: Recipe,
        canvas: Image.Image | None,
        stop: threading.Event,
    ) -> Generator[Waiting | Drawing | Failed, None, Picture | None]:
        """Yields the progress of one picture, or why there is none; returns the picture."""
        progress: queue.Queue[Waiting | Drawing | None] = queue.Queue()

        def on_place(ahead: int) -> None:
            progress.put(Waiting(index, ahead) if ahead else Drawing(index, 0, 1))

        def on_step(step: int, steps: int) -> None:
            progress.put(Drawing(index, step, steps))

        draw = partial(renderer.draw, recipe, canvas=canvas, on_step=on_step, stop=stop)
        job = self._worker.submit(draw, on_place)
        job.add_done_callback(lambda _: progress.put(None))
        try:
            while (news := _next(progress, job, stop)) is not None:
                yield news
        except GeneratorExit:  # nobody looks any more: leave the renderer to others
            stop.set()
            job.cancel()
            raise
        if job.cancelled():
            return None
        error = job.exception()
        if error is None:
            return job.result()
        if not stop.is_set():
            yield Failed(index, _reason(error))
        return None


def _next(progress: queue.Queue, job: Future, stop: threading.Event) -> Waiting | Drawing | None:
    """The next news of a job; a job that still waits when `stop` is set is taken out of the line."""
    while True:
        try:
            return progress.get(timeout=0.2)
        except queue.Empty:
            if stop.is_set():
                job.cancel()


def _reason(error: BaseException) -> str:
    """Why a picture failed, in one line without paths or code; the whole of it goes to the log."""
    print(f"studio: a picture failed: {error!r}", file=sys.stderr)
    if isinstance(error, MemoryError) or "out of memory" in str(error).lower():
        return "There was not enough memory for this picture. Ask for fewer candidates or another renderer."
    if isinstance(error, ValueError | RendererError):  # what our own rooms raise, written for the person
        return str(error)
    return f"The renderer failed ({type(error).__name__}). Try another seed, or another renderer."


def check_order(length: int, candidates: int, seed: int) -> None:
    """StudioError when a number is out of its range."""
    for name, value, low, high in (
        ("The length", length, MIN_LENGTH, MAX_LENGTH),
        ("The number of candidates", candidates, 1, MAX_CANDIDATES),
        ("The seed", seed, 0, MAX_SEED),
    ):
        if not low <= value <= high:
            raise StudioError(f"{name} must be from {low} to {high}, not {value}.")


def start_of(canvas: Canvas, renderer: Renderer, strength: float, box: Box | None) -> Start:
    """How a picture starts from this canvas. StudioError when it cannot."""
    if not renderer.starts:
        raise StudioError(
            f"The {renderer.name} draws from words alone. To start from the canvas, ask for pictures and "
            "start the app with --renderer and a diffusion model."
        )
    if canvas.image is None:
        raise StudioError("There is no picture to start from. Drop one, or draw from words alone.")
    try:
        return start_from(canvas.image, strength, box)
    except ValueError as error:
        raise StudioError(str(error)) from None


def load_studio(
    *, renderer: str = "auto", offline: bool = False, slm: str = "", clip: str = "", graph: str = ""
) -> Studio:
    """Load every model. Takes seconds; raises what the rooms raise when a file is missing or broken.

    `graph`: a file with topics of the user's own, beside those that ship.
    """
    from intent.detector import load_detector
    from pipeline.render.choose import choose_renderer
    from pipeline.render.template import Template
    from slm.generate import Writer

    detector = load_detector(offline=offline, graph=graph, clip=clip)
    writer = Writer.load(slm) if slm else Writer.load()
    painter = choose_renderer(renderer, offline=offline)
    return Studio(detector, writer, painter, Template(painter))
