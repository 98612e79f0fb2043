"""Which composition a prompt gets: what it asks for, the place it names,
or where its lead is usually seen."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.render.art import Drawing, load_art
from pipeline.render.picture.idea import Idea
from pipeline.render.picture.props import Part
from pipeline.render.picture.rooms import AROUND, TABLES
from pipeline.render.picture.scenes import SCENIC
from pipeline.render.picture.sheet import Sheet

OUTDOORS = frozenset(
    (
        "underwater",
        "space",
        "beach",
        "sea",
        "lake",
        "snow",
        "desert",
        "mountain",
        "forest",
        "city",
        "village",
        "field",
    )
)
# Where things without a place of their own are usually seen: category -> (composition or setting, weight).
HABITS: dict[str, tuple[tuple[str, int], ...]] = {
    "animal": (("field", 4), ("forest", 3), ("hero", 2), ("badge", 2), ("wreath", 1)),
    "building": (("field", 3), ("village", 2), ("city", 3), ("hero", 1)),
    "plant": (("field", 2), ("wreath", 3), ("hero", 3), ("table", 2), ("tiles", 1)),
    "person": (("field", 3), ("room", 3), ("city", 2), ("hero", 2), ("badge", 2)),
    "food": (("table", 5), ("flatlay", 3), ("hero", 2), ("tiles", 1)),
    "drink": (("table", 5), ("hero", 3), ("flatlay", 1), ("tiles", 1), ("shelf", 1)),
    "home": (("room", 4), ("table", 2), ("shelf", 2), ("hero", 2)),
    "transport": (("city", 4), ("field", 3), ("hero", 2), ("tiles", 1)),
    "nature": (("field", 3), ("mountain", 2), ("sea", 2), ("hero", 1)),
    "celebration": (("table", 2), ("hero", 3), ("tiles", 1), ("wreath", 1)),
    "holiday": (("room", 2), ("hero", 3), ("wreath", 2), ("table", 1)),
    "fashion": (("hero", 3), ("flatlay", 4), ("shelf", 2), ("tiles", 1)),
    "tool": (("flatlay", 4), ("table", 3), ("hero", 2), ("tiles", 1), ("shelf", 1)),
    "office": (("table", 4), ("flatlay", 3), ("hero", 2), ("tiles", 2)),
    "tech": (("table", 3), ("hero", 3), ("tiles", 2), ("room", 1)),
    "science": (("table", 3), ("hero", 3), ("tiles", 2), ("shelf", 1)),
    "music": (("stage", 4), ("hero", 3), ("room", 1), ("tiles", 1)),
    "sport": (("field", 3), ("hero", 4), ("tiles", 1)),
    "symbol": (("hero", 4), ("tiles", 3), ("wreath", 2)),
    "toy": (("room", 3), ("shelf", 3), ("hero", 2)),
}
_FAR_OUT = frozenset(("astronaut", "planet", "rocket", "ufo", "nebula"))
_HOUSEHOLD = frozenset(
    ("bed", "sofa", "armchair", "bathtub", "fireplace", "desk", "crib", "sink")
)  # never outdoors
_HOUSES = frozenset(("city", "village", "field", "forest", "mountain", "snow"))  # places with houses
_HOMELY = frozenset(("rug", "lamp", "pillow", "cushion", "table", "bookshelf", "stove", "cabinet", "mirror"))
_SHOPS = frozenset(("storefront", "office building", "skyscraper", "taxi", "bus"))
_SEAFOOD = frozenset(("crab", "crawfish", "shrimp", "oyster", "octopus", "fish"))
# What a landscape gets when the prompt names nothing but scenery.
_COMPANIONS = {
    "sea": "sailboat", "lake": "rowboat", "beach": "beach umbrella", "snow": "pine tree",
    "desert": "cactus", "mountain": "cabin", "city": "tree", "village": "tree", "forest": "deer",
    "field": "tree", "space": "planet", "underwater": "fish", "sky": "hot air balloon",
}  # fmt: skip


@dataclass(frozen=True)
class _Kinds:
    """What the cast is made of, as far as the choice depends on it."""

    lead: Drawing
    alive: bool  # a person that could stand or sit there
    portrait: bool  # the lead alone can fill a medallion
    bulky: bool  # something too large for a roof over it
    furniture: bool  # something that stands on a floor, not on a table
    small: bool  # nothing but things that stand on a table
    flying: bool  # nothing that stands at all
    ships: bool
    swims: bool
    served: bool  # something to eat or drink


def bulky(drawing: Drawing) -> bool:
    """Whether a thing is too large to be indoors."""
    vehicle = drawing.category in {"building", "transport"} and drawing.metres > 1.9
    return vehicle or drawing.metres >= 4


def _kinds(parts: list[Part], indoors: bool) -> _Kinds:
    drawings = [part.drawing for part in parts]
    passed = SCENIC | TABLES | (AROUND if indoors else frozenset())
    solid = [d for d in drawings if d.name not in passed and d.pose not in {"hang", "scatter"}]
    people = [d for d in drawings if d.category == "person" and d.metres > 0.7]
    lead = drawings[0]
    stands = [d for d in solid if d.category in {"home", "animal"} and d.metres >= 0.9]
    return _Kinds(
        lead=lead,
        alive=bool(people),
        portrait=(lead.pose == "bust" or lead.category == "animal")
        and not [d for d in people if d is not lead],
        bulky=any(bulky(d) for d in drawings[: 1 if indoors else 4] if d.name not in SCENIC),
        furniture=bool(stands),
        small=all(d.metres < 0.6 or d.category in {"food", "drink"} for d in solid if d not in people),
        flying=all(d.place == "sky" or d.pose == "scatter" for d in drawings if d.name not in TABLES),
        ships=any(d.pose == "water" and d.category == "transport" for d in drawings),
        swims=any(d.pose in {"water", "swim"} for d in drawings),
        served=any(d.category in {"food", "drink"} for d in solid),
    )


def choose(sheet: Sheet, idea: Idea, parts: list[Part]) -> str:
    """The name of a composition (hero, table, room ...), or of the setting of a scene."""
    rng, ratio = sheet.rng, sheet.width / sheet.height
    cast = _kinds(parts, idea.setting in {"table", "room"})
    kind = _asked(sheet, idea, parts, cast) or _placed(sheet, idea, parts, cast) or _usual(sheet, cast)
    squarish, few = 0.6 < ratio < 1.7, len(parts) < 6
    if kind in {"flatlay", "pattern", "shelf", "tiles"} and cast.alive and idea.view != "tiles":
        kind = "table" if cast.small else "room"
    if kind == "badge" and not (cast.portrait and squarish):
        kind = "table" if cast.lead.pose == "bust" else "field"
    if kind == "hero" and cast.alive and cast.lead.category != "person" and idea.view != "hero":
        kind = "table" if cast.small else "room"
    if kind in {"hero", "wreath"} and not (squarish and (few if kind == "wreath" else len(parts) < 4)):
        kind = (
            "table" if cast.small else "room" if cast.lead.category in {"home", "toy", "fashion"} else "field"
        )
    if kind == "flatlay" and len(parts) == 1 and parts[0].count == 1 and idea.view != "flatlay":
        kind = "hero"
    if kind == "shelf" and (len(parts) < 4 or any(part.drawing.place == "sky" for part in parts)):
        kind = "hero" if squarish else "tiles"
    if kind == "tiles" and len(parts) < 3 and idea.view != "tiles":
        kind = "hero" if squarish else "flatlay"
    if kind == "room" and cast.small and not cast.furniture and not cast.alive:
        kind = "table"
    if kind == "table" and cast.alive and all(part.drawing.category == "person" for part in parts):
        kind = "badge" if cast.portrait and squarish and len(parts) == 1 else "room"
    if kind == "table" and cast.furniture:
        kind = "room"
    if kind in {"hero", "closeup", "wreath", "shelf", "badge", "pattern"} and not TABLES.isdisjoint(
        part.drawing.name for part in parts
    ):
        kind = "room" if cast.furniture or not cast.small else "table"
    counted = [part.count for part in parts if part.told]
    if (
        counted
        and idea.view != kind
        and (
            kind in {"tiles", "shelf", "pattern", "wreath", "badge"} or (kind == "hero" and max(counted) > 3)
        )
    ):
        kind = "table" if cast.small else "room" if cast.furniture else "field"
    if kind == "table" and ratio < 0.6:
        kind = "room" if cast.alive else rng.choice(("tiles", "pattern"))
    return kind


def _asked(sheet: Sheet, idea: Idea, parts: list[Part], cast: _Kinds) -> str:
    """The view the prompt asks for."""
    if idea.view in {"tiles", "pattern"}:
        return idea.view
    if idea.view == "flatlay" or (idea.view in {"closeup", "wreath"} and not cast.bulky and not cast.alive):
        return idea.view
    plain = len(parts) < 4 and not (cast.bulky or cast.alive or cast.lead.name in SCENIC)
    if (
        idea.view == "hero"
        or idea.look == "minimal"
        or (plain and idea.setting and sheet.rng.random() < 0.12)
    ):
        return "badge" if cast.lead.pose == "bust" else "hero"
    return ""


def _placed(sheet: Sheet, idea: Idea, parts: list[Part], cast: _Kinds) -> str:
    """The place the prompt names, as far as its things can be there."""
    rng, setting = sheet.rng, idea.setting
    if cast.lead.name in _SEAFOOD and cast.served and setting in {"", "table", "room"}:
        return "table"
    if cast.ships and setting not in {"sea", "lake", "beach", "underwater", "space", "snow", "stage"}:
        return rng.choice(("sea", "lake"))
    if cast.swims and setting in {"field", "forest", "village"}:
        return "lake"
    names = {part.drawing.name for part in parts}
    if (_HOUSEHOLD & names and setting != "stage") or (_HOMELY & names and cast.alive and not setting):
        return "room"
    if setting in {"sea", "lake"} and cast.lead.pose == "swim" and not cast.ships:
        return "underwater"
    if "window" in names and setting in OUTDOORS and (cast.small or setting not in _HOUSES):
        return "table" if cast.small and not cast.furniture else "room"  # the place is seen through it
    if setting in OUTDOORS or setting == "stage":
        return setting
    if cast.lead.name in _FAR_OUT and not setting:
        return "space"
    if setting == "sky" and cast.lead.place == "sky" and not cast.alive:
        return "sky"
    if cast.bulky:
        return rng.choice(("city", "village") if cast.lead.name in _SHOPS else ("field", "field", "village"))
    if (
        cast.flying
        and setting in {"", "room", "table"}
        and cast.lead.category in {"celebration", "toy", "nature"}
    ):
        return rng.choice(("sky", "hero", "hero", "pattern"))
    if setting in {"table", "room"}:
        if not cast.small or cast.furniture or (setting == "room" and cast.alive and not cast.served):
            return "room"
        return "flatlay" if setting == "table" and not cast.alive and rng.random() < 0.25 else "table"
    if not setting and any(part.drawing.name in {"window", "fireplace"} for part in parts):
        return "table" if cast.small and rng.random() < 0.6 else "room"
    if cast.swims and not setting and cast.lead.category == "animal":
        return "underwater" if cast.lead.pose == "swim" else rng.choice(("sea", "lake"))
    scenery = [part.drawing.name for part in parts if part.drawing.name in SCENIC]
    if scenery and not setting and (cast.lead.metres > 0.5 or cast.lead.name in SCENIC):
        return "mountain" if "mountain" in scenery else "field"
    return "room" if cast.furniture and cast.lead.category == "home" else ""


def _usual(sheet: Sheet, cast: _Kinds) -> str:
    """Where the lead is usually seen, by the dice."""
    kinds, weights = zip(*HABITS.get(cast.lead.category, (("hero", 1),)), strict=True)
    kind = sheet.rng.choices(kinds, weights)[0]
    if cast.lead.pose == "bust" and kind in {"hero", "field", "city", "wreath"}:
        kind = sheet.rng.choice(("badge", "table"))
    return kind


def companion(setting: str) -> Part:
    """What keeps a landscape company when the prompt names nothing but scenery."""
    return Part(load_art().drawings[_COMPANIONS.get(setting, "tree")])
