"""Scenes: things outdoors, on a stage, under water or in space; and any place seen through a frame."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from pipeline.render.art import load_art
from pipeline.render.picture import afloat, furniture, indoors, land, papers
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
from pipeline.render.picture.sheet import Ground, Sheet, pen, stroke

# Nouns that a landscape shows by itself: drawn by the backdrop, not set into it as little pictures.
SCENIC = frozenset(
    ("sun", "moon", "cloud", "rain", "mountain", "rainbow", "beach", "path", "grass", "constellation",
     "nebula", "skyscrapers", "puddle", "smoke", "green hill", "cloud with rain", "sunrise over hills",
     "sunset over sea", "sand dune", "garden", "rooftop")
)  # fmt: skip

INDOOR = frozenset(("window",))  # the houses of a backdrop have them

# What lies or walks on open ground without looking lost.
OPEN_AIR = frozenset(("animal", "plant", "nature", "person", "transport", "building", "sport", "toy"))

UNEARTHLY = {
    "underwater": afloat.underwater, "space": afloat.space, "sky": afloat.open_sky, "stage": indoors.stage,
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


def sort_cast(parts: Sequence[Part], limit: int, power: float = 0.42) -> Cast:
    cast = Cast(bits=[part for part in parts if part.drawing.pose == "scatter"])
    for prop in expand([part for part in parts if part.drawing.pose != "scatter"], limit, power):
        drawing = prop.part.drawing
        if drawing.pose in {"hang", "swim"}:
            (cast.hang if drawing.pose == "hang" else cast.foot).append(prop)
        elif drawing.place == "sky" and drawing.category != "person":
            cast.air.append(prop)
        elif drawing.pose == "water":
            cast.swim.append(prop)
        elif drawing.place == "wall":
            cast.wall.append(prop)
        else:
            cast.foot.append(prop)
    return cast


def depth_of(prop: Prop) -> float:
    """How near to the viewer a thing stands by its real size: a house 0.05, a fox 0.6, an acorn 1."""
    steps = ((10, 0.04), (5, 0.14), (2, 0.34), (1.2, 0.5), (0.45, 0.68))
    return next((depth for metres, depth in steps if prop.part.drawing.metres >= metres), 0.92)


def paint_place(sheet: Sheet, idea: Idea, parts: Sequence[Part], setting: str) -> Ground:
    """Paint the backdrop of a setting, with what of the cast a backdrop shows by itself."""
    names = frozenset(part.drawing.name for part in parts)
    sheet.shown |= names & SCENIC
    if setting in UNEARTHLY:
        return UNEARTHLY[setting](sheet)
    if setting in {"sea", "beach", "lake"}:
        dry = [part for part in parts if part.drawing.pose not in {"water", "scatter", "hang"}]
        feet = any(part.drawing.place != "sky" and part.drawing.name not in SCENIC for part in dry)
        flying = all(part.drawing.place == "sky" for part in parts)
        return afloat.sea(sheet, setting, feet, flying, city="skyscrapers" in names)
    sheet.shown |= names & INDOOR
    return land.land(sheet, setting, idea.season, names)


def laid_out(parts: Sequence[Part]) -> bool:
    """Whether all that would stand on the ground are small things that belong on a table."""
    foot = [part.drawing for part in parts if part.drawing.name not in SCENIC and part.drawing.place != "sky"]
    foot = [
        drawing for drawing in foot if drawing.pose not in {"hang", "scatter"} and drawing.name != "table"
    ]
    return bool(foot) and all(d.metres < 0.5 and d.category not in OPEN_AIR for d in foot)


def served(props: Sequence[Prop]) -> list[Prop]:
    """What would lie in the dirt outdoors, where there is more than that: food, and what is with it."""
    found = [
        prop
        for prop in props
        if prop.part.drawing.metres < 0.5
        and prop.part.drawing.pose == "stand"
        and prop.part.drawing.category in {"food", "drink", "office", "tech", "science"}
        and prop.part.drawing.name not in {"pumpkin", "box", "crate", "parcel", "vegetable crate", "globe"}
    ]
    meal = any(prop.part.drawing.category in {"food", "drink"} for prop in found)
    return found if meal and len(found) < len(props) else []


def buffet(sheet: Sheet, goods: list[Prop], ground: Ground, others: int) -> Prop:
    """Line the goods up for a table in the open; the table's place, to be kept free."""
    w, low = sheet.width, sheet.low
    fit(goods, low * (0.2 if len(goods) < 4 else 0.16), w * 0.2, 0.5)
    wide = min(w * (0.5 if others < 3 else 0.42), sum(prop.width for prop in goods) * 1.2 + 50)
    for _ in range(2):
        crowd(goods, wide * 0.88)
    high, y = low * 0.2, ground.far + (ground.near - ground.far) * 0.86
    x = w * 0.5 + sheet.rng.choice((-1, 1)) * (w * 0.46 - wide / 2 - sheet.inset * 0.6)
    left, gap = x - wide * 0.47, (wide * 0.94 - sum(prop.width for prop in goods)) / (len(goods) + 1)
    for prop in goods:
        prop.x, prop.y = left + gap + prop.width / 2, y - high + 6
        left += gap + prop.width
    return Prop(goods[0].part, high + max(prop.height for prop in goods), x, y, span=wide)


def scene(sheet: Sheet, idea: Idea, parts: list[Part], setting: str) -> None:
    """Things on land, on water or in the air: large ones far, small ones near, flying ones above."""
    names = frozenset(part.drawing.name for part in parts)
    rng, w, h, low = sheet.rng, sheet.width, sheet.height, sheet.low
    ground = paint_place(sheet, idea, parts, setting)
    meal = any(part.drawing.category in {"food", "drink"} for part in parts)
    picnic = setting in {"field", "forest", "beach", "village", "lake"} and (
        (laid_out(parts) and meal and "table" not in names) or "blanket" in names
    )
    if picnic:
        sheet.shown |= names & {"blanket"}
        parts = [part for part in parts if part.drawing.name != "blanket"] or parts
        ground = replace(ground, far=ground.far + (ground.near - ground.far) * 0.3)
        furniture.blanket(sheet, ground.far - 26, ground.near + 8)
    eye = Eye(sheet)
    if setting not in UNEARTHLY:
        parts = [part for part in parts if part.drawing.name not in SCENIC | INDOOR]
    cast = sort_cast(parts, 9 if w < 1.6 * h else 12)
    foot = cast.foot + cast.wall
    air, swim = cast.air, cast.swim
    if ground.kind == "air":  # nothing stands under water or in space
        air, foot, swim = air + foot + swim, [], []
    elif not ground.water:
        foot, swim = foot + swim, []
    else:
        swim += [prop for prop in foot if prop.part.drawing.pose == "swim"]
        foot = [prop for prop in foot if prop.part.drawing.pose != "swim"]
    largest = max((prop.part.drawing.metres for prop in foot), default=1)
    goods = [] if picnic or ground.kind != "land" else served(foot)
    foot = [prop for prop in foot if prop not in goods]
    tall = low * (0.6 if largest > 4 else 0.5 if largest > 1 else 0.4)
    if ground.kind == "water":
        tall = low * 0.3
    fit(foot, tall * rng.uniform(0.88, 1.12), w * (0.6 if w > 0.7 * h else 0.76))
    for prop in foot:
        prop.height *= 0.94 + 0.3 * depth_of(prop)
    for prop in foot:  # cut off by the lower edge, a portrait stands in front of all
        prop.height = max(prop.height, low * 0.36) if prop.part.drawing.pose == "bust" else prop.height
    thin(foot, w * 1.5)
    crowd(foot, w)
    wish = rng.choice((0.36, 0.5, 0.64)) if len(foot) > 1 else rng.choice((0.44, 0.5, 0.56))

    nearer = (
        0.3 if all(depth_of(prop) < 0.4 for prop in foot) else 0.0
    )  # no empty ground before a lone castle

    def stand(prop: Prop) -> tuple[float, float]:
        depth = min(1.0, max(0.0, depth_of(prop) + nearer + rng.uniform(-0.16, 0.14)))
        y = ground.far + (ground.near - ground.far) * depth
        if ground.road and prop.part.drawing.category == "transport":
            y = ground.road
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

    taken = [buffet(sheet, goods, ground, len(foot))] if goods else []
    placed = settle(sheet, foot, stand, taken, wish)
    fit(swim, low * (0.36 if foot else 0.5), w * 0.62)
    for prop in swim:  # a fish beside a bridge is small
        if prop.part.drawing.pose == "swim" and foot:
            prop.within(low * 0.2, low * 0.2 * max(0.6, min(2.0, prop.part.drawing.metres)))
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
        land.canopy(sheet, idea.season)
    garland(sheet, cast.hang, eye)
    sprinkle(sheet, cast.bits, eye, placed, ground.far)
    for prop in sorted([*placed, *taken], key=lambda p: (p in grounded or p in taken, p.y)):
        if prop in taken:
            furniture.sideboard(sheet, prop.x, prop.y, prop.width, low * 0.2)
            for each in goods:
                draw(sheet, each, ground, eye, "none")
        else:
            draw(sheet, prop, ground, eye, "foot" if prop in foot else "none")
    near = [prop.bounds for prop in placed if prop.y > h - 230]
    free = [
        side
        for side, x in ((0, 190), (1, w - 190))
        if not any(edge[0] < x if side == 0 else edge[2] > x for edge in near)
    ]
    if open_land and free and rng.random() < 0.85:
        land.foreground(sheet, idea.season, tuple(rng.sample(free, len(free))))
    falls = "snowfall" if setting == "snow" and rng.random() < 0.6 else idea.weather
    if setting not in UNEARTHLY:
        afloat.weather(sheet, "rain" if names & {"rain", "cloud with rain"} else falls)


def framed(sheet: Sheet, inside: Callable[[Sheet], None]) -> None:
    """A place seen through an arch, a disc or a card on a designer's ground; `inside` draws the place."""
    rng, w, h, p = sheet.rng, sheet.width, sheet.height, sheet.palette
    papers.studio(sheet, "plain")
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
    inner = Sheet(
        wide * unit, high * unit, rng, p, sheet.time, sheet.look, defs=sheet.defs, shown=sheet.shown
    )
    inner.inset = {"disc": 110, "arch": 30, "card": 0}[kind]
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
