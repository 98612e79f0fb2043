"""Writing prompts: many drafts in one batch over a KV cache, the best of them kept.

    python -m slm.generate --topic "harvest fair" --object pumpkin --length 20 --candidates 3
    python -m slm.generate --intents FILE.jsonl --length 20 --candidates 1 --seed 1 --out OUT.jsonl [--raw]

Guided decoding makes the length exact: a draft can not end before the wished word, nor begin another word
after it. Drafts are then ranked by what they leave unnamed, by repetition and by the model's own, unguided
likelihood, so a sentence that the guide had to cut short loses against one that ends there by itself.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor

from slm.checkpoint import SHIPPED, load_checkpoint
from slm.command import (
    ASKED_RELEVANCE,
    END,
    MAX_WORDS,
    MIN_WORDS,
    SPECIAL_TOKENS,
    Brief,
    Task,
    count_words,
    render,
)
from slm.coverage import SMALL_WORDS, missing, words_of
from slm.model import GPT, KVCache

DRAFTS_PER_CANDIDATE, MIN_DRAFTS, MAX_DRAFTS = 6, 24, 64
TOP_K = 64
MIN_CONTINUATION = math.log(0.2)
"""Once the wished word is reached, a piece less likely than this may not be glued to it."""
ENDING_WEIGHT = 0.3
"""Nats of the ending that count again: one forced word among twenty would vanish in the mean."""
FAULT_COST = 0.2
"""Nats that a word said again or a wrong article costs a draft."""
ROUNDS = 3
"""Batches of drafts that are tried before a prompt that leaves something unnamed is accepted."""
NEAR_DUPLICATE = 0.6
"""Share of word pairs in common from which two prompts of one answer count as the same."""


_WRONG_ARTICLE = re.compile(r"\ba (?!one\b|once\b|eu)[aeio]|\ban [bcdfgjklmnpqrstvwxyz]", re.IGNORECASE)


@dataclass(frozen=True)
class Prompt:
    """A written prompt. `words` is its length as the paper counts it; `missing` are the terms of the brief it
    leaves out; `likelihood` is the mean log-probability of its tokens in nats, unguided."""

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


class Writer:
    """The language model with its tokenizer, ready to write."""

    def __init__(self, model: GPT, tokenizer: Tokenizer, name: str = "") -> None:
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.model, self.tokenizer, self.name = model.to(self.device).eval(), tokenizer, name
        size = model.config.vocab_size
        pieces = [tokenizer.id_to_token(token) or "" for token in range(size)]
        end = tokenizer.token_to_id(END)
        assert end is not None, "load_checkpoint refuses such a tokenizer"
        self.end = end
        control = set(SPECIAL_TOKENS)
        # Byte-level BPE spells bytes 0 to 32 as the characters from U+0100 on; the space, the last, is "Ġ".
        space, blanks = "Ġ", {chr(0x100 + byte) for byte in range(33)}

        def mask(rule) -> Tensor:
            return torch.tensor([rule(piece) for piece in pieces], device=self.device)

        self.starts_word = mask(lambda piece: piece.startswith(space))
        self.full_stop = mask(lambda piece: piece in (".", "!", "?"))
        self.leads_on = mask(lambda piece: piece.startswith(space) and piece[1:] in SMALL_WORDS)
        self.joins = mask(lambda piece: piece[:1] in tuple(",;:-–—'’/&("))
        self.never = mask(
            lambda piece: (
                piece in control or piece == space or not blanks.isdisjoint(piece.removeprefix(space))
            )
        )

    @classmethod
    def load(cls, folder: Path = SHIPPED) -> Writer:
        """The model in `folder`, named after it and its step, so that ratings tell checkpoints apart.

        Raises CheckpointError when the folder holds no model.
        """
        model, tokenizer, meta = load_checkpoint(folder)
        return cls(model, tokenizer, f"{folder.name}-{meta['step']}" if "step" in meta else folder.name)

    def describe(self) -> str:
        """One plain sentence for the page."""
        millions = self.model.parameter_count() / 1e6
        device = "the graphics card" if self.device.type == "cuda" else "the processor"
        return f"Prompts are written by TinyMuse's own {millions:.0f}M language model, on {device}."

    def write(
        self, brief: Brief, candidates: int, seed: int, sampling: Sampling = Sampling()
    ) -> list[Prompt]:
        """`candidates` distinct prompts, best first; the same arguments give the same prompts.

        Fewer come back only when the model keeps saying the same. Raises ValueError for a brief too long for
        the model.
        """
        generator = torch.Generator(self.device).manual_seed(seed)
        if not sampling.guided:
            return self.draft(brief, candidates, generator, sampling)
        batch = min(max(MIN_DRAFTS, DRAFTS_PER_CANDIDATE * candidates), MAX_DRAFTS)
        drafts: list[Prompt] = []
        for _ in range(ROUNDS):
            drafts += self.draft(brief, batch, generator, sampling)
            chosen = choose(drafts, candidates)
            if len(chosen) == candidates and not any(prompt.missing for prompt in chosen):
                break
        return chosen

    def stream(self, brief: Brief, seed: int, sampling: Sampling = Sampling()) -> Iterator[str]:
        """The prompt that `write(brief, 1, seed, sampling)` gives, word by word: joined, they are its text.

        A raw prompt's words come as the model says them. A guided prompt is the best of many drafts, so its
        words come once the choice is made. Raises ValueError as `write` does.
        """
        [prompt] = self.write(brief, 1, seed, sampling)
        yield from re.findall(r"\s*\S+", prompt.text)

    @torch.inference_mode()
    def draft(self, brief: Brief, batch: int, generator: torch.Generator, sampling: Sampling) -> list[Prompt]:
        """`batch` prompts as they come, from one prefill and one sampling loop."""
        start = self.tokenizer.encode(render(brief)).ids
        limit = min(self.model.config.n_positions - len(start), 3 * brief.length + 24)
        if limit < brief.length + 2:
            raise ValueError("the intent is too long: shorten the topic or name fewer objects")
        cache = KVCache(self.model.config, batch, self.model.wte.weight)
        ids = torch.tensor([start], device=self.device).expand(batch, -1)
        dotted = any("." in term for term in brief.terms)  # "St. Patrick's Day" must stay writable
        tokens = torch.full((batch, limit), self.end, device=self.device)
        scores = torch.zeros(batch, limit, device=self.device)
        words = torch.zeros(batch, dtype=torch.long, device=self.device)
        stopped = torch.zeros(batch, dtype=torch.bool, device=self.device)  # after a full stop
        done = torch.zeros(batch, dtype=torch.bool, device=self.device)
        for at in range(limit):
            logits = self.model.step(ids, cache).float()
            likelihood = logits.log_softmax(-1)
            allowed = (~self.never).expand(batch, -1).clone()
            allowed[:, self.end] = True
            if sampling.guided:
                last = words >= brief.length
                unlikely = likelihood < MIN_CONTINUATION  # glued to the last word only to go on
                allowed &= ~last[:, None] | self.full_stop | ~(self.starts_word | self.joins | unlikely)
                if not dotted:
                    allowed &= last[:, None] | ~self.full_stop
                allowed &= ~((words == brief.length - 1)[:, None] & self.leads_on)  # no sentence ends on "a"
                if at == 0:
                    allowed &= self.starts_word
                ready = last & stopped
                allowed[ready] = False
                allowed[:, self.end] = ready
            choice = sample(logits.masked_fill(~allowed, -torch.inf), generator, sampling)
            choice = torch.where(done, self.end, choice)
            scores[:, at] = likelihood.gather(1, choice[:, None])[:, 0].masked_fill(done, 0.0)
            tokens[:, at] = choice
            words += self.starts_word[choice] & ~done
            stopped = self.full_stop[choice]
            done |= choice == self.end
            if bool(done.all()):
                break
            ids = choice[:, None]
        return [
            self._prompt(brief, row, score)
            for row, score in zip(tokens.tolist(), scores.tolist(), strict=True)
        ]

    def _prompt(self, brief: Brief, tokens: list[int], scores: list[float]) -> Prompt:
        length = tokens.index(self.end) if self.end in tokens else len(tokens)
        text = self.tokenizer.decode(tokens[:length]).strip()
        said = scores[: length + 1]
        likelihood = sum(said) / len(said) + ENDING_WEIGHT * min(said[-2:] or [0.0])
        unnamed = tuple(missing(text, brief.terms))
        if length == len(tokens):
            unnamed = (*unnamed, "an end")
        return Prompt(text, count_words(text), unnamed, likelihood)


def sample(logits: Tensor, generator: torch.Generator, sampling: Sampling) -> Tensor:
    """One token a row from (batch, vocabulary) logits, by temperature and top-p (nucleus) sampling."""
    top, order = logits.topk(
        min(TOP_K, logits.size(-1))
    )  # sorted; a whole vocabulary takes longer than the network
    probabilities = (top / sampling.temperature).softmax(-1)
    before = probabilities.cumsum(-1) - probabilities
    pick = torch.multinomial(probabilities.masked_fill(before > sampling.top_p, 0.0), 1, generator=generator)
    return order.gather(1, pick)[:, 0]


def choose(drafts: list[Prompt], candidates: int) -> list[Prompt]:
    """The best distinct drafts: least left unnamed, then most likely and least repetitive."""
    ranked = sorted(drafts, key=lambda p: (len(p.missing), FAULT_COST * faults(p.text) - p.likelihood))
    chosen: list[Prompt] = []
    for prompt in ranked:
        if len(chosen) == candidates:
            break
        if all(similarity(prompt.text, other.text) < NEAR_DUPLICATE for other in chosen):
            chosen.append(prompt)
    return chosen


def faults(text: str) -> int:
    """Content words that stand in the text again, and articles that do not suit the next letter."""
    words = [word for word in words_of(text) if word not in SMALL_WORDS]
    return len(words) - len(set(words)) + len(_WRONG_ARTICLE.findall(text))


def _pairs(text: str) -> set[tuple[str, str]]:
    return set(itertools.pairwise(words_of(text)))


def similarity(one: str, other: str) -> float:
    """Jaccard overlap of word pairs, 0..1."""
    a, b = _pairs(one), _pairs(other)
    return len(a & b) / max(len(a | b), 1)


def _from_row(row: dict, length: int, relevance: int) -> Brief:
    return Brief(
        Task(row["task"]),
        row["topic"],
        tuple(row.get("objects") or ()),
        row.get("design_type") or "",
        row.get("style") or "",
        length,
        relevance,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Write prompts with the language model.")
    parser.add_argument("--slm", type=Path, default=SHIPPED, help="checkpoint folder")
    parser.add_argument(
        "--intents", type=Path, help="JSON lines with task, topic, objects, design_type, style"
    )
    parser.add_argument(
        "--out", type=Path, help="JSON lines with prompt and words added; standard output without it"
    )
    parser.add_argument("--task", choices=list(Task), default=Task.T2I)
    parser.add_argument("--topic", default="")
    parser.add_argument(
        "--object", dest="objects", action="append", default=[], help="may be given several times"
    )
    parser.add_argument("--design-type", default="")
    parser.add_argument("--style", default="")
    parser.add_argument("--length", type=int, default=20, help=f"wished words, {MIN_WORDS} to {MAX_WORDS}")
    parser.add_argument("--relevance", type=int, default=ASKED_RELEVANCE, help="1 to 5, as commanded")
    parser.add_argument("--candidates", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--temperature", type=float, default=Sampling.temperature)
    parser.add_argument("--top-p", type=float, default=Sampling.top_p)
    parser.add_argument(
        "--raw", action="store_true", help="the model as it is: no guided length, no choosing"
    )
    arguments = parser.parse_args()
    try:
        if arguments.intents:
            rows = [
                json.loads(line)
                for line in arguments.intents.read_text(encoding="utf-8").splitlines()
                if line
            ]
        else:
            keys = ("task", "topic", "objects", "design_type", "style")
            rows = [{key: getattr(arguments, key) for key in keys}]
        sampling = Sampling(arguments.temperature, arguments.top_p, not arguments.raw)
        writer = Writer.load(arguments.slm)
        out = arguments.out.open("w", encoding="utf-8") if arguments.out else sys.stdout
        for number, row in enumerate(rows):
            brief = _from_row(row, arguments.length, arguments.relevance)
            for prompt in writer.write(brief, arguments.candidates, arguments.seed + number, sampling):
                line = {**row, "prompt": prompt.text, "words": prompt.words}
                out.write(json.dumps(line, ensure_ascii=False) + "\n")
        out.flush()
    except (ValueError, KeyError, OSError) as error:
        sys.exit(f"slm.generate: {error}")


if __name__ == "__main__":
    main()
