"""One sentence being composed: fills the slots of a shape with phrases that fit what has been said.

A Draft keeps what is left to say (objects, the style) and what has been said (words, time and place), so that
nothing comes twice, nothing contradicts, and the intent can be read off at the end.
"""

from __future__ import annotations

import random
import re
from itertools import pairwise

from slm.teacher import lexicon
from slm.teacher.bank import BITS, CLASH, HOLE, Phrase, content_of, phrase, tags_of
from slm.teacher.cast import Role
from slm.teacher.names import is_plural


class Unfit(Exception):
    """A slot cannot be filled here; another shape is tried."""


_PAGES = frozenset(lexicon.PAGES)
_MOTIFS = [phrase(text, plural=is_plural(text)) for text in lexicon.MOTIFS]
_LAYOUTS = [phrase(text) for text in lexicon.LAYOUTS]
_MARK_LAYOUTS = [phrase(text) for text in lexicon.MARK_LAYOUTS]
_PICTURED = content_of(
    "scene view portrait still life flat picture photo drawing illustration sketch painting close-up"
)
_PLACE = re.compile(r" (in|on|at|under|beside|behind|over|inside|around|between|near) [^,]*$")
_MENTIONED = (
    BITS["light"] | BITS["night"] | BITS["dusk"] | BITS["rain"]
)  # nothing more to say about the light


def joined(items: list[str]) -> str:
    """ "a", "a and b", "a, b and c" """
    return " and ".join(items) if len(items) < 3 else f"{', '.join(items[:-1])} and {items[-1]}"


class Draft:
    """What is left to say of a role, and what has been said."""

    def __init__(self, rng: random.Random, role: Role) -> None:
        self.rng, self.role, self.scene, self.name = rng, role, role.scene, role.name
        self.things = list(role.things)
        self.style_due = bool(role.style)
        self.adorns = False  # the style goes before the topic's name
        self.slots: set[str] = set()  # those of the parts taken
        self.tags = role.name.tags
        self.said: set[str] = {*role.name.content, *content_of(role.style)}
        self.objects: list[str] = []  # what the intent calls them
        self.plural = False  # of the noun phrase said last
        self.design_head = role.design.lower().split()[-1] if role.design else ""

    def fill(self, slot: str, room: float) -> str:
        """The words of a slot, near the room it may take. Raises Unfit."""
        rng, scene, name = self.rng, self.scene, self.name
        match slot:
            case "N":
                return self.framed(scene.subjects if rng.random() < 0.5 else scene.people, room)
            case "X":
                if name.article != "a" or scene.topic.category not in lexicon.THING_KINDS:
                    raise Unfit
                return self.framed(scene.subjects, room)
            case "P":
                return self.framed(scene.people, room)
            case "Ps":
                return self.framed([p for p in scene.people if p.plural], room)
            case "G":
                return rng.choice(lexicon.GROUPS)
            case "L":
                return self.setting(room)
            case "K":
                if self.tags & BITS["backdrop"]:
                    raise Unfit
                return self.pick(scene.scenes, room).text
            case "A":
                if not name.locative:
                    raise Unfit
                return f"{name.locative} {self.topic()}"
            case "T":
                if self.is_design or (
                    name.framed and not name.article and not name.locative and "M" in self.slots
                ):
                    raise Unfit  # "a picture of volunteering" shows nothing
                return self.topic()
            case "W":
                if name.text.lower().split()[-1] not in lexicon.WIDE or not name.article:
                    raise Unfit
                return f"{rng.choice(lexicon.PARTS)} of {self.topic()}"
            case "o" | "C":
                return self.object(room, clause=slot == "C")
            case "O" | "O2":
                return self.list_objects(room)
            case "aside":
                chained = len(self.things) > 2 or (len(self.things) > 1 and rng.random() < 0.6)
                listed = self.list_objects(room - 3)
                near = rng.choice(lexicon.NEAR[:2] if _PLACE.search(listed) else lexicon.NEAR)
                return f"{'with ' if chained else ''}{listed} {near}"
            case "near":
                return rng.choice(lexicon.NEAR)
            case "light":
                return self.light(lexicon.LIGHTS)
            case "glow":
                return self.light(lexicon.GLOWS)
            case "view":
                return rng.choice(lexicon.VIEWS)
            case "about":
                return f"{rng.choice(lexicon.ABOUT)} {self.name.noun}"
            case "posed":
                poses = lexicon.POSED_MANY if self.plural else lexicon.POSED_ONE
                if self.slots & {"view", "ground"}:  # no "seen in wide view, filling most of the frame"
                    poses = tuple(pose for pose in poses if pose not in lexicon.NEAR_POSES)
                return rng.choice(poses)
            case "ground":
                if self.tags & CLASH[BITS["backdrop"]]:
                    raise Unfit
                self.tags |= BITS["backdrop"]
                return rng.choice(
                    lexicon.GROUNDS if "hues" in self.slots else lexicon.GROUNDS + lexicon.GROUNDS_COLORED
                )
            case "finish":
                return rng.choice(lexicon.FINISHES)
            case "hues":
                return f"in {self.pick(scene.palettes, room).text}"
            case "M":
                self.said |= _PICTURED
                media = self.media(lexicon.MEDIA_ANY)
                if not self.slots.isdisjoint(("posed", "view", "ground")):
                    media = tuple(medium for medium in media if medium not in lexicon.SHOTS)
                return self.styled(rng.choice(media))
            case "Mt":
                return self.styled(f"{name.text} {rng.choice(self.media(lexicon.MEDIA_TOPIC))}")
            case "make":
                return rng.choice(lexicon.MAKE)
            case "D":
                return self.styled(self.design())
            case "Dt":
                if not self.is_design and set(name.text.lower().split()) & set(
                    self.role.design.lower().split()
                ):
                    raise Unfit
                return self.styled(name.text if self.is_design else f"{name.text} {self.design()}")
            case "purpose":
                return self.purpose(room)
            case "bid":
                first, _, rest = self.purpose(room).partition(" ")
                if first not in lexicon.BIDS:
                    raise Unfit
                return f"{lexicon.BIDS[first]} {rest}"
            case "motif":
                return self.motif(room).text
            case "layout":
                return self.layout(room).text
            case "features":
                return self.features(room)
            case "also":
                if room >= 11:
                    return f", {self.motif(room / 2).text} and {self.layout(room / 2).text}"
                return f" {'and' if len(self.objects) == 1 else 'plus'} {self.features(room)}"
            case "list" | "items":
                return self.list_all(room, 2 if slot == "items" else 1)
            case "palette":
                return self.pick(scene.palettes, room).text
            case "spot":
                return rng.choice(lexicon.SPOTS)
            case "spot_of":
                return rng.choice(lexicon.SPOTS_OF)
            case "ink":
                return rng.choice(lexicon.INKS)
        raise KeyError(slot)

    def pick(self, phrases: list[Phrase], room: float) -> Phrase:
        """A phrase near the room it may take that contradicts and repeats nothing said before."""
        barred = CLASH[self.tags]
        fits = [p for p in phrases if not p.tags & barred and self.said.isdisjoint(p.content)]
        if not fits:
            raise Unfit
        small = [p for p in fits if p.words <= room + 1]
        if small:
            best = max(p.words for p in small) - (2 if room > 5 else 1)
            chosen = self.rng.choice([p for p in small if p.words >= best])
        else:
            chosen = min(fits, key=lambda p: p.words)
        self.note(chosen)
        return chosen

    def note(self, chosen: Phrase) -> None:
        """Remember what a phrase says."""
        self.tags |= chosen.tags
        self.said |= chosen.content
        self.plural = chosen.plural

    # The topic

    def framed(self, phrases: list[Phrase], room: float) -> str:
        """A phrase of the bank that names the topic, with the name wished in the topic's place."""
        name = self.name
        own = next((p for p in phrases if p.text == name.origin), None)
        if own and self.rng.random() < 0.5:
            self.note(own)
            return own.text.replace(HOLE, self.scene.names[0].text)
        if not name.framed:
            raise Unfit
        chosen = self.pick([p for p in phrases if p.open] if name.content else phrases, room)
        return chosen.text.replace(HOLE, self.adorned() if chosen.text.startswith(f"a {HOLE}") else name.text)

    def adorned(self) -> str:
        """The topic's name, after the style where that is its place."""
        if self.adorns and self.style_due:
            self.style_due = False
            return f"{self.role.style} {self.name.text}"
        return self.name.text

    def topic(self) -> str:
        """The topic as a noun phrase."""
        if self.name.article is None:
            raise Unfit
        return f"{self.name.article} {self.adorned()}".strip()

    def setting(self, room: float) -> str:
        """Where it is; no plain backdrop behind people who do something."""
        settings = self.scene.settings
        if self.slots & {"K", "C", "G"}:
            settings = [p for p in settings if not p.tags & BITS["backdrop"]]
        text = self.pick(settings, room).text
        if "A" in self.slots and text.startswith(f"{self.name.locative} "):
            raise Unfit
        return text

    # The objects

    def object(self, room: float, clause: bool = False, listed: bool = False) -> str:
        """The next object, as a noun phrase or in a clause; the intent calls it by words said here."""
        if not self.things:
            raise Unfit
        thing = self.things.pop(0)
        said, self.said = self.said, self.said - content_of(thing.name)
        among = thing.clauses if clause else [p for p in thing.phrases if p.listable or not listed]
        chosen = self.pick(among, room)
        self.said |= said
        self.objects.append(chosen.names[0] if self.rng.random() < 0.55 else self.rng.choice(chosen.names))
        return chosen.text

    def objects_left(self, room: float) -> list[str]:
        """All objects not yet said, one by one."""
        count = len(self.things)
        if not count:
            raise Unfit
        room = max(room / count - 0.5, 3 if self.rng.random() < 0.8 else 0)  # seldom quite bare
        found = [self.object(room, listed=count > 1) for _ in range(count)]
        self.plural = self.plural or count > 1
        return found

    def list_objects(self, room: float) -> str:
        """All objects not yet said, joined."""
        return joined(self.objects_left(room))

    # Light, medium and style

    def light(self, lights: dict[str, tuple[str, ...]]) -> str:
        """Light that the time and place allow."""
        if self.tags & _MENTIONED:
            raise Unfit
        kinds = [kind for kind in ("backdrop", "indoor", "outdoor") if self.tags & BITS[kind]]
        if self.tags & BITS["day"]:
            kinds = []
        among = lights[self.rng.choice([*kinds, "any"]) if len(kinds) == 1 else "any"]
        if self.slots & {"hues", "ground"}:  # these say the colors and what is behind
            among = tuple(text for text in among if text not in lexicon.COLORING)
        text = self.rng.choice(among)
        self.tags |= tags_of(text) | BITS["light"]
        return text

    def media(self, usual: tuple[str, ...]) -> tuple[str, ...]:
        """The media that go with the style."""
        if self.role.style in lexicon.DRAWN_STYLES:
            return lexicon.MEDIA_PLAIN
        if not self.role.style and usual is lexicon.MEDIA_ANY:
            return usual + lexicon.MEDIA_CRAFT
        return usual if lexicon.MODERN_STYLES.isdisjoint(self.role.style.split()) else lexicon.MEDIA_MODERN

    def styled(self, noun: str) -> str:
        """ "a rustic watercolor" """
        if self.style_due and not self.adorns:
            self.style_due = False
            return f"a {self.role.style} {noun}"
        return f"a {noun}"

    # Designs

    @property
    def is_design(self) -> bool:
        """Whether the topic is itself the design asked for: an album cover as an album cover."""
        return bool(self.role.design) and f" {self.name.text}".lower().endswith(
            f" {self.role.design}".lower()
        )

    def design(self) -> str:
        """The design type as one writes it: "Instagram post"."""
        words = (self.role.design or self.rng.choice(lexicon.NO_DESIGN)).split()
        return " ".join(lexicon.BRANDS.get(word, word) for word in words)

    def purpose(self, room: float) -> str:
        """A purpose that this kind of design can have."""
        if self.is_design:  # no album cover for an album cover
            raise Unfit
        may = lexicon.DOES.get(self.design_head, lexicon.SAYS)
        if self.design_head in lexicon.STILL or self.role.design in lexicon.STILL:
            may = ("for",)
        fits = []
        for p in self.scene.purposes:
            words = p.text.split()
            if words[0] in may and _PAGES.isdisjoint(words):
                fits.append(p)
        return self.framed(fits, room)

    def motif(self, room: float) -> Phrase:
        """A graphic element and where it goes."""
        return self.pick(self.scene.motifs if self.rng.random() < 0.85 else _MOTIFS, room)

    def layout(self, room: float) -> Phrase:
        """Type and arrangement; for logos and their like there is hardly any text to arrange."""
        if self.design_head in lexicon.MARKS:
            return self.pick(_MARK_LAYOUTS, room)
        return self.pick(self.scene.layouts if self.rng.random() < 0.85 else _LAYOUTS, room)

    def features(self, room: float) -> str:
        """A motif, a layout or both."""
        if room < 11:
            return (self.motif(room) if self.rng.random() < 0.6 else self.layout(room)).text
        both = [self.motif(room / 2), self.layout(room / 2)]
        if self.rng.random() < 0.4:
            both.reverse()
        if not both[0].listable:
            raise Unfit
        return joined([p.text for p in both])

    def list_all(self, room: float, least: int) -> str:
        """Objects, motif, layout and palette as one list, as many of them as there is room for."""
        rng = self.rng
        count = max(least, round(room / 6.5))
        share = room / count - 0.5
        items: list[str] = []
        if self.things:
            if share > 5 and rng.random() < 0.7:
                items.append(f"{self.list_objects(share - 2)} {rng.choice(lexicon.SPOTS)}")
            else:
                items += self.objects_left(share)
        colored = count > 1 and "palette" not in self.slots and rng.random() < 0.6
        kinds = [self.motif, self.layout]
        rng.shuffle(kinds)
        for kind in kinds[: max(count - bool(items) - colored, 0)]:
            chosen = kind(share)
            if not chosen.listable and count > 1:
                raise Unfit
            items.append(chosen.text)
        if colored:
            items.append(f"a palette of {self.pick(self.scene.palettes, share).text}")
        if len(items) < least:
            raise Unfit
        return joined(items)

    # The whole

    def clumsy(self, text: str) -> bool:
        """Whether a reader would stumble: chains of "with" or "while", too many places, a word said twice."""
        words = text.lower().replace(",", "").replace(":", "").rstrip(".").split()
        withs = [place for place, word in enumerate(words) if word == "with"]
        if len(withs) > 2 or (len(withs) == 2 and withs[1] - withs[0] < 9):
            return True
        if sum(word in ("while", "where", "as") for word in words) > 1 or words.count("seen") > 1:
            return True
        if any(one == other for one, other in pairwise(words)):
            return True
        if any(sum(word in lexicon.PREPOSITIONS for word in part.split()) > 4 for part in text.split(",")):
            return True
        free = set(lexicon.COMMON)
        for name in (self.name.text, self.role.design):
            free.update(name.lower().split())
        long = [word.rstrip("s") for word in words if len(word) > 4 and word not in free]
        return len(long) != len(set(long))
