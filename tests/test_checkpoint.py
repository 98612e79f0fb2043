"""Checkpoint folders."""

import json
import subprocess
import sys

import pytest
import torch
from transformers import AutoTokenizer, GPT2LMHeadModel

from slm.checkpoint import CheckpointError, load_checkpoint, save_checkpoint
from tests.tiny import tiny_model, tiny_tokenizer


@pytest.fixture
def folder(tmp_path):
    save_checkpoint(tmp_path, tiny_model(), tiny_tokenizer(), {"step": 7})
    return tmp_path


def test_round_trip_and_transformers_give_the_same_logits(folder):
    """Breaks when the folder is not the standard GPT-2 layout: other programs would load another model."""
    ids = torch.randint(0, 1024, (2, 16), generator=torch.Generator().manual_seed(3))
    want = tiny_model()(ids)
    model, tokenizer, meta = load_checkpoint(folder)
    assert meta == {"step": 7}
    assert tokenizer.get_vocab() == tiny_tokenizer().get_vocab()
    torch.testing.assert_close(model(ids), want)
    theirs = GPT2LMHeadModel.from_pretrained(folder).eval()
    torch.testing.assert_close(theirs(ids).logits, want, atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("lost", ["config.json", "model.safetensors", "tokenizer.json"])
def test_a_missing_file_is_named(folder, lost):
    """Breaks when half a folder ends in a traceback that does not say what is missing."""
    (folder / lost).unlink()
    with pytest.raises(CheckpointError, match=lost):
        load_checkpoint(folder)


def test_broken_files_are_refused(folder):
    """Breaks when a truncated download or a foreign tokenizer is taken for a model."""
    weights = folder / "model.safetensors"
    whole = weights.read_bytes()
    weights.write_bytes(whole[:1000])
    with pytest.raises(CheckpointError, match="can not be read"):
        load_checkpoint(folder)
    weights.write_bytes(whole)
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "vocab_size": 999}))
    with pytest.raises(CheckpointError, match="1024 tokens, the model 999"):
        load_checkpoint(folder)


def test_large_weights_are_split_and_stay_standard(tmp_path, monkeypatch):
    """Breaks when a large model's files can not be read here or elsewhere, or old files stay."""
    ids = torch.randint(0, 1024, (1, 9), generator=torch.Generator().manual_seed(3))
    monkeypatch.setattr("slm.checkpoint.SHARD_BYTES", 200_000)
    save_checkpoint(tmp_path, tiny_model(), tiny_tokenizer(), {})
    assert len(list(tmp_path.glob("model-*.safetensors"))) > 1
    torch.testing.assert_close(load_checkpoint(tmp_path)[0](ids), tiny_model()(ids))
    theirs = GPT2LMHeadModel.from_pretrained(tmp_path).eval()
    torch.testing.assert_close(theirs(ids).logits, tiny_model()(ids), atol=1e-4, rtol=1e-4)
    monkeypatch.undo()
    save_checkpoint(tmp_path, tiny_model(), tiny_tokenizer(), {}, "float16")
    assert [path.name for path in tmp_path.glob("model*")] == ["model.safetensors"]


def test_int8_is_small_and_close_and_exports_again(tmp_path):
    """Breaks when packing to ship loses more than rounding, or the standard layout can not be had back."""
    save_checkpoint(tmp_path / "int8", tiny_model(), tiny_tokenizer(), {}, "int8")
    save_checkpoint(tmp_path / "float", tiny_model(), tiny_tokenizer(), {})
    sizes = [(tmp_path / name / "model.safetensors").stat().st_size for name in ("int8", "float")]
    assert sizes[0] < 0.3 * sizes[1]
    command = [sys.executable, "-m", "slm.checkpoint", "--slm", str(tmp_path / "int8"), "--export"]
    subprocess.run([*command, str(tmp_path / "again")], check=True, capture_output=True)
    for name, weight in tiny_model().state_dict().items():
        again = load_checkpoint(tmp_path / "again")[0].state_dict()[name]
        assert (again - weight).abs().max() <= weight.abs().max() / 250, name


def test_transformers_knows_the_end_token(folder):
    """Breaks when a server that holds the export reads another language, never stops, or does not sample."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    line = "<|20|> <|r4|> <|intent|> Topic: party <|IP|>"
    assert tokenizer(line).input_ids == tiny_tokenizer().encode(line).ids
    assert tokenizer.eos_token == "<|end|>"
    assert GPT2LMHeadModel.from_pretrained(folder).generation_config.do_sample
