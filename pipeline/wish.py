"""The wish: the intent as the person leaves it, and what of it the writer and the templates are told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.canvas import Canvas
from slm.command import Brief, Task, neutralise

if TYPE_CHECKING:  # the detector brings torch, which takes seconds to import
    from intent.detector import Finding, Intent
    from intent.graph import Graph

MAX_OBJECTS = 4
COMPANION = 0.4  # confidence in what is merely usual for a topic the person named


class StudioError(ValueError):
    """The job cannot be done as asked; the message says why and what to do."""


@dataclass(frozen=True)
class Edits:
    """What the person changed in the intent. None leaves a field to the detector, "" says none."""

    topic: str | None = None
    objects: tuple[str, ...] | None = None
    design_type: str | None = None
    style: str | None = None


def apply_edits(intent: Intent, edits: Edits, graph: Graph) -> Intent:
    """The intent with the person's words in place; what they left as it was keeps its source and confidence.

    Usual companions of the old topic would be strange beside a new one: those of the new one replace them.
    """
    from intent.detector import NOTHING, Finding

    if edits.topic is not None and edits.topic != intent.topic.value:
        known = graph.find(edits.topic)
        usual = (known.objects, known.design_types, known.styles) if known else ((), (), ())
        things, designs, styles = ([Finding(name, COMPANION, "graph") for name in names] for names in usual)
        named = [found for found in intent.objects if found.source != "graph"]
        companions = [found for found in things if found.value not in {one.value for one in named}]
        intent = replace(
            intent,
            topic=Finding(edits.topic, 1.0, "person"),
            objects=tuple([*named, *companions][: max(len(intent.objects), len(named))]),
            design_type=_renewed(intent.design_type, designs or [NOTHING]),
            style=_renewed(intent.style, styles or [NOTHING]),
        )
    objects = intent.objects
    if edits.objects is not None:
        before = {found.value: found for found in objects}
        said = dict.fromkeys(filter(None, edits.objects))  # each once, in the person's order
        objects = tuple(before.get(each) or Finding(each, 1.0, "person") for each in said)[:MAX_OBJECTS]

    def field(found: Finding, said: str | None) -> Finding:
        return found if said is None or said == found.value else Finding(said, 1.0, "person")

    return replace(
        intent,
        objects=objects,
        design_type=field(intent.design_type, edits.design_type),
        style=field(intent.style, edits.style),
    )


def _renewed(found: Finding, usual: list[Finding]) -> Finding:
    return usual[0] if found.source in ("graph", "none") else found


def brief_of(intent: Intent, task: Task, length: int) -> Brief:
    """What the language model is told. StudioError when there is no topic.

    A picture is no flyer, whatever it will stand on: only a template's prompt names the design type.
    """
    if not neutralise(intent.topic.value):
        raise StudioError(
            "I could not tell what this canvas is about. Type a topic, for example: bakery opening."
        )
    try:
        return Brief(
            task=task,
            topic=intent.topic.value,
            objects=tuple(found.value for found in intent.objects),
            design_type=intent.design_type.value if task is Task.T2T else "",
            style=intent.style.value,
            length=length,
        )
    except ValueError as error:  # words that are not taken; the numbers were checked
        message = str(error)
        raise StudioError(f"{message[0].upper()}{message[1:]}.") from None


def lines_of(canvas: Canvas, intent: Intent) -> tuple[str, ...]:
    """The words to typeset in a template.

    What was typed; but where the picture says something else, the typed text is a wish, and the words are
    the picture's.
    """
    typed = tuple(line.strip() for line in canvas.text.splitlines() if line.strip())
    said, read = (set(" ".join(lines).casefold().split()) for lines in (typed, intent.words))
    return typed if len(said & read) >= len(read) / 2 else tuple(intent.words)
