"""Templates: a T2T prompt becomes a real design, with the canvas's words typeset in it.

The design type gives the page its shape and its layouts, the prompt gives motifs, colours and fonts, the
canvas its words and palette. A layout divides the page; text is fitted into its part by measuring, so nothing
overflows or overlaps; where a layout would make the text too small, the next one is tried.

    python -m pipeline.render "An elegant price list for a nail salon" --task T2T --out out
"""

from __future__ import annotations

import io
import math
import random
import re
import threading
import zlib
from collections.abc import Callable

import resvg_py
from PIL import Image

from pipeline.recipe import Picture, Recipe
from pipeline.render import Renderer, Stopped
from pipeline.render.art import Art, Drawing, load_art, tokens
from pipeline.render.design import layouts, special
from pipeline.render.design.editable import document
from pipeline.render.design.faces import PAIRINGS, Pairing
from pipeline.render.design.kinds import kind_of
from pipeline.render.design.lettering import draw_lines
from pipeline.render.design.page import Page
from pipeline.render.design.wording import DESIGNS, word
from pipeline.render.palette import COLORS, choose_palette
from pipeline.render.picture.idea import FAINT
from pipeline.render.surroundings import around

_LAYOUTS: dict[str, Callable[[Page], None]] = {
    "hero": layouts.hero, "split": layouts.split, "frame": layouts.frame, "pattern": layouts.pattern,
    "arch": layouts.arched, "type": layouts.typographic, "burst": layouts.burst, "band": layouts.banded,
    "side": layouts.side, "header": special.header, "list": special.listed, "steps": special.steps,
    "stub": special.stub, "panels": special.panels, "month": special.month, "mark": special.mark,
}  # fmt: skip
_COMFORT = 0.019  # body text below this share of the page's unit sends the words to a roomier layout


class Template:
    """Draws designs. `painter` (any renderer) draws the pictures that stand in them."""

    starts = False

    def __init__(self, painter: Renderer) -> None:
        self.painter = painter
        self.name = f"template+{painter.name}"  # another painter makes another picture of the same recipe
        self.art: Art = load_art()

    def describe(self) -> str:
        """What draws designs, in plain words."""
        return (
            f"Designs are set by TinyMuse's own templates, with pictures by {self.painter.name}. "
            "Start with --renderer to have other pictures in them."
        )

    def draw(
        self,
        recipe: Recipe,
        *,
        canvas: Image.Image | None = None,
        on_step: Callable[[int, int], None] | None = None,
        stop: threading.Event | None = None,
    ) -> Picture:
        """Draw the design as an RGB picture of about the area of `size`, in the shape of its design type.

        The recipe's lines are typeset in it; its palette counts if the prompt names no colours.
        Raises Stopped when `stop` is set.
        """
        page = self.lay_out(
            recipe.prompt,
            size=recipe.size,
            seed=recipe.seed,
            topic=recipe.topic,
            design_type=recipe.design_type,
            words=recipe.lines,
            palette=recipe.palette,
        )
        if on_step:
            on_step(1, 3)
        painted = self.illustrate(page, recipe, stop)
        image = self.paint(page, painted)
        if on_step:
            on_step(2, 3)
        if stop is not None and stop.is_set():
            raise Stopped
        draw_lines(image, page.lines)
        svg = document(page, painted)
        if on_step:
            on_step(3, 3)
        return Picture(image, _notes(page) + (painted.notes if painted else ()), svg)

    def lay_out(
        self,
        prompt: str,
        *,
        size: tuple[int, int],
        seed: int,
        topic: str = "",
        design_type: str = "",
        words: tuple[str, ...] = (),
        palette: tuple[str, ...] = (),
    ) -> Page:
        """The finished page: shapes, set lines, and where the picture goes."""
        kind = kind_of(design_type, prompt)
        aspect = kind.aspect or size[0] / size[1]
        area = size[0] * size[1]
        width, height = round(math.sqrt(area * aspect)), round(math.sqrt(area / aspect))
        rng = random.Random(f"{zlib.crc32(f'{prompt} {design_type}'.encode(errors='replace'))} {seed}")
        wording = word(prompt, words, kind, design_type, topic)
        backdrop = _backdrop(prompt)
        colors = choose_palette(f"{prompt} {design_type}", rng.randrange(1 << 30), palette)
        pairing = _pairing(prompt, rng)
        motifs = self._motifs(prompt, topic, " ".join(words)[:500], design_type)
        names = kind.layouts.split()
        start = rng.choices(range(len(names)), [1.0 / (1 + 0.1 * i) for i in range(len(names))])[0]
        order = names[start:] + names[:start]
        best: Page | None = None
        for name in [*order, "header", "list"]:  # the last two hold the longest texts
            own = random.Random(f"{rng.random()} {name}")
            page = Page(width, height, own, colors, pairing, wording, motifs, kind.name, backdrop)
            _LAYOUTS[name](page)
            if best is None or _comfort(page) > _comfort(best):
                best = page
            if _comfort(page) >= _COMFORT:
                break
        assert best is not None
        return best

    def illustrate(self, page: Page, recipe: Recipe, stop: threading.Event | None = None) -> Picture | None:
        """What the painter draws for the page's window, if it has one."""
        if not page.picture:
            return None
        left, top, right, bottom = page.picture[0]
        scene = Recipe(
            _scene(recipe.prompt, page),
            seed=recipe.seed,
            size=(_side(right - left), _side(bottom - top)),
            palette=(page.palette.ground, *page.palette.colors[:3]),
            negative=recipe.negative,
        )
        return self.painter.draw(scene, stop=stop)

    def paint(self, page: Page, painted: Picture | None) -> Image.Image:
        """The page without its words."""
        flat = Picture(painted.image) if painted else None  # with the paper and brush of its look
        png = resvg_py.svg_to_bytes(svg_string=document(page, flat, words=False), skip_system_fonts=True)
        return Image.open(io.BytesIO(bytes(png))).convert("RGB")

    def _motifs(
        self, prompt: str, topic: str, text: str, design_type: str
    ) -> list[tuple[Drawing, tuple[str, ...]]]:
        """The drawings of a design: what its prompt names, else its text, else its surroundings."""
        unfit = set(tokens(design_type)) | _NO_MOTIF | FAINT
        for source in (prompt, topic, text):
            found = [
                (m.drawing, m.colors)
                for m in self.art.find(source)
                if not {*tokens(m.words), m.drawing.name} & unfit
            ]
            if found:  # things before people: on a badge or a seal a figure is lost
                return sorted(found, key=lambda each: each[0].category == "person")[:5]
            about = " ".join(word for word in tokens(source) if word not in DESIGNS)
            near = around(about, topic, 8) if source != topic else []
            near = [d for d in near if not {d.name, d.category} & unfit]
            if near:
                return [(drawing, ()) for drawing in near[:3]]
        return [(self.art.drawings[name], ()) for name in ("star", "flower", "leaf")]


# Nouns that in a prompt of a design mean its layout, not a thing to draw.
_NO_MOTIF = DESIGNS | {
    "column",
    "columns",
    "panel",
    "panels",
    "photo",
    "photograph",
    "box",
    "number",
    "sheet",
    "grid",
    "brush",
    "stroke",
    "strokes",
}


def _scene(prompt: str, page: Page) -> str:
    """The prompt of the picture in a design: the prompt without the words of the design itself."""
    words = [w for w in prompt.split() if not set(tokens(w)) & (DESIGNS | _NO_MOTIF)]
    headline = "" if page.wording.placeholder else page.wording.headline
    return f"{' '.join(words)} for {headline}, full bleed"


_PAINTED = re.compile(
    r"\b(?:on|over|against|in front of) "
    r"(?:an? |the |plain |solid |bright |hot |soft |deep |dark |pale |light )*"
    r"(\w+)(?! (?:table|wood|marble|lake|street|roof|wall|shelf|plate|floor))|"
    r"(\w+) (?:background|backdrop|ground|page|paper)\b"
)


def _backdrop(prompt: str) -> str:
    """The colour that the prompt wants behind all: "on hot pink", "a yellow background"."""
    for found in _PAINTED.finditer(" ".join(tokens(prompt))):
        if color := COLORS.get(found[1] or found[2] or ""):
            return color
    return ""


def _side(length: float) -> int:
    """A side of the picture that every painter can draw; the page stretches it to its place."""
    return min(2048, max(64, round(length)))


def _notes(page: Page) -> tuple[str, ...]:
    """What of the canvas's words is not on the page, in sentences."""
    notes = []
    if page.unset:
        notes.append(f"No typeface here has these letters: {' '.join(sorted(page.unset)[:24])}")
    if not all(column.whole for column in page.columns):
        notes.append("Not all words fitted on the page.")
    return tuple(notes)


def _comfort(page: Page) -> float:
    """The smallest body size of the page in shares of its unit; below zero when words were left out."""
    if not all(column.whole for column in page.columns):
        return -1.0
    sizes = [line.size for line in page.lines]
    return min(sizes, default=0) / page.unit


def _pairing(prompt: str, rng: random.Random) -> Pairing:
    """The fonts that suit the words of the prompt, or nearly; script only where the words ask for it."""
    spoken = set(tokens(prompt))

    def fit(pairing: Pairing) -> float:
        asked = len(pairing.tags & spoken)
        return 0.8 * asked + rng.random() - (0.8 if pairing.name == "romantic" and not asked else 0.0)

    return max(PAIRINGS, key=fit)
