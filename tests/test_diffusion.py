"""Diffusion: a real Stable Diffusion pipeline of a few channels, through the path that a real model takes."""

import http.server
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
import torch

from pipeline.recipe import Recipe
from pipeline.render import RendererError, Stopped
from pipeline.render.diffusion import Diffusion

ROOT = Path(__file__).parents[1]
torch.set_num_threads(1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A seeded Stable Diffusion of a few channels, saved as a hub model is saved."""
    from diffusers import AutoencoderKL, EulerDiscreteScheduler, StableDiffusionPipeline, UNet2DConditionModel
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

    torch.manual_seed(0)
    letters = "abcdefghijklmnopqrstuvwxyz,. "
    symbols = ["<|startoftext|>", "<|endoftext|>", *letters, *(letter + "</w>" for letter in letters)]
    vocab = {symbol: index for index, symbol in enumerate(symbols)}
    text = CLIPTextConfig(
        vocab_size=len(vocab),
        hidden_size=16,
        intermediate_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        max_position_embeddings=77,
        bos_token_id=0,
        eos_token_id=1,
    )
    pipeline = StableDiffusionPipeline(
        vae=AutoencoderKL(
            block_out_channels=(8, 8),
            down_block_types=("DownEncoderBlock2D",) * 2,
            up_block_types=("UpDecoderBlock2D",) * 2,
            latent_channels=4,
            norm_num_groups=4,
        ),
        text_encoder=CLIPTextModel(text),
        tokenizer=CLIPTokenizer(vocab=vocab, merges=[], model_max_length=77),
        unet=UNet2DConditionModel(
            sample_size=32,
            block_out_channels=(8, 16),
            layers_per_block=1,
            cross_attention_dim=16,
            down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
            up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
            norm_num_groups=4,
            attention_head_dim=4,
        ),
        scheduler=EulerDiscreteScheduler(timestep_spacing="trailing", steps_offset=1),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    folder = tmp_path_factory.mktemp("models") / "tiny-turbo"
    pipeline.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def painter(folder):
    return Diffusion(str(folder))


def draw(painter, prompt="a red balloon", seed=1, size=(64, 48), **more):
    return painter.draw(Recipe(prompt, seed, size), **more).image


def test_a_prompt_becomes_a_picture(painter):
    """The whole path: load from a folder, encode, denoise, decode, scale to any size that is asked."""
    for size in ((64, 48), (51, 77)):
        image = draw(painter, size=size)
        assert (image.mode, image.size) == ("RGB", size)
        assert np.asarray(image).std() > 3, "the picture is blank"
    assert "tiny-turbo" in painter.name
    assert "--renderer illustrator" in painter.describe()


def test_seed_and_prompt_decide_the_picture(painter, folder):
    """A rated picture must be drawable again, also by another process; two candidates must differ."""
    first = draw(painter).tobytes()
    assert draw(Diffusion(str(folder))).tobytes() == first
    assert draw(painter, seed=2).tobytes() != first
    assert draw(painter, prompt="a calm blue sea").tobytes() != first


def test_steps_are_reported(painter):
    """The progress bar needs every step; a turbo model must not take the 25 steps of an undistilled one."""
    steps = []
    draw(painter, on_step=lambda done, total: steps.append((done, total)))
    assert steps == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_stop_takes_effect_within_one_step(painter):
    """Who presses Stop must not wait for the rest, and the device must be free for the next drawing."""
    stop, steps = threading.Event(), []

    def press(done, total):
        steps.append(done)
        if done == 2:
            stop.set()

    with pytest.raises(Stopped):
        draw(painter, on_step=press, stop=stop)
    assert steps == [1, 2]
    with pytest.raises(Stopped):
        draw(painter, stop=stop)
    draw(painter)


def test_one_drawing_at_a_time_and_the_waiting_one_can_stop(painter, folder):
    """Two drawings at once run out of memory on a small card; one that waits must still hear Stop."""
    entered, leave, stop = threading.Event(), threading.Event(), threading.Event()
    ended = []

    def hold(done, total):
        entered.set()
        leave.wait(5)

    def wait():
        try:
            draw(Diffusion(str(folder)), stop=stop)
        except Stopped:
            ended.append("stopped")

    first = threading.Thread(target=draw, args=(painter,), kwargs={"on_step": hold})
    first.start()
    assert entered.wait(20)
    second = threading.Thread(target=wait)
    second.start()
    time.sleep(0.3)
    assert second.is_alive(), "the second drawing did not wait"
    stop.set()
    second.join(5)
    assert ended == ["stopped"]
    leave.set()
    first.join(20)
    assert not first.is_alive()


def test_twenty_starts_and_stops_leave_no_thread(painter):
    """A demo runs for days; a thread or lock left by each Stop would end it."""
    before = threading.active_count()
    for _ in range(20):
        stop = threading.Event()
        with pytest.raises(Stopped):
            draw(painter, on_step=lambda done, total, stop=stop: stop.set(), stop=stop)
    assert threading.active_count() == before


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


def test_parts_that_do_not_fit_are_told(folder, tmp_path):
    """Whole files of different models pass the first look; loading them must still end in words."""

    def swap(copy):
        config = json.loads((copy / "unet" / "config.json").read_text())
        (copy / "unet" / "config.json").write_text(json.dumps(config | {"block_out_channels": [16, 32]}))

    with pytest.raises(RendererError, match="could not be loaded"):
        draw(Diffusion(damaged(folder, tmp_path, swap)))


def test_only_half_precision_weights_load_too(folder, tmp_path):
    """Many hub models are downloaded as fp16 files alone; the processor must load these in float32."""

    def rename(copy):
        for file in copy.glob("*/*.safetensors"):
            file.rename(file.with_name(file.stem + ".fp16.safetensors"))

    assert draw(Diffusion(damaged(folder, tmp_path, rename))).size == (64, 48)


def test_the_safety_checker_is_respected(folder, tmp_path):
    """A model that ships a checker must not show what it holds back, nor a black square without a word."""
    from diffusers import StableDiffusionPipeline
    from diffusers.pipelines.stable_diffusion import StableDiffusionSafetyChecker
    from transformers import CLIPConfig, CLIPImageProcessor, CLIPVisionConfig

    sizes = {"hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    vision = CLIPVisionConfig(image_size=32, patch_size=8, **sizes)
    checker = StableDiffusionSafetyChecker(CLIPConfig(vision_config=vision.to_dict(), projection_dim=16))
    with torch.no_grad():
        checker.concept_embeds_weights.fill_(-2)  # below any cosine: every picture is held back
    pipeline = StableDiffusionPipeline.from_pretrained(
        folder,
        safety_checker=checker,
        feature_extractor=CLIPImageProcessor(size={"shortest_edge": 32}, crop_size=32),
    )
    pipeline.save_pretrained(tmp_path / "checked")
    with pytest.raises(RendererError, match="safety checker held this picture back"):
        draw(Diffusion(str(tmp_path / "checked")))


def test_names_that_cannot_be_had(tmp_path):
    """A mistyped folder or an offline start must say what to do, at once."""
    with pytest.raises(RendererError, match="no model folder"):
        Diffusion(str(tmp_path / "none"))
    with pytest.raises(RendererError, match="--offline"):
        Diffusion("tinymuse-tests/no-such-model", offline=True)
    with pytest.raises(RendererError, match="neither a folder nor a hub name"):
        Diffusion("what is/this?", offline=True)


class Hub(http.server.BaseHTTPRequestHandler):
    """A hub that knows no model, or (for the model `silent`) never answers."""

    def do_GET(self):
        if "silent" in self.path:
            time.sleep(30)
        self.send_response(404)
        self.send_header("X-Error-Code", "RepoNotFound")
        self.end_headers()

    def log_message(self, *arguments):
        pass


def test_a_hub_that_is_away_silent_or_without_the_model(tmp_path):
    """A firewall that swallows requests must not hang the start."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    code = (
        "import sys, time\nfrom pipeline.render import RendererError\n"
        "from pipeline.render.diffusion import find_model\nimport huggingface_hub\n"
        "for name in sys.argv[1:]:\n"
        "    start = time.time()\n"
        "    try:\n        find_model(name, False)\n"
        "    except RendererError as error:\n        print(round(time.time() - start, 1), error)\n"
    )
    address = f"http://127.0.0.1:{server.server_port}"
    away = {"HF_ENDPOINT": "http://127.0.0.1:1", "HF_HOME": str(tmp_path), "NO_PROXY": "127.0.0.1"}
    for names, environment in ((("x/none", "x/silent"), away | {"HF_ENDPOINT": address}), (("x/y",), away)):
        done = subprocess.run(
            [sys.executable, "-c", code, *names],
            cwd=ROOT,
            env=os.environ | environment,
            capture_output=True,
            text=True,
            timeout=60,
        )
        lines = done.stdout.splitlines()
        assert len(lines) == len(names), done.stderr
        assert all(float(line.split()[0]) < 6.5 for line in lines), lines
        assert "does not answer" in lines[-1]
        if names[0] == "x/none":
            assert "The hub has no model x/none" in lines[0]
    server.shutdown()
