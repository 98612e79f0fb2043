"""How much prompts repeat themselves, each other, and what the model learned from.

distinct-n (Li and others, 2016) is the share of different n-grams; self-BLEU (Zhu and others, 2018) the mean
BLEU-4 of each prompt against others.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from dataclasses import dataclass

from slm.corpus import Example, load_corpus, split
from slm.coverage import words_of
from slm.decode import Sampling
from slm.evaluate import write_one
from slm.generate import Writer
from slm.teacher.llm.answers import Seen

REFERENCES = 60
"""Other prompts that self-BLEU compares each prompt with."""


@dataclass(frozen=True)
class DiversityRow:
    """One figure of the model's prompts, and of the corpus's own for the same intents."""

    figure: str
    model: float
    corpus: float


def evaluate_diversity(
    writer: Writer,
    examples: list[Example],
    length: int,
    sampling: Sampling,
    relevance: int | None = None,
) -> list[DiversityRow]:
    """One row a figure: `repeats` is the share of prompts that say a pair of words twice, `near-duplicates`
    of those that share most word pairs with a training prompt or an earlier prompt."""
    model = list(write_one(writer, examples, length, sampling, relevance))
    corpus = [example.prompts[0] for example in examples]
    seen = Seen(prompt for example in split(load_corpus())[0] for prompt in example.prompts)

    def both(figure: str, measure) -> DiversityRow:
        return DiversityRow(figure, measure(model), measure(corpus))

    return [
        *(both(f"distinct-{n}", lambda texts, n=n: distinct(texts, n)) for n in (1, 2, 3)),
        both("self-BLEU", self_bleu),
        both("repeats", lambda texts: _share(texts, lambda text: distinct([text], 2) < 1)),
        both("near-duplicates", lambda texts: _share(texts, lambda text: not seen.add(text))),
    ]


def _share(texts: list[str], is_so) -> float:
    return sum(map(is_so, texts)) / len(texts)


def _grams(text: str, n: int) -> Counter[tuple[str, ...]]:
    words = words_of(text)
    return Counter(tuple(words[at : at + n]) for at in range(len(words) - n + 1))


def distinct(texts: list[str], n: int) -> float:
    """Different n-grams among all n-grams, 0..1."""
    grams: Counter[tuple[str, ...]] = Counter()
    for text in texts:
        grams += _grams(text, n)
    return len(grams) / max(grams.total(), 1)


def self_bleu(texts: list[str], seed: int = 0) -> float:
    """Mean BLEU-4 of each text against at most REFERENCES others, 0..1; higher is less diverse."""
    rng = random.Random(seed)
    grams = [[_grams(text, n) for n in (1, 2, 3, 4)] for text in texts]
    return sum(
        _bleu(own, rng.sample(others := grams[:at] + grams[at + 1 :], min(REFERENCES, len(others))))
        for at, own in enumerate(grams)
    ) / len(grams)


def _bleu(own: list[Counter], others: list[list[Counter]]) -> float:
    """BLEU-4 with clipped counts (Papineni and others, 2002), the empty counts smoothed by a half."""
    logs = 0.0
    for n, counts in enumerate(own):
        most: Counter = Counter()
        for other in others:
            most |= other[n]
        matched = (counts & most).total()
        logs += math.log(max(matched, 0.5) / max(counts.total(), 1)) / len(own)
    length = own[0].total()
    nearest = min((other[0].total() for other in others), key=lambda size: abs(size - length))
    return math.exp(logs + min(0.0, 1 - nearest / max(length, 1)))
