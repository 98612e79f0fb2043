"""The parts of a typeset design: its words, its lettering, its page and its layouts."""
