"""Projections: what events add up to, as of any date and in tables that follow the log."""
