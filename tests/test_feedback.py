"""Ratings teach the model."""

import json
import random
import subprocess
import sys

from pipeline.store.studies import Arm
from pipeline.study.items import _writer
from slm.checkpoint import load_checkpoint
from slm.command import relevance_token
from slm.corpus import load_corpus, load_drafts
from slm.feedback import teach
from slm.feedback_study import LENGTH, measured, people, plot, votes
from slm.generate import Prompt, Writer
from slm.train import train


def ratings_file(folder):
    rng = random.Random(1)
    rows = []
    for example in load_corpus()[::60]:
        row = {"task": example.task, "topic": example.topic, "objects": example.objects}
        row |= {"design_type": example.design_type, "style": example.style, "prompt": example.prompts[0]}
        rows.append(row | {"accepted": rng.random() < 0.5, "relevance": None, "correctness": 2})
    file = folder / "ratings.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)))
    return file


def test_teaching_goes_on_from_the_checkpoint(tmp_path, tiny_slm):
    """Breaks when learning from ratings starts from nothing, or starts again after a kill."""
    file = ratings_file(tmp_path)
    config = teach(file, tiny_slm, tmp_path / "taught", steps=3, intents=2)
    assert all(len(drafts.prompts) > 20 for drafts in load_drafts(config.drafts))
    begun, base = (load_checkpoint(folder)[0].state_dict() for folder in (tmp_path / "taught", tiny_slm))
    assert all((begun[name] == weight).all() for name, weight in base.items() if name != "wte.weight")
    changed = (begun["wte.weight"] != base["wte.weight"]).any(dim=1).nonzero().flatten().tolist()
    tokenizer = load_checkpoint(tiny_slm)[1]
    # The grades start alike; see forget_grades.
    assert changed == sorted(tokenizer.token_to_id(relevance_token(grade)) for grade in (1, 2, 3, 5))
    assert [progress.step for progress in train(config)] == [1, 2, 3]
    assert list(train(teach(file, tiny_slm, tmp_path / "taught", steps=3, intents=2))) == []
    meta = load_checkpoint(tmp_path / "taught")[2]
    assert meta["settings"]["ratings"] == str(file)
    writer = Writer.load(tmp_path / "taught")
    assert writer.asked == 5
    assert writer.taste is not None
    assert writer.taste.words
    arm = Arm("A", "a", {"guided": "yes"})
    assert _writer(writer, arm, None).taste is writer.taste
    assert (
        _writer(writer, Arm("B", "b", {"relevance": "1"}), None).taste is None
    )  # the command alone is studied
    export = [sys.executable, "-m", "slm.checkpoint", "--slm", str(tmp_path / "taught")]
    subprocess.run([*export, "--export", str(tmp_path / "out"), "--dtype", "int8"], check=True)
    exported = Writer.load(tmp_path / "out")
    assert exported.asked == 5
    assert exported.taste.words == writer.taste.words


def test_simulated_people_have_the_taste_they_are_given():
    """Breaks when the demonstration's people do not care, so that it could show nothing."""
    crowd, rng = people(1), random.Random(0)

    def share(prompt):
        return sum(person.accepts(prompt, rng) for person in crowd for _ in range(20)) / (20 * len(crowd))

    assert share("A blue cup.") > share("A cup.") + 0.2 > share("A crowd around a cup.") + 0.4


def test_the_same_people_look_at_both_models():
    """Breaks when before and after are judged by other people, so that luck could look like learning."""
    prompts = [Prompt(text, len(text.split()), (), 0.0) for text in ("A red cup.", "A crowd.") * 20]
    assert (votes(prompts, 3) == votes(prompts, 3)).all()
    briefs = [example.brief(LENGTH) for example in load_corpus()[:40]]
    outcome = measured("before", 4, False, prompts, briefs, 3)
    assert outcome.low < outcome.accepted < outcome.high
    assert outcome.exact_length == 0
    drawn = plot({"intents": 40, "outcomes": [vars(outcome)]})
    assert f"{outcome.accepted:.0%}" in drawn
