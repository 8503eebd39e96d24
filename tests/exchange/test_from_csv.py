"""Tables with a row for each event, read by the names of their columns."""

from __future__ import annotations

from pathlib import Path

import pytest

from chronicle.errors import InputError
from tests.exchange.importing import assert_it_loads, documents, imported, only, refusals, remarks


def test_a_table_by_the_names_of_its_columns(tmp_path: Path) -> None:
    """In any order and case; the source is made of what is said of it."""
    text = (
        "Title,Date,ID,Type,Summary,Tags,URL,Publisher,Published\r\n"
        '"Signed, at last",1994-09~,the-contract,Agreement.Signed,"One\ntwo","a, b",'
        "https://example.org/x,The Paper,1994-09-21\r\n"
    )
    found = imported(text, "csv")
    event = only(found)
    assert ("the-contract", "agreement.signed", "1994-09~", "Signed, at last") == (
        event.id,
        event.type,
        event.occurred,
        event.title,
    )
    assert ("One two", ["a", "b"]) == (event.summary, event.tags)
    source = only(found, "source")
    assert ("The Paper", "1994-09-21", "https://example.org/x") == (source.publisher, source.published, source.url)
    assert_it_loads(found, tmp_path)


@pytest.mark.parametrize("text", ["title;date\nA;1994\n", "title\tdate\nA\t1994\n", "\ufefftitle,date\nA,1994\n"[1:]])
def test_other_marks_between_cells(text: str) -> None:
    """Semicolons and tabs, as spreadsheets write them."""
    event = only(imported(text, "csv"))
    assert ("a", "1994", "A", "event") == (event.id, event.occurred, event.title, event.type)


def test_start_and_end_are_an_interval() -> None:
    """One date alone where both are the same."""
    found = imported("name,start,end\nA,1994,1995-02\nB,1994,1994\nC,1994,\n", "csv")
    assert ["1994/1995-02", "1994", "1994"] == [event.occurred for event in documents(found)]


def test_rows_are_refused_with_their_line() -> None:
    """Lines of the file, where a cell has some too; no date is guessed."""
    text = 'title,date,id\n"Two\nlines",3/4/2020,\n,1994,\nA,,\nB,1994,b\nC,1994,b\nD,1994,not a name!\n'
    found = imported(text, "csv")
    assert ["B"] == [event.title for event in documents(found)]
    lines = [message.partition(":")[0] for message in refusals(found)]
    assert ["2", "4", "5", "7", "8"] == lines


def test_columns_that_say_nothing_are_told() -> None:
    """Once, with their names."""
    found = imported("title,date,colour\nA,1994,red\n", "csv")
    assert ["column"] == remarks(found)


def test_formulas_come_back_as_text() -> None:
    """An apostrophe that kept a spreadsheet from computing goes again."""
    assert "=1+1" == only(imported("title,date\n'=1+1,1994\n", "csv")).title


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no row"),
        ("title,date\n", "no row"),
        ("a,b\n1,2\n", "no columns for a date and a title"),
        ("title,date\nA,1994,extra\n", r"^file:2: has 3 cells for 2 columns"),
        ("title,title,date\nA,B,1994\n", "two columns of one name"),
        ('title,date\n"A"x,1994\n', r"^file:2: is no CSV here"),
        ('title,date\n"' + "x" * 200_000 + '",1994\n', "is no CSV here: field larger than field limit"),
    ],
)
def test_what_is_no_table_is_refused(text: str, reason: str) -> None:
    """With the line, where there is one."""
    with pytest.raises(InputError, match=reason):
        imported(text, "csv")


def test_facts_of_several_chronicles_are_refused() -> None:
    """An id may stand for another event in each."""
    head = "chronicle,event,type,occurred,title,subject,attribute,value_type,value\n"
    with pytest.raises(InputError, match="several chronicles, 'a, b'"):
        imported(head + "a,e,x,1994,t,s,n,text,v\nb,e,x,1994,t,s,n,text,v\n", "csv")


def test_rows_of_one_event_must_agree() -> None:
    """The one that says something else is refused, and names the first."""
    head = "event,type,occurred,title,subject,attribute,value_type,value\n"
    found = imported(head + "e,x,1994,t,s,n,text,v\ne,x,1995,t,s,n,text,w\n", "csv")
    assert ["3: event 'e' has another occurred than on line 2"] == refusals(found)
    assert 1 == len(documents(found)[0].facts)


def test_an_id_that_a_row_has_is_not_given_to_another() -> None:
    """Wherever it stands in the table: the row without an id gets one that is free."""
    found = imported("id,date,title\n,1994,Signed\nsigned,1995,Something else\n", "csv")
    assert [] == refusals(found)
    assert [("signed-1994", "Signed"), ("signed", "Something else")] == [
        (one.id, one.title) for one in documents(found)
    ]


def test_two_rows_of_one_id_are_told() -> None:
    """Which of them is meant is not for us to say."""
    found = imported("id,date,title\na,1994,Signed\na,1995,Something else\n", "csv")
    assert ["3: event 'a' is already there: give it an id of its own"] == refusals(found)
