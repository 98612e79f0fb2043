"""The sentence shapes of the compositional teacher, as data.

A shape is a sentence with {slots}, [optional parts] and (one|of|these); `grammar.py` fills it. An optional part is taken
when the wished length leaves room. The first letter is raised and the full stop set at the end.

    {N} the subject, {S}, or people, {P}: both name the topic     {L} a setting: "in a sunny back garden"
    {X} the subject where it is a thing   {A} "at a farmers market"   {G} people without the topic      {K} a clause of the scene: "a child laughs"
    {T} the topic with its article   {W} a part of it: "a quiet corner of a farmers market"
    {o} one object, a noun phrase   {C} one object, in a clause   {O} all that are left, joined; {O2} the same, two or more
    {near} where an object is   {aside} all objects left and where they are: "a kite close by"   {light}   {glow} light falling on what follows   {hues} "in coral and cream"
    {M} a medium with the style: "a rustic watercolor"   {Mt} the same naming the topic: "a rustic pottery still life"
    {make} create, design ...   {D} the design with its style   {Dt} the same naming the topic: "a bold yoga flyer"
    {purpose} "announcing a yoga retreat"   {bid} the same as a request: "announce a yoga retreat"
    {motif} {layout}   {features} one of them or both   {also} the same, going on   {list} these, objects, a palette   {palette}   {spot} where on a page   {ink} how it is drawn
A verb that follows {o} or {O} is written with its ending in brackets: fill(s).
"""

# Pictures said as noun phrases; a lead ("a rustic oil painting of", "seen from above,") may go before them.
PICTURE_PHRASES = """
{N} {L}[, {light}]
{N} {L}, where {K}[, {light}]
{N} {L} (while|as) {K}[, {light}]
{N} {L}, {aside}[, {light}]
{N} {L}, {aside} (while|as) {K}[, {light}]
{N} {L} with {O}[ {near}][, {light}]
{N} {L}, where {C}[ and {K}][, {light}]
{N} {L}, where {C}[, {aside}][, {light}]
{N} {L} (while|as) {C}[, {aside}][, {light}]
{N} {L}: {O2}[, {light}]
{N} {L}, seen (past|over|beyond) {O}[ (while|as) {K}][, {light}]
{N} with {O}[ {L}][, {light}]
{N} with {o}[ {L}] (while|as) {C}[, {light}]
{N}, {aside}[, {light}]
{O2} in sharp focus, {N} behind them[ {L}][, {light}]
{o} in sharp focus, {N} behind[ {L}][, {light}]
{o} {near}, {N} {L} beyond[, {light}]
{o} (beside|next to|in front of|near) {o} {A}[ {L}][ (while|as) {K}][, {light}]
{O2} {A}[ {L}][ (while|as) {K}][, {light}]
{O} {L} {A}[ (while|as) {K}][, {light}]
{o} {A}[ {L}], where {C}[, {light}]
{W}[ {L}], {aside}[ (while|as) {K}][, {light}]
{W} with {O}[ {L}][ (while|as) {K}][, {light}]
{W}, where {C}[, {aside}][, {light}]
{G} {A}[ {L}], {O} (between them|beside them|close by)[, {light}]
{G} {A}[ {L}], {aside} (while|as) {K}[, {light}]
{G} {A}[ {L}] (while|as) {C}[, {aside}][, {light}]
{P} {L}, {O} (nearby|close by|in front of them)[, {light}]
{X} and {O}[ {L}][, {light}]
{P} (beside|next to|in front of) {o}[ {L}][ (while|as) {K}][, {light}]
{P} gathered around {o}[ {L}][, {light}]
{P} {L}, beside {O}[, {light}]
{N} {L} (while|as) {C}[, {light}]
{P} (beside|near) {o}[ {L}] (while|as) {C}[, {light}]
{o} beside {X}[ {L}][, {light}]
{X} beside {o}[ {L}] (while|as) {K}[, {light}]
{O} around {X}[ {L}][, {light}]
{P}, {aside}[, {light}]
"""

# Pictures said as whole sentences; "in this rustic picture," or a viewpoint may go before them.
PICTURE_CLAUSES = """
{C} {A}[ {L}][, {aside}][, {light}]
{C} {A}[ {L}] (while|as) {K}[, {light}]
{C} (while|as) {K} {A}[, {aside}][, {light}]
{C} {A}[ {L}] while {C}[, {light}]
{C} beside {o} {A}[ {L}][, {light}]
{L}, {C} {A}[, {aside}][, {light}]
{L}, {C} (while|as) {K} {A}[, {light}]
{L}, {K} {A}, {aside}[, {light}]
{L}, {K} {A}[, {light}]
{K} {A}[ {L}], {aside}[, {light}]
{K} {A}[ {L}] beside {O}[, {light}]
{K} {A}[ {L}][, {light}]
(beside|behind|beyond|close to) {O}, {K} {A}[ {L}][, {light}]
{O2} share (the foreground|the frame) {A}[ {L}][ (while|as) {K}][, {light}]
{O2} (share the frame with|frame|stand before|lead the eye to) {P}[ {L}][, {light}]
{o} and {o} (stand out|catch the eye|draw the eye) {A}[ {L}][ (while|as) {K}][, {light}]
{o} catch(es) the eye {A}[ {L}][ (while|as) {K}][, {aside}][, {light}]
{o} fill(s) the foreground {A}[ {L}][ (while|as) {K}][, {O} (farther back|just behind)][, {light}]
{o} take(s) center stage {A}[ {L}][ (while|as) {K}][, {aside}]
{glow} {O} {A}[ {L}][ (while|as) {K}]
{glow} {o} {A}[ {L}] (while|as) {C}
{glow} {N} {L}[, {aside}]
{G} (pause|meet|linger|stop) {A}[ {L}], {aside}[, {light}]
{G} (pause|meet|linger) {A}[ {L}] while {C}[, {light}]
"""

# Pictures around a medium, which carries the style.
PICTURE_MEDIA = """
{M} of {T}, {aside}[ {L}][, {hues}]
{M} of {T} with {O}[ {L}][, {hues}]
{M} of {T}, where {C}[, {aside}][ {L}][, {hues}]
{M} of {O} {A}[ {L}][, {hues}]
{M} of {O2} {L}, made for {T}[, {hues}]
{M} (in which|where) {C} {A}[ {L}][, {aside}][, {hues}]
{M} of {T} {L}, (in which|where) {K}[, {aside}][, {hues}]
{M} of {G} {A}[ {L}], {aside}[, {hues}]
{M} of {W}, {aside}[ (while|as) {K}][, {hues}]
{O} {L}, {Mt}[ {hues}]
{O}, {Mt}[ {L}][, {light}]
{C} {L}, {Mt}[ {hues}]
{C} in {Mt}[ set {L}][, {aside}][, {hues}]
{Mt} of {O}[ {L}][ (while|as) {K}][, {hues}]
{Mt} with {O}[ {L}][, {hues}]
{Mt} {L}, where {C}[, {aside}][, {light}]
{Mt} {L}, {aside}[ (while|as) {K}][, {hues}]
{Mt} set {L}, where {K}[, {aside}][, {light}]
{Mt} showing {o} beside {o}[ {L}][, {hues}]
in {Mt}, {C} {L}[, {aside}][, {hues}]
in {Mt}, {C}[ (while|as) {K}][, {aside}][, {hues}]
in {Mt}, {K}[ {L}], {aside}[, {hues}]
"""

TEMPLATES = """
{make} {D} {purpose}
{make} {D} {purpose} in {palette}
{make} {D} {purpose}, with {list}
{make} {D} {purpose}, with {features}[, in {palette}]
{make} {D} {purpose}: {list}
{make} {D} {purpose}, pairing {O} with {layout}[, all in {palette}]
{make} {D} {purpose}, pairing {motif} with {layout}[, all in {palette}]
{make} {D} {purpose}, and let {motif} carry the page[, with {layout}]
{make} {D} {purpose}, {O} {spot}[, with {features}][, in {palette}]
{make} {D} for {T} with {list}
{make} {D} for {T} with {features}[, in {palette}]
{make} {D} for {T} in {palette}[, with {features}]
{make} {D} for {T}: {list}
{make} {D} for {T} built on {motif}[ and {layout}][, in {palette}]
{make} {Dt} with {list}
{make} {Dt} with {O}[ {spot}][{also}][, in {palette}]
{make} {Dt} with {features}[, in {palette}]
{make} {Dt} in {palette}[, with {list}]
{make} {Dt} in {palette}[, with {features}]
{make} {Dt}: {list}
{make} {Dt} where {O} sit(s) {spot}[, with {features}][, in {palette}]
{make} {Dt} around {O}[, with {features}][, in {palette}]
use {palette} for {D} {purpose}[, with {list}]
use {palette} for {Dt} with {O} {spot}[{also}]
keep {D} {purpose} to {palette}[, with {features}]
keep {Dt} to {palette}[, with {list}]
place {O} {spot} on {D} {purpose}[, with {features}][, in {palette}]
put {O} {spot} on {Dt}[, with {features}][, in {palette}]
set {O} {spot} on {D} for {T}[, with {features}][, in {palette}]
draw {O} {ink} for {D} {purpose}[, with {features}][, in {palette}]
show {O} {ink} on {Dt}[, with {features}][, in {palette}]
illustrate {D} {purpose} with {O}[{also}][, in {palette}]
build {D} {purpose} around {O}[, with {features}][, in {palette}]
build {Dt} around {motif}[, with {layout}][, in {palette}]
combine {motif} and {layout} in {D} {purpose}[, all in {palette}]
combine {O} with {motif} on {Dt}[, all in {palette}]
pair {motif} with {layout} on {D} {purpose}[, in {palette}]
pair {O} with {layout} on {Dt}[, in {palette}]
start {D} {purpose} with {motif}, then add {layout}[ in {palette}]
let {motif} set the tone of {D} {purpose}[, with {layout}][, in {palette}]
let {O} lead the eye on {Dt}[, with {features}][, in {palette}]
{bid} with {D}: {list}
{bid} with {D} in {palette}[, {O} {spot}][{also}]
{bid} with {D} that pairs {O} with {layout}[, in {palette}]
{bid} with {D} that shows {O} {spot}[{also}][, in {palette}]
{bid} with {D} built on {motif}[ and {layout}][, in {palette}]
{bid} with {D} that opens with {motif}[{also}][, in {palette}]
for {T}, {make} {D} with {list}
for {T}, {make} {D} with {features}[, in {palette}]
for {T}, {make} {D} in {palette}[, with {list}]
in {palette}, {make} {D} {purpose}[, with {list}]
in {palette}, {make} {Dt} with {list}
{Dt} with {list}
{Dt} with {O}[ {spot}][{also}][, in {palette}]
{Dt} with {features}[, in {palette}]
{Dt} in {palette} with {list}
{Dt} in {palette}
{Dt}: {list}
{Dt}, {O} {spot}[, with {features}][, in {palette}]
{Dt} built around {O}[, with {features}][, in {palette}]
{D} {purpose}[ in {palette}]
{D} {purpose}, with {list}
{D} {purpose}, with {features}[, in {palette}]
{D} {purpose} shows {O} {spot}[, with {features}][, in {palette}]
{D} {purpose} opens with {motif}[, followed by {layout}][, in {palette}]
{motif} set(s) the tone of {D} {purpose}[, with {layout}][, in {palette}]
{O} take(s) the center of {D} {purpose}[, with {features}][, in {palette}]
{O} stand(s) {spot} on {Dt}[, with {features}][, in {palette}]
"""

MAKE = [
    *"create design make draft compose produce build prepare plan sketch develop craft".split(),
    "lay out",
    "set up",
]

# Gerunds of purposes and the requests they turn into.
BIDS = dict(
    pair.split(":")
    for pair in (
        "announcing:announce inviting:invite promoting:promote advertising:advertise offering:offer thanking:thank "
        "introducing:introduce celebrating:celebrate presenting:present explaining:explain launching:launch "
        "sharing:share teaching:teach welcoming:welcome reminding:remind honoring:honor supporting:support"
    ).split()
)

LEADS_PHRASE = ("{M} of ", "{M} of ", "{M} of ", "{view}, ")
LEADS_CLAUSE = ("in {M}, ", "{M} in which ", "{M} where ", "{view}, ")
VIEWS = (
    "seen from above", "seen from a low angle", "seen at eye level", "seen straight on", "seen up close",
    "seen from across the way", "seen through a half-open door",
)  # fmt: skip

# Media by the look of the style that goes with them: a flat watercolor or a vintage 3d render would contradict.
MEDIA_PLAIN = tuple("picture scene image view composition".split())
MEDIA_ANY = (
    *"picture scene image illustration painting photograph drawing watercolor photo print sketch snapshot collage".split(),
    "oil painting", "ink drawing", "pencil drawing", "pastel drawing", "gouache painting", "paper collage", "linocut print",
    "storybook illustration", "close-up", "wide shot", "still image", "woodcut print", "digital painting", "chalk drawing",
)  # fmt: skip
MEDIA_TOPIC = (
    "scene",
    "picture",
    "illustration",
    "image",
    "still life",
    "painting",
    "photo",
    "study",
    "drawing",
)
PHOTOS = frozenset(("photograph", "photo", "snapshot", "close-up", "wide shot", "still image", "view"))

# Styles that are themselves a medium or a manner of drawing: they go with plain words only.
DRAWN_STYLES = frozenset(
    "watercolor flat cartoon comic 3d illustrated hand-drawn doodle kawaii anime pixel sketchy storybook typographic "
    "geometric abstract scrapbook neon photographic chalkboard gradient cinematic y2k".split()
) | {
    "pop art",
    "art deco",
    "line art",
    "paper cut",
    "pixel art",
    "flat illustration",
    "folk art",
    "black and white",
}
# Moods go before a thing as well as before a picture of it: "a playful birthday party".
MOOD_STYLES = frozenset(
    "playful elegant cozy festive romantic cheerful whimsical lively joyful rustic colorful boho vintage retro modern "
    "traditional glamorous solemn calm quiet bright dreamy fun friendly tropical magical simple minimalist formal luxury "
    "nostalgic peaceful hopeful serene mysterious humorous spooky tender sunny warm energetic futuristic classic".split()
)
ANY_STYLES = (
    *"bold vintage retro elegant minimalist modern clean minimal colorful watercolor fresh pastel warm flat classic".split(),
    *"hand-drawn illustrated calm simple natural bright geometric cartoon comic delicate soft crisp vivid".split(),
    "pop art", "art deco", "flat illustration", "soft pastel", "line art", "paper cut", "black and white", "folk art",
    "bold modern", "clean modern", "warm vintage", "soft minimal", "bright and simple", "hand-painted", "mid-century",
)  # fmt: skip

NEAR = (
    "close by", "nearby", "in the foreground", "to one side", "in front", "at the center", "off to the left",
    "off to the right", "in plain view", "up front", "in the background", "at the edge of the frame",
)  # fmt: skip
SPOTS = (
    "at the center", "in one corner", "along the lower edge", "above the title", "at the foot of the page", "at the left edge",
    "behind the title", "beside the headline", "across the top", "below the headline", "in the lower half", "on the right-hand side",
)  # fmt: skip
INKS = (
    "drawn in fine lines", "in flat shapes", "in loose brush strokes", "cut from solid color", "in thin ink lines",
    "as a simple icon", "in soft watercolor", "in bold outline", "as the main picture", "in a single color",
)  # fmt: skip
GROUPS = (
    "two friends", "three old friends", "a few visitors", "two neighbors", "a handful of people", "a young couple",
    "two sisters", "a small crowd", "a family of four", "a mother and her son", "two women in bright coats",
)  # fmt: skip
PARTS = (
    "a quiet corner",
    "a small part",
    "a close view",
    "a wide view",
    "one side",
    "the far end",
    "the middle",
)

LIGHTS = {
    "any": (
        "in soft even light", "with gentle shadows", "in clear light", "the background softly blurred", "in quiet daylight",
        "with long soft shadows", "in pale light from the left", "in warm even light", "with light from behind",
    ),
    "outdoor": (
        "in low golden sun", "under a pale sky", "in the long shadows of late afternoon", "under drifting white clouds",
        "in clear morning light", "under a wide blue sky", "in hazy sunshine",
    ),
    "indoor": (
        "with light falling from one side", "in warm lamplight", "in quiet window light", "in soft indoor light",
        "with lamplight on every face", "in the glow of a single lamp",
    ),
    "backdrop": (
        "under soft studio light", "with one crisp shadow", "lit evenly from the left", "with plenty of empty space around",
        "with soft shadows to the right", "lit from above",
    ),
}  # fmt: skip
GLOWS = {
    "any": (
        "soft light falls on",
        "clear light picks out",
        "gentle light catches",
        "soft daylight falls across",
    ),
    "outdoor": (
        "low sun falls on",
        "morning sun catches",
        "late sun picks out",
        "afternoon light falls across",
    ),
    "indoor": (
        "window light falls on",
        "lamplight picks out",
        "warm light falls across",
        "soft lamplight catches",
    ),
    "backdrop": ("studio light picks out", "even light falls on", "one soft light catches"),
}

# What a design can do: the first words of purposes that fit it; other designs can do anything.
DOES = {
    "invitation": ("for", "inviting", "announcing", "celebrating", "welcoming"),
    "card": (
        "for",
        "wishing",
        "thanking",
        "celebrating",
        "congratulating",
        "sending",
        "inviting",
        "announcing",
    ),
}
STILL = frozenset(
    "logo t-shirt label sticker certificate menu ticket calendar planner wallpaper background packaging pattern resume "
    "worksheet flashcard badge bookmark tag mug form document cover whiteboard collage tarpaulin letterhead".split()
)
ANY_DESIGNS = (
    "flyer,poster,instagram post,banner,card,brochure,infographic,instagram story,facebook post,web banner,newsletter,"
    "social media post,presentation,postcard,slide deck,leaflet,sign,email header,landing page,invitation,ticket,menu"
).split(",")
NO_DESIGN = ("design", "layout", "template")
# A purpose that speaks of another kind of page does not go with this one.
PAGES = frozenset(
    "poster flyer invitation card voucher booklet catalogue catalog calendar timetable label menu ticket certificate "
    "banner logo brochure newsletter leaflet sign post chart sheet plan map sticker print cover carousel ad tag".split()
)
BRANDS = {
    name.lower(): name
    for name in ("Instagram", "Facebook", "LinkedIn", "Pinterest", "YouTube", "Etsy", "Zoom")
}

# What fits any topic, for names the bank knows nothing about; motifs and layouts also vary those of the bank.
STAGE_SUBJECTS = (
    "a quiet moment at a @",
    "an ordinary day at a @",
    "the first visitors at a @",
    "a busy hour at a @",
)
STAGE_PEOPLE = (
    "two friends at a @", "a family of four at a @", "a volunteer at a @", "an old couple at a @", "neighbors at a @",
    "three children at a @", "a young woman at a @", "a man in a straw hat at a @", "a helper in an apron at a @",
)  # fmt: skip
STAGE_SETTINGS = (
    *(f"against a plain {color} backdrop" for color in "cream mustard sage coral slate lilac navy ochre white".split()),
    "in an open doorway", "by a tall window", "at a long wooden table", "in front of a painted wall", "on a quiet street",
    "beside a low stone wall", "in a high-ceilinged hall", "under a striped awning", "in a small courtyard",
)  # fmt: skip
STAGE_SCENES = (
    "a child points something out", "two people compare notes", "someone laughs in the background", "an old man looks on",
    "a small crowd gathers", "a woman takes a closer look", "two strangers start to talk", "a girl waves to her father",
)  # fmt: skip
STAGE_PURPOSES = (
    "for a @",
    "announcing a @",
    "promoting a @",
    "inviting neighbors to a @",
    "introducing a @",
)
MOTIFS = (
    "a thin double border", "a wide band of color across the middle", "small dots scattered along the edges",
    "a torn-paper edge at the foot", "one large circle behind the title", "a row of tiny icons under the title",
    "diagonal stripes in two corners", "a hand-drawn frame", "a simple line drawing in one corner",
    "overlapping shapes along one side", "a ribbon across the top", "a soft wash of color at the bottom",
    "a grid of small squares in the background", "a single bold arrow", "a scalloped edge all round",
)  # fmt: skip
LAYOUTS = (
    "a tall headline over two short lines", "large type on the left and a picture on the right", "one short line in capitals",
    "the title in heavy letters at the top", "small details in a row along the bottom", "a centered title in thin serif type",
    "three short columns under one headline", "plenty of white space around a small title", "the details in a rounded box",
    "a handwritten title above plain text", "the date in a large circle", "a vertical title along the left edge",
    "wide-spaced capitals in one line", "a big picture above a narrow strip of text",
)  # fmt: skip
# The same for designs that hold hardly any text.
MARK_LAYOUTS = (
    "the name in rounded capitals", "the name set small beneath the mark", "simple lettering in one line",
    "the name in a circle around the mark", "bold letters stacked in two lines", "fine serif lettering below",
    "the name in loose script", "one clear shape that works at any size",
)  # fmt: skip
MARKS = frozenset(
    "logo sticker t-shirt label tag badge wallpaper background pattern tarpaulin mug packaging icon".split()
)
PALETTES = (
    "cream, rust and teal", "navy, white and gold", "sage, sand and brown", "coral, mint and white", "black, white and red",
    "ochre, plum and gray", "sky blue, lemon and white", "forest green, tan and cream", "lilac, silver and white",
    "brick red, beige and black", "mustard, charcoal and ivory", "peach, olive and cream", "turquoise, sand and white",
)  # fmt: skip
