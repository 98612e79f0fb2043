"""Training the embedded CLIP: a few steps of the real thing on a handful of drawings."""

import json

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

from intent import lessons
from intent.captions import DESIGN_TYPES
from intent.clip import load_clip
from intent.compose import Composed, Composer
from intent.drawings import Sprites, load_nouns
from intent.graph import load_graph
from intent.lessons import Lessons
from intent.train import Plan, ToldLoss, captions_of, train

CHOSEN = ("fox", "balloon", "birthday cake", "cup")


@pytest.fixture(scope="module")
def composer(tmp_path_factory):
    """Four drawings and two topics."""
    lines = [
        {"topic": topic, "category": "x", "parents": [], "aliases": [f"{topic} day"], "cues": [f"{topic}!"],
         "objects": objects, "design_types": [], "styles": [], "colors": [],
         "clip": [f"a picture of {topic}"]}
        for topic, objects in (("birthday", ["balloon", "birthday cake"]), ("forest", ["fox"]))
    ]  # fmt: skip
    path = tmp_path_factory.mktemp("graph") / "graph.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines))
    nouns = tuple(noun for noun in load_nouns() if noun.name in CHOSEN)
    return Composer(Sprites(tmp_path_factory.mktemp("sprites"), nouns), load_graph(path))


def test_told_loss_is_open_clips_own_where_each_row_has_its_caption():
    """The one method overridden must change which captions are true, and nothing else."""
    from open_clip.loss import SigLipLoss

    torch.manual_seed(0)
    images, texts = (torch.nn.functional.normalize(torch.randn(5, 8), dim=1) for _ in range(2))
    told = ToldLoss()
    told.told = 2 * torch.eye(5) - 1
    scale, bias = torch.tensor(10.0), torch.tensor(-3.0)
    assert told(images, texts, scale, bias) == SigLipLoss()(images, texts, scale, bias)
    told.told = torch.zeros(5, 5)
    images.requires_grad_()
    told(images, texts, scale, bias).backward()
    assert images.grad.abs().max() == 0  # what is not asked teaches nothing


def test_lessons_tell_what_is_in_every_patch(composer):
    """A label in the wrong patch teaches the wrong thing: this is where rows, columns and patches meet."""
    owner = np.zeros((64, 64), np.uint8)
    owner[4:28, 36:60] = 1  # the first object fills the upper right patch
    owner[40:43, 4:7] = 2  # the second is a mere speck in the lower left
    made = Composed(np.zeros((64, 64, 3), np.uint8), (3, 1), (576, 9), owner, "birthday", "logo")
    patches, wholes = np.full((4, 4), -1, np.int8), np.full(4 + 2 + 12, -1, np.int8)
    Lessons(composer, 0, 100)._tell(made, True, patches, wholes)
    assert patches.tolist() == [[-1, -1, -1, -1], [-1, -1, -1, 1], [-1, 0, -1, -1], [-1, -1, -1, -1]]
    assert wholes[:6].tolist() == [-1, 0, -1, 1, 1, -1]
    assert np.flatnonzero(wholes[6:] == 1).tolist() == [DESIGN_TYPES.index("logo")]


def test_canvases_of_every_stage_fit_their_step(composer, monkeypatch):
    """Whatever is composed, a lesson holds squares of its side with as many patches."""
    monkeypatch.setattr(lessons, "PIXELS", 4 * 128 * 128)
    for side in (32, 64, 128):
        lesson = Lessons(composer, 0, 100).lesson("seed", side)
        batch = 4 * 128 * 128 // side**2
        assert lesson["pixels"].shape == (batch, side, side, 3)
        assert lesson["patches"].shape == (batch, (side // 32) ** 2, 4)
        assert lesson["wholes"].shape == (batch, 4 + 2 + 12)
        assert (lesson["patches"] == 1).any()


def test_workers_and_processes_share_the_steps(composer, monkeypatch):
    """However many compose, every step must be taught once and in order."""
    monkeypatch.setattr(lessons, "PIXELS", 32 * 32)
    alone = [lesson["pixels"] for lesson in Lessons(composer, 0, 12)]
    shared = [
        list(torch.utils.data.DataLoader(Lessons(composer, 0, 12, rank, 2), batch_size=None, num_workers=2))
        for rank in range(2)
    ]
    assert [len(part) for part in shared] == [6, 6]
    for step, pixels in enumerate(alone):
        np.testing.assert_array_equal(shared[step % 2][step // 2]["pixels"].numpy(), pixels)


def test_every_label_has_two_captions_at_least(composer):
    """One caption alone would be learnt by heart, template and all."""
    labels = captions_of(composer.graph, composer.sprites.nouns)
    assert len(labels) == 4 + 2 + 12
    assert all(len(set(captions)) >= 2 for captions in labels.values())


def test_training_learns_goes_on_and_leaves_what_open_clip_loads(composer, tmp_path, monkeypatch):
    """The whole way from composed canvases to a folder that the detector looks with, stopped half way."""
    monkeypatch.setattr(lessons, "PIXELS", 48 * 32 * 32)
    monkeypatch.setattr(lessons, "STAGES", ((1.0, 32),))
    run = tmp_path / "run"
    plan = Plan(run, steps=60, words=60, rate=1e-3)
    stopped = train(plan, composer)
    first = next(stopped)
    assert first["step"] == 50
    stopped.close()
    assert json.loads((run / "state" / "state.json").read_text())["step"] == 50
    pictures, words = train(plan, composer)
    assert pictures["step"] == 60
    assert words["words"] == 50
    before = table_of(run)
    assert list(before) == list(captions_of(composer.graph, composer.sprites.nouns))
    clip, _ = load_clip(composer.graph, str(run), offline=True, cache=tmp_path / "cache")
    assert clip._labels.shape[1] == 256
    assert clip.look(Image.new("RGB", (70, 40), "red")).topics.shape == (2,)


def table_of(run):
    """The label vectors that a run keeps, by name."""
    names = json.loads((run / "state" / "state.json").read_text())["labels"]
    return dict(zip(names, load_file(run / "state" / "training.safetensors")["table"], strict=True))


def test_a_run_goes_on_when_the_art_has_grown(composer, tmp_path, monkeypatch):
    """New drawings come between old ones: each old label must keep its own vector, not its neighbour's."""
    monkeypatch.setattr(lessons, "PIXELS", 8 * 32 * 32)
    monkeypatch.setattr(lessons, "STAGES", ((1.0, 32),))
    list(train(Plan(tmp_path, steps=2, words=1, rate=0), composer))
    before = table_of(tmp_path)
    nouns = tuple(noun for noun in load_nouns() if noun.name in (*CHOSEN, "bicycle"))
    grown = Composer(Sprites(tmp_path / "sprites", nouns), composer.graph)
    list(train(Plan(tmp_path, steps=3, words=1, rate=0), grown))
    after = table_of(tmp_path)
    assert set(after) - set(before) == {"noun bicycle"}
    assert all(torch.equal(after[name], vector) for name, vector in before.items())


def test_four_drawings_are_told_apart_after_a_minute_of_lessons(composer, tmp_path, monkeypatch):
    """A loss that falls while nothing is learnt (labels in the wrong order, say) must not pass."""
    monkeypatch.setattr(lessons, "PIXELS", 48 * 32 * 32)
    monkeypatch.setattr(lessons, "STAGES", ((1.0, 32),))
    (row,) = [row for row in train(Plan(tmp_path, steps=50, words=1, rate=1e-3), composer) if "right" in row]
    assert row["right"] > 0.5  # the mean over all steps, the first ones included; chance is 0.25
