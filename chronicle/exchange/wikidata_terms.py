"""Properties and items of Wikidata that an import has to know, and what the usual dated ones are called."""

from __future__ import annotations

START, END, POINT = "P580", "P582", "P585"
EARLIEST, LATEST = "P1319", "P1326"
CIRCUMSTANCES = "P1480"
CIRCA, PRESUMABLY = "Q5727902", "Q18122778"

STATED_IN, IMPORTED_FROM, REFERENCE_URL, RETRIEVED = "P248", "P143", "P854", "P813"
TITLE, PUBLISHER, AUTHOR, PUBLISHED, PAGES, SECTION = "P1476", "P123", "P50", "P577", "P304", "P958"

LABELS = {
    "P6": "head of government",
    "P17": "country",
    "P19": "place of birth",
    "P20": "place of death",
    "P26": "spouse",
    "P27": "country of citizenship",
    "P35": "head of state",
    "P39": "position held",
    "P54": "member of sports team",
    "P69": "educated at",
    "P102": "member of political party",
    "P108": "employer",
    "P127": "owned by",
    "P131": "located in",
    "P159": "headquarters location",
    "P166": "award received",
    "P169": "chief executive officer",
    "P276": "location",
    "P361": "part of",
    "P407": "language",
    "P463": "member of",
    "P488": "chairperson",
    "P512": "academic degree",
    "P551": "residence",
    "P569": "date of birth",
    "P570": "date of death",
    "P571": "inception",
    "P575": "time of discovery",
    "P576": "dissolved",
    "P577": "publication date",
    "P580": "start time",
    "P582": "end time",
    "P585": "point in time",
    "P606": "first flight",
    "P619": "launch",
    "P729": "service entry",
    "P730": "service retirement",
    "P746": "disappearance",
    "P793": "significant event",
    "P812": "academic major",
    "P1082": "population",
    "P1191": "first performance",
    "P1249": "earliest written record",
    "P1319": "earliest date",
    "P1326": "latest date",
    "P1619": "official opening",
    "P2031": "work period (start)",
    "P2032": "work period (end)",
    "P2669": "discontinued",
    "P3999": "official closure",
}
"""English labels; answers of the API have those of items only."""

TYPES = {
    "P569": "person.born",
    "P570": "person.died",
    "P571": "organisation.founded",
    "P576": "organisation.dissolved",
    "P577": "work.published",
    "P39": "office.held",
    "P166": "award.received",
    "P1619": "infrastructure.opened",
}
"""The type of the event that a statement of a property is about; `statement` for all others."""
