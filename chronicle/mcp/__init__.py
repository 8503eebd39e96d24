"""The door for assistants: the questions of an archive as tools of the Model Context Protocol."""
