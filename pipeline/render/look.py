"""Looks: how one and the same picture becomes a print, a watercolour, a paper cut, a poster.

A look works in three places: `edge` draws what belongs round each thing, `tone` maps every colour of the SVG,
`surface` gives the rendered pixels their paper, grain and brush.
"""

from __future__ import annotations

import re

import numpy as np
from PIL import Image, ImageChops, ImageFilter

from pipeline.render.palette import Palette, lch, mix, rgb

_HEX = re.compile(r"#[0-9a-f]{6}\b")
NAMES = (
    "flat",
    "cut",
    "ink",
    "sketch",
    "water",
    "retro",
    "neon",
    "mono",
    "minimal",
    "comic",
    "photo",
    "pixel",
    "sepia",
)


def edge(look: str, flat: str, palette: Palette, color: str) -> str:
    """What lies under a thing: `flat` is its silhouette in one colour (`#000001`), in the box of its drawing."""

    def stroked(ink: str, width: float, opacity: float = 1) -> str:
        return f'<g stroke="{ink}" stroke-width="{width}" stroke-linejoin="round" opacity="{opacity}">{flat.replace("#000001", ink)}</g>'

    if look == "cut":
        return f'<g transform="translate(3 4.5)">{stroked("#1c1730", 5, 0.22)}</g>' + stroked("#fffaf0", 5)
    if look in {"ink", "comic", "sketch"}:
        return stroked(palette.dark if look != "sketch" else "#4a4a52", 3.6 if look == "comic" else 2.4)
    if look == "neon":
        return stroked(color, 15, 0.14) + stroked(color, 8, 0.28) + stroked("#ffffff", 2, 0.85)
    return ""


def tone(svg: str, look: str, palette: Palette) -> str:
    """The whole SVG with every colour as the look shows it."""
    if look not in {"ink", "sketch", "water", "retro", "mono", "sepia"}:
        return svg
    known: dict[str, str] = {}

    def change(color: str) -> str:
        light, chroma, hue = lch(color)
        if look == "ink":
            paper = mix(palette.paper, "#f6ecd8", 0.5)
            steps = ((0.84, paper), (0.66, mix(palette.main, paper, 0.62)), (0.46, palette.main))
            return next((ink for least, ink in steps if light >= least), palette.dark)
        if look == "sketch":
            return rgb(0.3 + 0.69 * light**0.8, chroma * 0.16, hue)
        if look == "water":
            return rgb(0.24 + 0.77 * light**0.85, chroma * 0.86, hue)
        if look == "retro":
            return mix(rgb(0.1 + 0.86 * light, chroma * 0.82, hue), "#e9b872", 0.14)
        if look == "sepia":
            return rgb(0.12 + 0.85 * light, 0.045 * (1 - abs(2 * light - 1) ** 2) + 0.008, 68)
        return rgb(light, 0.0, 0.0)

    def swap(match: re.Match[str]) -> str:
        color = match.group()
        if color not in known:
            known[color] = change(color)
        return known[color]

    return _HEX.sub(swap, svg)


def _noise(rng: np.random.Generator, size: tuple[int, int], cell: float) -> np.ndarray:
    """Smooth noise in -1..1, float32 (height, width), with features about `cell` pixels wide."""
    w, h = size
    small = rng.random((max(2, int(h / cell) + 2), max(2, int(w / cell) + 2)), dtype=np.float32)
    image = Image.fromarray(small, mode="F").resize((w, h), Image.Resampling.BICUBIC)
    return np.asarray(image) * 2 - 1


def _wobble(image: Image.Image, rng: np.random.Generator, reach: float, cell: float) -> Image.Image:
    """Move every pixel a little along smooth noise, so that edges look drawn by hand."""
    w, h = image.size
    dx, dy = (_noise(rng, (w, h), cell) * reach for _ in range(2))
    ys, xs = np.mgrid[0:h, 0:w]
    pixels = np.asarray(image)
    return Image.fromarray(
        pixels[np.clip(ys + dy, 0, h - 1).astype(np.int32), np.clip(xs + dx, 0, w - 1).astype(np.int32)]
    )


def surface(image: Image.Image, look: str, seed: int) -> Image.Image:
    """The rendered picture (RGB) with the paper, grain or brush of its look."""
    rng = np.random.default_rng(seed & 0xFFFFFFFF)
    w, h = image.size
    unit = min(w, h) / 1000
    if look == "pixel":
        step = max(2, round(8 * unit))
        small = image.resize((max(8, w // step), max(8, h // step)), Image.Resampling.BOX)
        return (
            small.quantize(28, dither=Image.Dither.NONE)
            .convert("RGB")
            .resize((w, h), Image.Resampling.NEAREST)
        )
    if look in {"water", "ink", "sketch"}:
        reach = {"water": 4.5, "ink": 2.0, "sketch": 2.2}[look] * unit
        image = _wobble(image, rng, reach, max(3.0, (16 if look != "water" else 26) * unit))
    if look == "water":
        soft = image.filter(ImageFilter.GaussianBlur(max(0.6, 5 * unit)))
        pooled = ImageChops.subtract(soft, image, 1, 0)  # pigment gathers where a wash ends
        image = ImageChops.subtract(image, pooled.point(lambda v: int(v * 0.5)))
    pixels = np.asarray(image).astype(np.float32)
    if look == "water":
        wash = (
            _noise(rng, (w, h), max(4.0, 130 * unit)) * 0.6 + _noise(rng, (w, h), max(3.0, 34 * unit)) * 0.4
        )
        pixels += (255 - pixels) * (0.16 + 0.2 * wash[..., None]) + 0.0
        pixels += _noise(rng, (w, h), max(1.5, 2.6 * unit))[..., None] * 7
    elif look in {"sketch", "ink", "retro", "sepia", "cut"}:
        pixels += _noise(rng, (w, h), max(1.2, 1.8 * unit))[..., None] * {"cut": 6}.get(look, 9)
        if look in {"ink", "retro"}:  # ink that missed the paper here and there
            worn = _noise(rng, (w, h), max(1.5, 2.2 * unit)) + 0.5 * _noise(rng, (w, h), max(4.0, 60 * unit))
            pixels += np.where(worn > 1.05, 26, 0)[..., None].astype(np.float32)
    else:
        pixels += _noise(rng, (w, h), max(1.0, 1.6 * unit))[..., None] * 3.5
    if look in {"photo", "retro", "sepia", "neon"}:
        y, x = np.ogrid[-1 : 1 : h * 1j, -1 : 1 : w * 1j]
        pixels *= (1 - 0.2 * np.clip(x * x + y * y - 0.55, 0, 1.4))[..., None].astype(np.float32)
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
