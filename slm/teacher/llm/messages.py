"""The structured prompt: task description, examples from the corpus by similarity, intent and lengths."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from slm.command import Task, count_words
from slm.corpus import Example
from slm.coverage import words_of
from slm.teacher.llm.intents import Question

TASKS = {
    Task.T2I: (
        "You write prompts for a text-to-image model. Each prompt is one complete English sentence or phrase "
        "that describes one picture: the subject, where it is, light, colour, viewpoint or medium."
    ),
    Task.T2T: (
        "You write prompts for a model that makes design templates. Each prompt is one complete English "
        "sentence that asks for a template: the design type, purpose, layout, pictures, colours and mood."
    ),
}
RULES = (
    "Name the topic and every object, design type and style that is given, in these words. Make the prompts "
    "differ in subject, viewpoint and wording. No artists, brands or real persons, nothing violent, nothing "
    "sexual. Count words by spaces and keep to the wished lengths. End every prompt with a full stop. Answer "
    'with JSON alone: {"prompts": ["...", "..."]}, in the order of the lengths.'
)


@dataclass(frozen=True)
class Message:
    role: str
    content: str


class Librarian:
    """Finds the corpus's intents that are most like a question: shared words, rare ones counting more."""

    def __init__(self, examples: Sequence[Example]) -> None:
        self.examples = examples
        self.words = [frozenset(_words(each.topic, each.objects, each.style)) for each in examples]
        seen = Counter(word for words in self.words for word in words)
        self.weight = {word: math.log(len(examples) / times) for word, times in seen.items()}

    def similar(self, question: Question, count: int) -> list[Example]:
        """The `count` nearest examples of the same task, nearest first."""
        asked = set(_words(question.topic, question.objects, question.style))

        def nearness(at: int) -> float:
            return sum(self.weight[word] for word in asked & self.words[at])

        same = [at for at, each in enumerate(self.examples) if each.task == question.task]
        return [self.examples[at] for at in sorted(same, key=nearness, reverse=True)[:count]]


def _words(topic: str, objects: Sequence[str], style: str) -> list[str]:
    return words_of(" ".join((topic, *objects, style)))


def messages(question: Question, shots: Sequence[Example]) -> list[Message]:
    """The conversation that asks for the prompts of one question."""
    chat = [Message("system", f"{TASKS[question.task]} {RULES}")]
    for shot in shots:
        lengths = tuple(count_words(prompt) for prompt in shot.prompts)
        asked = _asked(shot.topic, shot.objects, shot.design_type, shot.style, lengths)
        chat.append(Message("user", asked))
        chat.append(Message("assistant", json.dumps({"prompts": shot.prompts}, ensure_ascii=False)))
    asked = _asked(question.topic, question.objects, question.design_type, question.style, question.lengths)
    chat.append(Message("user", f"{asked}\nTone: {question.tone}\nContext: {question.context}"))
    return chat


def _asked(topic: str, objects: Sequence[str], design_type: str, style: str, lengths: Sequence[int]) -> str:
    lines = [f"Topic: {topic}"]
    lines += [f"Objects: {', '.join(objects)}"] if objects else []
    lines += [f"Design type: {design_type}"] if design_type else []
    lines += [f"Style: {style}"] if style else []
    return "\n".join([*lines, f"Lengths in words: {', '.join(map(str, lengths))}"])
