"""Fitting: the small learners find what was put in, composed texts stay texts."""

import random

import numpy as np

from intent.fit import compose, fit_chance, fit_choice, learn_head


def test_weights_go_to_the_feature_that_tells():
    """A feature of noise must not be trusted; one that points the wrong way gets nothing, never less."""
    dice = np.random.default_rng(0)
    features, right = [], []
    for _ in range(200):
        wanted = np.arange(5) == dice.integers(5)
        told = wanted + 0.3 * dice.normal(size=5)
        features.append(np.stack([told, dice.normal(size=5), -told], axis=1).astype(np.float32))
        right.append(wanted)
    telling, noise, against = fit_choice(features, right)
    assert telling > 3
    assert noise < 0.3
    assert 0 <= against < telling / 2


def test_chances_are_calibrated():
    """Half of the rows right must come out as about one half."""
    features = np.ones((100, 1), dtype=np.float32)
    assert abs(fit_chance(features, np.arange(100) % 4 == 0, penalty=0.0)[0] - np.log(1 / 3)) < 0.05


def test_a_head_tells_classes_apart():
    """A layer that learned nothing would only add noise to the ranking."""
    centres = np.eye(4, 8, dtype=np.float32)
    labels = np.arange(80) % 4
    vectors = centres[labels] + 0.05 * np.random.default_rng(1).normal(size=(80, 8)).astype(np.float32)
    head = learn_head(vectors.astype(np.float32), labels, 4, epochs=100)
    assert ((vectors @ head.T).argmax(axis=1) == labels).all()


def test_composed_texts_hold_their_line():
    """A text that lost its line would teach the ranker that dates are weddings."""
    dice = random.Random(3)
    for _ in range(50):
        text = compose("ring on, bubbly open", dice).lower()
        assert sorted("ring on, bubbly open") == sorted(
            next(part for part in text.split(" / ") if sorted(part) == sorted("ring on, bubbly open"))
        )
