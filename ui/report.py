"""What ratings say, as the HTML of the Ratings tab: shares, arms, grades, agreement, raters, days.

Everything is worked out by `pipeline/study/findings.py`; raters are numbers and arms are coded until their
study is closed (`pipeline/study/data.py`). Colours are the page's variables, to be read in light and dark.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from html import escape
from math import isnan

from pipeline.store.ratings import DEMO, Rating
from pipeline.study import findings
from pipeline.study.data import StudyData
from pipeline.study.findings import MEASURES, Measure, QuestionName, first_answers
from pipeline.study.marks import counted, number, p_value, signed
from pipeline.study.statistics import TOO_FEW, Interval, agreement_in_words

MAX_RATERS = 40  # rows of the table
RENDERED = {"T2I": "Image", "T2T": "Template"}
NAMES: dict[QuestionName, str] = {
    "relevance": "Relevance",
    "correctness": "Correctness",
    "accepted": "Acceptance",
}


def report(data: StudyData, ratings: Sequence[Rating]) -> str:
    """The report on `ratings`, some or all of those in `data`. All text from outside is escaped."""
    first = first_answers(ratings)
    if not first:
        said = (
            "Accept, reject and grade candidates on the Canvas tab: what people think is counted here."
            if data.study.id == DEMO and not data.ratings
            else "No rating is left by what you have chosen above."
            if data.ratings
            else "Raters have not begun."
        )
        return f'<section class="tm-report"><h2>No ratings yet</h2><p class="tm-quiet">{said}</p></section>'
    parts = [
        _headline(data, first),
        f'<div class="tm-measures">{"".join(map(_measure, findings.measures(first)))}</div>',
        _arms(data, first),
        _grades(first),
        _agreement(first),
        _cells(data, first),
        _raters(ratings),
        _days(first),
    ]
    more = "<p class='tm-quiet'>Studies are made and ratings exported under <a href='/admin'>/admin</a>.</p>"
    return f'<section class="tm-report">{"".join(parts)}{more}</section>'


def _headline(data: StudyData, first: Sequence[Rating]) -> str:
    people = counted(len({rating.rater for rating in first}), "person", "people")
    candidates = counted(len({rating.candidate_id for rating in first}), "candidate")
    few = f" Fewer than {TOO_FEW} ratings: too few to compare." if len(first) < TOO_FEW else ""
    open_still = (
        " The study is open: its arms are coded, and its figures may change."
        if data.study.arms and data.study.state != "closed"
        else ""
    )
    return (
        f"<h2>{counted(len(first), 'rating')} of {candidates} by {people}</h2><p class='tm-quiet'>Bars are "
        "95% intervals: these three over raters and canvases (cluster bootstrap), those of single groups "
        f"Wilson's. The tick is the paper's figure, of other raters and models.{few}{open_still}</p>"
    )


def _measure(measure: Measure) -> str:
    share = measure.share
    known = f"{_between(share)}, {counted(share.n, 'answer')}" if share.n else "no answers"
    paper = (
        f"paper {measure.paper:.0%}" if share.n >= TOO_FEW else f"too few to compare with {measure.paper:.0%}"
    )
    return (
        f'<div class="tm-measure"><h3>{measure.name}</h3><strong>{_percent(share.estimate)}</strong>'
        f'{_bar(share, measure.paper)}<p class="tm-quiet">{measure.question}<br>{known}; {paper}</p></div>'
    )


def _arms(data: StudyData, first: Sequence[Rating]) -> str:
    """Each arm in each measure, and every two arms compared."""
    arms = data.arms
    names = sorted({arm.name for arm in data.study.arms})
    if not names:
        return ""
    rows = []
    for name in names:
        of_arm = [rating for rating in first if arms.get(rating.candidate_id) == name]
        shares = [findings.share(of_arm, measure) for measure in MEASURES]
        rows.append((escape(name), str(len(of_arm)), *(_share(share) for share in shares)))
    told = f"<h2>Arms</h2>{_table(('Arm', 'Ratings', *MEASURES), rows)}"
    if len(names) == 1:
        return told
    compared = []
    for each in findings.compare_arms(first, arms):
        gap, pair = each.difference, f"{escape(each.first)} − {escape(each.second)}"
        if gap.n < TOO_FEW:
            compared.append((pair, each.measure, str(gap.n), "too few to compare", "–", ""))
            continue
        told_gap = f"{signed(gap.estimate)} ({signed(gap.low)} to {signed(gap.high)})"
        bar = _bar(gap, None, -1, 1, f"{told_gap} percentage points")
        compared.append((pair, each.measure, str(gap.n), told_gap, p_value(each.holm), bar))
    head = ("Difference", "", "Pairs", "Percentage points", "p (Holm)", "−100 to +100")
    return f"{told}<h2>Arms compared</h2>{_table(head, compared)}"


def _grades(first: Sequence[Rating]) -> str:
    rows = []
    for name in ("relevance", "correctness"):
        counts = findings.counted_grades(first, name)
        rows.append((NAMES[name], *map(str, counts), _stack(counts)))
    head = ("", "1 not", "2 somewhat", "3 very", "")
    return f"<h2>Grades of the prompts</h2>{_table(head, rows)}"


def _agreement(first: Sequence[Rating]) -> str:
    rows = []
    for name, title in NAMES.items():
        alpha = findings.agreement(first, name)
        bounds = "–" if isnan(alpha.low) else f"{number(alpha.low)} to {number(alpha.high)}"
        words = agreement_in_words(alpha.estimate)
        rows.append((title, words[:1].upper() + words[1:], number(alpha.estimate), bounds))
    head = ("", "In words", "Krippendorff's alpha", "95% interval")
    return f"<h2>Do the raters agree?</h2>{_table(head, rows)}"


def _cells(data: StudyData, first: Sequence[Rating]) -> str:
    """Acceptance in single groups: by what was drawn and by whom, or on each canvas; and by length."""
    if data.study.arms:
        titles = {canvas.id: canvas.name for canvas in data.study.canvases}
        told = _group("Accepted, by canvas", first, lambda rating: titles.get(rating.canvas, "–"))
    else:
        told = _group(
            "Accepted, by what was drawn and by whom",
            first,
            lambda rating: f"{RENDERED.get(rating.task, rating.task)}, {rating.renderer}",
        )
    lengths = {rating.length for rating in first}
    if len(lengths) < 2:
        return told
    return told + _group("Accepted, by words wished", first, lambda rating: f"{rating.length or 0:2} words")


def _group(title: str, first: Iterable[Rating], key: Callable[[Rating], str]) -> str:
    found = sorted(findings.cells(first, lambda rating: (key(rating),)).items())
    if not found:
        return f"<h2>{title}</h2><p class='tm-quiet'>Nothing was accepted or rejected yet.</p>"
    rows = [
        (escape(name), str(share.n), _percent(share.estimate), _bar(share) + _few(share.n))
        for (name,), share in found
    ]
    return f"<h2>{title}</h2>{_table(('', 'Decided', 'Accepted', '95% interval'), rows)}"


def _raters(ratings: Sequence[Rating]) -> str:
    found = sorted(findings.raters_of(ratings), key=lambda each: (len(each.rater), each.rater))
    rows = [
        (
            escape(each.rater.capitalize()),
            str(each.ratings),
            number(each.seconds, 1),
            f"{_percent(each.steady)} of {each.repeats}" if each.repeats else "–",
            _percent(each.agreeing),
        )
        for each in found[:MAX_RATERS]
    ]
    more = f" The first {MAX_RATERS} of {len(found)} are shown." if len(found) > MAX_RATERS else ""
    head = ("", "Ratings", "Seconds each", "As before", "As the others")
    return (
        f"<h2>Raters</h2>{_table(head, rows)}<p class='tm-quiet'>Seconds are the median. As before: hidden "
        "repeats that were decided as the first time. As the others: decisions of others on the same "
        f"candidates that were this rater's own.{more}</p>"
    )


def _days(first: Sequence[Rating]) -> str:
    days = findings.per_day(first)
    if len(days) < 2:
        return ""
    top, wide = max(days.values()), min(28.0, 700 / len(days))
    bars = "".join(
        f'<rect class="tm-dot" x="{at * wide:.1f}" y="{60 - 54 * count / top:.1f}" width="{wide * 0.78:.1f}" '
        f'height="{54 * count / top:.1f}"><title>{day}: {count}</title></rect>'
        for at, (day, count) in enumerate(days.items())
    )
    spoken = f"From {min(days)} to {max(days)}, at most {top} a day"
    return (
        '<h2>Ratings per day</h2><div class="tm-scroll"><svg class="tm-days" viewBox="0 0 700 62" '
        f'role="img" aria-label="{spoken}">{bars}</svg><p class="tm-quiet">{spoken}.</p></div>'
    )


# --- marks --------------------------------------------------------------------------------------------


def _percent(share: float) -> str:
    return "–" if isnan(share) else f"{share:.0%}"


def _between(share: Interval) -> str:
    return f"{_percent(share.low)} to {_percent(share.high)}"


def _few(n: int) -> str:
    return "<small>too few to compare</small>" if n < TOO_FEW else ""


def _share(share: Interval) -> str:
    """A share in a cell, with its interval below."""
    if not share.n:
        return "–"
    return f"{_percent(share.estimate)} <small>{_between(share)}</small>{_bar(share)}{_few(share.n)}"


def _bar(
    share: Interval, paper: float | None = None, low: float = 0.0, high: float = 1.0, spoken: str = ""
) -> str:
    """An interval on a line from `low` to `high`, as SVG; zero is marked when it lies within."""

    def at(value: float) -> float:
        return 100 * (value - low) / (high - low)

    marks = f'<rect class="tm-zero" x="{at(0) - 0.25:.1f}" y="1" width="0.5" height="10"/>' if low < 0 else ""
    if share.n:
        left, width = at(share.low), max(at(share.high) - at(share.low), 0.8)
        marks += (
            f'<rect class="tm-span" x="{left:.1f}" y="4" height="4" rx="2" width="{width:.1f}"/>'
            f'<circle class="tm-dot" cx="{at(share.estimate):.1f}" cy="6" r="3"/>'
        )
    if paper is not None:
        marks += f'<rect class="tm-tick" x="{at(paper) - 0.4:.1f}" y="1" width="0.8" height="10"/>'
    spoken = spoken or f"{_percent(share.estimate)}, between {_between(share)}"
    return (
        f'<svg class="tm-interval" viewBox="-3 0 106 12" role="img" aria-label="{spoken}">'
        f'<rect class="tm-scale" x="0" y="5" width="100" height="2" rx="1"/>{marks}</svg>'
    )


def _stack(counts: Sequence[int]) -> str:
    """Grades 1 to 3 as one bar."""
    total, x, marks = max(sum(counts), 1), 0.0, ""
    for grade, count in enumerate(counts, 1):
        width = 100 * count / total
        marks += f'<rect class="tm-grade is-{grade}" x="{x:.1f}" y="1" width="{width:.1f}" height="10"/>'
        x += width
    spoken = ", ".join(f"{count} of grade {grade}" for grade, count in enumerate(counts, 1))
    return f'<svg class="tm-interval" viewBox="-3 0 106 12" role="img" aria-label="{spoken}">{marks}</svg>'


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are HTML already; the first of a row names it."""
    top = "".join(f'<th scope="col">{text}</th>' if text else "<td></td>" for text in head)
    body = "".join(
        f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in rest)}</tr>'
        for first, *rest in rows
    )
    table = f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="tm-scroll" tabindex="0">{table}</div>'
