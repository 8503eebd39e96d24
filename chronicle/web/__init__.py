"""The door for programs and browsers: an archive over HTTP."""
