"""The safe vocabulary."""

import random
from pathlib import Path

import pytest

from slm.command import Brief, Task
from slm.corpus import load_corpus
from slm.safety import ANY, REFUSED, blocked
from slm.teacher.grammar import Grammar


@pytest.mark.parametrize(
    "text",
    [
        "fuck", "FUCKING party", "a f.u.c.k sign", "f u c k off", "fuuuuck", "fück this", "phuck",
        "sh1t sale", "a$$hole", "nigg3r", "child  porn", "Jail-bait", "f\u200buck", "gang bang",
    ],
)  # fmt: skip
def test_spelling_tricks_do_not_slip_through(text):
    """Breaks when case, accents, look-alike signs, dots, hidden signs or drawn-out letters hide a word."""
    assert blocked(text)


@pytest.mark.parametrize(
    "text",
    [
        "Scunthorpe United match day", "a cocktail menu", "pot luck dinner", "the cock crows", "ski slope",
        "Moby Dick book club", "a hoe and a rake in the shed", "breast cancer walk", "magna cum laude",
        "sex education week", "class reunion", "assess the grass", "a chink of light", "Essex county fair",
        "golden shower tree in bloom", "screwdriver", "nude lipstick", "Maine coon cat", "Dyke Road market",
        "bitter butter", "grapes", "analysis of canals", "therapist", "Pakistan day", "Japanese garden",
        "bass guitar", "tit and robin", "spice market",
    ],
)  # fmt: skip
def test_benign_words_pass(text):
    """Breaks when a canvas about cocktails or Scunthorpe is taken for an insult."""
    assert blocked(text) == []


def test_severity_decides_what_is_refused():
    """Breaks when a mild word of a person stops the work, or a slur does not."""
    assert blocked("damn good coffee", ANY) == ["damn"]
    assert blocked("damn good coffee", REFUSED) == []
    assert blocked("a faggot joke", REFUSED)
    with pytest.raises(ValueError, match="Change the topic"):
        Brief(Task.T2I, "child porn")
    with pytest.raises(ValueError, match="Change the objects"):
        Brief(Task.T2I, "party", ("balloon", "dildo"))
    assert Brief(Task.T2I, "damn good coffee").topic == "damn good coffee"


def test_nothing_blocked_is_learned():
    """Breaks when the shipped corpus, the phrase bank or what the grammar makes of it holds blocked words."""
    texts = [text for each in load_corpus()[::4] for text in (each.topic, *each.objects, *each.prompts)]
    texts += [pair.prompt for pair, _ in zip(Grammar().pairs(5), range(1500), strict=False)]
    texts += (
        (Path(__file__).parent.parent / "assets" / "scenes.jsonl").read_text(encoding="utf-8").splitlines()
    )
    found = {text: words for text in random.Random(0).sample(texts, 8000) if (words := blocked(text))}
    assert found == {}
