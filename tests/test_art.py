"""The art index: nouns of a text, their counts and colours, recolouring, fragments."""

import xml.etree.ElementTree as ET

import pytest

from pipeline.render.art import ROLES, bare, box, fragment, load_art, mean_color, recolour, tint, wrap
from pipeline.render.nouns import plural, tokens
from pipeline.render.palette import PALETTES, choose_palette, color_words, contrast, distance, lch, mix, rgb


@pytest.fixture(scope="module")
def art():
    return load_art()


def names(art, text):
    return [mention.drawing.name for mention in art.find(text)]


def test_every_drawing_has_its_facts_and_is_whole_svg(art):
    """A drawing without facts or with a broken file would fail only when some prompt happens to name it."""
    assert len(art.drawings) == 905
    for drawing in art.drawings.values():
        ET.fromstring(wrap(drawing.body, 128, 128))
        assert drawing.metres > 0
        assert drawing.pose in [
            "stand",
            "bust",
            "vignette",
            "water",
            "swim",
            "scatter",
            "hang",
            "flat",
            "perch",
        ]


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("a fox", ["fox"]),
        ("mice and wolves among loaves and leaves", ["mouse animal", "wolf", "bread", "leaf"]),
        ("two kids with ice cream cones", ["child jumping", "ice cream cone"]),
        ("a jack-o'-lantern and T-shirts", ["jack-o-lantern", "t-shirt"]),
        ("Birthday cakes beside a wedding cake", ["birthday cake", "wedding cake"]),
        ("a piñata", ["pinata"]),
        ("cheesecake on a plate", ["cake", "plate"]),
    ],
)
def test_nouns_are_found_by_name_synonym_and_plural(art, text, drawn):
    """A plural, an accent, a hyphen or a longer name must not hide a thing from the picture."""
    assert names(art, text) == drawn


@pytest.mark.parametrize(
    "text",
    [
        "olive green walls",
        "in coral, mint and gold",
        "a palette of plum, cream and berry",
        "an orange sky and coral light",
        "she watches the road",
        "they saw the light",
        "the quiet heart of it",
        "a painting of nothing",
        "",
        "🎈🎂",
        "红色的气球",
    ],
)
def test_words_that_only_look_like_things_are_left_alone(art, text):
    """A colour or a verb drawn as a fruit or a clock makes the picture silly."""
    assert names(art, text) == []


def test_context_decides_what_a_word_means(art):
    """A crane on a building site is no bird."""
    assert "construction crane" in names(art, "a crane over the construction site")
    assert "stork" in names(art, "a crane wading in the reeds")


def test_counts_and_colours_belong_to_their_own_noun(art):
    """The colour of the bowl must not paint the berries, nor three balloons become one."""
    found = {
        m.drawing.name: m for m in art.find("three red balloons, a turquoise bowl, blueberries and a fox")
    }
    assert found["balloon"].count == 3
    assert found["balloon"].colors == color_words("red")
    assert found["bowl"].colors == color_words("turquoise")
    assert found["blueberries"].colors == ()
    assert found["fox"].count == 1


@pytest.mark.parametrize(
    ("one", "many"), [("leaf", "leaves"), ("box", "boxes"), ("cherry", "cherries"), ("toy", "toys")]
)
def test_plurals(one, many):
    """A wrong plural rule silently loses every plural of its kind."""
    assert plural(one) == many


def test_tokens_drop_case_accents_possessives():
    """The index and the text must be cut alike."""
    assert tokens("Café's T-shirt, 3 O'Brien’s") == ["cafe", "t", "shirt", "3", "obrien"]


def test_near_finds_drawings_by_topic_alone(art):
    """A prompt that names no drawn thing still gets a picture of its topic."""
    assert art.near("a quiet evening of astronomy")
    assert art.near("qwrtp zzz") == []


def test_recolour_changes_roles_and_keeps_natural_colours(art):
    """Skin or wood in palette colours looks ill; roles left as they were break the harmony."""
    palette = PALETTES[5]
    body = recolour(art.drawings["balloon"].body, palette)
    assert palette.main in body
    assert ROLES["main"][0] not in body
    assert "#c68642" in recolour(art.drawings["woman"].body, palette)


def test_natural_things_keep_their_hue(art):
    """No blue strawberry whatever the palette."""
    for palette in PALETTES:
        color = mean_color(recolour(art.drawings["strawberry"].body, palette, natural=True))
        assert lch(color)[2] < 60 or lch(color)[2] > 330, palette.name


def test_tint_turns_the_leading_colour(art):
    """A blue balloon must be blue, a white horse white."""
    blue = mean_color(tint(art.drawings["balloon"].body, color_words("blue")))
    assert 230 < lch(blue)[2] < 280
    assert lch(mean_color(tint(art.drawings["horse"].body, color_words("white"))))[0] > 0.7


def test_fragment_stands_on_its_foot_at_the_asked_height(art):
    """Things that float or sink beside their foot point would float in every picture."""
    drawing = art.drawings["fox"]
    left, top, right, bottom = box(drawing)
    markup = fragment(drawing, 200, 300, 120, PALETTES[0])
    scale = 120 / (bottom - top)
    assert f"scale({scale:.4f} {scale:.4f})" in markup
    assert f"translate({-(left + right) / 2:.1f} {-bottom:.1f})" in markup
    ET.fromstring(wrap(markup, 400, 400, "0 0 400 400"))


def test_oklch_round_trip_and_mixing():
    """All palette bending rests on this; an error shows as a colour cast everywhere."""
    for color in ("#e4572e", "#2a9d8f", "#f3a712", "#131a35", "#ffffff", "#000000"):
        assert distance(rgb(*lch(color)), color) < 0.01
    assert mix("#000000", "#ffffff", 0) == "#000000"
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_palettes_have_contrast_between_ground_and_dark():
    """A palette whose objects vanish on its own ground spoils every picture that draws it."""
    for palette in PALETTES:
        assert max(distance(color, palette.ground) for color in palette.colors) > 0.2, palette.name
        assert contrast(palette.dark, palette.paper) > 7, palette.name


def test_palette_takes_colour_words_then_the_canvas_then_the_mood():
    """The person's words win over the canvas, the canvas over the mood."""
    teal = choose_palette("a teal bird at night", 3, ("#ff0000",))
    assert distance(teal.main, color_words("teal")[0]) < 0.02
    canvas = choose_palette("a bird", 3, ("#7b4fa6",))
    assert distance(canvas.main, "#7b4fa6") < 0.02
    assert choose_palette("a bird", 3, ("not a colour",)) == choose_palette("a bird", 3)
    assert len({choose_palette("a bird", seed).name for seed in range(12)}) > 3


def test_near_words_stand_in_only_where_listed(art):
    """A koala may be a bear, and the picture says so; an unknown word draws nothing."""
    (koala,) = art.find("a koala")
    assert (koala.drawing.name, koala.kin) == ("bear", True)
    assert not art.find("a zeugma")
    assert not [m for m in art.find("a bear and a fox") if m.kin]


def test_a_colour_dresses_a_person_and_leaves_hair_and_skin(art):
    """A woman in a green scarf has no green hair."""
    woman = art.drawings["woman with long hair"]
    tinted = tint(woman.body, color_words("green"), bare(woman))
    assert "#4a2c1a" in tinted.lower() or "#6b4127" in tinted.lower()
    assert tinted != woman.body
