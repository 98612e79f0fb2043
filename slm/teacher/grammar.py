"""The compositional teacher: endless intent-prompt pairs from the phrase bank, for both tasks and every length.

A wished length is drawn, a shape that can reach it, then every slot is filled with phrases that fit each other,
the intent being whatever the sentence then says. The corpus teaches the model to write well; these pairs teach it
to say what it is told, letter by letter.

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

from intent.graph import Graph
from slm.teacher import shapes
from slm.teacher.bank import BITS, HOLE, SCENES, Name, Phrase, Scene, Thing, clashes, load_bank, tags_of

SHORTEST, LONGEST = 6, 42

# Words a slot usually takes and the fewest it can do with, for planning a length.
SIZES = {
    "S": (5, 3), "P": (6, 4), "N": (5.5, 3), "L": (5, 3), "K": (7, 5), "A": (4, 2), "T": (3, 1), "t": (2, 1),
    "Q": (4, 3), "O": (7, 2), "o": (5, 2), "C": (7, 5), "light": (4.5, 3), "palette": (5, 3), "motif": (6, 4),
    "layout": (7, 5), "purpose": (6.5, 3), "D": (3, 2), "Dt": (4.5, 3), "M": (3, 2), "make": (1, 1),
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


@dataclass(frozen=True)
class Shape:
    """One sentence shape: its parts as (text or slot, is a slot, number of its optional part or 0)."""

    parts: tuple[tuple[str, bool, int], ...]
    slots: frozenset[str]
    singles: int  # objects it takes one by one
    options: int


_TOKEN = re.compile(r"\{(\w+)\}|(\[)|(\])|\(([^)]*)\)|([^\[\](){}]+)")


def read_shape(line: str) -> Shape:
    """A shape from its line in shapes.py. Choices in brackets stay in their text and are drawn at composition."""
    parts: list[tuple[str, bool, int]] = []
    option = count = 0
    for slot, opens, closes, choice, text in _TOKEN.findall(line):
        if slot:
            parts.append((slot, True, option))
        elif opens:
            count += 1
            option = count
        elif closes:
            option = 0
        else:
            parts.append((f"({choice})" if choice else text, False, option))
    slots = [part[0] for part in parts if part[1]]
    singles = sum(1 for text, slot, opt in parts if slot and text in ("o", "C"))
    return Shape(tuple(parts), frozenset(slots), singles, count)


def read_shapes(block: str) -> list[Shape]:
    """All shapes of a block, one a line."""
    return [read_shape(line.strip()) for line in block.strip().splitlines()]


class Unfit(Exception):
    """A slot could not be filled; another shape is tried."""


_AN = re.compile(r"\b([Aa])n? (?=([\w'’-]+))")
_VOWEL = re.compile(r"(?i)(?!uni(?!m|n)|use|usu|euro|one\b|one-|once|ukulele|uk|ut[ie]|eu|ewe)[aeiou]|hono|hour|heir|8")
_SPELLED = re.compile(r"[AEFHILMNORSX](?:[A-Z0-9]+\b|\b)")


def fix_articles(text: str) -> str:
    """a or an, by the sound of the next word."""

    def one(match: re.Match[str]) -> str:
        word = match[2]
        spelled = word.isupper() and len(word) <= 4
        vowel = _SPELLED.match(word) if spelled else _VOWEL.match(word)
        return match[1] + ("n " if vowel else " ")

    return _AN.sub(one, text)


class _Draft:
    """One sentence being composed: what is left to say, what has been said, and how many words remain."""

    def __init__(self, rng: random.Random, scene: Scene, name: Name, things: list[Thing], style: str, design: str):
        self.rng, self.scene, self.name = rng, scene, name
        self.things, self.style, self.design = list(things), style, design
        self.style_due = bool(style)
        self.tags = name.tags
        self.said: set[str] = set()
        self.objects: list[str] = []
        self.plural = False

    # Each slot's filler takes the number of words it may use and returns its text.

    def pick(self, phrases: list[Phrase], room: float) -> Phrase:
        """A phrase near the room it may take that contradicts and repeats nothing said before."""
        barred = clashes(self.tags)
        fits = [p for p in phrases if not p.tags & barred and not p.content & self.said]
        if not fits:
            raise Unfit
        small = [p for p in fits if p.words <= room + 1] or [min(fits, key=lambda p: p.words)]
        best = max(p.words for p in small)
        near = [p for p in small if p.words >= best - 2]
        chosen = self.rng.choice(near)
        self.tags |= chosen.tags
        self.said |= chosen.content
        self.plural = chosen.plural
        return chosen

    def framed(self, phrases: list[Phrase], room: float) -> str:
        chosen = self.pick(phrases, room)
        return chosen.text.replace(HOLE, self.adorned() if f"a {HOLE}" in chosen.text else self.name.text)

    def adorned(self) -> str:
        """The topic's name, with the style before it where the style is still to be said."""
        if self.style_due and self.name.article == "a" and self.rng.random() < 0.5:
            self.style_due = False
            return f"{self.style} {self.name.text}"
        return self.name.text

    def topic(self) -> str:
        return f"{self.name.article} {self.adorned()}" if self.name.article else self.name.text

    def object(self, room: float, clause: bool = False) -> str:
        thing = self.things.pop(0)
        said = self.said
        self.said = said - {p[:7] for p in thing.name.split()}
        chosen = self.pick(thing.clauses if clause else thing.phrases, room)
        self.said |= said
        called = chosen.names[0] if self.rng.random() < 0.55 else self.rng.choice(chosen.names)
        self.objects.append(called)
        return chosen.text

    def fill(self, slot: str, room: float) -> str:
        rng, scene = self.rng, self.scene
        if slot == "N":
            slot = rng.choice("SP")
        if slot == "S":
            return self.framed(scene.subjects, room)
        if slot == "P":
            return self.framed(scene.people, room)
        if slot == "L":
            return self.pick(scene.settings, room).text
        if slot == "K":
            return self.pick(scene.scenes, room).text
        if slot == "A":
            if not scene.locative:
                raise Unfit
            return f"{scene.locative} {self.topic()}"
        if slot == "T":
            return self.topic()
        if slot == "t":
            return self.name.text
        if slot in ("o", "C"):
            if not self.things:
                raise Unfit
            return self.object(room, slot == "C")
        if slot == "O":
            if not self.things:
                raise Unfit
            share = room / len(self.things)
            listed = [self.object(share - 1) for _ in range(len(self.things))]
            if len(listed) > 1 and any(" and " in text for text in listed):
                raise Unfit
            self.plural = self.plural or len(listed) > 1
            return " and ".join(listed) if len(listed) < 3 else f"{', '.join(listed[:-1])} and {listed[-1]}"
        if slot == "light":
            return self.light(room)
        if slot == "M":
            return self.medium()
        if slot == "palette":
            return self.pick(scene.palettes, room).text if self.design else f"in {self.pick(scene.palettes, room).text}"
        if slot == "motif":
            return self.pick(scene.motifs, room).text
        if slot == "layout":
            return self.pick(scene.layouts, room).text
        if slot == "purpose":
            return self.purpose(room)
        if slot == "D":
            return self.designed("")
        if slot == "Dt":
            return self.designed(f"{self.name.text} ")
        if slot == "make":
            return rng.choice(shapes.MAKE)
        raise KeyError(slot)

    def light(self, room: float) -> str:
        if self.tags & (BITS["light"] | BITS["night"] | BITS["dusk"] | BITS["rain"]):
            raise Unfit
        for kind in ("backdrop", "indoor", "outdoor"):
            if self.tags & BITS[kind]:
                if kind == "outdoor" and self.tags & BITS["day"]:
                    break
                text = self.rng.choice(shapes.LIGHTS[kind])
                break
        else:
            text = self.rng.choice(shapes.LIGHTS["any"])
        if kind == "outdoor" and self.tags & BITS["day"]:
            text = self.rng.choice(shapes.LIGHTS["any"])
        self.tags |= tags_of(text)
        return text

    def medium(self) -> str:
        media = shapes.MEDIA["plain"] if self.style in shapes.DRAWN_STYLES else shapes.MEDIA[""]
        noun = self.rng.choice(media.split())
        if self.style_due:
            self.style_due = False
            return f"a {self.style} {noun}"
        return f"a {noun}"

    def purpose(self, room: float) -> str:
        last = (self.design or "design").split()[-1].lower()
        may: tuple[str, ...] = ()
        if last == "invitation":
            may = shapes.DOES["invitation"]
        elif last == "card" and self.design != "business card":
            may = shapes.DOES["card"]
        elif last in shapes.STILL or last == "card":
            may = shapes.DOES["still"]
        fits = [p for p in self.scene.purposes if not may or p.text.split()[0] in may]
        return self.framed(fits, room)

    def designed(self, of: str) -> str:
        noun = self.design or self.rng.choice(shapes.NO_DESIGN)
        style = f"{self.style} " if self.style_due else ""
        self.style_due = False
        return f"a {style}{of}{noun}"


_CHOICE = re.compile(r"\(([^()]*)\)")
_VERB = re.compile(r"\b(\w+)\((e?s)\)")


class Grammar:
    """All that is needed to compose pairs: the phrase bank, opened once, and the shapes.

    `skip_topics`: names (any case) that no pair may have as its topic; their phrases are not used either.
    """

    def __init__(
        self, scenes_path: str | Path = SCENES, graph: Graph | None = None, skip_topics: frozenset[str] = frozenset()
    ) -> None:
        skipped = {topic.lower() for topic in skip_topics}
        self.scenes = [s for s in load_bank(scenes_path, graph) if s.topic.topic.lower() not in skipped]
        for scene in self.scenes:
            scene.names = [name for name in scene.names if name.text.lower() not in skipped]
        self.pictures = [
            *read_shapes(shapes.PICTURE_PHRASES),
            *read_shapes(shapes.PICTURE_CLAUSES),
            *read_shapes(shapes.PICTURE_MEDIUM),
        ]
        self.templates = read_shapes(shapes.TEMPLATES)

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
        scene = rng.choice(self.scenes)
        said = pair.prompt.lower()
        if rng.random() < 0.3 and not pair.style:
            style = rng.choice(shapes.ANY_STYLES)
            if style not in said:
                return Pair(pair.task, pair.topic, pair.objects, pair.design_type, style, pair.prompt, 2)
        thing = rng.choice(scene.things).name
        if thing.lower() in said:
            return pair
        return Pair(pair.task, pair.topic, (*pair.objects[:2], thing), pair.design_type, pair.style, pair.prompt, 2)

    def compose(self, rng: random.Random, task: str) -> Pair:
        """One good pair of the task."""
        target = rng.randint(SHORTEST + 1, LONGEST - 1)
        while True:
            scene = rng.choice(self.scenes)
            name = self.name(rng, scene)
            try:
                pair = self.attempt(rng, task, scene, name, target)
            except Unfit:
                continue
            if pair is not None:
                return pair

    def name(self, rng: random.Random, scene: Scene) -> Name:
        """The topic's own name in six of ten, else an alias or a narrower name."""
        if len(scene.names) == 1 or rng.random() < 0.6:
            return scene.names[0]
        return rng.choice(scene.names[1:])

    def attempt(self, rng: random.Random, task: str, scene: Scene, name: Name, target: int) -> Pair | None:
        """One try at a pair near the wished length."""
        most = 3 if target > 13 else 2 if target > 8 else 1
        if task == "T2I":
            count = min(most, rng.choice((1, 1, 2, 2, 2, 2, 2, 3, 3, 0) if target > 8 else (0, 1, 1, 2)))
        else:
            count = min(most, rng.choice((0, 0, 0, 1, 1, 1, 2, 2)))
        things = rng.sample(scene.things, min(count, len(scene.things)))
        style = ""
        if rng.random() < 0.5:
            style = rng.choice(scene.styles) if scene.styles and rng.random() < 0.6 else rng.choice(shapes.ANY_STYLES)
        design = ""
        if task == "T2T" and rng.random() < 0.92:
            design = (
                rng.choice(scene.designs) if scene.designs and rng.random() < 0.6 else rng.choice(shapes.ANY_DESIGNS)
            )
        draft = _Draft(rng, scene, name, things, style, design)
        shape = self.shape(rng, self.pictures if task == "T2I" else self.templates, target, things, bool(style), scene)
        if task == "T2T":
            draft.design = design
        text = self.realise(rng, shape, draft, target)
        if draft.things or draft.style_due or text.count(" with ") > (1 if target < 24 else 2):
            return None
        length = len(text.split())
        if not SHORTEST <= length <= LONGEST or abs(length - target) > 4:
            return None
        return Pair(task, name.text, tuple(draft.objects), design, style, text, 4)

    def shape(
        self, rng: random.Random, among: list[Shape], target: int, things: list[Thing], styled: bool, scene: Scene
    ) -> Shape:
        """A shape that can say these objects in about the wished number of words."""
        for _ in range(40):
            shape = rng.choice(among)
            if ("A" in shape.slots and not scene.locative) or shape.singles > len(things):
                continue
            if bool(things) and "O" not in shape.slots and shape.singles != len(things):
                continue
            if "O" in shape.slots and shape.singles == len(things) and not self.optional_o(shape):
                continue
            least = sum(SIZES[t][1] if s else len(t.split()) for t, s, o in shape.parts if not o)
            most = sum(SIZES[t][0] * 1.3 if s else len(t.split()) for t, s, o in shape.parts)
            if least <= target <= most + 2:
                return shape
        raise Unfit

    @staticmethod
    def optional_o(shape: Shape) -> bool:
        return all(option for text, slot, option in shape.parts if slot and text == "O")

    def realise(self, rng: random.Random, shape: Shape, draft: _Draft, target: int) -> str:
        """The shape in words: choose its optional parts by the wished length, fill, join, tidy."""

        def size(text: str, slot: bool) -> float:
            return SIZES[text][0] if slot else len(_CHOICE.sub("x", text).split())

        taken = {0}
        total = sum(size(t, s) for t, s, o in shape.parts if not o)
        options = list(range(1, shape.options + 1))
        rng.shuffle(options)
        left = len(draft.things) - sum(1 for t, s, o in shape.parts if s and not o and t in ("o", "C"))
        objects_need = [o for t, s, o in shape.parts if s and t == "O" and o]
        if objects_need and left > 0:
            taken.add(objects_need[0])
            total += sum(size(t, s) for t, s, o in shape.parts if o == objects_need[0])
        for option in options:
            if option in taken or option in objects_need:
                continue
            more = sum(size(t, s) for t, s, o in shape.parts if o == option)
            if total + more <= target + 2:
                taken.add(option)
                total += more
        parts = [(t, s) for t, s, o in shape.parts if o in taken]
        rest_typical = total
        rest = float(target)
        out: list[str] = []
        for text, slot in parts:
            typical = size(text, slot)
            if slot:
                said = draft.fill(text, rest * typical / max(rest_typical, 1))
            else:
                said = text
                if text.startswith("("):
                    options_in = text[1:-1].split("|")
                    if options_in in (["s"], ["es"]):
                        said = "" if draft.plural else options_in[0]
                    else:
                        said = rng.choice(options_in)
            out.append(said)
            rest -= len(said.split())
            rest_typical -= typical
        sentence = fix_articles("".join(out).strip())
        return sentence[0].upper() + sentence[1:] + "."


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
