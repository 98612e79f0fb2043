"""What a renderer is given and what it gives back: a recipe, and the picture made from it.

A recipe holds everything a picture depends on, so that the same recipe gives the same picture; its id follows
from it alone. Renderers (`pipeline/render/`) know these two records and nothing else of a run.

    Recipe("a fox under a birch tree", seed=3, size=(768, 512)).id
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass

from PIL import Image

MIN_BOX = 32  # pixels a side of what is drawn into the canvas


@dataclass(frozen=True)
class Start:
    """A picture that starts from the canvas: the whole of it drawn anew, or one box drawn into it."""

    canvas: str  # `fingerprint` of the canvas
    strength: float = 0.6  # above 0 (the canvas stays as it is) to 1 (nothing of it is left)
    box: tuple[int, int, int, int] | None = None  # left, top, right, bottom in its pixels; None: all of it


@dataclass(frozen=True)
class Recipe:
    """Everything a picture depends on: the same recipe gives the same picture."""

    prompt: str
    seed: int = 0
    size: tuple[int, int] = (1024, 1024)  # pixels, width and height
    renderer: str = ""  # its name
    task: str = "T2I"
    topic: str = ""
    objects: tuple[str, ...] = ()
    design_type: str = ""
    lines: tuple[str, ...] = ()  # of the canvas's text, typeset in a template
    palette: tuple[str, ...] = ()  # "#rrggbb", the canvas's colours
    negative: str = ""  # what should not be in the picture
    start: Start | None = None

    @property
    def id(self) -> str:
        """32 hexadecimal digits that follow from the recipe alone."""
        text = json.dumps(asdict(self), sort_keys=True, ensure_ascii=True)
        return hashlib.sha256(text.encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Picture:
    """What a renderer made of a recipe."""

    image: Image.Image  # RGB
    notes: tuple[str, ...] = ()  # plain sentences for the person, such as "No drawing for: zeppelin."
    svg: str = ""  # the same design, editable, where the renderer has one


def start_from(canvas: Image.Image, strength: float, box: tuple[int, int, int, int] | None = None) -> Start:
    """A start from this canvas; what of the box lies beyond it is cut. ValueError when it cannot be."""
    if not 0 < strength <= 1:
        raise ValueError(f"The strength must be above 0 and at most 1, not {strength}.")
    if box is not None:
        left, top, right, bottom = box
        box = (max(0, left), max(0, top), min(canvas.width, right), min(canvas.height, bottom))
        if box[2] - box[0] < MIN_BOX or box[3] - box[1] < MIN_BOX:
            raise ValueError(
                f"The box must be at least {MIN_BOX} pixels wide and high on the canvas of {canvas.width} x "
                f"{canvas.height} pixels. Draw a larger one."
            )
    return Start(fingerprint(canvas), strength, box)


def fingerprint(image: Image.Image) -> str:
    """32 hexadecimal digits that follow from a picture's RGB pixels."""
    pixels = image.convert("RGB")
    return hashlib.sha256(repr(pixels.size).encode() + pixels.tobytes()).hexdigest()[:32]
