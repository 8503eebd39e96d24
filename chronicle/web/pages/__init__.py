"""Pages for people, drawn on the server: every one works without a script, and is better with it.

    address -> view (the bounds and the language) -> matter -> telling -> template -> page

A page asks the archive what any program could ask over `service`, and says so in an address that can be shared.
"""

from chronicle.web.pages.routes import routes

__all__ = ["routes"]
