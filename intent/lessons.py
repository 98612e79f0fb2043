"""Composed canvases as lessons for the embedded CLIP: pixels, and what is true of each patch and the whole.

Lessons grow harder: one drawing at a time, then a few side by side, then whole canvases. A step always
holds as many pixels.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from intent.captions import DESIGN_TYPES
from intent.compose import Composed, Composer
from intent.patches import PATCH

LEAST = 13  # a thing smaller than this square, in pixels, is neither asked for nor denied
STAGES = ((0.07, 32), (0.26, 64), (1.0, 128))  # until which share of the steps canvases have which side
PHOTOGRAPHS = 0.1  # share of the canvases that look like photographs of nothing known
PIXELS = 256 * 32 * 32  # of all canvases of one step: 256 small ones, or 16 large ones


class Lessons(torch.utils.data.IterableDataset):
    """Batches of composed canvases with what is true of them, one a step."""

    def __init__(self, composer: Composer, seed: int, steps: int, first: int = 0, every: int = 1) -> None:
        """Steps first, first + every, ... of `steps`: the processes of a run take turns."""
        self.composer, self.seed, self.steps, self.first, self.every = composer, seed, steps, first, every
        self.topics = {name: number for number, name in enumerate(composer.graph.topics)}
        things = composer.things
        self.near = {  # topics that may well be meant, too
            name: {other.topic for other in composer.graph.neighbours(name)}
            | {
                other
                for other, others in things.items()
                if len(set(own) & set(others)) >= 0.5 * min(len(own), len(others))
            }
            for name, own in things.items()
        }

    def __iter__(self) -> Iterator[dict[str, Any]]:
        torch.set_num_threads(1)
        worker = torch.utils.data.get_worker_info()  # the workers of a process take turns, too
        number, many = (worker.id, worker.num_workers) if worker else (0, 1)
        for step in range(self.first + number * self.every, self.steps, self.every * many):
            side = next(side for share, side in STAGES if step < share * self.steps)
            yield self.lesson(f"train {self.seed} {step}", side)

    def canvas(self, seed: str, side: int) -> tuple[Composed, bool]:
        """A square canvas, and whether it is a whole one rather than a piece."""
        rng, compose = random.Random(f"kind {seed}"), self.composer.compose
        if side > 32 and rng.random() < PHOTOGRAPHS:
            return self.composer.photograph(seed, side), False
        dice = rng.random()
        if side == 32 or (side == 64 and dice < 0.25):
            return self.composer.mosaic(seed, side, 1), False
        if dice < (0.7 if side == 64 else 0.1):
            return self.composer.mosaic(seed, side, rng.randint(2, side // 16)), False
        if side == 64 or dice < 0.55:
            return compose(seed, side, square=True, most=side // 12), side > 64
        made = compose(seed, side if dice < 0.75 else 2 * side)
        high, wide = made.owner.shape
        top, left = (rng.randint(0, max(0, length - side)) for length in (high, wide))
        pixels, owner = (part[top : top + side, left : left + side] for part in (made.pixels, made.owner))
        square, owned = np.full((side, side, 3), 127, np.uint8), np.zeros((side, side), np.uint8)
        y, x = (side - owner.shape[0]) // 2, (side - owner.shape[1]) // 2
        square[y : y + owner.shape[0], x : x + owner.shape[1]] = pixels
        owned[y : y + owner.shape[0], x : x + owner.shape[1]] = owner
        return Composed(square, made.objects, made.inked, owned, made.topic, made.design), dice < 0.75

    def lesson(self, seed: str, side: int) -> dict[str, Any]:
        """pixels (batch, side, side, 3) uint8; patches (batch, patches, nouns) and wholes (batch, labels) as
        told: 1 true, -1 false, 0 not asked."""
        batch, nouns = PIXELS // side**2, len(self.composer.sprites.nouns)
        patches = np.full((batch, (side // PATCH) ** 2, nouns), -1, np.int8)
        wholes = np.full((batch, nouns + len(self.topics) + len(DESIGN_TYPES)), -1, np.int8)
        pixels = np.empty((batch, side, side, 3), np.uint8)
        for i in range(batch):
            made, whole = self.canvas(f"{seed} {i}", side)
            pixels[i] = made.pixels
            self._tell(made, whole, patches[i], wholes[i])
        return {"pixels": pixels, "patches": patches, "wholes": wholes}

    def _tell(self, made: Composed, whole: bool, patches: np.ndarray, wholes: np.ndarray) -> None:
        """Fill in what is true of one canvas."""
        many = made.owner.shape[0] // PATCH
        blocks = made.owner.reshape(many, PATCH, many, PATCH).swapaxes(1, 2).reshape(-1, PATCH**2)
        each = np.stack([np.bincount(block, minlength=len(made.objects) + 1)[1:] for block in blocks])
        for number in set(made.objects):
            mine = [k for k, other in enumerate(made.objects) if other == number]
            shown = each[:, mine].sum(1)  # pixels of this noun in every patch
            total, clear = shown.sum(), any(each[:, k].sum() >= 0.4 * made.inked[k] for k in mine)
            plain = clear and (total >= LEAST**2 or many == 1)
            answer = np.where(shown > (0.04 * PATCH**2 if plain else 0), 0, -1)
            if plain:
                answer[shown >= 0.3 * min(PATCH**2, total)] = 1
            patches[:, number] = answer
            wholes[number] = 1 if plain else 0 if total else -1
        about, kinds = wholes[patches.shape[1] : -len(DESIGN_TYPES)], wholes[-len(DESIGN_TYPES) :]
        if made.objects and not made.topic:
            about[:] = 0
        elif made.objects:
            about[[self.topics[name] for name in self.near[made.topic]]] = 0
            about[self.topics[made.topic]] = 1
        kinds[:] = [1 if name == made.design else -1 for name in DESIGN_TYPES] if whole else 0
