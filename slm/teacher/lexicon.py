"""The words the teacher chooses from, as data: media, styles, light, places on a page, designs, names.

Each list is written as one text with bars between its entries.
"""

from __future__ import annotations


def choices(text: str) -> tuple[str, ...]:
    """The entries of a text with bars between them."""
    return tuple(" ".join(entry.split()) for entry in text.split("|"))


def words(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


MAKE = choices(
    """
    create | design | make | draft | compose | produce | build | prepare | plan | sketch | develop |
    craft | lay out | set up
    """
)
# Gerunds of purposes and the requests they turn into.
BIDS = dict(
    entry.split(":")
    for entry in choices(
        """
        announcing:announce | inviting:invite | promoting:promote | advertising:advertise |
        offering:offer | thanking:thank | introducing:introduce | celebrating:celebrate |
        presenting:present | explaining:explain | launching:launch | sharing:share | teaching:teach |
        welcoming:welcome | reminding:remind | honoring:honor | supporting:support
        """
    )
)
VIEWS = choices(
    """
    seen from above | seen from a low angle | seen at eye level | seen straight on | seen up close |
    seen from the side | seen from a few steps back | seen in wide view
    """
)
# Media by the look of the style that goes with them: a flat watercolor or a pop art photo would contradict.
MEDIA_PLAIN = choices(
    """
    picture | scene | image | composition
    """
)
MEDIA_ANY = choices(
    """
    picture | scene | image | illustration | painting | photograph | drawing | watercolor | photo |
    print | sketch | collage | oil painting | ink drawing | pencil drawing | pastel drawing | gouache
    painting | paper collage | linocut print | close-up | wide shot | woodcut print | charcoal drawing |
    colored pencil drawing | silkscreen print | panorama | acrylic painting | watercolor sketch
    """
)
MEDIA_CRAFT = choices(
    """
    cut-paper scene | mural | felt collage | mosaic | clay model scene | stained glass panel |
    embroidered picture | chalk drawing | etching
    """
)
MEDIA_MODERN = choices(
    """
    picture | scene | image | illustration | photo | photograph | digital painting | print | drawing |
    close-up | wide shot | vector illustration | still image
    """
)
MODERN_STYLES = words(
    """
    modern clean minimal minimalist futuristic corporate professional tech sleek digital simple crisp
    dynamic editorial scientific informative organized geometric cyberpunk
    """
)
SHOTS = frozenset(choices("close-up | wide shot | panorama"))  # these say how near the things are
MEDIA_TOPIC = choices(
    """
    scene | picture | illustration | image | painting | photo | drawing | scene | picture | watercolor
    """
)
# Styles that are themselves a medium or a manner of drawing: they go with plain words only.
DRAWN_STYLES = choices(
    """
    3d | abstract | anime | art deco | black and white | cartoon | chalkboard | cinematic | comic |
    doodle | flat | flat illustration | folk art | geometric | gradient | hand-drawn | hand-painted |
    illustrated | kawaii | line art | neon | paper cut | photographic | pixel | pixel art | pop art |
    scrapbook | sketchy | storybook | typographic | watercolor | y2k
    """
)
# Moods go before a thing as well as before a picture of it: "a playful birthday party".
MOOD_STYLES = choices(
    """
    boho | bright | calm | cheerful | classic | colorful | cozy | dreamy | elegant | energetic | festive
    | formal | friendly | fun | futuristic | glamorous | hopeful | humorous | joyful | lively | luxury |
    magical | minimalist | modern | mysterious | nostalgic | peaceful | playful | quiet | retro |
    romantic | rustic | serene | simple | solemn | spooky | sunny | tender | traditional | tropical |
    vintage | warm | whimsical
    """
)
# Styles that contradict hardly anything.
ANY_STYLES = choices(
    """
    bold | vintage | retro | elegant | minimalist | modern | clean | minimal | colorful | watercolor |
    fresh | pastel | warm | flat | classic | hand-drawn | illustrated | calm | simple | natural | bright
    | geometric | cartoon | comic | delicate | soft | crisp | vivid | pop art | art deco | flat
    illustration | soft pastel | line art | paper cut | black and white | folk art | bold modern | clean
    modern | warm vintage | soft minimal | bright and simple | hand-painted | mid-century
    """
)
NEAR = choices(
    """
    close by | nearby | in the foreground | to one side | in front | in the background
    """
)
# How the things of a picture stand in it: one, and several.
POSED_ONE = choices(
    """
    at the center | slightly off center | large in the foreground | low in the frame | filling most of
    the frame | set to one side | at the heart of the picture | as the main motif | drawn large | in
    close-up
    """
)
POSED_MANY = choices(
    """
    side by side | grouped at the center | arranged in a loose circle | close together | in a balanced
    group | arranged along a diagonal | large in the foreground | filling most of the frame | neatly
    lined up | at the heart of the picture
    """
)
NEAR_POSES = choices("large in the foreground | filling most of the frame | drawn large | in close-up")
# Behind the things, nowhere in particular; with colors of its own only where no others are named.
GROUNDS = choices(
    """
    on a plain background | on a clean pale background | against a softly blurred background | on
    textured paper | against a simple background | on a clear background with soft shadows | against a
    quiet, uncluttered background | on a plain background with room for a title | with wide empty
    margins | with clear space above | with open space on one side
    """
)
GROUNDS_COLORED = choices(
    """
    on a plain cream background | on a pale sage background | on a soft coral background | against a
    deep navy background | on a mustard background | on a pale blue background | against a warm gray
    background | on a light lilac background | against a dark teal background | on a sand-colored
    background | on a soft peach background | against a plain white background
    """
)
# What can be said of any picture at its end.
FINISHES = choices(
    """
    with a clear focal point | with fine detail throughout | with gentle contrast | with strong
    contrast | with simple shapes and clear outlines | with a calm, balanced composition | with careful
    texture | with crisp edges and fine detail | with soft edges | with a strong sense of depth | with
    every detail easy to read
    """
)
ABOUT = choices(
    """
    for | on the theme of | inspired by
    """
)
SPOTS = choices(
    """
    at the center | in one corner | along the lower edge | above the title | at the foot of the page |
    at the left edge | behind the title | beside the headline | across the top | below the headline | in
    the lower half | on the right-hand side
    """
)
SPOTS_OF = choices(
    """
    at the center of | in one corner of | along the lower edge of | above the title of | at the foot of
    | at the left edge of | behind the title of | beside the headline of | across the top of | in the
    lower half of | on one side of | at the top of
    """
)
INKS = choices(
    """
    drawn in fine lines | in flat shapes | in loose brush strokes | cut from solid color | in thin ink
    lines | as a simple icon | in soft watercolor | in bold outline | as the main picture | in a single
    color
    """
)
GROUPS = choices(
    """
    two friends | three old friends | a few visitors | two neighbors | a handful of people | a young
    couple | two sisters | a small crowd | a family of four | a mother and her son | two women in bright
    coats | three teenagers | an elderly couple | a father and his daughter | two colleagues | a group
    of students | two boys | a young woman in a green scarf | a man in a flat cap | four cousins
    """
)
PARTS = choices(
    """
    a quiet corner | a busy corner | one side | the far end | the middle | a small corner | the first
    hour | the last minutes | the busiest hour
    """
)
LIGHTS = {
    "any": choices(
        """
        in soft even light | with gentle shadows | in clear light | the background softly blurred | in
        quiet daylight | with long soft shadows | in mellow light | in warm even light | in cool even
        light | with crisp shadows | in rich natural color | in muted colors | in bright clear colors |
        in sharp detail | in gentle light | lit softly from one side
        """
    ),
    "outdoor": choices(
        """
        in low golden sun | under a pale sky | in the long shadows of late afternoon | under drifting
        white clouds | in clear morning light | under a wide blue sky | in hazy sunshine
        """
    ),
    "indoor": choices(
        """
        with light falling from one side | in warm lamplight | in quiet window light | in soft indoor
        light | in the soft glow of a lamp | in the glow of a single lamp
        """
    ),
    "backdrop": choices(
        """
        under soft studio light | with one crisp shadow | lit evenly from the left | with plenty of
        empty space around | with soft shadows to the right | lit from above
        """
    ),
}
COLORING = choices(
    """
    in rich natural color | in muted colors | in bright clear colors | the background softly blurred
    """
)
GLOWS = {
    "any": choices(
        """
        soft light falls on | clear light picks out | gentle light catches | soft daylight falls across
        | a shaft of light picks out | the light settles on | a patch of light lands on | pale light
        rests on | bright light frames | the first light touches
        """
    ),
    "outdoor": choices(
        """
        low sun falls on | morning sun catches | late sun picks out | afternoon light falls across
        """
    ),
    "indoor": choices(
        """
        window light falls on | lamplight picks out | warm light falls across | soft lamplight catches
        """
    ),
    "backdrop": choices(
        """
        studio light picks out | even light falls on | one soft light catches
        """
    ),
}
# What a design can do: the first words of purposes that fit it; other designs can do anything.
DOES = {
    "invitation": choices("for | inviting | announcing | celebrating | welcoming"),
    "card": choices(
        "for | wishing | thanking | celebrating | congratulating | sending | inviting | announcing"
    ),
}
# Designs that only stand for something: they announce nothing.
STILL = choices(
    """
    business card | loyalty card | gift card | membership card | background | badge | bookmark |
    calendar | certificate | collage | cover | document | flashcard | form | label | letterhead | logo |
    menu | mug | packaging | pattern | planner | resume | sticker | t-shirt | tag | tarpaulin | ticket |
    wallpaper | whiteboard | worksheet
    """
)
# Designs that hold hardly any text.
MARKS = choices(
    """
    background | badge | icon | label | logo | mug | packaging | pattern | sticker | t-shirt | tag |
    tarpaulin | wallpaper
    """
)
# A purpose that speaks of another kind of page does not go with this one.
PAGES = choices(
    """
    postcard | album | story | slides | website | ad | banner | booklet | brochure | calendar | card |
    carousel | catalog | catalogue | certificate | chart | checklist | cover | flyer | frame |
    invitation | label | leaflet | logo | map | menu | newsletter | page | plan | post | poster | print
    | sheet | sign | sticker | tag | ticket | timetable | voucher
    """
)
ANY_DESIGNS = choices(
    """
    flyer | poster | instagram post | banner | card | brochure | infographic | instagram story |
    facebook post | web banner | newsletter | social media post | presentation | postcard | slide deck |
    leaflet | sign | email header | landing page | bookmark | sticker
    """
)
EVENT_DESIGNS = choices(
    """
    invitation | ticket | program | window poster | yard sign | email invitation
    """
)
# What a page can say; the other gerunds of the bank are things one does with it.
SAYS = choices(
    """
    for | announcing | inviting | promoting | offering | advertising | sharing | selling | wishing |
    thanking | presenting | introducing | teaching | explaining | listing | celebrating | launching |
    recruiting | opening | reminding | showing | raising | asking | welcoming | collecting | hiring |
    calling | encouraging | giving | honoring | reporting | supporting | revealing | marking | guiding |
    warning | awarding | seeking | remembering | enrolling | illustrating | congratulating
    """
)
NO_DESIGN = choices(
    """
    design | layout | template
    """
)
BRANDS = {
    name.lower(): name
    for name in choices("Instagram | Facebook | LinkedIn | Pinterest | YouTube | Etsy | Zoom")
}
# What fits any topic, for names the bank knows nothing about.
STAGE_SUBJECTS = choices(
    """
    a quiet moment at a @ | an ordinary day at a @ | the first visitors at a @ | a busy hour at a @
    """
)
STAGE_PEOPLE = choices(
    """
    two friends at a @ | a family of four at a @ | a volunteer at a @ | an old couple at a @ | neighbors
    at a @ | three children at a @ | a young woman at a @ | a man in a straw hat at a @ | a helper in an
    apron at a @
    """
)
STAGE_SETTINGS = choices(
    """
    against a plain cream backdrop | against a plain mustard backdrop | against a plain sage backdrop |
    against a plain coral backdrop | against a plain slate backdrop | against a plain lilac backdrop |
    against a plain navy backdrop | against a plain ochre backdrop | against a plain white backdrop | in
    an open doorway | by a tall window | at a long wooden table | in front of a painted wall | on a
    quiet street | beside a low stone wall | in a high-ceilinged hall | under a striped awning | in a
    small courtyard | beneath a row of paper lamps | in an old brick hall | on a sunny terrace | on a
    village green | in a converted barn | under tall windows | beside a brick archway | on a cobbled
    square | in a tidy back room | along a whitewashed wall
    """
)
STAGE_SCENES = choices(
    """
    a child points something out | two people compare notes | someone laughs in the background | an old
    man looks on | a small crowd gathers | a woman takes a closer look | two strangers start to talk | a
    girl waves to her father | a child tugs at a sleeve | a helper carries out a tray | two old friends
    embrace | a man takes off his cap | a girl counts under her breath | a dog sleeps under a bench |
    three people lean in closer | a woman writes something down | a boy stands on tiptoe | a helper
    unfolds a chair | a photographer kneels for a better angle | a baby sleeps through it all | a
    grandmother tells how it used to be | a woman laughs with her whole face | the last guest hurries in
    """
)
STAGE_PURPOSES = choices(
    """
    for a @ | announcing a @ | promoting a @ | inviting neighbors to a @ | introducing a @
    """
)
PALETTES = choices(
    """
    cream, rust and teal | navy, white and gold | sage, sand and brown | coral, mint and white | black,
    white and red | ochre, plum and gray | sky blue, lemon and white | forest green, tan and cream |
    lilac, silver and white | brick red, beige and black | mustard, charcoal and ivory | peach, olive
    and cream | turquoise, sand and white | burgundy, blush and gold | teal, coral and cream | charcoal,
    lime and white | indigo, apricot and ivory | olive, terracotta and bone | pink, red and cream |
    aqua, navy and silver | butter yellow, brown and white | violet, mint and black | copper, slate and
    cream | royal blue, orange and white | rose, sage and gray
    """
)
# Motifs and layouts that fit any design; they also vary those of the bank.
MOTIFS = choices(
    """
    a thin double border | a wide band of color across the middle | small dots scattered along the edges
    | a torn-paper edge at the foot | one large circle behind the title | a row of tiny icons under the
    title | diagonal stripes in two corners | a hand-drawn frame | a simple line drawing in one corner |
    overlapping shapes along one side | a ribbon across the top | a soft wash of color at the bottom | a
    grid of small squares in the background | a single bold arrow | a scalloped edge all round | a
    dotted line linking the parts | a big quotation mark in one corner | confetti-like dabs around the
    edge | a thick underline beneath the first word | two thin vertical rules at the sides | a faded
    photograph as the background | a rough brush stroke behind the heading | rounded corners with a thin
    outline | a checkered strip along the base | a stamp-like seal at the lower right | half a circle
    rising from the base | a fine grid behind everything | cut-out leaves in opposite corners | a zigzag
    border | three small stars above the heading
    """
)
LAYOUTS = choices(
    """
    a tall headline over two short lines | large type on the left and a picture on the right | one short
    line in capitals | the title in heavy letters at the top | small details in a row along the bottom |
    a centered title in thin serif type | three short columns under one headline | plenty of white space
    around a small title | the details in a rounded box | a handwritten title above plain text | the
    date in a large circle | a vertical title along the left edge | wide-spaced capitals in one line | a
    big picture above a narrow strip of text | one enormous word across the full width | the heading
    split over two lines | a narrow column of text beside a tall picture | numbered points in a single
    column | a round badge for the price | the place and time in one quiet line | big numerals with a
    short caption | a slanted heading above straight text | text in four equal boxes | an all-lowercase
    heading in the middle | slab letters stacked to fill the height | a short question above a short
    answer | a handwritten line under bold capitals | the name on top and contact details below
    """
)
MARK_LAYOUTS = choices(
    """
    the name in rounded capitals | the name set small beneath the mark | simple lettering in one line |
    the name in a circle around the mark | bold letters stacked in two lines | fine serif lettering
    below | the name in loose script | one clear shape that works at any size
    """
)
# Words of other languages for an occasion and for a place, all counted: "a fête", "a taverna".
FOREIGN_EVENTS = choices(
    """
    fête | fiesta | matsuri | quinceañera | soirée | vernissage | fête champêtre | romería | kermesse |
    Sommerfest | Oktoberfest stand | ceilidh | hootenanny | luau | asado | aperitivo | tertulia | festa
    junina | verbena | guinguette | bal masqué | mela | Volksfest
    """
)
FOREIGN_PLACES = choices(
    """
    mercado | taverna | bodega | izakaya | pâtisserie | boulangerie | trattoria | zócalo | ryokan | souk
    | riad | Weihnachtsmarkt | hammam | panadería | brasserie | crêperie | gelateria | osteria | atelier
    | hofbräuhaus | cantina | churrería | konditorei | bistrot | dhaba
    """
)
# What goes before the name of an occasion, a place or an activity to make it a narrower one.
EVENT_WORDS = choices(
    """
    weekend | neighborhood | village | riverside | school | family | annual | seaside | small-town |
    Sunday | downtown | student | charity | harborside | autumn | spring | summer | winter | late-night
    | hillside | lakeside | open-air | afternoon | after-work | staff | campus | community | midwinter |
    midsummer | Saturday | Friday | evening | rooftop | courtyard | garden | beachfront | barn
    """
)
PLACE_WORDS = choices(
    """
    corner | neighborhood | village | riverside | family-run | seaside | small-town | downtown | student
    | harborside | Sunday | late-night | hillside | rooftop | mobile | pop-up | old-town | courtyard |
    two-room | lakeside | tiny | railway-arch | canal-side
    """
)
ACTIVITY_WORDS = choices(
    "weekend | community | after-school | evening | Sunday | outdoor | beginner | morning"
)
# What goes after a thing to make an occasion or a place of it, and the kinds of topics it suits.
EVENT_HEADS = choices(
    """
    night | workshop | club | weekend | meetup | exhibition | festival | open day | evening | talk |
    class | fair
    """
)
PLACE_HEADS = choices(
    """
    stall | shop | stand | museum | cafe | kiosk | market stall | showroom | gift shop | counter |
    pop-up shop
    """
)
EVENT_KINDS = choices(
    """
    animal | art | books | dance | fantasy | fashion | film | food and drink | games | hobby | home and
    garden | music | plant | sci-fi | science | space | sports | technology
    """
)
PLACE_KINDS = choices(
    """
    art | beauty | books | fashion | food and drink | games | hobby | music | plant
    """
)
# Topics that are things one can stand beside.
THING_KINDS = choices(
    """
    animal | plant | food and drink | fashion | transport | documents | home and garden | technology |
    landscape | fantasy | books | beauty
    """
)
# What a thing may look like; fits nearly everything that is counted.
LOOKS = choices(
    """
    small | large | red | blue | green | yellow | white | black | orange | purple | pale pink | painted |
    striped | dented | polished | weathered | old | new | mint green | golden | silver | shiny |
    hand-carved
    """
)
# An invented thing is described, since nobody knows it.
MAKES = choices(
    """
    a {} carved from pale wood | a {} of folded paper | a tall glass {} | a small brass {} | a {} with
    long feathers | a {} on a low table | a round clay {} | a {} hung from a thin cord | a striped {} |
    a {} in a wicker basket | a {} | a bright {} | a blue {}
    """
)
# The word with which one is at a thing of this kind: "at a street fair", "on Labor Day", "in a kitchen".
PLACED = {
    "at": words(
        """
        party wedding dinner shower reveal baptism mitzvah ceremony quinceanera sixteen graduation prom
        homecoming reunion funeral gala carnival hunt festival fair market junina fiesta potluck cookout
        ball sleepover luau picnic brunch lunch luncheon breakfast banquet feast supper tasting night
        evening hour tea sip sale opening fundraiser auction raffle swap bazaar class lesson workshop
        course camp retreat conference webinar event meeting meetup club exhibition show concert recital
        performance parade race marathon match tournament game contest competition championship rally
        protest election drive donation restaurant cafe bakery steakhouse bar bistro cantina diner truck
        boutique shop store supermarket salon barbershop spa studio clinic pharmacy hotel hostel gym
        school preschool kindergarten academy college university museum gallery theatre theater cinema
        circus nightclub library church temple station airport stall stand kiosk cart counter desk wash
        dealership farm vineyard winery brewery distillery orchard beach park zoo aquarium pool stadium
        playground center centre hall lodge house housewarming birthday reception celebration
        anniversary gathering shindig bash get-together rehearsal audition launch demonstration lecture
        talk quiz open-day graduation barbecue cookoff bakeoff weekend Christmas Easter Halloween
        Thanksgiving Diwali Hanukkah Holi Passover Purim Sukkot Vaisakhi Songkran Nowruz Onam Chuseok
        Oktoberfest Juneteenth Kwanzaa Friendsgiving Midsummer Navratri Dussehra Epiphany Tet Mayo Gras
        Gurpurab Hashanah Gobind fête mercado matsuri soirée gardens showroom dance communion
        confirmation bakehouse laundromat launderette bookstore bookshop
        """
    ),
    "on": words(
        """
        Day day Eve Friday Monday Fourth July cruise safari trip farm
        """
    ),
    "in": words(
        """
        kitchen bedroom classroom garden greenhouse forest meadow desert York London Paris Italy Japan
        India village garage bathroom nursery attic office lobby lab laboratory rain snow city alley
        town street factory warehouse workshop-room summer winter autumn spring rainforest jungle
        library-room cabin castle ruins
        """
    ),
    "during": words(
        """
        Ramadan Lent Advent Week Month Hajj
        """
    ),
}
# Of these, the ones that have corners and sides.
WIDE = words(
    """
    party market fair festival shop store studio salon cafe restaurant bakery bar hotel museum gallery
    garden kitchen school library picnic reunion sale stall workshop exhibition carnival reception gala
    zoo park beach cookout
    """
)
# These do without an article: "at game night", "at summer camp".
BARE_EVENTS = words(
    "night hour school camp college church lunch breakfast dinner brunch supper university home"
)
# The pieces of invented words and of invented places.
ONSETS = choices(
    """
    b | br | c | ch | cl | d | dr | f | fl | g | gl | gr | h | j | k | l | m | n | p | pl | pr | qu | r
    | s | sk | sl | st | t | th | tr | v | w | z | zh
    """
)
VOWELS = choices(
    """
    a | e | i | o | u | a | e | i | o
    """
)
CODAS = choices(
    """
    l | n | r | m | nd | rn | st | x | ck | th | ll | sk | l | n | r
    """
)
ENDS = choices(
    """
    ane | ine | or | ith | um | een | ock | ell | ix | ora | ava | ent | is | olo | umi | ette | arn |
    ow
    """
)
PLACE_ENDS = choices(
    """
    ford | ton | wick | dale | haven | mere | stead | port | field | gate | bury | ham | brook | cliff |
    moor | vale
    """
)
ODD_PLURALS = choices(
    """
    children | people | women | men | feet | teeth | mice | geese | sheep | police
    """
)
# The small words of English, those that count, and those that may follow a noun phrase.
STOP = words(
    """
    a an the of in on at to with and or for by from as is are its it his her their them him she he they
    this that into over under beside behind above below between near along around across against up down
    out off one two three four five six every each while where when who whose all some no not than then
    so through same own during after before inside among toward towards beneath
    """
)
NUMERALS = words(
    """
    two three four five six seven eight nine ten eleven twelve many several both few
    """
)
NOUN_ENDS = words(
    """
    with in on at for by from tied shaped wrapped made showing drawn covered painted cut under filled
    holding over around between seen wearing inside beside above below topped draped resting dusted
    ringed lit full across along near behind against during after before among and
    """
)
PRONOUNS = words(
    """
    she he her his it they their its
    """
)
# A setting is not cut after one of these: "in a hall lit / by candles".
PARTICIPLES = words(
    """
    full set cut hung lit built made strewn worn drawn strung spread laid held kept bound left lost shut
    seen thick gone
    """
)
# Longer words that may come twice in a sentence, and those that must not pile up.
PREPOSITIONS = words(
    "in on at with near beside under over behind between around along against inside from across"
)
COMMON = words("three under")
# What a phrase says about time and place, by its words; what contradicts what.
TAGS = {
    "night": words(
        """
        night midnight stars starry moon moonlit moonlight candlelit candlelight neon nightfall
        fireworks
        """
    ),
    "dusk": words(
        """
        dusk sunset twilight evening
        """
    ),
    "day": words(
        """
        day sunny sunlit sunlight sun noon midday morning afternoon daylight dawn sunrise daybreak
        sunshine lunch breakfast brunch
        """
    ),
    "indoor": words(
        """
        room kitchen hall library studio office classroom loft bar shop store attic basement cellar
        lobby gym church indoor indoors inside parlor bedroom bathroom workshop gallery museum clinic
        hallway corridor salon theater stage ward lab garage warehouse cabin nursery fireplace cafe
        restaurant bistro bakery hearth couch sofa boutique lounge ballroom auditorium chapel booth
        """
    ),
    "outdoor": words(
        """
        garden patio terrace meadow beach beachfront street park field forest lake lakeside river
        riverside hill hillside hills yard lawn pier deck dunes sky trail road harbor harborside plaza
        square sidewalk rooftop outdoor outdoors backyard orchard mountain sea seaside ocean shore cliff
        camp tent pasture courtyard alley playground stadium canal bridge porch balcony boulevard avenue
        courtyard terrace wharf quay bench shoreline canyon desert outside
        """
    ),
    "winter": words(
        """
        snow snowy winter midwinter frost frosty frozen icy december january blizzard
        """
    ),
    "summer": words(
        """
        summer midsummer august july june spring may april blossom blossoming blossoms
        """
    ),
    "rain": words(
        """
        rain rainy wet storm stormy puddle puddles drizzle
        """
    ),
    "backdrop": words(
        """
        backdrop backdrops
        """
    ),
    "light": words(
        """
        light lights lit glow glowing shadow shadows lamp lamps lamplight lantern lanterns sunbeam
        bright dim shade shady hazy
        """
    ),
}
CLASHES = (
    ("night", "day"),
    ("night", "dusk"),
    ("dusk", "day"),
    ("indoor", "outdoor"),
    ("winter", "summer"),
    ("rain", "day"),
    ("rain", "summer"),
    ("backdrop", "indoor"),
    ("backdrop", "outdoor"),
    ("backdrop", "rain"),
    ("backdrop", "night"),
    ("backdrop", "day"),
    ("backdrop", "dusk"),
)
