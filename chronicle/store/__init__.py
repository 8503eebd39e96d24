"""Records kept: the log, its promises, and the indexes that answers are read from. All SQL lives here."""
