"""How a design is set.

`kinds` knows the kinds of designs, `wording` the roles of their words; `faces` has the typefaces, `lettering`
sets text by measuring it; `page` holds colours and text, `shapes` and `motifs` what is drawn; `layouts` and
`special` divide pages; `editable` writes the page as SVG.
"""
