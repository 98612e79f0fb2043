"""The studio: from a canvas to candidates, step by step. The one place where `intent` and `slm` meet.

`Studio.run` is a generator of small records (Understood, Written, Drawing, Drawn, Failed): the page streams
them, the command line collects them, and both do the same job. What the person changed in the intent wins
over what was detected. Every candidate has its own seed, derived from the base seed, and an id that follows
from everything the picture depends on, so it can be made again exactly.

    python -m pipeline.studio poster.png --text "Jazz night, 12 May" --task T2I --length 20 --candidates 4 \
        --seed 7 --out out --json
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import queue
import sys
import threading
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from pipeline.candidate import MAX_SEED, Candidate, candidate_seed, picture_size
from pipeline.canvas import Canvas, CanvasError, open_canvas
from pipeline.portable import write_png
from pipeline.recipe import Picture, Recipe
from pipeline.render import Renderer, RendererError
from pipeline.wish import Edits, StudioError, apply_edits, brief_of, lines_of
from slm.command import Brief, Task

if TYPE_CHECKING:  # the models behind these bring torch, which takes seconds to import
    from intent.detector import Detector, Intent
    from slm.generate import Prompt, Sampling, Writer

MIN_LENGTH, MAX_LENGTH = 8, 40  # words of a prompt
MAX_CANDIDATES = 8


@dataclass(frozen=True)
class Understood:
    """The canvas was read; what the person changed is already in."""

    intent: Intent


@dataclass(frozen=True)
class Written:
    """All prompts, in the order in which they will be drawn."""

    prompts: tuple[Prompt, ...]


@dataclass(frozen=True)
class Drawing:
    """Candidate `index` is at `step` of `steps`; step 0 waits for the renderer."""

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


Step = Understood | Written | Drawing | Drawn | Failed


class Studio:
    """Owns the models. Several runs may go on at once: they take turns, one candidate each."""

    def __init__(self, detector: Detector, writer: Writer, renderer: Renderer, template: Renderer) -> None:
        self.detector, self.writer, self.renderer, self.template = detector, writer, renderer, template
        self._thinking = threading.Lock()
        self._drawing = ThreadPoolExecutor(max_workers=1, thread_name_prefix="renderer")
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
        stop: threading.Event | None = None,
    ) -> Iterator[Step]:
        """Read the canvas, write `candidates` prompts of `length` words, draw one picture of each.

        Ends early once `stop` is set, within a step of the renderer. Closing the generator stops it too.
        Raises StudioError before any work when a number is out of its range, and when no topic can be found.
        """
        check_order(length, candidates, seed)
        stop = stop or threading.Event()
        intent = self.understand(canvas, edits)
        yield Understood(intent)
        brief = brief_of(intent, task, length)
        if stop.is_set():
            return
        with self._thinking:
            prompts = tuple(self.writer.write(brief, candidates=candidates, seed=seed))
        if not prompts:
            raise StudioError(
                "The language model found no prompt for this. Change the topic or the length and try again."
            )
        yield Written(prompts)
        renderer = self.template if task is Task.T2T else self.renderer
        size = picture_size(canvas, task)
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
            )
            picture = yield from self._draw(index, renderer, recipe, stop)
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

    def redraw(self, recipe: Recipe) -> Picture:
        """The picture of a recipe once more. StudioError when its renderer is not at work here."""
        for renderer in (self.renderer, self.template):
            if renderer.name == recipe.renderer:
                return self._drawing.submit(_draw, renderer, recipe).result()
        raise StudioError(
            f"This picture was drawn by {recipe.renderer!r}; start with --renderer to use it again."
        )

    def _draw(
        self, index: int, renderer: Renderer, recipe: Recipe, stop: threading.Event
    ) -> Generator[Drawing | Failed, None, Picture | None]:
        """Yields the progress of one picture, or why there is none; returns the picture."""
        progress: queue.Queue[tuple[int, int] | None] = queue.Queue()

        def on_step(step: int, steps: int) -> None:
            progress.put((step, steps))

        yield Drawing(index, 0, 1)
        job = self._drawing.submit(_draw, renderer, recipe, on_step, stop)
        job.add_done_callback(lambda _: progress.put(None))
        try:
            for step, steps in iter(progress.get, None):
                yield Drawing(index, step, steps)
        except GeneratorExit:  # nobody looks any more: leave the renderer to others
            stop.set()
            job.cancel()
            raise
        error = job.exception()
        if error is None:
            return job.result()
        if not stop.is_set():
            yield Failed(index, _reason(error))
        return None


def _draw(
    renderer: Renderer,
    recipe: Recipe,
    on_step: Callable[[int, int], None] | None = None,
    stop: threading.Event | None = None,
) -> Picture:
    return renderer.draw(recipe, on_step=on_step, stop=stop)


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


def load_studio(*, renderer: str = "auto", offline: bool = False, slm: str = "", clip: str = "") -> Studio:
    """Load every model. Takes seconds; raises what the rooms raise when a file is missing or broken."""
    from intent.detector import load_detector
    from pipeline.render.choose import choose_renderer
    from pipeline.render.template import Template
    from slm.generate import Writer

    detector = load_detector(offline=offline, clip=clip)
    writer = Writer.load(Path(slm)) if slm else Writer.load()
    painter = choose_renderer(renderer, offline=offline)
    return Studio(detector, writer, painter, Template(painter))


# --- command line -------------------------------------------------------------------------------------------


def main(argv: list[str] | None = None) -> int:
    """The same job without a browser; returns the exit code: 0, or 2 with one line on stderr."""
    parser = argparse.ArgumentParser(prog="python -m pipeline.studio", description=__doc__.split("\n\n")[0])
    parser.add_argument(
        "image", nargs="?", type=Path, help="the canvas as a picture; may be left out with --text"
    )
    parser.add_argument("--text", default="", help="the canvas's text")
    parser.add_argument("--task", choices=[task.value for task in Task], default=Task.T2I.value)
    parser.add_argument(
        "--length", type=int, default=20, help=f"words per prompt, {MIN_LENGTH} to {MAX_LENGTH}"
    )
    parser.add_argument("--candidates", type=int, default=4, help=f"1 to {MAX_CANDIDATES}")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--topic", help="say what it is about, in place of what would be detected")
    parser.add_argument("--out", type=Path, required=True, help="folder for the pictures")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--renderer", default="auto", help="auto, illustrator, or a diffusion model's name or folder"
    )
    parser.add_argument("--clip", default="", help="a CLIP model's name or folder")
    parser.add_argument("--slm", default="", help="folder of the language model")
    parser.add_argument("--offline", action="store_true", help="never ask a model hub")
    args = parser.parse_args(argv)
    with _stdout_for_the_answer() as answer:
        try:
            report = _collect(args)
        except (CanvasError, StudioError, RendererError, ValueError, OSError) as error:
            print(f"studio: {' '.join(str(error).split())}", file=sys.stderr)
            return 2
        if args.json:
            json.dump(report, answer, ensure_ascii=False, indent=2)
            answer.write("\n")
        else:
            for candidate in report["candidates"]:
                answer.write(f"{candidate['file']}  {candidate['prompt']}\n")
    return 0


def _collect(args: argparse.Namespace) -> dict:
    """One run as plain data. StudioError when not a single picture came out."""
    check_order(args.length, args.candidates, args.seed)
    canvas = open_canvas(args.image, args.text)
    args.out.mkdir(parents=True, exist_ok=True)
    studio = load_studio(renderer=args.renderer, offline=args.offline, slm=args.slm, clip=args.clip)
    report: dict = {"intent": None, "candidates": [], "failed": []}
    run = studio.run(
        canvas,
        task=Task(args.task),
        length=args.length,
        candidates=args.candidates,
        seed=args.seed,
        edits=Edits(topic=args.topic) if args.topic else None,
    )
    for step in run:
        match step:
            case Understood(intent):
                report["intent"] = asdict(intent)
            case Failed(index, reason):
                report["failed"].append({"index": index, "reason": reason})
            case Drawn(candidate):
                file = args.out / f"{candidate.index + 1:02d}-{candidate.id}.png"
                file.write_bytes(write_png(candidate.image, candidate.about))
                report["candidates"].append(
                    {
                        "id": candidate.id,
                        "prompt": candidate.recipe.prompt,
                        "words": candidate.words,
                        "seed": candidate.recipe.seed,
                        "size": candidate.recipe.size,
                        "renderer": candidate.recipe.renderer,
                        "file": str(file),
                    }
                )
    if not report["candidates"]:
        raise StudioError(f"No picture could be drawn. {report['failed'][0]['reason']}")
    return report


@contextlib.contextmanager
def _stdout_for_the_answer() -> Iterator:
    """Whatever libraries print, native ones too, goes to stderr; only the answer goes to stdout."""
    sys.stdout.flush()
    real = os.dup(1)
    os.dup2(2, 1)
    try:
        with os.fdopen(os.dup(real), "w", encoding="utf-8") as answer:
            yield answer
    finally:
        os.dup2(real, 1)
        os.close(real)


if __name__ == "__main__":
    sys.exit(main())
