"""Design types: one name each, what texts are built of, the shape of a page."""

import numpy as np
import pytest

from intent.design import SHAPES, Designs, build, load_texts, plain_type
from intent.graph import load_graph
from intent.words import load_words


@pytest.fixture(scope="module")
def words():
    return load_words(load_graph(), meaning=False)


@pytest.fixture(scope="module")
def designs(words):
    return Designs.load(words.lexicon.graph, words.names)


def test_other_names_lead_to_types_that_are_learned(designs):
    """A name that leads nowhere could never be right."""
    assert plain_type("Slide deck") == "presentation"
    assert plain_type("menu") == "menu"
    assert plain_type("wedding cake topper") == "wedding cake topper"
    assert set(load_texts()) == set(designs.types)
    assert set(SHAPES) - set(designs.types) <= {"phone wallpaper"}


def test_how_a_text_is_built(words):
    """Prices and blanks must be seen, and be nothing in a text without."""
    listed = build(words.read("Cut 25 / Colour $60 / Kids $12, $15"))
    plain = build(words.read("a quiet evening"))
    assert listed[3] > 0
    assert plain[3] == 0
    assert build(words.read("Name: ____ Date: ____"))[7] > 0


@pytest.mark.parametrize(
    ("text", "design"),
    [("wedding invitation", "invitation"), ("our menu", "menu"), ("concert ticket", "ticket")],
)
def test_a_type_that_is_named_wins(words, designs, text, design):
    """The word on the canvas outdoes what its topic usually comes as."""
    chances = designs.chances(words.find(text))
    assert designs.types[int(chances.argmax())] == design
    assert chances.sum() == pytest.approx(1, abs=1e-4)


def test_the_shape_of_the_page_speaks(words, designs):
    """Tall and narrow is a story, wide is no story."""
    story = designs.types.index("instagram story")
    evidence = words.find("new post")
    tall, wide = (designs.chances(evidence, shape)[story] for shape in (9 / 16, 3.0))
    assert tall > 2 * wide
    assert np.isfinite(designs.chances(evidence, 100.0)).all()
