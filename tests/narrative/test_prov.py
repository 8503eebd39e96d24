from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import jsonschema
from prov.model import ProvDocument

from chronicle.narrative.order import Order
from chronicle.narrative.prov import prov
from tests.builders import CHRONICLE, Clock, a_retraction, an_archive
from tests.narrative.audit.composed import GLOSSARY, Report, composed, events, small

Plain = dict[str, Any]


def told(report: Report, since: Report | None = None) -> Plain:
    """The provenance of a report, read back."""
    read = json.loads(prov(report.document, report.matter, None if since is None else since.matter))
    assert isinstance(read, dict)
    return read


def pairs(plain: Plain, relation: str, kind: str | None = None) -> set[tuple[str, ...]]:
    """The ends of the relations of a kind."""
    found = set()
    for one in plain.get(relation, {}).values():
        if one.get("prov:type", {}).get("$") == kind:
            found.add(tuple(end for name, end in one.items() if name.startswith("prov:") and isinstance(end, str)))
    return found


def test_a_report_is_derived_from_its_facts_and_these_from_their_sources() -> None:
    """A report is derived from its facts, and these from their sources and quotes."""
    plain = told(small())
    assert {
        ("report:narrative.en", "event:trade-2024@1#1"),
        ("report:narrative.en", "event:trade-2024@1#3"),
        ("report:narrative.en", "event:deal@1"),
    } <= pairs(plain, "wasDerivedFrom")
    assert {
        ("event:trade-2024@1#3", "source:gazette"),
        ("event:trade-2024@1#1", "source:paper"),
        ("event:deal@1", "source:paper"),
    } <= pairs(plain, "wasDerivedFrom", "prov:PrimarySource")
    [(quoted, source)] = pairs(plain, "wasDerivedFrom", "prov:Quotation")
    assert ("source:paper", "The contract was signed by 13 companies.") == (
        source,
        plain["entity"][quoted]["prov:value"],
    )
    assert ("event:deal@1", quoted) in pairs(plain, "wasDerivedFrom")


def test_software_composes_and_people_record() -> None:
    """Software composes, people record, and publishers answer for sources."""
    plain = told(small())
    [software] = [name for name, one in plain["agent"].items() if one["prov:type"]["$"] == "prov:SoftwareAgent"]
    assert software.startswith("agent:chronicle-service")
    assert {("report:composing", software)} == pairs(plain, "wasAssociatedWith")
    assert {
        ("report:narrative.en", software),
        ("event:deal@1", "agent:tester"),
        ("source:paper", "agent:The%20Press"),
    } <= (pairs(plain, "wasAttributedTo"))


def test_a_corrected_event_is_a_revision_of_what_it_was() -> None:
    """A corrected event is a revision of what it was; one that was withdrawn is invalidated."""
    clock = Clock("2025-03-01")
    archive = an_archive(*GLOSSARY, *events(), clock=clock)
    before = composed(archive, CHRONICLE, as_of="2025-07-01")
    clock.set("2025-04-01")
    corrected = next(one for one in events(imports="1.50e9") if one["id"] == "trade-2024")
    archive.append([corrected | {"note": "misread"}, a_retraction("first-well", note="a rumour")], chronicle=CHRONICLE)
    order = Order(kind="changes", since=before.matter)
    plain = told(composed(archive, CHRONICLE, order, as_of="2025-07-01"), before)
    assert ("event:trade-2024@2", "event:trade-2024@1") in pairs(plain, "wasDerivedFrom", "prov:Revision")
    assert {("event:first-well@1",)} == pairs(plain, "wasInvalidatedBy")


def test_times_are_those_of_the_log() -> None:
    """The times are those of the log, and none is that of composing: the same basis gives the same bytes."""
    one, other = small(), small()
    first, second = (prov(report.document, report.matter) for report in (one, other))
    archives = [report.matter.archive.encode() for report in (one, other)]
    assert first.replace(archives[0], b"-") == second.replace(archives[1], b"-")
    times = {edge.get("prov:time") for edge in json.loads(first)["wasGeneratedBy"].values()}
    assert {None, "2026-03-01T00:00:00.000000Z"} == times


def test_the_schema_of_prov_json_is_kept() -> None:
    """The schema of PROV-JSON is kept."""
    schema = json.loads((files("prov.tests") / "schemas" / "prov-json.schema.json").read_text(encoding="utf-8"))
    validator = jsonschema.validators.validator_for(schema)(schema)
    assert [] == [error.message for error in validator.iter_errors(told(small()))]


def test_another_program_reads_all_of_it() -> None:
    """Another program reads all of it, and every name that a relation uses is one that is told."""
    plain = told(small())
    read = ProvDocument.deserialize(content=json.dumps(plain), format="json")
    named = {str(record.identifier) for record in read.get_records() if record.identifier is not None}
    ends = {
        end
        for relation, edges in plain.items()
        if relation not in ("prefix", "entity", "activity", "agent")
        for edge in edges.values()
        for name, end in edge.items()
        if name.startswith("prov:") and isinstance(end, str) and name != "prov:time"
    }
    assert ends <= named
    assert "wasDerivedFrom(report:narrative.en, event:deal@1" in read.get_provn()


def test_hostile_names_stay_names() -> None:
    """Names with blanks and signs are escaped, so that they stay one name."""
    report = small(
        {"kind": "source", "id": "odd~1", "title": "x", "publisher": "A, B) (C:D", "published": "2024"},
        {
            "id": "strange:event",
            "type": "thing.happened",
            "occurred": "2024",
            "title": "Odd",
            "sources": [{"source": "odd~1"}],
        },
    )
    plain = told(report)
    assert "event:strange%3Aevent@1" in plain["entity"]
    assert "agent:A%2C%20B%29%20%28C%3AD" in plain["agent"]
