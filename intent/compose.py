"""Canvases made of the project's own drawings, with the truth of what each shows: to train and to measure.

A composed canvas has a backdrop, one to nine drawings of a topic's things (and now and then a stranger),
the words and frames of its design type, and the damage pictures suffer: noise, blur, JPEG, colour casts,
tilt. Some canvases show no drawing at all. The same seed gives the same canvas; three arrangements are
never trained on and kept for measuring.

    python -m intent.compose OUT.png [--held-out]     # a contact sheet
"""

from __future__ import annotations

import argparse
import io
import math
import random
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import fontpkg
import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from intent.arrange import DESIGNS, HELD_OUT, TRAINED, Spot, Zone, grid, zones
from intent.backdrop import backdrop, like_photograph
from intent.drawings import LOOKS, Sprites
from intent.graph import Graph, key, load_graph

FACES = (
    "Abril Fatface",
    "Anton",
    "DM Sans",
    "Fredoka",
    "Great Vibes",
    "Lora",
    "Playfair Display",
    "Righteous",
)


@dataclass(frozen=True)
class Composed:
    """A canvas and what it shows."""

    pixels: np.ndarray  # (height, width, 3) uint8
    objects: tuple[int, ...]  # numbers of the drawings laid down, later ones on top
    inked: tuple[int, ...]  # pixels each would show were it whole and alone
    owner: np.ndarray  # (height, width) uint8: 0 backdrop and words, k+1 the object k
    topic: str  # "" when the things were thrown together
    design: str  # "" for a mere picture

    def seen(self, least: float = 0.5, smallest: float = 0.05) -> dict[int, bool]:
        """The drawings by number: True when at least that share is to be seen and it is not tiny.

        `smallest`: side of a square of as many pixels, as a share of the canvas's longer side. False is for
        things half hidden or tiny, which to name or not is neither right nor wrong.
        """
        counts = np.bincount(self.owner.ravel(), minlength=len(self.objects) + 1)[1:]
        found: dict[int, bool] = {}
        for number, count, whole in zip(self.objects, counts.tolist(), self.inked, strict=True):
            plain = count >= least * whole and math.sqrt(count) >= smallest * max(self.owner.shape)
            found[number] = found.get(number, False) or plain
        return found


class Composer:
    """Owns the sprites and the graph's topics with their drawn things."""

    def __init__(self, sprites: Sprites, graph: Graph) -> None:
        self.sprites, self.graph = sprites, graph
        named: dict[str, int] = {}
        for number, noun in enumerate(sprites.nouns):
            for word in noun.words:
                named.setdefault(key(word), number)
        named.update({key(noun.name): number for number, noun in enumerate(sprites.nouns)})
        self.things = {
            name: things
            for name, topic in graph.topics.items()
            if (things := tuple(dict.fromkeys(named[key(t)] for t in topic.objects if key(t) in named)))
        }
        self.topics = tuple(self.things)
        self.phrases = {name: [*topic.cues, name] for name, topic in graph.topics.items()}
        self.phrases[""] = [cue for cues in self.phrases.values() for cue in cues]

    def compose(
        self,
        seed: str | int,
        side: int,
        held_out: bool = False,
        square: bool = False,
        most: int = 6,
        topic: str = "",
    ) -> Composed:
        """One canvas whose longer side has `side` pixels. `square`: a mere picture, no design type.

        `held_out` uses the arrangements that training never shows; `most` objects at the most. With a `topic`
        (one of `topics`) it shows things of that topic.
        """
        rng = random.Random(seed)
        design = "" if square or rng.random() < 0.25 else rng.choice(tuple(DESIGNS))
        kind = DESIGNS.get(design)
        wide = rng.uniform(*kind.wide) if kind else 1.0 if square else rng.choice((1.0, 0.75, 1.33, 1.78))
        width, height = (
            (side, max(24, round(side / wide))) if wide >= 1 else (max(24, round(side * wide)), side)
        )
        canvas = _Canvas(rng, width, height)
        if not topic and rng.random() < 0.05:  # nothing but a backdrop and perhaps words
            numbers = []
        else:
            topic = topic or (rng.choice(self.topics) if rng.random() < 0.65 else "")
            low, high = kind.objects if kind else (1, most)
            numbers = self._cast(rng, topic, rng.randint(low, min(high, most)))
        zone, words = zones(rng, kind, width, height)
        if numbers:
            arrange = rng.choice(HELD_OUT if held_out else TRAINED)
            if design != "logo" and rng.random() < 0.08:  # a pattern repeats its drawings
                numbers = (numbers[:3] * 12)[: rng.randint(6, 12)]
                arrange = grid
            spots = arrange(rng, zone, len(numbers))
            flat = rng.random() < 0.4  # in some pictures nothing is turned
            house = rng.randrange(LOOKS)  # and in some all share a look
            shared = rng.random() < 0.3
            for number, spot in zip(numbers, spots, strict=True):
                look = house if shared else 0 if rng.random() < 0.35 else rng.randrange(LOOKS)
                canvas.lay(self.sprites, number, look, spot, 0.0 if flat else rng.gauss(0, 14))
        if kind:
            canvas.write(words, kind.words, rng.randint(*kind.lines), self.phrases[topic])
            if rng.random() < kind.framed:
                canvas.frame()
        elif rng.random() < 0.25:
            canvas.write(
                (0.1 * width, 0.3 * height, 0.9 * width, 0.7 * height), "middle", 1, self.phrases[topic]
            )
        pixels, owner = canvas.damaged()
        return Composed(pixels, tuple(canvas.objects), tuple(canvas.inked), owner, topic, design)

    def photograph(self, seed: str, side: int) -> Composed:
        """A square that looks like a photograph and shows nothing known: no claim is right."""
        nothing = np.zeros((side, side), np.uint8)
        return Composed(like_photograph(random.Random(seed), side, side), (), (), nothing, "", "")

    def mosaic(self, seed: str | int, side: int, count: int) -> Composed:
        """So many drawings of every kind side by side on something plain: the easiest lessons."""
        rng = random.Random(seed)
        canvas = _Canvas(rng, side, side)
        if rng.random() < 0.6:
            canvas.pixels[:] = canvas.pixels.mean((0, 1))
        for x, y, size in grid(rng, (0, 0, side, side), count):
            look = 0 if rng.random() < 0.45 else rng.randrange(LOOKS)
            spot = (x + rng.gauss(0, 0.06 * size), y + rng.gauss(0, 0.06 * size), size)
            canvas.lay(self.sprites, rng.randrange(len(self.sprites.nouns)), look, spot, rng.gauss(0, 6))
        pixels = np.clip(canvas.pixels, 0, 255).astype(np.uint8)
        return Composed(pixels, tuple(canvas.objects), tuple(canvas.inked), canvas.owner, "", "")

    def _cast(self, rng: random.Random, topic: str, count: int) -> list[int]:
        own = list(self.things.get(topic, ()))
        rng.shuffle(own)
        cast = own[:count]
        while len(cast) < count and (not topic or rng.random() < 0.35 or not cast):
            cast.append(rng.randrange(len(self.sprites.nouns)))
        return cast


@lru_cache(maxsize=512)
def _font(face: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(fontpkg.path(face)), size)


class _Canvas:
    """The sheet while it is being composed."""

    def __init__(self, rng: random.Random, width: int, height: int) -> None:
        self.rng, self.width, self.height = rng, width, height
        self.pixels = backdrop(rng, width, height)  # float32 (height, width, 3), 0..255
        self.owner = np.zeros((height, width), np.uint8)
        self.objects: list[int] = []
        self.inked: list[int] = []

    def lay(self, sprites: Sprites, number: int, look: int, spot: Spot, degrees: float) -> None:
        """Put a drawing on the sheet, turned, perhaps mirrored, its colours a little off."""
        rng = self.rng
        x, y, size = spot
        wide, high = sprites.shapes[number]
        grow = 1 / math.sqrt(wide * high) if rng.random() < 0.5 else 1.0  # slim things are drawn longer
        size = max(size * min(grow, 1.5), 10.0)
        source = Image.fromarray(np.asarray(sprites.get(number, look, size)))
        angle, scale = math.radians(degrees), source.width / size
        reach = math.ceil(size * (abs(math.cos(angle)) + abs(math.sin(angle)))) + 2
        flip = -1 if rng.random() < 0.4 else 1
        cos, sin, half = math.cos(angle) * scale, math.sin(angle) * scale, reach / 2
        stretch = rng.uniform(0.88, 1.13)
        a, b, d, e = flip * cos * stretch, flip * sin * stretch, -sin / stretch, cos / stretch
        middle = source.width / 2
        matrix = (a, b, middle - (a + b) * half, d, e, middle - (d + e) * half)
        tile = source.transform((reach, reach), Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR)
        ink = np.asarray(tile, np.float32)
        whole = int((ink[:, :, 3] > 127).sum())
        left, top = round(x - half), round(y - half)
        x0, y0 = max(left, 0), max(top, 0)
        x1, y1 = min(left + reach, self.width), min(top + reach, self.height)
        if x0 >= x1 or y0 >= y1 or len(self.objects) > 250:
            return
        ink = ink[y0 - top : y1 - top, x0 - left : x1 - left]
        alpha = ink[:, :, 3:] * (rng.uniform(0.75, 1) / 255 if rng.random() < 0.15 else 1 / 255)
        gain = np.array([rng.uniform(0.85, 1.15) for _ in range(3)], np.float32)
        region = self.pixels[y0:y1, x0:x1]
        if rng.random() < 0.1 and x0 + 3 < x1 and y0 + 3 < y1:  # a soft shadow
            shift = max(1, round(size / 24))
            region[shift:, shift:] *= 1 - 0.35 * alpha[:-shift, :-shift]
        elif rng.random() < 0.12:  # a sticker's rim
            rim = tile.getchannel("A").filter(ImageFilter.MaxFilter(2 * max(1, round(size / 40)) + 1))
            edge = np.asarray(rim, np.float32)[y0 - top : y1 - top, x0 - left : x1 - left, None] / 255
            region += edge * (250 - region)
        region += alpha * (np.minimum(ink[:, :, :3] * gain, 255) - region)
        self.objects.append(number)
        self.inked.append(max(whole, 1))
        self.owner[y0:y1, x0:x1][ink[:, :, 3] > 127] = len(self.objects)

    def write(self, zone: Zone, place: str, lines: int, phrases: list[str]) -> None:
        """Lines of words in a zone; what they cover is no longer seen."""
        rng = self.rng
        left, top, right, bottom = zone
        mask = Image.new("L", (self.width, self.height))
        pen = ImageDraw.Draw(mask)
        face, head = rng.choice(FACES), rng.choice(FACES)
        step = (bottom - top) / max(lines, 1)
        for i in range(lines):
            leads = i == 0 and place != "list"
            size = int(min(step * (0.95 if leads or lines < 3 else 0.55), (right - left) * 0.3))
            if size < 4:
                continue
            text = rng.choice(phrases)
            text = rng.choice((text, text.title(), text.upper()))
            font = _font(head if leads else face, min(size, 200))
            long = font.getlength(text)
            if long > right - left:
                font = _font(head if leads else face, max(4, int(min(size, 200) * (right - left) / long)))
                long = font.getlength(text)
            x = left if place in ("left", "list") else (left + right - long) / 2
            pen.text((x, top + i * step), text, fill=255, font=font)
        cover = np.asarray(mask, np.float32)[:, :, None] / 255
        spot = self.pixels[int(top) : int(bottom) + 1, int(left) : int(right) + 1]
        if rng.random() < 0.15:  # a plate under the words
            spot += 0.85 * (np.array([rng.uniform(0, 255) for _ in range(3)], np.float32) - spot)
            self.owner[int(top) : int(bottom) + 1, int(left) : int(right) + 1] = 0
        dark = float(spot.mean()) < 128
        colour = [rng.uniform(190, 255) if dark else rng.uniform(0, 80) for _ in range(3)]
        self.pixels += cover * (np.array(colour, np.float32) - self.pixels)
        self.owner[cover[:, :, 0] > 0.5] = 0

    def frame(self) -> None:
        """A border of one or two lines."""
        rng, unit = self.rng, min(self.width, self.height)
        colour = np.array([rng.uniform(0, 255) for _ in range(3)], np.float32)
        inset, thick = int(unit * rng.uniform(0, 0.05)), max(1, int(unit * rng.uniform(0.008, 0.03)))
        for edge in range(rng.randint(1, 2)):
            a, b = inset + 3 * edge * thick, inset + (3 * edge + 1) * thick
            for part in (np.s_[a:b, a:-a or None], np.s_[-b : -a or None, a:-a or None],
                         np.s_[a:-a or None, a:b], np.s_[a:-a or None, -b : -a or None]):  # fmt: skip
                self.pixels[part] = colour
                self.owner[part] = 0

    def damaged(self) -> tuple[np.ndarray, np.ndarray]:
        """The pixels as uint8 after tilt, crop, blur, casts, noise and JPEG, and the owners moved along."""
        rng = self.rng
        pixels, owner = self.pixels, self.owner
        if rng.random() < 0.25:  # tilt and crop, as of a snapshot
            size = (self.width, self.height)
            skew = [rng.uniform(-0.0006, 0.0006) * 128 / max(size) for _ in range(2)]
            turn, zoom = rng.gauss(0, 0.06), rng.uniform(0.82, 1.05)
            cx, cy = size[0] / 2, size[1] / 2
            a, b = zoom * math.cos(turn), zoom * math.sin(turn)
            x, y = cx * rng.uniform(0.92, 1.08), cy * rng.uniform(0.92, 1.08)
            map_ = (a, b, x - a * cx - b * cy, -b, a, y + b * cx - a * cy, *skew)
            way = Image.Transform.PERSPECTIVE
            fill = tuple(rng.randrange(256) for _ in range(3))
            picture = Image.fromarray(pixels.astype(np.uint8))
            pixels = np.asarray(
                picture.transform(size, way, map_, Image.Resampling.BILINEAR, fillcolor=fill), np.float32
            )
            owner = np.asarray(Image.fromarray(owner).transform(size, way, map_, Image.Resampling.NEAREST))
        if rng.random() < 0.08:  # grey, sepia, one ink
            grey = pixels @ np.array([[0.3], [0.59], [0.11]], np.float32)
            low, high = ([rng.uniform(0, 90) for _ in range(3)], [rng.uniform(170, 255) for _ in range(3)])
            tone = np.array([low, high], np.float32) if rng.random() < 0.5 else np.array([[0] * 3, [255] * 3])
            pixels = tone[0] + grey / 255 * (tone[1] - tone[0])
        elif rng.random() < 0.4:  # a cast of light
            gain = np.array([rng.uniform(0.75, 1.2) for _ in range(3)], np.float32)
            pixels = pixels * gain + rng.uniform(-18, 18)
        if rng.random() < 0.2:
            contrast = rng.uniform(0.55, 1.3)
            pixels = 128 + contrast * (pixels - 128)
        if rng.random() < 0.2:
            noise = np.random.default_rng(rng.getrandbits(32)).standard_normal(pixels.shape, np.float32)
            pixels = pixels + rng.uniform(2, 16) * noise
        done = np.clip(pixels, 0, 255).astype(np.uint8)
        if rng.random() < 0.25:
            picture = Image.fromarray(done)
            if rng.random() < 0.5:
                picture = picture.filter(
                    ImageFilter.GaussianBlur(rng.uniform(0.3, 0.9) * max(done.shape) / 128)
                )
            else:
                kept = io.BytesIO()
                picture.save(kept, "JPEG", quality=rng.randint(25, 85))
                picture = Image.open(kept)
            done = np.asarray(picture)
        return done, owner


def sprite_folder() -> Path:
    """Where rendered sprites are kept between runs."""
    return Path.home() / ".cache" / "tinymuse" / "sprites"


def main(arguments: list[str] | None = None) -> None:
    """A contact sheet of thirty-six canvases."""
    parser = argparse.ArgumentParser(prog="python -m intent.compose", description="Compose a contact sheet.")
    parser.add_argument("out")
    parser.add_argument("--held-out", action="store_true", help="the arrangements that are not trained on")
    parser.add_argument("--seed", type=int, default=0)
    wish = parser.parse_args(arguments)
    composer = Composer(Sprites(sprite_folder()), load_graph())
    sheet = Image.new("RGB", (6 * 200, 6 * 200), "white")
    for i in range(36):
        made = composer.compose(
            f"sheet {wish.seed} {i}", 196, wish.held_out, square=not wish.held_out and i % 2 == 0
        )
        sheet.paste(Image.fromarray(made.pixels), (i % 6 * 200, i // 6 * 200))
    sheet.save(wish.out)


if __name__ == "__main__":
    main()
