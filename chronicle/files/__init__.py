"""Documents in: YAML files, JSON Lines and folders of them, each fault with its file, line and column."""
