"""The sentence shapes of the compositional teacher, as data.

A shape is a sentence with {slots}, [optional parts] and (one|of|these). An optional part is taken when the wished
length leaves room for it. Slots of a shape are filled in order; `grammar.py` knows how.

    {S} a subject, names the topic        {P} people, name the topic          {N} either of them
    {L} a setting, begins with in, on ... {K} a clause of the scene           {A} "at a farmers market"
    {T} the topic with its article        {t} the topic without it            {Q} "in a quiet mood"
    {O} all objects not yet said, joined  {o} one object as a noun phrase     {C} one object in a clause
    {light} {palette} {motif} {layout}    {purpose} {D} the design, its style, perhaps its topic
    {M} a medium with its style: "a cheerful watercolor"                      {where} "in the foreground" ...
A verb after {o} or {N} is written is/are; a capital after a slot's name ({L!}) is not needed: the first letter of the
sentence is raised at the end.
"""

# Pictures that begin with a noun phrase, by what they need. A lead ("a rustic oil painting of") may go before them.
PICTURE_PHRASES = """
{N} {L}[, {light}]
{N} {L}[, (where|while|as) {K}][, {light}]
{N} {L}[ (while|as) {K}], {O} (in the foreground|close by|to one side|in plain view|off to one side)[, {light}]
{N} {L} with {O}[, (while|as) {K}][, {light}]
{N} {L}, where {C}[ and {K}][, {O} (close by|nearby|to one side)][, {light}]
{N} {L}, (while|as) {C}[, {O} (in the foreground|nearby|close at hand|to one side)][, {light}]
{N} {L}, {O} (close by|nearby|in the foreground|at the center|within reach)[, (while|as) {K}][, {light}]
{N} with {O} {L}[, (while|as) {K}][, {light}]
{N} with {O}[, {light}]
{N} with {o} {L}[, (while|as) {C}][, {light}]
{o} (beside|in front of|next to|near) {o} {A}[ {L}][, (while|as) {K}][, {light}]
{o} and {o} {A}[ {L}][, (while|as) {K}][, {light}]
{O} {A}[ {L}][, (while|as) {K}][, {light}]
{O} {L} {A}[, {light}]
{O} {L}, a {t} (scene|picture|still life)[ (kept|bathed) {light}]
{o} {L}, (while|as) {C} {A}[, {O} (close by|in the background)][, {light}]
{S}, {O} {L}[, {light}]
{S} with {O} (in the foreground|up close|at the center)[, {light}]
{P} {L}, {O} (beside them|within reach|close at hand|nearby)[, (while|as) {K}][, {light}]
{P} {L}, with {O} (in the foreground|off to one side|close by)[, (while|as) {K}][, {light}]
"""

# Pictures that are whole sentences. A lead ("in this rustic picture,") may go before them.
PICTURE_CLAUSES = """
{C} {A}[ {L}][, {O} (close by|nearby|in the foreground|to one side)][, {light}]
{C} {A}[ {L}][ while {K}][, with {O} (close by|nearby|in the foreground)][, {light}]
{L}, {C} {A}[, {O} (close by|nearby|in the foreground)][, {light}]
{L}, {K} {A}, with {O} (close by|in the foreground|to one side)[, {light}]
{K} {A}[ {L}], with {O} (close by|in the foreground|to one side)[, {light}]
{K} {A}[ {L}], {O} (close by|in the foreground|to one side|nearby)[, {light}]
{C} while {K} {A}[ {L}][, {O} (close by|nearby|in the foreground)][, {light}]
{K} {A}[ {L}][, {light}]
{L}, {K} {A}[, {light}]
{o} catch(es) the eye {A}[ {L}][, (while|as) {K}][, {O} (nearby|just behind)][, {light}]
{o} fill(s) the foreground {A}[ {L}][, (while|as) {K}][, {O} (farther back|behind|to one side)][, {light}]
{o} take(s) the center of {M} of {T}[, with {O} (to one side|just behind)][, {light}]
"""

# Sentences around a medium: the style sits in {M}, the topic is named as "a street fair scene".
PICTURE_MEDIUM = """
{M} of {N} {L}[, (where|while|as) {K}][, {light}]
{M} of {N} {L}[, {O} (in the foreground|nearby|to one side|up close)][, (while|as) {K}][, {light}]
{M} of {N} with {O}[ {L}][, {light}][, {palette}]
{M} of {O} {A}[ {L}][, {light}][, {palette}]
{M} of {N} {L}, where {C}[, {O} (close by|to one side)][, {light}]
{M} of {T}, where {C}[ {L}][, {O} (close by|to one side|in the foreground)][, {palette}]
{M} of {T}, with {O}[ {L}][, {light}][, {palette}]
{M} (in which|where) {C} {A}[ {L}][, {O} (close by|in the background)][, {light}]
{M} of {T} {L}, (in which|where) {K}[, {O} in the foreground][, {palette}]
(in|for) {M} of {T}, {C}[ {L}][, {O} (close by|nearby)][, {light}]
{O} {L}, {M} of {T}[, {palette}]
{O}, {M} of {T}[ {L}][, {light}]
{C} {L}, {M} of {T}[, {O} (close by|in the foreground)][, {palette}]
"""

TEMPLATES = """
{make} {D} {purpose}[, with {motif}][ and {layout}]
{make} {D} {purpose} in {palette}[, with {motif}][ and {layout}]
{make} {D} {purpose}, with {O} (in the corner|at the center|along the lower edge|above the title)[, {layout}][ and a palette of {palette}]
{make} {D} {purpose}, (pairing|combining) {O} with {layout}[, all in {palette}]
{make} {D} for {T} with {O}[ in {palette}][, {motif}][ and {layout}]
{make} {D} for {T}[ in {palette}], with {motif}[ and {layout}]
{make} {Dt} with {O}[, {motif}][ and {layout}][, all in {palette}]
{make} {Dt} with {motif}[ and {layout}][, (kept|printed) in {palette}]
{make} {Dt}: {layout}[, {motif}][, {O} (in one corner|at the foot|at the top)][, a palette of {palette}]
{Dt} with {O}[ and {layout}][, in {palette}]
{Dt} in {palette}[ with {motif}][ and {layout}]
{Dt} with {motif}[ and {layout}][, in {palette}]
{D} {purpose}, with {motif}[ and {layout}][, in {palette}]
{D} {purpose}, with {O}[ and {layout}][, in {palette}]
for {T}, {make} {D} with {motif}[ and {layout}][ in {palette}]
for {T}, {make} {D} with {O}[, {motif}][ and {layout}][ in {palette}]
using {palette}, {make} {D} {purpose}[, with {motif}][ and {layout}]
using {palette}, {make} {D} {purpose}, with {O}[ and {layout}]
"""

MAKE = (
    "create design make draft compose produce build prepare plan sketch draw develop craft style arrange"
).split() + ["lay out", "put together", "set up", "mock up", "work up"]

MEDIA = {
    "": "picture scene image view illustration painting photograph drawing watercolor photo",
    "plain": "picture scene image illustration",
    "drawn": "illustration drawing picture painting poster-like&picture",
}

# A style is a kind of picture rather than a mood: what it may stand before.
DRAWN_STYLES = frozenset(
    "watercolor flat cartoon comic 3d illustrated hand-drawn doodle kawaii anime pixel sketchy storybook "
    "typographic geometric abstract scrapbook".split()
) | {"pop art", "art deco", "line art", "paper cut", "pixel art", "flat illustration", "folk art", "black and white"}

ANY_STYLES = (
    "bold vintage retro elegant minimalist playful modern clean minimal colorful cheerful watercolor friendly cozy "
    "nostalgic fresh pastel warm flat hand-drawn illustrated calm classic simple dramatic dreamy natural joyful bright "
    "geometric lively whimsical cartoon comic gentle delicate soft quiet sunny charming crisp vivid"
).split() + ["pop art", "art deco", "flat illustration", "soft pastel", "line art", "paper cut"]

LIGHTS = {
    "any": (
        "in soft even light",
        "with gentle shadows",
        "in clear light",
        "with everything behind softly blurred",
        "seen from above",
        "seen from a low angle",
        "seen straight on",
        "in close-up",
        "with plenty of empty space around",
    ),
    "outdoor": (
        "in low golden sun",
        "under a pale sky",
        "in the long shadows of late afternoon",
        "under drifting white clouds",
        "in clear morning light",
    ),
    "indoor": (
        "with light falling from a tall window",
        "in warm lamplight",
        "with soft light from one side",
        "in quiet window light",
    ),
    "backdrop": (
        "under soft studio light",
        "with one crisp shadow",
        "lit evenly from the left",
        "with plenty of empty space around",
    ),
}

MOODS = ("in a {} mood", "in a {} spirit", "with a {} feel")

# What a design can do: the purposes that fit it.
DOES = {
    "invitation": ("for", "inviting", "announcing", "celebrating", "welcoming", "asking"),
    "card": ("for", "wishing", "thanking", "celebrating", "congratulating", "sending", "inviting", "announcing"),
    "still": ("for",),
}
STILL = frozenset(
    "logo t-shirt label sticker certificate menu ticket calendar planner wallpaper background packaging pattern resume "
    "worksheet flashcard badge bookmark tag mug form document".split()
)
ANY_DESIGNS = (
    "flyer,poster,instagram post,banner,card,brochure,infographic,instagram story,facebook post,web banner,newsletter,"
    "social media post,presentation,postcard,slide deck,leaflet,sign,email header,landing page"
).split(",")
NO_DESIGN = "design layout template".split()
