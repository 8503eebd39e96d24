"""The chronicle told: a pure function from what is known at a basis to a sourced report.

    records -> outline (standing, sections) -> tell, particulars, verbs -> passage -> report -> Markdown

Prose is plain text until `markdown` escapes it and `sources` numbers what it rests on.
"""
