"""The training stream: corpus and composed pairs, mixed, tokenised, batched by length. Deterministic by seed,
resumable.

The stream is made in blocks. A block depends on (seed, block number, composed share) alone, so training
continues after a kill from the three numbers in `Position`, without replaying what came before. Lines of
similar length share a batch, so little is padding; a target is -1 where nothing is learned: in the command
part of the line and in the padding.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count

import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from intent.graph import load_graph
from slm.command import BEST_RELEVANCE, TASK_TOKENS, Brief, Task, count_words, render_pair
from slm.corpus import Drafts, Example, held_out, load_corpus, split
from slm.coverage import missing
from slm.taste import FEEDBACK_SHARE, MISSING_RELEVANCE, Feedback, Rated
from slm.teacher.grammar import Grammar
from slm.teacher.names import fix_articles

BLOCK = 4096  # lines: enough to sort by length without short batches at the block's end mattering
DROP_FIELD = 0.12
"""Share of the corpus's lines that lose an object or the style from the command: a person's intent is seldom
complete."""
SUBSTITUTE = 0.3
"""Share of the corpus's lines in which one object is replaced by another: the model must read the command,
not recall. Half of the new objects belong to the topic's category and leave the prompt as good as it was."""
OFF_MARK = 0.03
"""Share of the corpus's lines that get a prompt which falls short of the command, labelled so."""
ODD_OBJECT_RELEVANCE, OTHER_INTENT_RELEVANCE = 3, 1


@dataclass(frozen=True)
class Position:
    """Where the stream stands: the block, the batch within it, and the block's share of composed pairs."""

    block: int = 0
    batch: int = 0
    composed: float = 0.5


class Stream(Dataset):
    """Endless batches of (ids, targets), both int64 (lines, tokens), at most `batch_tokens` with padding.

    To torch's DataLoader it is a data set of blocks.
    """

    def __init__(
        self,
        tokenizer: Tokenizer,
        seed: int,
        batch_tokens: int,
        max_tokens: int,
        distilled: Sequence[Example] = (),
        rated: Sequence[Rated] = (),
        drafts: Sequence[Drafts] = (),
    ) -> None:
        """`distilled` joins the corpus. `rated` are people's ratings: their prompts join the stream, and a
        judge learned from them grades all others, the model's own `drafts` among them."""
        self.tokenizer, self.seed = tokenizer, seed
        self.batch_tokens, self.max_tokens = batch_tokens, max_tokens
        examples = [*split(load_corpus())[0], *distilled]
        self.examples = examples
        self.objects = sorted({name for example in examples for name in example.objects})
        graph = load_graph()
        self.categories = {name: topic.category for name, topic in graph.topics.items()}
        of_category: dict[str, set[str]] = {}
        for example in examples:
            of_category.setdefault(self.categories.get(example.topic, ""), set()).update(example.objects)
        self.objects_of_category = {name: sorted(objects) for name, objects in of_category.items()}
        skipped = frozenset(name for name in graph.topics if held_out(name))
        self.grammar = Grammar(skip_topics=skipped)
        self.feedback = Feedback(rated, drafts, [each.prompts[0] for each in examples]) if rated else None
        self.task_ids = {tokenizer.token_to_id(token) for token in TASK_TOKENS.values()}

    def lines(self, block: int, composed: float) -> Iterator[str]:
        """The training lines of one block, `composed` of them (0..1) from the grammar, the others from the
        corpus; with ratings, FEEDBACK_SHARE of all are rated prompts and drafts."""
        rng = random.Random(f"{self.seed}/{block}")
        pairs = (pair for pair in self.grammar.pairs(rng.getrandbits(62)) if not held_out(pair.topic))
        for _ in range(BLOCK):
            if self.feedback and rng.random() < FEEDBACK_SHARE:
                yield render_pair(*self.feedback.pair(rng))
                continue
            if rng.random() < composed:
                pair = next(pairs)
                words = count_words(pair.prompt)
                brief = Brief(
                    Task(pair.task), pair.topic, pair.objects, pair.design_type, pair.style, words, pair.grade
                )
                prompt = pair.prompt
            else:
                brief, prompt = self.from_corpus(rng)
            yield render_pair(self.feedback.judged(brief, prompt) if self.feedback else brief, prompt)

    def from_corpus(self, rng: random.Random) -> tuple[Brief, str]:
        """One prompt of the corpus with its achieved length, at times with an object substituted, a field
        dropped, or a command that it does not fulfil."""
        example = rng.choice(self.examples)
        prompt = rng.choice(example.prompts)
        brief = example.brief(count_words(prompt), BEST_RELEVANCE)
        if rng.random() < OFF_MARK:
            return self.off_mark(brief, prompt, rng)
        if rng.random() < SUBSTITUTE:
            category = self.categories.get(example.topic)
            if category and rng.random() < 0.5:
                new, relevance = rng.choice(self.objects_of_category[category]), BEST_RELEVANCE
            else:
                new, relevance = rng.choice(self.objects), ODD_OBJECT_RELEVANCE
            brief, prompt = substitute(brief, prompt, new, relevance, rng)
        if missing(prompt, brief.terms):
            return replace(brief, relevance=MISSING_RELEVANCE), prompt
        if rng.random() < DROP_FIELD:
            if brief.style and rng.random() < 0.5:
                brief = replace(brief, style="")
            elif len(brief.objects) > 1:
                brief = replace(brief, objects=brief.objects[:-1])
        return brief, prompt

    def off_mark(self, brief: Brief, prompt: str, rng: random.Random) -> tuple[Brief, str]:
        """A command whose prompt leaves one of its objects out (relevance 2) or belongs to another intent
        (1)."""
        if rng.random() < 0.5:
            objects = (*brief.objects[:3], rng.choice(self.objects))
            return replace(brief, objects=objects, relevance=MISSING_RELEVANCE), prompt
        others = rng.sample(self.examples, 64)
        other = rng.choice([example for example in others if example.task == brief.task])
        length = count_words(prompt)
        return replace(other.brief(length), relevance=OTHER_INTENT_RELEVANCE), prompt

    def batches(self, position: Position, workers: int = 0) -> Iterator[tuple[Tensor, Tensor, Position]]:
        """Batches from `position` on, each with the position that follows it. `workers` processes make blocks
        ahead: a GPU learns faster than one process composes."""
        blocks: Iterable[list[tuple[Tensor, Tensor]]] = DataLoader(
            self,
            batch_size=None,
            sampler=((block, position.composed) for block in count(position.block)),  # type: ignore[arg-type]
            num_workers=workers,
        )
        start = position.batch
        for block, batches in zip(count(position.block), blocks, strict=False):
            for index in range(start, len(batches)):
                last = index + 1 == len(batches)
                after = replace(position, block=block + last, batch=0 if last else index + 1)
                yield *batches[index], after
            start = 0

    def __getitem__(self, key: tuple[int, float]) -> list[tuple[Tensor, Tensor]]:
        """All batches of one block: its number and its share of composed pairs."""
        block, composed = key
        return self._batch(list(self.lines(block, composed)), block)

    def _batch(self, lines: list[str], block: int) -> list[tuple[Tensor, Tensor]]:
        encodings = self.tokenizer.encode_batch(lines)
        rows = sorted((e.ids for e in encodings if len(e.ids) <= self.max_tokens), key=len)
        groups: list[list[list[int]]] = [[]]
        for row in rows:
            if (len(groups[-1]) + 1) * len(row) > self.batch_tokens:
                groups.append([])
            groups[-1].append(row)
        random.Random(f"{self.seed}/{block}/order").shuffle(groups)
        return [self.collate(group) for group in groups]

    def collate(self, rows: list[list[int]]) -> tuple[Tensor, Tensor]:
        """Rows of token ids as (inputs, targets), padded to the longest."""
        width = max(map(len, rows)) - 1
        ids = torch.zeros(len(rows), width, dtype=torch.long)
        targets = torch.full((len(rows), width), -1, dtype=torch.long)
        for i, row in enumerate(rows):
            begin = next(at for at, token in enumerate(row) if token in self.task_ids)
            ids[i, : len(row) - 1] = torch.tensor(row[:-1])
            targets[i, begin : len(row) - 1] = torch.tensor(row[begin + 1 :])
        return ids, targets


def substitute(brief: Brief, prompt: str, new: str, relevance: int, rng: random.Random) -> tuple[Brief, str]:
    """`prompt` with one of its objects replaced by `new`, as a pair of the given relevance; unchanged where
    it does not fit: the object must stand in the prompt word for word, and both must be singular or both
    plural."""
    old = rng.choice(brief.objects) if brief.objects else ""
    if not old or old in brief.topic or new in prompt or old.endswith("s") != new.endswith("s"):
        return brief, prompt
    parts = re.split(rf"\b{re.escape(old)}\b", prompt)
    if len(parts) != 2 or parts[0] == "":
        return brief, prompt
    prompt = fix_articles(parts[0] + new + parts[1])
    objects = tuple(new if name == old else name for name in brief.objects)
    changed = replace(brief, objects=objects, length=count_words(prompt), relevance=relevance)
    return changed, prompt
