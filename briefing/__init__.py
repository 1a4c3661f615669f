"""Printable briefings: one content.yaml becomes a policy brief and a one-page fact sheet."""

__version__ = "0.1.0"
