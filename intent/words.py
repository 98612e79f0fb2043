"""What a text on a canvas is about, found by its words: every topic's chance, and the phrases in it.

The text is put into plain English (intent/english.py), names, dates and prices are set apart
(intent/entities.py), phrases and single words are looked up (intent/lexicon.py) and a sentence encoder adds
what is alike in meaning (intent/meaning.py). A softmax over the weighted sum of all that gives each topic
its chance; the few weights are fitted by `python -m intent.fit` and stand in assets/words.json.

    python -m intent.words "Mia is turning 6! cake + bouncy castle, Sunday 3pm"
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from intent.english import English
from intent.entities import Entity, clean, find_entities
from intent.graph import ASSETS, Graph, key, load_graph, normalise, singular
from intent.lexicon import STOP, Lexicon, Match
from intent.meaning import WIDTH, Encoder, Vectors, find_encoder

VECTORS = ASSETS / "meaning.safetensors"
WEIGHTS = ASSETS / "words.json"
# Words of empty templates: never a topic in the person's own words.
PLACEHOLDERS = frozenset(
    """
    heading subheading subtitle title body text lorem ipsum dolor sit amet elit consectetur adipiscing
    untitled draft copy final tagline placeholder asdf test page insert logo add sample thing design document
    little bit two three
    """.split()  # noqa: SIM905  (a list of words reads better as text)
)


@dataclass(frozen=True)
class Reading:
    """A text as it is looked at: plain words in the singular, and which are part of a name, a date ..."""

    text: str  # clean English
    plain: list[str]
    apart: list[bool]
    entities: list[Entity]
    matches: list[Match]

    @property
    def content(self) -> set[str]:
        """The words that can speak for a topic."""
        pairs = zip(self.plain, self.apart, strict=True)
        return {word for word, out in pairs if not out and word not in STOP}


@dataclass(frozen=True)
class Evidence:
    """All that one text says."""

    chances: np.ndarray  # float32 (topics,), summing to 1; zeros for a text without any word
    reading: Reading
    own: str  # the head of the text in the person's own words, "" when it has none
    vector: np.ndarray  # float32 (WIDTH,): its meaning; zeros without a sentence encoder or without words
    familiar: float  # share of the content words that the project's English has, 0..1

    def covered(self, match: Match) -> bool:
        """Is a match only a part of a longer phrase, or the word for a design type, such as "card"?"""
        return any(
            other.start <= match.start
            and match.end <= other.end
            and (other.end - other.start > match.end - match.start or other.kind == "design")
            for other in self.reading.matches
            if other.kind in ("topic", "alias", "cue", "object", "design")
        )


class Words:
    """Owns lexicon, dictionary, encoder and weights; loaded once, used for every text."""

    def __init__(
        self, lexicon: Lexicon, encoder: Encoder | None, vectors: Vectors | None, weights: np.ndarray
    ) -> None:
        """`vectors` of the lexicon's topics in its order, or None; `weights` of the features."""
        self.lexicon = lexicon
        self.names = lexicon.names
        self.english = English(lexicon.counts)
        self._encoder, self._vectors, self._weights = encoder, vectors, weights

    def read(self, text: str) -> Reading:
        """A text of any length, of which the first few thousand characters are looked at."""
        text = self.english.translate(clean(text))
        entities = find_entities(text, self.lexicon.counts)
        plain: list[str] = []
        apart: list[bool] = []
        for piece, entity in _pieces(text, entities):
            words = key(piece).split()
            plain += words
            apart += [entity] * len(words)
        return Reading(text, plain, apart, entities, self.lexicon.find(plain, apart))

    def features(self, reading: Reading, vector: np.ndarray) -> np.ndarray:
        """What speaks for each topic: float32 (topics, FEATURES of the lexicon and LIKENESSES)."""
        said = self.lexicon.evidence(reading.plain, reading.apart, reading.matches)
        return np.hstack([said, self._vectors.likeness(vector)]) if self._vectors else said

    def find(self, text: str) -> Evidence:
        """All evidence in one text."""
        reading = self.read(text)
        content = reading.content
        chances, vector = np.zeros(len(self.names), dtype=np.float32), np.zeros(WIDTH, dtype=np.float32)
        if not content <= PLACEHOLDERS:
            if self._encoder:
                vector = self._encoder.encode([reading.text])[0]
            chances = softmax(self.features(reading, vector) @ self._weights)
        familiar = sum(word in self.lexicon.counts for word in content) / max(len(content), 1)
        return Evidence(chances, reading, self._own(reading), vector, familiar)

    def explains(self, name: str, own: str) -> bool:
        """Does a topic explain the head noun of a phrase? Boats explain no "timetable"; designs need none."""
        head = singular(own.split()[-1])
        kinds = {kind for kind, _ in self.lexicon.phrases.get(head, ())}
        if "design" in kinds or not kinds & {"topic", "alias", "object"}:
            return True
        numbers, _ = self.lexicon.votes.get(head, (np.empty(0, dtype=np.int64), None))
        return self.lexicon.numbers.get(name, -1) in numbers

    def _own(self, reading: Reading) -> str:
        """The head line without its entities, when it is short enough to be the name of something."""
        text = "\n".join(piece for piece, entity in _pieces(reading.text, reading.entities) if not entity)
        for line in re.split(r"[\n/|.!?;:,()\[\]]+|\s[-–—]+\s", text):
            words = normalise(line).split()
            content = [word for word in words if word not in STOP and not word.isdigit()]
            if not content:
                continue
            while words[0] in STOP:
                words = words[1:]
            counts, phrases = self.lexicon.counts, self.lexicon.phrases
            heads = {kind for kind, _ in phrases.get(singular(words[-1]), ())}
            named = heads & {"topic", "alias", "object"} or self.lexicon.graph.find(" ".join(words))
            strange = any(singular(word) not in counts or word in PLACEHOLDERS for word in content)
            return "" if strange or not named or len(words) > 4 else " ".join(words)
        return ""


def load_words(graph: Graph, meaning: bool = True) -> Words:
    """All that ships, and the graph's own topics; without `meaning`, by words alone."""
    lexicon, encoder, vectors = Lexicon(graph), find_encoder() if meaning else None, None
    if encoder:
        vectors = Vectors.load(VECTORS)
        new = sorted(set(lexicon.names) - set(vectors.names))
        if new:
            said = encoder.encode_groups([lexicon.described(name) for name in new])
            vectors = vectors.extended(dict(zip(new, said, strict=True)))
        vectors = vectors.ordered(lexicon.names)
    weights = load_weights()["topics" if encoder else "topics by words alone"]
    return Words(lexicon, encoder, vectors, np.array(list(weights.values()), dtype=np.float32))


def load_weights() -> dict:
    """All fitted weights, by what they weigh."""
    return json.loads(WEIGHTS.read_text(encoding="utf-8"))


def softmax(scores: np.ndarray) -> np.ndarray:
    """Scores of one text as chances: float32, summing to 1."""
    chances = np.exp(scores - scores.max())
    return (chances / chances.sum()).astype(np.float32)


def sureness(chances: np.ndarray | float) -> np.ndarray:
    """What the confidence of a topic is computed from: float32 (..., 2), 1 and the log odds of its chance."""
    odds = np.clip(np.asarray(chances, dtype=np.float32), 1e-4, 1 - 1e-4)
    return np.stack([np.ones_like(odds), np.log(odds / (1 - odds))], axis=-1)


def _pieces(text: str, entities: list[Entity]) -> Iterator[tuple[str, bool]]:
    """The text in order, cut at its entities: (piece, is it one?)."""
    at = 0
    for entity in entities:
        yield text[at : entity.start], False
        yield entity.text, True
        at = entity.end
    yield text[at:], False


if __name__ == "__main__":
    words = load_words(load_graph())
    evidence = words.find(" ".join(sys.argv[1:]))
    for number in np.argsort(-evidence.chances)[:5]:
        print(f"{evidence.chances[number]:.3f}  {words.names[number]}")
    print("own words:", evidence.own)
    print(*evidence.reading.matches, sep="\n")
