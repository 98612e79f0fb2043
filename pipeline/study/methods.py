"""How a study was run and its figures were made, and what they do not say: the small print of a report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from html import escape
from statistics import median

from pipeline.store.ratings import Rating
from pipeline.store.studies import Study
from pipeline.study.data import StudyData
from pipeline.study.findings import canvas_of, first_answers
from pipeline.study.marks import counted, table
from pipeline.study.questions import QUESTIONS
from pipeline.study.statistics import TOO_FEW

FEW_CLUSTERS = 10
"""With fewer raters or canvases the others that one might have had count more than the intervals can tell."""


FIGURES = f"""Relevant and correct are the shares graded 2 or 3. Intervals are 95%. Those of all ratings and
of arms come from a bootstrap that draws raters and canvases with replacement at the same time (4,000 draws,
percentiles; raters alone where no canvas had two of them), and are never narrower than Wilson's; those of
single cells are Wilson's. Agreement is Krippendorff's alpha, ordinal for grades and nominal for acceptance,
with percentiles of 1,000 draws of items. Two arms are compared by what the same rater said of both on the
same canvas (a pair): the interval of the mean difference and its two-sided p come from the same bootstrap
over raters and canvases; with a single rater or canvas p is McNemar's exact one. All p-values of the page
are adjusted together (Holm). Fewer than {TOO_FEW} pairs are not compared. The paper's figures (86%
accepted, 87% relevant, 96% correct) come from other raters, canvases and models: they are marks to look at,
not a test."""


def methods(data: StudyData) -> str:
    """How the study was run and its figures were made, in words that a paper can take over."""
    return (
        f"<div class='methods'><h2>Methods</h2><p>{_design(data.study)}</p>{_questions()}<p>{FIGURES}</p>"
        f"{_settings(data)}{_made_with(data.ratings)}</div>"
    )


def _design(study: Study) -> str:
    item = "An item is a prompt and the picture made from it, shown with the canvas it was made for. "
    change = "Raters could change their mind; the last answer to each presentation counts."
    if not study.arms:
        live = "Raters dropped canvases of their own or took a sample, and rated what they were offered. "
        return item + live + change
    again = (
        f"For every {study.repeat_every} items one that the rater had seen came again, unannounced; these "
        "second answers show how steady a rater is and count nowhere else. "
    )
    return (
        f"{item}{counted(len(study.arms), 'arm')} made {study.per_canvas} for each of "
        f"{counted(len(study.canvases), 'canvas', 'canvases')}: {counted(study.size, 'item')} in all, with "
        "the same seeds for all arms. Nothing in the page, its addresses and its files told the arm. Each "
        f"rater had a random order of their own (seed {study.seed}), items with the fewest raters first, "
        f"until an item had {study.target}. {again if study.repeat_every else ''}{change}"
    )


def _questions() -> str:
    rows = []
    for question in QUESTIONS:
        answers = zip(question.answers, question.anchors, strict=True)
        told = "<br>".join(f"{escape(answer)}: {escape(meaning)}" for answer, meaning in answers)
        rows.append((escape(question.text), told))
    return table(("Question", "Answers"), rows)


def _settings(data: StudyData) -> str:
    if not data.study.arms or data.study.state != "closed":
        return ""
    rows = []
    for arm in sorted(data.study.arms, key=lambda arm: arm.name):
        items = [item for item in data.items if item.arm == arm.code]
        told = ", ".join(f"{key}={value}" for key, value in arm.settings.items()) or "as the app ships"
        slm, renderer = (", ".join(sorted({getattr(i, name) for i in items})) for name in ("slm", "renderer"))
        rows.append((escape(arm.name), escape(arm.code), escape(told), escape(slm), escape(renderer)))
    return table(("Arm", "Coded as", "Settings", "Written by", "Drawn by"), rows)


def _made_with(ratings: list[Rating]) -> str:
    def listed(values: Iterable[str]) -> str:
        counts = Counter(filter(None, values))
        return (
            ", ".join(f"{escape(value)} ({count})" for value, count in sorted(counts.items())) or "not known"
        )

    return (
        f"<dl><dt>TinyMuse</dt><dd>{listed(r.app for r in ratings)}</dd>"
        f"<dt>Wording of the questions</dt><dd>{listed(r.wording for r in ratings)}</dd>"
        f"<dt>Devices</dt><dd>{listed(r.device for r in ratings)}</dd></dl>"
    )


def limits(data: StudyData) -> str:
    study, first = data.study, first_answers(data.ratings)
    raters, canvases = len({r.rater for r in first}), len({canvas_of(r) for r in first})
    said = ["Raters are told apart by their browser: who used two counts twice."]
    if 0 < raters < FEW_CLUSTERS:
        said.append(f"With {counted(raters, 'rater')} the figures say little of other people.")
    if 0 < canvases < FEW_CLUSTERS:
        said.append(
            f"With {counted(canvases, 'canvas', 'canvases')} the figures say little of other canvases."
        )
    if data.items:
        of = Counter(rating.candidate_id for rating in first)
        short = sum(of[item.id] < study.target for item in data.items)
        if short:
            said.append(
                f"{counted(short, 'item')} of {len(data.items)} have fewer than the {study.target} raters "
                f"that were planned; the median is {median(of[item.id] for item in data.items):g}."
            )
    return f"<h2>Limits</h2><ul>{''.join(f'<li>{each}</li>' for each in said)}</ul>"
