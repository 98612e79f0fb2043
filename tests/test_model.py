"""The network."""

import pytest
import torch

from slm.model import GPT, PRESETS, GPTConfig, KVCache
from tests.tiny import tiny_model


def test_base_is_the_papers_model():
    """Breaks when the named preset is no longer 12 layers, 12 heads, width 768 and about 104M parameters."""
    base = PRESETS["base"]
    assert (base.n_layer, base.n_head, base.n_embd, base.vocab_size) == (12, 12, 768, 25_600)
    with torch.device("meta"):
        assert 104e6 <= GPT(base).parameter_count() <= 106e6


def test_cache_changes_nothing():
    """Breaks when generation over the cache answers differently from the whole forward pass."""
    model = tiny_model()
    ids = torch.randint(0, 1024, (3, 20), generator=torch.Generator().manual_seed(1))
    whole = model(ids)
    cache = KVCache(model.config, 3, model.wte.weight)
    torch.testing.assert_close(model(ids[:, :8], cache), whole[:, :8], atol=1e-4, rtol=1e-4)
    for at in range(8, 20):
        logits = model.step(ids[:, at : at + 1], cache)
        torch.testing.assert_close(logits, whole[:, at], atol=1e-4, rtol=1e-4)


def test_no_position_sees_what_follows():
    """Breaks when the mask leaks: training would look perfect and generation would fail."""
    model = tiny_model()
    ids = torch.randint(0, 1024, (1, 12), generator=torch.Generator().manual_seed(2))
    changed = ids.clone()
    changed[0, 8:] = 5
    torch.testing.assert_close(model(ids)[:, :8], model(changed)[:, :8])


def test_heads_must_divide_the_width():
    """Breaks when an impossible shape fails deep inside the network instead of on construction."""
    with pytest.raises(ValueError, match="heads"):
        GPTConfig(n_head=5, n_embd=64)
