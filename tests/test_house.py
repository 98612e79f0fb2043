"""The house keeps its rules: who imports whom, what the README says of the tree, what may not be there."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("slm", "intent", "pipeline", "ui")
FLOOR = {"slm": 0, "intent": 0, "pipeline": 1, "ui": 2, "app": 3}  # imports go down, never up
OWNERS = {  # a library and the only places that may import it
    "gradio": ("app.py", "ui/"),
    "diffusers": ("pipeline/render/",),
    "open_clip": ("intent/",),
    "sqlalchemy": ("pipeline/store/",),
    "alembic": ("pipeline/store/",),
}


def tracked() -> list[str]:
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("not a git checkout: the list of files is git's")
    return [name for name in done.stdout.splitlines() if (ROOT / name).exists()]


def sources() -> list[Path]:
    return [ROOT / "app.py", *(path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")))]


def imports(path: Path) -> set[str]:
    """Every module a file imports anywhere in it, as dotted names; `from a import b` counts as a and a.b."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import; write the whole name"
            found |= {node.module or ""} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_imports_point_one_way():
    """A room that reaches up, or intent and slm that see each other, would tie the house in a knot."""
    wrong = []
    for path in sources():
        name = path.relative_to(ROOT).as_posix()
        room = name.split("/")[0].removesuffix(".py")
        for module in imports(path):
            other = module.split(".")[0]
            if other not in FLOOR or other == room:
                continue
            plain_data = room == "slm" and (module.startswith("intent.graph") or module == "intent")
            if FLOOR[other] >= FLOOR[room] and not plain_data:
                wrong.append(f"{name} imports {module}")
    assert not wrong, wrong


@pytest.mark.parametrize("library", OWNERS)
def test_a_library_has_one_owner(library):
    """A library imported from a second room could not be exchanged in one place any more."""
    wrong = [
        name
        for name in (path.relative_to(ROOT).as_posix() for path in sources())
        if any(module.split(".")[0] == library for module in imports(ROOT / name))
        and not name.startswith(OWNERS[library])
    ]
    assert not wrong, f"{library} is imported in {wrong}"


def readme_tree() -> list[str]:
    """The paths named in the README's tree; children are indented under their folder."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    match = re.search(r"```text\n(.*?)```", text, re.S)
    assert match, "README.md has no ```text block with the tree"
    paths, folder = [], ""
    for line in match.group(1).splitlines():
        if not line.strip() or line.startswith(" " * 12):  # a description that runs on
            continue
        name = line.split()[0]
        if line.startswith(" "):
            paths.append(folder + name)
        else:
            folder = name if name.endswith("/") else ""
            paths.append(name)
    return paths


def test_readme_tree_is_the_tree():
    """A file that nobody listed, or a listed one that is gone, sends a newcomer astray."""
    files = tracked()
    top = {name.split("/")[0] + "/" if "/" in name else name for name in files if not name.startswith(".")}
    inside = set()
    for name in files:
        room, _, rest = name.partition("/")
        if room in ROOMS and not rest.endswith("__init__.py"):
            inside.add(f"{room}/{rest.split('/')[0]}/" if "/" in rest else name)
    told = set(readme_tree())
    assert told == top | inside, (
        f"missing: {sorted((top | inside) - told)}; gone: {sorted(told - top - inside)}"
    )


def test_requirements_are_pinned():
    """An open version would make tomorrow's fresh install another program than today's."""
    for name in ("requirements.txt", "requirements-dev.txt"):
        for line in (ROOT / name).read_text().splitlines():
            line = line.split("#")[0].strip()
            if line and not line.startswith("-r"):
                assert re.fullmatch(r"[\w.-]+(\[[\w,-]+\])?==[\w.*]+", line), (
                    f"{name}: {line!r} is not pinned"
                )


def test_files_name_no_machine():
    """A path of one machine in a file works there and nowhere else."""
    words = ["/wor" + "k/", "/ho" + "me/", "../sha" + "red", "/tmp/" + "brief", "index" + "-url"]
    wrong = []
    for name in tracked():
        data = (ROOT / name).read_bytes()
        if b"\0" not in data:
            text = data.decode("utf-8", errors="replace")
            wrong += [f"{name}: {word}" for word in words if word in text]
    assert not wrong, wrong


def test_no_data_of_a_running_app_is_tracked():
    """Ratings and canvases of people must not be committed by accident."""
    assert not [name for name in tracked() if name.startswith("data/") or name.endswith((".sqlite", ".db"))]
