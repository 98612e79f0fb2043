"""How sure the picture encoder may be: the fitting and the counting, on numbers worked out by hand."""

import numpy as np
import pytest

from intent.calibrate import gap, logistic, recall_at, sharpness


def test_logistic_finds_the_weights_that_made_the_data():
    """Probabilities of things come from this fit alone."""
    dice = np.random.default_rng(0)
    rows = dice.normal(size=(20_000, 2))
    truths = dice.random(20_000) < 1 / (1 + np.exp(-(rows @ [2.0, -1.0] + 0.5)))
    assert logistic(rows, truths.astype(float)) == pytest.approx([2.0, -1.0, 0.5], abs=0.1)


def test_sharpness_is_low_for_scores_that_mean_little():
    """Scores that rank at random must give flat probabilities, good ones sharp ones."""
    dice = np.random.default_rng(0)
    truths = dice.integers(0, 5, 400)
    noise = dice.normal(size=(400, 5))
    good = noise + 6 * np.eye(5)[truths]
    assert sharpness(noise, truths)[1] < 0.3
    assert sharpness(good, truths)[1] > 0.7


def test_something_else_gets_the_canvases_without_a_label():
    """A picture of nothing known must be able to say so."""
    truths = np.array([0, 1, 2, 2, 2, 2])  # 2 is "something else" of two labels
    scores = np.array([[9.0, 0.0], [0.0, 9.0], [1.0, 1.0], [2.0, 0.0], [0.0, 1.0], [1.0, 2.0]])
    *_, other = sharpness(scores, truths)
    assert 2 < other < 9


def test_gap_is_the_distance_of_confidence_and_truth():
    """The figure in the report: four said at 0.75 of which three are right is no gap, none right is all."""
    assert gap([0.75] * 4, [True, True, True, False]) == pytest.approx(0)
    assert gap([0.75] * 4, [False] * 4) == pytest.approx(0.75)
    assert gap([], []) == 0


def test_recall_is_counted_as_far_as_the_precision_allows():
    """The figure that the model card gives; five things were there, one was never listed."""
    chances, truths = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4], [True, True, False, True, False, True]
    assert recall_at(1.0, chances, truths, 5) == pytest.approx(2 / 5)
    assert recall_at(0.75, chances, truths, 5) == pytest.approx(3 / 5)
    assert recall_at(0.6, chances, truths, 5) == pytest.approx(4 / 5)
