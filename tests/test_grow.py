"""Growing a small model into a larger one."""

from dataclasses import replace

import pytest
import torch
from torch.nn.functional import cross_entropy

from slm.grow import grow
from slm.model import GPT, PRESETS

SMALL = PRESETS["tiny"]


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(0)
    return GPT(SMALL).eval()


@pytest.mark.parametrize(
    "larger",
    [
        replace(SMALL, n_embd=2 * SMALL.n_embd, n_head=2 * SMALL.n_head),
        replace(SMALL, n_layer=5),
        replace(SMALL, n_layer=3, n_embd=2 * SMALL.n_embd, n_head=2 * SMALL.n_head),
    ],
)
def test_a_grown_model_says_the_same(model, larger):
    """Breaks when growing forgets what the small model had learned."""
    grown = grow(model, larger)
    assert grown.config == larger
    ids = torch.randint(0, SMALL.vocab_size, (2, 40), generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        assert torch.allclose(model(ids), grown(ids), atol=1e-5)


def test_twins_part_when_the_model_learns(model):
    """Breaks when doubled units stay equal for ever, so that the added width is never used."""
    grown = grow(model, replace(SMALL, n_embd=2 * SMALL.n_embd, n_head=2 * SMALL.n_head)).train()
    ids = torch.randint(0, SMALL.vocab_size, (4, 40), generator=torch.Generator().manual_seed(1))
    cross_entropy(grown(ids[:, :-1]).flatten(0, 1), ids[:, 1:].flatten()).backward()
    for block in grown.h:
        gradient = block.c_fc.weight.grad
        upper, lower = gradient.chunk(2)
        assert (upper - lower).norm() > 0.1 * gradient.norm()


def test_shapes_that_do_not_fit_are_refused(model):
    """Breaks when a wrong preset ends in a model that has silently lost what it knew."""
    for wrong in (
        replace(SMALL, n_embd=3 * SMALL.n_embd, n_head=6),
        replace(SMALL, n_layer=1),
        replace(SMALL, vocab_size=2048),
    ):
        with pytest.raises(ValueError, match="can not grow"):
            grow(model, wrong)
