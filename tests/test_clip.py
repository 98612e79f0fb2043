"""The picture encoder, with a real open_clip model made tiny and saved as open_clip saves one."""

import json
import socket
import time
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from intent import clip
from intent.captions import DESIGN_TYPES
from intent.clip import LEAST, Calibration, ClipError, load_clip, read_calibration, write_calibration
from intent.graph import load_graph

CONFIG = {
    "model_cfg": {
        "embed_dim": 16,
        "vision_cfg": {"image_size": 32, "layers": 1, "width": 32, "head_width": 16, "patch_size": 16},
        "text_cfg": {"context_length": 16, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 1},
    },
    "preprocess_cfg": {"mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5]},
}


@pytest.fixture(scope="module")
def graph(tmp_path_factory):
    """Three topics are enough to tell apart."""
    lines = clip_lines("cake", "forest", "rocket")
    path = tmp_path_factory.mktemp("graph") / "graph.jsonl"
    path.write_text("\n".join(lines))
    return load_graph(path)


def clip_lines(*names):
    empty = {
        name: [] for name in ("parents", "aliases", "cues", "objects", "design_types", "styles", "colors")
    }
    return [json.dumps({"topic": n, "category": "x", **empty, "clip": [f"a {n}", f"one {n}"]}) for n in names]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a config and seeded weights."""
    import open_clip
    import safetensors.torch
    import torch

    folder = tmp_path_factory.mktemp("tiny-clip")
    (folder / "open_clip_config.json").write_text(json.dumps(CONFIG))
    torch.manual_seed(0)
    model = open_clip.create_model(f"local-dir:{folder}", load_weights=False)
    safetensors.torch.save_file(model.state_dict(), folder / "open_clip_model.safetensors")
    return folder


def test_a_local_folder_says_what_a_picture_shows(graph, folder, tmp_path):
    """Weights without a calibration: probabilities, the same each time, other ones elsewhere."""
    model, reason = load_clip(graph, str(folder), offline=True, cache=tmp_path)
    assert reason == ""
    red, noise = Image.new("RGB", (50, 80), "red"), Image.effect_noise((64, 64), 90).convert("RGB")
    first, again, other = model.look(red), model.look(red), model.look(noise)
    assert first.topics.shape == (3,)
    assert first.topics.sum() == pytest.approx(1, abs=1e-5)
    np.testing.assert_array_equal(first.topics, again.topics)
    assert (first.objects, first.designs) == (again.objects, again.designs)
    assert np.abs(first.topics - other.topics).max() > 1e-4
    assert {label for label, _ in first.designs} <= set(DESIGN_TYPES)
    for listed in (first.objects, first.designs):
        chances = [chance for _, chance in listed]
        assert chances == sorted(chances, reverse=True)
        assert all(LEAST <= chance <= 1 for chance in chances)


def test_every_shape_of_picture_can_be_looked_at(graph, folder, tmp_path):
    """A banner of one line of pixels must not stop the start of a run."""
    model, _ = load_clip(graph, str(folder), cache=tmp_path)
    for size in ((1, 1), (900, 3), (3, 900), (17, 16)):
        assert model.look(Image.new("RGB", size, "teal")).topics.shape == (3,)
    assert model.look(Image.new("RGBA", (20, 20), (9, 9, 9, 0))).topics.shape == (3,)


def test_labels_are_means_over_captions_of_length_one(graph, folder, tmp_path):
    """Labels of uneven length would favour some topics."""
    model, _ = load_clip(graph, str(folder), cache=tmp_path)
    lengths = model._labels.norm(dim=-1)
    assert lengths.tolist() == pytest.approx([1.0] * len(lengths), abs=1e-5)
    mean = model._encode(["cake", "a design for cake", "a cake", "one cake"]).mean(dim=0)
    cake = model._labels[len(model.nouns)]  # the first topic comes after the nouns
    assert (mean / mean.norm()).tolist() == pytest.approx(cake.tolist(), abs=1e-5)


def test_labels_are_kept_and_found_again(graph, folder, tmp_path):
    """Thousands of captions must not be encoded at every start, nor another graph's labels be used."""
    first, _ = load_clip(graph, str(folder), cache=tmp_path)
    (kept,) = tmp_path.iterdir()
    written = kept.stat().st_mtime_ns
    second, _ = load_clip(graph, str(folder), cache=tmp_path)
    assert (first._labels == second._labels).all()
    assert kept.stat().st_mtime_ns == written
    path = tmp_path / "other.jsonl"
    path.write_text("\n".join(clip_lines("tree", "forest")))
    other, _ = load_clip(load_graph(path), str(folder), cache=tmp_path)
    assert other.look(Image.new("RGB", (9, 9))).topics.shape == (2,)


def test_a_weights_file_by_model_name(graph, folder, tmp_path):
    """NAME:FILE with the wrong weights must be refused in words, not by a traceback of torch."""
    with pytest.raises(ClipError, match="cannot be loaded"):
        load_clip(graph, f"RN50:{folder / 'open_clip_model.safetensors'}", cache=tmp_path)


@pytest.mark.parametrize(
    ("files", "says"), [({}, "open_clip_config.json"), ({"open_clip_config.json": "{}"}, "holds no weights")]
)
def test_a_folder_that_is_no_model_is_said(graph, tmp_path, files, says):
    """open_clip would quietly use random weights when a folder has none."""
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(ClipError, match=says):
        load_clip(graph, str(tmp_path))


def test_offline_never_asks_and_says_why(graph, tmp_path, monkeypatch):
    """Offline, no weights: no encoder, no call to the hub, and a reason a person can read."""
    with socket.create_server(("127.0.0.1", 0)) as hub:
        hub.setblocking(False)
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{hub.getsockname()[1]}")
        if not clip._cached_default():
            model, reason = load_clip(graph, offline=True, cache=tmp_path)
            assert model is None or "embedded" in model.name
            assert "offline" in reason
        with pytest.raises(ClipError, match="offline"):
            load_clip(graph, "ViT-B-32:openai", offline=True, cache=tmp_path)
        with pytest.raises(ClipError, match="is no folder"):
            load_clip(graph, "/no/such/folder", offline=True, cache=tmp_path)
        with pytest.raises(BlockingIOError):  # nobody knocked
            hub.accept()


def test_a_silent_hub_cannot_hold_up_the_start(monkeypatch):
    """A hub that takes the call and never answers must cost no more than the time-out."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{silent.getsockname()[1]}")
        started = time.monotonic()
        assert not clip.hub_answers(seconds=0.2)
        assert time.monotonic() - started < 5
    monkeypatch.setenv("HF_ENDPOINT", "not an address")
    assert not clip.hub_answers(seconds=0.2)


def test_calibration_is_kept_beside_the_weights(graph, folder, tmp_path):
    """What was fitted must be what is used; a broken file must be named, not ignored."""
    wanted = Calibration(("fox", "cup"), (64, 96), (0.5,) * 9 + (-1.5,), (1.2, 3.0, 1.0), (0.9, 2.0))
    assert read_calibration(tmp_path) is None
    write_calibration(tmp_path, wanted)
    assert read_calibration(tmp_path) == wanted
    write_calibration(tmp_path, replace(wanted, objects=(0.5, 0.25, 1.0, -1.5)))  # one trait of a copy, once
    with pytest.raises(ClipError, match=r"intent\.calibrate"):
        read_calibration(tmp_path)
    (tmp_path / "calibration.json").write_text('{"nouns": 3}')
    with pytest.raises(ClipError, match=r"calibration\.json"):
        read_calibration(tmp_path)


def test_the_command_says_what_it_sees_or_why_not(folder, tmp_path, monkeypatch, capsys):
    """A person tries it on a picture, with weights, without, and with a wrong name; never a traceback."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(clip, "_cached_default", lambda: "")
    monkeypatch.setattr(clip, "EMBEDDED", tmp_path / "none")
    Image.new("RGB", (40, 30), "red").save(tmp_path / "red.png")
    clip.main([str(tmp_path / "red.png"), "--clip", str(folder), "--offline"])
    assert "design types:" in capsys.readouterr().out
    for arguments, says in (
        ([str(tmp_path / "red.png"), "--offline"], "offline"),
        ([str(tmp_path / "none.png"), "--offline"], "none.png"),
        ([str(tmp_path / "red.png"), "--clip", "ViT-B-32:openai", "--offline"], "offline"),
    ):
        with pytest.raises(SystemExit, match=says):
            clip.main(arguments)
