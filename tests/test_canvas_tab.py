"""The Canvas tab's records: what comes from a browser is checked, what goes to it says what is going on."""

from concurrent.futures import Future
from pathlib import Path
from types import SimpleNamespace

import gradio as gr
import pytest
from PIL import Image

from pipeline.candidate import Candidate
from pipeline.recipe import Recipe, Start
from pipeline.shelf import Shelf
from pipeline.studio import Drawing, Drawn, Failed, Waiting, Written
from pipeline.wish import Edits, StudioError
from slm.generate import Prompt
from ui.board import Board
from ui.canvas import CanvasTab, started
from ui.understood import edits_of

SAMPLES = Path(__file__).resolve().parents[1] / "assets" / "samples"
PICTURE = {"id": "0" * 32, "width": 400, "height": 300}
SETTINGS = {
    "task": "T2T",
    "topic": "book fair",
    "objects": ["book"],
    "design_type": "flyer",
    "style": "bold",
    "length": 14,
    "candidates": 3,
    "seed": 9,
    "text": "Book fair",
    "negative": "blur",
}


@pytest.fixture
def tab(tmp_path):
    return CanvasTab(Future(), Shelf(tmp_path), SAMPLES)


def event(**data):
    return gr.EventData(None, data)


def candidate(index=0, **changes):
    recipe = Recipe("a book", renderer="illustrator", **changes)
    image = Image.new("RGB", (64, 64))
    return Candidate(
        recipe.id, index, recipe, 2, 8, 1, 7, "bold", "slm", image, ("Not drawn: book.",), "<svg/>"
    )


def test_a_card_says_where_it_stands():
    """Breaks when someone waits in line without a word, or what could not be drawn is kept quiet."""
    board = Board([None, "", "T2I", 8, 3, 7, None, None], None)
    board.take(Written((Prompt("a book", 2, (), 0.0),) * 3), 8)
    waiting = board.take(Waiting(0, 2), 8)
    assert (waiting["cards"][0]["state"], waiting["cards"][0]["ahead"]) == ("waiting", 2)
    assert "2 before you" in waiting["message"]
    board.take(Drawing(0, 1, 4), 8)
    drawn = board.take(Drawn(candidate()), 8)["cards"][0]
    assert (drawn["state"], drawn["notes"], drawn["placed"]) == ("drawn", ["Not drawn: book."], True)
    assert drawn["formats"] == ["png", "svg", "pdf"]
    board.take(Failed(1, "No memory."), 8)
    board.take(Waiting(2, 1), 8)
    states = [card["state"] for card in board.finish(stopped=True)["cards"]]
    assert states == ["drawn", "failed", "stopped"]


@pytest.mark.parametrize("change", [{"task": "T2T"}, {"start": Start("0" * 32)}])
def test_a_whole_design_is_not_placed(change):
    """Breaks when a template, or a picture painted over the canvas, is shrunk into a corner of it."""
    board = Board([None, "", "T2I", 8, 1, 7, None, None], None)
    board.take(Written((Prompt("a book", 2, (), 0.0),)), 8)
    assert board.take(Drawn(candidate(**change)), 8)["cards"][0]["placed"] is False


def test_the_canvas_is_used_as_the_person_says():
    """Breaks when a strength or a box gets lost on the way, or is used where it cannot be."""
    said = {"mode": "box", "strength": {"whole": 60, "box": 90}, "box": [1, 2, 50, 60], "negative": "blur"}
    assert started(said, PICTURE, "T2I") == {"negative": "blur", "strength": 0.9, "box": (1, 2, 50, 60)}
    assert started(said | {"mode": "whole"}, PICTURE, "T2I") == {"negative": "blur", "strength": 0.6}
    for mode, picture, task in (("off", PICTURE, "T2I"), ("box", None, "T2I"), ("box", PICTURE, "T2T")):
        assert started(said | {"mode": mode}, picture, task) == {"negative": "blur"}
    assert started(None, PICTURE, "T2I") == {"negative": ""}


@pytest.mark.parametrize(
    "change",
    [{"box": None}, {"box": [1, 2, 3]}, {"box": ["a", 2, 3, 4]}, {"strength": None}, {"strength": {}}],
)
def test_a_made_up_start_is_refused_in_words(change):
    """Breaks when a record that no page sends ends in a traceback."""
    said = {"mode": "box", "strength": {"box": 90}, "box": [1, 2, 50, 60]}
    with pytest.raises(StudioError):
        started(said | change, PICTURE, "T2I")


def test_settings_are_restored_and_taken_back(tab):
    """Breaks when dropping a picture that was made here loses what the person had typed before."""
    before = ["my text", "T2I", 20, 4, 7, {"topic": {"value": "mine"}}, None]
    picture, *wish = tab.restore(PICTURE | {"settings": SETTINGS}, *before)
    assert wish[:5] == ["Book fair", "T2T", 14, 3, 9]
    assert edits_of(wish[5]) == Edits("book fair", ("book",), "flyer", "bold")
    assert wish[6]["negative"] == "blur"
    assert "settings" not in picture
    again, *back = tab.take_back(picture)
    assert again == PICTURE
    assert back == ["my text", "T2I", 20, 4, 7, None, None]  # what was understood was of another canvas
    assert tab.restore(PICTURE | {"settings": SETTINGS | {"length": 900, "candidates": 99}}, *before)[
        3:5
    ] == (40, 8)


def test_an_explored_intent_arrives_cut_to_size(tab):
    """Breaks when the Explore tab's intent is lost on the way, or a made-up one is taken whole."""
    sent = event(
        topic="x" * 500, objects=["a"] * 9, design_type=None, style="bold", task="T2T", length=12, seed=3
    )
    text, task, length, seed, understood, _tabs = tab.take_explored(None, " ", sent)
    assert (task, length, seed) == ("T2T", 12, 3)
    assert text == understood["topic"]["value"] == "x" * 80
    assert len(understood["objects"]) == 4
    assert tab.take_explored(None, "typed", sent)[0] == "typed"
    with pytest.raises(StudioError):
        tab.take_explored(None, "", event(topic="x", task="T2I", length="long", seed=3))


def test_a_look_answers_in_words_whatever_happens(tab):
    """Breaks when the page waits for ever for a look that failed."""
    assert "not kept" in tab.look({"id": "1" * 32}, "", None)["busy"]
    assert "empty" in tab.look(None, "", None)["busy"]
    tab.studio.set_result(SimpleNamespace())  # a studio that cannot understand anything
    assert "went wrong" in tab.look(None, "Book fair", None)["busy"]
