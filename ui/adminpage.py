"""The administration's HTML: every study, its progress, what can be done with it; a form for a new one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape
from pathlib import Path
from urllib.parse import quote

from pipeline.store.ratings import DEMO
from pipeline.store.studies import Study
from pipeline.study.data import StudyData, gather
from pipeline.study.findings import first_answers
from pipeline.study.marks import counted, table
from pipeline.study.studies import Studies
from ui.study import own_page

SAMPLES = Path(__file__).resolve().parents[1] / "assets" / "samples" / "samples.json"
DOWNLOADS = (
    ("report", "Report"),
    ("ratings.csv", "CSV"),
    ("ratings.jsonl", "JSONL"),
    ("ratings.parquet", "Parquet"),
    ("preferences.jsonl", "Preference pairs"),
    ("export.zip", "All of it"),
)
STATES = {"draft": "in preparation", "open": "open", "closed": "closed"}
FIELDS = (  # of the form: name, label, kind and what it starts with
    ("name", "Name, as raters see it", "text", ""),
    ("code", "Code of the invitation (none: whoever has the link may take part)", "text", ""),
    ("target", "Raters for each item", "number", "5"),
    ("length", "Words of a prompt", "number", "20"),
    ("per_canvas", "Items of each arm for each canvas", "number", "1"),
    ("repeat_every", "One hidden repeat for so many items, 10 to 20, or 0", "number", "10"),
)


def login_page(has_password: bool, problem: str = "") -> str:
    """What is shown to who may not administer, yet or at all."""
    if has_password:
        body = (
            "<form method='post' action='/admin/enter'><label class='st-code'>Password<input type='password' "
            "name='password' autocomplete='current-password' required autofocus></label>"
            f"<p class='st-wrong' role='alert'>{escape(problem)}</p>"
            "<button class='tm-button is-primary st-start'>Enter</button></form>"
        )
    else:
        body = (
            "<p>No password is set, so this page opens only on the machine that runs TinyMuse, at its own "
            "address (http://127.0.0.1 or http://localhost).</p><p>To administer from elsewhere, put a "
            "password into a file and start TinyMuse with <code>--admin-password-file FILE</code>, or set "
            "<code>TINYMUSE_ADMIN_PASSWORD</code>.</p>"
        )
    return own_page("Administration", f"<main class='st-lone'><h1>Administration</h1>{body}</main>")


def admin_page(
    studies: Studies,
    found: Sequence[tuple[Study, bool, Path]],
    address: str,
    *,
    leave: bool,
    problem: str,
) -> str:
    """The whole page. `found` tells of each study whether its items are being made, and the log of that."""
    cards = "".join(
        _card(gather(studies, study), study, making, log, address) for study, making, log in reversed(found)
    )
    out = _button("/admin/leave", "Leave") if leave else ""
    alone = (
        ""
        if leave
        else "<p class='tm-quiet'>You are let in because you sit at the machine that runs TinyMuse. To "
        "administer from elsewhere, set a password: <code>--admin-password-file FILE</code> or "
        "<code>TINYMUSE_ADMIN_PASSWORD</code>.</p>"
    )
    body = (
        f"<main class='ad'><header class='st-top'><h1>Studies</h1><a href='/'>TinyMuse</a>{out}</header>"
        f"{alone}{_alert(problem)}{cards}{_new()}</main>"
    )
    return own_page("Administration", body)


def _card(data: StudyData, study: Study, making: bool, log: Path, address: str) -> str:
    name, path = escape(study.name), f"/admin/studies/{quote(study.name)}"
    links = "".join(f"<a class='tm-button' href='{path}/{file}'>{text}</a>" for file, text in DOWNLOADS)
    downloads = f"<div class='ad-row'>{links}</div>"
    ratings = f"{counted(len(first_answers(data.ratings)), 'rating')} by {counted(_raters(data), 'rater')}"
    if study.id == DEMO:
        return (
            f"<section class='ad-card'><h2>Open demo</h2><p>{ratings}: what anyone rated on the Canvas tab."
            f"</p>{downloads}</section>"
        )
    facts = (
        f"{counted(len(study.canvases), 'canvas', 'canvases')}, {counted(len(study.arms), 'arm')}, "
        f"{counted(study.size, 'item')}, {counted(study.target, 'rater')} for each; {ratings}."
    )
    return (
        f"<section class='ad-card'><h2>{name} <span class='ad-state is-{study.state}'>{STATES[study.state]}"
        f"</span></h2><p>{facts}</p>{_next(data, study, making, log, path, address)}{_progress(data, study)}"
        f"{downloads if data.history else ''}</section>"
    )


def _next(data: StudyData, study: Study, making: bool, log: Path, path: str, address: str) -> str:
    """What can be done with the study now."""
    link = f"{address}/study/{quote(study.name)}" + (f"?code={quote(study.code)}" if study.code else "")
    if study.state == "open":
        return (
            f"<p>Invite raters with this link: <a href='{escape(link)}'><code>{escape(link)}</code></a></p>"
            f"<form class='ad-row' method='post' action='{path}/close'><label class='st-agree'><input "
            "type='checkbox' required><span>No more ratings, for good; the arms are named</span></label>"
            "<button class='tm-button'>Close</button></form>"
        )
    if study.state == "closed":
        return ""
    made = f"{len(data.items)} of {study.size} items are made"
    if making:
        return f"<p role='status'>{made}; it goes on. <a href='/admin'>Look again</a></p>"
    if len(data.items) == study.size:
        return f"<p>{made}.</p>{_button(f'{path}/open', 'Open to raters', primary=True)}"
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.is_file() else []
    last = _alert(lines[-1]) if lines else ""
    return f"<p>{made}.</p>{last}{_button(f'{path}/items', 'Make the items', primary=True)}"


def _progress(data: StudyData, study: Study) -> str:
    """How far each arm is; arms have codes until the study is closed."""
    if study.state == "draft":
        return ""
    arms = data.arms
    done = Counter(arms[r.candidate_id] for r in first_answers(data.ratings) if r.candidate_id in arms)
    wanted = len(study.canvases) * study.per_canvas * study.target
    rows = [
        (
            escape(arm.name),
            f"{done[arm.name]} of {wanted}",
            f"<progress max='{wanted}' value='{done[arm.name]}'>{done[arm.name]}</progress>",
        )
        for arm in data.study.arms
    ]
    coded = "" if study.state == "closed" else "<p class='tm-quiet'>Arms keep their codes until the end.</p>"
    return table(("Arm", "Ratings", "Progress"), rows) + coded


def _raters(data: StudyData) -> int:
    return len({rating.rater for rating in data.ratings})


def _new() -> str:
    fields = "".join(
        f"<label class='st-code'>{label}<input type='{kind}' name='{name}' value='{value}'"
        f"{' required' if kind == 'number' or name == 'name' else ''}></label>"
        for name, label, kind, value in FIELDS
    )
    return (
        "<details class='ad-card'><summary><h2>A new study</h2></summary>"
        f"<form method='post' action='/admin/studies'><div class='ad-fields'>{fields}</div>"
        "<label class='st-code'>Arms, one a line: name, or name:key=value,key=value "
        "<span class='tm-quiet'>keys: renderer, slm, guided (yes, no), relevance (1 to 5), prompts (a .jsonl "
        "file)</span><textarea name='arms' rows='3' required>guided\nraw:guided=no</textarea></label>"
        "<label class='st-code'>Canvases, one a line: pictures, folders of pictures or .json lists on this "
        f"machine<textarea name='canvases' rows='2' required>{escape(str(SAMPLES))}</textarea></label>"
        "<button class='tm-button is-primary st-start'>Create</button></form></details>"
    )


def _button(action: str, text: str, *, primary: bool = False) -> str:
    look = "tm-button is-primary" if primary else "tm-button"
    return f"<form method='post' action='{action}'><button class='{look}'>{text}</button></form>"


def _alert(problem: str) -> str:
    return f"<div class='tm-alert' role='alert'><p>{escape(problem)}</p></div>" if problem else ""
