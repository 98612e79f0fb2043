"""Names from outside the phrase bank, so that the model learns to copy what it is told, letter by letter.

Topics and objects of the corpus, nouns of the drawings, words of other languages, invented words; and how
any of them stands in a sentence: "a kettle", "two kettles", "plum jam".
"""

from __future__ import annotations

import csv
import json
import random
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from slm.safety import blocked
from slm.teacher import lexicon
from slm.teacher.lexicon import NOUN_ENDS, NUMERALS, STOP

ASSETS = Path(__file__).resolve().parents[2] / "assets"

_TOKEN = re.compile(r"[\w'’-]+|[,.;:]")
_PROPER = re.compile(r"\b(Day|Eve|Week|Month|Year)$")


def head_of(name: str) -> str:
    """The noun that a name turns on: "houseboat" of "houseboat for sale", "desk" of "kayak rental desk"."""
    return _HEAD.split(name.lower(), maxsplit=1)[0].split()[-1]


_HEAD = re.compile(r"(?<=\w) (?:of|for|in|at|with|on|by|to|from|under|after|before|during|near|the) ")


def is_plural(noun_phrase: str, name: str = "") -> bool:
    """Whether a noun phrase takes a plural verb, judged by its first words and by the name in it."""
    first, _, rest = noun_phrase.lower().partition(" ")
    if first in ("a", "an", "one", "every", "each"):
        return " and a " in rest
    if first in NUMERALS:
        return True
    if (
        first.endswith("s")
        and not first.endswith(("ss", "us"))
        and rest.startswith(("of ", "with ", "holding "))
    ):
        return True
    head = head_of(name or noun_phrase)
    return (head.endswith("s") and not head.endswith(("ss", "us", "is"))) or head in lexicon.ODD_PLURALS


def plural_form(name: str) -> str:
    """The plain English plural of a name's last word."""
    if name.endswith("y") and name[-2:-1] not in "aeiou":
        return name[:-1] + "ies"
    if name.endswith(("s", "x", "z", "ch", "sh")):
        return name + "es"
    return name + "s"


class Usage:
    """How nouns are used in real sentences: counted ("a kettle") or not ("plum jam")."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.counted_uses: Counter[str] = Counter()
        self.bare_uses: Counter[str] = Counter()
        for text in texts:
            tokens = _TOKEN.findall(text.lower())
            tokens.append(".")
            for place, token in enumerate(tokens):
                if place and (token in NOUN_ENDS or not token[0].isalnum()):
                    self._note(tokens, place)

    def _note(self, tokens: list[str], end: int) -> None:
        """Count the noun that ends before this place, by what opens its phrase up to four words earlier."""
        noun = tokens[end - 1]
        for place in range(end - 2, max(end - 6, -1), -1):
            token = tokens[place]
            if token in ("a", "an"):
                self.counted_uses[noun] += 1
                return
            if token in STOP or token in NUMERALS or not token[0].isalnum():
                if place == end - 2 and token not in ("the", "one", "her", "his", "its", "their"):
                    self.bare_uses[noun] += 1
                return

    def known(self, name: str) -> bool:
        """Whether the name ends in a word seen as a noun."""
        head = head_of(name)
        return self.counted_uses[head] + self.bare_uses[head] > 2

    def counted(self, name: str) -> bool:
        """Whether "a" may stand before the name."""
        head = head_of(name)
        uses = self.counted_uses[head] * (1 if head.endswith("ing") else 2)
        return not is_plural(name) and uses > self.bare_uses[head] and not _PROPER.search(name)

    def noun(self, name: str) -> str:
        """The name with "a" where it is counted."""
        return f"a {name}" if self.counted(name) else name


_AN = re.compile(r"\b([Aa])n? (?=([\w'’-]+))")
_VOWEL = re.compile(
    r"(?i)(?!uni[^nm]|use|usu|uto|eu|one\b|one-|once|ukulele|ewe|ura)[aeiouéêè]|hono|hour|heir|8|11\b|18"
)
_SPELLED = re.compile(r"[AEFHILMNORSX]")
_SPOKEN = frozenset(("NASA", "SWOT", "HIIT", "FIFA"))


def fix_articles(text: str) -> str:
    """a or an, by the sound of the next word."""

    def one(match: re.Match[str]) -> str:
        word = match[2]
        spelled = word.isupper() and len(word) <= 4 and word not in _SPOKEN
        return match[1] + ("n " if (_SPELLED if spelled else _VOWEL).match(word) else " ")

    return _AN.sub(one, text)


@dataclass(frozen=True)
class Wish:
    """What one record of the corpus is about; its prompts are not used."""

    topic: str
    objects: tuple[str, ...]
    styles: tuple[str, ...]
    designs: tuple[str, ...]


def read_corpus(folder: Path = ASSETS / "corpus") -> tuple[list[Wish], list[str]]:
    """The intents of the corpus, and all its sentences (for `Usage` alone)."""
    wishes, texts = [], []
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            texts += row["prompts"]
            wishes.append(
                Wish(
                    row["topic"],
                    tuple(name.removeprefix("a ").removeprefix("an ") for name in row["objects"]),
                    (row["style"],) if row["style"] else (),
                    (row["design_type"],) if row["design_type"] else (),
                )
            )
    return wishes, texts


def read_art(path: Path = ASSETS / "art" / "art.csv") -> list[str]:
    """The nouns of the drawings."""
    with path.open(encoding="utf-8", newline="") as lines:
        return [row["name"] for row in csv.DictReader(lines)]


_PLACED_BY = {word: place for place, words in lexicon.PLACED.items() for word in words}


def locative(name: str) -> str:
    """The preposition for being there, by the last word of a name; "" where one cannot be at it."""
    last = name.split()[-1]
    if name.endswith(("video game", "board game")):
        return ""
    return "" if _HEAD.search(name) else _PLACED_BY.get(last) or _PLACED_BY.get(last.lower(), "")


def invent(rng: random.Random) -> str:
    """A pronounceable word that is none: "zorvane"."""
    word = rng.choice(lexicon.ONSETS) + rng.choice(lexicon.VOWELS) + rng.choice(lexicon.CODAS)
    if rng.random() < 0.3:
        word += rng.choice(lexicon.VOWELS) + rng.choice(["l", "n", "r", "m", "v", "d", "z", "b"])
    word += rng.choice(lexicon.ENDS)
    return invent(rng) if blocked(word) else word  # syllables may meet in a word that nobody wants


def invent_place(rng: random.Random) -> str:
    """The name of a place that is none: "Brindleford"."""
    stem = (
        rng.choice(lexicon.ONSETS)
        + rng.choice(lexicon.VOWELS)
        + rng.choice(("ndle", "l", "rn", "sk", "mb", "lling", "nn", "ck"))
    )
    name = stem + rng.choice(lexicon.PLACE_ENDS)
    return invent_place(rng) if blocked(name) else name.capitalize()
