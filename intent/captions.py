"""How labels are put into words for CLIP: the same captions when it is taught and when it is asked."""

NOUN_CAPTIONS = ("{}", "a {}", "a drawing of a {}", "a picture with a {}")
TOPIC_CAPTIONS = ("{}", "a design for {}")
DESIGN_CAPTIONS = ("{}", "a {} design")
DESIGN_TYPES = (
    "poster", "flyer", "instagram post", "instagram story", "invitation", "card", "banner", "business card",
    "logo", "menu", "presentation", "infographic",
)  # fmt: skip
# What a view may show instead of a nameable thing; weights that were not calibrated are asked these, too.
NOTHING = (
    "an empty background",
    "a pattern",
    "some text",
    "a texture",
    "a photo of a place",
    "a photo of people",
)
