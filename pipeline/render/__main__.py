"""Render prompts without the page: pictures or designs as PNG, SVG and PDF files.

    python -m pipeline.render "A fox under a birch tree at dusk" --n 4 --size 1024x768 --out out
    python -m pipeline.render "An elegant jazz flyer" --task T2T --design-type flyer \
        --text "Jazz night / 12 May, 8 pm / Blue Room" --format png,svg,pdf --out out --json

The pictures have the seeds `--seed`, `--seed` + 1 and so on; the PNG files carry what they were made from.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from pipeline.answer import answer, box_of
from pipeline.candidate import MAX_SEED, Candidate
from pipeline.canvas import open_canvas
from pipeline.portable import write_png
from pipeline.recipe import Picture, Recipe, start_from
from pipeline.render import RendererError
from pipeline.render.choose import choose_renderer
from pipeline.render.export import pdf_of
from pipeline.render.template import Template
from slm.command import count_words

FORMATS = ("png", "svg", "pdf")
MAX_N = 100
MAX_SIDE = 2048  # pixels


def main(argv: list[str] | None = None) -> int:
    """Returns the exit code: 0, or 2 with one line on stderr."""
    description, examples = (__doc__ or "").split("\n\n", 1)
    parser = argparse.ArgumentParser(
        prog="python -m pipeline.render",
        description=description,
        epilog=examples,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("prompt")
    parser.add_argument("--task", choices=("T2I", "T2T"), default="T2I", help="a picture, or a design")
    parser.add_argument("--design-type", default="", help="flyer, poster, business card ...")
    parser.add_argument("--text", default="", help='the words of a design, lines parted by " / "')
    parser.add_argument("--topic", default="", help="what a design is about")
    parser.add_argument("--seed", type=int, default=1, help="of the first picture")
    parser.add_argument("--n", type=int, default=1, help="how many")
    parser.add_argument(
        "--size", default="1024x1024", help="width x height in pixels; a design keeps the area"
    )
    parser.add_argument("--negative", default="", help="what should not be in the picture")
    parser.add_argument("--canvas", type=Path, help="a picture to start from, with --strength and --box")
    parser.add_argument("--strength", type=float, default=0.6, help="above 0 (little change) to 1")
    parser.add_argument("--box", type=box_of, metavar="L,T,R,B", help="change only this box of the canvas")
    parser.add_argument(
        "--renderer",
        default="auto",
        help="auto, illustrator, template (the same as --task T2T), a diffusion model's preset, folder or "
        "hub name, or the address of a service",
    )
    parser.add_argument("--format", default="png", help="any of png,svg,pdf")
    parser.add_argument("--offline", action="store_true", help="never ask a model hub or a service")
    parser.add_argument("--out", type=Path, required=True, help="folder for the files")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    args = parser.parse_args(argv)
    return answer("render", partial(_render, args), _lines, as_json=args.json)


def _render(args: argparse.Namespace) -> dict:
    """The report: every picture with its files and notes. RendererError, ValueError, OSError."""
    formats = [name for name in FORMATS if name in args.format.split(",")]
    if unknown := set(args.format.split(",")) - set(FORMATS):
        raise ValueError(f"--format is any of {','.join(FORMATS)}, not {','.join(sorted(unknown))}.")
    for name, value, low, high in (("n", args.n, 1, MAX_N), ("seed", args.seed, 0, MAX_SEED - args.n)):
        if not low <= value <= high:
            raise ValueError(f"--{name} must be from {low} to {high}, not {value}.")
    if not args.prompt.strip():
        raise ValueError("The prompt is empty. Say what to draw.")
    is_design = args.task == "T2T" or args.renderer == "template"
    size, canvas, start = _size(args.size), None, None
    if args.canvas is not None and (canvas := open_canvas(args.canvas, "").image):
        size, start = canvas.size, start_from(canvas, args.strength, args.box)
    renderer = choose_renderer("auto" if args.renderer == "template" else args.renderer, args.offline)
    if is_design:
        renderer = Template(renderer)
    if start is not None and not renderer.starts:
        raise RendererError(
            f"The {renderer.name} draws from words alone. Leave --canvas out, or name a model."
        )
    args.out.mkdir(parents=True, exist_ok=True)
    report: dict = {"renderer": renderer.name, "pictures": []}
    for index in range(args.n):
        recipe = Recipe(
            args.prompt,
            seed=args.seed + index,
            size=size,
            renderer=renderer.name,
            task="T2T" if is_design else "T2I",
            topic=args.topic,
            design_type=args.design_type,
            lines=tuple(line.strip() for line in args.text.split(" / ") if line.strip()),
            negative=args.negative,
            start=start,
        )
        picture = renderer.draw(recipe, canvas=canvas)
        files = _write(recipe, picture, args.out / f"{index + 1:02d}-{recipe.id}", formats)
        report["pictures"].append(
            {
                "id": recipe.id,
                "seed": recipe.seed,
                "size": picture.image.size,
                "notes": picture.notes,
                "files": files,
            }
        )
    return report


def _write(recipe: Recipe, picture: Picture, stem: Path, formats: list[str]) -> list[str]:
    """The paths of the files written. RendererError when an SVG is wished and there is none."""
    files = [stem.with_suffix(f".{name}") for name in formats]
    for file in files:
        if file.suffix == ".png":
            words = count_words(recipe.prompt)
            made = Candidate(
                id=recipe.id,
                index=0,
                recipe=recipe,
                words=words,
                length=max(1, words),
                candidates=1,
                run_seed=recipe.seed,
                style="",
                slm="hand",
                image=picture.image,
                notes=picture.notes,
            )
            file.write_bytes(write_png(picture.image, made.about))
        elif file.suffix == ".pdf":
            file.write_bytes(pdf_of(picture))
        elif picture.svg:
            file.write_text(picture.svg, encoding="utf-8")
        else:
            raise RendererError(f"The {recipe.renderer} draws pixels, not SVG. Leave svg out of --format.")
    return [str(file) for file in files]


def _size(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{1,5})x(\d{1,5})", text)
    width, height = map(int, found.groups()) if found else (0, 0)
    if not (64 <= width <= MAX_SIDE and 64 <= height <= MAX_SIDE):
        raise ValueError(f"--size is such as 1024x768, each side from 64 to {MAX_SIDE}, not {text}.")
    return width, height


def _lines(report: dict) -> Iterator[str]:
    for picture in report["pictures"]:
        yield "  ".join([*picture["files"], *picture["notes"]])


if __name__ == "__main__":
    sys.exit(main())
