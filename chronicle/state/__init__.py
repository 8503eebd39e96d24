"""What was the case: pure functions from candidate facts to answers (DESIGN section 5). No I/O happens here."""

from chronicle.event.candidate import FOREVER, SINCE_EVER, Candidate, Key
from chronicle.state.resolve import Outcome, resolve
from chronicle.state.rows import StateRow, state_rows

__all__ = ["FOREVER", "SINCE_EVER", "Candidate", "Key", "Outcome", "StateRow", "resolve", "state_rows"]
