"""Measuring the language model."""

import json
import subprocess
import sys

import pytest

from slm.corpus import held_out
from slm.evaluate import unseen
from slm.evaluate.coverage import evaluate_coverage
from slm.evaluate.diversity import distinct, evaluate_diversity, self_bleu
from slm.evaluate.length import evaluate_length
from slm.generate import Sampling, Writer


def test_only_unseen_intents_are_measured():
    """Breaks when figures are taken on what the model was trained on."""
    assert all(held_out(example.topic) for example in unseen(50))


def test_figures_are_those_of_the_prompts(tiny_slm):
    """Breaks when a table shows wrong numbers: an untrained model is exact only when guided."""
    writer = Writer.load(tiny_slm)
    examples = unseen(4)
    [guided] = evaluate_length(writer, examples, [12], Sampling())
    assert (guided.mean, guided.mean_square_error, guided.exact) == (12, 0, 1)
    [raw] = evaluate_length(writer, examples, [12], Sampling(guided=False))
    assert raw.mean_square_error > 0
    coverage = {row.field: row for row in evaluate_coverage(writer, examples, 12, Sampling(guided=False))}
    assert coverage["topic"].terms == 4
    assert coverage["everything"].named < 0.5


def test_command_prints_json(tiny_slm):
    """Breaks when a script can not read the figures."""
    command = [sys.executable, "-m", "slm.evaluate", "length", "--slm", str(tiny_slm), "--json"]
    result = subprocess.run([*command, "--intents", "2", "--lengths", "10"], capture_output=True, check=True)
    [row] = json.loads(result.stdout)
    assert row["wished"] == 10


def test_repetition_is_seen(tiny_slm):
    """Breaks when a model that says the same for every intent looks as varied as one that does not."""
    assert distinct(["a red cake", "a red cake"], 2) == 0.5
    same, other = ["a red cake stands on a long table"] * 3, ["seven dogs run along the cold grey beach"]
    assert self_bleu(same) == 1
    assert self_bleu([*same[:1], *other]) < 0.1


@pytest.mark.bench
def test_copies_of_the_corpus_are_seen(tiny_slm):
    """Breaks when a model that recites its training data is not found out."""
    rows = {row.figure: row for row in evaluate_diversity(Writer.load(tiny_slm), unseen(4), 12, Sampling())}
    assert rows["near-duplicates"].corpus == 0
    assert 0 < rows["distinct-2"].model <= 1


@pytest.mark.bench
def test_speed_is_measured_beside_others(tiny_slm):
    """Breaks when a program can not run the weights any more, or memory is that of another process."""
    command = [sys.executable, "-m", "slm.evaluate", "speed", "--slm", str(tiny_slm), "--json"]
    done = subprocess.run(command, capture_output=True, check=True)
    rows = json.loads(done.stdout)
    speeds = {row["program"]: row["tokens_per_second"] for row in rows if row.get("batch") == 1}
    assert set(speeds) == {"ours", "transformers", "nanogpt"}
    assert all(speed > 0 for speed in speeds.values())
    assert [row["seconds"] > 0 for row in rows if "seconds" in row] == [True]
