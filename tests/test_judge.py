"""Grades by a judging model."""

import json
import subprocess
import sys

import pytest

from slm.command import Brief, Task
from slm.judge import Grade, Judge, read_grade
from slm.remote import ServerError
from tests.openai_server import OpenAIServer

GOOD = '{"correctness": 9, "clarity": 8, "completeness": 10, "usefulness": 7}'


@pytest.fixture(scope="module")
def server(tiny_slm):
    """Its chat model answers oddly when it is asked the first time, and grades by whether a cake is named."""
    asked = []

    def chat(messages):
        asked.append(messages)
        if "You grade" not in messages[0]["content"]:
            return "A cake at a party."
        if len(asked) % 2:
            return "I would say: nine."
        grade = json.loads(GOOD)
        grade["completeness"] = 10 if "cake" in messages[-1]["content"].split("Prompt:")[1] else 3
        return f"Here it is: {json.dumps(grade)}"

    served = OpenAIServer(tiny_slm, chat)
    yield served
    served.close()


@pytest.mark.parametrize(
    "answer",
    [None, "", "nine", "{}", "[9, 9, 9, 9]", GOOD.replace("9", "11"), GOOD.replace("9", '"9"'), GOOD[:40]],
)
def test_odd_answers_are_no_grades(answer):
    """Breaks when what the judge did not say is counted as a grade."""
    assert read_grade(answer) is None


def test_a_grade_is_read_from_prose():
    """Breaks when a judge that adds a sentence to its JSON can not be used."""
    assert read_grade(f"Sure!\n```json\n{GOOD}\n```") == Grade(9, 8, 10, 7)
    assert Grade(9, 8, 10, 7).mean == 8.5


def test_odd_answers_are_asked_again_and_counted(server):
    """Breaks when one odd answer loses a prompt, or odd answers go unseen."""
    judge = Judge(f"{server.address}#tiny")
    brief = Brief(Task.T2I, "party", ("cake",))
    assert judge.grade(brief, "A cake at a party.") == Grade(9, 8, 10, 7)
    assert judge.grade(brief, "A party.") == Grade(9, 8, 3, 7)
    assert judge.odd == 2
    assert server.requests[-1]["messages"][0]["role"] == "system"


def test_a_judge_without_a_name_is_refused():
    """Breaks when a forgotten model name is found out only after minutes of writing."""
    with pytest.raises(ServerError, match="#MODEL"):
        Judge("http://127.0.0.1:9/v1")


@pytest.mark.parametrize("others", [[], ["--baseline", "SERVER#tiny", "--shots", "2"]])
def test_the_command_prints_a_table_for_each_writer(server, tiny_slm, others):
    """Breaks when our model and a large one can not be graded by the same command."""
    others = [word.replace("SERVER", server.address) for word in others]
    command = [sys.executable, "-m", "slm.evaluate", "relevance", "--slm", str(tiny_slm), "--intents", "4"]
    options = ["--length", "8", "--judge", f"{server.address}#tiny", "--json", *others]
    done = subprocess.run([*command, *options], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)
    assert sum(row["prompts"] for row in rows) == 4
    assert all(row["correctness"] == 9 and row["odd"] == row["prompts"] for row in rows)
