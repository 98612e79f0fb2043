"""The tokenizer."""

from slm.command import SPECIAL_TOKENS, Brief, Task, render_pair
from tests.tiny import tiny_tokenizer


def test_control_tokens_are_single_and_come_first():
    """Breaks when a command is split into pieces: the model could not learn it as one sign."""
    tokenizer = tiny_tokenizer()
    for number, token in enumerate(SPECIAL_TOKENS):
        assert tokenizer.token_to_id(token) == number
    ids = tokenizer.encode(render_pair(Brief(Task.T2I, "party", length=9), "A cake.")).ids
    assert sum(i < len(SPECIAL_TOKENS) for i in ids) == 5


def test_any_text_survives_the_round_trip():
    """Breaks when accents, emoji or unseen scripts are lost between text and tokens."""
    tokenizer = tiny_tokenizer()
    for text in (" plain words.", " Fête à l'œuvre, 東京 🎉", " tab\tand  spaces"):
        assert tokenizer.decode(tokenizer.encode(text).ids) == text


def test_first_word_has_the_token_of_the_same_word_inside():
    """Breaks when the word after a control token loses its space: each word would need two spellings."""
    tokenizer = tiny_tokenizer()
    ids = tokenizer.encode("<|IP|> cake with cake").ids
    cake = tokenizer.encode(" cake").ids
    assert ids[1 : 1 + len(cake)] == ids[-len(cake) :] == cake
