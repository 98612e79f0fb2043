"""What a prompt asks a picture to be: its drawn nouns, place, hour, weather, season, view and look.

Plain word lists, no model: the illustrator must answer any text within milliseconds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.render.art import Mention, load_art, tokens
from pipeline.render.palette import COLORS

# Each table: value -> words that call for it. The word that comes first in the prompt decides.
SETTINGS = {
    "underwater": "underwater seabed aquarium reef diving snorkeling",
    "space": "space galaxy orbit cosmic planets asteroid astronaut cosmos universe",
    "beach": "beach shore seaside sand sandy coastline lagoon island",
    "sea": "sea ocean harbor harbour bay coast waves sailing pier dock marina ferry offshore sailboat lighthouse",
    "lake": "lake river pond stream canal riverbank lakeside",
    "snow": "snow snowy snowfall ski skiing iceberg arctic tundra glacier blizzard sledding igloo",
    "desert": "desert dunes dune sahara canyon oasis savanna",
    "mountain": "mountain mountains peak peaks cliff cliffs fjord alps summit alpine ridge valley",
    "forest": "forest woods woodland jungle rainforest campsite birch trees camping treehouse",
    "city": "city street downtown skyline urban alley sidewalk avenue traffic rooftop rooftops boulevard crosswalk "
    "parade neighborhood bridge subway taxi",
    "village": "village town square marketplace market fair fairground carnival festival stall stalls",
    "field": "field farm meadow hill hills orchard vineyard pasture park picnic grass lawn garden yard backyard "
    "courtyard countryside barn greenhouse playground road path trail roadside porch terrace stadium pitch court",
    "stage": "stage concert theatre theater opera ballet orchestra recital curtain spotlight circus ballroom",
    "table": "table desk counter tabletop tablecloth countertop workbench dish platter marble buffet windowsill "
    "plate board tray saucer still-life",
    "room": "room bedroom kitchen office classroom library hall lobby studio workshop garage attic apartment house "
    "indoors floor hallway salon clinic museum gallery restaurant cafe bakery shop store living sofa couch "
    "fireplace doorway staircase door ceiling balcony nursery dressing bathroom gym cafeteria diner bar",
    "sky": "sky skies flying clouds airborne kite",
}
TIMES = {
    "night": "night midnight moonlit moonlight starry nocturnal stars moon darkness",
    "dusk": "dusk sunset twilight sundown evening",
    "dawn": "dawn sunrise daybreak early",
    "day": "day noon daylight midday sunny sunlit afternoon morning",
}
WEATHERS = {
    "rain": "rain rainy raining drizzle storm stormy umbrella umbrellas puddle puddles",
    "snowfall": "snowfall snowing snowflake snowflakes blizzard",
    "overcast": "fog foggy mist misty overcast cloudy gray-sky",
}
SEASONS = {
    "autumn": "autumn fall october november thanksgiving harvest halloween maple",
    "winter": "winter snow snowy christmas january frost frosty",
    "spring": "spring april blossom blossoms easter tulips tulip daffodil",
    "summer": "summer july august beach sunny",
}
VIEWS = {
    "pattern": "pattern seamless wallpaper tiled repeating motif motifs",
    "flatlay": "overhead knolling above flat-lay flatlay topdown",
    "closeup": "close-up closeup macro close extreme",
    "wreath": "wreath frame border circle ring surrounded",
    "tiles": "collage grid comic panels patchwork moodboard icons icon set",
    "panorama": "panorama panoramic wide vast landscape",
    "hero": "single lone isolated minimalist plain backdrop background",
}
LOOKS = {
    "cut": "papercut papercraft paper-cut cutout cut-paper origami layered collage felt",
    "ink": "ink lineart line-art woodcut linocut engraving etching lino woodblock screenprint screen-print stencil",
    "sketch": "sketch pencil doodle hand-drawn charcoal chalk drawing crayon drawn line lines",
    "water": "watercolor watercolour gouache wash painterly painting painted aquarelle oil",
    "retro": "retro vintage poster nostalgic mid-century art-deco deco seventies 70s 50s",
    "neon": "neon cyberpunk vaporwave synthwave glowing hologram futuristic",
    "mono": "noir monochrome black-and-white silhouette",
    "minimal": "minimal minimalist minimalistic simple clean",
    "comic": "comic pop-art halftone cartoon",
    "photo": "photo photograph photography cinematic bokeh photorealistic shot lens",
    "pixel": "pixel 8-bit pixelated",
    "sepia": "sepia daguerreotype faded",
}
STOP = set(
    ["a", "an", "the", "of", "in", "on", "and", "with", "at", "to", "for", "by", "from", "is", "as", "its", "it", "her", "his", "their", "under", "over", "into", "through", "while", "out", "up", "that", "one", "two", "three", "beside", "against", "behind", "near", "between", "across", "where", "who", "above", "after", "before", "down", "this", "them", "around", "like", "each", "every", "below", "along", "still", "toward", "inside", "beneath", "past", "onto", "off", "both", "among", "all", "only", "him", "other", "far", "about", "together", "next", "so", "whose", "which", "away", "another", "same", "you", "she", "he", "they", "we", "own", "can", "than", "just", "not", "no", "few", "some", "made", "seen", "has", "have", "had", "are", "was", "be", "been", "being", "very", "too", "but", "or", "if", "then", "there", "here", "what", "when", "how", "why"]
)


@dataclass(frozen=True)
class Idea:
    """A prompt, read. Empty strings where the prompt says nothing."""

    mentions: tuple[Mention, ...]
    setting: str
    time: str
    weather: str
    season: str
    view: str
    look: str
    missing: tuple[str, ...]  # content words that nothing in the picture stands for


def _first(table: dict[str, str], words: list[str]) -> str:
    best, place = "", len(words)
    for value, listed in table.items():
        for term in listed.split():
            parts = term.split("-")
            for i in range(min(place, len(words) - len(parts) + 1)):
                if words[i : i + len(parts)] == parts:
                    best, place = value, i
                    break
    return best


def read(prompt: str) -> Idea:
    """Read a prompt of any length and content; never raises."""
    words = tokens(prompt)[:600]
    text = " ".join(words)
    mentions = load_art().find(text)
    tables = (SETTINGS, TIMES, WEATHERS, SEASONS, VIEWS, LOOKS)
    understood = {
        part
        for table in tables
        for listed in table.values()
        for term in listed.split()
        for part in term.split("-")
    }
    used = {word for mention in mentions for word in mention.words.split()}
    missing = [
        word for word in dict.fromkeys(words)
        if len(word) > 2 and word not in used and word not in STOP and word not in COLORS and word not in understood
        and not re.search(r"(ing|ed|ly)$", word)
    ]  # fmt: skip
    view = _first(VIEWS, words)
    if re.search(r"from (directly )?above|top view|flat lay|bird.?s eye", text):
        view = "flatlay"
    return Idea(
        mentions=tuple(mentions),
        setting=_first(SETTINGS, words),
        time=_first(TIMES, words),
        weather=_first(WEATHERS, words),
        season=_first(SEASONS, words),
        view=view,
        look=_first(LOOKS, words),
        missing=tuple(missing[:40]),
    )
