"""Backdrops without firm ground: sea and lake, under water, space, the open sky; and the weather."""

from __future__ import annotations

from pipeline.render.palette import lch, mix, shift
from pipeline.render.picture.land import skyline, treeline
from pipeline.render.picture.light import shaded, sky, sky_colors
from pipeline.render.picture.sheet import Ground, Sheet, cloud, oval, pen, rect, ring, rolling, shape, stroke


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
    blue = lch(p.ground)[0] < 0.4 and 220 < lch(p.ground)[2] < 330
    base = p.ground if blue else mix("#161a3e", p.dark, 0.12)
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
