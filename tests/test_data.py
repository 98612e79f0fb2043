"""The training stream."""

import random
from itertools import islice

import pytest
import torch

from slm.command import END, Brief, Task, count_words
from slm.corpus import held_out
from slm.data import Position, Stream, substitute
from tests.tiny import tiny_tokenizer


@pytest.fixture(scope="module")
def stream():
    return Stream(tiny_tokenizer(), seed=3, batch_tokens=2048, max_tokens=192)


def test_stream_continues_where_it_stood(stream):
    """Breaks when a resumed training repeats or skips lines."""
    whole = list(islice(stream.batches(Position()), 6))
    again = list(islice(stream.batches(whole[2][2]), 3))
    for (ids, targets, after), (ids2, targets2, after2) in zip(whole[3:], again, strict=True):
        assert torch.equal(ids, ids2)
        assert torch.equal(targets, targets2)
        assert after == after2


def test_worker_processes_change_nothing(stream):
    """Breaks when a GPU's loader processes bring other batches than one process does."""
    alone = list(islice(stream.batches(Position(composed=0.9)), 4))
    helped = list(islice(stream.batches(Position(composed=0.9), workers=2), 4))
    assert all(
        torch.equal(one[0], two[0]) and one[2] == two[2] for one, two in zip(alone, helped, strict=True)
    )


def test_only_the_prompt_and_its_end_are_learned(stream):
    """Breaks when the loss falls on the command (wasted) or misses the end (prompts would never stop)."""
    tokenizer = stream.tokenizer
    ids, targets, _ = next(stream.batches(Position()))
    assert ids.numel() <= 2048
    row, target = ids[0].tolist(), targets[0].tolist()
    begin = next(i for i, token in enumerate(row) if token in stream.task_ids)
    assert set(target[:begin]) == {-1}
    learned = [t for t in target if t >= 0]
    assert learned[-1] == tokenizer.token_to_id(END)
    assert learned[:-1] == row[begin + 1 : begin + len(learned)]


def test_every_line_says_what_its_prompt_achieved(stream):
    """Breaks when the length command is not the achieved word count: nothing true would be learned."""
    for line in islice(stream.lines(5, 0.5), 400):
        command, prompt = line.split(" ", 1)[0], line.split("P|> ", 1)[1].removesuffix(f" {END}")
        assert command == f"<|{count_words(prompt)}|>"


def test_held_out_topics_never_appear(stream):
    """Breaks when composed or corpus lines use a topic that figures are measured on."""
    for line in islice(stream.lines(6, 0.5), 1500):
        topic = line.split("Topic: ", 1)[1].split(" <|", 1)[0].split(", ", 1)[0]
        assert not held_out(topic)


def test_substitution_keeps_intent_and_prompt_together():
    """Breaks when a replaced object stays in the intent, or gets the wrong article."""
    brief = Brief(Task.T2I, "tea time", ("kettle", "cups"), length=9)
    prompt = "A copper kettle and a kettle lid beside two cups."
    changed, _ = substitute(brief, prompt, "umbrella", 3, random.Random(0))
    assert changed == brief  # the object stands there twice: left alone
    for seed in range(20):
        changed, text = substitute(
            brief, "On the stove, a kettle and two cups.", "old boot", 3, random.Random(seed)
        )
        if changed.objects[0] == "old boot":
            assert text == "On the stove, an old boot and two cups."
            assert changed.length == count_words(text)
            break
    else:
        pytest.fail("never substituted")
