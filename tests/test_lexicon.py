"""Phrases and votes: the longest wins, a bad line is named."""

import pytest

from intent.graph import GraphError, load_graph
from intent.lexicon import FEATURES, Lexicon, load_phrases


@pytest.fixture(scope="module")
def lexicon():
    return Lexicon(load_graph())


def test_the_longest_phrase_wins(lexicon):
    """In "happy mother's day" there is no separate topic "happy", and in a name no thing."""
    plain = ["happy", "mother", "day"]
    topics = [
        match.value for match in lexicon.find(plain, [False] * 3) if match.kind in ("topic", "alias", "cue")
    ]
    assert "Mother's Day" in topics
    assert not [match for match in lexicon.find(["rose"], [True]) if match.kind == "object"]


def test_rare_words_say_more(lexicon):
    """A word that all topics share must not choose between them."""
    said = lexicon.evidence(["gulal"], [False], [])
    common = lexicon.evidence(["happy"], [False], [])
    assert said.shape == (len(lexicon.names), len(FEATURES))
    assert said.max() > common.max()
    assert said.sum(axis=1).argmax() == lexicon.numbers["Holi"]


def test_a_bad_line_is_named(tmp_path):
    """Whoever adds a telltale phrase must learn which line to mend."""
    (tmp_path / "t.txt").write_text("# a comment\nwedding bells\n")
    with pytest.raises(GraphError, match="line 2"):
        load_phrases(tmp_path / "t.txt", load_graph(), ", ")
