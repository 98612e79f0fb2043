"""Casting: what a pair is about: the topic and the name it goes by, objects, style, design type.

In nearly half of the pairs the name is not the topic's own: an alias, a narrower name, a topic of the
corpus, a name from elsewhere or an invented one: the model is to copy names, not to know them.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, replace

from intent.graph import Topic
from slm.teacher import lexicon, names
from slm.teacher.bank import Name, Phrase, Scene, Thing, content_of, phrase, tags_of
from slm.teacher.names import Usage, Wish, head_of, is_plural, locative

# How often a name of the graph is the topic's own; how often one is of the corpus, or from elsewhere.
OWN, CORPUS, STRAY, ELSEWHERE = 0.55, 0.1, 0.04, 0.08
EVENTS = frozenset(
    ("celebration", "party", "holiday", "life event", "community", "education", "business", "retail")
)
ODD_OBJECT = 0.06


@dataclass(frozen=True)
class Role:
    """What one pair is about."""

    scene: Scene
    name: Name
    things: list[Thing]
    style: str
    design: str


class Cast:
    """Draws roles from the scenes of the bank, the intents of the corpus and invented names."""

    def __init__(self, scenes: list[Scene], wishes: list[Wish], usage: Usage, skipped: set[str]) -> None:
        self.scenes, self.usage, self.skipped = scenes, usage, skipped
        by_topic = {scene.topic.topic.lower(): scene for scene in scenes}
        styles: dict[str, set[str]] = {topic: set(scene.topic.styles) for topic, scene in by_topic.items()}
        of_kind: dict[str, set[str]] = {}
        self.kin: dict[tuple[str, str | None, str], list[Scene]] = {}
        for scene in scenes:
            name = scene.names[0]
            self.kin.setdefault((scene.topic.category, name.article, name.locative), []).append(scene)
        self.headed: list[tuple[Scene, Wish]] = []  # corpus topics that are a narrower topic of the bank
        self.strays: list[Wish] = []
        for wish in wishes:
            words = wish.topic.lower().split()
            if wish.topic.lower() in by_topic:
                styles[wish.topic.lower()].update(wish.styles)
                of_kind.setdefault(by_topic[wish.topic.lower()].topic.category, set()).update(wish.styles)
                continue
            tails = (" ".join(words[place:]) for place in range(1, len(words)))
            near = next((by_topic[tail] for tail in tails if tail in by_topic), None)
            if near and head_of(wish.topic) == words[-1]:
                self.headed.append((near, wish))
                of_kind.setdefault(near.topic.category, set()).update(wish.styles)
            elif usage.known(wish.topic) and len(words) <= 4:
                self.strays.append(wish)
        self.stage = self.empty_stage()
        self.art = names.read_art()
        self.styles = {topic: sorted(found) for topic, found in styles.items()}
        self.styles_of_kind = {kind: sorted(found) for kind, found in of_kind.items()}  # what the corpus has
        used = Counter(design for wish in wishes for design in wish.designs)
        self.all_designs = sorted(design for design, times in used.items() if times > 2)

    def role(self, rng: random.Random, task: str, count: int) -> Role:
        """What a pair is about, with so many objects where the topic has them."""
        scene = rng.choice(self.scenes)
        chance = rng.random()
        wish: Wish | None = None
        if chance < CORPUS:
            scene, wish = rng.choice(self.headed)
            name = self.corpus_name(scene, wish.topic)
        elif chance < CORPUS + STRAY:
            scene, wish = self.stage, rng.choice(self.strays)
            name = self.stray_name(wish.topic)
        else:
            name = self.name(rng, scene)
        if scene is self.stage and wish:
            things = [self.plain_thing(rng, name) for name in wish.objects[:count]]
        else:
            things = rng.sample(scene.things, min(count, len(scene.things)))
        for place in range(len(things)):
            if wish and place < len(wish.objects) and rng.random() < 0.6:
                things[place] = self.plain_thing(rng, wish.objects[place])
            elif rng.random() < ODD_OBJECT:
                things[place] = self.odd_thing(rng)
        rng.shuffle(things)
        said = set(name.text.lower().split())
        things = [thing for thing in things if not said.issuperset(thing.name.lower().split())]
        if len({thing.name for thing in things}) < len(things):
            things = things[:1]
        style = self.style(rng, scene, wish)
        if not set(name.text.lower().replace("-", " ").split()).isdisjoint(style.lower().split()):
            style = ""
        if not name.framed and name.locative:  # the places of a thing do not suit an occasion made of it
            scene = replace(scene, settings=self.stage.settings, scenes=self.stage.scenes)
        return Role(scene, name, things, style, self.design(rng, scene, wish) if task == "T2T" else "")

    def name(self, rng: random.Random, scene: Scene) -> Name:
        """A name for the topic of a scene: its own in half of the cases."""
        own = scene.names[0]
        if rng.random() < OWN:
            return own
        aliases = [name for name in scene.names[1:] if not name.origin]
        narrower = [name for name in scene.names[1:] if name.origin]
        made = [rng.choice(found) for found in (aliases, narrower, narrower) if found]
        made += [self.worded(rng, scene), self.headed_name(rng, scene)]
        if rng.random() < ELSEWHERE:
            made = [self.elsewhere(rng, scene)]
        made = [name for name in made if name is not own and name.text.lower() not in self.skipped]
        return rng.choice(made) if made else own

    def worded(self, rng: random.Random, scene: Scene) -> Name:
        """A narrower name by a word before it: "weekend farmers market", "Brindleford carnival"."""
        own = scene.names[0]
        if own.article == "a" and own.locative in ("at", "in"):
            words = lexicon.EVENT_WORDS if scene.topic.category in EVENTS else lexicon.PLACE_WORDS
        elif not own.article and own.text.islower() and scene.topic.category in lexicon.EVENT_KINDS:
            words = lexicon.ACTIVITY_WORDS
        else:
            return own
        word = rng.choice(words) if rng.random() < 0.75 else names.invent_place(rng)
        if word.lower() in own.text.lower():
            return own
        return replace(
            own, text=f"{word} {own.text}", tags=own.tags | tags_of(word), content=content_of(word)
        )

    def headed_name(self, rng: random.Random, scene: Scene) -> Name:
        """An occasion or a place made of a thing: "ramen night", "ceramics stall"."""
        own, category = scene.names[0], scene.topic.category
        if own.locative or not own.text.islower() or own.text.count(" ") > 1 or is_plural(own.text):
            return own
        if category not in lexicon.EVENT_KINDS:
            return own
        placed = category in lexicon.PLACE_KINDS and rng.random() < 0.4
        text = f"{own.text} {rng.choice(lexicon.PLACE_HEADS if placed else lexicon.EVENT_HEADS)}"
        return Name(
            text, "a", "at", framed=False, tags=tags_of(text), content=content_of(text) - content_of(own.text)
        )

    def elsewhere(self, rng: random.Random, scene: Scene) -> Name:
        """A name nobody would expect here: of a like topic, of another language, or invented."""
        own = scene.names[0]
        kind = rng.random()
        if kind < 0.4 and scene.topic.category in EVENTS:
            kin = self.kin[scene.topic.category, own.article, own.locative]
            other = rng.choice(kin).names[0]
            return own if other is own else replace(other, odd=True, content=content_of(other.text))
        if own.article != "a" or own.locative not in ("at", "in"):
            return replace(own, text=names.invent(rng), odd=True)
        if kind < 0.6:
            text = rng.choice(lexicon.FOREIGN_EVENTS if own.locative == "at" else lexicon.FOREIGN_PLACES)
        elif kind < 0.8:
            text = f"{names.invent_place(rng)} {own.text.split()[-1]}"
        else:
            text = names.invent(rng)
        return replace(own, text=text, odd=True, content=content_of(text))

    def corpus_name(self, scene: Scene, topic: str) -> Name:
        """The name of a corpus topic that is a narrower topic of this scene."""
        own = scene.names[0]
        more = content_of(topic) - content_of(own.text)
        placed = locative(topic) == "at" and topic.split()[-1].islower() and not is_plural(topic)
        if not own.article and (placed or self.usage.counted(topic)):
            return Name(topic, "a", locative(topic), framed=False, tags=tags_of(topic), content=more)
        return replace(own, text=topic, tags=tags_of(topic), content=more)

    def stray_name(self, topic: str) -> Name:
        """The name of a corpus topic that the bank knows nothing about."""
        article = "a" if self.usage.counted(topic) else ""
        place = locative(topic)
        return Name(topic, article, place, bool(article and place == "at"), odd=True, tags=tags_of(topic))

    @staticmethod
    def empty_stage() -> Scene:
        """A scene of phrases that fit anything."""

        def phrases(texts: tuple[str, ...]) -> list[Phrase]:
            return [phrase(text, plural=is_plural(text)) for text in texts]

        topic = Topic("", "", (), (), (), (), (), (), (), ())
        return Scene(
            topic,
            names=[],
            subjects=phrases(lexicon.STAGE_SUBJECTS),
            people=phrases(lexicon.STAGE_PEOPLE),
            settings=phrases(lexicon.STAGE_SETTINGS),
            scenes=phrases(lexicon.STAGE_SCENES),
            things=[],
            purposes=phrases(lexicon.STAGE_PURPOSES),
            motifs=phrases(lexicon.MOTIFS),
            palettes=phrases(lexicon.PALETTES),
            layouts=phrases(lexicon.LAYOUTS),
        )

    def plain_thing(self, rng: random.Random, name: str) -> Thing:
        """An object of the corpus: as it is, or with a look."""
        texts = [self.usage.noun(name)]
        if self.usage.counted(name) and " " not in name:
            texts.append(f"a {rng.choice(lexicon.LOOKS)} {name}")
        return Thing(name, [self._phrase(text, name) for text in texts], [])

    def odd_thing(self, rng: random.Random) -> Thing:
        """An object from another topic, of a drawing, or invented."""
        kind = rng.random()
        if kind < 0.35:
            name = names.invent(rng)
            makes = rng.sample(lexicon.MAKES, 3)
            texts = [make.format(name) for make in makes]
        else:
            name = rng.choice(self.art) if kind < 0.6 else rng.choice(rng.choice(self.scenes).things).name
            noun = self.usage.noun(name) if self.usage.known(name) or is_plural(name) else f"a {name}"
            if self.usage.counted(name) and " " not in name and rng.random() < 0.5:
                noun = f"a {rng.choice(lexicon.LOOKS)} {name}"
            texts = [noun]
        return Thing(name, [self._phrase(text, name) for text in texts], [], odd=True)

    @staticmethod
    def _phrase(text: str, name: str) -> Phrase:
        """A phrase for an object from elsewhere; with a look before it, the look may belong to the name."""
        before = text[: text.find(name)].split()
        names_of = (name, f"{before[-1]} {name}") if before and before[-1] in lexicon.LOOKS else (name,)
        return phrase(text, names_of, is_plural(text, name))

    def style(self, rng: random.Random, scene: Scene, wish: Wish | None) -> str:
        """A style for half of the pairs: the topic's own, one of its kind, or one that fits everything."""
        if rng.random() < 0.5:
            return ""
        if wish and wish.styles and rng.random() < 0.6:
            return wish.styles[0]
        chance = rng.random()
        if chance < 0.5:
            usual = self.styles.get(scene.topic.topic.lower())
        else:
            usual = self.styles_of_kind.get(scene.topic.category) if chance < 0.58 else None
        return rng.choice(usual or lexicon.ANY_STYLES)

    def design(self, rng: random.Random, scene: Scene, wish: Wish | None) -> str:
        """A design type, or none."""
        chance = rng.random()
        if chance < 0.07:
            return ""
        if wish and wish.designs:
            return wish.designs[0]
        if chance < 0.1:
            return rng.choice(self.all_designs)
        if chance < 0.6 and scene.topic.design_types:
            return rng.choice(scene.topic.design_types)
        if scene.names and scene.names[0].locative == "at" and rng.random() < 0.2:
            return rng.choice(lexicon.EVENT_DESIGNS)
        return rng.choice(lexicon.ANY_DESIGNS)
