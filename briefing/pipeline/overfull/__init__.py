"""A document that does not fit: what binds it, and what would help, tried on real pages."""
