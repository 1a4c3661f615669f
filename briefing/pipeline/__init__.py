"""The order of work: content files become published documents, alone or many at once."""
