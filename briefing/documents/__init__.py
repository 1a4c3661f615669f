"""A briefing becomes a document with every word ready to print, and that becomes HTML."""
