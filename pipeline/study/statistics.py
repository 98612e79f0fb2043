"""The statistics of a rating study: what the ratings say, and how sure one can be of it.

Pure functions over plain numbers and rating records; nothing here reads a database. Shares come with Wilson
intervals where the ratings are independent and with a two-way cluster bootstrap where raters and canvases
repeat; agreement is Krippendorff's alpha; two arms are compared on the items that both were rated on.

Sources: Wilson, JASA 22 (1927); Owen, "The pigeonhole bootstrap", Annals of Applied Statistics 1 (2007);
Krippendorff, "Content Analysis", 3rd edition (2013), chapter 12; Holm, Scandinavian Journal of Statistics 6
(1979).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from math import comb, isnan, nan, sqrt
from statistics import NormalDist
from typing import Literal

import numpy as np

from pipeline.store.ratings import Rating

TOO_FEW = 30
"""Below so many ratings a comparison says nothing."""
Level = Literal["nominal", "ordinal", "interval"]


@dataclass(frozen=True)
class Interval:
    """An estimate with its confidence bounds; all nan where nothing can be estimated. `n` is what it rests
    on."""

    estimate: float
    low: float
    high: float
    n: int


def wilson(successes: int, n: int, confidence: float = 0.95) -> Interval:
    """The share `successes / n` with Wilson's score interval. Raises ValueError unless 0 <= successes <=
    n."""
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} of {n} is no share")
    if n == 0:
        return Interval(nan, nan, nan, 0)
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    share = successes / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    low = 0.0 if successes == 0 else middle - half  # exact at the ends, where rounding would show
    high = 1.0 if successes == n else middle + half
    return Interval(share, low, high, n)


def cluster_bootstrap(
    values: Sequence[float],
    *clusters: Sequence[Hashable],
    confidence: float = 0.95,
    draws: int = 4000,
    seed: int = 0,
) -> Interval:
    """The mean of `values` with a percentile interval that respects clusters.

    Each of `clusters` labels every value (its rater, its canvas ...). Every draw resamples the labels of each
    kind with replacement; a value counts as often as all its labels were drawn together (the pigeonhole
    bootstrap). Raises ValueError when the lengths differ or there is no kind of cluster.
    """
    if not clusters or any(len(labels) != len(values) for labels in clusters):
        raise ValueError("every value needs one label of each kind of cluster")
    if not values:
        return Interval(nan, nan, nan, 0)
    x = np.asarray(values, dtype=float)
    rng = np.random.default_rng(seed)
    weights = np.ones((draws, len(x)))
    for labels in clusters:
        index = {label: i for i, label in enumerate(dict.fromkeys(labels))}
        codes = np.array([index[label] for label in labels])
        counts = rng.multinomial(len(index), np.full(len(index), 1 / len(index)), size=draws)
        weights *= counts[:, codes]
    totals = weights.sum(axis=1)
    means = (weights @ x)[totals > 0] / totals[totals > 0]
    tail = (1 - confidence) / 2
    low, high = np.quantile(means, [tail, 1 - tail])
    return Interval(float(x.mean()), float(low), float(high), len(x))


def krippendorff_alpha(grades: np.ndarray, level: Level = "ordinal") -> float:
    """Krippendorff's alpha of `grades`, float (raters, items), nan where a rater gave none.

    1 is perfect agreement, 0 what chance gives. nan when no item has two grades or all grades are the same:
    there is nothing to agree or differ on. `ordinal` counts how many grades lie between two, `interval`
    squares their distance.
    """
    pairable = grades[:, (~np.isnan(grades)).sum(axis=0) >= 2]
    scale, codes = np.unique(pairable[~np.isnan(pairable)], return_inverse=True)
    if len(scale) < 2:
        return nan
    items = np.nonzero(~np.isnan(pairable))[1]
    counts = np.zeros((pairable.shape[1], len(scale)))  # how often each item got each grade
    np.add.at(counts, (items, codes), 1)
    given = counts.sum(axis=1, keepdims=True)
    coincidences = (counts / (given - 1)).T @ counts
    coincidences -= np.diag((counts / (given - 1)).sum(axis=0))  # a grade makes no pair with itself
    marginals = coincidences.sum(axis=0)
    distance = _distance(scale, marginals, level)
    observed = (coincidences * distance).sum()
    expected = (np.outer(marginals, marginals) * distance).sum() / (marginals.sum() - 1)
    return float(1 - observed / expected)


def _distance(scale: np.ndarray, marginals: np.ndarray, level: Level) -> np.ndarray:
    """Squared differences between every two grades of the scale."""
    if level == "nominal":
        return 1.0 - np.eye(len(scale))
    position = np.cumsum(marginals) - marginals / 2 if level == "ordinal" else scale
    return np.subtract.outer(position, position) ** 2


def alpha_interval(
    grades: np.ndarray,
    level: Level = "ordinal",
    *,
    confidence: float = 0.95,
    draws: int = 1000,
    seed: int = 0,
) -> Interval:
    """Krippendorff's alpha with a percentile interval over items drawn with replacement."""
    rng = np.random.default_rng(seed)
    items = grades.shape[1]
    n = int((~np.isnan(grades)).sum())
    alpha = krippendorff_alpha(grades, level)
    if isnan(alpha):
        return Interval(nan, nan, nan, n)
    drawn = [krippendorff_alpha(grades[:, rng.integers(items, size=items)], level) for _ in range(draws)]
    tail = (1 - confidence) / 2
    low, high = np.nanquantile(drawn, [tail, 1 - tail])
    return Interval(alpha, float(low), float(high), n)


def agreement_in_words(alpha: float) -> str:
    """What an alpha means, by Krippendorff's own thresholds."""
    if isnan(alpha):
        return "too few grades of the same prompt by two people to tell"
    if alpha >= 0.8:
        return "the raters agree: conclusions are reliable"
    if alpha >= 0.667:
        return "the raters agree somewhat: tentative conclusions only"
    if alpha > 0:
        return "the raters agree little: read the figures with care"
    return "the raters agree no more than chance would have it"


def mcnemar(only_first: int, only_second: int) -> float:
    """The exact two-sided p-value that two arms, accepted on the same items, differ: `only_first` items where
    just the first was accepted, `only_second` the reverse. 1 when they never differed."""
    n = only_first + only_second
    tail = sum(comb(n, k) for k in range(min(only_first, only_second) + 1)) / 2**n
    return min(1.0, 2 * tail)


def paired_difference(
    first: Sequence[float], second: Sequence[float], items: Sequence[Hashable], **options
) -> Interval:
    """Mean of `first - second` over pairs, with a bootstrap over `items` (options as for
    `cluster_bootstrap`)."""
    return cluster_bootstrap([a - b for a, b in zip(first, second, strict=True)], items, **options)


def holm(p_values: Sequence[float]) -> list[float]:
    """P-values adjusted for several comparisons at once (Holm's step-down), in the order given."""
    order = sorted(range(len(p_values)), key=p_values.__getitem__)
    adjusted = [0.0] * len(p_values)
    highest = 0.0
    for rank, index in enumerate(order):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[index]))
        adjusted[index] = highest
    return adjusted


# --- what the ratings tab and a report show ---------------------------------------------------------------


@dataclass(frozen=True)
class Measure:
    """One question of the study: the share that answered well, and what the paper reports for it."""

    name: str
    question: str
    share: Interval
    paper: float


def measures(ratings: Sequence[Rating]) -> tuple[Measure, ...]:
    """Acceptance, and the shares graded somewhat or very relevant and correct, beside the paper's."""
    asked: tuple[tuple[str, str, float, Callable[[Rating], bool | None]], ...] = (
        ("Accepted", "Would you put it on the canvas?", 0.86, lambda r: r.accepted),
        ("Relevant", "Prompt graded 2 or 3 for relevance", 0.87, lambda r: _at_least_2(r.relevance)),
        ("Correct", "Prompt graded 2 or 3 for correctness", 0.96, lambda r: _at_least_2(r.correctness)),
    )
    return tuple(Measure(name, text, _share(ratings, answer), paper) for name, text, paper, answer in asked)


def _at_least_2(grade: int | None) -> bool | None:
    return None if grade is None else grade >= 2


def _share(ratings: Sequence[Rating], answer: Callable[[Rating], bool | None]) -> Interval:
    """The share of yes among the answers given: over raters and topics where there are several of both."""
    given = [(value, rating) for rating in ratings if (value := answer(rating)) is not None]
    raters, topics = [r.rater for _, r in given], [r.topic for _, r in given]
    if len(set(raters)) > 1 and len(set(topics)) > 1:
        return cluster_bootstrap([float(value) for value, _ in given], raters, topics)
    return wilson(sum(value for value, _ in given), len(given))


def acceptance_by(ratings: Sequence[Rating], *names: str) -> dict[tuple[str, ...], Interval]:
    """Acceptance of each group of ratings that agree in the named fields, the largest group first."""
    groups: dict[tuple[str, ...], list[bool]] = {}
    for rating in ratings:
        if rating.accepted is not None:
            key = tuple(str(getattr(rating, name)) for name in names)
            groups.setdefault(key, []).append(rating.accepted)
    ordered = sorted(groups.items(), key=lambda item: -len(item[1]))
    return {key: wilson(sum(answers), len(answers)) for key, answers in ordered}


def grades_of(ratings: Sequence[Rating], name: Literal["relevance", "correctness"]) -> np.ndarray:
    """The grades as float (raters, candidates), nan where none was given: what `krippendorff_alpha` reads."""
    raters = {rater: i for i, rater in enumerate(dict.fromkeys(r.rater for r in ratings))}
    items = {item: i for i, item in enumerate(dict.fromkeys(r.candidate_id for r in ratings))}
    grades = np.full((len(raters), len(items)), nan)
    for rating in ratings:
        if (grade := getattr(rating, name)) is not None:
            grades[raters[rating.rater], items[rating.candidate_id]] = grade
    return grades
