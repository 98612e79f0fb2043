"""The art: 844 flat drawings, found by the nouns of a text, recoloured and placed as SVG.

`assets/art/art.csv` says what each drawing shows, its topics and where it belongs; `assets/art/facts.csv` adds
what a composer must know: the further nouns that mean this very drawing, how tall the thing is in metres, and its
pose (stand: has a foot; bust: cut off below; water: floats in its own waves; swim; hang; flat: lies on a floor;
perch; scatter: loose bits; vignette: a little landscape of its own).

    python -m pipeline.render.art "three red balloons over a birthday cake"
"""

from __future__ import annotations

import csv
import io
import re
import sys
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import resvg_py
from PIL import Image

from pipeline.render.palette import COLORS, Palette, lch, rgb, shift

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

NUMBERS = {
    "a": 1, "an": 1, "one": 1, "single": 1, "lone": 1, "two": 2, "pair": 2, "both": 2, "couple": 2, "twin": 2,
    "three": 3, "trio": 3, "few": 3, "some": 3, "four": 4, "several": 4, "five": 5, "six": 6, "row": 5,
    "seven": 7, "eight": 8, "nine": 9, "ten": 10, "many": 7, "dozen": 12, "dozens": 12, "rows": 8,
    "hundreds": 16, "thousands": 16, "hundred": 16, "countless": 16, "cluster": 5, "bunch": 5, "pile": 6,
    "stack": 4, "stacks": 6, "group": 4, "flock": 6, "herd": 5, "twelve": 12, "crowd": 8, "swarm": 8,
}  # fmt: skip
_IRREGULAR = {
    "leaf": "leaves", "loaf": "loaves", "knife": "knives", "shelve": "shelves", "shelf": "shelves", "wolf": "wolves",
    "mouse": "mice", "child": "children", "man": "men", "woman": "women", "person": "people", "goose": "geese",
    "foot": "feet", "tooth": "teeth", "ox": "oxen", "cactus": "cacti", "scarf": "scarves", "calf": "calves",
    "half": "halves", "wife": "wives", "octopus": "octopi", "fungus": "fungi", "dwarf": "dwarves", "elf": "elves",
    "hoof": "hooves", "life": "lives", "sheep": "sheep", "deer": "deer", "fish": "fish", "potato": "potatoes",
    "tomato": "tomatoes", "mango": "mangoes", "hero": "heroes", "volcano": "volcanoes", "echo": "echoes",
}  # fmt: skip

# A colour said of another thing ("olive green walls", "an orange umbrella") is no fruit.
_COLOR_NOUNS = set(["orange", "olive", "rose", "coral", "lime", "lemon", "lavender", "mint", "salmon", "tomato", "pumpkin", "wine"]) & (
    set(COLORS) | {"pumpkin", "wine", "tomato", "mint"}
)
# Drawn nouns that are verbs at least as often: they count only where a noun can stand.
_VERBISH = set(
    ["watch", "saw", "train", "paint", "brush", "slide", "swing", "hammer", "fish", "fan", "sign", "note", "book", "box", "bow", "iron", "cross", "fly", "spread", "mask", "fork", "pin", "plug", "stamp", "bat", "ring", "rose", "cook", "guard", "judge", "coach", "drive", "drill", "seal", "stop", "record", "match", "swim", "shower", "park", "light", "lights", "swings", "rings", "watches", "saws", "slides", "paints", "notes", "signs", "books", "boxes", "stands", "glasses", "records", "cooks", "seals", "rock", "rocks", "present", "presents", "cards", "card", "fans", "bats", "crosses", "guards", "star", "stars", "lock", "locks", "shop", "shops", "chart", "charts", "map", "maps", "target", "targets", "iron", "irons", "plant", "plants", "shelves", "lead", "plane", "jet", "kid", "mat", "drum", "drums", "honey", "frame"]
)
_DETERMINERS = set(
    ["a", "an", "the", "his", "her", "its", "their", "our", "my", "your", "this", "that", "these", "those", "each", "every", "no", "any", "some", "another", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "dozen", "with", "of", "in", "on", "under", "beside", "and", "or", "near", "by", "between", "behind", "at", "to", "from"]
)
_AFTER_VERB = set(
    ["the", "a", "an", "his", "her", "its", "their", "our", "my", "your", "them", "him", "it", "up", "out", "off", "down", "over", "across", "into", "through", "as"]
)


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


@dataclass(frozen=True)
class Art:
    """All drawings by name, and the nouns that lead to them."""

    drawings: Mapping[str, Drawing]
    nouns: Mapping[tuple[str, ...], tuple[Drawing, bool]] = field(repr=False)  # tokens -> drawing, plural?

    def get(self, noun: str) -> Drawing | None:
        """The drawing of one noun (name, synonym or plural), or None."""
        found = self.nouns.get(tuple(tokens(noun)))
        return found[0] if found else None

    def find(self, text: str) -> list[Mention]:
        """The drawn nouns of a text in order, each drawing once: longest names first, with count and colours."""
        words = tokens(text)[:600]
        found: dict[str, Mention] = {}
        position = 0
        while position < len(words):
            for length in (4, 3, 2, 1):
                key = tuple(words[position : position + length])
                hit = self.nouns.get(key) if len(key) == length else None
                if hit and not (length == 1 and _false_friend(words, position, hit[1])):
                    mention = _mention(words, position, length, *hit)
                    known = found.get(hit[0].name)
                    if known is None:
                        found[hit[0].name] = mention
                    elif mention.colors and not known.colors:
                        found[hit[0].name] = Mention(
                            known.drawing,
                            known.words,
                            max(known.count, mention.count),
                            mention.colors,
                            known.start,
                        )
                    position += length
                    break
            else:
                position += 1
        return list(found.values())

    def near(self, text: str, limit: int = 4) -> list[Drawing]:
        """Drawings whose topics the text speaks of, the nearest first; for texts that name no drawn thing."""
        words = tokens(text)[:600]
        spoken = {" ".join(words[i : i + n]) for n in (1, 2, 3) for i in range(len(words))}
        spoken |= {word[:-1] for word in spoken if word.endswith("s")}
        scored = []
        for drawing in self.drawings.values():
            score = sum(1 + topic.count(" ") for topic in drawing.topics if topic in spoken)
            score += 0.5 * (drawing.category in spoken)
            if score:
                scored.append((-score, drawing.name))
        return [self.drawings[name] for _, name in sorted(scored)[:limit]]


def tokens(text: str) -> list[str]:
    """Lower-case words of a text; hyphens part words, accents and the possessive 's go."""
    plain = unicodedata.normalize("NFKD", text[:20_000].lower())
    plain = "".join(c for c in plain if not unicodedata.combining(c)).replace("’", "'")
    return re.findall(r"[a-z0-9]+", re.sub(r"'s?\b", "", plain))


def plural(noun: str) -> str:
    """The English plural of a noun's last word."""
    *rest, last = noun.split()
    if last in _IRREGULAR:
        last = _IRREGULAR[last]
    elif last.endswith(("s", "x", "z", "ch", "sh")):
        last += "es"
    elif last.endswith("y") and last[-2:-1] not in "aeiou":
        last = last[:-1] + "ies"
    else:
        last += "s"
    return " ".join([*rest, last])


def _false_friend(words: list[str], at: int, is_plural: bool) -> bool:
    """Whether the single word here is a colour or a verb rather than the drawn thing."""
    word = words[at]
    before = words[at - 1] if at else ""
    after = words[at + 1] if at + 1 < len(words) else ""
    if word in _COLOR_NOUNS and not is_plural:
        ends = {
            "",
            "and",
            "with",
            "on",
            "in",
            "of",
            "is",
            "beside",
            "next",
            "slices",
            "slice",
            "tree",
            "trees",
        }
        if after not in ends or after in COLORS:
            return True
        if after == "and" and at + 2 < len(words) and words[at + 2] in COLORS:
            return True
    if word in _VERBISH:
        if before in {"to", "they", "who", "we", "i", "you", "that", "which", "and"} and after in _AFTER_VERB:
            return True
        if (
            after in {"the", "a", "an", "his", "her", "their", "its", "them", "him", "it"}
            and before not in _DETERMINERS
        ):
            return True
    return False


def _mention(words: list[str], at: int, length: int, drawing: Drawing, is_plural: bool) -> Mention:
    """Count and colours from the few words before the noun, up to the previous noun or verb-like stop."""
    count, colors = (3 if is_plural else 1), []
    for back in range(1, 6):
        if at - back < 0:
            break
        word = words[at - back]
        if word in COLORS:
            colors.insert(0, COLORS[word])
        elif word in NUMBERS:
            if not (word in {"a", "an"} and is_plural):
                count = NUMBERS[word]
            if word not in {
                "row",
                "bunch",
                "pile",
                "stack",
                "cluster",
                "group",
                "pair",
                "dozen",
                "flock",
                "herd",
            }:
                break
        elif word in {
            "with",
            "under",
            "over",
            "in",
            "on",
            "beside",
            "against",
            "the",
            "from",
            "near",
            "behind",
            "to",
        }:
            break
    if (
        count > 1
        and not is_plural
        and drawing.category not in {"animal"}
        and words[at + length - 1].endswith("s") is False
    ):
        count = 1 if count > 3 else count
    return Mention(drawing, " ".join(words[at : at + length]), min(count, 16), tuple(colors[:2]), at)


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
    for wave in (lambda d: (d.name,), lambda d: d.words):  # a name beats a synonym
        for drawing in drawings.values():
            for noun in wave(drawing):
                if plural(noun) != noun:
                    nouns.setdefault(tuple(tokens(plural(noun))), (drawing, True))
        for drawing in drawings.values():
            for noun in wave(drawing):
                nouns.setdefault(tuple(tokens(noun)), (drawing, False))
    return Art(drawings, nouns)


# --- shapes ------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1024)
def _body(file: str) -> str:
    markup = (FOLDER / "svg" / file).read_text(encoding="utf-8")
    inner = markup[markup.index(">", markup.index("<svg")) + 1 : markup.rindex("</svg>")]
    return _HEX.sub(lambda match: match.group().lower(), inner).strip()


def paint(body: str, change: Mapping[str, str]) -> str:
    """The shapes with every colour that `change` names replaced."""
    return _HEX.sub(lambda match: change.get(match.group().lower(), match.group()), body)


def recolour(body: str, palette: Palette) -> str:
    """The shapes in a palette's colours; natural colours (wood, leaf, skin, metal) stay."""
    return paint(body, _role_changes(palette))


@lru_cache(maxsize=256)
def _role_changes(palette: Palette) -> dict[str, str]:
    change = {DARK: palette.dark, PAPER: palette.paper, PAPER_SHADE: shift(palette.paper, -0.09, 1.4)}
    for role, color in zip(ROLES, palette.colors, strict=True):
        base, shade, light = ROLES[role]
        change |= {base: color, shade: shift(color, -0.11, 0.98, -4), light: shift(color, 0.12, 0.92, 4)}
    return change


def tint(body: str, colors: tuple[str, ...], keep: tuple[str, ...] = SKIN) -> str:
    """The shapes with their leading colour family turned into the given colour; a second colour takes the next.

    Shades and lights move along, so "a red balloon" and "a white horse" keep their volume.
    """
    weight: dict[str, int] = {}
    for color in _HEX.findall(body):
        weight[color] = weight.get(color, 0) + 1
    area = _areas(body)
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


def wrap(body: str, width: int, height: int, box: str = "0 0 128 128") -> str:
    """A whole SVG document around the shapes."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" width="{width}" height="{height}">{body}</svg>'


@lru_cache(maxsize=2048)
def thumbnail(body: str, pixels: int = 64) -> Image.Image:
    """The shapes alone, small, on nothing (RGBA)."""
    png = resvg_py.svg_to_bytes(svg_string=wrap(body, pixels, pixels), skip_system_fonts=True)
    return Image.open(io.BytesIO(bytes(png))).convert("RGBA")


@lru_cache(maxsize=1024)
def box(drawing: Drawing) -> tuple[float, float, float, float]:
    """The inked part of the drawing's 128 x 128 box: left, top, right, bottom."""
    left, top, right, bottom = thumbnail(drawing.body, 128).getchannel("A").point(lambda a: 255 * (a > 100)).getbbox() or (
        0, 0, 128, 128,
    )  # fmt: skip
    return float(left), float(top), float(right), float(bottom)


def mean_color(body: str) -> str:
    """The average colour ("#rrggbb") of the shapes, for contrast with a backdrop."""
    small = thumbnail(body, 24)
    totals, weight = [0, 0, 0], 0
    for r, g, b, a in small.getdata():
        weight += a
        totals = [totals[0] + r * a, totals[1] + g * a, totals[2] + b * a]
    return "#" + "".join(f"{min(255, round(t / weight)):02x}" for t in totals) if weight else "#808080"


@lru_cache(maxsize=1024)
def _areas(body: str) -> dict[str, float]:
    """Share of the drawing that each of its colours fills, by the nearest colour of every pixel."""
    colors = sorted(set(_HEX.findall(body)))
    triples = [(c, *(int(c[i : i + 2], 16) for i in (1, 3, 5))) for c in colors]
    area: dict[str, float] = dict.fromkeys(colors, 0.0)
    for r, g, b, a in thumbnail(body, 32).getdata():
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
    move += f" scale({-scale if flip else scale:.4f} {scale:.4f}) translate({-(left + right) / 2:.1f} {-bottom:.1f})"
    return f'<g transform="{move}">{body}</g>'


def main() -> None:
    """Print the drawn nouns of the text on the command line."""
    for mention in load_art().find(" ".join(sys.argv[1:])):
        print(mention.count, *mention.colors, mention.words, "->", mention.drawing.name)


if __name__ == "__main__":
    main()
