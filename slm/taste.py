"""What people think of prompts, as the model can learn it: ratings as relevance commands, and a judge for all
the prompts that nobody rated.

A few thousand ratings are little beside the corpus. So they also train a judge (`Taste`), which gives every
prompt of the corpus and the grammar, and many drafts of the model's own, the grade that those people would
have given. Read by `slm/data.py`; used by `slm/feedback.py`. The judge is kept beside the taught model
(TASTE_FILE), where the writer of prompts asks it when it chooses among drafts (`slm/generate.py`).
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from slm.command import BEST_RELEVANCE, MAX_WORDS, MIN_WORDS, Brief, count_words
from slm.corpus import Drafts
from slm.coverage import missing, words_of

TASTE_FILE = "taste.json"
FEEDBACK_SHARE = 0.6
"""Of the training lines, those that are rated prompts or graded drafts; the others keep its language."""
DRAFT_SHARE = 0.85
"""Of those, the drafts."""
MISSING_RELEVANCE = 2
"""The best grade of a prompt that leaves out a part of its command."""
LEAST_RATINGS = 100
"""Fewer than this teach nothing but chance."""
SEEN_OFTEN = 4
"""A word must stand in so many rated prompts to say anything about taste."""
SHRINK = 8.0
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
                min(max(count_words(row["prompt"]), MIN_WORDS), MAX_WORDS),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{path}, line {number}: not an exported rating ({error})") from error
        rated.append(Rated(brief, row["prompt"], liking))
    return rated


def require_enough(count: int) -> None:
    """ValueError for fewer ratings than LEAST_RATINGS."""
    if count < LEAST_RATINGS:
        raise ValueError(f"{count} ratings are too few to learn from: at least {LEAST_RATINGS}")


class Taste:
    """A judge learned from ratings: logistic regression on the words of a prompt."""

    def __init__(self, words: Mapping[str, float], constant: float) -> None:
        """What each word adds to the log-odds of being liked, and where they stand without any."""
        self.words, self.constant = dict(words), constant
        self.steps = np.zeros(BEST_RELEVANCE - 1)

    @classmethod
    def learn(cls, texts: Sequence[str], likings: Sequence[float]) -> Taste:
        """Fits by Newton's method with a Gaussian prior. ValueError with fewer than LEAST_RATINGS."""
        require_enough(len(texts))
        seen = Counter(word for text in texts for word in set(words_of(text)))
        vocabulary = sorted(word for word, times in seen.items() if times >= SEEN_OFTEN)
        index = {word: at for at, word in enumerate(vocabulary)}
        features = np.zeros((len(texts), len(vocabulary) + 1))
        for row, text in zip(features, texts, strict=True):
            row[[*(index[word] for word in set(words_of(text)) if word in index), -1]] = 1  # -1: the constant
        wished = np.asarray(likings)
        prior = np.full(features.shape[1], SHRINK)
        prior[-1] = 1e-3
        weights = np.zeros(features.shape[1])
        for _ in range(7):  # it has settled by then
            liked = 1 / (1 + np.exp(-features @ weights))
            gradient = features.T @ (liked - wished) + prior * weights
            curvature = (features.T * (liked * (1 - liked))) @ features + np.diag(prior)
            weights -= np.linalg.solve(curvature, gradient)
        return cls(dict(zip(vocabulary, weights[:-1].tolist(), strict=True)), float(weights[-1]))

    @classmethod
    def load(cls, file: Path) -> Taste:
        """Reads what `save` wrote. ValueError when it is something else."""
        try:
            row = json.loads(file.read_text(encoding="utf-8"))
            return cls({word: float(weight) for word, weight in row["words"].items()}, float(row["constant"]))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"{file} holds no judge: {error}") from error

    def save(self, file: Path) -> None:
        """Writes the judge; the borders of its grades are not kept."""
        words = {word: round(weight, 3) for word, weight in self.words.items()}
        part = file.with_name(f"{file.name}.part")
        part.write_text(json.dumps({"constant": round(self.constant, 3), "words": words}) + "\n")
        part.replace(file)

    def log_odds(self, text: str) -> float:
        """Of somebody liking the prompt, in nats."""
        return self.constant + sum(self.words.get(word, 0.0) for word in dict.fromkeys(words_of(text)))

    def calibrate(self, texts: Iterable[str]) -> None:
        """Set the grades' borders: each of the five grades gets a fifth of `texts`."""
        self.steps = np.quantile(
            [self.log_odds(text) for text in texts], np.arange(1, BEST_RELEVANCE) / BEST_RELEVANCE
        )

    def grade(self, text: str) -> int:
        """The relevance command of a prompt, 1 to 5."""
        return 1 + int(np.searchsorted(self.steps, self.log_odds(text)))


class Feedback:
    """What the training stream learns of people's taste: prompts they rated, drafts that the judge graded,
    and the judge's grades for all others."""

    def __init__(self, rated: Sequence[Rated], drafts: Sequence[Drafts], reference: Sequence[str]) -> None:
        """`reference` are prompts whose grades spread over all five."""
        self.rated = list(rated)
        self.taste = Taste.learn([each.prompt for each in rated], [each.liking for each in rated])
        self.taste.calibrate(reference)
        self.graded = [pair for each in drafts for pair in self._graded(each)]

    def _graded(self, drafts: Drafts) -> Iterator[tuple[Brief, str]]:
        """Drafts of one command with their place among each other as the grade: nothing else tells them
        apart. One that leaves out what it was told stays below the middle."""
        ranked = sorted(drafts.prompts, key=self.taste.log_odds)
        for place, prompt in enumerate(ranked):
            grade = 1 + int((place + 0.5) / len(ranked) * BEST_RELEVANCE)
            grade = min(grade, MISSING_RELEVANCE) if missing(prompt, drafts.brief.terms) else grade
            yield replace(drafts.brief, length=count_words(prompt), relevance=grade), prompt

    def pair(self, rng: random.Random) -> tuple[Brief, str]:
        """A rated prompt with what was thought of it, or a draft with its grade."""
        if self.graded and rng.random() < DRAFT_SHARE:
            return rng.choice(self.graded)
        each = rng.choice(self.rated)
        relevance = 1 + round(each.liking * (BEST_RELEVANCE - 1))
        return replace(each.brief, relevance=relevance), each.prompt

    def judged(self, brief: Brief, prompt: str) -> Brief:
        """The command with the judge's grade. What the prompt misses still counts: a lower grade stays."""
        whole = brief.relevance >= BEST_RELEVANCE - 1
        grade = self.taste.grade(prompt)
        return replace(brief, relevance=grade if whole else min(grade, brief.relevance))
