"""What an assistant can ask, through the SDK's own client."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters
from mcp_types import TextContent

from chronicle.mcp.server import QUESTIONS, server
from chronicle.service import Archive
from tests.builders import Clock, url_of
from tests.cli.shell import environment
from tests.project.checkout import ROOT

FDI: dict[str, Any] = {"chronicle": "azerbaijan-us", "attribute": "fdi-inflow", "as_of": "2026-03-01"}


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An archive of the curated chronicles."""
    there = url_of(tmp_path_factory.mktemp("mcp") / "chronicle.db")
    with Archive.open(there, recorded_by="tester", now=Clock()) as archive:
        archive.load(ROOT / "events")
    return there


@pytest.fixture
def archive(url: str) -> Iterator[Archive]:
    """The same, open."""
    with Archive.open(url, recorded_by="tester", now=Clock()) as opened:
        yield opened


def asked(of: Any, tool: str, **arguments: Any) -> Any:
    """The answer of a tool, through a client."""
    return json.loads(_through(of, lambda client: _call(client, tool, arguments)))


def refused(of: Any, tool: str, **arguments: Any) -> str:
    """What a tool says that does not do what it was asked."""
    return _through(of, lambda client: _call(client, tool, arguments, fails=True))


async def _call(client: Client, tool: str, arguments: dict[str, Any], *, fails: bool = False) -> str:
    result = await client.call_tool(tool, arguments)
    assert fails == bool(result.is_error)
    [content] = result.content
    assert isinstance(content, TextContent)
    return content.text


def _through(of: Any, ask: Callable[[Client], Awaitable[str]]) -> str:
    async def run() -> str:
        async with Client(of) as client:
            return await ask(client)

    return asyncio.run(run())


def test_chronicles(archive: Archive) -> None:
    """An assistant finds out what there is to ask about."""
    found = asked(server(archive), "chronicles")["chronicles"]

    assert ["azerbaijan-us", "us-executive"] == [one["id"] for one in found]
    assert all(one["title"] for one in found)


def test_a_state_carries_its_basis_and_its_citations(archive: Archive) -> None:
    """Facts are those of `Archive.state`, and every event they name is cited with title, locator and publication."""
    answer = asked(server(archive), "state", **FDI)

    expected = archive.state(**FDI)
    assert expected.basis.as_json() == answer["basis"]
    assert len(expected.facts) == len(answer["facts"]) > 0
    assert {fact["event"] for fact in answer["facts"]} == {one["event"] for one in answer["citations"]}
    [source, *_] = answer["citations"][0]["sources"]
    assert {"source", "locator", "title", "publisher", "published"} <= source.keys()


def test_figures_keep_their_digits(tmp_path: Path) -> None:
    """An answer has numbers as they were written: 2.50 stays 2.50."""
    with Archive.open(url_of(tmp_path / "a.db"), now=Clock()) as archive:
        text = (
            "kind: source\nid: s\ntitle: S\npublished: 2025\n---\n"
            "id: e\ntype: note.made\noccurred: 2025\ntitle: E\nsources: [{source: s}]\n"
            "facts: [{subject: a, attribute: b, value: 2.50}]\n"
        )
        (tmp_path / "c.yaml").write_text(text)
        archive.load(tmp_path / "c.yaml", chronicle="c")

        answer = _through(server(archive), lambda client: _call(client, "state", {}))

    assert '"value":2.50,' in answer


def test_a_long_answer_is_cut_and_says_so(archive: Archive) -> None:
    """`limit` keeps the first rows, and `omitted` counts the others."""
    whole = asked(server(archive), "events", as_of="2026-03-01", limit=500)
    cut = asked(server(archive), "events", as_of="2026-03-01", limit=2)

    assert whole["events"][:2] == cut["events"]
    assert len(whole["events"]) - 2 == cut["omitted"]
    assert 2 == len(cut["citations"])
    assert "omitted" not in whole


def test_of_a_history_segments_are_cut(archive: Archive) -> None:
    """A key can have thousands."""
    asking = {"subject": "president", "attribute": "holder"}
    whole = asked(server(archive), "history", **asking, limit=500)
    cut = asked(server(archive), "history", **asking, limit=2)

    told, shown = (
        [(one["key"], part) for one in answer["histories"] for part in one["segments"]] for answer in (whole, cut)
    )
    assert told[:2] == shown
    assert len(told) - 2 == cut["omitted"]


def test_no_more_is_counted_than_need_be(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who left out so much is to ask for less; going through all of it would take long, and change nothing."""
    monkeypatch.setattr("chronicle.mcp.cut.COUNTED", 3)

    assert 3 == asked(server(archive), "events", as_of="2026-03-01", limit=2)["omitted"]


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("history", {"subject": "azerbaijan", "attribute": "oil-partnership"}),
        ("diff", {"before": {"as_of": "1993"}, "after": {"as_of": "1995"}}),
        ("events", {"as_of": "1995"}),
        ("event", {"id": "trade-2025"}),
        ("search", {"query": "gas"}),
        ("conflicts", {"as_of": "2026", "chronicle": "us-executive"}),
    ],
)
def test_every_question_is_cited(archive: Archive, tool: str, arguments: dict[str, Any]) -> None:
    """Each answer names the basis and the sources of the events in it."""
    answer = asked(server(archive), tool, **arguments)

    assert "basis" in answer or {"from", "to"} <= answer.keys()
    assert all(one["sources"] for one in answer["citations"])


def test_only_what_was_known_is_cited(archive: Archive) -> None:
    """Before a source had reported an event there is nothing to cite."""
    answer = asked(server(archive), "state", **FDI, known="2020")

    assert ([], []) == (answer["facts"], answer["citations"])


def test_an_event_that_is_redacted(tmp_path: Path) -> None:
    """What is redacted is said to be, and nothing of it is told."""
    with Archive.open(url_of(tmp_path / "a.db"), now=Clock()) as archive:
        archive.load(ROOT / "events" / "azerbaijan-us")
        archive.redact("trade-2025", reason="a test")

        answer = asked(server(archive), "event", id="trade-2025", chronicle="azerbaijan-us")

    assert [{"chronicle": "azerbaijan-us", "event": "trade-2025", "redacted": "a test"}] == answer["citations"]


def test_a_report(archive: Archive) -> None:
    """A report is the text that `Archive.report` makes."""
    arguments: dict[str, Any] = {"chronicle": "azerbaijan-us", "as_of": "2026-03-01", "kind": "brief"}

    told = _through(server(archive), lambda client: _call(client, "report", arguments))

    assert archive.report("azerbaijan-us", as_of="2026-03-01", kind="brief") == told


def test_a_date(archive: Archive) -> None:
    """`when` tells a date, and what is wrong with one that is none."""
    assert "about 1994" == asked(server(archive), "when", text="1994~")["phrase"]
    assert not asked(server(archive), "when", text="1994-13")["valid"]


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("state", {"as_of": "1994-13"}, "no month 13"),
        ("state", {"chronicle": "azerbaijan"}, "azerbaijan-us"),
        ("event", {"id": "trade-2026"}, "trade-2025"),
        ("history", {"subject": "azerbaijan"}, "attribute"),
        ("events", {"limit": 1000}, "less than or equal to 500"),
        ("forget", {}, "forget"),
    ],
)
def test_a_question_that_cannot_be_answered(archive: Archive, tool: str, arguments: dict[str, Any], said: str) -> None:
    """A refusal says what is wrong, so that the assistant can ask better."""
    assert said in refused(server(archive), tool, **arguments)


def test_tools_only_ask_unless_told_otherwise(archive: Archive) -> None:
    """Without `append` there is no tool that writes, and those there are say that they only read."""

    async def tools(**more: Any) -> dict[str, Any]:
        async with Client(server(archive, **more)) as client:
            return {one.name: one.annotations for one in (await client.list_tools()).tools}

    asking = asyncio.run(tools())
    assert set(QUESTIONS) == asking.keys()
    assert all(annotations.read_only_hint for annotations in asking.values())
    assert {"append"} == asyncio.run(tools(append=True)).keys() - asking.keys()


def test_an_assistant_that_may_append(tmp_path: Path) -> None:
    """Documents are tried first, then recorded once; what is refused names line and fault, and writes nothing."""
    note = "id: e\ntype: note.made\noccurred: {}\ntitle: E\n"
    with Archive.open(url_of(tmp_path / "a.db"), now=Clock()) as archive:
        door = server(archive, append=True)
        tried = asked(door, "append", documents=note.format(2025), chronicle="c")
        assert (True, 0) == (tried["dry_run"], archive.position())

        said = refused(door, "append", documents=note.format("2025-13"), chronicle="c", dry_run=False)
        assert "documents.yaml:3" in said
        assert str(tmp_path.parent.parent) not in said
        assert 0 == archive.position()

        done = asked(door, "append", documents=note.format(2025), chronicle="c", dry_run=False)
        again = asked(door, "append", documents=note.format(2025), chronicle="c", dry_run=False)
        assert ["new", "unchanged"] == [one["receipts"][0]["outcome"] for one in (done, again)]
        assert 1 == archive.position()


def test_over_standard_input_and_output(url: str, tmp_path: Path) -> None:
    """`chronicle mcp` speaks the protocol with a client that starts it, and ends with it."""
    path = url.removeprefix("sqlite:///")
    command = StdioServerParameters(
        command=sys.executable, args=["-m", "chronicle", "mcp"], env=environment(Path(path)), cwd=tmp_path
    )

    answer = json.loads(_through(command, lambda client: _call(client, "state", FDI)))

    assert answer["facts"]
