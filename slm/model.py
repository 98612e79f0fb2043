"""GPT-2 as nanoGPT writes it: config to logits, with a KV cache for generation.

Learned positions, pre-norm blocks, tanh GELU, biases, output tied to the embedding: the standard
architecture, so that the weights load elsewhere (`slm/checkpoint.py`). Presets: `base` is the paper's model.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F


@dataclass(frozen=True)
class GPTConfig:
    """Shape of the network. Raises ValueError when the heads do not divide the width."""

    n_layer: int = 12
    n_head: int = 12
    n_embd: int = 768
    vocab_size: int = 25_600
    n_positions: int = 192  # an intent of 60 tokens and a prompt of 48 words fit

    def __post_init__(self) -> None:
        if self.n_embd % self.n_head:
            raise ValueError(f"{self.n_head} heads do not divide a width of {self.n_embd}")


PRESETS = {
    "tiny": GPTConfig(n_layer=2, n_head=2, n_embd=64, vocab_size=1024),
    "small": GPTConfig(n_layer=6, n_head=5, n_embd=320, vocab_size=8192),
    "medium": GPTConfig(n_layer=6, n_head=10, n_embd=640, vocab_size=8192),
    "base": GPTConfig(),
}


class KVCache:
    """Keys and values of every layer, preallocated: (layers, 2, batch, heads, positions, head width)."""

    def __init__(self, config: GPTConfig, batch: int, like: Tensor) -> None:
        width = config.n_embd // config.n_head
        shape = (config.n_layer, 2, batch, config.n_head, config.n_positions, width)
        self.store = like.new_zeros(shape)
        self.length = 0

    def append(self, layer: int, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
        """Stores the new keys and values (batch, heads, new, width) and returns all so far."""
        end = self.length + k.size(2)
        self.store[layer, 0, :, :, self.length : end] = k
        self.store[layer, 1, :, :, self.length : end] = v
        return self.store[layer, 0, :, :, :end], self.store[layer, 1, :, :, :end]


class Attention(nn.Module):
    """Causal self-attention over all heads at once."""

    def __init__(self, config: GPTConfig) -> None:
        super().__init__()
        self.n_head = config.n_head
        self.c_attn = nn.Linear(config.n_embd, 3 * config.n_embd)
        self.c_proj = nn.Linear(config.n_embd, config.n_embd)

    def forward(self, x: Tensor, layer: int, cache: KVCache | None) -> Tensor:
        batch, time, width = x.shape
        heads = self.c_attn(x).view(batch, time, 3, self.n_head, width // self.n_head)
        q, k, v = heads.permute(2, 0, 3, 1, 4)  # each (batch, heads, time, head width)
        if cache is not None:
            k, v = cache.append(layer, k, v)
        # With a cache only the first pass, the prefill, sees several positions, and nothing is stored before.
        y = F.scaled_dot_product_attention(q, k, v, is_causal=time > 1)
        return self.c_proj(y.transpose(1, 2).reshape(batch, time, width))


class Block(nn.Module):
    """Attention and MLP, each added to what comes in."""

    def __init__(self, config: GPTConfig) -> None:
        super().__init__()
        self.ln_1 = nn.LayerNorm(config.n_embd)
        self.attn = Attention(config)
        self.ln_2 = nn.LayerNorm(config.n_embd)
        self.c_fc = nn.Linear(config.n_embd, 4 * config.n_embd)
        self.c_proj = nn.Linear(4 * config.n_embd, config.n_embd)

    def forward(self, x: Tensor, layer: int, cache: KVCache | None) -> Tensor:
        x = x + self.attn(self.ln_1(x), layer, cache)
        return x + self.c_proj(F.gelu(self.c_fc(self.ln_2(x)), approximate="tanh"))


class GPT(nn.Module):
    """Token ids (batch, time) to logits (batch, time, vocabulary)."""

    def __init__(self, config: GPTConfig) -> None:
        super().__init__()
        self.config = config
        self.wte = nn.Embedding(config.vocab_size, config.n_embd)
        self.wpe = nn.Embedding(config.n_positions, config.n_embd)
        self.h = nn.ModuleList(Block(config) for _ in range(config.n_layer))
        self.ln_f = nn.LayerNorm(config.n_embd)
        self.apply(self._initialise)
        for name, weight in self.named_parameters():
            if name.endswith("c_proj.weight"):  # GPT-2: residual projections start smaller with depth
                nn.init.normal_(weight, std=0.02 / (2 * config.n_layer) ** 0.5)

    @staticmethod
    def _initialise(module: nn.Module) -> None:
        if isinstance(module, nn.Linear | nn.Embedding):
            nn.init.normal_(module.weight, std=0.02)
        if isinstance(module, nn.Linear):
            nn.init.zeros_(module.bias)

    def states(self, ids: Tensor, cache: KVCache | None = None) -> list[Tensor]:
        """What every block leaves, (batch, time, width) each. With a cache, `ids` are the next tokens after
        those already in it."""
        start = cache.length if cache is not None else 0
        x = self.wte(ids) + self.wpe(torch.arange(start, start + ids.size(1), device=ids.device))
        states = []
        for layer, block in enumerate(self.h):
            x = block(x, layer, cache)
            states.append(x)
        if cache is not None:
            cache.length += ids.size(1)
        return states

    def hidden(self, ids: Tensor, cache: KVCache | None = None) -> Tensor:
        """The final states (batch, time, width), which the output layer reads."""
        return self.ln_f(self.states(ids, cache)[-1])

    def forward(self, ids: Tensor, cache: KVCache | None = None) -> Tensor:
        """Logits of every position."""
        return F.linear(self.hidden(ids, cache), self.wte.weight)

    def step(self, ids: Tensor, cache: KVCache) -> Tensor:
        """Logits of the last position only, (batch, vocabulary): what sampling needs."""
        return F.linear(self.hidden(ids, cache)[:, -1], self.wte.weight)

    def parameter_count(self) -> int:
        """Trainable numbers; the tied output counts once."""
        return sum(weight.numel() for weight in self.parameters())
