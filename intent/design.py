"""Which type of design a text stands on: invitation, menu, business card ...

Four things speak for a type: its name in the text, words and meaning of texts on designs of that type
(assets/design_texts.txt), how the text is built (prices, lines, blanks ...), and what the likely topics
usually come as. Where there is a picture, the shape of the page speaks, too. Their weights are fitted by
`python -m intent.fit` and stand in assets/words.json.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass

import numpy as np
from safetensors.numpy import load_file, save_file

from intent.graph import ASSETS, Graph, key
from intent.words import Evidence, Reading, load_weights, softmax

# Other names of a type. Only the type on the right is learned, proposed and compared.
SAME = {
    "slide deck": "presentation", "slide": "presentation", "thumbnail": "video thumbnail", "cv": "resume",
    "youtube thumbnail": "video thumbnail", "greeting card": "card", "thank you card": "card",
    "thank-you card": "card", "web page header": "website", "landing page": "website", "leaflet": "flyer",
    "web banner": "banner", "website banner": "banner", "social media post": "instagram post",
    "facebook post": "instagram post", "gift voucher": "gift certificate", "gift card": "gift certificate",
    "email newsletter": "newsletter", "menu board": "menu", "packaging": "label", "badge": "ID card",
    "report": "document", "letter": "document", "form": "document", "pamphlet": "brochure",
}  # fmt: skip
# Width by height of the pages a type usually has.
SHAPES = {
    "instagram story": (9 / 16,), "phone wallpaper": (9 / 16,), "wallpaper": (9 / 16, 16 / 9),
    "presentation": (16 / 9, 4 / 3), "video thumbnail": (16 / 9,), "website": (16 / 9, 3 / 2),
    "instagram post": (1.0, 4 / 5), "album cover": (1.0,), "logo": (1.0,), "sticker": (1.0,),
    "banner": (3.0, 2.0), "business card": (1.75,), "ID card": (1.6, 0.63), "loyalty card": (1.6,),
    "gift certificate": (2.0,), "ticket": (2.5,), "certificate": (1.41,), "postcard": (1.41,),
    "card": (0.71, 1.41), "invitation": (0.71, 1.0), "poster": (0.71, 0.67), "flyer": (0.71,),
    "menu": (0.71,), "book cover": (0.67,), "resume": (0.71,), "infographic": (0.4, 0.71),
    "bookmark": (0.3,), "yard sign": (1.5,), "sign": (1.41, 0.71),
}  # fmt: skip
SPREAD = 0.3  # how far, as a natural logarithm, pages stray from their usual shape
FEATURES = ("named", "words", "meaning", "topics")
FILE = ASSETS / "designs.safetensors"


def plain_type(design: str) -> str:
    """The one name of a design type."""
    return SAME.get(key(design), SAME.get(design.lower(), design))


def build(reading: Reading) -> np.ndarray:
    """How a text is built, float32 (10,), each about 0..1: length, lines, numbers, prices, contacts ..."""
    kinds = Counter(entity.kind for entity in reading.entities)
    text = reading.text
    counts = (
        len(reading.plain) / 8,
        len(re.split(r"[\n/|]+|\s[-–—]\s", text)) / 2,
        len(re.findall(r"\d+", text)) / 2,
        kinds["price"],
        kinds["date"] + kinds["time"],
        kinds["name"],
        kinds["phone"] + kinds["email"] + kinds["link"] + kinds["address"],
        text.count("__") + text.count(": ") / 2,
        text.count(",") / 2,
        text.count("!") + text.count("?"),
    )
    return np.array([math.log1p(count) / 2 for count in counts], dtype=np.float32)


@dataclass(frozen=True)
class Designs:
    """What was learned of every type; `types` in order."""

    types: tuple[str, ...]
    words: dict[str, np.ndarray]  # word -> log likelihood ratio of each type, float32 (types,)
    head: np.ndarray  # float32 (types, WIDTH + 10 + 1): a linear layer over meaning, build and 1
    usual: np.ndarray  # float32 (topics, types): the share of each type among what a topic comes as
    weights: np.ndarray  # float32 (FEATURES,)

    def save(self) -> None:
        """Write what was learned, but for the weights, which stand beside all others."""
        listed = sorted(self.words)
        tensors: dict[str, np.ndarray] = {
            "head": self.head.astype(np.float16),
            "ratios": np.stack([self.words[word] for word in listed]).astype(np.float16),
            "words": np.frombuffer("\n".join(listed).encode(), dtype=np.uint8),
            "types": np.frombuffer("\n".join(self.types).encode(), dtype=np.uint8),
        }
        save_file(tensors, FILE)

    @classmethod
    def load(cls, graph: Graph, names: list[str]) -> Designs:
        """What ships, for topics called `names`."""
        tensors = load_file(FILE)
        types = tuple(tensors["types"].tobytes().decode().split("\n"))
        words = tensors["words"].tobytes().decode().split("\n")
        ratios = dict(zip(words, tensors["ratios"].astype(np.float32), strict=True))
        weights = np.array(list(load_weights()["designs"].values()), dtype=np.float32)
        usual = usual_types(graph, names, types)
        return cls(types, ratios, tensors["head"].astype(np.float32), usual, weights)

    def features(self, evidence: Evidence) -> np.ndarray:
        """What speaks for each type: float32 (types, FEATURES)."""
        features = np.zeros((len(self.types), len(FEATURES)), dtype=np.float32)
        length = len(evidence.reading.plain)  # "concert ticket" says it all, a long text may only mention one
        for match in evidence.reading.matches:
            if match.kind == "design" and (name := plain_type(match.value)) in self.types:
                features[self.types.index(name), 0] += 8 / (length + 4)
        known = [self.words[word] for word in set(evidence.reading.plain) if word in self.words]
        features[:, 1] = np.sum(known, axis=0) / math.sqrt(len(known)) if known else 0
        if evidence.vector.any():
            features[:, 2] = self.head @ np.concatenate([evidence.vector, build(evidence.reading), [1]])
        features[:, 3] = np.log(evidence.chances @ self.usual + 0.01)
        return features

    def chances(self, evidence: Evidence, shape: float | None = None) -> np.ndarray:
        """The chance of each type, float32 (types,). `shape`: width by height of the page."""
        scores = self.features(evidence) @ self.weights
        return softmax(scores if shape is None else scores + self._fits(shape))

    def _fits(self, shape: float) -> np.ndarray:
        """The log likelihood of a page's shape for each type; types of any shape get a middling one."""
        likely = np.full(len(self.types), -2.0)
        for number, name in enumerate(self.types):
            if usual := SHAPES.get(name):
                off = min(abs(math.log(shape / one)) for one in usual)
                likely[number] = max(-(off**2) / (2 * SPREAD**2), -4)
        return likely


def load_texts() -> dict[str, list[str]]:
    """The texts of assets/design_texts.txt by type."""
    lines = (ASSETS / "design_texts.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.partition(": ") for line in lines if not line.startswith("#"))
    return {name: texts.split(" | ") for name, _, texts in pairs}


def learn_words(readings: dict[str, list[Reading]]) -> dict[str, np.ndarray]:
    """For each word its log likelihood ratio by type (a naive Bayes model, counts smoothed)."""
    counts = [Counter(word for reading in some for word in set(reading.plain)) for some in readings.values()]
    total = sum(counts, Counter())
    words = {}
    for word, count in total.items():
        share = count / total.total()
        rates = [(part[word] + 30 * share) / (part.total() + 30) for part in counts]
        words[word] = np.log(np.array(rates, dtype=np.float32) / share)
    return words


def usual_types(graph: Graph, names: list[str], types: tuple[str, ...]) -> np.ndarray:
    """The share of each type among what a topic comes as, the first counting most: (topics, types)."""
    usual = np.zeros((len(names), len(types)), dtype=np.float32)
    for number, name in enumerate(names):
        topic = graph.topics.get(name)
        for place, design in enumerate(topic.design_types if topic else ()):
            if (plain := plain_type(design)) in types:
                usual[number, types.index(plain)] += 1 / (1 + place)
    return usual / np.maximum(usual.sum(axis=1, keepdims=True), 1e-6)
