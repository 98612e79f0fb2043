"""Portable pictures: a downloaded PNG tells what it was made from, and opening it again restores that.

One iTXt chunk named `tinymuse` holds the record as JSON; the chunks beside it say the same to people and to
other programs (Description, Software, Model, Seed, Size, Topic). They go into what a person downloads, never
into the pictures that raters are shown: those are written by `save_png`, which keeps pixels only.

    data = write_png(image, shelf.about(name)); origin = read_png(data); origin.recipe.prompt
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PIL import Image, PngImagePlugin

from pipeline.candidate import MAX_SEED, bare
from pipeline.recipe import Recipe, Start

CHUNK = "tinymuse"
MAX_RECORD = 100_000  # characters; a record is some 1,500
MAX_SIDE = 4096
MAX_WORDS = 20_000  # characters of any one text


@dataclass(frozen=True)
class Origin:
    """Where a picture comes from: its recipe, and the settings of the run that made it."""

    recipe: Recipe
    length: int  # wished, in words
    run_seed: int  # of the whole run; `recipe.seed` is the picture's own
    candidates: int  # of the run
    style: str
    slm: str  # the language model that wrote the prompt


def write_png(image: Image.Image, about: Mapping[str, Any]) -> bytes:
    """The picture as a PNG file that carries `about`: `Candidate.about`, or `Shelf.about`, which keeps it.

    Nothing else of `image` is kept: no profile, no comment.
    """
    chunks = PngImagePlugin.PngInfo()
    width, height = image.size
    told = {
        "Description": about["prompt"],
        "Software": "TinyMuse",
        "Model": f"{about['renderer']}; prompt by {about['slm']}",
        "Seed": str(about["seed"]),
        "Size": f"{width} x {height}",
        "Topic": ", ".join(filter(None, [about["topic"], *about["objects"]])),
        CHUNK: json.dumps(dict(about), ensure_ascii=True),
    }
    for name, text in told.items():
        chunks.add_itxt(name, text)
    buffer = io.BytesIO()
    bare(image).save(buffer, "PNG", pnginfo=chunks)
    return buffer.getvalue()


def read_png(data: bytes) -> Origin | None:
    """What a downloaded picture was made from; None for any other file, however broken.

    Only what stands before the pixels is read, and nothing is taken that a run could not have written.
    """
    if not data.startswith(b"\x89PNG"):
        return None
    try:
        with Image.open(io.BytesIO(data), formats=["PNG"]) as image:
            text = image.info.get(CHUNK, "")
        return _origin(json.loads(text)) if len(text) <= MAX_RECORD else None
    except (OSError, SyntaxError, ValueError, TypeError, LookupError, RecursionError):
        return None  # among them whatever Pillow raises for a broken file
    except Image.DecompressionBombError:
        return None


def _origin(record: dict) -> Origin:
    """The record with every field checked. Raises ValueError, TypeError or LookupError."""
    width, height = (_whole(side, 1, MAX_SIDE) for side in record["size"])
    task = _text(record["task"])
    palette = _texts(record["palette"])
    if task not in ("T2I", "T2T") or not all(re.fullmatch("#[0-9a-fA-F]{6}", color) for color in palette):
        raise ValueError
    recipe = Recipe(
        prompt=_text(record["prompt"]),
        seed=_whole(record["seed"], 0, MAX_SEED),
        size=(width, height),
        renderer=_text(record["renderer"]),
        task=task,
        topic=_text(record["topic"]),
        objects=_texts(record["objects"]),
        design_type=_text(record["design_type"]),
        lines=_texts(record["lines"]),
        palette=palette,
        negative=_text(record["negative"]),
        start=None if record["start"] is None else _start(record["start"]),
    )
    return Origin(
        recipe,
        length=_whole(record["length"], 1, 1000),
        run_seed=_whole(record["run_seed"], 0, MAX_SEED),
        candidates=_whole(record["candidates"], 1, 1000),
        style=_text(record["style"]),
        slm=_text(record["slm"]),
    )


def _start(record: dict) -> Start:
    strength, box = record["strength"], record["box"]
    if type(strength) not in (int, float) or not 0 < strength <= 1:
        raise ValueError
    if box is not None:
        left, top, right, bottom = (_whole(side, 0, MAX_SIDE) for side in box)
        box = (left, top, right, bottom)
    return Start(_text(record["canvas"]), strength, box)


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > MAX_WORDS:
        raise ValueError
    value.encode()  # half of a surrogate pair could be shown nowhere
    return value


def _texts(values: object) -> tuple[str, ...]:
    if not isinstance(values, list):
        raise ValueError
    return tuple(map(_text, values))


def _whole(value: object, low: int, high: int) -> int:
    if type(value) is not int or not low <= value <= high:
        raise ValueError
    return value
