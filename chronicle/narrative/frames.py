"""The sentences that say what happened, for the known types of events (DESIGN section 10), as messages.

A frame has one message for each way in which an event can stand and its date can be said.
"""

from __future__ import annotations

from typing import NamedTuple

from chronicle.narrative.message import Message


class Frame(NamedTuple):
    """`leading` begins with the date, `trailing` ends with it, `undated` leaves it to the heading."""

    leading: Message
    trailing: Message
    undated: Message
    planned: Message
    possible: Message


SIGNED = Frame(
    Message("{when:on}, {who} signed the agreement.", "{when:on}, {who} signed the agreement."),
    Message("{who} signed the agreement {when:on}.", "{who} signed the agreement {when:on}."),
    Message("{who} signed the agreement.", "{who} signed the agreement."),
    Message("{who} is to sign the agreement {when:on}.", "{who} are to sign the agreement {when:on}."),
    Message(
        "{who} may have signed the agreement {as_of:by}; the date given is {when}.",
        "{who} may have signed the agreement {as_of:by}; the date given is {when}.",
    ),
)
SIGNED_IT = Frame(
    Message("{when:on}, {who} signed {object}.", "{when:on}, {who} signed {object}."),
    Message("{who} signed {object} {when:on}.", "{who} signed {object} {when:on}."),
    Message("{who} signed {object}.", "{who} signed {object}."),
    Message("{who} is to sign {object} {when:on}.", "{who} are to sign {object} {when:on}."),
    Message(
        "{who} may have signed {object} {as_of:by}; the date given is {when}.",
        "{who} may have signed {object} {as_of:by}; the date given is {when}.",
    ),
)
RATIFIED = Frame(
    Message("{when:on}, {who} ratified the agreement.", "{when:on}, {who} ratified the agreement."),
    Message("{who} ratified the agreement {when:on}.", "{who} ratified the agreement {when:on}."),
    Message("{who} ratified the agreement.", "{who} ratified the agreement."),
    Message("{who} is to ratify the agreement {when:on}.", "{who} are to ratify the agreement {when:on}."),
    Message(
        "{who} may have ratified the agreement {as_of:by}; the date given is {when}.",
        "{who} may have ratified the agreement {as_of:by}; the date given is {when}.",
    ),
)
IN_FORCE = Frame(
    Message("{when:on}, the agreement between {who} came into force."),
    Message("The agreement between {who} came into force {when:on}."),
    Message("The agreement between {who} came into force."),
    Message("The agreement between {who} is to come into force {when:on}."),
    Message("The agreement between {who} may have come into force {as_of:by}; the date given is {when}."),
)
TERMINATED = Frame(
    Message("{when:on}, the agreement between {who} ended."),
    Message("The agreement between {who} ended {when:on}."),
    Message("The agreement between {who} ended."),
    Message("The agreement between {who} is to end {when:on}."),
    Message("The agreement between {who} may have ended {as_of:by}; the date given is {when}."),
)
MET = Frame(
    Message("{when:on}, {who} met."),
    Message("{who} met {when:on}."),
    Message("{who} met."),
    Message("{who} are to meet {when:on}."),
    Message("{who} may have met {as_of:by}; the date given is {when}."),
)
ATTENDED = Frame(
    Message("{when:on}, {who} took part.", "{when:on}, {who} took part."),
    Message("{who} took part {when:on}.", "{who} took part {when:on}."),
    Message("{who} took part.", "{who} took part."),
    Message("{who} is to take part {when:on}.", "{who} are to take part {when:on}."),
    Message(
        "{who} may have taken part {as_of:by}; the date given is {when}.",
        "{who} may have taken part {as_of:by}; the date given is {when}.",
    ),
)
ENTERED = Frame(
    Message("{when:on}, {who} entered the market.", "{when:on}, {who} entered the market."),
    Message("{who} entered the market {when:on}.", "{who} entered the market {when:on}."),
    Message("{who} entered the market.", "{who} entered the market."),
    Message("{who} is to enter the market {when:on}.", "{who} are to enter the market {when:on}."),
    Message(
        "{who} may have entered the market {as_of:by}; the date given is {when}.",
        "{who} may have entered the market {as_of:by}; the date given is {when}.",
    ),
)
INVESTED = Frame(
    Message("{when:on}, {who} made the investment.", "{when:on}, {who} made the investment."),
    Message("{who} made the investment {when:on}.", "{who} made the investment {when:on}."),
    Message("{who} made the investment.", "{who} made the investment."),
    Message("{who} is to make the investment {when:on}.", "{who} are to make the investment {when:on}."),
    Message(
        "{who} may have made the investment {as_of:by}; the date given is {when}.",
        "{who} may have made the investment {as_of:by}; the date given is {when}.",
    ),
)
COMMITTED = Frame(
    Message("{when:on}, {who} made this commitment.", "{when:on}, {who} made this commitment."),
    Message("{who} made this commitment {when:on}.", "{who} made this commitment {when:on}."),
    Message("The commitment is that of {name}."),
    Message("{who} is to make this commitment {when:on}.", "{who} are to make this commitment {when:on}."),
    Message(
        "{who} may have made this commitment {as_of:by}; the date given is {when}.",
        "{who} may have made this commitment {as_of:by}; the date given is {when}.",
    ),
)
STATED = Frame(
    Message("{when:on}, {who} made this statement."),
    Message("{who} made this statement {when:on}."),
    Message("The statement came from {name}."),
    Message("{who} is to make this statement {when:on}."),
    Message("{who} may have made this statement {as_of:by}; the date given is {when}."),
)
TOOK_OFFICE = Frame(
    Message("{when:on}, {who} took office."),
    Message("{who} took office {when:on}."),
    Message("{who} took office."),
    Message("{who} is to take office {when:on}."),
    Message("{who} may have taken office {as_of:by}; the date given is {when}."),
)
TOOK_OFFICE_AS = Frame(
    Message("{when:on}, {who} took office as {office}."),
    Message("{who} took office as {office} {when:on}."),
    Message("{who} took office as {office}."),
    Message("{who} is to take office as {office} {when:on}."),
    Message("{who} may have taken office as {office} {as_of:by}; the date given is {when}."),
)
LEFT_OFFICE = Frame(
    Message("{when:on}, {who} left office."),
    Message("{who} left office {when:on}."),
    Message("{who} left office."),
    Message("{who} is to leave office {when:on}."),
    Message("{who} may have left office {as_of:by}; the date given is {when}."),
)
LEFT_OFFICE_AS = Frame(
    Message("{when:on}, {who} ceased to be {office}."),
    Message("{who} ceased to be {office} {when:on}."),
    Message("{who} ceased to be {office}."),
    Message("{who} is to cease to be {office} {when:on}."),
    Message("{who} may have ceased to be {office} {as_of:by}; the date given is {when}."),
)
BEGAN_TERM_AS = Frame(
    Message("{when:on}, {who} began a term as {office}."),
    Message("{who} began a term as {office} {when:on}."),
    Message("{who} began a term as {office}."),
    Message("{who} is to begin a term as {office} {when:on}."),
    Message("{who} may have begun a term as {office} {as_of:by}; the date given is {when}."),
)
FULFILLED = Frame(
    Message("{when:on}, the plan {plan} was fulfilled."),
    Message("The plan {plan} was fulfilled {when:on}."),
    Message("The plan {plan} was fulfilled."),
    Message("The plan {plan} is to be fulfilled {when:on}."),
    Message("The plan {plan} may have been fulfilled {as_of:by}; the date given is {when}."),
)
CANCELLED = Frame(
    Message("{when:on}, the plan {plan} was cancelled."),
    Message("The plan {plan} was cancelled {when:on}."),
    Message("The plan {plan} was cancelled."),
    Message("The plan {plan} is to be cancelled {when:on}."),
    Message("The plan {plan} may have been cancelled {as_of:by}; the date given is {when}."),
)
POSTPONED = Frame(
    Message("{when:on}, the plan {plan} was postponed."),
    Message("The plan {plan} was postponed {when:on}."),
    Message("The plan {plan} was postponed."),
    Message("The plan {plan} is to be postponed {when:on}."),
    Message("The plan {plan} may have been postponed {as_of:by}; the date given is {when}."),
)

ROLES = {
    "signatory": Message("The signatory was {who}.", "The signatories were {who}."),
    "partner": Message("The partner was {who}.", "The partners were {who}."),
    "party": Message("A party to it was {who}.", "The parties were {who}."),
    "host": Message("The host was {who}.", "The hosts were {who}."),
    "guest": Message("The guest was {who}.", "The guests were {who}."),
    "visitor": Message("The visitor was {who}.", "The visitors were {who}."),
    "mediator": Message("The mediator was {who}.", "The mediators were {who}."),
    "witness": Message("The witness was {who}.", "The witnesses were {who}."),
    "operator": Message("The operator was {who}.", "The operators were {who}."),
    "contractor": Message("The contractor was {who}.", "The contractors were {who}."),
    "investor": Message("The investor was {who}.", "The investors were {who}."),
    "buyer": Message("The buyer was {who}.", "The buyers were {who}."),
    "seller": Message("The seller was {who}.", "The sellers were {who}."),
    "predecessor": Message("The predecessor was {who}.", "The predecessors were {who}."),
    "successor": Message("The successor was {who}.", "The successors were {who}."),
}
SILENT_ROLES = ("speaker", "office", "publisher")
"""What the sentence of the event says, or its title, or the note on its source."""

ROLE = Message("In the role of {role}: {who}.")

RELATIONS = {
    "builds-on": Message("It builds on {event}."),
    "led-to": Message("It led to {event}."),
    "part-of": Message("It is part of {event}."),
    "implements": Message("It implements {event}."),
    "revises": Message("It revises {event}."),
    "fulfils": Message("It fulfils {event}."),
    "cancels": Message("It cancels {event}."),
    "postpones": Message("It postpones {event}."),
    "contradicts": Message("It contradicts {event}."),
    "supersedes": Message("It supersedes {event}."),
    "follows": Message("It follows {event}."),
}
RELATION = Message("Its relation to {event} is given as “{relation}”.")
