"""Events told by templates written for their type: `events/agreement.signed.j2`, else `events/agreement.j2`.

Such a template prints plain prose: a line is a sentence, and a blank line ends a paragraph. What it prints by the
objects given (`event`, `facts`, `names`) keeps what it is and the fact it is taken from, and so does a sentence that
holds it. What is typed in the template is its author's own. A template that prints nothing leaves the telling to us.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from jinja2 import Environment

from chronicle.errors import shown
from chronicle.event.model import Participant
from chronicle.narrative.chapters import Told
from chronicle.narrative.document import Paragraph, Run, Sentence
from chronicle.narrative.inert import plain
from chronicle.narrative.language.names import begun
from chronicle.narrative.language.wording import Slot, joined, runs_of
from chronicle.narrative.pieces import pieces
from chronicle.narrative.setting import Setting, Stated
from chronicle.narrative.templating import environment, rendered

FOLDER = "events"
_TOKEN = re.compile("\ue000([0-9]+)\ue001")
_PRIVATE = re.compile("[\ue000\ue001]")


class Said:
    """Something of an event, as a template prints it; `in_form` is another form of it, such as `on` of a date."""

    def __init__(self, slot: Slot) -> None:
        self.slot = slot

    def in_form(self, name: str) -> Said:
        """A date as `on`, `from`, `since`, `until` or `by` has it. Raises ValueError for a form that it has not."""
        try:
            return Said(runs_of(self.slot, name))
        except KeyError:
            raise ValueError(f"there is no form {shown(name)} of this") from None

    def __str__(self) -> str:
        return "".join(run.text for run in runs_of(self.slot))


class FactView:
    """A fact as templates see it: `attribute`, `subject`, `value` and `time` to print; `key` is the attribute's id."""

    def __init__(self, stated: Stated, standing: str, setting: Setting) -> None:
        fact = stated.fact
        self.key = fact.attribute
        self.standing = standing
        self.attribute = Said(setting.language.attribute(fact.attribute))
        self.subject = Said(setting.language.name(fact.subject))
        self.value = Said(setting.value(stated))
        self.time = Said(setting.time(stated))
        self.dimensions = {key: Said(setting.language.name(name)) for key, name in fact.dimensions.items()}


class EventView:
    """An event as templates see it: `title`, `date` and `summary` to print, `facts`, `names` of who takes part."""

    def __init__(self, told: Told, setting: Setting) -> None:
        event, language = told.event, setting.language
        self.id, self.type, self.status = event.id, event.type, told.status.value
        self.title = Said(setting.title(event))
        self.date = Said(language.when(told.when, fact=event.id))
        self.summary = Said(Run(plain(event.summary or ""), lang=setting.author_lang))
        self.facts = [FactView(one.stated, one.standing, setting) for one in pieces(told, setting)]
        people = [(one.entity, one.role) if isinstance(one, Participant) else (one, None) for one in event.participants]
        self.names = [Said(language.name(entity)) for entity, _ in people]
        self.roles = {
            role: [Said(language.name(entity)) for entity, its in people if its == role] for _, role in people if role
        }
        self.speaker = Said(language.name(event.stated_by)) if event.stated_by else None


class Authored:
    """The templates of events, and what they say."""

    def __init__(self, templates: Mapping[str, str], setting: Setting) -> None:
        self._setting = setting
        self._templates = {
            name: _PRIVATE.sub("", text) for name, text in templates.items() if name.startswith(f"{FOLDER}/")
        }
        self._printed: list[Run] = []

    def paragraphs(self, told: Told) -> tuple[Paragraph, ...] | None:
        """What the template of its type says of an event; None if there is none, or it says nothing."""
        name = next((name for name in _names(told.event.type) if name in self._templates), None)
        if name is None:
            return None
        self._printed.clear()
        text = rendered(self._environment, name, event=EventView(told, self._setting))
        parts = (self._sentences(part, told) for part in re.split(r"\n[ \t]*\n", text))
        return tuple(Paragraph(sentences) for sentences in parts if sentences) or None

    @cached_property
    def _environment(self) -> Environment:
        made = environment(self._templates, self._kept)
        made.globals["listed"] = self._listed
        made.filters["form"] = Said.in_form
        return made

    def _listed(self, items: Iterable[Said], conjunction: str = "and") -> Said:
        return Said(self._setting.language.listed([one.slot for one in items], "or" if conjunction == "or" else "and"))

    def _kept(self, value: object) -> str:
        """A token for what keeps its runs; other values are text."""
        if not isinstance(value, Said):
            return plain(str(value))
        tokens = []
        for run in runs_of(value.slot):
            tokens.append(f"\ue000{len(self._printed)}\ue001")
            self._printed.append(run)
        return "".join(tokens)

    def _sentences(self, text: str, told: Told) -> tuple[Sentence, ...]:
        lines = (begun(joined(self._runs(line.strip())), self._setting.language.tag) for line in text.split("\n"))
        return tuple(self._setting.sentence(runs, _rests(runs, told)) for runs in lines if runs)

    def _runs(self, line: str) -> Iterator[Run]:
        end = 0
        for token in _TOKEN.finditer(line):
            yield Run(_PRIVATE.sub("", line[end : token.start()]))
            yield self._printed[int(token[1])]
            end = token.end()
        yield Run(_PRIVATE.sub("", line[end:]))


def _names(type: str) -> Iterator[str]:  # noqa: A002
    """The names of the template of a type, the nearest first."""
    parts = type.split(".")
    for length in range(len(parts), 0, -1):
        yield f"{FOLDER}/{'.'.join(parts[:length])}.j2"


def _rests(runs: Iterable[Run], told: Told) -> list[Stated]:
    """The event, and the facts of it that are printed."""
    printed = {run.fact for run in runs}
    facts = (Stated(told.event, ordinal) for ordinal in range(len(told.event.facts)))
    return [Stated(told.event), *(fact for fact in facts if fact.ref in printed)]
