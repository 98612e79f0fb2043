"""The drawings of a design: one, a group, a pattern of them; and what livens a ground up."""

from __future__ import annotations

import math
from collections.abc import Sequence

from pipeline.render.art import NATURAL, bare, box, fragment, mean_color, recolour, tint
from pipeline.render.design.lettering import Box
from pipeline.render.design.page import Page
from pipeline.render.design.shapes import circle, disc, path, polygon, rect, stroke
from pipeline.render.palette import distance, mix


def _fragment(
    page: Page,
    index: int,
    x: float,
    foot: float,
    height: float,
    ground: str,
    turn: float = 0,
    flip: bool = False,
) -> str:
    """A drawing on its foot; on a ground of its own colour it takes the palette's other colours."""
    drawing, colors = page.motifs[index % len(page.motifs)]
    natural = drawing.category in NATURAL  # no blue pizza, whatever the palette
    body = tint(drawing.body, colors, bare(drawing)) if colors else drawing.body
    options = [recolour(body, page.palette, natural=True)] if natural else []
    options += [recolour(body, page.palette.turned(turns)) for turns in range(4)]
    clear = (each for each in options if distance(mean_color(each), ground) > 0.16)
    shown = next(clear, options[0])
    return fragment(drawing, x, foot, height, body=shown, flip=flip, turn=turn)


def _slimness(page: Page, index: int) -> float:
    """The ink width of a motif in multiples of its height."""
    left, top, right, bottom = box(page.motifs[index % len(page.motifs)][0])
    return (right - left) / (bottom - top)


def motif(
    page: Page, index: int, x: float, y: float, size: float, ground: str, turn: float = 0, flip: bool = False
) -> None:
    """Draw a motif about its middle, at most `size` wide and high."""
    height = size * min(1.0, 1.0 / _slimness(page, index))
    page.add(_fragment(page, index, x, y + height / 2, height, ground, turn, flip))


def cluster(page: Page, area: Box, ground: str, most: int = 3, middling: bool = False) -> None:
    """Draw a group of motifs at the bottom or in the middle of the area, the first the largest."""
    left, top, right, bottom = area
    count = min(most, len(page.motifs))
    shares = [1.0, 0.62, 0.54, 0.42, 0.4][:count]
    widths = [share * _slimness(page, i) for i, share in enumerate(shares)]
    overlap = 0.86
    total = widths[0] + overlap * sum(widths[1:])
    height = min(bottom - top, (right - left) / total)
    bottom -= (bottom - top - height) / 2 if middling else 0
    lean = (sum(widths[1::2]) - sum(widths[2::2])) * overlap * height / 2
    middle = (left + right) / 2 + lean
    page.add(
        f'<ellipse cx="{(left + right) / 2:.1f}" cy="{bottom:.1f}" rx="{total * height * 0.5:.1f}" '
        f'ry="{height * 0.045:.1f}" fill="{page.palette.dark}" opacity="0.13"/>',
        _fragment(page, 0, middle, bottom, height, ground),
    )
    edges = [middle - widths[0] * height / 2, middle + widths[0] * height / 2]
    for i in range(1, count):
        side, sign = (0, -1) if i % 2 else (1, 1)
        wide = widths[i] * height
        at = edges[side] + sign * wide * (overlap - 0.5)
        foot = bottom + 0.012 * height
        page.add(_fragment(page, i, at, foot, shares[i] * height, ground, flip=side > 0))
        edges[side] += sign * wide * overlap


def scatter(page: Page, area: Box, ground: str, size: float, clear: Box) -> None:
    """Draw a staggered pattern of the motifs over the area, but for what `clear` would hide wholly."""
    left, top, right, bottom = area
    step = size * 1.55
    rows, columns = max(2, round((bottom - top) / step) + 1), max(2, round((right - left) / step) + 1)
    near = 0.11 * size
    for number in range((rows + 1) * (columns + 1)):
        row, column = divmod(number, columns + 1)
        x = left + (column + 0.5 * (row % 2)) * (right - left) / columns
        y = top + row * (bottom - top) / rows
        if clear[0] - near < x < clear[2] + near and clear[1] - near < y < clear[3] + near:
            continue
        motif(page, number, x, y, size, ground, page.rng.uniform(-16, 16), number % 2 == 0)
        page.add(disc(x + step * 0.5, y, size * 0.045, mix(ground, page.palette.paper, 0.5)))


def confetti(page: Page, area: Box, colors: Sequence[str], count: int) -> None:
    """Draw small dots, rings and dashes over the area."""
    left, top, right, bottom = area
    for _ in range(count):
        x, y = page.rng.uniform(left, right), page.rng.uniform(top, bottom)
        color, r = page.rng.choice(list(colors)), page.unit * page.rng.uniform(0.005, 0.011)
        dash = rect(x - r * 1.5, y - r * 0.4, r * 3, r * 0.8, color, r * 0.4)
        tilted = f'<g transform="rotate({page.rng.uniform(0, 180):.0f} {x:.1f} {y:.1f})">{dash}</g>'
        page.add(page.rng.choice((disc(x, y, r, color), stroke(circle(x, y, r), color, r * 0.5), tilted)))


def rays(page: Page, x: float, y: float, ground: str, other: str, count: int = 28) -> None:
    """Draw sunrays from a point over the whole page."""
    far = 2 * (page.width + page.height)
    page.add(rect(0, 0, page.width, page.height, ground))
    for i in range(count):
        a, b = 2 * math.pi * i / count, 2 * math.pi * (i + 0.5) / count
        ends = ((x + far * math.cos(angle), y + far * math.sin(angle)) for angle in (a, b))
        page.add(path(polygon((x, y), *ends), other))
