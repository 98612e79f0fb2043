"""What a prompt asks a picture to be: its drawn nouns, place, hour, weather, season, view and look.

Plain word lists, no model: the illustrator must answer any text within milliseconds.

    python -m pipeline.render.picture.idea "watercolor of a woman in a red coat on a rainy street"
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, replace

from pipeline.render.art import Mention, load_art
from pipeline.render.nouns import tokens, words_of

# Each table: value -> words that call for it. The word that comes first in the prompt decides.
SETTINGS = {
    "underwater": "underwater seabed aquarium reef diving snorkeling",
    "space": "space galaxy orbit cosmic planets asteroid cosmos universe",
    "beach": "beach shore seaside sand sandy coastline lagoon island seashore",
    "sea": "sea ocean harbor harbour bay coast sailing pier dock marina ferry offshore sailboat lighthouse",
    "lake": "lake river bridge pond loch stream canal riverbank lakeside",
    "snow": "snow snowy snowfall ski skiing iceberg arctic tundra glacier blizzard sledding igloo snowman",
    "desert": "desert dunes dune sahara canyon oasis savanna camel",
    "mountain": "mountain mountains peak peaks cliff cliffs fjord alps summit alpine ridge valley",
    "forest": "forest woods woodland jungle rainforest campsite birch camping treehouse trees",
    "city": "city street downtown skyline urban alley sidewalk avenue traffic rooftop rooftops boulevard "
    "crosswalk parade neighborhood taxi curb bus",
    "village": "village town square marketplace market fair fairground carnival stall stalls",
    "field": "field fields farm meadow hill hills orchard vineyard pasture park picnic grass lawn garden "
    "yard backyard courtyard countryside barn playground road path trail roadside terrace stadium "
    "pitch court",
    "stage": "stage concert theatre theater opera ballet orchestra recital curtain spotlight circus ballroom",
    "table": "table desk counter tabletop tablecloth countertop workbench dish platter marble buffet "
    "windowsill plate board tray saucer",
    "room": "room bedroom kitchen office classroom library hall lobby studio workshop garage attic "
    "apartment indoors floor hallway salon clinic museum gallery restaurant cafe bakery shop "
    "store sofa couch fireplace doorway staircase ceiling nursery dressing bathroom gym cafeteria "
    "diner bar wall",
    "sky": "sky skies flying clouds airborne kite",
}
TIMES = {
    "night": "night midnight moonlit moonlight starry nocturnal stars moon darkness",
    "dusk": "dusk sunset twilight sundown evening",
    "dawn": "dawn sunrise daybreak",
    "day": "day noon daylight midday sunny sunlit afternoon morning",
}
WEATHERS = {
    "rain": "rain rainy raining drizzle storm stormy umbrellas puddle puddles",
    "snowfall": "snowfall snowing snowflake snowflakes blizzard",
    "overcast": "fog foggy mist misty overcast cloudy",
}
SEASONS = {
    "autumn": "autumn october november thanksgiving harvest halloween maple",
    "winter": "winter snow snowy christmas january frost frosty",
    "spring": "spring april blossom blossoms easter tulips tulip daffodil",
    "summer": "summer july august beach sunny",
}
# Views and looks need their whole phrase: "a line of ducks" is no line drawing.
VIEWS = {
    "pattern": r"pattern\b(?! of light)|seamless|wallpaper|repeating|motifs|fill(s|ing)? the (whole"
    r"|entire) (frame|page|picture)",
    "flatlay": r"from (directly )?above|overhead (view|shot|photo|picture|gouache|flat|scene|look)"
    r"|^overhead|top view"
    r"|top down|flat lay|knolling|bird.?s eye",
    "closeup": r"close ?ups?\b|\bmacro\b|close view|extreme close|detail of",
    "wreath": r"\bwreath|round (frame|border)|(framed?|ringed|surrounded|bordered) (by|with)"
    r"|garland (around|of)",
    "tiles": r"collage|\bgrid\b|comic (strip|panel)|mood ?board|icon set|set of (\w+ )?icons|patchwork"
    r"|bauhaus",
    "hero": r"isolated|(plain|solid|clean|white|single color) (background|backdrop)|product (photo|shot)",
}
LOOKS = {
    "pixel": r"pixel(ated)? ?(art)?|8 bit|16 bit",
    "cut": r"paper ?cut|cut ?paper|paper ?craft|origami|cut ?outs?\b|paper collage|layered paper|\bfelt\b"
    r"|quilled",
    "water": r"watercolou?r|gouache|painterly|impressionis|acrylic|aquarelle|(oil|soft|loose|dreamy) paint"
    r"|painting of|painted (picture|scene|style|in|postcard)|\bwash of\b",
    "sketch": r"(pencil|charcoal|chalk|crayon|line|ink|pen|field|fashion) ?(and ink )?(sketch|drawing|art"
    r"|study|portrait)"
    r"|\bsketch(ed|y|es)?\b|hand drawn|doodle|line art|outline drawing",
    "ink": r"woodcut|linocut|engraving|etching|lino(leum)? print|woodblock|screen ?print|stencil"
    r"|block print|risograph"
    r"|\bink\b|letterpress|stamp print",
    "sepia": r"sepia|daguerreotype|vintage photo|old photo|faded photo",
    "mono": r"black and white|monochrome|\bnoir\b|grayscale",
    "neon": r"\bneon\b|cyberpunk|vaporwave|synthwave|hologra",
    "retro": r"retro|vintage|mid ?century|art deco|seventies|nostalgic poster|travel poster"
    r"|\b(19)?[5678]0s\b",
    "glass": r"stained glass|mosaic",
    "comic": r"comic|pop art|cartoon|halftone|manga|anime|sticker",
    "minimal": r"minimal|simple (shapes|flat)",
    "photo": r"photo|photograph|cinematic|bokeh|film still|\blens\b|depth of field|blurred",
}
# Garments that "in a red coat" puts on the person instead of beside them.
_WORN = words_of(
    """jacket coat dress t-shirt sweater hoodie suit tuxedo robe apron scarf jersey kimono hanbok swimsuit
    pajama cape sari glove jeans skirt hat helmet headscarf"""
)
# Nouns that say little when there is more to draw: parts of the body, and what a picture is made of.
FAINT = frozenset(
    ("open hand", "raised hands", "eye", "lips", "painting", "footprint", "smoke", "feather", "paw print",
     "awning", "wood plank", "wood shaving", "brick wall", "shingle", "ceramic tile", "drinking straw")
)  # fmt: skip


_SNOWED = words_of("mountain forest city village field lake")
# In "a pencil sketch of" the pencil is the medium, not a thing to draw.
_MEDIA = words_of("pencil crayon chalk pen sticker doodle painting polaroid paintbrush graffiti") | {
    "brush stroke", "drinking glass"
}  # fmt: skip


@dataclass(frozen=True)
class Idea:
    """A prompt, read. Empty strings where the prompt says nothing."""

    words: tuple[str, ...]  # its tokens
    mentions: tuple[Mention, ...]
    setting: str
    time: str
    weather: str
    season: str
    view: str
    look: str

    @property
    def understood(self) -> set[str]:
        """The words that stand for the place, the hour, the weather, the season or the technique."""
        tables = (SETTINGS, TIMES, WEATHERS, SEASONS)
        known = {word for table in tables for listed in table.values() for word in listed.split()}
        return known | _medium(" ".join(self.words))


def _first(table: dict[str, str], words: list[str]) -> str:
    """The value whose word comes first."""
    places = {value: min((words.index(t) for t in listed.split() if t in words), default=9999)
              for value, listed in table.items()}  # fmt: skip
    best = min(places, key=lambda value: places[value])
    return best if places[best] < 9999 else ""


def _phrase(table: dict[str, str], text: str) -> str:
    """The first value of the table whose pattern the text has."""
    return next((value for value, pattern in table.items() if re.search(pattern, text)), "")


def _medium(text: str) -> set[str]:
    """The words that say how the picture is made: "pencil drawing", "stained glass"."""
    found = (match for pattern in LOOKS.values() for match in re.finditer(pattern, text))
    return {word for match in found for word in match[0].split()}


def _dressed(mentions: list[Mention], words: list[str]) -> list[Mention]:
    """Put garments on the person before them: "a girl in a red scarf" is one girl, in red."""
    kept: list[Mention] = []
    for mention in mentions:
        person = kept[-1] if kept and kept[-1].drawing.category == "person" else None
        between = words[person.start : mention.start] if person else []
        owned = {"his", "her", "their", "matching"} & set(words[max(0, mention.start - 2) : mention.start])
        worn = len(between) < 8 and {"in", "wearing", "wears"} & set(between)
        if person and mention.drawing.name in _WORN and (worn or owned):
            kept[-1] = replace(
                person, colors=person.colors or mention.colors, words=f"{person.words} {mention.words}"
            )
        else:
            kept.append(mention)
    return kept


def read(prompt: str) -> Idea:
    """Read a prompt of any length and content; never raises."""
    text = " ".join(tokens(prompt)[:600]).replace("mountain bike", "bike").replace("sound waves", "")
    words = text.split()
    medium = _medium(text)
    mentions = [
        mention for mention in _dressed(load_art().find(text), words)
        if mention.drawing.name not in _MEDIA or not set(mention.words.split()) & medium
    ]  # fmt: skip
    mentions = [m for m in mentions if "like" not in words[max(0, m.start - 2) : m.start]]  # "like a curtain"
    mentions.sort(key=lambda mention: mention.drawing.name in FAINT)
    clear = [mention for mention in mentions if mention.drawing.name not in FAINT]
    mentions = clear or mentions
    setting = "underwater" if "underwater" in words else _first(SETTINGS, words)
    if setting == "stage" and {"outdoor", "park", "beach", "forest", "street", "lake"} & set(words):
        setting = _first({value: listed for value, listed in SETTINGS.items() if value != "stage"}, words)
    if setting == "snow":  # "a snowy forest" is a forest, in snow
        others = {value: listed for value, listed in SETTINGS.items() if value in _SNOWED}
        setting = _first(others, words) or setting
    falls = "snowfall" if re.search(r"snow (falls|falling)|falling snow|snowy|snowflakes", text) else ""
    return Idea(
        words=tuple(words),
        mentions=tuple(mentions),
        setting=setting,
        time=_first(TIMES, words),
        weather=_first(WEATHERS, words) or falls,
        season=_first(SEASONS, words),
        view=_phrase(VIEWS, text),
        look=_phrase(LOOKS, text),
    )


def main() -> None:
    """Print how the prompt of the command line is read."""
    print(read(" ".join(sys.argv[1:])))


if __name__ == "__main__":
    main()
