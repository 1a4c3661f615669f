"""All figures and sources with every place that uses them, and what is taken from them."""
