"""Tables on a page: their cells, their columns, and where their source marks stand."""
