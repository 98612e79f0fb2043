"""The statistics, beside reference libraries and published examples."""

from itertools import combinations
from math import isnan, nan

import numpy as np
import pytest
from scipy.stats import binomtest, rankdata
from statsmodels.stats.contingency_tables import mcnemar as reference_mcnemar
from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import DescrStatsW

from pipeline.study.statistics import (
    agreement_in_words,
    alpha_interval,
    bootstrap_means,
    cluster_bootstrap,
    clustered_share,
    holm,
    krippendorff_alpha,
    mcnemar,
    paired_difference,
    wilson,
)


def _random_grades(seed: int) -> np.ndarray:
    """Grades 1 to 3 of a few raters, float (raters, items), some or none missing."""
    rng = np.random.default_rng(seed)
    shape = int(rng.integers(2, 8)), int(rng.integers(3, 30))
    quality = rng.normal(0, 1, shape[1])
    grades = np.clip(np.round(2 + quality + rng.normal(0, 0.8, shape)), 1, 3)
    grades[rng.random(shape) < rng.choice([0, 0.2, 0.6])] = nan
    return grades


def _no_overlap() -> np.ndarray:
    grades = np.full((4, 12), nan)
    grades[np.arange(12) % 4, np.arange(12)] = np.arange(12) % 3 + 1
    return grades


DATA = {f"random {seed}": _random_grades(seed) for seed in range(20)} | {
    "no overlap": _no_overlap(),
    "no variation": np.full((3, 9), 2.0),
    "one rater": np.array([[1.0, 2.0, 3.0, 3.0]]),
    "empty": np.empty((0, 0)),
    "all accepted": np.full((5, 20), 3.0),
}
"""20 random and 5 degenerate sets of grades; a grade of 2 or 3 counts as accepted."""
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


def test_wilson_is_exact_at_the_ends():
    """Breaks when a share of all or none gets bounds beyond what can be, or a share that is none passes."""
    assert wilson(5, 5).high == 1
    assert wilson(0, 5).low == 0
    assert isnan(wilson(0, 0).estimate)
    with pytest.raises(ValueError, match="no share"):
        wilson(6, 5)


@pytest.mark.parametrize(("level", "want"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_alpha_equals_the_published_example(level, want):
    """Breaks when the coincidences or the distance between grades are computed wrongly."""
    assert krippendorff_alpha(PUBLISHED, level) == pytest.approx(want, abs=5e-4)


@pytest.mark.parametrize(
    "grades",
    [np.full((3, 4), 2.0), np.full((3, 4), nan), np.array([[1.0, nan], [nan, 3.0]]), np.empty((0, 0))],
)
def test_alpha_of_nothing_to_compare_is_nan(grades):
    """Breaks when degenerate data (no variation, no overlap, one rater, empty) give a number or a crash."""
    assert isnan(krippendorff_alpha(grades))
    assert isnan(alpha_interval(grades).low)
    assert "to tell" in agreement_in_words(nan)


def _reference_alpha(grades: np.ndarray, level: str) -> float:
    """Alpha from scipy's ranks and statsmodels' variances: one minus that within items over that of all."""
    columns = [column[~np.isnan(column)] for column in grades.T]
    columns = [column for column in columns if len(column) >= 2]
    if not columns:
        return nan
    pooled = np.concatenate(columns)
    items = np.repeat(np.arange(len(columns)), [len(column) for column in columns])
    scales = [pooled] if level == "interval" else [rankdata(pooled)]
    if level == "nominal":
        scales = [(pooled == grade).astype(float) for grade in np.unique(pooled)]
    within = sum(
        DescrStatsW(x[items == item]).var_ddof(1) * (items == item).sum()
        for x in scales
        for item in set(items)
    )
    total = sum(DescrStatsW(x).var_ddof(1) for x in scales) * len(pooled)
    return 1 - within / total if total else nan


@pytest.mark.parametrize("grades", DATA.values(), ids=DATA)
def test_statistics_equal_the_reference_libraries(grades):
    """Breaks when any figure of a study departs from scipy's or statsmodels' by more than a millionth."""
    for level in ("nominal", "ordinal", "interval"):
        alpha = krippendorff_alpha(grades, level)
        assert alpha == pytest.approx(_reference_alpha(grades, level), abs=1e-6, nan_ok=True)
    if len(grades) > 1 and not np.isnan(grades).any():
        table = aggregate_raters(grades.T)[0]
        with np.errstate(invalid="ignore"):
            kappa = fleiss_kappa(table)  # alpha is the same with a correction for small samples
        corrected = kappa + (1 - kappa) / grades.size
        assert krippendorff_alpha(grades, "nominal") == pytest.approx(corrected, abs=1e-6, nan_ok=True)
    given = grades[~np.isnan(grades)] >= 2
    if n := len(given):
        share = wilson(int(given.sum()), n)
        assert (share.low, share.high) == pytest.approx(
            proportion_confint(given.sum(), n, method="wilson"), abs=1e-6
        )
        want = binomtest(int(given.sum()), n).proportion_ci(0.95, method="wilson")
        assert (share.low, share.high) == pytest.approx((want.low, want.high), abs=1e-6)
    p_values = []
    for one, other in combinations(grades >= 2, 2):  # every two raters, as if they were arms
        cells = [[int((one & other).sum()), int((one & ~other).sum())], [int((~one & other).sum()), 0]]
        p_values.append(mcnemar(cells[0][1], cells[1][0]))
        assert p_values[-1] == pytest.approx(min(reference_mcnemar(cells, exact=True).pvalue, 1), abs=1e-6)
    if p_values:
        assert holm(p_values) == pytest.approx(multipletests(p_values, method="holm")[1], abs=1e-6)


def test_the_bootstrap_draws_whole_raters_and_whole_canvases():
    """Breaks when a draw weighs a value otherwise than by how often its rater and its canvas were drawn."""
    values, raters, canvases = [1.0, 0.0, 1.0, 1.0, 0.0], "aabbc", "xyxyy"
    rng = np.random.default_rng(9)
    of_raters = rng.multinomial(3, [1 / 3] * 3, size=400)
    of_canvases = rng.multinomial(2, [1 / 2] * 2, size=400)
    means = []
    for times, again in zip(of_raters, of_canvases, strict=True):
        drawn = [
            value
            for value, rater, canvas in zip(values, raters, canvases, strict=True)
            for _time in range(times["abc".index(rater)] * again["xy".index(canvas)])
        ]
        if drawn:
            means.append(np.mean(drawn))
    got = bootstrap_means(values, raters, canvases, draws=400, seed=9)
    assert got == pytest.approx(np.array(means), abs=1e-12)
    share = cluster_bootstrap(values, raters, canvases, draws=400, seed=9)
    assert (share.low, share.high) == pytest.approx(tuple(np.quantile(means, [0.025, 0.975])), abs=1e-12)


def test_a_share_is_never_surer_than_wilson():
    """Breaks when a bootstrap that saw the same answer everywhere claims to have no doubt at all."""
    raters, canvases = [r for r in range(6) for _ in range(5)], list(range(5)) * 6
    sure = clustered_share([True] * 30, raters, canvases)
    assert (sure.estimate, sure.high) == (1, 1)
    assert sure.low == wilson(30, 30).low
    assert clustered_share([True, False], "aa", "xx") == wilson(1, 2), "nothing repeats"
    assert isnan(clustered_share([], [], []).estimate)


def test_own_canvases_add_no_doubt():
    """Breaks when raters who bring canvases of their own are drawn twice: intervals would be far too wide."""
    answers = [n % 3 > 0 for n in range(300)]
    exact = wilson(200, 300)
    for canvases in (range(300), range(1000, 1300)):
        share = clustered_share(answers, range(300), canvases)
        assert share.high - share.low == pytest.approx(exact.high - exact.low, rel=0.1)
    several = clustered_share(answers, [n // 10 for n in range(300)], [n // 5 for n in range(300)])
    alone = clustered_share(answers, [n // 10 for n in range(300)])
    assert several == alone, "each canvas belongs to one rater"


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


def test_paired_difference_is_that_of_the_pairs():
    """Breaks when the arms are compared unpaired, or by a test that does not fit the data."""
    got = paired_difference([1, 1, 0, 1], [0, 1, 0, 0], "abcd", draws=500)
    assert got.interval.estimate == 0.5
    assert got.interval.low >= 0
    assert got.p == mcnemar(2, 0), "one kind of cluster, a pair each: the pairs are independent"
    one, other = [1.0] * 20 + [0.0] * 5, [0.0] * 20 + [1.0] * 5
    many = paired_difference(one, other, [n % 5 for n in range(25)], [n // 5 for n in range(25)])
    assert many.interval.estimate == 0.6
    assert 0 < many.p < 0.2
    assert paired_difference(other, one, [n % 5 for n in range(25)], [n // 5 for n in range(25)]).p == many.p
    same = paired_difference(one, one, [n % 5 for n in range(25)], [n // 5 for n in range(25)])
    assert (same.interval.estimate, same.p) == (0, 1)
    assert isnan(paired_difference([], [], []).p)


@pytest.mark.bench
@pytest.mark.parametrize(("raters", "canvases"), [(12, 12), (20, 6), (8, 30), (12, 3), (3, 3)])
def test_intervals_cover_and_p_values_hold(raters, canvases):
    """Breaks when raters and canvases with tastes of their own make an interval too narrow, or a difference
    where there is none."""
    rng = np.random.default_rng(1)
    by_rater = [rater for rater in range(raters) for _canvas in range(canvases)]
    by_canvas = list(range(canvases)) * raters
    far = np.random.default_rng(0)
    everyone = 0.8 + np.sqrt(2 * 0.7**2 + 0.4**2 + 0.6**2) * far.normal(size=200_000)
    truth = float((everyone + far.logistic(size=200_000) > 0).mean())
    covered = rejected = 0
    for _study in range(200):
        tastes = rng.normal(0, 0.7, raters)[:, None] + rng.normal(0, 0.7, canvases)
        one, other = (
            tastes
            + rng.normal(0, 0.4, raters)[:, None]  # a rater's liking for an arm,
            + rng.normal(0, 0.6, canvases)  # and how well an arm does on a canvas
            + rng.logistic(0.8, 1, (raters, canvases))
            > 0
            for _arm in range(2)
        )
        share = clustered_share(one.ravel().tolist(), by_rater, by_canvas)
        covered += share.low <= truth <= share.high
        answers = (arm.ravel().astype(float).tolist() for arm in (one, other))
        rejected += paired_difference(*answers, by_rater, by_canvas, draws=1000).p < 0.05
    print(f"\n{raters} raters, {canvases} canvases: covered {covered / 2:.1f}%, rejected {rejected / 2:.1f}%")
    assert covered >= 180
    assert rejected <= 14
