"""Suggesting as plain data: an order goes in, records come out; for scripts and for programs over HTTP.

The same job as the page's, by the same studio. As a command it writes PNG files that carry what they were
made from (and the SVG of a template beside it):

    python -m pipeline.suggest poster.png --text "Jazz night, 12 May" --task T2I --length 20 --candidates 4 \
        --seed 7 --out out --json
"""

from __future__ import annotations

import argparse
import sys
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from pipeline.answer import answer, box_of
from pipeline.candidate import Candidate
from pipeline.canvas import Box, open_canvas
from pipeline.portable import write_png
from pipeline.studio import (
    MAX_CANDIDATES,
    MAX_LENGTH,
    MIN_LENGTH,
    Drawing,
    Drawn,
    Failed,
    Step,
    Studio,
    Understood,
    Waiting,
    Written,
    check_order,
    load_studio,
)
from pipeline.wish import Edits, StudioError
from slm.command import Task


@dataclass(frozen=True)
class Order:
    """What a run is asked for, beside the canvas's picture. None leaves a field to be detected."""

    text: str = ""  # of the canvas
    task: Task = Task.T2I
    length: int = 20  # words of a prompt
    candidates: int = 4
    seed: int = 0
    topic: str | None = None
    objects: tuple[str, ...] | None = None
    design_type: str | None = None
    style: str | None = None
    negative: str = ""  # what should not be in the pictures
    strength: float | None = None  # of the change to the canvas, above 0 to 1; None: words alone
    box: Box | None = None  # of the canvas, the only part to change


def suggest(
    studio: Studio, picture: bytes | Path | None, order: Order, stop: threading.Event | None = None
) -> Iterator[Step]:
    """The studio's steps for an order. Raises CanvasError and StudioError as opening and running do."""
    return studio.run(
        open_canvas(picture, order.text),
        task=order.task,
        length=order.length,
        candidates=order.candidates,
        seed=order.seed,
        edits=Edits(order.topic, order.objects, order.design_type, order.style),
        negative=order.negative,
        strength=order.strength,
        box=order.box,
        stop=stop,
    )


def record_of(step: Step) -> dict:
    """A step as plain data, `event` its name; a drawn candidate without its pixels."""
    match step:
        case Understood(intent):
            return {"event": "understood", "intent": asdict(intent)}
        case Written(prompts):
            told = [{"prompt": prompt.text, "words": prompt.words} for prompt in prompts]
            return {"event": "written", "prompts": told}
        case Drawn(candidate):
            return {"event": "drawn", "index": candidate.index, "id": candidate.id, **candidate.about}
        case Waiting() | Drawing() | Failed():
            return {"event": type(step).__name__.lower(), **asdict(step)}


# --- command line -------------------------------------------------------------------------------------------


def main(argv: list[str] | None = None) -> int:
    """Returns the exit code: 0, or 2 with one line on stderr."""
    parser = argparse.ArgumentParser(
        prog="python -m pipeline.suggest", description="Candidates for a canvas, as files."
    )
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
    parser.add_argument("--negative", default="", help="what should not be in the pictures")
    parser.add_argument("--strength", type=float, help="start from the canvas; above 0 (little change) to 1")
    parser.add_argument("--box", type=box_of, metavar="L,T,R,B", help="change only this box of the canvas")
    parser.add_argument("--out", type=Path, required=True, help="folder for the pictures")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--renderer",
        default="auto",
        help="auto, illustrator, a diffusion model's name or folder, or a service's address",
    )
    parser.add_argument("--clip", default="", help="a CLIP model's name or folder")
    parser.add_argument("--slm", default="", help="folder of the language model")
    parser.add_argument("--offline", action="store_true", help="never ask a model hub or a service")
    args = parser.parse_args(argv)
    return answer("suggest", partial(_collect, args), _lines, as_json=args.json)


def _lines(report: dict) -> Iterator[str]:
    for candidate in report["candidates"]:
        yield f"{candidate['file']}  {candidate['prompt']}"


def _collect(args: argparse.Namespace) -> dict:
    """One run as plain data. StudioError when not a single picture came out."""
    wished = ("text", "length", "candidates", "seed", "topic", "negative", "strength", "box")
    order = Order(task=Task(args.task), **{name: getattr(args, name) for name in wished})
    check_order(order.length, order.candidates, order.seed)
    open_canvas(args.image, args.text)  # what is wrong with it is told before the models load
    args.out.mkdir(parents=True, exist_ok=True)
    studio = load_studio(renderer=args.renderer, offline=args.offline, slm=args.slm, clip=args.clip)
    report: dict = {"intent": None, "candidates": [], "failed": []}
    for step in suggest(studio, args.image, order):
        record = record_of(step)
        name = record.pop("event")
        if isinstance(step, Drawn):
            report["candidates"].append(record | {"file": str(_keep(step.candidate, args.out))})
        elif name == "understood":
            report |= record
        elif name == "failed":
            report["failed"].append(record)
    if not report["candidates"]:
        raise StudioError(f"No picture could be drawn. {report['failed'][0]['reason']}")
    return report


def _keep(candidate: Candidate, folder: Path) -> Path:
    file = folder / f"{candidate.index + 1:02d}-{candidate.id}.png"
    file.write_bytes(write_png(candidate.image, candidate.about))
    if candidate.svg:
        file.with_suffix(".svg").write_text(candidate.svg, encoding="utf-8")
    return file


if __name__ == "__main__":
    sys.exit(main())
