"""A page in the making: its colours, shapes, motifs and set text."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pipeline.render.art import Drawing
from pipeline.render.design.faces import FALLBACKS, Pairing, spelled
from pipeline.render.design.lettering import Box, Column, Item, Line, measured, set_column
from pipeline.render.design.shapes import disc, rect
from pipeline.render.design.wording import Wording
from pipeline.render.palette import Palette, contrast, distance, lch, mix, shift


@dataclass(frozen=True)
class Scheme:
    """The colours of a part of the page: its ground and what is readable on it."""

    ground: str
    ink: str
    accent: str
    soft: str  # a shape on the ground, no text on it


@dataclass
class Page:
    """A design in the making. Lengths are pixels."""

    width: float
    height: float
    rng: random.Random
    palette: Palette
    pairing: Pairing
    wording: Wording
    motifs: list[tuple[Drawing, tuple[str, ...]]]
    kind: str
    backdrop: str = ""  # the colour that the prompt wants behind all, until it is used
    shapes: list[str] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)
    unset: set[str] = field(default_factory=set)  # letters that no face has
    picture: tuple[Box, str] | None = None  # where the painter's picture goes, and its clipping path

    @property
    def unit(self) -> float:
        """The side of a square of the page's area."""
        return math.sqrt(self.width * self.height)

    @property
    def margin(self) -> float:
        """The air at the page's edges."""
        return 0.075 * min(self.width, self.height) + 0.008 * self.unit

    @property
    def wide(self) -> bool:
        """Whether words and pictures stand side by side."""
        return self.width > 1.2 * self.height

    @property
    def lines(self) -> list[Line]:
        """All lines that were set."""
        return [line for column in self.columns for line in column.lines]

    def add(self, *shapes: str) -> None:
        """Draw SVG shapes over what is there."""
        self.shapes.extend(shapes)

    # --- colour ---

    def scheme(self, *names: str) -> Scheme:
        """One of the named schemes (paper, ground, dark, main, second, third, fourth), by the dice.

        The first of a page, its ground, is the backdrop that the prompt asks for, if it does.
        """
        chosen = getattr(self.palette, self.rng.choice(names))
        if self.backdrop:
            chosen, self.backdrop = self.backdrop, ""
        return self.on(chosen)

    def on(self, ground: str) -> Scheme:
        """What is readable on this ground; a ground of middling lightness is moved until something is."""
        p = self.palette
        for _ in range(12):
            inks = [ink for ink in (p.dark, p.paper) if contrast(ink, ground) >= 5.0]
            if inks:
                break
            ground = shift(ground, -0.03 if lch(ground)[0] < 0.72 else 0.03)
        ink = max(inks or ["#000000", "#ffffff"], key=lambda each: contrast(each, ground))
        vivid = [c for c in p.colors if distance(c, ground) > 0.18] or [ink]
        accent = readable(max(vivid, key=lambda c: contrast(c, ground) + 12 * lch(c)[1]), ground)
        if (lch(accent)[0] > lch(ground)[0]) != (lch(ink)[0] > lch(ground)[0]):
            accent = ink  # on the other side of the ground it would vanish on the shades that `away` makes
        light = lch(ground)[0]
        soft = mix(ground, max(vivid, key=lambda c: lch(c)[1]), 0.26) if light > 0.8 else shift(ground, 0.08)
        return Scheme(ground, ink, accent, soft)

    # --- text ---

    def items(self, scheme: Scheme, parts: str = "kicker headline details") -> list[Item]:
        """The wording as paragraphs in this scheme."""
        w, f = self.wording, self.pairing
        items: list[Item] = []
        if "kicker" in parts and w.kicker:
            items.append(Item(w.kicker.upper(), f.strong, scheme.accent, 0.74, tracking=0.14))
        if "headline" in parts:
            text = w.headline.upper() if f.caps else w.headline
            if f.name == "romantic" and text.isupper():  # a script has no capitals to stand side by side
                text = text.title()
            items.append(Item(text, f.display, scheme.ink, 1.0, grows=True, before=0.5))
        if "rule" in parts and w.details:
            items.append(Item("", f.body, scheme.accent, before=0.75, rule=True))
        if "details" in parts:
            first = True
            for detail in w.details:
                if detail.role in ("date", "price"):
                    face, color, size = (
                        f.strong,
                        scheme.accent if detail.role == "price" else scheme.ink,
                        1.12,
                    )
                elif detail.role == "name":
                    face, color, size = f.display, scheme.accent, 1.9
                elif detail.role in ("head", "step", "contact"):
                    face, color, size = f.strong, scheme.accent if detail.role == "head" else scheme.ink, 1.0
                else:
                    face, color, size = f.body, scheme.ink, 1.0 if len(detail.text) < 90 else 0.92
                before = 1.0 if first or detail.role == "head" else 0.38
                items.append(Item(detail.text, face, color, size, before=before, right=detail.right))
                first = False
        kept = []
        for item in items:
            # Letters that the face lacks (Cyrillic in most) are looked for in others.
            face = max((item.face, f.strong, *FALLBACKS), key=lambda each: len(spelled(item.text, each)))
            text = spelled(item.text, face)
            self.unset |= {c for c in item.text if c not in text and c.isprintable() and not c.isspace()}
            if text or item.rule:
                tracking = item.tracking if face == item.face else 0.0
                right = spelled(item.right, face)
                kept.append(replace(item, text=text, face=face, tracking=tracking, right=right))
        return kept

    def write(
        self,
        items: Sequence[Item],
        area: Box,
        align: str = "left",
        valign: str = "middle",
        headline: float = 0.18,
        body: float = 0.042,
        most_lines: int = 4,
        spread: float = 0.0,
    ) -> Column:
        """Set the items into the area; sizes are shares of the page's unit."""
        sizes = (body * self.unit, max(10.0, 0.0125 * self.unit))
        items = self._slim(items, area, sizes[0])
        column = set_column(items, area, sizes, headline * self.unit, align, valign, most_lines, spread)
        self.columns.append(column)
        for x, y, wide, color in column.rules:
            self.add(rect(x, y - 0.0022 * self.unit, wide, 0.0044 * self.unit, color))
        for name, price in zip(column.lines, column.lines[1:], strict=False):
            if name.y == price.y:  # a row of a list: dots lead the eye to its price
                start, end, r = (
                    name.box[2] + 0.6 * name.size,
                    price.box[0] - 0.4 * name.size,
                    0.045 * name.size,
                )
                for i in range(int((end - start) / (8 * r))):
                    self.add(disc(end - 8 * r * i, name.y - r, r, name.color))
        return column

    def _slim(self, items: Sequence[Item], area: Box, body: float) -> list[Item]:
        """The items, those with a word too long for the area (an address) smaller than the others."""
        width = area[2] - area[0]

        def share(item: Item) -> float:
            widest = max((measured(word, item.face, item.tracking) for word in item.text.split()), default=0)
            return width / max(1.0, widest * item.size * body * 0.75 * 1.03)

        return [
            item if item.grows or share(item) >= 1 else replace(item, size=item.size * max(0.62, share(item)))
            for item in items
        ]

    def write_evenly(
        self, columns: Sequence[tuple[Sequence[Item], Box]], body: float, spread: float
    ) -> float:
        """Set columns of text side by side, from their tops, in one size; the lowest end of their text."""
        least = max(10.0, 0.0125 * self.unit)
        sized = [
            set_column(self._slim(items, area, body * self.unit), area, (body * self.unit, least), 0).body
            for items, area in columns
            if items
        ]
        share = min(sized, default=least) / self.unit
        ends = [
            self.write(items, area, valign="top", body=share, spread=spread).box[3]
            for items, area in columns
            if items
        ]
        return max(ends, default=0.0)


def readable(color: str, ground: str, ratio: float = 4.6) -> str:
    """The colour, made darker or lighter until it has the contrast that text needs on the ground."""
    step = -0.025 if contrast("#000000", ground) > contrast("#ffffff", ground) else 0.025
    for _ in range(40):
        if contrast(color, ground) >= ratio:
            return color
        color = shift(color, step)
    return "#000000" if step < 0 else "#ffffff"


def away(scheme: Scheme, step: float) -> str:
    """The ground moved away from its ink in lightness, so that what is readable on it stays so."""
    return shift(scheme.ground, -step if lch(scheme.ink)[0] > lch(scheme.ground)[0] else step)
