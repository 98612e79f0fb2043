"""What a text on a canvas is about, found by its words: topic, objects, design type, style.

Names, dates, prices and the like are set apart (intent/entities.py). Names of topics, cues ("save the
date"), things, design types and styles are looked up in every run of words, the longest match winning;
single words vote for the topics in whose lines they stand, the more the rarer they are; a sentence
encoder adds what is alike in meaning (intent/meaning.py). A softmax over all of it gives each topic its
chance.

    python -m intent.words "Mia is turning 6! cake + bouncy castle, Sunday 3pm"
"""

from __future__ import annotations

import csv
import json
import math
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from intent.entities import clean, find_entities
from intent.graph import DEFAULT, Graph, GraphError, key, load_graph, normalise, singular
from intent.meaning import Encoder, Meaning, find_encoder

ASSETS = DEFAULT.parent
LONGEST_PHRASE = 9  # words

# What speaks for a topic: single words found in each field of its line, then whole phrases found by kind.
FIELDS = ("topic", "aliases", "cues", "objects", "clip", "category", "telltales")
KINDS = ("topic", "alias", "cue", "telltale")
# Weights of the square roots of these eleven sums, of the likenesses of meaning (prototype, mean phrase, mean
# prompt) and of being no topic of the graph: a softmax regression, weights not below 0, on the part of
# assets/canvas_texts.jsonl called fit (intent/evaluate.py). The second row is for want of a sentence encoder.
WEIGHTS_WITH_MEANING = (0.38, 0.0, 0.0, 0.0, 0.0, 1.86, 2.94, 0.0, 0.0, 0.51, 2.09, 6.32, 5.03, 1.78, 0.83)
WEIGHTS_OF_WORDS = (1.66, 0.0, 0.0, 0.43, 0.0, 2.28, 4.76, 0.0, 0.0, 1.69, 2.07, 0.8)

_STOP_WORDS = """
    a an and are as at be been but by can do for from get had has have he her here his how i if in into
    is it its just let like me more most my no not of off on one or our out over she so than that the
    their them then there they this to too up us was we were what when where who why will with you your
    yours im youre dont isnt all any every some new only very see come join bring please pls til till
    until am pm st nd rd th
"""
STOP = frozenset(_STOP_WORDS.split())
# Words of empty templates: never a topic in the person's own words.
_PLACEHOLDERS_WORDS = """
    heading subheading subtitle title body text lorem ipsum dolor amet consectetur adipiscing untitled
    draft copy final tagline placeholder asdf test page insert logo add sample thing design document
    little bit two three
"""
PLACEHOLDERS = frozenset(_PLACEHOLDERS_WORDS.split())

# What people call a design, where the words differ from the design types of the graph.
DESIGN_WORDS = {
    "rsvp": "invitation", "you are invited": "invitation", "youre invited": "invitation",
    "invite": "invitation", "join us": "invitation", "save the date": "invitation",
    "request the pleasure": "invitation", "come celebrate": "invitation",
    "wish you": "card", "get well": "card", "with love": "card", "happy birthday": "card",
    "merry christmas": "card",
    "this is to certify": "certificate", "certificate of": "certificate", "awarded to": "certificate",
    "admit one": "ticket", "boarding pass": "ticket", "slide": "presentation", "slide deck": "presentation",
    "net wt": "label", "ingredients": "label", "est": "logo", "references on request": "resume",
    "swipe up": "instagram story", "tag us": "instagram story", "link in bio": "instagram post",
    "newsletter": "newsletter", "in this issue": "newsletter", "to from": "gift tag", "last seen": "poster",
}  # fmt: skip


@dataclass(frozen=True)
class Match:
    """A phrase found in the text: what it names, and where (word numbers)."""

    kind: str  # topic, alias, cue, object, design, style
    value: str
    start: int
    end: int


@dataclass(frozen=True)
class Evidence:
    """All that one text says."""

    chances: np.ndarray  # float32 (topics,), summing to 1; zeros for a text without any word
    known: (
        np.ndarray
    )  # float32 (topics,): how much its words and phrases, meaning apart, speak for each topic
    matches: tuple[Match, ...]
    own: str  # the head of the text in the person's own words, "" when it has none
    size: int  # content words
    familiar: float  # share of the content words that the project's English has, 0..1

    def covered(self, match: Match) -> bool:
        """Is a match only a part of a longer phrase, or the word for a design type, such as "card"?"""
        return any(
            other.start <= match.start
            and match.end <= other.end
            and (other.end - other.start > match.end - match.start or other.kind == "design")
            for other in self.matches
            if other.kind in ("topic", "alias", "cue", "object", "design")
        )


class Words:
    """Owns the phrases and the votes of all words; loaded once, used for every text."""

    def __init__(self, graph: Graph, meaning: bool = True, assets: Path = ASSETS) -> None:
        self.graph = graph
        self._telltales = load_telltales(assets / "telltales.txt", graph)
        self.names = [*graph.topics, *(name for name in self._telltales if name not in graph.topics)]
        self._numbers = {name: number for number, name in enumerate(self.names)}
        self._phrases: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._counts: Counter[str] = Counter()
        folder = find_encoder() if meaning and graph_is_shipped(graph, assets) else None
        self._meaning = (
            Meaning(Encoder(folder), assets / "meaning.safetensors", self.names) if folder else None
        )
        headers = self._headers = _headers(assets)
        self._learn_phrases(headers, assets)
        self._learn_votes()
        for row in headers:
            for prompt in row["prompts"]:
                self._counts.update(
                    singular(word.strip(".,;:'\"")) for word in prompt.split() if word.islower()
                )
        for phrase in self._phrases:
            self._counts.update(phrase.split())

    def _learn_phrases(self, headers: list[dict], assets: Path) -> None:
        def learn(kind: str, phrase: str, value: str) -> None:
            known = self._phrases[key(phrase)]
            alone = kind in ("object", "design", "style")  # one name for a thing, whatever its number
            if (kind, value) not in known and not (alone and any(entry[0] == kind for entry in known)):
                known.append((kind, value))

        topics = self.graph.topics.values()
        for topic in topics:
            learn("topic", topic.topic, topic.topic)
            for alias in topic.aliases:
                learn("alias", alias, topic.topic)
            for cue in topic.cues:
                learn("cue", cue, topic.topic)
            for thing in topic.objects:
                learn("object", thing, thing)
            for design in topic.design_types:
                learn("design", design, design)
            for style in topic.styles:
                learn("style", style, style)
        for name, telltales in self._telltales.items():
            if name not in self.graph.topics:
                learn("topic", name, name)
            for phrase in telltales:
                learn("telltale", phrase, name)
        usual = Counter(row["design_type"] for row in headers)
        styles = Counter(row["style"] for row in headers)
        for row in headers:
            for thing in row["objects"]:
                learn("object", thing, thing)
        for design, count in usual.items():
            if design and count >= 5 and not self._is(design, "design"):
                learn("design", design, design.lower())
        for style, count in styles.items():
            if style and count >= 5 and not self._is(style, "style"):
                learn("style", style, style.lower())
        with (assets / "art" / "art.csv").open(encoding="utf-8", newline="") as file:
            for art in csv.DictReader(file):
                learn("object", art["name"], art["name"])
        for phrase, design in DESIGN_WORDS.items():
            learn("design", phrase, design)
        self._phrases.pop("", None)

    def _is(self, phrase: str, kind: str) -> bool:
        return any(entry[0] == kind for entry in self._phrases.get(key(phrase), ()))

    def _learn_votes(self) -> None:
        """For every word the topics it speaks for, and how much in each field: rare words count more."""
        weights: dict[str, dict[int, np.ndarray]] = defaultdict(dict)
        for number, name in enumerate(self.names):
            topic = self.graph.topics.get(name)
            for column, field in enumerate(FIELDS):
                value: Any
                if field == "telltales":
                    value = self._telltales.get(name, ())
                else:
                    value = getattr(topic, field) if topic else name if field == "topic" else ()
                for phrase in (value,) if isinstance(value, str) else value:
                    words = [word for word in key(phrase).split() if word not in STOP]
                    for word in set(words):
                        row = weights[word].setdefault(number, np.zeros(len(FIELDS), dtype=np.float32))
                        row[column] += len(words) ** -0.5
        self._votes: dict[str, tuple[np.ndarray, np.ndarray]] = {}
        self._rarity: dict[str, float] = {}
        for word, topics in weights.items():
            rarity = math.log(1 + len(self.names) / len(topics)) / math.log(1 + len(self.names))
            self._rarity[word] = rarity
            strength = np.minimum(np.stack(list(topics.values())), 2)
            self._votes[word] = np.fromiter(topics, dtype=np.int64), rarity**1.5 * strength

    def sayings(self) -> Iterator[tuple[list[str], list[str]]]:
        """For each topic in order, the phrases said of it and two prompts of each of its corpus lines."""
        prompts: dict[str, list[str]] = defaultdict(list)
        for row in self._headers:
            if topic := self.graph.find(row["topic"]):
                prompts[topic.topic] += [row["topic"], *row["prompts"][:2]]
        for name in self.names:
            telltales, topic = self._telltales.get(name, []), self.graph.topics.get(name)
            phrases = [name, *telltales, f"{name}: {', '.join(telltales)}"]
            if topic:
                phrases += [*topic.aliases, *topic.cues, *topic.clip, f"{name}: {', '.join(topic.objects)}"]
            yield list(dict.fromkeys(phrases)), list(dict.fromkeys(prompts[name]))

    def explains(self, name: str, own: str) -> bool:
        """Does a topic explain the head noun of a phrase? Boats explain no "timetable"; designs need none."""
        head = singular(own.split()[-1])
        kinds = {kind for kind, _ in self._phrases.get(head, ())}
        if "design" in kinds or not kinds & {"topic", "alias", "object"}:
            return True
        numbers, _ = self._votes.get(head, (np.empty(0, dtype=np.int64), None))
        return self._numbers.get(name, -1) in numbers

    def respace(self, text: str) -> str:
        """Words run together by the text reader, set apart again: HAPPYBIRTHDAY -> HAPPY BIRTHDAY."""
        return re.sub(r"[^\W\d_]{6,40}", lambda match: self._split(match.group()), text)

    def _split(self, word: str) -> str:
        lower = word.lower()
        if singular(lower) in self._counts:
            return word
        if not (word.isupper() or word.islower() or word.istitle()):  # HappyBirthday
            humps = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", word)
            if len(humps) > 1 and all(singular(hump.lower()) in self._counts for hump in humps):
                return " ".join(humps)
        total = sum(self._counts.values())
        best: list[tuple[float, int]] = [
            (0.0, 0)
        ]  # (log probability, where the last word starts) of each prefix
        for end in range(1, len(word) + 1):
            options = []
            for start in range(max(0, end - 16), end):
                part = lower[start:end]
                count = self._counts.get(singular(part), 0)
                if count >= (3 if len(part) > 2 else 200) and math.isfinite(best[start][0]):
                    options.append((best[start][0] + math.log(count / total), start))
            best.append(max(options, default=(-math.inf, 0)))
        if not math.isfinite(best[-1][0]):
            return word
        parts, end = [], len(word)
        while end:
            start = best[end][1]
            parts.append(word[start:end])
            end = start
        return " ".join(reversed(parts))

    def find(self, text: str) -> Evidence:
        """All evidence in one text of any length; the first few thousand characters are looked at."""
        text = clean(text)
        entities = find_entities(text, self._counts)
        plain: list[str] = []  # the words, normalised and in the singular
        apart: list[bool] = []  # is the word part of an entity?
        at = 0
        for entity in [*entities, None]:
            piece = text[at : entity.start] if entity else text[at:]
            more = key(piece).split()
            plain += more
            apart += [False] * len(more)
            if entity:
                more = key(entity.text).split()
                plain += more
                apart += [True] * len(more)
                at = entity.end
        matches = self._match(plain, apart)
        content = {word for word, out in zip(plain, apart, strict=True) if not out and word not in STOP}
        chances, known = self._weigh(text, plain, apart, matches, content)
        familiar = sum(word in self._counts for word in content) / max(len(content), 1)
        return Evidence(chances, known, tuple(matches), self._own(text, entities), len(content), familiar)

    def _weigh(
        self, text: str, plain: list[str], apart: list[bool], matches: list[Match], content: set[str]
    ) -> tuple[np.ndarray, np.ndarray]:
        """The chances of all topics, and what words and phrases alone say: two float32 (topics,)."""
        sums = np.zeros((len(self.names), len(FIELDS) + len(KINDS)), dtype=np.float32)
        for word in content & self._votes.keys():
            numbers, strength = self._votes[word]
            sums[numbers, : len(FIELDS)] += strength
        for match in matches:
            if match.kind in KINDS:
                span = slice(match.start, match.end)
                rarity = max(self._rarity.get(word, 0.2) for word in plain[span])
                weight = rarity * math.sqrt(match.end - match.start) * (0.4 if all(apart[span]) else 1)
                sums[self._numbers[match.value], len(FIELDS) + KINDS.index(match.kind)] += weight
        known = sums.sum(axis=1)
        if content <= PLACEHOLDERS:
            return np.zeros_like(known), known
        outside = np.array([[name not in self.graph.topics] for name in self.names], dtype=np.float32)
        if self._meaning:
            likeness = self._meaning.features(text)
            scores = np.hstack([np.sqrt(sums), likeness, outside]) @ np.array(WEIGHTS_WITH_MEANING)
        else:
            scores = np.hstack([np.sqrt(sums), outside]) @ np.array(WEIGHTS_OF_WORDS)
        chances = np.exp(scores - scores.max())
        return (chances / chances.sum()).astype(np.float32), known

    def _match(self, plain: list[str], apart: list[bool]) -> list[Match]:
        """Phrases in the text; where two of one kind overlap the longer one stays."""
        found: list[Match] = []
        for start in range(len(plain)):
            for end in range(start + 1, min(start + LONGEST_PHRASE, len(plain)) + 1):
                for kind, value in self._phrases.get(" ".join(plain[start:end]), ()):
                    if not (any(apart[start:end]) and (kind in ("object", "style") or end == start + 1)):
                        found.append(Match(kind, value, start, end))
        kept: list[Match] = []
        group = {"alias": "topic", "cue": "topic", "telltale": "topic"}
        taken: dict[str, set[int]] = defaultdict(set)
        spans: dict[tuple[str, int, int], bool] = {}
        for match in sorted(found, key=lambda match: match.start - match.end):
            kind = group.get(match.kind, match.kind)
            span = (kind, match.start, match.end)
            cells = set(range(match.start, match.end))
            if span in spans or not cells & taken[kind]:
                spans[span] = True
                taken[kind] |= cells
                kept.append(match)
        return kept

    def _own(self, text: str, entities: list) -> str:
        """The head line without its entities, when it is short enough to be the name of something."""
        for entity in reversed(entities):
            text = f"{text[: entity.start]}\n{text[entity.end :]}"
        for line in re.split(r"[\n/|.!?;:,()\[\]]+|\s[-–—]+\s", text):
            words = normalise(line).split()
            content = [word for word in words if word not in STOP and not word.isdigit()]
            if not content:
                continue
            while words[0] in STOP:
                words = words[1:]
            heads = {kind for kind, _ in self._phrases.get(singular(words[-1]), ())}
            named = heads & {"topic", "alias", "object"} or self.graph.find(" ".join(words))
            strange = any(singular(word) not in self._counts or word in PLACEHOLDERS for word in content)
            return "" if strange or not named or len(words) > 4 else " ".join(words)
        return ""


def graph_is_shipped(graph: Graph, assets: Path) -> bool:
    """The vectors of meaning were made for the topics that ship; another graph does with words."""
    return graph.topics.keys() == load_graph(assets / "graph.jsonl").topics.keys()


def load_telltales(path: Path, graph: Graph) -> dict[str, list[str]]:
    """The phrases of telltales.txt by topic: a topic of the graph, or one known by these alone."""
    found: dict[str, list[str]] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        name, colon, phrases = line.partition(": ")
        if not line.startswith("#"):
            if not colon or not normalise(name):
                raise GraphError(f"{path}, line {number}: must be 'topic: phrase, phrase'")
            topic = graph.find(name)
            found.setdefault(topic.topic if topic else name, []).extend(phrases.split(", "))
    return found


def _headers(assets: Path) -> list[dict]:
    """The lines of the distilled corpus."""
    return [
        json.loads(line)
        for path in sorted((assets / "corpus").glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]


if __name__ == "__main__":
    words = Words(load_graph())
    evidence = words.find(" ".join(sys.argv[1:]))
    for number in np.argsort(-evidence.chances)[:5]:
        print(f"{evidence.chances[number]:.3f} {evidence.known[number]:6.2f}  {words.names[number]}")
    print("own words:", evidence.own)
    print(*evidence.matches, sep="\n")
