"""The face of a language: sentences, names, lists and values, and what they fall back to."""

from __future__ import annotations

import pytest

from chronicle.event.model import Attribute, Entity
from chronicle.event.value import EntityValue, Flag, Number, Quantity, Text
from chronicle.narrative.document import Run
from chronicle.narrative.headings import begun
from chronicle.narrative.language import Language
from chronicle.narrative.language.wording import Wording
from chronicle.when import When
from tests.narrative.language.samples import ATTRIBUTES, ENTITIES, said

ENGLISH = Language("en", ENTITIES, ATTRIBUTES)
AZERBAIJANI = Language("az", ENTITIES, ATTRIBUTES)


def test_a_slot_keeps_its_fact() -> None:
    """What fills a slot keeps what it is; adjacent plain text is one run."""
    runs = ENGLISH.say("{name}: {figure}", name="A", figure=ENGLISH.value(Quantity(Number("5"), "%"), fact="a#1"))
    assert (Run("A: "), Run("5%", kind="figure", fact="a#1")) == runs


def test_a_sentence_begins_with_a_capital_and_a_part_does_not() -> None:
    """A sentence begins with a capital, but for a name that is spelled small; a part of one does not."""
    day = ENGLISH.when(When.parse("2026-02-10"))
    assert "On 10 February 2026, bp met." == said(
        ENGLISH.say("{when:on}, {who} met.", when=day, who=ENGLISH.name("bp"))
    )
    assert "bp met." == said(ENGLISH.say("{who} met.", who=ENGLISH.name("bp")))
    assert "The United States met." == said(ENGLISH.say("{who} met.", who=ENGLISH.name("usa")))
    assert "the United States, a" == said(ENGLISH.say("{name}, {office}", name=ENGLISH.name("usa"), office="a"))


@pytest.mark.parametrize(("tag", "expected"), [("az", "İlk"), ("tr", "İlk"), ("de", "Ilk")])
def test_a_capital_i_has_its_dot_where_it_belongs(tag: str, expected: str) -> None:
    """A capital i has its dot where it belongs."""
    assert expected == Language(tag, {}, {}).begun("ilk")


@pytest.mark.parametrize("tag", ["az", "tr"])
def test_an_id_is_a_word_of_its_author(tag: str) -> None:
    """What has no label is called by its id, which is in the language of the chronicle and has its capitals."""
    language = Language(tag, {}, {}, "en")
    undeclared = Run("investment flow", kind="name", entity="investment-flow", lang="en")
    assert undeclared == language.label("investment-flow")
    assert Run("investment flow", lang="en") == language.attribute("investment-flow")
    assert "Investment flow" == begun(undeclared, language).text
    assert "\u0130stanbul" == begun(Run("istanbul"), language).text


def test_names_in_english() -> None:
    """Names have their article, and say whose."""
    names = ("azerbaijan", "usa", "orr", "not-declared")
    assert ["Azerbaijan", "the United States", "Caleb Orr", "not declared"] == [
        said(ENGLISH.name(one)) for one in names
    ]
    assert ["Azerbaijan's", "the United States'"] == [said(ENGLISH.name(one), "owner") for one in names[:2]]


def test_names_in_another_language() -> None:
    """A label of the language is used plainly; one that is missing is the author's, and says in which language."""
    assert Run("Azərbaycan", kind="name", entity="azerbaijan") == AZERBAIJANI.name("azerbaijan").run
    assert Run("Caleb Orr", kind="name", entity="orr", lang="en") == AZERBAIJANI.label("orr")
    assert "Azərbaycan" == said(AZERBAIJANI.name("azerbaijan"), "owner")


def test_what_is_not_written_in_english() -> None:
    """A chronicle in another language lends its own words, and they say which language that is."""
    entities = {
        "x": Entity(id="x", label="Bakı", type="city"),
        "y": Entity(id="y", label="Dövlətlər", labels={"en": "States"}),
    }
    written = Language("en", entities, {"c": Attribute(id="c", label="şirkətlər")}, "az")
    assert ("Bakı", "az") == (written.name("x").run.text, written.name("x").run.lang)
    assert ("the States", None) == (written.name("y").run.text, written.name("y").run.lang)
    assert ("şirkətlər", "az") == (written.attribute("c").text, written.attribute("c").lang)
    assert None is Language("az", entities, {}, "az").label("x").lang


def test_values() -> None:
    """Words are the author's, yes and no those of the language; a unit that no catalogue has stays as it is written."""
    assert (Run("rising", fact="a#1", lang="en"),) == AZERBAIJANI.value(Text("rising"), fact="a#1")
    assert "bəli" == said(AZERBAIJANI.value(Flag(flag=True)))
    assert "the United States" == said(ENGLISH.value(EntityValue("usa")))
    assert "United States" == said(ENGLISH.value(EntityValue("usa"), bare=True))
    runs = AZERBAIJANI.value(Quantity(Number("200"), "companies", "more-than"), fact="a#1")
    assert (
        Run("200-dən çox", kind="figure", fact="a#1"),
        Run("\u00a0"),
        Run("companies", fact="a#1", lang="en"),
    ) == runs


def test_a_unit_that_the_label_names_is_left_out() -> None:
    """A unit that the label of the attribute names is left out."""
    attributes = {"c": Attribute(id="c", label="US companies operating", labels={"az": "ABŞ şirkətləri"})}
    value = Quantity(Number("200"), "companies")
    for tag in ("en", "az"):
        assert "200" == said(Language(tag, {}, attributes).value(value, attribute="c"))


def test_lists() -> None:
    """Items with commas of their own are parted by semicolons; a comma within a number is none."""
    assert ["", "a", "a and b", "a, b and c"] == [said(ENGLISH.listed(list("abc")[:count])) for count in range(4)]
    assert "a, b; c; and d" == said(ENGLISH.listed(["a, b", "c", "d"]))
    assert "a, b, and c" == said(ENGLISH.listed(["a, b", "c"]))
    assert "1,5 və ya 2,5" == said(AZERBAIJANI.listed(["1,5", "2,5"], "or"))


def test_dimensions() -> None:
    """Dimensions say which they are, in words that catalogues know or else in the author's."""
    assert " (partner: United States)" == said(ENGLISH.dimensions({"partner": "usa"}))
    assert " (tərəfdaş: Amerika Birləşmiş Ştatları)" == said(AZERBAIJANI.dimensions({"partner": "usa"}))
    assert "" == said(ENGLISH.dimensions({}))
    assert Run("sort of goods", lang="en") in AZERBAIJANI.dimensions({"sort-of-goods": "usa"})


def test_counting() -> None:
    """English spells small counts; Russian has three forms."""
    message = "{count} month later, {when:on}", "{count} months later, {when:on}"
    when = ENGLISH.when(When.parse("1994"))
    assert "three months later, in 1994" == said(ENGLISH.counted(*message, 3, when=when))
    assert "13 months later, in 1994" == said(ENGLISH.counted(*message, 13, when=when))
    russian = Language("ru", {}, {})
    forms = [said(russian.counted(*message, count, when="")) for count in (1, 3, 5, 21)]
    assert ["через 1 месяц, ", "через 3 месяца, ", "через 5 месяцев, ", "через 21 месяц, "] == forms


def test_a_message_that_no_catalogue_has_is_said_in_english() -> None:
    """A message that no catalogue has is said in English."""
    assert "Something new." == Wording("az").message("Something new.")


def test_text_that_looks_like_a_slot_stays_text() -> None:
    """What fills a slot is never read as a message: braces and tokens in it mean nothing."""
    assert "{who}: \ue0000\ue001" == said(ENGLISH.say("{name}: {figure}", name="{who}", figure="\ue0000\ue001"))
