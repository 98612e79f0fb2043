"""The hour: what it does to the sky and to the colour of every surface."""

from __future__ import annotations

from pipeline.render.palette import lch, mix, shift
from pipeline.render.picture.sheet import Sheet, cloud, oval, rect

SKIES = {  # hour -> colours from the top to the horizon, before the palette is mixed in
    "day": ("#7fc0e8", "#bfe1f0", "#f3f4e3"),
    "dawn": ("#a6c4e6", "#f6c6b4", "#fdebc9"),
    "dusk": ("#6a5a9e", "#e9828a", "#fcc98a"),
    "night": ("#10163a", "#232e63", "#4a5793"),
    "overcast": ("#a3b3bf", "#c6d0d5", "#e6e9e6"),
}

LAND = {"": "#8dba72", "spring": "#9ccb83", "summer": "#86b56a", "autumn": "#d0a25a", "winter": "#eef4f9"}


def sky_colors(sheet: Sheet) -> list[str]:
    """The sky of the hour, from the top down, with a share of the palette in it."""
    p, (top, middle, low) = sheet.palette, SKIES[sheet.time]
    if sheet.look == "neon":
        return ["#120b33", mix("#3d1268", p.dark, 0.2), mix("#c8328f", p.main, 0.4)]
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
