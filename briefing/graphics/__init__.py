"""Charts, maps and images become pictures with a size."""
