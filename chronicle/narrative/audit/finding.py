"""What an audit finds."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing in a report that cannot be led back to its matter.

    `section` is the id of the section, or a part of the document in brackets (`[notes]`); `sentence` the whole line,
    `token` the piece of it that is at fault. `code` says what kind of fault it is:

    reference (a fact or event that the matter does not have), hidden (one that the basis does not see), figure, unit,
    date, name, title, quote (a run that does not say what it is taken from), hedge (a date or figure told more surely
    than it is), orphan (a number, date or name that nothing stands behind), foreign (a run of another event than those
    the sentence rests on), working (a computation that does not come out), unlike (one over figures that do not
    compare), mark, uncited, note, used (marks, notes and facts that do not fit each other), status, basis.
    """

    code: str
    section: str
    sentence: str
    token: str
    message: str

    def __str__(self) -> str:
        return f"{self.section}: {self.message} In: {self.sentence!r} [{self.code}]"

    def as_json(self) -> dict[str, str]:
        """One object, as `report --audit --json` prints it."""
        return asdict(self)
