"""Lettering: text set into boxes by measuring it, so that nothing overflows or overlaps.

A column of text (kicker, headline, details ...) is fitted as a whole: the details keep a readable size as
long as they can and the headline takes what is left.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from PIL import Image, ImageDraw

from pipeline.render.design.faces import Face, font

Box = tuple[float, float, float, float]  # left, top, right, bottom in pixels

_REFERENCE = 100  # the size, in pixels, at which widths are measured once and scaled


@lru_cache(maxsize=20_000)
def measured(text: str, face: Face, tracking: float) -> float:
    """The width of a text in multiples of the size; `tracking` is added between letters."""
    if tracking:
        letters = sum(font(face, _REFERENCE).getlength(c) for c in text) / _REFERENCE
        return letters + tracking * max(0, len(text) - 1)
    left, _, right, _ = font(face, _REFERENCE).getbbox(text, anchor="ls")
    return max(font(face, _REFERENCE).getlength(text), right - min(0, left)) / _REFERENCE


@dataclass(frozen=True)
class Line:
    """One set line: where it stands, in which colour and on which. `x` is its left end, `y` its baseline."""

    text: str
    face: Face
    size: int
    x: float
    y: float
    color: str
    tracking: float = 0.0

    @property
    def box(self) -> Box:
        """The box of its ink."""
        left, top, right, bottom = font(self.face, self.size).getbbox(self.text, anchor="ls")
        if self.tracking:
            right = max(right, measured(self.text, self.face, self.tracking) * self.size)
        return self.x + left, self.y + top, self.x + right, self.y + bottom


def draw_lines(image: Image.Image, lines: Iterable[Line]) -> None:
    """Draw the lines on the image."""
    pen = ImageDraw.Draw(image)
    for line in lines:
        letters = font(line.face, line.size)
        if not line.tracking:
            pen.text((line.x, line.y), line.text, line.color, letters, anchor="ls")
            continue
        x = line.x
        for character in line.text:
            pen.text((x, line.y), character, line.color, letters, anchor="ls")
            x += letters.getlength(character) + line.tracking * line.size


# --- columns ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Item:
    """A paragraph of a column. `size` is in multiples of the body size; `grows` marks the headline."""

    text: str
    face: Face
    color: str
    size: float = 1.0
    grows: bool = False
    tracking: float = 0.0
    before: float = 0.5  # air above, in body sizes
    right: str = ""  # set at the right end of the line, as the prices of a menu are
    rule: bool = False  # a short ornamental line in place of text


@dataclass(frozen=True)
class Column:
    """A fitted column: its lines, its rules (x, y, width) and the body size it came to."""

    lines: tuple[Line, ...]
    rules: tuple[tuple[float, float, float, str], ...] = ()
    body: float = 0.0
    whole: bool = True  # whether every word found its place
    box: Box = field(default=(0, 0, 0, 0))


def set_column(
    items: Sequence[Item],
    box: Box,
    body: tuple[float, float],
    headline: float,
    align: str = "left",
    valign: str = "middle",
    most_lines: int = 4,
    spread: float = 0.0,
) -> Column:
    """Set the items into the box as large as they fit.

    `body` is the (largest, smallest) size of the body text, `headline` the largest of the headline, in
    pixels; a headline takes at most `most_lines` unless nothing else helps. Where even the smallest size is
    too large, items are dropped from the end and the last one is cut with an ellipsis. Spare height goes
    between the items, up to `spread` body sizes each.
    """
    largest, smallest = body
    width, height = box[2] - box[0], box[3] - box[1]
    sizes = [largest * (smallest / largest) ** (step / 9) for step in range(10)]
    # First a headline that leads clearly over a body near its largest size; then less of both.
    for ratio, deepest, strict in ((2.8, 5, True), (2.1, 7, True), (1.6, 10, True), (1.05, 10, False)):
        for size in sizes[:deepest]:
            low = size * ratio
            head = max(headline, low)
            while head >= low:
                if _least_height(items, width, size, head) > height:
                    head *= 0.93
                    continue
                placed = _flow(items, width, size, head, most_lines if strict else 40, strict)
                if placed and placed[1] <= height:
                    return _place(placed, box, align, valign, size, spread, True)
                head *= 0.93
    kept, dropped = 0, len(items)
    while dropped - kept > 1:  # the most items that fit whole at the smallest size
        middle = (kept + dropped) // 2
        placed = _flow(items[:middle], width, smallest, smallest * 1.2, 40, False)
        kept, dropped = (middle, dropped) if placed and placed[1] <= height else (kept, middle)
    for text in _shortened(items[kept].text):  # and what there is room for of the next
        cut = [*items[:kept], replace(items[kept], text=text, right="")]
        placed = _flow(cut, width, smallest, smallest * 1.2, 40, False)
        if placed and placed[1] <= height:
            return _place(placed, box, align, valign, smallest, 0.0, False)
    placed = _flow(items[:kept], width, smallest, smallest * 1.2, 40, False)
    if kept and placed:
        return _place(placed, box, align, valign, smallest, 0.0, False)
    return Column((), body=smallest, whole=False)


@dataclass(frozen=True)
class _Row:
    """One line of an item: its baseline `y` from the top of the column, and its size in pixels."""

    item: Item
    text: str
    size: int
    y: float
    first: bool


def _flow(
    items: Sequence[Item], width: float, size: float, head: float, most: int, strict: bool
) -> tuple[list[_Row], float] | None:
    """The rows of all items at these sizes, and their height; None when a word or a headline is too long."""
    rows: list[_Row] = []
    y = 0.0
    for number, item in enumerate(items):
        y += item.before * size if number else 0
        if item.rule:
            y += size * 0.12
            rows.append(_Row(item, "", 0, y, True))
            continue
        own = max(8, int(head if item.grows else item.size * size))
        room = width / own / 1.02  # small letters are hinted a little wider than large ones
        room -= measured(item.right, item.face, 0) + 1.6 if item.right else 0
        texts = _wrap(item, room, hard=not strict)
        if texts is None or (item.grows and len(texts) > most):
            return None
        inks = [_ink(text, item.face) for text in texts]
        for index, text in enumerate(texts):
            above = inks[index][0]
            if index:
                y += max(item.face.lead, inks[index - 1][1] + above + 0.06) * own
            else:
                y += max(above, 0.66) * own
            rows.append(_Row(item, text, own, y, index == 0))
        y += max(inks[-1][1], 0.04 if item.grows else 0.2) * own
    return rows, y


def _shortened(text: str) -> Iterator[str]:
    """The text cut at ever fewer words, with an ellipsis."""
    words = text.split()
    while len(words) > 2:
        words = words[: int(len(words) * 0.8)]
        yield " ".join(words).rstrip(" ,.;:-…") + "…"


def _least_height(items: Sequence[Item], width: float, size: float, head: float) -> float:
    """A height that the items cannot go below, found without setting them."""
    height = 0.0
    for item in items:
        own = head if item.grows else item.size * size
        rows = max(1, math.ceil(measured(item.text, item.face, item.tracking) * own / width * 0.97))
        height += ((rows - 1) * item.face.lead + 0.6) * own + item.before * size
    return height - items[0].before * size if items else 0.0


@lru_cache(maxsize=20_000)
def _ink(text: str, face: Face) -> tuple[float, float]:
    """How far a line's ink reaches above and below the baseline, in multiples of the size."""
    _, top, _, bottom = font(face, _REFERENCE).getbbox(text, anchor="ls")
    return -top / _REFERENCE, max(0.0, bottom / _REFERENCE)


def _wrap(item: Item, room: float, hard: bool) -> list[str] | None:
    """Lines of about equal width, at most `room` sizes wide; None when a word alone is wider."""
    words = item.text.split()
    if not words:
        return [""]
    space = (
        measured("n n", item.face, item.tracking) - measured("nn", item.face, item.tracking) + item.tracking
    )
    widths = [measured(word, item.face, item.tracking) for word in words]
    if max(widths) > room:
        if not hard:
            return None
        broken: list[str] = []
        for word, wide in zip(words, widths, strict=True):
            pieces = max(1, -(-int(wide * 1000) // max(1, int(room * 930)))) if wide > room else 1
            step = -(-len(word) // pieces)
            broken += [word[i : i + step] for i in range(0, len(word), step)]
        words = broken
        widths = [measured(word, item.face, item.tracking) for word in words]
        if max(widths) > room:
            return None

    def greedy(limit: float) -> list[list[int]]:
        lines: list[list[int]] = [[]]
        used = 0.0
        for index, wide in enumerate(widths):
            if lines[-1] and used + space + wide > limit:
                lines.append([])
                used = 0.0
            used += wide + (space if lines[-1] else 0)
            lines[-1].append(index)
        return lines

    count = len(greedy(room))
    if (
        1 < count <= 6
    ):  # headlines and short paragraphs: the narrowest setting with as many lines is the evenest
        low, high = max(widths), room
        for _ in range(12):
            middle = (low + high) / 2
            if len(greedy(middle)) > count:
                low = middle
            else:
                high = middle
        room = high
    return [" ".join(words[i] for i in line) for line in greedy(room)]


def _place(
    placed: tuple[list[_Row], float],
    box: Box,
    align: str,
    valign: str,
    size: float,
    spread: float,
    whole: bool,
) -> Column:
    rows, height = placed
    gaps = sum(row.first for row in rows) - 1
    air = min(spread * size, (box[3] - box[1] - height) / (gaps + 2)) if gaps > 0 else 0.0
    height += gaps * air
    top = box[1] + {"top": 0.0, "middle": 0.5, "bottom": 1.0}[valign] * (box[3] - box[1] - height)
    share = {"left": 0.0, "center": 0.5, "right": 1.0}
    lines, rules = [], []
    number = -1
    for row in rows:
        number += row.first
        item, y = row.item, top + row.y + number * air
        if item.rule:
            wide = min(size * 4.5, box[2] - box[0])
            rules.append((box[0] + share[align] * (box[2] - box[0] - wide), y, wide, item.color))
            continue
        line = Line(row.text, item.face, row.size, 0.0, y, item.color, item.tracking)
        left, _, right, _ = line.box
        free = box[2] - box[0] - (right - left)
        x = box[0] - left + share["left" if item.right else align] * free
        lines.append(replace(line, x=x))
        if item.right and row.first:
            price = Line(item.right, item.face, row.size, 0.0, y, item.color)
            lines.append(replace(price, x=box[2] - price.box[2]))
    return Column(tuple(lines), tuple(rules), size, whole, (box[0], top, box[2], top + height))
