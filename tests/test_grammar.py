"""The compositional teacher: it says what the intent says, in whole sentences of every length."""

import itertools
import json
import random
import re
import subprocess
import sys
from collections import Counter

import pytest

from intent.graph import load_graph
from slm.safety import blocked
from slm.teacher import lexicon
from slm.teacher.grammar import LONGEST, SHORTEST, Grammar, Pair
from slm.teacher.names import fix_articles, invent, is_plural, locative, plural_form
from slm.teacher.shapes import Shape


@pytest.fixture(scope="module")
def grammar() -> Grammar:
    return Grammar()


@pytest.fixture(scope="module")
def pairs(grammar: Grammar) -> list[Pair]:
    return list(itertools.islice(grammar.pairs(1), 5000))


def named(name: str, prompt: str) -> bool:
    """Whether a prompt names something word for word or in its plural, whatever case."""
    said = f" {re.sub(r'[,:]', ' ', prompt.lower()[:-1])} "
    return any(
        f" {form} " in said or f" {form}'" in said for form in (name.lower(), plural_form(name.lower()))
    )


def test_same_seed_same_pairs(grammar: Grammar, pairs: list[Pair]) -> None:
    """A resumed training run would see other data if order crept in from sets or shared state."""
    assert list(itertools.islice(grammar.pairs(1), 300)) == pairs[:300]
    assert list(itertools.islice(grammar.pairs(2), 300)) != pairs[:300]


def test_another_process_composes_the_same(pairs: list[Pair]) -> None:
    """String hashing differs between processes: a set that is iterated would show here."""
    command = [sys.executable, "-m", "slm.teacher.grammar", "--n", "200", "--seed", "1", "--json"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert [json.loads(line)["prompt"] for line in said] == [pair.prompt for pair in pairs[:200]]


def test_good_pairs_name_every_part(pairs: list[Pair]) -> None:
    """The model would learn to leave things out."""
    for pair in pairs:
        if pair.grade >= 3:
            parts = [pair.topic, *pair.objects, pair.design_type, pair.style]
            missing = [part for part in parts if part and not named(part, pair.prompt)]
            assert not missing, (pair, missing)


def test_incomplete_pairs_miss_a_part(pairs: list[Pair]) -> None:
    """A complete prompt marked as incomplete would teach the relevance command nothing."""
    incomplete = [pair for pair in pairs if pair.grade == 2]
    assert incomplete
    for pair in incomplete:
        parts = [*pair.objects, pair.design_type, pair.style]
        assert any(part and part.lower() not in pair.prompt.lower() for part in parts), pair


def test_shares_of_grades_and_of_names_to_copy(pairs: list[Pair]) -> None:
    """Too few odd names and the model knows topics instead of copying them; too many make no sense."""
    grades = Counter(pair.grade for pair in pairs)
    assert 0.8 < grades[4] / len(pairs) < 0.92
    assert 0.03 < grades[3] / len(pairs) < 0.1
    assert 0.04 < grades[2] / len(pairs) < 0.08
    assert 0.01 < grades[1] / len(pairs) < 0.03
    own = load_graph().topics
    assert 0.35 < sum(pair.topic not in own for pair in pairs) / len(pairs) < 0.55


def test_every_length_is_covered(pairs: list[Pair]) -> None:
    """The length command would have nothing to learn from at a length that is missing."""
    lengths = Counter(len(pair.prompt.split()) for pair in pairs)
    assert set(lengths) == set(range(SHORTEST, LONGEST + 1))
    assert all(lengths[length] > len(pairs) / 100 for length in range(8, 37))


def test_sentences_are_tidy(pairs: list[Pair]) -> None:
    """Slips of composition: articles, spaces, capitals, slots left open."""
    for pair in pairs:
        assert re.fullmatch(r"[^a-z@{}\[\]()|].*[^.,: ]\.", pair.prompt), pair
        assert "  " not in pair.prompt, pair
        assert not re.search(r"\b(a an?|an a|the the|of of|in in|at at|with with|and and)\b", pair.prompt), (
            pair
        )
        assert not re.search(r" ,|,,|,\.|:\.", pair.prompt), pair


def test_fields_suit_the_task(pairs: list[Pair]) -> None:
    """A picture has no design type, and an intent never more than three objects."""
    for pair in pairs:
        assert pair.task in ("T2I", "T2T")
        assert pair.task == "T2T" or not pair.design_type
        assert len(pair.objects) <= 3
        assert len(set(pair.objects)) == len(pair.objects), pair


def test_held_out_topics_never_appear() -> None:
    """Evaluation on unseen topics would be worthless, were their names or phrases seen."""
    skip = frozenset({"Birthday Party", "ramen", "bday", "kintsugi class", "farmers market"})
    grammar = Grammar(skip_topics=skip)
    lower = {topic.lower() for topic in skip}
    assert not lower & {scene.topic.topic.lower() for scene in grammar.cast.scenes}
    assert not lower & {pair.topic.lower() for pair in itertools.islice(grammar.pairs(3), 1500)}


def test_articles_follow_the_sound() -> None:
    """ "an hour", but "a unicorn", whatever was put before the noun last."""
    assert (
        fix_articles("a hour with a unicorn, a FAQ and an red owl")
        == "an hour with a unicorn, an FAQ and a red owl"
    )


def test_names_know_how_they_stand() -> None:
    """Plural verbs, "at" or "on" before a name, and the noun a longer name turns on."""
    assert is_plural("two red kettles")
    assert is_plural("rows of candles")
    assert not is_plural("a pair of kettles")
    assert [locative(name) for name in ("street fair", "Labor Day", "old kitchen", "houseboat for sale")] == [
        "at",
        "on",
        "in",
        "",
    ]


def test_shapes_know_what_they_can_say() -> None:
    """An object would be dropped, or a list left empty."""
    shape = Shape("{o} beside {C} {A}[, {O} {near}]")
    assert [shape.can_say(count) for count in range(4)] == [False, False, True, True]
    assert [Shape("{N}: {O2}").can_say(count) for count in range(4)] == [False, False, True, True]
    assert Shape("{Dt} with {list}").can_say(0)


def test_invented_words_can_be_said(grammar: Grammar) -> None:
    """Words that nobody can pronounce do not look like names."""
    rng = random.Random(1)
    for _ in range(500):
        word = invent(rng)
        assert re.fullmatch(r"[a-z]{4,14}", word)
        assert not re.search(r"[aeiou]{4}|[^aeiouy]{5}", word), word
    assert not blocked(invent(random.Random(2598)))  # its first syllables make an offensive word


def test_odd_things_are_only_shown(pairs: list[Pair], grammar: Grammar) -> None:
    """Breaks when a name or an object from elsewhere gets a story that it does not fit."""
    odd = [
        pair for pair in pairs if pair.task == "T2I" and pair.topic in lexicon.FOREIGN_EVENTS and pair.objects
    ]
    assert odd
    told = {p.text for scene in grammar.cast.scenes for p in scene.scenes}
    assert not any(clause in pair.prompt for pair in odd for clause in told)
