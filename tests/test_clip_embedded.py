"""The picture encoder that ships: small, right about plain drawings, silent about what it does not know."""

import io
import random

import numpy as np
import pytest
from PIL import Image
from resvg_py import svg_to_bytes

from intent import clip
from intent.backdrop import like_photograph
from intent.clip import load_clip
from intent.drawings import ART, load_nouns
from intent.graph import load_graph


@pytest.fixture(scope="module")
def embedded(tmp_path_factory):
    """The weights that ship."""
    return load_clip(load_graph(), "embedded", offline=True, cache=tmp_path_factory.mktemp("labels"))[0]


def test_the_embedded_weights_are_small_and_safe():
    """A repository can carry 25 MB, and no pickle."""
    files = {file.name: file.stat().st_size for file in clip.EMBEDDED.iterdir()}
    assert {"open_clip_config.json", "open_clip_model.safetensors", "calibration.json", "README.md"} <= set(
        files
    )
    assert not [name for name in files if name.endswith((".bin", ".pt", ".pkl"))]
    assert sum(files.values()) <= 25 * 2**20


def test_the_embedded_model_names_a_plain_drawing(embedded):
    """The least that it is for: one drawing of the art on something plain."""
    some = load_nouns()[::30]
    named = 0
    for noun in some:
        svg = (ART / "svg" / noun.file).read_text(encoding="utf-8")
        png = svg_to_bytes(svg_string=svg, width=300, height=300, skip_system_fonts=True)
        sheet = Image.new("RGB", (512, 512), "#dbe9f4")
        drawing = Image.open(io.BytesIO(bytes(png)))
        sheet.paste(drawing, (106, 106), drawing)
        listed = embedded.look(sheet).objects
        named += bool(listed) and listed[0][0] == noun.name
    assert named >= 0.65 * len(some)


def test_the_embedded_model_claims_nothing_where_nothing_is(embedded):
    """Confidence on noise, gradients and plain paper must stay low: "not sure", not a wrong claim."""
    dice = np.random.default_rng(0)
    across = np.linspace(0, 255, 512)[None, :, None] * np.ones((384, 1, 3))
    pictures = [
        np.full((384, 512, 3), 230.0),
        across,
        dice.uniform(0, 255, (384, 512, 3)),
        np.asarray(Image.fromarray(dice.integers(0, 255, (6, 8, 3), np.uint8)).resize((512, 384), 3), float),
    ]
    for pixels in pictures:
        seen = embedded.look(Image.fromarray(pixels.astype(np.uint8)))
        assert not [label for label, chance in seen.objects if chance >= 0.5]
        assert seen.topics.max() < 0.5


def test_the_embedded_model_is_not_sure_of_photographs(embedded):
    """Breaks when it takes what looks like a photograph of nothing known for things of flat designs."""
    looks = [
        embedded.look(Image.fromarray(like_photograph(random.Random(number), 512, 384)))
        for number in range(10)
    ]
    assert sum(bool(seen.objects) and seen.objects[0][1] >= 0.5 for seen in looks) <= 1
