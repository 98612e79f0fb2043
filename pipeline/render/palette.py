"""Colour for pictures and designs: a palette that fits a prompt, always harmonious.

Palettes are curated by hand; the words of the prompt (mood, season, time, style) choose among them, colour
words and a canvas's dominant colours are bent into the chosen one. All bending is done in OKLCH, where equal
steps look equal, so a shade of yellow stays yellow and a light blue does not turn grey.

    python -m pipeline.render.palette "teal and coral birthday at dusk"
"""

from __future__ import annotations

import math
import random
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

# Colour words of prompts. The first 40 or so are what people write; the rest costs nothing.
COLORS = {
    "red": "#d94436", "crimson": "#b3213a", "scarlet": "#d8342b", "maroon": "#7a2233",
    "burgundy": "#7b2338", "ruby": "#b0203f", "rust": "#b4532a", "terracotta": "#c8694a",
    "brick": "#a8492f", "coral": "#f47c66", "salmon": "#f4927c", "peach": "#f9b995", "apricot": "#f6b070",
    "tangerine": "#f28c28", "orange": "#ee8132", "amber": "#eaa221", "gold": "#d9a528",
    "golden": "#dca531", "mustard": "#d0a02d", "yellow": "#f4c534", "lemon": "#f6dc4e", "cream": "#f8ecd2",
    "ivory": "#f9f2e1", "beige": "#e2d2b4", "sand": "#dfc598", "tan": "#c9a377", "brown": "#8a5a3a",
    "chocolate": "#5f3a26", "bronze": "#a5713a", "copper": "#b86f43", "green": "#43965c",
    "emerald": "#1f8a5f", "olive": "#7f8443", "sage": "#9db18c", "mint": "#a3dcc0", "lime": "#9cc83f",
    "forest": "#2d6446", "jade": "#38a077", "teal": "#1f8a8a", "turquoise": "#3cbcb4", "aqua": "#5cc9cb",
    "cyan": "#3fb9d6", "blue": "#3a74c4", "navy": "#243a63", "indigo": "#3f3f8c", "cobalt": "#2a55b0",
    "sapphire": "#2450a0", "azure": "#4f9fe0", "periwinkle": "#8f9be0", "purple": "#7b4fa6",
    "violet": "#7f54b8", "lavender": "#b9a5e0", "lilac": "#c6a9dc", "plum": "#6d3560",
    "magenta": "#c2378a", "fuchsia": "#cf3d93", "pink": "#f08aac", "rose": "#e2738f", "blush": "#f3c0c0",
    "white": "#fbfaf6", "black": "#26262b", "gray": "#8f949c", "grey": "#8f949c", "silver": "#b9c0c8",
    "charcoal": "#3b3f47", "slate": "#5a6a78", "petrol": "#1f5f6b", "aubergine": "#4a2b50",
    "ochre": "#c98a2b", "vermilion": "#df4a2f", "mauve": "#b58fb0", "taupe": "#a08f7f", "mocha": "#7d5c49",
    "pistachio": "#b5cf90", "raspberry": "#b4305f",
}  # fmt: skip


# --- OKLCH -------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def lch(color: str) -> tuple[float, float, float]:
    """(lightness 0-1, chroma 0-0.4, hue in degrees) of "#rrggbb" in OKLCH."""
    rgb = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb)
    l = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)  # noqa: E741
    m = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    s = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    light = 0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s
    a = 1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s
    bb = 0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s
    return light, math.hypot(a, bb), math.degrees(math.atan2(bb, a)) % 360


def _to_rgb(light: float, chroma: float, hue: float) -> list[float]:
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    l = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3  # noqa: E741
    m = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    s = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
        -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
        -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s,
    )
    return [12.92 * c if c <= 0.0031308 else 1.055 * c ** (1 / 2.4) - 0.055 for c in linear]


@lru_cache(maxsize=8192)
def rgb(light: float, chroma: float, hue: float) -> str:
    """The "#rrggbb" of an OKLCH colour; chroma is lowered until the colour exists on a screen."""
    light = min(1.0, max(0.0, light))
    for _ in range(24):
        channels = _to_rgb(light, chroma, hue)
        if all(-0.002 <= c <= 1.002 for c in channels):
            break
        chroma *= 0.9
    return "#" + "".join(f"{round(255 * min(1.0, max(0.0, c))):02x}" for c in channels)


def shift(color: str, light: float = 0.0, chroma: float = 1.0, hue: float = 0.0) -> str:
    """The colour made lighter (added lightness), more or less vivid (factor) or turned (degrees)."""
    lightness, c, h = lch(color)
    return rgb(lightness + light, c * chroma, (h + hue) % 360)


def mix(first: str, second: str, share: float) -> str:
    """Blend `share` (0-1) of the second colour into the first, in OKLab so that no mud appears."""
    (l1, c1, h1), (l2, c2, h2) = lch(first), lch(second)
    a = (1 - share) * c1 * math.cos(math.radians(h1)) + share * c2 * math.cos(math.radians(h2))
    b = (1 - share) * c1 * math.sin(math.radians(h1)) + share * c2 * math.sin(math.radians(h2))
    return rgb(l1 + (l2 - l1) * share, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360)


def distance(first: str, second: str) -> float:
    """How different two colours look: euclidean in OKLab; under about 0.12 one vanishes on the other."""
    (l1, c1, h1), (l2, c2, h2) = lch(first), lch(second)
    a = c1 * math.cos(math.radians(h1)) - c2 * math.cos(math.radians(h2))
    b = c1 * math.sin(math.radians(h1)) - c2 * math.sin(math.radians(h2))
    return math.sqrt((l1 - l2) ** 2 + a * a + b * b)


def contrast(first: str, second: str) -> float:
    """WCAG contrast ratio of two colours, 1 to 21 (text wants 4.5)."""

    def luminance(color: str) -> float:
        channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


# --- palettes ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Palette:
    """Six colours ("#rrggbb") by role: the roles of the art (`art.recolour`), and `ground`, the backdrop."""

    name: str
    main: str
    second: str
    third: str
    fourth: str
    dark: str
    paper: str
    ground: str
    tags: frozenset[str] = frozenset()

    @property
    def colors(self) -> tuple[str, str, str, str]:
        """The four colours of objects, the strongest first."""
        return self.main, self.second, self.third, self.fourth

    def turned(self, steps: int) -> Palette:
        """The same palette with the four object colours handed round by `steps`."""
        ring = [*self.colors[steps % 4 :], *self.colors[: steps % 4]]
        return replace(self, main=ring[0], second=ring[1], third=ring[2], fourth=ring[3])


# name: main second third fourth dark paper ground | words that call for it
_CURATED = """
picnic:   #e4572e #f3a712 #2a9d8f #3d5a80 #2b2d42 #fff8ec #f6dfb4 | playful summer food kids picnic cheerful
garden:   #e76f6f #f2b441 #4f9d69 #35657a #24403c #fffaf0 #d7e8cf | spring garden fresh nature flower easter
lagoon:   #ff7f66 #ffc857 #1aa6a6 #17627d #12384a #f4fbf7 #bfe6e1 | summer beach sea tropical vacation ocean
berry:    #c2335f #f5a3b5 #7a4b94 #3c3564 #2a2140 #fff4f4 #f8d7dc | love valentine romantic sweet dessert
sunset:   #f0653b #f9b44c #b5457a #5b3a78 #2f2247 #fff2e2 #fbc99d | dusk sunset warm evening romantic
midnight: #f2b84b #ef7d57 #5aa9c9 #4b5d9a #131a35 #f3f1e4 #232c57 | night dark dream space magic moody
aurora:   #6ee7c8 #f7d070 #a78bfa #4f6fd1 #10162f #eef6ff #1c2550 | night winter aurora magic fantasy
neon:     #ff4fa0 #ffd23f #2de2e6 #7a5cff #120b29 #f6f0ff #1d1140 | neon cyberpunk party club vibrant electric
harvest:  #c4552d #e2a13a #7b7f3a #6b3f2c #3a2620 #fdf3df #f1d7a6 | autumn fall harvest thanksgiving rustic
forest:   #d9713c #e7b64d #3f7d58 #2e5351 #1d3330 #f6f3e4 #cfdcc0 | forest wild camping earthy nature organic
winter:   #cf4a4a #f0c36a #4a90b8 #2f5680 #1d3150 #fafcff #d6e6f2 | winter snow cold christmas frost calm
yule:     #c63a3a #e6b24a #3b7a57 #234f45 #1f2d2b #fdf6e7 #f0e0c4 | christmas holiday yule festive traditional
pastel:   #ee93a8 #f5c76f #7fc4ab #8d9fd8 #544e72 #fffafa #fdf0ec | pastel baby soft gentle cute dreamy
candy:    #ff6f91 #ffc75f #4fc7b8 #7a77d8 #3a2f63 #fff7fb #ffe1ec | birthday kids candy party playful cute fun
fiesta:   #e63973 #ffb21e #1ba098 #6a3fa0 #33204d #fff6e5 #ffd98a | fiesta festival carnival mexican colorful
retro:    #d9572b #e9a93b #3f8c83 #7a4130 #37251f #f8ecd0 #f1d9a8 | retro vintage seventies nostalgic old
mid:      #d8613c #edb73e #4d8b8a #334f6a #23303f #f6efdf #dfe0cf | modern design office minimal clean
slate:    #e0704a #e9bd57 #5b8f9a #3f566e #222f3d #f7f5f0 #d9e0e2 | professional business corporate tech clean
clay:     #c96f4a #e3b27a #8a9a7b #6d5a50 #3b302b #faf3ea #ecdccb | boho earthy natural warm rustic yoga calm
linen:    #c98b6b #dcbf8f #93a58c #7d8a95 #44423f #fdfaf4 #efe7db | minimal elegant wedding simple quiet
blossom:  #e8839b #f5c27b #86b391 #6e7fae #43405e #fff8f6 #fbdfe0 | spring blossom romantic wedding mother
mint:     #ff8a73 #ffd07b #3bab91 #3f7f8c #1f4450 #f8fffb #cdeee0 | fresh health clean spring medical eco
citrus:   #f47b20 #fbc02d #6aa84f #2f7f6e #2a3a2e #fffbea #ffeeb0 | citrus summer fruit juice sunny energetic
ocean:    #f4845f #f7c873 #3d9fc4 #23588f #14304f #f3fafd #b9dff0 | sea sky water cool travel calm blue
royal:    #b3344d #d9a941 #3c6e8f #443a78 #221c40 #fbf5e6 #e6d8ee | luxury royal elegant rich theatre gold
noir:     #c9463d #d8b46a #7d8a99 #414a59 #1a1c22 #f3efe6 #cfd3d6 | noir dark moody dramatic serious memorial
sport:    #e6452f #ffb82b #2178b5 #1f4a7d #14253d #f8fafc #cfe3f2 | sport energetic bold dynamic fitness team
desert:   #d3643b #eab464 #6b9a8f #8a4f5a #43292f #fdf0dc #f5d3a2 | desert safari hot travel western africa
spice:    #c7401f #efa31d #5d8a3c #8d2f4a #3b1c1c #fff3dc #fadb9b | spicy india diwali lantern warm food rich
zen:      #b9634a #d8b873 #6f9a86 #50707d #2b3a3c #f7f5ec #dde6dc | zen calm spa tea meditation quiet japan
"""


def _parse() -> tuple[Palette, ...]:
    palettes = []
    for line in _CURATED.strip().splitlines():
        name, _, rest = line.partition(":")
        colors, _, tags = rest.partition("|")
        main, second, third, fourth, dark, paper, ground = colors.split()
        palettes.append(
            Palette(name.strip(), main, second, third, fourth, dark, paper, ground, frozenset(tags.split()))
        )
    return tuple(palettes)


PALETTES = _parse()
_NAMED = {palette.name: palette for palette in PALETTES}

# Words of a prompt that lean to a tag of the table above.
_LEAN = {
    "pastel": "pastel soft gentle delicate baby nursery dreamy tender",
    "night": "night midnight moonlit moonlight starry stars dark nocturnal moon evening",
    "dusk": "dusk sunset twilight sundown",
    "autumn": "autumn fall october november harvest thanksgiving pumpkin cozy leaves",
    "winter": "winter snow snowy december january frost frosty ice icy cold",
    "spring": "spring april easter blossom blossoms bloom blooming tulip tulips",
    "summer": "summer july august beach tropical sunny pool seaside",
    "christmas": "christmas xmas santa yule noel advent",
    "retro": "retro vintage seventies 70s fifties 50s nostalgic old-fashioned art-deco",
    "neon": "neon cyberpunk vaporwave synthwave electric glowing rave arcade",
    "minimal": "minimal minimalist minimalistic simple clean scandinavian",
    "earthy": "earthy organic rustic boho bohemian natural handmade pottery clay",
    "romantic": "romantic love romance valentine valentines wedding bride anniversary",
    "kids": "kids children child playful cute whimsical toy toys birthday party cartoon",
    "professional": "business corporate professional office meeting finance conference startup",
    "luxury": "luxury elegant gold royal regal opulent jazz gala theater theatre",
    "zen": "zen calm serene meditation yoga spa tea peaceful quiet",
    "food": "food kitchen breakfast brunch lunch dinner picnic cooking bakery restaurant",
    "spicy": "spicy diwali curry chili lantern lanterns festival masala",
    "ocean": "ocean sea underwater whale dolphin fish sailing boat harbor harbour lake river",
    "forest": "forest woods camping cabin hiking trail fox bear",
    "desert": "desert safari camel dunes cactus savanna canyon western cowboy",
    "sport": "sport sports football soccer basketball gym fitness running race team marathon tennis",
    "fiesta": "fiesta carnival mexican colorful colourful vibrant joyful parade papel",
    "health": "health medical hospital doctor nurse clinic eco green recycling",
    "dark": "dark moody noir gothic dramatic mysterious spooky memorial",
}
_WORD_TAGS: dict[str, set[str]] = {}
for _tag, _words in _LEAN.items():
    for _word in _words.split():
        _WORD_TAGS.setdefault(_word, set()).add(_tag)


def color_words(text: str) -> tuple[str, ...]:
    """The colours ("#rrggbb") named in a text, in order of appearance, without repeats."""
    found = (COLORS[word] for word in re.findall(r"[a-z]+", text.lower()) if word in COLORS)
    return tuple(dict.fromkeys(found))


def _bend(palette: Palette, wanted: Sequence[str]) -> Palette:
    """The palette with the wanted colours in it: each takes the object role nearest to it in hue.

    Where two or more are wanted, the roles that are left over move towards them.
    """
    ring = list(palette.colors)
    free = [0, 1, 2, 3]
    ground, dark = palette.ground, palette.dark
    for number, color in enumerate(wanted[:4]):
        light, chroma, hue = lch(color)
        if chroma < 0.035:  # white, black, grey: a backdrop or the dark, never a role of objects
            if light > 0.85:
                ground = mix(ground, color, 0.75)
            elif light < 0.4:
                dark = color
            elif number:  # silver beside navy
                ring[1], free = color, [slot for slot in free if slot != 1]
            continue
        slot = 0 if number == 0 else min(free, key=lambda i: distance(ring[i], color))
        if slot not in free:
            continue
        free.remove(slot)
        if number == 0:
            # the colour that the first one pushes out of the lead is kept where it clashes least
            nearest = min((1, 2, 3), key=lambda i: distance(ring[i], color))
            ring[nearest] = (
                ring[0] if distance(ring[nearest], color) < distance(ring[0], color) else ring[nearest]
            )
            ground = rgb(lch(palette.ground)[0], min(chroma * 0.4, 0.07), hue)
        ring[slot] = color
    said = [color for color in wanted[:4] if lch(color)[1] >= 0.035]
    if len(wanted) > 1 and said:  # two colours or more are a scheme: the others give way to it
        for number, slot in enumerate(free):
            near = said[number % len(said)]
            ring[slot] = shift(mix(ring[slot], near, 0.72), (0.1, -0.07, 0.16)[number % 3])
    return replace(
        palette, main=ring[0], second=ring[1], third=ring[2], fourth=ring[3], ground=ground, dark=dark
    )


def choose_palette(text: str, seed: int = 0, wanted: Sequence[str] = ()) -> Palette:
    """The palette of a prompt.

    `wanted` are colours of a canvas ("#rrggbb", the dominant first); colour words of the text win over them.
    The seed chooses among the palettes that fit the words about equally well.
    """
    rng = random.Random(f"palette {seed}")
    words = re.findall(r"[a-z0-9]+", text.lower())
    tags = set(words).union(*(_WORD_TAGS.get(word, set()) for word in words))
    named = list(color_words(text)) or [c.lower() for c in wanted if re.fullmatch(r"#[0-9a-fA-F]{6}", c)]
    vivid = [c for c in named if lch(c)[1] >= 0.035]

    def fit(palette: Palette) -> float:
        score = 2.0 * len(palette.tags & tags) + rng.random() * 3.2
        for color in vivid[:3]:
            score += 2.2 - 10 * min(distance(color, own) for own in (*palette.colors, palette.ground))
        # a dark ground is for prompts that ask for night
        if lch(palette.ground)[0] < 0.45 and not tags & {"night", "neon", "dark", "space"}:
            score -= 6
        return score

    best = max(PALETTES, key=fit)
    return _bend(best, named) if named else best


def main() -> None:
    """Print the palette of the prompt given on the command line."""
    print(choose_palette(" ".join(sys.argv[1:])))


if __name__ == "__main__":
    main()
