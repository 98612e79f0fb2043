"""The phrase bank as the grammar needs it: every phrase counted, tagged and opened at its topic, once.

`assets/scenes.jsonl` holds phrases that fit each other. Here each becomes a Phrase: its words, what it says about
time and place (so that a night sky never meets noon light), its content words (so that nothing is said twice),
and, where it names the topic or an object, the names an intent may call it by ("party", "sequin-themed party").

    from slm.teacher.bank import load_bank
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

from intent.graph import Graph, Topic, load_graph

SCENES = Path(__file__).resolve().parents[2] / "assets" / "scenes.jsonl"

HOLE = "@"  # stands where the topic is named

# What a phrase says about time and place; phrases that contradict each other never meet.
TAGS = {
    "night": "night midnight star stars starry moon moonlit moonlight candlelit candlelight neon nightfall after-dark",
    "dusk": "dusk sunset twilight evening",
    "day": "day sunny sunlit sunlight sun noon midday morning afternoon daylight dawn sunrise daybreak blue-sky",
    "indoor": "room kitchen hall library studio office classroom loft bar shop store attic basement cellar lobby gym "
    "church indoor indoors inside parlor bedroom bathroom workshop gallery museum clinic hallway corridor salon "
    "theater stage ward lab garage warehouse cabin living-room dining-room playroom nursery fireplace",
    "outdoor": "garden patio terrace meadow beach street park field forest lake river hill hills yard lawn pier deck "
    "dunes sky trail road harbor plaza square sidewalk rooftop outdoor outdoors backyard orchard mountain sea ocean "
    "shore cliff camp tent farm pasture courtyard alley playground stadium",
    "winter": "snow snowy winter frost frosty frozen icy december january blizzard",
    "summer": "summer august july june spring may april blossom blossoming",
    "rain": "rain rainy wet storm stormy puddle puddles drizzle",
    "backdrop": "backdrop backdrops",
    "light": "light lights lit glow glowing shadow shadows lamp lamps lamplight lantern lanterns sunbeam bright dim",
}
BITS = {name: 1 << place for place, name in enumerate(TAGS)}
_BIT_OF = {word: BITS[name] for name, words in TAGS.items() for word in words.split()}
_CLASH = {
    "night": ("day", "dusk"),
    "dusk": ("day",),
    "indoor": ("outdoor",),
    "winter": ("summer",),
    "rain": ("day", "summer"),
    "backdrop": ("indoor", "outdoor", "rain", "night", "day", "dusk"),
}
CLASH = {bit: 0 for bit in BITS.values()}
for _name, _others in _CLASH.items():
    for _other in _others:
        CLASH[BITS[_name]] |= BITS[_other]
        CLASH[BITS[_other]] |= BITS[_name]

STOP = frozenset(
    "a an the of in on at to with and or for by from as is are its it his her their them him she he they this that "
    "into over under beside behind above below between near along around across against up down out off one two "
    "three four five six every each while where when who whose all some no not than then so through same own".split()
)
NUMERALS = frozenset("two three four five six seven eight nine ten eleven twelve many several both".split())
_BEFORE_NAME = STOP | NUMERALS | {"full", "single", "another", "whole", "first", "last", "next", "other", "half"}
_AFTER_NAME = frozenset(
    "with in on at for by from tied shaped wrapped made showing drawn covered painted cut under filled holding over "
    "around between seen wearing inside beside above below topped draped resting dusted ringed lit full across along "
    "near behind against during after before among".split()
)
_WORD = re.compile(r"[\w'’-]+")


def tags_of(text: str) -> int:
    """The tags of all words of a text, or-ed together."""
    bits = 0
    for word in _WORD.findall(text.lower()):
        bits |= _BIT_OF.get(word, 0)
    return bits


def clashes(tags: int) -> int:
    """All tags that contradict any of these."""
    found = 0
    for bit, others in CLASH.items():
        if tags & bit:
            found |= others
    return found


def content_of(text: str) -> frozenset[str]:
    """The words of a text that must not come twice, cut to their first letters so that plurals meet."""
    return frozenset(
        word.rstrip("s")[:7] for word in _WORD.findall(text.lower()) if len(word) > 3 and word not in STOP
    )


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase of the bank; `text` holds HOLE where the topic is named."""

    text: str
    words: int
    tags: int
    content: frozenset[str]
    plural: bool = False
    names: tuple[str, ...] = ()  # for an object: what an intent may call it; the plain name first

    @property
    def joins(self) -> bool:
        """Whether the phrase itself lists things, so that it does not go well into a list."""
        return " and " in self.text or "," in self.text


def phrase(text: str, names: tuple[str, ...] = (), plural: bool = False) -> Phrase:
    """A Phrase with its count, tags and content words worked out."""
    return Phrase(text, text.count(" ") + 1, tags_of(text), content_of(text), plural, names)


@dataclass(frozen=True, slots=True)
class Name:
    """What the topic is called: the words, how it stands in a sentence ("a", "the" or "" before it), its tags."""

    text: str
    article: str
    tags: int = 0
    kind: str = "topic"  # topic | alias | narrower | other | invented

    @property
    def noun(self) -> str:
        """The name with its article: "a farmers market"."""
        return f"{self.article} {self.text}" if self.article else self.text


@dataclass(slots=True)
class Thing:
    """An object: noun phrases of all sizes, clauses about it."""

    name: str
    phrases: list[Phrase]
    clauses: list[Phrase]


@dataclass(slots=True)
class Scene:
    """All phrases of one topic, ready to be put together."""

    topic: Topic
    names: list[Name]
    locative: str  # "at", "in", "on", "during" ... before the name; "" where nobody can be at it
    subjects: list[Phrase]
    people: list[Phrase]
    settings: list[Phrase]
    scenes: list[Phrase]
    things: list[Thing]
    purposes: list[Phrase]
    motifs: list[Phrase]
    palettes: list[Phrase]
    layouts: list[Phrase]
    styles: tuple[str, ...] = ()
    designs: tuple[str, ...] = field(default=())


def plural_form(name: str) -> str:
    """The plain English plural of a name's last word."""
    if name.endswith("y") and name[-2:-1] not in "aeiou":
        return name[:-1] + "ies"
    if name.endswith(("s", "x", "z", "ch", "sh")):
        return name + "es"
    return name + "s"


def is_plural(noun_phrase: str, name: str = "") -> bool:
    """Whether a noun phrase takes a plural verb, judged by its first words and by the name in it."""
    first, _, rest = noun_phrase.lower().partition(" ")
    if first in ("a", "an", "one", "every", "each"):
        return False
    if first in NUMERALS:
        return True
    if first.endswith("s") and not first.endswith(("ss", "us")) and rest.startswith(("of ", "with ", "holding ")):
        return True
    head = name.split()[-1] if name else noun_phrase.split()[-1]
    return head.endswith("s") and not head.endswith(("ss", "us"))


def _named(text: str, name: str) -> tuple[int, int] | None:
    """Where a text names an object: the span of the name or its plural, whole words only."""
    for form in (plural_form(name), name):
        found = re.search(rf"(?<![\w-]){re.escape(form)}(?![\w-])", text, re.IGNORECASE)
        if found:
            return found.span()
    return None


def _names(text: str, name: str) -> tuple[str, ...]:
    """What an intent may call the object of this phrase: its name, the words said, and those with modifiers."""
    span = _named(text, name)
    if span is None:
        return ()
    said = text[span[0] : span[1]]
    found = [name if name.lower() in text.lower() else said]
    if said.lower() != name.lower():
        found.append(said)
    before = text[: span[0]].split()
    longer = said
    for word in reversed(before[-2:]):
        if word.lower().strip(",") in _BEFORE_NAME or "," in word or word.endswith(("'s", "ing")):
            break
        longer = f"{word} {longer}"
        found.append(longer)
    return tuple(found)


def _sizes(text: str, name: str) -> list[str]:
    """A noun phrase whole, cut after its noun, and bare: long, middling and short."""
    span = _named(text, name)
    found = [text]
    if span:
        cut, rest = text[: span[1]], text[span[1] :].split()
        if rest and rest[0] in _AFTER_NAME:
            found.append(cut)
        words = cut.split()
        first = words[0].lower()
        size = len(text[span[0] : span[1]].split())
        if first in ("a", "an") and "of" not in words and len(words) > size + 2:
            found.append(" ".join([words[0], *words[-size - 1 :]]))
    return found


def _cut_setting(text: str) -> list[str]:
    """A setting whole, and cut before its second preposition: "on a park bench (beneath bare branches)"."""
    words = text.split()
    found = [text]
    for place in range(3, len(words)):
        if words[place] in _AFTER_NAME | {"of"}:
            if words[place] != "of" and words[place - 1] not in _AFTER_NAME:
                found.append(" ".join(words[:place]))
            break
    return found


_LOCATIVE = ("at", "in", "on", "during", "through")
_BARE_ALIAS = re.compile(r"^[a-z][a-z' -]*[a-z]$")


def _open(text: str, topic: str) -> str:
    """The text with HOLE for the topic; unchanged where it is not named word for word."""
    return re.sub(rf"(?<![\w-]){re.escape(topic)}(?![\w-])", HOLE, text, count=1, flags=re.IGNORECASE)


def _article(opened: list[str]) -> str:
    """Whether the topic is counted ("a party"), goes with "the", or stands alone, by how its phrases say it."""
    votes = {"a": 0, "the": 0, "": 0}
    for text in opened:
        before, _, after = text.partition(HOLE)
        after_word = after.split()[:1]
        if after_word and after_word[0] not in _AFTER_NAME or after.startswith(("'", "s", "-")):
            continue
        words = before.split()
        if not words:
            votes[""] += 1
        elif words[-1] in ("a", "an"):
            votes["a"] += 2
        elif words[-1] == "the":
            votes["the"] += 1
        elif words[-1] in STOP or words[-1].endswith("ing"):
            votes[""] += 1
        elif words[0] in ("a", "an") and "of" not in words and len(words) <= 3:
            votes["a"] += 0.7
    return max(votes, key=lambda article: votes[article])


def _narrower(opened: str, topic: str) -> str:
    """The longer name a phrase gives its topic: "a sequin-themed @" says "sequin-themed party"."""
    before, _, after = opened.partition(HOLE)
    words = before.split()
    mods: list[str] = []
    while words and words[-1].lower() not in _BEFORE_NAME and not words[-1].endswith(("ing", ",", "'s")):
        mods.insert(0, words.pop())
    if not words or words[-1] not in ("a", "an") or not 1 <= len(mods) <= 2:
        return ""
    follow = after.split()[:1]
    if follow and follow[0] not in _AFTER_NAME:
        return ""
    return " ".join([*mods, topic])


def _scene(row: dict, topic: Topic) -> Scene:
    """One line of the bank, opened and tagged."""
    title = row["topic"]
    opened = {key: [_open(text, title) for text in row[key]] for key in ("subject", "people", "purpose")}
    said = [text for texts in opened.values() for text in texts if HOLE in text]
    article = _article(said)
    names = [Name(title, article, tags_of(title))]
    for alias in topic.aliases:
        fits = _BARE_ALIAS.match(alias) and not alias.split()[0].endswith("ing") and len(alias) > 3
        if fits and is_plural(alias) == is_plural(title) and not alias.endswith(("ed", "ing")):
            names.append(Name(alias, article, tags_of(alias), "alias"))
    if article == "a":
        for text in said:
            name = _narrower(text, title)
            if name:
                names.append(Name(name, article, tags_of(name), "narrower"))
    locative = ""
    for text in opened["people"]:
        words = text.partition(HOLE)[0].split()
        if words and words[-1] in ("a", "an", "the"):
            words.pop()
        if words and words[-1] in _LOCATIVE and not locative:
            locative = words[-1]
    things = []
    for name, said_of in row["objects"].items():
        forms: dict[str, Phrase] = {}
        for text in said_of["phrases"]:
            for size in _sizes(text, name):
                names_of = _names(size, name)
                if names_of:
                    forms[size] = phrase(size, names_of, is_plural(size, names_of[-1]))
        counted = any(re.search(rf"\ban? (\S+ )*{re.escape(name)}(?!\S)", text) for text in said_of["phrases"])
        bare = f"a {name}" if counted and " of " not in name else ""
        if bare:
            forms[bare] = phrase(bare, (name,))
        clauses = [
            phrase(text, _names(text, name))
            for text in said_of["clauses"]
            if _names(text, name) and text.split()[0] not in ("she", "he", "her", "his", "it", "they")
        ]
        if forms:
            things.append(Thing(name, list(forms.values()), clauses))

    def framed(key: str) -> list[Phrase]:
        return [phrase(text, plural=is_plural(text)) for text in opened[key] if HOLE in text]

    return Scene(
        topic=topic,
        names=names,
        locative=locative,
        subjects=framed("subject"),
        people=framed("people"),
        settings=[phrase(cut) for text in row["setting"] for cut in _cut_setting(text)],
        scenes=[phrase(text) for text in row["scene"] if text.split()[0] not in ("she", "he", "her", "his", "it")],
        things=things,
        purposes=framed("purpose"),
        motifs=[phrase(text, plural=is_plural(text)) for text in row["motif"]],
        palettes=[phrase(text) for text in row["palette"]],
        layouts=[phrase(text, plural=is_plural(text)) for text in row["layout"]],
        styles=topic.styles,
        designs=topic.design_types,
    )


def load_bank(scenes_path: str | Path = SCENES, graph: Graph | None = None) -> list[Scene]:
    """Read the phrase bank; topics the graph does not know are left out. ValueError names a line that is not JSON."""
    graph = graph or load_graph()
    bank = []
    for number, line in enumerate(Path(scenes_path).read_text(encoding="utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise ValueError(f"{scenes_path}, line {number}: not JSON ({error})") from error
        if row["topic"] in graph.topics:
            bank.append(_scene(row, graph.topics[row["topic"]]))
    return bank
