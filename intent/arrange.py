"""Where things stand on a composed canvas: design types, and the arrangements of their drawings.

A design type sets the proportions and parts the sheet into a zone for drawings and one for words; an
arrangement puts drawings into a zone. HELD_OUT arrangements are for measuring and are never trained on.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Design:
    """What a design type looks like: its proportions, where its words stand and how many lines."""

    wide: tuple[float, float]  # width over height, from and to
    words: str  # top, bottom, middle, left, list, below or none
    lines: tuple[int, int]
    objects: tuple[int, int]
    framed: float = 0.1  # how often it has a border


DESIGNS = {
    "poster": Design((0.66, 0.8), "top", (1, 3), (1, 4)),
    "flyer": Design((0.66, 0.8), "left", (4, 7), (1, 3)),
    "instagram post": Design((1.0, 1.0), "middle", (1, 2), (2, 5)),
    "instagram story": Design((0.5, 0.58), "middle", (1, 3), (1, 4)),
    "invitation": Design((0.68, 0.78), "middle", (3, 6), (2, 5), 0.8),
    "card": Design((1.3, 1.5), "bottom", (1, 1), (1, 3), 0.4),
    "banner": Design((2.4, 3.6), "left", (1, 2), (1, 4)),
    "business card": Design((1.65, 1.8), "left", (3, 5), (1, 1)),
    "logo": Design((1.0, 1.0), "below", (1, 2), (1, 1)),
    "menu": Design((0.6, 0.75), "list", (6, 11), (1, 3), 0.5),
    "presentation": Design((1.7, 1.8), "left", (3, 6), (1, 3)),
    "infographic": Design((0.36, 0.5), "list", (4, 7), (3, 6)),
}
Spot = tuple[float, float, float]  # middle x, middle y and longer side of a drawing, in pixels
Zone = tuple[float, float, float, float]  # left, top, right, bottom


def zones(rng: random.Random, kind: Design | None, width: int, height: int) -> tuple[Zone, Zone]:
    """Where the drawings and where the words of a design go."""
    whole: Zone = (0.06 * width, 0.06 * height, 0.94 * width, 0.94 * height)
    if kind is None or kind.words == "none":
        return whole, whole
    left, top, right, bottom = whole
    share = rng.uniform(0.25, 0.4)
    if kind.words == "top":
        cut = top + share * (bottom - top)
        return (left, cut, right, bottom), (left, top, right, cut)
    if kind.words in ("bottom", "below"):
        cut = bottom - share * (bottom - top)
        return (left, top, right, cut), (left, cut, right, bottom)
    if kind.words == "left":
        cut = left + rng.uniform(0.45, 0.62) * (right - left)
        if rng.random() < 0.3:  # the other way round
            return (left, top, left + right - cut, bottom), (left + right - cut, top, right, bottom)
        return (cut, top, right, bottom), (left, top, cut, bottom)
    if kind.words == "list":
        cut = left + rng.uniform(0.55, 0.75) * (right - left)
        return (cut, top, right, bottom), (left, top, cut, bottom)
    middle = (left, top + 0.35 * (bottom - top), right, top + 0.65 * (bottom - top))
    return rng.choice((whole, (left, top, right, middle[1]), (left, middle[3], right, bottom))), middle


def _scatter(rng: random.Random, zone: Zone, count: int) -> list[Spot]:
    """Anywhere, preferably apart."""
    left, top, right, bottom = zone
    room = math.sqrt((right - left) * (bottom - top) / count)
    spots: list[Spot] = []
    for _ in range(count):
        size = room * rng.uniform(0.5, 1.25)
        tries = []
        for _ in range(6):
            x, y = rng.uniform(left, right), rng.uniform(top, bottom)
            tries.append((min((math.dist((x, y), s[:2]) - 0.4 * s[2] for s in spots), default=0), x, y))
        _, x, y = max(tries)
        spots.append((x, y, size))
    return spots


def grid(rng: random.Random, zone: Zone, count: int) -> list[Spot]:
    """In columns and rows, each a little off."""
    left, top, right, bottom = zone
    columns = max(1, round(math.sqrt(count * (right - left) / max(bottom - top, 1))))
    rows = math.ceil(count / columns)
    wide, high = (right - left) / columns, (bottom - top) / rows
    size = min(wide, high) * rng.uniform(0.7, 1.05)
    return [
        (left + (i % columns + 0.5) * wide, top + (i // columns + 0.5) * high, size * rng.uniform(0.85, 1.1))
        for i in range(count)
    ]


def _row(rng: random.Random, zone: Zone, count: int) -> list[Spot]:
    """Side by side on a ground, the ones behind first and smaller."""
    left, top, right, bottom = zone
    step = (right - left) / count
    size = min(step * 1.3, bottom - top)
    spots = []
    for i in range(count):
        depth = rng.uniform(0.55, 1.1)
        spots.append(
            (left + (i + 0.5) * step, bottom - size * (0.5 * depth + 0.3 * (1.1 - depth)), size * depth)
        )
    return sorted(spots, key=lambda spot: spot[2])


def _hero(rng: random.Random, zone: Zone, count: int) -> list[Spot]:
    """One large, the others small around it."""
    left, top, right, bottom = zone
    x, y = (left + right) / 2, (top + bottom) / 2
    large = min(right - left, bottom - top) * rng.uniform(0.6, 1.05)
    spots: list[Spot] = [(x, y, large)]
    turn = rng.uniform(0, math.tau)
    for i in range(count - 1):
        angle = turn + math.tau * i / max(count - 1, 1)
        far = rng.uniform(0.36, 0.5)
        spots.append(
            (x + far * (right - left) * math.cos(angle), y + far * (bottom - top) * math.sin(angle),
             large * rng.uniform(0.25, 0.5))
        )  # fmt: skip
    return spots


def _heap(rng: random.Random, zone: Zone, count: int) -> list[Spot]:
    """Close together and over one another."""
    left, top, right, bottom = zone
    size = min(right - left, bottom - top) * rng.uniform(0.4, 0.6)
    return [
        (rng.gauss((left + right) / 2, 0.22 * (right - left)),
         rng.gauss((top + bottom) / 2, 0.22 * (bottom - top)),
         size * rng.uniform(0.6, 1.3))
        for _ in range(count)
    ]  # fmt: skip


def _ring(rng: random.Random, zone: Zone, count: int) -> list[Spot]:
    """Around an empty middle; held out."""
    left, top, right, bottom = zone
    turn, size = rng.uniform(0, math.tau), min(right - left, bottom - top) * min(0.42, 1.6 / count)
    return [
        ((left + right) / 2 + 0.36 * (right - left) * math.cos(turn + math.tau * i / count),
         (top + bottom) / 2 + 0.36 * (bottom - top) * math.sin(turn + math.tau * i / count), size)
        for i in range(count)
    ]  # fmt: skip


def _diagonal(rng: random.Random, zone: Zone, count: int) -> list[Spot]:
    """From corner to corner; held out."""
    left, top, right, bottom = zone
    size = min((right - left) / count * 1.3, bottom - top)
    rising = rng.random() < 0.5
    return [
        (left + (i + 0.5) / count * (right - left),
         top + ((count - i - 0.5) if rising else (i + 0.5)) / count * (bottom - top), size)
        for i in range(count)
    ]  # fmt: skip


def _corners(rng: random.Random, zone: Zone, count: int) -> list[Spot]:
    """In the corners, then the middle; held out."""
    left, top, right, bottom = zone
    size = min(right - left, bottom - top) * rng.uniform(0.3, 0.42)
    near, far = size / 2, 1 - size / 2
    places = [(left + near, top + near), (right - near, bottom - near), (right - near, top + near),
              (left + near, bottom - near), ((left + right) / 2, (top + bottom) / 2)]  # fmt: skip
    return [(*places[i % 5], size * (1 if i < 5 else 0.5)) for i in range(count)] if far else []


Arrange = Callable[[random.Random, Zone, int], list[Spot]]
TRAINED: tuple[Arrange, ...] = (_scatter, grid, _row, _hero, _heap)
HELD_OUT: tuple[Arrange, ...] = (_ring, _diagonal, _corners)
