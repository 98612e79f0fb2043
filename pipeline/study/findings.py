"""What the ratings of a study say: shares, grades, agreement, arms and raters compared.

Everything here is worked out from rating records alone, by the statistics in `statistics.py`. What a rater
was shown a second time is used for one thing only: how steady that rater is.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import isnan, nan
from statistics import fmean, median
from typing import Literal

import numpy as np

from pipeline.store.ratings import Rating
from pipeline.study.statistics import (
    TOO_FEW,
    Interval,
    alpha_interval,
    clustered_share,
    holm,
    paired_difference,
    wilson,
)

QuestionName = Literal["accepted", "relevance", "correctness"]


@dataclass(frozen=True)
class Measure:
    """One question of the study: the share that answered well, and what the paper reports for it."""

    name: str
    question: str
    share: Interval
    paper: float


@dataclass(frozen=True)
class Comparison:
    """One measure of two arms, by what the same raters said of both on the same canvases.

    `difference` is first minus second; `holm` is `p` adjusted for all comparisons made at once. With fewer
    than TOO_FEW pairs (`difference.n`) there are no p-values: they are nan.
    """

    measure: str
    first: str
    second: str
    difference: Interval
    p: float
    holm: float


@dataclass(frozen=True)
class Rater:
    """One person. nan where there is nothing to tell from."""

    rater: str
    ratings: int
    seconds: float  # median time to decide
    repeats: int  # items rated a second time
    steady: float  # share of those that were accepted or rejected as before
    agreeing: float  # share of others' decisions on the same items that were the rater's own


def answer(rating: Rating, measure: str) -> bool | None:
    """Whether a rating speaks well of the candidate in that measure; None where it does not say."""
    if measure == "Accepted":
        return rating.accepted
    grade = rating.relevance if measure == "Relevant" else rating.correctness
    return None if grade is None else grade >= 2


MEASURES: dict[str, tuple[str, float]] = {
    "Accepted": ("Would you put it on the canvas?", 0.86),
    "Relevant": ("Prompt graded 2 or 3 for relevance", 0.87),
    "Correct": ("Prompt graded 2 or 3 for correctness", 0.96),
}
"""What is measured, in words, and the paper's figure."""


def first_answers(ratings: Iterable[Rating]) -> list[Rating]:
    """The ratings without the hidden repeats: at most one of each rater for each item."""
    return [rating for rating in ratings if not rating.repeated]


def measures(ratings: Sequence[Rating]) -> tuple[Measure, ...]:
    """Acceptance, and the shares graded somewhat or very relevant and correct, beside the paper's."""
    return tuple(
        Measure(name, question, share(ratings, name), paper) for name, (question, paper) in MEASURES.items()
    )


def share(ratings: Iterable[Rating], measure: str) -> Interval:
    """The share of yes among the first answers given, over raters and canvases."""
    given = [(said, r) for r in first_answers(ratings) if (said := answer(r, measure)) is not None]
    raters, canvases = [r.rater for _, r in given], [canvas_of(r) for _, r in given]
    return clustered_share([said for said, _ in given], raters, canvases)


def canvas_of(rating: Rating) -> str:
    """The canvas of a rating; its topic for ratings from before canvases had ids."""
    return rating.canvas or f"topic {rating.topic}"


def acceptance_by(ratings: Iterable[Rating], *names: str) -> dict[tuple[str, ...], Interval]:
    """Acceptance of each group of ratings that agree in the named fields, the largest group first."""
    return cells(ratings, lambda rating: tuple(str(getattr(rating, name)) for name in names))


def cells(
    ratings: Iterable[Rating], key: Callable[[Rating], tuple[str, ...]]
) -> dict[tuple[str, ...], Interval]:
    """Acceptance of each group of ratings with the same key, with Wilson's interval, the largest first."""
    groups: dict[tuple[str, ...], list[bool]] = {}
    for rating in first_answers(ratings):
        if rating.accepted is not None:
            groups.setdefault(key(rating), []).append(rating.accepted)
    ordered = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    return {found: wilson(sum(answers), len(answers)) for found, answers in ordered}


def counted_grades(
    ratings: Iterable[Rating], name: Literal["relevance", "correctness"]
) -> tuple[int, int, int]:
    """How often each grade, 1 to 3, was given as a first answer."""
    counts = Counter(getattr(rating, name) for rating in first_answers(ratings))
    return counts[1], counts[2], counts[3]


def grades_of(ratings: Iterable[Rating], name: QuestionName) -> np.ndarray:
    """The first answers as float (raters, candidates), nan where none was given: what
    `krippendorff_alpha` reads. Accepted is 1, rejected 0."""
    ratings = first_answers(ratings)
    raters = {rater: i for i, rater in enumerate(dict.fromkeys(r.rater for r in ratings))}
    items = {item: i for i, item in enumerate(dict.fromkeys(r.candidate_id for r in ratings))}
    grades = np.full((len(raters), len(items)), nan)
    for rating in ratings:
        if (grade := getattr(rating, name)) is not None:
            grades[raters[rating.rater], items[rating.candidate_id]] = grade
    return grades


def agreement(ratings: Iterable[Rating], name: QuestionName) -> Interval:
    """Krippendorff's alpha of one question: nominal for acceptance, ordinal for grades."""
    return alpha_interval(grades_of(ratings, name), "nominal" if name == "accepted" else "ordinal")


def compare_arms(ratings: Iterable[Rating], arms: Mapping[str, str]) -> tuple[Comparison, ...]:
    """Every two arms in every measure; `arms` names the arm of each candidate.

    A pair is one rater on one canvas, answered for both arms; several answers for one arm are averaged.
    """
    first = [rating for rating in first_answers(ratings) if rating.candidate_id in arms]
    found = []
    for measure in MEASURES:
        said: dict[str, dict[tuple[str, str], list[bool]]] = defaultdict(lambda: defaultdict(list))
        for rating in first:
            if (value := answer(rating, measure)) is not None:
                said[arms[rating.candidate_id]][rating.rater, canvas_of(rating)].append(value)
        for one, other in combinations(sorted(set(arms.values())), 2):
            both = [pair for pair in said[one] if pair in said[other]]
            result = paired_difference(
                [fmean(said[one][pair]) for pair in both],
                [fmean(said[other][pair]) for pair in both],
                [rater for rater, _ in both],
                [canvas for _, canvas in both],
            )
            p = nan if len(both) < TOO_FEW else result.p
            found.append(Comparison(measure, one, other, result.interval, p, nan))
    told = [comparison for comparison in found if not isnan(comparison.p)]
    adjusted = dict(zip(map(id, told), holm([comparison.p for comparison in told]), strict=True))
    return tuple(replace(each, holm=adjusted.get(id(each), nan)) for each in found)


def raters_of(ratings: Iterable[Rating]) -> tuple[Rater, ...]:
    """Every rater, in the order in which they came."""
    ratings = list(ratings)
    decided: dict[str, dict[str, bool]] = defaultdict(dict)  # item: rater: first decision
    for rating in first_answers(ratings):
        if rating.accepted is not None:
            decided[rating.candidate_id][rating.rater] = rating.accepted
    return tuple(
        _rater(rater, [r for r in ratings if r.rater == rater], decided)
        for rater in dict.fromkeys(r.rater for r in ratings)
    )


def _rater(rater: str, ratings: list[Rating], decided: Mapping[str, Mapping[str, bool]]) -> Rater:
    seconds = [rating.seconds for rating in ratings if rating.seconds is not None]
    again = [
        rating.accepted == decided[rating.candidate_id][rater]
        for rating in ratings
        if rating.repeated and rating.accepted is not None and rater in decided[rating.candidate_id]
    ]
    same = [
        given == by[rater]
        for by in decided.values()
        if rater in by
        for other, given in by.items()
        if other != rater
    ]
    return Rater(
        rater,
        len(first_answers(ratings)),
        median(seconds) if seconds else nan,
        len(again),
        fmean(again) if again else nan,
        fmean(same) if same else nan,
    )


def per_day(ratings: Iterable[Rating]) -> dict[str, int]:
    """Ratings of each day (UTC) that has any, in order."""
    return dict(sorted(Counter(rating.created_at[:10] for rating in ratings).items()))
