"""Placing a picture on a canvas: where it goes, and the canvas with it there.

A design often leaves an empty frame for a picture; where it does not, the largest area without detail takes
it. A person may say another place.

    place = find_place(page, picture.width / picture.height)
    placed = place_on_page(page, picture, place)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from pipeline.canvas import MIN_SIDE, Box, CanvasError

_CELLS = 160  # cells along the longer side of the grid on which free space is searched
_EDGE = 10  # a step in brightness (of 255) that the eye reads as detail; noise and soft gradients stay below
_CROP = 1.35  # how far a candidate may be cropped to use a slot of another shape
_FRAME_CROP = 1.5  # how far it may be cropped to fill a frame that was drawn for a picture
CORNER = 0.04  # radius of the placed picture's corners, in shares of its shorter side
_MARGIN = 0.03  # air around the placed picture, in shares of the canvas's shorter side


@dataclass(frozen=True)
class Place:
    """Where a picture stands on a page: a box in the page's pixels, or the ellipse in it."""

    box: Box
    is_round: bool = False


def find_place(page: Image.Image, aspect: float) -> Place:
    """The place for a picture of this aspect (width / height).

    An empty frame drawn for a picture where the design has one, else the largest quiet area.
    """
    frame = empty_frame(page)
    if frame is None:
        return Place(quiet_area(page, aspect))
    box, is_round = frame
    return Place(box if is_round else _inside(box, aspect), is_round)


def place_on_page(page: Image.Image, picture: Image.Image, place: Place) -> Image.Image:
    """The page with `picture` in that place, cropped to its shape, as a new RGB picture.

    Raises CanvasError when the place lies beside the page or is too small to see.
    """
    left, top, right, bottom = place.box
    if not (0 <= left < right <= page.width and 0 <= top < bottom <= page.height):
        raise CanvasError("This place is not on the canvas. Move the picture onto it.")
    if min(right - left, bottom - top) < min(MIN_SIDE, *page.size):
        raise CanvasError("This place is too small to see the picture. Make it larger.")
    size = (right - left, bottom - top)
    fitted = ImageOps.fit(picture.convert("RGB"), size, Image.Resampling.LANCZOS)
    mask = Image.new("L", (size[0] * 4, size[1] * 4), 0)  # drawn four times too large for a smooth edge
    edge = (0, 0, mask.width - 1, mask.height - 1)
    if place.is_round:
        ImageDraw.Draw(mask).ellipse(edge, fill=255)
    else:
        ImageDraw.Draw(mask).rounded_rectangle(edge, round(CORNER * 4 * min(size)), fill=255)
    placed = page.convert("RGB")  # a copy
    placed.paste(fitted, (left, top), mask.resize(size, Image.Resampling.LANCZOS))
    return placed


def _inside(frame: Box, aspect: float) -> Box:
    """The largest box in the middle of the frame in which a picture of this aspect is not cropped too far."""
    left, top, right, bottom = frame
    width, height = right - left, bottom - top
    shape = min(max(width / height, aspect / _FRAME_CROP), aspect * _FRAME_CROP)
    across, down = round(min(width, height * shape)), round(min(height, width / shape))
    left, top = left + (width - across) // 2, top + (height - down) // 2
    return left, top, left + max(1, across), top + max(1, down)


def empty_frame(page: Image.Image) -> tuple[Box, bool] | None:
    """The largest empty frame of a design, and whether it is round; None when there is none.

    A frame is a closed area without detail but for a small sign in its middle, left for a picture.
    """
    quiet = _edges(page) <= _EDGE
    cell = max(page.size) / _CELLS
    best: tuple[float, Box, bool] | None = None
    unseen = quiet.copy()
    while unseen.any():
        area = _reach(unseen, divmod(int(unseen.argmax()), unseen.shape[1]))
        unseen &= ~area
        rows, columns = np.flatnonzero(area.any(axis=1)), np.flatnonzero(area.any(axis=0))
        top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
        touches = top == 0 or left == 0 or bottom == quiet.shape[0] or right == quiet.shape[1]
        if touches or area.sum() < 0.035 * quiet.size or (best and area.sum() <= best[0]):
            continue
        inner = area[top:bottom, left:right]
        outside = np.pad(~inner, 1, constant_values=True)
        holes = ~_reach(outside, (0, 0))[1:-1, 1:-1] & ~inner
        high, wide = (max(1, round(0.3 * side)) for side in inner.shape)
        middle = holes[high:-high, wide:-wide]
        full = (inner | holes).mean()
        is_round = bool(full < 0.9)
        if full > 0.72 and holes.mean() < 0.1 and middle.sum() == holes.sum():
            edges = (round(float(edge) * cell) for edge in (left, top, right, bottom))
            x1, y1, x2, y2 = edges
            best = (float(area.sum()), (x1, y1, min(x2, page.width), min(y2, page.height)), is_round)
    return best[1:] if best else None


def _reach(free: np.ndarray, start: tuple[int, ...]) -> np.ndarray:
    """The cells that can be reached from `start` over free ones: bool, as `free`."""
    reached = np.zeros_like(free)
    reached[start] = True
    while True:
        grown = reached.copy()
        grown[1:] |= reached[:-1]
        grown[:-1] |= reached[1:]
        grown[:, 1:] |= reached[:, :-1]
        grown[:, :-1] |= reached[:, 1:]
        grown &= free
        if (grown == reached).all():
            return reached
        reached = grown


def quiet_area(page: Image.Image, aspect: float) -> Box:
    """Where a picture of this aspect (width / height) fits best: (left, top, right, bottom) in pixels.

    The largest rectangle free of detail, of that aspect or a little cropped; on a page that is busy all over,
    the quietest box of about a fifth of the page.
    """
    edges = _edges(page)
    rows, columns = edges.shape
    cell = max(page.size) / _CELLS
    busy = _integral(edges > _EDGE)
    margin = max(1, round(_MARGIN * min(rows, columns)))
    best: tuple[float, tuple[int, int, int, int]] | None = None
    for crop in (1.0, _CROP, 1 / _CROP):
        for share in np.linspace(1.0, 0.2, 41):
            height = min(rows, columns / (aspect * crop)) * share
            width = height * aspect * crop
            kept = min(crop, 1 / crop)
            if best is not None and width * height * kept <= best[0]:
                break
            across, down = round(width), round(height)
            if min(across, down) <= 2 * margin + 2:
                break
            detail = _windows(busy, down, across)
            free = np.argwhere(detail <= 0.004 * across * down)
            if len(free):
                # In the middle of the free positions, so that the air around the picture is even.
                top, left = free[np.abs(free - free.mean(axis=0)).sum(axis=1).argmin()]
                best = (width * height * kept, (left, top, left + across, top + down))
                break
    if best is None or best[0] < 0.05 * rows * columns:
        height = min((0.2 * rows * columns / aspect) ** 0.5, rows, columns / aspect)
        down, across = max(1, int(height)), max(1, int(height * aspect))
        detail = _windows(_integral(edges), down, across)
        top, left = np.unravel_index(detail.argmin(), detail.shape)
        best = (0.0, (int(left), int(top), int(left) + across, int(top) + down))
    left, top, right, bottom = (round(float(edge) * cell) for edge in best[1])
    inset = round(margin * cell)
    box = (left + inset, top + inset, min(right, page.width) - inset, min(bottom, page.height) - inset)
    return box if box[2] > box[0] and box[3] > box[1] else (0, 0, page.width, page.height)


def _edges(page: Image.Image) -> np.ndarray:
    """The strongest step in brightness in each cell of a coarse grid: float [rows, columns], 0 to 255."""
    fine = ImageOps.contain(page, (_CELLS * 4, _CELLS * 4), Image.Resampling.BOX).filter(
        ImageFilter.BoxBlur(0.5)
    )
    channels = [fine.getchannel(name) for name in "RGB"]
    steps = [
        ImageChops.subtract(c.filter(ImageFilter.MaxFilter(3)), c.filter(ImageFilter.MinFilter(3)))
        for c in channels
    ]
    strongest = ImageChops.lighter(ImageChops.lighter(steps[0], steps[1]), steps[2])
    values = np.asarray(strongest, dtype=np.float64)
    rows, columns = -(-values.shape[0] // 4), -(-values.shape[1] // 4)
    padded = np.zeros((rows * 4, columns * 4))
    padded[: values.shape[0], : values.shape[1]] = values
    return padded.reshape(rows, 4, columns, 4).max(axis=(1, 3))


def _integral(values: np.ndarray) -> np.ndarray:
    """Sums over all rectangles from the corner: [rows + 1, columns + 1]."""
    return np.pad(values.astype(np.float64).cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))


def _windows(integral: np.ndarray, down: int, across: int) -> np.ndarray:
    """The sum in every window of `down` x `across` cells, by its top left corner."""
    return (
        integral[down:, across:]
        - integral[:-down, across:]
        - integral[down:, :-across]
        + integral[:-down, :-across]
    )
