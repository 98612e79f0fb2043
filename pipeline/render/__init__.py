"""Renderers: what turns a recipe into a picture or a design.

Each is a class of its own that looks like `Renderer`; `choose.py` says which one is at work. Adding one means
writing the class and naming it there.
"""

import threading
from collections.abc import Callable
from typing import Protocol

from PIL import Image

from pipeline.recipe import Picture, Recipe


class Renderer(Protocol):
    """What every renderer has."""

    @property
    def name(self) -> str:
        """Tells it from any other that would draw the same recipe differently."""

    @property
    def starts(self) -> bool:
        """Whether it can start from the canvas (`Recipe.start`); the studio asks no other to."""

    def describe(self) -> str:
        """One plain sentence: what it is and how to change it."""

    def draw(
        self,
        recipe: Recipe,
        *,
        canvas: Image.Image | None = None,
        on_step: Callable[[int, int], None] | None = None,
        stop: threading.Event | None = None,
    ) -> Picture:
        """An RGB picture of `recipe.size` (a template: of its area, in the shape of its design type).

        The same recipe gives the same pixels. `canvas` (RGB) is there when the recipe starts from it.
        `on_step(done, total)` reports progress. Raises Stopped within a step of `stop` being set, and
        RendererError when it cannot draw.
        """


class RendererError(RuntimeError):
    """The renderer cannot be loaded or cannot draw; the message says why and what to do."""


class Stopped(Exception):
    """The drawing was stopped on request."""
