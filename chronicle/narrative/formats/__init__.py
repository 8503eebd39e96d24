"""A report in each of its formats, from one document. The same document gives the same text, or the same bytes."""
