"""The teacher and `--slm` against a real `transformers serve`, with models of a few thousand random numbers.

What they say is nonsense; that it is asked for, received, counted and kept aside is not.
"""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from pathlib import Path

import pytest
import torch

from slm.command import END, Brief, Task
from slm.decode import Sampling
from slm.generate import Writer
from slm.remote import ServerError
from tests.tiny import tiny_tokenizer

pytestmark = pytest.mark.bench
CHAT = "{% for message in messages %}{{ message.role }}: {{ message.content }}\n{% endfor %}assistant: "
ATTEMPTS = 3


class Served:
    """`transformers serve` as a person starts it, without a network; `answers` counts what its log says."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        (folder / "hub").mkdir()
        self.log = folder / "log"
        self.url = f"http://127.0.0.1:{port}/v1"
        command = [Path(sys.executable).with_name("transformers"), "serve", "--port", str(port)]
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [*command, "--host", "127.0.0.1", "--device", "cpu"],
                env={**os.environ, "HF_HOME": str(folder), "HF_HUB_OFFLINE": "1"},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + 180
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5):
                    return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    self.process.kill()
                    raise AssertionError(self.log.read_text()) from None
            time.sleep(0.2)

    def answers(self) -> int:
        return self.log.read_text().count('"POST /v1/chat/completions HTTP/1.1" 200')


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    running = Served(tmp_path_factory.mktemp("served"))
    yield running
    running.process.kill()
    running.process.wait()


@pytest.fixture(scope="module")
def chatter(tmp_path_factory):
    """The folder of a language model that chats: a seeded Llama with a chat template."""
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    folder = tmp_path_factory.mktemp("chatter")
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=tiny_tokenizer(), bos_token=END, eos_token=END)
    tokenizer.chat_template = CHAT
    tokenizer.save_pretrained(folder)
    torch.manual_seed(1)
    shape = {"hidden_size": 8, "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 1}
    end = tokenizer.eos_token_id
    config = LlamaConfig(vocab_size=len(tokenizer), bos_token_id=end, eos_token_id=end, **shape)
    model = LlamaForCausalLM(config)
    model.generation_config.do_sample = True
    model.save_pretrained(folder)
    return folder


def distil(served, model, out, intents):
    said = ["--url", served.url, "--model", str(model), "--out", str(out), "--intents", str(intents)]
    said += ["--prompts", "1", "--concurrency", "2", "--retries", "0"]
    return subprocess.run([sys.executable, "-m", "slm.teacher", *said], capture_output=True, text=True)


def lines(file):
    return [json.loads(line) for line in file.read_text().splitlines()]


def test_a_served_model_teaches(tmp_path, served, chatter):
    """Breaks when a real server rejects the questions, its nonsense is learned from, lost or not counted, or
    what it answered is asked again."""
    before = served.answers()
    done = distil(served, chatter, tmp_path, 2)
    assert done.returncode == 0, done.stderr
    assert "0 prompts of 2 intents" in done.stdout
    assert f"2 given up, rejected: none; {2 * ATTEMPTS} odd answers kept aside in odd.jsonl" in done.stdout
    first = lines(tmp_path / "answers.jsonl")

    done = distil(served, chatter, tmp_path, 3)
    assert done.returncode == 0, done.stderr
    assert "1 questions to ask (2 answered before)" in done.stdout
    assert served.answers() - before == 3 * ATTEMPTS
    rows, odd = lines(tmp_path / "answers.jsonl"), lines(tmp_path / "odd.jsonl")
    assert rows[:2] == first
    ids = {row["intent"]["id"] for row in rows}
    assert Counter(row["id"] for row in odd) == dict.fromkeys(ids, ATTEMPTS)
    assert len({row["answer"] for row in odd}) == len(odd)  # it did speak, and said something else each time
    assert all(row["given_up"] and row["tokens_in"] > 300 and row["tokens_out"] > 0 for row in rows)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert (manifest["intents"], manifest["prompts"], manifest["given_up"]) == (3, 0, 3)


def test_a_model_that_is_not_served_is_said(tmp_path, served):
    """Breaks when a wrong model name ends in a traceback, or in words that do not help."""
    done = distil(served, tmp_path / "nowhere", tmp_path / "out", 1)
    assert done.returncode == 1
    assert "the model's name" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_served_checkpoint_writes(served, tiny_slm):
    """Breaks when the server can not load a checkpoint's folder, or is asked for what it does not do."""
    writer = Writer.load(f"{served.url}#{tiny_slm}")
    prompts = writer.write(Brief(Task.T2I, "party", ("cake",), length=9), 3, 1, Sampling(guided=False))
    assert len({prompt.text for prompt in prompts}) == 3
    assert not any("<|" in prompt.text for prompt in prompts)


def test_a_server_that_lists_nothing_wants_a_name(served):
    """Breaks when the person is not told that this server's model must be named."""
    with pytest.raises(ServerError, match=r"name that, as in .*/v1#DIR"):
        Writer.load(served.url)
