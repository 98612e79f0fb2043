"""Text as plain English words: emoji by their names, foreign words translated, run-together words set apart.

The sentence encoder and the graph are English, so "Alles Gute zum Geburtstag" becomes "alles Gute zum
birthday" before it is looked at. Only words that English does not have are translated, word by word
(assets/abroad.txt); what stays strange lowers how familiar the text is.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter

from intent.graph import ASSETS, normalise, singular

_WORD = re.compile(r"[^\W\d_][\w'’]*")
LONGEST_FOREIGN = 4  # words of a foreign phrase
COMMON = 5  # the corpus has a word of English so often; rarer ones of the dictionary are taken for foreign


class English:
    """Owns the word counts of the project's English and the dictionary."""

    def __init__(self, counts: Counter[str]) -> None:
        self.counts = counts
        self._total = sum(counts.values())
        self._abroad: dict[str, str] = {}
        for line in (ASSETS / "abroad.txt").read_text(encoding="utf-8").splitlines():
            if not line.startswith("#"):
                english, _, foreign = line.partition(": ")
                self._abroad |= {normalise(phrase): english for phrase in foreign.split(", ")}

    def knows(self, word: str) -> bool:
        """Is a word, in any case and number, one of the project's English?"""
        return singular(word.lower()) in self.counts

    def translate(self, text: str) -> str:
        """Emoji and foreign words in English; everything else, spaces too, as it was."""
        text = "".join(f" {_name(char)} " if unicodedata.category(char) == "So" else char for char in text)
        for run in re.findall(r"[^\x00-\u024f\s]{2,}", text):  # scripts without spaces between words
            if said := [english for foreign, english in self._abroad.items() if foreign in run]:
                text = text.replace(run, f" {' '.join(said)} ")
        words = list(_WORD.finditer(text))
        pieces, at, number = [], 0, 0
        while number < len(words):
            for count in range(min(LONGEST_FOREIGN, len(words) - number), 0, -1):
                run = words[number : number + count]
                plain = normalise(text[run[0].start() : run[-1].end()])
                if plain in self._abroad and any(
                    self.counts[singular(word)] < COMMON for word in plain.split()
                ):
                    pieces += [text[at : run[0].start()], self._abroad[plain]]
                    at, number = run[-1].end(), number + count
                    break
            else:
                number += 1
        return "".join(pieces) + text[at:]

    def respace(self, text: str) -> str:
        """Words run together by the text reader, set apart again: HAPPYBIRTHDAY -> HAPPY BIRTHDAY."""
        return re.sub(r"[^\W\d_]{6,40}", lambda match: self._split(match.group()), text)

    def _split(self, word: str) -> str:
        lower = word.lower()
        if self.knows(word):
            return word
        if not (word.isupper() or word.islower() or word.istitle()):  # HappyBirthday
            humps = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", word)
            if len(humps) > 1 and all(map(self.knows, humps)):
                return " ".join(humps)
        # (log probability, where the last word starts) of each prefix
        best: list[tuple[float, int]] = [(0.0, 0)]
        for end in range(1, len(word) + 1):
            options = []
            for start in range(max(0, end - 16), end):
                part = lower[start:end]
                count = self.counts.get(singular(part), 0)
                if count >= (3 if len(part) > 2 else 200) and math.isfinite(best[start][0]):
                    options.append((best[start][0] + math.log(count / self._total), start))
            best.append(max(options, default=(-math.inf, 0)))
        if not math.isfinite(best[-1][0]):
            return word
        parts, end = [], len(word)
        while end:
            start = best[end][1]
            parts.append(word[start:end])
            end = start
        return " ".join(reversed(parts))


def _name(char: str) -> str:
    """What an emoji shows, by its Unicode name without the words that only describe the sign."""
    name = unicodedata.name(char, "").lower()
    return re.sub(r"\b(face|with|sign|symbol|black|white|heavy|regional indicator|emoji)\b", " ", name)
