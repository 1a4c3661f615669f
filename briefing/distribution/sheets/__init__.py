"""What goes with the copies of a run: labels, cover letters, slips, and the lists by which parcels are packed."""
