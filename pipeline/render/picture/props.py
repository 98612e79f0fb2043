"""The things of a picture: how big each is beside the others, where it goes, and how it is dressed and drawn.

Sizes follow the real heights of things, gently compressed, so that a fox stays smaller than a house. Places
are chosen among many by what a designer would mind: collisions, things cut at the edge, an unbalanced
picture.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import resvg_py
from PIL import Image

from pipeline.render.art import (
    NATURAL,
    ROLES,
    Drawing,
    areas,
    bare,
    box,
    fragment,
    mean_color,
    paint,
    recolour,
    tint,
)
from pipeline.render.palette import distance, lch, shift
from pipeline.render.picture import look
from pipeline.render.picture.light import shaded
from pipeline.render.picture.sheet import Ground, Sheet, oval

GLOWING = frozenset(
    ("candle", "lantern", "campfire", "bonfire", "lamp", "bulb", "diya", "firework", "sparkler", "star",
     "moon", "sun", "fireplace", "menorah", "jack-o-lantern", "light bulb", "diya lamp", "string lights",
     "paper lantern", "glow stick", "lightning bolt")
)  # fmt: skip
GROUPS = frozenset(
    ("couple holding hands", "elderly couple", "family of four", "crowd silhouettes", "garden", "path")
)
_SKINS = (  # base and shade of the skins that people are drawn with
    ("#f2c9a1", ("#dba879", "#d9a678", "#e0ae80", "#e0a878")),
    ("#c68642", ("#a9702f", "#a56c2e")),
    ("#8d5524", ("#6b3413", "#714319", "#6e4019")),
)
STRINGS = frozenset(("bunting flags", "bunting", "string lights", "papel picado", "party streamer"))
_HEX = re.compile(r"#[0-9a-fA-F]{6}\b")


@dataclass(frozen=True)
class Part:
    """A thing of the cast: its drawing, how many of it, its own colours if the prompt gave any."""

    drawing: Drawing
    count: int = 1
    colors: tuple[str, ...] = ()
    told: bool = False  # whether the prompt says the number

    @property
    def least(self) -> int:
        """How many there must be at least: what was said, up to six."""
        return min(self.count, 6 if self.told else 2)


@dataclass
class Prop:
    """One thing with its size and place: (x, y) is the middle of its foot."""

    part: Part
    height: float
    x: float = 0.0
    y: float = 0.0
    flip: bool = False
    turn: float = 0.0
    number: int = 0  # which of several equal ones
    span: float = 0.0  # its width where it stands in for something that is no drawing

    @property
    def width(self) -> float:
        """The width of its ink at this height."""
        if self.span:
            return self.span
        left, top, right, bottom = box(self.part.drawing)
        return self.height * (right - left) / (bottom - top)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom on the sheet."""
        return self.x - self.width / 2, self.y - self.height, self.x + self.width / 2, self.y

    def covers(self, x: float, y: float, margin: float) -> bool:
        """Whether the point lies in its box or within `margin` of it."""
        left, top, right, bottom = self.bounds
        return left - margin < x < right + margin and top - margin < y < bottom + margin

    def within(self, width: float, height: float = math.inf) -> Prop:
        """Itself, shrunk where it is wider or taller than that."""
        self.height *= min(1.0, width / self.width, height / self.height)
        return self


def overlap(a: Prop, b: Prop) -> float:
    """Shared area of two props' boxes, as a share of the smaller one."""
    (al, at, ar, ab), (bl, bt, br, bb) = a.bounds, b.bounds
    wide, high = min(ar, br) - max(al, bl), min(ab, bb) - max(at, bt)
    return wide * high / min((ar - al) * (ab - at), (br - bl) * (bb - bt)) if wide > 0 and high > 0 else 0.0


# --- sizes ----------------------------------------------------------------------------------------


def expand(parts: Sequence[Part], limit: int, power: float = 0.5) -> list[Prop]:
    """One prop for each single thing, about `limit` in all, heights in compressed metres as yet."""
    counts = [1 if part.drawing.name in GROUPS else min(part.count, 9) for part in parts]
    while sum(counts) > limit:
        spare = [count - min(count, part.least) for count, part in zip(counts, parts, strict=True)]
        if not any(spare):
            break
        counts[spare.index(max(spare))] -= 1
    return [
        Prop(
            part,
            max(0.08, part.drawing.metres) ** power * count**-0.14 * (1 - 0.06 * (n % 3)),
            flip=n % 2 == 1,
            number=n + (i if part.drawing.category == "person" else 0),  # no two people dressed alike
        )
        for i, (part, count) in enumerate(zip(parts, counts, strict=True))
        for n in range(count)
    ]


def fit(props: Sequence[Prop], tallest: float, widest: float, least: float = 0.22) -> None:
    """Scale props together so that the tallest is `tallest` and none is wider than `widest`.

    None becomes lower than the share `least` of the tallest: tiny things must still be seen.
    """
    scale = tallest / max((prop.height for prop in props), default=1.0)
    for prop in props:
        prop.height = max(prop.height * scale, tallest * least)
        prop.within(widest)


def thin(props: list[Prop], width: float) -> None:
    """Take away the last of several equal props while together they are far too wide for the ground."""
    while sum(prop.width for prop in props) > width:
        spare = [prop for prop in props if sum(other.part is prop.part for other in props) > prop.part.least]
        if not spare:
            return
        props.remove(max(spare, key=lambda prop: (prop.number, prop.width)))


def crowd(props: Sequence[Prop], width: float) -> None:
    """Shrink props that stand on one ground when together they are wider than they may be."""
    total = sum(prop.width for prop in props)
    if total > width:
        for prop in props:
            prop.height *= max(0.5, (width / total) ** 0.6)


# --- places ---------------------------------------------------------------------------------------


def settle(
    sheet: Sheet,
    props: Sequence[Prop],
    spots: Callable[[Prop], tuple[float, float]],
    taken: Sequence[Prop] = (),
    wish: float = 0.5,
    tries: int = 60,
) -> list[Prop]:
    """Give each prop the best of many proposed spots; the largest choose first, near `wish` (0-1 across)."""
    placed, done = list(taken), []
    for rank, prop in enumerate(sorted(props, key=lambda p: -p.height * p.width)):
        best, least = (prop.x, prop.y), math.inf
        for _ in range(tries):
            prop.x, prop.y = spots(prop)
            cost = _cost(sheet, prop, placed, wish, first=rank == 0)
            if cost < least:
                best, least = (prop.x, prop.y), cost
        prop.x, prop.y = best
        placed.append(prop)
        done.append(prop)
    return done


def _cost(sheet: Sheet, prop: Prop, placed: Sequence[Prop], wish: float, first: bool) -> float:
    """What a designer would mind about a prop where it is."""
    w, h = sheet.width, sheet.height
    margin = 62.0 if sheet.look in {"retro", "comic", "sketch", "water", "ink"} else 30.0
    margin += sheet.inset
    left, top, right, bottom = prop.bounds
    outside = max(0, margin - left) + max(0, right - w + margin) + max(0, margin - 10 - top)
    if prop.part.drawing.pose != "bust":
        outside += max(0, bottom - h + 14 + sheet.inset)
    cost = 9 * outside / max(1, prop.width)
    for other in placed:
        share, apart = overlap(prop, other), abs(prop.y - other.y)
        cost += share * (1.6 if share < 0.2 and apart > 36 else 8)
        gap = max(left - other.bounds[2], other.bounds[0] - right)
        if 0 <= gap < 12 and apart < 60:
            cost += 0.25
    if first:
        return cost + 2.2 * abs(prop.x / w - wish)
    weights = [(p.width * p.height, p.x) for p in (*placed, prop)]
    middle = sum(weight * x for weight, x in weights) / sum(weight for weight, _ in weights)
    return cost + 2.4 * abs(middle / w - 0.5) + 0.3 * abs(prop.x / w - 0.5)


# --- dress and draw -------------------------------------------------------------------------------


class Eye:
    """Sees the backdrop so far, small, to judge what would vanish in front of it."""

    def __init__(self, sheet: Sheet) -> None:
        pixels = (max(8, round(sheet.width / 16)), max(8, round(sheet.height / 16)))
        png = resvg_py.svg_to_bytes(svg_string=sheet.svg(pixels), skip_system_fonts=True)
        self.image = Image.open(io.BytesIO(bytes(png))).convert("RGB")

    def behind(self, prop: Prop) -> str:
        """The mean colour behind a prop."""
        w, h = self.image.size
        left, top, right, bottom = (int(edge / 16) for edge in prop.bounds)
        x0, y0 = min(w - 2, max(0, left)), min(h - 2, max(0, top))
        area = (x0, y0, max(x0 + 1, min(w, right)), max(y0 + 1, min(h, bottom)))
        r, g, b = self.image.resize((1, 1), Image.Resampling.BOX, area).tobytes()
        return f"#{r:02x}{g:02x}{b:02x}"


def face_colors(body: str) -> list[str]:
    """The light and dark of the leading role where they fill too little to be clothes."""
    shares = areas(body)
    total = sum(shares.values()) or 1.0
    limits = zip(ROLES["main"], (0.03, 0.03, 0.07), strict=True)  # the light one is that of cheeks
    return [color for color, most in limits if color in shares and shares[color] / total < most]


def complexion(body: str, which: int) -> str:
    """A person's shapes with another of the three skins; people drawn with several skins stay as they are."""
    own = [skin for skin in _SKINS if skin[0] in body]
    if len(own) != 1 or own[0] is _SKINS[which]:
        return body
    base, shades = _SKINS[which]
    return paint(body, {own[0][0]: base} | dict.fromkeys(own[0][1], shades[0]))


def dress(sheet: Sheet, prop: Prop, behind: str) -> str:
    """The recoloured shapes of a prop: the prompt's colour, or the turn of the palette that is seen best."""
    drawing, colors = prop.part.drawing, prop.part.colors
    if len(colors) > 1 and (prop.part.count > 1 or prop.number):  # "red and white balloons" take turns
        colors = (colors[prop.number % len(colors)],)
    natural = drawing.category in NATURAL or drawing.name in GLOWING
    source = drawing.body
    if drawing.category == "person" and drawing.name not in GROUPS:
        which = sheet.rng.randrange(3)  # in two inks a dark face has no features
        source = complexion(source, 0 if sheet.look == "ink" else which)
    if drawing.category == "person":  # lips and cheeks are drawn in role colours but are no clothes
        source = paint(
            source, {color: f"{color[:-1]}{int(color[-1], 16) ^ 1:x}" for color in face_colors(source)}
        )
    if colors:
        body = recolour(tint(source, colors, bare(drawing, source)), sheet.palette, natural)
    elif natural:
        body = recolour(source, sheet.palette, natural=True)
    else:
        order = (0, 1, 2, 3) if prop.number == 0 else (prop.number % 4, (prop.number + 1) % 4, 0, 2)
        options = [recolour(source, sheet.palette.turned(step)) for step in order]
        clear = (option for option in options if distance(mean_color(option), behind) > 0.2)
        body = next(clear, None) or max(options, key=lambda option: distance(mean_color(option), behind))
    if sheet.time != "day" and sheet.look != "neon" and drawing.name not in GLOWING:
        depth = 0.42 if sheet.time == "night" else 0.5
        body = paint(body, {c: shaded(c.lower(), sheet.time, depth) for c in set(_HEX.findall(body))})
    return body


def draw(sheet: Sheet, prop: Prop, ground: Ground | None, eye: Eye, shadow: str = "foot") -> None:
    """Draw a prop: its shadow (foot, drop or none), a glow if it shines or would vanish, then itself."""
    behind = eye.behind(prop)
    body, drawing = dress(sheet, prop, behind), prop.part.drawing
    middle = prop.y - prop.height / 2
    if sheet.time == "night" and drawing.name in GLOWING and ground:
        sheet.add(oval(prop.x, middle, prop.height, prop.height, sheet.glow("#ffd98a", 0.5)))
    elif distance(mean_color(body), behind) < 0.16:
        light = "#fff6dd" if lch(behind)[0] < 0.7 else shift(behind, -0.13)
        r = max(prop.width, prop.height) * 0.7
        sheet.add(oval(prop.x, middle, r, r, sheet.glow(light, 0.55, 0.3)))
    tone = ground.shadow if ground else shift(behind, -0.35)
    if shadow == "foot" and drawing.pose not in {"flat", "scatter", "hang"}:
        wide = prop.width * 0.54
        sheet.add(oval(prop.x, prop.y - 2, wide, max(7.0, wide * 0.16), sheet.glow(tone, 0.55, 0.35)))
    elif shadow == "drop":
        off = max(6.0, prop.height * 0.028)
        flat = f'<g opacity="0.16">{silhouette(body, tone)}</g>'
        sheet.add(
            fragment(
                drawing, prop.x + off, prop.y + off, prop.height, body=flat, flip=prop.flip, turn=prop.turn
            )
        )
    accent = sheet.palette.colors[prop.number % 4]
    under = look.edge(sheet.look, silhouette(body, look.KEY), sheet.palette, accent)
    body = under + body
    sheet.shown.add(drawing.name)
    markup = fragment(drawing, prop.x, prop.y, prop.height, body=body, flip=prop.flip, turn=prop.turn)
    markup = markup.replace("<g ", f'<g data-noun="{drawing.name}" ', 1)
    if drawing.pose == "flat" and shadow == "foot":  # a rug lies on its floor
        markup = f'<g transform="matrix(1 0 0 0.42 0 {0.58 * prop.y:.1f})">{markup}</g>'
    sheet.add(markup)


def silhouette(body: str, color: str) -> str:
    """The shapes all in one colour, opaque."""
    return re.sub(r'\s(fill-|stroke-)?opacity="[^"]*"', "", _HEX.sub(color, body))


def sprinkle(sheet: Sheet, parts: Sequence[Part], eye: Eye, avoid: Sequence[Prop], lowest: float) -> None:
    """Loose bits (confetti, petals, stars, bubbles) in the air above `lowest`, clear of what stands there."""
    rng = sheet.rng
    for part in parts:
        bits = part.drawing.name in {"confetti", "glitter", "sprinkle", "petal"}
        size = sheet.low * (0.2 if bits else 0.085)
        count = (4 if bits else max(5, min(12, part.count * 2))) * max(1, round(sheet.width * lowest / 9e5))
        done: list[Prop] = []
        for n in range(count * 6):
            prop = Prop(part, size * rng.uniform(0.6, 1.15), turn=rng.uniform(-30, 30), number=n % 4)
            prop.x, prop.y = (
                rng.uniform(50, sheet.width - 50),
                rng.uniform(prop.height + 30, max(prop.height + 31, lowest)),
            )
            if all(overlap(prop, other) < (0.12 if bits else 0.01) for other in (*avoid, *done)):
                done.append(prop)
                draw(sheet, prop, None, eye, "none")
            if len(done) >= count:
                break
        if not done:  # no room without touching anything: better that than left out
            prop = Prop(part, size * 0.6, sheet.width * rng.uniform(0.2, 0.8), size + 30)
            draw(sheet, prop, None, eye, "none")
