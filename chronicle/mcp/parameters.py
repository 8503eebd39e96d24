"""The parameters that several tools take, described for assistants."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

AsOf = Annotated[
    str | None, Field(description="EDTF date the question is about, to the end of its unit; now if left out")
]
Known = Annotated[str | None, Field(description="EDTF date: only what sources had reported by its end")]
Position = Annotated[int | None, Field(description="Position of the log: only what was recorded up to it", ge=0)]
Zone = Annotated[str, Field(description="IANA time zone in which dates are read")]
InChronicle = Annotated[str | None, Field(description="Id of a chronicle; all of them if left out")]
Subject = Annotated[str | None, Field(description="Id of a subject, mostly an entity")]
Attribute = Annotated[str | None, Field(description="Name of an attribute")]
Dimensions = Annotated[
    dict[str, str] | None, Field(description='Keeps rows of at least these, as in {"partner": "usa"}')
]
Limit = Annotated[
    int, Field(description="At most so many rows; `omitted` counts the others, up to 10,000 of them", ge=1, le=500)
]
Type = Annotated[str | None, Field(description="Keeps a type and those below it: `plan`, `plan.announced`")]
