"""Dates, figures and sentences that every language is read by."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from chronicle.event.model import Attribute, Entity, Fact
from chronicle.event.value import Figure, Number, Quantity, Range
from chronicle.narrative import frames
from chronicle.narrative.document import Run
from chronicle.narrative.language import Language, Slot, runs_of
from chronicle.narrative.message import Message
from chronicle.when import When

DATES = """
1994 1994-09 1994-04 1994-09-20 1994-03-01 1994~ 1994? 1994% 2004-06-11~ 2004-06-11? 2004?-06-11 2004-06~-11 2001-~21
1985-04-12T23:20:30 1985-04-12T23:20:30Z 199X 202X 199X~ 200X -01XX XXXX -XXXX 2004-XX 1985-04-XX 1985-XX-XX 1984-1X
1985-04-1X 1985-XX-11 1985-1X-11 1985-1X-XX 156X-12-25 199X-21 1950S2 Y170000002 -0043 -0043-03-15 0079-10-24 2001-21
2001-24 2001-28 2001-30 2025-34 2025-35 2025-38 2025-40 1964/2008 2025-01/2025-09 2025-01/2025-02 2025-03/2025-05
2004-02-10/2004-02-12 2004-02-20/2004-03-08 2004-02-01/2005-02 2004-02~/2004-03 2027/2032~ 2026-02/.. 2026-02/ ../1985
/1985 ../.. ../ /.. [..2026-02] [..2026-02-24] [2026-02..] {..1984} {1984..} [2026-02-10,2026-02-11]
[2026-02-10,2026-03-11] [2025-01,2025-03,2025-04] [1667,1668] {1960,1961-12} [2030..2032] [2026-02-10..2026-02-12]
{2025-01..2025-03} {1990..1992} [1667,1668,1670..1672] [1667..1670-05] {1667..1670-05}
""".split()
BENT = "1994 1994-04 1994-09-20 1994~ 199X 2001-22 2025-34 2025-40 2017/2021 2025-01/2025-09 [..2026-02-24]".split()
FORMS = ("from", "since", "until", "through", "by", "as-of")
IN_YEAR = (
    "1994-09-20 1994-09 1994-35 1994-40 1994-21 1994-30 1994-01/1994-09 1994-03/1994-05 1994-02-20/1994-03-08 1994"
)
BOUNDS = ("2026-03-01", "2025", "2025-06", "2025-35")
HELD = (
    {"at": "2026-02-24"},
    {"from_": "2017", "until": "2021-01-20"},
    {"from_": "2017", "through": "2021-01-19"},
    {"from_": "unknown"},
    {"from_": "..", "until": "unknown"},
    {"from_": "[1994-01-01..2026-02-24]"},
)
AMOUNTS = """
1.55e9 USD|61.8e6 USD|133e6 USD|1e6 EUR|2 EUR|133e3 AZN|-5.5e6 USD|3.15 %|30 %|2.5 times|16 GW|9.5e9 m3|21e6 t/a|1 a
2 a|30 a|1.5 a|5 mo|200 1|37 Cel|1e20 1
""".replace("\n", "|").strip("|")
QUALIFIERS = ("about", "more-than", "less-than", "at-least", "at-most")
QUALIFIED = "133e6 USD|1e6 EUR|30 %|16 GW|2.5 times|2 a|200 1|1.5e6 1"
RANGES = "7 8 GW|7 8 %|7e9 8.5e9 USD|1.5e9 2e9 m3|900e6 1.2e9 USD|-5 3 Cel"


def snapshot(tag: str) -> Iterator[str]:
    """A line for each sample: what it is, and how the language says it."""
    language = Language(tag, ENTITIES, ATTRIBUTES)
    yield "# dates: alone | in a sentence | in a table"
    for text in DATES:
        when = language.when(When.parse(text))
        yield f"{text}: {said(when)} | {said(when, 'on')} | {said(language.period(text))}"
    yield "# " + ", ".join(FORMS)
    for text in BENT:
        yield f"{text}: " + " | ".join(said(language.when(When.parse(text)), form) for form in FORMS)
    yield "# under the heading 1994"
    for text in IN_YEAR.split():
        when = language.when(When.parse(text), year=1994)
        yield f"{text}: {said(when) or '(unsaid)'} | {said(when, 'on') or '(unsaid)'}"
    yield "# bounds: alone, by, as of"
    for text in BOUNDS:
        yield f"{text}: " + " | ".join(said(language.end_of(text), form) for form in ("", "by", "as-of"))
    yield "# when a fact holds"
    for times in HELD:
        fact = Fact(subject="a", attribute="b", **times)  # type: ignore[arg-type] # the keys are those of dates
        yield said(language.held(fact, When.parse("2024-05")))
    yield "# figures"
    for digits, unit in (one.split(" ") for one in AMOUNTS.split("|")):
        yield f"{digits} {unit}: {said(language.value(Quantity(Number(digits), unit)))}"
    for digits, unit in (one.split(" ") for one in QUALIFIED.split("|")):
        values = [Quantity(Number(digits), unit, qualifier) for qualifier in QUALIFIERS]
        yield f"{digits} {unit}: " + " | ".join(said(language.value(value)) for value in values)
    for low, high, unit in (one.split(" ") for one in RANGES.split("|")):
        yield f"{low} {high} {unit}: {said(language.value(Range(Number(low), Number(high), unit)))}"
    for digits in ("1994", "10139177", "1.5e6", "-3"):
        yield f"{digits}: {said(language.value(Figure(Number(digits))))}"
    yield "# sentences"
    yield from (said(runs) for runs in sentences(language))


ENTITIES = {
    "azerbaijan": Entity(
        id="azerbaijan",
        label="Azerbaijan",
        labels={
            "az": "Azərbaycan",
            "tr": "Azerbaycan",
            "ru": "Азербайджан",
            "de": "Aserbaidschan",
            "fr": "Azerbaïdjan",
        },
        type="country",
    ),
    "usa": Entity(
        id="usa",
        label="United States",
        labels={
            "az": "Amerika Birləşmiş Ştatları",
            "tr": "Amerika Birleşik Devletleri",
            "ru": "Соединённые Штаты",
            "de": "Vereinigte Staaten",
            "fr": "États-Unis",
        },
        type="country",
    ),
    "orr": Entity(id="orr", label="Caleb Orr", type="person"),
    "bp": Entity(id="bp", label="bp", type="company"),
    "charter": Entity(
        id="charter", label="Strategic Partnership Charter", labels={"az": "Strateji Tərəfdaşlıq Xartiyası"}
    ),
}
ATTRIBUTES = {
    "imports": Attribute(
        id="imports",
        label="imports",
        labels={"az": "idxal", "tr": "ithalat", "ru": "импорт", "de": "Einfuhren", "fr": "importations"},
    ),
    "exports": Attribute(
        id="exports",
        label="exports",
        labels={"az": "ixrac", "tr": "ihracat", "ru": "экспорт", "de": "Ausfuhren", "fr": "exportations"},
    ),
}
MESSAGES = (
    "{when:on}, {owner:owner} {figures}.",
    "{attribute} came to {value}",
    "{attribute} to {value}",
    "{what}: {values}; this was due {due}, and no completion is recorded {as_of:as-of}.",
    "It builds on {event}.",
    "“{title}” ({when})",
    "Told {as_of:as-of}, from what had been reported {known:by}.",
    "By these figures, {larger} came to {ratio} times {smaller}, a difference of about {difference}.",
)


def sentences(language: Language) -> Iterator[tuple[Run, ...]]:
    """Sentences of reports with real names, dates and figures."""
    say, counted, name = language.say, language.counted, language.name
    signed, day = frames.SIGNED_IT, language.when(When.parse("2026-02-10"))
    who = language.listed([name("azerbaijan"), name("usa")])
    as_of, bare = language.end_of("2026-03-01"), language.label("charter")
    for message in (signed.leading, signed.trailing, signed.planned, signed.possible):
        yield _said(counted, message, 2, who=who, object=bare, when=day, as_of=as_of)
    yield _said(counted, frames.ENTERED.leading, 1, who=name("bp"), when=language.when(When.parse("1994")))
    yield _said(counted, frames.STATED.leading, 1, who=name("orr"), when=day)
    values = [Quantity(Number("1.49e9"), "USD"), Quantity(Number("61.8e6"), "USD")]
    figures = language.listed(
        [
            say(MESSAGES[1], attribute=language.attribute("imports"), value=language.value(values[0])),
            say(MESSAGES[2], attribute=language.attribute("exports"), value=language.value(values[1])),
        ]
    )
    yield say(MESSAGES[0], when=language.period("2025-01/2025-09"), owner=name("azerbaijan"), figures=figures)
    capacity = language.value(Range(Number("7"), Number("8"), "GW"))
    yield say(MESSAGES[3], what=name("azerbaijan"), values=capacity, due=language.due("2025"), as_of=as_of)
    event = say(MESSAGES[5], title="Contract of the Century signed", when=language.when(When.parse("1994")))
    yield say(MESSAGES[4], event=event)
    yield say(MESSAGES[6], as_of=as_of, known=language.end_of("2025"))
    yield say(
        MESSAGES[7],
        larger=language.attribute("imports"),
        smaller=language.attribute("exports"),
        ratio=language.computed(Decimal(24)),
        difference=language.computed(Decimal(1430000000), "USD"),
    )
    companies = Quantity(Number("200"), "companies", "more-than")
    yield language.value(companies)


def _said(counted: Callable[..., tuple[Run, ...]], message: Message, count: int, **slots: Slot) -> tuple[Run, ...]:
    return counted(message.one, message.many or message.one, count, **slots)


def said(slot: Slot, form: str = "") -> str:
    """The text of a form."""
    return "".join(run.text for run in runs_of(slot, form))
