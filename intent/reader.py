"""Reads the words on a picture, line by line, in the order a person would.

PP-OCR models carried by the package rapidocr-onnxruntime: found (detection), then read (recognition), on
the CPU and without a network. Loaded when first needed, once. A first glance at a small copy tells pictures
without text, which cost no more than that.

    python -m intent.reader IMAGE
"""

from __future__ import annotations

import sys
import threading
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from PIL import Image

SIDE = (
    1280  # pixels of the longer side that are read: small print of a poster stays legible, time stays bounded
)
FIND_SIDE = 960  # pixels of the longer side on which lines are found
GLANCE_SIDE = 448  # of the copy on which is seen whether there are any
GLANCE = 0.2  # the highest chance of text at any pixel of a glance below which nothing is read
THREADS = 2  # a laptop's worth; more make one picture hardly faster and two pictures slower
SURE = 0.55  # a line read with less confidence is noise more often than text
MOST_LINES = 60  # a page of small print says no more about the topic than its first lines


@dataclass(frozen=True)
class Line:
    """One line of text on a picture."""

    text: str
    confidence: float  # 0..1, mean over its characters
    box: tuple[float, float, float, float]  # left, top, right, bottom in units of the longer side


class Reader:
    """Owns the text models. Safe to call from several threads: one picture is read at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    @cached_property
    def _engine(self) -> Any:
        from rapidocr_onnxruntime import RapidOCR  # takes a second: only when a picture comes

        return RapidOCR(
            det_limit_type="max",  # pictures are handed over in the size they are to be looked at
            use_cls=False,
            text_score=SURE,
            intra_op_num_threads=THREADS,
            inter_op_num_threads=1,
            rec_batch_num=6,
        )

    def read(self, image: Image.Image) -> list[Line]:
        """The lines on an RGB picture in reading order; an empty list when there is no text."""
        small = image.convert("RGB")
        small.thumbnail((SIDE, SIDE))
        if min(small.size) < 8 or _flat(small):
            return []
        pixels = _pixels(small)
        with self._lock:
            if not self._glance(small):
                return []
            found_on = _pixels(small, FIND_SIDE)
            boxes, _ = self._engine.auto_text_det(found_on)
            if boxes is None:
                return []
            larger = np.array(pixels.shape[1::-1]) / found_on.shape[1::-1]  # (x, y)
            boxes = [np.asarray(box) * larger for box in boxes]
            boxes = sorted(boxes, key=_area, reverse=True)[:MOST_LINES]
            crops = self._engine.get_crop_img_list(pixels, np.asarray(boxes, dtype=np.float32))
            found, _ = self._engine.text_rec(crops, False)
        lines = []
        for box, (text, score, *_rest) in zip(boxes, found, strict=True):
            if score >= SURE and text.strip():
                left, top = np.min(box, axis=0) / max(small.size)
                right, bottom = np.max(box, axis=0) / max(small.size)
                corners = (float(left), float(top), float(right), float(bottom))
                lines.append(Line(text.strip(), round(float(score), 3), corners))
        return in_reading_order(lines)

    def _glance(self, image: Image.Image) -> bool:
        """Could there be text? The finding model alone, on a small copy, with a low bar."""
        finder = self._engine.text_det
        copy = _pixels(image, GLANCE_SIDE)
        chances = finder.infer(finder.get_preprocess(max(copy.shape))(copy))[0]
        return bool(chances.max() >= GLANCE)


def _pixels(image: Image.Image, side: int = SIDE) -> np.ndarray:
    """(height, width, BGR) uint8, as the models expect, the longer side no more than `side`."""
    small = image.copy()
    small.thumbnail((side, side))
    return np.asarray(small)[:, :, ::-1]


def in_reading_order(lines: list[Line]) -> list[Line]:
    """Rows from top to bottom, each from left to right.

    Boxes whose middles lie close share a row; neighbours in a row with no more than a wide space between
    them are one line (the models cut a headline at its spaces).
    """
    if not lines:
        return []
    rows: list[list[Line]] = []
    for line in sorted(lines, key=_middle):
        first = rows[-1][0] if rows else line
        if rows and _middle(line) - _middle(first) < min(_height(line), _height(first)) / 2:
            rows[-1].append(line)
        else:
            rows.append([line])
    ordered: list[Line] = []
    for row in rows:
        row.sort(key=lambda line: line.box[0])
        ordered.append(row[0])
        for line in row[1:]:
            before = ordered[-1]
            if line.box[0] - before.box[2] < 0.7 * min(_height(before), _height(line)):
                ordered[-1] = _joined(before, line)
            else:
                ordered.append(line)
    return ordered


def _joined(left: Line, right: Line) -> Line:
    box = (
        left.box[0],
        min(left.box[1], right.box[1]),
        right.box[2],
        max(left.box[3], right.box[3]),
    )
    return Line(f"{left.text} {right.text}", min(left.confidence, right.confidence), box)


def _height(line: Line) -> float:
    return line.box[3] - line.box[1]


def _middle(line: Line) -> float:
    return (line.box[1] + line.box[3]) / 2


def _area(box: Any) -> float:
    width, height = np.max(box, axis=0) - np.min(box, axis=0)
    return float(width * height)


def _flat(image: Image.Image) -> bool:
    """True for a picture of practically one colour: no model needs to look at it."""
    low, high = image.convert("L").getextrema()
    return high - low < 12  # type: ignore[operator]


if __name__ == "__main__":
    for line in Reader().read(Image.open(sys.argv[1])):
        print(f"{line.confidence:.2f}  {line.text}")
