"""Numbers, dates and the words of a language."""
