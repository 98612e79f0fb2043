"""`python -m pipeline.render`: prompts to files, and one clear line for whatever cannot be."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from pipeline.portable import read_png
from pipeline.render.__main__ import main

ROOT = Path(__file__).resolve().parents[1]


def command(*arguments):
    """The command in a process of its own, whose stdout is the answer alone."""
    return subprocess.run(
        [sys.executable, "-m", "pipeline.render", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )


def test_pictures_with_seeds_in_a_row(tmp_path):
    """Breaks when a script cannot read the answer, or the files are not what it says."""
    arguments = ["--n", 2, "--seed", 5, "--size", "128x96", "--renderer", "illustrator"]
    done = command("a fox by a zeppelin", *arguments, "--out", tmp_path, "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert [one["seed"] for one in report["pictures"]] == [5, 6]
    assert any("zeppelin" in note for note in report["pictures"][0]["notes"])
    pixels = set()
    for one in report["pictures"]:
        (file,) = one["files"]
        origin = read_png(Path(file).read_bytes())
        assert (origin.recipe.id, origin.recipe.seed, origin.recipe.size) == (
            one["id"],
            one["seed"],
            (128, 96),
        )
        with Image.open(file) as image:
            assert list(image.size) == one["size"] == [128, 96]
            pixels.add(image.tobytes())
    assert len(pixels) == 2


def test_a_design_in_every_format(tmp_path):
    """Breaks when a design's words are not in its files, or a format is missing."""
    arguments = ["A jazz flyer", "--renderer", "template", "--design-type", "flyer", "--size", "300x400"]
    arguments += ["--text", "Jazz night / 12 May", "--format", "pdf,png,svg", "--out", str(tmp_path)]
    assert main(arguments) == 0
    files = {file.suffix: file.read_bytes() for file in tmp_path.iterdir()}
    assert files.keys() == {".png", ".svg", ".pdf"}
    assert read_png(files[".png"]).recipe.lines == ("Jazz night", "12 May")
    assert b"<svg" in files[".svg"][:200]
    assert files[".pdf"].startswith(b"%PDF")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["  "], "prompt is empty"),
        (["x", "--size", "9x9"], "--size"),
        (["x", "--size", "big"], "--size"),
        (["x", "--n", "0"], "--n must be"),
        (["x", "--seed", "-1"], "--seed must be"),
        (["x", "--format", "gif"], "--format"),
        (["x", "--canvas", "nowhere.png"], "no file"),
        (["x", "--canvas", "README.md"], "not a picture"),
        (["x", "--canvas", "assets/screenshot.png"], "words alone"),
        (["x", "--canvas", "assets/screenshot.png", "--strength", "2"], "strength"),
        (["x", "--canvas", "assets/screenshot.png", "--box", "9000,0,9100,50"], "box"),
        (["x", "--renderer", "https://host/v1", "--offline"], "--offline"),
        (["x", "--renderer", "no-such-folder"], "no model folder"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(tmp_path, monkeypatch, capfd, arguments, says):
    """Breaks when a mistyped option ends in a traceback or in success."""
    monkeypatch.chdir(ROOT)
    with_renderer = [] if "--renderer" in arguments else ["--renderer", "illustrator"]
    assert main([*arguments, *with_renderer, "--out", str(tmp_path / "out")]) == 2
    told = capfd.readouterr()
    assert told.out == ""
    assert len(told.err.strip().splitlines()) == 1
    assert says in told.err
