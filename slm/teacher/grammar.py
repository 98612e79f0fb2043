"""The compositional teacher: endless intent-prompt pairs from the phrase bank, for both tasks and every length.

A wished length is drawn, then a shape that can reach it; every slot is filled with phrases that fit each other, and
the intent is whatever the sentence then says. The corpus teaches the model to write well; these pairs teach it to say
what it is told, letter by letter.

    python -m slm.teacher.grammar --n 20 --seed 1 [--task T2I] [--json]
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from intent.graph import Graph, load_graph
from slm.teacher import lexicon, shapes
from slm.teacher.bank import (
    BITS,
    CLASH,
    HOLE,
    Name,
    Phrase,
    Scene,
    Thing,
    content_of,
    open_bank,
    phrase,
    read_bank,
    tags_of,
)
from slm.teacher.cast import Cast
from slm.teacher.names import ASSETS, Usage, is_plural, read_corpus

SHORTEST, LONGEST = 6, 42

# The words a slot usually takes and the fewest it can do with, for planning a length.
SIZES: dict[str, tuple[float, float]] = {
    "S": (5, 3), "X": (5, 3), "P": (6, 4), "N": (5.5, 3), "L": (5, 3), "K": (7, 5), "A": (4, 2), "T": (3, 1), "W": (7, 5), "G": (3, 2),
    "O": (7, 2), "O2": (10, 5), "o": (5, 2), "C": (7, 5), "near": (2.3, 1), "light": (4.5, 3), "glow": (4, 3),
    "hues": (6, 4), "palette": (5, 3), "motif": (6, 4), "features": (10, 4), "also": (7, 4), "list": (13, 3), "layout": (7, 5), "purpose": (6.5, 3), "bid": (6.5, 3),
    "aside": (9, 4), "D": (3, 2), "Dt": (5, 3), "M": (3, 2), "Mt": (5, 3), "make": (1, 1), "spot": (3, 2), "ink": (4, 3), "view": (4, 3),
}  # fmt: skip


@dataclass(frozen=True)
class Pair:
    """One intent and the prompt that answers it.

    `grade`: 4 good; 3 with odd objects or names; 2 the same topic, but an object, the design type or the style is
    not in the prompt; 1 the prompt of another intent.
    """

    task: str  # "T2I" or "T2T"
    topic: str
    objects: tuple[str, ...]
    design_type: str  # "" for T2I
    style: str
    prompt: str
    grade: int


class Unfit(Exception):
    """A slot cannot be filled here; another shape is tried."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a shape: a slot, or text to choose from; `option` numbers the optional part it is in, 0 for none."""

    slot: str
    texts: tuple[str, ...]
    option: int
    size: float
    least: float


_LISTS = ("O", "O2", "aside", "list")
_TOKEN = re.compile(r"\{(\w+)\}|(\[)|(\])|\(([^)]*)\)|([^\[\](){}]+)")


class Shape:
    """One sentence shape, read from its line in shapes.py."""

    def __init__(self, line: str) -> None:
        self.parts: list[Part] = []
        option = self.options = 0
        for slot, opens, closes, choice, text in _TOKEN.findall(line):
            if slot:
                self.parts.append(Part(slot, (), option, *SIZES[slot]))
            elif opens:
                self.options += 1
                option = self.options
            elif closes:
                option = 0
            else:
                texts = tuple(choice.split("|")) if choice else (text,)
                words = len(texts[0].split()) if len(texts) > 1 or not choice else 0
                self.parts.append(Part("", texts, option, words, words))
        self.slots = frozenset(part.slot for part in self.parts if part.slot)
        self.singles = sum(part.slot in ("o", "C") for part in self.parts)
        self.lists = any(part.slot in _LISTS for part in self.parts)
        self.must_list = any(part.slot in ("O", "O2", "aside") for part in self.parts)
        self.list_option = next((part.option for part in self.parts if part.slot in _LISTS), 0)
        self.pair_listed = "O2" in self.slots
        self.least = sum(part.least for part in self.parts if not part.option)
        self.most = sum(part.size for part in self.parts) * 1.25

    def can_say(self, count: int) -> bool:
        """Whether this shape says exactly so many objects."""
        left = count - self.singles
        if left < 0 or (left and not self.lists):
            return False
        if left == 0 and self.must_list:
            return bool(self.list_option)
        return not (self.pair_listed and left == 1)


def read_shapes(block: str) -> list[Shape]:
    """All shapes of a block, one a line."""
    return [Shape(line.strip()) for line in block.strip().splitlines()]


def fitting(among: list[Shape]) -> dict[tuple[int, int, bool], list[Shape]]:
    """The shapes that can say so many words about so many objects, where one can be at the topic or not."""
    return {
        (target, count, placed): [
            shape
            for shape in among
            if shape.least <= target <= shape.most + 1
            and shape.can_say(count)
            and (placed or shape.slots.isdisjoint(("A", "W")))
        ]
        for target in range(SHORTEST, LONGEST + 1)
        for count in range(4)
        for placed in (True, False)
    }


_AN = re.compile(r"\b([Aa])n? (?=([\w'’-]+))")
_VOWEL = re.compile(
    r"(?i)(?!uni[^nm]|use|usu|uto|eu|one\b|one-|once|ukulele|ewe|ura)[aeiouéêè]|hono|hour|heir|8|11\b|18"
)
_SPELLED = re.compile(r"[AEFHILMNORSX]")


def fix_articles(text: str) -> str:
    """a or an, by the sound of the next word."""

    def one(match: re.Match[str]) -> str:
        word = match[2]
        spelled = word.isupper() and len(word) <= 4 and word not in ("NASA", "SWOT", "HIIT", "FIFA")
        return match[1] + ("n " if (_SPELLED if spelled else _VOWEL).match(word) else " ")

    return _AN.sub(one, text)


_PAGES = frozenset(lexicon.PAGES)
_MOTIFS = [phrase(text, plural=is_plural(text)) for text in lexicon.MOTIFS]
_LAYOUTS = [phrase(text) for text in lexicon.LAYOUTS]
_MARK_LAYOUTS = [phrase(text) for text in lexicon.MARK_LAYOUTS]


class _Draft:
    """One sentence being composed: what is left to say and what has been said."""

    def __init__(
        self,
        rng: random.Random,
        scene: Scene,
        name: Name,
        things: list[Thing],
        style: str,
        design: str,
        task: str,
    ):
        self.rng, self.scene, self.name, self.things = rng, scene, name, list(things)
        self.style, self.design, self.task = style, design, task
        self.style_due = bool(style)
        self.slots: set[str] = set()  # those of the parts taken
        self.adorns = False  # the style goes before the topic's name
        self.tags = name.tags
        self.said: set[str] = {*name.content, *content_of(style)}
        self.objects: list[str] = []
        self.plural = False

    def pick(self, phrases: list[Phrase], room: float) -> Phrase:
        """A phrase near the room it may take that contradicts and repeats nothing said before."""
        barred = CLASH[self.tags]
        fits = [p for p in phrases if not p.tags & barred and self.said.isdisjoint(p.content)]
        if not fits:
            raise Unfit
        small = [p for p in fits if p.words <= room + 1]
        if small:
            best = max(p.words for p in small) - 2
            chosen = self.rng.choice([p for p in small if p.words >= best])
        else:
            chosen = min(fits, key=lambda p: p.words)
        self.tags |= chosen.tags
        self.said |= chosen.content
        self.plural = chosen.plural
        return chosen

    def framed(self, phrases: list[Phrase], room: float) -> str:
        """A phrase of the bank that names the topic, with the name wished."""
        if self.name.origin and self.rng.random() < 0.5:
            for own in phrases:
                if own.text == self.name.origin:
                    self.tags |= own.tags
                    self.said |= own.content
                    self.plural = own.plural
                    return own.text.replace(HOLE, self.scene.names[0].text)
        if not self.name.framed:
            raise Unfit
        if self.name.content:
            phrases = [p for p in phrases if p.open]
        chosen = self.pick(phrases, room)
        return chosen.text.replace(
            HOLE, self.adorned() if chosen.text.startswith(f"a {HOLE}") else self.name.text
        )

    def adorned(self) -> str:
        """The topic's name, after the style where that is its place."""
        if self.adorns and self.style_due:
            self.style_due = False
            return f"{self.style} {self.name.text}"
        return self.name.text

    def topic(self) -> str:
        """The topic as a noun phrase."""
        if self.name.article is None:
            raise Unfit
        return f"{self.name.article} {self.adorned()}" if self.name.article else self.name.text

    def place(self) -> str:
        """ "at a farmers market" """
        if not self.name.locative:
            raise Unfit
        return f"{self.name.locative} {self.topic()}"

    def object(self, room: float, clause: bool = False, listed: bool = False) -> str:
        """The next object, as a noun phrase or in a clause."""
        if not self.things:
            raise Unfit
        thing = self.things.pop(0)
        said, self.said = self.said, self.said - content_of(thing.name)
        among = thing.clauses if clause else [p for p in thing.phrases if p.listable or not listed]
        chosen = self.pick(among, room)
        self.said |= said
        self.objects.append(chosen.names[0] if self.rng.random() < 0.55 else self.rng.choice(chosen.names))
        return chosen.text

    def list_objects(self, room: float) -> str:
        """All objects not yet said, joined; with a comma before "and" where one of them is long."""
        count = len(self.things)
        if not count:
            raise Unfit
        listed = [self.object(room / count - 0.5, listed=count > 1) for _ in range(count)]
        self.plural = self.plural or count > 1
        return " and ".join(listed) if count < 3 else f"{', '.join(listed[:-1])} and {listed[-1]}"

    def fill(self, slot: str, room: float) -> str:
        """The words of a slot, near the room it may take. Raises Unfit."""
        rng, scene = self.rng, self.scene
        if slot == "N":
            slot = rng.choice("SP")
        match slot:
            case "X":
                if self.name.locative or self.name.article != "a":
                    raise Unfit
                return self.framed(scene.subjects, room)
            case "S":
                return self.framed(scene.subjects, room)
            case "P":
                return self.framed(scene.people, room)
            case "L":
                settings = scene.settings
                if self.slots & {"K", "C", "G"}:
                    settings = [p for p in settings if not p.tags & BITS["backdrop"]]
                text = self.pick(settings, room).text
                if self.name.locative and text.startswith(self.name.locative + " ") and "A" in self.slots:
                    raise Unfit
                return text
            case "K":
                if self.tags & BITS["backdrop"]:
                    raise Unfit
                return self.pick(scene.scenes, room).text
            case "A":
                return self.place()
            case "T":
                if self.design and self.name.text.lower().endswith(self.design.lower()):
                    raise Unfit
                return self.topic()
            case "W":
                if not self.name.locative or not self.name.article:
                    raise Unfit
                return f"{rng.choice(lexicon.PARTS)} of {self.topic()}"
            case "G":
                return rng.choice(lexicon.GROUPS)
            case "o":
                return self.object(room)
            case "C":
                return self.object(room, clause=True)
            case "O" | "O2":
                return self.list_objects(room)
            case "aside":
                chained = len(self.things) > 2 or (len(self.things) > 1 and rng.random() < 0.3)
                return f"{'with ' if chained else ''}{self.list_objects(room - 3)} {rng.choice(lexicon.NEAR)}"
            case "near":
                return rng.choice(lexicon.NEAR)
            case "light":
                return self.light(lexicon.LIGHTS)
            case "glow":
                return self.light(lexicon.GLOWS)
            case "hues":
                return f"in {self.pick(scene.palettes, room).text}"
            case "palette":
                return self.pick(scene.palettes, room).text
            case "motif":
                return self.motif(room).text
            case "layout":
                return self.layout(room).text
            case "features":
                if room < 11:
                    return (self.motif(room) if rng.random() < 0.6 else self.layout(room)).text
                both = [self.motif(room / 2), self.layout(room / 2)]
                if rng.random() < 0.4:
                    both.reverse()
                if not both[0].listable:
                    raise Unfit
                return f"{both[0].text} and {both[1].text}"
            case "also":
                if room < 11:
                    joint = "and" if len(self.objects) == 1 else "plus"
                    return (
                        f" {joint} {self.motif(room).text if rng.random() < 0.6 else self.layout(room).text}"
                    )
                return f", {self.motif(room / 2).text} and {self.layout(room / 2).text}"
            case "list":
                return self.features(room)
            case "purpose":
                return self.purpose(room)
            case "bid":
                first, _, rest = self.purpose(room).partition(" ")
                if first not in lexicon.BIDS:
                    raise Unfit
                return f"{lexicon.BIDS[first]} {rest}"
            case "D":
                return self.styled(self.design_noun())
            case "Dt":
                if self.design and self.name.text.lower().endswith(self.design.lower()):
                    return self.styled(self.name.text)
                return self.styled(f"{self.name.text} {self.design_noun()}")
            case "M":
                return self.styled(rng.choice(self.media(lexicon.MEDIA_ANY)))
            case "Mt":
                return self.styled(f"{self.name.text} {rng.choice(self.media(lexicon.MEDIA_TOPIC))}")
            case "make":
                return rng.choice(lexicon.MAKE)
            case "spot":
                return rng.choice(lexicon.SPOTS)
            case "ink":
                return rng.choice(lexicon.INKS)
            case "view":
                return rng.choice(lexicon.VIEWS)
        raise KeyError(slot)

    def light(self, lights: dict[str, tuple[str, ...]]) -> str:
        """Light that the time and place allow."""
        if self.tags & (BITS["light"] | BITS["night"] | BITS["dusk"] | BITS["rain"]):
            raise Unfit
        kinds = [kind for kind in ("backdrop", "indoor", "outdoor") if self.tags & BITS[kind]] or ["any"]
        text = self.rng.choice(lights[self.rng.choice([*kinds, "any"])])
        self.tags |= tags_of(text) | BITS["light"]
        return text

    def media(self, usual: tuple[str, ...]) -> tuple[str, ...]:
        """The media that go with the style."""
        return lexicon.MEDIA_PLAIN if self.style in lexicon.DRAWN_STYLES else usual

    def styled(self, noun: str) -> str:
        """ "a rustic watercolor" """
        style = f"{self.style} " if self.style_due and not self.adorns else ""
        if style:
            self.style_due = False
        return f"a {style}{noun}"

    def features(self, room: float) -> str:
        """Objects, motif, layout and palette as one list, as many of them as there is room for."""
        rng = self.rng
        kinds = ["motif", "layout"]
        rng.shuffle(kinds)
        count = max(1, round(room / 6.5)) - bool(self.things)
        colored = count > 1 and "palette" not in self.slots and rng.random() < 0.6
        share = room / max(1, count + bool(self.things)) - 0.5
        items = []
        if self.things:
            placed = f" {rng.choice(lexicon.SPOTS)}" if share > 5 and rng.random() < 0.7 else ""
            items.append(f"{self.list_objects(share - 2 * bool(placed))}{placed}")
        for kind in kinds[: max(count - colored, 0)]:
            chosen = self.motif(share) if kind == "motif" else self.layout(share)
            if not chosen.listable and count > 1:
                raise Unfit
            items.append(chosen.text)
        if colored:
            items.append(f"a palette of {self.pick(self.scene.palettes, share).text}")
        if not items:
            raise Unfit
        return " and ".join(items) if len(items) < 3 else f"{', '.join(items[:-1])} and {items[-1]}"

    def motif(self, room: float) -> Phrase:
        """A graphic element and where it goes."""
        return self.pick(self.scene.motifs if self.rng.random() < 0.85 else _MOTIFS, room)

    def layout(self, room: float) -> Phrase:
        """Type and arrangement; for logos and their like there is hardly any text to arrange."""
        if self.design.lower().split()[-1:] and self.design.lower().split()[-1] in lexicon.MARKS:
            return self.pick(_MARK_LAYOUTS, room)
        return self.pick(self.scene.layouts if self.rng.random() < 0.85 else _LAYOUTS, room)

    def design_noun(self) -> str:
        """The design type as one writes it: "Instagram post"."""
        words = (self.design or self.rng.choice(lexicon.NO_DESIGN)).split()
        return " ".join(lexicon.BRANDS.get(word, word) for word in words)

    def purpose(self, room: float) -> str:
        """A purpose that this kind of design can have."""
        head = (self.design or "design").split()[-1].lower()
        may = lexicon.DOES.get(head, ())
        if head in lexicon.STILL or self.design in ("business card", "loyalty card", "gift card"):
            may = ("for",)
        fits = []
        for p in self.scene.purposes:
            words = p.text.split()
            if (not may or words[0] in may) and not _PAGES.intersection(words):
                fits.append(p)
        return self.framed(fits, room)


class Grammar:
    """All that is needed to compose pairs: the phrase bank, opened once, names from elsewhere, and the shapes.

    `skip_topics`: names (any case) that no pair may have as its topic; their phrases are not used either.
    """

    def __init__(
        self,
        scenes_path: str | Path = ASSETS / "scenes.jsonl",
        graph: Graph | None = None,
        skip_topics: frozenset[str] = frozenset(),
    ) -> None:
        skipped = {topic.lower() for topic in skip_topics}
        graph = graph or load_graph()
        rows = read_bank(scenes_path)
        wishes, sentences = read_corpus()
        usage = Usage(
            sentences + [text for row in rows for said in row["objects"].values() for text in said["phrases"]]
        )
        scenes = [
            scene for scene in open_bank(rows, graph, usage) if scene.topic.topic.lower() not in skipped
        ]
        for scene in scenes:
            scene.names = [name for name in scene.names if name.text.lower() not in skipped]
        self.cast = Cast(
            scenes, [wish for wish in wishes if wish.topic.lower() not in skipped], usage, skipped
        )
        self.pictures = [
            read_shapes(shapes.PICTURE_PHRASES),
            read_shapes(shapes.PICTURE_CLAUSES),
            read_shapes(shapes.PICTURE_MEDIA),
        ]
        self.templates = read_shapes(shapes.TEMPLATES)
        self.fitting = {id(among): fitting(among) for among in (*self.pictures, self.templates)}

    def pairs(self, seed: int) -> Iterator[Pair]:
        """Endless pairs, the same for the same seed."""
        rng = random.Random(seed)
        last: dict[str, Pair] = {}
        while True:
            task = "T2I" if rng.random() < 0.55 else "T2T"
            pair = self.compose(rng, task)
            chance = rng.random()
            if chance < 0.02 and task in last and last[task].topic != pair.topic:
                other = last[task]
                yield Pair(task, other.topic, other.objects, other.design_type, other.style, pair.prompt, 1)
            elif chance < 0.08:
                yield self.incomplete(rng, pair)
            else:
                yield pair
            last[task] = pair

    def incomplete(self, rng: random.Random, pair: Pair) -> Pair:
        """The pair with something in its intent that the prompt does not say."""
        said = pair.prompt.lower()
        objects, design, style = pair.objects, pair.design_type, pair.style
        if rng.random() < 0.35 and not style:
            style = rng.choice(lexicon.ANY_STYLES)
        elif rng.random() < 0.3 and not design and pair.task == "T2T":
            design = rng.choice(lexicon.ANY_DESIGNS)
        else:
            objects = (*objects[:2], rng.choice(rng.choice(self.cast.scenes).things).name)
        if any(
            new.lower() in said
            for new in {*objects, design, style} - {*pair.objects, pair.design_type, pair.style}
        ):
            return pair
        return Pair(pair.task, pair.topic, objects, design, style, pair.prompt, 2)

    def compose(self, rng: random.Random, task: str) -> Pair:
        """One pair of the task that says all of its intent: grade 4, or 3 where a name or an object is odd."""
        target = rng.randint(SHORTEST, LONGEST)
        while True:
            try:
                pair = self.attempt(rng, task, target)
            except Unfit:
                continue
            if pair is not None:
                return pair

    def attempt(self, rng: random.Random, task: str, target: int) -> Pair | None:
        """One try at a pair near the wished length; None where it came out wrong."""
        most = 3 if target > 13 else 2 if target > 8 else 1
        if task == "T2I":
            count = min(most, rng.choice((1, 1, 2, 2, 2, 2, 2, 3, 3, 0) if target > 8 else (0, 1, 1, 2)))
        else:
            count = min(most, rng.choice((0, 0, 0, 1, 1, 1, 2, 2)))
        role = self.cast.role(rng, task, count)
        draft = _Draft(rng, role.scene, role.name, role.things, role.style, role.design, task)
        if task == "T2T":
            among = self.templates
        elif role.name.framed or role.name.locative:
            among = rng.choices(self.pictures, (5, 4, 2.5))[0]
        else:
            among = self.pictures[2]
        shape = self.shape(rng, among, target, draft)
        text = self.realise(rng, shape, draft, target, among)
        if draft.things or draft.style_due or self.clumsy(text, draft):
            return None
        length = text.count(" ") + 1
        if not SHORTEST <= length <= LONGEST or abs(length - target) > 4:
            return None
        rng.shuffle(draft.objects)
        grade = 3 if role.name.odd or any(thing.odd for thing in role.things) else 4
        return Pair(task, role.name.text, tuple(draft.objects), role.design, role.style, text, grade)

    def shape(self, rng: random.Random, among: list[Shape], target: int, draft: _Draft) -> Shape:
        """A shape that can say these objects in about the wished number of words."""
        fits = self.fitting[id(among)][target, len(draft.things), bool(draft.name.locative)]
        if not fits:
            raise Unfit
        if draft.things and rng.random() < 0.25:
            return rng.choice([shape for shape in fits if "C" in shape.slots] or fits)
        return rng.choice(fits)

    def realise(
        self, rng: random.Random, shape: Shape, draft: _Draft, target: int, among: list[Shape]
    ) -> str:
        """The shape in words: set its lead, choose its optional parts by the wished length, fill, join, tidy."""
        parts = self.lead(rng, shape, draft, target, among) + shape.parts
        taken = {0}
        if len(draft.things) > shape.singles:
            taken.add(shape.list_option)
        barred = {shape.list_option} - taken
        total = sum(part.size for part in parts if part.option in taken)
        for option in rng.sample(range(1, shape.options + 1), shape.options):
            if option not in taken and option not in barred:
                more = sum(part.size for part in parts if part.option == option)
                if total + more <= target + 2:
                    taken.add(option)
                    total += more
        draft.slots = {part.slot for part in parts if part.option in taken}
        rest, due = float(target), total
        out: list[str] = []
        for part in parts:
            if part.option not in taken:
                continue
            if part.slot:
                said = draft.fill(part.slot, rest * part.size / max(due, 1.0))
            elif part.texts in (("s",), ("es",)):
                said = "" if draft.plural else part.texts[0]
            else:
                said = rng.choice(part.texts)
            out.append(said)
            rest -= said.count(" ") + 1 if part.slot else part.size
            due -= part.size
        sentence = fix_articles("".join(out))
        return sentence[0].upper() + sentence[1:] + "."

    def lead(
        self, rng: random.Random, shape: Shape, draft: _Draft, target: int, among: list[Shape]
    ) -> list[Part]:
        """What goes before the shape, and where the style is said: in a medium, or before the topic's name."""
        own = bool(shape.slots & {"M", "Mt", "D", "Dt"})
        if draft.style and not (own and rng.random() < 0.75):
            can = (
                draft.name.article == "a"
                and draft.style in lexicon.MOOD_STYLES
                and shape.slots & {"A", "T", "W"}
            )
            draft.adorns = bool(can) and rng.random() < 0.6
        if own or (draft.adorns and rng.random() < 0.7):
            return []
        if not (draft.style_due and not draft.adorns) and (target < 9 or rng.random() < 0.6):
            return []
        leads = shapes.LEADS_PHRASE if among is self.pictures[0] else shapes.LEADS_CLAUSE
        if draft.style_due and not draft.adorns:
            leads = tuple(lead for lead in leads if "{M}" in lead)
        return Shape(rng.choice(leads)).parts

    @staticmethod
    def clumsy(text: str, draft: _Draft) -> bool:
        """Whether a reader would stumble: chains of "with" or "while", a word said twice."""
        words = text.lower().replace(",", "").replace(":", "").rstrip(".").split()
        withs = [place for place, word in enumerate(words) if word == "with"]
        if any(after - before < 9 for before, after in zip(withs, withs[1:], strict=False)) or len(withs) > 2:
            return True
        if sum(word in ("while", "where", "as") for word in words) > 1:
            return True
        named = {
            word
            for name in (draft.name.text, draft.style, draft.design, *draft.objects)
            for word in name.lower().split()
        }
        long = [
            word.rstrip("s") for word in words if len(word) > 4 and word not in named and word not in _COMMON
        ]
        return len(long) != len(set(long))


_COMMON = frozenset(
    [
        "three",
        "against",
        "between",
        "behind",
        "beside",
        "around",
        "below",
        "above",
        "title",
        "headline",
        "along",
        "across",
        "under",
    ]
)


def main() -> None:
    """Print samples."""
    parser = argparse.ArgumentParser(description="Print pairs of the compositional teacher.")
    parser.add_argument("--n", type=int, default=20, help="how many pairs")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--task", choices=("T2I", "T2T"), help="only this task")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    options = parser.parse_args()
    wanted = (pair for pair in Grammar().pairs(options.seed) if options.task in (None, pair.task))
    for _, pair in zip(range(options.n), wanted, strict=False):
        if options.json:
            print(json.dumps(asdict(pair), ensure_ascii=False))
        else:
            about = " | ".join([pair.task, pair.topic, "; ".join(pair.objects), pair.design_type, pair.style])
            print(f"[{pair.grade}] {about}\n    {pair.prompt}  ({len(pair.prompt.split())})")


if __name__ == "__main__":
    main()
