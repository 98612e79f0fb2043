"""What a text on a canvas is about, found by its words: topic, objects, design type, style.

Phrases first: names of topics, cues ("save the date"), things, design types and styles are looked up in every run of
words, the longest match winning. Then single words vote: each word of a topic's line in the graph speaks for the
topic, the more the rarer it is. Names, dates, prices and the like are set apart before (intent/entities.py). What no
topic explains stays in the person's own words.

    python -m intent.words "Mia is turning 6! cake + bouncy castle, Sunday 3pm"
"""

from __future__ import annotations

import csv
import json
import math
import re
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from intent.entities import clean, find_entities
from intent.graph import DEFAULT, Graph, key, load_graph, normalise, singular

ASSETS = DEFAULT.parent
LONGEST_PHRASE = 9  # words

# How much a word of each field of a topic's line speaks for the topic.
FIELD_WEIGHTS = {"topic": 3.0, "aliases": 2.0, "cues": 1.6, "objects": 1.2, "category": 0.5, "clip": 0.7}
PHRASE_WEIGHTS = {"topic": 6.0, "alias": 5.0, "cue": 5.0}
OBJECT_VOTE = 1.0

STOP = frozenset(
    "a an and are as at be been but by can do for from get had has have he her here his how i if in into is it its "
    "just let like me more most my no not of off on one or our out over she so than that the their them then there "
    "they this to too up us was we were what when where who why will with you your yours im youre dont isnt all any "
    "every some new only very see come join bring please pls til till until am pm st nd rd th".split()
)
# Words of empty templates: never a topic in the person's own words.
PLACEHOLDERS = frozenset(
    "heading subheading subtitle title body text lorem ipsum dolor untitled draft copy final tagline placeholder "
    "asdf test page here insert logo add sample thing".split()
)

# What people call a design, where the words differ from the design types of the graph.
DESIGN_WORDS = {
    "rsvp": "invitation", "you are invited": "invitation", "youre invited": "invitation", "invite": "invitation",
    "join us": "invitation", "save the date": "invitation", "request the pleasure": "invitation",
    "wish you": "card", "get well": "card", "with love": "card", "this is to certify": "certificate",
    "certificate of": "certificate", "awarded to": "certificate", "admit one": "ticket", "boarding pass": "ticket",
    "thumbnail": "video thumbnail", "slide": "presentation", "slide deck": "presentation",
    "net wt": "label", "ingredients": "label", "subscribe": "video thumbnail", "swipe up": "instagram story",
    "swipe": "instagram carousel", "link in bio": "instagram post", "tag us": "instagram story",
    "newsletter": "newsletter", "issue no": "newsletter", "table of contents": "report", "to from": "gift tag",
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
    """All that one text says. `votes`: float32 (topics,), 0 where nothing speaks for a topic."""

    votes: np.ndarray
    matches: tuple[Match, ...]
    own: str  # the head of the text in the person's own words, "" when it has none
    size: int  # content words


class Words:
    """Owns the phrases and the votes of all words; loaded once, used for every text."""

    def __init__(self, graph: Graph, assets: Path = ASSETS) -> None:
        self.graph = graph
        self.names = list(graph.topics)
        self._phrases: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._counts: Counter[str] = Counter()
        headers = _headers(assets)
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
            entry = (kind, value)
            known = self._phrases[key(phrase)]
            if entry not in known:
                known.append(entry)

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
        """Every word's weight for every topic: fields add up and saturate, rare words count more."""
        weights: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
        for number, topic in enumerate(self.graph.topics.values()):
            for field, weight in FIELD_WEIGHTS.items():
                value = getattr(topic, field)
                for phrase in (value,) if isinstance(value, str) else value:
                    for word in set(key(phrase).split()) - STOP:
                        weights[word][number] += weight
        self._votes: dict[str, tuple[np.ndarray, np.ndarray]] = {}
        self._rarity: dict[str, float] = {}
        for word, topics in weights.items():
            rarity = math.log(1 + len(self.names) / len(topics)) / math.log(1 + len(self.names))
            self._rarity[word] = rarity
            numbers = np.fromiter(topics.keys(), dtype=np.int64)
            strength = np.fromiter(topics.values(), dtype=np.float32)
            self._votes[word] = numbers, (rarity**1.5 * strength / (strength + 2)).astype(np.float32)

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
        votes = np.zeros(len(self.names), dtype=np.float32)
        for match in matches:
            if match.kind in PHRASE_WEIGHTS:
                number = self.names.index(match.value)
                rarity = max(self._rarity.get(word, 0.3) for word in plain[match.start : match.end])
                votes[number] += PHRASE_WEIGHTS[match.kind] * rarity * math.sqrt(match.end - match.start)
        content = {word for word, out in zip(plain, apart, strict=True) if not out and word not in STOP}
        for word in content & self._votes.keys():
            numbers, strength = self._votes[word]
            votes[numbers] += strength
        return Evidence(votes, tuple(matches), self._own(text, entities), len(content))

    def _match(self, plain: list[str], apart: list[bool]) -> list[Match]:
        """Phrases in the text; where two of one kind overlap the longer one stays."""
        found: list[Match] = []
        for start in range(len(plain)):
            for end in range(start + 1, min(start + LONGEST_PHRASE, len(plain)) + 1):
                for kind, value in self._phrases.get(" ".join(plain[start:end]), ()):
                    if not (any(apart[start:end]) and (kind in ("object", "style") or end == start + 1)):
                        found.append(Match(kind, value, start, end))
        kept: list[Match] = []
        group = {"alias": "topic", "cue": "topic"}
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
            known = [word for word in content if singular(word) in self._counts]
            if (
                PLACEHOLDERS & {singular(word) for word in content}
                or len(content) > 4
                or len(known) < len(content)
            ):
                return ""
            return " ".join(words)
        return ""


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
    for number in np.argsort(-evidence.votes)[:5]:
        print(f"{evidence.votes[number]:6.2f}  {words.names[number]}")
    print("own words:", evidence.own)
    print(*evidence.matches, sep="\n")
