"""A tokenizer and a language model of a few thousand numbers, seeded: real components, made tiny."""

from functools import cache

import torch
from tokenizers import Tokenizer

from slm.command import render_pair
from slm.corpus import load_corpus, split
from slm.model import GPT, PRESETS
from slm.tokenizer import train_tokenizer


@cache
def tiny_tokenizer() -> Tokenizer:
    """1,024 tokens, from a few hundred training lines."""
    train, _ = split(load_corpus())
    lines = (render_pair(brief, prompt) for example in train[:300] for brief, prompt in example.pairs())
    return train_tokenizer(lines, PRESETS["tiny"].vocab_size)


def tiny_model(seed: int = 0) -> GPT:
    """An untrained model of the `tiny` preset; wide initial weights, so that its outputs differ clearly."""
    torch.manual_seed(seed)
    model = GPT(PRESETS["tiny"])
    with torch.no_grad():
        for weight in model.parameters():
            if weight.ndim == 2:
                weight.mul_(5)
    return model.eval()
