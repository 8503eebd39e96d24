from __future__ import annotations

import re

import pytest
from markdown_it import MarkdownIt

from tests.narrative.telling import PLACES, SOURCE, as_markdown, event, matter, number, told

TARGET = {"id": "target", "label": "planned capacity", "measures": "target", "unit": "GW"}
OFFICE = {"id": "office", "label": "office"}
TRADE = [
    {"id": name, "label": label, "measures": "period"}
    for name, label in (("turnover", "trade turnover"), ("imports", "imports"))
]


def usd(digits: str, **rest: str) -> dict[str, object]:
    """Dollars, as documents hold them."""
    return {"amount": number(digits), "unit": "USD", **rest}


def plan(due: str) -> dict[str, object]:
    """A plan of 2023 with a due date."""
    fact = {"subject": "az", "attribute": "target", "value": {"amount": number("5"), "unit": "GW"}, "due": due}
    return event(id="plan", occurred="2023", type="plan.announced", title="A plan", facts=[fact])


# Tense

SIGNING = event(type="agreement.signed", occurred="2027-05-04", title="Baku Treaty signed", participants=["az", "us"])


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("2027-05-03", "Azerbaijan and the United States are to sign the agreement on 4 May 2027. [1: page 1]"),
        ("2027-05-04", "On 4 May, Azerbaijan and the United States signed the agreement. [1: page 1]"),
        (
            "2027-05-04T12:00:00Z",
            (
                "Azerbaijan and the United States may have signed the agreement by 4 May 2027 at 12:00:00 UTC; "
                "the date given is 4 May 2027. [1: page 1]"
            ),
        ),
    ],
)
def test_the_tense_follows_the_day(as_of: str, expected: str) -> None:
    """The tense follows the day."""
    assert expected in told(SIGNING, as_of=as_of).splitlines()


def test_what_is_later_and_not_yet_reported_is_left_out() -> None:
    """What is later and not yet reported is left out."""
    text = told(SIGNING, as_of="2026-02-23")
    assert "Baku Treaty" not in text
    assert "Nothing is recorded as having happened, or as planned, by 23 February 2026." in text
    assert "No source is cited." in text


@pytest.mark.parametrize(
    ("due", "as_of", "expected"),
    [
        ("2024", "2024-12-30", "5\u00a0GW, to be reached by 2024. [1: page 1]"),
        (
            "2024",
            "2024-12-31",
            "5\u00a0GW; this was due by 2024, and no completion is recorded as of 31 December 2024. [1: page 1]",
        ),
        ("unknown", "2026", "5\u00a0GW; no date is given for reaching it. [1: page 1]"),
    ],
)
def test_a_target_and_its_due_date(due: str, as_of: str, expected: str) -> None:
    """A target and its due date."""
    line = f"Azerbaijan, *planned capacity*: {expected}"
    assert line in told(plan(due), as_of=as_of, attributes=[TARGET]).splitlines()


def test_a_fulfilled_plan_is_not_called_unfinished() -> None:
    """A fulfilled plan is not called unfinished."""
    done = event(
        id="done",
        occurred="2025-06",
        type="plan.fulfilled",
        title="It works",
        related=[{"event": "plan", "relation": "fulfils"}],
    )
    text = told(plan("2024"), done, attributes=[TARGET])
    assert "5\u00a0GW; this was due by 2024, and was fulfilled in June 2025. [1: page 1]" in text
    assert "In June, the plan “A plan” was fulfilled. [1: page 1]" in text
    assert "no completion" not in text
    assert "no completion is recorded as of the end of January 2025" in told(
        plan("2024"), done, attributes=[TARGET], as_of="2025-01"
    )


# Figures

STATISTIC = event(
    type="statistic.reported",
    title="Trade",
    facts=[
        {
            "subject": "az",
            "attribute": "turnover",
            "dimensions": {"partner": "us"},
            "value": usd("1.55e9"),
            "period": "2025",
        },
        {
            "subject": "az",
            "attribute": "imports",
            "dimensions": {"partner": "us"},
            "value": usd("1.4e9", qualifier="more-than"),
            "period": "2025",
        },
    ],
)


def test_figures_are_told_with_period_partner_and_qualifier() -> None:
    """Figures are told with period partner and qualifier."""
    expected = (
        "Over the year, in dealings with the United States, Azerbaijan's trade turnover came to $1.55 billion "
        "and imports to more than $1.4 billion. [1: page 1]"
    )
    assert expected in told(STATISTIC, attributes=TRADE).splitlines()


def test_a_period_that_is_not_over_has_no_figures() -> None:
    """A period that is not over has no figures."""
    text = told(STATISTIC, as_of="2025-06-30", attributes=TRADE)
    assert "The period, 2025, was not over by 30 June 2025. [1: page 1]" in text
    assert "$" not in text


def test_a_figure_reported_before_its_period_ended_is_a_forecast() -> None:
    """A figure reported before its period ended is a forecast."""
    early = {**SOURCE, "published": "2025-06-01"}
    text = told(STATISTIC, attributes=TRADE, sources=[early])
    expected = (
        "For 2025, a forecast puts Azerbaijan's trade turnover (partner: United States) at $1.55 billion "
        "and imports at more than $1.4 billion. [1: page 1]"
    )
    assert expected in text.splitlines()


def test_changing_one_figure_changes_its_sentence_and_nothing_else() -> None:
    """Changing one figure changes its sentence and nothing else."""
    facts = [dict(fact) for fact in STATISTIC["facts"]]
    facts[0]["value"] = usd("1.56e9")
    before, after = told(STATISTIC, attributes=TRADE), told({**STATISTIC, "facts": facts}, attributes=TRADE)
    assert before.replace("$1.55 billion", "$1.56 billion") == after
    assert before.count("$1.55 billion") == 1


def test_an_observation_stood_and_never_became() -> None:
    """An observation stood and never became."""
    fact = {"subject": "az", "attribute": "buyers", "value": number("16"), "at": "2026-02-24"}
    text = told(
        event(occurred="[..2026-02-24]", facts=[fact]), attributes=[{"id": "buyers", "label": "buyers of its gas"}]
    )
    assert "For Azerbaijan, buyers of its gas numbered 16 on 24 February 2026. [1: page 1]" in text
    assert "## By 24 February 2026" in text


# People


def test_a_speaker_has_the_office_of_the_day_once() -> None:
    """A speaker has the office of the day once."""
    office = {"subject": "ann", "attribute": "office", "value": "Minister", "from": "2024", "until": "2025-06-01"}
    said = [
        event(id=f"s{day}", occurred=day, type="statement.made", title=f"On {day}", stated_by="ann")
        for day in ("2025-01-01", "2025-02-01", "2025-07-01")
    ]
    text = told(event(id="o", occurred="2024", title="Named", facts=[office]), *said, attributes=[OFFICE])
    assert "On 1 January, Ann Lee, Minister, made this statement. [1: page 1]" in text
    assert "On 1 February, Ann Lee made this statement. [1: page 1]" in text
    assert "On 1 July, Ann Lee made this statement. [1: page 1]" in text


def test_roles_are_told_and_small_names_stay_small() -> None:
    """Roles are told and small names stay small."""
    people = [
        {"entity": "bp", "role": "party"},
        {"entity": "az", "role": "party"},
        {"entity": "ann", "role": "witness"},
    ]
    text = told(event(type="agreement.signed", title="The deal", participants=people))
    assert "bp and Azerbaijan signed the agreement. The witness was Ann Lee. [1: page 1]" in text.splitlines()


# Sources


def test_numbers_follow_first_use_and_only_what_is_cited_is_listed() -> None:
    """Numbers follow first use and only what is cited is listed."""
    sources = [
        {"id": "a", "title": "Unused"},
        {
            "id": "b",
            "title": "Second",
            "author": "B. Writer",
            "publisher": "House",
            "published": "2020-05",
            "url": "https://b.example/x",
        },
        {"id": "c", "title": "First", "publisher": "Press", "language": "az", "url": "urn:isbn:1"},
    ]
    first = event(id="e1", occurred="1994", sources=[{"source": "c", "locator": "page 7", "quote": "Its *words*"}])
    second = event(
        id="e2", occurred="1995", title="Two", sources=[{"source": "b"}, {"source": "c", "locator": "page 9"}]
    )
    text = told(second, first, sources=sources)
    assert "Nothing more is stated. [1: page 7]" in text
    assert "Nothing more is stated. [1: page 9; 2]" in text
    assert "Unused" not in text
    listed = text.partition("## Sources")[2].strip().splitlines()
    assert listed == [
        "1. Press, “First”, no publication date given. urn:isbn:1. In Azerbaijani.",
        "   - page 7: “Its \\*words\\*”",
        "2. B. Writer, “Second”, House, May 2020. <https://b.example/x>.",
    ]


def test_an_event_without_a_source_says_so() -> None:
    """An event without a source says so."""
    assert "No source is cited." in told(event(sources=[])).partition("## Sources")[0]


def test_every_sentence_of_the_story_ends_with_a_mark() -> None:
    """Every sentence of the story ends with a mark."""
    story = told(STATISTIC, SIGNING, plan("2030"), as_of="2028", attributes=[*TRADE, TARGET]).partition("\n## ")[2]
    story = story.partition("## State")[0]
    for line in story.splitlines():
        assert not line or line[0] == "#" or line.endswith(("]", ":")) or line.isdigit(), line


# Relations


def test_relations_are_told_as_stated_and_never_ahead_of_their_day() -> None:
    """Relations are told as stated and never ahead of their day."""
    cause = event(
        id="cause",
        occurred="1994",
        title="Cause",
        related=[{"event": "effect", "relation": "led-to"}, {"event": "gone", "relation": "part-of"}],
    )
    effect = event(
        id="effect", occurred="2020-03-04", title="Effect", related=[{"event": "cause", "relation": "odd-link"}]
    )
    text = told(cause, effect)
    assert "It led to “Effect” (4 March 2020). [1: page 1]" in text
    assert "Its relation to “Cause” (1994) is given as “odd link”. [1: page 1]" in text
    assert "part of" not in text
    assert "led to" not in told(cause, effect, as_of="2019")


# The page

HOSTILE = "*bold* <script>alert(1)</script> | [x](javascript:alert(1)) \u202e# `a`\n\n# Title\n\n- item"


def test_hostile_text_is_inert_wherever_it_stands() -> None:
    """Hostile text is inert wherever it stands."""
    labelled = [{**one, "label": HOSTILE} for one in PLACES]
    fact = {"subject": "az", "attribute": "note", "value": HOSTILE, "dimensions": {"partner": "us"}}
    text = told(
        event(
            title=HOSTILE,
            summary=HOSTILE,
            participants=[{"entity": "ann", "role": HOSTILE}, "us"],
            type="agreement.signed",
            facts=[fact],
            sources=[{"source": "paper", "locator": HOSTILE, "quote": HOSTILE}],
        ),
        entities=labelled,
        attributes=[{"id": "note", "label": HOSTILE}],
        sources=[{"id": "paper", "title": HOSTILE, "publisher": HOSTILE, "url": "javascript:alert(1)"}],
        about={"id": "test", "title": HOSTILE, "description": HOSTILE},
    )
    page = MarkdownIt("commonmark", {"html": True}).enable("table").render(text)
    assert set(re.findall(r"<(\w+)", page)) <= {"h1", "h2", "h3", "p", "ul", "ol", "li", "em"}
    assert page.count("<h1>") == 1
    assert page.count("<h3>") == 1
    assert "\u202e" not in text


def test_templates_are_not_read_from_documents() -> None:
    """Templates are not read from documents."""
    assert "{{ 7 \\* 7 }} {% raw %}" in told(event(title="{{ 7 * 7 }} {% raw %}"))


def test_the_same_matter_gives_the_same_bytes_and_the_line_says_from_where() -> None:
    """The same matter gives the same bytes and the line says from where."""
    given = matter(STATISTIC, SIGNING, attributes=TRADE, known="2026-05", zone="Asia/Baku")
    text = as_markdown(given)
    assert text == as_markdown(given)
    assert (
        "Told as of 1 March 2026, from what had been reported by the end of May 2026. Days are those of Asia/Baku."
        in text
    )
    assert (
        "- archive: archive-1\n- chronicle: test\n- position: 2\n- as of: 2026-03-01\n"
        "- known by: 2026-05\n- zone: Asia/Baku\n- schema: 1\n" in text
    )
    assert text.endswith("\n")
    assert "\n\n\n" not in text
    assert "None" not in text


def test_years_are_not_repeated_under_their_heading() -> None:
    """Years are not repeated under their heading."""
    text = told(event(occurred="2025-03-05", type="infrastructure.opened", title="Road opens"))
    assert "*5 March 2025*" in text.splitlines()
