"""Does a prompt name what it was told to name? Used to choose among drafts and to measure."""

from __future__ import annotations

import re
from collections.abc import Iterable

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
SMALL_WORDS = frozenset({"a", "an", "and", "at", "by", "for", "in", "of", "on", "or", "the", "to", "with"})


def words_of(text: str) -> list[str]:
    """Lower-case words without punctuation, each cut to a stem so that a plural equals its singular."""
    return [stem(word) for word in _WORD.findall(text.lower().replace("’", "'"))]


def stem(word: str) -> str:
    """The word without a plain English plural or possessive ending."""
    word = word.removesuffix("'s")
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("ches", "shes", "sses", "xes", "oes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def names(prompt: str, term: str) -> bool:
    """Whether every content word of `term` stands in `prompt`, plurals and case aside."""
    have = set(words_of(prompt))
    need = words_of(term)
    content = [word for word in need if word not in SMALL_WORDS] or need
    return all(word in have for word in content)


def missing(prompt: str, terms: Iterable[str]) -> list[str]:
    """The terms that the prompt does not name."""
    return [term for term in terms if not names(prompt, term)]
