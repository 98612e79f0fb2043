"""The control language: how a wish becomes the line that the language model reads. This module alone spells
it.

One training instance is one line (the paper, section 3; `Style:`, several objects and the relevance command
are ours):

    <|19|> <|r5|> <|intent|> Topic: birthday, Scene object: balloon; cake, Style: whimsical <|IP|> PROMPT
    <|end|>

Upside-down RL: the outcome that was achieved (the prompt's word count, its relevance) is written as a command
at the start of its training line; at inference the command says what is wished. `<|IP|>` asks for a
text-to-image prompt, `<|TP|>` for a text-to-template one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from slm.safety import REFUSED, blocked


class Task(StrEnum):
    """What the prompt is for: T2I (text to image) or T2T (text to template)."""

    T2I = "T2I"
    T2T = "T2T"


MIN_WORDS, MAX_WORDS = 4, 48
"""Lengths the model has a command for; the paper uses 10 to 35."""
BEST_RELEVANCE = 5
ASKED_RELEVANCE = 4
"""What a wish asks for unless it says otherwise. The corpus is 5, whole composed pairs are 4: the shipped
model, small as it is, writes far cleaner sentences in the grammar's regular style (its card has the
figures)."""

INTENT, END = "<|intent|>", "<|end|>"
TASK_TOKENS = {Task.T2I: "<|IP|>", Task.T2T: "<|TP|>"}


def length_token(words: int) -> str:
    """`<|19|>` for 19 words; counts outside MIN_WORDS..MAX_WORDS take the nearest command."""
    return f"<|{min(max(words, MIN_WORDS), MAX_WORDS)}|>"


def relevance_token(relevance: int) -> str:
    """`<|r5|>`: 5 is the corpus's own quality, 1 a prompt that belongs to another intent."""
    return f"<|r{relevance}|>"


SPECIAL_TOKENS = (
    END,
    INTENT,
    *TASK_TOKENS.values(),
    *(relevance_token(r) for r in range(1, BEST_RELEVANCE + 1)),
    *(length_token(n) for n in range(MIN_WORDS, MAX_WORDS + 1)),
)
"""Every control token, in the order of their ids; the tokenizer puts them first."""

_CONTROL = re.compile(r"<\|[^<>|]*\|>")
_SPACE = re.compile(r"\s+")
_SEPARATORS = re.compile(r"[,;|<>\x00-\x1f\x7f]+")
MAX_FIELD = 80
"""Characters of one field that are kept: longer ones are not names but pasted text."""


def count_words(prompt: str) -> int:
    """Words as the paper counts them: split at white space."""
    return len(prompt.split())


def neutralise(text: str) -> str:
    """`text` as one tidy field: control tokens and the control language's own separators can not act in
    it."""
    return _SPACE.sub(" ", _SEPARATORS.sub(" ", _CONTROL.sub(" ", text))).strip()[:MAX_FIELD].strip()


@dataclass(frozen=True)
class Brief:
    """What the language model is told: the intent, the task and the wished outcome.

    Fields are tidied on construction (see `neutralise`), empty objects dropped. `length` is in words.
    Raises ValueError without a topic, when the length or the relevance has no command, and when a field
    holds words that are not taken from a person (`slm/safety.py`).
    """

    task: Task
    topic: str
    objects: tuple[str, ...] = ()
    design_type: str = ""
    style: str = ""
    length: int = 20
    relevance: int = ASKED_RELEVANCE

    def __post_init__(self) -> None:
        object.__setattr__(self, "task", Task(self.task))
        for name in ("topic", "design_type", "style"):
            object.__setattr__(self, name, neutralise(getattr(self, name)))
        objects = tuple(filter(None, (neutralise(each) for each in self.objects)))
        object.__setattr__(self, "objects", objects)
        if not self.topic:
            raise ValueError("a topic is needed: say in a few words what the design is about")
        for name in ("topic", "objects", "design_type", "style"):
            value = getattr(self, name)
            if found := blocked(" / ".join(value) if name == "objects" else value, REFUSED):
                word, field = found[0].rstrip("*"), name.replace("_", " ")
                raise ValueError(f"no prompts are written about {word!r}. Change the {field}")
        if not MIN_WORDS <= self.length <= MAX_WORDS:
            raise ValueError(f"length must be {MIN_WORDS} to {MAX_WORDS} words, not {self.length}")
        if not 1 <= self.relevance <= BEST_RELEVANCE:
            raise ValueError(f"relevance must be 1 to {BEST_RELEVANCE}, not {self.relevance}")

    @property
    def terms(self) -> tuple[str, ...]:
        """Everything the prompt should name: topic, objects, design type, style; what is empty left out."""
        return tuple(filter(None, (self.topic, *self.objects, self.design_type, self.style)))


def render(brief: Brief) -> str:
    """The line up to where the model takes over."""
    fields = [f"Topic: {brief.topic}"]
    if brief.objects:
        fields.append(f"Scene object: {'; '.join(brief.objects)}")
    if brief.design_type:
        fields.append(f"Design Type: {brief.design_type}")
    if brief.style:
        fields.append(f"Style: {brief.style}")
    command = f"{length_token(brief.length)} {relevance_token(brief.relevance)}"
    return f"{command} {INTENT} {', '.join(fields)} {TASK_TOKENS[brief.task]}"


def render_pair(brief: Brief, prompt: str) -> str:
    """A whole training line."""
    return f"{render(brief)} {prompt} {END}"
