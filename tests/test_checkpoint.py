"""Checkpoint folders."""

import json

import pytest
import torch
from transformers import GPT2LMHeadModel

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
