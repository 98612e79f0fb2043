"""Templates: real designs, with every word in its place, for any kind of design and any amount of text."""

import random
import re
import threading

import numpy as np
import pytest

from pipeline.recipe import Recipe
from pipeline.render import Stopped
from pipeline.render.design.kinds import KINDS, PLAIN, kind_of
from pipeline.render.design.wording import topic, word
from pipeline.render.illustrator import Illustrator
from pipeline.render.palette import COLORS, distance
from pipeline.render.template import Template

PARTY = (
    "You are invited to",
    "MIA'S 6TH BIRTHDAY",
    "Sunday 11 May, 2 pm",
    "22 Maple Close",
    "RSVP 07700 900412",
)
SOUP = (
    "the Jazz night and market with bread GRAND opening of our little shop on Maple Street from 9 am until"
    " 5.30 pm free entry, cake £4.50 (cash only) internationally bring-your-own strawberries Saturday 12 May"
    " & workshop-registration@verylongdomain.example Ünïcode façade 🎈 50% off WELCOME all 0800 555 019!"
)


@pytest.fixture(scope="module")
def template():
    return Template(Illustrator())


def luminance(colors):
    values = np.asarray(colors, dtype=float) / 255
    linear = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    return linear @ np.array([0.2126, 0.7152, 0.0722])


def painted(template, page, prompt, seed):
    return template.paint(page, template.illustrate(page, Recipe(prompt, seed)))


def faults(page, image):
    """What is wrong with a page: lines beyond its edge or over one another, or of too little contrast."""
    found = []
    lines = page.lines
    for index, line in enumerate(lines):
        left, top, right, bottom = line.box
        if left < 0 or top < 0 or right > page.width or bottom > page.height:
            found.append(f"{line.text!r} leaves the page")
        for other in lines[:index]:
            x = min(right, other.box[2]) - max(left, other.box[0])
            y = min(bottom, other.box[3]) - max(top, other.box[1])
            if x > 1 and y > 1:
                found.append(f"{line.text!r} overlaps {other.text!r}")
        ground = luminance(np.asarray(image.crop((int(left), int(top), int(right) + 1, int(bottom) + 1))))
        ink = luminance([int(line.color[i : i + 2], 16) for i in (1, 3, 5)])
        ratio = (np.maximum(ground, ink) + 0.05) / (np.minimum(ground, ink) + 0.05)
        if np.mean(ratio < 4.5) > 0.002:
            found.append(f"{line.text!r} has a contrast of {np.percentile(ratio, 1):.1f}")
    return found


def random_lines(rng, count):
    """`count` random words in a few random lines."""
    words = [rng.choice(SOUP.split()) for _ in range(count)]
    cuts = sorted(rng.sample(range(1, count), min(count - 1, rng.randrange(1, 9)))) if count else []
    return tuple(" ".join(words[a:b]) for a, b in zip([0, *cuts], [*cuts, count], strict=True) if b > a)


def check(template, design, lines, seed, rng):
    """Lay out and paint one template, and fail on any fault."""
    style = rng.choice(("bold", "elegant", "romantic", "playful", "retro", "modern"))
    prompt = f"A {style} {design} for a bakery with bread and a cake."
    page = template.lay_out(prompt, size=(800, 800), seed=seed, design_type=design, words=lines)
    assert faults(page, painted(template, page, prompt, seed)) == [], (design, seed, lines)
    assert all(column.whole for column in page.columns), f"{lines} did not fit {design}"


@pytest.mark.parametrize("kind", [*KINDS, PLAIN], ids=lambda kind: kind.name)
def test_nothing_overflows_overlaps_or_fades(template, kind):
    """Whatever a canvas says, 3 words or 120, must be readable in every kind of design."""
    rng = random.Random(kind.name)
    for seed, count in enumerate((rng.choice((0, 4, 12)), rng.choice((30, 120)))):
        check(template, kind.words.split(" ")[0], random_lines(rng, count), seed, rng)


TYPES = (
    "invitation", "flyer", "poster", "instagram story", "business card", "menu", "resume", "slide",
    "newsletter", "certificate", "logo", "banner", "thumbnail", "brochure", "greeting card", "calendar",
    "ticket", "label", "infographic",
)  # fmt: skip


@pytest.mark.bench
def test_nothing_overflows_overlaps_or_fades_in_500_templates(template):
    """The same for 19 design types and texts of 3 to 120 words, by the hundred."""
    for seed in range(500):
        rng = random.Random(seed)
        check(template, TYPES[seed % len(TYPES)], random_lines(rng, rng.randint(3, 120)), seed, rng)


def test_every_word_of_the_canvas_is_set(template):
    """A design that drops the date or the address is of no use."""
    for name in ("invitation", "flyer", "instagram story", "banner", "menu", "business card", "infographic"):
        page = template.lay_out(
            "A birthday design.", size=(1024, 1024), seed=3, design_type=name, words=PARTY
        )
        set_words = " ".join(line.text for line in page.lines).lower()
        assert not [w for line in PARTY for w in line.lower().split() if w not in set_words], name


def test_the_same_seed_gives_the_same_design_and_another_another(template):
    """A rated design must be drawable again; four candidates must not be one."""

    def draw(seed, template=template):
        prompt = "A playful birthday flyer with balloons."
        return template.draw(Recipe(prompt, seed, (512, 512), design_type="flyer", lines=PARTY)).image

    before = draw(1).tobytes()
    assert draw(1).tobytes() == before
    assert draw(1, Template(Illustrator())).tobytes() == before
    small = [np.asarray(draw(seed).resize((40, 56)), dtype=float) for seed in range(6)]
    apart = [np.abs(a - b).mean() for i, a in enumerate(small) for b in small[:i]]
    assert sorted(apart)[2] > 10, "the designs of several seeds look alike"


def test_the_page_has_the_shape_of_its_kind(template):
    """A story is upright, a banner wide, a post square; an unknown kind takes the shape asked for."""
    shapes = {}
    for name in ("instagram story", "web banner", "instagram post", "business card", "thing"):
        image = template.draw(Recipe("A sale.", 1, (800, 400), design_type=name)).image
        assert abs(image.width * image.height - 320_000) < 4000
        shapes[name] = round(image.width / image.height, 2)
    wanted = (0.56, 3.0, 1.0, 1.75, 2.0)
    assert all(abs(found - right) < 0.02 for found, right in zip(shapes.values(), wanted, strict=True)), (
        shapes
    )


def test_kinds_are_found_by_their_names():
    """A gift card is no greeting card, and a prompt names its design type first."""
    names = {
        "greeting card": "card",
        "membership card": "business card",
        "Facebook cover": "banner",
        "book cover": "cover",
        "event flyers": "flyer",
        "video thumbnail": "thumbnail",
        "spaceship": "plain",
    }
    assert {name: kind_of(name).name for name in names} == names
    assert kind_of("", "An invitation with a banner and a small card").name == "invitation"


def test_words_take_their_roles():
    """A headline set as a footnote, or a phone number as the headline, reads as no designer's work."""
    party = word("", PARTY, PLAIN)
    assert (party.kicker, party.headline) == (PARTY[0], PARTY[1])
    assert [detail.role for detail in party.details] == ["date", "place", "contact"]
    menu = word("", ("LUNCH", "Tomato soup 4.50", "Ramen ... $11", "Tea 2"), PLAIN)
    assert menu.headline == "LUNCH"
    assert [(d.text, d.right) for d in menu.details] == [
        ("Tomato soup", "4.50"),
        ("Ramen", "$11"),
        ("Tea", "2"),
    ]
    wedding = word(
        "", ("Together with their families", "Amelia Hartley & Jonah Peters", "12 September"), PLAIN
    )
    assert wedding.headline == "Amelia Hartley & Jonah Peters"
    lone = word("", ("Maple Ave is closed, take the detour over Quarry Road and mind the buses",), PLAIN)
    assert lone.headline == "Maple Ave is closed"
    empty = word("A bold poster for the summer sale.", (), kind_of("poster"))
    assert empty.placeholder
    assert empty.headline == "Summer Sale"
    assert all(detail.text.startswith("Your") for detail in empty.details)


def test_each_kind_reads_its_lines_in_its_own_way():
    """The person is the title of a resume, a year no price, and headings stand out from what they head."""
    slide = word("", ("Powering 2030", "Half from the sun", "Dr Ana Silva, Energy Forum"), kind_of("slide"))
    assert slide.headline == "Powering 2030"
    lines = ("Dana Whitfield", "Web designer", "Experience", "Lead, Paper & Co, 2021 to 2024", "Skills",
             "Figma, HTML, CSS")  # fmt: skip
    resume = word("", lines, kind_of("resume"))
    assert resume.headline == "Dana Whitfield"
    assert [d.text for d in resume.details if d.role == "head"] == ["Experience", "Skills"]
    lines = ("Certificate of Merit", "presented to", "Jo Okafor", "3 March 2026")
    certificate = word("", lines, kind_of("certificate"))
    assert [(d.role, d.text) for d in certificate.details][1] == ("name", "Jo Okafor")
    trip = word("", ("Iceland", "Day 1", "Reykjavik and its harbour", "Day 2", "Vik"), kind_of("brochure"))
    assert not [d for d in trip.details if d.right]


def test_a_calendar_shows_the_days_of_its_month(template):
    """A July that begins on the wrong day is of no use to anybody."""
    page = template.lay_out("A calendar.", size=(600, 600), seed=1, words=("July 2026",))
    first = next(line for line in page.lines if line.text == "1")
    third_day = next(line for line in page.lines if line.text == "T")  # Tuesday; Wednesday is to its right
    assert first.x > third_day.x
    assert {line.text for line in page.lines} >= {"29", "30", "31"}


def test_the_ground_that_the_prompt_asks_for(template):
    """A yellow background asked for and a blue one given is a rejected design."""
    for prompt, color in (
        ("A poster on hot pink for a sale.", "pink"),
        ("A flyer, navy background.", "navy"),
    ):
        for seed in range(4):
            page = template.lay_out(prompt, size=(400, 500), seed=seed, words=("SALE", "today"))
            assert any(distance(each, COLORS[color]) < 0.16 for each in re.findall(r"#\w{6}", page.shapes[0]))


def test_the_topic_of_the_recipe_is_the_title_and_gives_the_motifs(template):
    """Without words and without drawn nouns a design must still be about its topic."""
    page = template.lay_out("Make it bold.", size=(400, 500), seed=1, topic="yoga")
    assert page.wording.headline == "Yoga"
    assert any(drawing.name == "yoga mat" for drawing, _ in page.motifs)


def test_topics_of_prompts():
    """Without words the design's headline is what the prompt is about."""
    for prompt, design, about in (
        ("Typeset an elegant price list for a nail salon, in blush.", "price list", "Nail Salon"),
        ("A bright retro summer sale poster with sunburst rays.", "poster", "Summer Sale"),
        ("Make it.", "poster", "Your title here"),
    ):
        assert topic(prompt, design) == about


def test_odd_text_is_set_or_left_out_but_never_breaks(template):
    """Texts in other scripts, emoji, a word of 200 letters, a thousand lines."""
    texts = (
        ("🎈🎈🎈",),
        ("日本語のテキスト",),
        ("x" * 200,),
        ("W" * 60, "i" * 300),
        ("\u200b",),
        tuple(f"Line {i} of a very long list of things" for i in range(1000)),
    )
    for lines in texts:
        page = template.lay_out("A poster.", size=(400, 600), seed=2, words=lines)
        assert faults(page, painted(template, page, "A poster.", 2)) == []
    page = template.lay_out("A bold poster.", size=(400, 600), seed=2, words=("Привет, мир", "Việt Nam €5"))
    assert " ".join(line.text for line in page.lines) == "ПРИВЕТ, МИР Việt Nam €5"
    for prompt in ("", "<|TP|> ???", "poster " * 500):
        assert template.draw(Recipe(prompt, 1, (300, 300))).image.mode == "RGB"


def test_stop_and_steps(template):
    """Progress must reach its end, and Stop must end the drawing."""
    steps = []
    template.draw(Recipe("A card.", 1, (300, 300)), on_step=lambda done, total: steps.append((done, total)))
    assert steps[-1][0] == steps[-1][1]
    stop = threading.Event()
    stop.set()
    with pytest.raises(Stopped):
        template.draw(Recipe("A card.", 1, (300, 300)), stop=stop)


def test_the_picture_in_a_design_says_what_it_could_not_do(template):
    """Breaks when a painter's note (too little memory, no drawing for a word) never reaches the person."""
    notes = set()
    for seed in range(8):  # not every layout has a picture
        recipe = Recipe("A rustic zeppelin flyer", seed, (200, 280), design_type="flyer", negative="boats")
        notes |= set(template.draw(recipe).notes)
    assert any("cannot be told what to leave out" in note for note in notes)


def test_letters_of_other_scripts_are_set_or_said(template):
    """Boxes in place of letters make a design useless; letters left out in silence make it wrong."""
    lines = ("Фестиваль", "Φεστιβάλ", "مهرجان", "国際", "20 May")
    picture = template.draw(Recipe("A poster.", 1, (400, 500), task="T2T", design_type="poster", lines=lines))
    for line in ("Φεστιβάλ", "مهرجان", "20 May"):
        assert f">{line}<" in picture.svg
    assert "No typeface here has these letters: 国 際" in picture.notes
