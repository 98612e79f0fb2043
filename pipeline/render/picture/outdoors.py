"""Backdrops under the sky: land of every kind, sea and lake, under water, space, high air, and the weather.

Each painter fills a `Sheet` from the far to the near and returns the `Ground` on which things may stand.
"""

from __future__ import annotations

from pipeline.render.palette import lch, mix, shift
from pipeline.render.picture.sheet import (
    Ground,
    Sheet,
    blossom,
    cloud,
    leaf,
    oval,
    pen,
    rect,
    ring,
    rolling,
    shape,
    stroke,
)  # fmt: skip

SKIES = {  # hour -> colours from the top to the horizon, before the palette is mixed in
    "day": ("#7fc0e8", "#bfe1f0", "#f3f4e3"),
    "dawn": ("#a6c4e6", "#f6c6b4", "#fdebc9"),
    "dusk": ("#6a5a9e", "#e9828a", "#fcc98a"),
    "night": ("#10163a", "#232e63", "#4a5793"),
    "overcast": ("#a3b3bf", "#c6d0d5", "#e6e9e6"),
}
LAND = {"": "#8dba72", "spring": "#9ccb83", "summer": "#86b56a", "autumn": "#d0a25a", "winter": "#eef4f9"}
GREENS = ("#3f8a58", "#5a9c4e", "#2f7a60")


def sky_colors(sheet: Sheet) -> list[str]:
    """The sky of the hour, from the top down, with a share of the palette in it."""
    p, (top, middle, low) = sheet.palette, SKIES[sheet.time]
    if sheet.time == "night":
        base = p.ground if lch(p.ground)[0] < 0.45 else p.dark
        return [mix(top, base, 0.35), mix(middle, base, 0.25), mix(low, p.fourth, 0.2)]
    pale = p.ground if lch(p.ground)[0] > 0.6 else p.paper
    share = {"day": 0.35, "overcast": 0.25}.get(sheet.time, 0.16)
    return [mix(top, pale, share), mix(middle, pale, share), mix(low, p.paper, 0.4)]


def shaded(color: str, time: str, depth: float = 1.0) -> str:
    """A surface colour as the hour shows it; `depth` 0 to 1 is how much of it."""
    if time == "night":
        return mix(shift(color, -0.26 * depth, 1 - 0.25 * depth), "#1c2658", 0.38 * depth)
    if time == "dusk":
        return mix(shift(color, -0.06 * depth), "#8a4a72", 0.2 * depth)
    if time == "dawn":
        return mix(color, "#f7c9ad", 0.14 * depth)
    if time == "overcast":
        return mix(shift(color, -0.02, 0.8), "#9fb0ba", 0.15 * depth)
    return color


def sky(sheet: Sheet, horizon: float, clouds: int = 3, disc: bool = True) -> None:
    """The sky down to below the horizon, with sun or moon, clouds or stars."""
    rng, w = sheet.rng, sheet.width
    colors = sky_colors(sheet)
    sheet.add(rect(0, 0, w, sheet.height, colors[-1]), rect(0, 0, w, horizon + 60, sheet.fade(*colors)))
    if sheet.time == "night":
        for _ in range(int(70 * w * horizon / 1e6) + 12):
            r = rng.choice((1.4, 1.8, 2.2, 3.4))
            sheet.add(
                oval(rng.uniform(0, w), rng.uniform(0, horizon * 0.9), r, r, "#fff6da", rng.uniform(0.45, 1))
            )
    disc_at: tuple[float, float] | None = None
    if disc:
        low = sheet.time in {"dusk", "dawn"}
        x, r = w * rng.choice((0.2, 0.28, 0.72, 0.8)), rng.uniform(78, 112) if low else rng.uniform(56, 74)
        y = horizon * (rng.uniform(0.72, 0.86) if low else rng.uniform(0.2, 0.34))
        disc_at, sheet.sun = (x, y), x / w
        lights = {"night": "#fdf3d0", "dusk": "#ffe3a3", "dawn": "#fff0c4", "overcast": "#f2f2ea"}
        color = lights.get(sheet.time, "#ffe9a6")
        sheet.add(oval(x, y, r * 3.6, r * 3.6, sheet.glow(color, 0.55)), oval(x, y, r, r, color))
        if sheet.time == "night":
            for dx, dy, share in ((-0.3, -0.2, 0.2), (0.25, 0.3, 0.28), (0.3, -0.4, 0.12)):
                sheet.add(oval(x + r * dx, y + r * dy, r * share, r * share, "#e9dcae", 0.65))
    night = sheet.time == "night"
    white = mix(colors[1], "#ffffff", 0.12) if night else mix(colors[-1], "#ffffff", 0.7)
    rows = max(1, round(horizon / 560))
    for i in range(clouds * rows):
        if night and i % clouds == 0:  # fewer by night, and never across the moon
            continue
        x = w * ((i % clouds + rng.uniform(0.15, 0.85)) / clouds)
        y = horizon * (i // clouds + rng.uniform(0.22, 0.72)) / rows
        size = rng.uniform(150, 290) * min(1.2, horizon / 500)
        if night and disc_at and abs(x - disc_at[0]) < size and abs(y - disc_at[1]) < size:
            continue
        sheet.add(cloud(x, y, size, white, rng.uniform(0.6, 0.95)))


# --- land ---------------------------------------------------------------------------------------------------


def land(sheet: Sheet, setting: str, season: str, extras: frozenset[str]) -> Ground:
    """Open land: field, forest, mountain, snow, desert, village or city, told apart by what is at its back.

    `extras` are nouns the land itself shows: mountain, skyscrapers, rainbow, path, waterfall.
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
    if setting == "village":
        houses(sheet, horizon + 26, haze)
    swing = 8 if setting == "city" else 22
    sheet.add(rolling(sheet, horizon + 34, swing, max(2, round(w / 500)), mix(near, haze, 0.16)))
    if setting == "desert":
        sheet.add(rolling(sheet, horizon + 100, 40, 2, mix(near, shaded("#d99a55", time), 0.35)))
    if "path" in extras or (setting in {"field", "forest", "village"} and rng.random() < 0.3):
        winding(sheet, horizon + 40, mix(near, shaded("#f3e2bd", time), 0.7))
    if setting == "city":
        road = h - min(h * 0.14, 170)
        sheet.add(rect(0, road, w, h - road, shaded(mix("#6f7480", p.dark, 0.35), time)))
        sheet.add(rect(0, road - 5, w, 10, shaded("#e5e0d6", time)))
        for i in range(int(w / 150) + 1):
            sheet.add(rect(i * 150 + 20, (road + h) / 2 - 4, 80, 9, shaded("#f4efe2", time), 4, 0.8))
        return Ground(horizon + 60, road - 4, "land")
    sheet.add(rolling(sheet, h * 0.83, 20, 2, near))
    ground_marks(sheet, setting, horizon, near)
    if setting in {"field", "forest", "village"}:
        shrubs(sheet, horizon + 44, near, season)
    return Ground(horizon + 62, h * 0.955, "land")


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


# --- water, air and space -------------------------------------------------------------------------


def _sea_blue(sheet: Sheet, share: float = 0.3) -> str:
    p = sheet.palette
    return next((mix("#2f8fb5", c, share) for c in (p.third, p.fourth) if 160 < lch(c)[2] < 285), "#2f8fb5")


def sea(sheet: Sheet, setting: str, shore_for_feet: bool, low: bool = False, city: bool = False) -> Ground:
    """Water under a sky: open sea, a lake with a far shore, a beach; with a shore in front if feet need one.

    A `low` horizon leaves room for what flies; a `city` stands on the far shore if asked.
    """
    rng, w, h, p, time = sheet.rng, sheet.width, sheet.height, sheet.palette, sheet.time
    horizon = max(h * (rng.uniform(0.62, 0.68) if low else rng.uniform(0.42, 0.5)), h - w * 1.15)
    sky(sheet, horizon, clouds=rng.randint(2, 4))
    haze = sky_colors(sheet)[-1]
    deep = shaded(_sea_blue(sheet), time)
    near_shore = setting == "beach" or shore_for_feet
    shore = max(h * 0.7, h - 0.5 * w) if near_shore else h * 1.02
    if city:
        skyline(sheet, horizon + 10, haze)
    elif setting == "lake":
        hill = mix(shaded("#6fa27a", time), haze, 0.35)
        sheet.add(
            rolling(sheet, horizon - 12, 34, 3, mix(hill, haze, 0.4)),
            rolling(sheet, horizon + 4, 22, 4, hill),
        )
        treeline(sheet, horizon + 12, mix(hill, shaded("#3f7a57", time), 0.5), 80)
    elif rng.random() < 0.5:
        x, y = w * rng.choice((0.1, 0.9)), horizon
        isle = pen("M", x - w * 0.34, y, "Q", x - 60, y - 90, x, y - 60, "T", x + w * 0.36, y, "Z")
        sheet.add(shape(isle, mix(deep, haze, 0.5)))
    sheet.add(rect(0, horizon, w, h - horizon, sheet.fade(mix(deep, haze, 0.4), deep, shift(deep, -0.05))))
    foam = mix(deep, "#ffffff", 0.3 if time == "night" else 0.55)
    for _ in range(int(w / 26)):
        y = horizon + (shore - horizon) * rng.random() ** 0.8
        near = (y - horizon) / (h - horizon)
        x, length = rng.uniform(0, w), 24 + 95 * near * rng.uniform(0.5, 1)
        wave = pen("M", x, y, "q", length / 4, -4 - 8 * near, length / 2, 0, "t", length / 2, 0)
        sheet.add(stroke(wave, foam, 2 + 3 * near, 0.6))
    if not near_shore:
        return Ground(horizon + 90, h * 0.93, "water", water=(horizon + 80, h * 0.9))
    soil = "#9cc182" if setting == "lake" else "#f1d9a7"
    sand = shaded(mix(soil, p.ground if lch(p.ground)[0] > 0.6 else p.paper, 0.25), time)
    sheet.add(rolling(sheet, shore - 16, 16, 3, mix(foam, "#ffffff", 0.4)))
    sheet.add(rolling(sheet, shore + 8, 16, 3, shift(sand, -0.06)), rolling(sheet, shore + 30, 16, 3, sand))
    for _ in range(int(w / 14)):
        sheet.add(oval(rng.uniform(0, w), rng.uniform(shore + 60, h), 3, 1.6, shift(sand, -0.13), 0.7))
    return Ground(shore + 60, h * 0.95, "land", water=(horizon + 60, shore - 30))


def underwater(sheet: Sheet) -> Ground:
    """Below the surface: rays of light, a sandy floor, weed and bubbles."""
    rng, w, h, p = sheet.rng, sheet.width, sheet.height, sheet.palette
    blue = shaded(_sea_blue(sheet, 0.2), sheet.time, 0.7)
    sheet.add(rect(0, 0, w, h, sheet.fade(shift(blue, 0.18), blue, shift(blue, -0.16))))
    for _ in range(5):
        x, lean = rng.uniform(0, w), rng.uniform(60, 190)
        ray = pen("M", x, 0, "h", rng.uniform(40, 110), "L", x + lean + 190, h, "H", x + lean, "Z")
        sheet.add(shape(ray, "#ffffff", 0.07))
    sheet.add(rolling(sheet, h * 0.78, 44, 3, shift(blue, -0.09)))
    sheet.add(rolling(sheet, h * 0.87, 20, 3, mix("#e8d3a2", blue, 0.32)))
    count = int(w / 75)
    for i in range(count):
        x = w * (i + rng.random()) / count
        if abs(x / w - 0.5) < 0.26 and rng.random() < 0.75:
            continue
        tall, lean = rng.uniform(90, 250), rng.uniform(-28, 28)
        green = mix(rng.choice(("#3f9d78", "#2f7f6e", p.main, p.second)), blue, 0.32)
        weed = pen("M", x, h * 0.93, "q", lean, -tall * 0.3, 0, -tall * 0.55, "t", lean * 0.4, -tall * 0.45)
        sheet.add(stroke(weed, green, rng.uniform(10, 20)))
    for _ in range(24):
        x, y, r = rng.uniform(0, w), rng.uniform(h * 0.05, h * 0.8), rng.uniform(4, 15)
        sheet.add(oval(x, y, r, r, "#ffffff", 0.16), ring(x, y, r, "#ffffff", 2, 0.5))
    return Ground(h * 0.9, h * 0.96, "air", water=(h * 0.15, h * 0.8))


def space(sheet: Sheet) -> Ground:
    """Among the stars: a nebula's glow and a planet at the edge."""
    rng, w, h, p = sheet.rng, sheet.width, sheet.height, sheet.palette
    base = p.ground if lch(p.ground)[0] < 0.4 else mix("#161a3e", p.dark, 0.4)
    sheet.add(rect(0, 0, w, h, sheet.fade(shift(base, -0.03), shift(base, 0.05, 1.2), angle=60)))
    for color in (p.main, p.third, p.fourth):
        x, y, r = rng.uniform(0, w), rng.uniform(0, h), rng.uniform(300, 520)
        sheet.add(oval(x, y, r, r * 0.7, sheet.glow(color, 0.32)))
    for _ in range(int(150 * w * h / 1e6)):
        r = rng.choice((1.2, 1.6, 2.2, 3.6))
        sheet.add(oval(rng.uniform(0, w), rng.uniform(0, h), r, r, "#fff7e0", rng.uniform(0.4, 1)))
    x, y, r = w * rng.choice((0.02, 0.98)), h * rng.uniform(0.9, 1.0), rng.uniform(240, 340)
    tone = mix(p.second, base, 0.25)
    dark_side = pen("M", x - r, y, "a", r, r, "0 0 0", 2 * r, 0, "a", r, r * 0.55, "0 0 1", -2 * r, 0, "Z")
    sheet.add(oval(x, y, r, r, tone), shape(dark_side, shift(tone, -0.1)))
    for dx, dy, share in ((-0.3, -0.5, 0.14), (0.35, -0.45, 0.2), (0.05, -0.78, 0.1)):
        sheet.add(oval(x + dx * r, y + dy * r, share * r, share * r * 0.66, shift(tone, 0.07)))
    return Ground(h * 0.74, h * 0.95, "air", shadow=base)


def open_sky(sheet: Sheet) -> Ground:
    """High in the air, a sea of clouds below."""
    rng, w, h = sheet.rng, sheet.width, sheet.height
    sky(sheet, h * 0.95, clouds=rng.randint(2, 3))
    colors = sky_colors(sheet)
    night = sheet.time == "night"
    white = mix(colors[1], "#ffffff", 0.18) if night else mix(colors[-1], "#ffffff", 0.75)
    for row, share in enumerate((0.5, 0.9)):
        x = -60.0
        while x < w + 120:
            size = rng.uniform(260, 420)
            sheet.add(cloud(x, h - 70 + 70 * row + rng.uniform(-20, 40), size, white, share))
            x += size * 0.55
    return Ground(h * 0.8, h * 0.92, "air")


def weather(sheet: Sheet, kind: str) -> None:
    """Rain or snow in front of everything."""
    rng, w, h = sheet.rng, sheet.width, sheet.height
    if kind == "rain":
        for _ in range(int(w * h / 9500)):
            length = rng.uniform(24, 60)
            line = pen("M", rng.uniform(-40, w), rng.uniform(-40, h), "l", -length * 0.22, length)
            sheet.add(stroke(line, "#eaf4fb", 2.4, 0.5))
    elif kind == "snowfall":
        for _ in range(int(w * h / 8500)):
            r = rng.choice((2.5, 3.5, 5, 7))
            sheet.add(oval(rng.uniform(0, w), rng.uniform(0, h), r, r, "#ffffff", rng.uniform(0.5, 0.95)))


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
