"""The plain shapes of designs as SVG, and the outlines they are made of."""

from __future__ import annotations

import math

from pipeline.render.design.lettering import Box


def rect(x: float, y: float, w: float, h: float, fill: str, radius: float = 0.0) -> str:
    """A rectangle from its top left corner."""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" rx="{radius:.1f}" fill="{fill}"/>'


def disc(x: float, y: float, radius: float, fill: str) -> str:
    """A circle about its middle."""
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{fill}"/>'


def path(points: str, fill: str) -> str:
    """A filled outline."""
    return f'<path d="{points}" fill="{fill}"/>'


def stroke(points: str, color: str, width: float, dash: float = 0.0) -> str:
    """A drawn outline, in dashes of the given length."""
    dashes = f' stroke-dasharray="{dash:.1f} {dash:.1f}"' if dash else ""
    return f'<path d="{points}" fill="none" stroke="{color}" stroke-width="{width:.1f}"{dashes}/>'


# Outlines, for `path`, `stroke` and the windows of pictures.


def outline(area: Box, radius: float = 0.0) -> str:
    """A rectangle with round corners."""
    left, top, right, bottom = area
    r = max(0.0, min(radius, (right - left) / 2, (bottom - top) / 2))
    return (
        f"M{left + r:.1f} {top:.1f}H{right - r:.1f}a{r:.1f} {r:.1f} 0 0 1 {r:.1f} {r:.1f}V{bottom - r:.1f}"
        f"a{r:.1f} {r:.1f} 0 0 1 {-r:.1f} {r:.1f}H{left + r:.1f}a{r:.1f} {r:.1f} 0 0 1 {-r:.1f} {-r:.1f}"
        f"V{top + r:.1f}a{r:.1f} {r:.1f} 0 0 1 {r:.1f} {-r:.1f}Z"
    )


def circle(x: float, y: float, radius: float) -> str:
    """A circle about its middle."""
    return outline((x - radius, y - radius, x + radius, y + radius), radius)


def polygon(*corners: tuple[float, float]) -> str:
    """Straight lines from corner to corner."""
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in corners) + "Z"


def arch(area: Box) -> str:
    """A window with a round top."""
    left, top, right, bottom = area
    r = min((right - left) / 2, bottom - top)
    return (
        f"M{left:.1f} {bottom:.1f}V{top + r:.1f}a{r:.1f} {r:.1f} 0 0 1 {2 * r:.1f} 0V{bottom:.1f}H{left:.1f}Z"
    )


def star(x: float, y: float, radius: float, points: int, depth: float) -> str:
    """A star or, with a small depth, a seal."""
    corners = []
    for i in range(points * 2):
        r = radius * (1 if i % 2 == 0 else 1 - depth)
        angle = math.pi * i / points - math.pi / 2
        corners.append((x + r * math.cos(angle), y + r * math.sin(angle)))
    return polygon(*corners)
