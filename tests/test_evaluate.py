"""Measuring the language model."""

import json
import subprocess
import sys

from slm.corpus import held_out
from slm.evaluate import evaluate_coverage, evaluate_length, unseen
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
