"""The art: 905 flat drawings, found by the nouns of a text, recoloured and placed as SVG.

`assets/art/art.csv` says what each drawing shows, its topics and where it belongs; `assets/art/facts.csv`
adds what a composer must know: the further nouns that mean this very drawing, how tall the thing is in
metres, and its pose (stand: has a foot; bust: cut off below; water: floats in its own waves; swim; hang;
flat: lies on a floor; perch; scatter: loose bits; vignette: a little landscape of its own).
`assets/art/kin.csv` lists nouns without a drawing whose meaning is so close to one that it may stand in.

    python -m pipeline.render.art "three red balloons over a birthday cake"
"""

from __future__ import annotations

import csv
import io
import re
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import resvg_py
from PIL import Image

from pipeline.render.nouns import (
    TOO_GENERAL,
    count_and_colors,
    false_friend,
    known_ending,
    plural,
    sense,
    tokens,
)
from pipeline.render.palette import Palette, distance, lch, mix, rgb, shift

FOLDER = Path(__file__).resolve().parents[2] / "assets" / "art"

# The role colours of the drawings (base, shade, light), as their style guide fixes them.
ROLES = {
    "main": ("#e4572e", "#b8401f", "#f58a66"),
    "second": ("#f3a712", "#c98300", "#ffd166"),
    "third": ("#2a9d8f", "#1d7268", "#6ccabf"),
    "fourth": ("#3d5a80", "#263d5a", "#7fa3cc"),
}
DARK, PAPER, PAPER_SHADE = "#2b2d42", "#fff8ec", "#e8dcc6"
SKIN = ("#f2c9a1", "#c68642", "#8d5524")
_HEX = re.compile(r"#[0-9a-fA-F]{6}\b")


@dataclass(frozen=True)
class Drawing:
    """One drawing of the art. `words` name this very thing, `topics` only its surroundings."""

    name: str
    file: str
    category: str
    place: str  # ground, sky, wall, held or any
    metres: float  # real height of the thing
    pose: str  # see the module's docstring
    words: tuple[str, ...]
    topics: tuple[str, ...]

    @property
    def body(self) -> str:
        """The SVG shapes inside the 128 x 128 box, in the role colours."""
        return _body(self.file)


@dataclass(frozen=True)
class Mention:
    """A noun of a text that has a drawing: how many, in which colours, and the words used."""

    drawing: Drawing
    words: str
    count: int = 1
    colors: tuple[str, ...] = ()
    start: int = 0  # index of its first token
    kin: bool = False  # whether the drawing only stands in for the noun, as a bear for a koala
    told: bool = False  # whether the text says the number


@dataclass(frozen=True)
class Art:
    """All drawings by name, and the nouns that lead to them."""

    drawings: Mapping[str, Drawing]
    nouns: Mapping[tuple[str, ...], tuple[Drawing, bool]] = field(repr=False)  # tokens -> drawing, plural?
    kin: frozenset[tuple[str, ...]] = field(default=frozenset(), repr=False)  # nouns that are near it only

    def get(self, noun: str) -> Drawing | None:
        """The drawing of one noun (name, synonym or plural), or None."""
        found = self.nouns.get(tuple(tokens(noun)))
        return found[0] if found else None

    def find(self, text: str) -> list[Mention]:
        """The drawn nouns of a text in order, each drawing once, with count and colours; long names first."""
        words = tokens(text)[:600]
        spoken = set(words)
        found: dict[str, Mention] = {}
        position = end = 0  # `end` is where the last noun ended: its colour is not the next one's
        while position < len(words):
            for length in (4, 3, 2, 1):
                key = tuple(words[position : position + length])
                hit = self.nouns.get(key) if len(key) == length else None
                if not hit and length == 1 and (ending := known_ending(words[position])):
                    hit = self.nouns.get((ending,))
                if hit and length == 1 and (meant := sense(words[position], spoken)) is not None:
                    hit = (self.drawings[meant], hit[1]) if meant else None
                if hit and not (length == 1 and false_friend(words, position, hit[1])):
                    drawing, is_plural = hit
                    count, told, colors = count_and_colors(words, end, position, is_plural)
                    mention = Mention(drawing, " ".join(key), count, colors, position, key in self.kin, told)
                    known = found.get(drawing.name)
                    if known is None:
                        found[drawing.name] = mention
                    elif mention.colors and not known.colors:
                        found[drawing.name] = replace(known, count=max(known.count, count), colors=colors)
                    position = end = position + length
                    break
            else:
                position += 1
        return list(found.values())

    def near(self, text: str, limit: int = 4) -> list[Drawing]:
        """Drawings whose topics the text speaks of, the nearest first; for texts that name no drawn thing."""
        words = tokens(text)[:600]
        spoken = {" ".join(words[i : i + n]) for n in (1, 2, 3) for i in range(len(words))}
        spoken |= {word[:-1] for word in spoken if word.endswith("s")}
        common = _topic_counts()
        scored = []
        for drawing in self.drawings.values():
            score = 0.1 * (drawing.category in spoken)
            for topic in drawing.topics:  # "meeting" says more than "team", which many drawings have
                score += (1 + topic.count(" ")) / common[topic] ** 0.5 if topic in spoken else 0.0
            if score:
                scored.append((-score, drawing.name))
        scored.sort()
        least = 0.45 * scored[0][0] if scored else 0.0
        return [self.drawings[name] for score, name in scored[:limit] if score <= least]


@lru_cache(maxsize=1)
def load_art() -> Art:
    """The index of the shipped art (read once)."""
    with (FOLDER / "facts.csv").open(encoding="utf-8") as file:
        facts = {row["name"]: row for row in csv.DictReader(file)}
    drawings: dict[str, Drawing] = {}
    with (FOLDER / "art.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            fact = facts[row["name"]]
            drawings[row["name"]] = Drawing(
                name=row["name"],
                file=row["file"],
                category=row["category"],
                place=row["place"],
                metres=float(fact["metres"]),
                pose=fact["pose"],
                words=tuple(filter(None, fact["words"].split(";"))),
                topics=tuple(topic.strip().lower() for topic in row["synonyms"].split(";")),
            )
    nouns: dict[tuple[str, ...], tuple[Drawing, bool]] = {}
    for wave in (
        lambda d: (d.name,) if d.name not in TOO_GENERAL else (),
        lambda d: d.words,
    ):  # a name beats a synonym
        for drawing in drawings.values():
            for noun in wave(drawing):
                if plural(noun) != noun:
                    nouns.setdefault(tuple(tokens(plural(noun))), (drawing, True))
        for drawing in drawings.values():
            for noun in wave(drawing):
                nouns.setdefault(tuple(tokens(noun)), (drawing, False))
    kin = set()
    with (FOLDER / "kin.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            for noun, several in ((row["noun"], False), (plural(row["noun"]), True)):
                key = tuple(tokens(noun))
                if key not in nouns:
                    nouns[key] = (drawings[row["drawing"]], several)
                    kin.add(key)
    return Art(drawings, nouns, frozenset(kin))


@lru_cache(maxsize=1)
def _topic_counts() -> Counter[str]:
    return Counter(topic for drawing in load_art().drawings.values() for topic in drawing.topics)


# --- shapes ------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1024)
def _body(file: str) -> str:
    markup = (FOLDER / "svg" / file).read_text(encoding="utf-8")
    inner = markup[markup.index(">", markup.index("<svg")) + 1 : markup.rindex("</svg>")]
    return _HEX.sub(lambda match: match.group().lower(), inner).strip()


def paint(body: str, change: Mapping[str, str]) -> str:
    """The shapes with every colour that `change` names replaced."""
    return _HEX.sub(lambda match: change.get(match.group().lower(), match.group()), body)


# Things that keep their natural hue whatever the palette: no blue strawberry, no teal fox.
NATURAL = frozenset({"food", "animal", "plant", "nature", "drink"})


def recolour(body: str, palette: Palette, natural: bool = False) -> str:
    """The shapes in a palette's colours; natural colours (wood, leaf, skin, metal) stay.

    With `natural` (see NATURAL) the role colours only lean to the nearest colours of the palette.
    """
    return paint(body, _role_changes(palette, natural))


@lru_cache(maxsize=512)
def _role_changes(palette: Palette, natural: bool) -> dict[str, str]:
    change = {DARK: palette.dark, PAPER: palette.paper, PAPER_SHADE: shift(palette.paper, -0.09, 1.4)}
    for (base, shade, light), color in zip(ROLES.values(), palette.colors, strict=True):
        if natural:
            nearest = min(palette.colors, key=lambda own: distance(own, base))
            color = mix(base, nearest, 0.3) if distance(nearest, base) < 0.12 else base
        change |= {base: color, shade: shift(color, -0.11, 0.98, -4), light: shift(color, 0.12, 0.92, 4)}
    return change


def tint(body: str, colors: tuple[str, ...], keep: tuple[str, ...] = SKIN) -> str:
    """The shapes with their leading colour family in the given colour; a second colour takes the next.

    Shades and lights move along, so "a red balloon" and "a white horse" keep their volume.
    """
    weight: dict[str, int] = {}
    for color in _HEX.findall(body):
        weight[color] = weight.get(color, 0) + 1
    area = areas(body)
    seen = sorted((c for c in weight if c not in keep), key=lambda c: -area.get(c, 0.0))
    change: dict[str, str] = {}
    for wanted in colors:
        lead = next((c for c in seen if c not in change and c != DARK), None)
        if lead is None:
            break
        light, chroma, hue = lch(lead)
        to_light, to_chroma, to_hue = lch(wanted)
        for color in seen:
            own_light, own_chroma, own_hue = lch(color)
            apart = abs((own_hue - hue + 180) % 360 - 180)
            kin = (chroma < 0.035 and own_chroma < 0.035) or (
                chroma >= 0.035 and own_chroma >= 0.03 and apart < 24
            )
            if color == lead or (kin and color not in change):
                scale = own_chroma / chroma if chroma > 0.02 else 1.0
                new_light = to_light + 0.8 * (own_light - light)
                change[color] = rgb(new_light, to_chroma * min(1.3, scale), to_hue)
    return paint(body, change)


def bare(drawing: Drawing, body: str = "") -> tuple[str, ...]:
    """The colours of a drawing (or of `body`, its changed shapes) that no colour of a text means: skin; of a
    person all but the clothes."""
    if drawing.category != "person":
        return SKIN
    clothes = {color for shades in ROLES.values() for color in shades}
    return tuple(color for color in areas(body or drawing.body) if color not in clothes)


def wrap(body: str, width: int, height: int, box: str = "0 0 128 128") -> str:
    """A whole SVG document around the shapes."""
    size = f'viewBox="{box}" width="{width}" height="{height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{body}</svg>'


@lru_cache(maxsize=2048)
def thumbnail(body: str, pixels: int = 64) -> Image.Image:
    """The shapes alone, small, on nothing (RGBA)."""
    png = resvg_py.svg_to_bytes(svg_string=wrap(body, pixels, pixels), skip_system_fonts=True)
    return Image.open(io.BytesIO(bytes(png))).convert("RGBA")


@lru_cache(maxsize=1024)
def box(drawing: Drawing) -> tuple[float, float, float, float]:
    """The inked part of the drawing's 128 x 128 box: left, top, right, bottom."""
    ink = thumbnail(drawing.body, 128).getchannel("A").point([255 * (a > 100) for a in range(256)])
    left, top, right, bottom = ink.getbbox() or (0, 0, 128, 128)
    return float(left), float(top), float(right), float(bottom)


def _pixels(image: Image.Image) -> list[tuple[int, int, int, int]]:
    flat = image.tobytes()
    return [(flat[i], flat[i + 1], flat[i + 2], flat[i + 3]) for i in range(0, len(flat), 4)]


@lru_cache(maxsize=4096)
def mean_color(body: str) -> str:
    """The average colour ("#rrggbb") of the shapes, for contrast with a backdrop."""
    small = thumbnail(body, 24)
    totals, weight = [0, 0, 0], 0
    for r, g, b, a in _pixels(small):
        weight += a
        totals = [totals[0] + r * a, totals[1] + g * a, totals[2] + b * a]
    return "#" + "".join(f"{min(255, round(t / weight)):02x}" for t in totals) if weight else "#808080"


@lru_cache(maxsize=1024)
def areas(body: str) -> dict[str, float]:
    """Share of the drawing that each of its colours fills, by the nearest colour of every pixel."""
    colors = sorted(set(_HEX.findall(body)))
    triples = [(c, *(int(c[i : i + 2], 16) for i in (1, 3, 5))) for c in colors]
    area: dict[str, float] = dict.fromkeys(colors, 0.0)
    for r, g, b, a in _pixels(thumbnail(body, 32)):
        if a > 200:
            nearest = min(triples, key=lambda t: (t[1] - r) ** 2 + (t[2] - g) ** 2 + (t[3] - b) ** 2)
            area[nearest[0]] += 1
    return area


def fragment(
    drawing: Drawing,
    x: float,
    y: float,
    height: float,
    palette: Palette | None = None,
    *,
    colors: tuple[str, ...] = (),
    flip: bool = False,
    turn: float = 0.0,
    body: str | None = None,
) -> str:
    """SVG of the drawing with the middle of its foot at (x, y) and its ink `height` tall.

    `colors` tint it ("red balloon"), `flip` mirrors it, `turn` rotates it about its middle by degrees; `body`
    takes the place of its recoloured shapes.
    """
    left, top, right, bottom = box(drawing)
    scale = height / (bottom - top)
    if body is None:
        body = drawing.body
        body = tint(body, colors) if colors else body
        body = recolour(body, palette) if palette else body
    move = f"translate({x:.1f} {y:.1f})"
    if turn:
        move += f" rotate({turn:.1f} 0 {-height / 2:.1f})"
    across = -scale if flip else scale
    move += f" scale({across:.4f} {scale:.4f}) translate({-(left + right) / 2:.1f} {-bottom:.1f})"
    return f'<g transform="{move}">{body}</g>'


def main() -> None:
    """Print the drawn nouns of the text on the command line."""
    for mention in load_art().find(" ".join(sys.argv[1:])):
        print(mention.count, *mention.colors, mention.words, "->", mention.drawing.name)


if __name__ == "__main__":
    main()
