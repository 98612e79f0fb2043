"""The report of a study: one HTML page with everything in it, to be attached to a paper or printed.

It follows from the study's data alone, so the same data gives the same bytes. It has no script, loads nothing
and says how every figure was worked out. Arms are A, B, C while the study is open.
"""

from __future__ import annotations

import shutil
import subprocess
from html import escape
from math import isnan
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.store.ratings import DEMO, Rating
from pipeline.study import findings
from pipeline.study.data import StudyData
from pipeline.study.findings import MEASURES, first_answers
from pipeline.study.marks import (
    between,
    counted,
    interval_svg,
    number,
    p_value,
    percent,
    signed,
    stacked_svg,
    table,
)
from pipeline.study.methods import limits, methods
from pipeline.study.statistics import TOO_FEW, agreement_in_words
from pipeline.study.studies import StudyError

MANY_CANVASES = 12
"""With more canvases than this, the acceptance on each would fill the page."""
STYLE = (Path(__file__).parent / "report.css").read_text(encoding="utf-8")


BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")


def report_html(data: StudyData) -> str:
    """The whole page. All text from outside is escaped."""
    study, ratings = data.study, data.ratings
    first = first_answers(ratings)
    title = "Open demo" if study.id == DEMO else study.name
    parts = [f"<h1>Rating study: {escape(title)}</h1>", _standing(data)]
    if ratings:
        parts += [_headline(first), _arms(data), _grades(first), _agreement(first), _groups(data)]
        parts += [_raters(ratings), _days(ratings)]
    parts += [methods(data), limits(data)]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Rating study: {escape(title)}</title><style>{STYLE}</style></head>\n"
        f"<body>\n{''.join(part + chr(10) for part in parts if part)}</body></html>\n"
    )


def write_report(data: StudyData, file: Path) -> None:
    """Write the page to `file`: as it is (.html), or printed by this machine's Chromium or Chrome (.pdf).

    Raises StudyError on another ending, when there is no such browser, or when the file cannot be written.
    """
    if file.suffix not in (".html", ".pdf"):
        raise StudyError(f"A report is an .html or a .pdf file, not {file.name!r}.")
    try:
        if file.suffix == ".html":
            file.write_text(report_html(data), encoding="utf-8")
            return
        browser = next(filter(None, map(shutil.which, BROWSERS)), None)
        if browser is None:
            raise StudyError("No Chromium or Chrome was found to print a PDF. Write .html and print that.")
        with TemporaryDirectory() as folder:
            page = Path(folder) / "report.html"
            page.write_text(report_html(data), encoding="utf-8")
            quiet = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
            own = [f"--user-data-dir={folder}", f"--print-to-pdf={file.resolve()}"]
            command = [browser, *quiet, *own, page.as_uri()]
            subprocess.run(command, capture_output=True, timeout=60, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        raise StudyError(f"The report cannot be written to {str(file)!r} ({error}).") from None


def _standing(data: StudyData) -> str:
    """Who said how much about what, and whether that is the end."""
    study, first = data.study, first_answers(data.ratings)
    if not first:
        return "<p class='quiet'>No ratings yet.</p>"
    days = sorted({rating.created_at[:10] for rating in first})
    when = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
    said = (
        f"{counted(len(first), 'rating')} of {counted(len({r.candidate_id for r in first}), 'item')} "
        f"on {counted(len({findings.canvas_of(r) for r in first}), 'canvas', 'canvases')} "
        f"by {counted(len({r.rater for r in first}), 'rater')}, {when}."
    )
    if repeats := sum(rating.repeated for rating in data.ratings):
        said += f" Another {counted(repeats, 'rating')} repeated an item, to see how steady the raters are."
    warnings = []
    if study.state != "closed" and study.id != DEMO:
        warnings.append(
            "This study is still open: its arms are coded and its figures may change. To end it when a "
            "difference shows would make that difference worthless."
        )
    if len(first) < TOO_FEW:
        warnings.append(f"Fewer than {TOO_FEW} ratings: too few to compare or conclude anything.")
    return f"<p>{said}</p>{''.join(f'<p class=warn>{warning}</p>' for warning in warnings)}"


def _headline(first: list[Rating]) -> str:
    cards = ""
    for measure in findings.measures(first):
        share = measure.share
        cards += (
            f"<div class='measure'><h3>{measure.name}</h3><strong>{percent(share.estimate)}</strong>"
            f"{interval_svg(share, measure.paper)}<p>95% interval {between(share)}<br>{measure.question}<br>"
            f"{counted(share.n, 'answer')}; paper {measure.paper:.0%} (mark)</p></div>"
        )
    return f"<div class='measures'>{cards}</div>"


def _arms(data: StudyData) -> str:
    arms = data.arms
    names = sorted({arm.name for arm in data.study.arms})
    if not names:
        return ""
    first = first_answers(data.ratings)
    shares = []
    for name in names:
        of_arm = [rating for rating in first if arms.get(rating.candidate_id) == name]
        for measure, (_, paper) in MEASURES.items():
            share = findings.share(of_arm, measure)
            label = escape(name) if measure == "Accepted" else ""
            shares.append(
                (
                    label,
                    measure,
                    str(share.n),
                    percent(share.estimate),
                    between(share),
                    interval_svg(share, paper),
                )
            )
    head = ("Arm", "", "Answers", "Share", "95% interval", "0 to 100%, mark: paper")
    told = f"<h2>Arms</h2>{table(head, shares, (2, 3))}"
    if len(names) == 1:
        return told
    return told + _comparisons(data)


def _comparisons(data: StudyData) -> str:
    compared = findings.compare_arms(data.ratings, data.arms)
    rows = []
    for each in compared:
        gap = each.difference
        enough = gap.n >= TOO_FEW
        rows.append(
            (
                f"{escape(each.first)} − {escape(each.second)}",
                each.measure,
                str(gap.n),
                signed(gap.estimate) if enough else "–",
                f"{signed(gap.low)} to {signed(gap.high)}" if enough else "too few to compare",
                p_value(each.p),
                p_value(each.holm),
                interval_svg(gap, None, -1, 1) if enough else "",
            )
        )
    head = ("Difference", "", "Pairs", "% points", "95% interval", "p", "p (Holm)", "−100 to +100 points")
    return f"<h2>Arms compared</h2>{table(head, rows, (2, 3, 5, 6))}"


def _grades(first: list[Rating]) -> str:
    rows = []
    for name in ("relevance", "correctness"):
        counts = findings.counted_grades(first, name)
        rows.append((name.capitalize(), *map(str, counts), stacked_svg(counts)))
    return (
        f"<h2>Grades of the prompts</h2>{table(('', '1 not', '2 somewhat', '3 very', ''), rows, (1, 2, 3))}"
    )


def _agreement(first: list[Rating]) -> str:
    rows = []
    for name in ("relevance", "correctness", "accepted"):
        alpha = findings.agreement(first, name)
        bounds = "–" if isnan(alpha.low) else f"{number(alpha.low)} to {number(alpha.high)}"
        rows.append((name.capitalize(), number(alpha.estimate), bounds, agreement_in_words(alpha.estimate)))
    return f"<h2>Do the raters agree?</h2>{table(('', 'Alpha', '95% interval', ''), rows, (1, 2))}"


def _groups(data: StudyData) -> str:
    """Acceptance in single cells: of each arm on each canvas, or in the demo of each renderer."""
    if data.study.arms:
        names = {canvas.id: canvas.name for canvas in data.study.canvases}
        if len(names) > MANY_CANVASES:
            return ""
        arms, title, head = data.arms, "Accepted, by canvas and arm", ("Canvas", "Arm")
        found = findings.cells(
            (rating for rating in data.ratings if rating.candidate_id in arms),
            lambda rating: (names.get(rating.canvas, rating.canvas), arms[rating.candidate_id]),
        )
        found = dict(sorted(found.items()))
    else:
        title, head = "Accepted, by what was drawn and by whom", ("Task", "Renderer")
        found = findings.acceptance_by(data.ratings, "task", "renderer")
    rows = [
        (*map(escape, key), str(share.n), percent(share.estimate), between(share), interval_svg(share))
        for key, share in found.items()
    ]
    return f"<h2>{title}</h2>{table((*head, 'Answers', 'Share', '95% interval', '0 to 100%'), rows, (2, 3))}"


def _raters(ratings: list[Rating]) -> str:
    raters = findings.raters_of(ratings)
    rows = [
        (
            each.rater.capitalize(),
            str(each.ratings),
            number(each.seconds, 1),
            f"{round(each.steady * each.repeats)} of {each.repeats}" if each.repeats else "–",
            percent(each.agreeing),
        )
        for each in raters
    ]
    head = ("", "Ratings", "Seconds", "As before", "As others")
    half = len(rows) if len(rows) < 8 else -(-len(rows) // 2)
    tables = "".join(table(head, rows[i : i + half], range(1, 5)) for i in range(0, len(rows), half))
    repeats = sum(each.repeats for each in raters)
    same = sum(round(each.steady * each.repeats) for each in raters if each.repeats)
    steady = f", {same} of {repeats} in all" if repeats else ""
    return (
        f"<h2>Raters</h2><div class='side'>{tables}</div><p class='quiet'>Seconds are the median. As before: "
        f"how many hidden repeats were accepted or rejected as the first time{steady}. As others: how many "
        "decisions of others on the same items were the rater's own.</p>"
    )


def _days(ratings: list[Rating]) -> str:
    days = findings.per_day(ratings)
    if len(days) < 2:
        return ""
    top = max(days.values())
    width = min(40.0, 600 / len(days))
    bars = "".join(
        f'<rect x="{i * width:.1f}" y="{50 - 46 * count / top:.1f}" width="{width * 0.8:.1f}" '
        f'height="{46 * count / top:.1f}" fill="#3d4bd8"><title>{day}: {count}</title></rect>'
        for i, (day, count) in enumerate(days.items())
    )
    return (
        '<h2>Ratings per day</h2><svg viewBox="0 0 600 66" role="img" '
        f'aria-label="Ratings per day, at most {top}">{bars}'
        f'<text x="0" y="63" font-size="11" fill="#596273">{min(days)}: {days[min(days)]}, '
        f"{max(days)}: {days[max(days)]}, at most {top}</text></svg>"
    )
