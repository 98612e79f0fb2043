"""Suggesting as plain data: the command, and the records that programs read."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from pipeline.canvas import CanvasError
from pipeline.portable import read_png
from pipeline.studio import Drawing, Failed, Waiting
from pipeline.suggest import Order, record_of, suggest
from pipeline.wish import StudioError
from slm.command import Task

ROOT = Path(__file__).resolve().parents[1]
MARKET = "Farmers market this Saturday, fresh vegetables"


def test_an_order_becomes_records_that_are_plain_data(studio, tmp_path):
    """Breaks when a program gets something that JSON cannot hold, or another order is carried out."""
    Image.new("RGB", (300, 400), "#f6e2c0").save(tmp_path / "canvas.png")
    order = Order(
        MARKET, task=Task.T2T, length=12, candidates=2, seed=3, topic="cat cafe", objects=("kettle",)
    )
    records = [record_of(step) for step in suggest(studio, tmp_path / "canvas.png", order)]
    assert json.loads(json.dumps(records))[0]["intent"]["topic"]["value"] == "cat cafe"
    names = [record["event"] for record in records]
    assert names[:2] == ["understood", "written"]
    assert set(names[2:]) == {"drawing", "drawn"}
    drawn = [record for record in records if record["event"] == "drawn"]
    assert [record["index"] for record in drawn] == [0, 1]
    assert [record["prompt"] for record in drawn] == [one["prompt"] for one in records[1]["prompts"]]
    assert drawn[0]["objects"] == ("kettle",)
    assert (drawn[0]["task"], drawn[0]["run_seed"], drawn[0]["candidates"]) == ("T2T", 3, 2)
    assert record_of(Waiting(1, 2)) == {"event": "waiting", "index": 1, "ahead": 2}
    assert record_of(Drawing(1, 2, 4)) == {"event": "drawing", "index": 1, "step": 2, "steps": 4}
    assert record_of(Failed(0, "Why.")) == {"event": "failed", "index": 0, "reason": "Why."}


def test_what_is_wrong_with_an_order_is_said(studio):
    """Breaks when a program is answered with a traceback."""
    with pytest.raises(CanvasError, match="empty"):
        list(suggest(studio, None, Order()))
    with pytest.raises(CanvasError, match="not a picture"):
        list(suggest(studio, b"hello", Order("x")))
    with pytest.raises(StudioError, match="--renderer"):
        list(suggest(studio, None, Order(MARKET, strength=0.5)))


def command(*arguments, cwd=ROOT):
    return subprocess.run(
        [sys.executable, "-m", "pipeline.suggest", *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_command_prints_one_json_object(tmp_path):
    """Breaks when the shipped model does not load, or a script cannot read the answer on stdout."""
    Image.new("RGB", (600, 800), "#f6e2c0").save(tmp_path / "canvas.png")
    done = command(
        tmp_path / "canvas.png", "--text", MARKET, "--task", "T2I", "--length", 20, "--candidates", 2,
        "--seed", 7, "--out", tmp_path / "out", "--json", "--offline",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["intent"]["topic"]["value"] == "farmers market"
    assert len(answer["candidates"]) == 2
    for candidate in answer["candidates"]:
        assert {"prompt", "words", "seed", "renderer", "file"} <= candidate.keys()
        assert candidate["words"] == len(candidate["prompt"].split())
        with Image.open(candidate["file"]) as image:
            assert image.format == "PNG"
            assert image.height > image.width
        origin = read_png(Path(candidate["file"]).read_bytes())
        assert (origin.recipe.id, origin.run_seed) == (candidate["id"], 7)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "empty"),
        (["--text", "   "], "empty"),
        (["nowhere.png"], "no file"),
        (["README.md"], "not a picture"),
        (["--text", "party", "--length", 100], "length"),
        (["--text", "party", "--candidates", 0], "candidates"),
    ],
)
def test_the_command_says_in_one_line_what_is_wrong(tmp_path, tiny_slm, arguments, says):
    """Breaks when bad input ends in a traceback, in half an answer, or in success."""
    done = command(*arguments, "--out", tmp_path, "--json", "--offline", "--slm", tiny_slm)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    assert says in done.stderr.lower()
