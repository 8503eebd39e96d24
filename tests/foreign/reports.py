"""The reports that are opened: both chronicles of events/ in every type and in two languages."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from chronicle import Archive
from chronicle.narrative.audit.finding import Finding
from chronicle.narrative.order import Kind
from chronicle.reporting import Ordered

EVENTS = Path(__file__).parents[2] / "events"
AS_OF = "2026-03-01"
NOW = 1_772_323_200_000_000  # 2026-03-01T00:00:00Z
LANGUAGES = ("en", "az")


@dataclass(frozen=True)
class Report:
    """A report by its order."""

    chronicle: str
    kind: Kind
    lang: str

    def __str__(self) -> str:
        return f"{self.chronicle}-{self.kind}-{self.lang}"


_ORDERS: dict[str, dict[Kind, Ordered]] = {
    "azerbaijan-us": {
        "narrative": {},
        "timeline": {},
        "brief": {},
        "changes": {"since": "2025-12-31"},
        "profile": {"entity": "azerbaijan"},
    },
    "us-executive": {
        "narrative": {},
        "timeline": {},
        "brief": {},
        "changes": {"since": "2024-12-31"},
        "profile": {"entity": "harry-s-truman"},
    },
}
ALL = [Report(chronicle, kind, lang) for chronicle, kinds in _ORDERS.items() for kind in kinds for lang in LANGUAGES]
TOLD = [report for report in ALL if report.kind == "narrative"]


class Press:
    """Writes reports of one archive into a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._archive = Archive.open("sqlite://", recorded_by="tests", now=lambda: NOW)
        for chronicle in _ORDERS:
            self._archive.load(str(EVENTS / chronicle))

    def written(self, report: Report, format: str = "html") -> Path:  # noqa: A002 - its name in Archive.report
        """The file of a report."""
        path = self._folder / f"{report}.{format}"
        if not path.exists():
            told = self._archive.report(report.chronicle, format=format, **_order(report))
            path.write_bytes(told.encode() if isinstance(told, str) else told)
        return path

    def audited(self, report: Report) -> tuple[Finding, ...]:
        """What the audit of a report finds."""
        return self._archive.audit(report.chronicle, **_order(report))


def _order(report: Report) -> Ordered:
    bounds: Ordered = {"kind": report.kind, "lang": report.lang, "as_of": AS_OF}
    return {**_ORDERS[report.chronicle][report.kind], **bounds}
