"""How a picture is made of the art, in order: `idea` reads the prompt, `sheet` holds the SVG, `outdoors` and
`indoors` paint backdrops, `props` sizes, places and dresses things, `places` and `layouts` compose them,
`choice` picks the composition, `look` gives the whole its technique."""
