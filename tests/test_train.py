"""Training."""

import json

import pytest
import torch

from slm.checkpoint import load_checkpoint
from slm.train import TrainConfig, schedule, train
from tests.tiny import tiny_tokenizer


def config(run, **changes):
    run.mkdir(exist_ok=True)
    tiny_tokenizer().save(str(run / "tokenizer.json"))
    settings = {
        "preset": "tiny",
        "steps": 12,
        "decay": 4,
        "warmup": 2,
        "batch_tokens": 1024,
        "save_every": 3,
        "seed": 5,
    }
    return TrainConfig(run=run, **{**settings, **changes})


def test_training_learns_and_a_kill_changes_nothing(tmp_path):
    """Breaks when a killed and continued run differs from an unbroken one, or nothing is learned."""
    whole = [progress.loss for progress in train(config(tmp_path / "whole"))]
    assert whole[-1] < whole[0] - 0.3
    stopping = train(config(tmp_path / "killed"))
    for _ in range(7):  # saved after 6: the seventh step is lost with the process
        next(stopping)
    stopping.close()
    rest = [progress.loss for progress in train(config(tmp_path / "killed"))]
    assert rest == whole[6:]
    one, two = (load_checkpoint(tmp_path / name)[0].state_dict() for name in ("whole", "killed"))
    assert all(torch.equal(one[name], two[name]) for name in one)


def test_the_run_says_what_it_is(tmp_path):
    """Breaks when a checkpoint does not tell how it was trained."""
    for _ in train(config(tmp_path / "run", steps=1, decay=0)):
        pass
    meta = json.loads((tmp_path / "run" / "meta.json").read_text())
    assert meta["step"] == 1
    assert meta["settings"]["preset"] == "tiny"


def test_schedule_is_a_trapezoid(tmp_path):
    """Breaks when the learning rate does not warm up, stay and fall to nothing."""
    settings = config(tmp_path / "run", steps=100, decay=20, warmup=10)
    assert schedule(settings, 0) == pytest.approx(0.1)
    assert schedule(settings, 50) == 1
    assert schedule(settings, 99) == pytest.approx(0.05)
    with pytest.raises(ValueError, match="decay"):
        config(tmp_path / "run", steps=5, decay=6)


def test_a_run_without_tokenizer_says_how_to_make_one(tmp_path):
    """Breaks when the first command of a newcomer ends in a bare traceback."""
    with pytest.raises(FileNotFoundError, match=r"slm\.tokenizer"):
        next(train(TrainConfig(run=tmp_path)))
