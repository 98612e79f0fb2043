"""The sheet a picture is drawn on, and the few shapes everything is drawn with.

The sheet's short side is 1000 units whatever its pixels; y grows downwards.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field

from pipeline.render.palette import Palette


@dataclass
class Sheet:
    """A picture in the making: its size, dice, palette, hour and look, and the SVG drawn so far."""

    width: float
    height: float
    rng: random.Random
    palette: Palette
    time: str = "day"
    look: str = "flat"
    inset: float = 0  # how far things keep from the edges beyond the usual margin (round frames cut corners)
    sun: float = 0.5  # where the sun or moon is, 0 to 1 across
    layers: list[str] = field(default_factory=list)
    defs: list[str] = field(default_factory=list)
    shown: set[str] = field(default_factory=set)  # the names of the drawings that are in the picture

    @property
    def low(self) -> float:
        """The side that things are measured by: the short one, longer on slender sheets."""
        slender = math.log2(self.height / self.width)  # tall sheets have room above, wide ones at the sides
        return min(self.width, self.height) * (1 + (0.28 if slender > 0 else 0.12) * min(1.5, abs(slender)))

    def add(self, *shapes: str) -> None:
        """Draw shapes over what is there."""
        self.layers.extend(shapes)

    def fade(self, *stops: str, angle: float = 90, opacity: tuple[float, ...] = ()) -> str:
        """A linear gradient as a paint; 90 runs from the top down, 0 from left to right."""
        name = f"g{len(self.defs)}"
        x, y = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        marks = "".join(
            f'<stop offset="{i / max(1, len(stops) - 1):.3f}" stop-color="{stop}"'
            + (f' stop-opacity="{opacity[i]:.2f}"/>' if opacity else "/>")
            for i, stop in enumerate(stops)
        )
        ends = f'x1="0" y1="0" x2="{x:.3f}" y2="{y:.3f}"'
        self.defs.append(f'<linearGradient id="{name}" {ends}>{marks}</linearGradient>')
        return f"url(#{name})"

    def glow(self, color: str, strength: float = 0.8, core: float = 0.0) -> str:
        """A radial paint that fades from the colour to nothing."""
        name = f"g{len(self.defs)}"
        marks = "".join(
            f'<stop offset="{at:.2f}" stop-color="{color}" stop-opacity="{share:.2f}"/>'
            for at, share in ((core, strength), (max(0.6, core), strength * 0.3), (1.0, 0.0))
        )
        self.defs.append(f'<radialGradient id="{name}">{marks}</radialGradient>')
        return f"url(#{name})"

    def svg(self, pixels: tuple[int, int]) -> str:
        """The whole document."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width:.2f} {self.height:.2f}" '
            f'width="{pixels[0]}" height="{pixels[1]}" preserveAspectRatio="none">'
            f"<defs>{''.join(self.defs)}</defs>{''.join(self.layers)}</svg>"
        )


@dataclass(frozen=True)
class Ground:
    """Where things can be on a backdrop: feet between `far` and `near` (values of y)."""

    far: float
    near: float
    kind: str  # land, water, air, room, table, studio
    shadow: str = "#1d2340"
    road: float = 0.0  # where wheels stand, if there is a road
    water: tuple[float, float] | None = None  # the band of y in which boats and fish swim
    wall: tuple[float, float] = (0.0, 0.0)  # the band of y for things on a wall


def pen(*steps: str | float) -> str:
    """A path from letters and numbers: pen("M", 3, 4, "h", 5)."""
    return " ".join(step if isinstance(step, str) else f"{step:.1f}" for step in steps)


def _clear(opacity: float) -> str:
    return f' opacity="{opacity:.2f}"' if opacity < 1 else ""


def rect(x: float, y: float, w: float, h: float, fill: str, radius: float = 0, opacity: float = 1) -> str:
    """A rectangle, its corners rounded by `radius`."""
    rounded = f' rx="{radius:.1f}"' if radius else ""
    at = f'x="{x:.1f}" y="{y:.1f}" width="{max(0, w):.1f}" height="{max(0, h):.1f}"'
    return f'<rect {at} fill="{fill}"{rounded}{_clear(opacity)}/>'


def oval(x: float, y: float, rx: float, ry: float, fill: str, opacity: float = 1) -> str:
    """An ellipse about its middle."""
    return f'<ellipse cx="{x:.1f}" cy="{y:.1f}" rx="{rx:.1f}" ry="{ry:.1f}" fill="{fill}"{_clear(opacity)}/>'


def shape(points: str, fill: str, opacity: float = 1) -> str:
    """A filled path."""
    return f'<path d="{points}" fill="{fill}"{_clear(opacity)}/>'


def stroke(points: str, color: str, width: float, opacity: float = 1) -> str:
    """A drawn path with round ends."""
    ends = 'stroke-linecap="round" stroke-linejoin="round"'
    line = f'fill="none" stroke="{color}" stroke-width="{width:.1f}"'
    return f'<path d="{points}" {line} {ends}{_clear(opacity)}/>'


def ring(x: float, y: float, radius: float, color: str, width: float, opacity: float = 1) -> str:
    """A drawn circle."""
    line = f'fill="none" stroke="{color}" stroke-width="{width:.1f}"'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" {line}{_clear(opacity)}/>'


def rolling(sheet: Sheet, y: float, swing: float, bumps: int, fill: str) -> str:
    """A hill line across the sheet at about `y`, filled down to the bottom."""
    rng, w = sheet.rng, sheet.width
    xs = [
        w * i / bumps + (rng.uniform(-0.2, 0.2) * w / bumps if 0 < i < bumps else 0) for i in range(bumps + 1)
    ]
    xs[0], xs[-1] = -20, w + 20
    side = rng.choice((-1, 1))
    ys = [y + swing * side * (-1) ** i * rng.uniform(0.45, 1) for i in range(bumps + 1)]
    steps: list[str | float] = ["M", xs[0], ys[0]]
    for i in range(bumps):
        middle = (xs[i] + xs[i + 1]) / 2
        steps += ["C", middle, ys[i], middle, ys[i + 1], xs[i + 1], ys[i + 1]]
    return shape(pen(*steps, "V", sheet.height + 5, "H", -20, "Z"), fill)


def blob(x: float, y: float, radius: float, rng: random.Random) -> str:
    """A closed smooth path, roughly round."""
    points = [
        (x + r * math.cos(k * math.pi / 4), y + r * math.sin(k * math.pi / 4))
        for k in range(8)
        for r in [radius * rng.uniform(0.78, 1.15)]
    ]
    steps: list[str | float] = ["M", *points[0]]
    for i in range(8):
        before, here, after, later = (points[(i + k) % 8] for k in (-1, 0, 1, 2))
        one = here[0] + (after[0] - before[0]) / 6, here[1] + (after[1] - before[1]) / 6
        two = after[0] - (later[0] - here[0]) / 6, after[1] - (later[1] - here[1]) / 6
        steps += ["C", *one, *two, *after]
    return pen(*steps, "Z")


def spark(x: float, y: float, size: float) -> str:
    """A four-pointed star."""
    return pen("M", x, y - size, "Q", x, y, x + size, y, "Q", x, y, x, y + size,
               "Q", x, y, x - size, y, "Q", x, y, x, y - size, "Z")  # fmt: skip


def leaf(x: float, y: float, size: float, angle: float, fill: str, vein: str = "") -> str:
    """A pointed leaf that grows from (x, y) at an angle in degrees."""
    side = size * 0.42
    body = shape(pen("M", 0, 0, "Q", size * 0.4, -side, size, 0, "Q", size * 0.4, side, 0, 0, "Z"), fill)
    line = (
        stroke(pen("M", size * 0.12, 0, "H", size * 0.8), vein, max(1.5, size * 0.035), 0.7) if vein else ""
    )
    return f'<g transform="translate({x:.1f} {y:.1f}) rotate({angle:.1f})">{body}{line}</g>'


def blossom(x: float, y: float, size: float, petals: str, heart: str) -> str:
    """A flower of five round petals."""
    round_ = "".join(
        oval(x + size * 0.52 * math.cos(a), y + size * 0.52 * math.sin(a), size * 0.46, size * 0.46, petals)
        for a in (math.tau * k / 5 - 0.3 for k in range(5))
    )
    return round_ + oval(x, y, size * 0.36, size * 0.36, heart)


def cloud(x: float, y: float, size: float, fill: str, opacity: float = 1.0) -> str:
    """A flat-bottomed cloud of three puffs; `size` is its width."""
    s = size / 100
    return shape(
        pen("M", x - 44 * s, y, "a", 17 * s, 17 * s, "0 0 1", 6 * s, -33 * s,
            "a", 25 * s, 25 * s, "0 0 1", 46 * s, -9 * s, "a", 20 * s, 20 * s, "0 0 1", 31 * s, 13 * s,
            "a", 15 * s, 15 * s, "0 0 1", 4 * s, 29 * s, "Z"),
        fill, opacity,
    )  # fmt: skip
