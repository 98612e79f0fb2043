"""Graphic compositions, without a place: hero, badge, close-up, pattern, wreath, tiles, flat lay."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from pipeline.render.palette import distance, mix, shift
from pipeline.render.picture import papers
from pipeline.render.picture.idea import Idea
from pipeline.render.picture.props import Eye, Part, Prop, draw, overlap, sprinkle
from pipeline.render.picture.sheet import (
    Ground,
    Sheet,
    blob,
    blossom,
    leaf,
    oval,
    pen,
    rect,
    ring,
    rolling,
    shape,
    spark,
    stroke,
)  # fmt: skip


def marks(sheet: Sheet, count: int, avoid: Sequence[Prop], size: float = 12) -> None:
    """Sparse little marks (dots, rings, crosses, sparks) in the empty parts of a graphic picture."""
    rng, w, h, p = sheet.rng, sheet.width, sheet.height, sheet.palette
    kind = rng.choice(("dot", "spark", "mixed"))
    count = round(count * max(1, w * h / 1e6) ** 0.7)
    for _ in range(count * 3):
        x, y, s = rng.uniform(40, w - 40), rng.uniform(40, h - 40), size * rng.uniform(0.6, 1.3)
        if any(prop.covers(x, y, 26) for prop in avoid):
            continue
        tone, pick = (
            rng.choice((*p.colors, p.paper)),
            rng.choice(("dot", "ring", "plus", "spark")) if kind == "mixed" else kind,
        )
        if pick == "dot":
            sheet.add(oval(x, y, s * 0.55, s * 0.55, tone, 0.9))
        elif pick == "ring":
            sheet.add(ring(x, y, s * 0.8, tone, s * 0.34))
        elif pick == "plus":
            sheet.add(stroke(pen("M", x - s, y, "h", 2 * s, "M", x, y - s, "v", 2 * s), tone, s * 0.4))
        else:
            sheet.add(shape(spark(x, y, s * 1.5), tone, 0.9))
        count -= 1
        if count <= 0:
            return


def _loose(parts: Sequence[Part]) -> tuple[list[Part], list[Part]]:
    """The solid things and the loose bits; bits alone count as solid."""
    solid = [part for part in parts if part.drawing.pose != "scatter"]
    return (solid, [part for part in parts if part not in solid]) if solid else (list(parts), [])


def hero(sheet: Sheet, idea: Idea, parts: list[Part]) -> None:
    """One large thing on a designer's ground, smaller companions at its foot."""
    rng, w, h, low = sheet.rng, sheet.width, sheet.height, min(sheet.width, sheet.height)
    (lead, *others), bits = _loose(parts)
    minimal = idea.look == "minimal"
    kinds = ("disc", "arch", "band", "blobs", "split", "rings", "burst")
    kind = "bokeh" if idea.look == "photo" else "burst" if idea.look == "retro" else rng.choice(kinds)
    kind = rng.choice(("disc", "plain", "arch")) if minimal else kind
    ground = papers.studio(sheet, kind)
    eye = Eye(sheet)
    count = min(lead.count, 5)
    stands = lead.drawing.place == "ground" and kind in {"arch", "band", "split", "bokeh"}
    tall = low * (0.64 if count == 1 else 0.46 if count <= 3 else 0.36) * (0.92 if len(others) > 1 else 1)
    foot = min(h * 0.84, h / 2 + low * 0.36) if stands else h / 2 + tall / 2 + (low * 0.02 if others else 0)
    props: list[Prop] = []
    for n in range(count):
        prop = Prop(lead, tall, flip=n % 2 == 1, number=n).within(w * 0.68 / count**0.8)
        offset = n - (count - 1) / 2
        prop.x = w / 2 + offset * prop.width * 1.02
        prop.y = foot + (0 if stands else abs(offset) * 26)
        prop.turn = 0 if stands or lead.drawing.place == "ground" else offset * 7
        props.append(prop)
    side, extra = rng.choice((-1, 1)), list[Prop]()
    for i, part in enumerate(others[:4]):
        few = min(part.count, 3)
        flies = part.drawing.place == "sky" or part.drawing.pose == "hang" or i >= 2
        for n in range(few):  # several of a kind stand close together, each a little lower
            small = Prop(part, tall * (0.5 if i < 2 else 0.36) * few**-0.3, number=1 + n).within(w * 0.3)
            reach = props[0].width * count * 0.44 + small.width * (0.34 + 0.62 * n)
            far = min(reach * (1 + 0.3 * (i // 2)), w / 2 - small.width / 2 - 34)
            small.x = w / 2 + side * (1 if i % 2 == 0 else -1) * far
            small.y = foot + low * ((0.02 if stands else 0.05) - 0.03 * n)
            small.y = foot - tall * 0.7 + small.height / 2 + low * 0.04 * n if flies else small.y
            extra.append(small)
    marks(sheet, 4 if minimal else 14, props + extra)
    sprinkle(sheet, bits, eye, props + extra, h * 0.9)
    for prop in props + extra:
        on_ground = stands and prop.part.drawing.place == "ground" and prop.y >= foot - 1
        draw(sheet, prop, ground, eye, "foot" if on_ground else "drop")


def badge(sheet: Sheet, idea: Idea, parts: list[Part]) -> None:
    """A round medallion: a person or animal cut off by its rim, leaves and small things about it."""
    rng, w, h, p = sheet.rng, sheet.width, sheet.height, sheet.palette
    ground = papers.studio(sheet, rng.choice(("plain", "burst", "blobs")))
    (lead, *others), bits = _loose(parts)
    cx, cy, r = w / 2, h * 0.5, min(w, h) * 0.37
    fill, green = mix(rng.choice((p.third, p.second, p.fourth)), p.ground, 0.3), mix("#4c9f70", p.third, 0.35)
    for side in (-1, 1):
        for k in range(7):
            a = math.radians(90 + side * (26 + 17 * k))
            x, y = cx + r * 1.04 * math.cos(a), cy + r * 1.04 * math.sin(a)
            tone = shift(green, (-0.05, 0.03)[k % 2])
            sheet.add(leaf(x, y, r * 0.3, math.degrees(a) + side * 62, tone, shift(tone, -0.07)))
    sheet.add(oval(cx, cy, r, r, p.paper), oval(cx, cy, r * 0.95, r * 0.95, fill))
    eye, clip = Eye(sheet), f"c{len(sheet.defs)}"
    inner = r * 0.95
    room = pen(
        "M", cx - inner, -200, "H", cx + inner, "V", cy, "A", inner, inner, "0 0 1", cx - inner, cy, "Z"
    )
    sheet.defs.append(f'<clipPath id="{clip}"><path d="{room}"/></clipPath>')
    sheet.add(f'<g clip-path="url(#{clip})">')
    bust = lead.drawing.pose == "bust"
    prop = Prop(lead, r * 1.74, cx).within(r * 1.7)
    prop.y = cy + r * (0.97 if bust else 0.8)
    draw(sheet, prop, ground, eye, "none" if bust else "foot")
    sheet.add("</g>")
    ringed = [replace(part, count=1) for part in others for _ in range(min(2, part.count))][:6]
    props = []
    for i, part in enumerate(ringed):
        angle = math.pi * (0.5 + (i + 0.5 - len(ringed) / 2) / max(3.2, len(ringed)) * 1.25)
        prop = Prop(part, r * 0.56, number=i % 3).within(r * 0.62)
        prop.x, prop.y = cx + r * 1.02 * math.cos(angle), cy + r * 1.0 * math.sin(angle) + prop.height / 2
        props.append(prop)
    whole = Prop(lead, 2.2 * r, cx, cy + r * 1.1)
    marks(sheet, 14, [*props, whole])
    sprinkle(sheet, bits, eye, [*props, whole], h)
    for prop in props:
        draw(sheet, prop, None, eye, "drop")


def pattern(sheet: Sheet, idea: Idea, parts: list[Part]) -> None:
    """A half-drop repeat of the things with small fillers between them."""
    rng, w, h, p = sheet.rng, sheet.width, sheet.height, sheet.palette
    papers.studio(sheet, "plain")
    eye = Eye(sheet)
    across = rng.choice((3, 4)) * max(1, round(w / 1000))
    step = w / across
    down = max(2, round(h / (step * 0.94)))
    high, filler = h / down, rng.choice((p.main, p.third, p.paper, p.second))
    flowers = rng.random() < 0.5
    stride = 2 if len(parts) != 2 else 1
    for column in range(-1, across + 1):
        for row in range(-1, down + 1):
            x, y = (column + 0.5) * step, (row + 0.5 + (0.5 if column % 2 else 0)) * high
            part = parts[(column + stride * row) % len(parts)]
            prop = Prop(part, high * 0.66, flip=(row + column) % 2 == 1).within(step * 0.72)
            prop.x, prop.y = x, y + prop.height / 2
            prop.turn = (-1) ** row * rng.choice((8, 12, 16)) if part.drawing.metres < 2 else 0
            draw(sheet, prop, None, eye, "none")
            fx, fy, s = x, y + high / 2, step * 0.05
            if (row + column) % 2:
                sheet.add(
                    blossom(fx, fy, s, filler, p.paper) if flowers else oval(fx, fy, s * 0.6, s * 0.6, filler)
                )
            else:
                sheet.add(shape(spark(fx, fy, s * 1.1), filler))


def wreath(sheet: Sheet, idea: Idea, parts: list[Part]) -> None:
    """Leaves, flowers and small things in a ring about one large thing."""
    rng, w, h, p = sheet.rng, sheet.width, sheet.height, sheet.palette
    ground = papers.studio(sheet, "plain")
    cx, cy, rx, ry = w / 2, h / 2, w * 0.5 - 140, h * 0.5 - 140
    if max(rx, ry) < 1.5 * min(rx, ry):
        rx = ry = min(rx, ry)
    green = mix("#4c9f70", p.third, 0.4)
    n = round(math.tau * math.sqrt((rx * rx + ry * ry) / 2) / 52)
    sheet.add(oval(cx, cy, rx - 36, ry - 36, mix(p.paper, p.ground, 0.3)))
    for i in range(n):
        a = math.tau * i / n
        x, y = cx + rx * math.cos(a), cy + ry * math.sin(a)
        for out in (1, -1):
            tone = shift(green, rng.choice((-0.08, 0.0, 0.06)))
            turn = math.degrees(a) + 90 + out * rng.uniform(30, 58)
            sheet.add(leaf(x, y, rng.uniform(66, 96), turn, tone, shift(tone, -0.07)))
        if i % 3 == 0:
            sheet.add(
                oval(
                    x + rng.uniform(-22, 22), y + rng.uniform(-22, 22), 10, 10, rng.choice((p.main, p.second))
                )
            )
    eye = Eye(sheet)
    solid, bits = _loose(parts)
    lead, *others = solid
    around = [replace(part, count=1) for part in others if part.drawing.metres < 1.5]
    many = max(5, min(9, round(n / 6)))
    start = rng.uniform(0, math.tau)
    for i in range(many):
        a = start + math.tau * i / many
        x, y = cx + rx * math.cos(a), cy + ry * math.sin(a)
        if not around or i % 2:
            sheet.add(
                blossom(
                    x,
                    y,
                    rng.uniform(44, 58),
                    (p.main, p.paper, p.second)[i % 3],
                    p.second if i % 3 != 2 else p.paper,
                )
            )
        else:
            prop = Prop(around[(i // 2) % len(around)], 165, x, number=(i // 2 // len(around)) % 3).within(
                175
            )
            prop.y = y + prop.height / 2
            draw(sheet, prop, ground, eye, "drop")
    count = min(3, lead.count)
    large = [part for part in others if part not in [replace(a, count=part.count) for a in around]][:2]
    shown = [lead] * count + large
    for k, part in enumerate(shown):
        prop = Prop(part, (min(rx, ry) - 90) * (1.35 if len(shown) == 1 else 0.9)).within(
            (rx - 80) * 1.5 / len(shown)
        )
        prop.x, prop.y = cx + (k - (len(shown) - 1) / 2) * (rx - 60) * 1.66 / len(shown), cy + prop.height / 2
        draw(sheet, prop, ground, eye, "drop")
    sprinkle(sheet, bits, eye, [Prop(lead, 2 * ry, cx, cy + ry)], h)


def tiles(sheet: Sheet, idea: Idea, parts: list[Part]) -> None:
    """A grid of coloured tiles: things on some, plain geometry on the others."""
    rng, w, h, p = sheet.rng, sheet.width, sheet.height, sheet.palette
    across = max(1, round(w / 335))
    down = max(1, round(h / (w / across)))
    tw, th = w / across, h / down
    inks = [p.ground, p.paper, *(mix(c, p.paper, 0.35) for c in p.colors), p.fourth, p.main]
    sheet.add(rect(0, 0, w, h, p.paper))
    cells = [(i, j) for j in range(down) for i in range(across)]
    order = rng.sample(cells, len(cells))
    single = [replace(part, count=1) for part in parts]
    again = [replace(part, count=1) for part in parts for _ in range(min(part.count, 3) - 1)]
    shown = dict(
        zip(
            order,
            (single + again + single * 8)[
                : max(len(single), math.ceil(len(cells) * (0.67 if len(single) > 2 else 0.5)))
            ],
            strict=False,
        )
    )
    last: dict[tuple[int, int], str] = {}
    for i, j in cells:
        beside = {last.get((i - 1, j)), last.get((i, j - 1))}
        color = last[i, j] = rng.choice([ink for ink in inks if ink not in beside])
        x, y = i * tw, j * th
        sheet.add(rect(x, y, tw + 1, th + 1, color))
        accent = rng.choice([ink for ink in inks if distance(ink, color) > 0.12] or [p.dark])
        if (i, j) not in shown:
            _geometry(sheet, x, y, tw, th, color, accent)
        elif rng.random() < 0.5:
            sheet.add(
                oval(x + tw / 2, y + th / 2, min(tw, th) * 0.4, min(tw, th) * 0.4, mix(color, accent, 0.35))
            )
    eye = Eye(sheet)
    for (i, j), part in shown.items():
        prop = Prop(part, th * 0.72, (i + 0.5) * tw, number=(i + j) % 4).within(tw * 0.76)
        prop.y = (j + 0.5) * th + prop.height / 2
        draw(sheet, prop, None, eye, "drop")


def _geometry(sheet: Sheet, x: float, y: float, w: float, h: float, color: str, accent: str) -> None:
    """A tile of plain geometry: a quarter disc, two halves, dots, rings or a leaf."""
    kind = sheet.rng.choice(("quarter", "halves", "dots", "rings", "leaf"))
    if kind == "quarter":
        sheet.add(shape(pen("M", x, y + h, "V", y, "A", w, h, "0 0 1", x + w, y + h, "Z"), accent))
    elif kind == "halves":
        for base in (y + h / 2, y + h):
            sheet.add(shape(pen("M", x, base, "A", w / 2, h / 2, "0 0 1", x + w, base, "Z"), accent))
    elif kind == "dots":
        for k in range(9):
            sheet.add(oval(x + w * (k % 3 + 0.5) / 3, y + h * (k // 3 + 0.5) / 3, w * 0.07, w * 0.07, accent))
    elif kind == "rings":
        for k, share in enumerate((0.4, 0.28, 0.16)):
            sheet.add(oval(x + w / 2, y + h / 2, w * share, h * share, accent if k % 2 == 0 else color))
    else:
        lens = pen("M", x, y + h, "A", w, h, "0 0 1", x + w, y, "A", w, h, "0 0 1", x, y + h, "Z")
        sheet.add(shape(lens, accent))


def flat_lay(sheet: Sheet, idea: Idea, parts: list[Part]) -> None:
    """Seen from above: things of three sizes laid out loosely on a surface, with leaves between them."""
    rng, w, h, p = sheet.rng, sheet.width, sheet.height, sheet.palette
    ground = papers.tabletop(sheet)
    eye, low = Eye(sheet), min(w, h)
    solid, bits = _loose(parts)
    want = max(6, round(w * h / 125_000), len(solid))
    again = [replace(part, count=1) for part in solid for _ in range(max(part.least, min(part.count, 4)) - 1)]
    cells = [replace(part, count=1) for part in solid] + again
    free = [replace(part, count=1) for part in solid if not part.told]
    while free and len(cells) < want:
        cells += free
    want = max(want, len(solid) + len(again))
    placed: list[Prop] = []
    for n, part in enumerate(cells[: max(want, len(solid))]):
        size = low * (0.46 if n == 0 else 0.34 if n < 3 else rng.uniform(0.22, 0.28))
        prop = Prop(
            part, size, turn=rng.uniform(-22, 22), number=sum(q.part.drawing is part.drawing for q in placed)
        ).within(size * 1.15)
        best, room = None, -math.inf
        for _ in range(90):
            prop.x, prop.y = (
                rng.uniform(prop.width / 2 + 34, w - prop.width / 2 - 34),
                rng.uniform(prop.height + 34, h - 34),
            )
            clash = sum(overlap(prop, other) for other in placed)
            away = min(
                (math.dist((prop.x, prop.y - prop.height / 2), (o.x, o.y - o.height / 2)) for o in placed),
                default=low * 0.3,
            )
            centre = math.dist((prop.x, prop.y - prop.height / 2), (w / 2, h / 2)) if n == 0 else 0
            score = -9 * clash + min(away, low * 0.4) / low - centre / low
            if score > room:
                best, room = (prop.x, prop.y), score
        prop.x, prop.y = best or (w / 2, h / 2)
        if room > -1.6 or n < len(solid) + len(again):
            placed.append(prop)
    green = mix("#4c9f70", p.third, 0.4)
    for _ in range(round(w * h / 60_000)):
        x, y = rng.uniform(30, w - 30), rng.uniform(30, h - 30)
        if not any(prop.covers(x, y, 8) for prop in placed):
            if rng.random() < 0.45:
                sheet.add(
                    leaf(
                        x,
                        y,
                        rng.uniform(34, 58),
                        rng.uniform(0, 360),
                        shift(green, rng.uniform(-0.06, 0.06)),
                        shift(green, -0.1),
                    )
                )
            else:
                sheet.add(oval(x, y, 7, 7, rng.choice(p.colors), 0.85))
    sprinkle(sheet, bits, eye, placed, h)
    for prop in placed:
        draw(sheet, prop, ground, eye, "drop")


def close_up(sheet: Sheet, idea: Idea, parts: list[Part]) -> None:
    """One thing so near that the frame cuts it, the others small at its side."""
    rng, w, h = sheet.rng, sheet.width, sheet.height
    ground = papers.studio(
        sheet, "bokeh" if idea.look == "photo" else rng.choice(("plain", "blobs", "split", "rings"))
    )
    eye, low, side = Eye(sheet), min(w, h), rng.choice((-1, 1))
    (lead, *others), bits = _loose(parts)
    prop = Prop(lead, low * 1.02, flip=side < 0).within(w * 1.0)
    prop.turn = side * rng.uniform(4, 12) if lead.drawing.place != "ground" else 0
    prop.x = w * 0.5 + side * (0.14 * w if others else 0.06 * w)
    prop.y = h * 0.5 + prop.height * (0.6 if lead.drawing.place == "ground" else 0.54)
    smalls = []
    for i, part in enumerate(others[:3]):
        small = Prop(part, low * (0.28 - 0.03 * i), number=1).within(low * 0.3)
        small.x, small.y = w * (0.5 - side * (0.34 - 0.03 * i)), h * (0.9 - 0.29 * i)
        smalls.append(small)
    marks(sheet, 9, [prop, *smalls])
    sprinkle(sheet, bits, eye, [prop, *smalls], h)
    for each in (prop, *smalls):
        draw(sheet, each, ground, eye, "drop")


def abstract(sheet: Sheet) -> None:
    """A balanced picture of simple forms in the palette, for prompts that name nothing drawn."""
    rng, w, h, p = sheet.rng, sheet.width, sheet.height, sheet.palette
    papers.studio(sheet, "plain")
    low, kind = min(w, h), rng.choice(("suns", "waves", "blobs"))
    if kind == "waves":
        sheet.add(
            oval(w * rng.uniform(0.3, 0.7), h * 0.3, low * 0.16, low * 0.16, mix(p.second, p.paper, 0.3))
        )
        for i, color in enumerate((p.second, p.main, p.third, p.fourth, p.dark)):
            sheet.add(
                rolling(sheet, h * (0.4 + 0.13 * i), 60, max(2, round(w / 420)), mix(color, p.paper, 0.16))
            )
        return
    for i in range(5):
        color, r = mix(p.colors[i % 4], p.ground, 0.12), low * rng.uniform(0.16, 0.3)
        x, y = (
            w * (0.2 + 0.6 * (i % 3) / 2) + rng.uniform(-60, 60),
            h * (0.32 + 0.36 * (i // 3)) + rng.uniform(-60, 60),
        )
        if kind == "suns":
            half = pen("M", x - r, y, "a", r, r, "0 0 1", 2 * r, 0, "Z")
            turn = f'<g transform="rotate({rng.choice((0, 90, 180, 270))} {x:.0f} {y:.0f})">'
            sheet.add(
                turn + shape(half, color, 0.92) + "</g>",
                oval(x, y, r * 0.4, r * 0.4, mix(p.paper, color, 0.15)),
            )
        else:
            sheet.add(shape(blob(x, y, r, rng), color, 0.92))
    marks(sheet, 16, [])


__all__ = [
    "Ground",
    "abstract",
    "badge",
    "close_up",
    "flat_lay",
    "hero",
    "marks",
    "pattern",
    "tiles",
    "wreath",
]
