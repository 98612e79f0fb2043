"""Rating studies: arms compared blind, on the same canvases, by many raters.

`studies.Studies` runs them, `items` makes what they show, `findings` and `statistics` say what came out, and
`report` and `export` hand it on. On the command line: `python -m pipeline.study --help`.
"""
