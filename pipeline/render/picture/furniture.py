"""What furnishes a backdrop: windows, framed prints, lamps, plants, boards, a picnic blanket."""

from __future__ import annotations

from pipeline.render.palette import lch, mix, shift
from pipeline.render.picture.light import LAND, shaded, sky_colors
from pipeline.render.picture.sheet import Sheet, leaf, oval, pen, rect, shape

WOODS = ("#a9714a", "#8d5b3a", "#c08a5a")


def softer(color: str, step: float = 0.05) -> str:
    """A neighbour of a colour for quiet patterns on it: darker on pale, lighter on dark."""
    return shift(color, -step if lch(color)[0] > 0.4 else step)


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


def frames(sheet: Sheet, x: float, y: float, wall: str) -> None:
    """Two or three framed abstract prints about (x, y)."""
    rng, p = sheet.rng, sheet.palette
    edge = rng.choice((p.dark, "#c08a5a", p.paper))
    for dx, dy, w, h in ((-100, -30, 150, 200), (80, -60, 130, 130), (88, 96, 150, 110))[: rng.randint(2, 3)]:
        left, top = x + dx - w / 2, y + dy - h / 2
        paper, ink = mix(p.paper, wall, 0.1), rng.choice(p.colors)
        sheet.add(rect(left + 6, top + 9, w, h, softer(wall, 0.12), 3, 0.5), rect(left, top, w, h, edge, 3))
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
