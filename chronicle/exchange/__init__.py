"""Foreign formats: events out as tables, timelines, calendars, linked data and feeds; foreign files in as documents.

    records, Selection -> to_jsonl, to_csv, to_timelinejs, to_ics, to_jsonld, to_atom -> bytes
    text -> from_timelinejs, from_ics, from_csv, from_wikidata -> Intake -> documents -> YAML or JSON Lines

Nothing here reads a file, the clock or the log: the service hands over what is told, and gets back what is made.
"""
