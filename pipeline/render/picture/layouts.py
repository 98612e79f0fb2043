"""Graphic compositions about one thing, without a place: hero, badge, flat lay, close-up."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from pipeline.render.palette import mix, shift
from pipeline.render.picture import papers
from pipeline.render.picture.idea import Idea
from pipeline.render.picture.props import Eye, Part, Prop, draw, overlap, sprinkle
from pipeline.render.picture.sheet import (
    Sheet,
    leaf,
    oval,
    pen,
    ring,
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


def loose(parts: Sequence[Part]) -> tuple[list[Part], list[Part]]:
    """The solid things and the loose bits; bits alone count as solid."""
    solid = [part for part in parts if part.drawing.pose != "scatter"]
    return (solid, [part for part in parts if part not in solid]) if solid else (list(parts), [])


def hero(sheet: Sheet, idea: Idea, parts: list[Part]) -> None:
    """One large thing on a designer's ground, smaller companions at its foot."""
    rng, w, h, low = sheet.rng, sheet.width, sheet.height, min(sheet.width, sheet.height)
    (lead, *others), bits = loose(parts)
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
    (lead, *others), bits = loose(parts)
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


def flat_lay(sheet: Sheet, idea: Idea, parts: list[Part]) -> None:
    """Seen from above: things of three sizes laid out loosely on a surface, with leaves between them."""
    rng, w, h, p = sheet.rng, sheet.width, sheet.height, sheet.palette
    ground = papers.tabletop(sheet)
    eye, low = Eye(sheet), min(w, h)
    solid, bits = loose(parts)
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
    (lead, *others), bits = loose(parts)
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
