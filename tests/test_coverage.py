"""Whether a prompt names a term."""

import pytest

from slm.coverage import missing, names


@pytest.mark.parametrize(
    ("prompt", "term", "expected"),
    [
        ("A box of ripe cherries.", "cherry", True),
        ("Two foxes and a glass.", "fox", True),
        ("A glass of juice.", "glasses", True),
        ("New Year's Eve fireworks.", "new years eve", True),
        ("A bird's nest.", "bird", True),
        ("A cathedral.", "cat", False),
        ("Fish on a bed of chips.", "fish and chips", True),
        ("A fête in Nîmes.", "Fête", True),
        ("", "cake", False),
    ],
)
def test_names(prompt, term, expected):
    """Breaks when plurals or possessives hide a named term, or a part of a word counts as one."""
    assert names(prompt, term) is expected


def test_missing_lists_what_is_unnamed():
    """Breaks when the choice among drafts can not tell what they lack."""
    assert missing("A cake and a candle.", ("party", "candles", "cake")) == ["party"]
