"""Training."""

import json
import os
import struct
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from statistics import mean

import pytest
import torch
from tensorboardX.proto.event_pb2 import Event

from slm.checkpoint import load_checkpoint
from slm.command import Brief, Task, render_pair
from slm.objective import Objective
from slm.train import TrainConfig, arguments, follow, schedule, train
from tests.tiny import tiny_model, tiny_tokenizer


@pytest.fixture(autouse=True)
def short_blocks(monkeypatch):
    """A block of the stream is composed before its first step: these runs need few lines."""
    monkeypatch.setattr("slm.data.BLOCK", 256)


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
    steps = list(train(config(tmp_path / "whole")))
    whole = [progress.loss for progress in steps]
    assert whole[-1] < whole[0] - 0.3
    assert mean(step.counting for step in steps[-4:]) < steps[0].counting - 0.05
    stopping = train(config(tmp_path / "killed"))
    for _ in range(7):  # saved after 6: the seventh step is lost with the process
        next(stopping)
    stopping.close()
    rest = [progress.loss for progress in train(config(tmp_path / "killed"))]
    assert rest == whole[6:]
    one, two = (load_checkpoint(tmp_path / name)[0].state_dict() for name in ("whole", "killed"))
    assert all(torch.equal(one[name], two[name]) for name in one)


def test_the_words_to_come_are_counted():
    """Breaks when the network is told a wrong number of words to come."""
    tokenizer, brief = tiny_tokenizer(), Brief(Task.T2I, "picnic", length=5)
    objective = Objective(tiny_model(), tokenizer)
    ids = torch.tensor([tokenizer.encode(render_pair(brief, "A red kite flies by.")).ids])
    begin = ids[0].tolist().index(tokenizer.token_to_id("<|IP|>"))
    targets = ids[:, 1:].clone()
    targets[:, :begin] = -1
    to_come = objective.words_to_come(targets)[0, begin:].tolist()
    assert to_come[0] == 5
    assert to_come[-1] == 0
    assert all(one - other in (0, 1) for one, other in pairwise(to_come))


def test_a_run_of_an_older_version_says_how_to_go_on(tmp_path):
    """Breaks when a state that cannot be continued ends in a traceback about keys."""
    old = config(tmp_path / "run")
    torch.save({"model": {}}, old.run / "state.pt")
    with pytest.raises(ValueError, match="new folder"):
        next(train(old))


def test_one_folder_is_trained_by_one_process(tmp_path):
    """Breaks when a second start of the same training mixes its steps into the first one's files."""
    first = train(config(tmp_path / "run"))
    next(first)
    with pytest.raises(ValueError, match="another process"):
        next(train(config(tmp_path / "run")))
    first.close()


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


def test_a_kill_at_the_turn_of_the_mixture_changes_nothing(tmp_path):
    """Breaks when a run saved in the moment the decay begins goes on with other data than an unbroken one."""
    settings = {"steps": 6, "decay": 3, "composed": 1.0, "composed_at_end": 0.0}
    whole = [progress.loss for progress in train(config(tmp_path / "whole", **settings))]
    stopping = train(config(tmp_path / "killed", **settings))
    for _ in range(4):  # saved after 3, where the mixture turns
        next(stopping)
    stopping.close()
    assert [progress.loss for progress in train(config(tmp_path / "killed", **settings))] == whole[3:]


def test_the_papers_recipe_is_one_word():
    """Breaks when the paper's training can not be asked for by name, or a word said beside it is ignored."""
    paper = arguments(["--run", "x", "--recipe", "paper", "--seed", "3"])
    assert (paper.preset, paper.optimiser, paper.matrix_lr, paper.steps) == ("base", "adamw", 6e-4, 300_000)
    assert paper.seed == 3
    assert arguments(["--run", "x"]) == TrainConfig(run=Path("x"))


def test_adamw_trains_too(tmp_path):
    """Breaks when the paper's optimiser is offered but does not learn."""
    losses = [p.loss for p in train(config(tmp_path / "run", optimiser="adamw", bf16=False, steps=8))]
    assert losses[-1] < losses[0] - 0.05


def test_two_processes_train_one_model(tmp_path):
    """Breaks when torchrun's processes learn from the same batches, drift apart, or write over each other."""
    config(tmp_path / "run")
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    command += ["-m", "slm.train", "--", "--run", str(tmp_path / "run"), "--preset", "tiny", "--steps", "4"]
    command += ["--decay", "1", "--warmup", "1", "--batch-tokens", "1024", "--seed", "5"]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"OMP_NUM_THREADS": "1"})
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in (tmp_path / "run" / "log.jsonl").read_text().splitlines()]
    assert [row["step"] for row in rows] == [1, 2, 3, 4]
    alone = [p.tokens for p in train(config(tmp_path / "alone", steps=8, decay=2, composed_at_end=0.75))]
    assert rows[-1]["tokens"] == pytest.approx(alone[-1], rel=0.15)  # eight batches, not four twice
    assert load_checkpoint(tmp_path / "run")[2]["step"] == 4


def test_tensorboard_sees_every_step(tmp_path):
    """Breaks when the curves beside a run miss a step, or what the model writes by then."""
    follow(config(tmp_path / "run", steps=4, save_every=2))
    (file,) = (tmp_path / "run").glob("events.out.tfevents.*")
    data, losses, texts = file.read_bytes(), {}, set()
    while data:  # records: length, its checksum, the event, its checksum
        (length,) = struct.unpack("<Q", data[:8])
        event, data = Event.FromString(data[12 : 12 + length]), data[16 + length :]
        for value in event.summary.value:
            if value.tag == "loss":
                losses[event.step] = value.simple_value
            elif value.HasField("tensor"):
                texts.add((event.step, value.tag.split("/")[0]))
    logged = map(json.loads, (tmp_path / "run" / "log.jsonl").read_text().splitlines())
    assert losses == {row["step"]: pytest.approx(row["loss"]) for row in logged}
    assert {step for step, _ in texts} == {2, 4}
    assert len(texts) == 6
