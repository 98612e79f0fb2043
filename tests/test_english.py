"""Text as plain English: translated, emoji named, run-together words set apart."""

import pytest

from intent.english import English
from intent.graph import load_graph
from intent.lexicon import Lexicon


@pytest.fixture(scope="module")
def english():
    return English(Lexicon(load_graph()).counts)


def test_words_run_together_are_set_apart(english):
    """The text models lose spaces between capitals; topic and template need them."""
    assert english.respace("HAPPYBIRTHDAY") == "HAPPY BIRTHDAY"
    assert english.respace("Slowmornings") == "Slow mornings"
    assert english.respace("strawberries Qwrtzxcv") == "strawberries Qwrtzxcv"


def test_foreign_words_are_translated_and_the_rest_stays(english):
    """A word that English has, too, must not be taken for a foreign one, nor the line's signs be lost."""
    assert english.translate("Gato perdido, 20€!") == "cat lost, 20€!"
    assert english.translate("Tag der offenen Tür") == "open house"
    assert english.translate("a chat on the date") == "a chat on the date"


def test_emoji_become_their_names(english):
    """A canvas of nothing but emoji says something."""
    assert english.translate("🎂").split() == ["birthday", "cake"]
    assert "ghost" in english.translate("👻")


def test_scripts_without_spaces(english):
    """Japanese and Chinese words stand side by side."""
    assert english.translate("お誕生日").split()[-1] == "birthday"
