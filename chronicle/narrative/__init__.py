"""The chronicle told: a pure function from what is known at a basis to a sourced report.

    ReportMatter + Order -> report.compose -> Document -> formats -> bytes

Composition, from the whole to the parts: `report` and `kinds` lay out sections, `chapters` says which events are told
where, `entries` tells one of them, by its clause (`frames`, `clauses`, `openings`), figures (`amounts`, `comparisons`)
and words (`details`). All words are those of a `language`; what a sentence rests on is kept by `setting`.
"""
