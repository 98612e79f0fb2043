"""The embedded illustrator: draws a prompt from the project's own art, with no model and no network.

It reads the prompt (`idea`), chooses a palette (`palette`), a composition (`compose`) on a backdrop (`backdrop`)
and a look (`look`), writes one SVG and renders it with resvg. The same prompt, size and seed give the same bytes;
another seed gives another composition, palette or placing.

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

from pipeline.render import Stopped, compose, look
from pipeline.render.art import Drawing, load_art
from pipeline.render.backdrop import Sheet
from pipeline.render.compose import SCENIC, Part
from pipeline.render.idea import Idea, read
from pipeline.render.palette import choose_palette

OUTDOORS = {"land", "underwater", "space", "beach", "sea", "lake", "snow", "desert", "mountain", "forest", "city", "village", "field", "stage", "sky"}  # fmt: skip
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
        # the lead is the first named thing that is a real subject rather than scenery
        parts.sort(key=lambda part: part.drawing.name in SCENIC)
        return parts

    def compose(self, sheet: Sheet, idea: Idea, parts: list[Part]) -> None:
        """Choose a composition that suits the prompt, the shape of the sheet and the dice, and draw it."""
        if not parts:
            compose.abstract(sheet)
            return
        kind = self.choose(sheet, idea, parts)
        graphic: dict[str, Callable[[Sheet, Idea, list[Part]], None]] = {
            "hero": compose.hero, "badge": compose.badge, "pattern": compose.pattern, "wreath": compose.wreath,
            "tiles": compose.tiles, "flatlay": compose.flat_lay, "closeup": compose.close_up, "shelf": compose.shelf,
            "table": compose.still_life, "room": compose.interior,
        }  # fmt: skip
        if kind in graphic:
            graphic[kind](sheet, idea, parts)
        else:
            compose.scene(sheet, idea, parts, kind)

    def choose(self, sheet: Sheet, idea: Idea, parts: list[Part]) -> str:
        """The name of a composition, or of the setting of a scene."""
        rng, lead = sheet.rng, parts[0].drawing
        ratio = sheet.width / sheet.height
        if idea.view in {"pattern", "flatlay", "wreath", "tiles", "closeup"} and not (
            idea.view == "flatlay" and _stands(lead)
        ):
            return idea.view
        if idea.view == "hero" or idea.look == "minimal":
            return "hero" if lead.pose != "bust" else "badge"
        if idea.setting in OUTDOORS:
            return idea.setting
        water = [p for p in parts if p.drawing.pose in {"water", "swim"} and p.drawing.metres > 0.3]
        if water and not idea.setting:
            return "underwater" if water[0].drawing.pose == "swim" else rng.choice(("sea", "lake"))
        if any(p.drawing.name in SCENIC - {"star", "moon", "sun"} for p in parts) and not idea.setting:
            return "mountain" if any(p.drawing.name == "mountain" for p in parts) else "field"
        if idea.setting in {"table", "room"}:
            small = [p for p in parts if p.drawing.metres < 0.5 or p.drawing.category in {"food", "drink"}]
            if idea.setting == "table" or len(small) * 2 > len(parts):
                return (
                    rng.choice(("table", "table", "table", "flatlay"))
                    if not any(_stands(p.drawing) for p in parts)
                    else "table"
                )
            return "room"
        habits = HABITS.get(lead.category, (("hero", 1),))
        kinds, weights = zip(*habits, strict=True)
        kind = rng.choices(kinds, weights)[0]
        people = any(p.drawing.category == "person" for p in parts)
        if kind in {"flatlay", "pattern", "shelf", "tiles"} and (
            people or any(p.drawing.metres > 4 for p in parts)
        ):
            kind = (
                "room"
                if people and lead.category in {"home", "toy", "celebration"}
                else "field"
                if _stands(lead)
                else "hero"
            )
        if kind == "badge" and ratio not in (1.0,) and not 0.7 < ratio < 1.4:
            kind = "hero"
        if lead.pose == "bust" and kind in {"hero", "field", "city"}:
            kind = rng.choice(("badge", "table")) if 0.7 < ratio < 1.4 else "table"
        if kind in {"hero", "wreath", "badge"} and (len(parts) > 5 or ratio > 1.9 or ratio < 0.55):
            kind = "table" if lead.metres < 0.8 else "field"
        return kind


def _stands(drawing: Drawing) -> bool:
    """Whether a thing is too large or alive to lie on a table."""
    return drawing.metres > 1.2 or drawing.category in {"person", "building"}


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
