"""Compositions: where the things of a picture stand, how big they are and what lies between them.

A composition takes a `Sheet` and the cast (the drawings to show, the most important first) and fills the sheet.
Sizes follow the real heights of things, gently compressed, so that a fox stays smaller than a house; positions
are chosen among many by what a designer would mind: collisions, things cut at the edge, an unbalanced picture.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import resvg_py
from PIL import Image

from pipeline.render import backdrop, look
from pipeline.render.art import Drawing, box, fragment, load_art, mean_color, recolour, tint
from pipeline.render.backdrop import Ground, Sheet, oval, rect, shape, stroke
from pipeline.render.idea import Idea
from pipeline.render.palette import distance, lch, mix, shift

# Nouns that a landscape shows by itself: drawn by the backdrop, not set into it as little pictures.
SCENIC = frozenset(
    ["sun", "moon", "star", "cloud", "rain", "snowflake", "mountain", "rainbow", "beach", "path", "grass", "constellation", "nebula", "skyscrapers", "puddle", "waterfall", "smoke"]
) | {"green hill", "cloud with rain", "sunrise over hills", "sunset over sea", "sand dune", "brick wall"}
GLOWING = frozenset(
    ["candle", "lantern", "campfire", "bonfire", "lamp", "bulb", "diya", "firework", "sparkler", "star", "moon", "sun", "fireplace", "menorah", "jack-o-lantern"]
) | {
    "light bulb",
    "diya lamp",
    "string lights",
    "paper lantern",
    "glow stick",
    "lightning bolt",
    "disco ball",
}


@dataclass(frozen=True)
class Part:
    """A thing of the cast: its drawing, how many of it, its own colours if the prompt gave any."""

    drawing: Drawing
    count: int = 1
    colors: tuple[str, ...] = ()


@dataclass
class Prop:
    """A thing with its size and place: (x, y) is the middle of its foot."""

    part: Part
    height: float
    x: float = 0.0
    y: float = 0.0
    flip: bool = False
    turn: float = 0.0
    number: int = 0  # which of several equal ones

    @property
    def width(self) -> float:
        left, top, right, bottom = box(self.part.drawing)
        return self.height * (right - left) / (bottom - top)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        return self.x - self.width / 2, self.y - self.height, self.x + self.width / 2, self.y


def overlap(a: Prop, b: Prop) -> float:
    """Shared area of two props' boxes, as a share of the smaller one."""
    (l, t, r, d), (l2, t2, r2, d2) = a.bounds, b.bounds  # noqa: E741
    wide, high = min(r, r2) - max(l, l2), min(d, d2) - max(t, t2)
    if wide <= 0 or high <= 0:
        return 0.0
    return wide * high / min((r - l) * (d - t), (r2 - l2) * (d2 - t2))


# --- dressing: colours of a thing where it stands -------------------------------------------------------------


class Eye:
    """Sees the backdrop so far, small, to judge what would vanish in front of it."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        pixels = (max(8, round(sheet.width / 16)), max(8, round(sheet.height / 16)))
        png = resvg_py.svg_to_bytes(svg_string=sheet.svg(pixels), skip_system_fonts=True)
        self.image = Image.open(io.BytesIO(bytes(png))).convert("RGB")

    def behind(self, prop: Prop) -> str:
        """The mean colour behind a prop."""
        l, t, r, d = prop.bounds  # noqa: E741
        w, h = self.image.size
        x0, y0 = min(w - 2, max(0, int(l / 16))), min(h - 2, max(0, int(t / 16)))
        x1, y1 = max(x0 + 1, min(w, int(r / 16))), max(y0 + 1, min(h, int(d / 16)))
        return "#%02x%02x%02x" % self.image.resize((1, 1), Image.Resampling.BOX, (x0, y0, x1, y1)).getpixel(
            (0, 0)
        )


def dress(sheet: Sheet, prop: Prop, behind: str) -> str:
    """The recoloured shapes of a prop: the prompt's colour, or the turn of the palette seen best from afar."""
    drawing, colors = prop.part.drawing, prop.part.colors
    if colors:
        body = recolour(tint(drawing.body, colors), sheet.palette)
    else:
        steps = [0, 1, 2, 3] if prop.number == 0 else [prop.number % 4, (prop.number + 1) % 4, 0, 2]
        options = [recolour(drawing.body, sheet.palette.turned(step)) for step in steps]
        body = next((b for b in options if distance(mean_color(b), behind) > 0.2), None) or max(
            options, key=lambda b: distance(mean_color(b), behind)
        )
    return body


def draw(sheet: Sheet, prop: Prop, ground: Ground | None, eye: Eye, shadow: str = "foot") -> None:
    """Draw a prop: its shadow (`foot`, `drop` or none), a glow if it shines or would vanish, then itself."""
    behind = eye.behind(prop)
    body = dress(sheet, prop, behind)
    drawing = prop.part.drawing
    if sheet.time == "night" and drawing.name in GLOWING:
        sheet.add(
            oval(
                prop.x,
                prop.y - prop.height * 0.6,
                prop.height * 1.1,
                prop.height * 1.1,
                sheet.glow("#ffd98a", 0.5),
            )
        )
    elif distance(mean_color(body), behind) < 0.17:
        light = "#fff6dd" if lch(behind)[0] < 0.62 else shift(behind, -0.16)
        r = max(prop.width, prop.height) * 0.72
        sheet.add(oval(prop.x, prop.y - prop.height / 2, r, r, sheet.glow(light, 0.62, 0.35)))
    tone = ground.shadow if ground else shift(behind, -0.35)
    if shadow == "foot" and drawing.pose not in {"flat", "scatter", "hang"}:
        wide = prop.width * (0.46 if drawing.pose != "bust" else 0.5)
        sheet.add(oval(prop.x, prop.y - 2, wide * 1.12, max(7.0, wide * 0.17), sheet.glow(tone, 0.5, 0.35)))
    elif shadow == "drop":
        flat = f'<g opacity="0.16">{_flat(body, tone)}</g>'
        off = max(6.0, prop.height * 0.028)
        sheet.add(
            fragment(
                drawing, prop.x + off, prop.y + off, prop.height, body=flat, flip=prop.flip, turn=prop.turn
            )
        )
    under = look.edge(
        sheet.look, _flat(body, "#000001"), sheet.palette, sheet.palette.colors[prop.number % 4]
    )
    sheet.add(
        fragment(drawing, prop.x, prop.y, prop.height, body=under + body, flip=prop.flip, turn=prop.turn)
    )


def _flat(body: str, color: str) -> str:
    """The silhouette of shapes in one colour."""
    body = re.sub(r"#[0-9a-fA-F]{6}\b", color, body)
    return re.sub(r'\s(fill-|stroke-)?opacity="[^"]*"', "", body)


# --- sizes and places --------------------------------------------------------------------------------------------


def grown(drawing: Drawing) -> float:
    """The height at which a thing is shown beside others, gently compressed from its metres."""
    return max(0.08, drawing.metres) ** 0.42


def expand(parts: Sequence[Part], limit: int) -> list[Prop]:
    """One prop for each single thing, `limit` in all, the counts shortened from the largest down."""
    counts = [min(part.count, 9) for part in parts]
    while sum(counts) > max(limit, len(parts)):
        counts[counts.index(max(counts))] -= 1
    return [
        Prop(part, grown(part.drawing) * count**-0.16 * (1 - 0.05 * (n % 3)), flip=n % 2 == 1, number=n)
        for part, count in zip(parts, counts, strict=True)
        for n in range(count)
    ]


def fit(props: list[Prop], tallest: float, widest: float) -> None:
    """Scale the props together so that the tallest is `tallest` and none is wider than `widest`; lift tiny ones."""
    if not props:
        return
    scale = tallest / max(prop.height for prop in props)
    for prop in props:
        prop.height *= scale
        prop.height = max(prop.height, tallest * 0.24)
        prop.height *= min(1.0, widest / prop.width)


def settle(
    sheet: Sheet,
    props: list[Prop],
    spots: Callable[[Prop], tuple[float, float]],
    taken: Sequence[Prop] = (),
    wish: float = 0.5,
    tries: int = 40,
) -> list[Prop]:
    """Give each prop the best of many proposed spots; the largest choose first."""
    w, rng = sheet.width, sheet.rng
    placed = list(taken)
    done: list[Prop] = []
    for rank, prop in enumerate(sorted(props, key=lambda p: -p.height * p.width)):
        best, least = (prop.x, prop.y), math.inf
        for _ in range(tries):
            prop.x, prop.y = spots(prop)
            left, top, right, bottom = prop.bounds
            cost = (
                9
                * (
                    max(0, 24 - left)
                    + max(0, right - w + 24)
                    + max(0, 16 - top)
                    + max(0, bottom - sheet.height + 12)
                )
                / max(1, prop.width)
            )
            for other in placed:
                share = overlap(prop, other)
                apart = abs(prop.y - other.y)
                cost += share * (1.6 if share < 0.3 and apart > 36 else 7)
                if prop.part.drawing is other.part.drawing:
                    cost += 0.5 * max(0, 1 - abs(prop.x - other.x) / (prop.width + 1))
                gap = max(left - other.bounds[2], other.bounds[0] - right)
                if 0 <= gap < 10 and apart < 60:
                    cost += 0.25
            if rank == 0:
                cost += 2.2 * abs(prop.x / w - wish)
            elif placed:
                mass = sum(p.width * p.height for p in placed) + prop.width * prop.height
                middle = (
                    sum(p.x * p.width * p.height for p in placed) + prop.x * prop.width * prop.height
                ) / mass
                cost += 2.4 * abs(middle / w - 0.5) + 0.35 * abs(prop.x / w - 0.5)
            if cost < least:
                best, least = (prop.x, prop.y), cost
        prop.x, prop.y = best
        placed.append(prop)
        done.append(prop)
    return done


# --- compositions in places ----------------------------------------------------------------------------------------


def scene(sheet: Sheet, idea: Idea, parts: list[Part], setting: str) -> None:
    """Things on land, on water or in the air, by depth: large ones far, small ones near, flying ones above."""
    names = frozenset(part.drawing.name for part in parts)
    rng, w, h = sheet.rng, sheet.width, sheet.height
    if setting in {"sea", "beach", "lake"}:
        ground = backdrop.sea(sheet, setting)
    elif setting == "underwater":
        ground = backdrop.underwater(sheet)
    elif setting == "space":
        ground = backdrop.space(sheet)
    elif setting == "sky":
        ground = backdrop.open_sky(sheet)
    elif setting == "stage":
        ground = backdrop.stage(sheet)
    else:
        ground = backdrop.land(sheet, setting, idea.season, names)
    eye = Eye(sheet)
    if setting not in {"space", "underwater", "stage"}:
        parts = [part for part in parts if part.drawing.name not in SCENIC] or parts[:1]
    props = expand(parts, 9 if w / h < 1.6 else 12)
    hang = [p for p in props if p.part.drawing.pose == "hang"]
    air = [
        p
        for p in props
        if p not in hang
        and (p.part.drawing.place == "sky" or ground.kind == "air" or p.part.drawing.pose == "scatter")
    ]
    swim = [
        p
        for p in props
        if p not in hang and p not in air and ground.water and p.part.drawing.pose in {"water", "swim"}
    ]
    foot = [p for p in props if p not in hang and p not in air and p not in swim]
    low = min(w, h)
    largest = max((p.part.drawing.metres for p in foot), default=1)
    tall = low * (0.56 if largest > 4 else 0.48 if largest > 1 else 0.42) * (0.92 if len(foot) > 5 else 1)
    fit(foot, tall, w * 0.56)
    for prop in foot:
        prop.height *= 0.94 + 0.3 * _near(prop)
    wish = rng.choice((0.36, 0.5, 0.64)) if len(foot) > 1 else rng.choice((0.42, 0.5, 0.58))
    if ground.kind == "water":
        fit(swim, low * 0.46, w * 0.6)
        fit(foot, low * 0.34, w * 0.4)

    def stand(prop: Prop) -> tuple[float, float]:
        depth = min(1.0, max(0.0, _near(prop) + rng.uniform(-0.14, 0.14)))
        y = ground.far + (ground.near - ground.far) * depth
        if prop.part.drawing.pose == "bust":
            y = h + prop.height * 0.04
        return rng.uniform(prop.width * 0.4, w - prop.width * 0.4), y

    def float_(prop: Prop) -> tuple[float, float]:
        top, bottom = (0.06 * h, ground.far - 40) if ground.kind != "air" else (0.06 * h, 0.9 * h)
        y = rng.uniform(min(bottom, top + prop.height), max(top + prop.height, bottom))
        return rng.uniform(prop.width * 0.45, w - prop.width * 0.45), y

    def swims(prop: Prop) -> tuple[float, float]:
        assert ground.water is not None
        low_y, high_y = ground.water
        return rng.uniform(prop.width * 0.4, w - prop.width * 0.4), rng.uniform(
            low_y + (high_y - low_y) * 0.25, high_y
        )

    placed = settle(sheet, foot, stand, wish=wish)
    fit(swim, low * (0.4 if foot else 0.46), w * 0.6)
    placed += settle(sheet, swim, swims, placed, wish)
    if ground.kind == "air":
        fit(air, low * (0.62 if len(air) == 1 else 0.5), w * 0.7)
    else:
        fit(air, low * (0.3 if foot or swim else 0.5), w * 0.4)
    placed += settle(sheet, air, float_, placed, wish)
    garland(sheet, hang, eye)
    for prop in sorted(placed, key=lambda p: (p in foot or p in swim, p.y)):
        draw(sheet, prop, ground, eye, "foot" if prop in foot else "none")
    if ground.kind == "land" and setting not in {"city", "desert", "snow", "beach"} and rng.random() < 0.75:
        foreground(sheet)
    falls = "snowfall" if setting == "snow" and rng.random() < 0.6 else idea.weather
    if "rain" in names or "cloud with rain" in names:
        falls = "rain"
    if setting not in {"space", "underwater", "stage"}:
        backdrop.weather(sheet, falls)


def _near(prop: Prop) -> float:
    """How near to the viewer a thing stands by its real size: a house 0.05, a fox 0.6, an acorn 1."""
    metres = prop.part.drawing.metres
    return (
        0.04
        if metres >= 10
        else 0.14
        if metres >= 5
        else 0.34
        if metres >= 2
        else 0.5
        if metres >= 1.2
        else 0.68
        if metres >= 0.45
        else 0.92
    )


def garland(sheet: Sheet, props: list[Prop], eye: Eye, top: float = -6) -> None:
    """Hanging things along the upper edge, strings of flags repeated from side to side."""
    w = sheet.width
    for prop in props:
        name = prop.part.drawing.name
        if name in {"bunting flags", "bunting", "string lights", "papel picado"}:
            wide = min(w, sheet.height) * 0.5
            count = max(2, round(w / wide))
            for i in range(count):
                prop.height *= (w / count) / prop.width
                prop.x, prop.y, prop.number = w * (i + 0.5) / count, top + prop.height, 0
                draw(sheet, prop, None, eye, "none")
            return
    if not props:
        return
    fit(props, min(w, sheet.height) * 0.3, w * 0.4)
    for i, prop in enumerate(props):
        prop.x = w * (i + 0.5) / len(props) + sheet.rng.uniform(-20, 20)
        drop = sheet.height * sheet.rng.uniform(0.04, 0.12)
        prop.y = drop + prop.height
        sheet.add(stroke(f"M{prop.x:.0f} -5V{drop + 8:.0f}", sheet.palette.dark, 3, 0.7))
        draw(sheet, prop, None, eye, "none")


def foreground(sheet: Sheet) -> None:
    """Leaves and flowers that grow into the picture from its lower corners."""
    rng, w, h, p = sheet.rng, sheet.width, sheet.height, sheet.palette
    green = backdrop.shaded(mix("#3f8a58", p.third, 0.3), sheet.time)
    for side in rng.choice(((0,), (1,), (0, 1))):
        for i in range(rng.randint(4, 6)):
            x = w * (rng.uniform(-0.02, 0.13) if side == 0 else rng.uniform(0.87, 1.02))
            tall, lean = rng.uniform(80, 190), rng.uniform(-50, 50)
            tone = shift(green, rng.uniform(-0.07, 0.05))
            sheet.add(
                shape(
                    f"M{x - 9:.0f} {h + 5:.0f}Q{x + lean * 0.2 - 20:.0f} {h - tall * 0.6:.0f} {x + lean:.0f} {h - tall:.0f}Q{x + lean * 0.4 + 24:.0f} {h - tall * 0.5:.0f} {x + 9:.0f} {h + 5:.0f}Z",
                    tone,
                )
            )
            if i % 2:
                color = backdrop.shaded(rng.choice((p.main, p.second, p.paper)), sheet.time)
                for k in range(5):
                    a = 2 * math.pi * k / 5
                    sheet.add(oval(x + lean + 13 * math.cos(a), h - tall + 13 * math.sin(a), 10, 10, color))
                sheet.add(oval(x + lean, h - tall, 8, 8, backdrop.shaded("#f6c84c", sheet.time)))


def interior(sheet: Sheet, idea: Idea, parts: list[Part]) -> None:
    """A room: furniture and people on the floor, pictures and clocks on the wall, small things on a low board."""
    rng, w, h = sheet.rng, sheet.width, sheet.height
    has_window = not any(part.drawing.place == "wall" for part in parts) and h > 0.6 * w
    ground = backdrop.room(sheet, has_window)
    eye = Eye(sheet)
    props = expand(parts, 8)
    hang = [p for p in props if p.part.drawing.pose == "hang"]
    walls = [p for p in props if p.part.drawing.place == "wall" and p not in hang]
    air = [
        p
        for p in props
        if p not in hang
        and p not in walls
        and (p.part.drawing.place == "sky" or p.part.drawing.pose == "scatter")
    ]
    foot = [p for p in props if p not in hang and p not in walls and p not in air]
    small = [p for p in foot if p.part.drawing.metres < 0.45]
    big = [p for p in foot if p not in small]
    low = min(w, h)
    if small and not any(
        p.part.drawing.name in {"table", "desk", "cabinet", "workbench", "drawer"} for p in big
    ):
        board = load_art().drawings[rng.choice(("table", "cabinet", "table"))]
        big.insert(0, Prop(Part(board), grown(board)))
    fit(big, low * 0.5, w * 0.5)

    def stand(prop: Prop) -> tuple[float, float]:
        y = ground.far + (ground.near - ground.far) * min(1, max(0, _near(prop) + rng.uniform(-0.25, 0.15)))
        if prop.part.drawing.pose == "bust":
            y = h + 10
        return rng.uniform(prop.width * 0.45, w - prop.width * 0.45), y

    placed = settle(sheet, big, stand, wish=rng.choice((0.35, 0.5, 0.65)))
    fit(walls, low * 0.26, w * 0.4)
    fit(air, low * 0.24, w * 0.3)
    top, bottom = ground.wall

    def on_wall(prop: Prop) -> tuple[float, float]:
        return rng.uniform(prop.width * 0.5 + 30, w - prop.width * 0.5 - 30), rng.uniform(
            top + prop.height, max(top + prop.height + 1, bottom)
        )

    up = settle(sheet, walls + air, on_wall, placed)
    garland(sheet, hang, eye)
    for prop in up:
        draw(sheet, prop, ground, eye, "drop" if prop in walls else "none")
    for prop in sorted(placed, key=lambda p: p.y):
        draw(sheet, prop, ground, eye)
        if small and prop.part.drawing.name in {"table", "desk", "cabinet", "workbench", "drawer"}:
            fit(small, low * 0.17, prop.width * 0.5)
            row = small[: 4 if prop.width > 400 else 3]
            for i, item in enumerate(row):
                item.x = prop.x + prop.width * 0.86 * ((i + 0.5) / len(row) - 0.5)
                item.y = prop.y - prop.height * 0.93
                draw(sheet, item, ground, eye)
            small = small[len(row) :]


def still_life(sheet: Sheet, idea: Idea, parts: list[Part]) -> None:
    """A table: small things in two rows that overlap a little, people behind it, clocks and flags on the wall."""
    rng, w, h = sheet.rng, sheet.width, sheet.height
    wallish = any(part.drawing.place == "wall" for part in parts)
    people = [p for p in parts if p.drawing.category == "person" and p.drawing.metres > 0.7]
    ground = backdrop.table(sheet, rng.random() < 0.4, not wallish and not people and rng.random() < 0.5)
    eye = Eye(sheet)
    low = min(w, h)
    props = expand(parts, 9 if w < 1.6 * h else 12)
    hang = [p for p in props if p.part.drawing.pose == "hang"]
    behind = [p for p in props if p.part in people][:4]
    walls = [p for p in props if p.part.drawing.place == "wall" and p not in hang]
    air = [
        p
        for p in props
        if p not in hang + behind + walls
        and (p.part.drawing.place == "sky" or p.part.drawing.pose == "scatter")
    ]
    foot = [p for p in props if p not in hang and p not in behind and p not in walls and p not in air]
    # on a table real sizes differ less than in a landscape
    for prop in foot:
        prop.height = min(1.3, max(0.2, prop.part.drawing.metres)) ** 0.3
    fit(foot, low * (0.4 if len(foot) < 4 else 0.33) * (0.8 if behind else 1), w * 0.46)
    fit(behind, low * 0.42, w * 0.4)
    fit(walls + air, low * 0.22, w * 0.3)

    def on_table(prop: Prop) -> tuple[float, float]:
        depth = rng.uniform(0.0, 0.5) if prop.height > low * 0.24 else rng.uniform(0.45, 1.0)
        return rng.uniform(prop.width * 0.5 + 20, w - prop.width * 0.5 - 20), ground.far + (
            ground.near - ground.far
        ) * depth

    table_top = ground.far - 26
    for i, prop in enumerate(behind):
        prop.x = w * (i + 0.5) / len(behind) + rng.uniform(-25, 25)
        whole = prop.part.drawing.pose != "bust"
        prop.height *= 1.75 if whole else 1.1
        prop.y = table_top + (prop.height * 0.45 if whole else 8)
    for prop in behind:
        draw(sheet, prop, ground, eye, "none")
    if behind:
        # the table again, in front of the people
        sheet.add(*[layer for layer in sheet.layers[_table_starts(sheet) : _table_ends(sheet)]])
    top, bottom = ground.wall

    def on_wall(prop: Prop) -> tuple[float, float]:
        return rng.uniform(prop.width * 0.5 + 30, w - prop.width * 0.5 - 30), rng.uniform(
            top + prop.height, max(top + prop.height + 1, bottom)
        )

    placed = settle(sheet, foot, on_table, wish=rng.choice((0.4, 0.5, 0.6)))
    for prop in settle(sheet, walls + air, on_wall, placed + behind):
        draw(sheet, prop, ground, eye, "drop" if prop in walls else "none")
    garland(sheet, hang, eye)
    for prop in sorted(placed, key=lambda p: p.y):
        draw(sheet, prop, ground, eye)


def _table_starts(sheet: Sheet) -> int:
    return next(i for i, layer in enumerate(sheet.layers) if layer.startswith("<!--table-->"))


def _table_ends(sheet: Sheet) -> int:
    return next(i for i, layer in enumerate(sheet.layers) if layer.startswith("<!--/table-->"))


def shelf(sheet: Sheet, idea: Idea, parts: list[Part]) -> None:
    """Boards on a wall, the things lined up on them."""
    rng, w, h = sheet.rng, sheet.width, sheet.height
    wall, wood = backdrop.wall_colors(sheet)
    sheet.add(rect(0, 0, w, h, sheet.fade(shift(wall, 0.02), shift(wall, -0.03))))
    backdrop.paper_marks(sheet, 0, h, shift(wall, -0.045 if lch(wall)[0] > 0.4 else 0.06))
    eye = Eye(sheet)
    rows = max(2, round(h / 430))
    per = max(2, round(w / 300))
    ground = Ground(0, 0, "room", shadow=shift(wood, -0.25))
    cells: list[Part] = []
    while len(cells) < rows * per:
        cells += [replace(part, count=1) for part in parts for _ in range(min(part.count, 2))]
    cells = cells[: rows * per]
    rng.shuffle(cells)
    for row in range(rows):
        y = h * (row + 0.93) / rows
        sheet.add(
            rect(w * 0.05, y + 26, w * 0.9, 26, sheet.glow(shift(wall, -0.3), 0.4)),
            rect(w * 0.05, y, w * 0.9, 24, wood, 4),
            rect(w * 0.05, y, w * 0.9, 7, shift(wood, 0.07), 3),
        )
        for x in (0.16, 0.84):
            sheet.add(shape(f"M{w * x - 9:.0f} {y + 24:.0f}h18l-5 38h-8Z", shift(wood, -0.1)))
        for i in range(per):
            part = cells[row * per + i]
            prop = Prop(part, 1.0, w * (0.05 + 0.9 * (i + 0.5) / per), y + 1, number=(row + i) % 3)
            prop.height = (h / rows) * (0.5 + 0.17 * min(1.2, part.drawing.metres) ** 0.5)
            prop.height *= min(1, w * 0.9 / per * 0.84 / prop.width)
            draw(sheet, prop, ground, eye)


# --- graphic compositions ---------------------------------------------------------------------------------------------


def marks(sheet: Sheet, count: int, avoid: Sequence[Prop], size: float = 12, color: str = "") -> None:
    """Sparse little marks (dots, rings, crosses, sparks) in the empty parts of a graphic picture."""
    rng, w, h, p = sheet.rng, sheet.width, sheet.height, sheet.palette
    kind = rng.choice(("dots", "sparks", "mixed"))
    for _ in range(count * 3):
        x, y = rng.uniform(30, w - 30), rng.uniform(30, h - 30)
        if any(l - 26 < x < r + 26 and t - 26 < y < b + 26 for l, t, r, b in (prop.bounds for prop in avoid)):  # noqa: E741
            continue
        tone, s = color or rng.choice((*p.colors, p.paper)), size * rng.uniform(0.6, 1.3)
        pick = rng.choice(("dot", "ring", "plus", "spark")) if kind == "mixed" else kind[:-1]
        if pick == "dot":
            sheet.add(oval(x, y, s * 0.55, s * 0.55, tone, 0.9))
        elif pick == "ring":
            sheet.add(
                f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{s * 0.8:.1f}" fill="none" stroke="{tone}" stroke-width="{s * 0.34:.1f}"/>'
            )
        elif pick == "plus":
            sheet.add(
                stroke(f"M{x - s:.0f} {y:.0f}h{2 * s:.0f}M{x:.0f} {y - s:.0f}v{2 * s:.0f}", tone, s * 0.4)
            )
        else:
            q = s * 1.5
            sheet.add(
                shape(
                    f"M{x:.1f} {y - q:.1f}Q{x:.1f} {y:.1f} {x + q:.1f} {y:.1f}Q{x:.1f} {y:.1f} {x:.1f} {y + q:.1f}Q{x:.1f} {y:.1f} {x - q:.1f} {y:.1f}Q{x:.1f} {y:.1f} {x:.1f} {y - q:.1f}Z",
                    tone,
                    0.9,
                )
            )
        count -= 1
        if count <= 0:
            return


def hero(sheet: Sheet, idea: Idea, parts: list[Part]) -> None:
    """One large thing on a designer's ground, two or three smaller companions at its foot."""
    rng, w, h = sheet.rng, sheet.width, sheet.height
    kinds = ["disc", "arch", "band", "blobs", "split"] + (
        ["burst"] * 3 if idea.look == "retro" else ["burst"]
    )
    kind = "bokeh" if idea.look == "photo" else "disc" if idea.look == "minimal" else rng.choice(kinds)
    ground = backdrop.studio(sheet, kind)
    eye = Eye(sheet)
    lead, *others = parts
    low = min(w, h)
    count = min(lead.count, 5)
    stands = lead.drawing.place == "ground" and kind in {"arch", "band", "split", "bokeh"}
    tall = low * (0.62 if count == 1 else 0.46 if count <= 3 else 0.36)
    tall *= 0.9 if len(others) > 1 else 1.0
    foot_y = h * 0.84 if stands else h / 2 + tall / 2 + (low * 0.04 if others else 0)
    props = []
    for n in range(count):
        prop = Prop(lead, tall, number=0, flip=n % 2 == 1)
        prop.height *= min(1, w * 0.66 / count**0.7 / prop.width)
        spread = prop.width * 0.98
        prop.x = w / 2 + (n - (count - 1) / 2) * spread
        prop.y = foot_y - (0 if stands else abs(n - (count - 1) / 2) * -26)
        prop.turn = 0 if stands else (n - (count - 1) / 2) * 7
        props.append(prop)
    side = rng.choice((-1, 1))
    companions = []
    for i, part in enumerate(others[:4]):
        small = Prop(part, tall * (0.46 if i < 2 else 0.34), number=1)
        small.height *= min(1, w * 0.3 / small.width)
        reach = props[0].width * count * 0.42 + small.width * 0.34
        small.x = w / 2 + side * (1 if i % 2 == 0 else -1) * min(
            reach * (1 + 0.42 * (i // 2)), w / 2 - small.width / 2 - 28
        )
        if (
            part.drawing.place in {"sky"}
            or part.drawing.pose in {"scatter", "hang"}
            or (i >= 2 and not stands)
        ):
            small.y = foot_y - tall * (0.72 if i < 2 else 0.86) + small.height / 2
        else:
            small.y = foot_y + (10 + low * 0.03 * (i // 2) if stands else low * 0.05)
        companions.append(small)
    marks(sheet, 14 if idea.look != "minimal" else 4, props + companions)
    for prop in props + companions:
        flies = prop.part.drawing.place == "sky" or prop.part.drawing.pose == "scatter"
        draw(sheet, prop, ground, eye, "foot" if stands and not flies else "drop")


def badge(sheet: Sheet, idea: Idea, parts: list[Part]) -> None:
    """A round medallion: a person or animal cut off by its rim, leaves and small things about it."""
    rng, w, h, p = sheet.rng, sheet.width, sheet.height, sheet.palette
    ground = backdrop.studio(sheet, "plain")
    low = min(w, h)
    cx, cy, r = w / 2, h * 0.5, low * 0.36
    fill = mix(rng.choice((p.third, p.second, p.fourth)), p.ground, 0.35)
    sheet.add(
        oval(cx + 8, cy + 12, r, r, mix(p.ground, p.dark, 0.35), 0.4),
        oval(cx, cy, r, r, p.paper),
        oval(cx, cy, r * 0.95, r * 0.95, fill),
    )
    eye = Eye(sheet)
    lead, *others = parts
    count = min(2, lead.count)
    clip = f"c{len(sheet.defs)}"
    sheet.defs.append(
        f'<clipPath id="{clip}"><path d="M{cx - r * 0.95:.0f} -100H{cx + r * 0.95:.0f}V{cy:.0f}A{r * 0.95:.0f} {r * 0.95:.0f} 0 0 1 {cx - r * 0.95:.0f} {cy:.0f}Z"/></clipPath>'
    )
    sheet.add(f'<g clip-path="url(#{clip})">')
    for n in range(count):
        prop = Prop(lead, r * (1.72 if count == 1 else 1.4), number=n)
        prop.height *= min(1, r * (1.75 if count == 1 else 1.05) / prop.width)
        prop.x, prop.y = cx + (n - (count - 1) / 2) * r * 0.82, cy + r * 0.97
        draw(sheet, prop, ground, eye, "none")
    sheet.add("</g>")
    ring = [replace(part, count=1) for part in others for _ in range(min(2, part.count))][:6]
    props = []
    for i, part in enumerate(ring):
        angle = math.pi * (0.5 + (i + 0.5 - len(ring) / 2) / max(3.2, len(ring)) * 1.25)
        prop = Prop(part, low * 0.19, number=i % 3)
        prop.height *= min(1, low * 0.22 / prop.width)
        prop.x, prop.y = cx + r * 1.05 * math.cos(angle), cy + r * 1.05 * math.sin(angle) + prop.height / 2
        props.append(prop)
    marks(sheet, 16, [*props, Prop(lead, 2 * r, cx, cy + r)])
    for prop in props:
        draw(sheet, prop, None, eye, "drop")


def pattern(sheet: Sheet, idea: Idea, parts: list[Part]) -> None:
    """A half-drop repeat of the things with small fillers between them."""
    rng, w, h, p = sheet.rng, sheet.width, sheet.height, sheet.palette
    backdrop.studio(sheet, "plain")
    eye = Eye(sheet)
    across = rng.choice((3, 4)) * max(1, round(w / 1000))
    step = w / across
    down = max(2, round(h / (step * 0.94)))
    high = h / down
    filler = rng.choice((p.main, p.third, p.paper, p.second))
    number = 0
    for column in range(-1, across + 1):
        for row in range(-1, down + 1):
            x, y = (column + 0.5) * step, (row + 0.5 + (0.5 if column % 2 else 0)) * high
            part = parts[(column + 2 * row) % len(parts)]
            prop = Prop(part, high * 0.62, number=0)
            prop.height *= min(1, step * 0.66 / prop.width)
            prop.x, prop.y = x, y + prop.height / 2
            prop.turn = ((-1) ** row) * rng.choice((8, 12, 16)) if part.drawing.metres < 2 else 0
            prop.flip = (row + column) % 2 == 1
            draw(sheet, prop, None, eye, "none")
            fx, fy, s = x, y + high / 2, step * 0.045
            if number % 2:
                sheet.add(oval(fx, fy, s * 0.7, s * 0.7, filler))
            else:
                sheet.add(
                    stroke(
                        f"M{fx - s:.0f} {fy:.0f}h{2 * s:.0f}M{fx:.0f} {fy - s:.0f}v{2 * s:.0f}",
                        filler,
                        s * 0.42,
                    )
                )
            number += 1


def wreath(sheet: Sheet, idea: Idea, parts: list[Part]) -> None:
    """Leaves and small things in a ring about one large thing."""
    rng, w, h, p = sheet.rng, sheet.width, sheet.height, sheet.palette
    ground = backdrop.studio(sheet, "plain")
    cx, cy = w / 2, h / 2
    rx, ry = w * 0.5 - 130, h * 0.5 - 130
    squeeze = max(rx, ry) / min(rx, ry)
    if squeeze < 1.5:
        rx = ry = min(rx, ry)
    leaf = mix("#4c9f70", p.third, 0.4)
    n = round(2 * math.pi * math.sqrt((rx * rx + ry * ry) / 2) / 62)
    sheet.add(
        f'<ellipse cx="{cx:.0f}" cy="{cy:.0f}" rx="{rx:.0f}" ry="{ry:.0f}" fill="none" stroke="{shift(leaf, -0.12)}" stroke-width="7"/>'
    )
    for i in range(n):
        a = 2 * math.pi * i / n
        x, y = cx + rx * math.cos(a), cy + ry * math.sin(a)
        for out in (1, -1):
            size = rng.uniform(54, 76)
            b = math.degrees(a) + 90 + out * rng.uniform(34, 56)
            tone = shift(leaf, rng.choice((-0.08, 0.0, 0.06)))
            sheet.add(
                f'<g transform="translate({x:.0f} {y:.0f}) rotate({b:.0f})"><path d="M0 0Q{size * 0.4:.0f} {-size * 0.42:.0f} {size:.0f} 0Q{size * 0.4:.0f} {size * 0.42:.0f} 0 0Z" fill="{tone}"/></g>'
            )
        if i % 3 == 0:
            sheet.add(
                oval(
                    x + rng.uniform(-16, 16), y + rng.uniform(-16, 16), 11, 11, rng.choice((p.main, p.second))
                )
            )
    eye = Eye(sheet)
    lead, *others = parts
    ring = [replace(part, count=1) for part in (others or [lead])]
    many = max(4, min(8, round(n / 5)))
    start = rng.uniform(0, 2 * math.pi)
    for i in range(many):
        a = start + 2 * math.pi * i / many
        prop = Prop(ring[i % len(ring)], 150, number=(i // len(ring)) % 3)
        prop.height *= min(1, 165 / prop.width)
        prop.x, prop.y = cx + rx * math.cos(a), cy + ry * math.sin(a) + prop.height / 2
        draw(sheet, prop, ground, eye, "drop")
    for k in range(min(3, lead.count)):
        prop = Prop(lead, (min(rx, ry) - 90) * (1.35 if lead.count == 1 else 0.85))
        prop.height *= min(1, (rx - 80) * 1.4 / min(3, lead.count) / prop.width)
        prop.x = cx + (k - (min(3, lead.count) - 1) / 2) * prop.width * 1.06
        prop.y = cy + prop.height / 2
        draw(sheet, prop, ground, eye, "drop")


def tiles(sheet: Sheet, idea: Idea, parts: list[Part]) -> None:
    """A grid of coloured tiles: things on some, plain geometry on the others."""
    rng, w, h, p = sheet.rng, sheet.width, sheet.height, sheet.palette
    across = max(1, round(w / 340)) if len(parts) > 2 or w > 1400 else 2 * max(1, round(w / 1000))
    down = max(1, round(h / (w / across)))
    tw, th = w / across, h / down
    inks = [p.ground, p.paper, *(mix(c, p.paper, 0.35) for c in p.colors), p.fourth, p.main]
    sheet.add(rect(0, 0, w, h, p.paper))
    cells = [(i, j) for j in range(down) for i in range(across)]
    shown: dict[tuple[int, int], Part] = {}
    order = list(cells)
    rng.shuffle(order)
    queue = [replace(part, count=1) for part in parts]
    repeat = [replace(part, count=1) for part in parts for _ in range(min(part.count, 3) - 1)]
    fill = max(len(queue), math.ceil(len(cells) * 0.67))
    things = (queue + repeat + queue * 4)[:fill]
    for cell, part in zip(order, things, strict=False):
        shown[cell] = part
    last: dict[tuple[int, int], str] = {}
    for i, j in cells:
        beside = {last.get((i - 1, j)), last.get((i, j - 1))}
        color = rng.choice([c for c in inks if c not in beside])
        last[(i, j)] = color
        x, y = i * tw, j * th
        sheet.add(rect(x, y, tw + 1, th + 1, color))
        accent = rng.choice([c for c in inks if distance(c, color) > 0.12] or [p.dark])
        if (i, j) in shown:
            if rng.random() < 0.5:
                sheet.add(
                    oval(
                        x + tw / 2,
                        y + th / 2,
                        tw * 0.39,
                        tw * 0.39 * min(1, th / tw),
                        mix(color, accent, 0.35),
                    )
                )
            continue
        kind = rng.choice(("quarter", "half", "dots", "rings", "leaf"))
        if kind == "quarter":
            sheet.add(
                shape(
                    f"M{x:.0f} {y + th:.0f}V{y:.0f}A{tw:.0f} {th:.0f} 0 0 1 {x + tw:.0f} {y + th:.0f}Z",
                    accent,
                )
            )
        elif kind == "half":
            sheet.add(
                shape(
                    f"M{x:.0f} {y + th / 2:.0f}A{tw / 2:.0f} {th / 2:.0f} 0 0 1 {x + tw:.0f} {y + th / 2:.0f}Z",
                    accent,
                ),
                shape(
                    f"M{x:.0f} {y + th:.0f}A{tw / 2:.0f} {th / 2:.0f} 0 0 1 {x + tw:.0f} {y + th:.0f}Z",
                    accent,
                ),
            )
        elif kind == "dots":
            for a in range(3):
                for b in range(3):
                    sheet.add(
                        oval(x + tw * (a + 0.5) / 3, y + th * (b + 0.5) / 3, tw * 0.07, tw * 0.07, accent)
                    )
        elif kind == "rings":
            for k, share in enumerate((0.4, 0.28, 0.16)):
                sheet.add(
                    oval(x + tw / 2, y + th / 2, tw * share, tw * share, accent if k % 2 == 0 else color)
                )
        else:
            sheet.add(
                shape(
                    f"M{x:.0f} {y + th:.0f}A{tw:.0f} {th:.0f} 0 0 1 {x + tw:.0f} {y:.0f}A{tw:.0f} {th:.0f} 0 0 1 {x:.0f} {y + th:.0f}Z",
                    accent,
                )
            )
    eye = Eye(sheet)
    for (i, j), part in shown.items():
        prop = Prop(part, th * 0.72, number=(i + j) % 4)
        prop.height *= min(1, tw * 0.74 / prop.width)
        prop.x, prop.y = (i + 0.5) * tw, (j + 0.5) * th + prop.height / 2
        draw(sheet, prop, None, eye, "drop")


def flat_lay(sheet: Sheet, idea: Idea, parts: list[Part]) -> None:
    """Seen from above: things laid out on wood, cloth or paper, in loose rows, their shadows to one side."""
    rng, w, h, p = sheet.rng, sheet.width, sheet.height, sheet.palette
    kind = rng.choice(("wood", "cloth", "paper", "paper"))
    _, wood = backdrop.wall_colors(sheet)
    if kind == "wood":
        plank = mix(wood, p.paper, 0.45)
        sheet.add(rect(0, 0, w, h, plank))
        count = max(4, round(h / 170))
        for i in range(count):
            sheet.add(rect(0, h * i / count, w, h / count - 4, shift(plank, rng.uniform(-0.02, 0.025))))
            for _ in range(2):
                x, y = rng.uniform(0, w * 0.7), h * (i + rng.uniform(0.25, 0.75)) / count
                sheet.add(
                    stroke(
                        f"M{x:.0f} {y:.0f}q90 {rng.uniform(-8, 8):.0f} {rng.uniform(150, 260):.0f} 0",
                        shift(plank, -0.05),
                        3,
                        0.6,
                    )
                )
    else:
        backdrop.studio(sheet, "plain")
        if kind == "cloth":
            cloth, step = mix(rng.choice(p.colors), p.ground, 0.55), 72
            sheet.add('<g opacity="0.5">')
            for i in range(int(w / step) + 1):
                sheet.add(rect(i * step, 0, step / 2, h, cloth, opacity=0.5))
            for j in range(int(h / step) + 1):
                sheet.add(rect(0, j * step, w, step / 2, cloth, opacity=0.5))
            sheet.add("</g>")
        else:
            a = rng.choice((-14, 12, 18))
            sheet.add(
                f'<g transform="rotate({a} {w / 2:.0f} {h / 2:.0f})">{rect(w * 0.18, h * 0.16, w * 0.64, h * 0.68, p.paper, 10)}</g>'
            )
    eye = Eye(sheet)
    cells: list[Part] = []
    for part in parts:
        cells += [replace(part, count=1)] * min(part.count, 4)
    want = max(5, round(w * h / 150_000))
    while len(cells) < want:
        cells += [replace(part, count=1) for part in parts]
    cells = cells[: max(want, len(parts))]
    across = max(2, round(math.sqrt(len(cells) * w / h)))
    down = math.ceil(len(cells) / across)
    rng.shuffle(cells)
    ground = Ground(0, 0, "table", shadow=mix(p.dark, "#241a10", 0.5))
    for index, part in enumerate(cells):
        j, i = divmod(index, across)
        in_row = min(across, len(cells) - j * across)
        cw, ch = (w - 90) / in_row, (h - 90) / down
        big = 0.86 if part is cells[0] or rng.random() < 0.4 else 0.66
        prop = Prop(part, ch * big, number=index % 4)
        prop.height *= min(1, cw * big / prop.width)
        prop.height = min(prop.height, min(w, h) * 0.44)
        prop.x = 45 + cw * (i + 0.5) + rng.uniform(-0.06, 0.06) * cw
        prop.y = 45 + ch * (j + 0.5) + prop.height / 2 + rng.uniform(-0.05, 0.05) * ch
        prop.turn = rng.uniform(-24, 24)
        draw(sheet, prop, ground, eye, "drop")


def close_up(sheet: Sheet, idea: Idea, parts: list[Part]) -> None:
    """One thing so near that the frame cuts it, the others small at its side."""
    rng, w, h = sheet.rng, sheet.width, sheet.height
    ground = backdrop.studio(
        sheet, "bokeh" if idea.look == "photo" else rng.choice(("plain", "blobs", "split"))
    )
    eye = Eye(sheet)
    low = min(w, h)
    side = rng.choice((-1, 1))
    lead, *others = parts
    prop = Prop(
        lead,
        low * 1.04,
        turn=side * rng.uniform(4, 12) if lead.drawing.place != "ground" else 0,
        flip=side < 0,
    )
    prop.height *= min(1, w * 1.05 / prop.width)
    prop.x, prop.y = w * (0.5 + side * 0.14), h * 0.5 + prop.height * 0.58
    smalls = []
    for i, part in enumerate(others[:3]):
        small = Prop(part, low * (0.27 - 0.03 * i), number=1)
        small.height *= min(1, low * 0.3 / small.width)
        small.x = w * (0.5 - side * (0.34 - 0.03 * i))
        small.y = h * (0.9 - 0.29 * i)
        smalls.append(small)
    marks(sheet, 9, [prop, *smalls])
    draw(sheet, prop, ground, eye, "drop")
    for small in smalls:
        draw(sheet, small, ground, eye, "drop")


def abstract(sheet: Sheet) -> None:
    """No thing at all: a balanced picture of simple forms in the palette, for prompts that name nothing drawn."""
    rng, w, h, p = sheet.rng, sheet.width, sheet.height, sheet.palette
    backdrop.studio(sheet, "plain")
    low = min(w, h)
    kind = rng.choice(("suns", "waves", "blobs"))
    if kind == "waves":
        for i, color in enumerate((p.second, p.main, p.third, p.fourth, p.dark)):
            sheet.add(
                backdrop.rolling(
                    sheet, h * (0.38 + 0.14 * i), 60, max(2, round(w / 420)), mix(color, p.paper, 0.16)
                )
            )
        sheet.add(
            oval(w * rng.uniform(0.3, 0.7), h * 0.26, low * 0.13, low * 0.13, mix(p.second, p.paper, 0.3))
        )
        sheet.layers.insert(2, sheet.layers.pop())
        return
    for i in range(5):
        color = mix(rng.choice(p.colors), p.ground, 0.12)
        x, y, r = w * rng.uniform(0.2, 0.8), h * rng.uniform(0.2, 0.8), low * rng.uniform(0.14, 0.3)
        if kind == "suns":
            half = rng.choice((0, 90, 180, 270))
            sheet.add(
                f'<g transform="rotate({half} {x:.0f} {y:.0f})">{shape(f"M{x - r:.0f} {y:.0f}a{r:.0f} {r:.0f} 0 0 1 {2 * r:.0f} 0Z", color, 0.92)}</g>'
            )
            sheet.add(oval(x, y, r * 0.4, r * 0.4, mix(p.paper, color, 0.15)))
        else:
            points = [
                (
                    x + r * rng.uniform(0.75, 1.2) * math.cos(t * math.pi / 4),
                    y + r * rng.uniform(0.75, 1.2) * math.sin(t * math.pi / 4),
                )
                for t in range(8)
            ]
            sheet.add(shape(backdrop.blob(points), color, 0.92))
    marks(sheet, 16, [])
