"""The compositional teacher: endless intent-prompt pairs from the phrase bank, both tasks, every length.

A wished length is drawn, then a shape that can reach it; every slot is filled with phrases that fit each
other, and the intent is whatever the sentence then says. The corpus teaches the model to write well; these
pairs teach it to say what it is told, letter by letter.

    python -m slm.teacher.grammar --n 20 --seed 1 [--task T2I] [--json]
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from intent.graph import Graph, load_graph
from slm.teacher import lexicon, shapes
from slm.teacher.bank import Name, open_bank, read_bank
from slm.teacher.cast import Cast
from slm.teacher.draft import Draft, Unfit
from slm.teacher.names import ASSETS, Usage, fix_articles, read_corpus
from slm.teacher.shapes import LISTS, Part, Shape, read_shapes

SHORTEST, LONGEST = 6, 42
OTHER, INCOMPLETE = 0.02, 0.06  # shares of grades 1 and 2
STILL = 0.5  # share of the pictures of known things that only show them


@dataclass(frozen=True)
class Pair:
    """One intent and the prompt that answers it.

    `grade`: 4 good; 3 with odd objects or names that the sentence may not suit; 2 the same topic, but an
    object, the design type or the style is not in the prompt; 1 the prompt of another intent.
    """

    task: str  # "T2I" or "T2T"
    topic: str
    objects: tuple[str, ...]
    design_type: str  # "" for T2I
    style: str
    prompt: str
    grade: int


class Family:
    """Shapes that may have the same leads, sorted by what they can say."""

    def __init__(self, block: str, leads: tuple[str, ...] = ()) -> None:
        self.shapes = read_shapes(block)
        self.leads = [Shape(lead) for lead in leads]
        self.fitting = {
            (target, count, placed): [
                shape for shape in self.shapes if self._fits(shape, target, count, placed)
            ]
            for target in range(SHORTEST, LONGEST + 1)
            for count in range(4)
            for placed in (True, False)
        }

    @staticmethod
    def _fits(shape: Shape, target: int, count: int, placed: bool) -> bool:
        """Whether a shape can say so many words about so many objects; `placed`: one can be at the topic."""
        if not shape.can_say(count) or not shape.least <= target <= shape.most:
            return False
        return placed or shape.slots.isdisjoint(("A", "W"))

    def shape(self, rng: random.Random, target: int, count: int, name: Name) -> Shape:
        """A shape for these: mostly one that shows the topic rather than naming it ("a ramen picture"), at
        times one that says an object in a clause. Raises Unfit.
        """
        fits = self.fitting[target, count, bool(name.locative)]
        if (name.framed or name.locative) and rng.random() < (0.7 if target > 11 else 0.95):
            fits = [shape for shape in fits if "Mt" not in shape.slots] or fits
        if count and rng.random() < 0.25:
            fits = [shape for shape in fits if "C" in shape.slots] or fits
        if not fits:
            raise Unfit
        return rng.choice(fits)


class Grammar:
    """All that is needed to compose pairs: the phrase bank, names from elsewhere, and the shapes.

    `skip_topics`: names (any case) that no pair may have as its topic; their phrases are not used either.
    """

    def __init__(
        self,
        scenes_path: str | Path = ASSETS / "scenes.jsonl",
        graph: Graph | None = None,
        skip_topics: frozenset[str] = frozenset(),
    ) -> None:
        skipped = {topic.lower() for topic in skip_topics}
        rows = read_bank(scenes_path)
        wishes, sentences = read_corpus()
        sentences += [text for row in rows for said in row["objects"].values() for text in said["phrases"]]
        usage = Usage(sentences)
        scenes = open_bank(
            [row for row in rows if row["topic"].lower() not in skipped], graph or load_graph(), usage
        )
        wishes = [wish for wish in wishes if wish.topic.lower() not in skipped]
        self.cast = Cast(scenes, wishes, usage, skipped)
        self.phrases = Family(shapes.PICTURE_PHRASES, shapes.LEADS_PHRASE)
        self.clauses = Family(shapes.PICTURE_CLAUSES, shapes.LEADS_CLAUSE)
        self.media = Family(shapes.PICTURE_MEDIA)
        self.stills = Family(shapes.PICTURE_STILLS, shapes.LEADS_PHRASE)
        self.templates = Family(shapes.TEMPLATES)

    def pairs(self, seed: int) -> Iterator[Pair]:
        """Endless pairs, the same for the same seed."""
        rng = random.Random(seed)
        last: dict[str, Pair] = {}
        while True:
            task = "T2I" if rng.random() < 0.55 else "T2T"
            pair = self.compose(rng, task)
            chance = rng.random()
            if chance < OTHER and task in last and last[task].topic != pair.topic:
                yield replace(last[task], prompt=pair.prompt, grade=1)
            elif chance < OTHER + INCOMPLETE:
                yield self.incomplete(rng, pair)
            else:
                yield pair
            last[task] = pair

    def incomplete(self, rng: random.Random, pair: Pair) -> Pair:
        """The pair with something in its intent that the prompt does not say; else as it is."""
        if rng.random() < 0.35 and not pair.style:
            new = rng.choice(lexicon.ANY_STYLES)
            wider = replace(pair, style=new, grade=2)
        elif rng.random() < 0.4 and not pair.design_type and pair.task == "T2T":
            new = rng.choice(lexicon.ANY_DESIGNS)
            wider = replace(pair, design_type=new, grade=2)
        else:
            new = rng.choice(rng.choice(self.cast.scenes).things).name
            wider = replace(pair, objects=(*pair.objects[:2], new), grade=2)
        return pair if new.lower() in pair.prompt.lower() else wider

    def compose(self, rng: random.Random, task: str) -> Pair:
        """One pair that says all of its intent: grade 4, or 3 where something odd is not merely shown."""
        target = min(rng.randint(SHORTEST, LONGEST + 1), LONGEST)  # the longest seldom come out as planned
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
        counts = (0, 0, 0, 1, 1, 1, 2, 2) if task == "T2T" else (0, 1, 1, 2, 2, 2, 2, 2, 3, 3)
        role = self.cast.role(rng, task, min(most, rng.choice(counts)))
        draft = Draft(rng, role)
        odd = role.name.odd or any(thing.odd for thing in role.things)
        if task == "T2T":
            family = self.templates
        elif role.things and (odd or not role.name.framed or rng.random() < STILL):
            family = self.stills
        elif role.name.framed or role.name.locative:
            media = 2.5 if target > 11 else 0  # too little room there to show both a medium and the topic
            family = rng.choices((self.phrases, self.clauses, self.media), (5, 4, media))[0]
        elif target < 12 and rng.random() < 0.6:
            raise Unfit  # "a btc picture of a graph" shows little
        else:
            family = self.media  # the only shapes that name a topic which is no noun phrase
        shape = family.shape(rng, target, len(role.things), role.name)
        text = self.realise(shape, self.lead(rng, shape, family, draft, target), draft, target)
        length = text.count(" ") + 1
        if draft.things or draft.style_due or draft.clumsy(text):
            return None
        if not SHORTEST <= length <= LONGEST or abs(length - target) > 4:
            return None
        rng.shuffle(draft.objects)
        grade = 3 if odd and family is not self.stills else 4
        return Pair(task, role.name.text, tuple(draft.objects), role.design, role.style, text, grade)

    @staticmethod
    def lead(rng: random.Random, shape: Shape, family: Family, draft: Draft, target: int) -> list[Part]:
        """What goes before a shape; here it is decided where the style is said: in a medium or a name."""
        carries = not shape.slots.isdisjoint(("M", "Mt", "D", "Dt"))
        if draft.style_due and not (carries and rng.random() < 0.75):
            moody = draft.role.style in lexicon.MOOD_STYLES and draft.name.article == "a"
            draft.adorns = moody and not shape.slots.isdisjoint(("A", "T", "W")) and rng.random() < 0.6
        if carries or not family.leads or (draft.adorns and rng.random() < 0.7):
            return []
        must = draft.style_due and not draft.adorns
        if not must and (target < 9 or rng.random() < 0.6):
            return []
        if shape.parts[0].slot == "L" or len(shape.parts[0].texts) > 1:  # no "in a sketch, in a garden, ..."
            if must:
                raise Unfit
            return []
        return rng.choice([lead for lead in family.leads if not must or "M" in lead.slots]).parts

    @staticmethod
    def realise(shape: Shape, lead: list[Part], draft: Draft, target: int) -> str:
        """The shape in words: choose its optional parts by the wished length, fill, join, tidy."""
        rng = draft.rng
        parts = lead + shape.parts
        taken = {0}
        left = len(draft.things) - shape.singles
        if left > 0:
            taken.add(shape.list_option)
            parts = [replace(part, size=part.listing(left)) if part.slot in LISTS else part for part in parts]
        total = sum(part.size for part in parts if part.option in taken)
        for option in rng.sample(range(1, shape.options + 1), shape.options):
            if option not in taken and option != shape.list_option:
                more = sum(part.size for part in parts if part.option == option)
                if total + more <= target + 2:
                    taken.add(option)
                    total += more
        parts = [part for part in parts if part.option in taken]
        draft.slots = {part.slot for part in parts}
        rest, due = float(target), total
        out: list[str] = []
        for part in parts:
            if part.slot:
                said = draft.fill(part.slot, rest * part.size / max(due, 1.0))
            elif part.texts in (("s",), ("es",)):
                said = "" if draft.plural else part.texts[0]
            else:
                said = rng.choice(part.texts)
            out.append(said)
            rest -= len(said.split())
            due -= part.size
        sentence = "".join(out)
        headline = parts[0].slot in ("M", "Mt", "D", "Dt") and not any(
            " shows " in t or "opens" in t for t in out
        )
        if headline and rng.random() < 0.4:
            sentence = sentence.removeprefix("a ")  # "Rustic watercolor of ..."
        sentence = fix_articles(sentence)
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
