"""What the pipeline hands to the machines of a cluster."""
