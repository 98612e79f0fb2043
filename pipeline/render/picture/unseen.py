"""What a picture leaves out: the nouns of a prompt that nothing in it stands for.

A word counts as a noun where the creative graph lists it as an object, or where it stands as only a noun can:
after an article and before the end of its phrase. Adjectives, verbs and what a backdrop shows by itself are
no things to miss.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from pipeline.render.art import load_art
from pipeline.render.nouns import tokens, words_of
from pipeline.render.palette import COLORS
from pipeline.render.surroundings import graph

_DETERMINERS = words_of("a an the one two three four five six his her their its our my some many several")
_ENDS = words_of(
    """and or with in on at by under over near beside beneath behind between above below from to for while
    that which who as against through across inside around into waits stands sits hangs lies"""
)
# Nouns of the picture rather than of a thing in it.
_ABSTRACT = words_of(
    """side middle corner edge front back center centre background foreground frame view scene picture
    image photo photograph drawing painting illustration print sketch shot style light lights shadow
    shadows air line lines shape shapes color colors tone tones moment day night morning evening year
    time way end start top bottom left right row pair set group stack pile cluster bunch lot piece
    pieces part half rest air mood feeling look touch focus panel portrait detail distance angle glow
    smile face hand hands head feet ground sky water place art poster party sale event dinner lunch
    breakfast season summer winter spring autumn holiday home life love room house figure eye eyes arm
    arms finger fingers wind world word words text breath backdrop string steam panel story title
    theme idea name number first last other same whole inside outside close up new old idea"""
)


@lru_cache(maxsize=1)
def _objects() -> frozenset[str]:
    return frozenset(" ".join(tokens(thing)) for topic in graph().topics.values() for thing in topic.objects)


def unseen(words: Sequence[str], seen: set[str]) -> tuple[str, ...]:
    """The nouns among the words (tokens of a prompt, in order) of which no word is `seen`; 12 at most."""
    found: list[str] = []
    at = 0
    while at < len(words):
        for length in (3, 2, 1):
            part = words[at : at + length]
            if len(part) < length or any(each in seen or each[:-1] in seen for each in part):
                continue
            if tuple(part) in load_art().nouns:  # it has a drawing and was read as something else
                continue
            phrase, after = " ".join(part), words[at + length] if at + length < len(words) else "and"
            known = phrase in _objects() or phrase.removesuffix("s") in _objects()
            stands = length == 1 and at > 0 and words[at - 1] in _DETERMINERS and after in _ENDS
            last = part[-1]
            if (known or stands) and last not in _ABSTRACT and last not in COLORS and len(last) > 2:
                found.append(phrase)
                at += length - 1
                break
        at += 1
    return tuple(dict.fromkeys(found))[:12]
