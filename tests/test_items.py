"""The items of a study: made ahead of time by every arm, and silent about which arm that was."""

import json
import re
from dataclasses import asdict
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from pipeline.canvas import CanvasError
from pipeline.store.database import open_store
from pipeline.study.__main__ import main
from pipeline.study.items import make_items, read_arm, read_canvases, read_prompts
from pipeline.study.studies import Studies, StudyError

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def made(tmp_path_factory, studio):
    """An open study of three arms on two canvases; its items were made in two goes."""
    folder = tmp_path_factory.mktemp("study")
    canvases = folder / "canvases"
    canvases.mkdir()
    secret = PngImagePlugin.PngInfo()
    secret.add_text("Author", "Ms Nobody")
    Image.new("RGB", (320, 240), "#ffe0b0").save(canvases / "party.png", pnginfo=secret)
    (canvases / "party.txt").write_text("Birthday party")
    Image.new("RGB", (240, 320), "#e0ffb0").save(canvases / "market.png")
    (canvases / "market.txt").write_text("Farmers market, Saturday")
    prompts = folder / "teacher.jsonl"
    lines = [{"canvas": "party", "prompt": "A cake."}, {"canvas": "market", "prompt": "A basket of apples."}]
    prompts.write_text("".join(json.dumps(line) + "\n" for line in lines))
    arms = ["guidedarm:renderer=illustrator", "rawarm:guided=no,relevance=2,renderer=illustrator"]
    arms.append(f"teacherarm:prompts={prompts}")
    flags = [flag for arm in arms for flag in ("--arm", arm)]
    create = ["create", "pilot", "--canvases", str(canvases), *flags, "--seed", "3", "--length", "12"]
    assert main(["--data", str(folder), *create]) == 0
    studies = Studies(open_store(f"sqlite:///{folder / 'ratings.sqlite'}"), folder)
    study = studies.get("pilot")
    loaded = []

    def load(**settings):
        loaded.append(settings)
        return studio

    run = make_items(studies, study, load)
    next(run)
    run.close()
    [before] = studies.items(study)
    studies.picture(study.id, "0" * 32).write_bytes(b"left by a run that was killed before it was a row")
    assert [step.reason for step in make_items(studies, study, load)] == [""] * 5
    assert before in studies.items(study)
    assert loaded == [{}, {}, {"renderer": "illustrator"}], "arms of the same models share them"
    assert list(make_items(studies, study, load)) == []
    return studies, studies.open("pilot")


def test_a_broken_run_is_gone_on_with(made):
    """Breaks when a break costs what was made, or leaves doubles, half files or orphans."""
    studies, study = made
    items = studies.items(study)
    assert len(items) == study.size == 6
    assert len({(item.arm, item.canvas) for item in items}) == 6
    pictures = studies.picture(study.id, "").parent
    assert {path.stem for path in pictures.iterdir()} == {item.id for item in items}
    for path in pictures.iterdir():
        with Image.open(path) as picture:
            picture.load()


def test_arms_differ_in_their_settings_alone(made):
    """Breaks when an arm's settings do not reach the writer, or arms are drawn with different seeds."""
    studies, study = made
    name = {arm.code: arm.name for arm in study.arms}
    party = next(canvas.id for canvas in study.canvases if canvas.name == "party")
    items = {name[item.arm]: item for item in studies.items(study) if item.canvas == party}
    assert items["teacherarm"].prompt == "A cake."
    assert items["teacherarm"].slm == "teacher"
    assert items["guidedarm"].words == 12
    assert items["guidedarm"].prompt != items["rawarm"].prompt
    assert len({item.seed for item in items.values()}) == 1
    assert len({(item.topic, item.objects, item.style) for item in items.values()}) == 1


def test_nothing_that_a_rater_gets_tells_the_arm(made):
    """Breaks when a rater could learn the arm from the page's data, the names, times or bytes of files."""
    studies, study = made
    telling = [arm.name for arm in study.arms] + ["illustrator", "template", "teacher", "guided", "slm"]
    ids = {item.id for item in studies.items(study)}
    faces, times = [], set()
    while face := studies.next(study, "ann"):
        faces.append(face)
        studies.answer(
            study, "ann", face.id, id=f"00000000-0000-0000-0000-{face.position:012}",
            accepted=True, relevance=3, correctness=3,
        )  # fmt: skip
        told = {name: str(value) for name, value in asdict(face).items() if name != "prompt"}
        root = str(studies.folder)
        told["picture"], told["canvas"] = (told[name].removeprefix(root) for name in ("picture", "canvas"))
        for word in telling:
            assert word not in " ".join(told.values()).casefold()
        assert set(told) == {
            "id", "position", "task", "canvas", "text", "picture",
            "accepted", "relevance", "correctness", "note",
        }  # fmt: skip
        assert face.id not in ids, "an item's id stays the same for all raters and repeats: it is no URL"
        for path in (face.picture, face.canvas):
            assert re.fullmatch(r"[0-9a-f]{32}\.png", path.name)
            data = path.read_bytes()
            assert _chunks(data) <= {b"IHDR", b"IDAT", b"IEND"}, "metadata in a picture"
            times.add(path.stat().st_mtime)
    assert len(faces) == 6
    assert len(times) == 1, "servers send a file's time as Last-Modified: arms are made one after another"
    codes = [next(i.arm for i in studies.items(study) if i.id == face.picture.stem) for face in faces]
    assert codes != sorted(codes), "the order must not go by arm"


def _chunks(png: bytes) -> set[bytes]:
    at, found = 8, set()
    while at < len(png):
        found.add(png[at + 4 : at + 8])
        at += 12 + int.from_bytes(png[at : at + 4], "big")
    return found


@pytest.mark.parametrize(
    ("arm", "says"),
    [
        (":guided=no", "has no name"),
        ("raw:guidance=no", "no setting 'guidance'"),
        ("raw:guided=maybe", "yes or no"),
        ("raw:relevance=7", "1 to 5"),
        ("raw:slm=/no/such/folder", "no folder"),
        ("human:prompts=/no/such.jsonl", "cannot be read"),
    ],
)
def test_a_wrong_arm_says_what_is_wrong(arm, says):
    """Breaks when a mistyped arm is found out only after hours of making items, or never."""
    with pytest.raises(StudyError, match=says):
        read_arm(arm)
    assert read_arm(" plain ") == ("plain", {})


def test_wrong_files_say_what_is_wrong(tmp_path):
    """Breaks when a broken list of prompts or canvases ends in a traceback or an empty study."""
    prompts = tmp_path / "human.jsonl"
    prompts.write_text('{"canvas": "a", "prompt": "A tent."}\n\n{"canvas": "b"}\n')
    with pytest.raises(StudyError, match=r"human\.jsonl, line 3"):
        read_prompts(prompts)
    prompts.write_text('{"canvas": "a", "prompt": "A tent."}\n{"canvas": "a", "prompt": "Two  tents."}\n')
    assert read_prompts(prompts) == {"a": ["A tent.", "Two tents."]}
    with pytest.raises(StudyError, match="takes its prompts from a file"):
        read_arm(f"human:prompts={prompts},guided=no")
    with pytest.raises(StudyError, match="no picture"):
        read_canvases([tmp_path])
    with pytest.raises(CanvasError, match="no file"):
        read_canvases([tmp_path / "none.png"])
    (tmp_path / "list.json").write_text('[{"picture": "a.png"}]')
    with pytest.raises(StudyError, match="no list of canvases"):
        read_canvases([tmp_path / "list.json"])
    Image.new("RGB", (64, 64)).save(tmp_path / "a.png")
    with pytest.raises(StudyError, match="Two canvases are called 'a'"):
        read_canvases([tmp_path / "a.png", tmp_path])


def test_the_command_line_answers_in_one_line(tmp_path, capsys):
    """Breaks when a mistake of the researcher ends in a traceback or passes for success."""
    data = ["--data", str(tmp_path)]
    samples = str(ROOT / "assets" / "samples" / "samples.json")
    for command, says in (
        (["open", "pilot"], "There is no study 'pilot'"),
        (["create", "../x", "--canvases", samples, "--arm", "a"], "name is made of"),
        (["create", "pilot", "--canvases", samples, "--arm", "a", "--arm", "a"], "same name"),
        (["create", "pilot", "--canvases", samples, "--arm", "a", "--target", "0"], "from 1"),
        (["create", "pilot", "--canvases", samples, "--arm", "a", "--repeat-every", "2"], "10 to 20"),
        (["report", "demo", "--out", str(tmp_path / "report.doc")], "an .html or a .pdf"),
        (["import", str(tmp_path)], "no exported study"),
        (["close", "demo"], "cannot be closed"),
        (["--db", "mysql://x", "list"], "SQLite or PostgreSQL"),
    ):
        assert main([*data, *command]) == 2, command
        told = capsys.readouterr().err
        assert says in told
        assert told.count("\n") == 1
    assert main([*data, "create", "pilot", "--canvases", samples, "--arm", "a"]) == 0
    assert main([*data, "open", "pilot"]) == 2
    assert "3 items are not made yet" in capsys.readouterr().err
    assert main([*data, "create", "pilot", "--canvases", samples, "--arm", "a"]) == 2
    assert "already" in capsys.readouterr().err
