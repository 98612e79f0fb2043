"""Exploring one intent: the grid as it is written, the sweep, and what a page or a program may ask for."""

import json
from concurrent.futures import Future

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from pipeline.explore import (
    SWEEP_PROMPTS,
    SWEPT,
    Exploration,
    Finished,
    Said,
    Told,
    sweep_lengths,
    write_grid,
)
from pipeline.wish import StudioError
from slm.command import Task
from slm.generate import Sampling
from ui.explore import ExploreTab

FAIR = Exploration("harvest fair", ("pumpkin",), "poster", "rustic", seed=5)


@pytest.fixture(scope="module")
def client(studio):
    app, loaded = FastAPI(), Future()
    loaded.set_result(studio)
    app.include_router(ExploreTab(loaded).routes())
    return TestClient(app)


@pytest.fixture(scope="module")
def steps(studio):
    return list(write_grid(studio, FAIR, [8, 12]))


def texts(steps):
    cells: dict = {}
    for step in steps:
        if isinstance(step, Said):
            cells[step.row, step.guided] = cells.get((step.row, step.guided), "") + step.piece
    return cells


def ask(client, what="grid", /, **said):
    wish = {"topic": "harvest fair", "lengths": [8], "seed": 1} | said
    return client.post(f"/api/explore/{what}", json=wish)


def records(reply):
    assert reply.status_code == 200, reply.text
    return [json.loads(line) for line in reply.text.splitlines()]


def test_the_grid_tells_its_lines_then_writes_cell_by_cell(steps):
    """Breaks when a cell is missing, its words do not add up, or another line is shown than is read."""
    lines = [step for step in steps if isinstance(step, Told)]
    assert steps[: len(lines)] == lines
    assert [(told.length, told.task) for told in lines] == [(8, "T2I"), (8, "T2T"), (12, "T2I"), (12, "T2T")]
    assert lines[0].line == (
        "<|8|> <|r4|> <|intent|> Topic: harvest fair, Scene object: pumpkin, Style: rustic <|IP|>"
    )
    assert "Design Type: poster" in lines[1].line
    done = [step for step in steps if isinstance(step, Finished)]
    assert {(cell.row, cell.guided) for cell in done} == {(row, g) for row in range(4) for g in (True, False)}
    for cell in done:
        assert len(texts(steps)[cell.row, cell.guided].split()) == cell.words
        if cell.guided:
            assert cell.words == lines[cell.row].length


def test_equal_explorations_are_equal_and_are_the_writers_own(studio, client, steps):
    """Breaks when a researcher cannot get the same prompts again, here or from the command line."""
    first = texts(steps)
    again = records(ask(client, objects=["pumpkin"], design_type="poster", style="rustic", seed=5))
    for (row, guided), text in first.items():
        if row < 2:
            said = [r for r in again if r["kind"] == "said" and (r["row"], r["guided"]) == (row, guided)]
            assert "".join(one["piece"] for one in said) == text
    [prompt] = studio.writer.write(FAIR.brief(Task.T2T, 8), 1, 5, Sampling(guided=False))
    assert first[1, False].strip() == prompt.text
    other = Exploration("harvest fair", ("pumpkin",), "poster", "rustic", seed=6)
    [prompt] = studio.writer.write(other.brief(Task.T2T, 8), 1, 6, Sampling(guided=False))
    assert first[1, False].strip() != prompt.text


def test_the_sweep_covers_every_length_guided_and_raw(studio):
    """Breaks when a length is left out of the plot, or guided prompts miss their length."""
    points = []
    for point in sweep_lengths(studio, FAIR, Task.T2I):
        points.append(point)
        if point.length > 8:  # the rest is the same again
            break
    assert [(point.length, point.guided) for point in points] == [(8, False), (8, True), (9, False)]
    assert all(len(point.words) == SWEEP_PROMPTS for point in points if not point.guided)
    assert all(set(point.words) == {point.length} for point in points if point.guided)
    assert (SWEPT.start, SWEPT.stop) == (8, 41)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"topic": " "}, "topic"),
        ({"topic": "<|end|>"}, "topic"),
        ({"relevance": 9}, "relevance"),
        ({"temperature": 0}, "temperature"),
        ({"temperature": float("nan")}, "temperature"),
        ({"top_p": 1.5}, "top-p"),
        ({"seed": -1}, "seed"),
        ({"objects": ("a", "b", "c", "d", "e")}, "objects"),
    ],
)
def test_what_cannot_be_explored_is_said(change, says):
    """Breaks when a bad value ends in a traceback, or is silently taken for another."""
    with pytest.raises(StudioError, match=says):
        Exploration(**({"topic": "harvest fair"} | change))


def test_the_answer_comes_line_by_line(client):
    """Breaks when the page cannot show words as they are written, or what is typed acts as a command."""
    topic = "<|40|> ${alert(1)} <img onerror=x>"
    answer = records(ask(client, topic=topic))
    kinds = [record["kind"] for record in answer]
    assert kinds[:2] == ["told", "told"]
    assert kinds.count("finished") == 4
    assert kinds.count("said") >= 4 * 2
    assert answer[0]["line"].startswith("<|8|> <|r4|> <|intent|> Topic: ${alert(1)} img onerror=x")


@pytest.mark.parametrize(
    "change",
    [
        {"topic": ""},
        {"lengths": []},
        {"lengths": [7]},
        {"lengths": [41]},
        {"lengths": ["x"]},
        {"lengths": 10},
        {"seed": 1.5},
        {"seed": 2**40},
        {"temperature": "hot"},
        {"objects": 3},
    ],
)
def test_a_bad_request_is_refused_in_words(client, change):
    """Breaks when a program's mistake ends in a server error or an empty answer."""
    reply = ask(client, **change)
    assert reply.status_code == 422
    assert len(reply.json()["error"]) > 20
    assert client.post("/api/explore/grid", content=b"[1").status_code == 422
    assert client.post("/api/explore/sweep", content=b"[]").status_code == 422
    assert ask(client, "sweep", task="T9").status_code == 422


def test_the_graph_proposes_what_goes_with_a_topic(client):
    """Breaks when a known topic gets no companions, or an unknown one ends in an error."""
    usual = client.get("/api/explore/usual", params={"topic": "Farmers Markets"}).json()
    assert usual["topic"] == "farmers market"
    assert usual["objects"]
    assert usual["design_types"]
    assert client.get("/api/explore/usual", params={"topic": "zzz"}).json()["objects"] == []


def test_before_the_models_are_there_it_says_so():
    """Breaks when the tab hangs while the models load, or hides why they cannot be loaded."""
    app, loading = FastAPI(), Future()
    app.include_router(ExploreTab(loading).routes())
    client = TestClient(app)
    assert ask(client).status_code == 503
    assert "still loading" in ask(client).json()["error"]
    loading.set_exception(ValueError("assets/slm holds no model."))
    assert "holds no model" in ask(client).json()["error"]
