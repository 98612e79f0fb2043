"""What training minimises: the loss of the next token, and that of counting the words to come.

Upside-down RL labels a prompt with the length it achieved; whether the model can obey such a command depends
on whether it counts while it writes.
"""

from __future__ import annotations

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional as F

from slm.command import MAX_WORDS
from slm.model import GPT

COUNTING_WEIGHT = 0.3
"""Share of the counting loss. Only the end of a prompt, one token in thirty, teaches what the wished length
means; how many words are still to come is taught by every token."""


class Objective(nn.Module):
    """The loss, next-token prediction and counting, as a module's `forward`, which is where
    DistributedDataParallel hooks in.

    Counting: a linear layer reads off the state two thirds up the network how many words are still to begin.
    It is used in training alone; the checkpoint does without.
    """

    def __init__(self, model: GPT, tokenizer: Tokenizer) -> None:
        super().__init__()
        self.model = model
        self.counter = nn.Linear(model.config.n_embd, MAX_WORDS + 1)
        self.counted = len(model.h) * 2 // 3
        # Byte-level BPE spells the space before a word "Ġ".
        pieces = (tokenizer.id_to_token(token) or "" for token in range(model.config.vocab_size))
        self.begins_word: Tensor
        begins = torch.tensor([piece.startswith("Ġ") for piece in pieces])
        self.register_buffer("begins_word", begins, persistent=False)

    def forward(self, ids: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        """Mean cross-entropies in nats, of the next token and of the words to come, over the targets that are
        not -1. Only those positions reach the output layers."""
        kept = targets >= 0
        states = self.model.states(ids)
        logits = F.linear(self.model.ln_f(states[-1][kept]), self.model.wte.weight)
        counts = self.counter(F.layer_norm(states[self.counted - 1][kept], (self.model.config.n_embd,)))
        to_come = self.words_to_come(targets)[kept]
        return F.cross_entropy(logits.float(), targets[kept]), F.cross_entropy(counts.float(), to_come)

    def words_to_come(self, targets: Tensor) -> Tensor:
        """How many words begin at each target or after it, int64 (batch, time)."""
        begun = self.begins_word[targets.clamp(min=0)] & (targets >= 0)
        return begun.flip(1).cumsum(1).flip(1).clamp(max=MAX_WORDS)
