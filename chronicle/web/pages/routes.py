"""All pages, as what the application of `web` takes in."""

from __future__ import annotations

from litestar import Router
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import HTTPException

from chronicle.errors import ChronicleError
from chronicle.service import Archive
from chronicle.web.pages import comparing, describing, documents, entering, finding, ordering, reading, recording
from chronicle.web.pages.dates import dates
from chronicle.web.pages.faults import on_chronicle_error, on_http_error
from chronicle.web.pages.page import static
from chronicle.web.pages.view import view


def _archive(state: State) -> Archive:
    """The archive that this process serves."""
    archive: Archive = state.archive
    return archive


routes = [
    Router(
        "/",
        route_handlers=[
            reading.home,
            reading.timeline,
            documents.event,
            documents.entity,
            documents.attribute,
            documents.source,
            comparing.compare,
            describing.api,
            finding.search,
            ordering.report,
            recording.add,
            recording.correct,
            recording.record,
            dates,
            entering.login,
            entering.enter,
            entering.leave,
            static,
        ],
        dependencies={
            "archive": Provide(_archive, sync_to_thread=False),
            "given": Provide(recording.form),
            "view": Provide(view, sync_to_thread=False),
        },
        exception_handlers={ChronicleError: on_chronicle_error, HTTPException: on_http_error},
    )
]
"""The pages of the archive that the application has as `state.archive`."""
