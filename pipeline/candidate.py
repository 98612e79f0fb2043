"""A candidate: a prompt, the picture drawn from it, and the recipe by which it can be made again exactly."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from pipeline.canvas import Canvas
from pipeline.place import empty_frame
from pipeline.recipe import Recipe
from slm.command import Task

MAX_SEED = 2**31 - 1
AREA = 1024 * 1024  # pixels of a candidate
GRID = 64  # sides are multiples of this, as latent diffusion models want them


@dataclass(frozen=True)
class Candidate:
    """One suggestion: a prompt and the picture drawn from it, with what it was asked for."""

    id: str
    index: int  # from 0, its place in the run
    recipe: Recipe
    words: int  # of the prompt
    length: int  # wished, in words
    candidates: int  # wished in the run
    run_seed: int  # of the run; the recipe has the seed of this one
    style: str
    slm: str  # the language model that wrote the prompt
    image: Image.Image  # RGB
    notes: tuple[str, ...] = ()  # of the renderer, for the person
    svg: str = ""  # the same design, editable, where the renderer has one

    @property
    def about(self) -> dict[str, Any]:
        """What it was asked for and what came of it, as plain data: the recipe's fields and the wish's."""
        wished = ("words", "length", "candidates", "run_seed", "style", "slm", "notes")
        return asdict(self.recipe) | {name: getattr(self, name) for name in wished}


def candidate_seed(seed: int, index: int) -> int:
    """The seed of one candidate; far apart for neighbouring base seeds, so that no picture comes twice."""
    digest = hashlib.sha256(f"{seed}/{index}".encode()).digest()
    return int.from_bytes(digest[:4], "big") & MAX_SEED


def picture_size(canvas: Canvas, task: Task) -> tuple[int, int]:
    """Width and height of a candidate in pixels, 9:16 to 16:9; a square without a canvas.

    A template has the canvas's shape; so has a picture, unless the design keeps an empty frame for one.
    """
    aspect = 1.0
    if canvas.image is not None:
        width, height = canvas.image.size
        if task is Task.T2I and (frame := empty_frame(canvas.image)):
            left, top, right, bottom = frame[0]
            width, height = right - left, bottom - top
        aspect = min(max(width / height, 9 / 16), 16 / 9)
    width = round((AREA * aspect) ** 0.5 / GRID) * GRID
    height = round((AREA / aspect) ** 0.5 / GRID) * GRID
    return width, height


def save_png(image: Image.Image, path: Path) -> None:
    """Write the pixels and nothing else: no profile, no comment, no name of whoever made it."""
    bare(image).save(path, format="PNG")


def bare(image: Image.Image) -> Image.Image:
    """The same pixels without anything that came with them."""
    copy = Image.new(image.mode, image.size)
    copy.paste(image)
    return copy
