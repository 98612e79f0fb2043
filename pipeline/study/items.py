"""The items of a study, made ahead of time: every arm's prompts and pictures for every canvas.

An arm is the studio under settings of its own:

    renderer=NAME_OR_FOLDER   what draws: auto, illustrator, or a diffusion model
    slm=FOLDER_OR_ADDRESS     what writes: a checkpoint of the language model, or a server
    guided=no                 the raw model: its first draft as it comes
    relevance=1..5            the relevance that the prompt is asked for
    prompts=FILE.jsonl        nobody writes: lines {"canvas": NAME, "prompt": TEXT}, by a teacher or a person

What was made stays made: after a break the same command goes on with what is missing.
"""

from __future__ import annotations

import json
import secrets
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from pipeline.candidate import MAX_SEED
from pipeline.canvas import Canvas, open_canvas
from pipeline.store.studies import Arm, Item, Study, StudyCanvas
from pipeline.studio import Drawn, Failed, Studio, load_studio
from pipeline.study.order import draw
from pipeline.study.studies import Studies, StudyError, keep_picture
from slm.command import ASKED_RELEVANCE, Brief, Task, count_words
from slm.decode import USUAL, Prompt, Sampling
from slm.generate import Writer

SETTINGS = ("renderer", "slm", "guided", "relevance", "prompts")
PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff")


@dataclass(frozen=True)
class Made:
    """What became of one item: `reason` says why it could not be made, "" when it was."""

    arm: str  # its name
    canvas: str  # its name
    number: int
    reason: str = ""


# --- what a researcher hands in -----------------------------------------------------------------------------


def read_arm(text: str) -> tuple[str, dict[str, str]]:
    """Name and settings of an arm written as `name` or `name:key=value,key=value`. Raises StudyError."""
    name, _, rest = text.partition(":")
    pairs = [each.partition("=") for each in rest.split(",") if each.strip()]
    settings = {key.strip(): value.strip() for key, _, value in pairs}
    if not name.strip():
        raise StudyError(f"The arm {text!r} has no name. Write it as name:key=value,key=value.")
    for key, value in settings.items():
        if key not in SETTINGS:
            raise StudyError(f"An arm has no setting {key!r}; there are {', '.join(SETTINGS)}.")
        if key == "guided" and value not in ("yes", "no"):
            raise StudyError(f"guided is yes or no, not {value!r}.")
        if key == "relevance" and value not in ("1", "2", "3", "4", "5"):
            raise StudyError(f"relevance is 1 to 5, not {value!r}.")
        if key == "prompts":
            read_prompts(Path(value))
        if key == "slm" and not value.startswith(("http://", "https://")) and not Path(value).is_dir():
            raise StudyError(f"There is no folder {value!r} with a language model.")
    if "prompts" in settings and settings.keys() & {"slm", "guided", "relevance"}:
        raise StudyError(f"The arm {name!r} takes its prompts from a file: nothing else can write them, too.")
    return name.strip(), settings


def read_prompts(path: Path) -> dict[str, list[str]]:
    """The prompts in a file for each canvas, by its name. Raises StudyError naming the line at fault."""
    found: dict[str, list[str]] = defaultdict(list)
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise StudyError(f"The prompts in {str(path)!r} cannot be read ({error}).") from None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            canvas, prompt = row["canvas"], " ".join(row["prompt"].split())
        except (ValueError, KeyError, TypeError, AttributeError):
            prompt = ""
        if not prompt:
            raise StudyError(
                f'{path}, line {number}: a line must be such as {{"canvas": "poster", "prompt": "A tent."}}.'
            )
        found[canvas].append(prompt)
    return found


def read_canvases(paths: Sequence[Path]) -> dict[str, tuple[Canvas, Task]]:
    """Canvases by name, from pictures, folders of pictures, and lists of them.

    A list is a .json file of {"file": ..., "text": ..., "task": "T2I" or "T2T"}, as in assets/samples; a
    picture may have its text in a .txt file of the same name beside it. Raises StudyError or CanvasError.
    """
    found: dict[str, tuple[Canvas, Task]] = {}
    for path in paths:
        if path.is_dir():
            rows = [{"file": each.name} for each in sorted(path.iterdir()) if each.suffix.lower() in PICTURES]
            folder = path
        elif path.suffix == ".json":
            rows, folder = _read_list(path), path.parent
        else:
            rows, folder = [{"file": path.name}], path.parent
        if not rows:
            raise StudyError(f"There is no picture in {str(path)!r}.")
        for row in rows:
            name = Path(row["file"]).stem
            if name in found:
                raise StudyError(f"Two canvases are called {name!r}. Rename one of the files.")
            beside = (folder / row["file"]).with_suffix(".txt")
            text = row.get("text") or (beside.read_text(encoding="utf-8") if beside.is_file() else "")
            found[name] = (open_canvas(folder / row["file"], text), Task(row.get("task", "T2I")))
    return found


def _read_list(path: Path) -> list[dict[str, str]]:
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        fits = all(isinstance(row["file"], str) and row.get("task", "T2I") in list(Task) for row in rows)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        fits = False
    if not fits:
        raise StudyError(
            f'{str(path)!r} is no list of canvases: [{{"file": "a.png", "text": "...", "task": "T2I"}}, ...].'
        )
    return rows


# --- making -------------------------------------------------------------------------------------------------


def make_items(studies: Studies, study: Study, load: Callable[..., Studio] = load_studio) -> Iterator[Made]:
    """Make what is missing of a study's items, one arm after the other; yields each as it is done.

    `load` gives the studio for an arm's `renderer` and `slm`; arms that share these share it. Raises
    StudyError when prompts are missing, and what the models raise when they cannot be loaded.
    """
    if study.state != "draft":
        raise StudyError(f"{study.name!r} is {study.state}: its items stay as they are.")
    there = {(item.arm, item.canvas, item.number): item.id for item in studies.items(study)}
    for path in studies.picture(study.id, "").parent.glob("*"):
        if path.stem not in there.values():  # left by a run that was ended between picture and row
            path.unlink()

    def models(arm: Arm) -> dict[str, str]:
        return {key: arm.settings[key] for key in ("renderer", "slm") if key in arm.settings}

    def missing(arm: Arm, canvas: StudyCanvas) -> list[int]:
        return [n for n in range(study.per_canvas) if (arm.code, canvas.id, n) not in there]

    todo = [arm for arm in study.arms if any(missing(arm, canvas) for canvas in study.canvases)]
    prompts = {arm.code: _given_prompts(arm, study) for arm in todo}
    for _, arms in groupby(sorted(todo, key=lambda arm: sorted(models(arm).items())), models):
        studio: Studio | None = None
        for arm in arms:
            studio = studio or load(**models(arm))
            for canvas in study.canvases:
                if numbers := missing(arm, canvas):
                    writer = _writer(studio.writer, arm, prompts[arm.code].get(canvas.name))
                    own = Studio(studio.detector, writer, studio.renderer, studio.template)
                    yield from _make(studies, study, own, arm, canvas, numbers)


def _given_prompts(arm: Arm, study: Study) -> dict[str, list[str]]:
    if "prompts" not in arm.settings:
        return {}
    given = read_prompts(Path(arm.settings["prompts"]))
    for canvas in study.canvases:
        if len(given.get(canvas.name, ())) < study.per_canvas:
            raise StudyError(
                f"{arm.settings['prompts']} has {len(given.get(canvas.name, ()))} prompts for the canvas "
                f"{canvas.name!r}; {study.per_canvas} are needed."
            )
    return given


def _make(
    studies: Studies, study: Study, studio: Studio, arm: Arm, canvas: StudyCanvas, missing: list[int]
) -> Iterator[Made]:
    picture = studies.canvas(study.id, canvas.id) if canvas.pictured else None
    run = studio.run(
        open_canvas(picture, canvas.text),
        task=Task(canvas.task),
        length=study.length,
        candidates=study.per_canvas,
        # The same for all arms, so that they differ in nothing but their settings.
        seed=draw(study.seed, "canvas", canvas.name) % (MAX_SEED + 1),
    )
    for step in run:
        match step:
            case Failed(index, reason) if index in missing:
                yield Made(arm.name, canvas.name, index, reason)
            case Drawn(candidate) if candidate.index in missing:
                recipe = candidate.recipe
                item = Item(
                    id=secrets.token_hex(16),
                    study=study.id,
                    arm=arm.code,
                    canvas=canvas.id,
                    number=candidate.index,
                    prompt=recipe.prompt,
                    task=recipe.task,
                    topic=recipe.topic,
                    objects=recipe.objects,
                    design_type=recipe.design_type,
                    style=candidate.style,
                    length=candidate.length,
                    words=candidate.words,
                    seed=recipe.seed,
                    renderer=recipe.renderer,
                    slm=candidate.slm,
                )
                keep_picture(candidate.image, studies.picture(study.id, item.id))
                studies.add_item(item)
                yield Made(arm.name, canvas.name, candidate.index)


def _writer(writer: Writer, arm: Arm, prompts: list[str] | None) -> Writer:
    """What writes for an arm: prompts from its file, or the studio's writer under the arm's settings."""
    if prompts is not None:
        return _Given(Path(arm.settings["prompts"]).stem, prompts)
    return _Asked(writer, arm.settings)


class _Asked(Writer):
    """A writer who asks its source under an arm's settings."""

    def __init__(self, writer: Writer, settings: Mapping[str, str]) -> None:
        asked = int(settings.get("relevance", writer.asked))
        taste = writer.taste if asked == writer.asked else None
        super().__init__(writer.source, writer.name, asked, taste)
        self.sampling = Sampling(guided=settings.get("guided") != "no")

    def write(self, brief: Brief, candidates: int, seed: int, sampling: Sampling = USUAL) -> list[Prompt]:
        return super().write(brief, candidates, seed, self.sampling)


class _Given(Writer):
    """A writer who has all prompts already."""

    def __init__(self, name: str, prompts: list[str]) -> None:
        self.name, self.prompts, self.asked = name, prompts, ASKED_RELEVANCE

    def write(self, brief: Brief, candidates: int, seed: int, sampling: Sampling = USUAL) -> list[Prompt]:
        return [Prompt(text, count_words(text), (), 0.0) for text in self.prompts[:candidates]]
