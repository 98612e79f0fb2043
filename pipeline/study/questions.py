"""What a rater is asked, word for word: the page asks it, the report quotes it, ratings name its version."""

from dataclasses import dataclass

WORDING = "1"
"""To be raised with every change of the words below: answers to other words are other data."""


@dataclass(frozen=True)
class Question:
    """One question. `answers` are in the order of their keys; a grade's are 1, 2 and 3."""

    name: str  # the field of a Rating
    text: str
    answers: tuple[str, ...]
    anchors: tuple[str, ...]  # what each answer means, in a line


RELEVANCE = Question(
    "relevance",
    "How relevant is the prompt to the canvas?",
    ("Not", "Somewhat", "Very"),
    (
        "It is about something else.",
        "It fits the subject, but misses or adds something that matters.",
        "It is about this very canvas.",
    ),
)
CORRECTNESS = Question(
    "correctness",
    "How correct is the prompt's language?",
    ("Not", "Somewhat", "Very"),
    (
        "It makes no sense, or its grammar is broken.",
        "It can be understood; a word or its grammar is off.",
        "It is well-formed and makes sense.",
    ),
)
ACCEPTED = Question(
    "accepted",
    "Would you put this on the canvas?",
    ("Yes", "No"),
    ("I would take it, as it is.", "I would not take it."),
)
QUESTIONS = (RELEVANCE, CORRECTNESS, ACCEPTED)
