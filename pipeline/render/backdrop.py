"""The places of pictures: sky and land, sea, city, snow, rooms, tables, stages, studio papers.

Each painter fills a `Sheet` from the far to the near and returns the `Ground` on which a composition may put
things. The sheet's short side is 1000 units whatever its pixels; y grows downwards.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field

from pipeline.render.palette import Palette, lch, mix, rgb, shift

DAY_SKY = {  # time -> colours from the top to the horizon, before the palette is mixed in
    "day": ("#7fc0e8", "#bfe1f0", "#f3f4e3"),
    "dawn": ("#a6c4e6", "#f6c6b4", "#fdebc9"),
    "dusk": ("#6a5a9e", "#e9828a", "#fcc98a"),
    "night": ("#10163a", "#232e63", "#4a5793"),
    "overcast": ("#a3b3bf", "#c6d0d5", "#e6e9e6"),
}
LAND = {"": "#8dba72", "spring": "#9ccb83", "summer": "#86b56a", "autumn": "#d0a25a", "winter": "#eef4f9"}


@dataclass
class Sheet:
    """A picture in the making: its size, dice, palette, hour and look, and the SVG drawn so far."""

    width: float
    height: float
    rng: random.Random
    palette: Palette
    time: str = "day"
    look: str = "flat"
    layers: list[str] = field(default_factory=list)
    defs: list[str] = field(default_factory=list)

    def add(self, *shapes: str) -> None:
        """Draw shapes over what is there."""
        self.layers.extend(shapes)

    def fade(self, *stops: str, angle: float = 90, opacity: tuple[float, ...] = ()) -> str:
        """A linear gradient as a paint; 90 runs from the top down, 0 from left to right."""
        name = f"g{len(self.defs)}"
        x, y = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        marks = "".join(
            f'<stop offset="{i / max(1, len(stops) - 1):.3f}" stop-color="{stop}"'
            + (f' stop-opacity="{opacity[i]:.2f}"' if opacity else "") + "/>"
            for i, stop in enumerate(stops)
        )  # fmt: skip
        self.defs.append(
            f'<linearGradient id="{name}" x1="0" y1="0" x2="{x:.3f}" y2="{y:.3f}">{marks}</linearGradient>'
        )
        return f"url(#{name})"

    def glow(self, color: str, strength: float = 0.8, core: float = 0.0) -> str:
        """A radial paint that fades from the colour to nothing."""
        name = f"g{len(self.defs)}"
        self.defs.append(
            f'<radialGradient id="{name}"><stop offset="{core:.2f}" stop-color="{color}" stop-opacity="{strength:.2f}"/>'
            f'<stop offset="0.6" stop-color="{color}" stop-opacity="{strength * 0.3:.2f}"/>'
            f'<stop offset="1" stop-color="{color}" stop-opacity="0"/></radialGradient>'
        )
        return f"url(#{name})"

    def svg(self, pixels: tuple[int, int]) -> str:
        """The whole document."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width:.2f} {self.height:.2f}" '
            f'width="{pixels[0]}" height="{pixels[1]}" preserveAspectRatio="none"><defs>{"".join(self.defs)}</defs>'
            f"{''.join(self.layers)}</svg>"
        )


@dataclass(frozen=True)
class Ground:
    """Where things can be on a backdrop: feet between `far` and `near`, flying things above `far`."""

    far: float
    near: float
    kind: str  # land, water, table, room, air
    shadow: str = "#1d2340"
    water: tuple[float, float] | None = None  # the band of y in which boats swim
    wall: tuple[float, float] = (0.0, 0.0)  # the band of y for things on a wall


# --- shapes ------------------------------------------------------------------------------------------------


def rect(x: float, y: float, w: float, h: float, fill: str, radius: float = 0, opacity: float = 1) -> str:
    """A rectangle, its corners rounded by `radius`."""
    rounded = f' rx="{radius:.1f}"' if radius else ""
    clear = f' opacity="{opacity:.2f}"' if opacity < 1 else ""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" fill="{fill}"{rounded}{clear}/>'


def oval(x: float, y: float, rx: float, ry: float, fill: str, opacity: float = 1) -> str:
    """An ellipse about its middle."""
    clear = f' opacity="{opacity:.2f}"' if opacity < 1 else ""
    return f'<ellipse cx="{x:.1f}" cy="{y:.1f}" rx="{rx:.1f}" ry="{ry:.1f}" fill="{fill}"{clear}/>'


def shape(points: str, fill: str, opacity: float = 1) -> str:
    """A filled path."""
    clear = f' opacity="{opacity:.2f}"' if opacity < 1 else ""
    return f'<path d="{points}" fill="{fill}"{clear}/>'


def stroke(points: str, color: str, width: float, opacity: float = 1) -> str:
    """A drawn path with round ends."""
    return (
        f'<path d="{points}" fill="none" stroke="{color}" stroke-width="{width:.1f}" stroke-linecap="round" '
        f'stroke-linejoin="round" opacity="{opacity:.2f}"/>'
    )


def rolling(sheet: Sheet, y: float, swing: float, bumps: int, fill: str) -> str:
    """A hill line across the sheet at about `y`, filled down to the bottom."""
    rng, w = sheet.rng, sheet.width
    xs = [
        w * (i / bumps) + (rng.uniform(-0.2, 0.2) * w / bumps if 0 < i < bumps else 0)
        for i in range(bumps + 1)
    ]
    side = rng.choice((-1, 1))
    ys = [y + swing * side * (-1) ** i * rng.uniform(0.45, 1) for i in range(bumps + 1)]
    path = f"M{xs[0] - 20:.0f} {ys[0]:.0f}"
    for (x0, y0), (x1, y1) in zip(zip(xs, ys, strict=True), list(zip(xs, ys, strict=True))[1:], strict=False):
        middle = (x0 + x1) / 2
        path += (
            f"C{middle:.0f} {y0:.0f} {middle:.0f} {y1:.0f} {x1 + (20 if x1 == xs[-1] else 0):.0f} {y1:.0f}"
        )
    return shape(path + f"V{sheet.height + 5:.0f}H-20Z", fill)


def cloud(x: float, y: float, size: float, fill: str, opacity: float = 1.0) -> str:
    """A flat-bottomed cloud of three puffs; `size` is its width."""
    s = size / 100
    path = (
        f"M{x - 44 * s:.1f} {y:.1f}a{17 * s:.1f} {17 * s:.1f} 0 0 1 {6 * s:.1f} {-33 * s:.1f}"
        f"a{25 * s:.1f} {25 * s:.1f} 0 0 1 {46 * s:.1f} {-9 * s:.1f}a{20 * s:.1f} {20 * s:.1f} 0 0 1 {31 * s:.1f} {13 * s:.1f}"
        f"a{15 * s:.1f} {15 * s:.1f} 0 0 1 {4 * s:.1f} {29 * s:.1f}Z"
    )
    return shape(path, fill, opacity)


# --- light -------------------------------------------------------------------------------------------------


def sky_colors(sheet: Sheet) -> list[str]:
    """The sky of the hour, from the top down, with a share of the palette in it."""
    p, time = sheet.palette, sheet.time
    stops = DAY_SKY[time]
    if time == "night":
        base = p.ground if lch(p.ground)[0] < 0.45 else p.dark
        return [mix(stops[0], base, 0.35), mix(stops[1], base, 0.25), mix(stops[2], p.fourth, 0.2)]
    share = 0.5 if time == "day" and sheet.rng.random() < 0.5 else 0.22
    pale = p.ground if lch(p.ground)[0] > 0.6 else p.paper
    return [mix(stops[0], pale, share), mix(stops[1], pale, share), mix(stops[2], p.paper, 0.4)]


def shaded(color: str, time: str) -> str:
    """A surface colour as the hour shows it."""
    if time == "night":
        return mix(shift(color, -0.26, 0.75), "#1c2658", 0.38)
    if time == "dusk":
        return mix(shift(color, -0.06), "#8a4a72", 0.2)
    if time == "dawn":
        return mix(color, "#f7c9ad", 0.14)
    if time == "overcast":
        return mix(shift(color, -0.02, 0.75), "#9fb0ba", 0.15)
    return color


def sky(sheet: Sheet, horizon: float, clouds: int = 3, disc: bool = True) -> None:
    """The sky down to below the horizon, with sun or moon, clouds or stars."""
    rng, w = sheet.rng, sheet.width
    colors = sky_colors(sheet)
    sheet.add(rect(0, 0, w, sheet.height, colors[-1]))
    sheet.add(rect(0, 0, w, horizon + 60, sheet.fade(*colors)))
    if sheet.time == "night":
        for _ in range(int(70 * w * horizon / 1e6) + 12):
            x, y, r = rng.uniform(0, w), rng.uniform(0, horizon * 0.9), rng.choice((1.4, 1.8, 2.2, 3.4))
            sheet.add(oval(x, y, r, r, "#fff6da", rng.uniform(0.45, 0.95)))
    if disc:
        x = w * rng.choice((0.2, 0.28, 0.72, 0.8))
        low = sheet.time in {"dusk", "dawn"}
        y = horizon * (rng.uniform(0.72, 0.86) if low else rng.uniform(0.2, 0.34))
        r = rng.uniform(72, 104) if low else rng.uniform(56, 74)
        color = {"night": "#fdf3d0", "dusk": "#ffe3a3", "dawn": "#fff0c4", "overcast": "#f2f2ea"}.get(
            sheet.time, "#ffe9a6"
        )
        sheet.add(oval(x, y, r * 3.6, r * 3.6, sheet.glow(color, 0.55)), oval(x, y, r, r, color))
        if sheet.time == "night":
            sheet.add(
                oval(x - r * 0.3, y - r * 0.2, r * 0.2, r * 0.2, "#e9dcae", 0.7),
                oval(x + r * 0.25, y + r * 0.3, r * 0.28, r * 0.28, "#e9dcae", 0.6),
                oval(x + r * 0.3, y - r * 0.4, r * 0.12, r * 0.12, "#e9dcae", 0.6),
            )
    white = mix(colors[-1], "#ffffff", 0.7) if sheet.time != "night" else mix(colors[1], "#ffffff", 0.12)
    for i in range(clouds):
        x = w * ((i + rng.uniform(0.15, 0.85)) / clouds)
        size = rng.uniform(150, 290) * min(1.2, horizon / 500)
        sheet.add(cloud(x, horizon * rng.uniform(0.22, 0.72), size, white, rng.uniform(0.6, 0.95)))


def tufts(sheet: Sheet, top: float, color: str, count: int, size: float = 13) -> None:
    """Sparse grass marks below `top`, larger towards the viewer."""
    rng = sheet.rng
    for _ in range(count):
        y = rng.uniform(top, sheet.height)
        grow = size * (0.6 + 1.1 * (y - top) / max(1, sheet.height - top))
        x = rng.uniform(0, sheet.width)
        sheet.add(
            stroke(f"M{x - grow * 0.6:.0f} {y - grow * 0.7:.0f}L{x:.0f} {y:.0f}L{x + grow * 0.1:.0f} {y - grow:.0f}"
                   f"M{x:.0f} {y:.0f}L{x + grow * 0.7:.0f} {y - grow * 0.6:.0f}", color, grow * 0.17, 0.75)
        )  # fmt: skip


# --- outdoors ----------------------------------------------------------------------------------------------


def land(sheet: Sheet, setting: str, season: str, extras: frozenset[str]) -> Ground:
    """Open land: field, forest, mountain, snow, desert, village or city, told apart by what stands at its back."""
    rng, w, h, p, time = sheet.rng, sheet.width, sheet.height, sheet.palette, sheet.time
    horizon = h * rng.uniform(0.5, 0.6)
    sky(sheet, horizon, clouds=rng.randint(2, 4), disc=True)
    haze = sky_colors(sheet)[-1]
    ground = (
        LAND["winter"]
        if setting == "snow"
        else "#e8bd7c"
        if setting == "desert"
        else LAND.get(season, LAND[""])
    )
    ground = mix(ground, p.ground if lch(p.ground)[0] > 0.6 else p.third, 0.18)
    if setting == "city":
        ground = mix("#c9c3bb", p.ground, 0.3)
    near = shaded(ground, time)
    haze = shaded(haze, "day") if time != "night" else mix(haze, "#1c2658", 0.3)
    if "rainbow" in extras:
        rainbow(sheet, horizon)
    if setting in {"mountain", "snow"} or "mountain" in extras:
        mountains(sheet, horizon, haze)
    elif setting == "city" or "skyscrapers" in extras:
        skyline(sheet, horizon + 30, haze)
    else:
        for i, share in enumerate((0.62, 0.42)):
            bump = rolling(sheet, horizon - 46 + 40 * i, 40, max(2, round(w / 420)), mix(near, haze, share))
            sheet.add(bump)
    if setting == "forest":
        treeline(sheet, horizon + 14, mix(shaded("#4f8a63", time), haze, 0.5), 150)
        treeline(sheet, horizon + 40, mix(shaded("#3f7a57", time), haze, 0.22), 215)
    if setting == "village":
        houses(sheet, horizon + 26, haze)
    swing = 8 if setting == "city" else 22
    sheet.add(rolling(sheet, horizon + 34, swing, max(2, round(w / 500)), mix(near, haze, 0.16)))
    if setting == "desert":
        sheet.add(rolling(sheet, horizon + 100, 40, 2, mix(near, shaded("#d99a55", time), 0.35)))
    if "path" in extras or (setting in {"field", "forest", "village"} and rng.random() < 0.35):
        winding(sheet, horizon + 40, mix(near, shaded("#f3e2bd", time), 0.7))
    if setting == "city":
        sheet.add(rect(0, h * 0.86, w, h * 0.14, shaded(mix("#6f7480", p.dark, 0.35), time)))
        sheet.add(rect(0, h * 0.855, w, 10, shaded("#e5e0d6", time)))
        for i in range(int(w / 150) + 1):
            sheet.add(rect(i * 150 + 20, h * 0.93, 80, 9, shaded("#f4efe2", time), 4, 0.8))
        return Ground(horizon + 60, h * 0.86, "land")
    sheet.add(rolling(sheet, h * 0.83, 20, 2, near))
    mark = shift(near, -0.08 if lch(near)[0] > 0.4 else 0.08, 1.15)
    if setting == "snow":
        for _ in range(26):
            sheet.add(
                oval(rng.uniform(0, w), rng.uniform(horizon + 60, h), rng.uniform(14, 40), 3, mark, 0.5)
            )
    elif setting != "desert":
        tufts(sheet, horizon + 60, mark, int(w * 0.034))
    else:
        for _ in range(14):
            x, y, length = rng.uniform(0, w), rng.uniform(horizon + 90, h), rng.uniform(40, 120)
            sheet.add(stroke(f"M{x:.0f} {y:.0f}q{length / 2:.0f} -14 {length:.0f} 0", mark, 3.5, 0.6))
    return Ground(horizon + 62, h * 0.955, "land")


def rainbow(sheet: Sheet, horizon: float) -> None:
    """A wide pale rainbow that stands on the horizon."""
    cx, radius = sheet.width * sheet.rng.uniform(0.4, 0.6), min(sheet.width * 0.46, horizon * 0.86)
    for i, color in enumerate(("#e4574e", "#f3a64a", "#f6d65a", "#6cbf7d", "#4d9fd6", "#8068b8")):
        r = radius - i * 19
        sheet.add(
            stroke(
                f"M{cx - r:.0f} {horizon + 40:.0f}A{r:.0f} {r:.0f} 0 0 1 {cx + r:.0f} {horizon + 40:.0f}",
                color,
                19.5,
                0.72,
            )
        )


def mountains(sheet: Sheet, horizon: float, haze: str) -> None:
    """Two ranges of peaks with a lit and a shaded side and snow on the nearer ones."""
    rng, w = sheet.rng, sheet.width
    rock = shaded(mix("#6f83a3", sheet.palette.fourth, 0.4), sheet.time)
    for row, share in enumerate((0.6, 0.22)):
        color = mix(rock, haze, share)
        count = max(3, round(w / (330 if row == 0 else 460)))
        for i in range(count):
            x = w * (i + rng.uniform(0.2, 0.8)) / count
            tall = horizon * rng.uniform(0.3, 0.5) * (1.15 if row == 0 else 0.9)
            half, base = tall * rng.uniform(0.75, 1.0), horizon + 60
            top = base - tall
            sheet.add(
                shape(f"M{x - half:.0f} {base:.0f}L{x:.0f} {top:.0f}L{x + half:.0f} {base:.0f}Z", color)
            )
            sheet.add(
                shape(
                    f"M{x:.0f} {top:.0f}L{x + half:.0f} {base:.0f}H{x + half * 0.12:.0f}L{x - half * 0.08:.0f} {top + tall * 0.45:.0f}Z",
                    shift(color, -0.06),
                )
            )
            if row == 1 or sheet.time == "day":
                s = 0.3
                cap = (
                    f"M{x:.0f} {top:.0f}L{x + half * s:.0f} {top + tall * s:.0f}l{-half * s * 0.5:.0f} {-tall * 0.05:.0f}"
                    f"l{-half * s * 0.4:.0f} {tall * 0.08:.0f}l{-half * s * 0.5:.0f} {-tall * 0.07:.0f}"
                    f"L{x - half * s:.0f} {top + tall * s:.0f}Z"
                )
                sheet.add(shape(cap, mix(shaded("#ffffff", sheet.time), haze, share * 0.5)))


def treeline(sheet: Sheet, base: float, color: str, size: float) -> None:
    """A row of firs and round trees of about `size` height, standing on `base`."""
    rng, x = sheet.rng, -20.0
    while x < sheet.width + 40:
        tall = size * rng.uniform(0.65, 1.1)
        tone = shift(color, rng.uniform(-0.025, 0.025))
        sheet.add(rect(x - 4, base - tall * 0.3, 8, tall * 0.3 + 30, shift(color, -0.08)))
        if rng.random() < 0.62:
            for k in range(3):
                half, top = tall * (0.2 + 0.06 * k), base - tall + k * tall * 0.22
                sheet.add(
                    shape(
                        f"M{x - half:.0f} {top + tall * 0.36:.0f}L{x:.0f} {top:.0f}L{x + half:.0f} {top + tall * 0.36:.0f}Z",
                        tone,
                    )
                )
        else:
            sheet.add(oval(x, base - tall * 0.6, tall * 0.27, tall * 0.36, tone))
        x += size * rng.uniform(0.28, 0.52)
    sheet.add(rect(0, base - 2, sheet.width, 60, color))


def skyline(sheet: Sheet, base: float, haze: str) -> None:
    """Two rows of city blocks with lit windows."""
    rng, w = sheet.rng, sheet.width
    body = shaded(mix("#7d8fb0", sheet.palette.fourth, 0.45), sheet.time)
    glass = "#ffe6a0" if sheet.time in {"night", "dusk"} else mix(haze, "#ffffff", 0.5)
    for row, share in enumerate((0.66, 0.36)):
        x = -30.0
        while x < w:
            wide, tall = rng.uniform(80, 150), rng.uniform(130, 330) * (1.2 if row == 0 else 0.8)
            tone = shift(mix(body, haze, share), rng.uniform(-0.02, 0.02))
            sheet.add(rect(x, base - tall, wide, tall + 40, tone))
            if rng.random() < 0.3:
                sheet.add(rect(x + wide * 0.3, base - tall - 26, wide * 0.4, 30, tone))
            if row == 1:
                for c in range(int(wide // 28)):
                    for r in range(int(tall // 42)):
                        if rng.random() < 0.62:
                            sheet.add(
                                rect(
                                    x + 11 + c * 28,
                                    base - tall + 18 + r * 42,
                                    13,
                                    20,
                                    glass,
                                    2,
                                    0.55 if sheet.time == "day" else 0.85,
                                )
                            )
            x += wide + rng.uniform(0, 26)


def houses(sheet: Sheet, base: float, haze: str) -> None:
    """A far row of little gabled houses."""
    rng, x, p = sheet.rng, rng_start(sheet), sheet.palette
    while x < sheet.width:
        wide, tall = rng.uniform(90, 140), rng.uniform(70, 120)
        wall = mix(shaded(mix(rng.choice(p.colors), p.paper, 0.62), sheet.time), haze, 0.25)
        roof = mix(shaded(rng.choice((p.main, p.fourth, p.third)), sheet.time), haze, 0.3)
        sheet.add(rect(x, base - tall, wide, tall + 40, wall))
        sheet.add(
            shape(
                f"M{x - 10:.0f} {base - tall:.0f}L{x + wide / 2:.0f} {base - tall - wide * 0.5:.0f}L{x + wide + 10:.0f} {base - tall:.0f}Z",
                roof,
            )
        )
        glass = "#ffe6a0" if sheet.time in {"night", "dusk"} else shift(wall, -0.14)
        for c in (0.2, 0.58):
            sheet.add(rect(x + wide * c, base - tall * 0.72, wide * 0.2, tall * 0.3, glass, 3))
        x += wide + rng.uniform(6, 60)


def rng_start(sheet: Sheet) -> float:
    """Where a row that leaves the sheet on both sides begins."""
    return -sheet.rng.uniform(10, 60)


def winding(sheet: Sheet, top: float, color: str) -> None:
    """A path that winds from the horizon to the viewer."""
    rng, w, h = sheet.rng, sheet.width, sheet.height
    x0, x1 = w * rng.uniform(0.4, 0.6), w * rng.uniform(0.35, 0.65)
    d = h - top
    bend = rng.choice((-1, 1)) * w * 0.1
    sheet.add(
        shape(
            f"M{x0 - 9:.0f} {top:.0f}C{x0 + bend:.0f} {top + d * 0.25:.0f} {x0 - bend * 2 - 60:.0f} {top + d * 0.45:.0f} {x1 - 170:.0f} {h + 10:.0f}"
            f"H{x1 + 170:.0f}C{x0 - bend + 90:.0f} {top + d * 0.5:.0f} {x0 + bend + 50:.0f} {top + d * 0.25:.0f} {x0 + 9:.0f} {top:.0f}Z",
            color, 0.85,
        )
    )  # fmt: skip


def sea(sheet: Sheet, setting: str) -> Ground:
    """Water under a sky: open sea, a lake with a far shore, or a beach in front."""
    rng, w, h, p, time = sheet.rng, sheet.width, sheet.height, sheet.palette, sheet.time
    horizon = h * rng.uniform(0.42, 0.5)
    sky(sheet, horizon, clouds=rng.randint(2, 4))
    haze = sky_colors(sheet)[-1]
    deep = shaded(mix("#2f8fb5", p.third if 150 < lch(p.third)[2] < 280 else p.fourth, 0.3), time)
    shore = h * (0.7 if setting == "beach" else 1.02)
    if setting == "lake":
        hill = mix(shaded("#6fa27a", time), haze, 0.35)
        sheet.add(
            rolling(sheet, horizon - 12, 34, 3, mix(hill, haze, 0.4)),
            rolling(sheet, horizon + 4, 22, 4, hill),
        )
    elif setting == "sea" and rng.random() < 0.5:
        side = rng.choice((0, 1))
        x = w * (0.1 if side else 0.9)
        sheet.add(
            shape(
                f"M{x - w * 0.34:.0f} {horizon:.0f}Q{x - 60:.0f} {horizon - 90:.0f} {x:.0f} {horizon - 60:.0f}T{x + w * 0.36:.0f} {horizon:.0f}Z",
                mix(deep, haze, 0.5),
            )
        )
    sheet.add(rect(0, horizon, w, h - horizon, sheet.fade(mix(deep, haze, 0.4), deep, shift(deep, -0.05))))
    foam = mix(deep, "#ffffff", 0.55 if time != "night" else 0.3)
    for _ in range(int(w / 26)):
        y = horizon + (shore - horizon) * rng.random() ** 0.8
        near = (y - horizon) / (h - horizon)
        x, length = rng.uniform(0, w), 24 + 95 * near * rng.uniform(0.5, 1)
        sheet.add(
            stroke(
                f"M{x:.0f} {y:.0f}q{length / 4:.0f} {-4 - 8 * near:.0f} {length / 2:.0f} 0t{length / 2:.0f} 0",
                foam,
                2 + 3 * near,
                0.6,
            )
        )
    if setting == "beach":
        sand = shaded(mix("#f1d9a7", p.ground if lch(p.ground)[0] > 0.6 else p.paper, 0.25), time)
        sheet.add(
            rolling(sheet, shore - 16, 16, 3, mix(foam, "#ffffff", 0.4)),
            rolling(sheet, shore + 8, 16, 3, shift(sand, -0.06)),
            rolling(sheet, shore + 30, 16, 3, sand),
        )
        for _ in range(int(w / 14)):
            sheet.add(oval(rng.uniform(0, w), rng.uniform(shore + 60, h), 3, 1.6, shift(sand, -0.13), 0.7))
        return Ground(shore + 60, h * 0.95, "land", water=(horizon + 60, shore - 30))
    return Ground(horizon + 90, h * 0.93, "water", water=(horizon + 80, h * 0.9))


def underwater(sheet: Sheet) -> Ground:
    """Below the surface: rays of light, a sandy floor, weed and bubbles."""
    rng, w, h, p = sheet.rng, sheet.width, sheet.height, sheet.palette
    blue = mix("#2b9cc0", p.third if 150 < lch(p.third)[2] < 280 else "#2b9cc0", 0.3)
    if sheet.time == "night":
        blue = shaded(blue, "night")
    sheet.add(rect(0, 0, w, h, sheet.fade(shift(blue, 0.18), blue, shift(blue, -0.16))))
    for _ in range(5):
        x, lean = rng.uniform(0, w), rng.uniform(60, 190)
        sheet.add(
            shape(
                f"M{x:.0f} 0h{rng.uniform(40, 110):.0f}L{x + lean + 190:.0f} {h:.0f}H{x + lean:.0f}Z",
                "#ffffff",
                0.07,
            )
        )
    far = shift(blue, -0.09)
    sheet.add(rolling(sheet, h * 0.78, 44, 3, far))
    sand = mix("#e8d3a2", blue, 0.32)
    sheet.add(rolling(sheet, h * 0.87, 20, 3, sand))
    for i in range(int(w / 75)):
        x = w * (i + rng.random()) / int(w / 75)
        if abs(x / w - 0.5) < 0.26 and rng.random() < 0.75:
            continue
        tall, lean = rng.uniform(90, 250), rng.uniform(-28, 28)
        green = mix(rng.choice(("#3f9d78", "#2f7f6e", p.main, p.second)), blue, 0.32)
        sheet.add(
            stroke(
                f"M{x:.0f} {h * 0.93:.0f}q{lean:.0f} {-tall * 0.3:.0f} 0 {-tall * 0.55:.0f}t{lean * 0.4:.0f} {-tall * 0.45:.0f}",
                green,
                rng.uniform(10, 20),
            )
        )
    for _ in range(24):
        r = rng.uniform(4, 15)
        x, y = rng.uniform(0, w), rng.uniform(h * 0.05, h * 0.8)
        sheet.add(
            f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{r:.1f}" fill="#ffffff" fill-opacity="0.16" stroke="#ffffff" stroke-opacity="0.5" stroke-width="2"/>'
        )
    return Ground(h * 0.9, h * 0.96, "air", water=(h * 0.15, h * 0.8))


def space(sheet: Sheet) -> Ground:
    """Among the stars: a nebula's glow, a ringed or banded planet at the edge."""
    rng, w, h, p = sheet.rng, sheet.width, sheet.height, sheet.palette
    base = p.ground if lch(p.ground)[0] < 0.4 else mix("#161a3e", p.dark, 0.4)
    sheet.add(rect(0, 0, w, h, sheet.fade(shift(base, -0.03), shift(base, 0.05, 1.2), angle=60)))
    for color in (p.main, p.third, p.fourth):
        x, y, r = rng.uniform(0, w), rng.uniform(0, h), rng.uniform(300, 520)
        sheet.add(oval(x, y, r, r * 0.7, sheet.glow(color, 0.32)))
    for _ in range(int(150 * w * h / 1e6)):
        r = rng.choice((1.2, 1.6, 2.2, 3.6))
        sheet.add(oval(rng.uniform(0, w), rng.uniform(0, h), r, r, "#fff7e0", rng.uniform(0.4, 1)))
    x, y, r = w * rng.choice((0.02, 0.98)), h * rng.uniform(0.86, 0.98), rng.uniform(240, 340)
    tone = mix(p.second, base, 0.2)
    sheet.add(
        oval(x, y, r, r, tone),
        shape(
            f"M{x - r:.0f} {y:.0f}a{r:.0f} {r:.0f} 0 0 0 {2 * r:.0f} 0a{r:.0f} {r * 0.55:.0f} 0 0 1 {-2 * r:.0f} 0Z",
            shift(tone, -0.1),
        ),
    )
    sheet.add(
        oval(x - r * 0.3, y - r * 0.5, r * 0.14, r * 0.1, shift(tone, 0.07)),
        oval(x + r * 0.35, y - r * 0.45, r * 0.2, r * 0.12, shift(tone, 0.07)),
    )
    return Ground(h * 0.74, h * 0.95, "air", shadow=base)


def open_sky(sheet: Sheet) -> Ground:
    """High in the air, a sea of clouds or far hills below."""
    rng, w, h = sheet.rng, sheet.width, sheet.height
    sky(sheet, h * 0.95, clouds=rng.randint(3, 5))
    white = (
        mix(sky_colors(sheet)[-1], "#ffffff", 0.75)
        if sheet.time != "night"
        else mix(sky_colors(sheet)[1], "#ffffff", 0.18)
    )
    for row, share in enumerate((0.5, 0.9)):
        x = -60.0
        while x < w + 120:
            size = rng.uniform(260, 420)
            sheet.add(cloud(x, h * (0.93 + 0.07 * row) + rng.uniform(-20, 40), size, white, share))
            x += size * 0.55
    return Ground(h * 0.8, h * 0.92, "air")


# --- indoors -----------------------------------------------------------------------------------------------


def wall_colors(sheet: Sheet) -> tuple[str, str]:
    """Wall and wood of a room, from the palette."""
    p = sheet.palette
    pale = p.ground if lch(p.ground)[0] > 0.6 else mix(p.fourth, p.paper, 0.3)
    tones = [pale, mix(p.third, p.paper, 0.62), mix(p.fourth, p.paper, 0.66), mix(p.main, p.paper, 0.7)]
    wall = sheet.rng.choice(tones)
    wood = sheet.rng.choice(("#a9714a", "#8d5b3a", "#c08a5a"))
    wood = mix(wood, p.dark, 0.1)
    return shaded(wall, sheet.time), shaded(wood, "dusk" if sheet.time == "night" else sheet.time)


def paper_marks(sheet: Sheet, top: float, bottom: float, color: str) -> None:
    """A quiet wallpaper: dots, stripes or little crosses, chosen by the dice."""
    rng, w = sheet.rng, sheet.width
    kind, step = rng.choice(("plain", "dots", "stripes", "panels")), rng.choice((74, 92))
    if kind == "dots":
        for j in range(int((bottom - top) / step) + 1):
            for i in range(int(w / step) + 2):
                sheet.add(
                    oval(i * step + (step / 2 if j % 2 else 0), top + j * step + step / 2, 5, 5, color, 0.5)
                )
    elif kind == "stripes":
        for i in range(int(w / (2 * step)) + 1):
            sheet.add(rect(i * 2 * step, top, step, bottom - top, color, opacity=0.28))
    elif kind == "panels":
        wide, high = w / max(2, round(w / 420)), (bottom - top) * 0.26
        sheet.add(rect(0, bottom - high - 14, w, 8, color, opacity=0.7))
        for i in range(max(2, round(w / 420))):
            x = i * wide + 24
            sheet.add(
                f'<rect x="{x:.0f}" y="{bottom - high + 12:.0f}" width="{wide - 48:.0f}" height="{high - 34:.0f}" fill="none" stroke="{color}" stroke-width="5" opacity="0.7"/>'
            )


def window(sheet: Sheet, x: float, y: float, w: float, h: float) -> None:
    """A window with the hour's sky and a hill in it, and curtains in a palette colour."""
    p, rng = sheet.palette, sheet.rng
    colors = sky_colors(sheet)
    frame = shaded(mix(p.paper, "#ffffff", 0.5), "day" if sheet.time == "day" else "dawn")
    sheet.add(rect(x - 14, y - 14, w + 28, h + 28, frame, 8), rect(x, y, w, h, sheet.fade(*colors)))
    sun = "#fff3c9" if sheet.time == "night" else "#fff0bd"
    sheet.add(oval(x + w * rng.uniform(0.25, 0.75), y + h * 0.32, w * 0.1, w * 0.1, sun))
    hill = shaded(LAND["spring"], sheet.time)
    sheet.add(
        shape(
            f"M{x:.0f} {y + h * 0.78:.0f}Q{x + w * 0.3:.0f} {y + h * 0.6:.0f} {x + w * 0.6:.0f} {y + h * 0.76:.0f}T{x + w:.0f} {y + h * 0.7:.0f}V{y + h:.0f}H{x:.0f}Z",
            hill,
        )
    )
    sheet.add(rect(x + w / 2 - 6, y, 12, h, frame), rect(x, y + h * 0.45, w, 11, frame))
    sheet.add(rect(x - 34, y + h + 10, w + 68, 22, shift(frame, -0.05), 6))
    cloth = mix(rng.choice((p.main, p.third, p.fourth)), p.paper, 0.25)
    for side in (0, 1):
        cx = x - 44 if side == 0 else x + w + 44
        sign = 1 if side == 0 else -1
        top = y - 34
        sheet.add(
            shape(
                f"M{cx:.0f} {top:.0f}h{sign * w * 0.36:.0f}q{-sign * w * 0.06:.0f} {h * 0.6:.0f} {-sign * w * 0.26:.0f} {h + 70:.0f}h{-sign * w * 0.1:.0f}Z",
                cloth,
            )
        )
        sheet.add(
            shape(
                f"M{cx + sign * w * 0.12:.0f} {top:.0f}h{sign * w * 0.07:.0f}q0 {h * 0.5:.0f} {-sign * w * 0.1:.0f} {h + 70:.0f}h{-sign * w * 0.04:.0f}Z",
                shift(cloth, -0.06),
                0.7,
            )
        )
    sheet.add(rect(x - 60, top - 12, w + 120, 14, shift(cloth, -0.2), 7))


def room(sheet: Sheet, has_window: bool) -> Ground:
    """A room: wall, skirting, wooden or plain floor, perhaps a window."""
    rng, w, h, p = sheet.rng, sheet.width, sheet.height, sheet.palette
    wall, wood = wall_colors(sheet)
    floor = h * rng.uniform(0.66, 0.72)
    sheet.add(rect(0, 0, w, h, sheet.fade(shift(wall, 0.02), shift(wall, -0.03))))
    paper_marks(sheet, 0, floor, shift(wall, -0.05 if lch(wall)[0] > 0.4 else 0.06))
    if has_window:
        wide = min(300.0, w * 0.26)
        window(sheet, w * rng.choice((0.1, 0.62)), floor * 0.16, wide, floor * 0.42)
    sheet.add(rect(0, floor - 26, w, 26, shift(mix(wall, "#ffffff", 0.45), 0.0)))
    plank = mix(wood, p.paper, 0.3)
    sheet.add(rect(0, floor, w, h - floor, sheet.fade(shift(plank, -0.05), shift(plank, 0.02))))
    for i in range(-6, 19):
        x0, x1 = w * (i / 12), w * (0.5 + (i / 12 - 0.5) * 1.8)
        sheet.add(stroke(f"M{x0:.0f} {floor:.0f}L{x1:.0f} {h:.0f}", shift(plank, -0.09), 3, 0.55))
    sheet.add(rect(0, floor, w, 18, shift(plank, -0.16), opacity=0.35))
    if rng.random() < 0.6:
        rug = mix(rng.choice((p.main, p.third, p.fourth)), p.paper, 0.35)
        y = floor + (h - floor) * 0.58
        sheet.add(
            oval(w * 0.5, y, w * 0.38, (h - floor) * 0.32, rug),
            oval(w * 0.5, y, w * 0.33, (h - floor) * 0.26, mix(rug, p.paper, 0.3)),
            oval(w * 0.5, y, w * 0.3, (h - floor) * 0.23, rug),
        )
    return Ground(floor + 34, h * 0.94, "room", shadow=shift(wood, -0.25), wall=(h * 0.07, floor * 0.72))


def table(sheet: Sheet, cloth: bool, has_window: bool) -> Ground:
    """A table's edge across the sheet before a wall; `cloth` spreads a cloth over the wood."""
    rng, w, h, p = sheet.rng, sheet.width, sheet.height, sheet.palette
    wall, wood = wall_colors(sheet)
    top = h * rng.uniform(0.66, 0.72)
    sheet.add(rect(0, 0, w, h, sheet.fade(shift(wall, 0.03), shift(wall, -0.03))))
    if has_window:
        wide = min(380.0, w * 0.34)
        window(sheet, w * rng.choice((0.1, 0.56)), top * 0.12, wide, top * 0.54)
    elif rng.random() < 0.5:
        paper_marks(sheet, 0, top, shift(wall, -0.05 if lch(wall)[0] > 0.4 else 0.06))
    else:
        r = min(w, top) * 0.46
        disc = shift(wall, 0.07 if lch(wall)[0] < 0.86 else -0.06, 1.2)
        if rng.random() < 0.5:
            sheet.add(oval(w / 2, top * 0.62, r, r, disc))
        else:
            sheet.add(
                shape(
                    f"M{w / 2 - r:.0f} {top:.0f}V{top * 0.5:.0f}a{r:.0f} {r:.0f} 0 0 1 {2 * r:.0f} 0V{top:.0f}Z",
                    disc,
                )
            )
    sheet.add("<!--table-->")
    board = mix(rng.choice(p.colors), p.paper, 0.45) if cloth else mix(wood, p.paper, 0.12)
    board = shaded(board, sheet.time) if cloth else board
    sheet.add(rect(0, top - 4, w, h - top + 4, sheet.fade(shift(board, 0.03), shift(board, -0.04))))
    sheet.add(rect(0, top - 4, w, 9, shift(board, 0.09), opacity=0.8))
    edge = h * 0.95
    if cloth:
        step = w / round(w / 84)
        for i in range(round(w / 84) + 1):
            sheet.add(rect(i * step, top + 5, step / 2, h - top, shift(board, -0.05), opacity=0.55))
    else:
        for i in range(4):
            y = top + (edge - top) * (0.22 + 0.25 * i)
            x = rng.uniform(0, w * 0.5)
            sheet.add(
                stroke(
                    f"M{x:.0f} {y:.0f}q{w * 0.15:.0f} {rng.uniform(-6, 6):.0f} {w * 0.34:.0f} 0",
                    shift(board, -0.06),
                    3.5,
                    0.6,
                )
            )
    sheet.add(rect(0, edge, w, h - edge, shift(board, -0.12)), "<!--/table-->")
    return Ground(top + 26, edge - 12, "table", shadow=shift(wood, -0.28), wall=(h * 0.06, top * 0.6))


def stage(sheet: Sheet) -> Ground:
    """A stage: curtains at both sides, a valance, beams of light, boards."""
    rng, w, h, p = sheet.rng, sheet.width, sheet.height, sheet.palette
    dark = mix(p.dark, "#20183a", 0.5)
    red = p.main
    floor = h * 0.74
    sheet.add(rect(0, 0, w, h, sheet.fade(dark, shift(dark, 0.1), dark)))
    for x in (0.25, 0.5, 0.75):
        lean = (0.5 - x) * w * 0.5
        sheet.add(
            shape(
                f"M{w * x - 26:.0f} 0h52L{w * x + lean + 200:.0f} {floor + 60:.0f}H{w * x + lean - 200:.0f}Z",
                sheet.fade(p.second, p.second, opacity=(0.4, 0.05)),
            )
        )
    boards = mix("#8d5b3a", p.dark, 0.25)
    sheet.add(rect(0, floor, w, h - floor, sheet.fade(shift(boards, 0.08), shift(boards, -0.06))))
    sheet.add(oval(w / 2, floor + (h - floor) * 0.45, w * 0.36, (h - floor) * 0.36, p.second, 0.28))
    fold = w * 0.17 / 4
    for side in (0, 1):
        for i in range(4):
            x = i * fold if side == 0 else w - (i + 1) * fold
            tone = shift(red, -0.05 - 0.05 * (i % 2))
            sheet.add(
                shape(
                    f"M{x:.0f} 0h{fold:.0f}V{floor + 46 - 8 * i:.0f}q{-fold / 2:.0f} 16 {-fold:.0f} 0Z", tone
                )
            )
    step = w / max(5, round(w / 150))
    for i in range(max(5, round(w / 150))):
        sheet.add(
            shape(
                f"M{i * step:.0f} 0h{step:.0f}v{h * 0.07:.0f}a{step / 2:.0f} {h * 0.06:.0f} 0 0 1 {-step:.0f} 0Z",
                shift(red, -0.02 - 0.05 * (i % 2)),
            )
        )
    sheet.add(rect(0, h * 0.06, w, 8, p.second, opacity=0.7))
    for _ in range(30):
        r = rng.uniform(2, 5)
        sheet.add(
            oval(
                rng.uniform(w * 0.18, w * 0.82),
                rng.uniform(h * 0.18, floor),
                r,
                r,
                "#fff2c4",
                rng.uniform(0.2, 0.7),
            )
        )
    return Ground(floor + 40, h * 0.93, "room", shadow="#140f26", wall=(h * 0.2, floor * 0.7))


# --- graphic papers ----------------------------------------------------------------------------------------


def studio(sheet: Sheet, kind: str) -> Ground:
    """A plain designer's ground: `plain`, `disc`, `arch`, `burst`, `split`, `blobs`, `bokeh` or `band`."""
    rng, w, h, p = sheet.rng, sheet.width, sheet.height, sheet.palette
    base = shaded(p.ground, "day" if sheet.time != "night" or lch(p.ground)[0] < 0.45 else "night")
    dark = lch(base)[0] < 0.45
    near = shift(base, 0.06 if dark else -0.055, 1.25)
    sheet.add(rect(0, 0, w, h, sheet.fade(shift(base, 0.02), shift(base, -0.02), angle=70)))
    s, cx, cy = min(w, h), w / 2, h / 2
    accent = mix(rng.choice(p.colors[1:]), base, 0.45)
    if kind == "disc":
        sheet.add(oval(cx, cy, s * 0.43, s * 0.43, accent))
    elif kind == "arch":
        r = s * 0.36
        sheet.add(
            shape(
                f"M{cx - r:.0f} {h * 0.84:.0f}V{cy - s * 0.02:.0f}a{r:.0f} {r:.0f} 0 0 1 {2 * r:.0f} 0V{h * 0.84:.0f}Z",
                accent,
            )
        )
        sheet.add(rect(0, h * 0.84, w, h * 0.16, near))
    elif kind == "burst":
        rays, reach = rng.choice((18, 22, 26)), math.hypot(w, h)
        cy = h * 0.56
        for i in range(rays):
            a, b = (2 * math.pi * (i + o) / rays for o in (0, 0.5))
            sheet.add(
                shape(
                    f"M{cx:.0f} {cy:.0f}L{cx + reach * math.cos(a):.0f} {cy + reach * math.sin(a):.0f}L{cx + reach * math.cos(b):.0f} {cy + reach * math.sin(b):.0f}Z",
                    near,
                )
            )
        sheet.add(oval(cx, cy, s * 0.36, s * 0.36, accent))
    elif kind == "split":
        sheet.add(shape(f"M0 {h * 0.62:.0f}L{w:.0f} {h * 0.5:.0f}V{h:.0f}H0Z", accent))
    elif kind == "band":
        sheet.add(rect(0, h * 0.7, w, h * 0.3, near))
    elif kind == "blobs":
        for color in (accent, near):
            x, y, r = w * rng.uniform(0.25, 0.75), h * rng.uniform(0.3, 0.7), s * rng.uniform(0.3, 0.42)
            points = [
                (
                    x + r * rng.uniform(0.8, 1.15) * math.cos(t * math.pi / 4),
                    y + r * rng.uniform(0.8, 1.15) * math.sin(t * math.pi / 4),
                )
                for t in range(8)
            ]
            sheet.add(shape(blob(points), color))
    elif kind == "bokeh":
        for _ in range(26):
            r = rng.uniform(24, 90)
            sheet.add(
                oval(
                    rng.uniform(0, w),
                    rng.uniform(0, h * 0.8),
                    r,
                    r,
                    mix(rng.choice(p.colors), base, 0.55),
                    0.34,
                )
            )
        sheet.add(rect(0, h * 0.74, w, h * 0.26, sheet.fade(near, shift(near, -0.05))))
    return Ground(
        h * 0.72,
        h * 0.86,
        "studio",
        shadow=shift(base, -0.4) if not dark else "#05060f",
        wall=(h * 0.1, h * 0.6),
    )


def blob(points: list[tuple[float, float]]) -> str:
    """A closed smooth path through the points."""
    n = len(points)
    path = f"M{points[0][0]:.0f} {points[0][1]:.0f}"
    for i in range(n):
        before, here, after, later = (points[(i + k) % n] for k in (-1, 0, 1, 2))
        one = here[0] + (after[0] - before[0]) / 6, here[1] + (after[1] - before[1]) / 6
        two = after[0] - (later[0] - here[0]) / 6, after[1] - (later[1] - here[1]) / 6
        path += f"C{one[0]:.0f} {one[1]:.0f} {two[0]:.0f} {two[1]:.0f} {after[0]:.0f} {after[1]:.0f}"
    return path + "Z"


def weather(sheet: Sheet, kind: str) -> None:
    """Rain or snow in front of everything."""
    rng, w, h = sheet.rng, sheet.width, sheet.height
    if kind == "rain":
        for _ in range(int(w * h / 9500)):
            x, y, length = rng.uniform(-40, w), rng.uniform(-40, h), rng.uniform(24, 60)
            sheet.add(stroke(f"M{x:.0f} {y:.0f}l{-length * 0.22:.0f} {length:.0f}", "#eaf4fb", 2.4, 0.5))
    elif kind == "snowfall":
        for _ in range(int(w * h / 8500)):
            r = rng.choice((2.5, 3.5, 5, 7))
            sheet.add(oval(rng.uniform(0, w), rng.uniform(0, h), r, r, "#ffffff", rng.uniform(0.5, 0.95)))


__all__ = [
    "Ground",
    "Sheet",
    "land",
    "open_sky",
    "rgb",
    "room",
    "sea",
    "space",
    "stage",
    "studio",
    "table",
    "underwater",
    "weather",
]
