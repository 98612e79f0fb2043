"""Models on disk and on the hub: whole or not, there or not, fetched through a real hub client."""

import http.server
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from pipeline.render import RendererError
from pipeline.render.diffusion import Diffusion
from pipeline.render.hub import files_to_fetch
from tests.tiny_diffusion import save_tiny_diffusion

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models") / "tiny-turbo"
    save_tiny_diffusion(folder)
    return folder


def damaged(folder, tmp_path, harm):
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    harm(copy)
    return str(copy)


def halve(file):
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def pickle_only(copy):
    weights = copy / "text_encoder" / "model.safetensors"
    weights.rename(weights.with_name("pytorch_model.bin"))


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        (lambda copy: (copy / "model_index.json").unlink(), "no readable model_index.json"),
        (lambda copy: halve(copy / "model_index.json"), "no readable model_index.json"),
        (lambda copy: shutil.rmtree(copy / "vae"), "the part 'vae' is missing"),
        (lambda copy: halve(copy / "unet" / "diffusion_pytorch_model.safetensors"), "missing or cut short"),
        (lambda copy: (copy / "vae" / "diffusion_pytorch_model.safetensors").unlink(), "no .safetensors"),
        (pickle_only, "no .safetensors"),
    ],
)
def test_a_wrong_or_half_folder_is_told_at_once(folder, tmp_path, harm, says):
    """A half-finished download must be told when the model is chosen, not as a traceback later."""
    with pytest.raises(RendererError, match=says) as caught:
        Diffusion(damaged(folder, tmp_path, harm))
    assert "--renderer illustrator" in str(caught.value)


def test_names_that_cannot_be_had(tmp_path):
    """A mistyped folder or an offline start must say what to do, at once."""
    with pytest.raises(RendererError, match="no model folder"):
        Diffusion(str(tmp_path / "none"))
    with pytest.raises(RendererError, match="--offline"):
        Diffusion("tinymuse-tests/no-such-model", offline=True)
    with pytest.raises(RendererError, match="neither a folder nor a hub name"):
        Diffusion("what is/this?", offline=True)


def test_the_weights_are_fetched_once_and_never_as_a_pickle():
    """A hub folder holds the same weights four times over, some of which run code when they are opened."""
    unet, text = "unet/diffusion_pytorch_model", "text_encoder/model"
    names = [
        "README.md",
        "sd_turbo.safetensors",
        "model_index.json",
        "scheduler/scheduler_config.json",
        "tokenizer/merges.txt",
        "unet/config.json",
        *(f"{unet}{end}" for end in (".bin", ".safetensors", ".fp16.safetensors", ".non_ema.safetensors")),
        "text_encoder/config.json",
        *(f"{text}-0000{shard}-of-00002.safetensors" for shard in (1, 2)),
        f"{text}.safetensors.index.json",
        f"{text}.fp16-00001-of-00001.safetensors",
        f"{text}.safetensors.index.fp16.json",
        "vae/diffusion_pytorch_model.fp16.safetensors",
        "deep/down/model.safetensors",
    ]
    always = {
        "model_index.json",
        "scheduler/scheduler_config.json",
        "tokenizer/merges.txt",
        "unet/config.json",
        "text_encoder/config.json",
        "vae/diffusion_pytorch_model.fp16.safetensors",  # in no other precision
    }
    halves = {
        f"{unet}.fp16.safetensors",
        f"{text}.fp16-00001-of-00001.safetensors",
        f"{text}.safetensors.index.fp16.json",
    }
    wholes = {f"{unet}.safetensors", *(f"{text}-0000{shard}-of-00002.safetensors" for shard in (1, 2))}
    assert set(files_to_fetch(names, half=True)) == always | halves
    assert set(files_to_fetch(names, half=False)) == always | wholes | {f"{text}.safetensors.index.json"}


class Hub(http.server.BaseHTTPRequestHandler):
    """A hub with one model, `x/tiny-turbo`; for the model `x/silent` it never answers."""

    folder: Path
    asked: list[str]
    breaks = ""  # the file that is never sent to its end

    def do_GET(self):
        path = self.path.split("?")[0]
        self.asked.append(path)
        if "silent" in path:
            time.sleep(30)
        files = {
            file.relative_to(self.folder).as_posix(): file
            for file in self.folder.rglob("*")
            if file.is_file()
        }
        resolved = path.removeprefix(f"/x/tiny-turbo/resolve/{'a' * 40}/")
        if path.startswith("/api/models/x/tiny-turbo/tree/"):
            tree = [
                {"type": "file", "path": name, "oid": f"{hash(name):040x}"[-40:], "size": file.stat().st_size}
                for name, file in files.items()
            ]
            self.answer(json.dumps(tree).encode())
        elif path in ("/api/models/x/tiny-turbo", "/api/models/x/tiny-turbo/revision/main"):
            siblings = [{"rfilename": name} for name in files]
            self.answer(json.dumps({"id": "x/tiny-turbo", "sha": "a" * 40, "siblings": siblings}).encode())
        elif resolved in files:
            self.answer(files[resolved].read_bytes())
        else:
            self.send_response(404)
            self.send_header("X-Error-Code", "RepoNotFound")
            self.send_header("Content-Length", "0")
            self.end_headers()

    do_HEAD = do_GET

    def answer(self, data):
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("X-Repo-Commit", "a" * 40)
        self.send_header("ETag", f'"{len(data):040x}"')
        self.end_headers()
        if self.command == "GET":
            broken = self.breaks and self.path.endswith(self.breaks)
            self.wfile.write(data[: len(data) // 2] if broken else data)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def hub(folder, tmp_path):
    """The environment in which the hub client asks a server of this test."""
    Hub.folder, Hub.asked, Hub.breaks = folder, [], ""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    yield os.environ | {"HF_ENDPOINT": address, "HF_HOME": str(tmp_path), "NO_PROXY": "127.0.0.1"}
    server.shutdown()


def python(code, environment, *arguments):
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_hub_that_is_away_silent_or_without_the_model(hub):
    """A firewall that swallows requests must not hang the start."""
    code = (
        "import sys, time\nfrom pipeline.render import RendererError\n"
        "from pipeline.render.hub import find_model\nimport huggingface_hub\n"
        "for name in sys.argv[1:]:\n"
        "    start = time.time()\n"
        "    try:\n        find_model(name, False)\n"
        "    except RendererError as error:\n        print(round(time.time() - start, 1), error)\n"
    )
    away = hub | {"HF_ENDPOINT": "http://127.0.0.1:1"}
    for names, environment in ((("x/none", "x/silent"), hub), (("x/y",), away)):
        done = python(code, environment, *names)
        lines = done.stdout.splitlines()
        assert len(lines) == len(names), done.stderr
        assert all(float(line.split()[0]) < 10 for line in lines), lines
        assert "does not answer" in lines[-1]
        if names[0] == "x/none":
            assert "The hub has no model x/none" in lines[0]


def test_a_model_is_fetched_by_the_first_picture_and_stays(hub, folder):
    """Who names a hub model must see it come, be able to stop it, and not fetch it again tomorrow."""
    code = """
import threading
from pipeline.recipe import Recipe
from pipeline.render import Stopped
from pipeline.render.diffusion import Diffusion
from pipeline.render.hub import fetch_model, find_model
assert find_model("x/tiny-turbo", offline=False) is None
stop = threading.Event()
stop.set()
try:
    fetch_model("x/tiny-turbo", half=False, stop=stop)
except Stopped:
    print("stopped")
steps = []
painter = Diffusion("x/tiny-turbo")
picture = painter.draw(Recipe("a sea", 1, (64, 48)), on_step=lambda *step: steps.append(step))
print(picture.image.size, steps[0][1] == 4 or steps[0][0] <= steps[0][1], steps[-1])
print(find_model("x/tiny-turbo", offline=True) is not None)
"""
    done = python(code, hub)
    assert done.stdout.splitlines() == ["stopped", "(64, 48) True (4, 4)", "True"], done.stderr
    fetched = [path for path in Hub.asked if path.endswith(".safetensors")]
    assert {Path(path).parent.name for path in fetched} == {"unet", "vae", "text_encoder"}


def test_a_hub_that_breaks_off_is_told(hub):
    """A connection lost in the middle must end in a sentence, not in a traceback or half a model."""
    code = (
        "from pipeline.render import RendererError\nfrom pipeline.render.hub import fetch_model\n"
        "try:\n    fetch_model('x/tiny-turbo', half=False)\n"
        "except RendererError as error:\n    print(error)\n"
    )
    Hub.breaks = "unet/diffusion_pytorch_model.safetensors"
    done = python(code, hub)
    assert "could not be downloaded" in done.stdout, done.stderr
    assert "what has come is kept" in done.stdout
