"""Which events an event is related to, and events of one chronicle in the order of time: for pages of large chronicles.

Revision ID: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chronicle.event.canonical import decode
from chronicle.event.model import Event

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

PAGE = 10_000


def upgrade() -> None:
    """Add the indexes, and what the events that are there are related to."""
    for bound in ("earliest", "latest"):
        op.create_index(f"ix_occurrence_chronicle_{bound}_position", "occurrence", ["chronicle", bound, "position"])
    connection = op.get_bind()
    page = sa.text(
        "SELECT record.position, payload FROM record JOIN payload ON payload.position = record.position "
        f"WHERE kind = 'event' AND record.position > :after ORDER BY record.position LIMIT {PAGE}"
    )
    add = sa.text("INSERT INTO citation (position, kind, id) VALUES (:position, 'event', :id) ON CONFLICT DO NOTHING")
    after = 0
    while rows := connection.execute(page, {"after": after}).all():
        made = []
        for position, content in rows:
            if b'"related"' not in bytes(content):  # most have none, and to decode them all takes long
                continue
            document = decode("event", bytes(content))
            if isinstance(document, Event):
                made += [{"position": position, "id": one} for one in sorted({it.event for it in document.related})]
        if made:
            connection.execute(add, made)
        after = rows[-1][0]
