"""The statistics, beside reference libraries and published examples."""

from math import isnan, nan

import numpy as np
import pytest
from scipy.stats import binomtest
from statsmodels.stats.contingency_tables import mcnemar as reference_mcnemar
from statsmodels.stats.multitest import multipletests

from pipeline.study.statistics import (
    agreement_in_words,
    alpha_interval,
    cluster_bootstrap,
    holm,
    krippendorff_alpha,
    mcnemar,
    paired_difference,
    wilson,
)

_ = nan
# Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011): four observers, twelve units.
PUBLISHED = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3],
        [_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _],
    ]
)


def test_wilson_equals_scipy():
    """Breaks when an acceptance share gets wrong bounds."""
    rng = np.random.default_rng(1)
    for _draw in range(20):
        n = int(rng.integers(1, 400))
        k = int(rng.integers(0, n + 1))
        want = binomtest(k, n).proportion_ci(0.95, method="wilson")
        got = wilson(k, n)
        assert (got.low, got.high) == pytest.approx((want.low, want.high), abs=1e-9)
    assert wilson(5, 5).high == 1
    assert wilson(0, 5).low == 0
    assert isnan(wilson(0, 0).estimate)
    with pytest.raises(ValueError, match="no share"):
        wilson(6, 5)


@pytest.mark.parametrize(("level", "want"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_alpha_equals_the_published_example(level, want):
    """Breaks when the coincidences or the distance between grades are computed wrongly."""
    assert krippendorff_alpha(PUBLISHED, level) == pytest.approx(want, abs=5e-4)


def test_alpha_equals_its_definition_pair_by_pair():
    """Breaks when the matrix form departs from the sum over pairs of grades that defines alpha."""
    rng = np.random.default_rng(2)
    for _draw in range(20):
        grades = rng.integers(1, 4, size=(5, 12)).astype(float)
        grades[rng.random(grades.shape) < 0.3] = nan
        columns = [column[~np.isnan(column)] for column in grades.T]
        columns = [column for column in columns if len(column) >= 2]
        pooled = np.concatenate(columns)

        def distance(a, b, pooled=pooled):
            low, high = min(a, b), max(a, b)
            between = sum((pooled == g).sum() for g in np.unique(pooled) if low <= g <= high)
            return (between - ((pooled == a).sum() + (pooled == b).sum()) / 2) ** 2

        observed = sum(
            sum(distance(a, b) for a in column for b in column) / (len(column) - 1) for column in columns
        )
        expected = sum(distance(a, b) for a in pooled for b in pooled) / (len(pooled) - 1)
        assert krippendorff_alpha(grades) == pytest.approx(1 - observed / expected, abs=1e-9)


@pytest.mark.parametrize(
    "grades",
    [np.full((3, 4), 2.0), np.full((3, 4), nan), np.array([[1.0, nan], [nan, 3.0]]), np.empty((0, 0))],
)
def test_alpha_of_nothing_to_compare_is_nan(grades):
    """Breaks when degenerate data (no variation, no overlap, one rater, empty) give a number or a crash."""
    assert isnan(krippendorff_alpha(grades))
    assert isnan(alpha_interval(grades).low)
    assert "to tell" in agreement_in_words(nan)


def test_alpha_interval_holds_the_estimate():
    """Breaks when the bootstrap resamples something else than items."""
    got = alpha_interval(PUBLISHED, draws=300)
    assert got.low < got.estimate < got.high <= 1
    assert got == alpha_interval(PUBLISHED, draws=300)


def test_bootstrap_widens_with_clusters():
    """Breaks when repeated ratings of one person count as independent: intervals would be far too narrow."""
    raters = [rater for rater in range(12) for _each in range(30)]
    rng = np.random.default_rng(3)
    taste = rng.random(12)
    values = [float(rng.random() < taste[rater]) for rater in raters]
    alone = cluster_bootstrap(values, range(len(values)))
    together = cluster_bootstrap(values, raters)
    exact = wilson(int(sum(values)), len(values))
    assert alone.high - alone.low == pytest.approx(exact.high - exact.low, rel=0.1)
    assert together.high - together.low > 2 * (alone.high - alone.low)
    assert isnan(cluster_bootstrap([], []).estimate)
    assert cluster_bootstrap([1.0, 1.0], "ab") == cluster_bootstrap([1.0, 1.0], "ba")
    with pytest.raises(ValueError, match="one label"):
        cluster_bootstrap([1.0], [])


def test_mcnemar_and_holm_equal_statsmodels():
    """Breaks when two arms are called different without reason, or the correction for several is wrong."""
    rng = np.random.default_rng(4)
    for _draw in range(20):
        b, c = (int(each) for each in rng.integers(0, 40, size=2))
        want = reference_mcnemar([[0, b], [c, 0]], exact=True).pvalue
        assert mcnemar(b, c) == pytest.approx(min(want, 1), abs=1e-9)
        p = list(rng.random(6) ** 3)
        assert holm(p) == pytest.approx(multipletests(p, method="holm")[1], abs=1e-12)
    assert mcnemar(0, 0) == 1
    assert holm([]) == []


def test_paired_difference_is_that_of_the_pairs():
    """Breaks when the arms are compared unpaired."""
    got = paired_difference([1, 1, 0, 1], [0, 1, 0, 0], "abcd", draws=500)
    assert got.interval.estimate == 0.5
    assert got.interval.low >= 0
