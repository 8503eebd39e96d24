"""The few words that a format says of its own accord, in the language of the document."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from chronicle.narrative.document import Document, Mark, Sentence
from chronicle.narrative.inert import plain
from chronicle.narrative.language.wording import Wording

Words = Callable[[str], str]


def words(document: Document) -> Words:
    """A function from an English message to the same in the language of the document."""
    return Wording(document.lang).message


def status_word(status: str, said: Words) -> str | None:
    """How an event stands, where that is other than to have happened."""
    match status:
        case "may-have-happened":
            return said("may have happened")
        case "ongoing":
            return said("ongoing")
        case "planned":
            return said("planned")
        case "overdue":
            return said("overdue")
    return None


def mark_texts(sentence: Sentence, said: Words) -> list[str]:
    """What stands between the brackets after a sentence: `1: paragraph 5`, `2`, and how a figure was computed."""
    texts = [mark_text(mark, said) for mark in sentence.marks]
    if sentence.working is not None:
        texts.append(working_text(sentence.working, said))
    return texts


def working_text(working: str, said: Words) -> str:
    """How a figure was computed."""
    return f"{said('computed')}{said(': ')}{plain(working)}"


def marks_listed(texts: Iterable[str], said: Words) -> str:
    """What stands between the brackets, as one text."""
    return said("; ").join(texts)


def mark_text(mark: Mark, said: Words) -> str:
    """`1: paragraph 5, table 2`; the number alone where no place in the source is given."""
    where = ", ".join(plain(locator) for locator in mark.locators)
    return f"{mark.number}{said(': ')}{where}" if where else str(mark.number)
