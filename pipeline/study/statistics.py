"""The statistics of a rating study: what the ratings say, and how sure one can be of it.

Pure functions over plain numbers; nothing here knows a database or a rating. Shares come with Wilson
intervals where the answers are independent and with a two-way cluster bootstrap where raters and canvases
repeat; agreement is Krippendorff's alpha; two arms are compared on what the same rater said of both.

Sources: Wilson, JASA 22 (1927); Owen, "The pigeonhole bootstrap", Annals of Applied Statistics 1 (2007);
Krippendorff, "Content Analysis", 3rd edition (2013), chapter 12; Holm, Scandinavian Journal of Statistics 6
(1979).
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import comb, isnan, nan, sqrt
from statistics import NormalDist
from typing import Literal

import numpy as np

TOO_FEW = 30
"""Below so many ratings a comparison says nothing."""
CHUNK = 250
"""Bootstrap draws that are worked out at a time."""
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
    return _percentiles(values, bootstrap_means(values, *clusters, draws=draws, seed=seed), confidence)


def _percentiles(values: Sequence[float], means: np.ndarray, confidence: float = 0.95) -> Interval:
    tail = (1 - confidence) / 2
    low, high = np.quantile(means, [tail, 1 - tail])
    return Interval(float(np.mean(values)), float(low), float(high), len(values))


def bootstrap_means(
    values: Sequence[float], *clusters: Sequence[Hashable], draws: int, seed: int
) -> np.ndarray:
    """The means of all draws of `cluster_bootstrap`, float (at most draws,): one in which every value was
    left out has none."""
    x = np.asarray(values, dtype=float)
    rng = np.random.default_rng(seed)
    drawn, codes = [], []
    for labels in clusters:
        index = {label: i for i, label in enumerate(dict.fromkeys(labels))}
        codes.append(np.array([index[label] for label in labels]))
        drawn.append(rng.multinomial(len(index), np.full(len(index), 1 / len(index)), size=draws))
    means = []
    for start in range(0, draws, CHUNK):  # all weights at once would fill the memory
        weights = np.ones((min(CHUNK, draws - start), len(x)))
        for counts, code in zip(drawn, codes, strict=True):
            weights *= counts[start : start + CHUNK, code]
        totals = weights.sum(axis=1)
        means.append((weights @ x)[totals > 0] / totals[totals > 0])
    return np.concatenate(means)


def clustered_share(
    answers: Sequence[bool], *clusters: Sequence[Hashable], confidence: float = 0.95
) -> Interval:
    """The share of yes with an interval that respects those clusters which repeat.

    Never narrower than Wilson's: a bootstrap sees no doubt where all answers are the same.
    """
    exact = wilson(sum(answers), len(answers), confidence)
    several = _crossed(clusters)
    if not several:
        return exact
    wide = cluster_bootstrap([float(answer) for answer in answers], *several, confidence=confidence)
    return Interval(exact.estimate, min(wide.low, exact.low), max(wide.high, exact.high), exact.n)


def _crossed(clusters: Sequence[Sequence[Hashable]]) -> list[Sequence[Hashable]]:
    """The kinds of clusters that have several labels and do not lie within another kind: a canvas that one
    rater alone has seen adds no doubt to that rater's."""
    several = [labels for labels in clusters if len(set(labels)) > 1]

    def within(fine: Sequence[Hashable], coarse: Sequence[Hashable]) -> bool:
        return len(set(zip(fine, coarse, strict=True))) == len(set(fine))

    return [
        labels
        for i, labels in enumerate(several)
        if not any(
            within(labels, other) and (j < i or not within(other, labels))
            for j, other in enumerate(several)
            if j != i
        )
    ]


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


@dataclass(frozen=True)
class Difference:
    """Two arms compared: the mean difference, and the p-value that there is none."""

    interval: Interval
    p: float


def paired_difference(
    first: Sequence[float],
    second: Sequence[float],
    *clusters: Sequence[Hashable],
    draws: int = 4000,
    seed: int = 0,
) -> Difference:
    """Mean of `first - second` over pairs, with a bootstrap over those `clusters` that repeat.

    Its p-value is the bootstrap's own: twice the share of draws on the other side of zero. Where at most one
    kind of cluster repeats and each of its labels has one pair, the pairs are independent and p is McNemar's
    exact one. nan without pairs.
    """
    differences = [a - b for a, b in zip(first, second, strict=True)]
    if not differences:
        return Difference(Interval(nan, nan, nan, 0), nan)
    several = _crossed(clusters) or [range(len(differences))]
    means = bootstrap_means(differences, *several, draws=draws, seed=seed)
    interval = _percentiles(differences, means)
    if len(several) == 1 and len(set(several[0])) == len(differences):
        return Difference(interval, mcnemar(sum(d > 0 for d in differences), sum(d < 0 for d in differences)))
    beyond = min((means <= 0).sum(), (means >= 0).sum())
    return Difference(interval, min(1.0, 2 * (float(beyond) + 1) / (len(means) + 1)))


def holm(p_values: Sequence[float]) -> list[float]:
    """P-values adjusted for several comparisons at once (Holm's step-down), in the order given."""
    order = sorted(range(len(p_values)), key=p_values.__getitem__)
    adjusted = [0.0] * len(p_values)
    highest = 0.0
    for rank, index in enumerate(order):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[index]))
        adjusted[index] = highest
    return adjusted
