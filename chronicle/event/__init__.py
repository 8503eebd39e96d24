"""What happened: documents, values, their canonical form, and what makes them sound. Values only, no I/O."""
