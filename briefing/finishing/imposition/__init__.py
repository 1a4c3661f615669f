"""Single pages become the sheets of a booklet."""
