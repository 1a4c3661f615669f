"""Shorter ways through WeasyPrint, each for one version and with the same bytes; `install` is their one door."""
