"""The shell door: arguments in, text or JSON out. Nothing is decided here."""
