"""What lies behind the drawings of a composed canvas; what looks like a photograph of nothing known."""

from __future__ import annotations

import math
import random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter


def backdrop(rng: random.Random, width: int, height: int) -> np.ndarray:
    """What lies behind: plain, gradient, stripes, dots, hills, blots, blurs, or as if photographed."""

    def colour() -> np.ndarray:
        base, spread = rng.choice((rng.uniform(0, 255), rng.uniform(190, 250))), rng.uniform(0, 70)
        return np.array([min(255, max(0, base + rng.uniform(-spread, spread))) for _ in range(3)], np.float32)

    first, second = colour(), colour()
    sheet = np.empty((height, width, 3), np.float32)
    sheet[:] = first
    kind = rng.random()
    if kind < 0.3:
        return sheet
    down, across = np.mgrid[0:height, 0:width].astype(np.float32) / max(width, height)
    if kind < 0.5:  # gradient
        angle = rng.uniform(0, math.tau)
        share = across * math.cos(angle) + down * math.sin(angle)
        share = (share - share.min()) / (np.ptp(share) + 1e-6)
        return sheet + share[:, :, None] * (second - first)
    if kind < 0.6:  # stripes, checks
        many = rng.uniform(4, 20)
        band = np.floor(across * many) + (np.floor(down * many) if rng.random() < 0.4 else 0)
        return np.where((band % 2 == 0)[:, :, None], first, first + 0.4 * (second - first)).astype(np.float32)
    if kind < 0.68:  # dots
        many, radius = rng.uniform(5, 16), rng.uniform(0.1, 0.4)
        dot = np.hypot(across * many % 1 - 0.5, down * many % 1 - 0.5) < radius
        return np.where(dot[:, :, None], first + 0.5 * (second - first), first).astype(np.float32)
    if kind < 0.82:  # a sky over ground, perhaps hills
        line = rng.uniform(0.45, 0.8) * height / max(width, height)
        hills = line + rng.uniform(0, 0.06) * np.sin(across * rng.uniform(3, 12) + rng.uniform(0, 6))
        ground = (down > hills)[:, :, None]
        sky = first + (down[:, :, None] / (line + 1e-6)) * rng.uniform(0, 0.5) * (colour() - first)
        return np.where(ground, second, sky).astype(np.float32)
    if kind > 0.96:
        return like_photograph(rng, width, height).astype(np.float32)
    coarse = rng.choice((3, 6, 12, 24))
    dice = np.random.default_rng(rng.getrandbits(32))
    blots = (
        dice.random((coarse, coarse, 3), np.float32)
        if kind < 0.92
        else dice.random((coarse, coarse, 1), np.float32)
    )
    if kind < 0.92:  # like a photograph out of focus
        soft = Image.fromarray((255 * blots).astype(np.uint8)).resize(
            (width, height), Image.Resampling.BICUBIC
        )
        return 0.3 * sheet + 0.7 * np.asarray(soft, np.float32)
    soft = Image.fromarray((255 * blots[:, :, 0]).astype(np.uint8)).resize(
        (width, height), Image.Resampling.BICUBIC
    )
    return np.where((np.asarray(soft) > 150)[:, :, None], first, second).astype(np.float32)


def like_photograph(rng: random.Random, width: int, height: int) -> np.ndarray:
    """Pixels (height, width, 3) uint8 with the statistics of a photograph, but nothing to name: leaves of all
    sizes over one another (the dead leaves model of Lee, Mumford and Huang, 2001), shaded, rough, here and
    there out of focus, with grain."""
    dice = np.random.default_rng(rng.getrandbits(32))
    long = max(width, height)
    colours = dice.normal(dice.uniform(50, 190), 30, (rng.randint(2, 6), 1)) + dice.normal(0, 28, (1, 3))
    sheet = Image.new("RGB", (width, height), tuple(int(c) for c in np.clip(colours[0], 0, 255)))
    pen = ImageDraw.Draw(sheet)
    least, most = long * rng.uniform(0.01, 0.06), long * rng.uniform(0.2, 0.6)
    for _ in range(rng.randint(30, 220)):
        size = min(most, least / math.sqrt(max(rng.random(), 1e-3)))
        x, y = rng.uniform(0, width), rng.uniform(0, height)
        slim, turn = rng.uniform(0.2, 1), rng.uniform(0, 3.2)
        corners = rng.choice((3, 4, 5, 9, 16))
        angles = [math.tau * (k + rng.uniform(-0.3, 0.3)) / corners for k in range(corners)]
        spots = [(size * math.cos(a), slim * size * math.sin(a)) for a in angles]
        cos, sin = math.cos(turn), math.sin(turn)
        fill = colours[rng.randrange(len(colours))] + dice.normal(0, 18, 3)
        pen.polygon(
            [(x + cos * u - sin * v, y + sin * u + cos * v) for u, v in spots],
            fill=tuple(int(c) for c in np.clip(fill, 0, 255)),
        )

    def field(coarse: int) -> np.ndarray:
        small = Image.fromarray((255 * dice.random((coarse, coarse), np.float32)).astype(np.uint8))
        large = small.resize((width, height), Image.Resampling.BICUBIC)
        return np.asarray(large, np.float32)[:, :, None] / 255

    rough = sum((field(4 * 2**k) - 0.5) / 2 ** (0.6 * k) for k in range(5))
    sharp = np.asarray(sheet, np.float32)
    soft = sheet.filter(ImageFilter.GaussianBlur(long * rng.uniform(0.004, 0.03)))
    focus = np.clip(2.5 * field(3) - rng.uniform(0.2, 1.4), 0, 1)
    pixels = focus * sharp + (1 - focus) * np.asarray(soft, np.float32)
    pixels = pixels * (0.55 + 0.9 * field(3)) + rng.uniform(10, 60) * rough
    return np.clip(pixels + dice.normal(0, rng.uniform(0.5, 6), pixels.shape), 0, 255).astype(np.uint8)
