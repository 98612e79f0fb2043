"""The 905 drawings as sprites: what the embedded CLIP is taught to see.

Every drawing is rendered once by resvg in a few looks (as drawn, its role colours replaced, in one ink),
trimmed to what is inked, and kept in one array on disk together with two smaller copies, so that composing
a canvas reads pixels and renders nothing.

    python -m intent.drawings OUT.png      # a contact sheet of the first drawings
"""

from __future__ import annotations

import colorsys
import csv
import hashlib
import io
import random
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import resvg_py
from PIL import Image

ART = Path(__file__).resolve().parents[1] / "assets" / "art"
SIZES = (128, 64, 32)  # sides of the boxes that sprites are kept in; the nearest larger one is scaled down
LOOKS = 8  # renderings of each drawing
_HEX = re.compile(r"#[0-9a-fA-F]{6}\b")

# The role colours of the drawings (base, shade, light), as the style guide of the art fixes them.
ROLES = (
    ("#e4572e", "#b8401f", "#f58a66"),
    ("#f3a712", "#c98300", "#ffd166"),
    ("#2a9d8f", "#1d7268", "#6ccabf"),
    ("#3d5a80", "#263d5a", "#7fa3cc"),
)
DARK, PAPER = "#2b2d42", "#fff8ec"


@dataclass(frozen=True)
class Noun:
    """One drawing: its name, other nouns that mean this very drawing, and the shape of its ink."""

    name: str
    words: tuple[str, ...]
    file: str
    place: str  # ground, sky, wall, held or any


def load_nouns() -> tuple[Noun, ...]:
    """The drawings of the art in the order of art.csv."""
    with (ART / "facts.csv").open(encoding="utf-8") as file:
        words = {row["name"]: tuple(filter(None, row["words"].split(";"))) for row in csv.DictReader(file)}
    with (ART / "art.csv").open(encoding="utf-8") as file:
        return tuple(
            Noun(row["name"], words[row["name"]], row["file"], row["place"]) for row in csv.DictReader(file)
        )


def _hex(hue: float, light: float, vivid: float) -> str:
    red, green, blue = colorsys.hls_to_rgb(hue % 1, min(max(light, 0.04), 0.96), vivid)
    return f"#{round(255 * red):02x}{round(255 * green):02x}{round(255 * blue):02x}"


def recolour(svg: str, look: int, rng: random.Random) -> str:
    """The drawing in another look: 0 as drawn, the last one in a single ink, those between in new colours."""
    if look == 0:
        return svg
    change: dict[str, str] = {}
    if look == LOOKS - 1:  # one hue for everything, as in prints of one ink
        hue, vivid = rng.random(), rng.choice((0.0, 0.4, 0.8))

        def ink(match: re.Match[str]) -> str:
            red, green, blue = (int(match.group()[i : i + 2], 16) / 255 for i in (1, 3, 5))
            return _hex(hue, 0.1 + 0.85 * (0.3 * red + 0.59 * green + 0.11 * blue), vivid)

        return _HEX.sub(ink, svg)
    shared, vivid = rng.random(), rng.uniform(0.25, 0.9)
    for role in ROLES:
        hue = shared + rng.uniform(-0.08, 0.08) if look % 3 == 0 else rng.random()  # related or free hues
        light = rng.uniform(0.25, 0.75)
        for colour, step in zip(role, (0.0, -0.13, 0.15), strict=True):
            change[colour] = _hex(hue, light + step, vivid)
    if look % 2:
        change[DARK] = _hex(rng.random(), rng.uniform(0.08, 0.3), 0.4)
        change[PAPER] = _hex(rng.random(), rng.uniform(0.8, 0.98), 0.6)
    if look >= LOOKS - 3:  # natural colours move, too: the illustrator tints things ("a blue horse")
        turn = rng.random()

        def tint(match: re.Match[str]) -> str:
            colour = match.group().lower()
            if colour in change:
                return change[colour]
            red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
            hue, light, strong = colorsys.rgb_to_hls(red, green, blue)
            return _hex(hue + turn, light, strong)

        return _HEX.sub(tint, svg)
    return _HEX.sub(lambda match: change.get(match.group().lower(), match.group()), svg)


def _trimmed(
    svg: str, box: tuple[int, int, int, int] | None
) -> tuple[Image.Image, tuple[int, int, int, int]]:
    """The rendered ink in the middle of a square box of SIZES[0], and where the ink was (at 160 pixels)."""
    png = resvg_py.svg_to_bytes(svg_string=svg, width=160, height=160, skip_system_fonts=True)
    picture = Image.open(io.BytesIO(bytes(png))).convert("RGBA")
    box = (
        box
        or picture.getchannel("A").point([255 * (a > 40) for a in range(256)]).getbbox()
        or (0, 0, 160, 160)
    )
    ink = picture.crop(box)
    scale = SIZES[0] / max(ink.size)
    ink = ink.resize([max(1, round(side * scale)) for side in ink.size], Image.Resampling.LANCZOS)
    square = Image.new("RGBA", (SIZES[0], SIZES[0]))
    square.paste(ink, ((SIZES[0] - ink.width) // 2, (SIZES[0] - ink.height) // 2))
    return square, box


class Sprites:
    """All drawings in all looks: arrays[k] is uint8 (drawings, LOOKS, SIZES[k], SIZES[k], 4), RGBA."""

    def __init__(self, folder: Path, nouns: tuple[Noun, ...] | None = None) -> None:
        """Read the arrays from the folder; when this art is not there, render it (all: about a minute)."""
        self.nouns = load_nouns() if nouns is None else nouns
        self._svgs = [(ART / "svg" / noun.file).read_text(encoding="utf-8") for noun in self.nouns]
        mark = hashlib.sha256(f"{LOOKS} {self._svgs}".encode()).hexdigest()[:12]
        files = [folder / f"sprites-{mark}-{size}.npy" for size in SIZES]
        if not all(file.is_file() for file in files):
            folder.mkdir(parents=True, exist_ok=True)
            self._render(files)
        self.arrays = [np.load(file, mmap_mode="r") for file in files]
        self.shapes = np.stack([self._shape(number) for number in range(len(self.nouns))])

    def _render(self, files: list[Path]) -> None:
        parts = [file.with_suffix(".part.npy") for file in files]
        arrays = [
            np.lib.format.open_memmap(part, "w+", np.uint8, (len(self.nouns), LOOKS, size, size, 4))
            for part, size in zip(parts, SIZES, strict=True)
        ]
        for number, noun in enumerate(self.nouns):
            rng = random.Random(noun.name)
            box = None
            for look in range(LOOKS):
                square, box = _trimmed(recolour(self._svgs[number], look, rng), box)
                for array, size in zip(arrays, SIZES, strict=True):
                    array[number, look] = square if size == SIZES[0] else square.resize((size, size))
        for array, part, file in zip(arrays, parts, files, strict=True):
            array.flush()
            part.replace(file)

    def _shape(self, number: int) -> tuple[float, float]:
        """Width and height of the ink as shares of its longer side."""
        inked = np.asarray(self.arrays[-1][number, 0, :, :, 3]) > 60
        return max(inked.any(0).sum() / SIZES[-1], 0.05), max(inked.any(1).sum() / SIZES[-1], 0.05)

    def get(self, number: int, look: int, side: float) -> np.ndarray:
        """RGBA pixels of a drawing, from the smallest copy that need not be enlarged to `side`."""
        level = next((k for k in (2, 1) if SIZES[k] >= side), 0)
        return self.arrays[level][number, look]


if __name__ == "__main__":
    sprites = Sprites(Path.home() / ".cache" / "tinymuse" / "sprites")
    sheet = Image.new("RGB", (LOOKS * 64, 16 * 64), "#cfd8dc")
    for row in range(16):
        for look in range(LOOKS):
            tile = Image.fromarray(np.asarray(sprites.arrays[1][row * 52, look]))
            sheet.paste(tile, (look * 64, row * 64), tile)
    sheet.save(sys.argv[1])
