"""The feeding wing: records out to other systems, in the order of the log."""
