"""Distillation from a large language model, against a real local server that speaks chat completions."""

import json
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice

import pyarrow.parquet as pq
import pytest

from intent.graph import load_graph
from slm.command import Task
from slm.corpus import held_out, load_corpus, load_distilled, split
from slm.ledger import Ledger
from slm.teacher.llm.answers import OddAnswer, Seen, fault, read_answer
from slm.teacher.llm.distill import DistillConfig
from slm.teacher.llm.intents import sample
from slm.teacher.llm.messages import Librarian, messages


class Server:
    """An OpenAI-compatible server whose language model is a rule: it writes of the topic it is asked about.

    It is as unreliable as real ones: every third question is first answered with prose, every fifth first
    with an error 500.
    """

    def __init__(self, delay=0.0):
        self.asked = Counter()  # by topic and lengths, answered properly
        self.calls = Counter()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                said = json.loads(self.rfile.read(int(self.headers["content-length"])))
                question = said["messages"][-1]["content"]
                outer.calls[question] += 1
                nth, first = len(outer.calls), outer.calls[question] == 1
                time.sleep(delay)
                if first and nth % 5 == 0:
                    return self.answer(500, {"error": {"message": "out of breath"}})
                text = "Certainly! What a lovely topic." if first and nth % 3 == 0 else outer.reply(question)
                usage = {"prompt_tokens": 200, "completion_tokens": 50, "total_tokens": 250}
                message = {"role": "assistant", "content": text}
                choice = {"index": 0, "finish_reason": "stop", "message": message}
                body = {"id": "1", "object": "chat.completion", "created": 1, "model": said["model"]}
                return self.answer(200, body | {"choices": [choice], "usage": usage})

            def answer(self, status, body):
                data = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.http.server_port}/v1"

    def reply(self, question):
        self.asked[question] += 1
        topic = question.splitlines()[0].removeprefix("Topic: ")
        number = sum(self.asked.values())
        prompts = [
            f"A drawing of {topic} number {number} with a lamp on a table in the rain.",
            f"Far away {topic} stands in a field of {number} poppies under the moon.",
            "A damn good poster for the door of the shop.",
            "unfinished sentence about the",
        ]
        return "```json\n" + json.dumps({"prompts": prompts}) + "\n```"


@pytest.fixture
def server():
    running = Server(delay=0.02)
    yield running
    running.http.shutdown()


def command(server, out, intents):
    arguments = ["--url", server.url, "--model", "rule", "--out", str(out), "--intents", str(intents)]
    return [sys.executable, "-m", "slm.teacher", *arguments, "--concurrency", "4"]


def test_questions_are_spread_and_never_of_held_out_topics():
    """Breaks when the teacher writes about topics that figures are measured on, or only about the popular."""
    questions = list(islice(sample(load_graph(), 1), 600))
    assert questions[:50] == list(islice(sample(load_graph(), 1), 50))
    assert not any(held_out(question.topic) for question in questions)
    graph = load_graph()
    categories = {topic.category for topic in graph.topics.values()}
    reached = {graph.find(question.topic).category for question in questions}
    assert len(reached) >= 0.9 * len(categories)
    assert all(question.design_type for question in questions if question.task is Task.T2T)


def test_the_prompt_shows_like_examples_and_asks_for_the_lengths():
    """Breaks when the examples are of other things, or the model is not told how long its prompts should
    be."""
    question = next(question for question in sample(load_graph(), 3) if len(question.objects) > 1)
    shots = Librarian(split(load_corpus())[0]).similar(question, 3)
    assert all(shot.task == question.task for shot in shots)
    own = {*question.topic.lower().split(), *" ".join(question.objects).split()}
    assert any(own & {*shot.topic.lower().split(), *" ".join(shot.objects).split()} for shot in shots)
    chat = messages(question, shots)
    assert [message.role for message in chat] == ["system", *["user", "assistant"] * 3, "user"]
    assert json.loads(chat[2].content)["prompts"] == list(shots[0].prompts)
    assert f"Lengths in words: {', '.join(map(str, question.lengths))}" in chat[-1].content


ODD = [
    None, "", "I cannot help with that.", "{", '{"prompts": "one"}', '{"prompts": []}', '{"prompts": [1, 2]}',
    '{"answers": ["A cup."]}', '["A cup on a table."]', '{"prompts": ["A cup."}', "{'prompts': ['A cup.']}",
]  # fmt: skip


@pytest.mark.parametrize("text", ODD)
def test_odd_answers_are_known_as_such(text):
    """Breaks when what a model says instead of the JSON crashes the run or gets into the data."""
    with pytest.raises(OddAnswer):
        read_answer(text)


def test_good_answers_are_read_in_any_wrapping():
    """Breaks when a code fence or a friendly sentence costs a good answer."""
    for text in (
        '{"prompts": ["A  cup."], "note": 1}',
        'Here:\n```json\n{"prompts": ["A cup."]}\n```',
        '{"prompts":\n ["A\\ncup."]} Enjoy!',
    ):
        assert read_answer(text) == ["A cup."]


@pytest.mark.parametrize(
    ("prompt", "why"),
    [
        ("Cup.", "length"),
        ("A cup " * 40 + ".", "length"),
        ("A cup of <|end|> tea on the table.", "control token"),
        ("A fucking cup of tea on the table.", "unsafe"),
        ("A cup of tea on the", "incomplete"),
        ("a cup of tea on the table.", "incomplete"),
        ("Чашка чая стоит на большом столе у окна.", "language"),
        ("Eine Tasse Tee steht neben dem alten Fenster.", "language"),
        ("A cup of tea on the table.", None),
        ('"Tea!" says the sign over a café door.', None),
    ],
)
def test_filters(prompt, why):
    """Breaks when a prompt that is cut off, unsafe or foreign is learned from, or a good one is lost."""
    assert fault(prompt) == why


def test_near_duplicates_are_found():
    """Breaks when the teacher's favourite sentence fills the data."""
    seen = Seen(["A red cup of tea stands on the old wooden table by the window in the rain."])
    assert not seen.add("A red cup of tea stands on the old wooden table by the window in the snow.")
    assert seen.add("Two kettles whistle in a kitchen at dawn while the bread is rising.")


def test_a_half_written_line_is_dropped(tmp_path):
    """Breaks when a kill in the middle of a write makes the ledger unreadable."""
    file = tmp_path / "answers.jsonl"
    file.write_bytes(b'{"a": 1}\n{"a": 2')
    ledger = Ledger(file)
    ledger.add({"a": 3})
    assert [row["a"] for row in Ledger(file).rows] == [1, 3]


def test_a_killed_run_asks_nothing_twice(tmp_path, server):
    """Breaks when a kill costs answers that were paid for, asks them again, or leaves a broken shard."""
    out = tmp_path / "run"
    running = subprocess.Popen(command(server, out, 60), stdout=subprocess.DEVNULL)
    ledger = out / "answers.jsonl"
    while not ledger.is_file() or ledger.read_bytes().count(b"\n") < 20:
        time.sleep(0.01)
    running.send_signal(signal.SIGKILL)
    running.wait()
    answered = {json.loads(line)["intent"]["id"] for line in ledger.read_bytes().splitlines()[:20]}
    done = subprocess.run(command(server, out, 60), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in ledger.read_text().splitlines()]
    ids = [row["intent"]["id"] for row in rows]
    assert len(ids) == len(set(ids)) == 60
    assert answered < set(ids)
    # A question in flight when the process died may come again; one that was answered may not.
    assert sum(times > 1 for times in server.asked.values()) <= 4
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["rejected"]["unsafe"] + manifest["rejected"]["incomplete"] > 100
    assert manifest["prompts"] == sum(pq.read_table(path).num_rows for path in out.glob("*.parquet"))
    assert int(manifest["settings"]["odd_answers"]) > 5
    examples = load_distilled(out)
    assert len(examples) > 50
    assert all(example.prompts for example in examples)


@pytest.mark.parametrize("name", ["intents", "prompts", "concurrency"])
def test_nothing_to_ask_is_an_error(tmp_path, name):
    """Breaks when a run that asks nothing reports success."""
    with pytest.raises(ValueError, match=f"{name} must be at least 1"):
        DistillConfig(url="http://127.0.0.1:9/v1", model="x", out=tmp_path, **{name: 0})


def test_a_server_that_is_not_there_is_said(tmp_path):
    """Breaks when a wrong address ends in a traceback."""
    arguments = ["--url", "http://127.0.0.1:9/v1", "--model", "x", "--out", str(tmp_path), "--retries", "0"]
    done = subprocess.run([sys.executable, "-m", "slm.teacher", *arguments], capture_output=True, text=True)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "call again" in done.stderr
