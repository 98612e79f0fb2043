"""The Ratings tab: what people thought so far, how sure one can be of it, and the paper's figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape
from math import isnan

import gradio as gr

from pipeline.store.ratings import Rating, Ratings
from pipeline.study.findings import Measure, acceptance_by, grades_of, measures
from pipeline.study.statistics import TOO_FEW, Interval, agreement_in_words, krippendorff_alpha

RENDERED = {"T2I": "Image", "T2T": "Template"}


class RatingsTab:
    """Shows what `ratings` holds; read anew whenever the tab is opened."""

    def __init__(self, ratings: Ratings) -> None:
        self.ratings = ratings

    def show(self) -> str:
        """The whole tab as HTML."""
        return report(self.ratings.current())

    def build(self, tab: gr.Tab) -> None:
        """The tab's one component; to be called inside `tab`."""
        page = gr.HTML(report([]), apply_default_css=False, elem_id="ratings")
        tab.select(self.show, None, page, show_progress="hidden", api_visibility="private")


def report(ratings: Sequence[Rating]) -> str:
    """Headline, measures, grades and groups of the ratings that count now. All text is escaped."""
    if not ratings:
        return (
            '<section class="tm-report"><h2>No ratings yet</h2><p class="tm-quiet">Accept, reject and grade '
            "candidates on the Canvas tab: what you and others think is counted here.</p></section>"
        )
    number = _counted(len(ratings), "rating")
    candidates = _counted(len({rating.candidate_id for rating in ratings}), "candidate")
    raters = _counted(len({rating.rater for rating in ratings}), "person", "people")
    few = f" Fewer than {TOO_FEW}: too few to conclude anything." if len(ratings) < TOO_FEW else ""
    return (
        f'<section class="tm-report"><h2>{number} of {candidates} by {raters}</h2>'
        f'<p class="tm-quiet">Bars are 95% intervals; the tick is the figure of the paper.{few}'
        f'</p><div class="tm-measures">{"".join(map(_measure, measures(ratings)))}</div>'
        f"<h2>Grades of the prompts</h2>{_grades(ratings)}"
        f"<h2>Accepted, by what was drawn and by whom</h2>{_groups(ratings)}"
        '<p class="tm-quiet">Every rating as a file: <code>python -m pipeline.study export --out '
        "FOLDER</code></p></section>"
    )


def _counted(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"


def _percent(share: float) -> str:
    return "–" if isnan(share) else f"{share:.0%}"


def _measure(measure: Measure) -> str:
    share = measure.share
    between = f"{_percent(share.low)} to {_percent(share.high)}"
    known = f"{between}, {share.n} answers" if share.n else "no answers"
    return (
        f'<div class="tm-measure"><h3>{measure.name}</h3><strong>{_percent(share.estimate)}</strong>'
        f'{_bar(share, measure.paper)}<p class="tm-quiet">{measure.question}<br>{known}; paper '
        f"{_percent(measure.paper)}</p></div>"
    )


def _bar(share: Interval, paper: float | None = None) -> str:
    """An interval on a line from 0 to 100%, as SVG."""
    spoken = f"{_percent(share.estimate)}, between {_percent(share.low)} and {_percent(share.high)}"
    marks = ""
    if share.n:
        low, dot, high = (100 * each for each in (share.low, share.estimate, share.high))
        marks = (
            f'<rect class="tm-span" x="{low:.1f}" y="4" height="4" rx="2" '
            f'width="{max(high - low, 0.8):.1f}"/>'
            f'<circle class="tm-dot" cx="{dot:.1f}" cy="6" r="3"/>'
        )
    if paper is not None:
        marks += f'<rect class="tm-tick" x="{100 * paper - 0.4:.1f}" y="1" width="0.8" height="10"/>'
    return (
        f'<svg class="tm-interval" viewBox="-3 0 106 12" role="img" aria-label="{spoken}">'
        f'<rect class="tm-scale" x="0" y="5" width="100" height="2" rx="1"/>{marks}</svg>'
    )


def _grades(ratings: Sequence[Rating]) -> str:
    rows = ""
    for name in ("relevance", "correctness"):
        counts = Counter(grade for rating in ratings if (grade := getattr(rating, name)))
        cells = "".join(f"<td>{counts[grade]}</td>" for grade in (1, 2, 3))
        alpha = krippendorff_alpha(grades_of(ratings, name))
        agreement = agreement_in_words(alpha) + ("" if isnan(alpha) else f" (alpha {alpha:.2f})")
        rows += f"<tr><th scope='row'>{name.capitalize()}</th>{cells}<td>{agreement}</td></tr>"
    return (
        '<div class="tm-scroll"><table><thead><tr><th></th><th>1 not</th><th>2 somewhat</th><th>3 very</th>'
        f"<th>Do the raters agree?</th></tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _groups(ratings: Sequence[Rating]) -> str:
    rows = ""
    for (task, renderer), share in acceptance_by(ratings, "task", "renderer").items():
        rows += (
            f"<tr><th scope='row'>{RENDERED.get(task, escape(task))}, {escape(renderer)}</th>"
            f"<td>{share.n}</td><td>{_percent(share.estimate)}</td><td>{_bar(share)}</td></tr>"
        )
    if not rows:
        return '<p class="tm-quiet">Nothing was accepted or rejected yet.</p>'
    return (
        '<div class="tm-scroll"><table><thead><tr><th></th><th>Decided</th><th>Accepted</th>'
        f"<th>95% interval</th></tr></thead><tbody>{rows}</tbody></table></div>"
    )
