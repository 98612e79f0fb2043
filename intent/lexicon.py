"""The phrases and words that speak for topics, things, design types and styles, and finding them in a text.

All of it is data: the graph, telltale phrases (assets/telltales.txt), lines as people write them
(assets/sayings.txt), the corpus, the art's names. A phrase found counts whole; each single word votes for
the topics in whose lines it stands, the more the rarer it is.
"""

from __future__ import annotations

import csv
import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from intent.graph import ASSETS, Graph, GraphError, key, normalise, singular

LONGEST_PHRASE = 9  # words
# What speaks for a topic: words of its names, sayings and things; phrases that name or betray it.
FEATURES = ("words of its names", "words of its sayings", "words of its things", "named", "betrayed")
_FIELDS = 3  # the first three
_NAMED = {"topic": 3, "alias": 3, "cue": 4, "telltale": 4}  # column of a whole phrase by its kind

STOP = frozenset(
    """
    a an and are as at be been but by can do for from get had has have he her here his how i if in into
    is it its just let like me more most my no not of off on one or our out over she so than that the
    their them then there they this to too up us was we were what when where who why will with you your
    yours im youre dont isnt all any every some new only very see come join bring please pls til till
    until am pm st nd rd th
    """.split()  # noqa: SIM905  (a list of words reads better as text)
)


@dataclass(frozen=True)
class Match:
    """A phrase found in the text: what it names, and where (word numbers)."""

    kind: str  # topic, alias, cue, telltale, object, design, style
    value: str
    start: int
    end: int


class Lexicon:
    """Owns the phrases, the votes of all words, and how often English words occur."""

    def __init__(self, graph: Graph, sayings: dict[str, list[str]] | None = None) -> None:
        """`sayings`: lines by topic, the shipped ones by default (fitting leaves some out)."""
        self.graph = graph
        self.telltales = load_phrases(ASSETS / "telltales.txt", graph, ", ")
        self.sayings = load_phrases(ASSETS / "sayings.txt", graph, " | ") if sayings is None else sayings
        self.names = [*graph.topics, *(name for name in self.telltales if name not in graph.topics)]
        self.numbers = {name: number for number, name in enumerate(self.names)}
        self.phrases: dict[str, list[tuple[str, str]]] = defaultdict(list)
        headers = load_headers()
        for kind, phrase, value in self._entries(headers):
            known = self.phrases[key(phrase)]
            alone = kind in ("object", "design", "style")  # one name for a thing, whatever its number
            if (kind, value) not in known and not (alone and any(entry[0] == kind for entry in known)):
                known.append((kind, value))
        self.phrases.pop("", None)
        self.counts = self._count(headers)
        self.votes, self.rarity = self._learn_votes()

    def _entries(self, headers: list[dict]) -> Iterator[tuple[str, str, str]]:
        """Every (kind, phrase, what it names)."""
        for topic in self.graph.topics.values():
            yield "topic", topic.topic, topic.topic
            fields = {"alias": topic.aliases, "cue": topic.cues}
            yield from ((kind, phrase, topic.topic) for kind, all_ in fields.items() for phrase in all_)
            things = {"object": topic.objects, "design": topic.design_types, "style": topic.styles}
            yield from ((kind, thing, thing) for kind, all_ in things.items() for thing in all_)
        for name, telltales in self.telltales.items():
            if name not in self.graph.topics:
                yield "topic", name, name
            yield from (("telltale", phrase, name) for phrase in telltales)
        yield from (("object", thing, thing) for row in headers for thing in row["objects"])
        for kind, field in (("design", "design_type"), ("style", "style")):
            for value, count in Counter(row[field] for row in headers).items():
                if value and count >= 5:
                    yield kind, value, value.lower()
        with (ASSETS / "art" / "art.csv").open(encoding="utf-8", newline="") as file:
            yield from (("object", art["name"], art["name"]) for art in csv.DictReader(file))

    def _count(self, headers: list[dict]) -> Counter[str]:
        """How often each English word occurs in the corpus, in the singular; phrases count once."""
        counts: Counter[str] = Counter()
        for row in headers:
            for prompt in row["prompts"]:
                words = (word.strip(".,;:'\"") for word in prompt.split() if word.islower())
                counts.update(singular(word) for word in words)
        for phrase in self.phrases:
            counts.update(phrase.split())
        return counts

    def _learn_votes(self) -> tuple[dict[str, tuple[np.ndarray, np.ndarray]], dict[str, float]]:
        """For every word its topics with strengths (topics, _FIELDS), and how rare it is, 0..1."""
        sums: dict[str, dict[int, np.ndarray]] = defaultdict(dict)
        for number, name in enumerate(self.names):
            for column, phrases in enumerate(self._fields(name)):
                for phrase in phrases:
                    words = {word for word in key(phrase).split() if word not in STOP}
                    for word in words:
                        row = sums[word].setdefault(number, np.zeros(_FIELDS, dtype=np.float32))
                        row[column] += len(words) ** -0.5
        votes, rarity = {}, {}
        for word, topics in sums.items():
            rare = math.log(1 + len(self.names) / len(topics)) / math.log(1 + len(self.names))
            strength = np.minimum(np.stack(list(topics.values())), 2)
            votes[word] = np.fromiter(topics, dtype=np.int64), rare**1.5 * strength
            rarity[word] = rare
        return votes, rarity

    def _fields(self, name: str) -> tuple[Iterable[str], Iterable[str], Iterable[str]]:
        """Names, sayings and things of a topic."""
        topic = self.graph.topics.get(name)
        sayings = [*self.telltales.get(name, ()), *self.sayings.get(name, ())]
        if topic is None:
            return [name], sayings, ()
        return [name, *topic.aliases], [*topic.cues, *sayings], [*topic.objects, *topic.clip]

    def described(self, name: str) -> list[str]:
        """Everything said of a topic, each once: what a sentence encoder sums up."""
        names, sayings, things = self._fields(name)
        topic = self.graph.topics.get(name)
        about = [f"{name}: {', '.join(topic.objects)}"] if topic else []
        return list(dict.fromkeys([*names, *sayings, *(topic.clip if topic else things), *about]))

    def find(self, plain: list[str], apart: list[bool]) -> list[Match]:
        """Phrases among plain words; of two of a kind that overlap the longer stays. `apart`: in a name?"""
        found: list[Match] = []
        for start in range(len(plain)):
            for end in range(start + 1, min(start + LONGEST_PHRASE, len(plain)) + 1):
                for kind, value in self.phrases.get(" ".join(plain[start:end]), ()):
                    if not (any(apart[start:end]) and (kind in ("object", "style") or end == start + 1)):
                        found.append(Match(kind, value, start, end))
        kept: list[Match] = []
        taken: dict[str, set[int]] = defaultdict(set)
        spans: set[tuple[str, int, int]] = set()
        for match in sorted(found, key=lambda match: match.start - match.end):
            kind = "topic" if match.kind in _NAMED else match.kind
            span, cells = (kind, match.start, match.end), set(range(match.start, match.end))
            if span in spans or not cells & taken[kind]:
                spans.add(span)
                taken[kind] |= cells
                kept.append(match)
        return kept

    def evidence(self, plain: list[str], apart: list[bool], matches: list[Match]) -> np.ndarray:
        """What the words say for each topic: float32 (topics, FEATURES), damped by a square root."""
        sums = np.zeros((len(self.names), len(FEATURES)), dtype=np.float32)
        for word in {word for word, out in zip(plain, apart, strict=True) if not out} & self.votes.keys():
            numbers, strength = self.votes[word]
            sums[numbers, :_FIELDS] += strength
        for match in matches:
            if match.kind in _NAMED:
                span = slice(match.start, match.end)
                weight = max(self.rarity.get(word, 0.2) for word in plain[span])
                weight *= math.sqrt(match.end - match.start) * (0.4 if all(apart[span]) else 1)
                sums[self.numbers[match.value], _NAMED[match.kind]] += weight
        return np.sqrt(sums)


def load_phrases(path: Path, graph: Graph, separator: str) -> dict[str, list[str]]:
    """Lines `topic: phrase, phrase` by topic; a topic that the graph lacks is known by these alone."""
    found: dict[str, list[str]] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        name, colon, phrases = line.partition(": ")
        if not line.startswith("#"):
            if not colon or not normalise(name):
                raise GraphError(f"{path}, line {number}: must be 'topic: phrase{separator}phrase'")
            topic = graph.find(name)
            found.setdefault(topic.topic if topic else name, []).extend(phrases.split(separator))
    return found


def load_headers() -> list[dict]:
    """The lines of the distilled corpus."""
    return [
        json.loads(line)
        for path in sorted((ASSETS / "corpus").glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
