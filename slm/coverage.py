"""Does a prompt name what it was told to name? Used to choose among drafts and to measure."""

from __future__ import annotations

from collections.abc import Iterable

from intent.graph import key

SMALL_WORDS = frozenset({"a", "an", "and", "at", "by", "for", "in", "of", "on", "or", "the", "to", "with"})


def words_of(text: str) -> list[str]:
    """Lower-case words without punctuation or accents; plurals become their singular."""
    return key(text).split()


def names(prompt: str, term: str) -> bool:
    """Whether every content word of `term` stands in `prompt`, plurals and case aside."""
    have = set(words_of(prompt))
    need = words_of(term)
    content = [word for word in need if word not in SMALL_WORDS] or need
    return all(word in have for word in content)


def missing(prompt: str, terms: Iterable[str]) -> list[str]:
    """The terms that the prompt does not name."""
    return [term for term in terms if not names(prompt, term)]
