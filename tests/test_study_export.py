"""A study as files and back, and its report."""

import csv
import json
import random
import re
import shutil
from dataclasses import fields, replace
from pathlib import Path
from uuid import UUID

import pyarrow.parquet as pq
import pytest

from pipeline.canvas import Canvas
from pipeline.store.database import StoreError, open_store
from pipeline.store.ratings import Rating, Ratings
from pipeline.store.studies import Item
from pipeline.study.data import StudyData, gather
from pipeline.study.export import export_study, import_study, preference_pairs
from pipeline.study.report import report_html
from pipeline.study.studies import Studies, StudyError
from slm.command import Brief, Task, render

NASTY = 'Said "hello",\n=1+1; Ünïcode 🎈\u2028line\u0085next'
ARMS = {"guidedarm": {}, "rawarm": {"guided": "no"}}


def empty(folder: Path) -> Studies:
    return Studies(open_store(f"sqlite:///{folder / 'ratings.sqlite'}"), folder)


@pytest.fixture(scope="module")
def rated(tmp_path_factory) -> Path:
    """A folder with a study of two arms on ten canvases, rated by eight people, some changing their minds."""
    folder = tmp_path_factory.mktemp("rated")
    studies = empty(folder)
    canvases = {f"canvas {n}": (Canvas(None, "Fair"), Task.T2I) for n in range(10)}
    study = studies.create("pilot", ARMS, canvases, seed=7, target=6, code="sesame")
    ids = random.Random(1)
    for canvas in study.canvases:
        for arm in study.arms:
            id = f"{ids.getrandbits(128):032x}"
            about = ("T2I", "fair", ("tent",), "", "bold", 20, 3, 1, f"painter-{arm.name}", f"slm-{arm.name}")
            picture = studies.picture(study.id, id)
            picture.parent.mkdir(parents=True, exist_ok=True)
            picture.write_bytes(b"picture of " + id.encode())
            studies.add_item(Item(id, study.id, arm.code, canvas.id, 0, f"A tent, {id[:4]}.", *about))
    study = studies.open("pilot")
    rng = random.Random(2)
    for rater in ("5ecret-ann", "5ecret-bob", *(f"5ecret-{n}" for n in range(6))):
        while (face := studies.next(study, rater)) and face.position < 20:
            for _change in range(1 + (rng.random() < 0.1)):
                answers = {name: rng.choice([1, 2, 3, 3]) for name in ("relevance", "correctness")}
                note = NASTY if face.position == 3 else "=1+1" if face.position == 4 else ""
                click = {
                    "id": str(UUID(int=rng.getrandbits(128))),
                    "accepted": rng.random() < 0.7,
                    "note": note,
                }
                how = {"seconds": round(rng.uniform(1, 9), 2), "device": "phone"}
                studies.answer(study, rater, face.id, **answers, **click, **how)
    studies.rows.store.close()
    return folder


@pytest.fixture
def studies(rated, tmp_path) -> Studies:
    """A copy of it for each test."""
    return empty(shutil.copytree(rated, tmp_path / "here"))


def test_what_is_imported_gives_the_same_report(studies, tmp_path, database_url):
    """Breaks when an export leaves out or changes anything that a figure of the report rests on."""
    export_study(studies, studies.close("pilot"), tmp_path / "out")
    there = Studies(open_store(database_url), tmp_path / "there")
    study = import_study(there, tmp_path / "out")
    told = (tmp_path / "out" / "report.html").read_bytes()
    assert report_html(gather(there, study)).encode() == told
    assert b"rawarm" in told
    assert there.items(study)[0] == studies.items(study)[0]
    export_study(there, there.get("pilot"), tmp_path / "again")
    for path in sorted((tmp_path / "out").rglob("*")):
        if path.is_file() and path.suffix != ".parquet":
            assert (tmp_path / "again" / path.relative_to(tmp_path / "out")).read_bytes() == path.read_bytes()


def test_an_open_study_is_told_without_its_arms(studies, tmp_path):
    """Breaks when the researcher, who may talk to raters, can read the arms before the study is closed; or
    when an export names a rater or the invitation."""
    export_study(studies, studies.get("pilot"), tmp_path / "out")
    pilot = studies.get("pilot")
    told = b"".join(path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file())
    for word in ("guidedarm", "rawarm", "painter", "slm-", "guided", "5ecret", "sesame"):
        assert word.encode() not in told, word
    there = empty(tmp_path / "there")
    import_study(there, tmp_path / "out")
    assert report_html(gather(there, there.get("pilot"))) == report_html(gather(studies, pilot))


def test_all_forms_of_the_ratings_say_the_same(studies, tmp_path):
    """Breaks when a row or character is lost in one form, or a spreadsheet would run what a rater wrote."""
    study = studies.close("pilot")
    data = export_study(studies, study, tmp_path / "out")
    jsonl = (tmp_path / "out" / "ratings.jsonl").read_text("utf-8")
    lines = [json.loads(line) for line in jsonl.split("\n")[:-1]]
    rows = pq.read_table(tmp_path / "out" / "ratings.parquet").to_pylist()
    assert lines == rows
    assert len(rows) == len(studies.ratings.history(study.id)) > len(data.ratings) > 100
    assert sum(row["current"] for row in rows) == len(data.ratings)
    assert any(row["note"] == NASTY for row in rows)
    assert {row["arm"] for row in rows} == set(ARMS)
    with (tmp_path / "out" / "ratings.csv").open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    for row, told in zip(rows, table, strict=True):
        assert told["note"] == ("'=1+1" if row["note"] == "=1+1" else row["note"])
        assert told["objects"] == "tent"
        for name in ("id", "prompt", "seconds"):
            assert told[name] == str(row[name])
    assert {spec.name for spec in fields(Rating)} < set(table[0])


def test_preference_pairs_are_one_persons_on_one_canvas():
    """Breaks when a prompt is preferred to one for another wish, by another person, or to itself."""

    def said(rater, prompt, accepted, **more) -> Rating:
        id = str(UUID(int=random.getrandbits(128)))
        about = {"topic": "fair", "objects": ("tent",), "length": 20, "canvas": "c1"} | more
        return Rating(id, prompt, rater, accepted, None, None, prompt, "T2I", **about)

    pairs = preference_pairs(
        [
            said("ann", "A red tent.", True),
            said("ann", "A blue tent.", False),
            said("ann", "A green tent.", None),
            said("ann", "A far tent.", False, canvas="c2"),
            said("ann", "A long tent.", False, length=30),
            said("ann", "A second look.", False, repeated=True),
            said("ann", "No wish.", False, topic=""),
            said("bob", "A red tent.", False),
        ]
    )
    line = render(Brief(Task.T2I, "fair", ("tent",), length=20))
    assert pairs == [{"prompt": line, "chosen": " A red tent.", "rejected": " A blue tent."}]


def test_a_broken_or_known_export_is_refused_whole(studies, tmp_path):
    """Breaks when half of an import stays, ratings double, or a name in a file leads out of the folder."""
    study = studies.close("pilot")
    out = tmp_path / "out"
    export_study(studies, study, out)
    with pytest.raises(StudyError, match="not empty"):
        export_study(studies, study, out)
    with pytest.raises(StudyError, match="is here already"):
        import_study(studies, out)
    there = empty(tmp_path / "there")
    told = json.loads((out / "study.json").read_text("utf-8"))
    good = (out / "ratings.jsonl").read_text("utf-8")
    for change, says in (
        ({"format": 99}, "another version"),
        ({"study": told["study"] | {"arms": 3}}, "missing or broken"),
        ({"items": [told["items"][0] | {"id": "../../secret"}]}, "strange id"),
    ):
        (out / "study.json").write_text(json.dumps(told | change))
        with pytest.raises(StudyError, match=says):
            import_study(there, out)
    (out / "study.json").write_text(json.dumps(told))
    (out / "ratings.jsonl").write_text(good + '{"id": 1}\n', encoding="utf-8")
    with pytest.raises(StudyError, match="missing or broken"):
        import_study(there, out)
    (out / "ratings.jsonl").write_text(good + good.split("\n")[0] + "\n", encoding="utf-8")
    with pytest.raises(StoreError, match="could not be saved"):
        import_study(there, out)
    assert [known.name for known in there.all()] == ["demo"]
    (out / "ratings.jsonl").write_text(good, encoding="utf-8")
    assert import_study(there, out).name == "pilot"
    with pytest.raises(StudyError, match="is here already"):
        import_study(there, out)


def test_the_open_demo_is_exported_too(tmp_path):
    """Breaks when ratings from the Canvas tab cannot leave the database, or not come back."""
    here, there = empty(tmp_path / "here"), empty(tmp_path / "there")
    for n in range(3):
        id = str(UUID(int=n))
        said = ("ann", n > 0, 3, 2, "A tent.", "T2I")
        here.ratings.record(Rating(id, f"c{n}", *said, topic="fair", renderer="illustrator", canvas=f"x{n}"))
    export_study(here, here.get("demo"), tmp_path / "out")
    told = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert "Open demo" in told
    assert "too few to compare" in told
    assert "illustrator" in told
    assert report_html(gather(there, import_study(there, tmp_path / "out"))) == told
    assert len(Ratings(there.ratings.store).current()) == 3


def test_the_report_keeps_to_itself(studies):
    """Breaks when the page loads or runs anything, puts a name into it as markup, or changes by itself."""
    data = gather(studies, studies.close("pilot"))
    page = report_html(data)
    assert page == report_html(data)
    assert not re.search(r"<script|<link|<img|<iframe|@import|url\(|\bon\w+=|https?://", page)
    evil = replace(data.study, name="<script>alert(1)</script>")
    evil = replace(evil, arms=tuple(replace(arm, name=f"<b>{arm.name}") for arm in evil.arms))
    page = report_html(StudyData(evil, data.items, data.history))
    assert "<script" not in page
    assert "<b>" not in page


def test_a_report_of_little_says_so(studies):
    """Breaks when few or no ratings end in a crash, or in figures without a warning."""
    data = gather(studies, studies.close("pilot"))
    assert "No ratings yet" in report_html(StudyData(data.study, data.items, ()))
    few = report_html(StudyData(data.study, data.items, data.history[:9]))
    assert "Fewer than 30 ratings" in few
    assert "too few to compare" in few
    assert "Fewer than 30 ratings" not in report_html(data)
    one = report_html(StudyData(data.study, data.items, data.history[:1]))
    assert "1 rating of 1 item on 1 canvas by 1 rater" in one
