"""Backdrops of open land under the sky, and what grows into the picture from its corners.

`land` fills a `Sheet` from the far to the near and returns the `Ground` on which things may stand.
"""

from __future__ import annotations

from pipeline.render.palette import lch, mix, shift
from pipeline.render.picture.light import LAND, shaded, sky, sky_colors
from pipeline.render.picture.sheet import (
    Ground,
    Sheet,
    blossom,
    leaf,
    oval,
    pen,
    rect,
    rolling,
    shape,
    stroke,
)

GREENS = ("#3f8a58", "#5a9c4e", "#2f7a60")


def land(sheet: Sheet, setting: str, season: str, extras: frozenset[str]) -> Ground:
    """Open land: field, forest, mountain, snow, desert, village or city, told apart by what is at its back.

    `extras` are nouns the land itself shows: mountain, skyscrapers, rainbow, path, rooftop, window.
    """
    rng, w, h, p, time = sheet.rng, sheet.width, sheet.height, sheet.palette, sheet.time
    horizon = max(h * rng.uniform(0.44, 0.62), h - w * 1.05)
    sky(sheet, horizon, clouds=rng.randint(2, 4))
    haze = sky_colors(sheet)[-1]
    haze = mix(haze, "#1c2658", 0.3) if time == "night" else haze
    soil = {"snow": LAND["winter"], "desert": "#e8bd7c", "city": "#c9c3bb"}.get(setting) or LAND[season]
    pale = p.ground if lch(p.ground)[0] > 0.6 else p.third
    near = shaded(mix(soil, pale, 0.3 if setting == "city" else 0.18), time)
    if "rainbow" in extras:
        rainbow(sheet, horizon)
    if setting in {"mountain", "snow"} or "mountain" in extras:
        mountains(sheet, horizon, haze)
    elif setting == "city" or "skyscrapers" in extras:
        skyline(sheet, horizon + 30, haze)
    else:
        for i, share in enumerate((0.62, 0.42)):
            bumps = max(2, round(w / 420))
            sheet.add(rolling(sheet, horizon - 46 + 40 * i, 40, bumps, mix(near, haze, share)))
    if setting == "forest":
        woods = {"winter": "#8fb0b0", "autumn": "#b9763e"}.get(season, "#4a8560")
        treeline(sheet, horizon + 14, mix(shaded(woods, time), haze, 0.5), 190)
        treeline(sheet, horizon + 40, mix(shaded(shift(woods, -0.05), time), haze, 0.22), 270)
    elif season == "autumn" and setting in {"field", "village", "mountain", "lake"}:
        for i, leaves in enumerate(("#c8643a", "#dd9a3c")):
            treeline(
                sheet, horizon + 18 + 14 * i, mix(shaded(leaves, time), haze, 0.42 - 0.2 * i), 130 + 30 * i
            )
    if setting == "village" or ("window" in extras and setting != "city"):
        houses(sheet, horizon + 26, haze)
    swing = 8 if setting == "city" else 22
    sheet.add(rolling(sheet, horizon + 34, swing, max(2, round(w / 500)), mix(near, haze, 0.16)))
    if setting == "desert":
        sheet.add(rolling(sheet, horizon + 100, 40, 2, mix(near, shaded("#d99a55", time), 0.35)))
    if "path" in extras or (setting in {"field", "forest", "village"} and rng.random() < 0.3):
        winding(sheet, horizon + 40, mix(near, shaded("#f3e2bd", time), 0.7))
    if setting == "city" and "rooftop" in extras:
        return terrace(sheet, horizon + 20)
    if setting == "city":
        street(sheet, horizon + 34, near)
        road = h - min(h * 0.14, 170)
        sheet.add(rect(0, road, w, h - road, shaded(mix("#6f7480", p.dark, 0.35), time)))
        sheet.add(rect(0, road - 5, w, 10, shaded("#e5e0d6", time)))
        for i in range(int(w / 150) + 1):
            sheet.add(rect(i * 150 + 20, (road + h) / 2 - 4, 80, 9, shaded("#f4efe2", time), 4, 0.8))
        return Ground(horizon + 60, road - 4, "land", road=road + (h - road) * 0.4)
    sheet.add(rolling(sheet, h * 0.83, 20, 2, near))
    ground_marks(sheet, setting, horizon, near)
    if season == "autumn" and setting not in {"snow", "desert"}:
        for _ in range(int(w / 30)):
            x, y = rng.uniform(0, w), rng.uniform(horizon + 80, h)
            tone = shaded(rng.choice(("#c8643a", "#dd9a3c", "#a8452f", "#e0b54a")), time)
            sheet.add(leaf(x, y, rng.uniform(14, 26), rng.uniform(0, 360), tone))
    if setting in {"field", "forest", "village"}:
        shrubs(sheet, horizon + 44, near, season)
    return Ground(horizon + 62, h * 0.955, "land")


def street(sheet: Sheet, top: float, paving: str) -> None:
    """A pavement of slabs, with street trees and lamps along its back."""
    rng, w, h, time = sheet.rng, sheet.width, sheet.height, sheet.time
    seam = shift(paving, -0.05)
    for i in range(4):
        y = top + 24 + (h - top) * 0.2 * i**1.25
        sheet.add(rect(0, y, w, 2 + i, seam, opacity=0.6))
    for i in range(-6, 7):
        x = w / 2 + i * w * 0.1
        sheet.add(stroke(pen("M", x, top + 24, "L", w / 2 + i * w * 0.21, h), seam, 2.5, 0.6))
    late = time in {"night", "dusk"}
    for i in range(max(3, round(w / 330))):
        x = w * (i + rng.uniform(0.3, 0.7)) / max(3, round(w / 330))
        if i % 2:
            sheet.add(rect(x - 4, top - 176, 8, 190, shaded("#39414f", time)))
            if late:
                sheet.add(oval(x, top - 184, 70, 70, sheet.glow("#ffe3a0", 0.7)))
            sheet.add(oval(x, top - 184, 17, 17, "#ffe9b0" if late else shaded("#f6efdc", time)))
        else:
            tall, tone = rng.uniform(120, 170), shaded(mix("#5f9c62", sheet.palette.third, 0.25), time)
            sheet.add(rect(x - 5, top - tall * 0.5, 10, tall * 0.5 + 14, shaded("#7a5238", time)))
            sheet.add(oval(x, top - tall * 0.8, tall * 0.36, tall * 0.42, tone))
            sheet.add(oval(x - tall * 0.1, top - tall * 0.92, tall * 0.16, tall * 0.2, shift(tone, 0.05)))


def terrace(sheet: Sheet, top: float) -> Ground:
    """A roof terrace high above the city: a parapet, planks, a string of lamps."""
    rng, w, h, p, time = sheet.rng, sheet.width, sheet.height, sheet.palette, sheet.time
    floor = max(h * 0.62, top + 60)
    board = shaded(mix("#a8764e", p.dark, 0.1), time)
    sheet.add(rect(0, floor, w, h - floor, sheet.fade(shift(board, -0.05), shift(board, 0.03))))
    for i in range(-7, 8):
        plank = pen("M", w / 2 + i * w * 0.09, floor, "L", w / 2 + i * w * 0.2, h)
        sheet.add(stroke(plank, shift(board, -0.08), 3, 0.6))
    wall = shaded(mix(p.paper, p.fourth, 0.25), time)
    sheet.add(rect(0, floor - 92, w, 94, wall), rect(0, floor - 104, w, 16, shift(wall, 0.06)))
    sheet.add(rect(0, floor - 8, w, 10, shift(wall, -0.12)))
    low = sheet.height * 0.1
    sheet.add(stroke(pen("M", -10, low * 0.5, "Q", w / 2, low * 2.4, w + 10, low * 0.5), p.dark, 3, 0.7))
    for i in range(9):
        t = (i + 0.5) / 9
        x, y = w * t, low * 0.5 + 4 * t * (1 - t) * low * 0.95 + 12
        sheet.add(oval(x, y, 40, 40, sheet.glow("#ffe3a0", 0.5)), oval(x, y, 10, 12, "#ffeab0"))
    for x in (w * rng.uniform(0.04, 0.08), w * rng.uniform(0.92, 0.96)):
        green = shaded(mix("#4c9f70", p.third, 0.3), time)
        sheet.add(rect(x - 40, floor - 30, 80, 54, shaded("#b4623f", time), 6))
        for k in range(5):
            sheet.add(leaf(x - 24 + 12 * k, floor - 28, 80, -130 + 20 * k, shift(green, 0.02 * (k % 3))))
    return Ground(floor + 30, h * 0.95, "land")


def ground_marks(sheet: Sheet, setting: str, horizon: float, near: str) -> None:
    """Sparse marks that give the ground a grain: tufts, drifts or ripples."""
    rng, w, h = sheet.rng, sheet.width, sheet.height
    mark = shift(near, -0.08 if lch(near)[0] > 0.4 else 0.08, 1.15)
    if setting == "snow":
        for _ in range(int(w / 38)):
            x, y = rng.uniform(0, w), rng.uniform(horizon + 60, h)
            sheet.add(oval(x, y, rng.uniform(14, 40), 3, mark, 0.5))
    elif setting == "desert":
        for _ in range(int(w / 70)):
            x, y, length = rng.uniform(0, w), rng.uniform(horizon + 90, h), rng.uniform(40, 120)
            sheet.add(stroke(pen("M", x, y, "q", length / 2, -14, length, 0), mark, 3.5, 0.6))
    else:
        for _ in range(int(w * 0.034)):
            x, y = rng.uniform(0, w), rng.uniform(horizon + 60, h)
            s = 13 * (0.6 + 1.1 * (y - horizon) / max(1, h - horizon))
            tuft = pen("M", x - s * 0.6, y - s * 0.7, "L", x, y, "L", x + s * 0.1, y - s,
                       "M", x, y, "L", x + s * 0.7, y - s * 0.6)  # fmt: skip
            sheet.add(stroke(tuft, mark, s * 0.17, 0.75))


def shrubs(sheet: Sheet, base: float, near: str, season: str) -> None:
    """A few round bushes and small trees at the back, so that the middle distance is not empty."""
    rng, w = sheet.rng, sheet.width
    green = mix({"autumn": "#c8743a", "winter": "#7f9a94"}.get(season, "#5f9c62"), sheet.palette.third, 0.2)
    for _ in range(rng.randint(2, 4) * max(1, round(w / 1000))):
        x, size = rng.uniform(0, w), rng.uniform(34, 70)
        tone = mix(shaded(green, sheet.time), near, rng.uniform(0.1, 0.35))
        if rng.random() < 0.5:
            sheet.add(rect(x - 4, base - size * 0.9, 8, size * 1.2, shift(tone, -0.18)))
            sheet.add(oval(x, base - size * 1.5, size * 0.62, size * 0.86, tone))
            sheet.add(oval(x - size * 0.16, base - size * 1.7, size * 0.3, size * 0.42, shift(tone, 0.04)))
        else:
            for dx, r in ((-0.7, 0.5), (0.65, 0.46), (0, 0.72)):
                half = size * r
                arc = pen("M", x + dx * size - half, base + 12, "a", half, half, "0 0 1", 2 * half, 0, "Z")
                sheet.add(shape(arc, tone))


def rainbow(sheet: Sheet, horizon: float) -> None:
    """A wide pale rainbow that stands on the horizon."""
    cx, radius = sheet.width * sheet.rng.uniform(0.4, 0.6), min(sheet.width * 0.46, horizon * 0.86)
    for i, color in enumerate(("#e4574e", "#f3a64a", "#f6d65a", "#6cbf7d", "#4d9fd6", "#8068b8")):
        r = radius - i * 19
        arc = pen("M", cx - r, horizon + 40, "A", r, r, "0 0 1", cx + r, horizon + 40)
        sheet.add(stroke(arc, color, 19.5, 0.72))


def mountains(sheet: Sheet, horizon: float, haze: str) -> None:
    """Two ranges of peaks with a lit and a shaded side, and snow on them."""
    rng, w = sheet.rng, sheet.width
    rock = shaded(mix("#6f83a3", sheet.palette.fourth, 0.4), sheet.time)
    base = horizon + 60
    for row, share in enumerate((0.6, 0.22)):
        color, snow = mix(rock, haze, share), mix(shaded("#ffffff", sheet.time), haze, share * 0.5)
        count = max(3, round(w / (330 if row == 0 else 460)))
        for i in range(count):
            x = w * (i + rng.uniform(0.2, 0.8)) / count
            tall = min(horizon, 640) * rng.uniform(0.34, 0.56) * (1.15 if row == 0 else 0.9)
            half, top = tall * rng.uniform(0.75, 1.0), base - tall
            sheet.add(shape(pen("M", x - half, base, "L", x, top, "L", x + half, base, "Z"), color))
            lit = pen(
                "M",
                x,
                top,
                "L",
                x + half,
                base,
                "H",
                x + half * 0.12,
                "L",
                x - half * 0.08,
                top + tall * 0.45,
                "Z",
            )
            sheet.add(shape(lit, shift(color, -0.06)))
            side, down = half * 0.3, tall * 0.3
            cap = pen("M", x, top, "L", x + side, top + down, "l", -side * 0.5, -tall * 0.05, "l",
            -side * 0.4,
                      tall * 0.08, "l", -side * 0.5, -tall * 0.07, "L", x - side, top + down,
                      "Z")  # fmt: skip
            sheet.add(shape(cap, snow))


def treeline(sheet: Sheet, base: float, color: str, size: float) -> None:
    """A row of firs and round trees of about `size` height, standing on `base`."""
    rng, x = sheet.rng, -20.0
    while x < sheet.width + 40:
        tall, tone = size * rng.uniform(0.65, 1.1), shift(color, rng.uniform(-0.025, 0.025))
        sheet.add(rect(x - 4, base - tall * 0.3, 8, tall * 0.3 + 30, shift(color, -0.08)))
        if rng.random() < 0.62:
            for k in range(3):
                half, top = tall * (0.2 + 0.06 * k), base - tall + k * tall * 0.22
                foot = top + tall * 0.36
                sheet.add(shape(pen("M", x - half, foot, "L", x, top, "L", x + half, foot, "Z"), tone))
        else:
            sheet.add(oval(x, base - tall * 0.6, tall * 0.27, tall * 0.36, tone))
        x += size * rng.uniform(0.28, 0.52)
    sheet.add(rect(0, base - 2, sheet.width, 60, color))


def skyline(sheet: Sheet, base: float, haze: str) -> None:
    """Two rows of city blocks with lit windows."""
    rng, w = sheet.rng, sheet.width
    body = shaded(mix("#7d8fb0", sheet.palette.fourth, 0.45), sheet.time)
    late = sheet.time in {"night", "dusk"}
    glass, clear = ("#ffe6a0", 0.85) if late else (mix(haze, "#ffffff", 0.5), 0.55)
    for row, share in enumerate((0.66, 0.36)):
        x = -30.0
        while x < w:
            wide, tall = rng.uniform(80, 150), rng.uniform(130, 330) * (1.2 if row == 0 else 0.8)
            tone = shift(mix(body, haze, share), rng.uniform(-0.02, 0.02))
            sheet.add(rect(x, base - tall, wide, tall + 40, tone))
            if rng.random() < 0.3:
                sheet.add(rect(x + wide * 0.3, base - tall - 26, wide * 0.4, 30, tone))
            for c in range(int(wide // 28) * row):
                for r in range(int(tall // 42)):
                    if rng.random() < 0.62:
                        sheet.add(rect(x + 11 + c * 28, base - tall + 18 + r * 42, 13, 20, glass, 2, clear))
            x += wide + rng.uniform(0, 26)


def houses(sheet: Sheet, base: float, haze: str) -> None:
    """A far row of little gabled houses."""
    rng, p, time = sheet.rng, sheet.palette, sheet.time
    x = -rng.uniform(10, 60)
    while x < sheet.width:
        wide, tall = rng.uniform(90, 140), rng.uniform(70, 120)
        wall = mix(shaded(mix(rng.choice(p.colors), p.paper, 0.62), time), haze, 0.25)
        roof = mix(shaded(rng.choice((p.main, p.fourth, p.third)), time), haze, 0.3)
        top = base - tall
        sheet.add(rect(x, top, wide, tall + 40, wall))
        gable = pen("M", x - 10, top, "L", x + wide / 2, top - wide * 0.5, "L", x + wide + 10, top, "Z")
        sheet.add(shape(gable, roof))
        glass = "#ffe6a0" if time in {"night", "dusk"} else shift(wall, -0.14)
        for c in (0.2, 0.58):
            sheet.add(rect(x + wide * c, base - tall * 0.72, wide * 0.2, tall * 0.3, glass, 3))
        x += wide + rng.uniform(6, 60)


def winding(sheet: Sheet, top: float, color: str) -> None:
    """A path that winds from the horizon to the viewer."""
    rng, w, h = sheet.rng, sheet.width, sheet.height
    x0, x1, d = w * rng.uniform(0.4, 0.6), w * rng.uniform(0.35, 0.65), h - top
    bend = rng.choice((-1, 1)) * w * 0.1
    left = ("C", x0 + bend, top + d * 0.25, x0 - bend * 2 - 60, top + d * 0.45, x1 - 170, h + 10)
    right = ("C", x0 - bend + 90, top + d * 0.5, x0 + bend + 50, top + d * 0.25, x0 + 9, top)
    sheet.add(shape(pen("M", x0 - 9, top, *left, "H", x1 + 170, *right, "Z"), color, 0.85))


def foreground(sheet: Sheet, season: str, free: tuple[int, ...]) -> None:
    """Leaves and flowers that grow into the picture from its `free` lower corners (0 left, 1 right)."""
    rng, w, h, p = sheet.rng, sheet.width, sheet.height, sheet.palette
    green = shaded(
        mix({"autumn": "#a8743a", "winter": "#6f8f8c"}.get(season, rng.choice(GREENS)), p.third, 0.25),
        sheet.time,
    )
    for side in free if rng.random() < 0.5 else free[:1]:
        for i in range(rng.randint(5, 7)):
            x = 1000 * rng.uniform(-0.02, 0.13)
            x = x if side == 0 else w - x
            tall, angle = rng.uniform(110, 230), -90 + (24 if side == 0 else -24) + rng.uniform(-30, 30)
            tone = shift(green, rng.uniform(-0.07, 0.05))
            if i % 3 == 1 and season != "winter":
                top = h - tall * 0.72
                sheet.add(stroke(pen("M", x, h + 5, "Q", x, h - tall * 0.4, x + 10, top), tone, 6))
                petals = shaded(rng.choice((p.main, p.second, p.paper)), sheet.time)
                sheet.add(blossom(x + 10, top, rng.uniform(22, 30), petals, shaded("#f6c84c", sheet.time)))
            else:
                sheet.add(leaf(x, h + 12, tall, angle, tone, shift(tone, -0.06)))


def canopy(sheet: Sheet, season: str) -> None:
    """A leafy branch that reaches into the picture from an upper corner."""
    rng, w, time = sheet.rng, sheet.width, sheet.time
    side = 1 if sheet.sun > 0.5 else -1  # not across the sun
    x0 = -20 if side == 1 else w + 20
    green = mix(
        {"autumn": "#d0813a", "spring": "#7fb069"}.get(season, rng.choice(GREENS)), sheet.palette.third, 0.2
    )
    reach = min(w * 0.42, 470)
    tip = x0 + side * reach
    sheet.add(
        stroke(pen("M", x0, 20, "Q", x0 + side * reach * 0.5, 90, tip, 70), shaded("#7a5238", time), 13)
    )
    for i in range(22):
        t = (i + 0.5) / 22
        x, y = x0 + side * reach * t, 20 + 110 * t * (1 - t) * 2 + 50 * t
        tone = shaded(shift(green, rng.uniform(-0.07, 0.06)), time)
        angle = (0 if side == 1 else 180) + rng.choice((-1, 1)) * rng.uniform(25, 85)
        sheet.add(leaf(x, y, rng.uniform(60, 100) * (1.15 - 0.4 * t), angle, tone, shift(tone, -0.06)))
    if season == "spring":
        for _ in range(9):
            t = rng.uniform(0.1, 1)
            x, y = x0 + side * reach * t, 40 + 60 * t + rng.uniform(-30, 50)
            sheet.add(blossom(x, y, rng.uniform(18, 26), shaded("#fbd3dc", time), shaded("#e8839b", time)))
