"""Prompts from a server."""

import subprocess
import sys
import time

import pytest

from slm.command import Brief, Task, count_words, render
from slm.decode import Sampling
from slm.generate import Writer
from slm.remote import ServerError
from tests.openai_server import OpenAIServer

BRIEF = Brief(Task.T2I, "party", ("cake",), length=9)


@pytest.fixture(scope="module")
def server(tiny_slm):
    served = OpenAIServer(tiny_slm)
    yield served
    served.close()


@pytest.mark.parametrize("most", [99, 1])
def test_prompts_come_from_the_server(server, most):
    """Breaks when the server is not sent the command line, or one that answers one draft at a time gives one
    candidate only."""
    server.most = most
    server.requests.clear()
    writer = Writer.load(server.address)
    assert writer.name == "tiny"
    prompts = writer.write(BRIEF, 3, 1, Sampling(guided=False))
    assert len({prompt.text for prompt in prompts}) == 3
    assert {request["prompt"] for request in server.requests} == {render(BRIEF)}
    for prompt in prompts:
        assert prompt.words == count_words(prompt.text)
        assert "<|" not in prompt.text


def test_a_server_s_prompt_can_be_streamed(server):
    """Breaks when the page that streams prompts needs a model of its own."""
    writer = Writer.load(server.address)
    words = list(writer.stream(BRIEF, 3, Sampling(guided=False)))
    assert len(words) > 1
    assert len("".join(words).split()) == len(words)


def test_a_wrong_server_is_an_error_in_words(server, tiny_slm):
    """Breaks when a wrong address hangs, or ends in a traceback."""
    began = time.monotonic()
    with pytest.raises(ServerError, match="does not answer"):
        Writer.load("http://127.0.0.1:9/v1")
    assert time.monotonic() - began < 60
    with pytest.raises(ServerError, match="no model elsewhere"):
        Writer.load(f"{server.address}#elsewhere").write(BRIEF, 1, 1)
    command = [sys.executable, "-m", "slm.generate", "--topic", "party", "--slm", "http://127.0.0.1:9/v1"]
    wrong = subprocess.run(command, capture_output=True, text=True)
    assert wrong.returncode != 0
    assert "start the server" in wrong.stderr
    assert "Traceback" not in wrong.stderr
