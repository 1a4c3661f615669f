"""Whether what is said has something that bears it out: the values of a chart, a figure, a source."""
