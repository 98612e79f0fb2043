"""The embedded illustrator: draws a prompt from the project's own art, with no model and no network.

It reads the prompt, chooses a palette, a composition on a backdrop and a look (see `picture/`), writes one SVG
and renders it with resvg. The same prompt, size and seed give the same bytes; another seed gives another
composition, palette or placing.

    python -m pipeline.render.illustrator "a fox under a birch tree at dusk" out.png --seed 3
"""

from __future__ import annotations

import argparse
import io
import random
import re
import threading
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import resvg_py
from PIL import Image

from pipeline.render import Stopped
from pipeline.render.art import Drawing, load_art
from pipeline.render.palette import choose_palette
from pipeline.render.picture import layouts, look, places
from pipeline.render.picture.idea import Idea, read
from pipeline.render.picture.places import SCENIC
from pipeline.render.picture.props import Part
from pipeline.render.picture.sheet import Sheet

OUTDOORS = {"land", "underwater", "space", "beach", "sea", "lake", "snow", "desert", "mountain", "forest", "city", "village", "field", "stage", "sky"}  # fmt: skip
GROUNDS = frozenset(("field", "forest", "beach", "village"))  # where one may also sit on a blanket
# Where things without a place of their own are usually seen: category -> (composition or setting, weight).
HABITS: dict[str, tuple[tuple[str, int], ...]] = {
    "animal": (("field", 4), ("forest", 3), ("hero", 2), ("badge", 2), ("wreath", 1), ("pattern", 1)),
    "building": (("field", 3), ("village", 2), ("city", 3), ("hero", 1)),
    "plant": (("field", 2), ("wreath", 3), ("hero", 3), ("pattern", 2), ("table", 2), ("tiles", 1)),
    "person": (("field", 3), ("room", 3), ("city", 2), ("hero", 2), ("badge", 2)),
    "food": (("table", 5), ("flatlay", 3), ("hero", 2), ("pattern", 2), ("tiles", 1)),
    "drink": (("table", 5), ("hero", 3), ("flatlay", 1), ("tiles", 1), ("shelf", 1)),
    "home": (("room", 4), ("table", 2), ("shelf", 2), ("hero", 2)),
    "transport": (("city", 4), ("field", 3), ("hero", 2), ("tiles", 1)),
    "nature": (("field", 3), ("mountain", 2), ("sea", 2), ("hero", 1)),
    "celebration": (("table", 2), ("room", 2), ("hero", 3), ("pattern", 2), ("tiles", 1), ("wreath", 1)),
    "holiday": (("room", 2), ("hero", 3), ("wreath", 2), ("pattern", 2), ("table", 1)),
    "fashion": (("hero", 3), ("flatlay", 4), ("shelf", 2), ("pattern", 1), ("tiles", 1)),
    "tool": (("flatlay", 4), ("table", 3), ("hero", 2), ("tiles", 1), ("shelf", 1)),
    "office": (("table", 4), ("flatlay", 3), ("hero", 2), ("tiles", 2)),
    "tech": (("table", 3), ("hero", 3), ("tiles", 2), ("room", 1)),
    "science": (("table", 3), ("hero", 3), ("tiles", 2), ("shelf", 1)),
    "music": (("stage", 4), ("hero", 3), ("room", 1), ("tiles", 1), ("pattern", 1)),
    "sport": (("field", 3), ("hero", 4), ("pattern", 1), ("tiles", 1)),
    "symbol": (("hero", 4), ("tiles", 3), ("wreath", 2), ("pattern", 1)),
    "toy": (("room", 3), ("shelf", 3), ("hero", 2), ("pattern", 1)),
}
LIGHTS = {
    "night": ("moon", "star", "constellation"),
    "dusk": ("sunset over sea",),
    "dawn": ("sunrise over hills",),
}


@dataclass(frozen=True)
class Explanation:
    """What a picture of a prompt shows: nouns drawn (word -> drawing) and content words left undrawn."""

    drawn: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]


class Illustrator:
    """Draws prompts with the art of the project; holds nothing but what it has read from disk."""

    name = "illustrator"

    def __init__(self) -> None:
        self.art = load_art()

    def describe(self) -> str:
        """What draws, in plain words, and how to change it."""
        return (
            f"The embedded illustrator composes pictures from {len(self.art.drawings)} drawings of its own; it needs "
            "no model and no network. Start with --renderer and the name or folder of a diffusion model to use that."
        )

    def explain(self, prompt: str) -> Explanation:
        """Which nouns of the prompt are drawn, and which content words are not."""
        idea = read(prompt)
        return Explanation(tuple((m.words, m.drawing.name) for m in idea.mentions), idea.missing)

    def draw(
        self,
        prompt: str,
        *,
        size: tuple[int, int],
        seed: int,
        task: str = "T2I",
        design_type: str = "",
        words: tuple[str, ...] = (),
        palette: tuple[str, ...] = (),
        on_step: Callable[[int, int], None] | None = None,
        stop: threading.Event | None = None,
    ) -> Image.Image:
        """Draw the prompt as an RGB picture of `size` pixels (width, height; each 64 to 2048).

        `palette` are the canvas's dominant colours, used where the prompt names none. `on_step(done, of)` is
        called twice. Raises Stopped when `stop` is set, ValueError on a size out of bounds.
        """
        if not all(64 <= side <= 2048 for side in size):
            raise ValueError(f"The illustrator draws sides of 64 to 2048 pixels, not {size[0]} x {size[1]}.")
        svg, how = self.svg(prompt, size=size, seed=seed, palette=palette)
        if on_step:
            on_step(1, 2)
        if stop is not None and stop.is_set():
            raise Stopped
        png = resvg_py.svg_to_bytes(svg_string=svg, width=size[0], height=size[1], skip_system_fonts=True)
        image = look.surface(Image.open(io.BytesIO(bytes(png))).convert("RGB"), how, seed)
        if on_step:
            on_step(2, 2)
        if stop is not None and stop.is_set():
            raise Stopped
        return image

    def svg(
        self, prompt: str, *, size: tuple[int, int], seed: int, palette: tuple[str, ...] = ()
    ) -> tuple[str, str]:
        """The picture as one SVG document, and the look its surface takes."""
        idea = read(prompt)
        rng = random.Random(f"{zlib.crc32(prompt[:20_000].encode(errors='replace'))} {seed}")
        unit = min(size)
        how = idea.look or "flat"
        time = "night" if how == "neon" and not idea.time else idea.time or "day"
        if not idea.time and how not in {"neon", "ink"} and not idea.weather:
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
        frame(sheet)
        return look.tone(sheet.svg(size), how, colors), how

    def cast(self, prompt: str, idea: Idea, rng: random.Random) -> list[Part]:
        """The things to draw, the most important first; never empty."""
        parts = [Part(m.drawing, m.count, m.colors) for m in idea.mentions]
        if not parts:
            parts = [Part(drawing) for drawing in self.art.near(prompt, 4)]
        parts = parts[:10]
        # a table is the place of a picture rather than a thing in it
        parts.sort(key=lambda part: part.drawing.name == "table")
        # the lead is the first named thing that is a real subject rather than scenery
        parts.sort(key=lambda part: part.drawing.name in SCENIC)
        return parts

    def compose(self, sheet: Sheet, idea: Idea, parts: list[Part]) -> None:
        """Choose a composition that suits the prompt, the shape of the sheet and the dice, and draw it."""
        if not parts:
            layouts.abstract(sheet)
            return
        kind = choose(sheet, idea, parts)
        if kind not in {"room", "table", "field", "village"}:
            parts = [part for part in parts if part.drawing.name != "table"] or parts
        if kind in COMPOSITIONS:
            COMPOSITIONS[kind](sheet, idea, parts)
        elif (
            kind not in places.UNEARTHLY
            and places.laid_out(parts)
            and not (kind in GROUNDS and sheet.rng.random() < 0.5)
        ):
            places.still_life(sheet, idea, parts, kind)
        elif (
            0.7 < sheet.width / sheet.height < 1.5
            and sheet.look in {"flat", "retro", "cut"}
            and sheet.rng.random() < 0.18
        ):
            places.framed(sheet, idea, parts, kind)
        else:
            places.scene(sheet, idea, parts, kind)


COMPOSITIONS: dict[str, Callable[[Sheet, Idea, list[Part]], None]] = {
    "hero": layouts.hero, "badge": layouts.badge, "pattern": layouts.pattern, "wreath": layouts.wreath,
    "tiles": layouts.tiles, "flatlay": layouts.flat_lay, "closeup": layouts.close_up, "shelf": places.shelf,
    "table": places.still_life, "room": places.interior,
}  # fmt: skip


def choose(sheet: Sheet, idea: Idea, parts: list[Part]) -> str:
    """The name of a composition, or of the setting of a scene."""
    rng, lead = sheet.rng, parts[0].drawing
    ratio = sheet.width / sheet.height
    indoors = idea.setting in {"table", "room"}
    bulky = any(_bulky(part.drawing) for part in parts[: 1 if indoors else 4])
    alive = any(part.drawing.category == "person" and part.drawing.metres > 0.7 for part in parts)
    if idea.view == "tiles" or (idea.view == "pattern" and not alive):
        return idea.view
    if idea.view in {"flatlay", "closeup", "wreath"} and not ((bulky and idea.view != "flatlay") or alive):
        return idea.view
    few = len(parts) < 4 and not bulky and not alive and lead.name not in SCENIC
    if idea.view == "hero" or idea.look == "minimal" or (few and idea.setting and rng.random() < 0.12):
        lone = not any(part.drawing.category == "person" for part in parts[1:])
        return "badge" if lead.pose == "bust" and lone and 0.6 < ratio < 1.7 else "hero"
    if idea.setting in OUTDOORS - {"stage", "sky"} or (
        idea.setting in OUTDOORS and not alive and idea.setting != "sky"
    ):
        return idea.setting
    if idea.setting == "stage":
        return "stage"
    if idea.setting == "sky" and not bulky and lead.place == "sky":
        return "sky"
    if bulky:
        ships = [part for part in parts if part.drawing.pose == "water"]
        shop = lead.name in {"storefront", "office building", "taxi", "bus"}
        return rng.choice(
            ("sea", "lake") if ships else ("city", "village") if shop else ("city", "village", "field")
        )
    water = [part for part in parts if part.drawing.pose in {"water", "swim"}]
    if water and not idea.setting and water[0].drawing.category != "food":
        return "underwater" if water[0].drawing.pose == "swim" else rng.choice(("sea", "lake"))
    if not idea.setting and any(part.drawing.name in SCENIC for part in parts) and lead.metres > 0.5:
        return "mountain" if any(part.drawing.name == "mountain" for part in parts) else "field"
    furniture = any(
        p.drawing.category == "home" and p.drawing.metres >= 0.9 and p.drawing.name != "table" for p in parts
    )
    slender = not 0.6 < ratio < 1.7
    if idea.setting in {"table", "room"}:
        small = [p for p in parts if p.drawing.metres < 0.45 or p.drawing.category in {"food", "drink"}]
        if not furniture and (idea.setting == "table" or len(small) * 3 > 2 * len(parts)):
            if ratio < 0.6:
                flying = any(part.drawing.place == "sky" for part in parts)
                return "room" if alive else rng.choice(("tiles", "pattern", "pattern" if flying else "shelf"))
            return "table" if alive or rng.random() < 0.75 else "flatlay"
        flying = all(part.drawing.place == "sky" or part.drawing.pose == "scatter" for part in parts)
        if flying:
            return rng.choice(("sky", "hero"))
        return "table" if alive and not furniture and rng.random() < 0.25 else "room"
    if furniture:
        return "room"
    if (
        lead.place == "sky"
        and (idea.setting in {"", "room", "sky"})
        and lead.category in {"celebration", "toy", "nature"}
    ):
        return rng.choice(("sky", "hero", "hero", "pattern" if len(parts) < 4 and not alive else "sky"))
    kinds, weights = zip(*HABITS.get(lead.category, (("hero", 1),)), strict=True)
    kind = rng.choices(kinds, weights)[0]
    if kind in {"flatlay", "pattern", "shelf", "tiles"} and alive:
        kind = "room"
    if kind == "shelf" and (len(parts) < 3 or any(part.drawing.place == "sky" for part in parts)):
        kind = "hero"
    if kind == "badge" and any(part.drawing.category == "person" for part in parts[1:]):
        kind = "table" if lead.pose == "bust" else "field"
    if lead.pose == "bust" and kind in {"hero", "field", "city", "wreath"}:
        kind = rng.choice(("badge", "table"))
    if kind in {"hero", "wreath", "badge"} and (len(parts) > 5 or slender):
        kind = (
            "table"
            if lead.metres < 0.8
            else "room"
            if lead.category in {"home", "toy", "fashion"}
            else "field"
        )
    if kind == "table" and ratio < 0.6:
        kind = "tiles" if not alive else "room"
    return kind


def _bulky(drawing: Drawing) -> bool:
    """Whether a thing is too large to be indoors."""
    return (drawing.category in {"building", "transport"} and drawing.metres > 1.9) or drawing.metres >= 4


def frame(sheet: Sheet) -> None:
    """The border that some looks have."""
    w, h, p = sheet.width, sheet.height, sheet.palette
    if sheet.look == "retro":
        sheet.add(
            f'<rect x="14" y="14" width="{w - 28:.0f}" height="{h - 28:.0f}" fill="none" stroke="{p.paper}" stroke-width="28"/>'
        )
        sheet.add(
            f'<rect x="34" y="34" width="{w - 68:.0f}" height="{h - 68:.0f}" fill="none" stroke="{p.dark}" stroke-width="4"/>'
        )
    elif sheet.look in {"sketch", "water", "ink"}:
        sheet.add(
            f'<rect x="0" y="0" width="{w:.0f}" height="{h:.0f}" fill="none" stroke="#fffdf6" stroke-width="64"/>'
        )
    elif sheet.look == "comic":
        sheet.add(
            f'<rect x="0" y="0" width="{w:.0f}" height="{h:.0f}" fill="none" stroke="#fffdf6" stroke-width="52"/>'
        )
        sheet.add(
            f'<rect x="26" y="26" width="{w - 52:.0f}" height="{h - 52:.0f}" fill="none" stroke="{p.dark}" stroke-width="9"/>'
        )


def main() -> None:
    """Draw one prompt into a PNG file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("prompt")
    parser.add_argument("out")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--size", default="1024x1024", help="width x height in pixels")
    args = parser.parse_args()
    width, height = (int(side) for side in re.findall(r"\d+", args.size)[:2])
    illustrator = Illustrator()
    illustrator.draw(args.prompt, size=(width, height), seed=args.seed).save(args.out)
    print(illustrator.explain(args.prompt))


if __name__ == "__main__":
    main()
