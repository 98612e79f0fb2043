"""The shipped corpus and its split."""

import pytest

from slm.corpus import held_out, load_corpus, split


def test_shipped_corpus_is_whole():
    """Breaks when a file of the corpus is lost or a record is broken."""
    examples = load_corpus()
    assert len(examples) == 9194
    assert all(len(example.prompts) == 5 for example in examples)
    assert len({example.id for example in examples}) == len(examples)


def test_held_out_topics_are_in_no_training_example():
    """Breaks when a held-out topic leaks into training: figures on unseen intents would be flattered."""
    train, test = split(load_corpus())
    assert len(test) >= 300
    assert not {e.topic.lower() for e in train} & {e.topic.lower() for e in test}
    assert held_out("Birthday") == held_out("birthday")


def test_a_broken_record_is_named(tmp_path):
    """Breaks when a person who edits the corpus is not told which line is wrong."""
    (tmp_path / "a.jsonl").write_text('{"id": "x"}\n')
    with pytest.raises(ValueError, match=r"a\.jsonl, line 1"):
        load_corpus(tmp_path)
