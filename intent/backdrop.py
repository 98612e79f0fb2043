"""What lies behind the drawings of a composed canvas."""

from __future__ import annotations

import math
import random

import numpy as np
from PIL import Image


def backdrop(rng: random.Random, width: int, height: int) -> np.ndarray:
    """What lies behind: plain, gradient, stripes, dots, hills, blots, or blurs like a photograph's."""

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
