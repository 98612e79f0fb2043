"""Designs leave as SVG and PDF: text is still text, and looks as it does in the picture."""

import base64
import io
import re
import xml.etree.ElementTree as ET

import numpy as np
import pypdf
import pytest
from fontTools.ttLib import TTFont
from PIL import Image

from pipeline.recipe import Picture, Recipe
from pipeline.render import RendererError
from pipeline.render.export import pdf_of
from pipeline.render.illustrator import Illustrator
from pipeline.render.template import Template

LINES = ("Together with their families", "Zoë & Łukasz <3", "Saturday 12 June, 4 pm", "Привет, Ελλάδα", "25€")
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def designs():
    """One design with a picture in its window, one with motifs alone."""
    template = Template(Illustrator())
    return [
        template.draw(
            Recipe(prompt, 1, (640, 640), task="T2T", design_type=kind, lines=LINES),
        )
        for prompt, kind in (
            ("A romantic wedding invitation with roses", "invitation"),
            ("A calendar with a fox in a forest at night", "calendar"),
        )
    ]


def test_every_line_is_text_in_a_face_that_the_document_carries(designs):
    """A letter without its typeface turns into another face's, and lines run over each other."""
    for design in designs:
        root = ET.fromstring(design.svg)
        said = " ".join(element.text for element in root.iter(f"{SVG}text"))
        for word in " ".join(LINES[1:]).split():
            assert word.lower() in said.lower()
        faces = {}
        for family, weight, data in re.findall(
            r"font-family:'([^']+)';font-weight:(\d+);src:url\(data:font/woff2;base64,([^)]+)\)", design.svg
        ):
            loaded = TTFont(io.BytesIO(base64.b64decode(data)))
            assert loaded["name"].getDebugName(1) == family
            faces[family, weight] = set(loaded.getBestCmap())
        for element in root.iter(f"{SVG}text"):
            family = re.match("'([^']+)'", element.get("font-family"))[1]
            assert {ord(c) for c in element.text} <= faces[family, element.get("font-weight")]
        assert "<image" not in design.svg, "the illustrator's picture stays vectors"
        assert len(design.svg) < 400_000


def test_the_pdf_has_the_words_as_text_and_the_size_of_the_page(designs):
    """A PDF whose words cannot be searched or corrected is only a picture."""
    for design in designs:
        page = pypdf.PdfReader(io.BytesIO(pdf_of(design))).pages[0]
        said = re.sub(r"\s", "", page.extract_text()).lower()
        for line in LINES[2:]:
            assert re.sub(r"\s", "", line).lower() in said
        size = [float(side) / 0.75 for side in page.mediabox[2:]]
        assert size == pytest.approx(design.image.size, abs=1)


def test_pictures_become_pdf_too():
    """An illustration is vectors in its PDF; a photograph is embedded whole."""
    drawn = Illustrator().draw(Recipe("three red balloons over a lake", 2, (200, 120)))
    page = pypdf.PdfReader(io.BytesIO(pdf_of(drawn))).pages[0]
    assert not page.images
    photo = pypdf.PdfReader(io.BytesIO(pdf_of(Picture(Image.new("RGB", (80, 60), "teal"))))).pages[0]
    assert photo.images[0].image.size == (80, 60)


def test_a_broken_svg_is_refused_in_words():
    """A file changed by hand must not end in a traceback."""
    with pytest.raises(RendererError, match="Take its PNG"):
        pdf_of(Picture(Image.new("RGB", (10, 10)), svg="<svg"))


@pytest.mark.browser
def test_a_browser_shows_the_svg_as_the_picture_is(designs, page_browser):
    """Measured in one engine, set in another: lines that come out longer would leave their place."""
    for design in designs:
        width, height = design.image.size
        page = page_browser.new_page(viewport={"width": width, "height": height})
        page.set_content(f'<body style="margin:0">{design.svg}</body>')
        page.evaluate("document.fonts.ready")
        shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        page.close()
        small = [np.asarray(each.resize((80, 80)), dtype=float) for each in (shot, design.image)]
        assert np.abs(small[0] - small[1]).mean() < 4
