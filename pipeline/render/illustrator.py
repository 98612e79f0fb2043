"""The embedded illustrator: draws a prompt from the project's own art, with no model and no network.

It reads the prompt, chooses a palette, a composition on a backdrop and a look (see `picture/`), writes one
SVG and renders it with resvg. The same prompt, size and seed give the same bytes; another seed gives another
composition, palette or placing.

    python -m pipeline.render "A fox under a birch tree at dusk" --renderer illustrator --seed 3 --out out
"""

from __future__ import annotations

import io
import random
import threading
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace

import resvg_py
from PIL import Image

from pipeline.recipe import Picture, Recipe
from pipeline.render import Stopped
from pipeline.render.art import Mention, load_art
from pipeline.render.palette import choose_palette
from pipeline.render.picture import layouts, look, repeats, rooms, scenes
from pipeline.render.picture.choice import choose, companion
from pipeline.render.picture.idea import Idea, read
from pipeline.render.picture.props import Part
from pipeline.render.picture.scenes import SCENIC
from pipeline.render.picture.sheet import Sheet, pen
from pipeline.render.picture.unseen import unseen
from pipeline.render.surroundings import around

GROUNDS = frozenset(("field", "forest", "beach", "village"))  # where one may also sit on a blanket


@dataclass(frozen=True)
class Explanation:
    """What a picture of a prompt shows: nouns drawn (word -> drawing), those for which something close in
    meaning stands in, and nouns left out."""

    drawn: tuple[tuple[str, str], ...]
    replaced: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]

    @property
    def notes(self) -> tuple[str, ...]:
        """The same in sentences for the person who asked."""
        stand_ins = ", ".join(f"{noun} as {drawing}" for noun, drawing in self.replaced)
        return tuple(
            f"{lead}: {rest}."
            for lead, rest in (("Drawn as", stand_ins), ("Not drawn", ", ".join(self.missing)))
            if rest
        )


class Illustrator:
    """Draws prompts with the art of the project; holds nothing but what it has read from disk."""

    name = "illustrator"
    starts = False

    def __init__(self) -> None:
        self.art = load_art()

    def describe(self) -> str:
        """What draws, in plain words, and how to change it."""
        return (
            f"The embedded illustrator composes pictures from {len(self.art.drawings)} drawings of its "
            "own; it needs no model and no network. Start with --renderer and the name or folder of a "
            "diffusion model to use that instead."
        )

    def explain(self, prompt: str, shown: frozenset[str] | None = None) -> Explanation:
        """Which nouns of the prompt are drawn; `shown` are the drawings of one picture, None: all it can."""
        idea = read(prompt)
        there = [m for m in idea.mentions if shown is None or m.drawing.name in shown]
        absent = [m.words for m in idea.mentions if m not in there]
        spoken = {word for m in idea.mentions for word in m.words.split()} | idea.understood
        return Explanation(
            tuple((m.words, m.drawing.name) for m in there if not m.kin),
            tuple((m.words, m.drawing.name) for m in there if m.kin),
            (*absent, *unseen(idea.words, spoken)),
        )

    def draw(
        self,
        recipe: Recipe,
        *,
        canvas: Image.Image | None = None,
        on_step: Callable[[int, int], None] | None = None,
        stop: threading.Event | None = None,
    ) -> Picture:
        """Draw the prompt as an RGB picture of the recipe's size (each side 64 to 2048 pixels).

        The palette is used where the prompt names no colours; the notes say which nouns have no drawing and
        which are drawn as something close. The SVG has all but the paper, grain and brush of the look.
        `on_step(done, of)` is called twice. Raises Stopped when `stop` is set, ValueError on a size out of
        bounds.
        """
        size = recipe.size
        if not all(64 <= side <= 2048 for side in size):
            raise ValueError(f"The illustrator draws sides of 64 to 2048 pixels, not {size[0]} x {size[1]}.")
        sheet = self.sheet(recipe.prompt, size=size, seed=recipe.seed, palette=recipe.palette)
        svg = look.tone(sheet.svg(size), sheet.look, sheet.palette)
        if on_step:
            on_step(1, 2)
        if stop is not None and stop.is_set():
            raise Stopped
        png = resvg_py.svg_to_bytes(svg_string=svg, width=size[0], height=size[1], skip_system_fonts=True)
        image = look.surface(Image.open(io.BytesIO(bytes(png))).convert("RGB"), sheet.look, recipe.seed)
        if on_step:
            on_step(2, 2)
        if stop is not None and stop.is_set():
            raise Stopped
        notes = self.explain(recipe.prompt, frozenset(sheet.shown)).notes
        if recipe.negative:
            notes += ("The illustrator cannot be told what to leave out; that was ignored.",)
        return Picture(image, notes, svg)

    def sheet(self, prompt: str, *, size: tuple[int, int], seed: int, palette: tuple[str, ...] = ()) -> Sheet:
        """The picture as finished vectors, before the look maps their colours."""
        idea = read(prompt)
        rng = random.Random(f"{zlib.crc32(prompt[:20_000].encode(errors='replace'))} {seed}")
        unit = min(size)
        how = idea.look or "flat"
        time = {"neon": "night", "sketch": "day"}.get(how) or idea.time or "day"
        if not idea.time and how not in {"neon", "ink", "sketch"} and not idea.weather:
            time = rng.choices(("day", "dusk", "dawn"), (0.72, 0.15, 0.13))[0]
        if time == "day" and idea.weather in {"rain", "overcast"}:
            time = "overcast"
        wish = (
            prompt[:20_000] + (" neon" if how == "neon" else "") + (f" {idea.season}" if idea.season else "")
        )
        colors = choose_palette(wish, rng.randrange(1 << 30), palette)
        sheet = Sheet(1000 * size[0] / unit, 1000 * size[1] / unit, rng, colors, time, how)
        parts = self.cast(prompt, idea, rng)
        self.compose(sheet, idea, parts)
        if "bleed" not in idea.words:  # a picture that fills its window has no border of its own
            frame(sheet)
        for mention in idea.mentions:  # friends are drawn as the people they are
            if {part.drawing.name for part in company(mention)} <= sheet.shown:
                sheet.shown.add(mention.drawing.name)
        return sheet

    def cast(self, prompt: str, idea: Idea, rng: random.Random) -> list[Part]:
        """The things to draw, the most important first; never empty."""
        parts = [part for mention in idea.mentions for part in company(mention)]
        if idea.season == "autumn":
            leaves = rng.choice(("#d9813a", "#c9552f", "#dba13a"))
            parts = [
                replace(part, colors=(leaves,)) if part.drawing.name == "tree" and not part.colors else part
                for part in parts
            ]
        if not parts:
            parts = [Part(drawing) for drawing in around(prompt)]
        parts = parts[:10]
        # a table is the place of a picture rather than a thing in it
        parts.sort(key=lambda part: part.drawing.name == "table")
        # the lead is the first named thing that is a real subject rather than scenery
        parts.sort(key=lambda part: part.drawing.name in SCENIC)
        return parts

    def compose(self, sheet: Sheet, idea: Idea, parts: list[Part]) -> None:
        """Choose a composition that suits the prompt, the shape of the sheet and the dice, and draw it."""
        if not parts:
            repeats.abstract(sheet)
            return
        kind = choose(sheet, idea, parts)
        outdoors = kind not in COMPOSITIONS and kind not in scenes.UNEARTHLY
        if kind in {"room", "table"}:  # a shop or a house is what is around
            sheet.shown |= {part.drawing.name for part in parts} & rooms.AROUND
            parts = [part for part in parts if part.drawing.name not in rooms.AROUND] or parts
        if kind == "flatlay":  # the table is what all lies on
            sheet.shown |= {part.drawing.name for part in parts} & rooms.TABLES
            parts = [part for part in parts if part.drawing.name not in rooms.TABLES] or parts
        if kind not in COMPOSITIONS and all(part.drawing.name in SCENIC for part in parts):
            parts = [*parts, companion(kind)]
        dice = sheet.rng.random()

        def paint(target: Sheet) -> None:
            if kind in COMPOSITIONS:
                COMPOSITIONS[kind](target, idea, parts)
            elif outdoors and scenes.laid_out(parts) and not (kind in GROUNDS and dice < 0.5):
                rooms.still_life(target, idea, parts, kind)
            else:
                scenes.scene(target, idea, parts, kind)

        place = outdoors or kind == "room"
        if (
            place
            and len(parts) < 5
            and "bleed" not in idea.words
            and dice < 0.2
            and sheet.look in {"flat", "retro", "cut"}
            and 0.7 < sheet.width / sheet.height < 1.5
        ):
            scenes.framed(sheet, paint)
        else:
            paint(sheet)


def company(mention: Mention) -> list[Part]:
    """The parts of a mention: several friends or children are people of more than one kind."""
    drawings, count = load_art().drawings, mention.count
    mixed = {
        "couple holding hands": ("woman", "man", "person standing"),
        "child jumping": ("girl", "boy", "child jumping"),
    }
    kinds = mixed.get(mention.drawing.name, ())
    several = count >= (3 if mention.drawing.name == "couple holding hands" else 2)
    if not kinds or not several or "couple" in mention.words:
        return [Part(mention.drawing, count, mention.colors, mention.told)]
    first, second, third = (drawings[kind] for kind in kinds)
    if count < 4:
        return [Part(first, count - count // 2), Part(second, count // 2)]
    return [Part(first, count - 2 * (count // 3)), Part(second, count // 3), Part(third, count // 3)]


COMPOSITIONS: dict[str, Callable[[Sheet, Idea, list[Part]], None]] = {
    "hero": layouts.hero, "badge": layouts.badge, "pattern": repeats.pattern, "wreath": repeats.wreath,
    "tiles": repeats.tiles, "flatlay": layouts.flat_lay, "closeup": layouts.close_up, "shelf": rooms.shelf,
    "table": rooms.still_life, "room": rooms.interior,
}  # fmt: skip


def frame(sheet: Sheet) -> None:
    """The border that some looks have."""
    w, h, p = sheet.width, sheet.height, sheet.palette

    def border(inset: float, color: str, width: float) -> str:
        box = pen("M", inset, inset, "H", w - inset, "V", h - inset, "H", inset, "Z")
        return f'<path d="{box}" fill="none" stroke="{color}" stroke-width="{width}"/>'

    if sheet.look == "retro":
        sheet.add(border(14, p.paper, 28), border(34, p.dark, 4))
    elif sheet.look in {"sketch", "water", "ink"}:
        sheet.add(border(0, "#fffdf6", 64))
    elif sheet.look == "glass":
        sheet.add(border(14, p.dark, 30))
    elif sheet.look == "comic":
        sheet.add(border(0, "#fffdf6", 52), border(26, p.dark, 9))
