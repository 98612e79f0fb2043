"""How a picture is made of the art.

`idea` reads the prompt, `unseen` tells what of it has no drawing, `choice` picks a composition, `sheet` holds
the SVG; `light`, `land`, `afloat`, `furniture`, `indoors` and `papers` paint backdrops; `props` sizes, places
and dresses things; `scenes`, `rooms`, `layouts` and `repeats` compose them; `look` gives the whole its
technique.
"""
