"""What people think of prompts, as the model learns it."""

import json
import random

import pytest

from slm.command import Brief, Task
from slm.corpus import Drafts, load_corpus
from slm.taste import Feedback, Rated, Taste, liking_of, read_ratings

ROW = {
    "task": "T2I", "topic": "tea", "objects": ["cup"], "design_type": "", "style": "",
    "prompt": "A blue cup of tea.", "accepted": True, "relevance": None, "correctness": None,
}  # fmt: skip


@pytest.fixture(scope="module")
def prompts():
    return [example.prompts[0] for example in load_corpus()[::9]]


def rated(prompts):
    """People who want nothing but red."""
    brief = Brief(Task.T2I, "tea")
    return [Rated(brief, prompt, float(" red " in prompt)) for prompt in prompts]


def test_acceptance_and_grades_weigh_the_same():
    """Breaks when a rating's parts are added up wrongly, or no answer counts as a bad one."""
    assert liking_of(True, 3, 3) == 1
    assert liking_of(False, 1, 1) == 0
    assert liking_of(True, 1, 1) == 0.5
    assert liking_of(None, 2, None) == 0.5
    assert liking_of(None, None, None) is None


def test_ratings_are_read_and_a_bad_line_is_named(tmp_path):
    """Breaks when superseded or empty ratings are learned from, or a wrong file ends in a traceback."""
    file = tmp_path / "ratings.jsonl"
    rows = [
        ROW,
        ROW | {"current": False},
        ROW | {"accepted": None},
        ROW | {"accepted": False, "current": True},
    ]
    file.write_text("\n".join(map(json.dumps, rows)))
    assert [each.liking for each in read_ratings(file)] == [1, 0]
    assert read_ratings(file)[0].brief.length == 5
    file.write_text(json.dumps(ROW) + '\n{"prompt": 3}\n')
    with pytest.raises(ValueError, match="line 2"):
        read_ratings(file)


def test_the_judge_finds_what_people_like(prompts):
    """Breaks when the judge's grades do not follow the taste behind the ratings on prompts nobody rated."""
    half = len(prompts) // 2
    taste = Taste.learn(prompts[:half], [each.liking for each in rated(prompts[:half])])
    taste.calibrate(prompts)
    assert max(taste.words, key=taste.words.__getitem__) == "red"
    grades = {liked: [] for liked in (True, False)}
    for prompt in prompts[half:]:
        grades[" red " in prompt].append(taste.grade(prompt))
    assert min(grades[True]) == 5
    assert sum(grades[False]) / len(grades[False]) < 3.2


def test_too_few_ratings_are_refused():
    """Breaks when a handful of clicks bends the model."""
    with pytest.raises(ValueError, match="too few"):
        Taste.learn(["a red cup"] * 5, [1.0] * 5)


def test_what_a_prompt_misses_still_counts(prompts):
    """Breaks when a prompt that leaves its object out is taught as a good one because people like its
    words."""
    feedback = Feedback(rated(prompts), [], prompts)
    brief = Brief(Task.T2I, "tea", ("cup",), relevance=2)
    assert feedback.judged(brief, "A red pot.").relevance == 2
    assert feedback.judged(Brief(Task.T2I, "tea", relevance=4), "A red pot.").relevance == 5
    relevances = {feedback.pair(random.Random(seed))[0].relevance for seed in range(200)}
    assert relevances == {1, 5}


def test_drafts_are_graded_against_each_other(prompts):
    """Breaks when the grade says which intent it is rather than which of its drafts people would take."""
    texts = (
        "A cold tea pot.",
        "A red tea pot.",
        "A red cup here.",
        "Some tea to drink.",
        "A tea pot stands.",
    )
    drafts = Drafts(Brief(Task.T2I, "tea"), texts)
    graded = {prompt: brief for brief, prompt in Feedback(rated(prompts), [drafts], prompts).graded}
    assert graded["A red tea pot."].relevance >= 4
    assert graded["A red cup here."].relevance == 2  # it does not name its topic
    assert sorted(brief.relevance for brief in graded.values())[:2] == [1, 2]
    assert graded["A red tea pot."].length == 4


def test_the_judge_is_kept(prompts, tmp_path):
    """Breaks when the judge beside a published model says something else than the one that was learned."""
    likings = [each.liking for each in rated(prompts)]
    taste = Taste.learn(prompts, likings)
    taste.save(tmp_path / "taste.json")
    loaded = Taste.load(tmp_path / "taste.json")
    assert all(abs(loaded.log_odds(text) - taste.log_odds(text)) < 0.05 for text in prompts[:50])
    (tmp_path / "taste.json").write_text("[1]")
    with pytest.raises(ValueError, match="no judge"):
        Taste.load(tmp_path / "taste.json")
