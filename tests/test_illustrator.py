"""The embedded illustrator: same seed same bytes, any prompt, any size, nouns drawn, looks that differ."""

import json
import random
import threading
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from pipeline.recipe import Recipe
from pipeline.render import Stopped
from pipeline.render.art import FOLDER, box, load_art
from pipeline.render.illustrator import COMPOSITIONS, Illustrator
from pipeline.render.palette import PALETTES
from pipeline.render.picture import rooms, scenes
from pipeline.render.picture.choice import choose
from pipeline.render.picture.idea import read
from pipeline.render.picture.props import Part, Prop, expand, fit, overlap, settle
from pipeline.render.picture.sheet import Sheet

SMALL = (160, 160)


@pytest.fixture(scope="module")
def illustrator():
    return Illustrator()


def difference(first, second):
    return float(np.abs(np.asarray(first, dtype=int) - np.asarray(second, dtype=int)).mean())


def test_same_seed_same_bytes_other_seed_other_picture(illustrator):
    """A candidate is kept as prompt and seed: it must come back, and candidates must differ."""
    prompt = "Three red balloons over a birthday cake on a table"
    pictures = [illustrator.draw(Recipe(prompt, seed, SMALL)).image for seed in (1, 1, 2, 3)]
    assert pictures[0].tobytes() == pictures[1].tobytes()
    assert difference(pictures[0], pictures[2]) > 5
    assert difference(pictures[2], pictures[3]) > 5


@pytest.mark.parametrize("size", [(64, 64), (64, 192), (192, 64), (301, 173), (120, 200)])
def test_every_size_and_aspect(illustrator, size):
    """A banner or a story must be filled, not stretched or refused."""
    for prompt in (
        "a fox by a lake",
        "lemons and mint from above",
        "two friends in a kitchen",
        "a lighthouse",
    ):
        picture = illustrator.draw(Recipe(prompt, 5, size)).image
        assert picture.size == size
        assert picture.mode == "RGB"
        assert np.asarray(picture).std() > 8


def test_sizes_out_of_bounds_are_refused_in_words(illustrator):
    """A picture of 20,000 pixels would take the memory of the machine."""
    for size in ((63, 100), (100, 2049)):
        with pytest.raises(ValueError, match="64 to 2048"):
            illustrator.draw(Recipe("a fox", 1, size))


HOSTILE = [
    "",
    " \t\n\x00\x07\x1b[31m",
    "<svg onload=alert(1)><script>alert('x')</script></svg>",
    "]]></style><!-- \" ' & < > --> &lt;rect/&gt;",
    "<|TP|><|T2I|> a fox",
    "balloon " * 10_000,
    "x" * 200_000,
    "🎈🎂🔥 emoji only",
    "红色的气球 и лиса تحت الشجرة",
    "'; DROP TABLE prompts; --",
    "\ud800 lone surrogate",
    "ﬁsh Ⅻ ① ｆｏｘ",
]


@pytest.mark.parametrize("prompt", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_prompts_give_a_picture_and_no_markup(illustrator, prompt):
    """What a person or a model writes must never break the SVG nor reach it as markup."""
    svg = illustrator.draw(Recipe(prompt, 3, SMALL)).svg
    root = ET.fromstring(svg)
    allowed = {"svg", "defs", "g", "path", "rect", "circle", "ellipse", "line", "polygon", "polyline", "stop",
               "linearGradient", "radialGradient", "clipPath"}  # fmt: skip
    assert {element.tag.rpartition("}")[2] for element in root.iter()} <= allowed
    assert np.asarray(illustrator.draw(Recipe(prompt, 3, SMALL)).image).std() > 6


def test_empty_and_unknown_prompts_are_never_empty_pictures(illustrator):
    """No noun known: the topic's drawings or an abstract composition, in many colours."""
    for prompt in ("", "qwzx vbnp", "concurrent hopes", "grass"):
        picture = illustrator.draw(Recipe(prompt, 2, SMALL)).image
        assert len(picture.quantize(64).getcolors()) > 8


def test_every_composition_and_setting_draws(illustrator):
    """A composition that only rare prompts reach would break unseen."""
    art = load_art()
    prompt = "a woman, a cat, a cake, a clock, balloons, confetti, a lantern and string lights"
    idea, parts = read(prompt), [Part(m.drawing, m.count, m.colors) for m in art.find(prompt)]
    settings = [
        "sea",
        "beach",
        "lake",
        "snow",
        "desert",
        "mountain",
        "forest",
        "city",
        "village",
        "field",
        *scenes.UNEARTHLY,
    ]
    for number, kind in enumerate([*COMPOSITIONS, *settings]):
        sheet = Sheet(
            1000,
            1300,
            random.Random(number),
            PALETTES[number % len(PALETTES)],
            ("day", "night", "dusk")[number % 3],
        )
        if kind in COMPOSITIONS:
            COMPOSITIONS[kind](sheet, idea, parts)
        else:
            scenes.scene(sheet, idea, parts, kind)
            scenes.framed(sheet, lambda inner, kind=kind: scenes.scene(inner, idea, parts, kind))
            rooms.still_life(sheet, idea, parts, kind)
        ET.fromstring(sheet.svg((100, 130)))


@pytest.mark.parametrize(
    ("prompt", "kinds"),
    [
        ("seamless pattern of lemons", {"pattern"}),
        ("croissants and coffee seen from above", {"flatlay"}),
        ("a fox in the forest", {"forest", "hero"}),
        ("a sailboat", {"sea", "lake"}),
        ("an astronaut and a planet", {"space"}),
        ("coral and fish underwater", {"underwater"}),
        ("an armchair and a lamp", {"room"}),
        ("a concert stage with a guitar", {"stage", "hero"}),
        ("an elephant at a table", {"room"}),
    ],
)
def test_compositions_suit_the_prompt(prompt, kinds):
    """An elephant on a table top or a boat on a lawn is the first thing a rater rejects."""
    idea = read(prompt)
    parts = [Part(m.drawing, m.count, m.colors) for m in idea.mentions]
    for seed in range(12):
        sheet = Sheet(1000, 1000, random.Random(seed), PALETTES[0])
        assert choose(sheet, idea, parts) in kinds


def test_the_prompt_is_read_for_place_hour_weather_and_look():
    """These four decide backdrop and technique."""
    idea = read("Watercolor of a woman in a red coat on a rainy street at dusk")
    assert (idea.setting, idea.time, idea.weather, idea.look) == ("city", "dusk", "rain", "water")
    assert [m.drawing.name for m in idea.mentions] == ["woman"], (
        "a worn coat is the woman's colour, not a second thing"
    )
    assert read("a line of ducks in a drawn cart").look == ""


def test_looks_differ(illustrator):
    """Style words must change the picture, not only its caption."""
    flat = illustrator.draw(Recipe("a fox in a forest", 4, SMALL)).image
    for style in (
        "watercolor",
        "pencil sketch",
        "linocut",
        "retro poster",
        "neon",
        "black and white",
        "pixel art",
        "sepia",
    ):
        assert illustrator.sheet(f"{style} of a fox in a forest", size=SMALL, seed=4).look != "flat"
        assert (
            difference(flat, illustrator.draw(Recipe(f"{style} of a fox in a forest", 4, SMALL)).image) > 4
        ), style


def test_canvas_palette_colours_the_picture(illustrator):
    """With a canvas its colours rule where the prompt names none."""
    plain = illustrator.draw(Recipe("a gift box", 1, SMALL)).svg
    toned = illustrator.draw(Recipe("a gift box", 1, SMALL, palette=("#7b4fa6", "#f4c534"))).svg
    assert "#7b4fa6" in toned
    assert "#7b4fa6" not in plain


def test_the_notes_tell_what_is_drawn_as_what_and_what_is_not(illustrator):
    """The page says which words the picture leaves out, and where something close stands in."""
    picture = illustrator.draw(Recipe("a fox, two koalas and a hydrant on a quiet street", 1, SMALL))
    assert picture.notes == ("Drawn as: koalas as bear.", "Not drawn: hydrant.")
    assert illustrator.draw(Recipe("a small red fox in a calm forest", 1, SMALL)).notes == ()


def corpus_prompts(count):
    rng = random.Random(5)
    files = sorted((FOLDER.parent / "corpus").glob("*head*.jsonl"))
    rows = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
    return [rng.choice(row["prompts"]) for row in rng.sample([r for r in rows if r["task"] == "T2I"], count)]


def test_every_drawn_noun_of_a_prompt_is_in_its_picture(illustrator):
    """A candidate without the thing asked for is rejected at first sight."""
    lost = {}
    for seed, prompt in enumerate(corpus_prompts(300)):
        sheet = illustrator.sheet(prompt, size=(256, 256), seed=seed)
        wanted = {mention.drawing.name for mention in read(prompt).mentions}
        if wanted - sheet.shown:
            lost[prompt] = wanted - sheet.shown
    assert not lost


def test_a_number_that_is_said_is_the_number_that_is_drawn(illustrator):
    """ "Three balloons" with four balloons is the fault everybody sees."""
    for prompt, noun, count in (
        ("three red balloons over a lake", "balloon", 3),
        ("a table with five candles and a cake", "candle", 5),
        ("two cats and four mugs on a windowsill", "mug", 4),
        ("six chairs in a room with a sofa and a lamp", "chair", 6),
        ("two foxes, a tent and a campfire in a forest", "fox", 2),
    ):
        for seed in range(4):
            drawn = illustrator.draw(Recipe(prompt, seed, SMALL)).svg.count(f'data-noun="{noun}"')
            assert drawn == count, (prompt, seed)


def test_sizes_follow_the_real_world():
    """A fox as big as a house is silly; an acorn too small to see is lost."""
    art = load_art().drawings
    props = expand([Part(art["house"]), Part(art["fox"]), Part(art["acorn"])], 9)
    fit(props, 500, 900)
    house, fox, acorn = (prop.height for prop in props)
    assert house == pytest.approx(500)
    assert fox < 0.5 * house
    assert acorn >= 0.2 * house
    assert (
        sum(
            1
            for prop in expand([Part(art["balloon"], 12), Part(art["fox"])], 9)
            if prop.part.drawing.name == "balloon"
        )
        == 8
    )


def test_settled_things_do_not_collide_nor_leave_the_sheet():
    """Collisions and cut-off things are the commonest faults of a composed picture."""
    art = load_art().drawings
    sheet = Sheet(1000, 1000, random.Random(7), PALETTES[0])
    props = [Prop(Part(art[name]), 190) for name in ("cat", "cake", "vase", "clock", "fox", "gift box")]
    settle(sheet, props, lambda prop: (sheet.rng.uniform(100, 900), sheet.rng.uniform(250, 960)))
    for number, prop in enumerate(props):
        left, top, right, bottom = prop.bounds
        assert left > 0
        assert top > 0
        assert right < 1000
        assert bottom < 1000
        assert all(overlap(prop, other) < 0.3 for other in props[:number])


def test_ink_boxes_are_tight():
    """Loose boxes make things float above the ground."""
    for name in ("fox", "balloon", "tree", "house"):
        left, top, right, bottom = box(load_art().drawings[name])
        assert 0 <= left < right <= 128
        assert bottom - top > 60


def test_steps_are_told_and_a_stop_is_heard(illustrator):
    """The progress bar moves, and Stop does not wait for the picture."""
    steps = []
    illustrator.draw(Recipe("a fox", 1, SMALL), on_step=lambda done, total: steps.append((done, total)))
    assert steps == [(1, 2), (2, 2)]
    stop = threading.Event()
    stop.set()
    with pytest.raises(Stopped):
        illustrator.draw(Recipe("a fox", 1, SMALL), stop=stop)


def test_it_says_what_it_is(illustrator):
    """The page shows this sentence."""
    assert "905 drawings" in illustrator.describe()
    assert illustrator.name == "illustrator"
