"""Byte-level BPE trained from scratch on the project's own text, with the control tokens first.

python -m slm.tokenizer --preset small --out runs/small/tokenizer.json
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers

from slm.command import SPECIAL_TOKENS, render_pair
from slm.corpus import load_corpus, split
from slm.model import PRESETS
from slm.teacher.grammar import Grammar

COMPOSED_LINES = 60_000
"""Composed pairs read beside the corpus, so that the bank's and the invented words have sensible pieces."""


def train_tokenizer(lines: Iterator[str], vocab_size: int) -> Tokenizer:
    """A tokenizer of `vocab_size` entries. Control tokens swallow the space before them and leave the one
    after, so a prompt's first word has the same token as the same word inside a sentence, which makes copying
    it easy to learn."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size,
        special_tokens=[AddedToken(token, lstrip=True, special=True) for token in SPECIAL_TOKENS],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(lines, trainer)
    return tokenizer


def training_lines(seed: int = 0) -> Iterator[str]:
    """The training part of the corpus and a sample of composed pairs."""
    train, _ = split(load_corpus())
    for example in train:
        for brief, prompt in example.pairs():
            yield render_pair(brief, prompt)
    pairs = Grammar().pairs(seed)
    for _ in range(COMPOSED_LINES):
        pair = next(pairs)
        yield f"{pair.topic} {' '.join(pair.objects)} {pair.prompt}"


def main() -> None:
    parser = argparse.ArgumentParser(description="Train the tokenizer on the shipped data.")
    parser.add_argument("--preset", choices=PRESETS, default="small", help="the model it is for")
    parser.add_argument("--vocab", type=int, help="entries, control tokens included (default: the preset's)")
    parser.add_argument("--out", type=Path, required=True, help="where tokenizer.json is written")
    arguments = parser.parse_args()
    tokenizer = train_tokenizer(training_lines(), arguments.vocab or PRESETS[arguments.preset].vocab_size)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(arguments.out))
    print(f"{tokenizer.get_vocab_size()} tokens -> {arguments.out}")


if __name__ == "__main__":
    main()
