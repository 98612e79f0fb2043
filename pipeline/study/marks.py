"""Figures in words, and drawn: percentages, tables and small SVGs for reports. All of it is HTML."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isnan

from pipeline.study.statistics import Interval

FILLS = (("#f0d9c4", "#1c2330"), ("#c6ccf3", "#1c2330"), ("#3d4bd8", "#fff"))
"""Of grades 1 to 3: the bar's colour and that of what is written on it."""


def percent(share: float) -> str:
    return "–" if isnan(share) else f"{share:.1%}"


def p_value(p: float) -> str:
    return "–" if isnan(p) else "&lt; 0.001" if p < 0.001 else f"{p:.3f}"


def counted(count: int, one: str, many: str = "") -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def number(value: float, places: int = 2) -> str:
    return "–" if isnan(value) else f"{value:.{places}f}".replace("-", "−")


def between(share: Interval) -> str:
    return f"{percent(share.low)} to {percent(share.high)}" if share.n else "no answers"


def signed(value: float) -> str:
    """Percentage points with a sign, as printers write it."""
    return f"{100 * value:+.1f}".replace("-", "−")


def table(head: Sequence[str], rows: Iterable[Sequence[str]], numbers: Iterable[int] = ()) -> str:
    """A table of cells that are HTML already; the columns in `numbers` stand to the right."""
    right = set(numbers)

    def cell(i: int, text: str, tag: str) -> str:
        look = "n" if i in right else "wide" if text.startswith("<svg") else "text"
        return f"<{tag} class='{look}'>{text}</{tag}>"

    top = "".join(cell(i, text, "th") for i, text in enumerate(head))
    body = ""
    for first, *rest in rows:
        cells = "".join(cell(i, text, "td") for i, text in enumerate(rest, 1))
        body += f"<tr><th scope='row'>{first}</th>{cells}</tr>"
    return f"<div class='scroll'><table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>"


def interval_svg(share: Interval, paper: float | None = None, low: float = 0.0, high: float = 1.0) -> str:
    """An interval on a line from `low` to `high`; the paper's figure and a zero within are marked."""

    def at(value: float) -> float:
        return 200 * (value - low) / (high - low)

    marks = ""
    if low < 0:
        marks += f'<path d="M{at(0):.1f} 1v14" stroke="#8a93a3" stroke-width="1" stroke-dasharray="2 2"/>'
    if share.n:
        left, dot, right = at(share.low), at(share.estimate), at(share.high)
        marks += (
            f'<rect x="{left:.1f}" y="5.5" width="{max(right - left, 1):.1f}" height="5" rx="2.5" '
            'fill="#aab2ee"/>'
            f'<circle cx="{dot:.1f}" cy="8" r="4" fill="#3d4bd8"/>'
        )
    if paper is not None:
        marks += f'<path d="M{at(paper):.1f} 0v16" stroke="#b4530a" stroke-width="2"/>'
    told = f"{percent(share.estimate)}, 95% interval {between(share)}"
    return (
        f'<svg viewBox="-5 0 210 16" role="img" aria-label="{told}">'
        f'<path d="M0 8h200" stroke="#d9dee6" stroke-width="1.5"/>{marks}</svg>'
    )


def stacked_svg(counts: Sequence[int]) -> str:
    """Grades 1 to 3 as one bar."""
    total, x, marks = sum(counts), 0.0, ""
    for count, (fill, ink) in zip(counts, FILLS, strict=True):
        width = 200 * count / total if total else 0.0
        marks += f'<rect x="{x:.1f}" y="0" width="{width:.1f}" height="16" fill="{fill}"/>'
        if width > 22:
            marks += (
                f'<text x="{x + width / 2:.1f}" y="11.5" font-size="9" text-anchor="middle" fill="{ink}">'
                f"{count / total:.0%}</text>"
            )
        x += width
    told = ", ".join(f"{count} of grade {grade}" for grade, count in enumerate(counts, 1))
    return f'<svg viewBox="0 0 200 16" role="img" aria-label="{told}">{marks}</svg>'
