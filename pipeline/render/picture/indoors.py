"""Backdrops under a roof: rooms, tables, shelves and stages; and the plain papers of a graphic studio."""

from __future__ import annotations

import math

from pipeline.render.palette import lch, mix, shift
from pipeline.render.picture.outdoors import LAND, shaded, sky_colors
from pipeline.render.picture.sheet import Ground, Sheet, blob, leaf, oval, pen, rect, ring, shape, stroke

WOODS = ("#a9714a", "#8d5b3a", "#c08a5a")


def wall_colors(sheet: Sheet) -> tuple[str, str]:
    """Wall and wood of a room, from the palette."""
    p = sheet.palette
    pale = p.ground if lch(p.ground)[0] > 0.6 else mix(p.fourth, p.paper, 0.3)
    tints = (mix(p.third, p.paper, 0.62), mix(p.fourth, p.paper, 0.66), mix(p.main, p.paper, 0.7))
    wall = sheet.rng.choice((pale, pale, *tints))
    wood = mix(sheet.rng.choice(WOODS), p.dark, 0.1)
    return shaded(wall, sheet.time, 0.8), shaded(wood, sheet.time, 0.5)


def _softer(color: str, step: float = 0.05) -> str:
    """A neighbour of a colour for quiet patterns on it: darker on pale, lighter on dark."""
    return shift(color, -step if lch(color)[0] > 0.4 else step)


def wallpaper(sheet: Sheet, bottom: float, wall: str) -> None:
    """A quiet wallpaper down to `bottom`: dots, stripes, panels, or nothing."""
    rng, w, color = sheet.rng, sheet.width, _softer(wall)
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


def window_box(sheet: Sheet, side: int, floor: float) -> tuple[float, float, float, float]:
    """Where a room's window is: left, top, width, height (side 0 left, 1 right)."""
    wide, high = min(330.0, sheet.width * 0.28), min(floor * 0.46, 420)
    return sheet.width * (0.61 if side else 0.11), max(70, floor - 60 - high * 1.3), wide, high


def window(sheet: Sheet, x: float, y: float, w: float, h: float) -> None:
    """A window with the hour's sky and a hill in it, and curtains in a palette colour."""
    p, rng = sheet.palette, sheet.rng
    frame = shaded(mix(p.paper, "#ffffff", 0.5), sheet.time, 0.4)
    sheet.add(
        rect(x - 14, y - 14, w + 28, h + 28, frame, 8), rect(x, y, w, h, sheet.fade(*sky_colors(sheet)))
    )
    sheet.add(oval(x + w * rng.choice((0.26, 0.74)), y + h * 0.26, w * 0.1, w * 0.1, "#fff0bd"))
    hill = pen("M", x, y + h * 0.78, "Q", x + w * 0.3, y + h * 0.6, x + w * 0.6, y + h * 0.76,
               "T", x + w, y + h * 0.7, "V", y + h, "H", x, "Z")  # fmt: skip
    sheet.add(shape(hill, shaded(LAND["spring"], sheet.time)))
    sheet.add(rect(x + w / 2 - 6, y, 12, h, frame), rect(x, y + h * 0.45, w, 11, frame))
    sheet.add(rect(x - 34, y + h + 10, w + 68, 22, shift(frame, -0.05), 6))
    cloth = shaded(mix(rng.choice((p.main, p.third, p.fourth)), p.paper, 0.25), sheet.time, 0.5)
    top = y - 34
    for sign, cx in ((1, x - 44), (-1, x + w + 44)):
        drape = pen("M", cx, top, "h", sign * w * 0.36, "q", -sign * w * 0.06, h * 0.6, -sign * w * 0.26,
        h + 70,
                    "h", -sign * w * 0.1, "Z")  # fmt: skip
        fold = pen("M", cx + sign * w * 0.12, top, "h", sign * w * 0.07, "q", 0, h * 0.5, -sign * w * 0.1,
        h + 70,
                   "h", -sign * w * 0.04, "Z")  # fmt: skip
        sheet.add(shape(drape, cloth), shape(fold, shift(cloth, -0.06), 0.7))
    sheet.add(rect(x - 60, top - 12, w + 120, 14, shift(cloth, -0.2), 7))


# --- things that fill an empty wall or corner -----------------------------------------------------


def frames(sheet: Sheet, x: float, y: float, wall: str) -> None:
    """Two or three framed abstract prints about (x, y)."""
    rng, p = sheet.rng, sheet.palette
    edge = rng.choice((p.dark, "#c08a5a", p.paper))
    for dx, dy, w, h in ((-100, -30, 150, 200), (80, -60, 130, 130), (88, 96, 150, 110))[: rng.randint(2, 3)]:
        left, top = x + dx - w / 2, y + dy - h / 2
        paper, ink = mix(p.paper, wall, 0.1), rng.choice(p.colors)
        sheet.add(rect(left + 6, top + 9, w, h, _softer(wall, 0.12), 3, 0.5), rect(left, top, w, h, edge, 3))
        sheet.add(rect(left + 9, top + 9, w - 18, h - 18, paper))
        r, cx, cy = min(w, h) * 0.27, x + dx, y + dy
        pick = rng.choice(("sun", "leaf", "arches"))
        if pick == "sun":
            sheet.add(oval(cx, cy - r * 0.25, r * 0.8, r * 0.8, ink))
            sheet.add(
                rect(left + 9, cy + r * 0.35, w - 18, top + h - 9 - cy - r * 0.35, mix(ink, p.dark, 0.35))
            )
        elif pick == "leaf":
            for angle in (-130, -90, -50):
                sheet.add(leaf(cx, cy + r, r * 1.8, angle, shift(ink, -0.0006 * (angle + 90))))
        else:
            for k, share in enumerate((1.0, 0.68, 0.36)):
                s = r * share
                arch = pen("M", cx - s, cy + r, "V", cy, "a", s, s, "0 0 1", 2 * s, 0, "V", cy + r, "Z")
                sheet.add(shape(arch, ink if k % 2 == 0 else paper))


def pendant(sheet: Sheet, x: float, drop: float) -> None:
    """A lamp that hangs from above, with its cone of light."""
    p = sheet.palette
    color, r = sheet.rng.choice((p.main, p.second, p.fourth)), 76
    beam = pen("M", x - r, drop, "h", 2 * r, "l", 150, 380, "h", -2 * r - 300, "Z")
    sheet.add(shape(beam, sheet.fade("#fff0c0", "#fff0c0", opacity=(0.4, 0.0))))
    sheet.add(rect(x - 2, -5, 4, drop - r * 0.7, p.dark))
    sheet.add(shape(pen("M", x - r, drop, "a", r, r * 0.86, "0 0 1", 2 * r, 0, "Z"), color))
    sheet.add(
        shape(
            pen("M", x, drop - r * 0.86, "a", r, r * 0.86, "0 0 1", r, r * 0.86, "h", -r * 0.55, "Z"),
            shift(color, -0.07),
        )
    )
    sheet.add(oval(x, drop, r * 0.3, r * 0.2, "#fff3cf"))


def floor_plant(sheet: Sheet, x: float, y: float, size: float) -> None:
    """A potted plant on the floor at (x, y)."""
    rng, p = sheet.rng, sheet.palette
    green, pot = mix("#4c9f70", p.third, 0.3), mix(rng.choice((p.main, p.second, p.paper)), "#c8693f", 0.3)
    sheet.add(oval(x, y, size * 0.3, size * 0.05, "#1d1830", 0.22))
    for angle in (-150, -122, -100, -78, -56, -32):
        tone = shaded(shift(green, rng.uniform(-0.07, 0.05)), sheet.time, 0.7)
        sheet.add(
            leaf(
                x,
                y - size * 0.3,
                size * rng.uniform(0.6, 0.78),
                angle + rng.uniform(-6, 6),
                tone,
                shift(tone, -0.06),
            )
        )
    w = size * 0.2
    sheet.add(
        shape(
            pen("M", x - w, y - size * 0.34, "h", 2 * w, "l", -w * 0.32, size * 0.34, "h", -w * 1.36, "Z"),
            pot,
        )
    )
    sheet.add(rect(x - w * 1.12, y - size * 0.37, w * 2.24, size * 0.07, shift(pot, 0.05), 4))


def sideboard(sheet: Sheet, x: float, y: float, w: float, h: float) -> None:
    """A low board or a table whose top, `w` wide about x, is `h` above its feet at y."""
    rng, p = sheet.rng, sheet.palette
    wood = shaded(mix(rng.choice(WOODS), p.dark, 0.08), sheet.time, 0.6)
    left, top = x - w / 2, y - h
    sheet.add(oval(x, y - 2, w * 0.54, h * 0.1, sheet.glow("#1d1830", 0.4, 0.3)))
    if rng.random() < 0.5:
        for lx in (left + w * 0.05, left + w * 0.95 - 20):
            sheet.add(rect(lx, top + 14, 20, h - 14, shift(wood, -0.06), 3))
        sheet.add(rect(left + w * 0.05, top + 16, w * 0.9, h * 0.13, shift(wood, -0.1)))
    else:
        front = mix(rng.choice(p.colors), p.paper, 0.3)
        front = shaded(front, sheet.time, 0.6)
        for lx in (left + 26, left + w - 42):
            sheet.add(rect(lx, y - h * 0.18, 16, h * 0.18, shift(wood, -0.1), 3))
        sheet.add(rect(left + 8, top + 10, w - 16, h * 0.74, wood, 6))
        doors = max(2, round(w / 190))
        for i in range(doors):
            dw = (w - 32) / doors
            sheet.add(rect(left + 16 + i * dw + 4, top + 26, dw - 8, h * 0.74 - 32, front, 4))
            sheet.add(
                oval(
                    left + 16 + i * dw + (dw - 26 if i % 2 == 0 else 26),
                    top + h * 0.38,
                    6,
                    6,
                    shift(wood, 0.12),
                )
            )
    sheet.add(rect(left, top, w, 20, shift(wood, 0.05), 5), rect(left, top, w, 6, shift(wood, 0.11), 3))


# --- rooms ----------------------------------------------------------------------------------------


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


def blanket(sheet: Sheet, top: float, bottom: float) -> None:
    """A checked picnic blanket on the ground between two values of y."""
    rng, w, p = sheet.rng, sheet.width, sheet.palette
    cloth = shaded(mix(rng.choice((p.main, p.second, p.fourth)), p.paper, 0.2), sheet.time, 0.7)
    pale = shaded(p.paper, sheet.time, 0.7)
    half = min(w * 0.44, 620)
    far, cx = half * 0.74, w / 2

    def strip(a: float, b: float) -> str:
        return pen("M", cx - far + 2 * far * a, top, "L", cx - far + 2 * far * b, top,
                   "L", cx - half + 2 * half * b, bottom, "L", cx - half + 2 * half * a, bottom,
                   "Z")  # fmt: skip

    sheet.add(shape(strip(-0.012, 1.012), shift(cloth, -0.1), 0.5), shape(strip(0, 1), pale))
    for i in range(7):
        sheet.add(shape(strip((2 * i + 0.5) / 14, (2 * i + 1.5) / 14), cloth, 0.6))
        y, high = top + (bottom - top) * ((i + 0.25) / 7) ** 1.15, (bottom - top) / 14
        x = far + (half - far) * (y - top) / (bottom - top)
        sheet.add(rect(cx - x, y, 2 * x, high * (0.7 + 0.06 * i), cloth, opacity=0.5))


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


# --- graphic papers -------------------------------------------------------------------------------


def studio(sheet: Sheet, kind: str) -> Ground:
    """A designer's ground: plain, disc, arch, burst, split, band, blobs, rings or bokeh."""
    rng, w, h, p = sheet.rng, sheet.width, sheet.height, sheet.palette
    base = p.ground if sheet.time != "night" or lch(p.ground)[0] < 0.45 else mix(p.dark, p.fourth, 0.25)
    dark = lch(base)[0] < 0.45
    near = shift(base, 0.06 if dark else -0.055, 1.25)
    sheet.add(rect(0, 0, w, h, sheet.fade(shift(base, 0.02), shift(base, -0.02), angle=70)))
    s, cx, cy = min(w, h), w / 2, h / 2
    accent = mix(rng.choice(p.colors[1:]), base, 0.45)
    if kind == "disc":
        sheet.add(oval(cx, cy, s * 0.43, s * 0.43, accent))
    elif kind == "rings":
        for k, share in enumerate((0.62, 0.5, 0.38)):
            sheet.add(oval(cx, cy, s * share, s * share, mix(base, accent, 0.25 + 0.3 * k)))
    elif kind == "arch":
        r, foot = s * 0.36, h * 0.84
        outline = pen("M", cx - r, foot, "V", cy - s * 0.02, "a", r, r, "0 0 1", 2 * r, 0, "V", foot, "Z")
        sheet.add(shape(outline, accent), rect(0, foot, w, h * 0.16, near))
    elif kind == "burst":
        rays, reach = rng.choice((18, 22, 26)), math.hypot(w, h)
        for i in range(rays):
            a, b = (math.tau * (i + o) / rays for o in (0, 0.5))
            x0, y0, x1, y1 = math.cos(a), math.sin(a), math.cos(b), math.sin(b)
            ray = pen(
                "M", cx, cy, "L", cx + reach * x0, cy + reach * y0, "L", cx + reach * x1, cy + reach * y1, "Z"
            )
            sheet.add(shape(ray, near))
        sheet.add(oval(cx, cy, s * 0.38, s * 0.38, accent))
    elif kind == "split":
        sheet.add(shape(pen("M", 0, h * 0.62, "L", w, h * 0.5, "V", h, "H", 0, "Z"), accent))
    elif kind == "band":
        sheet.add(oval(cx, h * 0.7, s * 0.42, s * 0.42, accent), rect(0, h * 0.7, w, h * 0.3, near))
    elif kind == "blobs":
        for color in (accent, near):
            x, y = w * rng.uniform(0.35, 0.65), h * rng.uniform(0.38, 0.62)
            sheet.add(shape(blob(x, y, s * rng.uniform(0.34, 0.44), rng), color))
    elif kind == "bokeh":
        for _ in range(26):
            r = rng.uniform(24, 90)
            color = mix(rng.choice(p.colors), base, 0.55)
            sheet.add(oval(rng.uniform(0, w), rng.uniform(0, h * 0.8), r, r, color, 0.34))
        sheet.add(rect(0, h * 0.74, w, h * 0.26, sheet.fade(near, shift(near, -0.05))))
    shadow = "#05060f" if dark else shift(base, -0.4)
    return Ground(h * 0.72, h * 0.86, "studio", shadow=shadow, wall=(h * 0.1, h * 0.6))


def tabletop(sheet: Sheet) -> Ground:
    """A surface seen from straight above: planks, checked cloth, or paper on a mat."""
    rng, w, h, p = sheet.rng, sheet.width, sheet.height, sheet.palette
    kind = rng.choice(("wood", "cloth", "paper", "marble"))
    _, wood = wall_colors(sheet)
    if kind == "wood":
        plank, count = mix(wood, p.paper, 0.45), max(4, round(h / 170))
        sheet.add(rect(0, 0, w, h, shift(plank, -0.06)))
        for i in range(count):
            y, high = h * i / count, h / count - 4
            sheet.add(rect(0, y, w, high, shift(plank, rng.uniform(-0.02, 0.025))))
            for _ in range(2 * max(1, round(w / 1000))):
                x, line = rng.uniform(0, w * 0.8), y + high * rng.uniform(0.25, 0.75)
                grain = pen("M", x, line, "q", 90, rng.uniform(-8, 8), rng.uniform(150, 260), 0)
                sheet.add(stroke(grain, shift(plank, -0.05), 3, 0.6))
    elif kind == "marble":
        stone = mix("#f4f2ef", p.ground if lch(p.ground)[0] > 0.6 else p.paper, 0.3)
        sheet.add(rect(0, 0, w, h, stone))
        for _ in range(7 * max(1, round(w * h / 1e6))):
            x, y = rng.uniform(-100, w), rng.uniform(0, h)
            vein = pen(
                "M",
                x,
                y,
                "q",
                120,
                rng.uniform(-90, 90),
                260,
                rng.uniform(-60, 60),
                "t",
                240,
                rng.uniform(-80, 80),
            )
            sheet.add(stroke(vein, shift(stone, -0.07), rng.uniform(2, 7), 0.5))
    else:
        studio(sheet, "plain")
        if kind == "cloth":
            cloth, step = mix(rng.choice(p.colors), p.ground, 0.55), 72
            for i in range(int(w / step) + 1):
                sheet.add(rect(i * step, 0, step / 2, h, cloth, opacity=0.26))
            for j in range(int(h / step) + 1):
                sheet.add(rect(0, j * step, w, step / 2, cloth, opacity=0.26))
        else:
            sheet.add(shape(blob(w * 0.5, h * 0.5, min(w, h) * 0.5, rng), mix(p.paper, p.ground, 0.25)))
            sheet.add(
                ring(w * rng.choice((0.04, 0.96)), h * rng.choice((0.05, 0.95)), 170, p.second, 34, 0.5)
            )
    return Ground(0, 0, "table", shadow=mix(p.dark, "#241a10", 0.5))
