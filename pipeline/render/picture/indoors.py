"""Backdrops under a roof: rooms, tables and stages."""

from __future__ import annotations

from pipeline.render.palette import lch, mix, shift
from pipeline.render.picture.furniture import WOODS, frames, pendant, softer, window, window_box
from pipeline.render.picture.light import shaded
from pipeline.render.picture.sheet import Ground, Sheet, oval, pen, rect, shape, stroke


def wall_colors(sheet: Sheet) -> tuple[str, str]:
    """Wall and wood of a room, from the palette."""
    p = sheet.palette
    pale = p.ground if lch(p.ground)[0] > 0.6 else mix(p.fourth, p.paper, 0.3)
    tints = (mix(p.third, p.paper, 0.62), mix(p.fourth, p.paper, 0.66), mix(p.main, p.paper, 0.7))
    wall = sheet.rng.choice((pale, pale, *tints))
    wood = mix(sheet.rng.choice(WOODS), p.dark, 0.1)
    return shaded(wall, sheet.time, 0.8), shaded(wood, sheet.time, 0.5)


def wallpaper(sheet: Sheet, bottom: float, wall: str) -> None:
    """A quiet wallpaper down to `bottom`: dots, stripes, panels, or nothing."""
    rng, w, color = sheet.rng, sheet.width, softer(wall)
    kind, step = rng.choice(("plain", "dots", "stripes", "panels")), rng.choice((74, 92))
    if kind == "dots":
        for j in range(int(bottom / step) + 1):
            for i in range(int(w / step) + 2):
                sheet.add(oval(i * step + (step / 2 if j % 2 else 0), j * step + step / 2, 5, 5, color, 0.5))
    elif kind == "stripes":
        for i in range(int(w / (2 * step)) + 1):
            sheet.add(rect(i * 2 * step, 0, step, bottom, color, opacity=0.28))
    elif kind == "panels":
        count = max(2, round(w / 420))
        wide, high = w / count, min(240, bottom * 0.26)
        sheet.add(rect(0, bottom - high - 14, w, 8, color, opacity=0.7))
        for i in range(count):
            x, y, r, d = i * wide + 24, bottom - high + 12, (i + 1) * wide - 24, bottom - 26
            sheet.add(stroke(pen("M", x, y, "H", r, "V", d, "H", x, "Z"), color, 5, 0.7))


def room(sheet: Sheet, decor: tuple[str, str]) -> Ground:
    """A room: wall, skirting, wooden floor, perhaps a rug; `decor` is what the left and right wall have.

    That is "window", "frames" or nothing ("").
    """
    rng, w, h, p = sheet.rng, sheet.width, sheet.height, sheet.palette
    wall, wood = wall_colors(sheet)
    floor = max(h * rng.uniform(0.66, 0.71), h - 0.6 * w)
    sheet.add(rect(0, 0, w, h, sheet.fade(shift(wall, 0.02), shift(wall, -0.03))))
    wallpaper(sheet, floor, wall)
    for side, kind in enumerate(decor):
        if kind == "window":
            left, top, wide, high = window_box(sheet, side, floor)
            window(sheet, left, top, wide, high)
        elif kind == "frames":
            frames(sheet, w * (0.75 if side else 0.25), floor - min(floor * 0.6, 430), wall)
    if w > 1700 and any(decor):
        frames(sheet, w * 0.5, floor * 0.4, wall)
    sheet.add(rect(0, floor - 26, w, 26, mix(wall, "#ffffff" if sheet.time != "night" else p.dark, 0.35)))
    plank = mix(wood, shaded(p.paper, sheet.time, 0.8), 0.3)
    sheet.add(rect(0, floor, w, h - floor, sheet.fade(shift(plank, -0.05), shift(plank, 0.02))))
    count = round(12 * w / 1000)
    for i in range(-count // 2, count + count // 2):
        x0 = w * i / count
        x1 = w / 2 + (x0 - w / 2) * 1.8
        sheet.add(stroke(pen("M", x0, floor, "L", x1, h), shift(plank, -0.06), 3, 0.5))
    sheet.add(rect(0, floor, w, 18, shift(plank, -0.16), opacity=0.35))
    if rng.random() < 0.7:
        rug = shaded(mix(rng.choice((p.main, p.third, p.fourth)), p.paper, 0.35), sheet.time, 0.6)
        y, rx, ry = floor + (h - floor) * 0.58, min(w * 0.4, 560), min((h - floor) * 0.34, 150)
        for share, color in ((1.0, rug), (0.88, mix(rug, p.paper, 0.3)), (0.8, rug)):
            sheet.add(oval(w * 0.5, y, rx * share, ry * share, color))
    shadow = shift(wood, -0.25)
    return Ground(floor + 34, h * 0.94, "room", shadow=shadow, wall=(h * 0.07, floor * 0.72))


def table(sheet: Sheet, behind: str) -> tuple[Ground, list[str]]:
    """A table's edge across the sheet before a wall; the second result is the table itself, to be drawn.

    `behind` says what the wall has: window, frames, lamp, disc, arch or paper; "view" keeps what is painted.
    """
    rng, w, h, p = sheet.rng, sheet.width, sheet.height, sheet.palette
    wall, wood = wall_colors(sheet)
    top = max(h * rng.uniform(0.6, 0.66), h - 0.62 * w)
    if behind == "view":
        top += (h - top) * 0.2
    else:
        sheet.add(rect(0, 0, w, h, sheet.fade(shift(wall, 0.03), shift(wall, -0.03))))
    if behind in {"paper", "lamp", "frames"}:
        wallpaper(sheet, top, wall)
    if behind == "window":
        wide, high = min(400.0, w * 0.36), min(top * 0.6, 520)
        window(sheet, w * rng.choice((0.12, 0.5)), max(70, top * 0.46 - high / 2), wide, high)
    elif behind == "frames":
        for k in range(max(1, round(w / 900))):
            frames(
                sheet,
                w * (k + rng.choice((0.3, 0.5, 0.7))) / max(1, round(w / 900)),
                min(top * 0.38, top - 260),
                wall,
            )
    elif behind == "lamp":
        count = max(1, round(w / 620))
        for k in range(count):
            pendant(sheet, w * (k + 0.5) / count + rng.uniform(-30, 30), min(top * 0.3, 330))
    elif behind in {"disc", "arch"}:
        r, tone = min(w * 0.44, top * 0.5), shift(wall, 0.06 if lch(wall)[0] < 0.84 else -0.06, 1.3)
        outline = pen(
            "M", w / 2 - r, top, "V", max(r + 40, top - r * 1.15), "a", r, r, "0 0 1", 2 * r, 0, "V", top, "Z"
        )
        sheet.add(oval(w / 2, top - r * 0.75, r, r, tone) if behind == "disc" else shape(outline, tone))
    start = len(sheet.layers)
    cloth = rng.random() < 0.35
    board = mix(rng.choice(p.colors), p.paper, 0.45) if cloth else mix(wood, p.paper, 0.12)
    board = shaded(board, sheet.time, 0.6) if cloth else board
    edge = h * 0.955
    sheet.add(rect(0, top - 4, w, h - top + 4, sheet.fade(shift(board, 0.03), shift(board, -0.04))))
    sheet.add(rect(0, top - 4, w, 9, shift(board, 0.09), opacity=0.8))
    if cloth:
        step = w / round(w / 84)
        for i in range(round(w / 84) + 1):
            sheet.add(rect(i * step, top + 5, step / 2, h - top, shift(board, -0.05), opacity=0.55))
    else:
        for i in range(4 * max(1, round(w / 1000))):
            y, x = top + (edge - top) * (0.22 + 0.25 * (i % 4)), rng.uniform(0, w * 0.8)
            grain = pen("M", x, y, "q", 150, rng.uniform(-6, 6), 340, 0)
            sheet.add(stroke(grain, shift(board, -0.05), 3.5, 0.6))
    sheet.add(rect(0, edge, w, h - edge, shift(board, -0.12)))
    slab, sheet.layers[start:] = sheet.layers[start:], []
    return Ground(top + 30, edge - 14, "table", shadow=shift(wood, -0.28), wall=(h * 0.06, top * 0.62)), slab


def stage(sheet: Sheet) -> Ground:
    """A stage: curtains at both sides, a valance, beams of light, boards."""
    rng, w, h, p = sheet.rng, sheet.width, sheet.height, sheet.palette
    dark, red = mix(p.dark, "#20183a", 0.5), p.main
    floor = max(h * 0.74, h - 0.5 * w)
    sheet.add(rect(0, 0, w, h, sheet.fade(dark, shift(dark, 0.1), dark)))
    for x in (0.25, 0.5, 0.75):
        lean = (0.5 - x) * w * 0.5
        beam = pen(
            "M", w * x - 26, 0, "h", 52, "L", w * x + lean + 200, floor + 60, "H", w * x + lean - 200, "Z"
        )
        sheet.add(shape(beam, sheet.fade(p.second, p.second, opacity=(0.4, 0.05))))
    boards = mix("#8d5b3a", p.dark, 0.25)
    sheet.add(rect(0, floor, w, h - floor, sheet.fade(shift(boards, 0.08), shift(boards, -0.06))))
    sheet.add(
        oval(
            w / 2,
            floor + (h - floor) * 0.45,
            min(w * 0.38, 620),
            min(130, (h - floor) * 0.36),
            p.second,
            0.28,
        )
    )
    fold = min(w * 0.17, 220) / 4
    for side in (0, 1):
        for i in range(4):
            x = i * fold if side == 0 else w - (i + 1) * fold
            drape = pen("M", x, 0, "h", fold, "V", floor + 46 - 8 * i, "q", -fold / 2, 16, -fold, 0, "Z")
            sheet.add(shape(drape, shift(red, -0.05 - 0.05 * (i % 2))))
    count = max(5, round(w / 150))
    step, deep = w / count, min(h * 0.07, 110)
    for i in range(count):
        swag = pen("M", i * step, 0, "h", step, "v", deep, "a", step / 2, deep * 0.86, "0 0 1", -step, 0, "Z")
        sheet.add(shape(swag, shift(red, -0.02 - 0.05 * (i % 2))))
    sheet.add(rect(0, deep * 0.86, w, 8, p.second, opacity=0.7))
    for _ in range(30):
        x, y, r = rng.uniform(w * 0.18, w * 0.82), rng.uniform(h * 0.18, floor), rng.uniform(2, 5)
        sheet.add(oval(x, y, r, r, "#fff2c4", rng.uniform(0.2, 0.7)))
    return Ground(floor + 40, h * 0.93, "room", shadow="#140f26", wall=(h * 0.2, floor * 0.7))
