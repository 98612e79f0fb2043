"""Reading words off pictures, with the real text models on pictures drawn here."""

import subprocess
import sys

import pytest
from PIL import Image, ImageDraw, ImageFont

from intent.reader import Line, Reader, in_reading_order


@pytest.fixture(scope="module")
def reader():
    return Reader()


def draw(*lines, size=(800, 600), paper="#fff3e4", ink="#2b2d42"):
    """A picture with (left, top, letter size, text) written on it."""
    image = Image.new("RGB", size, paper)
    pen = ImageDraw.Draw(image)
    for left, top, letters, text in lines:
        pen.text((left, top), text, fill=ink, font=ImageFont.load_default(size=letters))
    return image


def plain(lines):
    return [line.text.lower().replace(" ", "") for line in lines]


def test_lines_are_read_in_order(reader):
    """Words in the wrong order, or lost, would give a wrong topic and a wrong template."""
    image = draw(
        (60, 420, 40, "Saturday 3 pm"),
        (60, 60, 90, "Summer fair"),
        (60, 240, 40, "music"),
        (480, 244, 40, "cakes"),
    )
    lines = reader.read(image)
    assert plain(lines) == ["summerfair", "music", "cakes", "saturday3pm"]
    assert all(0.5 < line.confidence <= 1 for line in lines)
    left, top, right, bottom = lines[0].box
    assert 0 <= left < right <= 1
    assert 0 <= top < bottom <= 1


def test_the_same_picture_reads_the_same(reader):
    """A result that changes from call to call cannot be reproduced by seed."""
    image = draw((40, 40, 60, "Open house"))
    assert reader.read(image) == reader.read(image)


def test_light_text_on_dark_and_large_pictures(reader):
    """Posters are often dark, and photographs large."""
    image = draw((300, 900, 220, "NIGHT MARKET"), size=(2600, 2400), paper="#1b1b2f", ink="#ffe9a8")
    assert plain(reader.read(image)) == ["nightmarket"]


@pytest.mark.parametrize("mode", ["L", "RGBA", "P", "CMYK"])
def test_other_modes_do_no_harm(reader, mode):
    """A picture that was not converted must not end in a traceback."""
    assert plain(reader.read(draw((60, 60, 80, "tea")).convert(mode))) == ["tea"]


def test_no_text_gives_no_lines(reader):
    """Invented words would become the topic."""
    circle = Image.new("RGB", (640, 640), "#8fd3ff")
    ImageDraw.Draw(circle).ellipse((150, 150, 500, 500), fill="#f3a712")
    for image in (
        circle,
        Image.new("RGB", (300, 200), "white"),
        Image.new("RGB", (1, 1)),
        Image.new("RGB", (3, 900)),
    ):
        assert reader.read(image) == []


def test_one_colour_never_wakes_the_models():
    """The fast path: an empty canvas must not cost a second of loading."""
    reader = Reader()
    assert reader.read(Image.new("RGB", (1000, 1000), "#fafafa")) == []
    assert "_engine" not in vars(reader)


def test_importing_the_reader_is_cheap():
    """The page must come up before the text models are loaded."""
    code = "import sys, intent.reader; sys.exit('onnxruntime' in sys.modules or 'torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_headline_cut_at_its_spaces_is_one_line():
    """The models cut wide letters apart; columns far apart must stay two lines."""

    def line(text, left, right, top=0.1):
        return Line(text, 0.9, (left, top, right, top + 0.05))

    cut = [
        line("SIX", 0.42, 0.5),
        line("MIA IS", 0.1, 0.4),
        line("column", 0.8, 0.9, top=0.11),
        line("low", 0, 1, 0.5),
    ]
    assert [line.text for line in in_reading_order(cut)] == ["MIA IS SIX", "column", "low"]
    assert in_reading_order([]) == []
