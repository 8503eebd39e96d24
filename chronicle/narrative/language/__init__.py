"""One language of the reports: its catalogue of messages, and how it writes dates, figures, names and lists.

    Language(tag): wording (messages) + dates + figures + names

Adding a language is one catalogue file in `locales/`.
"""

from chronicle.narrative.language.language import Language
from chronicle.narrative.language.names import Name
from chronicle.narrative.language.wording import Form, Slot, runs_of

__all__ = ["Form", "Language", "Name", "Slot", "runs_of"]
