"""Rating studies from the command line.

    python -m pipeline.study create pilot --canvases assets/samples/samples.json --arm guided \
        --arm raw:guided=no --target 5
    python -m pipeline.study items pilot      make the prompts and pictures; goes on after a break
    python -m pipeline.study open pilot       raters may come
    python -m pipeline.study list             every study and how far it is
    python -m pipeline.study close pilot      no more ratings; the arms get their names
    python -m pipeline.study report pilot --out report.html
    python -m pipeline.study export pilot --out folder
    python -m pipeline.study import folder
"""

from __future__ import annotations

import argparse
import secrets
import sys
from functools import partial
from pathlib import Path

from pipeline.canvas import CanvasError
from pipeline.render import RendererError
from pipeline.store.database import StoreError, open_store
from pipeline.store.ratings import DEMO, RatingsError
from pipeline.studio import load_studio
from pipeline.study.data import gather
from pipeline.study.export import export_study, import_study
from pipeline.study.items import make_items, read_arm, read_canvases
from pipeline.study.marks import counted
from pipeline.study.report import write_report
from pipeline.study.studies import Studies, StudyError

DATA = Path(__file__).resolve().parents[2] / "data"


def main(argv: list[str] | None = None) -> int:
    """Returns the exit code: 0, or 2 with one line on stderr."""
    arguments = _parser().parse_args(argv)
    try:
        arguments.data.mkdir(parents=True, exist_ok=True)
        store = open_store(arguments.db or f"sqlite:///{arguments.data.resolve() / 'ratings.sqlite'}")
        return arguments.do(Studies(store, arguments.data), arguments) or 0
    except (StudyError, StoreError, RatingsError, CanvasError, RendererError, ValueError, OSError) as error:
        print(f"study: {' '.join(str(error).split())}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m pipeline.study",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--data", type=Path, default=DATA, help="the app's data folder (default: data)")
    parser.add_argument("--db", default="", help="SQLAlchemy URL (default: SQLite in the data folder)")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    create = commands.add_parser("create", help="a new study")
    create.set_defaults(do=_create)
    create.add_argument("name")
    create.add_argument(
        "--canvases",
        type=Path,
        nargs="+",
        required=True,
        metavar="PATH",
        help="pictures, folders of them, or .json lists such as assets/samples/samples.json",
    )
    create.add_argument(
        "--arm",
        action="append",
        required=True,
        metavar="NAME[:KEY=VALUE,...]",
        help="what is compared; keys: renderer, slm, guided (yes, no), relevance (1-5), prompts (a .jsonl)",
    )
    create.add_argument("--target", type=int, default=5, help="raters for each item (default: %(default)s)")
    create.add_argument("--seed", type=int, help="of the orders (default: any; it is stored)")
    create.add_argument("--length", type=int, default=20, help="words of a prompt (default: %(default)s)")
    create.add_argument(
        "--code", default="", help="invitation code without which nobody may take part (default: none)"
    )
    create.add_argument(
        "--per-canvas", type=int, default=1, help="items of each arm for each canvas (default: %(default)s)"
    )
    create.add_argument(
        "--repeat-every",
        type=int,
        default=10,
        help="for so many items, 10 to 20, one comes again, hidden; 0: none (default: %(default)s)",
    )

    for name, do, about in (
        ("items", _items, "make the prompts and pictures that are missing"),
        ("open", _open, "let raters in"),
        ("close", _close, "no more ratings, for good"),
    ):
        command = commands.add_parser(name, help=about)
        command.set_defaults(do=do)
        command.add_argument("name")
        if name == "items":
            command.add_argument("--offline", action="store_true", help="never ask a model hub")

    report = commands.add_parser("report", help="everything the ratings say, on one page")
    report.set_defaults(do=_report)
    report.add_argument("name")
    report.add_argument("--out", type=Path, required=True, metavar="FILE", help="an .html or .pdf to write")

    export = commands.add_parser("export", help="ratings, preference pairs, report and pictures as files")
    export.set_defaults(do=_export)
    export.add_argument("name", nargs="?", default=DEMO, help="(default: the open %(default)s)")
    export.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="a new folder")

    restore = commands.add_parser("import", help="take in an exported study")
    restore.set_defaults(do=_import)
    restore.add_argument("folder", type=Path)

    commands.add_parser("list", help="every study and how far it is").set_defaults(do=_list)
    return parser


def _create(studies: Studies, arguments: argparse.Namespace) -> None:
    arms = [read_arm(text) for text in arguments.arm]
    if len({name for name, _ in arms}) < len(arms):
        raise StudyError("Two arms have the same name. Give each its own.")
    study = studies.create(
        arguments.name,
        dict(arms),
        read_canvases(arguments.canvases),
        seed=secrets.randbelow(2**31) if arguments.seed is None else arguments.seed,
        target=arguments.target,
        repeat_every=arguments.repeat_every,
        length=arguments.length,
        per_canvas=arguments.per_canvas,
        code=arguments.code,
    )
    print(
        f"{study.name}: {counted(len(study.arms), 'arm')}, "
        f"{counted(len(study.canvases), 'canvas', 'canvases')}, {counted(study.size, 'item')} to be made. "
        f"Next: python -m pipeline.study items {study.name}"
    )


def _items(studies: Studies, arguments: argparse.Namespace) -> int:
    study = studies.get(arguments.name)
    failed = 0
    for made in make_items(studies, study, partial(load_studio, offline=arguments.offline)):
        failed += bool(made.reason)
        print(f"{made.arm}, {made.canvas}, {made.number + 1}: {made.reason or 'made'}", flush=True)
    print(f"{len(studies.items(study))} of {study.size} items are made.")
    if failed:
        print(f"study: {failed} could not be made. Run the same command again for these.", file=sys.stderr)
    return 2 if failed else 0


def _open(studies: Studies, arguments: argparse.Namespace) -> None:
    print(f"{studies.open(arguments.name).name} is open.")


def _close(studies: Studies, arguments: argparse.Namespace) -> None:
    print(f"{studies.close(arguments.name).name} is closed.")


def _list(studies: Studies, _arguments: argparse.Namespace) -> None:
    for study in studies.all():
        arms = ", ".join(sorted(arm.name for arm in study.arms))
        items = f"{len(studies.items(study))} of {study.size} items ({arms})" if arms else "live items"
        ratings = studies.ratings.summary(study.id)
        print(
            f"{study.name}  {study.state}  {items}  "
            f"{counted(ratings.ratings, 'rating')} by {counted(ratings.raters, 'rater')}"
        )


def _report(studies: Studies, arguments: argparse.Namespace) -> None:
    write_report(gather(studies, studies.get(arguments.name)), arguments.out)
    print(f"The report is in {arguments.out}.")


def _export(studies: Studies, arguments: argparse.Namespace) -> None:
    data = export_study(studies, studies.get(arguments.name), arguments.out)
    coded = (
        " Its arms are coded until it is closed." if data.study.arms and data.study.state != "closed" else ""
    )
    print(f"{len(data.ratings)} ratings that count are in {arguments.out}.{coded}")


def _import(studies: Studies, arguments: argparse.Namespace) -> None:
    study = import_study(studies, arguments.folder)
    print(f"{study.name}: {studies.ratings.summary(study.id).ratings} ratings are here now.")


if __name__ == "__main__":
    sys.exit(main())
