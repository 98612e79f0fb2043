"""The phrase bank as the grammar needs it: every phrase counted, tagged and opened at its topic, once.

`assets/scenes.jsonl` holds phrases that fit each other. Here each becomes a Phrase: its words, what it says
about time and place (so that a night sky never meets noon light), its content words (so that nothing is
said twice), and, where it names the topic or an object, the names an intent may call it by ("party",
"sequin-themed party").
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path

from intent.graph import Graph, Topic
from slm.teacher import lexicon
from slm.teacher.lexicon import NOUN_ENDS, NUMERALS, STOP
from slm.teacher.names import Usage, head_of, is_plural, locative, plural_form

HOLE = "@"  # stands where the topic is named

BITS = {name: 1 << place for place, name in enumerate(lexicon.TAGS)}
_BIT_OF = {word: BITS[name] for name, words in lexicon.TAGS.items() for word in words}


def _all_clashes() -> list[int]:
    """For every set of tags, all those that contradict it; phrases that contradict each other never meet."""
    pairs = [(BITS[one], BITS[other]) for one, other in lexicon.CLASHES]
    found = [0] * (1 << len(BITS))
    for tags in range(len(found)):
        for one, other in pairs:
            found[tags] |= (other if tags & one else 0) | (one if tags & other else 0)
    return found


CLASH = _all_clashes()
_BEFORE_NAME = STOP | NUMERALS | lexicon.words("full single another whole first last next other half")
_WORD = re.compile(r"[\w'’-]+")


def tags_of(text: str) -> int:
    """The tags of all words of a text, or-ed together."""
    bits = 0
    for word in text.lower().replace("-", " ").replace(",", "").split():
        bits |= _BIT_OF.get(word, 0)
    return bits


def content_of(text: str) -> frozenset[str]:
    """The words of a text that must not come twice, cut short so that "bloom" and "blooms" meet."""
    return frozenset(
        word.rstrip("s")[:6] for word in _WORD.findall(text.lower()) if len(word) > 3 and word not in STOP
    )


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase; `text` holds HOLE where the topic is named."""

    text: str
    words: int
    tags: int
    content: frozenset[str]
    plural: bool = False
    names: tuple[str, ...] = ()  # for an object: what an intent may call it; the plain name first
    listable: bool = True  # no list in itself, so that it may stand in one
    open: bool = (
        False  # the topic stands in it as a noun phrase of its own, so that a long name may replace it
    )


def phrase(text: str, names: tuple[str, ...] = (), plural: bool = False) -> Phrase:
    """A Phrase with its count, tags and content words worked out."""
    listable = " and " not in text and "," not in text
    before, hole, after = text.partition(HOLE)
    opens = before.split()[-2:]
    alone = not opens or opens[-1] in STOP or (opens[-1].endswith("ing") and opens[0] not in ("a", "an"))
    free = bool(hole) and alone and (after.split() or ["in"])[0] in NOUN_ENDS
    return Phrase(text, text.count(" ") + 1, tags_of(text), content_of(text), plural, names, listable, free)


@dataclass(frozen=True, slots=True)
class Name:
    """What the topic is called, and how that stands in a sentence."""

    text: str
    article: str | None  # "a", "the", "" or None where the name is no noun phrase ("turning five")
    locative: str = ""  # "at", "in" ... where people can be at it
    framed: bool = True  # may take the topic's place in the phrases of the bank
    odd: bool = False  # nobody would expect it here: an invented word, a name from elsewhere
    origin: str = ""  # the phrase it was found in, as opened; there it is not put in place of the topic
    tags: int = 0
    content: frozenset[str] = frozenset()  # its words beyond those of the topic

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
    odd: bool = False


@dataclass(slots=True)
class Scene:
    """All phrases of one topic, ready to be put together."""

    topic: Topic
    names: list[Name]  # its own first, then aliases, then narrower ones
    subjects: list[Phrase]
    people: list[Phrase]
    settings: list[Phrase]
    scenes: list[Phrase]
    things: list[Thing]
    purposes: list[Phrase]
    motifs: list[Phrase]
    palettes: list[Phrase]
    layouts: list[Phrase]


def _named(text: str, name: str) -> tuple[int, int] | None:
    """Where a text names an object: the span of its plural or its name, whole words only."""
    lower = f" {text.lower()} "
    for form in (plural_form(name), name):
        for end in " ,'":
            start = lower.find(f" {form.lower()}{end}")
            if start >= 0:
                return start, start + len(form)
    return None


def _names(text: str, name: str, span: tuple[int, int]) -> tuple[str, ...]:
    """What an intent may call the object of this phrase: its name, the words said, and those with
    modifiers.
    """
    said = text[span[0] : span[1]]
    found = [name if name.lower() in text.lower() else said]
    if said.lower() != name.lower():
        found.append(said)
    after = text[span[1] :].split()[:1]
    if after and after[0] not in NOUN_ENDS:
        return tuple(found)
    longer = said
    for word in reversed(text[: span[0]].split()[-2:]):
        if word.lower() in _BEFORE_NAME or word.endswith((",", "'s", "ing")):
            break
        longer = f"{word} {longer}"
        found.append(longer)
    return tuple(found)


def _sizes(text: str, span: tuple[int, int]) -> list[str]:
    """A noun phrase whole, cut after its noun, and with its last modifier only: long, middling and short."""
    found = [text]
    cut, rest = text[: span[1]], text[span[1] :].split()
    if (rest and rest[0] not in NOUN_ENDS) or " and " in cut:
        return found
    found.append(cut)
    words, said = cut.split(), text[span[0] : span[1]]
    size = len(said.split())
    if (
        words[0] in ("a", "an")
        and "of" not in words
        and len(words) > size + 2
        and not is_plural(said)
        and words[-size - 1] not in STOP
        and not words[-size - 1].endswith("ing")
    ):
        found.append(" ".join([words[0], *words[-size - 1 :]]))
    return found


def _thing(name: str, said: dict, usage: Usage) -> Thing | None:
    """An object of the bank with all sizes of its phrases."""
    forms: dict[str, Phrase] = {}
    for text in said["phrases"]:
        span = _named(text, name)
        for size in _sizes(text, span) if span else ():
            forms[size] = phrase(
                size, _names(size, name, _named(size, name) or (0, 0)), is_plural(size, name)
            )
    if not name.endswith("ing"):
        if usage.counted(name):
            forms[f"a {name}"] = phrase(f"a {name}", (name,))
        elif is_plural(name) or usage.known(name):
            forms[name] = phrase(name, (name,), is_plural(name))
    clauses = []
    for text in said["clauses"]:
        span = _named(text, name)
        if span and text.split()[0] not in lexicon.PRONOUNS:
            clauses.append(phrase(text, _names(text, name, span)))
    return Thing(name, list(forms.values()), clauses) if forms else None


def _cut_setting(text: str) -> list[str]:
    """A setting whole, and cut before its second preposition: "on a park bench (beneath bare branches)"."""
    words = text.split()
    for place in range(3, len(words)):
        if words[place] in STOP - {"and", "its", "the", "a", "an", "of"}:
            before = words[place - 1]
            if before.endswith(("ed", "ing", "en", "by")) or before in lexicon.PARTICIPLES:
                break
            return [text, " ".join(words[:place])]
        if words[place] == "of":
            break
    return [text]


def _setting(text: str) -> Phrase:
    """A setting; "against a plain wall" is a backdrop, whatever it is called."""
    found = phrase(text)
    return replace(found, tags=found.tags | BITS["backdrop"]) if text.startswith("against ") else found


def _open(text: str, topic: str) -> str:
    """The text with HOLE for the topic; unchanged where it is not named word for word."""
    start = f" {text.lower()} ".find(f" {topic.lower()} ")
    return text if start < 0 else text[:start] + HOLE + text[start + len(topic) :]


def _article(opened: list[str], title: str, usage: Usage) -> str:
    """Whether the topic is counted ("a party"), goes with "the", or stands alone, by how its phrases say
    it.
    """
    votes = {"a": 0.0, "the": 0.0, "": 0.0}
    for text in opened:
        before, _, after = text.partition(HOLE)
        follow = after.split()[:1]
        if follow and follow[0] not in NOUN_ENDS:
            continue
        words = before.split()
        if not words:
            votes[""] += 2
        elif words[-1] in ("a", "an"):
            votes["a"] += 2
        elif words[-1] == "the":
            votes["the"] += 1
        elif (words[-1] in STOP and words[-1] not in lexicon.PRONOUNS) or words[-1].endswith("ing"):
            votes[""] += 2
    votes["a" if usage.counted(title) else ""] += 1
    return max(votes, key=lambda article: votes[article])


def _narrower(opened: str, topic: str) -> str:
    """The longer name a phrase gives its topic: "a sequin-themed @" says "sequin-themed party"."""
    before, _, after = opened.partition(HOLE)
    words = before.split()
    mods: list[str] = []
    while words and words[-1].lower() not in _BEFORE_NAME and not words[-1].endswith(("ing", ",", "'s")):
        mods.insert(0, words.pop())
    follow = after.split()[:1]
    if (
        not words
        or words[-1] not in ("a", "an")
        or not 1 <= len(mods) <= 2
        or (follow and follow[0] not in NOUN_ENDS)
    ):
        return ""
    return " ".join([*mods, topic])


def _alias(alias: str, topic: Topic, own: Name, usage: Usage) -> Name:
    """Another name of a topic. It may take the topic's place in the phrases of the bank where it stands in a
    sentence alike and means the same: with the same noun, or in kinds of topics where names are exchanged.
    """
    holiday = topic.category == "holiday"
    dated = holiday and alias.split()[-1] in (
        "day",
        "eve",
        "week",
        "month",
        "night",
        "monday",
        "sunday",
        "friday",
    )
    noun = usage.known(alias) and not alias[0].isdigit() and not alias.split()[0].endswith("ing")
    foreign = holiday and not noun  # "pi mai lao": a name as good as the topic's own
    place = locative(alias)
    event = place == "at" and alias.split()[-1] not in lexicon.BARE_EVENTS and not is_plural(alias)
    article = "a" if not (dated or foreign) and (event or usage.counted(alias)) else ""
    same = head_of(alias) == head_of(own.text) or holiday or topic.category in lexicon.EVENT_KINDS
    alike = article == own.article and is_plural(alias) == is_plural(own.text)
    framed = (noun or foreign) and alike and same
    if not place and framed and own.locative:
        place = "at"
    return Name(
        alias,
        article if noun or foreign else None,
        place if (noun or foreign) and (framed or article == "a") else "",
        framed,
        tags=tags_of(alias),
        content=content_of(alias) - content_of(own.text),
    )


def _topic_names(topic: Topic, opened: dict[str, list[str]], usage: Usage) -> list[Name]:
    """The topic's own name, its aliases, and the narrower names its phrases give it."""
    title = topic.topic
    said = [text for texts in opened.values() for text in texts if HOLE in text]
    article = _article(said, title, usage)
    meal = topic.category == "food and drink" and not article  # one is not "at tea" there
    names = [Name(title, article, "" if meal else locative(title), tags=tags_of(title))]
    for alias in topic.aliases:
        if not alias.startswith(("a ", "an ", "the ")):
            names.append(_alias(alias, topic, names[0], usage))
    if article == "a":
        for text in said:
            name = _narrower(text, title)
            if name:
                more = content_of(name) - content_of(title)
                names.append(Name(name, "a", locative(title), origin=text, tags=tags_of(name), content=more))
    return names


def _scene(row: dict, topic: Topic, usage: Usage) -> Scene:
    """One line of the bank, opened and tagged."""
    opened = {
        key: [_open(text, topic.topic) for text in row[key]] for key in ("subject", "people", "purpose")
    }

    def framed(key: str) -> list[Phrase]:
        return [phrase(text, plural=is_plural(text)) for text in opened[key] if HOLE in text]

    def phrases(key: str) -> list[Phrase]:
        return [phrase(text, plural=is_plural(text)) for text in row[key]]

    things = [_thing(name, said, usage) for name, said in row["objects"].items()]
    return Scene(
        topic=topic,
        names=_topic_names(topic, opened, usage),
        subjects=framed("subject"),
        people=framed("people"),
        settings=[_setting(cut) for text in row["setting"] for cut in _cut_setting(text)],
        scenes=[phrase(text) for text in row["scene"] if text.split()[0] not in lexicon.PRONOUNS],
        things=[thing for thing in things if thing],
        purposes=framed("purpose"),
        motifs=phrases("motif"),
        palettes=phrases("palette"),
        layouts=phrases("layout"),
    )


def read_bank(path: str | Path) -> list[dict]:
    """The lines of the phrase bank. ValueError names a line that is not JSON."""
    rows = []
    for number, line in enumerate(Path(path).read_text(encoding="utf-8").splitlines(), 1):
        try:
            rows.append(json.loads(line))
        except json.JSONDecodeError as error:
            raise ValueError(f"{path}, line {number}: not JSON ({error})") from error
    return rows


def open_bank(rows: list[dict], graph: Graph, usage: Usage) -> list[Scene]:
    """The scenes of all lines whose topic the graph knows."""
    return [_scene(row, graph.topics[row["topic"]], usage) for row in rows if row["topic"] in graph.topics]
