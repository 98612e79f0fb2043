"""Writing prompts."""

import json
import subprocess
import sys

import numpy as np
import pytest

from slm.checkpoint import SHIPPED
from slm.command import SPECIAL_TOKENS, Brief, Task, count_words
from slm.decode import sample, top
from slm.generate import Prompt, Sampling, Writer, choose, faults
from slm.taste import Taste


@pytest.fixture(scope="module")
def writer(tiny_slm):
    return Writer.load(tiny_slm)


@pytest.mark.parametrize("length", [8, 17, 40])
def test_guided_length_is_exact_even_for_an_untrained_model(writer, length):
    """Breaks when the guide lets a prompt end early or go on: the length slider would only be a hint."""
    brief = Brief(Task.T2I, "party", ("cake",), length=length)
    drafts = writer.source.draft(brief, 16, np.random.default_rng(1), Sampling())
    finished = [draft for draft in drafts if "an end" not in draft.missing]
    assert finished
    assert {draft.words for draft in finished} == {length}
    assert all(draft.text.endswith((".", "!", "?")) for draft in finished)


def test_same_seed_same_prompts_other_seed_others(writer):
    """Breaks when a result can not be made again from its seed."""
    brief = Brief(Task.T2T, "party", design_type="flyer", length=12)
    first, again, other = (writer.write(brief, 2, seed) for seed in (1, 1, 2))
    assert first == again
    assert first != other


@pytest.mark.parametrize("guided", [True, False])
def test_streamed_words_are_the_prompt(writer, guided):
    """Breaks when what a page shows as it comes is another prompt than the one that is kept."""
    brief, sampling = Brief(Task.T2I, "party", ("cake",), length=9), Sampling(guided=guided)
    [prompt] = writer.write(brief, 1, 5, sampling)
    words = list(writer.stream(brief, 5, sampling))
    assert "".join(words) == prompt.text
    assert len(words) == prompt.words


def test_no_control_token_is_ever_written(writer):
    """Breaks when the model can write commands into a prompt, which the next reader would obey."""
    brief = Brief(Task.T2I, "party", length=15)
    for sampling in (
        Sampling(temperature=2.0, top_p=1.0),
        Sampling(temperature=2.0, top_p=1.0, guided=False),
    ):
        for prompt in writer.write(brief, 4, 3, sampling):
            assert not any(token in prompt.text for token in SPECIAL_TOKENS)
            assert prompt.words == count_words(prompt.text)


def test_best_drafts_are_chosen():
    """Breaks when a prompt that misses an object, repeats itself or doubles another one is preferred."""
    good = Prompt("A cake on a table.", 5, (), -1.0)
    twin = Prompt("A cake on a table!", 5, (), -1.1)
    poor = Prompt("A dog in a garden.", 5, ("cake",), -0.1)
    stutter = Prompt("A cake, a cake and a cake.", 7, (), -0.9)
    assert choose([poor, stutter, twin, good], 3) == [good, stutter, poor]
    dogs = Taste({"dog": 9.0, "table": -9.0}, 0.0)
    assert choose([poor, stutter, twin, good], 3, (), dogs) == [
        stutter,
        good,
        poor,
    ]  # what is asked for first
    assert faults("a red red cake and a cake") == 2
    assert (
        faults("A portable typewriter at a typewriter fair", ("typewriter fair", "portable typewriter")) == 0
    )
    assert faults("A engine and an cake on a unicorn, a one-off.") == 2


def test_a_broken_character_loses():
    """Breaks when a draft that ends a character half way is preferred to a whole one."""
    whole, broken = Prompt("A piñata.", 2, (), -2.0), Prompt("A pi\ufffdata.", 2, (), -0.5)
    assert choose([broken, whole], 1) == [whole]


def test_nucleus_keeps_to_the_likeliest():
    """Breaks when top-p lets unlikely tokens through, shuts out the likeliest one, or skews the shares."""
    logits = np.log(np.array([[0.6, 0.3, 0.09, 0.01]], np.float32)).repeat(4000, 0)
    rng = np.random.default_rng(0)
    drawn = sample(logits, rng, Sampling(1.0, 0.85)).tolist()
    assert set(drawn) == {0, 1}
    assert abs(drawn.count(0) / 4000 - 2 / 3) < 0.03
    assert set(sample(logits, rng, Sampling(1.0, 0.01)).tolist()) == {0}


@pytest.mark.parametrize("size", [64, 999, 8192])
def test_top_finds_the_largest(size):
    """Breaks when the quick search in groups misses one of the largest numbers."""
    numbers = np.random.default_rng(size).standard_normal((3, size), np.float32)
    assert (top(numbers, 64) == np.argsort(-numbers, axis=1)[:, :64]).all()


def test_an_intent_that_fills_the_context_is_refused(writer):
    """Breaks when a very long intent fails inside the network."""
    brief = Brief(Task.T2I, "ж" * 80, tuple("щ" * 80 for _ in range(4)), length=40)
    with pytest.raises(ValueError, match="too long"):
        writer.write(brief, 1, 1)


def test_batch_command(tmp_path, tiny_slm):
    """Breaks when a program can not write prompts for a file of intents, or loses its own keys."""
    rows = [{"task": "T2I", "topic": "party", "objects": ["cake"], "design_type": "", "style": "", "mine": 7}]
    (tmp_path / "in.jsonl").write_text("\n".join(map(json.dumps, rows)))
    command = [sys.executable, "-m", "slm.generate", "--slm", str(tiny_slm), "--length", "9"]
    files = ["--intents", str(tmp_path / "in.jsonl"), "--out", str(tmp_path / "out.jsonl")]
    subprocess.run([*command, *files], check=True)
    [line] = map(json.loads, (tmp_path / "out.jsonl").read_text().splitlines())
    assert line["mine"] == 7
    assert line["words"] == count_words(line["prompt"]) == 9
    wrong = subprocess.run([*command, "--topic", " "], capture_output=True, text=True)
    assert wrong.returncode != 0
    assert "topic is needed" in wrong.stderr
    assert "Traceback" not in wrong.stderr


def test_shipped_model_names_what_it_is_told():
    """Breaks when the shipped weights are missing, damaged or do not answer their commands."""
    writer = Writer.load(SHIPPED)
    prompts = writer.write(Brief(Task.T2I, "harvest festival", ("pumpkin", "scarecrow"), length=20), 3, 1)
    assert len(prompts) == 3
    for prompt in prompts:
        assert prompt.words == 20
        assert not prompt.missing
