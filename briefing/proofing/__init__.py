"""The finished file is read back and held against what it must show."""
