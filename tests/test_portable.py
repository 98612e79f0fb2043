"""Portable pictures: what a download carries, and that no file, however made, can do harm by it."""

import io
import json
import zlib
from dataclasses import asdict, replace

import pytest
from PIL import Image, PngImagePlugin

from pipeline.candidate import Candidate, save_png
from pipeline.portable import CHUNK, MAX_RECORD, read_png, write_png
from pipeline.recipe import Recipe, Start
from pipeline.shelf import Shelf

RECIPE = Recipe(
    "Grüne Äpfel 🍏 in a <|basket|>",
    seed=5,
    size=(64, 32),
    renderer="illustrator",
    task="T2T",
    topic="orchard day",
    objects=("apple", "basket"),
    design_type="flyer",
    lines=("Orchard day", "12 May"),
    palette=("#aabbcc",),
    negative="worms",
    start=Start("0" * 32, 0.5, (1, 2, 30, 20)),
)
SETTINGS = {"words": 6, "length": 6, "candidates": 4, "run_seed": 77, "style": "rustic", "slm": "tiny@1"}


@pytest.fixture
def about(tmp_path):
    """The record as it comes off the shelf."""
    image = Image.new("RGB", RECIPE.size, "green")
    candidate = Candidate(id=RECIPE.id, index=0, recipe=RECIPE, image=image, **SETTINGS)
    shelf = Shelf(tmp_path)
    shelf.put(candidate)
    return shelf.about(RECIPE.id)


def test_what_is_written_is_read(about):
    """Breaks when a downloaded picture opens with other settings than those it was made with."""
    data = write_png(Image.new("RGB", (64, 32), "green"), about)
    origin = read_png(data)
    assert origin.recipe == RECIPE
    assert origin.recipe.id == RECIPE.id
    found = asdict(origin)
    assert {name: found[name] for name in SETTINGS if name != "words"} == {
        name: value for name, value in SETTINGS.items() if name != "words"
    }
    plain = read_png(write_png(Image.new("RGB", (9, 9)), about | {"start": None}))
    assert plain.recipe == replace(RECIPE, start=None)


def test_other_programs_can_read_it_and_the_pixels_are_the_same(about):
    """Breaks when the prompt can be read by TinyMuse alone, or the download is another picture."""
    image = Image.effect_noise((64, 32), 80).convert("RGB")
    image.info["icc_profile"] = b"x" * 99
    image.info["Comment"] = "secret"
    with Image.open(io.BytesIO(write_png(image, about))) as opened:
        assert opened.info["Description"] == RECIPE.prompt
        assert (opened.info["Seed"], opened.info["Size"]) == ("5", "64 x 32")
        assert opened.info["Topic"] == "orchard day, apple, basket"
        assert not {"icc_profile", "Comment"} & opened.info.keys()
        assert opened.tobytes() == image.tobytes()


def test_what_raters_see_carries_nothing(about, tmp_path):
    """Breaks when a blind rater can read the model's name in the file."""
    with Image.open(io.BytesIO(write_png(Image.new("RGB", (64, 32)), about))) as opened:
        save_png(opened, tmp_path / "rated.png")
    assert read_png((tmp_path / "rated.png").read_bytes()) is None
    assert b"illustrator" not in (tmp_path / "rated.png").read_bytes()


def carrying(text, name=CHUNK, compressed=False):
    chunks = PngImagePlugin.PngInfo()
    chunks.add_itxt(name, text, zip=compressed)
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8)).save(buffer, "PNG", pnginfo=chunks)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "change",
    [
        {"seed": -1},
        {"seed": "7"},
        {"seed": True},
        {"seed": 10**30},
        {"size": [10**9, 8]},
        {"size": [8]},
        {"size": 8},
        {"prompt": 3},
        {"prompt": "x" * 30_000},
        {"prompt": "\ud800"},
        {"task": "T2X"},
        {"palette": ["red"]},
        {"palette": "#aabbcc"},
        {"objects": [["x"]]},
        {"start": 1},
        {"start": {"canvas": "x", "strength": float("nan"), "box": None}},
        {"start": {"canvas": "x", "strength": 0.5, "box": [1, 2, 3]}},
        {"length": 0},
        {"run_seed": None},
    ],
)
def test_a_record_that_no_run_wrote_is_no_record(about, change):
    """Breaks when a doctored file can set what a run could not: a size of gigapixels, a seed out of range."""
    assert read_png(carrying(json.dumps(about))) is not None
    assert read_png(carrying(json.dumps(about | change))) is None


def test_hostile_files_are_no_pictures_of_ours(about):
    """Breaks when a dropped file brings the page down: bombs, depth, half files, anything."""
    whole = write_png(Image.new("RGB", (64, 32)), about)
    missing = {name: value for name, value in about.items() if name != "style"}
    files = [
        b"",
        b"\x89PNG",
        b"GIF89a",
        whole[:60],
        carrying("[" * 90_000),
        carrying("9" * 90_000),
        carrying("{}"),
        carrying("null"),
        carrying("no json"),
        carrying(json.dumps(missing)),
        carrying(json.dumps(about) + " " * MAX_RECORD),
        carrying("x" * 50_000_000, compressed=True),  # 50 KB that unpack to 50 MB
        carrying(json.dumps(about), name="other"),
        bomb(),
    ]
    assert [read_png(data) for data in files] == [None] * len(files)
    for cut in range(0, len(whole), 7):
        read_png(whole[:cut])  # whatever comes of it, it is no exception


def bomb():
    """A header that claims 100,000 x 100,000 pixels."""
    head = b"IHDR" + (100_000).to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0"
    return b"\x89PNG\r\n\x1a\n" + (13).to_bytes(4, "big") + head + zlib.crc32(head).to_bytes(4, "big")
