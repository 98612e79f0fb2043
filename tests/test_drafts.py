"""The model's own drafts, and its verdict on them."""

import json
import os
import shutil

import numpy as np
import pytest

from slm.checkpoint import Checkpoint
from slm.command import CARE, DRAFT, Brief, Task, render
from slm.corpus import Drafts, load_drafts
from slm.data import Stream
from slm.decode import Decoder, Sampling
from slm.drafts import write_drafts
from slm.runtime import load_network
from tests.tiny import tiny_tokenizer

BRIEF = Brief(Task.T2I, "tea", ("cup",), length=8)


def test_drafts_go_on_where_they_stopped(tiny_slm, tmp_path):
    """Breaks when a killed run writes an intent twice, or other drafts than an unbroken one."""
    write_drafts(tiny_slm, tmp_path / "whole.jsonl", 2, seed=1)
    write_drafts(tiny_slm, tmp_path / "broken.jsonl", 2, seed=1)
    os.truncate(tmp_path / "broken.jsonl", (tmp_path / "broken.jsonl").stat().st_size - 20)
    write_drafts(tiny_slm, tmp_path / "broken.jsonl", 2, seed=1)
    assert (tmp_path / "whole.jsonl").read_bytes() == (tmp_path / "broken.jsonl").read_bytes()
    drafts = load_drafts(tmp_path / "whole.jsonl")
    (tmp_path / "whole.jsonl").write_text('{"prompts": 3}\n')
    with pytest.raises(ValueError, match="line 1"):
        load_drafts(tmp_path / "whole.jsonl")
    assert all(isinstance(each.brief, Brief) and len(each.prompts) > 20 for each in drafts)


def test_of_a_draft_only_the_verdict_is_learned():
    """Breaks when the model learns to write its own mistakes, or to see them by the command alone."""
    tokenizer = tiny_tokenizer()
    own = Drafts(BRIEF, ("A cup cup of of tea tea stands.",))
    stream = Stream(tokenizer, seed=3, batch_tokens=2048, max_tokens=192, drafts=[own])
    lines = list(stream.lines(0, 0.5))
    drafts = [line for line in lines if line.endswith(DRAFT)]
    assert len({line.split("<|intent|>")[0] for line in drafts}) == 2
    assert all(own.prompts[0] in line for line in drafts)
    care = [line for line in lines if line.endswith(CARE)]
    assert len(care) > len(drafts) > 0.3 * len(lines)
    assert not any(line.endswith(CARE) for line in lines if line.split()[1] in ("<|r1|>", "<|r2|>", "<|r3|>"))
    for line, learned in ((drafts[0], 1), (care[0], None)):
        ids, targets = stream.collate([tokenizer.encode(line).ids])
        kept = targets[0][targets[0] >= 0].tolist()
        assert tokenizer.id_to_token(kept[-1]) == line.split()[-1]
        assert learned is None or len(kept) == learned
        assert ids.shape == targets.shape


def test_the_verdict_is_what_the_network_says_after_the_end(tiny_slm, tmp_path):
    """Breaks when a draft gets the verdict on another one, or on half of itself."""
    folder = tmp_path / "slm"
    shutil.copytree(tiny_slm, folder)
    meta = json.loads((folder / "meta.json").read_text()) | {"verdicts": True}
    (folder / "meta.json").write_text(json.dumps(meta))
    decoder = Decoder(Checkpoint(folder))
    drafts = decoder.draft(BRIEF, 6, np.random.default_rng(4), Sampling())
    plain = Decoder(Checkpoint(tiny_slm)).draft(BRIEF, 6, np.random.default_rng(4), Sampling())
    assert [draft.text for draft in drafts] == [draft.text for draft in plain]
    assert {draft.verdict for draft in plain} == {0.0}
    network, tokenizer = load_network(Checkpoint(folder)), tiny_tokenizer()
    steps = decoder._tokens(BRIEF, 6, np.random.default_rng(4), Sampling(), np.zeros(6))
    rows = np.stack([choice for choice, _ in steps], axis=1)
    for draft, row in zip(drafts, rows.tolist(), strict=True):
        ids = tokenizer.encode(render(BRIEF)).ids + row[: row.index(decoder.end) + 1]
        logits = network.begin(ids, 1, len(ids)).logits[0]
        care, own = (tokenizer.token_to_id(token) for token in (CARE, DRAFT))
        assert draft.verdict == pytest.approx(float(logits[care] - logits[own]), abs=0.2)
