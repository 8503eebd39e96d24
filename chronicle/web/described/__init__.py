"""The description of the service (OpenAPI 3.1): what the routes say of themselves, completed by what they answer.

`schemas.json` has the forms of answers, `examples.json` for each operation a request and what was answered to it, and
likewise for problems. `python -m tests.web.examples` asks again; a test fails where the two differ.
"""

from chronicle.web.described.operations import described

__all__ = ["described"]
