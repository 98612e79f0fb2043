"""What people think of prompts, as the model can learn it: ratings as relevance commands, and a judge for all
the prompts that nobody rated.

A few thousand ratings are little beside the corpus. So they also train a judge (`Taste`), which gives every
prompt of the corpus and the grammar the grade that those people would have given. Read by `slm/data.py`;
used by `slm/feedback.py`.
"""

from __future__ import annotations

import json
import math
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from slm.command import BEST_RELEVANCE, Brief, count_words
from slm.coverage import words_of

RATED_SHARE = 0.25
"""Of the training lines, those that are rated prompts themselves."""
LEAST_RATINGS = 100
"""Fewer than this teach nothing but chance."""
SEEN_OFTEN = 3
"""A word must stand in so many rated prompts to say anything about taste."""
SHRINK = 2.0
"""Weight of the judge's prior: words do not matter until ratings say so."""


@dataclass(frozen=True)
class Rated:
    """One rating of one prompt. `liking` is 0 (unwanted) to 1."""

    brief: Brief
    prompt: str
    liking: float


def liking_of(accepted: bool | None, relevance: int | None, correctness: int | None) -> float | None:
    """Acceptance and the mean of the grades (1 to 3), half each where both are given; None for no answer."""
    grades = [(grade - 1) / 2 for grade in (relevance, correctness) if grade is not None]
    parts = [float(accepted)] if accepted is not None else []
    parts += [sum(grades) / len(grades)] if grades else []
    return sum(parts) / len(parts) if parts else None


def read_ratings(path: Path) -> list[Rated]:
    """The ratings that count of an exported file (.jsonl). ValueError names a line that is no rating."""
    rated = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
            liking = liking_of(row["accepted"], row["relevance"], row["correctness"])
            if liking is None or not row.get("current", True):
                continue
            brief = Brief(
                row["task"],
                row["topic"],
                tuple(row["objects"]),
                row["design_type"],
                row["style"],
                count_words(row["prompt"]),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{path}, line {number}: not an exported rating ({error})") from error
        rated.append(Rated(brief, row["prompt"], liking))
    return rated


class Taste:
    """A judge learned from ratings: logistic regression on the words of a prompt."""

    def __init__(self, texts: Sequence[str], likings: Sequence[float]) -> None:
        """Fits by Newton's method with a Gaussian prior. ValueError with fewer than LEAST_RATINGS."""
        if len(texts) < LEAST_RATINGS:
            raise ValueError(f"{len(texts)} ratings are too few to learn from: at least {LEAST_RATINGS}")
        seen = Counter(word for text in texts for word in set(words_of(text)))
        vocabulary = sorted(word for word, times in seen.items() if times >= SEEN_OFTEN)
        self.index = {word: at for at, word in enumerate(vocabulary)}
        features = np.zeros((len(texts), len(vocabulary) + 1))
        for row, text in zip(features, texts, strict=True):
            row[[*self._known(text), -1]] = 1  # the last is the intercept
        wished = np.asarray(likings)
        prior = np.full(features.shape[1], SHRINK)
        prior[-1] = 1e-3
        self.weights = np.zeros(features.shape[1])
        for _ in range(12):
            liked = 1 / (1 + np.exp(-features @ self.weights))
            gradient = features.T @ (liked - wished) + prior * self.weights
            curvature = (features.T * (liked * (1 - liked))) @ features + np.diag(prior)
            self.weights -= np.linalg.solve(curvature, gradient)
        self.steps = np.zeros(BEST_RELEVANCE - 1)

    def _known(self, text: str) -> list[int]:
        return sorted({self.index[word] for word in words_of(text) if word in self.index})

    def liking(self, text: str) -> float:
        """The share of people who would like the prompt, 0 to 1."""
        known = self._known(text)
        return 1 / (1 + math.exp(-(self.weights[known].sum() + self.weights[-1])))

    def calibrate(self, texts: Iterable[str]) -> None:
        """Set the grades' borders: each of the five grades gets a fifth of `texts`."""
        likings = [self.liking(text) for text in texts]
        self.steps = np.quantile(likings, np.arange(1, BEST_RELEVANCE) / BEST_RELEVANCE)

    def grade(self, text: str) -> int:
        """The relevance command of a prompt, 1 to 5."""
        return 1 + int(np.searchsorted(self.steps, self.liking(text)))


class Feedback:
    """Rated prompts and the judge learned from them, as the training stream uses them."""

    def __init__(self, rated: Sequence[Rated], reference: Sequence[str]) -> None:
        """`reference` are prompts whose grades spread over all five."""
        self.rated = list(rated)
        self.taste = Taste([each.prompt for each in rated], [each.liking for each in rated])
        self.taste.calibrate(reference)

    def pair(self, rng: random.Random) -> tuple[Brief, str]:
        """One rated prompt with what was thought of it as its relevance."""
        each = rng.choice(self.rated)
        relevance = 1 + round(each.liking * (BEST_RELEVANCE - 1))
        return replace(each.brief, relevance=relevance), each.prompt

    def judged(self, brief: Brief, prompt: str) -> Brief:
        """The command with the judge's grade. What the prompt misses still counts: a lower grade stays."""
        whole = brief.relevance >= BEST_RELEVANCE - 1
        grade = self.taste.grade(prompt)
        return replace(brief, relevance=grade if whole else min(grade, brief.relevance))
