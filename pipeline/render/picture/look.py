"""Looks: how one and the same picture becomes a print, a watercolour, a paper cut, a pencil drawing.

A look works in three places: `edge` draws what belongs round each thing, `tone` maps every colour of the SVG,
`surface` gives the rendered pixels their paper, grain and brush.
"""

from __future__ import annotations

import re

import numpy as np
from PIL import Image, ImageChops, ImageFilter

from pipeline.render.palette import Palette, lch, mix, rgb

KEY = "#000001"  # the colour of silhouettes handed to `edge`
_HEX = re.compile(r"#[0-9a-f]{6}\b")


def edge(look: str, flat: str, palette: Palette, color: str) -> str:
    """What lies under a thing: `flat` is its silhouette in the colour KEY, in the box of its drawing."""

    def stroked(ink: str, width: float, opacity: float = 1) -> str:
        line = f'stroke="{ink}" stroke-width="{width}" stroke-linejoin="round" opacity="{opacity}"'
        return f"<g {line}>{flat.replace(KEY, ink)}</g>"

    if look == "cut":
        return f'<g transform="translate(3 4.5)">{stroked("#1c1730", 5, 0.22)}</g>' + stroked("#fffaf0", 5)
    if look in {"ink", "comic", "glass"}:
        return stroked(palette.dark, {"ink": 2.4, "comic": 3.4, "glass": 5.0}[look])
    if look == "neon":
        return stroked(color, 15, 0.14) + stroked(color, 8, 0.28) + stroked("#ffffff", 2, 0.85)
    return ""


def tone(svg: str, look: str, palette: Palette) -> str:
    """The whole SVG with every colour as the look shows it."""
    if look not in {"ink", "water", "retro", "mono", "sepia"}:
        return svg
    paper = mix(palette.paper, "#f6ecd8", 0.5)
    steps = ((0.84, paper), (0.66, mix(palette.main, paper, 0.62)), (0.46, palette.main))
    known: dict[str, str] = {}

    def change(color: str) -> str:
        light, chroma, hue = lch(color)
        if look == "ink":  # two inks on paper
            return next((ink for least, ink in steps if light >= least), palette.dark)
        if look == "water":
            return rgb(0.12 + 0.88 * light**0.95, chroma * 1.08, hue)
        if look == "retro":
            return mix(rgb(0.1 + 0.86 * light, chroma * 0.86, hue), "#e9b872", 0.12)
        if look == "sepia":
            return rgb(0.12 + 0.85 * light, 0.045 * (1 - abs(2 * light - 1) ** 2) + 0.008, 68)
        return rgb(light, 0.0, 0.0)

    def swap(match: re.Match[str]) -> str:
        color = match.group()
        if color not in known:
            known[color] = change(color)
        return known[color]

    return _HEX.sub(swap, svg)


# --- surfaces -------------------------------------------------------------------------------------


def _noise(rng: np.random.Generator, size: tuple[int, int], cell: float, stretch: float = 1.0) -> np.ndarray:
    """Smooth noise in -1..1, float32 (height, width), its features `cell` pixels wide,
    `stretch` times longer."""
    w, h = size
    small = rng.random((max(2, int(h / cell / stretch) + 2), max(2, int(w / cell) + 2)), dtype=np.float32)
    image = Image.fromarray(small).resize((w, h), Image.Resampling.BICUBIC)
    return np.asarray(image) * 2 - 1


def _wobble(image: Image.Image, rng: np.random.Generator, reach: float, cell: float) -> Image.Image:
    """Move every pixel a little along smooth noise, so that edges look drawn by hand."""
    w, h = image.size
    dx, dy = (_noise(rng, (w, h), cell) * reach for _ in range(2))
    ys, xs = np.mgrid[0:h, 0:w]
    at = np.clip(ys + dy, 0, h - 1).astype(np.int32), np.clip(xs + dx, 0, w - 1).astype(np.int32)
    return Image.fromarray(np.asarray(image)[at])


def _pencil(image: Image.Image, rng: np.random.Generator, unit: float) -> np.ndarray:
    """Outlines where tones meet, hatching for the tones, a breath of colour: a pencil drawing (float32)."""
    w, h = image.size
    gray = image.convert("L")
    soft = np.asarray(ImageChops.invert(gray).filter(ImageFilter.GaussianBlur(max(0.8, 3.2 * unit)))).astype(
        np.float32
    )
    tones = np.asarray(gray).astype(np.float32)
    lines = np.clip(tones * 255 / np.maximum(256 - soft, 1), 0, 255) / 255
    lines = np.clip(lines**2.6, 0, 1)
    skew = np.asarray(Image.fromarray(_noise(rng, (w + h, h), max(1.2, 2.0 * unit), 9)))
    rows = np.arange(h)[:, None]
    hatch = skew[rows, np.arange(w)[None, :] + (h - 1 - rows)]  # streaks that lean to one side
    shade = 1 - (1 - tones / 255) * (0.4 + 0.42 * hatch)
    color = np.asarray(image).astype(np.float32) / 255
    wash = 1 - (1 - color) * 0.34
    return (248 * np.clip(lines * shade, 0, 1)[..., None] * wash).astype(np.float32)


def _leaded(image: Image.Image, rng: np.random.Generator, unit: float) -> np.ndarray:
    """Panes of coloured glass between lines of lead (float32)."""
    w, h = image.size
    across, down = max(2, round(w / unit / 190)), max(2, round(h / unit / 190))
    cells = np.mgrid[-1 : down + 1, -1 : across + 1].reshape(2, -1).T + 0.1 + 0.8 * rng.random((1, 2))
    cells = cells + (rng.random(cells.shape) - 0.5) * 0.8
    points = (cells[:, ::-1] * (w / across, h / down)).astype(np.float32)
    step = max(1, round(4 * unit))
    ys, xs = np.mgrid[0:h:step, 0:w:step].astype(np.float32)
    away = np.hypot(xs[..., None] - points[:, 0], ys[..., None] - points[:, 1])
    first, second = np.moveaxis(np.argpartition(away, 1, axis=-1)[..., :2], -1, 0)
    near, far = (np.take_along_axis(away, each[..., None], -1)[..., 0] for each in (first, second))
    apart = np.hypot(*np.moveaxis(points[first] - points[second], -1, 0))
    edge = np.abs(far**2 - near**2) / (2 * np.maximum(apart, 1))  # pixels to the border of the pane
    edge = np.asarray(Image.fromarray(edge.astype(np.float32)).resize((w, h), Image.Resampling.BILINEAR))
    tint = (rng.random(len(points), dtype=np.float32) - 0.5)[np.where(near < far, first, second)]
    pane = np.asarray(Image.fromarray(tint).resize((w, h), Image.Resampling.NEAREST))
    color = np.asarray(image).astype(np.float32)
    gray = color.mean(axis=-1, keepdims=True)
    color = (gray + (color - gray) * 1.35) * (1 + 0.2 * pane[..., None])
    lead = np.clip((edge - 2.0 * unit) / max(1.0, 2.0 * unit), 0, 1)[..., None]
    return (color * lead + np.float32(38) * (1 - lead)).astype(np.float32)


def surface(image: Image.Image, look: str, seed: int) -> Image.Image:
    """The rendered picture (RGB) with the paper, grain or brush of its look."""
    rng = np.random.default_rng(seed & 0xFFFFFFFF)
    w, h = image.size
    unit = min(w, h) / 1000
    if look == "pixel":
        step = max(2, round(8 * unit))
        small = image.resize((max(8, w // step), max(8, h // step)), Image.Resampling.BOX)
        few = small.quantize(28, dither=Image.Dither.NONE).convert("RGB")
        return few.resize((w, h), Image.Resampling.NEAREST)
    reach = {"water": 4.5, "ink": 2.0, "sketch": 2.6}.get(look)
    if reach:
        image = _wobble(image, rng, reach * unit, max(3.0, (26 if look == "water" else 16) * unit))
    if look == "water":  # pigment gathers where a wash ends
        pooled = ImageChops.subtract(image.filter(ImageFilter.GaussianBlur(max(0.6, 5 * unit))), image)
        image = ImageChops.subtract(image, pooled.point([int(v * 0.6) for v in range(256)] * 3))
    drawn = {"sketch": _pencil, "glass": _leaded}.get(look)
    pixels = drawn(image, rng, unit) if drawn else np.asarray(image).astype(np.float32)
    if look == "water":
        wash = (
            _noise(rng, (w, h), max(4.0, 130 * unit)) * 0.6 + _noise(rng, (w, h), max(3.0, 34 * unit)) * 0.4
        )
        pixels += (255 - pixels) * (0.08 + 0.2 * wash[..., None])
    grain = {"water": 6, "sketch": 8, "ink": 9, "retro": 9, "sepia": 9, "cut": 6}.get(look, 3.5)
    pixels = pixels + _noise(rng, (w, h), max(1.2, 1.8 * unit))[..., None] * grain
    if look in {"ink", "retro"}:  # ink that missed the paper here and there
        worn = _noise(rng, (w, h), max(1.5, 2.2 * unit)) + 0.5 * _noise(rng, (w, h), max(4.0, 60 * unit))
        pixels += np.where(worn > 1.05, 26, 0)[..., None].astype(np.float32)
    if look in {"photo", "retro", "sepia", "neon"}:
        y, x = np.ogrid[-1 : 1 : h * 1j, -1 : 1 : w * 1j]
        pixels *= (1 - 0.2 * np.clip(x * x + y * y - 0.55, 0, 1.4))[..., None].astype(np.float32)
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
