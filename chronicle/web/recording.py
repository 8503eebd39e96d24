"""The route that records: POST /api/append."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import msgspec
from litestar import Request, Response, post
from litestar.datastructures import State as AppState
from litestar.exceptions import HTTPException
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.openapi.spec import Parameter as HeaderParameter
from litestar.params import RawBody

from chronicle.admitting import Pass
from chronicle.appending import Appender
from chronicle.errors import QuestionError
from chronicle.loading import receipt_json
from chronicle.web.access import check_about
from chronicle.web.watching import Watcher

MOST_DOCUMENTS = 10_000
"""Documents that one append takes; more come in several."""


class Append(msgspec.Struct, forbid_unknown_fields=True):
    """What POST /api/append takes: documents as in event files, and what must hold for them to be appended.

    `expected` is the position at which the log must end, or maps ids to the versions they must have, 0 for none.
    """

    documents: list[dict[str, Any]]
    chronicle: str | None = None
    expected: int | dict[str, int] | None = None


class _Counted(msgspec.Struct):
    documents: list[msgspec.Raw]


_decoder = msgspec.json.Decoder(Append, float_hook=Decimal)
_counter = msgspec.json.Decoder(_Counted)


@dataclass
class _AppendOperation(Operation):
    """The operation as OpenAPI tells it: the body is read here, for its numbers must keep their digits."""

    def __post_init__(self) -> None:
        example = {
            "chronicle": "notes",
            "documents": [{"id": "e1", "type": "note.made", "occurred": "2026-03", "title": "A note"}],
            "expected": {"e1": 0},
        }
        number = Schema(type="integer", minimum=0)  # type: ignore[arg-type] # the texts that its enum has
        schema = Schema(
            type="object",  # type: ignore[arg-type] # as above
            required=["documents"],
            properties={
                "documents": Schema(type="array", items=Schema(type="object")),  # type: ignore[arg-type] # as above
                "chronicle": Schema(type="string"),  # type: ignore[arg-type] # as above
                "expected": Schema(
                    one_of=[number, Schema(type="object", additional_properties=number)]  # type: ignore[arg-type] # as above
                ),
            },
            examples=[example],
        )
        self.request_body = RequestBody({"application/json": OpenAPIMediaType(schema=schema)}, required=True)
        self.parameters = [
            *(self.parameters or []),
            HeaderParameter(
                name="Idempotency-Key",
                param_in="header",
                required=False,
                schema=Schema(type="string", max_length=200),  # type: ignore[arg-type] # as above
                description="The answer to an earlier append of the same key is given again, and nothing appended",
            ),
        ]


@post(
    "/api/append",
    status_code=200,
    summary="Record documents",
    operation_class=_AppendOperation,
    scope="append",
)
async def append(request: Request[Any, Any, AppState], body: RawBody) -> Response[bytes]:
    """Append documents, all or nothing; the answer has a receipt for each, and the position at which the log ends."""
    # No thread waits for the log, so that as many share a transaction as there are.
    appended = await asyncio.wrap_future(await asyncio.to_thread(_submitted, request, body))
    watcher: Watcher = request.app.state.watcher
    watcher.look()
    told = {
        "position": appended.position,
        "receipts": [receipt_json(one) for one in appended.receipts],
        "warnings": [msgspec.to_builtins(one) for one in appended.warnings],
    }
    return Response(msgspec.json.encode(told), media_type="application/json", headers={"cache-control": "no-store"})


def _submitted(request: Request[Any, Any, AppState], body: bytes) -> Future[Any]:
    """What was sent, read, allowed and on its way into the log."""
    if request.content_type[0] != "application/json":
        raise QuestionError("append: send JSON, as content-type application/json")
    try:
        # Where there may be too many they are counted first, which takes a quarter of the time.
        if len(body) > 2 * MOST_DOCUMENTS and len(_counter.decode(body).documents) > MOST_DOCUMENTS:
            raise HTTPException(f"Send at most {MOST_DOCUMENTS} documents at a time", status_code=413)
        wanted = _decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise QuestionError(f"append: {error}") from error
    chronicles = {_chronicle(one) or wanted.chronicle for one in wanted.documents}
    bearer: Pass | None = request.state.bearer
    check_about(bearer, *(chronicles or {wanted.chronicle}))
    appender: Appender = request.app.state.appender
    return appender.append(
        wanted.documents,
        chronicle=wanted.chronicle,
        expected=_expected(wanted, bearer),
        key=request.headers.get("idempotency-key"),
        recorded_by=None if bearer is None else bearer.name,
    )


def _chronicle(document: Mapping[str, Any]) -> str | None:
    named = document.get("chronicle")
    return named if isinstance(named, str) else None


def _expected(wanted: Append, bearer: Pass | None) -> int | dict[str, int] | None:
    """What is expected of the log; of a bearer that may not correct, that every id is new, too."""
    if bearer is None or bearer.allows("correct"):
        return wanted.expected
    if isinstance(wanted.expected, int):
        raise QuestionError("expected: a token that may not correct names versions, not a position")
    new = {
        f"{_chronicle(one) or wanted.chronicle}/{one.get('kind', 'event')}/{one.get('id')}": 0
        for one in wanted.documents
    }
    return {**(wanted.expected or {}), **new}
