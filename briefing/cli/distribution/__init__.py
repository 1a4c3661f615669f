"""The commands that bring copies to people."""
