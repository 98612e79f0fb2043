"""Models of one's own, through real jobs."""

import json
import os
import signal
import time

import pytest

from pipeline.jobs import JobError
from pipeline.models import ModelError, Models, Plan, plan_of
from pipeline.store.database import open_store
from pipeline.store.jobs import DONE, FAILED
from slm.checkpoint import load_checkpoint
from tests.tiny import tiny_tokenizer

PLAN = Plan(steps=12, batch_tokens=1024, intents=5)


@pytest.fixture
def models(tmp_path):
    store = open_store(f"sqlite:///{tmp_path / 'models.sqlite'}")
    yield Models(store, tmp_path)
    store.close()


def until(models, step, state):
    end = time.monotonic() + 240
    while (job := models.jobs.latest("mine", step)).state != state:
        assert time.monotonic() < end, models.jobs.tail(job)
        assert job.state not in (DONE, FAILED) or job.state == state, models.jobs.tail(job)
        time.sleep(0.1)


def test_from_tokenizer_to_published_and_back(models):
    """Breaks when a step does not find what the one before it made, a killed training loses what it had
    learned, or another model than the published one writes."""
    with pytest.raises(ModelError, match="tokenizer first"):
        models.start("mine", "train", PLAN)
    tiny_tokenizer().save(str(models.run("mine") / "tokenizer.json"))
    models.start("mine", "train", PLAN)
    with pytest.raises(JobError, match="running already"):
        models.start("mine", "train", PLAN)
    with pytest.raises(ModelError, match=r"Train the model first|still learning"):
        models.publish("mine")
    while len(models.losses("mine")) < 1 and models.jobs.latest("mine", "train").state != DONE:
        time.sleep(0.05)
    if (watchman := models.jobs.latest("mine", "train")).pid and watchman.state != DONE:
        work = int(os.popen(f"pgrep -P {watchman.pid}").read() or 0)
        if work:
            os.kill(work, signal.SIGKILL)
            until(models, "train", FAILED)
            models.start("mine", "train", PLAN)
    until(models, "train", DONE)
    assert models.losses("mine")[-1][0] == 12
    assert models.samples("mine")[-1]["step"] == 12
    models.start("mine", "evaluate", PLAN)
    until(models, "evaluate", DONE)
    assert 0 <= models.figures("mine")["exact"] <= 1
    assert models.current() is None
    first = models.publish("mine")
    assert models.current().name == first.folder
    assert first.figures == models.figures("mine")
    assert load_checkpoint(models.current())[2]["step"] == 12
    models.publish("mine")
    models.roll_back()
    assert models.current().name == first.folder
    assert models.names() == ["mine"]
    assert models.plan("mine") == PLAN


def test_rolling_back_the_first_one_brings_the_shipped_model(models):
    """Breaks when the model that came with TinyMuse cannot be had back."""
    with pytest.raises(ModelError, match="Nothing was published"):
        models.roll_back()
    (models.published / "history.json").write_text(
        json.dumps([{"folder": "a-1", "name": "a", "at": "2026-01-01", "figures": {}}])
    )
    models.roll_back()
    assert models.current() is None


@pytest.mark.parametrize("name", ["", "../up", "A", "a b", "a/b", "-a", "a" * 41])
def test_names_that_are_no_folders_are_refused(models, name):
    """Breaks when a name reaches outside the folder of models."""
    with pytest.raises(ModelError, match="name"):
        models.run(name)


@pytest.mark.parametrize(
    "said",
    [
        {"preset": "huge"}, {"steps": 0}, {"steps": "12"}, {"steps": True}, {"vocabulary": 10**9},
        {"seed": -1}, {"teacher_url": "file:///etc/passwd"}, {"start": "over"}, {"what": 1},
    ],
)  # fmt: skip
def test_plans_that_cannot_be_are_refused(said):
    """Breaks when a page can start a training that makes no sense, or with arguments of its own."""
    with pytest.raises(ModelError):
        plan_of(said)


def test_a_loss_curve_of_a_continued_run_has_every_step_once(models):
    """Breaks when the steps that a kill lost stand twice in the curve, or a half-written line breaks it."""
    run = models.run("mine")
    run.mkdir()
    rows = [{"step": step, "loss": 5.0 - step, "tokens_per_second": 10.0} for step in (1, 2, 3, 2, 3, 4)]
    (run / "log.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows) + '{"step": 5')
    assert models.losses("mine") == [(step, 5.0 - step, 10.0) for step in (1, 2, 3, 4)]
    assert models.losses("mine", points=2) == [(2, 3.5, 10.0), (4, 1.5, 10.0)]
