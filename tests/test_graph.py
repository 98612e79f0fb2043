"""The knowledge graph: what ships is whole, what a user adds is checked line by line."""

import json
import subprocess
import sys

import pytest

from intent.graph import GraphError, Topic, key, load_graph, normalise, singular

LINE = {
    "topic": "kite day",
    "category": "hobby",
    "parents": ["wind fair", "no such topic"],
    "aliases": ["kite-flying day"],
    "cues": ["let's go fly a kite"],
    "objects": ["kite", "string"],
    "design_types": ["poster"],
    "styles": ["playful"],
    "colors": ["red"],
    "clip": ["a kite in the sky"],
}


@pytest.fixture(scope="module")
def graph():
    return load_graph()


def write(folder, *rows):
    path = folder / "graph.jsonl"
    path.write_text(
        "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), encoding="utf-8"
    )
    return path


def test_every_name_of_the_shipped_graph_finds_its_topic(graph):
    """A name lost to another topic could never be found again."""
    assert len(graph.topics) == 700
    for topic in graph.topics.values():
        assert graph.find(topic.topic) is topic
        for alias in topic.aliases:
            assert graph.find(alias) is not None


@pytest.mark.parametrize(
    "phrase", ["Birthday Party", "BIRTHDAY PARTIES!", "birthday-party", "bday", " b.day… bash ", "Bday party"]
)
def test_find_looks_past_case_punctuation_and_number(graph, phrase):
    """People write names as they like."""
    assert graph.find(phrase).topic == "birthday party"


@pytest.mark.parametrize("phrase", ["", "  ", "!!!", "🎂", "ferry timetable"])
def test_find_gives_none_for_what_is_no_name(graph, phrase):
    """A wrong topic is worse than none."""
    assert graph.find(phrase) is None


def test_relatives(tmp_path):
    """A parent that is no topic, a sibling or a circle of parents must not break the walk."""
    fair = LINE | {"topic": "wind fair", "parents": ["kite day"], "aliases": ["windfest"]}
    race = LINE | {"topic": "kite race", "parents": ["wind fair"], "aliases": ["kite derby"]}
    graph = load_graph(write(tmp_path, LINE, fair, race))
    assert [topic.topic for topic in graph.parents("kite day")] == ["wind fair"]
    assert [topic.topic for topic in graph.children("wind fair")] == ["kite day", "kite race"]
    assert [topic.topic for topic in graph.neighbours("kite race")] == ["wind fair", "kite day"]
    assert {topic.topic for topic in graph.ancestors("kite race")} == {"wind fair", "kite day"}


def test_a_topic_beats_an_alias(tmp_path):
    """'kites day' is an alias here only in its plural; the topic of that name must win."""
    other = LINE | {"topic": "paper craft", "aliases": ["kites day"]}
    assert load_graph(write(tmp_path, other, LINE)).find("kite day").topic == "kite day"


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ("{not json", "no JSON"),
        ("[1]", "must be a JSON object"),
        (json.dumps({"topics": "x"}), "unknown fields topics; known are topic, category"),
        (json.dumps({"cues": []}), "'topic' must be"),
        (json.dumps(LINE | {"topic": "!"}), "'topic' must be"),
        (json.dumps(LINE | {"topic": "x", "cues": "hello"}), "'cues' must be a list"),
        (json.dumps(LINE | {"topic": "x", "cues": [" "]}), "none of them empty"),
        (json.dumps(LINE), "already names 'kite day' of "),
    ],
)
def test_a_bad_line_is_named_by_its_number(tmp_path, bad, says):
    """A person who adds a topic must learn which line to mend, and why."""
    with pytest.raises(GraphError, match="line 3") as error:
        load_graph(write(tmp_path, LINE, "", bad))
    assert says in str(error.value)
    assert "graph.jsonl" in str(error.value)


def test_topics_of_ones_own_join_those_that_ship(graph, tmp_path):
    """Only a name is needed; a name that ships already must be told, with both places."""
    mine = write(tmp_path, {"topic": "ferret racing", "parents": ["sports"], "objects": ["ferret"]})
    both = load_graph(more=mine)
    assert len(both.topics) == len(graph.topics) + 1
    assert both.find("Ferret Racing").objects == ("ferret",)
    assert "ferret racing" in [topic.topic for topic in both.children("sports")]
    with pytest.raises(GraphError, match=r"line 1: 'wedding' already names 'wedding' of .*line"):
        load_graph(more=write(tmp_path, {"topic": "wedding"}))


def test_proposals_begin_with_the_topics_own(graph):
    """A rare topic must be offered more than its own few things, but those first."""
    topic = graph.find("kids birthday")
    offered = graph.propose(topic.topic)
    assert offered.objects[: len(topic.objects)] == topic.objects
    assert len(offered.objects) > len(topic.objects)
    assert offered.palettes[0] == topic.colors
    assert len(set(offered.styles)) == len(offered.styles)
    with pytest.raises(KeyError):
        graph.propose("no such topic")


def test_a_missing_or_empty_file_is_said(tmp_path):
    """Not a traceback of the file system."""
    with pytest.raises(GraphError, match="cannot be read"):
        load_graph(tmp_path / "none.jsonl")
    with pytest.raises(GraphError, match="holds no topic"):
        load_graph(write(tmp_path, ""))


def test_keys():
    """Both numbers of a word must meet, and words that only look plural must stay."""
    assert normalise("Mother’s  Day — Café & Crêpes!") == "mothers day cafe and crepes"
    assert key("Mothers' Day") == key("mother day")
    words = {
        "parties": "party",
        "boxes": "box",
        "dresses": "dress",
        "glass": "glass",
        "bus": "bus",
        "ties": "tie",
    }
    assert {word: singular(word) for word in words} == words


def test_topics_cannot_be_changed_by_a_reader(graph):
    """One graph is shared by the whole app."""
    topic = graph.find("wedding")
    assert isinstance(topic, Topic)
    with pytest.raises(AttributeError):
        topic.topic = "x"


def test_the_graph_needs_no_torch():
    """The teacher of prompts reads it where no model is loaded."""
    code = "import sys, intent.graph; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
