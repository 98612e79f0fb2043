"""The model's own drafts."""

import os

import pytest

from slm.command import Brief
from slm.corpus import load_drafts
from slm.drafts import write_drafts


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
