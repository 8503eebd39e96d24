"""Documents made by hand, for tests of what is written from them."""

from __future__ import annotations

from chronicle.narrative.document import (
    Block,
    Chart,
    Document,
    Entry,
    Item,
    Lane,
    Listing,
    Mark,
    Note,
    Paragraph,
    Point,
    Run,
    Section,
    Sentence,
    Series,
    Table,
    Timeline,
    Used,
)


def sentence(*runs: Run | str, facts: tuple[str, ...] = (), marks: tuple[Mark, ...] = ()) -> Sentence:
    """A sentence of runs, or of plain text."""
    return Sentence(tuple(Run(one) if isinstance(one, str) else one for one in runs), facts, marks)


SOURCE = Mark(1, ("paragraph 5",))
TURNOVER = Run("$1.55\u00a0billion", "figure", fact="trade-2025#1")
CHARTER = Entry(
    "charter-2026",
    sentence("Strategic Partnership Charter signed", facts=("charter-2026",)),
    Run("February 2026", "date", fact="charter-2026", when="2026-02"),
    "happened",
    (
        Paragraph(
            (
                sentence(
                    Run("In February 2026", "date", fact="charter-2026", when="2026-02"),
                    ", ",
                    Run("Azerbaijan", "name", entity="azerbaijan"),
                    " and the ",
                    Run("United States", "name", entity="usa"),
                    " signed the ",
                    Run("Strategic Partnership Charter", "name", style="emphasis", entity="charter"),
                    ".",
                    facts=("charter-2026",),
                    marks=(Mark(1, ("paragraph 8",)), Mark(2)),
                ),
                sentence(
                    "It builds on “",
                    Run("Trade in 2025", "title", href="#event-trade-2025"),
                    "”.",
                    facts=("charter-2026",),
                    marks=(Mark(1, ("paragraph 8",)),),
                ),
            )
        ),
        Listing(
            sentence("From February 2026, for Azerbaijan:"),
            (
                sentence("Area set by the charter: logistics.", facts=("charter-2026#3",), marks=(Mark(1),)),
                sentence("1994. A number first", facts=("charter-2026#4",)),
            ),
        ),
    ),
    "agreement.signed",
)
TRADE = Entry(
    "trade-2025",
    sentence("Trade in 2025", facts=("trade-2025",)),
    Run("2025", "date", fact="trade-2025", when="2025"),
    "happened",
    (
        Paragraph(
            (
                sentence("Turnover came to ", TURNOVER, ".", facts=("trade-2025#1",), marks=(SOURCE,)),
                Sentence(
                    (Run("Imports were "), Run("24 times", "figure"), Run(" exports.")),
                    ("trade-2025#2", "trade-2025#3"),
                    (SOURCE,),
                    "$1.49\u00a0billion ÷ $61.8\u00a0million = 24.1",
                ),
            )
        ),
    ),
    "statistic.reported",
)
PLAN = Entry(
    "plan-2030",
    sentence("A plan for 2030", facts=("plan-2030",)),
    Run("by 2030", "date", fact="plan-2030", when="[..2030]"),
    "planned",
    (),
    "plan.announced",
)
FIGURES = Table(
    ("Year", "Exports"),
    (
        (
            sentence(Run("2024", "date", when="2024")),
            sentence(Run("$55.1\u00a0million", "figure", fact="trade-2024#3")),
        ),
        (
            sentence(Run("2025", "date", when="2025")),
            sentence(Run("$61.8\u00a0million", "figure", fact="trade-2025#3")),
        ),
    ),
    "Exports by year",
    (1,),
)
CHART = Chart(
    "chart-exports",
    "Exports of Azerbaijan to the United States",
    "Exports rose from $55.1 million in 2024 to $61.8 million in 2025.",
    "USD",
    (
        Series(
            "Exports",
            (
                Point("2024", "55100000", "$55.1 million", "trade-2024#3"),
                Point("2025", "61800000", "$61.8 million", "trade-2025#3"),
            ),
        ),
    ),
    FIGURES,
)
TIMELINE = Timeline(
    "timeline",
    "The events in time",
    "Two events, in 2025 and in 2026.",
    1_772_409_599,
    (
        Lane("Trade", (Item("trade-2025", "Trade in 2025", "2025", "happened", 1_735_689_600, 1_767_225_600),)),
        Lane("Ties", (Item("charter-2026", "Charter", "February 2026", "happened", 1_769_904_000, 1_772_323_200),)),
    ),
    Table(
        ("Date", "Event"),
        (
            (sentence(Run("2025", "date", when="2025")), sentence("Trade in 2025")),
            (sentence(Run("February 2026", "date", when="2026-02")), sentence("Charter")),
        ),
    ),
)
NOTES = (
    Note(
        1,
        "trend",
        sentence(
            "Trend, “Oil & beyond”, 24 February 2026. ",
            Run("https://example.org/a?b=1&c=2", href="https://example.org/a?b=1&c=2"),
            ".",
        ),
        (sentence("paragraph 5: “", Run("Ticarət dövriyyəsi", "quote", lang="az"), "”"),),
    ),
    Note(2, "yearbook", sentence("A yearbook, 2026.")),
)
USED = (
    Used("trade-2025#1", "trade-2025", "Azerbaijan, trade turnover: $1.55 billion in 2025", (SOURCE,), "certain"),
    Used("trade-2025#2", "trade-2025", "Azerbaijan, imports: $1.49 billion in 2025", (SOURCE,), "certain"),
    Used("trade-2025#3", "trade-2025", "Azerbaijan, exports: $61.8 million in 2025", (SOURCE,), "certain"),
    Used("charter-2026", "charter-2026", "Strategic Partnership Charter signed", (Mark(1, ("paragraph 8",)), Mark(2))),
)
BASIS: dict[str, object] = {
    "position": 68,
    "as_of": "2026-03-01",
    "known": None,
    "zone": "UTC",
    "resolution": None,
    "schema": 1,
}


def document(
    *blocks: Block,
    kind: str = "narrative",
    lang: str = "en",
    title: str = "Azerbaijan and the United States",
    sections: tuple[Section, ...] | None = None,
    notes: tuple[Note, ...] = NOTES,
) -> Document:
    """A report with these blocks in one section, or with the sections given, or one that has some of everything."""
    if sections is None and blocks:
        sections = (Section("y2026", "2026", blocks),)
    return Document(
        kind=kind,  # type: ignore[arg-type] # tests name kinds as text
        lang=lang,
        chronicle="azerbaijan-us",
        title=title,
        description=(Paragraph((sentence("Agreements, figures and plans since 1994."),)),),
        told=sentence("Told as of ", Run("1 March 2026", "date", when="2026-03-01"), "."),
        sections=sections if sections is not None else everything(),
        notes_heading="Sources",
        notes=notes,
        colophon_heading="Colophon",
        colophon_note="This text was composed from the log.",
        colophon=(("chronicle", "azerbaijan-us"), ("position", "68"), ("software", "chronicle-service 0.1.0")),
        facts=USED,
        basis=BASIS,
    )


def everything() -> tuple[Section, ...]:
    """Sections that have every kind of block, one of them within another."""
    return (
        Section("y2025", "2025", (TRADE, CHART)),
        Section("y2026", "2026", (CHARTER,), (Section("plans", "Plans", (PLAN,)),)),
        Section("state", "State as of 1 March 2026", (TIMELINE, FIGURES)),
    )
