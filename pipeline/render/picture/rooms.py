"""Compositions under a roof: a room, a table (also outdoors), a shelf."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from pipeline.render.art import Drawing
from pipeline.render.palette import shift
from pipeline.render.picture import afloat, furniture, indoors
from pipeline.render.picture.idea import Idea
from pipeline.render.picture.props import (
    GROUPS,
    Eye,
    Part,
    Prop,
    crowd,
    draw,
    expand,
    fit,
    settle,
    sprinkle,
    thin,
)
from pipeline.render.picture.scenes import SCENIC, depth_of, garland, paint_place, sort_cast
from pipeline.render.picture.sheet import Ground, Sheet, pen, rect, shape

# Nouns that indoors name the place around the picture rather than a thing in it.
AROUND = frozenset(
    (
        "storefront",
        "house",
        "office building",
        "barn",
        "greenhouse",
        "market stall",
        "stadium",
        "rooftop",
        "campfire",
        "bonfire",
        "food truck",
    )
)

TABLES = frozenset(("table",))


def _on_wall(sheet: Sheet, props: Sequence[Prop], ground: Ground, taken: Sequence[Prop]) -> list[Prop]:
    """Settle pictures, clocks and balloons in the wall's band."""
    rng, (top, bottom) = sheet.rng, ground.wall

    def spot(prop: Prop) -> tuple[float, float]:
        y = rng.uniform(top + prop.height, max(top + prop.height + 1, bottom))
        return rng.uniform(prop.width * 0.5 + 30, sheet.width - prop.width * 0.5 - 30), y

    return settle(sheet, props, spot, taken)


def _model(drawing: Drawing) -> bool:
    """Whether indoors a thing can only be a small model of itself."""
    return drawing.metres >= 2.5 and drawing.category in {
        "building",
        "transport",
        "nature",
        "plant",
        "animal",
    }


def interior(sheet: Sheet, idea: Idea, parts: list[Part]) -> None:
    """A room: furniture and people on the floor, pictures and clocks on the wall, small things on a board."""
    sheet.shown |= {part.drawing.name for part in parts} & (SCENIC | AROUND | TABLES | {"window", "desk"})
    rng, w, low = sheet.rng, sheet.width, sheet.low
    outside = any(part.drawing.name in SCENIC for part in parts)
    asked = any(part.drawing.name in TABLES for part in parts)
    inside = [
        part
        for part in parts
        if part.drawing.name not in SCENIC | AROUND and part.drawing.name not in {"table", "window"}
    ]
    inside = inside or parts
    cast = sort_cast(inside, 8)
    cast.foot += cast.swim
    for prop in cast.foot:  # a castle in a room is a model of one
        prop.height = 0.5 if _model(prop.part.drawing) else min(prop.height, 1.45)
    small = [
        p
        for p in cast.foot
        if (p.part.drawing.metres < 0.45 and p.part.drawing.pose != "flat") or _model(p.part.drawing)
    ]
    big = [prop for prop in cast.foot if prop not in small]
    if small and not big:  # a room around a few small things is an empty one
        still_life(sheet, idea, parts)
        return
    board = (
        rng.choice((0, 1)) if (small or asked) and big else 2 if small or asked else -1
    )  # left, right, middle, none
    busy = len(cast.wall) + len(cast.hang) + len(cast.air) > 1
    wants_window = outside or any(part.drawing.name == "window" for part in parts)
    decor = ["", ""]
    free = [side for side in rng.sample((0, 1), 2) if side != board and not (board == 2 and small)]
    if free and (wants_window or (not busy and rng.random() < 0.6)):
        decor[free.pop(0)] = "window"
    elif wants_window:
        decor[1 if board == 0 else 0] = "window"
    if free and not busy:
        decor[free[0]] = "frames"
    ground = indoors.room(sheet, (decor[0], decor[1]))
    eye = Eye(sheet)
    people = any(prop.part.drawing.category == "person" for prop in big)
    fit(big, low * (0.62 if len(big) < 3 else 0.54), w * 0.56)
    thin(big, w * 1.3)
    crowd(big, w * (0.62 if board >= 0 else 1.0))
    placed: list[Prop] = []
    if board >= 0:  # a board of our own carries the small things
        fit(small, low * (0.18 if people else 0.25 if len(small) < 3 else 0.2), w * 0.24, 0.5)
        wide = min(w * 0.6, max(low * 0.42, sum(prop.width for prop in small) * 1.18 + 60))
        crowd(small, wide * 0.86)
        crowd(small, wide * 0.86)
        high, y = low * 0.27, ground.far + (ground.near - ground.far) * 0.18
        x = (wide / 2 + 36, w - wide / 2 - 36, w / 2)[board]
        furniture.sideboard(sheet, x, y, wide, high)
        gap, left = (wide * 0.94 - sum(prop.width for prop in small)) / (len(small) + 1), x - wide * 0.47
        for prop in small:
            prop.x, prop.y = left + gap + prop.width / 2, y - high + 6
            left += gap + prop.width
        placed += [*small, Prop(parts[0], high, x, y, span=wide)]

    def stand(prop: Prop) -> tuple[float, float]:
        depth = min(1.0, max(0.0, depth_of(prop) + rng.uniform(-0.25, 0.15)))
        y = (
            sheet.height + 10
            if prop.part.drawing.pose == "bust"
            else ground.far + (ground.near - ground.far) * depth
        )
        return rng.uniform(prop.width * 0.5, w - prop.width * 0.5), y

    floor = settle(sheet, big, stand, placed, rng.choice((0.4, 0.5, 0.6)))
    fit(cast.wall, low * 0.25, w * 0.4)
    fit(cast.air, low * 0.24, w * 0.3)
    taken = placed + floor
    if "window" in decor:
        left, top, wide, high = furniture.window_box(sheet, decor.index("window"), ground.far - 34)
        taken.append(Prop(parts[0], high, left + wide / 2, top + high, span=wide + 90))
    up = _on_wall(sheet, cast.wall + cast.air, ground, taken)
    garland(sheet, cast.hang, eye)
    sprinkle(sheet, cast.bits, eye, placed + floor + up, ground.far - 80)
    for prop in up:
        draw(sheet, prop, ground, eye, "drop" if prop in cast.wall else "none")
    for prop in (*small, *sorted(floor, key=lambda p: p.y)):
        draw(sheet, prop, ground, eye)
    x = w * (0.07 if sum(prop.x - w / 2 for prop in taken) > 0 else 0.93)
    if all(abs(prop.x - x) > prop.width / 2 + low * 0.2 for prop in placed + floor) and rng.random() < 0.8:
        furniture.floor_plant(sheet, x, ground.far + 20, low * 0.38)


def still_life(sheet: Sheet, idea: Idea, parts: list[Part], setting: str = "") -> None:
    """A table: small things in two rows that overlap a little, people behind it, clocks on the wall.

    With a `setting` the table stands outdoors, before that place.
    """
    sheet.shown |= {part.drawing.name for part in parts} & (SCENIC | AROUND | TABLES | {"window", "desk"})
    rng, w, h, low = sheet.rng, sheet.width, sheet.height, sheet.low
    outside = any(part.drawing.name in SCENIC | {"window"} for part in parts)
    outside = outside or idea.time in {"dawn", "dusk", "night"}  # an hour shows in a window
    kept = [p for p in parts if p.drawing.name not in SCENIC | AROUND | {"table", "desk", "window"}] or parts
    people = [
        replace(p, count=min(3, p.count))
        for p in kept
        if p.drawing.category == "person" and p.drawing.metres > 0.7
    ][:4]
    cast = sort_cast(
        [p for p in kept if not (p.drawing.category == "person" and p.drawing.metres > 0.7)],
        9 if w < 1.6 * h else 12,
        0.3,
    )
    quiet = not (cast.wall or cast.air or people)
    back = (
        "window"
        if outside
        else rng.choice(("window", "frames", "lamp", "disc", "arch") if quiet else ("paper", "disc", "arch"))
    )
    if setting:
        paint_place(sheet, idea, [part for part in parts if part.drawing.name in SCENIC], setting)
        afloat.weather(sheet, idea.weather)
        back = "view"
    ground, slab = indoors.table(sheet, back)
    eye = Eye(sheet)
    foot = cast.foot + cast.swim
    for prop in foot:
        prop.height = min(1.4, max(0.1, prop.part.drawing.metres)) ** 0.34 * (1 - 0.06 * (prop.number % 3))
    fit(
        foot,
        low * (0.5 if len(foot) < 3 else 0.42 if len(foot) < 5 else 0.37) * (0.6 if people else 1),
        w * 0.5,
        0.34,
    )
    thin(foot, w * 1.9)
    crowd(foot, w * 1.1)
    garland(sheet, cast.hang, eye)
    behind = expand(people, 3 if len(people) < 4 else 4)
    fit(behind, low * 0.44, w * 0.8 / max(1, len(behind)) / 1.2)
    for i, prop in enumerate(behind):
        whole = prop.part.drawing.pose != "bust"
        grown = prop.part.drawing.metres > 1.3
        prop.height = low * (0.44 if grown else 0.4) if prop.part.drawing.name not in GROUPS else prop.height
        prop.height *= 1.6 if whole else 1.15
        prop.within(w * 0.84 / len(behind), (ground.far - 30) * (1.55 if whole else 0.95))
        prop.x = w * (0.08 + 0.84 * (i + 0.5) / len(behind)) + rng.uniform(-15, 15)
        prop.y = ground.far - 30 + (prop.height * 0.42 if whole else 8)
        draw(sheet, prop, ground, eye, "none")
    sheet.add(*slab)

    def spot(prop: Prop) -> tuple[float, float]:
        depth = rng.uniform(0.0, 0.5) if prop.height > low * 0.25 else rng.uniform(0.4, 1.0)
        return rng.uniform(prop.width * 0.5 + 20, w - prop.width * 0.5 - 20), ground.far + (
            ground.near - ground.far
        ) * depth

    eye = Eye(sheet)
    faces = [replace(prop, height=prop.height * 0.66, y=prop.y - prop.height * 0.34) for prop in behind]
    placed = settle(sheet, foot, spot, faces, rng.choice((0.4, 0.5, 0.6)))
    up = cast.wall + cast.air
    fit(up, low * (0.17 if people else 0.24), w * 0.3)
    crowd(up, w * 1.2 - sum(prop.width for prop in behind))
    up = _on_wall(sheet, up, ground, placed + behind)
    for prop in up:
        draw(sheet, prop, ground, eye, "drop" if prop in cast.wall else "none")
    sprinkle(sheet, cast.bits, eye, placed + up + behind, ground.far - 60)
    for prop in sorted(placed, key=lambda p: p.y):
        draw(sheet, prop, ground, eye)


def shelf(sheet: Sheet, idea: Idea, parts: list[Part]) -> None:
    """Boards on a wall, the things lined up on them."""
    rng, w, h = sheet.rng, sheet.width, sheet.height
    wall, wood = indoors.wall_colors(sheet)
    sheet.add(rect(0, 0, w, h, sheet.fade(shift(wall, 0.02), shift(wall, -0.03))))
    indoors.wallpaper(sheet, h, wall)
    eye = Eye(sheet)
    rows, per = max(2, round(h / 430)), max(2, round(w / 300))
    ground = Ground(0, 0, "room", shadow=shift(wood, -0.25))
    parts = [part for part in parts if part.drawing.pose not in {"scatter", "hang"}] or parts
    rows = max(rows, math.ceil(len(parts) / per))
    cells = [replace(part, count=1) for part in parts]
    cells += [part for part in cells if next(p for p in parts if p.drawing is part.drawing).count > 1]
    while len(cells) < rows * per:
        cells += [replace(part, count=1) for part in parts]
    cells = cells[: rows * per]
    rng.shuffle(cells)
    for row in range(rows):
        y = h * (row + 0.93) / rows
        sheet.add(
            rect(
                w * 0.05,
                y + 20,
                w * 0.9,
                30,
                sheet.fade(shift(wall, -0.2), shift(wall, -0.2), opacity=(0.4, 0)),
            )
        )
        sheet.add(
            rect(w * 0.05, y, w * 0.9, 24, wood, 4), rect(w * 0.05, y, w * 0.9, 7, shift(wood, 0.07), 3)
        )
        for x in (0.16, 0.84):
            sheet.add(
                shape(pen("M", w * x - 9, y + 24, "h", 18, "l", -5, 38, "h", -8, "Z"), shift(wood, -0.1))
            )
        for i in range(per):
            part = cells[row * per + i]
            prop = Prop(
                part, (h / rows) * (0.5 + 0.17 * min(1.2, part.drawing.metres) ** 0.5), number=(row + i) % 3
            )
            prop.x, prop.y = w * (0.05 + 0.9 * (i + 0.5) / per), y + 1
            draw(sheet, prop.within(w * 0.9 / per * 0.84), ground, eye)
