"""Compositions that repeat: pattern, wreath, tiles; and the abstract picture of plain forms."""

from __future__ import annotations

import math
from dataclasses import replace

from pipeline.render.palette import distance, mix, shift
from pipeline.render.picture import papers
from pipeline.render.picture.idea import Idea
from pipeline.render.picture.layouts import loose, marks
from pipeline.render.picture.props import Eye, Part, Prop, draw, sprinkle
from pipeline.render.picture.sheet import (
    Sheet,
    blob,
    blossom,
    leaf,
    oval,
    pen,
    rect,
    rolling,
    shape,
    spark,
)  # fmt: skip


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
    solid, bits = loose(parts)
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
