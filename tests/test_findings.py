"""What the ratings of a study say."""

from math import isnan
from uuid import uuid4

import pytest

from pipeline.store.ratings import Rating
from pipeline.study.findings import (
    compare_arms,
    counted_grades,
    grades_of,
    measures,
    per_day,
    raters_of,
    share,
)
from pipeline.study.statistics import mcnemar, wilson


def rating(rater, canvas, arm="A", accepted=True, grade=3, **more) -> Rating:
    values = {
        "prompt": "A tent.",
        "task": "T2I",
        "topic": "fair",
        "canvas": f"canvas {canvas}" * bool(canvas),
    }
    candidate = f"{arm}{canvas}"
    return Rating(str(uuid4()), candidate, f"rater {rater}", accepted, grade, grade, **values | more)


def arms_of(ratings) -> dict[str, str]:
    return {each.candidate_id: each.candidate_id[0] for each in ratings}


def test_shares_respect_canvases_also_of_one_topic():
    """Breaks when ratings of one canvas count as independent because all topics are the same."""
    ratings = [rating(r, c, accepted=c % 2 == 0) for r in range(8) for c in range(1, 9)]
    found = share(ratings, "Accepted")
    assert found.estimate == 0.5
    assert found.high - found.low > 1.5 * (wilson(32, 64).high - wilson(32, 64).low)
    old = [rating(r, 0, accepted=r % 2 == 0, topic=f"t{r % 2}") for r in range(40)]
    told = share(old, "Accepted")
    assert (told.low, told.high) == (0, 1), "before canvases had ids their topics stood for them"


def test_repeats_show_how_steady_a_rater_is_and_nothing_else():
    """Breaks when an item that a rater saw twice counts twice, or the rater's second answer is not used."""
    first = [rating(1, 1, seconds=2.0), rating(1, 2, accepted=False, seconds=4.0)]
    first.append(rating(2, 1, accepted=False))
    again = [rating(1, 1, repeated=True, seconds=9.0), rating(1, 2, repeated=True)]
    alone, together = measures(first), measures(first + again)
    assert alone == together
    assert counted_grades(first + again, "relevance") == (0, 0, 3)
    assert grades_of(first + again, "accepted").tolist()[0] == [1, 0]
    one, two = raters_of(first + again)
    assert (one.ratings, one.seconds, one.repeats, one.steady) == (2, 4.0, 2, 0.5)
    assert (one.agreeing, two.agreeing) == (0, 0)
    assert isnan(two.seconds)
    assert isnan(two.steady)


def test_arms_are_compared_where_one_rater_saw_both():
    """Breaks when arms are compared on different canvases or raters, or few pairs get a p-value."""
    pairs = [(rater, canvas) for rater in range(4) for canvas in range(1, 9)]
    both = [rating(*pair, arm, accepted=arm == "A" or pair[1] == 1) for pair in pairs for arm in "AB"]
    lone = [rating(9, 99, "A", accepted=False)]
    accepted, relevant, correct = compare_arms(both + lone, arms_of(both + lone))
    assert (accepted.first, accepted.second, accepted.difference.n) == ("A", "B", 32)
    assert accepted.difference.estimate == 7 / 8
    assert accepted.p < accepted.holm < 0.05
    assert (relevant.p, relevant.holm, correct.difference.estimate) == (1, 1, 0)
    few = compare_arms(both[:40], arms_of(both))
    assert few[0].difference.n == 20
    assert isnan(few[0].p)
    assert isnan(few[0].holm)


def test_one_rater_gets_mcnemars_test():
    """Breaks when the pairs of a single person are drawn as clusters of one."""
    ratings = [rating(1, c, arm, accepted=arm == "A" or c <= 20) for c in range(1, 33) for arm in "AB"]
    accepted, *_ = compare_arms(ratings, arms_of(ratings))
    assert accepted.p == mcnemar(12, 0)


def test_three_arms_are_corrected_together():
    """Breaks when more comparisons do not make each of them harder to pass."""
    ratings = [rating(1, c, arm, accepted=arm == "A" or c <= 20) for c in range(1, 33) for arm in "ABC"]
    found = compare_arms(ratings, arms_of(ratings))
    assert [(each.first, each.second) for each in found[:3]] == [("A", "B"), ("A", "C"), ("B", "C")]
    assert len(found) == 9
    assert found[0].holm == pytest.approx(9 * mcnemar(12, 0))


def test_ratings_of_each_day():
    """Breaks when the days come out of order."""
    days = ["2026-01-02T10:00:00+00:00", "2026-01-01T23:59:00+00:00", "2026-01-02T00:00:00+00:00"]
    assert per_day([rating(1, n, created_at=day) for n, day in enumerate(days)]) == {
        "2026-01-01": 1,
        "2026-01-02": 2,
    }
