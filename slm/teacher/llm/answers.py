"""What comes back from the teacher: JSON checked by a schema, and the filters that prompts must pass."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from datasketch import MinHash, MinHashLSH
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from slm.command import MAX_WORDS, MIN_WORDS, count_words
from slm.coverage import SMALL_WORDS, words_of
from slm.safety import blocked

SAME = 0.7  # of the word pairs shared: a near-duplicate
_SENTENCE = re.compile(r"^[A-Z0-9\"'“‘].*[.!?][\"'”’]?$", re.DOTALL)
_ENGLISH = SMALL_WORDS | {
    "from",
    "into",
    "over",
    "under",
    "as",
    "is",
    "are",
    "its",
    "their",
    "his",
    "her",
    "this",
}


class OddAnswer(ValueError):
    """The answer is not the JSON that was asked for; the message says how."""


class Answer(BaseModel):
    """The schema of an answer."""

    model_config = ConfigDict(extra="ignore", strict=True)
    prompts: list[str] = Field(min_length=1, max_length=50)


def read_answer(text: str | None) -> list[str]:
    """The prompts of an answer, tidied. Prose and code fences around the JSON are forgiven; anything else is
    an OddAnswer."""
    found = re.search(r"\{.*\}", text or "", re.DOTALL)
    if not found:
        raise OddAnswer("no JSON object in the answer")
    try:
        answer = Answer.model_validate_json(found.group())
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise OddAnswer(f"{first['msg']}{f' at {where}' if where else ''}") from None
    return [" ".join(prompt.split()) for prompt in answer.prompts]


def fault(prompt: str) -> str | None:
    """Why a prompt is not learned from, in one or two words, or None."""
    words = count_words(prompt)
    if not MIN_WORDS <= words <= MAX_WORDS:
        return "length"
    if "<|" in prompt:
        return "control token"
    if blocked(prompt):
        return "unsafe"
    if not prompt.isascii() and sum(sign.isascii() for sign in prompt) < 0.9 * len(prompt):
        return "language"
    if words >= 8 and not _ENGLISH & set(prompt.lower().split()):
        return "language"
    return None if _SENTENCE.match(prompt) else "incomplete"


class Seen:
    """Remembers prompts and knows a near-duplicate (MinHash over pairs of words)."""

    def __init__(self, prompts: Iterable[str] = ()) -> None:
        self.index = MinHashLSH(threshold=SAME, num_perm=64)
        self.count = 0
        for prompt in prompts:
            self.add(prompt)

    def add(self, prompt: str) -> bool:
        """Remembers `prompt`; False when it, or one much like it, was there already."""
        words = words_of(prompt)
        sketch = MinHash(num_perm=64)
        sketch.update_batch([" ".join(pair).encode() for pair in pairwise(words)])
        if self.index.query(sketch):
            return False
        self.index.insert(self.count, sketch)
        self.count += 1
        return True
