"""Numbered copies sent to a printer or to a queue of CUPS, part by part, and what became of them."""
