"""Drafts from the network: sampling, and the guide that makes the length exact.

A guided draft can not end before the wished word, nor begin another word after it, and never ends on "a" or
"the". All drafts of a call are written in one batch that shares the prefill.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from tokenizers import Tokenizer

from slm.checkpoint import Checkpoint
from slm.command import SPECIAL_TOKENS, Brief, count_words, render
from slm.coverage import SMALL_WORDS, missing
from slm.runtime import Network, Run, load_network

TOP_K = 64
MIN_CONTINUATION = math.log(0.2)
"""Once the wished word is reached, a piece less likely than this may not be glued to it."""
ENDING_WEIGHT = 0.05
"""Share of the ending's log-probability that counts again: one forced word among twenty would vanish in the
mean."""
FIRST, INSIDE, LAST_BUT_ONE, LAST, READY, FREE = range(6)
"""Where a draft stands: before its first word, inside, one word before the wished one, in the wished one,
after its full stop; FREE for the raw model."""
FORBIDDEN = np.float32(-np.inf)


@dataclass(frozen=True)
class Prompt:
    """A written prompt. `words` is its length as the paper counts it; `missing` are the terms of the brief it
    leaves out; `likelihood` is the mean log-probability of its tokens in nats, unguided, and ENDING_WEIGHT of
    its ending's."""

    text: str
    words: int
    missing: tuple[str, ...]
    likelihood: float


@dataclass(frozen=True)
class Sampling:
    """How drafts are drawn. `guided` off gives the raw model: one draft a candidate, taken as it comes."""

    temperature: float = 0.8
    top_p: float = 0.92
    guided: bool = True

    def __post_init__(self) -> None:
        if not 0 < self.temperature <= 2 or not 0 < self.top_p <= 1:
            raise ValueError("temperature must be above 0 and at most 2, top-p above 0 and at most 1")


USUAL = Sampling()


class Decoder:
    """The network of a checkpoint with its tokenizer: drafts of a brief, guided or raw."""

    def __init__(self, stored: Checkpoint) -> None:
        self.network: Network = load_network(stored)
        self.tokenizer: Tokenizer = stored.tokenizer
        self.positions = stored.shape["n_positions"]
        self.parameters = stored.parameter_count()
        size = stored.shape["vocab_size"]
        pieces = [self.tokenizer.id_to_token(token) or "" for token in range(size)]
        self.end = stored.end
        control = set(SPECIAL_TOKENS)
        # Byte-level BPE spells bytes 0 to 32 as the characters from U+0100 on; the space, the last, is "Ġ".
        space, blanks = "Ġ", {chr(0x100 + byte) for byte in range(33)}

        def mask(rule: Callable[[str], bool]) -> np.ndarray:
            return np.array([rule(piece) for piece in pieces])

        self.starts_word = mask(lambda piece: piece.startswith(space))
        self.full_stop = mask(lambda piece: piece in (".", "!", "?"))
        leads_on = mask(lambda piece: piece.startswith(space) and piece[1:] in SMALL_WORDS)
        joins = mask(lambda piece: piece[:1] in tuple(",;:-–—'’/&("))
        written = mask(
            lambda piece: (
                piece not in control and piece != space and blanks.isdisjoint(piece.removeprefix(space))
            )
        )
        allowed = np.zeros((6, size), bool)
        allowed[FIRST] = written & self.starts_word
        allowed[INSIDE] = allowed[FREE] = written
        allowed[LAST_BUT_ONE] = written & ~leads_on
        allowed[LAST] = written & ~self.starts_word & ~joins | self.full_stop
        allowed[(READY, FREE), self.end] = True
        self.bias = np.where(allowed, np.float32(0), FORBIDDEN)
        """(state, vocabulary): added to the logits, it leaves what a state allows."""

    def describe(self) -> str:
        """Who writes, for a plain sentence."""
        device = "the graphics card" if self.network.device == "cuda" else "the processor"
        return f"TinyMuse's own {self.parameters / 1e6:.0f}M language model, on {device}"

    def draft(self, brief: Brief, batch: int, rng: np.random.Generator, sampling: Sampling) -> list[Prompt]:
        """`batch` prompts as they come. Raises ValueError for a brief too long for the model."""
        steps = list(self._tokens(brief, batch, rng, sampling))
        tokens = np.stack([choice for choice, _ in steps], axis=1).tolist()
        scores = np.stack([score for _, score in steps], axis=1).tolist()
        return [self._prompt(brief, row, score) for row, score in zip(tokens, scores, strict=True)]

    def stream(self, brief: Brief, rng: np.random.Generator, sampling: Sampling) -> Iterator[str]:
        """One draft word by word, as the network says it; joined, the words are its text."""
        tokens: list[int] = []
        shown = 0
        for choice, _ in self._tokens(brief, 1, rng, sampling):
            token = int(choice[0])
            if self.starts_word[token] or token == self.end:
                text = self.tokenizer.decode(tokens).strip()
                if text[shown:].strip():
                    yield text[shown:]
                    shown = len(text)
            tokens.append(token)
        if rest := self.tokenizer.decode([token for token in tokens if token != self.end]).strip()[shown:]:
            yield rest

    def _tokens(
        self, brief: Brief, batch: int, rng: np.random.Generator, sampling: Sampling
    ) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Step by step the next token of every row, (batch,) int64, `end` once a row is done, and its
        unguided log-probability, (batch,) float32."""
        start = self.tokenizer.encode(render(brief)).ids
        limit = min(self.positions - len(start), 3 * brief.length + 24)
        if limit < brief.length + 2:
            raise ValueError("the intent is too long: shorten the topic or name fewer objects")
        bias = self.bias.copy() if sampling.guided else self.bias
        if not any("." in term for term in brief.terms):  # "St. Patrick's Day" must stay writable
            bias[[[FIRST], [INSIDE], [LAST_BUT_ONE]], self.full_stop.nonzero()[0]] = FORBIDDEN
        run: Run = self.network.begin(start, batch, len(start) + limit)
        words = np.zeros(batch, np.int64)
        stopped = np.zeros(batch, bool)  # after a full stop
        done = np.zeros(batch, bool)
        for at in range(limit):
            logits = run.logits
            peak = logits.max(1)
            total = peak + np.log(np.exp(logits - peak[:, None]).sum(1))
            state = np.full(batch, FREE)
            if sampling.guided:
                state[:] = INSIDE if at else FIRST
                state[words == brief.length - 1] = LAST_BUT_ONE if at else FIRST
                last = words >= brief.length
                state[last] = np.where(stopped[last], READY, LAST)
            open_to = logits + bias[state]
            for row in (state == LAST).nonzero()[0]:  # glued to the last word only to go on
                open_to[row, (logits[row] < total[row] + MIN_CONTINUATION) & ~self.full_stop] = FORBIDDEN
            choice = np.where(done, self.end, sample(open_to, rng, sampling))
            score = np.where(done, 0.0, logits[np.arange(batch), choice] - total)
            yield choice, score
            words += self.starts_word[choice] & ~done
            stopped = self.full_stop[choice]
            done |= choice == self.end
            if done.all():
                return
            if at + 1 < limit:
                run.step(choice)

    def _prompt(self, brief: Brief, tokens: list[int], scores: list[float]) -> Prompt:
        length = tokens.index(self.end) if self.end in tokens else len(tokens)
        text = self.tokenizer.decode(tokens[:length]).strip()
        said = scores[: length + 1]
        likelihood = sum(said) / len(said) + ENDING_WEIGHT * min(said[-2:] or [0.0])
        unnamed = tuple(missing(text, brief.terms))
        if length == len(tokens):
            unnamed = (*unnamed, "an end")
        return Prompt(text, count_words(text), unnamed, likelihood)


def sample(logits: np.ndarray, rng: np.random.Generator, sampling: Sampling) -> np.ndarray:
    """One token a row from (batch, vocabulary) logits, by temperature and top-p (nucleus) sampling among the
    TOP_K likeliest."""
    rows = np.arange(len(logits))
    likeliest = top(logits, min(TOP_K, logits.shape[1]))
    scaled = np.take_along_axis(logits, likeliest, 1) / sampling.temperature
    shares = np.exp(scaled - scaled[:, :1])
    reached = shares.cumsum(1)
    reached /= reached[:, -1:]
    kept = np.concatenate([rows[:, None] >= 0, reached[:, :-1] < sampling.top_p], axis=1)
    reached[~kept] = 1.0
    drawn = rng.random((len(logits), 1)) * np.where(kept, reached, 0.0).max(1, keepdims=True)
    return likeliest[rows, (reached <= drawn).sum(1)]


def top(logits: np.ndarray, count: int) -> np.ndarray:
    """The columns of the `count` largest numbers of each row, largest first.

    Sorting out a vocabulary takes longer than the network; so 32 at a time are represented by their maximum,
    and only the best groups, which hold the largest numbers, are looked into.
    """
    size = logits.shape[1]
    columns = np.arange(size)[None].repeat(len(logits), 0)
    if size % 32 == 0 and size // 32 > count:
        groups = np.argpartition(logits.reshape(len(logits), 32, -1).max(1), -count)[:, -count:]
        columns = (groups[:, None] + np.arange(0, size, size // 32)[:, None]).reshape(len(logits), -1)
    values = np.take_along_axis(logits, columns, 1)
    best = np.argpartition(values, -count)[:, -count:]
    order = np.argsort(-np.take_along_axis(values, best, 1), axis=1, kind="stable")
    return np.take_along_axis(columns, np.take_along_axis(best, order, 1), 1)
