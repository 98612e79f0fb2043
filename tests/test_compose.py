"""Composed canvases: the truth told of them must be what they show."""

import numpy as np
import pytest
from PIL import Image

from intent import compose
from intent.arrange import DESIGNS, HELD_OUT, TRAINED
from intent.captions import DESIGN_TYPES
from intent.clip import FLAT
from intent.compose import Composed, Composer
from intent.drawings import LOOKS, SIZES, Sprites, load_nouns, recolour
from intent.graph import load_graph
from intent.patches import flatness


@pytest.fixture(scope="module")
def composer(tmp_path_factory):
    """Eight drawings, rendered for real."""
    chosen = ("fox", "balloon", "birthday cake", "cup", "tree", "star", "book", "guitar")
    nouns = tuple(noun for noun in load_nouns() if noun.name in chosen)
    return Composer(Sprites(tmp_path_factory.mktemp("sprites"), nouns), load_graph())


def test_every_drawing_is_known_with_its_other_names():
    """A drawing without a name could neither be taught nor asked for."""
    nouns = load_nouns()
    assert len({noun.name for noun in nouns}) == len(nouns) > 800
    assert "jet" in next(noun for noun in nouns if noun.name == "airplane").words


def test_sprites_fill_their_box_and_are_kept(composer, tmp_path):
    """An empty sprite would teach that nothing is a thing; a second start must not render again."""
    for array, size in zip(composer.sprites.arrays, SIZES, strict=True):
        assert array.shape == (8, LOOKS, size, size, 4)
    alpha = composer.sprites.arrays[0][..., 3] > 100
    assert (alpha.any(axis=(2, 3))).all()
    assert (np.maximum(alpha.any(2).sum(2), alpha.any(3).sum(2)) > 0.95 * SIZES[0]).all()
    first = Sprites(tmp_path, composer.sprites.nouns[:1])
    written = {file: file.stat().st_mtime_ns for file in tmp_path.iterdir()}
    again = Sprites(tmp_path, composer.sprites.nouns[:1])
    assert written == {file: file.stat().st_mtime_ns for file in tmp_path.iterdir()}
    np.testing.assert_array_equal(first.arrays[0], again.arrays[0])
    Sprites(tmp_path, composer.sprites.nouns[1:2])
    assert len(list(tmp_path.iterdir())) == 2 * len(SIZES)  # other art, other files


def test_looks_change_colours_and_nothing_else():
    """A look that moved a line would be another drawing."""
    import random

    svg = '<path fill="#E4572E" d="M1 2"/><path fill="#c9a14a" d="M3 4"/>'
    assert recolour(svg, 0, random.Random(1)) == svg
    for look in range(1, LOOKS):
        changed = recolour(svg, look, random.Random(1))
        assert changed != svg
        assert compose_shapes(changed) == compose_shapes(svg)


def compose_shapes(svg):
    """The markup without its colours."""
    import re

    return re.sub(r"#[0-9a-fA-F]{6}", "", svg)


def test_the_same_seed_gives_the_same_canvas(composer):
    """Measured figures could not be repeated otherwise."""
    first, again, other = (composer.compose(seed, 96) for seed in ("a", "a", "b"))
    np.testing.assert_array_equal(first.pixels, again.pixels)
    np.testing.assert_array_equal(first.owner, again.owner)
    assert (first.objects, first.topic, first.design) == (again.objects, again.topic, again.design)
    assert first.pixels.shape != other.pixels.shape or (first.pixels != other.pixels).any()


def test_the_truth_is_about_the_pixels(composer):
    """Owners must index the objects, lie inside the canvas, and what covers a thing must take its pixels."""
    kinds, empty = set(), 0
    for number in range(120):
        made = composer.compose(number, 96)
        assert made.pixels.dtype == np.uint8
        assert made.pixels.shape[:2] == made.owner.shape
        assert max(made.owner.shape) == 96
        assert made.owner.max() <= len(made.objects) == len(made.inked)
        counts = np.bincount(made.owner.ravel(), minlength=len(made.objects) + 1)[1:]
        assert (counts <= 2 * np.array(made.inked)).all()  # a tilt may enlarge a little
        kinds.add(made.design)
        empty += not made.objects
    assert {"", *DESIGNS} == kinds
    assert 1 <= empty <= 20  # some canvases show nothing, few


def test_half_hidden_and_tiny_things_are_neither_right_nor_wrong():
    """What counts as seen is the ground of every figure."""
    owner = np.zeros((100, 100), np.uint8)
    owner[:40, :40], owner[50:60, 50:60], owner[90:92, 90:92] = 1, 2, 3
    made = Composed(np.zeros((100, 100, 3), np.uint8), (7, 8, 9), (1600, 400, 4), owner, "", "")
    assert made.seen() == {7: True, 8: False, 9: False}
    twice = Composed(made.pixels, (7, 8, 7), (1600, 400, 4), owner, "", "")
    assert twice.seen() == {7: True, 8: False}  # one good sight of a thing is enough


def test_held_out_arrangements_are_not_trained_on(composer, monkeypatch):
    """Figures on new arrangements would otherwise be figures on old ones."""
    assert not set(HELD_OUT) & set(TRAINED)
    monkeypatch.setattr(compose, "TRAINED", ())  # choosing from it would fail
    made = [composer.compose(number, 64, held_out=True) for number in range(20)]
    assert any(canvas.objects for canvas in made)


def test_arrangements_place_every_drawing_on_the_canvas():
    """A drawing outside the canvas is a label without a picture."""
    import random

    for arrange in (*TRAINED, *HELD_OUT):
        for count in (1, 2, 5, 9):
            spots = arrange(random.Random(count), (10.0, 20.0, 110.0, 90.0), count)
            assert len(spots) == count
            inside = [0 < x < 120 and 0 < y < 110 and size > 0 for x, y, size in spots]
            assert sum(inside) >= count - 2, arrange


def test_mosaics_are_whole_and_dense(composer):
    """The first lessons are easy ones: nothing hidden, nothing damaged."""
    for number in range(10):
        made = composer.mosaic(number, 96, 9)
        assert len(made.objects) == 9
        assert all(made.seen(smallest=0.03).values())


def test_design_types_are_those_the_captions_name():
    """A type composed but never put into words could not be learnt."""
    assert tuple(DESIGNS) == DESIGN_TYPES


def test_the_contact_sheet_can_be_drawn(composer, tmp_path, monkeypatch):
    """The command is how a person looks at what the model is taught."""
    monkeypatch.setattr(compose, "Sprites", lambda folder: composer.sprites)
    compose.main([str(tmp_path / "sheet.png")])
    assert Image.open(tmp_path / "sheet.png").size == (1200, 1200)


def test_a_topic_can_be_asked_for(composer):
    """A picture composed for a text must show things of its topic, in whatever arrangement."""
    topic = max(composer.topics, key=lambda name: len(composer.things[name]))
    shown = set()
    for seed in range(12):
        made = composer.compose(seed, 96, topic=topic)
        assert made.topic == topic
        shown.update(made.objects)
    assert set(composer.things[topic]) <= shown


def test_what_looks_like_a_photograph_shows_nothing_known(composer):
    """Breaks when pictures that teach "not sure" are flat like designs, or are said to show a thing."""
    made = [composer.photograph(f"photograph {number}", 192) for number in range(12)]
    again = composer.photograph("photograph 3", 192)
    assert (made[3].pixels == again.pixels).all()
    assert not any(canvas.objects or canvas.topic or canvas.owner.any() for canvas in made)
    assert np.mean([flatness(Image.fromarray(canvas.pixels)) < FLAT for canvas in made]) > 0.6
    design = composer.mosaic("flat", 192, 4)
    assert flatness(Image.fromarray(design.pixels)) > FLAT
