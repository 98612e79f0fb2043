"""Compositions in a place: a scene outdoors or on a stage, a room, a table, a shelf."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from pipeline.render.art import Drawing, load_art
from pipeline.render.palette import shift
from pipeline.render.picture import indoors, outdoors
from pipeline.render.picture.idea import Idea
from pipeline.render.picture.layouts import marks
from pipeline.render.picture.props import (
    STRINGS,
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
from pipeline.render.picture.sheet import Ground, Sheet, pen, rect, shape, stroke

# Nouns that a landscape shows by itself: drawn by the backdrop, not set into it as little pictures.
SCENIC = frozenset(
    ("sun", "moon", "cloud", "rain", "mountain", "rainbow", "beach", "path", "grass", "constellation",
    "nebula",
     "skyscrapers", "puddle", "smoke", "green hill", "cloud with rain", "sunrise over hills",
     "sunset over sea",
     "sand dune", "garden")
)  # fmt: skip
INDOOR = frozenset(("window", "fireplace", "curtain", "shelve", "chandelier", "wrapping paper"))
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
    )
)
TABLES = frozenset(("table",))


# What lies or walks on open ground without looking lost.
OPEN_AIR = frozenset(("animal", "plant", "nature", "person", "transport", "building", "sport", "toy"))
UNEARTHLY = {
    "underwater": outdoors.underwater, "space": outdoors.space, "sky": outdoors.open_sky,
    "stage": indoors.stage,
}  # fmt: skip


@dataclass
class Cast:
    """The props of a scene by how they are held up."""

    foot: list[Prop] = field(default_factory=list)
    hang: list[Prop] = field(default_factory=list)
    wall: list[Prop] = field(default_factory=list)
    air: list[Prop] = field(default_factory=list)
    swim: list[Prop] = field(default_factory=list)
    bits: list[Part] = field(default_factory=list)


def _cast(parts: Sequence[Part], limit: int, power: float = 0.42) -> Cast:
    cast = Cast(bits=[part for part in parts if part.drawing.pose == "scatter"])
    for prop in expand([part for part in parts if part.drawing.pose != "scatter"], limit, power):
        drawing = prop.part.drawing
        if drawing.pose in {"hang", "swim"}:
            (cast.hang if drawing.pose == "hang" else cast.foot).append(prop)
        elif drawing.place == "sky":
            cast.air.append(prop)
        elif drawing.pose == "water":
            cast.swim.append(prop)
        elif drawing.place == "wall":
            cast.wall.append(prop)
        else:
            cast.foot.append(prop)
    return cast


def _near(prop: Prop) -> float:
    """How near to the viewer a thing stands by its real size: a house 0.05, a fox 0.6, an acorn 1."""
    steps = ((10, 0.04), (5, 0.14), (2, 0.34), (1.2, 0.5), (0.45, 0.68))
    return next((depth for metres, depth in steps if prop.part.drawing.metres >= metres), 0.92)


def paint_place(sheet: Sheet, idea: Idea, parts: Sequence[Part], setting: str) -> Ground:
    """Paint the backdrop of a setting, with what of the cast a backdrop shows by itself."""
    names = frozenset(part.drawing.name for part in parts)
    if setting in UNEARTHLY:
        return UNEARTHLY[setting](sheet)
    if setting in {"sea", "beach", "lake"}:
        dry = [part for part in parts if part.drawing.pose not in {"water", "scatter", "hang"}]
        feet = any(part.drawing.place != "sky" and part.drawing.name not in SCENIC for part in dry)
        flying = all(part.drawing.place == "sky" for part in parts)
        return outdoors.sea(sheet, setting, feet, flying, city="skyscrapers" in names)
    return outdoors.land(sheet, setting, idea.season, names)


def laid_out(parts: Sequence[Part]) -> bool:
    """Whether all that would stand on the ground are small things that belong on a table."""
    foot = [part.drawing for part in parts if part.drawing.name not in SCENIC and part.drawing.place != "sky"]
    foot = [
        drawing for drawing in foot if drawing.pose not in {"hang", "scatter"} and drawing.name != "table"
    ]
    return bool(foot) and all(d.metres < 0.5 and d.category not in OPEN_AIR for d in foot)


def scene(sheet: Sheet, idea: Idea, parts: list[Part], setting: str) -> None:
    """Things on land, on water or in the air: large ones far, small ones near, flying ones above."""
    names = frozenset(part.drawing.name for part in parts)
    rng, w, h, low = sheet.rng, sheet.width, sheet.height, sheet.low
    ground = paint_place(sheet, idea, parts, setting)
    picnic = setting in {"field", "forest", "beach", "village", "lake"} and laid_out(parts)
    if picnic:
        ground = replace(ground, far=ground.far + (ground.near - ground.far) * 0.3)
        indoors.blanket(sheet, ground.far - 26, ground.near + 8)
    eye = Eye(sheet)
    if setting not in UNEARTHLY:
        parts = [part for part in parts if part.drawing.name not in SCENIC | INDOOR]
    cast = _cast(parts, 9 if w < 1.6 * h else 12)
    foot = cast.foot + cast.wall
    air, swim = cast.air, cast.swim
    if ground.kind == "air":  # nothing stands under water or in space
        air, foot, swim = air + foot + swim, [], []
    elif not ground.water:
        foot, swim = foot + swim, []
    largest = max((prop.part.drawing.metres for prop in foot), default=1)
    tall = low * (0.6 if largest > 4 else 0.5 if largest > 1 else 0.4)
    if ground.kind == "water":
        tall = low * 0.3
    fit(foot, tall * rng.uniform(0.88, 1.12), w * (0.6 if w > 0.7 * h else 0.76))
    for prop in foot:
        prop.height *= 0.94 + 0.3 * _near(prop)
    for prop in foot:  # cut off by the lower edge, a portrait stands in front of all
        prop.height = max(prop.height, low * 0.36) if prop.part.drawing.pose == "bust" else prop.height
    thin(foot, w * 1.5)
    crowd(foot, w * 1.15)
    wish = rng.choice((0.36, 0.5, 0.64)) if len(foot) > 1 else rng.choice((0.44, 0.5, 0.56))

    nearer = 0.3 if all(_near(prop) < 0.4 for prop in foot) else 0.0  # no empty ground before a lone castle

    def stand(prop: Prop) -> tuple[float, float]:
        depth = min(1.0, max(0.0, _near(prop) + nearer + rng.uniform(-0.16, 0.14)))
        y = ground.far + (ground.near - ground.far) * depth
        y = h + prop.height * 0.04 if prop.part.drawing.pose == "bust" else y
        side = min(w * 0.4, 560) if picnic else w * 0.5
        reach = max(1.0, side - prop.width * 0.5)
        return w / 2 + rng.uniform(-reach, reach), y

    def fly(prop: Prop) -> tuple[float, float]:
        top, bottom = 0.05 * h + prop.height, ground.far - 30 if ground.kind != "air" else 0.92 * h
        return rng.uniform(prop.width * 0.5, w - prop.width * 0.5), rng.uniform(top, max(top + 1, bottom))

    def float_(prop: Prop) -> tuple[float, float]:
        assert ground.water is not None
        top, bottom = ground.water
        return rng.uniform(prop.width * 0.5, w - prop.width * 0.5), rng.uniform(
            top + (bottom - top) * 0.2, bottom
        )

    placed = settle(sheet, foot, stand, wish=wish)
    fit(swim, low * (0.36 if foot else 0.5), w * 0.62)
    crowd(swim, w)
    placed += settle(sheet, swim, float_, placed, wish)
    grounded = list(placed)
    if ground.kind == "air":
        fit(air, low * (0.6 if len(air) == 1 else 0.46), w * 0.7)
        crowd(air, w * 1.5)
    else:
        fit(air, min(low * (0.26 if grounded else 0.56), ground.far * 0.62), w * (0.3 if grounded else 0.6))
        crowd(air, w * 0.7)
    placed += settle(sheet, air, fly, placed, wish)
    open_land = ground.kind == "land" and setting not in {"city", "desert", "snow", "beach", "sea"}
    if open_land and not cast.hang and not air and rng.random() < 0.5:
        outdoors.canopy(sheet, idea.season)
    garland(sheet, cast.hang, eye)
    sprinkle(sheet, cast.bits, eye, placed, ground.far)
    for prop in sorted(placed, key=lambda p: (p in grounded, p.y)):
        draw(sheet, prop, ground, eye, "foot" if prop in foot else "none")
    near = [prop.bounds for prop in placed if prop.y > h - 230]
    free = [
        side
        for side, x in ((0, 190), (1, w - 190))
        if not any(edge[0] < x if side == 0 else edge[2] > x for edge in near)
    ]
    if open_land and free and rng.random() < 0.85:
        outdoors.foreground(sheet, idea.season, tuple(rng.sample(free, len(free))))
    falls = "snowfall" if setting == "snow" and rng.random() < 0.6 else idea.weather
    if setting not in UNEARTHLY:
        outdoors.weather(sheet, "rain" if names & {"rain", "cloud with rain"} else falls)


def framed(sheet: Sheet, inside: Callable[[Sheet], None]) -> None:
    """A place seen through an arch, a disc or a card on a designer's ground; `inside` draws the place."""
    rng, w, h, p = sheet.rng, sheet.width, sheet.height, sheet.palette
    indoors.studio(sheet, "plain")
    kind, low = rng.choice(("arch", "disc", "card")), min(w, h)
    wide, high = (
        (low * 0.84, low * 0.84)
        if kind == "disc"
        else (w * 0.8, h * 0.8)
        if kind == "card"
        else (low * 0.7, low * 0.86)
    )
    x, y, r = (w - wide) / 2, (h - high) / 2, wide / 2
    unit = 1000 / min(wide, high)
    inner = Sheet(wide * unit, high * unit, rng, p, sheet.time, sheet.look, defs=sheet.defs)
    inside(inner)
    if kind == "card":
        outline = pen("M", x, y, "h", wide, "v", high, "h", -wide, "Z")
    else:
        foot = y + high if kind == "arch" else y + r
        outline = pen("M", x, foot, "V", y + r, "a", r, r, "0 0 1", wide, 0, "V", foot)
        outline += " Z" if kind == "arch" else pen(" a", r, r, "0 0 1", -wide, 0, "Z")
    clip = f"c{len(sheet.defs)}"
    sheet.defs.append(f'<clipPath id="{clip}"><path d="{outline}"/></clipPath>')
    move = f'<g transform="translate({x:.1f} {y:.1f}) scale({1 / unit:.4f})">'
    edge = stroke(outline, p.paper, 16)
    sheet.add(f'<g clip-path="url(#{clip})">{move}{"".join(inner.layers)}</g></g>', edge)
    if kind != "card":
        cat = Part(load_art().drawings["cat"])  # a stand-in: only its place counts
        marks(sheet, 16, [Prop(cat, high + 40, w / 2, y + high + 20, span=wide + 20)])


def garland(sheet: Sheet, props: Sequence[Prop], eye: Eye) -> None:
    """Hanging things along the upper edge; strings of flags and lights run from side to side."""
    w, rng = sheet.width, sheet.rng
    strings = [prop for prop in props if prop.part.drawing.name in STRINGS][:1]
    single = [prop for prop in props if prop.part.drawing.name not in STRINGS]
    fit(single, min(sheet.low * 0.26, sheet.height * 0.3), w * 0.4)
    for i, prop in enumerate(single):
        prop.x = w * (i + 0.5) / len(single) + rng.uniform(-20, 20)
        drop = sheet.height * rng.uniform(0.03, 0.1) + (sheet.low * 0.12 if strings else 0)
        prop.y = drop + prop.height
        sheet.add(stroke(pen("M", prop.x, -5, "V", drop + 8), sheet.palette.dark, 3, 0.7))
        draw(sheet, prop, None, eye, "none")
    for prop in strings:
        count = max(2, round(w / 430))
        for i in range(count):
            prop.height *= (w / count) * 1.02 / prop.width
            prop.x, prop.y, prop.number, prop.flip = w * (i + 0.5) / count, prop.height - 22, 0, i % 2 == 1
            draw(sheet, prop, None, eye, "none")


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
    rng, w, low = sheet.rng, sheet.width, sheet.low
    outside = any(part.drawing.name in SCENIC for part in parts)
    asked = any(part.drawing.name in TABLES for part in parts)
    inside = [
        part
        for part in parts
        if part.drawing.name not in SCENIC | AROUND and part.drawing.name not in {"table", "window"}
    ]
    inside = inside or parts
    cast = _cast(inside, 8)
    for prop in cast.foot:  # a castle in a room is a model of one
        prop.height = 0.5 if _model(prop.part.drawing) else min(prop.height, 1.45)
    small = [prop for prop in cast.foot if prop.part.drawing.metres < 0.45 or _model(prop.part.drawing)]
    big = [prop for prop in cast.foot if prop not in small]
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
        indoors.sideboard(sheet, x, y, wide, high)
        gap, left = (wide * 0.94 - sum(prop.width for prop in small)) / (len(small) + 1), x - wide * 0.47
        for prop in small:
            prop.x, prop.y = left + gap + prop.width / 2, y - high + 6
            left += gap + prop.width
        placed += [*small, Prop(parts[0], high, x, y, span=wide)]

    def stand(prop: Prop) -> tuple[float, float]:
        depth = min(1.0, max(0.0, _near(prop) + rng.uniform(-0.25, 0.15)))
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
        left, top, wide, high = indoors.window_box(sheet, decor.index("window"), ground.far - 34)
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
        indoors.floor_plant(sheet, x, ground.far + 20, low * 0.38)


def still_life(sheet: Sheet, idea: Idea, parts: list[Part], setting: str = "") -> None:
    """A table: small things in two rows that overlap a little, people behind it, clocks on the wall.

    With a `setting` the table stands outdoors, before that place.
    """
    rng, w, h, low = sheet.rng, sheet.width, sheet.height, sheet.low
    outside = any(part.drawing.name in SCENIC | {"window"} for part in parts)
    kept = [p for p in parts if p.drawing.name not in SCENIC | AROUND | {"table", "desk", "window"}] or parts
    people = [
        replace(p, count=min(3, p.count))
        for p in kept
        if p.drawing.category == "person" and p.drawing.metres > 0.7
    ][:3]
    cast = _cast(
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
        outdoors.weather(sheet, idea.weather)
        back = "view"
    ground, slab = indoors.table(sheet, back)
    eye = Eye(sheet)
    foot = cast.foot + cast.swim
    for prop in foot:
        prop.height = min(1.4, max(0.2, prop.part.drawing.metres)) ** 0.3 * (1 - 0.06 * (prop.number % 3))
    fit(
        foot,
        low * (0.5 if len(foot) < 3 else 0.42 if len(foot) < 5 else 0.37) * (0.6 if people else 1),
        w * 0.5,
        0.4,
    )
    thin(foot, w * 1.9)
    crowd(foot, w * 1.35)
    behind = expand(people, 3)
    fit(behind, low * 0.44, w * 0.8 / max(1, len(behind)) / 1.2)
    for i, prop in enumerate(behind):
        whole = prop.part.drawing.pose != "bust"
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
    faces = [replace(prop, height=prop.height * 0.5, y=prop.y - prop.height * 0.5) for prop in behind]
    placed = settle(sheet, foot, spot, faces, rng.choice((0.4, 0.5, 0.6)))
    fit(cast.wall + cast.air, low * 0.24, w * 0.3)
    up = _on_wall(sheet, cast.wall + cast.air, ground, placed + behind)
    for prop in up:
        draw(sheet, prop, ground, eye, "drop" if prop in cast.wall else "none")
    garland(sheet, cast.hang, eye)
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
    cells = [replace(part, count=1) for part in parts for _ in range(min(part.count, 2))]
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
