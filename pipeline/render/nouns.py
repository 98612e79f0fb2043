"""The English that the art needs: tokens, plurals, counts, and words that only look like a drawn noun."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from pipeline.render.palette import COLORS


def words_of(listed: str) -> frozenset[str]:
    """A set of words from one string of them."""
    return frozenset(listed.split())


NUMBERS = {
    "a": 1, "an": 1, "one": 1, "single": 1, "lone": 1, "two": 2, "pair": 2, "both": 2, "couple": 2,
    "twin": 2, "three": 3, "trio": 3, "few": 3, "some": 3, "four": 4, "several": 4, "five": 5, "six": 6,
    "row": 5, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "many": 7, "dozen": 12, "dozens": 12,
    "rows": 8, "hundreds": 16, "thousands": 16, "hundred": 16, "countless": 16, "cluster": 5, "bunch": 5,
    "pile": 6, "stack": 4, "stacks": 6, "group": 4, "flock": 6, "herd": 5, "twelve": 12, "swarm": 8,
}  # fmt: skip
_EXACT = words_of("two three four five six seven eight nine pair both trio twin")
_GATHERINGS = words_of("row bunch pile stack cluster group pair dozen flock herd couple")
_IRREGULAR = {
    "leaf": "leaves", "loaf": "loaves", "knife": "knives", "shelve": "shelves", "shelf": "shelves",
    "wolf": "wolves", "mouse": "mice", "child": "children", "man": "men", "woman": "women",
    "person": "people", "goose": "geese", "foot": "feet", "tooth": "teeth", "ox": "oxen",
    "cactus": "cacti", "scarf": "scarves", "calf": "calves", "half": "halves", "wife": "wives",
    "octopus": "octopi", "fungus": "fungi", "elf": "elves", "hoof": "hooves", "life": "lives",
    "sheep": "sheep", "deer": "deer", "fish": "fish", "potato": "potatoes", "tomato": "tomatoes",
    "mango": "mangoes", "hero": "heroes", "volcano": "volcanoes", "echo": "echoes",
}  # fmt: skip

# Names that in a text mostly mean something else: their drawings are reached by further words alone.
TOO_GENERAL = words_of("cart hoop tube pin player machine button plug cape paint path feather-duster")
# A colour said of another thing ("olive green walls", "an orange umbrella") is no fruit.
_COLOR_NOUNS = words_of(
    "orange olive rose coral lime lemon lavender mint salmon tomato pumpkin wine chocolate honey peach"
)
# What a thing is made of ("an oak table") is not beside it.
_MATERIALS = words_of(
    "oak pine bamboo clay wool lace brick straw rope palm grass flower corn glass timber felt milk"
)
# "The heart of", "a ring of", "a bed of": no heart, ring or bed.
_FIGURES = words_of(
    """heart ring rings bed crown cloud clouds ribbon ribbons curtain carpet blanket fan star mountain
    necklace tower towers cross tunnel wheel string wave garland page pages cascade pocket mouth face
    row sign brush"""
)
# The picture itself: "photo of a dog", "a painting in blue".
_MEDIA = words_of("painting poster sticker doodle mural postcard stamp card polaroid collage menu sketch")
_AFTER_MEDIA = words_of("of shows showing in with style art where for about")
_AFTER_FRUIT = words_of(
    "from above to and with on in of is beside next slice slices tree trees at by near under over for"
)
# Drawn nouns that are verbs at least as often: they count only where a noun can stand.
_VERBISH = words_of(
    """watch saw train paint brush slide swing hammer fish fan sign note book box bow iron cross fly spread
    mask fork pin plug stamp bat ring rose cook guard judge coach drive drill seal stop record match
    swim shower park light lights swings rings watches saws leaves slides paints notes signs books boxes
    stands glasses records cooks seals rock rocks present presents cards card fans bats crosses guards
    star stars lock locks shop shops chart charts map maps target targets irons plant plants lead plane
    jet kid mat drum drums honey frame mirror mirrors"""
)
# These are verbs unless an article or the like stands before them.
_VERBS = words_of(
    "slide slides swing swings step steps tie ties saw saws rose cook cooks drives watches lies fly sail"
)
_BEFORE_NOUN = words_of(
    """a an the his her its their our my your this that these those each every no any some another one two
    three four five six seven eight nine ten dozen with of in on under beside and or near by between
    behind at to from"""
)
_BEFORE_VERB = words_of("to they who we i you that which and")
_AFTER_VERB = words_of(
    "the a an his her its their our my your them him it up out off down over across into through as"
)
_BREAK = words_of("with under over in on beside against the from near behind to holding holds of")
# Last parts of compounds that say what the whole is; a list, because "landscape" is no cape.
_ENDINGS = (
    "cake", "cakes", "lamp", "lamps", "boat", "boats", "boots", "shoes", "coat", "coats", "bird", "birds",
    "flower", "flowers", "bread", "basket", "baskets", "bottle", "bottles", "lantern", "lanterns",
    "guitar", "teacher",
)  # fmt: skip
# A noun whose meaning the rest of the text decides: noun -> (words beside it, the drawing then, "" for none).
_CONTEXT = {
    "crane": ("construction building site port tower steel container bridge", "construction crane"),
    "mouse": ("computer keyboard desk laptop gaming", ""),
    "glass": ("wine drink drinks toast clink champagne bar dinner cocktail", "champagne flutes"),
    "glasses": (
        "wine drink drinks toast clink champagne bar dinner water cocktail table",
        "champagne flutes",
    ),
    "keyboard": ("computer monitor desk gaming laptop typing mechanical screen", "laptop"),
    "speaker": ("speech crowd podium protest lectern audience", "person standing"),
    "plant": ("factory power desalination chemical solar recycling processing", ""),
    "shell": ("egg taco pasta", ""),
    "orange": ("wall sky light glow", ""),
    "rock": ("band concert music stage guitar", ""),
    "record": ("book keeping medical world", ""),
    "ring": ("boxing circus light key phone", ""),
    "stamp": ("rubber ink", ""),
    "bow": ("arrow violin ship boat", ""),
    "hood": ("car engine", ""),
    "wheel": ("steering ferris spinning water potter cheese lemon citrus orange lime", ""),
    "book": ("comic", ""),
    "fan": (
        "invite burger team club music band game sport match supporters loyal cheering singing concert stage",
        "",
    ),
    "window": ("browser app website webpage", ""),
    "ball": ("soccer football goal kick pitch", "soccer ball"),
    "log": ("reading food diary blog", ""),
    "bubble": ("chat speech", ""),
    "cross": ("legged", ""),
    "fish": ("grilled steamed fried dinner lunch fillet chips sauce roasted baked plate", "fish dish"),
    "turkey": ("dinner roast roasted carved platter oven gravy", "roast chicken"),
    "tower": ("urban city glass steel office downtown", "skyscrapers"),
    "chicken": ("hen hens farm coop barn chicks eggs yard", "rooster"),
    "umbrella": ("beach sand seaside shore pool", "beach umbrella"),
    "chair": ("beach pool deck sand", "deck chair"),
    "bridge": ("garden pond japanese stream wooden creek koi", "garden bridge"),
    "bear": ("teddy toy nursery crib", "teddy bear"),
    "duck": ("roast peking", "roast chicken"),
    "fountain": ("pen chocolate", ""),
    "card": ("playing poker ace casino", "playing card"),
    "screen": ("computer monitor laptop office desk gaming code data", "monitor"),
    "bat": ("baseball ball player pitcher cricket", "baseball bat and ball"),
}


def tokens(text: str) -> list[str]:
    """Lower-case words of a text (its first 20,000 characters); hyphens part words, accents and 's go."""
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


def known_ending(word: str) -> str:
    """The drawn thing that a compound is a kind of (cheesecake, streetlamp), or an empty string."""
    return next((end for end in _ENDINGS if word.endswith(end) and len(word) > len(end) + 2), "")


def sense(word: str, spoken: frozenset[str] | set[str]) -> str | None:
    """The drawing that the other words decide for an ambiguous noun: "" for none, None if they are silent."""
    noun = word if word in _CONTEXT else word.removesuffix("s")
    beside, drawing = _CONTEXT.get(noun, ("", ""))
    return drawing if spoken & words_of(beside) else None


_AFTER_COLORS = words_of("with on at for under over against where while made set tones hues colors colours")
# What also names a colour: in a list of colours ("in plum, cream and gold") it is one.
_PIGMENTS = words_of(
    """plum berry berries raspberry strawberry cherry mint peach lemon orange lime olive lavender rose
    honey wine pumpkin apricot coral salmon straw oat walnut champagne cream butter sand stone
    chocolate coffee cocoa moss fern pine pearl cinnamon ginger tomato brick clay blueberry sunflower
    lilac violet banana watermelon caramel eggplant aubergine rosemary ivy poppy marigold sky ice
    grape pistachio avocado vanilla eggshell blossom ink smoke denim linen snow bubblegum chestnut
    papaya mango"""
)


# What goes before a colour in such a list.
_SHADES = words_of(
    """haze steel electric off deep pale soft hot bright dark light dusty warm cool burnt baby royal neon
    pastel muted midnight powder wheat"""
)


def _in_a_list_of_colors(words: Sequence[str], at: int) -> bool:
    """Whether the word stands in a list like "in mint, peach and cream" that ends its phrase."""
    colors = COLORS.keys() | _PIGMENTS | _SHADES
    start, end = at, at + 1
    while start and words[start - 1] in colors | {"and"}:
        start -= 1
    while end < len(words) and words[end] in colors | {"and"}:
        end += 1
    led = start > 0 and (
        words[start - 1] in {"in", "to", "use"} or list(words[max(0, start - 2) : start]) == ["palette", "of"]
    )
    listed = sum(word != "and" for word in words[start:end]) > 1
    return led and listed and (end == len(words) or words[end] in _AFTER_COLORS)


def false_friend(words: Sequence[str], at: int, is_plural: bool) -> bool:
    """Whether the single word here is a colour or a verb rather than the drawn thing."""
    word, before = words[at], words[at - 1] if at else ""
    after = words[at + 1] if at + 1 < len(words) else ""
    if (
        (word in _PIGMENTS or word in COLORS or word in _SHADES)
        and not is_plural
        and _in_a_list_of_colors(words, at)
    ):
        return True
    if word in _COLOR_NOUNS and not is_plural and after and before not in NUMBERS.keys() - {"a", "an"}:
        if after == "and" and at + 2 < len(words) and words[at + 2] in COLORS:  # "coral and cream walls"
            follows = words[at + 3] if at + 3 < len(words) else ""
            return bool(follows) and follows not in _AFTER_FRUIT
        if after not in _AFTER_FRUIT:
            return True
    if (word in _FIGURES and after in {"of", "around"}) or before == "mid":
        return True
    if word in _MATERIALS and not is_plural and after and after not in _AFTER_FRUIT | _AFTER_MEDIA:
        return True
    if word in _MEDIA and not is_plural and (after in _AFTER_MEDIA or at < 3):
        return True
    if word in _VERBS and before not in _BEFORE_NOUN - {"and", "to"} and before not in COLORS:
        return True
    if word in _VERBISH:
        if before in _BEFORE_VERB and after in _AFTER_VERB:
            return True
        if (
            after in _AFTER_VERB - {"up", "down", "over", "as", "through", "across"}
            and before not in _BEFORE_NOUN
        ):
            return True
    return False


def count_and_colors(
    words: Sequence[str], since: int, at: int, is_plural: bool
) -> tuple[int, bool, tuple[str, ...]]:
    """How many of the noun at `at`, whether that was said, and in which colours, by the few words before it
    (not before `since`)."""
    told = False
    colors: list[str] = []
    count = 3 if is_plural else 1
    same = words[at] in {"sheep", "deer", "fish"}
    for word in reversed(words[max(since, at - 5) : at]):
        if word in COLORS:
            colors.insert(0, COLORS[word])
        elif word in NUMBERS:
            number = NUMBERS[word]
            if number > 1:
                count = number if is_plural or same else count
                told = word in _EXACT
            if word not in _GATHERINGS:
                break
        elif word in _BREAK and (word != "of" or not is_plural):
            break
    return min(count, 16), told, tuple(colors[:2])
