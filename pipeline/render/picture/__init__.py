"""How a picture is made of the art.

`idea` reads the prompt, `choice` picks a composition, `sheet` holds the SVG; `light`, `land`, `afloat`,
`furniture`, `indoors` and `papers` paint backdrops; `props` sizes, places and dresses things; `scenes`,
`rooms` and `layouts` compose them; `look` gives the whole its technique.
"""
