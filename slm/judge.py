"""A large model grades prompts by the paper's rubric: four criteria, each from 1 to 10.

Any server that speaks OpenAI's chat protocol will do (`--judge http://host:8000/v1#MODEL`); GPT-4o-mini is
asked unless another is named, with the key in OPENAI_API_KEY.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from typing import Any

from openai import OpenAIError

from slm.command import Brief, Task
from slm.remote import ServerError, connect, explain

GPT_4O_MINI = "https://api.openai.com/v1#gpt-4o-mini"
CRITERIA = ("correctness", "clarity", "completeness", "usefulness")
ATTEMPTS = 3
"""Answers that are asked for before a prompt stays without a grade."""

RUBRIC = """\
You grade prompts that a writing assistant made for a designer. Each was made for an intent: a topic, \
perhaps objects, a type of design and a style. Grade four things from 1 (useless) to 10 (could not be better):
- correctness: the prompt is about this intent and nothing in it contradicts the intent or itself
- clarity: it is good English and says plainly what is to be seen
- completeness: every part of the intent is in it
- usefulness: {medium} would make something from it that the designer can use
Be strict and use the whole scale. Answer with one JSON object and nothing else."""

MEDIA = {Task.T2I: "a text-to-image model", Task.T2T: "a system that makes design templates"}


@dataclass(frozen=True)
class Grade:
    """Whole numbers from 1 to 10."""

    correctness: int
    clarity: int
    completeness: int
    usefulness: int

    @property
    def mean(self) -> float:
        return sum(asdict(self).values()) / len(CRITERIA)


EXAMPLES = (
    (
        Brief(Task.T2I, "lantern festival", ("river", "child"), style="dreamy"),
        "A dreamy lantern festival at dusk: a child kneels by the river and sets a paper boat afloat.",
        Grade(10, 9, 10, 9),
    ),
    (
        Brief(Task.T2I, "bicycle repair", ("wrench",)),
        "A bicycle repair scene with a wrench, in which a wrench wrench stands under water, in warm light.",
        Grade(5, 3, 9, 3),
    ),
    (
        Brief(Task.T2T, "spring concert", ("cello",), "flyer", "elegant"),
        "Design an elegant flyer for a summer sale with large red numbers.",
        Grade(2, 8, 3, 2),
    ),
)
"""One good, one garbled, one about something else: the ends of the scale and its middle."""


def intent_text(brief: Brief) -> str:
    """The intent in plain words, a line a field."""
    fields = {
        "Topic": brief.topic,
        "Objects": ", ".join(brief.objects),
        "Type of design": brief.design_type,
        "Style": brief.style,
    }
    return "\n".join(f"{name}: {value}" for name, value in fields.items() if value)


def read_grade(answer: str | None) -> Grade | None:
    """The grade in an answer, prose around its JSON forgiven; None when the answer is odd."""
    found = re.search(r"\{[^{}]*\}", answer or "")
    try:
        numbers: dict[str, Any] = json.loads(found.group()) if found else {}
    except ValueError:
        return None
    values: dict[str, Any] = {name: numbers.get(name) for name in CRITERIA}
    if not all(type(value) is int and 1 <= value <= 10 for value in values.values()):
        return None
    return Grade(**values)


class Judge:
    """The grading model at `address`, URL#MODEL. `odd` counts answers that could not be read."""

    def __init__(self, address: str = GPT_4O_MINI) -> None:
        self.address, _, self.model = address.partition("#")
        if not self.model:
            raise ServerError(f"{address}: name the judging model, as in {address}#MODEL")
        self.client = connect(self.address)
        self.odd = 0

    def grade(self, brief: Brief, prompt: str) -> Grade | None:
        """The grade of `prompt`, None when no answer could be read. Raises ServerError."""
        messages = self._messages(brief, prompt)
        for attempt in range(ATTEMPTS):
            try:
                answer = self.client.chat.completions.create(
                    model=self.model,
                    messages=messages,
                    temperature=0.0 if attempt == 0 else 0.5,  # the same odd answer again is no help
                    max_tokens=120,
                )
            except OpenAIError as error:
                raise explain(self.address, error) from error
            if grade := read_grade(answer.choices[0].message.content if answer.choices else None):
                return grade
            self.odd += 1
        return None

    def _messages(self, brief: Brief, prompt: str) -> list:
        messages = [{"role": "system", "content": RUBRIC.format(medium=MEDIA[brief.task])}]
        for like, text, grade in EXAMPLES:
            messages.append({"role": "user", "content": f"{intent_text(like)}\nPrompt: {text}"})
            messages.append({"role": "assistant", "content": json.dumps(asdict(grade))})
        messages.append({"role": "user", "content": f"{intent_text(brief)}\nPrompt: {prompt}"})
        return messages
