"""Faces: the typefaces of designs, their pairings, and the very letters a document carries along.

Families are open-licence (SIL OFL) from PyPI packages. Most are variable fonts: `font` gives one at a weight
and size to draw with, `embedded` one at a weight as a file with just the letters of a text.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache

import fontpkg
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont
from PIL import ImageFont

_OPTICAL = {True: 14, False: 40}  # the optical size of text and of headlines, where a family has the axis


@dataclass(frozen=True)
class Face:
    """A font family at a weight. `lead` is the distance of baselines in multiples of the size."""

    family: str
    weight: int = 400
    lead: float = 1.15


@dataclass(frozen=True)
class Pairing:
    """A headline face with the faces that go with it."""

    name: str
    display: Face
    body: Face
    strong: Face
    caps: bool = False  # whether headlines are set in capitals
    tags: frozenset[str] = frozenset()


_SANS, _SANS_STRONG = Face("DM Sans", 430, 1.38), Face("DM Sans", 700, 1.3)
_SERIF, _SERIF_STRONG = Face("Lora", 450, 1.42), Face("Lora", 650, 1.35)
# Faces for letters that the others lack: Cyrillic and Vietnamese; Greek and Hebrew; Arabic and Persian.
FALLBACKS = (_SERIF_STRONG, Face("Open Sans", 600, 1.4), Face("Noto Sans Arabic", 600, 1.7))


def _pair(name: str, display: Face, serif: bool, caps: bool, tags: str) -> Pairing:
    body, strong = (_SERIF, _SERIF_STRONG) if serif else (_SANS, _SANS_STRONG)
    return Pairing(name, display, body, strong, caps, frozenset(tags.split()))


PAIRINGS = (
    _pair("editorial", Face("Playfair Display", 750, 1.1), False, False,
          "elegant classic editorial luxury wine gallery museum bakery vintage formal music theatre rustic"),
    _pair("bookish", Face("Playfair Display", 600, 1.12), True, False,
          "elegant formal classic wedding memorial certificate calm church literary book botanical refined"),
    _pair("romantic", Face("Great Vibes", 400, 1.0), True, False,
          "romantic wedding anniversary bridal delicate valentine engagement script calligraphy spa beauty"),
    _pair("bold", Face("Anton", 400, 1.22), False, True,
          "bold sale sport urgent strong gritty loud protest gym race match hiring rock energetic dramatic"),
    _pair("playful", Face("Fredoka", 640, 1.1), False, False,
          "playful kids children cheerful cute fun birthday party school pet friendly baby whimsical candy"),
    _pair("retro", Face("Righteous", 400, 1.16), False, False,
          "retro groovy seventies neon arcade diner disco techno futuristic summer festival game night"),
    _pair("poster", Face("Abril Fatface", 400, 1.1), False, False,
          "vintage retro festive chunky food jazz market fair cafe coffee harvest concert circus"),
    _pair("modern", Face("DM Sans", 850, 1.06), False, False,
          "modern minimal clean professional corporate business tech simple startup medical bauhaus app"),
)  # fmt: skip


@lru_cache(maxsize=512)
def font(face: Face, size: int) -> ImageFont.FreeTypeFont:
    """The font of a face at a size in pixels."""
    loaded = ImageFont.truetype(str(fontpkg.path(face.family)), size)
    if "[" in fontpkg.path(face.family).name:  # a variable font, its axes in brackets
        axes = loaded.get_variation_axes()
        names = [bytes(axis["name"] or b"") for axis in axes]
        wanted = {b"Weight": face.weight, b"Optical size": _OPTICAL[face.weight < 800], b"Width": 100}
        values = [wanted.get(name, axis["default"]) for name, axis in zip(names, axes, strict=True)]
        loaded.set_variation_by_axes(values)  # type: ignore[arg-type]
    return loaded


@lru_cache(maxsize=256)
def embedded(face: Face, letters: frozenset[str]) -> bytes:
    """A font file (WOFF2) of the face at its weight, with just these letters and their ligatures."""
    loaded = TTFont(fontpkg.path(face.family))
    options = Options()
    options.layout_features = ["*"]
    options.drop_tables += ["FFTM", "DSIG", "STAT", "MVAR"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[ord(letter) for letter in letters])
    subsetter.subset(loaded)
    if "fvar" in loaded:
        wanted = {"wght": face.weight, "opsz": _OPTICAL[face.weight < 800], "wdth": 100}
        axes = {axis.axisTag: wanted.get(axis.axisTag, axis.defaultValue) for axis in loaded["fvar"].axes}
        loaded = instantiateVariableFont(loaded, axes)
        loaded["OS/2"].usWeightClass = face.weight
    for number in (1, 16):
        loaded["name"].setName(face.family, number, 3, 1, 0x409)
    loaded.flavor = "woff2"
    file = io.BytesIO()
    loaded.save(file)
    return file.getvalue()


@lru_cache(maxsize=4096)
def _has_glyph(face: Face, character: str) -> bool:
    drawn = font(face, 32).getmask(character)
    missing = font(face, 32).getmask("\U0010fffe")
    return character.isspace() or (drawn.size, bytes(drawn)) != (missing.size, bytes(missing))


def spelled(text: str, face: Face) -> str:
    """The text without the characters that the face has no letter for."""
    return " ".join("".join(c for c in text if _has_glyph(face, c)).split())
